"""Bodies of functions that make, rearrange and repeat arrays: from `reshape`, `broadcast_to`, `concat` and indexing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError, ShapeError
from ivy.functional._operands import promoted

ALL = slice(None)


def axes_of(axis: int | Sequence[int], rank: int) -> tuple[int, ...]:
    """Return axes counted from the front.

    Raises:
        ArgumentError: if one is out of range or named twice.
    """
    given = (axis,) if isinstance(axis, int) else tuple(axis)
    found = tuple(a % rank if -rank <= a < rank else -1 for a in given)
    if -1 in found or len(set(found)) < len(found):
        raise ArgumentError(f"an array with {rank} axes has no axes {given}, or one is named twice")
    return found


def sliced(x: Any, axis: int, part: Any) -> Any:
    """Return ``x[..., part, ...]`` with `part` at an axis counted from the front."""
    return F.get_item(x, (*(ALL,) * axis, part))


def full(shape: Any, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Any:
    value = F.asarray(fill_value, dtype=dtype, device=device)
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    return F.asarray(F.broadcast_to(value, shape), copy=True)


def linspace(
    start: Any, stop: Any, /, num: int, *, dtype: Any = None, device: Any = None, endpoint: bool = True
) -> Any:
    (start, stop), common = promoted(start, stop, inexact=True)
    start, stop = F.broadcast_arrays(
        *(F.astype(x, "complex128" if common.is_complex else "float64") for x in (start, stop))
    )
    places = F.reshape(F.arange(num, dtype="float64", device=device), (num,) + (1,) * start.ndim)
    count = max(num - 1 if endpoint else num, 1)
    found = F.add(start, F.divide(F.multiply(places, F.subtract(stop, start)), count))
    if endpoint and num > 1:
        found = F.where(F.equal(places, num - 1), stop, found)
    return F.astype(found, common if dtype is None else dtype)


def copy(x: Any, /) -> Any:
    return F.asarray(x, copy=True)


def expand_dims(x: Any, /, axis: Any) -> Any:
    given = (axis,) if isinstance(axis, int) else tuple(axis)
    rank = x.ndim + len(given)
    places, sizes = axes_of(given, rank), iter(x.shape)
    return F.reshape(x, tuple(1 if a in places else next(sizes) for a in range(rank)))


def squeeze(x: Any, /, axis: Any = None) -> Any:
    places = axes_of([a for a, size in enumerate(x.shape) if size == 1] if axis is None else axis, x.ndim)
    if any(x.shape[a] != 1 for a in places):
        raise ShapeError(f"axes {places} of an array of shape {tuple(x.shape)} don't all have length one")
    return F.reshape(x, tuple(size for a, size in enumerate(x.shape) if a not in places))


def flip(x: Any, /, *, axis: Any = None) -> Any:
    places = axes_of(range(x.ndim) if axis is None else axis, x.ndim)
    return F.get_item(x, tuple(slice(None, None, -1) if a in places else ALL for a in range(x.ndim)))


def roll(x: Any, /, shift: Any, *, axis: Any = None) -> Any:
    if axis is None:
        if not isinstance(shift, int):
            shift = sum(shift)
        return F.reshape(roll(F.reshape(x, (-1,)), shift, axis=0), tuple(x.shape))
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    shifts = (shift,) * len(axes) if isinstance(shift, int) else tuple(shift)
    for amount, a in zip(shifts, axes * (len(shifts) if len(axes) == 1 else 1), strict=True):
        (a,) = axes_of(a, x.ndim)
        edge = -amount % max(x.shape[a], 1)
        if edge:
            x = F.concat([sliced(x, a, slice(edge, None)), sliced(x, a, slice(0, edge))], axis=a)
    return x


def repeat(x: Any, repeats: Any, /, *, axis: int | None = None) -> Any:
    if axis is None:
        x, axis = F.reshape(x, (-1,)), 0
    (axis,) = axes_of(axis, x.ndim)
    if isinstance(repeats, int):
        shape = tuple(x.shape)
        wide = F.broadcast_to(F.expand_dims(x, axis=axis + 1), (*shape[: axis + 1], repeats, *shape[axis + 1 :]))
        return F.reshape(wide, (*shape[:axis], shape[axis] * repeats, *shape[axis + 1 :]))
    counts = F.reshape(F.asarray(repeats, dtype="int64"), (-1,))
    if counts.shape[0] != x.shape[axis]:
        counts = F.broadcast_to(counts, (x.shape[axis],))
    places = F.arange(int(F.sum(counts)), dtype="int64")
    return F.take(x, F.searchsorted(F.cumulative_sum(counts), places, side="right"), axis=axis)


def tile(x: Any, repetitions: Sequence[int], /) -> Any:
    times = (repetitions,) if isinstance(repetitions, int) else tuple(repetitions)
    rank = max(x.ndim, len(times))
    times, shape = (1,) * (rank - len(times)) + times, (1,) * (rank - x.ndim) + tuple(x.shape)
    apart = F.reshape(x, tuple(d for size in shape for d in (1, size)))
    wide = F.broadcast_to(apart, tuple(d for pair in zip(times, shape, strict=True) for d in pair))
    return F.reshape(wide, tuple(t * size for t, size in zip(times, shape, strict=True)))


def _kept(x: Any, k: int, lower: bool) -> Any:
    rows, columns = (F.arange(size, dtype="int64") for size in x.shape[-2:])
    rows = F.add(F.expand_dims(rows, axis=-1), k)
    keep = F.greater_equal(rows, columns) if lower else F.less_equal(rows, columns)
    return F.where(keep, x, F.asarray(0, dtype=dtype_of(x)))


def tril(x: Any, /, *, k: int = 0) -> Any:
    return _kept(x, k, lower=True)


def triu(x: Any, /, *, k: int = 0) -> Any:
    return _kept(x, k, lower=False)


def diagonal(x: Any, /, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    x = F.moveaxis(x, axes_of((axis1, axis2), x.ndim), (-2, -1))
    *batch, rows, columns = x.shape
    size = max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
    first = offset if offset > 0 else -offset * columns
    places = F.asarray([first + i * (columns + 1) for i in range(size)], dtype="int64")
    return F.take(F.reshape(x, (*batch, math.prod((rows, columns)))), places, axis=-1)
