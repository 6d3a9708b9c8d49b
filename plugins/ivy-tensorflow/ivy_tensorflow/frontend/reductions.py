"""Reductions, running totals, segments and counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy_tensorflow.frontend.table import (
    array,
    axes_of,
    cast,
    frontend,
    is_array,
    numbers,
    public,
    raw,
    refuse,
    size_of,
)

# -- over axes --------------------------------------------------------------------------------------------------------


def _same_dtype(op: Callable[..., Any]) -> Callable[..., Any]:
    """Sum or multiply in the operand's own dtype: TensorFlow does not widen."""
    return lambda x, **kw: op(x, **kw) if dtype_of(x).is_inexact else op(x, dtype=dtype_of(x), **kw)


def _mean(x: Any, *, axis: Any, keepdims: bool) -> Any:
    dtype = dtype_of(x)
    if dtype.is_inexact:
        return F.mean(x, axis=axis, keepdims=keepdims)
    count = math.prod(x.shape[a] for a in (range(x.ndim) if axis is None else axis))
    total = F.sum(x, axis=axis, keepdims=keepdims, dtype=dtype if dtype.bits == 64 else "int64")  # does not wrap
    return cast(F.trunc_divide(total, max(count, 1)), dtype)


def _norm(x: Any, *, axis: Any, keepdims: bool) -> Any:
    dtype = dtype_of(x)
    if not dtype.is_inexact:  # the sum wraps around, the root is cut to an integer
        total = F.sum(F.square(x), axis=axis, keepdims=keepdims, dtype=dtype)
        return cast(F.sqrt(cast(total, "float64")), dtype)
    squares = F.multiply(x, F.conj(x)) if dtype.is_complex else F.square(x)
    return F.sqrt(F.sum(squares, axis=axis, keepdims=keepdims))


def _extreme(op: Callable[..., Any], sign: int) -> Callable[..., Any]:
    """Make a maximum (sign 1) or minimum (-1); that of no elements is the value that changes no other."""

    def call(x: Any, *, axis: Any, keepdims: bool) -> Any:
        axes = range(x.ndim) if axis is None else [a % x.ndim for a in axis]
        if all(x.shape[a] != 0 for a in axes):
            return op(x, axis=axis, keepdims=keepdims)
        shape = [1 if a in axes else n for a, n in enumerate(x.shape) if keepdims or a not in axes]
        dtype = dtype_of(x)
        if dtype.is_inexact:
            return F.full(tuple(shape), -sign * math.inf, dtype=dtype)
        low = 0 if dtype.kind == "uint" else -(2 ** (dtype.bits - 1))
        return F.full(tuple(shape), low if sign > 0 else low + 2**dtype.bits - 1, dtype=dtype)

    return call


_REDUCTIONS: dict[str, Callable[..., Any]] = {
    "Sum": _same_dtype(F.sum), "Prod": _same_dtype(F.prod), "Mean": _mean, "All": F.all,
    "Max": _extreme(F.max, 1), "Min": _extreme(F.min, -1),
    "Any": F.any, "EuclideanNorm": _norm,
}  # fmt: skip
_PUBLIC = {
    "reduce_variance": F.var,
    "reduce_std": F.std,
    "reduce_logsumexp": F.logsumexp,
    "count_nonzero": F.count_nonzero,
}


def _reduction(op: Callable[..., Any]) -> Callable[..., Any]:
    def call(input: Any, axis: Any, keep_dims: bool = False) -> Any:
        axes = axes_of(axis, input.ndim)
        return op(input, axis=axes, keepdims=keep_dims) if axes != () else _over_nothing(op, input)

    return call


def _over_nothing(op: Callable[..., Any], x: Any) -> Any:
    """Reduce over no axis at all: every element alone."""
    return F.squeeze(op(F.expand_dims(x, axis=-1), axis=(x.ndim,), keepdims=True), axis=-1)


def _public_reduction(op: Callable[..., Any]) -> Callable[..., Any]:
    def call(input_tensor: Any = None, axis: Any = None, keepdims: bool = False, *, input: Any = None) -> Any:
        x = array(input_tensor if input is None else input)
        axes = axes_of(axis, x.ndim)
        return op(x, axis=axes, keepdims=bool(keepdims)) if axes != () else _over_nothing(op, x)

    return call


