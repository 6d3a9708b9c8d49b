"""PaddlePaddle code to a graph: the function is traced to a PIR program, and its operators are recorded.

Only shapes and dtypes of the inputs count, so they may be arrays of any framework. What is no array is static. Python
``if``, ``while`` and ``for`` over tensors stay dynamic, as under ``paddle.jit.to_static``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ivy.backend import get_backend, is_native_array, scope
from ivy.dtypes import as_dtype
from ivy.errors import CaptureError
from ivy.graph.aval import Aval, aval_of
from ivy.graph.containers import flatten, is_plain, unflatten
from ivy.graph.graph import Graph
from ivy.graph.interpret import interpret
from ivy.graph.kept import EMPTY
from ivy.graph.node import Node, refs
from ivy.transpiler.keeping import noted
from ivy.transpiler.names import argument_names, callable_name
from ivy.transpiler.reads import Reader, Reads, UnknownValue
from ivy_paddle import frontend
from ivy_paddle.capture.recorder import Recorder
from ivy_paddle.capture.replay import native_function
from ivy_paddle.capture.state import LayerState
from ivy_paddle.capture.tracing import Traced, is_library, layers_of, trace
from ivy_paddle.layers import own_tensors, parts
from ivy_paddle.loading import paddle

__all__ = ["LayerState", "capture", "native_function"]


def capture(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], *, options: Any = None) -> Graph:
    """Record a function of paddle tensors, or a layer.

    Args:
        fn: a function, method, `paddle.nn.Layer` or function under ``paddle.jit.to_static``.
        args: positional arguments; arrays of any framework or `Aval`s where the graph has inputs.
        kwargs: keyword arguments, likewise.
        options: `ivy.transpiler.options.CaptureOptions`.

    Returns:
        A graph in the dialect ``"paddle"`` whose nodes call ``paddle._C_ops``.

    Raises:
        DataDependentError: if the function asks for a tensor's value in a way that cannot stay dynamic.
        CaptureError: if it does not run on symbolic values for another reason.
    """
    method = getattr(options, "method", None)
    fn = fn if method is None else getattr(fn, method)
    try:
        return _captured(fn, args, kwargs, options, None)
    except Exception as error:
        first = error
    reader = Reader(getattr(options, "answers", ()), lambda value: None, is_library)
    try:
        return _captured(fn, args, kwargs, options, reader)
    except UnknownValue:
        raise
    except Exception:
        raise first from first.__cause__


def _captured(
    fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], options: Any, reader: Reader | None
) -> Graph:
    """Capture with Python's ``if`` and loops converted, or, with a `reader`, as code that is written to run eagerly."""
    leaves, spec = flatten((tuple(args), dict(kwargs)))
    named = fn.forward if isinstance(fn, paddle.nn.Layer) else fn
    names = argument_names(named, tuple(args), kwargs)
    arrays = {i: (names[i], _aval(x)) for i, x in enumerate(leaves) if _is_array(x)}
    kept = getattr(options, "kept", EMPTY)
    seen = arrays
    try:
        traced = trace(fn, leaves, spec, arrays, options, reader)
    except CaptureError as error:
        # A framework without 64-bit integers gives 32-bit ones for what paddle counts in 64, and paddle mixes none.
        seen = {i: (n, _widened(a)) for i, (n, a) in arrays.items()}
        if "Type promotion" not in str(error) or seen == arrays:
            raise
        traced = trace(fn, leaves, spec, seen, options, reader)
    name = callable_name(fn)
    graph = Graph("paddle", name if name.isidentifier() else "graph")
    recorder = Recorder(graph, traced, measure=_measurer(graph, [leaves[i] for i in arrays]))
    recorder.reads = Reads(getattr(options, "answers", ()))
    recorder.traced_for_jit = bool(getattr(options, "traced", False))
    recorder.reads.count = 0 if reader is None else len(reader.made)
    for (text, aval), (_, wanted), value in zip(arrays.values(), seen.values(), traced.inputs, strict=True):
        node = Node("input", text, out=aval)
        graph.inputs.append(node)
        if wanted != aval:
            node = Node("call", text, "paddle._C_ops.cast", (node,), {"dtype": wanted.dtype}, out=wanted)
            graph.nodes.append(node)
        recorder.bind(value, node)
    _add_parameters(graph, recorder, layers_of(fn))
    for (name, value), x in zip(traced.kept.items(), kept.arrays.values(), strict=True):
        meta = {"trainable": False, "buffer": True, "persistent": False, "kept": True}
        node = graph.params[name] = Node("param", name, out=_aval(x), value=x, meta=meta)
        recorder.bind(value, node)
    recorder.block(traced.program.global_block())
    _finish(graph, recorder, traced)
    if reader is not None:
        reader.record(graph, [recorder.read(value) for value, *_ in reader.made])
        if reader.asked is not None:
            raise reader.unknown(graph, recorder.read(reader.asked[0]), _HINT)
    elif any(n.fn == "paddle._C_ops.full_with_tensor" and list(refs(n.kwargs.get("shape"))) for n in graph.nodes):
        raise CaptureError("a shape depends on values")
    _keep(graph, recorder, traced, had=bool(kept))
    recorder.drop_unused()
    return graph


