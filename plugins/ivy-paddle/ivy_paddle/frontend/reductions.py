"""Reductions and cumulative functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_paddle.frontend.promotion import axes_of, cast, floating, known, summed
from ivy_paddle.frontend.table import api, op


def _dimensions(x: Any, axis: Any) -> tuple[int, ...]:
    found = axes_of(axis)
    return tuple(range(len(x.shape))) if found is None else tuple(a % max(len(x.shape), 1) for a in found)


def _reduction(fn: Callable[..., Any], prepare: Callable[[Any], Any] = lambda x: x) -> Callable[..., Any]:
    def reduce(x: Any, axis: Any = None, keepdim: bool = False, reduce_all: bool = False) -> Any:
        return fn(prepare(x), axis=None if reduce_all else axes_of(axis), keepdims=keepdim)

    return reduce


def _mean(x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Average; of integers it is an integer, cut towards zero."""
    dtype = dtype_of(x)
    if dtype.is_inexact:
        return ops.mean(x, axis=axis, keepdims=keepdims)
    if dtype.kind == "bool":
        return ops.any(x, axis=axis, keepdims=keepdims)
    axes = range(len(x.shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
    total = ops.sum(x, axis=axis, keepdims=keepdims, dtype=dtype)
    return ops.trunc_divide(total, max(math.prod(x.shape[a] for a in axes), 1))


for _name, _fn, _prepare in (
    ("max", ops.max, lambda x: x),
    ("min", ops.min, lambda x: x),
    ("mean", _mean, lambda x: x),
    ("all", ops.all, lambda x: cast(x, "bool")),
    ("any", ops.any, lambda x: cast(x, "bool")),
    ("logsumexp", ops.logsumexp, floating),
):
    op(_name, also="=")(_reduction(_fn, _prepare))


def _evenly(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Make ``amax`` or ``amin``, which share the gradient evenly among equal elements."""

    def reduce(x: Any, axis: Any = None, keepdim: bool = False) -> Any:
        axis = axes_of(axis)
        if not dtype_of(x).is_float:
            return fn(x, axis=axis, keepdims=keepdim)
        best = ops.stop_gradient(fn(x, axis=axis, keepdims=True))
        mask = cast(ops.equal(x, best), dtype_of(x))
        share = ops.divide(mask, ops.sum(mask, axis=axis, keepdims=True))
        value = fn(ops.stop_gradient(x), axis=axis, keepdims=keepdim)
        step = ops.subtract(x, ops.stop_gradient(x))  # zero, with a derivative
        step = ops.where(ops.isfinite(x), step, ops.zeros_like(x))
        change = ops.sum(ops.multiply(share, step), axis=axis, keepdims=keepdim)
        return ops.add(value, change)

    return reduce


op("amax", also="=")(_evenly(ops.max))
op("amin", also="=")(_evenly(ops.min))


@op(also="=")
def sum(x: Any, axis: Any = None, dtype: Any = None, keepdim: bool = False) -> Any:
    here = dtype_of(x)
    if dtype is None and here.is_integer and here.bits <= 16:  # these don't widen
        dtype = here
    return ops.sum(x, axis=axes_of(axis), dtype=summed(x, dtype), keepdims=keepdim)


@op()
def prod(x: Any, axis: Any = None, keepdim: bool = False, reduce_all: bool = False) -> Any:
    return ops.prod(x, axis=None if reduce_all else axes_of(axis), dtype=dtype_of(x), keepdims=keepdim)


@api("prod")
def public_prod(x: Any, axis: Any = None, keepdim: bool = False, dtype: Any = None) -> Any:
    return prod(x if dtype is None else cast(x, dtype), axis, keepdim)


@op()
def mean_all(x: Any) -> Any:
    return _mean(x)


@op("var")
def var_(x: Any, axis: Any = None, keepdim: bool = False, unbiased: bool = True, correction: float = 1.0) -> Any:
    return ops.var(x, axis=axes_of(axis), correction=float(correction) if unbiased else 0.0, keepdims=keepdim)


@op("std")
def std_(x: Any, axis: Any = None, keepdim: bool = False, unbiased: bool = True, correction: float = 1.0) -> Any:
    return ops.std(x, axis=axes_of(axis), correction=float(correction) if unbiased else 0.0, keepdims=keepdim)


@op()
def variance(x: Any, axis: Any = None, keepdim: bool = False) -> Any:
    return ops.var(x, axis=axes_of(axis), keepdims=keepdim)


@api("var")
def var(x: Any, axis: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: float = 1.0) -> Any:
    return var_(x, axis, keepdim, unbiased, correction)


@api("std")
def std(x: Any, axis: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: float = 1.0) -> Any:
    return std_(x, axis, keepdim, unbiased, correction)


@op(also="=")
def nansum(x: Any, axis: Any = None, dtype: Any = None, keepdim: bool = False) -> Any:
    return ops.nansum(x, axis=axes_of(axis), dtype=summed(x, dtype), keepdims=keepdim)


@api("nanmean")
def nanmean(x: Any, axis: Any = None, keepdim: bool = False) -> Any:
    return ops.nanmean(x, axis=axes_of(axis), keepdims=keepdim)


@api("count_nonzero")
def count_nonzero(x: Any, axis: Any = None, keepdim: bool = False) -> Any:
    return cast(ops.count_nonzero(x, axis=axes_of(axis), keepdims=keepdim), "int64")


# -- norms ------------------------------------------------------------------------------------------------------------


@op()
def p_norm(
    x: Any, porder: float = 2.0, axis: int = -1, epsilon: float = 1e-12, keepdim: bool = False, asvector: bool = False
) -> Any:
    if asvector:
        shape = (1,) * len(x.shape) if keepdim else ()
        return ops.reshape(ops.linalg.vector_norm(ops.reshape(x, (-1,)), ord=porder), shape)
    return ops.linalg.vector_norm(x, axis=axis, ord=porder, keepdims=keepdim)


@op()
def frobenius_norm(x: Any, axis: Any = None, keep_dim: bool = False, reduce_all: bool = False) -> Any:
    found = ops.linalg.vector_norm(x, axis=None if reduce_all else axes_of(axis), ord=2, keepdims=keep_dim)
    return cast(found, dtype_of(x))  # complex for complex numbers


@op()
def squared_l2_norm(x: Any) -> Any:
    return ops.reshape(ops.sum(ops.square(x)), (1,))


@op()
def l1_norm(x: Any) -> Any:
    return ops.sum(ops.abs(x))


@op(also="=")
def dist(x: Any, y: Any, p: float = 2) -> Any:
    return ops.linalg.vector_norm(ops.reshape(ops.subtract(x, y), (-1,)), ord=p)


# -- order ------------------------------------------------------------------------------------------------------------


def _arg(fn: Callable[..., Any]) -> Callable[..., Any]:
    def reduce(x: Any, axis: Any = None, keepdims: bool = False, flatten: bool = False, dtype: Any = "int64") -> Any:
        if flatten or axis is None:
            found = fn(ops.reshape(x, (-1,)), axis=0)
            return cast(ops.reshape(found, (1,) * len(x.shape)) if keepdims else found, dtype or "int64")
        return cast(fn(x, axis=known(axis, "axis"), keepdims=keepdims), dtype or "int64")

    return reduce


_argmax, _argmin = _arg(ops.argmax), _arg(ops.argmin)
op("argmax")(_argmax)
op("argmin")(_argmin)


@api("argmax")
def argmax(x: Any, axis: Any = None, keepdim: bool = False, dtype: Any = "int64") -> Any:
    return _argmax(x, axis, keepdim, axis is None, dtype)


@api("argmin")
def argmin(x: Any, axis: Any = None, keepdim: bool = False, dtype: Any = "int64") -> Any:
    return _argmin(x, axis, keepdim, axis is None, dtype)


def _at_rank(x: Any, rank: int, axis: int, keepdim: bool) -> tuple[Any, Any]:
    order = ops.argsort(x, axis=axis, stable=True)
    index = ops.take(order, ops.asarray([rank], dtype="int64"), axis=axis)
    values = ops.take_along_axis(x, index, axis=axis)
    index = cast(index, "int64")
    return (values, index) if keepdim else (ops.squeeze(values, axis), ops.squeeze(index, axis))


@op(also="=")
def kthvalue(x: Any, k: int = 1, axis: int = -1, keepdim: bool = False) -> tuple[Any, Any]:
    return _at_rank(x, k - 1, axis, keepdim)


@op()
def mode(x: Any, axis: int = -1, keepdim: bool = False) -> tuple[Any, Any]:
    """Return the commonest element, the smallest of several, and its last place."""
    if not x.shape:
        return x, ops.zeros((), dtype="int64")
    axis %= len(x.shape)
    rows = ops.moveaxis(x, axis, -1)
    same = cast(ops.equal(ops.expand_dims(rows, -1), ops.expand_dims(rows, -2)), "int32")
    counts = ops.sum(same, axis=-1)
    often = ops.equal(counts, ops.max(counts, axis=-1, keepdims=True))
    big = ops.max(rows, axis=-1, keepdims=True)
    value = ops.min(ops.where(often, rows, big), axis=-1, keepdims=True)
    places = ops.arange(rows.shape[-1], dtype="int64")
    index = ops.max(ops.where(ops.equal(rows, value), places, -1), axis=-1, keepdims=True)
    values = ops.take_along_axis(rows, index, axis=-1)
    if keepdim:
        return ops.moveaxis(values, -1, axis), ops.moveaxis(index, -1, axis)
    return ops.squeeze(values, -1), ops.squeeze(index, -1)


api("mode")(mode)


def _median(x: Any, axis: Any, keepdim: bool, mode: str, skip_nan: bool) -> Any:
    x = floating(x)
    axes = _dimensions(x, axis)
    rest = [i for i in range(len(x.shape)) if i not in axes]
    kept = tuple(x.shape[i] for i in rest)
    rows = ops.reshape(ops.permute_dims(x, (*rest, *axes)), (*kept, math.prod(x.shape[k] for k in axes)))
    n = rows.shape[-1]
    rows = ops.sort(rows, axis=-1)
    if skip_nan:
        count = ops.sum(cast(ops.logical_not(ops.isnan(rows)), "int64"), axis=-1, keepdims=True)
        low = ops.maximum(ops.floor_divide(ops.subtract(count, 1), 2), 0)
        high = ops.minimum(ops.floor_divide(count, 2), ops.maximum(ops.subtract(count, 1), 0))
        below, above = ops.take_along_axis(rows, low, axis=-1), ops.take_along_axis(rows, high, axis=-1)
    else:
        below, above = rows[..., (n - 1) // 2 : (n - 1) // 2 + 1], rows[..., n // 2 : n // 2 + 1]
    found = below if mode == "min" else ops.multiply(ops.add(below, above), 0.5)
    if not skip_nan:
        found = ops.where(ops.any(ops.isnan(rows), axis=-1, keepdims=True), math.nan, found)
    shape = tuple(1 if i in axes else d for i, d in enumerate(x.shape)) if keepdim else kept
    return ops.reshape(found, shape)


@op("median")
def median_(x: Any, axis: Any = None, keepdim: bool = False, mode: str = "avg") -> tuple[Any, Any]:
    return _median(x, axis, keepdim, mode, False), None


@op("nanmedian")
def nanmedian_(x: Any, axis: Any = None, keepdim: bool = False, mode: str = "avg") -> tuple[Any, Any]:
    return nanmedian(x, axis, keepdim, mode), None


@api("median")
def median(x: Any, axis: Any = None, keepdim: bool = False, mode: str = "avg") -> Any:
    return _median(x, axis, keepdim, mode, False)


@api("nanmedian")
def nanmedian(x: Any, axis: Any = None, keepdim: bool = False, mode: str = "avg") -> Any:
    return cast(_median(x, axis, keepdim, mode, True), dtype_of(x))


@api("quantile")
def quantile(x: Any, q: Any, axis: Any = None, keepdim: bool = False, interpolation: str = "linear") -> Any:
    qs = list(q) if isinstance(q, (list, tuple)) else q
    found = ops.quantile(
        floating(x),
        ops.asarray(qs, dtype="float32") if isinstance(qs, list) else qs,
        axis=axes_of(axis),
        keepdims=keepdim,
        method=interpolation,
    )
    return found


# -- cumulative -------------------------------------------------------------------------------------------------------


def _cumulative(fn: Callable[..., Any], neutral: float) -> Callable[..., Any]:
    """Make a cumulative operator with paddle's options: over the flattened array, exclusive, from the end."""

    def run(x: Any, axis: Any = None, flatten: bool = False, exclusive: bool = False, reverse: bool = False) -> Any:
        if flatten or axis is None:
            x, axis = ops.reshape(x, (-1,)), 0
        if not x.shape:
            return x
        axis = known(axis, "axis") % len(x.shape)
        x = ops.flip(x, axis=axis) if reverse else x
        if exclusive:
            width = [(1, 0) if i == axis else (0, 0) for i in range(len(x.shape))]
            x = ops.pad(
                x[tuple(slice(0, -1) if i == axis else slice(None) for i in range(len(x.shape)))], width, value=neutral
            )
        found = fn(x, axis=axis)
        return ops.flip(found, axis=axis) if reverse else found

    return run


_cumsum = _cumulative(lambda x, axis: ops.cumulative_sum(x, axis=axis, dtype=summed(x)), 0)
_logcumsumexp = _cumulative(ops.cumulative_logsumexp, -math.inf)
_cumprod = _cumulative(lambda x, axis: ops.cumulative_prod(x, axis=axis, dtype=dtype_of(x)), 1)
op("cumsum")(_cumsum)
op("logcumsumexp")(_logcumsumexp)


@op("cumprod")
def cumprod_(x: Any, dim: int, exclusive: bool = False, reverse: bool = False) -> Any:
    return _cumprod(x, dim, False, exclusive, reverse)


@api("cumprod")
def cumprod(x: Any, dim: Any = None, dtype: Any = None) -> Any:
    return _cumprod(x if dtype is None else cast(x, dtype), dim)


@api("cumsum")
def cumsum(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    return _cumsum(x if dtype is None else cast(x, dtype), axis)


@api("logcumsumexp")
def logcumsumexp(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    return _logcumsumexp(x if dtype is None else cast(x, dtype), axis)


def _extreme(fn: Callable[..., Any], better: Callable[..., Any]) -> Callable[..., Any]:
    def run(x: Any, axis: Any = None, dtype: Any = "int64") -> tuple[Any, Any]:
        if axis is None:
            x, axis = ops.reshape(x, (-1,)), 0
        axis %= len(x.shape)
        places = ops.reshape(
            ops.arange(x.shape[axis], dtype="int64"), tuple(-1 if i == axis else 1 for i in range(len(x.shape)))
        )
        best = fn(ops.stop_gradient(x), axis=axis)
        # the latest place at which the element is as good as any before
        found = ops.cumulative_max(ops.where(ops.equal(x, best), places, 0), axis=axis)
        return ops.take_along_axis(x, found, axis=axis), cast(found, dtype or "int64")

    return run


op("cummax", also="=")(_extreme(ops.cumulative_max, ops.greater_equal))
op("cummin", also="=")(_extreme(ops.cumulative_min, ops.less_equal))


@api("diff")
def diff(x: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    return ops.diff(x, axis=axis, n=n, prepend=prepend, append=append)


# -- counting ---------------------------------------------------------------------------------------------------------


@op(also="=")
def histogram(
    input: Any, bins: int = 100, min: float = 0, max: float = 0, weight: Any = None, density: bool = False
) -> Any:
    low, high = float(min), float(max)
    if low == high == 0:
        low, high = ops.min(input), ops.max(input)
        alone = cast(ops.equal(low, high), dtype_of(low))  # one value is put in the middle
        low, high = ops.subtract(low, alone), ops.add(high, alone)
        width = ops.divide(ops.subtract(high, low), bins)
    else:
        width = (high - low) / bins
    x = ops.reshape(floating(input), (-1,))
    place = ops.clip(cast(ops.floor(ops.divide(ops.subtract(x, low), width)), "int64"), 0, bins - 1)
    inside = ops.logical_and(ops.greater_equal(x, low), ops.less_equal(x, high))
    amount = cast(inside, "int64" if weight is None and not density else "float32")
    if weight is not None:
        amount = ops.multiply(amount, ops.reshape(weight, (-1,)))
    counts = ops.add_at(ops.zeros((bins,), dtype=dtype_of(amount)), place, amount)
    return ops.divide(counts, ops.multiply(ops.sum(counts), width)) if density else counts


def _bincount(x: Any, weights: Any = None, minlength: Any = 0, size: int | None = None) -> Any:
    length = known(minlength, "length")
    size = known(ops.max(x), "largest element") + 1 if size is None else size
    if weights is not None and not dtype_of(weights).is_inexact:
        weights = cast(weights, "float64")
    return ops.bincount(x, weights=weights, length=max(length, size))


op("bincount", also="=")(_bincount)


@op()
def numel(x: Any) -> Any:
    return ops.asarray(math.prod(x.shape), dtype="int64")


api("numel", "Tensor.numel")(numel)


@op()
def shape64(input: Any) -> Any:
    return ops.asarray(list(input.shape), dtype="int64")


@op("shape", also="shape")
def shape_(input: Any) -> Any:
    return ops.asarray(list(input.shape), dtype="int32")


@op()
def is_empty(x: Any) -> Any:
    return ops.asarray(0 in x.shape)


@op()
def reduce_as(x: Any, target: Any) -> Any:
    extra = len(x.shape) - len(target.shape)
    axes = [*range(extra), *(i + extra for i, n in enumerate(target.shape) if n == 1 and x.shape[i + extra] != 1)]
    if not axes:
        return ops.reshape(x, tuple(target.shape))
    dtype = dtype_of(x)
    summed_in = "int64" if dtype == "bool" or dtype == "int32" else dtype  # other integers stay
    return ops.reshape(ops.sum(x, axis=tuple(axes), dtype=summed_in), tuple(target.shape))


api("reduce_as")(reduce_as)


@op()
def segment_pool(x: Any, segment_ids: Any, pooltype: str = "SUM", size: int | None = None) -> tuple[Any, Any]:
    n = known(ops.max(segment_ids), "number of segments") + 1 if size is None else size
    fns = {"SUM": ops.segment_sum, "MEAN": ops.segment_mean, "MAX": ops.segment_max, "MIN": ops.segment_min}
    return fns[pooltype](x, segment_ids, n), None
