"""The stages in a row: capture, frontend, passes, backend. Any stage can be stopped at."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ivy.backend import get_backend, is_native_array, scope
from ivy.dtypes import DType
from ivy.errors import ArgumentError, DataDependentError, UnknownFrameworkError
from ivy.graph.aval import Aval, aval_of
from ivy.graph.containers import flatten, is_plain, unflatten
from ivy.graph.graph import Graph
from ivy.graph.guards import expected_values
from ivy.graph.node import Node
from ivy.graph.passes import simplify
from ivy.graph.passes.boundary import LAYOUTS, from_caller, images, turn_boundary
from ivy.graph.passes.fuse import fuse
from ivy.graph.passes.views import merge_views
from ivy.locks import CONVERSION
from ivy.plugins import get_plugin, graph_passes
from ivy.tracer.evaluate import Evaluator, evaluator_for
from ivy.tracer.trace import Trace, TracedArray
from ivy.transpiler.faults import contained
from ivy.transpiler.forks import forked
from ivy.transpiler.keeping import keeping
from ivy.transpiler.lower import Problems, to_backend, to_ivy
from ivy.transpiler.names import argument_names, callable_name, user_location
from ivy.transpiler.options import CaptureOptions
from ivy.transpiler.reads import UnknownValue, read_part

__all__ = ["Pipeline", "arrays_in", "is_array_leaf", "split_dialect"]


def split_dialect(name: str) -> tuple[str | None, str]:
    """Split a source or target name into its framework and its stage.

    Args:
        name: ``"torch"``, ``"torch_frontend"`` or ``"ivy"``.

    Returns:
        Framework (None for ivy) and ``"native"``, ``"frontend"`` or ``"ivy"``.

    Raises:
        UnknownFrameworkError: if no installed plugin has that name.
    """
    if name == "ivy":
        return None, "ivy"
    stage = "frontend" if name.endswith("_frontend") else "native"
    framework = name.removesuffix("_frontend")
    get_plugin(framework)
    return framework, stage


def linted(graph: Graph, before: Graph | None = None) -> Graph:
    """Check a graph between two stages where ``IVY_LINT=1`` asks for it, as all tests do."""
    if os.environ.get("IVY_LINT") == "1":
        graph.lint(before)
    return graph


def is_array_leaf(x: Any) -> bool:
    """Tell whether a leaf of the arguments is an array: native of any framework, `ivy.Array` or abstract."""
    return type(x) is Aval or hasattr(type(x), "__ivy_rank__") or is_native_array(x)


def arrays_in(tree: Any) -> list[Any]:
    """Return the arrays of arguments or results in order, those in containers of the user's own classes among them."""
    return [x for x in flatten(tree)[0] if is_array_leaf(x)]