for _name, _op in _REDUCTIONS.items():
    raw(_name)(_reduction(_op))
    _plain = "euclidean_norm" if _name == "EuclideanNorm" else _name.lower()
    public(f"math.reduce_{_plain}")(_public_reduction(_op))
for _name, _op in _PUBLIC.items():
    public(f"math.{_name}")(_public_reduction(_op))


def _count(data: Any, segment_ids: Any) -> Any:
    """Return how many segments there are: what the result's length is guarded by."""
    return F.add(cast(F.max(array(segment_ids)), "int32"), 1)


for _name in ("Sum", "Prod", "Max", "Min", "Mean"):
    frontend.function(f"tensorflow.raw_ops.CountOfSegment{_name}")(_count)


@public("nn.moments")
def moments(x: Any, axes: Any, shift: Any = None, keepdims: bool = False) -> Any:
    axis = axes_of(axes, x.ndim)
    return F.mean(x, axis=axis, keepdims=keepdims), F.var(x, axis=axis, keepdims=keepdims)


@public("norm")
def norm(tensor: Any, ord: Any = "euclidean", axis: Any = None, keepdims: bool = False) -> Any:
    x = array(tensor)
    axes = axes_of(axis, x.ndim)
    if ord in ("euclidean", "fro", 2) and (ord != 2 or axes is None or len(axes) == 1):
        return _norm(x, axis=axes, keepdims=keepdims)
    if axes is not None and len(axes) == 2:
        return refuse(f"tf.norm of matrices with ord={ord}", "use tf.linalg.svd")
    return F.linalg.vector_norm(x, axis=axes, keepdims=keepdims, ord=float(ord))


# -- running totals ---------------------------------------------------------------------------------------------------


def _running(op: Callable[..., Any], first: float) -> Callable[..., Any]:
    def call(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False) -> Any:
        x = array(x)
        at = size_of(axis) % max(x.ndim, 1)
        x = F.flip(x, axis=at) if reverse else x
        found = op(x, at)
        if exclusive:
            shape = tuple(1 if i == at else n for i, n in enumerate(x.shape))
            kept = F.get_item(found, (*[slice(None)] * at, slice(0, x.shape[at] - 1)))
            found = F.concat([F.full(shape, first, dtype=dtype_of(x)), kept], axis=at)
        return F.flip(found, axis=at) if reverse else found

    return call


_cumsum = _running(lambda x, axis: F.cumulative_sum(x, axis=axis, dtype=dtype_of(x)), 0)
_cumprod = _running(lambda x, axis: F.cumulative_prod(x, axis=axis, dtype=dtype_of(x)), 1)
_cumlogsumexp = _running(lambda x, axis: F.cumulative_logsumexp(x, axis=axis), -math.inf)
raw("Cumsum")(_cumsum)
raw("Cumprod")(_cumprod)
raw("CumulativeLogsumexp")(_cumlogsumexp)
public("math.cumsum")(_cumsum)
public("math.cumprod")(_cumprod)
public("math.cumulative_logsumexp")(_cumlogsumexp)


# -- segments ---------------------------------------------------------------------------------------------------------


def _segment(op: Callable[..., Any], empty: Callable[[Any], Any] | None) -> Callable[..., Any]:
    def call(data: Any, segment_ids: Any, num_segments: Any = None) -> Any:
        data, ids = array(data), array(segment_ids)
        if num_segments is None:
            num_segments = 1 + max(numbers(ids), default=-1)
        count = size_of(num_segments)
        rest = data.shape[ids.ndim :]
        flat, ids = F.reshape(data, (math.prod(ids.shape), *rest)), F.reshape(ids, (-1,))
        # elements with a negative id are left out: they go to a segment of their own, which is cut off
        ids = F.where(F.less(ids, 0), count, ids)
        found = F.get_item(op(flat, ids, count + 1), slice(0, count))
        if empty is None:
            return found
        size = F.segment_sum(F.ones_like(ids, dtype="int32"), ids, count + 1)
        some = F.greater(F.get_item(size, slice(0, count)), 0)
        some = F.reshape(some, (count, *[1] * len(rest)))
        return F.where(some, found, F.full((), empty(dtype_of(data)), dtype=dtype_of(data)))

    return call


