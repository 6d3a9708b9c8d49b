"""Bodies of sorting, searching and counting: from `argsort`, indexing, `add_at` and `nonzero`."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy.functional._operands import promoted
from ivy.functional._rearranging import axes_of, sliced


def sort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    order = F.argsort(x, axis=axis, stable=stable)
    found = F.take_along_axis(x, order, axis=axis)
    # not-a-numbers come last in rising order, so first in falling order
    return F.flip(found, axis=axis) if descending else found


def topk(x: Any, k: int, /, *, axis: int = -1, largest: bool = True, sorted: bool = True) -> tuple[Any, Any]:
    (axis,) = axes_of(axis, x.ndim)
    order = sliced(F.argsort(x, axis=axis, descending=largest, stable=True), axis, slice(0, k))
    return F.take_along_axis(x, order, axis=axis), order


def _before(a: Any, b: Any) -> Any:
    """Tell where `a` is sorted before `b`: not-a-numbers come last."""
    return F.logical_or(F.less(a, b), F.logical_and(F.isnan(b), F.logical_not(F.isnan(a))))


def searchsorted(x1: Any, x2: Any, /, *, side: Any = "left", sorter: Any = None) -> Any:
    if side not in ("left", "right"):
        raise ArgumentError(f"side must be 'left' or 'right', not {side!r}")
    (x1, x2), _ = promoted(x1, x2)
    vector = x1 if sorter is None else F.take(x1, sorter, axis=0)
    size = vector.shape[0]
    low = F.zeros(tuple(x2.shape), dtype="int64")
    if not size:
        return low
    high = F.full(tuple(x2.shape), size, dtype="int64")
    for _ in range(size.bit_length()):  # halve the range of every value
        middle = F.bitwise_right_shift(F.add(low, high), 1)
        found = F.take(vector, F.minimum(middle, size - 1), axis=0)
        right = _before(found, x2) if side == "left" else F.logical_not(_before(x2, found))
        searched = F.less(low, high)
        low = F.where(F.logical_and(searched, right), F.add(middle, 1), low)
        high = F.where(F.logical_and(searched, F.logical_not(right)), middle, high)
    return low


def bincount(x: Any, /, *, weights: Any = None, length: int) -> Any:
    dtype = "int64" if weights is None else dtype_of(weights)
    # what is past the end goes to a bin of its own, which is cut off
    places = F.where(F.less(x, length), F.astype(x, "int64"), length)
    counts = F.add_at(F.zeros((length + 1,), dtype=dtype), places, 1 if weights is None else weights)
    return F.get_item(counts, slice(None, length))


def unique_all(x: Any, /) -> Any:
    found = unique_along_axis(F.reshape(x, (-1,)))
    return found._replace(inverse_indices=F.reshape(found.inverse_indices, tuple(x.shape)))


def unique_along_axis(x: Any, /, *, axis: int = 0) -> Any:
    from ivy.functional.sets import UniqueAll

    moved = F.moveaxis(x, axis, 0)
    size, *rest = moved.shape
    rows = F.reshape(moved, (size, math.prod(rest)))
    # a stable sort by every column, the last first, is lexicographic
    order = F.arange(size, dtype="int64")
    for column in reversed(F.unstack(rows, axis=1)):
        order = F.take(order, F.argsort(F.take(column, order, axis=0), stable=True), axis=0)
    ordered = F.take(rows, order, axis=0)
    new = F.not_equal(F.get_item(ordered, slice(1, None)), F.get_item(ordered, slice(None, -1)))
    new = F.any(new, axis=1)
    new = F.concat([F.ones((min(size, 1),), dtype="bool"), new], axis=0)
    groups = F.subtract(F.cumulative_sum(F.astype(new, "int64"), axis=0), 1)
    inverse = F.set_item(F.zeros((size,), dtype="int64"), order, groups)
    (starts,) = F.nonzero(new)
    starts = F.astype(starts, "int64")
    ends = F.concat([F.get_item(starts, slice(1, None)), F.asarray([size], dtype="int64")], axis=0)
    counts = F.subtract(F.get_item(ends, slice(None, starts.shape[0])), starts)
    values = F.reshape(F.take(ordered, starts, axis=0), (starts.shape[0], *rest))
    return UniqueAll(F.moveaxis(values, 0, axis), F.take(order, starts, axis=0), inverse, counts)