class Pipeline:
    """One conversion route, from a source dialect to a target dialect.

    Args:
        source: dialect that the object is written in.
        target: dialect to produce.
        debug_mode: keep every stage's graph in ``graph.stages``.
        layout: where the caller has the channels of images, ``"channels_first"`` or ``"channels_last"``; None leaves
            them where the source has them.
    """

    def __init__(self, source: str, target: str, *, debug_mode: bool = False, layout: str | None = None) -> None:
        self.source, self.target, self.debug_mode, self.layout = source, target, debug_mode, layout
        if layout is not None and layout not in LAYOUTS:
            raise ArgumentError(f"layout must be one of {', '.join(map(repr, LAYOUTS))}, not {layout!r}")
        self.source_framework, self.source_stage = split_dialect(source)
        self.target_framework, self.target_stage = split_dialect(target)
        if self.target_stage == "frontend" and self.source_framework != self.target_framework:
            raise UnknownFrameworkError(
                target,
                hint=f"{target!r} is a stage of code written in {self.target_framework}; the source is {source!r}",
            )

    @property
    def evaluator(self) -> Evaluator:
        """Whose rules give shapes and dtypes: the target's, else the source's."""
        native_target = self.target_framework if self.target_stage == "native" else None
        return evaluator_for(native_target, self.source_framework)

    def graph(
        self,
        obj: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        *,
        capture: Callable[..., Graph] | None = None,
        options: CaptureOptions | None = None,
        passes: Callable[[Graph], Graph] | None = None,
        problems: Problems | None = None,
    ) -> Graph:
        """Run the stages on one set of arguments.

        Args:
            obj: callable of the source dialect.
            args: positional arguments; arrays may be of any framework or `Aval`s.
            kwargs: keyword arguments.
            capture: replaces the source plugin's capture (module converters bring their own).
            options: choices for the capture.
            passes: run on the ivy graph ahead of the target's own passes.
            problems: collects unsupported calls instead of raising them.

        Returns:
            The graph in the target dialect.
        """
        options = options or CaptureOptions()
        with CONVERSION, contained(f"{callable_name(obj)} cannot be converted from {self.source} to {self.target}"):
            return self._graph(obj, args, kwargs, capture, options, passes, problems)

    def _graph(
        self,
        obj: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        capture: Callable[..., Graph] | None,
        options: CaptureOptions,
        passes: Callable[[Graph], Graph] | None,
        problems: Problems | None,
    ) -> Graph:
        if self.layout is None:
            return self._stages(obj, args, kwargs, capture, options, passes, problems)
        turned: set[int] | None = None
        while True:  # which inputs are images shows in the graph only; a guess is right for most models
            given, guess = _turned(args, kwargs, self.layout, turned)
            try:
                return self._stages(obj, *given, capture, options, passes, problems, images_in=guess)
            except _OtherImages as found:
                turned = found.inputs

    def _stages(
        self,
        obj: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        capture: Callable[..., Graph] | None,
        options: CaptureOptions,
        passes: Callable[[Graph], Graph] | None,
        problems: Problems | None,
        images_in: set[int] | None = None,
    ) -> Graph:
        stages: dict[str, Graph] = {}
        lower = functools.partial(self._lowered, passes=passes, problems=problems, images_in=images_in)
        graph = self._hub(obj, args, kwargs, capture, options, problems, stages, lower)
        return graph if self.target_stage == "frontend" else lower(graph, stages)

    def _hub(
        self,
        obj: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        capture: Callable[..., Graph] | None,
        options: CaptureOptions,
        problems: Problems | None,
        stages: dict[str, Graph],
        lower: Callable[..., Graph],
    ) -> Graph:
        """Bring code to the ivy dialect; for the target "frontend", to the source's.

        Values that Python reads and the capture does not have are computed by the target; under jit, where there are
        none, every way that the code can take is captured.
        """
        take = functools.partial(self._captured, obj, args, kwargs, capture, problems, stages)
        while True:
            try:
                return take(options)
            except UnknownValue as unknown:
                if unknown.graph is None or self.target_stage == "frontend":
                    raise
                if options.traced:
                    graph = forked(functools.partial(_way, take, options), unknown)
                    graph.assumes = True
                    return simplify(graph, self.evaluator if options.fold else None)
                if options.compute is None:
                    raise
                seen = expected_values(unknown.graph)
                part = self._to_ivy(read_part(unknown.graph, unknown.node), problems, options)
                options = replace(options, answers=(*seen, options.compute(lower(part, {}))))

    def _captured(
        self,
        obj: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        capture: Callable[..., Graph] | None,
        problems: Problems | None,
        stages: dict[str, Graph],
        options: CaptureOptions,
        simplified: bool = True,
    ) -> Graph:
        if self.source_stage == "native":
            assert self.source_framework is not None
            take = capture or get_plugin(self.source_framework).part("capture").capture
            graph = take(obj, args, dict(kwargs), options=options)
            graph = self._plugin_passes(graph, "captured")
            stages[self.source_framework] = graph
            linted(graph)
            if self.target_stage == "frontend":
                graph.dialect = self.target
                return graph
            return self._to_ivy(graph, problems, options, simplified)
        if capture is not None:
            return capture(obj, args, dict(kwargs), options=options)
        return self._trace(obj, args, kwargs, self.evaluator, options, simplified)

    def _to_ivy(
        self, graph: Graph, problems: Problems | None, options: CaptureOptions, simplified: bool = True
    ) -> Graph:
        if graph.dialect == "ivy":
            return simplify(graph, self.evaluator if options.fold else None)
        frontend = get_plugin(str(self.source_framework)).part("frontend")
        return to_ivy(
            graph,
            frontend,
            self.evaluator,
            problems=problems,
            target=self.target,
            fold=options.fold,
            simplified=simplified,
        )

    def _lowered(
        self,
        graph: Graph,
        stages: dict[str, Graph],
        passes: Callable[[Graph], Graph] | None,
        problems: Problems | None,
        images_in: set[int] | None,
    ) -> Graph:
        """Bring a graph in the ivy dialect to the target."""
        evaluator = self.evaluator
        if passes is not None:
            graph = passes(graph)
        if self.layout is not None:
            inputs, outputs = images(graph, self.layout)
            if inputs != images_in:
                raise _OtherImages(inputs)
            graph = turn_boundary(graph, self.layout, inputs, outputs)
        graph = linted(self._plugin_passes(merge_views(fuse(graph)), "ivy"), stages.get(str(self.source_framework)))
        stages["ivy"] = graph
        if self.target_stage == "native":
            assert self.target_framework is not None
            backend = get_backend(self.target_framework)
            prepare = getattr(backend.module, "prepare", None)  # the target's own passes: layouts, fusions
            if prepare is not None:
                graph = linted(prepare(graph, evaluator), graph)
            graph = to_backend(graph, backend, evaluator, problems=problems)
            graph = linted(self._plugin_passes(graph, "lowered"), stages["ivy"])
            if self.source_framework not in (None, self.target_framework):
                graph.decorator = getattr(backend.module, "FOREIGN_CODE", None)
        if self.debug_mode:
            graph.stages.update(stages)
        return graph

    def _plugin_passes(self, graph: Graph, stage: str) -> Graph:
        for run in graph_passes(graph.dialect, stage):
            graph = run(graph)
        return graph

    def _trace(
        self,
        obj: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        evaluator: Evaluator,
        options: CaptureOptions,
        simplified: bool,
    ) -> Graph:
        """Trace code written on `ivy.*`, or on a frontend, by running it on traced arrays."""
        return keeping(
            lambda *call: self._traced(*call, evaluator=evaluator, simplified=simplified), obj, args, kwargs, options
        )

    def _traced(
        self,
        obj: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        options: CaptureOptions,
        *,
        evaluator: Evaluator,
        simplified: bool,
    ) -> Graph:
        frontend = get_plugin(self.source_framework).part("frontend") if self.source_framework else None
        once = functools.partial(_trace_once, obj, args, kwargs, evaluator, frontend, options, simplified)
        if options.traced or not options.prefer_concrete:
            try:
                return once(concrete=False)
            except DataDependentError:
                if options.traced or any(map(_is_abstract, arrays_in((args, dict(kwargs))))):
                    raise
        return once(concrete=True)


