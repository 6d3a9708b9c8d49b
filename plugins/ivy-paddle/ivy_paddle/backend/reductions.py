"""Statistics, truth, extremes and running totals in Paddle."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ivy.errors import AxisError, ShapeError
from ivy.functional._axes import counted
from ivy_paddle.backend.comparison import equal, truth
from ivy_paddle.backend.derivatives import is_repeated
from ivy_paddle.backend.manipulation import astype, concat, reshape
from ivy_paddle.backend.support import COMPLEX, FLOATS, HALVES, UNSIGNED, WHOLE, native_dtype, number, restored, widened
from ivy_paddle.loading import paddle


def _axes(x: Any, axis: Any) -> list[int]:
    if axis is None:
        return list(range(x.ndim))
    axes = [counted(a, x.ndim) for a in ((axis,) if isinstance(axis, int) else axis)]
    if len(set(axes)) < len(axes):
        raise AxisError(f"an axis is named twice in {axis}")
    return axes


def _sum_dtype(x: Any, dtype: Any) -> Any:
    if dtype is not None:
        return native_dtype(dtype)
    if x.dtype not in WHOLE:
        return x.dtype
    return paddle.uint64 if x.dtype in UNSIGNED or x.dtype == paddle.uint8 else paddle.int64


def _total_dtype(wanted: Any) -> Any:
    """Return the dtype to add up in: no sum is kept in less than 32 bits on the way."""
    return UNSIGNED.get(wanted) or HALVES.get(wanted) or (paddle.int64 if wanted in WHOLE else wanted)


def sum(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    wanted, axes = _sum_dtype(x, dtype), _axes(x, axis)
    x = astype(x, _total_dtype(wanted), copy=False)
    return astype(paddle.sum(x, axes, keepdim=keepdims) if axes else x, wanted, copy=False)


def prod(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    wanted, axes = _sum_dtype(x, dtype), _axes(x, axis)
    x = astype(x, _total_dtype(wanted), copy=False)
    if wanted in COMPLEX or (wanted not in WHOLE and -1 not in x.shape):
        for a in sorted(axes, reverse=True):
            x = _prod_by_halves(x, a, keepdims)
    elif axes:
        x = paddle.prod(x, axes, keepdim=keepdims)
    return astype(x, wanted, copy=False)


def _prod_by_halves(x: Any, axis: int, keepdims: bool) -> Any:
    """Multiply halves until one is left: the derivative of Paddle's own forgets to conjugate, and divides by zeros."""
    shape = [n for a, n in enumerate(x.shape) if a != axis]
    kept = [1 if a == axis else n for a, n in enumerate(x.shape)]
    if x.shape[axis] == 0 or 0 in shape:
        return paddle.ones(kept if keepdims else shape, x.dtype)
    rows = paddle.moveaxis(x, axis, 0) if x.ndim > 1 else x
    while (n := rows.shape[0]) > 1:
        half = n // 2
        first = rows[:half] * rows[half : 2 * half]
        rows = paddle.concat([first, rows[2 * half :]]) if n % 2 else first
    return reshape(rows, tuple(kept if keepdims else shape))


