"""The two sides of a comparison: what runs them, and which parameters belong together."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ivy.backend import Backend, backend_of, get_backend
from ivy.errors import ConversionError
from ivy.functional.registry import OPS
from ivy.graph.containers import flatten, unflatten
from ivy.graph.graph import Graph, subgraphs
from ivy.graph.interpret import interpret, native_calls
from ivy.graph.node import Node
from ivy.graph.passes.boundary import LAYOUTS, from_caller, images
from ivy.plugins import get_plugin
from ivy.stateful.conversion import Conversion, transfer
from ivy.stateful.spec import KEY, inverse
from ivy.stateful.sync import paired
from ivy.tracer.evaluate import Evaluator, evaluator_for
from ivy.transpiler import modules
from ivy.transpiler.functions import Transpiled
from ivy.transpiler.lower import Problems, to_ivy
from ivy.transpiler.names import callable_name
from ivy.transpiler.options import CaptureOptions
from ivy.transpiler.pipeline import Pipeline, arrays_in, is_array_leaf, split_dialect
from ivy.transpiler.walk import Runner, host, taken

__all__ = ["Source", "Target", "conversion_of", "source_side", "target_side"]

Call = tuple[tuple[Any, ...], dict[str, Any]]


def on_backend(call: Call, backend: Backend) -> Call:
    """Return a call with copies of its arrays on a backend."""
    leaves, spec = flatten(call)
    args, kwargs = unflatten(spec, [taken(x, backend) if is_array_leaf(x) else x for x in leaves])
    return args, kwargs


@dataclass
class Source:
    """A captured function or module.

    Args:
        obj: the user's.
        name: its name.
        system: its module system, None for a function.
        spec: the hub form of a module.
        graph: what was captured.
        backend: of the source's framework.
        frontend: of the source's plugin, None for code on `ivy.*`.
        call: the arguments.
        train: the mode.
    """

    obj: Any
    name: str
    system: str | None
    spec: Any
    graph: Graph
    backend: Backend
    frontend: Any
    call: Call
    train: bool
    notes: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The framework in words."""
        return self.system or self.graph.dialect

    def runner(self) -> Runner:
        """Run by the source framework itself."""
        native = None
        if self.frontend is not None:
            native = getattr(get_plugin(self.backend.name).part("capture"), "native_function", None)
        return Runner(self.backend, self.frontend, native)

    def inputs(self, backend: Backend) -> list[Any]:
        """Return copies of the graph's inputs on a backend."""
        return arrays_in(on_backend(self.call, backend))

    def params(self, backend: Backend) -> dict[str, Any]:
        """Return copies of the graph's parameters on a backend, in the source's layout."""
        return {name: taken(node.value, backend) for name, node in self.graph.params.items()}

    def own_output(self) -> Any:
        """Call the user's object itself, without changing it; None if that can't be done."""
        args, kwargs = on_backend(self.call, self.backend)
        if self.system is None:
            return self.obj(*args, **kwargs)
        if self.spec.takes_key or self.spec.detail is not None or not callable(self.obj):
            return None
        called = getattr(self.obj, "call", self.obj)
        if self.system != "ivy" and "training" in _parameters(called):
            # statistics are variables, which the call changes
            return (self.obj if not self.train else copy.deepcopy(self.obj))(*args, training=self.train, **kwargs)
        own = self.obj
        if self.train or self.spec.train:
            own = copy.deepcopy(own)
            switch = getattr(own, "train" if self.train else "eval", None)
            if switch is None:
                return None
            switch()
        return own(*args, **kwargs)

    def random(self, evaluator: Evaluator) -> set[int]:
        """Return the indices of the graph's nodes that draw random numbers."""
        if self.frontend is None:
            return {i for i, n in enumerate(self.graph.nodes) if _draws(n)}
        lowered = to_ivy(self.graph, self.frontend, evaluator, problems=Problems(evaluator.backend.name), fold=False)
        return {n.meta["origin"] for n in lowered.nodes if "origin" in n.meta and _draws(n)}


def _parameters(fn: Any) -> Mapping[str, Any]:
    try:
        return inspect.signature(fn).parameters
    except (TypeError, ValueError):
        return {}


def _draws(node: Node) -> bool:
    def drawing(n: Node) -> bool:
        op = OPS.get(n.fn.removeprefix("ivy."))
        if op is None or not op.traits.get("random") or n.kwargs.get("key") is not None:
            return False
        draws = op.traits["random"]
        if not callable(draws):
            return True
        bound = op.signature.bind(*n.args, **n.kwargs)
        bound.apply_defaults()
        return bool(draws(bound.arguments))

    return drawing(node) or any(drawing(n) for sub in subgraphs(node) for n in sub.calls())


