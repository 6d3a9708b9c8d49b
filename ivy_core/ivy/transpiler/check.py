"""`ivy.check`: what a conversion would meet, without running the target."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivy.errors import (
    ArgumentError,
    ConversionError,
    IvyError,
    SourceLocation,
    UnknownFrameworkError,
    UnsupportedCall,
    UnsupportedOpError,
)
from ivy.graph.graph import Graph
from ivy.graph.node import Node, refs
from ivy.graph.notes import Note
from ivy.plugins import get_plugin
from ivy.transpiler.arguments import check_arguments
from ivy.transpiler.faults import contained
from ivy.transpiler.lower import Problems, to_backend, to_ivy
from ivy.transpiler.names import callable_name
from ivy.transpiler.options import CaptureOptions
from ivy.transpiler.pipeline import Pipeline

__all__ = ["Report", "check"]


@dataclass(frozen=True)
class Report:
    """What `check` found; true if the object can be converted, and readable when printed.

    Args:
        name: the checked object's name.
        source: its framework.
        target: the framework that it was checked for.
        calls: functions that have no conversion, each with its count and places.
        supported: dotted path -> count of the calls that have one.
        guards: places where Python looks at an array's value; each value gets a graph of its own, and none of them
            works under jit.
        mutated: names of the arguments that the code writes to.
        random: calls that draw random numbers.
        ignored: what the converted code does not do: hooks of the backward pass, keeping what a call only adds to and
            nothing reads, printing ...
        changed: what it does otherwise: gradients of functions with a backward of their own, writes that can't reach
            the caller's arrays ...
        error: why the code could not be captured to its end, if it could not.
    """

    name: str
    source: str
    target: str
    calls: tuple[UnsupportedCall, ...] = ()
    supported: Mapping[str, int] = field(default_factory=dict)
    guards: tuple[UnsupportedCall, ...] = ()
    mutated: tuple[str, ...] = ()
    random: tuple[UnsupportedCall, ...] = ()
    ignored: tuple[UnsupportedCall, ...] = ()
    changed: tuple[UnsupportedCall, ...] = ()
    error: IvyError | None = None

    @property
    def ok(self) -> bool:
        """Whether every call can be converted; `ignored` and `changed` say what the result does not do alike."""
        return not self.calls and self.error is None

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        total = sum(self.supported.values())
        missing = sum(c.count for c in self.calls)
        head = f"{self.name}: {self.source} -> {self.target}: "
        if self.error is not None:
            head += "cannot be captured"
        elif self.calls:
            head += f"{missing} of {total + missing} calls cannot be converted"
        else:
            head += f"all {total} calls can be converted"
        lines = [head]
        sections: tuple[tuple[str, Iterable[Any]], ...] = (
            ("no conversion", self.calls),
            ("depends on values (one graph for each value, not under jit)", self.guards),
            ("writes to its arguments", self.mutated),
            ("draws random numbers", self.random),
            ("ignored", self.ignored),
            ("does something else", self.changed),
        )
        for title, found in sections:
            listed = [f"    {x}" for x in found]
            if listed:
                lines += [f"  {title}:", *listed]
        if self.error is not None:
            lines += ["  " + line for line in f"{type(self.error).__name__}: {self.error}".splitlines()]
        if self.calls:
            lines.append(f"  {UnsupportedOpError(self.calls).hint}")
        return "\n".join(lines)


def check(
    obj: Any,
    *,
    source: str | None = None,
    to: str | None = None,
    target: str | None = None,
    args: tuple[Any, ...] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    params_v: Any = None,
) -> Report:
    """Capture and lower an object for a target, and list everything that stands in the way at once.

    Nothing of the target is run. Functions are captured with the given arguments; shapes alone are enough
    (`ivy.graph.aval.Aval`) unless the code looks at values.

    Args:
        obj: a function or a trainable module.
        source: framework that it is written in; told from the object where possible.
        to: framework to check for.
        target: the same as `to`.
        args: arguments to capture with.
        kwargs: keyword arguments to capture with.
        params_v: parameters of a functional model, as in `ivy.transpile`.

    Returns:
        A `Report`, true if the conversion works.

    Raises:
        ArgumentError: if the object takes arguments and none are given.
        UnknownFrameworkError: if source or target has no plugin, or the source cannot be told.

    Example:
        >>> import ivy, numpy as np
        >>> bool(ivy.check(np.tanh, source="numpy", to="numpy", args=(np.zeros(2),)))
        True
    """
    from ivy.transpiler import modules
    from ivy.transpiler.api import source_of
    from ivy.transpiler.functions import Transpiled

    if to is not None and target is not None and to != target:
        raise ConversionError(f"to={to!r} and target={target!r} say different things", hint="give one of them")
    goal = to or target
    if goal is None:
        raise UnknownFrameworkError(None, what="no target is given", hint='say where to: ivy.check(f, to="jax")')
    if isinstance(obj, Transpiled):
        obj, source = obj.fn, source or obj.source
    take: Callable[..., Graph] | None = None
    options = CaptureOptions(mark_unsupported=True)
    system = None if isinstance(obj, type) else modules.system_of(obj)
    if system is not None:
        spec = modules.to_spec(obj, system, params_v)
        name, here, take, obj = spec.name, spec.framework, spec.capture, spec.obj
        options = CaptureOptions(mark_unsupported=True, train=spec.train)
    elif callable(obj) and not isinstance(obj, type):
        name, here = callable_name(obj), source or source_of(obj)
    else:
        raise ConversionError(f"a {callable_name(obj)} cannot be checked", hint="pass a function or a module instance")
    if args is None and kwargs is None and _takes_arguments(obj):
        raise ArgumentError(
            f"{name} takes arguments, and its calls are known only from a capture with some",
            hint="pass args=(...,) or kwargs={...}; ivy.graph.aval.Aval(shape, dtype) will do for an array",
        )
    pipeline = Pipeline(here, modules.framework_of(goal))
    return _run(pipeline, name, obj, tuple(args or ()), dict(kwargs or {}), take, options)


def _takes_arguments(obj: Any) -> bool:
    try:
        parameters = inspect.signature(getattr(obj, "forward", obj)).parameters.values()
    except (TypeError, ValueError):
        return True
    return any(
        p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters
    ) or not hasattr(obj, "__code__")


def _run(
    pipeline: Pipeline,
    name: str,
    obj: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    take: Callable[..., Graph] | None,
    options: CaptureOptions,
) -> Report:
    problems = Problems(pipeline.target)
    captured: Graph | None = None
    graph: Graph | None = None
    error: IvyError | None = None
    check_arguments(obj, args, kwargs)
    try:
        with contained(f"{name} cannot be converted from {pipeline.source} to {pipeline.target}"):
            captured, graph = _stages(pipeline, obj, args, kwargs, take, options, problems)
    except IvyError as found:
        error = found
        problems.found += [(n, r) for c in getattr(found, "calls", ()) for n, r in _nodes(c)]
        if getattr(found, "calls", ()):
            error = None
    missing = problems.error().calls if problems else ()
    failed = Counter({c.name: c.count for c in missing})
    made = Counter(n.fn for n in captured.calls()) if captured is not None else Counter()
    return Report(
        name=name,
        source=pipeline.source,
        target=pipeline.target,
        calls=missing,
        supported=dict(made - failed),
        guards=_grouped((n.args[0].fn or n.args[0].name, n) for n in _guards(captured)),
        mutated=tuple(graph.inputs[i].name for i in sorted(graph.mutated)) if graph is not None else (),
        random=_grouped((n.fn, n) for n in _random(graph)),
        ignored=_noted(captured, "ignored"),
        changed=(*_noted(_with_conjugates(captured, pipeline), "changed"), *_kept_from_caller(graph, pipeline)),
        error=error,
    )


def _stages(
    pipeline: Pipeline,
    obj: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    take: Callable[..., Graph] | None,
    options: CaptureOptions,
    problems: Problems,
) -> tuple[Graph, Graph | None]:
    """Return the captured graph, and the one in the ivy dialect."""
    from ivy.backend import get_backend

    evaluator = pipeline.evaluator
    graph: Graph | None = None
    if pipeline.source_stage == "native":
        plugin = get_plugin(str(pipeline.source_framework))
        captured = (take or plugin.part("capture").capture)(obj, args, kwargs, options=options)
        if pipeline.target_stage != "frontend":
            graph = to_ivy(captured, plugin.part("frontend"), evaluator, problems=problems)
    else:
        to_middle = Pipeline(pipeline.source, "ivy")
        captured = graph = to_middle.graph(obj, args, kwargs, options=options)
    if graph is not None and pipeline.target_stage == "native":
        to_backend(_closed(graph), get_backend(str(pipeline.target_framework)), evaluator, problems=problems)
    return captured, graph


def _nodes(call: UnsupportedCall) -> Iterable[tuple[Node, str]]:
    """Bring calls that a capture already gave up on into the form of those that lowering collects."""
    from ivy.graph.node import Loc

    places = call.locations or (None,)
    for i in range(call.count):
        place = places[min(i, len(places) - 1)]
        loc = None if place is None else Loc(place.file, place.line, place.function or "")
        yield Node("call", fn=call.name, loc=loc), call.reason or "no conversion"


def _closed(graph: Graph) -> Graph:
    """Make inputs of what stands in for failed calls, so that the rest of the graph can be lowered."""
    known = {id(n) for n in (*graph.inputs, *graph.params.values(), *graph.nodes)}
    if graph.rng is not None:
        known.add(id(graph.rng))
    for node in refs([*((n.args, n.kwargs) for n in graph.nodes), graph.output, graph.updates, graph.mutated]):
        if id(node) not in known:
            known.add(id(node))
            graph.inputs.append(node)
    return graph


def _guards(graph: Graph | None) -> list[Node]:
    return [] if graph is None else [n for n in graph.nodes if n.kind == "guard"]


def _random(graph: Graph | None) -> list[Node]:
    from ivy.functional.registry import OPS

    calls = [] if graph is None else graph.calls()
    return [n for n in calls if (op := OPS.get(n.fn.removeprefix("ivy."))) is not None and op.traits.get("random")]


def _with_conjugates(graph: Graph | None, pipeline: Pipeline) -> Graph | None:
    """Note complex parameters whose gradients the target's own optimizers get the other way round."""
    from ivy.backend import get_backend

    def conjugates(framework: str | None) -> bool:
        return framework is not None and bool(getattr(get_backend(framework).module, "CONJUGATE_GRADIENTS", False))

    found = [] if graph is None else [n for n in graph.params.values() if n.meta.get("trainable")]
    found = [n for n in found if n.aval.dtype.is_complex]
    target = pipeline.target_framework
    if graph is not None and found and target and conjugates(pipeline.source_framework) != conjugates(target):
        why = f"{target}'s own gradient of a complex parameter is the conjugate: conjugate it before an update"
        graph.note("changed", found[0].name, why)
    return graph


