"""Channel layout: run the spatial part of a network with its channels last.

Compilers such as XLA transpose channels-first data around every convolution. This pass interprets the graph on values
that know both of their forms and turns a value only where something insists on the other form, so that a whole
convolutional network is left with a handful of transposes. The caller's layout at the boundary does not change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ivy.backend import scope
from ivy.functional.registry import OPS, Op
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.interpret import interpret, ivy_op
from ivy.graph.node import Node, map_nested
from ivy.graph.parts import PART, part
from ivy.tracer.evaluate import Evaluator
from ivy.tracer.trace import Trace, TracedArray

__all__ = ["channels_last", "keeps_layout", "to_first", "to_last"]

_SPATIAL = {"ivy.conv", "ivy.conv_transpose"}
_ELEMENTWISE_CHAPTERS = {"arithmetic", "comparison", "transcendental", "special"}
_ELEMENTWISE = {
    "where", "astype", "stop_gradient", "dropout", "copy", "clip",
    "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "sigmoid", "log_sigmoid", "hard_sigmoid",
    "hard_swish", "hard_tanh", "softplus", "softsign", "mish", "tanhshrink", "softshrink", "hardshrink", "threshold",
}  # fmt: skip
_REDUCTIONS = {"sum", "mean", "max", "min", "prod", "std", "var", "any", "all", "logsumexp", "count_nonzero"}
_KEEPING = {
    "batch_norm", "batch_norm_train", "layer_norm", "group_norm", "instance_norm", "prelu", "concat", "split", "pad",
    "get_item", "set_item", "zeros_like", "ones_like", "full_like",
}  # fmt: skip
_ALONG = {"softmax", "log_softmax", "cumulative_sum", "cumulative_prod", "flip", "roll", "glu", "l2_normalize"}


def channels_last(graph: Graph, evaluator: Evaluator) -> Graph:
    """Rewrite the channels-first spatial ops of a graph to channels-last ones.

    Args:
        graph: a graph in the ivy dialect.
        evaluator: gives shapes and dtypes.

    Returns:
        An equivalent graph; the same one if it has no channels-first convolution.
    """
    if not any(
        n.fn in _SPATIAL and n.kwargs.get("data_format", "channels_first") == "channels_first" for n in graph.nodes
    ):
        return graph
    trace = Trace(evaluator, name=graph.name)
    env: dict[int, Any] = {}
    current: list[Node] = []

    def before(node: Node) -> None:
        trace.loc, trace.module_path = node.loc, node.scope
        current[:] = [node]

    def resolve(path: str) -> Callable[..., Any]:
        if path == PART:  # a part takes and gives what the source's does
            return lambda callee, native, *arrays: _wrapped(part(callee, native, *[x.first for x in arrays]))
        op = OPS[path.removeprefix("ivy.")]
        return lambda *args, **kwargs: _call(op, args, kwargs)

    def after(node: Node, result: Any) -> Any:
        value = None
        if isinstance(result, _Value):
            value = result._first if result._last is None else result._last
        if value is not None and node.kind == "call" and value.node.kind == "call":
            value.node.name = node.name
            value.node.meta.update(node.meta)
        return result

    def make(traced: TracedArray, node: Node) -> _Value:
        traced.node.meta = dict(node.meta)
        return _Value(traced)

    inputs = [make(trace.input(n.name, n.aval), n) for n in graph.inputs]
    params = {k: make(trace.param(k, n.aval, n.value), n) for k, n in graph.params.items()}
    with scope(trace):
        output = interpret(
            graph,
            inputs,
            params,
            resolve=resolve,
            before=before,
            after=after,
            env=env,
            const=lambda n: _Value(trace.const(n.value, n.name)),
            guard=lambda n, v: trace.guard(v.first, n.args[1]),
        )
        new = trace.graph
        new.output = map_nested(output, _final)
        new.updates = {k: _final(env[id(n)]) for k, n in graph.updates.items()}
        new.mutated = {k: _final(env[id(n)]) for k, n in graph.mutated.items()}
    new.rebuild, new.strided, new.sized, new.kept = graph.rebuild, graph.strided, graph.sized, graph.kept
    from ivy.graph.passes.cleanup import eliminate_common, eliminate_dead

    return eliminate_dead(eliminate_common(new))


def keeps_layout(node: Node) -> bool:
    """Tell whether the result of a call has its channels where the operand of the same rank has them."""
    op = OPS.get(node.fn.removeprefix("ivy."))
    return op is not None and (
        op.name in _ELEMENTWISE
        or op.chapter in _ELEMENTWISE_CHAPTERS
        or op.name in _ALONG
        or op.name in _REDUCTIONS
        or op.name in _KEEPING
        or "data_format" in op.signature.parameters
    )


class _Value:
    """An array in one or both forms; the missing one is made when something asks for it."""

    __slots__ = ("_first", "_last", "_spare", "aval")

    def __init__(
        self, first: TracedArray | None = None, last: TracedArray | None = None, spare: TracedArray | None = None
    ) -> None:
        self._first, self._last = first, last
        self._spare = spare  # the other form, which exists but is no reason to prefer it
        if first is not None:
            self.aval: Aval = first.aval
        else:
            assert last is not None
            self.aval = Aval(_moved(last.shape, to_first(last.ndim)), last.aval.dtype)

    @property
    def ndim(self) -> int:
        return len(self.aval.shape)

    @property
    def is_last(self) -> bool:
        return self._last is not None

    @property
    def first(self) -> TracedArray:
        if self._first is None:
            assert self._last is not None
            self._first = _turn(self._last, to_first(self.ndim))
        return self._first

    @property
    def last(self) -> TracedArray:
        if self._last is None:
            assert self._first is not None
            self._last = _turn(self._first, to_last(self.ndim)) if self._spare is None else self._spare
        return self._last


def to_last(n: int) -> tuple[int, ...]:
    """Return the axes that bring an image of n axes from channels first to channels last."""
    return (0, *range(2, n), 1)


def to_first(n: int) -> tuple[int, ...]:
    """Return the axes that bring an image of n axes from channels last to channels first."""
    return (0, n - 1, *range(1, n - 1))


def _moved(shape: Sequence[int], axes: Sequence[int]) -> tuple[int, ...]:
    return tuple(shape[a] for a in axes)


def _turn(x: TracedArray, axes: tuple[int, ...]) -> TracedArray:
    order = [a for a in axes if x.shape[a] != 1]
    if order == sorted(order):  # only axes of size one move: no data does
        return ivy_op("ivy.reshape")(x, _moved(x.shape, axes))
    return ivy_op("ivy.permute_dims")(x, axes)


def _final(x: Any) -> Any:
    return x.first.node if isinstance(x, _Value) else x


def _call(op: Op, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    found: list[_Value] = []
    map_nested((args, kwargs), lambda v: found.append(v) if isinstance(v, _Value) else None)
    rule = _rule(op)
    if rule is not None and found:
        bound = op.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        result = rule(op, bound, found)
        if result is not NotImplemented:
            return result

    def first(v: Any) -> Any:
        if isinstance(v, _Value):
            return v.first
        if callable(v) and op.traits.get("subgraphs"):
            return _plain_callable(v)
        return v

    return _wrapped(op.public(*map_nested(args, first), **map_nested(kwargs, first)))


def _plain_callable(f: Callable[..., Any]) -> Callable[..., Any]:
    """Let a sub-graph's interpreter work on values while the tracer passes it traced arrays."""

    def call(*args: Any) -> Any:
        result = f(*map_nested(args, lambda v: _Value(v) if isinstance(v, TracedArray) else v))
        return map_nested(result, lambda v: v.first if isinstance(v, _Value) else v)

    return call