def source_side(
    obj: Any, framework: str | None, call: Call, train: bool, params_v: Any, *, every_call: bool = False
) -> Source:
    """Capture an object.

    Args:
        obj: a function or a module.
        framework: its dialect, told from it by default.
        call: the arguments.
        train: the mode to capture a module in.
        params_v: variables of a functional module.
        every_call: record calls that have no conversion too.

    Raises:
        ConversionError: if it is neither.
    """
    from ivy.transpiler.api import source_of

    if isinstance(obj, type) or not (callable(obj) or modules.system_of(obj)):
        raise ConversionError(
            f"a {callable_name(obj)} cannot be compared", hint="pass functions or module instances to ivy.compare"
        )
    if isinstance(obj, Transpiled):
        obj, framework = obj.fn, framework or obj.source
    options = CaptureOptions(train=train, mark_unsupported=every_call)
    system = modules.system_of(obj)
    if system is None:
        dialect = framework or source_of(obj)
        own, stage = split_dialect(dialect)
        if stage == "native":
            assert own is not None
            plugin = get_plugin(own)
            graph = plugin.part("capture").capture(obj, *call, options=CaptureOptions(mark_unsupported=every_call))
            return Source(
                obj, callable_name(obj), None, None, graph, get_backend(own), plugin.part("frontend"), call, train
            )
        graph = Pipeline(dialect, "ivy").graph(obj, *call)
        return Source(obj, callable_name(obj), None, None, graph, _backend_of_call(call), None, call, train)
    modules.materialize(obj, system, *call)
    spec = modules.to_spec(obj, system, params_v)
    backend = get_backend(spec.framework) if spec.framework != "ivy" else _backend_of_call(call)
    if spec.takes_key:
        call = (call[0], {**call[1], KEY: backend.module.asarray([0, 1], dtype="uint32")})
    graph = spec.capture(spec.obj, *call, options=options)
    canonical = {".".join(path): p.name for p in spec.params for path in p.aliases}
    for name, node in graph.params.items():
        node.name = canonical.get(name, name)
    graph.params = {n.name: n for n in graph.params.values()}
    graph.updates = {canonical.get(k, k): n for k, n in graph.updates.items()}
    frontend = None if spec.framework == "ivy" else get_plugin(spec.framework).part("frontend")
    return Source(obj, spec.name, system, spec, graph, backend, frontend, call, train)


def _backend_of_call(call: Call) -> Backend:
    for x in arrays_in(call):
        return backend_of(getattr(x, "data", x) if type(x).__module__ == "ivy.array" else x)
    return get_backend("numpy")


@dataclass
class Target:
    """What a source was converted to, with its parameters as they are now.

    Args:
        label: framework or module system.
        backend: of the target's framework.
        params: in the source's layout, by the source's names.
        graph: the generated graph, None where the conversion stops before.
        run: runs what was generated on the target's arrays; gives the output, and updates in the source's layout.
        call: makes the arguments of the generated function.
        turned: whether its images are in another layout than the source's.
        stored: parameters in the target's layout, by the source's names.
        axes: for permuted parameters, the axes from the source's layout to the target's.
    """

    label: str
    backend: Backend
    params: dict[str, Any]
    graph: Graph | None
    run: Callable[[], tuple[Any, dict[str, Any]]] | None
    call: Callable[[], Call]
    turned: bool = False
    stored: dict[str, Any] = field(default_factory=dict)
    axes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def restore(self, name: str, x: Any) -> Any:
        """Bring one of the target's arrays to NumPy in the source's layout."""
        found = host(x, self.backend)
        return found.transpose(inverse(self.axes[name])) if name in self.axes else found


def conversion_of(obj: Any) -> Conversion | None:
    """Return what a converted module of any system runs on, None for anything else."""
    for name in ("_ivy", "conversion"):
        held = getattr(obj, name, None)
        held = getattr(held, "conversion", held)
        if isinstance(held, Conversion):
            return held
    return None


def target_side(obj: Any, source: Source, params_v: Any) -> Target | None:
    """Describe a converted function or module; None if it was not converted from the source's framework."""
    conversion = conversion_of(obj)
    if isinstance(obj, Transpiled):
        return _function_target(obj, source) if obj.source == source.graph.dialect else None
    if conversion is None or conversion.spec.framework != source.graph.dialect:
        return None
    return _module_target(obj, conversion, source, params_v)


