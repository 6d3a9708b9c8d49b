"""Statistics, truth, extremes and running totals in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ivy.errors import ShapeError
from ivy_numpy.backend.support import native_dtype, widened

_FLOAT32 = np.dtype("float32")


def _sum_dtype(x: Any) -> Any:
    kind = x.dtype.kind
    return np.dtype("uint64") if kind == "u" else np.dtype("int64") if kind in "bi" else x.dtype


def _summing(fn: Callable[..., Any]) -> Callable[..., Any]:
    def reduction(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
        if dtype is None and x.dtype.kind in "fc" and x.dtype.itemsize > 2:
            return fn(x, axis=_axis(axis), keepdims=keepdims)
        result_dtype = _sum_dtype(x) if dtype is None else native_dtype(dtype)
        x, _ = widened(x.astype(result_dtype, copy=False))  # half precision is added up in float32
        return fn(x, axis=_axis(axis), keepdims=keepdims).astype(result_dtype, copy=False)

    return reduction


def _axis(axis: Any) -> Any:
    return tuple(axis) if isinstance(axis, list) else axis


sum = _summing(np.sum)
prod = _summing(np.prod)
nansum = _summing(np.nansum)

max = np.max
min = np.min
all = np.all
any = np.any


def _inexact(fn: Callable[..., Any], x: Any, /, **options: Any) -> Any:
    """Apply a statistic in float32 to integers and to half precision, whose dtype the result gets back."""
    if x.dtype.kind in "fc" and x.dtype.itemsize > 2:
        return fn(x, **options)
    x, back = (x.astype(_FLOAT32), None) if x.dtype.kind in "biu" else widened(x)
    result = fn(x, **options)
    return result if back is None else result.astype(back)


def mean(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    return _inexact(np.mean, x, axis=_axis(axis), keepdims=keepdims)


def nanmean(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    return _inexact(np.nanmean, x, axis=_axis(axis), keepdims=keepdims)


def var(x: Any, /, *, axis: Any = None, correction: float = 0.0, keepdims: bool = False) -> Any:
    return _inexact(np.var, x, axis=_axis(axis), ddof=correction, keepdims=keepdims)


def std(x: Any, /, *, axis: Any = None, correction: float = 0.0, keepdims: bool = False) -> Any:
    return _inexact(np.std, x, axis=_axis(axis), ddof=correction, keepdims=keepdims)


def count_nonzero(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    return np.asarray(np.count_nonzero(x, axis=_axis(axis), keepdims=keepdims), dtype=np.int64)


def argmax(x: Any, /, *, axis: int | None = None, keepdims: bool = False) -> Any:
    return np.argmax(x, axis=axis, keepdims=keepdims)


def argmin(x: Any, /, *, axis: int | None = None, keepdims: bool = False) -> Any:
    return np.argmin(x, axis=axis, keepdims=keepdims)


def _running(ufunc: np.ufunc) -> Callable[..., Any]:
    def total(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
        if axis is None:
            if x.ndim != 1:
                raise ShapeError(f"an array with {x.ndim} axes has no one order to run along", hint="give axis")
            axis = 0
        result_dtype = _sum_dtype(x) if dtype is None else native_dtype(dtype)
        x, _ = widened(x.astype(result_dtype, copy=False))
        result = ufunc.accumulate(x, axis=axis).astype(result_dtype, copy=False)
        if include_initial:
            shape = list(result.shape)
            shape[axis] = 1
            result = np.concatenate([np.full(shape, ufunc.identity, result_dtype), result], axis=axis)
        return result

    return total


cumulative_sum = _running(np.add)
cumulative_prod = _running(np.multiply)


def cumulative_max(x: Any, /, *, axis: int = -1) -> Any:
    return np.maximum.accumulate(x, axis=axis)


def cumulative_min(x: Any, /, *, axis: int = -1) -> Any:
    return np.minimum.accumulate(x, axis=axis)


def cumulative_logsumexp(x: Any, /, *, axis: int = -1) -> Any:
    return _inexact(np.logaddexp.accumulate, x, axis=axis)


def quantile(x: Any, q: Any, /, *, axis: Any = None, keepdims: bool = False, method: str = "linear") -> Any:
    if axis is not None and not isinstance(axis, int) and not axis:  # NumPy fails on none
        return quantile(x[..., None], q, axis=-1, method=method)

    def computed(x: Any, **options: Any) -> Any:
        return np.quantile(x, np.asarray(q, x.dtype), **options).astype(x.dtype, copy=False)

    return _inexact(computed, x, axis=_axis(axis), keepdims=keepdims, method=method)