def _wrapped(result: Any) -> Any:
    return map_nested(result, lambda v: _Value(v) if isinstance(v, TracedArray) else v)


def _rule(op: Op) -> Callable[..., Any] | None:
    if op.name in ("conv", "conv_transpose"):
        return _convolution
    if op.name in _SPECIAL:
        return _SPECIAL[op.name]
    if "data_format" in op.signature.parameters:
        return _spatial
    if op.name in _ELEMENTWISE or op.chapter in _ELEMENTWISE_CHAPTERS:
        return _elementwise
    if op.name in _REDUCTIONS:
        return _reduction
    if op.name in _ALONG:
        return _along
    return None


def _run(op: Op, bound: Any, **changes: Any) -> Any:
    arguments = dict(bound.arguments)
    arguments.update(changes)
    positional, keywords = [], {}
    for name, parameter in op.signature.parameters.items():
        value = map_nested(arguments[name], lambda v: v.first if isinstance(v, _Value) else v)
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional.extend(value)
        elif parameter.kind is parameter.KEYWORD_ONLY:
            if value is not parameter.default:
                keywords[name] = value
        else:
            positional.append(value)
    while positional and list(op.signature.parameters.values())[len(positional) - 1].default is positional[-1]:
        positional.pop()
    return op.public(*positional, **keywords)


