"""Transpiled functions: callables that specialise themselves."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ivy.backend import scope_of
from ivy.errors import NotCapturedError
from ivy.graph.containers import flatten, unflatten
from ivy.graph.graph import Graph
from ivy.graph.kept import Left
from ivy.plugins import get_plugin
from ivy.transpiler.environment import Environment
from ivy.transpiler.held import Holdings
from ivy.transpiler.modules import system_of
from ivy.transpiler.names import callable_name
from ivy.transpiler.options import CaptureOptions
from ivy.transpiler.pipeline import Pipeline, is_array_leaf
from ivy.transpiler.specialise import Specialiser
from ivy.transpiler.writes import SameArguments

__all__ = ["Transpiled"]


class Transpiled:
    """A function of one framework that runs as native code of another.

    Each new signature of arguments (shapes, dtypes, other values) is captured and lowered once; after that a call is a
    look-up and a call of generated straight-line code. It can be jitted, differentiated and mapped in the target.

    Args:
        fn: the source callable.
        source: its dialect.
        target: dialect to run in.
        debug_mode: keep the graphs of every stage.
        capture: replaces the source plugin's capture.
        layout: where the caller has the channels of images; None leaves them where the source has them.

    Attributes:
        graphs: the graphs made so far.

    Example:
        >>> import ivy, numpy as np
        >>> f = ivy.transpile(lambda x: np.sum(x * 2), source="numpy", to="numpy")
        >>> float(f(np.ones(3)))
        6.0
    """

    def __init__(
        self,
        fn: Callable[..., Any],
        source: str,
        target: str,
        *,
        debug_mode: bool = False,
        capture: Callable[..., Graph] | None = None,
        layout: str | None = None,
    ) -> None:
        self.fn = fn
        self.source = source
        self.target = target
        self.pipeline = Pipeline(source, target, debug_mode=debug_mode, layout=layout)
        self._capture = capture
        self._holdings = Holdings(self.pipeline)
        self._holdings.forms.name = callable_name(fn)
        self.specialiser = Specialiser(
            self.pipeline, self._make, callable_name(fn), self._holdings.hold, fn, Environment(fn, self._is_held)
        )
        module = getattr(self.specialiser.backend, "module", None)
        # where the target draws from its own generator `rng` means nothing, and goes to the source as anything else
        self._pops_rng = not _has_parameter(fn, "rng") and (module is None or hasattr(module, "default_key"))
        self._as_key = getattr(module, "as_key", None)
        functools.update_wrapper(self, fn, updated=())
        self._same: dict[Any, Transpiled] = {}
        self._frontend = None
        if self.pipeline.target_stage == "frontend":
            self._frontend = get_plugin(str(self.pipeline.target_framework)).part("frontend")

    def _is_held(self, x: Any) -> bool:
        """Tell whether an object that the function reads is a module, whose parameters are copied when it is met."""
        plugin = get_plugin(self.pipeline.source_framework) if self.pipeline.source_framework else None
        if plugin is not None and getattr(plugin.part("capture"), "MODULES_ARE_CONSTANTS", False):
            return False
        return system_of(x) is not None

    def _make(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], options: CaptureOptions) -> Graph:
        again = bool(self.specialiser.cache)  # a second graph of a signature comes from a failed guard: values matter
        guarded = again and any(n.kind == "guard" for g in self.graphs for n in g.nodes)
        self._holdings.forms.meet(self._holdings.kept)
        options = replace(options, train=None, prefer_concrete=guarded, kept=self._holdings.kept)
        return self.pipeline.graph(self.fn, args, kwargs, capture=self._capture, options=options)

    @property
    def _state(self) -> Any:
        """What tells the graphs of one signature apart: the form of the state that earlier calls have left."""
        kept = self._holdings.kept
        return ("kept", kept.token) if kept.needed else None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the function; arrays may be of the source, of the target or NumPy."""
        rng = kwargs.pop("rng", None) if self._pops_rng and kwargs else None
        if rng is not None and self._as_key is not None:
            rng = self._as_key(rng)
        if self._frontend is not None:
            return self._run_frontend(args, kwargs)
        try:
            return self.specialiser.run(args, kwargs, train=self._state, rng=rng)[0]
        except SameArguments as same:
            return self._run_same(args, kwargs, same.first)

    def _run_same(self, args: tuple[Any, ...], kwargs: dict[str, Any], first: tuple[int, ...]) -> Any:
        """Run with the same array in several places: a function of the different arrays only."""
        leaves, spec = flatten((args, kwargs))
        places = [n for n, x in enumerate(leaves) if is_array_leaf(x)]
        arrays = [leaves[place] for place in places]
        inner = self._same.get((first, spec))
        if inner is None:
            fn = self.fn

            def distributed(others: Any, *unique: Any) -> Any:
                values = dict(zip(sorted(set(first)), unique, strict=True))
                filled = list(others)
                for number, place in zip(first, places, strict=True):
                    filled[place] = values[number]
                inner_args, inner_kwargs = unflatten(spec, filled)
                return fn(*inner_args, **inner_kwargs)

            distributed.__name__ = callable_name(self.fn)
            inner = Transpiled(distributed, self.source, self.target, layout=self.pipeline.layout)
            inner.specialiser.signatures.environment = self.specialiser.signatures.environment
            self._same[(first, spec)] = inner
        others = tuple(None if n in places else x for n, x in enumerate(leaves))
        return inner(others, *[arrays[i] for i in sorted(set(first))])

    def _run_frontend(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        from ivy.graph.node import map_nested

        frontend: Any = self._frontend
        _, arrays = self.specialiser.signatures.of(args, kwargs, self._state)
        graph = self.specialiser.prepare(args, kwargs, self._state)
        held = self._holdings.hold(graph)
        params = (
            []
            if held is None or not graph.params
            else [{name: frontend.wrap(x) for name, x in held.of(arrays).items()}]
        )
        with scope_of(arrays):
            result = graph.compiled.function(*params, *[frontend.wrap(a) for a in arrays])
        if held is not None and (graph.updates or graph.kept is not None):
            result, updates = result if graph.updates else (result, {})
            new = {name: frontend.unwrap(x) for name, x in updates.items()}
            held.update({}, new if graph.kept is None else Left(new, graph.kept), arrays)
        return map_nested(result, frontend.unwrap)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    @property
    def variables(self) -> dict[str, Any]:
        """The variables that the function reads besides its arguments, by name, as the target's arrays.

        They are copies, which the function's own assignments change from call to call; the source's stay as they are.
        """
        return self.held(self.graph)

    def held(self, graph: Graph) -> dict[str, Any]:
        """Return the variables that one of the function's graphs runs with, as `variables` does for the latest."""
        held = self._holdings.hold(graph)
        return {} if held is None else {name: held.of([])[name] for name in graph.params}

    @property
    def graphs(self) -> list[Graph]:
        """The graphs made so far, one for each signature, oldest first."""
        return self.specialiser.graphs

    @property
    def graph(self) -> Graph:
        """The latest graph.

        Raises:
            NotCapturedError: if there is none yet; give ``args=`` or call once.
        """
        if not self.graphs:
            raise NotCapturedError(
                f"{self.specialiser.name} has not been captured yet",
                hint="call it once, or pass args=/kwargs= to ivy.transpile",
            )
        return self.graphs[-1]

    @property
    def code(self) -> str:
        """Generated source of the latest graph."""
        return self.graph.code

    def trace(self, *args: Any, **kwargs: Any) -> Graph:
        """Capture and lower for these arguments without running the result.

        Args:
            *args: arrays of any framework or `Aval`s, and other values.
            **kwargs: likewise.

        Returns:
            The graph in the target dialect.
        """
        return self.specialiser.prepare(args, kwargs)

    def to_backend(self, target: str) -> Transpiled:
        """Return the same function for another target."""
        return Transpiled(
            self.fn,
            self.source,
            target,
            debug_mode=self.pipeline.debug_mode,
            capture=self._capture,
            layout=self.pipeline.layout,
        )

    def __repr__(self) -> str:
        state = f"{len(self.graphs)} specialisations" if self.graphs else "not captured yet"
        return f"<transpiled {self.specialiser.name}: {self.source} -> {self.target}, {state}>"


def _has_parameter(fn: Callable[..., Any], name: str) -> bool:
    try:
        return name in inspect.signature(fn).parameters
    except (TypeError, ValueError):
        return False
