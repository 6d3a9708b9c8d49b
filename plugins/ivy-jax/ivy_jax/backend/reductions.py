"""Statistics, truth, extremes and running totals in JAX."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from ivy.backend import body_of
from ivy.functional import reductions as ivy_reductions
from ivy.functional._axes import counted
from ivy_jax.backend.support import align, native_dtype


def _axis(axis: Any) -> Any:
    return tuple(axis) if isinstance(axis, list) else axis


def _summing(fn: Callable[..., Any]) -> Callable[..., Any]:
    def reduction(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
        wanted = None if dtype is None else native_dtype(dtype)
        return fn(x, axis=_axis(axis), dtype=wanted, keepdims=keepdims)

    return reduction


sum = _summing(jnp.sum)
prod = _summing(jnp.prod)
nansum = _summing(jnp.nansum)

all = jnp.all
any = jnp.any


def _complex_place(x: Any, extreme: Callable[..., Any], axis: int | None) -> Any:
    """Return where the first extreme complex number is, or the first NaN, which JAX's own extremes pass by."""
    nan = jnp.isnan(x)
    first = jnp.where(jnp.any(nan, axis=axis, keepdims=True), nan, x == extreme(x, axis=axis, keepdims=True))
    return jnp.argmax(first, axis=axis, keepdims=True)


def _ordered(fn: Callable[..., Any], complex_form: Callable[..., Any]) -> Callable[..., Any]:
    """Let complex numbers take another way; generated code calls `fn` itself where there are none."""

    def found(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
        if jnp.iscomplexobj(x) and x.size:
            return complex_form(x, axis, keepdims)
        return fn(x, axis=_axis(axis), keepdims=keepdims)

    made: Any = found
    made.same_dtype, made.applies = fn, lambda dtype, scalars: not dtype.is_complex
    return made


def _place(extreme: Callable[..., Any]) -> Callable[..., Any]:
    def found(x: Any, axis: int | None, keepdims: bool) -> Any:
        place = _complex_place(x, extreme, axis)
        return place if keepdims else jnp.squeeze(place, axis)

    return found


def _extreme(extreme: Callable[..., Any]) -> Callable[..., Any]:
    def found(x: Any, axis: Any, keepdims: bool) -> Any:
        given = range(x.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
        axes = sorted({counted(a, x.ndim) for a in given})
        kept = [i for i in range(x.ndim) if i not in axes]
        rows = jnp.transpose(x, (*kept, *axes)).reshape(*[x.shape[i] for i in kept], -1)
        result = jnp.take_along_axis(rows, _complex_place(rows, extreme, -1), axis=-1)[..., 0]
        return result.reshape([1 if i in axes else n for i, n in enumerate(x.shape)]) if keepdims else result

    return found


max = _ordered(jnp.max, _extreme(jnp.max))
min = _ordered(jnp.min, _extreme(jnp.min))
argmax = _ordered(jnp.argmax, _place(jnp.max))
argmin = _ordered(jnp.argmin, _place(jnp.min))
count_nonzero = jnp.count_nonzero
logsumexp = jax.scipy.special.logsumexp


def _statistic(fn: Callable[..., Any]) -> Callable[..., Any]:
    def reduction(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
        return fn(align(x, inexact=True)[0], axis=_axis(axis), keepdims=keepdims)

    return reduction


_mean = _statistic(jnp.mean)


def mean(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    if x.ndim > 3 and x.dtype == jnp.float32 and x.size and jax.default_backend() == "cpu":
        inner = tuple(range(1, x.ndim - 1))
        if isinstance(axis, (tuple, list)) and tuple(sorted(counted(a, x.ndim) for a in axis)) == inner:
            return _mean_of_planes(x, keepdims)
    return _mean(x, axis=axis, keepdims=keepdims)


def _mean_of_planes(x: Any, keepdims: bool) -> Any:
    """Average the spatial axes, channels last, by a product: around a reduction XLA's CPU compiler gathers the whole
    stage of a network into one kernel, in which its convolutions take 6 times as long (resnet18: 100 ms, not 55)."""
    rows = math.prod(x.shape[1:-1])
    weights = jnp.full((x.shape[0], 1, rows), 1.0 / rows, x.dtype)
    found = jnp.matmul(weights, x.reshape(x.shape[0], rows, x.shape[-1]))
    return found.reshape((x.shape[0], *([1] * (x.ndim - 2) if keepdims else []), x.shape[-1]))


nanmean = _statistic(jnp.nanmean)


def var(x: Any, /, *, axis: Any = None, correction: float = 0.0, keepdims: bool = False) -> Any:
    return jnp.var(align(x, inexact=True)[0], axis=_axis(axis), correction=correction, keepdims=keepdims)


def std(x: Any, /, *, axis: Any = None, correction: float = 0.0, keepdims: bool = False) -> Any:
    variance = var(x, axis=axis, correction=correction, keepdims=keepdims)
    flat = variance == 0  # where the root has no slope and the deviation of equal elements has that of 0
    return jnp.where(flat, variance, jnp.sqrt(jnp.where(flat, 1, variance)))


def quantile(x: Any, q: Any, /, *, axis: Any = None, keepdims: bool = False, method: str = "linear") -> Any:
    if method == "nearest":  # JAX rounds halves down, NumPy to even
        return _quantile(x, q, axis=axis, keepdims=keepdims, method=method)
    x = align(x, inexact=True)[0]
    return jnp.quantile(x, jnp.asarray(q, x.dtype), axis=_axis(axis), keepdims=keepdims, method=method)


def _sum_dtype(x: Any) -> Any:
    kind = x.dtype.kind
    return native_dtype("uint64") if kind == "u" else native_dtype("int64") if kind in "bi" else x.dtype


_quantile = body_of(ivy_reductions.quantile, "jax")


def _running(fn: Callable[..., Any]) -> Callable[..., Any]:
    def total(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
        wanted = _sum_dtype(x) if dtype is None else native_dtype(dtype)
        return fn(x, axis=axis, dtype=wanted, include_initial=include_initial)

    return total


cumulative_sum = _running(jnp.cumulative_sum)
cumulative_prod = _running(jnp.cumulative_prod)


def _accumulating(fn: Callable[..., Any]) -> Callable[..., Any]:
    def running(x: Any, /, *, axis: int = -1) -> Any:
        return fn(x, axis=counted(axis, x.ndim))

    return running


cumulative_max = _accumulating(lax.cummax)
cumulative_min = _accumulating(lax.cummin)
cumulative_logsumexp = _accumulating(lax.cumlogsumexp)