def _lasts(result: Any) -> Any:
    return map_nested(result, lambda v: _Value(last=v) if isinstance(v, TracedArray) and v.ndim >= 3 else _wrapped(v))


def _convolution(op: Op, bound: Any, found: list[_Value]) -> Any:
    if bound.arguments["data_format"] != "channels_first" or found[0].ndim < 3:
        return NotImplemented
    return _lasts(_run(op, bound, x=found[0].last, data_format="channels_last"))


def _spatial(op: Op, bound: Any, found: list[_Value]) -> Any:
    x = found[0]
    if bound.arguments["data_format"] != "channels_first" or not x.is_last or op.name in ("grid_sample", "fold"):
        return NotImplemented
    if op.name.endswith("_with_indices"):
        return NotImplemented  # the indices count in the channels-first plane order all the same, but let torch decide
    return _lasts(_run(op, bound, x=x.last, data_format="channels_last"))


def _elementwise(op: Op, bound: Any, found: list[_Value]) -> Any:
    n = max(v.ndim for v in found)
    if n < 3 or not any(v.is_last and v.ndim == n for v in found):
        return NotImplemented
    full = max(v.aval.size for v in found)
    turned = [v for v in found if not v.is_last and v.aval.size == full and v.ndim == n and full > 1]
    if len(turned) > sum(v.is_last for v in found):
        return NotImplemented

    def last(v: Any) -> Any:
        if not isinstance(v, _Value):
            return v
        if v.ndim == n:
            return v.last
        if v.ndim == 0 or v.aval.size == 1:
            return v.first
        if v.ndim == 1:  # broadcasts along the last spatial axis
            return ivy_op("ivy.reshape")(v.first, (v.aval.shape[0], 1))
        return _turn(ivy_op("ivy.reshape")(v.first, (1,) * (n - v.ndim) + v.aval.shape), to_last(n))

    arguments = {k: map_nested(v, last) for k, v in bound.arguments.items()}
    return _lasts(_run(op, bound, **arguments))


def _axes_last(axis: Any, n: int) -> Any:
    if axis is None:
        return None
    if isinstance(axis, (tuple, list)):
        return tuple(_axes_last(a, n) for a in axis)
    return to_last(n).index(axis % n)


def _reduction(op: Op, bound: Any, found: list[_Value]) -> Any:
    x = found[0]
    axis, n = bound.arguments.get("axis"), x.ndim
    if not x.is_last or n < 3 or axis is None or len(found) > 1:
        return NotImplemented
    axes = tuple(a % n for a in (axis if isinstance(axis, (tuple, list)) else (axis,)))
    if bound.arguments.get("keepdims"):
        return _lasts(_run(op, bound, x=x.last, axis=_axes_last(axis, n)))
    remaining = [a for a in to_last(n) if a not in axes]
    if remaining != sorted(remaining):
        return NotImplemented
    return _wrapped(_run(op, bound, x=x.last, axis=_axes_last(axis, n)))


def _along(op: Op, bound: Any, found: list[_Value]) -> Any:
    x = found[0]
    if not x.is_last or bound.arguments.get("axis") is None or len(found) > 1:
        return NotImplemented
    return _lasts(_run(op, bound, x=x.last, axis=_axes_last(bound.arguments["axis"], x.ndim)))


