"""One native graph per signature, made when it is first met and looked up after that.

Graphs that rest on a value of an array carry guards; when one fails, the next graph of that signature is tried, and a
new one captured when none holds.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from ivy.backend import backend_of_type, scope_of
from ivy.dtypes import as_dtype
from ivy.errors import (
    CaptureError,
    ConversionError,
    DataDependentError,
    GuardError,
    IvyError,
    SignatureError,
    SourceLocation,
)
from ivy.graph.aval import Aval
from ivy.graph.containers import flatten, unflatten
from ivy.graph.graph import Graph
from ivy.graph.guards import expected_values, near, observer, same
from ivy.graph.kept import leaving
from ivy.locks import CONVERSION
from ivy.transpiler.arguments import called, check_arguments, misfit, peculiarity
from ivy.transpiler.environment import Environment
from ivy.transpiler.faults import contained
from ivy.transpiler.given import WithArguments, settled
from ivy.transpiler.misses import KEPT, MANY, drop_unused, warn_of_many
from ivy.transpiler.names import argument_names
from ivy.transpiler.options import CaptureOptions
from ivy.transpiler.pipeline import Pipeline, arrays_in, is_array_leaf
from ivy.transpiler.signature import Signatures, shapes_in

__all__ = ["MOST_GUARDED", "Specialisation", "Specialiser"]

MOST_GUARDED = 32
"""How many graphs of one signature are kept that differ in the values that Python read."""


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
        expected: what the guards hold, in order.
        used: whether it has been called since the cache was last cleared of what is not.
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
    expected: tuple[Any, ...] = ()
    used: bool = True

    @classmethod
    def of(cls, graph: Graph, held: Any = None) -> Specialisation:
        """Compile a graph."""
        expected = expected_values(graph)
        return cls(
            graph,
            _runnable(graph, _scoped(graph)),
            bool(graph.params or graph.parts),
            graph.rng is not None,
            bool(graph.updates) or graph.kept is not None,
            bool(expected),
            held,
            any(new is not graph.inputs[i] for i, new in graph.mutated.items()),
            expected=expected,
        )

    def agrees(self, known: tuple[Any, ...]) -> bool:
        """Tell whether the graph's guards can hold where the first values that are read are these."""
        return all(same(x, y) for x, y in zip(known, self.expected))


