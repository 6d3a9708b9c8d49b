"""Reductions and running totals.

Definitions: https://numpy.org/doc/stable/reference/routines.math.html and routines.statistics.html
"""

from __future__ import annotations

import builtins
import functools
import math
from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_numpy.frontend.promotion import (
    array,
    as_bool,
    cast,
    dtype_arg,
    floating,
    is_array,
    mean_dtype,
    promote,
    result_dtype,
    summed_dtype,
)
from ivy_numpy.frontend.table import numpy

NAMESPACE = "numpy"


def _also_of_scalars(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """Let a reduction take axis 0 or -1 of an array without axes, as NumPy does."""

    @functools.wraps(reduce)
    def call(a: Any, axis: Any = None, *args: Any, **kwargs: Any) -> Any:
        if axis is not None and is_array(a) and not a.shape:
            axis = None if axis in (0, -1) else axis
        return reduce(a, axis, *args, **kwargs)

    return call


def _reducer(op: Callable[..., Any], neutral: float, combine: Callable[..., Any]) -> Callable[..., Any]:
    def reduce(
        a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
    ) -> Any:
        x = array(a)
        dtype = summed_dtype(x, dtype)
        x = cast(x, dtype)
        if where is not True:
            x = ops.where(as_bool(where), x, ops.full_like(x, neutral))
        result = op(x, axis=axis, keepdims=bool(keepdims), **({} if dtype is None else {"dtype": dtype}))
        if initial is not None and not (isinstance(initial, (int, float)) and initial == neutral):
            result = combine(result, cast(array(initial), dtype_of(result)))
        return result

    return reduce


sum = numpy.function("numpy.sum")(_also_of_scalars(_reducer(ops.sum, 0, ops.add)))
prod = numpy.function("numpy.prod")(_also_of_scalars(_reducer(ops.prod, 1, ops.multiply)))


def _extreme(op: Callable[..., Any], combine: Callable[..., Any]) -> Callable[..., Any]:
    def reduce(a: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
        x = array(a)
        here = dtype_of(x)
        if where is not True:
            x = ops.where(as_bool(where), x, cast(array(initial), here))
        as_int = cast(x, "uint8") if here == "bool" else x
        if axis == ():
            result = as_int
        elif initial is not None and not _elements(as_int.shape, axis):
            result = _without(as_int, axis, keepdims, initial)
        else:
            result = op(as_int, axis=axis, keepdims=bool(keepdims))
        if initial is not None:
            first = cast(cast(array(initial), here), dtype_of(result))
            result = combine(result, first)
        return cast(result, here)

    return reduce


def _elements(shape: Any, axis: Any) -> int:
    axes = range(len(shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
    return math.prod(shape[i] for i in axes)


def _without(x: Any, axis: Any, keepdims: bool, value: Any) -> Any:
    axes = (
        set(range(len(x.shape)))
        if axis is None
        else {k % len(x.shape) for k in ([axis] if isinstance(axis, int) else axis)}
    )
    shape = [1 if i in axes else n for i, n in enumerate(x.shape) if keepdims or i not in axes]
    return ops.full(tuple(shape), value, dtype=dtype_of(x))


max = numpy.function("numpy.max")(_also_of_scalars(_extreme(ops.max, ops.maximum)))
min = numpy.function("numpy.min")(_also_of_scalars(_extreme(ops.min, ops.minimum)))


def _logical(op: Callable[..., Any], neutral: bool) -> Callable[..., Any]:
    def reduce(a: Any, axis: Any = None, keepdims: bool = False, where: Any = True, **_: Any) -> Any:
        x = as_bool(a)
        if where is not True:
            x = ops.where(as_bool(where), x, ops.full_like(x, neutral))
        return op(x, axis=axis, keepdims=bool(keepdims))

    return reduce


all = numpy.function("numpy.all")(_also_of_scalars(_logical(ops.all, True)))
any = numpy.function("numpy.any")(_also_of_scalars(_logical(ops.any, False)))


def _over_first(reduce: Callable[..., Any]) -> Callable[..., Any]:
    return lambda array, axis=0, dtype=None, keepdims=False, initial=None, where=True: reduce(
        array, axis, dtype, keepdims, initial, where
    )


def _ufunc_extreme(reduce: Callable[..., Any]) -> Callable[..., Any]:
    return lambda array_, axis=0, dtype=None, keepdims=False, initial=None, where=True: reduce(
        cast(array(array_), dtype_arg(dtype)), axis, keepdims, initial, where
    )


def _ufunc_logical(reduce: Callable[..., Any], combine: Callable[..., Any]) -> Callable[..., Any]:
    def call(
        array: Any, axis: Any = 0, dtype: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
    ) -> Any:
        result = reduce(array, axis, keepdims, where)
        return result if initial is None else combine(result, as_bool(initial))

    return call


_UFUNC_REDUCERS: dict[str, Callable[..., Any]] = {
    "add": _over_first(sum),
    "multiply": _over_first(prod),
    "maximum": _ufunc_extreme(max),
    "minimum": _ufunc_extreme(min),
    "logical_and": _ufunc_logical(all, ops.logical_and),
    "logical_or": _ufunc_logical(any, ops.logical_or),
}


def reducer_of(name: str) -> Callable[..., Any] | None:
    """Return the ``reduce`` of a ufunc that is one of the reductions here, None for any other."""
    return _UFUNC_REDUCERS.get(name)


# -- averages ---------------------------------------------------------------------------------------------------------


def _share(x: Any, where: Any, axis: Any, keepdims: bool) -> Any:
    mask = ops.broadcast_to(as_bool(where), tuple(x.shape))
    return ops.sum(cast(mask, dtype_of(x) if dtype_of(x).is_float else "float64"), axis=axis, keepdims=keepdims)


@numpy.function()
def mean(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, *, where: Any = True) -> Any:
    x = array(a)
    target = mean_dtype(x, dtype)
    half = target == "float16" and dtype is None
    x = cast(x, "float32" if half else target)
    keepdims = bool(keepdims)
    if not target.is_inexact and where is True:  # the sum wraps around, its quotient is truncated
        total = ops.sum(x, axis=axis, keepdims=keepdims, dtype=target)
        return cast(ops.divide(cast(total, "float64"), float(_elements(x.shape, axis))), target)
    if where is True:
        return cast(ops.mean(x, axis=axis, keepdims=keepdims), target)
    total = ops.sum(ops.where(as_bool(where), x, ops.zeros_like(x)), axis=axis, keepdims=keepdims)
    return cast(ops.divide(total, _share(x, where, axis, keepdims)), target)


def _variance(a: Any, axis: Any, dtype: Any, ddof: Any, keepdims: bool, where: Any, mean_: Any, correction: Any) -> Any:
    x = array(a)
    target = mean_dtype(x, dtype)
    x = cast(x, "float32" if target == "float16" and dtype is None else target)
    ddof = ddof if correction is None else correction
    centre = mean(x, axis=axis, keepdims=True, where=where) if mean_ is None else mean_
    deviation = ops.subtract(x, centre)
    square = ops.real(ops.multiply(deviation, ops.conj(deviation))) if target.is_complex else ops.square(deviation)
    if where is True:
        count: Any = float(_elements(x.shape, axis)) - ddof
        total = ops.sum(square, axis=axis, keepdims=keepdims)
    else:
        total = ops.sum(ops.where(as_bool(where), square, ops.zeros_like(square)), axis=axis, keepdims=keepdims)
        count = ops.subtract(_share(square, where, axis, keepdims), float(ddof))
    if isinstance(count, float):
        count = count if count > 0 else 0.0
        result = ops.divide(total, ops.full_like(total, count))
    else:
        result = ops.divide(total, ops.maximum(count, ops.zeros_like(count)))
    real = {"complex64": "float32", "complex128": "float64"}.get(str(target), target)
    return result, real


@numpy.function()
def var(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    ddof: Any = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: Any = None,
) -> Any:
    result, target = _variance(a, axis, dtype, ddof, bool(keepdims), where, mean, correction)
    return cast(result, target)


@numpy.function()
def std(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    ddof: Any = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: Any = None,
) -> Any:
    result, target = _variance(a, axis, dtype, ddof, bool(keepdims), where, mean, correction)
    return cast(ops.sqrt(result), target)


@numpy.function()
def median(a: Any, axis: Any = None, overwrite_input: bool = False, keepdims: bool = False) -> Any:
    x = array(a)
    target = mean_dtype(x)
    return cast(_at_share(cast(x, target), 0.5, axis, "middle", bool(keepdims)), target)


@numpy.function()
def quantile(
    a: Any,
    q: Any,
    axis: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Any:
    del overwrite_input
    if weights is not None:
        from ivy.errors import ArgumentError

        raise ArgumentError("np.quantile with weights is not supported", hint="leave weights out")
    x = array(a)
    here = dtype_of(x)
    if type(q) in (int, float):  # weak
        target = here if here.is_inexact or isinstance(q, int) else mean_dtype(x)
    else:
        kind = dtype_of(q if hasattr(q, "dtype") else array(q))
        target = result_dtype(here, kind) if kind.is_inexact else here
    if method in _PICKING:
        target = here
    if target != here or not here.is_inexact:
        x = cast(x, "float64")
    shares = q if isinstance(q, (list, tuple)) else [q]
    if all_numbers(shares) and method in _POSITIONS:
        found = [_at_share(x, float(share), axis, method, bool(keepdims)) for share in shares]
        result = ops.stack(found, axis=0) if isinstance(q, (list, tuple)) else found[0]
    else:
        result = ops.quantile(x, cast(array(q), dtype_of(x)), axis=axis, keepdims=bool(keepdims), method=method)
    return cast(result, target)


_PICKING = {"inverted_cdf", "closest_observation", "lower", "higher", "nearest"}
"""Methods that give elements as they are, in their dtype."""


_POSITIONS: dict[str, Callable[[float], float]] = {
    "linear": lambda at: at,
    "lower": math.floor,
    "higher": math.ceil,
    "nearest": round,
    "midpoint": lambda at: at if at == int(at) else math.floor(at) + 0.5,
    "middle": lambda at: at,
}


def all_numbers(values: Any) -> bool:
    """Tell whether all are Python numbers, so that places in sorted order are known ahead."""
    return not [v for v in values if not isinstance(v, (int, float))]


def _at_share(x: Any, share: float, axis: Any, method: str, keepdims: bool) -> Any:
    ndim = len(x.shape)
    axes = sorted(range(ndim) if axis is None else {k % ndim for k in ([axis] if isinstance(axis, int) else axis)})
    kept = [k for k in range(ndim) if k not in axes]
    rows = ops.reshape(ops.permute_dims(x, tuple(kept + axes)), (*[x.shape[k] for k in kept], _elements(x.shape, axes)))
    rows = ops.sort(rows, axis=-1)
    at = _POSITIONS[method](share * (rows.shape[-1] - 1))
    low = math.floor(at)
    found = ops.get_item(rows, (Ellipsis, low))
    above = ops.get_item(rows, (Ellipsis, builtins.min(low + 1, rows.shape[-1] - 1)))
    if method == "middle":
        found = found if at == low else ops.multiply(ops.add(found, above), 0.5)
    elif method not in _PICKING:  # also at a place of an element: beside an infinity that gives NaN
        step = ops.subtract(above, found)
        if at - low < 0.5:
            found = ops.add(found, ops.multiply(step, at - low))
        else:
            found = ops.subtract(above, ops.multiply(step, 1 - (at - low)))
    last = ops.get_item(rows, (Ellipsis, -1))  # NaN sorts last
    found = ops.where(ops.isnan(last), last, found)
    return ops.reshape(found, tuple(1 if k in axes else n for k, n in enumerate(x.shape))) if keepdims else found


@numpy.function()
def percentile(
    a: Any,
    q: Any,
    axis: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Any:
    share: Any
    if isinstance(q, (list, tuple)) and all_numbers(q):
        share = [v / 100.0 for v in q]
    elif isinstance(q, (int, float)):
        share = [q / 100.0] if isinstance(q, bool) else q / 100.0
        if isinstance(q, bool):  # no weak number: a boolean's share is a float64
            return ops.squeeze(quantile(a, share, axis, overwrite_input, method, keepdims, weights=weights), axis=0)
    else:
        share = array(q)
        share = ops.divide(share if dtype_of(share).is_inexact else cast(share, "float64"), 100.0)
    return quantile(a, share, axis, overwrite_input, method, keepdims, weights=weights)


@numpy.function()
def ptp(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return ops.subtract(max(a, axis, keepdims), min(a, axis, keepdims))


@numpy.function()
def count_nonzero(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return ops.sum(cast(as_bool(a), "int64"), axis=axis, keepdims=bool(keepdims))


# -- places of extremes -----------------------------------------------------------------------------------------------


def _place(op: Callable[..., Any]) -> Callable[..., Any]:
    def find(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
        x = array(a)
        x = cast(x, "uint8") if dtype_of(x) == "bool" else x
        return cast(op(x, axis=axis, keepdims=bool(keepdims)), "int64")

    return find


argmax = numpy.function("numpy.argmax")(_also_of_scalars(_place(ops.argmax)))
argmin = numpy.function("numpy.argmin")(_also_of_scalars(_place(ops.argmin)))

# -- ignoring NaN -----------------------------------------------------------------------------------------------------


def _filled(a: Any, value: float) -> Any:
    x = array(a)
    return ops.where(ops.isnan(x), ops.full_like(x, value), x) if dtype_of(x).is_inexact else x


def _valid(a: Any) -> Any:
    x = array(a)
    return ops.logical_not(ops.isnan(x)) if dtype_of(x).is_inexact else True


@numpy.function()
def nansum(
    a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    return sum(_filled(a, 0.0), axis, dtype, keepdims, initial, where)


@numpy.function()
def nanprod(
    a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    return prod(_filled(a, 1.0), axis, dtype, keepdims, initial, where)


def _both(a: Any, where: Any) -> Any:
    valid = _valid(a)
    return valid if where is True else where if valid is True else ops.logical_and(valid, as_bool(where))


@numpy.function()
def nanmean(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, *, where: Any = True) -> Any:
    return mean(_filled(a, 0.0), axis, dtype, keepdims, where=_both(a, where))


@numpy.function()
def nanvar(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    ddof: Any = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: Any = None,
) -> Any:
    return _nan_where_empty(
        var(_filled(a, 0.0), axis, dtype, ddof, keepdims, where=_both(a, where), mean=mean, correction=correction),
        a,
        axis,
        keepdims,
        where,
        ddof if correction is None else correction,
    )


@numpy.function()
def nanstd(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    ddof: Any = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: Any = None,
) -> Any:
    return ops.sqrt(nanvar(a, axis, dtype, ddof, keepdims, where=where, mean=mean, correction=correction))


def _nan_where_empty(result: Any, a: Any, axis: Any, keepdims: bool, where: Any, ddof: Any) -> Any:
    valid = _both(a, where)
    if valid is True:
        return result
    count = ops.sum(
        cast(ops.broadcast_to(as_bool(valid), tuple(array(a).shape)), "int64"), axis=axis, keepdims=bool(keepdims)
    )
    return ops.where(ops.greater(count, ddof), result, ops.full_like(result, math.nan))


def _nan_extreme(reduce: Callable[..., Any], neutral: float) -> Callable[..., Any]:
    def call(a: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
        x = array(a)
        if not dtype_of(x).is_inexact:
            return reduce(x, axis, keepdims, initial, where)
        result = reduce(_filled(x, neutral), axis, keepdims, initial, where)
        empty = ops.all(ops.isnan(x), axis=axis, keepdims=bool(keepdims))
        return ops.where(empty, ops.full_like(result, math.nan), result)

    return call


nanmax = numpy.function("numpy.nanmax")(_nan_extreme(max, -math.inf))
nanmin = numpy.function("numpy.nanmin")(_nan_extreme(min, math.inf))


@numpy.function()
def nanargmax(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    return argmax(_filled(a, -math.inf), axis, keepdims=keepdims)


@numpy.function()
def nanargmin(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    return argmin(_filled(a, math.inf), axis, keepdims=keepdims)


# -- running totals ---------------------------------------------------------------------------------------------------


def _running(op: Callable[..., Any]) -> Callable[..., Any]:
    def call(a: Any, axis: int | None = None, dtype: Any = None) -> Any:
        x = array(a)
        target = summed_dtype(x, dtype)
        x = cast(x, target)
        if axis is None or not x.shape:
            x, axis = ops.reshape(x, (-1,)), 0
        return op(x, axis=axis, **({} if target is None else {"dtype": target}))

    return call


cumsum = numpy.function("numpy.cumsum")(_running(ops.cumulative_sum))
cumprod = numpy.function("numpy.cumprod")(_running(ops.cumulative_prod))


def _standard_running(op: Callable[..., Any]) -> Callable[..., Any]:
    def call(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
        x = array(x)
        target = summed_dtype(x, dtype)
        x = x if x.shape else ops.reshape(x, (1,))
        return op(cast(x, target), axis=axis, include_initial=include_initial, dtype=target or dtype_of(x))

    return call


numpy.function("numpy.cumulative_sum")(_standard_running(ops.cumulative_sum))
numpy.function("numpy.cumulative_prod")(_standard_running(ops.cumulative_prod))


@numpy.function()
def nancumsum(a: Any, axis: int | None = None, dtype: Any = None) -> Any:
    return cumsum(_filled(a, 0.0), axis, dtype)


@numpy.function()
def nancumprod(a: Any, axis: int | None = None, dtype: Any = None) -> Any:
    return cumprod(_filled(a, 1.0), axis, dtype)


@numpy.function()
def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    x = array(a)
    axis %= len(x.shape)
    ends = [prepend, append]
    for i, end in enumerate(ends):
        if end is not None:
            e = array(end)
            if not e.shape:
                e = ops.broadcast_to(e, tuple(1 if k == axis else s for k, s in enumerate(x.shape)))
            ends[i] = e
    parts = [p for p in (ends[0], x, ends[1]) if p is not None]
    x = ops.concat(promote(*parts), axis=axis) if len(parts) > 1 else x
    for _ in range(n):
        high = ops.get_item(x, (*[slice(None)] * axis, slice(1, None)))
        low = ops.get_item(x, (*[slice(None)] * axis, slice(None, -1)))
        x = ops.not_equal(high, low) if dtype_of(x) == "bool" else ops.subtract(high, low)
    return x


@numpy.function()
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    steps = diff(ops.reshape(array(ary), (-1,)))
    ends = [None if e is None else cast(ops.reshape(array(e), (-1,)), dtype_of(steps)) for e in (to_begin, to_end)]
    parts = [p for p in (ends[0], steps, ends[1]) if p is not None]
    return ops.concat(parts, axis=0) if len(parts) > 1 else steps


@numpy.function()
def average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False) -> Any:
    x = array(a)
    if weights is None:
        result = mean(x, axis, keepdims=keepdims)
        total: Any = ops.full_like(result, float(_elements(x.shape, axis)))
        return (result, total) if returned else result
    x, w = floating(x, array(weights), ints="float64")
    if tuple(w.shape) != tuple(x.shape):
        axis_ = axis % len(x.shape)
        w = ops.reshape(w, [n if i == axis_ else 1 for i, n in enumerate(x.shape)])
        w = ops.broadcast_to(w, tuple(x.shape))
    total = ops.sum(w, axis=axis, keepdims=bool(keepdims))
    result = ops.divide(ops.sum(ops.multiply(x, w), axis=axis, keepdims=bool(keepdims)), total)
    return (result, total) if returned else result


@numpy.function()
def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
    return sum(ops.diagonal(array(a), offset=offset, axis1=axis1, axis2=axis2), -1, dtype_arg(dtype))


@numpy.function("numpy.linalg.trace")
def _matrix_trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    return trace(x, offset, -2, -1, dtype)
