"""A module on its way to a target: its parameters in the target's storage, and its graphs by signature."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ivy.backend import Backend, backend_of, get_backend, scope_of
from ivy.errors import ConversionError, NotCapturedError
from ivy.graph.graph import Graph
from ivy.graph.kept import EMPTY, Kept, Left
from ivy.graph.node import map_nested, refs
from ivy.graph.passes.storage import store_params
from ivy.plugins import get_plugin
from ivy.stateful.spec import KEY, ModuleSpec, ParamSpec, Role, Tree, grow, inverse, permutation
from ivy.transpiler.held import Forms
from ivy.transpiler.options import CaptureOptions
from ivy.transpiler.pipeline import Pipeline, arrays_in
from ivy.transpiler.specialise import Specialiser

__all__ = ["Conversion"]


class Conversion:
    """What every native module built from the hub form runs on.

    It holds no parameters: the native module owns them, gathers them by name and passes them to `run`.

    Args:
        spec: the module.
        target: framework to run in, or ``"ivy"``.
        storage: the layouts that the target's module system prefers, by kind of role.
        share_memory: let native parameters share the source's memory, in the source's layout.
        debug_mode: keep the graphs of every stage.
        layout: where the caller has the channels of images; None leaves them where the source has them.

    Attributes:
        params: the parameters as the target stores them, by the source's names.
        stored: for each permuted parameter its kind, old layout, new layout and the axes from old to new.
    """

    def __init__(
        self,
        spec: ModuleSpec,
        target: str,
        storage: Mapping[str, str] | None = None,
        *,
        share_memory: bool = False,
        debug_mode: bool = False,
        layout: str | None = None,
    ) -> None:
        self.spec = spec
        self.target = target
        self.share_memory = share_memory
        self.storage = dict(storage or {})
        self.stored: dict[str, tuple[str, str, str, tuple[int, ...]]] = {}
        self.params: dict[str, ParamSpec] = {}
        for p in spec.params:
            self.params[p.name] = p if share_memory else self._store(p)
        self.pipeline = Pipeline(spec.framework, target, debug_mode=debug_mode, layout=layout)
        self.specialiser = Specialiser(self.pipeline, self._make, spec.name, obj=spec.obj, keeps_examples=True)
        self._forms = Forms(spec.name)
        self._now = threading.local()  # the state that the call under way runs in
        self._tree: Tree | None = None
        self._kept: dict[str, Any] | None = None

    def _store(self, p: ParamSpec) -> ParamSpec:
        wanted = self.storage.get(p.role.kind) if p.role else None
        if p.role is None or wanted is None:
            return p
        perm = permutation(p.role.layout, wanted, len(p.shape))
        if perm is None:
            return p
        self.stored[p.name] = (p.role.kind, p.role.layout, wanted, perm)
        return replace(p, shape=tuple(p.shape[i] for i in perm), role=Role(p.role.kind, wanted))

    def __deepcopy__(self, memo: Any) -> Conversion:
        return self  # shared between copies of a module, like its class

    def __reduce__(self) -> Any:
        return _restore, (
            self.spec.system,
            self.spec.obj,
            self.spec.detail,
            self.target,
            self.storage,
            self.share_memory,
            self.pipeline.debug_mode,
            self.pipeline.layout,
        )

    # -- graphs -------------------------------------------------------------------------------------------------------

    def _make(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], options: CaptureOptions) -> Graph:
        guarded = any(n.kind == "guard" for g in self.specialiser.graphs for n in g.nodes)
        kept = getattr(self._now, "kept", EMPTY)
        self._forms.meet(kept)
        train = options.train[0] if isinstance(options.train, tuple) else options.train
        given = self._with_key(kwargs)
        graph = self.pipeline.graph(
            self.spec.obj,
            args,
            given,
            capture=self.spec.capture,
            options=replace(options, train=train, prefer_concrete=guarded, kept=kept),
            passes=lambda graph: store_params(self.renamed(graph), self.stored),
        )
        if self.pipeline.target_stage == "frontend" or not self.spec.takes_key:
            return graph
        return _key_aside(graph, arrays_in((args, given)), given[KEY])

    def _given(self, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of a call that tell its signature: a random key is none."""
        if self.pipeline.target_stage == "frontend":
            return self._with_key(kwargs)
        return {name: x for name, x in kwargs.items() if name != KEY}

    def renamed(self, graph: Graph) -> Graph:
        """Call each parameter of a captured graph by the name that the native module gathers it under."""
        own = {name for name, node in graph.params.items() if not node.meta.get("kept")}
        if own <= self.params.keys():
            return graph
        canonical = {".".join(path): p.name for p in self.spec.params for path in p.aliases}
        renamed = {name: canonical.get(name, name) for name in graph.params}
        unknown = [n for n in renamed.values() if n not in self.params and n in own]
        if unknown:
            raise ConversionError(
                f"{self.spec.name} has new parameters since its conversion: {', '.join(unknown)}",
                hint="convert the module after it is complete",
            )
        for name, node in graph.params.items():
            node.name = renamed[name]
        graph.params = {renamed[k]: n for k, n in graph.params.items()}
        graph.updates = {renamed.get(k, k): n for k, n in graph.updates.items()}
        return graph

    def prepare(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], train: bool, *, kept: Kept = EMPTY) -> Graph:
        """Capture and lower for these arguments without running the result."""
        with self._in(kept):
            return self.specialiser.prepare(args, self._given(kwargs), self._mode(train, kept))

    def run(
        self,
        params: Mapping[str, Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        train: bool,
        rng: Callable[[], Any] | None = None,
        kept: Kept = EMPTY,
    ) -> tuple[Any, dict[str, Any]]:
        """Run the graph of these arguments.

        Args:
            params: native parameters and buffers by name.
            args: positional arguments.
            kwargs: keyword arguments.
            train: training mode.
            rng: gives a random key (``uint32[2]`` of the target), called only if one is needed.
            kept: the state that earlier calls have left, which the native module holds.

        Returns:
            The output and the new values of buffers; ``kept.after(updates)`` is the state that the call leaves.
        """
        if KEY in kwargs:
            key = kwargs[KEY]
            kwargs, rng = self._given(kwargs), lambda: key
        if not kept.structure and self.pipeline.target_stage != "frontend":  # as nearly always
            return self.specialiser.run(args, kwargs, params=params, train=train, rng=rng)
        if kept.arrays:
            params = {**params, **kept.arrays}
        with self._in(kept):
            if self.pipeline.target_stage == "frontend":
                kwargs = {**kwargs, KEY: rng()} if rng is not None and self.spec.takes_key else kwargs
                return self._run_frontend(params, args, kwargs, self._mode(train, kept))
            return self.specialiser.run(args, kwargs, params=params, train=self._mode(train, kept), rng=rng)

    @contextmanager
    def _in(self, kept: Kept) -> Iterator[None]:
        before, self._now.kept = getattr(self._now, "kept", EMPTY), kept
        try:
            yield
        finally:
            self._now.kept = before

    @staticmethod
    def _mode(train: bool, kept: Kept) -> Any:
        """Return what tells the graphs of one signature apart: the mode, and the form of the state."""
        return (train, kept.token) if kept.needed else train

    def _run_frontend(
        self, params: Mapping[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any], train: Any
    ) -> tuple[Any, dict[str, Any]]:
        frontend: Any = get_plugin(str(self.pipeline.target_framework)).part("frontend")
        graph = self.specialiser.prepare(args, kwargs, train)
        arrays = self.specialiser.signatures.of(args, kwargs, train)[1]
        lead = [{name: frontend.wrap(x) for name, x in params.items()}] if graph.params else []
        with scope_of([*arrays, *params.values()]):
            result = graph.compiled.function(*lead, *[frontend.wrap(x) for x in arrays])
        out, updates = result if graph.updates else (result, {})
        new = {name: frontend.unwrap(x) for name, x in updates.items()}
        return map_nested(out, frontend.unwrap), new if graph.kept is None else Left(new, graph.kept)

    def _with_key(self, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of a capture: with a random key where the source takes one."""
        if not self.spec.takes_key or KEY in kwargs:
            return dict(kwargs)
        return {**kwargs, KEY: get_backend(self.spec.framework).module.asarray([0, 0], dtype="uint32")}

    @property
    def graph(self) -> Graph:
        """The latest graph.

        Raises:
            NotCapturedError: if there is none yet.
        """
        if not self.specialiser.graphs:
            raise NotCapturedError(
                f"{self.spec.name} has not been captured yet", hint="call it once, or pass args= to ivy.transpile"
            )
        return self.specialiser.graphs[-1]

    # -- parameters ---------------------------------------------------------------------------------------------------

    def changing(self, graph: Graph) -> set[str]:
        """Return the names of the buffers that are state: statistics, and what this graph updates.

        Functional systems pass these around; the other buffers are constants of the model there.
        """
        return {p.name for p in self.params.values() if p.statistic} | (graph.updates.keys() & self.params.keys())

    @property
    def backend(self) -> Backend:
        """The target's backend."""
        return get_backend(self.target)

    def initial(self) -> dict[str, Any]:
        """Return the source's current arrays as the target stores them, each copied once (or shared)."""
        return {name: self.stored_array(name, x) for name, x in self.spec.arrays().items()}

    @property
    def kept(self) -> dict[str, Any]:
        """The initial arrays, made once, for native modules that hold no arrays of their own."""
        if self._kept is None:
            self._kept = self.initial()
        return self._kept

    def stored_array(self, name: str, x: Any) -> Any:
        """Bring one of the source's arrays into the target's storage."""
        how = self.stored.get(name)
        return transfer(x, self.backend, how[3] if how else None, copy=not self.share_memory)

    def source_array(self, name: str, x: Any) -> Any:
        """Bring one of the target's arrays into the source's storage."""
        how = self.stored.get(name)
        return transfer(x, get_backend(self.spec.framework), inverse(how[3]) if how else None)

    def tree(self, rename: Callable[[str], str] = str, *, share: bool = True) -> Tree:
        """Return the tree of the native module; the first call's choices stay."""
        if self._tree is None:
            self._tree = grow(self.spec, rename, share=share)
        return self._tree

    def placed(self) -> tuple[ParamSpec, ...]:
        """Return the parameters as the native module holds them: stored layout, named by their place in its tree."""
        paths: dict[str, list[tuple[str, ...]]] = {}
        for path, name in self.tree().walk():
            paths.setdefault(name, []).append(path)
        return tuple(
            replace(p, name=".".join(paths[p.name][0]), path=paths[p.name][0], aliases=tuple(paths[p.name][1:]))
            for p in self.params.values()
        )

    def describe(self) -> str:
        """Return what the module is, for its repr."""
        return f"converted from {self.spec.system}"

    def __repr__(self) -> str:
        return f"<{self.spec.name}, {self.describe()}>"


def _key_aside(graph: Graph, arrays: list[Any], key: Any) -> Graph:
    """Let a graph take its random key beside its inputs, and none if it does not draw from it."""
    at = next(i for i, x in enumerate(arrays) if x is key)
    node = graph.inputs.pop(at)
    graph.mutated = {i - (i > at): new for i, new in graph.mutated.items()}
    used = [graph.results, *((n.args, n.kwargs) for n in graph.nodes)]
    graph.rng = node if any(r is node for x in used for r in refs(x)) else None
    graph._compiled = None
    return graph


def transfer(x: Any, backend: Backend, perm: tuple[int, ...] | None = None, *, copy: bool = True) -> Any:
    """Bring an array of any framework to a backend, with its axes permuted: one copy, or none.

    Args:
        x: the array.
        backend: where to.
        perm: axes of the result, None to keep them.
        copy: copy even where memory could be shared.

    Returns:
        A native array.
    """
    if perm is None:
        return backend.module.from_foreign(x, copy=copy)
    # through NumPy, whose copy in the new order is the only one; a compiled transposition per shape would cost more
    host = backend_of(x).module.to_numpy(x)
    return backend.module.from_foreign(host.transpose(perm).copy())


def _restore(
    system: str,
    obj: Any,
    detail: Any,
    target: str,
    storage: Mapping[str, str],
    share: bool,
    debug: bool,
    layout: str | None = None,
) -> Conversion:
    from ivy.transpiler.modules import to_spec

    spec = to_spec(obj, system, detail)
    return Conversion(spec, target, storage, share_memory=share, debug_mode=debug, layout=layout)