_HINT = "use paddle.where or paddle.static.nn.cond, or an `if` or `while` in a function whose source is there"


def _measurer(graph: Graph, inputs: list[Any]) -> Callable[[Node], Any]:
    """Return a function that computes a node of a graph under way from the inputs' values."""

    def measure(node: Node) -> Any:
        backend = get_backend("paddle")
        graph.output = node
        try:
            with scope(backend):
                values = [frontend.wrap(backend.module.from_foreign(_native(x), copy=True)) for x in inputs]
                params = {name: frontend.wrap(p.value) for name, p in graph.params.items()}
                found = interpret(graph, values, params, resolve=_resolve, const=lambda n: frontend.wrap(n.value))
                return int(frontend.unwrap(found))
        except Exception:  # inputs without values, each framework with its own error
            return None
        finally:
            graph.output = None

    return measure


def _resolve(path: str) -> Callable[..., Any]:
    return lambda *args, **kwargs: frontend.call(path, args, kwargs)


def _widened(aval: Aval) -> Aval:
    return Aval(aval.shape, as_dtype("int64")) if aval.dtype == "int32" else aval


def _is_array(x: Any) -> bool:
    return type(x) is Aval or hasattr(type(x), "__ivy_rank__") or is_native_array(x)


def _native(x: Any) -> Any:
    return getattr(x, "data", x) if type(x).__module__ == "ivy.array" else x


def _aval(x: Any) -> Aval:
    return x if type(x) is Aval else aval_of(_native(x))


def named_tensors(layer: Any, prefix: str = "") -> dict[str, tuple[Any, bool]]:
    """Return a layer's parameters and buffers by every name that they have, with whether each is a buffer."""
    found: dict[str, tuple[Any, bool]] = {}
    lead = f"{prefix}." if prefix else ""
    for path, part in parts(layer):
        for attribute, tensor, is_buffer in own_tensors(part):
            found[lead + ".".join((*path, attribute))] = (tensor, is_buffer)
    return found


def _add_parameters(graph: Graph, recorder: Recorder, layers: Mapping[str, Any]) -> None:
    """Make the nodes of parameters and buffers, also of those that the program does not use."""
    nodes: dict[int, Node] = {}
    for prefix, layer in layers.items():
        for name, (tensor, is_buffer) in named_tensors(layer, prefix).items():
            known = nodes.get(id(tensor))
            if known is not None:
                known.meta["aliases"] = (*known.meta.get("aliases", ()), name)
                continue
            meta = {"trainable": not is_buffer and not tensor.stop_gradient, "buffer": is_buffer}
            aval = Aval(tuple(tensor.shape), as_dtype(str(tensor.dtype)))
            nodes[id(tensor)] = graph.params[name] = Node("param", name, out=aval, value=tensor, meta=meta)
    for key, tensor in recorder.traced.tensors.items():
        node = nodes.get(id(tensor))
        if node is None:
            aval = Aval(tuple(tensor.shape), as_dtype(str(tensor.dtype)))
            node = Node("const", "const", out=aval, value=tensor)
            graph.nodes.append(node)
        recorder.env[key] = node
        recorder.here.add(key)


def _finish(graph: Graph, recorder: Recorder, traced: Traced) -> None:
    """Set the graph's output."""
    flat = []
    for leaf in traced.leaves:
        if isinstance(leaf, paddle.pir.Value):
            flat.append(recorder.read(leaf))
        elif isinstance(leaf, paddle.Tensor):
            flat.append(_constant(graph, recorder, leaf))
        else:
            flat.append(leaf)
    if is_plain(traced.spec):
        graph.output = unflatten(traced.spec, flat)
        return
    spec = traced.spec
    graph.output, graph.rebuild = flat, lambda values: unflatten(spec, values)


def _keep(graph: Graph, recorder: Recorder, traced: Traced, *, had: bool) -> None:
    """Let the graph give the arrays of the state that the call leaves."""
    changes = traced.changes
    assert changes is not None
    for name, x in changes.arrays.items():
        graph.updates[name] = recorder.read(x) if isinstance(x, paddle.pir.Value) else _constant(graph, recorder, x)
    graph.kept = changes.stored(graph, had=had)
    noted(graph, changes)


def _constant(graph: Graph, recorder: Recorder, tensor: Any) -> Node:
    for key, known in recorder.traced.tensors.items():
        if known is tensor:
            return recorder.env[key]
    for node in graph.params.values():
        if node.value is tensor:
            return node
    if not tensor._is_initialized():
        raise CaptureError("the function returns a tensor that has no value")
    node = Node("const", "const", out=Aval(tuple(tensor.shape), as_dtype(str(tensor.dtype))), value=tensor)
    graph.nodes.append(node)
    return node
