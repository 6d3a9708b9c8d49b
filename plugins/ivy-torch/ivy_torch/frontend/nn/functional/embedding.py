"""Look-ups in tables."""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.errors import UnsupportedCall, UnsupportedOpError
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.promotion import cast


def renormed(weight: Any, indices: Any, max_norm: float, norm_type: float) -> Any:
    """Return the table with those rows that are looked up shrunk to at most `max_norm`."""
    from ivy_torch.frontend.norms import vector_norm

    size = vector_norm(weight, norm_type, -1, True)
    used = ops.zeros((weight.shape[0],), dtype="int64")
    used = ops.add_at(used, ops.reshape(indices, (-1,)), 1)
    shrink = ops.logical_and(ops.expand_dims(ops.greater(used, 0), axis=1), ops.greater(size, max_norm))
    return ops.where(shrink, ops.multiply(weight, ops.divide(max_norm, ops.add(size, 1e-7))), weight)


@api("F.embedding", writes=("weight",))
def embedding(
    input: Any,
    weight: Any,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Any:
    new = None
    if max_norm is not None:
        new = weight = renormed(weight, input, max_norm, norm_type)
    found = ops.embedding(weight, input)
    if scale_grad_by_freq:  # the gradient is divided by how often the index comes
        flat = ops.reshape(input, (-1,))
        often = ops.add_at(ops.zeros((weight.shape[0],), dtype=dtype_of(weight)), flat, 1.0)
        share = ops.expand_dims(ops.reciprocal(ops.take(often, input, axis=0)), axis=-1)
        kept = ops.multiply(found, share)
        found = ops.add(kept, ops.stop_gradient(ops.subtract(found, kept)))
    if padding_idx is not None:  # that row gets no gradient
        row = padding_idx % weight.shape[0]
        padded = ops.expand_dims(ops.equal(input, row), axis=-1)
        found = ops.where(padded, ops.stop_gradient(found), found)
    return found, new


@api("embedding")
def torch_embedding(
    weight: Any, indices: Any, padding_idx: int = -1, scale_grad_by_freq: bool = False, sparse: bool = False
) -> Any:
    return embedding(indices, weight, None if padding_idx < 0 else padding_idx, None, 2.0, scale_grad_by_freq)[0]


@api("F.embedding_bag", writes=("weight",))
def embedding_bag(
    input: Any,
    weight: Any,
    offsets: Any = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Any:
    new = None
    if max_norm is not None:
        new = weight = renormed(weight, input, max_norm, norm_type)
    if padding_idx is not None and padding_idx < 0:
        padding_idx += weight.shape[0]
    found = ops.embedding_bag(
        weight,
        input,
        offsets,
        per_sample_weights,
        mode=mode,
        include_last_offset=include_last_offset,
        padding_idx=padding_idx,
    )
    return found, new


@api("F.one_hot")
def one_hot(tensor: Any, num_classes: int = -1) -> Any:
    depth = int(num_classes)
    if depth == -1:
        depth = int(ops.max(tensor)) + 1  # a value: asks for a concrete tensor
    return ops.one_hot(tensor, depth, dtype="int64")


@api("embedding_renorm", "Tensor.embedding_renorm")
def embedding_renorm(input: Any, indices: Any, max_norm: float, norm_type: float) -> Any:
    return renormed(input, indices, max_norm, norm_type)


@api("segment_reduce", "_segment_reduce")
def segment_reduce(
    data: Any,
    reduce: str,
    *,
    lengths: Any = None,
    indices: Any = None,
    offsets: Any = None,
    axis: int = 0,
    unsafe: bool = False,
    initial: Any = None,
) -> Any:
    if lengths is None and offsets is None:
        raise UnsupportedOpError([UnsupportedCall("torch.segment_reduce(indices=)")], source="torch")
    if offsets is None:
        ends = ops.cumulative_sum(lengths, axis=-1)
        starts = ops.subtract(ends, lengths)
    else:
        starts = ops.get_item(offsets, (..., slice(None, -1)))
        ends = ops.get_item(offsets, (..., slice(1, None)))
    x = ops.moveaxis(data, axis, len(starts.shape) - 1) if axis != len(starts.shape) - 1 else data
    n, k = x.shape[axis], len(starts.shape) - 1
    at = ops.arange(n, dtype="int64")
    mine = ops.logical_and(
        ops.greater_equal(at, ops.expand_dims(starts, axis=-1)), ops.less(at, ops.expand_dims(ends, axis=-1))
    )  # (..., segments, n)
    rest = (1,) * (len(x.shape) - k - 1)
    mask = ops.reshape(mine, (*mine.shape, *rest))
    rows = ops.expand_dims(x, axis=k)
    start = {"sum": 0.0, "mean": 0.0, "prod": 1.0, "max": float("-inf"), "min": float("inf")}[reduce]
    picked = ops.where(mask, rows, ops.full_like(rows, start))
    f = {"sum": ops.sum, "mean": ops.sum, "prod": ops.prod, "max": ops.max, "min": ops.min}[reduce]
    out = f(picked, axis=k + 1)
    count = cast(ops.subtract(ends, starts), dtype_of(out))
    count = ops.reshape(count, (*count.shape, *rest))
    if initial is not None:
        pair = {"sum": ops.add, "mean": ops.add, "prod": ops.multiply, "max": ops.maximum, "min": ops.minimum}[reduce]
        out = pair(out, float(initial))
    if reduce == "mean":
        empty = float("nan") if initial is None else float(initial)
        out = ops.where(ops.equal(count, 0.0), empty, ops.divide(out, ops.maximum(count, 1.0)))
    return out
