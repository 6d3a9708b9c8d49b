"""Bodies of reductions, from `sum` and `max`, and of running totals, by doubling the span of every element's total."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ShapeError
from ivy.functional._precision import narrow, widen
from ivy.functional._rearranging import axes_of, sliced
from ivy.functional._rounding import reflected


def min(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    return reflected(F.max(reflected(x), axis=axis, keepdims=keepdims))


def _count(x: Any, axis: Any, keepdims: bool) -> Any:
    return F.sum(F.astype(x, "int32"), axis=axis, dtype="int32", keepdims=keepdims)


def all(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    return F.equal(_count(F.equal(x, 0), axis, keepdims), 0)


def any(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    return F.not_equal(_count(F.not_equal(x, 0), axis, keepdims), 0)


def _total_dtype(x: Any, dtype: Any) -> Any:
    if dtype is not None:
        return dtype
    own = dtype_of(x)
    return own if own.is_inexact else "uint64" if own.kind == "uint" else "int64"


def prod(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    x = F.astype(x, _total_dtype(x, dtype))
    places = axes_of(range(x.ndim) if axis is None else axis, x.ndim)
    kept = tuple(a for a in range(x.ndim) if a not in places)
    y = F.reshape(
        F.permute_dims(widen(x), (*kept, *places)), (*(x.shape[a] for a in kept), math.prod(x.shape[a] for a in places))
    )
    last = len(kept)
    while y.shape[-1] > 1:  # one half times the other
        half = y.shape[-1] // 2
        pairs = F.multiply(sliced(y, last, slice(0, half)), sliced(y, last, slice(half, 2 * half)))
        y = F.concat([pairs, sliced(y, last, slice(2 * half, None))], axis=last) if y.shape[-1] % 2 else pairs
    shape = tuple(1 if a in places else n for a, n in enumerate(x.shape) if keepdims or a in kept)
    return narrow(F.reshape(y, shape) if y.shape[-1] else F.ones(shape, dtype=dtype_of(y)), x)


def _position(extreme: Callable[..., Any], x: Any, axis: int | None, keepdims: bool) -> Any:
    rank = x.ndim
    if axis is None:
        found = _position(extreme, F.reshape(x, (-1,)), 0, False)
        return F.reshape(found, (1,) * rank) if keepdims else found
    (axis,) = axes_of(axis, rank)
    size = x.shape[axis]
    hit = F.logical_or(F.equal(x, extreme(x, axis=axis, keepdims=True)), F.isnan(x))
    places = F.reshape(F.arange(size, dtype="int64"), tuple(-1 if a == axis else 1 for a in range(rank)))
    return F.min(F.where(hit, places, size), axis=axis, keepdims=keepdims)


def argmax(x: Any, /, *, axis: int | None = None, keepdims: bool = False) -> Any:
    return _position(F.max, x, axis, keepdims)


def argmin(x: Any, /, *, axis: int | None = None, keepdims: bool = False) -> Any:
    return _position(F.min, x, axis, keepdims)


def running(combine: Callable[[Any, Any], Any], x: Any, axis: int) -> Any:
    """Combine every element with all that come before it along an axis, in a logarithmic number of steps."""
    (axis,) = axes_of(axis, x.ndim)
    distance = 1
    while distance < x.shape[axis]:
        later = combine(sliced(x, axis, slice(None, -distance)), sliced(x, axis, slice(distance, None)))
        x = F.concat([sliced(x, axis, slice(None, distance)), later], axis=axis)
        distance *= 2
    return x


def _total(combine: Callable[[Any, Any], Any], identity: int) -> Callable[..., Any]:
    def total(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
        if axis is None:
            if x.ndim != 1:
                raise ShapeError(f"an array with {x.ndim} axes has no one order to run along", hint="give axis")
            axis = 0
        (axis,) = axes_of(axis, x.ndim)
        x = F.astype(x, _total_dtype(x, dtype))
        found = narrow(running(combine, widen(x), axis), x)
        if not include_initial:
            return found
        first = F.full((*x.shape[:axis], 1, *x.shape[axis + 1 :]), identity, dtype=dtype_of(x))
        return F.concat([first, found], axis=axis)

    return total


def _extreme(combine: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def extreme(x: Any, /, *, axis: int = -1) -> Any:
        return running(combine, x, axis)

    return extreme


cumulative_sum = _total(F.add, 0)
cumulative_prod = _total(F.multiply, 1)
cumulative_max = _extreme(F.maximum)
cumulative_min = _extreme(F.minimum)


def cumulative_logsumexp(x: Any, /, *, axis: int = -1) -> Any:
    x = x if dtype_of(x).is_inexact else F.astype(x, "float32")
    return narrow(running(F.logaddexp, widen(x), axis), x)