@dataclass(slots=True)
class Call:
    """One call: what it is given, and its arrays as the target's.

    Args:
        args: positional arguments.
        kwargs: keyword arguments.
        arrays: the arrays in them, as the target's.
        params: as in `Specialiser.run`.
        train: training mode.
        rng: as in `Specialiser.run`.
        certain: how many of the values that Python reads are known for sure.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    arrays: list[Any]
    params: Mapping[str, Any] | Callable[[Graph], Mapping[str, Any]] | None
    train: bool | None
    rng: Any
    certain: int = 0


class Specialiser:
    """Keeps the graphs of one object, by signature.

    Args:
        pipeline: the conversion route.
        make: captures and lowers for some arguments: ``make(args, kwargs, options) -> Graph``.
        name: the object's name, for messages.
        hold: gives the parameters that a graph runs with where the caller of `run` gives none.
        obj: the object, whose signature names arguments in messages.
        environment: what it reads besides its arguments, None for nothing that counts.
        keeps_examples: whether to keep the arguments of each signature, arrays as `Aval`s, in `examples`.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        make: Callable[..., Graph],
        name: str,
        hold: Callable[[Graph], Any] = lambda graph: None,
        obj: Any = None,
        environment: Environment | None = None,
        *,
        keeps_examples: bool = False,
    ) -> None:
        self.keeps_examples = keeps_examples
        self.obj = obj
        self.pipeline = pipeline
        self.make = make
        self.name = name
        self.hold = hold
        self.cache: dict[Any, list[Specialisation]] = {}
        self.made = 0  # graphs in all
        self.examples: dict[Any, tuple[Any, Any]] = {}
        self._firsts: dict[Any, Specialisation] = {}  # the first graph in each place, for threads that wait for it
        self.strides: dict[Any, Any] = {}  # how the first arguments of a signature lay in memory, where that matters
        self.backend: Any = None
        if pipeline.target_stage == "native":
            from ivy.backend import get_backend

            self.backend = get_backend(str(pipeline.target_framework))
        self.signatures = Signatures(self.backend, name, obj, environment)
        module = getattr(self.backend, "module", None)
        self._dynamo_safe: Callable[[Callable[..., Any]], Callable[..., Any]] = getattr(
            module, "outside_compiler", lambda f: f
        )
        self._miss = self._dynamo_safe(self._specialise)
        self._warned: set[str] = set()
        if getattr(module, "RUNS_ALONE", False):
            self.run = _alone(self.run)  # type: ignore[method-assign]
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
        result = self._run_call(args, kwargs, params, train, rng)
        if type(result[0]) is WithArguments:
            return settled(result[0], (args, kwargs)), result[1]
        return result

    def _run_call(self, args: tuple[Any, ...], kwargs: dict[str, Any], params: Any, train: Any, rng: Any) -> Any:
        key, arrays = self.signatures.of(args, kwargs, train)
        found = self.cache.get(key)
        fresh = found is None
        if found is None:
            key, found = self._first(key, Call(args, kwargs, arrays, params, train, rng))
        if found[0].graph.strided:
            key, found = self._for_strides(key, Call(args, kwargs, arrays, params, train, rng))
        if found[0].writes and self.backend is not None:
            from ivy.transpiler.writes import WrittenArguments

            written = WrittenArguments(found[0].graph, self.backend, args, kwargs, arrays)
            result = self._run(found, key, Call(args, kwargs, written.arrays, params, train, rng), fresh)
            written.finish()
            return result
        if not found[0].guarded:
            return self._call(found[0], arrays, params, rng)
        return self._run(found, key, Call(args, kwargs, arrays, params, train, rng), fresh)

    def _first(self, key: Any, call: Call) -> tuple[Any, list[Specialisation]]:
        """Return the graphs for arguments of a new signature; one that holds under jit alone has a key of its own."""
        traced = self._is_traced(call.arrays) or any(type(x) is Aval for x in arrays_in((call.args, call.kwargs)))
        kept = self.cache.get((key, "traced")) if traced else None
        if kept is not None:
            return (key, "traced"), kept
        with self._repeated_draws(not traced) as again:
            made = self._miss(key, call, (), traced)
            again()
        if made.graph.assumes:
            key = (key, "traced")
        return key, self._kept(key, made)

    def _repeated_draws(self, draws: bool) -> Any:
        """Return a context that gives a function which lets the target draw the same numbers again."""
        module = getattr(self.backend, "module", None)
        return (getattr(module, "repeated_draws", _no_draws) if draws else _no_draws)()

    def _is_traced(self, arrays: list[Any]) -> bool:
        """Tell whether some array has no value now: under jit, or described only."""
        module = getattr(self.backend, "module", None)
        is_abstract = getattr(module, "is_abstract", None)
        concrete = getattr(module, "concrete", lambda x: None)
        return is_abstract is not None and any(is_abstract(x) and concrete(x) is None for x in arrays)

    def _for_strides(self, key: Any, call: Call) -> tuple[Any, list[Specialisation]]:
        """Return the graphs for arguments that lie in memory like these, where that decides what is a view."""
        from ivy.transpiler.writes import strides_of

        graphs, strides = self.cache[key], strides_of(call.args, call.kwargs)
        wanted = (key, strides)
        if self.strides.setdefault(key, strides) == strides:
            return key, graphs
        return wanted, self.cache.get(wanted) or self._kept(wanted, self._miss(key, call, (), False, wanted))

    def _run(self, found: list[Specialisation], key: Any, call: Call, fresh: bool) -> tuple[Any, dict[str, Any]]:
        """Run the first graph whose guards hold, a new one if none do.

        Args:
            found: the graphs of the signature.
            key: the signature.
            call: the call.
            fresh: whether the only graph was made for this call.
        """
        if not found[0].guarded:
            return self._call(found[0], call.arrays, call.params, call.rng)
        tried = None
        if not found[0].has_rng and not found[0].graph.draws:  # most calls end here
            try:
                return self._call(found[0], call.arrays, call.params, call.rng)
            except GuardError as failed:
                tried = failed
            except DataDependentError:
                pass
        module = getattr(self.backend, "module", None)
        if any(s.has_rng for s in found):  # a call draws one key, however many graphs are tried
            call.rng = functools.cache(_drawing(call.rng, module))
        with self._repeated_draws(any(s.graph.draws for s in found)) as again:
            try:
                return self._first_to_hold(found, key, call, fresh, again, tried)
            except DataDependentError:
                if not self._is_traced(call.arrays) and not _traced_params(module, call.params):
                    raise
            again()
            place = (key, "traced")
            kept = self.cache.get(place) or self._kept(place, self._miss(key, call, (), True))
            return self._call(kept[0], call.arrays, call.params, call.rng)

    def _first_to_hold(
        self,
        found: list[Specialisation],
        key: Any,
        call: Call,
        fresh: bool,
        again: Callable[[], None],
        tried: GuardError | None,
    ) -> tuple[Any, dict[str, Any]]:
        known: tuple[Any, ...] = ()
        for candidate in tuple(found):
            if not candidate.agrees(known):
                continue
            try:
                if tried is not None and candidate is found[0]:
                    raise tried
                result = self._call(candidate, call.arrays, call.params, call.rng)
            except GuardError as failed:
                again()
                known = self._known(candidate, failed, call, again)
            else:
                if found[0] is not candidate:  # the graph that held last is tried first
                    found[:] = [candidate, *(s for s in found if s is not candidate)]  # at once: others read it
                return result
        # the guards of one that was made for this call hold for values as the source computes them
        return self._captured_anew(found, key, call, known, again, found[0] if fresh else None)

    def _captured_anew(
        self,
        found: list[Specialisation],
        key: Any,
        call: Call,
        known: tuple[Any, ...],
        again: Callable[[], None],
        unfit: Specialisation | None,
    ) -> tuple[Any, dict[str, Any]]:
        """Capture with the values that the target computed until the graph's guards hold."""
        repeats = 0
        while True:
            try:
                made = self._miss(key, call, known, False)
            except Exception:
                if len(known) <= call.certain:
                    raise
                known = known[: call.certain]  # the rest were guesses, with which the code can't go on
                continue
            try:
                result = self._call(made, call.arrays, call.params, call.rng)
            except GuardError as failed:
                again()
                further = self._known(made, failed, call, again)
                repeats += failed.number is None or failed.number < len(known)
                if repeats > _REPEATS:  # each new graph computes the same value in another way
                    raise IvyError(
                        f"{self.name}: the value that a branch rests on differs between source and target",
                        why=str(failed),
                        hint="ivy.compare shows where the two part",
                    ) from failed
                known = further
            else:
                found[:] = [made, *(s for s in found if s is not unfit)]  # at once: others read it
                self._kept(key, made)
                if len(found) > MOST_GUARDED:
                    self._drop_oldest(found)
                return result

    def _known(
        self, tried: Specialisation, failed: GuardError, call: Call, again: Callable[[], None]
    ) -> tuple[Any, ...]:
        """Return the first values that Python reads in this call, as the target computes them.

        Up to the guard that failed they are certain. Where it is a matter of rounding the graph goes on, since later
        values hardly depend on it; the next graph checks them.
        """
        if failed.number is None:
            return ()
        certain = (*tried.expected[: failed.number], failed.value)
        call.certain = len(certain)
        if not near(failed.value, tried.expected[failed.number]):
            return certain
        seen: list[Any] = []
        check = observer(seen, len(tried.expected))
        watched = replace(tried, function=_runnable(tried.graph, tried.graph.compiled.guarded_by(check)), checked=True)
        with suppress(Exception):  # what was seen until then is what counts
            self._call(watched, call.arrays, call.params, call.rng)
        again()
        return tuple(seen) if len(seen) > failed.number else certain

    def _drop_oldest(self, found: list[Specialisation]) -> None:
        place = next(n.loc for n in found[0].graph.nodes if n.kind == "guard")
        if self.name not in self._warned:
            self._warned.add(self.name)
            warnings.warn(
                f"{self.name} has been captured for {len(found)} different values that its code reads"
                + (f", the first at {place}" if place else "")
                + "; each takes a graph, of which the latest are kept. Compute with arrays instead of Python numbers",
                stacklevel=2,
            )
        found.pop()

    def _call(
        self,
        s: Specialisation,
        arrays: list[Any],
        params: Mapping[str, Any] | Callable[[Graph], Mapping[str, Any]] | None,
        rng: Any,
    ) -> tuple[Any, dict[str, Any]]:
        s.used = True
        if s.has_params and not isinstance(params, dict) and callable(params):
            params = params(s.graph)
        if s.has_rng:
            if rng is None:
                rng = self.backend.module.default_key()
            elif callable(rng):
                rng = rng()
        if params is None and s.held is not None:
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
            s.held.update(params, updates, arrays)
        return result, {}

    def _specialise(
        self, key: Any, call: Call, answers: tuple[Any, ...], traced: bool, place: Any = None
    ) -> Specialisation:
        place = (key, traced) if place is None else place
        try:
            with CONVERSION:
                if answers:
                    return self._new(key, call, answers, traced)
                made = self._firsts.get(place)  # another thread's, waited for
                if made is None:
                    made = self._firsts[place] = self._new(key, call, (), traced)
                return made
        except CaptureError as error:
            wrong = misfit(self.obj, call.args, call.kwargs) if isinstance(error.__cause__, TypeError) else None
            if wrong is None:
                raise
            raise SignatureError(f"the arguments don't fit {self.name}: {wrong}") from error.__cause__

    def _new(self, key: Any, call: Call, answers: tuple[Any, ...], traced: bool) -> Specialisation:
        with contained(f"{self.name} cannot be converted", kind=ConversionError):
            check_arguments(self.obj, call.args, call.kwargs)
            given = CaptureOptions(
                train=call.train,
                answers=answers,
                traced=traced,
                compute=None if traced else functools.partial(self._value, call),
            )
            graph = self._made(call, given, key)
            if self.signatures.environment is not None:
                self.signatures.environment.settle()
            if self.keeps_examples:
                self.examples[key[1:]] = _abstract((call.args, call.kwargs))
            self.made += 1
            if self.made == MANY:
                self._warn(key, call)
            return Specialisation.of(graph, self.hold(graph))

    def _warn(self, key: Any, call: Call) -> None:
        environment = self.signatures.environment
        warn_of_many(
            self.name,
            [*self.cache, key],
            lambda: argument_names(called(self.obj), call.args, call.kwargs),
            lambda: [] if environment is None else environment.changed(),
        )

    def _kept(self, key: Any, made: Specialisation) -> list[Specialisation]:
        entries = self.cache.setdefault(key, [])
        if not any(s is made for s in entries):
            entries.append(made)
        if len(self.cache) > KEPT:
            with CONVERSION:
                for dropped in drop_unused(self.cache):
                    self.strides.pop(dropped, None)
                    self.examples.pop(dropped[1:], None)
                    for place in (dropped, (dropped, False), (dropped[0], True)):
                        self._firsts.pop(place, None)
        return entries

    def _made(self, call: Call, options: CaptureOptions, key: Any) -> Graph:
        args, kwargs = call.args, call.kwargs
        if options.traced:
            args, kwargs = _abstract((args, kwargs))
        module = getattr(self.backend, "module", None)
        unknown = getattr(module, "is_unknown_size", None)
        if unknown is None or not any(any(map(unknown, shape)) for shape in shapes_in(key)):
            return self.make(args, kwargs, options)
        from ivy.transpiler.dynamic import make_for_any_size

        return make_for_any_size(
            lambda args, kwargs: self.make(args, kwargs, replace(options, fold=False)),
            call.args,
            call.kwargs,
            unknown,
            f"{self.backend.module.__name__}.size_of",
        )

    def _value(self, call: Call, graph: Graph) -> Any:
        """Run a part of the graph under way to learn a value that Python reads and the capture does not have."""
        module = self.backend.module if self.backend is not None else None
        with self._repeated_draws(graph.draws) as again:
            rng = functools.cache(_drawing(call.rng, module)) if graph.rng is not None else None
            result, _ = self._call(Specialisation.of(graph, self.hold(graph)), call.arrays, call.params, rng)
            if rng is not None:
                call.rng = rng
            again()
        from ivy.backend import backend_of

        concrete = getattr(module, "concrete", None)
        return backend_of(result).module.to_numpy(result if concrete is None else concrete(result)).tolist()

    def prepare(self, args: tuple[Any, ...], kwargs: dict[str, Any], train: bool | None = None) -> Graph:
        """Make the graph of these arguments ahead of the first call."""
        key, arrays = self.signatures.of(args, kwargs, train)
        found = self.cache.get(key)
        if found is None:
            _, found = self._first(key, Call(args, kwargs, arrays, None, train, None))
        return found[-1].graph

    @property
    def graphs(self) -> list[Graph]:
        """Every graph made so far, oldest first."""
        return [s.graph for entries in self.cache.copy().values() for s in entries]