def _norm(op: Op, bound: Any, found: list[_Value]) -> Any:
    x = found[0]
    axis = bound.arguments["axis"]
    if not x.is_last or axis % x.ndim != 1:
        return NotImplemented
    return _lasts(_run(op, bound, x=x.last, axis=-1))


def _norm_over(op: Op, bound: Any, found: list[_Value]) -> Any:
    x, axes = found[0], bound.arguments["axes"]
    axes = (axes,) if isinstance(axes, int) else tuple(axes)
    if not x.is_last or len(axes) != 1:  # what scales several axes would have to turn as well
        return NotImplemented
    return _lasts(_run(op, bound, x=x.last, axes=_axes_last(axes[0], x.ndim)))


def _prelu(op: Op, bound: Any, found: list[_Value]) -> Any:
    return _norm(op, bound, found)


def _concat(op: Op, bound: Any, found: list[_Value]) -> Any:
    n = found[0].ndim
    axis = bound.arguments["axis"]
    weight = sum(v.aval.size if v.is_last else -v.aval.size for v in found)
    if n < 3 or weight <= 0 or axis is None or any(v.ndim != n for v in found):
        return NotImplemented
    arrays = [v.last for v in bound.arguments["arrays"]]
    return _lasts(_run(op, bound, arrays=arrays, axis=_axes_last(axis, n)))


def _split(op: Op, bound: Any, found: list[_Value]) -> Any:
    x = found[0]
    if not x.is_last or len(found) > 1:
        return NotImplemented
    return _lasts(_run(op, bound, x=x.last, axis=_axes_last(bound.arguments["axis"], x.ndim)))


def _pad(op: Op, bound: Any, found: list[_Value]) -> Any:
    x = found[0]
    if not x.is_last or x.ndim < 3:
        return NotImplemented
    widths = [tuple(bound.arguments["pad_width"][a]) for a in to_last(x.ndim)]
    return _lasts(_run(op, bound, x=x.last, pad_width=widths))


def _permute(op: Op, bound: Any, found: list[_Value]) -> Any:
    x, n = found[0], found[0].ndim
    axes = tuple(a % n for a in bound.arguments["axes"])
    if n < 3:
        return NotImplemented
    if x.is_last and axes == to_last(n):
        return _Value(x.last)
    if axes == to_first(n) and not x.is_last:
        if n == 3:  # as well features and tokens that change places as channels
            return _Value(_run(op, bound), spare=x.first)
        return _Value(last=x.first)
    if not x.is_last or x._first is not None:
        return NotImplemented
    return _Value(_turn(x.last, tuple(to_last(n).index(a) for a in axes)))


def _get_item(op: Op, bound: Any, found: list[_Value]) -> Any:
    x, key = found[0], bound.arguments["key"]
    key = key if isinstance(key, tuple) else (key,)
    if len(found) > 1 or not x.is_last or not all(type(k) is slice or k is Ellipsis for k in key):
        return NotImplemented
    if Ellipsis in key:
        at = key.index(Ellipsis)
        key = (*key[:at], *[slice(None)] * (x.ndim - len(key) + 1), *key[at + 1 :])
    key = (*key, *[slice(None)] * (x.ndim - len(key)))
    return _lasts(_run(op, bound, x=x.last, key=_moved(key, to_last(x.ndim))))


def _flat(op: Op, bound: Any, found: list[_Value]) -> Any:
    x = found[0]
    if not x.is_last or any(d != 1 for d in x.aval.shape[2:]):
        return NotImplemented
    return _wrapped(_run(op, bound, x=x.first))


_SPECIAL: dict[str, Callable[..., Any]] = {
    "batch_norm": _norm,
    "batch_norm_train": _norm,
    "layer_norm": _norm_over,
    "rms_norm": _norm_over,
    "prelu": _prelu,
    "concat": _concat,
    "split": _split,
    "pad": _pad,
    "permute_dims": _permute,
    "get_item": _get_item,
    "reshape": _flat,
}
