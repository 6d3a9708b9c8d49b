"""Operators whose results have a size that depends on values.

A graph is of one size throughout: a capture measures how large a result is and passes that on as `size`, behind a guard
on what ``<operator>_size`` computes. With it the rest is sorting and indexing by position, which any target compiles.
"""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_paddle.frontend.promotion import cast
from ivy_paddle.frontend.table import op

__all__ = ["count", "places", "runs", "unravelled"]


def count(mask: Any) -> Any:
    """Return how often a mask holds."""
    return ops.sum(cast(mask, "int64"), dtype="int64")


def places(mask: Any, size: int) -> Any:
    """Return the flat positions where a mask holds, in order; `size` says how many."""
    flat = cast(ops.reshape(mask, (-1,)), "int32")
    return ops.get_item(ops.argsort(ops.subtract(1, flat), stable=True), slice(0, size))


def unravelled(flat: Any, shape: tuple[int, ...]) -> list[Any]:
    """Return flat positions as one index for each axis."""
    found: list[Any] = []
    for n in reversed(shape):
        found.append(ops.remainder(flat, n))
        flat = ops.floor_divide(flat, n)
    return found[::-1]


def _firsts(x: Any) -> Any:
    """Tell of sorted numbers where each new one starts."""
    changed = ops.not_equal(ops.get_item(x, slice(1, None)), ops.get_item(x, slice(0, -1)))
    return ops.concat([ops.ones((1,), dtype="bool"), changed], axis=0)


def runs(x: Any, size: int) -> tuple[Any, Any, Any, Any]:
    """Return a vector's `size` different values, where they come first, each element's number of them, and counts."""
    n = x.shape[0]
    order = ops.argsort(x, stable=True)
    ordered = ops.take(x, order, axis=0)
    first = _firsts(ordered)
    starts = places(first, size)
    ends = ops.concat([ops.get_item(starts, slice(1, None)), ops.full((1,), n, dtype=dtype_of(starts))], axis=0)
    number = ops.subtract(ops.cumulative_sum(cast(first, "int64"), axis=0), 1)
    inverse = ops.take(number, ops.argsort(order, stable=True), axis=0)
    return ops.take(ordered, starts, axis=0), ops.take(order, starts, axis=0), inverse, ops.subtract(ends, starts)


@op()
def masked_select_size(x: Any, mask: Any) -> Any:
    return count(ops.broadcast_arrays(x, mask)[1])


@op()
def nonzero_size(condition: Any) -> Any:
    return count(condition if dtype_of(condition) == "bool" else ops.not_equal(condition, 0))


@op()
def unique_size(x: Any) -> Any:
    return count(_firsts(ops.sort(ops.reshape(x, (-1,)))))


@op()
def bincount_size(x: Any, weights: Any = None) -> Any:
    del weights
    return ops.add(cast(ops.max(x), "int64"), 1)


@op()
def segment_pool_size(x: Any, segment_ids: Any) -> Any:
    del x
    return ops.add(cast(ops.max(segment_ids), "int64"), 1)