def _extreme(fn: Callable[..., Any]) -> Callable[..., Any]:
    def reduction(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
        axes = _axes(x, axis)
        if not axes:
            return x
        if _any_zero(x, axes):
            raise ShapeError(f"{fn.__name__} of no elements: the shape is {tuple(x.shape)}, the axes are {tuple(axes)}")
        flip = number(-(2**63), paddle.int64) if x.dtype == paddle.uint64 else None  # as the order of int64
        values = widened(x) if flip is None else widened(x) ^ flip
        if is_repeated() and not values.stop_gradient:
            return astype(_smooth_extreme(fn, values, axes, keepdims), x.dtype, copy=False)
        result = _along_one(fn, values, axes, keepdims) if len(axes) > 1 else fn(values, axes, keepdim=keepdims)
        return astype(result if flip is None else result ^ flip, x.dtype, copy=False)

    return reduction


def _smooth_extreme(fn: Callable[..., Any], x: Any, axes: list[int], keepdims: bool) -> Any:
    """Compute an extreme with a derivative that has derivatives: the cotangent spreads over what is equal to it."""
    found = fn(x.detach(), axes, keepdim=True)
    chosen = equal(x.detach(), found)
    share = chosen.astype(x.dtype) / paddle.sum(chosen.astype(x.dtype), axes, keepdim=True)
    linear = paddle.sum(paddle.where(chosen, x, paddle.zeros_like(x)) * share, axes, keepdim=True)
    result = paddle.where(paddle.isfinite(found), found + (linear - linear.detach()), found)
    return result if keepdims else paddle.squeeze(result, axes)


def _along_one(fn: Callable[..., Any], x: Any, axes: list[int], keepdims: bool) -> Any:
    """Make one axis of several: Paddle 3.3 computes wrong gradients of amax and amin over more than one."""
    kept = [a for a in range(x.ndim) if a not in axes]
    whole = reshape(
        paddle.transpose(x, kept + axes), (*[x.shape[a] for a in kept], math.prod(x.shape[a] for a in axes))
    )
    shape = [1 if a in axes else n for a, n in enumerate(x.shape)] if keepdims else [x.shape[a] for a in kept]
    return reshape(fn(whole, -1), tuple(shape))


def _any_zero(x: Any, axes: Any) -> bool:
    """Tell whether one of these axes has no elements."""
    return 0 in [x.shape[a] for a in axes]


max = _extreme(paddle.amax)
min = _extreme(paddle.amin)


def all(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    return _truth(paddle.all, x, axis, keepdims)


def any(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    return _truth(paddle.any, x, axis, keepdims)


def _truth(fn: Callable[..., Any], x: Any, axis: Any, keepdims: bool) -> Any:
    x, axes = truth(x), _axes(x, axis)
    return fn(x, axes, keepdim=keepdims) if axes else x


def mean(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    axes, dtype = _axes(x, axis), x.dtype
    wide = x.astype(paddle.float32) if dtype in WHOLE else widened(x)
    found = paddle.mean(wide, axes, keepdim=keepdims) if axes else wide
    return found if dtype in WHOLE else restored(found, dtype)


def _place(fn: Callable[..., Any]) -> Callable[..., Any]:
    def position(x: Any, /, *, axis: int | None = None, keepdims: bool = False) -> Any:
        axes = _axes(x, axis)
        if _any_zero(x, axes):
            raise ShapeError(f"{fn.__name__} of no elements: the shape is {tuple(x.shape)}, the axes are {tuple(axes)}")
        values = widened(x)
        if x.dtype == paddle.uint64:
            values = values ^ number(-(2**63), paddle.int64)  # maps the order of uint64 to that of int64
        if axis is None:
            values = reshape(values, [-1])
        along = 0 if axis is None else axis
        if not x.ndim:
            return paddle.zeros([], paddle.int64)
        result = fn(values, along, keepdim=keepdims and axis is not None)
        if x.dtype in FLOATS:  # the first NaN wins, which Paddle passes over
            nan = paddle.isnan(values)
            first = paddle.argmax(nan.astype(paddle.int32), along, keepdim=keepdims and axis is not None)
            result = paddle.where(paddle.any(nan, along, keepdim=keepdims and axis is not None), first, result)
        return reshape(result, [1] * x.ndim) if keepdims and axis is None else result

    return position


argmax = _place(paddle.argmax)
argmin = _place(paddle.argmin)


def _running(fn: Callable[..., Any], initial: int) -> Callable[..., Any]:
    def total(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
        if axis is None:
            if x.ndim != 1:
                raise ShapeError(f"an array with {x.ndim} axes has no one order to run along", hint="give axis")
            axis = 0
        wanted = _sum_dtype(x, dtype)
        x = astype(x, _total_dtype(wanted), copy=False)
        result = x if 0 in x.shape else fn(x, axis)
        if include_initial:
            shape = list(result.shape)
            shape[axis] = 1
            result = concat([paddle.full(shape, initial, result.dtype), result], axis=axis)
        return astype(result, wanted, copy=False)

    return total


cumulative_sum = _running(paddle.cumsum, 0)
cumulative_prod = _running(paddle.cumprod, 1)


def _running_extreme(fn: Callable[..., Any]) -> Callable[..., Any]:
    def extreme(x: Any, /, *, axis: int = -1) -> Any:
        if 0 in x.shape:
            return x
        flip = number(-(2**63), paddle.int64) if x.dtype == paddle.uint64 else None  # as the order of int64
        values = widened(x) if flip is None else widened(x) ^ flip
        result = fn(values, axis)[0]
        return astype(result if flip is None else result ^ flip, x.dtype, copy=False)

    return extreme


cumulative_max = _running_extreme(paddle.cummax)
cumulative_min = _running_extreme(paddle.cummin)


def cumulative_logsumexp(x: Any, /, *, axis: int = -1) -> Any:
    wide = x.astype(paddle.float32) if x.dtype in WHOLE else widened(x)
    found = wide
    if 0 not in x.shape:
        # where nothing but zeros was added up, Paddle gives the smallest number in place of their logarithm
        empty = paddle.isneginf(paddle.cummax(wide.detach(), axis)[0])
        found = paddle.where(empty, paddle.full_like(wide, -math.inf), paddle.logcumsumexp(wide, axis))
        # and it passes over NaN
        spoiled = paddle.cumsum(paddle.isnan(wide.detach()).astype(paddle.int32), axis) > 0
        found = paddle.where(spoiled, paddle.full_like(wide, math.nan), found)
    return found if x.dtype in WHOLE else restored(found, x.dtype)