def _lowest(dtype: Any) -> Any:
    from ivy.functional.pooling import identity_of

    found = identity_of("max", dtype)
    return -_LARGEST[str(dtype)] if dtype.is_float else found


def _highest(dtype: Any) -> Any:
    from ivy.functional.pooling import identity_of

    return _LARGEST[str(dtype)] if dtype.is_float else identity_of("min", dtype)


_LARGEST = {
    "float16": 65504.0,
    "bfloat16": 3.3895313892515355e38,
    "float32": 3.4028234663852886e38,
    "float64": 1.7976931348623157e308,
}


def _nothing(value: float) -> Callable[[Any], Any]:
    return lambda dtype: value


_SORTED = {
    "Sum": (F.segment_sum, None),
    "Prod": (F.segment_prod, None),
    "Max": (F.segment_max, _nothing(0)),
    "Min": (F.segment_min, _nothing(0)),
    "Mean": (F.segment_mean, _nothing(0)),
}
_UNSORTED = {
    "Sum": (F.segment_sum, None),
    "Prod": (F.segment_prod, None),
    "Max": (F.segment_max, _lowest),
    "Min": (F.segment_min, _highest),
}
for _name, (_op, _empty) in _SORTED.items():
    _fn = _segment(_op, _empty)
    raw(f"Segment{_name}", *([] if _name == "Mean" else [f"Segment{_name}V2"]))(_fn)
    public(f"math.segment_{_name.lower()}")(_fn)
for _name, (_op, _empty) in _UNSORTED.items():
    _fn = _segment(_op, _empty)
    raw(f"UnsortedSegment{_name}")(_fn)
    public(f"math.unsorted_segment_{_name.lower()}")(_fn)
public("math.unsorted_segment_mean")(_segment(F.segment_mean, _nothing(0)))


# -- counts -----------------------------------------------------------------------------------------------------------


@raw("DenseBincount", "Bincount")
def dense_bincount(size: Any, weights: Any, input: Any = None, binary_output: bool = False, arr: Any = None) -> Any:
    x, n = array(input if arr is None else arr), size_of(size)
    weighted = is_array(weights) and math.prod(weights.shape) > 0
    dtype = dtype_of(weights) if is_array(weights) else as_dtype("int32")
    if x.ndim == 2:  # each row alone
        hot = F.one_hot(x, n, dtype="bool" if binary_output else dtype)
        if binary_output:
            return cast(F.any(hot, axis=1), dtype)
        return F.sum(F.multiply(hot, F.expand_dims(weights, axis=-1)) if weighted else hot, axis=1, dtype=dtype)
    x = F.reshape(x, (-1,))
    if binary_output:
        return cast(F.greater(F.bincount(x, length=n), 0), dtype)
    return cast(F.bincount(x, weights=F.reshape(weights, (-1,)) if weighted else None, length=n), dtype)


@raw("CountOfDenseBincount")
def count_of_dense_bincount(size: Any, weights: Any, input: Any, binary_output: bool = False) -> Any:
    return cast(array(size), "int32")


@raw("HistogramFixedWidth")
def raw_histogram(values: Any, value_range: Any, nbins: Any = 100, dtype: Any = "int32") -> Any:
    n = size_of(nbins)
    lo, hi = (array(value_range)[i] for i in (0, 1))
    x = cast(F.reshape(values, (-1,)), "float64" if dtype_of(values) == "float64" else "float32")
    lo, hi = cast(lo, dtype_of(x)), cast(hi, dtype_of(x))
    place = F.floor(F.multiply(F.divide(F.subtract(x, lo), F.subtract(hi, lo)), float(n)))
    return cast(F.bincount(cast(F.clip(place, 0, n - 1), "int32"), length=n), dtype)


@public("histogram_fixed_width")
def histogram_fixed_width(values: Any, value_range: Any, nbins: Any = 100, dtype: Any = "int32") -> Any:
    return raw_histogram(array(values), array(value_range), nbins, dtype)
