"""Operations that are not simply calls of their raw op: constants, shapes, what only steers execution, and the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from ivy.graph.aval import Aval
from ivy.graph.node import Node
from ivy_tensorflow.capture import private
from ivy_tensorflow.capture.control import CONTROL
from ivy_tensorflow.capture.lists import LISTS
from ivy_tensorflow.capture.parts import record_part
from ivy_tensorflow.capture.recorder import Lit, Recorder, Value
from ivy_tensorflow.capture.variables import VARIABLES

__all__ = ["STRUCTURED", "VALUED"]

Structured = Callable[[Recorder, Any, "list[Any]"], "list[Any] | None"]

_SMALL = 4096


def _constant(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    value = tf.make_ndarray(op.get_attr("value"))
    return [Lit(value) if value.size <= _SMALL else r.const(value, (op.graph, op.name), op.name.rpartition("/")[2])]


def _same(r: Recorder, op: Any, ins: list[Any]) -> list[Any]:
    """Return the operands of an operation that only steers execution."""
    return ins[: len(op.outputs)]


def _dropped(r: Recorder, op: Any, ins: list[Any]) -> list[Any]:
    r.warn(f"{op.type} is left out of the captured graph")
    return []


def _shape(measure: Callable[[tuple[int, ...]], Any]) -> Structured:
    def record(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
        shapes = [r.shape_of(v) for v in ins]
        if None in shapes:
            return None
        return [
            Lit(np.asarray(measure(s or ()), t.dtype.as_numpy_dtype)) for s, t in zip(shapes, op.outputs, strict=True)
        ]

    return record


def _strided_slice(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    """Take one number out of a vector that was put together from numbers."""
    parts = r.packed.get(id(ins[0]))
    if parts is None or not all(isinstance(v, Lit) for v in ins[1:]):
        return None
    begin = ins[1].value
    if len(begin) == 1 and op.get_attr("shrink_axis_mask") == 1 and not op.get_attr("begin_mask"):
        part = parts[int(begin[0])]
        return [part if isinstance(part, Node) else Lit(np.asarray(part, op.outputs[0].dtype.as_numpy_dtype))]
    return None


VALUED = {
    "Range": "size",
    "DenseBincount": "size",
    **dict.fromkeys(("Where", "Unique", "UniqueV2", "UniqueWithCounts", "UniqueWithCountsV2"), "size"),
    **dict.fromkeys((f"Segment{kind}" for kind in ("Sum", "Prod", "Max", "Min", "Mean")), "num_segments"),
}
"""Operations whose result's length depends on values, and the argument by which the frontend is told it."""


def _sized(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    """Record an operation whose result's length depends on values; the length found is guarded."""
    shapes = r.sizes.get(op.name)
    if op.type.startswith("Segment") and isinstance(ins[1], Lit):
        count = int(np.max(ins[1].value, initial=-1)) + 1
        data = r.node(ins[0])
        out = Aval((count, *data.aval.shape[1:]), data.aval.dtype)
        return [r.call(op.type, {**r.arguments(op, [data, ins[1]]), "num_segments": count}, out)]
    known = all(private.aval_of_tensor(t) is not None for t in op.outputs)
    if shapes is None or known or not all(isinstance(v, (Node, Lit)) for v in ins):
        return None
    size = int(r.reads.take(int, shapes[0][0])) if r.outer is None else shapes[0][0]
    if size != shapes[0][0]:
        shapes = [shape if i == 1 else (size, *shape[1:]) for i, shape in enumerate(shapes)]  # 1: an inverse's
    avals = tuple(Aval(shape, private.dtype_of_tf(t.dtype)) for shape, t in zip(shapes, op.outputs, strict=True))
    kwargs = r.arguments(op, ins)
    count_node = r.call("CountOf" + op.type, dict(kwargs), Aval((), private.dtype_of_tf(tf.int32)))
    r.graph.nodes.append(Node("guard", args=(count_node, size), loc=r.loc, scope=r.scope))
    node = r.call(op.type, {**kwargs, VALUED[op.type]: size}, avals if len(avals) > 1 else avals[0])
    return list(r.parts(node)) if len(avals) > 1 else [node]


def _integers(r: Recorder, op: Any, ins: list[Any]) -> list[Value] | None:
    """Record a draw of integers with its dtype, which TensorFlow takes from the bounds."""
    seeded = VARIABLES.get(op.type, lambda *_: None)(r, op, ins)
    return seeded or r.emit(op, ins, dtype=private.plain(op.outputs[0].dtype))


_TRANSPARENT = "Identity EnsureShape PreventGradient Snapshot GuaranteeConst PlaceholderWithDefault"
_CHECKS = "CheckNumerics CheckNumericsV2 DebugIdentityV2 DebugIdentityV3 Print Assert"


def _check(r: Recorder, op: Any, ins: list[Any]) -> list[Any]:
    """Leave out a check of values, or a print, that is between a value and its use."""
    r.root.graph.note("ignored", f"tf.{op.type}", "values are not looked at in the converted code", r.loc)
    return ins[: len(op.outputs)]


STRUCTURED: dict[str, Structured] = {
    **dict.fromkeys(("PyFunc", "PyFuncStateless"), record_part),
    "Const": _constant,
    "NoOp": lambda r, op, ins: [],
    **dict.fromkeys(_CHECKS.split(), _check),
    "PrintV2": _dropped,
    "StringFormat": lambda r, op, ins: [Lit(np.asarray(b""))],
    "Shape": _shape(lambda s: s),
    "ShapeN": _shape(lambda s: s),
    "Size": _shape(lambda s: int(np.prod(s, dtype=np.int64))),
    "Rank": _shape(len),
    "StridedSlice": _strided_slice,
    **dict.fromkeys(_TRANSPARENT.split(), _same),
    **dict.fromkeys(("RandomUniformInt", "StatelessRandomUniformInt", "StatelessRandomUniformIntV2"), _integers),
    **dict.fromkeys(VALUED, _sized),
    **CONTROL,
    **LISTS,
    **{op: record for op, record in VARIABLES.items() if not op.endswith(("UniformInt", "UniformIntV2"))},
}
