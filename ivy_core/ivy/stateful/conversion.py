"""A module on its way to a target: its parameters in the target's storage, and its graphs by signature."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from ivy.backend import Backend, backend_of, get_backend, scope_of
from ivy.errors import ConversionError, NotCapturedError, SourceLocation
from ivy.graph.containers import flatten, unflatten
from ivy.graph.graph import Graph
from ivy.graph.kept import EMPTY, Kept, Left
from ivy.graph.node import map_nested, refs
from ivy.graph.parts import PartChanged, Watch, settling
from ivy.graph.passes.storage import store_params
from ivy.plugins import get_plugin
from ivy.stateful.layers import Plan, plan
from ivy.stateful.parts import Called, Handle, drawing
from ivy.stateful.spec import KEY, ModuleSpec, ParamSpec, Role, Tree, grow, inverse, permutation
from ivy.transpiler.held import Forms
from ivy.transpiler.options import CaptureOptions
from ivy.transpiler.pipeline import Pipeline, arrays_in, is_array_leaf
from ivy.transpiler.specialise import Specialiser

__all__ = ["MOST_CHANGES", "Conversion"]

_TABLES = frozenset({"_modules", "_sub_layers"})
MOST_CHANGES = 100
"""How often a model is captured anew because a part gives other results than it did."""


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
        within: the part of another model that this is the conversion of.
        system: the target's module system, whose own layers the parts are that are standard layers.

    Attributes:
        params: the parameters as the target stores them, by the source's names.
        stored: for each permuted parameter its kind, old layout, new layout and the axes from old to new.
        plan: which parts are the target's own layers, and why the others are not.
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
        within: Handle | None = None,
        system: str | None = None,
    ) -> None:
        self.spec = spec
        self.target = target
        self.share_memory = share_memory
        self.storage = dict(storage or {})
        self.system, self.within = system, within
        self.plan = self._planned()
        self.stored: dict[str, tuple[str, str, str, tuple[int, ...]]] = {}
        self.params: dict[str, ParamSpec] = {}
        for p in spec.params:
            self.params[p.name] = p if share_memory else self._store(p)
        self.pipeline = Pipeline(spec.framework, target, debug_mode=debug_mode, layout=layout)
        self.specialiser = Specialiser(self.pipeline, self._make, spec.name, obj=spec.obj, keeps_examples=True)
        self._methods: dict[str, Specialiser] = {}
        self._handles: dict[tuple[str, ...], Handle] = {}
        self._changes = 0  # how often a part gave another result than its graph was made for
        self._seen: dict[Any, dict[str, dict[Any, Any]]] = {}  # what parts gave then, for a row of called parts
        self._forms = Forms(spec.name)
        self._now = threading.local()  # the state that the call under way runs in
        self._tree: Tree | None = None
        self._kept: dict[str, Any] | None = None
        self.slots: Any = None  # where native modules have the parameters, for converters that work it out once

    def _planned(self) -> Plan:
        from ivy.transpiler.modules import layers_of

        if self.within is not None:
            whole = self.within.root
            return whole.plan.below(whole.spec, self.within.path, self.spec)
        build = None if self.system is None or not self.spec.layers else layers_of(self.system)
        return Plan() if build is None else plan(self.spec, build, share_memory=self.share_memory)

    def _store(self, p: ParamSpec) -> ParamSpec:
        if p.name in self.plan.storage:  # as the native layer has it
            how = self.plan.storage[p.name]
            if how is None:
                return p
            self.stored[p.name] = how
            return replace(p, shape=tuple(p.shape[i] for i in how[3]), role=Role(how[0], how[2]))
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
            self.system,
        )

    # -- graphs -------------------------------------------------------------------------------------------------------

    @property
    def conversion(self) -> Conversion:
        """Itself: what a model and its parts (`Handle`) run on."""
        return self

    def handle(self, path: tuple[str, ...]) -> Handle:
        """Return what the native part for a submodule of the source knows it by, one for each submodule.

        Args:
            path: the submodule's path.
        """
        if self.within is not None:
            return self.within.root.handle((*self.within.path, *path))
        for cut in range(len(path), 0, -1):
            first = self.spec.shared.get(path[:cut])
            if first is not None:
                return self.handle((*first, *path[cut:]))
        return self._handles.setdefault(path, Handle(self, path))

    @cached_property
    def has_shared_parts(self) -> bool:
        """Whether the native module has one part in several places."""
        return any(node.shared for node in self.tree().nodes())

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The first parts of the paths of all submodules, parameters and buffers."""
        spec = self.spec
        paths = (*spec.classes, *(path for p in spec.params for path in (p.path, *p.aliases)))
        return frozenset(path[0] for path in paths if path)

    def method(self, name: str) -> Specialiser:
        """Return what keeps the graphs of one of the source's methods."""
        made = self._methods.get(name)
        if made is None:
            own = f"{self.spec.name}.{name}"
            made = Specialiser(self.pipeline, partial(self._make, method=name), own, obj=getattr(self.spec.obj, name))
            made = self._methods.setdefault(name, made)
        return made

    def _make(
        self, args: tuple[Any, ...], kwargs: Mapping[str, Any], options: CaptureOptions, method: str | None = None
    ) -> Graph:
        specialiser = self.specialiser if method is None else self.method(method)
        guarded = any(n.kind == "guard" for g in specialiser.graphs for n in g.nodes)
        kept = getattr(self._now, "kept", EMPTY)
        called: Called | None = getattr(self._now, "called", None)
        self._forms.meet(kept)
        train = options.train[0] if isinstance(options.train, tuple) else options.train
        given = self._with_key(kwargs)
        stubs = {} if called is None else called.stubs(self.pipeline.evaluator.canonical, self._any_key)
        if called is not None and self._seen:
            for name, seen in self._seen.get(called.token, {}).items():
                stubs[name].know(seen)
        graph = self.pipeline.graph(
            self.spec.obj,
            args,
            given,
            capture=settling(self.spec.capture, stubs),
            options=replace(
                options,
                train=train,
                prefer_concrete=guarded,
                kept=kept,
                parts=stubs,
                **({} if called is None else called.changes),
                method=method,
            ),
            passes=lambda graph: store_params(self.renamed(graph), self.stored),
        )
        if called is not None:
            used = _used(graph)
            graph.params = {name: n for name, n in graph.params.items() if id(n) in used}
        if self.pipeline.target_stage == "frontend" or not self.spec.takes_key:
            return graph
        return _key_aside(graph, arrays_in((args, given)), given[KEY])

    def _any_key(self) -> Any:
        return self.backend.module.asarray([0, 0], dtype="uint32")

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

    def prepare(
        self,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        train: bool,
        *,
        kept: Kept = EMPTY,
        called: Called | None = None,
        method: str | None = None,
    ) -> Graph:
        """Capture and lower for these arguments without running the result."""
        specialiser = self.specialiser if method is None else self.method(method)
        with self._in(kept, called):
            return specialiser.prepare(args, self._given(kwargs), self._mode(train, kept, called))

    def run(
        self,
        params: Mapping[str, Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        train: bool,
        rng: Callable[[], Any] | None = None,
        kept: Kept = EMPTY,
        called: Called | None = None,
        method: str | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Run the graph of these arguments.

        Args:
            params: native parameters and buffers by name.
            args: positional arguments.
            kwargs: keyword arguments.
            train: training mode.
            rng: gives a random key (``uint32[2]`` of the target), called only if one is needed.
            kept: the state that earlier calls have left, which the native module holds.
            called: the parts that are called, not inlined, if there are any.
            method: run this method of the source instead of its call.

        Returns:
            The output and the new values of buffers; ``kept.after(updates)`` is the state that the call leaves.
        """
        if KEY in kwargs:
            key = kwargs[KEY]
            kwargs, rng = self._given(kwargs), lambda: key
        if not kept.structure and not called and self.pipeline.target_stage != "frontend":  # as nearly always
            specialiser = self.specialiser if method is None else self.method(method)
            return specialiser.run(args, kwargs, params=params, train=train, rng=rng)
        if kept.arrays:
            params = {**params, **kept.arrays}
        if self.pipeline.target_stage == "frontend":
            with self._in(kept):
                kwargs = {**kwargs, KEY: rng()} if rng is not None and self.spec.takes_key else kwargs
                return self._run_frontend(params, args, kwargs, self._mode(train, kept), method)
        if called is None:
            with self._in(kept):
                specialiser = self.specialiser if method is None else self.method(method)
                return specialiser.run(args, kwargs, params=params, train=self._mode(train, kept), rng=rng)
        return self._run_with_parts(params, args, kwargs, train, rng, kept, called, method)

    def _run_with_parts(
        self,
        params: Mapping[str, Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        train: bool,
        rng: Callable[[], Any] | None,
        kept: Kept,
        called: Called,
        method: str | None,
    ) -> tuple[Any, dict[str, Any]]:
        params = {**params, **called.arrays()}
        if kept.structure:
            self._check_state(kept, called)
        specialiser = self.specialiser if method is None else self.method(method)

        def needed(graph: Graph) -> Mapping[str, Any]:
            missing = [name for name in graph.params if name not in params]
            if missing:  # a part of a graph has the parameters of the whole one
                used = _used(graph)
                missing = [name for name in missing if id(graph.params[name]) in used]
            read = {name: called.attribute(self.params[name].path, self.params[name].shape) for name in missing}
            absent = next((name for name, x in read.items() if x is None), None)
            if absent is not None:
                raise self._missing(absent, graph)
            return {**params, **read} if read else params

        with self._in(kept, called), nullcontext() if rng is None else drawing(rng):
            while True:
                mode = self._mode(train, kept, called)
                try:
                    return specialiser.run(args, kwargs, params=needed, train=mode, rng=rng)
                except PartChanged as changed:
                    if self._changes > MOST_CHANGES:
                        raise
                    self._changes += 1
                    if changed.key is not None:
                        seen = self._seen.setdefault(called.token, {}).setdefault(changed.name, {})
                        seen[changed.key] = changed.result

    def _check_state(self, kept: Kept, called: Called) -> None:
        """Refuse to call a part whose state the whole model keeps: there would be two of it."""
        for path, part in called.parts.items():
            if getattr(part, "_ivy", None) is not self.handle(path):
                continue  # another part, with a state of its own
            for place, entries in kept.structure:
                if tuple(str(x) for x in place if x not in _TABLES)[: len(path)] == path:
                    names = ", ".join(str(entry[0][-1]) for entry in entries if type(entry) is tuple and entry[0])
                    raise ConversionError(
                        f"{'.'.join(path)} of the converted {self.spec.name} keeps state between calls ({names}), and "
                        "calls of the whole model have left it there",
                        why="a part that is called for itself (hooks, another mode) has a state of its own",
                        hint="hook it, or change its mode, before the first call, or convert the model again",
                    )

    def _missing(self, name: str, graph: Graph) -> ConversionError:
        users = [n for n in graph.calls() if any(r is graph.params[name] for r in refs((n.args, n.kwargs)))]
        loc = next((n.loc for n in users if n.loc), None)
        return ConversionError(
            f"the source's code uses {name} itself, and the part of {self.spec.name} that has it was replaced",
            where=None if loc is None else SourceLocation(loc.file, loc.line, loc.function or None),
            why="a part that was replaced is called, and what it is made of is its own",
            hint="give the new part an attribute of that name and shape, or replace the part around it",
        )

    @contextmanager
    def _in(self, kept: Kept, called: Called | None = None) -> Iterator[None]:
        now = self._now
        before = getattr(now, "kept", EMPTY), getattr(now, "called", None)
        now.kept, now.called = kept, called
        try:
            yield
        finally:
            now.kept, now.called = before

    def _mode(self, train: bool, kept: Kept, called: Called | None = None) -> Any:
        """Return what tells the graphs of one signature apart: the mode, the form of the state, the called parts."""
        if called is not None:
            return (train, kept.token if kept.needed else None, called.token, self._changes)
        return (train, kept.token) if kept.needed else train

    def _run_frontend(
        self, params: Mapping[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any], train: Any, method: str | None
    ) -> tuple[Any, dict[str, Any]]:
        frontend: Any = get_plugin(str(self.pipeline.target_framework)).part("frontend")
        specialiser = self.specialiser if method is None else self.method(method)
        graph = specialiser.prepare(args, kwargs, train)
        arrays = specialiser.signatures.of(args, kwargs, train)[1]
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

    def results(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], train: bool) -> dict[tuple[str, ...], Any]:
        """Return what the source's submodules give in a call, the first time that each is called.

        Args:
            args: positional arguments, with `Aval`s.
            kwargs: keyword arguments, likewise.
            train: training mode.

        Returns:
            Path of a submodule -> its result with `Aval`s in place of arrays.
        """
        spec = self.spec
        paths = [path for path in spec.classes if path and path not in spec.containers and path not in spec.shared]
        watches = {path: Watch(".".join(path)) for path in paths}
        stubs = {watch.path: watch for watch in watches.values()}
        spec.capture(spec.obj, args, self._with_key(kwargs), options=CaptureOptions(train=train, parts=stubs))
        return {path: watch.result for path, watch in watches.items() if watch.result is not None}

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
            tree = grow(self.spec, rename, share=share)
            for node in tree.nodes():
                node.handle = self.handle(node.path)
                if node.path in self.plan.natives:
                    node.native = self.plan.natives[node.path]
                    names = {rename(own): name for own, name in self.plan.names(node.path).items()}
                    node.leaves = {names[own]: name for own, name in node.leaves.items()}
            self._tree = tree
        return self._tree

    def with_traits(self, params: tuple[ParamSpec, ...]) -> tuple[ParamSpec, ...]:
        """Give parameters of the native module the roles and kinds that they were built with, as far as it has them.

        Args:
            params: what a walk of the native module finds.
        """
        built = {p.name: p for p in self.placed()}
        return tuple(
            replace(p, role=q.role, buffer=q.buffer, statistic=q.statistic, persistent=q.persistent)
            if (q := built.get(p.name)) and q.shape == p.shape
            else p
            for p in params
        )

    def converted_value(self, value: Any) -> Any:
        """Return an attribute of the source: its arrays as the target's, anything else as it is."""
        leaves, spec = flatten(value)
        if not any(map(is_array_leaf, leaves)):
            return value
        return unflatten(spec, [transfer(x, self.backend) if is_array_leaf(x) else x for x in leaves])

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


def _used(graph: Graph) -> set[int]:
    """Return the `id`s of all nodes that something in a graph uses."""
    return {id(r) for r in refs([graph.results, [(n.args, n.kwargs) for n in graph.nodes]])}


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
    target_system: str | None = None,
) -> Conversion:
    from ivy.transpiler.modules import to_spec

    spec = to_spec(obj, system, detail)
    return Conversion(spec, target, storage, share_memory=share, debug_mode=debug, layout=layout, system=target_system)