def _noted(graph: Graph | None, kind: str) -> tuple[UnsupportedCall, ...]:
    """Return the notes of a kind, grouped by what they are about."""
    groups: dict[tuple[str, str], list[Note]] = {}
    for note in graph.notes if graph is not None else ():
        if note.kind == kind:
            groups.setdefault((note.name, note.why), []).append(note)
    return tuple(
        UnsupportedCall(
            name,
            len(notes),
            tuple(dict.fromkeys(SourceLocation(n.loc.file, n.loc.line, n.loc.function) for n in notes if n.loc)),
            why,
            unit="place",
        )
        for (name, why), notes in groups.items()
    )


def _kept_from_caller(graph: Graph | None, pipeline: Pipeline) -> list[UnsupportedCall]:
    """Return the arguments that the code writes to and whose new values the target can't give to the caller."""
    if graph is None or not graph.mutated or pipeline.target_stage != "native":
        return []
    from ivy.backend import get_backend

    if getattr(get_backend(str(pipeline.target_framework)).module, "WRITE_BACK", ""):
        return []
    why = f"arrays of {pipeline.target_framework} can't be written to: the caller's stays as it was"
    return [
        UnsupportedCall(f"the write to {graph.inputs[i].name}", reason=why, unit="place") for i in sorted(graph.mutated)
    ]


def _grouped(found: Iterable[tuple[str, Node]]) -> tuple[UnsupportedCall, ...]:
    groups: dict[str, list[Node]] = {}
    for name, node in found:
        groups.setdefault(name, []).append(node)
    return tuple(
        UnsupportedCall(
            name,
            len(nodes),
            tuple(dict.fromkeys(SourceLocation(n.loc.file, n.loc.line, n.loc.function) for n in nodes if n.loc)),
        )
        for name, nodes in groups.items()
    )