_REPEATS = 4


def _alone(call: Callable[..., Any]) -> Callable[..., Any]:
    """Let no graph be made while a call runs, for a framework whose modes hold for all threads."""

    def alone(*args: Any, **kwargs: Any) -> Any:
        with CONVERSION:
            return call(*args, **kwargs)

    return alone


def _scoped(graph: Graph) -> Callable[..., Any]:
    """Return the generated function, with the names of modules in what a framework compiles of it."""
    from ivy.backend import get_backend

    function: Callable[..., Any] = graph.compiled.function
    if not any(n.scope for n in graph.nodes) or graph.dialect == "ivy" or graph.dialect.endswith("_frontend"):
        return function
    scoping = getattr(get_backend(graph.dialect).module, "scoping", None)
    return function if scoping is None else scoping(function, graph.scoped)


def _runnable(graph: Graph, function: Callable[..., Any]) -> Callable[..., Any]:
    if graph.kept is not None:
        function = leaving(function, graph.kept, bool(graph.updates))
    return _among_arrays(function) if graph.dialect == "ivy" else function


@contextmanager
def _no_draws() -> Iterator[Callable[[], None]]:
    yield lambda: None


def _drawing(rng: Any, module: Any) -> Callable[[], Any]:
    """Return a function that gives a call's random key."""
    if rng is None:
        return module.default_key
    return rng if callable(rng) else lambda: rng


def _traced_params(module: Any, params: Any) -> bool:
    is_abstract = getattr(module, "is_abstract", None)
    return is_abstract is not None and isinstance(params, Mapping) and any(map(is_abstract, params.values()))


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
