"""Order: sorting, the largest elements, searching, distinct elements."""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy.dtypes import int64
from ivy_paddle.frontend.promotion import cast, known
from ivy_paddle.frontend.sizes import runs
from ivy_paddle.frontend.table import api, op


@op("argsort")
def argsort_(x: Any, axis: int = -1, descending: bool = False, stable: bool = False) -> tuple[Any, Any]:
    if not x.shape:
        return x, ops.zeros((), dtype=int64)
    order = ops.argsort(x, axis=axis, descending=descending, stable=True)
    return ops.take_along_axis(x, order, axis=axis), cast(order, int64)


@api("argsort")
def argsort(x: Any, axis: int = -1, descending: bool = False, stable: bool = False) -> Any:
    return argsort_(x, axis, descending)[1]


@api("sort")
def sort(x: Any, axis: int = -1, descending: bool = False, stable: bool = False) -> Any:
    return argsort_(x, axis, descending)[0]


@api("msort")
def msort(input: Any) -> Any:
    return argsort_(input, 0)[0]


@op("topk", also="topk")
def topk(x: Any, k: Any = 1, axis: Any = -1, largest: bool = True, sorted: bool = True) -> tuple[Any, Any]:
    if not x.shape:
        return x, ops.zeros((), dtype=int64)
    values, indices = ops.topk(x, known(k, "k"), axis=-1 if axis is None else axis, largest=largest, sorted=sorted)
    return values, cast(indices, int64)


@op("searchsorted", also="searchsorted")
def searchsorted(sorted_sequence: Any, values: Any, out_int32: bool = False, right: bool = False) -> Any:
    side = "right" if right else "left"
    dtype = "int32" if out_int32 else int64
    if len(sorted_sequence.shape) == 1:
        return cast(ops.searchsorted(sorted_sequence, values, side=side), dtype)
    compare = ops.less_equal if right else ops.less
    below = compare(ops.expand_dims(sorted_sequence, -2), ops.expand_dims(values, -1))
    return cast(ops.sum(cast(below, int64), axis=-1), dtype)


@api("bucketize")
def bucketize(x: Any, sorted_sequence: Any, out_int32: bool = False, right: bool = False) -> Any:
    return searchsorted(sorted_sequence, x, out_int32, right)


@op("unique")
def unique_(
    x: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: Any = None,
    dtype: Any = None,
    is_sorted: bool = True,
    size: int | None = None,
) -> tuple[Any, Any, Any, Any]:
    if axis:
        raise NotImplementedError("unique along an axis")
    flat = ops.reshape(x, (-1,))
    values, *rest = ops.unique_all(flat) if size is None else runs(flat, size)
    indices, inverse, counts = (cast(r, dtype or int64) for r in rest)
    return values, indices, inverse, counts


@api("unique")
def unique(
    x: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: Any = None,
    dtype: Any = "int64",
) -> Any:
    values, *rest = unique_(x, axis=axis, dtype=dtype)
    wanted = [r for r, flag in zip(rest, (return_index, return_inverse, return_counts), strict=True) if flag]
    return (values, *wanted) if wanted else values


@api("isin")
def isin(x: Any, test_x: Any, assume_unique: bool = False, invert: bool = False) -> Any:
    return ops.isin(x, test_x, invert=invert)