def _way(take: Callable[..., Graph], options: CaptureOptions, answers: tuple[Any, ...]) -> Graph:
    return take(replace(options, answers=answers), simplified=False)


class _OtherImages(Exception):
    """The inputs that are images are others than those that were taken for images."""

    def __init__(self, inputs: set[int]) -> None:
        self.inputs = inputs


def _turned(
    args: tuple[Any, ...], kwargs: Mapping[str, Any], layout: str, inputs: set[int] | None
) -> tuple[tuple[Any, Any], set[int]]:
    """Bring the images among the arguments to the source's layout; all arrays of four and five axes by default."""
    leaves, spec = flatten((args, dict(kwargs)))
    places = [i for i, x in enumerate(leaves) if is_array_leaf(x)]
    if inputs is None:
        inputs = {n for n, i in enumerate(places) if len(leaves[i].shape) in (4, 5)}
    for n in inputs:
        x = leaves[places[n]]
        x = x.data if type(x).__module__ == "ivy.array" else x
        axes = from_caller(layout, len(x.shape))
        if type(x) is Aval or _is_abstract(x):
            x = x if type(x) is Aval else aval_of(x)
            leaves[places[n]] = Aval(tuple(x.shape[a] for a in axes), x.dtype)
        else:
            from ivy.backend import backend_of

            leaves[places[n]] = backend_of(x).module.permute_dims(x, axes)
    new_args, new_kwargs = unflatten(spec, leaves)
    return (new_args, new_kwargs), inputs


def _is_abstract(x: Any) -> bool:
    if type(x) is Aval or isinstance(x, TracedArray):
        return True
    data = getattr(x, "data", x) if type(x).__module__ == "ivy.array" else x
    from ivy.backend import backend_of

    check = getattr(backend_of(data).module, "is_abstract", None)
    return bool(check is not None and check(data))


def _trace_once(
    obj: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    evaluator: Evaluator,
    frontend: Any,
    options: CaptureOptions,
    simplified: bool,
    *,
    concrete: bool,
) -> Graph:
    trace = Trace(evaluator, name=callable_name(obj), concrete=concrete, answers=options.answers)
    leaves, spec = flatten((args, dict(kwargs)))
    names = argument_names(obj, args, kwargs)
    wrap = frontend.wrap if frontend else (lambda x: x)
    unwrap = frontend.unwrap if frontend else (lambda x: x)
    traced: list[Any] = []
    for name, leaf in zip(names, leaves, strict=True):
        if not is_array_leaf(leaf):
            traced.append(leaf)
            continue
        data = leaf.data if type(leaf).__module__ == "ivy.array" else leaf
        value = evaluator.backend.module.from_foreign(data) if concrete else None
        aval = aval_of(value) if concrete else trace.canonical(leaf if type(leaf) is Aval else aval_of(data))
        traced.append(wrap(trace.input(name, aval, value)))
    inputs = [x for x in traced if not isinstance(x, (int, float, str, bool, DType, type(None)))]
    call_args, call_kwargs = unflatten(spec, traced)
    with scope(trace), user_location(trace):
        result = obj(*call_args, **call_kwargs)
        out_leaves, out_spec = flatten(result)

        def final(x: Any) -> Any:
            lifted = trace.lift(unwrap(x))
            return lifted.node if isinstance(lifted, TracedArray) else lifted

        out = [final(x) for x in out_leaves]
        graph = trace.graph
        if is_plain(out_spec):
            graph.output = unflatten(out_spec, out)
        else:
            graph.output, graph.rebuild = out, lambda flat: unflatten(out_spec, flat)
        if frontend is not None:
            cells = [x for x in inputs if is_array_leaf(unwrap(x))]
            for i, (node, cell) in enumerate(zip(graph.inputs, cells, strict=True)):
                now = final(cell)
                if isinstance(now, Node) and now is not node:
                    graph.mutated[i] = now
    return simplify(graph, evaluator if options.fold else None) if simplified else graph
