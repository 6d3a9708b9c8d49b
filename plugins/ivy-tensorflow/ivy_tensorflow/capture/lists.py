"""Lists of tensors: `tf.TensorArray`, and what keras' recurrent layers collect.

A list is one array with the elements along a new first axis, which is made when the first element is written and its
shape known. Its length is static: a list that grows in a loop gets its final length before it (`control`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.errors import CaptureError
from ivy.graph.aval import Aval
from ivy.graph.node import Node
from ivy_tensorflow.capture import private
from ivy_tensorflow.capture.recorder import Lit, Recorder, TensorList, Value

__all__ = ["LISTS", "filled", "resized"]


def _known_shape(r: Recorder, value: Any) -> tuple[int, ...] | None:
    """Return an element shape that is given as a tensor, None if it has unknown dimensions."""
    if not isinstance(value, Lit):
        return None
    found = tuple(int(d) for d in np.atleast_1d(value.value))
    return found if value.value.ndim and min(found, default=0) >= 0 else None


def _number(r: Recorder, value: Any, what: str) -> int:
    if not isinstance(value, Lit):
        raise CaptureError(
            f"the {what} of a list of tensors is computed from arrays, so it is not known while capturing",
            where=str(r.loc or ""),
            hint="give tf.TensorArray a size that is a Python number or follows from shapes",
        )
    return int(value.value)


def filled(r: Recorder, value: TensorList) -> Node:
    """Return the array of a list, made of zeros if nothing has been written yet."""
    if value.node is not None:
        return value.node
    if value.shape is None:
        raise CaptureError(
            "a list of tensors is used before anything says the shape of its elements",
            where=str(r.loc or ""),
            hint="give tf.TensorArray an element_shape",
        )
    # not kept in the list: it may be that of an enclosing graph
    kwargs = {"element_shape": value.shape, "num_elements": value.length, "element_dtype": str(value.dtype)}
    return r.call("TensorListReserve", kwargs, _aval(value))


def _aval(value: TensorList) -> Aval:
    assert value.shape is not None
    return Aval((value.length, *value.shape), value.dtype)


def _with(value: TensorList, node: Node, length: int | None = None) -> TensorList:
    return TensorList(value.dtype, value.shape, value.length if length is None else length, node, value.grows)


def _for(value: TensorList, item: Node) -> TensorList:
    """Return the list with the element shape that the first item shows."""
    if value.shape is None:
        return TensorList(value.dtype, tuple(item.aval.shape), value.length, None, value.grows)
    return value


def resized(r: Recorder, value: TensorList, length: int) -> TensorList:
    """Return the list with another length: cut, or with zeros at the end."""
    if length == value.length:
        return value
    if value.node is None:
        return TensorList(value.dtype, value.shape, length, None, value.grows)
    out = Aval((length, *(value.shape or ())), value.dtype)
    return _with(value, r.call("TensorListResize", {"input_handle": value.node, "size": length}, out), length)


def _reserve(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    dtype = private.dtype_of_tf(op.get_attr("element_dtype"))
    length = 0 if op.type == "EmptyTensorList" else _number(r, ins[1], "length")
    return [TensorList(dtype, _known_shape(r, ins[0]), length)]


def _set(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    target, index, item = ins[0], ins[1], r.node(ins[2])
    target = _for(target, item)
    if isinstance(index, Lit) and int(index.value) >= target.length and op.get_attr("resize_if_index_out_of_bounds"):
        target = resized(r, target, int(index.value) + 1)
    kwargs = {
        "input_handle": filled(r, target),
        "index": int(index.value) if isinstance(index, Lit) else r.node(index),
        "item": item,
    }
    return [_with(target, r.call("TensorListSetItem", kwargs, _aval(target)))]


def _get(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    source, index = ins[0], ins[1]
    shape = source.shape if source.shape is not None else _known_shape(r, ins[2])
    source = TensorList(source.dtype, shape, source.length, source.node, source.grows)
    kwargs = {
        "input_handle": filled(r, source),
        "index": int(index.value) if isinstance(index, Lit) else r.node(index),
    }
    return [r.call("TensorListGetItem", kwargs, Aval(tuple(source.shape or ()), source.dtype))]


def _stack(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    source = ins[0]
    if source.shape is None:
        source = TensorList(source.dtype, _known_shape(r, ins[1]), source.length)
    return [filled(r, source)]


def _from_tensor(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    node = r.node(ins[0])
    return [TensorList(node.aval.dtype, tuple(node.aval.shape[1:]), node.aval.shape[0], node)]


def _push(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    item = r.node(ins[1])
    source = _for(ins[0], item)
    grown = TensorList(source.dtype, source.shape, source.length + 1, None)
    kwargs: dict[str, Any] = {"tensor": item}
    if source.length:
        kwargs = {"input_handle": filled(r, source), "tensor": item}
    return [_with(grown, r.call("TensorListPushBack", kwargs, _aval(grown)))]


def _pop(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    source = ins[0]
    if not source.length:
        raise CaptureError("an element is taken from an empty list of tensors", where=str(r.loc or ""))
    shape = tuple(source.shape or ())
    kwargs = {"input_handle": filled(r, source), "index": source.length - 1}
    item = r.call("TensorListGetItem", kwargs, Aval(shape, source.dtype))
    return [resized(r, source, source.length - 1), item]


def _length(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    return [Lit(np.asarray(ins[0].length, np.int32))]


def _element_shape(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    shape = ins[0].shape
    return [Lit(np.asarray(-1 if shape is None else shape, op.outputs[0].dtype.as_numpy_dtype))]


def _gather(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    source, indices = filled(r, ins[0]), r.node(ins[1])
    out = Aval((*indices.aval.shape, *source.aval.shape[1:]), source.aval.dtype)
    return [r.call("GatherV2", {"params": source, "indices": indices, "axis": 0}, out)]


def _scatter(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    tensor, indices = r.node(ins[0]), ins[1]
    length = int(ins[3].value) if len(ins) > 3 and isinstance(ins[3], Lit) else -1
    if length < 0:
        if not isinstance(indices, Lit):
            _number(r, indices, "length")
        length = int(np.max(indices.value)) + 1 if indices.value.size else 0
    out = Aval((length, *tensor.aval.shape[1:]), tensor.aval.dtype)
    kwargs = {"tensor": tensor, "indices": r.node(indices), "num_elements": length}
    return [TensorList(out.dtype, out.shape[1:], length, r.call("TensorListScatterV2", kwargs, out))]


def _scatter_into(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    target, tensor, indices = ins[0], r.node(ins[1]), ins[2]
    if target.shape is None:
        target = TensorList(target.dtype, tuple(tensor.aval.shape[1:]), target.length, None, target.grows)
    if isinstance(indices, Lit) and indices.value.size:
        target = resized(r, target, max(target.length, int(np.max(indices.value)) + 1))
    kwargs = {"input_handle": filled(r, target), "tensor": tensor, "indices": r.node(indices)}
    return [_with(target, r.call("TensorListScatterIntoExistingList", kwargs, _aval(target)))]


def _concat(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    source = ins[0]
    node = filled(r, source)
    first = (source.shape or (0,))[0]
    out = Aval((source.length * first, *(source.shape or ())[1:]), source.dtype)
    lengths = Lit(np.full((source.length,), first, np.int64))
    return [r.call("Reshape", {"tensor": node, "shape": out.shape}, out), lengths]


def _split(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    tensor, lengths = r.node(ins[0]), ins[2]
    sizes = set(lengths.value.tolist()) if isinstance(lengths, Lit) else set()
    if len(sizes) != 1:
        raise CaptureError(
            "a tensor is split into a list of pieces of different lengths",
            where=str(r.loc or ""),
            hint="split it with tf.split",
        )
    (size,), count = sizes, len(lengths.value)
    out = Aval((count, size, *tensor.aval.shape[1:]), tensor.aval.dtype)
    node = r.call("Reshape", {"tensor": tensor, "shape": out.shape}, out)
    return [TensorList(out.dtype, out.shape[1:], count, node)]


def _resize(r: Recorder, op: Any, ins: list[Any]) -> list[Value]:
    return [resized(r, ins[0], _number(r, ins[1], "length"))]


LISTS: dict[str, Any] = {
    "TensorListReserve": _reserve,
    "EmptyTensorList": _reserve,
    "TensorListSetItem": _set,
    "TensorListGetItem": _get,
    "TensorListStack": _stack,
    "TensorListFromTensor": _from_tensor,
    "TensorListPushBack": _push,
    "TensorListPopBack": _pop,
    "TensorListLength": _length,
    "TensorListElementShape": _element_shape,
    "TensorListGather": _gather,
    "TensorListScatter": _scatter,
    "TensorListScatterV2": _scatter,
    "TensorListScatterIntoExistingList": _scatter_into,
    "TensorListConcat": _concat,
    "TensorListConcatV2": _concat,
    "TensorListSplit": _split,
    "TensorListResize": _resize,
}