def _calls(source: Source, pipeline: Pipeline, backend: Backend) -> Callable[[], Call]:
    """Return what makes the arguments of a generated function, with images in its caller's layout."""
    layout = pipeline.layout
    if layout is None:
        return lambda: on_backend(source.call, backend)
    lowered = source.graph
    if source.frontend is not None:
        lowered = to_ivy(lowered, source.frontend, evaluator_for(backend.name), problems=Problems(backend.name))
    places, _ = images(lowered, layout)
    other = LAYOUTS[1 - LAYOUTS.index(layout)]

    def call() -> Call:
        leaves, spec = flatten(on_backend(source.call, backend))
        arrays = [i for i, x in enumerate(leaves) if is_array_leaf(x)]
        for i in (arrays[n] for n in places):
            leaves[i] = backend.module.permute_dims(leaves[i], from_caller(other, len(leaves[i].shape)))
        args, kwargs = unflatten(spec, leaves)
        return args, kwargs

    return call


def _function_target(obj: Transpiled, source: Source) -> Target:
    pipeline = obj.pipeline
    framework = pipeline.target_framework or source.backend.name
    backend = get_backend(framework)
    call = _calls(source, pipeline, backend)
    args, kwargs = call()
    graph = obj.trace(*args, **kwargs)
    held = obj.held(graph)
    params = {**source.params(backend), **{name: taken(x, backend) for name, x in held.items()}}
    target = Target(obj.target, backend, params, graph, None, call, pipeline.layout is not None, stored=held)
    if pipeline.target_stage == "frontend":
        target.graph = None
        if not graph.updates:  # the call would keep them
            target.run = lambda: (obj(*call()[0], **call()[1]), {})
        return target

    def run() -> tuple[Any, dict[str, Any]]:
        args, kwargs = call()
        given = {name: taken(x, backend) for name, x in obj.held(graph).items()}
        return obj.specialiser.run(args, kwargs, params=given)

    target.run = run
    return target


def _module_target(obj: Any, conversion: Conversion, source: Source, params_v: Any) -> Target:
    pipeline = conversion.pipeline
    framework = pipeline.target_framework or conversion.spec.framework
    spec = modules.to_spec(obj, params_v=params_v)
    arrays = spec.arrays()
    own = replace(conversion.spec, params=tuple(conversion.params.values()))
    places = {p.name: found.name for p, found, _ in paired(spec, own) if found is not None}
    backend = get_backend(framework)
    stored = {name: taken(arrays[b], backend) for name, b in places.items()}
    axes = {name: how[3] for name, how in conversion.stored.items()}
    params = {}
    for name in source.graph.params:
        if name in stored:
            perm = inverse(axes[name]) if name in axes else None
            params[name] = transfer(stored[name], backend, perm)
    label = f"ivy.Module on {framework}" if getattr(type(obj), "__ivy_module__", False) else spec.system
    call = _calls(source, pipeline, backend)
    target = Target(label, backend, params, None, None, call, pipeline.layout is not None, stored=stored, axes=axes)

    def run() -> tuple[Any, dict[str, Any]]:
        args, kwargs = call()
        given = {name: taken(x, backend) for name, x in stored.items()}
        out, updates = conversion.run(given, args, kwargs, train=source.train, rng=_key_of(backend))
        return out, {name: target.restore(name, x) for name, x in updates.items()}

    if pipeline.target_stage != "frontend":
        args, kwargs = call()
        target.graph = conversion.prepare(args, kwargs, source.train)
    target.run = run
    return target


def _key_of(backend: Backend) -> Callable[[], Any]:
    return lambda: backend.module.asarray([0, 1], dtype="uint32")


def generated_values(source: Source, target: Target) -> dict[int, list[tuple[Node, list[Any]]]]:
    """Run a generated graph call by call.

    Returns:
        For each node of the source's graph, the generated calls that it became, with their results in NumPy form.
    """
    graph, backend = target.graph, target.backend
    assert graph is not None
    found: dict[int, list[tuple[Node, list[Any]]]] = {}
    own = {id(n) for n in graph.nodes}

    def after(node: Node, result: Any) -> Any:
        if id(node) in own and "origin" in node.meta:
            values = [host(x, backend) for x in arrays_in(result)]
            found.setdefault(node.meta["origin"], []).append((node, values))
        return result

    args, kwargs = target.call()
    env: dict[int, Any] = {}
    if graph.rng is not None:
        env[id(graph.rng)] = _key_of(backend)()
    interpret(
        graph,
        arrays_in((args, {k: x for k, x in kwargs.items() if k != KEY})),
        {name: taken(x, backend) for name, x in target.stored.items()},
        resolve=native_calls(backend),
        const=lambda n: taken(n.value, backend),
        after=after,
        env=env,
    )
    return found
