"""One native graph per signature, made when it is first met and looked up after that.

Graphs that rest on a value of an array carry guards; when one fails, the next graph of that signature is tried, and a
new one captured when none holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ivy.backend import backend_of_type, scope_of
from ivy.dtypes import as_dtype
from ivy.errors import CaptureError, ConversionError, GuardError, IvyError, SignatureError, SourceLocation
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten, unflatten
from ivy.graph.graph import Graph
from ivy.transpiler.arguments import check_arguments, misfit, peculiarity
from ivy.transpiler.faults import contained
from ivy.transpiler.pipeline import Pipeline, is_array_leaf
from ivy.transpiler.signature import Signatures

__all__ = ["Specialisation", "Specialiser"]


@dataclass(slots=True)
class Specialisation:
    """The native graph of one signature.

    Args:
        graph: in the target dialect.
        function: its compiled function.
        has_params: whether the function takes the parameters' dict first.
        has_rng: whether it takes a random key next.
        has_updates: whether it returns ``(output, updates)``.
        guarded: whether it checks values that it rests on.
        held: the parameters that it runs with where the caller gives none.
        writes: whether it writes to its arguments.
        checked: whether a run has given the shapes and dtypes that the graph says.
    """

    graph: Graph
    function: Callable[..., Any]
    has_params: bool
    has_rng: bool
    has_updates: bool
    guarded: bool
    held: Any = None
    writes: bool = False
    checked: bool = False

    @classmethod
    def of(cls, graph: Graph, held: Any = None) -> Specialisation:
        """Compile a graph."""
        function = graph.compiled.function
        return cls(
            graph,
            _among_arrays(function) if graph.dialect == "ivy" else function,
            bool(graph.params),
            graph.rng is not None,
            bool(graph.updates),
            any(n.kind == "guard" for n in graph.nodes),
            held,
            any(new is not graph.inputs[i] for i, new in graph.mutated.items()),
        )


class Specialiser:
    """Keeps the graphs of one object, by signature.

    Args:
        pipeline: the conversion route.
        make: captures and lowers for some arguments: ``make(args, kwargs, train, fold=True) -> Graph``.
        name: the object's name, for messages.
        hold: gives the parameters that a graph runs with where the caller of `run` gives none.
        obj: the object, whose signature names arguments in messages.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        make: Callable[..., Graph],
        name: str,
        hold: Callable[[Graph], Any] = lambda graph: None,
        obj: Any = None,
    ) -> None:
        self.obj = obj
        self.pipeline = pipeline
        self.make = make
        self.name = name
        self.hold = hold
        self.cache: dict[Any, list[Specialisation]] = {}
        self.examples: dict[Any, tuple[Any, Any]] = {}  # the arguments of each signature, arrays as `Aval`s
        self.strides: dict[Any, Any] = {}  # how the first arguments of a signature lay in memory, where that matters
        self.backend: Any = None
        if pipeline.target_stage == "native":
            from ivy.backend import get_backend

            self.backend = get_backend(str(pipeline.target_framework))
        self.signatures = Signatures(self.backend, name, obj)
        module = getattr(self.backend, "module", None)
        self._dynamo_safe: Callable[[Callable[..., Any]], Callable[..., Any]] = getattr(
            module, "outside_compiler", lambda f: f
        )
        self._miss = self._dynamo_safe(self._specialise)
        unconverted = getattr(module, "unconverted", None)
        if unconverted is not None:
            self.run = unconverted(self.run)  # type: ignore[method-assign]

    # -- running ------------------------------------------------------------------------------------------------------

    def run(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        params: Mapping[str, Any] | Callable[[Graph], Mapping[str, Any]] | None = None,
        train: bool | None = None,
        rng: Any = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Find or make the graph of these arguments and run it.

        Args:
            args: positional arguments.
            kwargs: keyword arguments.
            params: native parameters and buffers by name, or a function that gives them for a graph.
            train: training mode.
            rng: random key, where the target needs one, or a function that gives one, called only then; drawn from the
                default generator otherwise.

        Returns:
            The output and the new values of buffers.
        """
        key, arrays = self.signatures.of(args, kwargs, train)
        found = self.cache.get(key)
        if found is None:
            found = self._miss(key, args, kwargs, train)
        if found[0].graph.strided:
            key, found = self._for_strides(key, args, kwargs, train)
        if found[0].writes and self.backend is not None:
            from ivy.transpiler.writes import WrittenArguments

            written = WrittenArguments(found[0].graph, self.backend, args, kwargs, arrays)
            result = self._run(found, key, args, kwargs, written.arrays, params, train, rng)
            written.finish()
            return result
        if not found[0].guarded:
            return self._call(found[0], arrays, params, rng)
        return self._run(found, key, args, kwargs, arrays, params, train, rng)

    def _for_strides(
        self, key: Any, args: tuple[Any, ...], kwargs: dict[str, Any], train: bool | None
    ) -> tuple[Any, list[Specialisation]]:
        """Return the graphs for arguments that lie in memory like these, where that decides what is a view."""
        from ivy.transpiler.writes import strides_of

        graphs, strides = self.cache[key], strides_of(args, kwargs)
        wanted = (key, strides)
        if self.strides.setdefault(key, strides) == strides:
            return key, graphs
        if wanted not in self.cache:
            self._miss(wanted, args, kwargs, train)
        return wanted, self.cache[wanted]

    def _run(
        self,
        found: list[Specialisation],
        key: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        arrays: list[Any],
        params: Mapping[str, Any] | Callable[[Graph], Mapping[str, Any]] | None,
        train: bool | None,
        rng: Any,
    ) -> tuple[Any, dict[str, Any]]:
        """Run the first graph whose guards hold, a new one if none do."""
        for candidate in found:
            try:
                return self._call(candidate, arrays, params, rng)
            except GuardError:
                continue
        fresh = self._miss(key, args, kwargs, train)[-1]
        try:
            return self._call(fresh, arrays, params, rng)
        except GuardError as error:
            raise IvyError(
                f"{self.name}: the value that a branch rests on differs between source and target",
                why=str(error),
                hint="ivy.compare shows where the two part",
            ) from error

    def _call(
        self,
        s: Specialisation,
        arrays: list[Any],
        params: Mapping[str, Any] | Callable[[Graph], Mapping[str, Any]] | None,
        rng: Any,
    ) -> tuple[Any, dict[str, Any]]:
        if s.has_params and not isinstance(params, dict) and callable(params):
            params = params(s.graph)
        if s.has_rng:
            if rng is None:
                rng = self.backend.module.default_key()
            elif callable(rng):
                rng = rng()
        if params is None and s.has_params:
            return self._call_held(s, arrays, rng)
        try:
            if s.has_rng:
                result = s.function(params, rng, *arrays) if s.has_params else s.function(rng, *arrays)
            elif s.has_params:
                result = s.function(params, *arrays)
            else:
                result = s.function(*arrays)
        except GuardError:
            raise
        except Exception as error:
            _locate(error, s.graph)
            raise
        if not s.checked:
            self._check(s, result, [rng, *arrays] if s.has_rng else arrays, params)
        return result if s.has_updates else (result, {})

    def _check(self, s: Specialisation, result: Any, inputs: list[Any], params: Any) -> None:
        if self.backend is not None:
            from ivy.transpiler.firstrun import check_first_run

            out, updates = result if s.has_updates else (result, {})
            check_first_run(s.graph, self.backend, out, updates, inputs, params)
        s.checked = True

    def _call_held(self, s: Specialisation, arrays: list[Any], rng: Any) -> tuple[Any, dict[str, Any]]:
        params = s.held.of(arrays)
        result, updates = self._call(s, arrays, params, rng)
        if updates:
            s.held.update(params, updates)
        return result, {}

    def _specialise(
        self, key: Any, args: tuple[Any, ...], kwargs: dict[str, Any], train: bool | None
    ) -> list[Specialisation]:
        try:
            return self._added(key, args, kwargs, train)
        except CaptureError as error:
            wrong = misfit(self.obj, args, kwargs) if isinstance(error.__cause__, TypeError) else None
            if wrong is None:
                raise
            raise SignatureError(f"the arguments don't fit {self.name}: {wrong}") from error.__cause__

    def _added(
        self, key: Any, args: tuple[Any, ...], kwargs: dict[str, Any], train: bool | None
    ) -> list[Specialisation]:
        with contained(f"{self.name} cannot be converted", kind=ConversionError):
            check_arguments(self.obj, args, kwargs)
            graph = self._made(args, kwargs, train, key)
            self.examples[key[1:]] = _abstract((args, kwargs))
            made = Specialisation.of(graph, self.hold(graph))
        entries = self.cache.setdefault(key, [])
        entries.append(made)
        return entries

    def _made(self, args: tuple[Any, ...], kwargs: dict[str, Any], train: bool | None, key: Any) -> Graph:
        unknown = getattr(getattr(self.backend, "module", None), "is_unknown_size", None)
        if unknown is None or not any(type(part) is tuple and any(map(unknown, part)) for part in key):
            return self.make(args, kwargs, train)
        from ivy.transpiler.dynamic import make_for_any_size

        return make_for_any_size(
            lambda args, kwargs: self.make(args, kwargs, train, fold=False),
            args,
            kwargs,
            unknown,
            f"{self.backend.module.__name__}.size_of",
        )

    def prepare(self, args: tuple[Any, ...], kwargs: dict[str, Any], train: bool | None = None) -> Graph:
        """Make the graph of these arguments ahead of the first call."""
        key, _ = self.signatures.of(args, kwargs, train)
        if key not in self.cache:
            self._miss(key, args, kwargs, train)
        return self.cache[key][-1].graph

    @property
    def graphs(self) -> list[Graph]:
        """Every graph made so far, oldest first."""
        return [s.graph for entries in self.cache.values() for s in entries]


def _among_arrays(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function that is of no framework make arrays of its inputs' one."""

    def run(*args: Any) -> Any:
        given = [x for a in reversed(args) for x in (a.values() if isinstance(a, Mapping) else (a,))]
        with scope_of(given):
            return function(*args)

    return run


def _locate(error: Exception, graph: Graph) -> None:
    """Add the user's line to an exception that the generated function raised; its class and text stay as they are."""
    loc = graph.compiled.place_of(error)
    if loc is None:
        return
    place = SourceLocation(loc.file, loc.line, loc.function or None)
    if isinstance(error, IvyError):
        error.at(place)
        return
    note = f"in code converted from {place}: {place.source_line()}".rstrip(": ")
    if note not in getattr(error, "__notes__", ()):
        error.add_note(note)


def _abstract(tree: Any) -> Any:
    leaves, spec = flatten(tree)
    return unflatten(spec, [_described(x) if is_array_leaf(x) else x for x in leaves])


def _described(x: Any) -> Aval:
    owner = backend_of_type(type(x))
    exportable = getattr(owner.module, "exportable", None) if owner is not None else None
    if exportable is not None and peculiarity(x) == "":
        x = exportable(x)
    return Aval(tuple(x.shape), as_dtype(x.dtype))
