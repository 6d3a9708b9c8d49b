"""Statistics, truth, extremes and running totals in torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ivy.backend import body_of
from ivy.errors import ShapeError
from ivy.functional import reductions as core
from ivy.functional._axes import distinct
from ivy_torch.backend.support import WIDE, narrowed, native_dtype, widened

_logsumexp_body = body_of(core.logsumexp, "torch")


def _axes(x: Any, axis: Any) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(x.ndim))
    return (axis,) if isinstance(axis, int) else tuple(axis)


def _sum_dtype(x: Any, dtype: Any) -> torch.dtype:
    if dtype is not None:
        return native_dtype(dtype)
    if x.dtype.is_floating_point or x.dtype.is_complex:
        return x.dtype
    return torch.uint64 if x.dtype in WIDE or x.dtype is torch.uint8 else torch.int64


def _signed(dtype: torch.dtype) -> torch.dtype:
    return torch.int64 if dtype in WIDE else dtype


_INEXACT = frozenset(
    {torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex32, torch.complex64, torch.complex128}
)


def sum(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    if dtype is None and type(axis) is int and x.dtype in _INEXACT:
        return torch.sum(x, axis, keepdims)
    if axis == () or axis == []:  # torch takes no axes for all
        return x.to(_sum_dtype(x, dtype))
    wanted = _sum_dtype(x, dtype)
    return torch.sum(widened(x), dim=axis, keepdim=keepdims, dtype=_signed(wanted)).to(wanted)


def prod(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    wanted = _sum_dtype(x, dtype)
    if axis is None and not keepdims:
        return torch.prod(widened(x), dtype=_signed(wanted)).to(wanted)
    axes = reversed(distinct(_axes(x, axis), x.ndim))
    result = widened(x).to(_signed(wanted))
    for a in axes:
        result = torch.prod(result, dim=a, keepdim=keepdims)
    return result.to(wanted)


def nansum(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    return sum(torch.where(x != x, 0, x) if x.dtype.is_floating_point else x, axis=axis, dtype=dtype, keepdims=keepdims)


def _extreme(fn: Callable[..., Any]) -> Callable[..., Any]:
    def reduction(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
        if axis == () or axis == []:
            return x
        flip = -(2**63) if x.dtype is torch.uint64 else 0  # maps the order of uint64 to that of int64
        values = widened(x) ^ flip if flip else widened(x)
        result = fn(values, dim=_axes(x, axis), keepdim=keepdims)
        return narrowed(result ^ flip, x.dtype) if flip else narrowed(result, x.dtype)

    return reduction


max = _extreme(torch.amax)
min = _extreme(torch.amin)


def all(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    return _truth(torch.all, x, axis, keepdims)


def any(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    return _truth(torch.any, x, axis, keepdims)


def _truth(fn: Callable[..., Any], x: Any, axis: Any, keepdims: bool) -> Any:
    x = x if x.dtype is torch.bool else widened(x) != 0
    axes = _axes(x, axis)
    return fn(x, dim=axes, keepdim=keepdims) if axes else x


def _inexact(x: Any) -> Any:
    return x if x.dtype.is_floating_point or x.dtype.is_complex else x.to(torch.float32)


def mean(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    if x.dtype not in _INEXACT:
        x = x.to(torch.float32)
    if axis is None and not keepdims:
        return torch.mean(x)
    return torch.mean(x, dim=_axes(x, axis), keepdim=keepdims) if axis != () else x


def _spread(fn: Callable[..., Any], x: Any, axis: Any, correction: float, keepdims: bool) -> Any:
    x, axes = _inexact(x), _axes(x, axis)
    if axes:
        return fn(x, dim=axes, correction=correction, keepdim=keepdims)
    # torch takes no axes for all; each element is a sample of its own here
    return fn(x.unsqueeze(0), dim=0, correction=correction)


def var(x: Any, /, *, axis: Any = None, correction: float = 0.0, keepdims: bool = False) -> Any:
    return _spread(torch.var, x, axis, correction, keepdims)


def std(x: Any, /, *, axis: Any = None, correction: float = 0.0, keepdims: bool = False) -> Any:
    return _spread(torch.std, x, axis, correction, keepdims)


def count_nonzero(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    return sum(widened(x) != 0, axis=axis, keepdims=keepdims)


def logsumexp(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    x = _inexact(x)
    axes = _axes(x, axis)
    if x.dtype.is_complex:  # torch's may give another branch of the logarithm
        return _logsumexp_body(x, axis=axis, keepdims=keepdims)
    return torch.logsumexp(x, dim=axes, keepdim=keepdims) if axes else x


def _place(fn: Callable[..., Any]) -> Callable[..., Any]:
    def position(x: Any, /, *, axis: int | None = None, keepdims: bool = False) -> Any:
        values = x.to(torch.uint8) if x.dtype is torch.bool else widened(x)
        if x.dtype is torch.uint64:
            values = values ^ -(2**63)  # maps the order of uint64 to that of int64
        result = fn(values, dim=axis, keepdim=keepdims and axis is not None)
        return result.reshape((1,) * x.ndim) if keepdims and axis is None else result

    return position


argmax = _place(torch.argmax)
argmin = _place(torch.argmin)


def _running(fn: Callable[..., Any], initial: int) -> Callable[..., Any]:
    def total(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
        if axis is None:
            if x.ndim != 1:
                raise ShapeError(f"an array with {x.ndim} axes has no one order to run along", hint="give axis")
            axis = 0
        wanted = _sum_dtype(x, dtype)
        result = fn(widened(x), dim=axis, dtype=_signed(wanted))
        if include_initial:
            shape = list(result.shape)
            shape[axis] = 1
            result = torch.cat([result.new_full(shape, initial), result], axis)
        return result.to(wanted)

    return total


cumulative_sum = _running(torch.cumsum, 0)
cumulative_prod = _running(torch.cumprod, 1)


def cumulative_max(x: Any, /, *, axis: int = -1) -> Any:
    return narrowed(torch.cummax(widened(x), axis).values, x.dtype)


def cumulative_min(x: Any, /, *, axis: int = -1) -> Any:
    return narrowed(torch.cummin(widened(x), axis).values, x.dtype)


def cumulative_logsumexp(x: Any, /, *, axis: int = -1) -> Any:
    return torch.logcumsumexp(_inexact(x), axis)
