"""``torch``'s reductions and scans (https://pytorch.org/docs/stable/torch.html#reduction-ops)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import as_dtype, dtype_of
from ivy_torch.frontend import return_types
from ivy_torch.frontend.declare import api, op, table
from ivy_torch.frontend.pointwise import real_dtype
from ivy_torch.frontend.promotion import cast, dtype_arg, floating, promote, summed_dtype
from ivy_torch.frontend.shaping import axis_of, full_slice

__all__ = ["axes_of"]


def axes_of(dim: Any, ndim: int) -> int | tuple[int, ...] | None:
    """Return ivy's axis for torch's ``dim``: None and () mean all."""
    if dim is None or (isinstance(dim, (tuple, list)) and len(dim) == 0):
        return None
    if isinstance(dim, (tuple, list)):
        return tuple(axis_of(d, ndim) for d in dim) if ndim else None
    return axis_of(dim, ndim) if ndim else None


def _reduce(f: Callable[..., Any], x: Any, dim: Any, keepdim: bool, **kwargs: Any) -> Any:
    return f(x, axis=axes_of(dim, len(x.shape)), keepdims=bool(keepdim) and len(x.shape) > 0, **kwargs)


@api()
def sum(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    return _reduce(ops.sum, input, dim, keepdim, dtype=summed_dtype(input, dtype))


@api()
def prod(input: Any, dim: int | None = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    return _reduce(ops.prod, input, dim, keepdim, dtype=summed_dtype(input, dtype))


@api()
def nansum(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    x = ops.where(ops.isnan(input), ops.zeros_like(input), input) if dtype_of(input).is_inexact else input
    return sum(x, dim, keepdim, dtype=dtype)


@api()
def mean(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    x = cast(input, dtype_arg(dtype))
    if not dtype_of(x).is_inexact:
        raise TypeError(f"mean(): could not infer output dtype. Input dtype must be floating or complex, got {x.dtype}")
    return _reduce(ops.mean, x, dim, keepdim)


@api()
def nanmean(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    x = cast(input, dtype_arg(dtype))
    count = sum(ops.logical_not(ops.isnan(x)), dim, keepdim)
    return ops.divide(nansum(x, dim, keepdim), cast(count, real_dtype(dtype_of(x))))


def _spread(correction: Any, unbiased: Any) -> float:
    if unbiased is not None:
        return 1.0 if unbiased else 0.0
    return 1.0 if correction is None else float(correction)


def _variance(
    input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> tuple[Any, Any, Any, float]:
    if isinstance(dim, bool):  # std(input, unbiased)
        dim, unbiased = None, dim
    return input, dim, keepdim, _spread(correction, unbiased)


@api()
def var(input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None) -> Any:
    x, dim, keepdim, c = _variance(input, dim, unbiased, keepdim, correction=correction)
    if dtype_of(x).is_complex:
        re, im = (_reduce(ops.var, part, dim, keepdim, correction=c) for part in (ops.real(x), ops.imag(x)))
        return ops.add(re, im)
    return _reduce(ops.var, x, dim, keepdim, correction=c)


@api()
def std(input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None) -> Any:
    x, dim, keepdim, c = _variance(input, dim, unbiased, keepdim, correction=correction)
    if dtype_of(x).is_complex:
        return ops.sqrt(var(x, dim, None, keepdim, correction=c))
    return _reduce(ops.std, x, dim, keepdim, correction=c)


@api("var_mean")
def var_mean(
    input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> Any:
    x, dim, keepdim, c = _variance(input, dim, unbiased, keepdim, correction=correction)
    return var(x, dim, None, keepdim, correction=c), _running_mean(x, dim, keepdim)


@api("std_mean")
def std_mean(
    input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> Any:
    x, dim, keepdim, c = _variance(input, dim, unbiased, keepdim, correction=correction)
    return std(x, dim, None, keepdim, correction=c), _running_mean(x, dim, keepdim)


def _running_mean(x: Any, dim: Any, keepdim: bool) -> Any:
    """Return the mean as torch updates it element by element (Welford): NaN where an infinity is among them."""
    found = mean(x, dim, keepdim)
    if dtype_of(x).is_complex or found.shape == x.shape:
        return found
    return ops.where(ops.isinf(found), ops.full_like(found, math.nan), found)


def _boolean(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
        x = cast(input, "bool")
        if isinstance(dim, (tuple, list)) and not dim:  # here, unlike in sum, () means none
            return x
        found = _reduce(f, x, dim, keepdim)
        return cast(found, "uint8") if dtype_of(input) == "uint8" else found

    return call


table("all\nany", _boolean)


def _extreme(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any, dim: Any = (), keepdim: bool = False) -> Any:
        return _reduce(f, input, dim, keepdim)

    return call


_EXTREMES = table("amax: max\namin: min", _extreme)
amax, amin = _EXTREMES["amax"], _EXTREMES["amin"]


def _extreme_with_index(name: str) -> Callable[..., Any]:
    reduce, index, pairwise = op(name), op(f"arg{name}"), op(f"{name}imum")
    result = getattr(return_types, name)

    def call(input: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
        second = other if other is not None else dim if hasattr(dim, "shape") else None
        if second is not None:
            return pairwise(*promote(input, second))
        if dim is None:
            return reduce(input)
        x = input
        if not x.shape:
            return result(x, ops.zeros((), dtype="int64"))
        axis = axis_of(dim, len(x.shape))
        where = index(_countable(x), axis=axis, keepdims=True)
        values = ops.take_along_axis(x, where, axis=axis)
        if not keepdim:
            values, where = ops.squeeze(values, axis=axis), ops.squeeze(where, axis=axis)
        return result(values, where)

    return call


def _countable(x: Any) -> Any:
    return ops.astype(x, "uint8") if dtype_of(x).kind == "bool" else x


table("max\nmin", _extreme_with_index)


@api()
def aminmax(input: Any, *, dim: int | None = None, keepdim: bool = False) -> Any:
    return return_types.aminmax(amin(input, dim, keepdim), amax(input, dim, keepdim))


def _arg_extreme(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
        if not input.shape:
            return ops.zeros((), dtype="int64")
        found = f(_countable(input), axis=axes_of(dim, len(input.shape)), keepdims=bool(keepdim))
        return cast(found, "int64")

    return call


table("argmax\nargmin", _arg_extreme)


@api("logsumexp", "special.logsumexp")
def logsumexp(input: Any, dim: Any, keepdim: bool = False) -> Any:
    return _reduce(ops.logsumexp, floating(input), dim, keepdim)


@api()
def count_nonzero(input: Any, dim: Any = None) -> Any:
    return cast(ops.count_nonzero(input, axis=axes_of(dim, len(input.shape))), "int64")


@api()
def sum_to_size(input: Any, *size: Any) -> Any:
    from ivy_torch.frontend.promotion import shape_of

    target, shape = shape_of(size), tuple(input.shape)
    extra = len(shape) - len(target)
    gone = tuple(range(extra))
    kept = tuple(i for i in range(extra, len(shape)) if target[i - extra] == 1 and shape[i] != 1)
    x = sum(input, (*gone, *kept), True) if gone or kept or not target else input
    return ops.reshape(x, target) if extra else x


# -- scans -------------------------------------------------------------------------------------------------------------


def _scan(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any, dim: int, *, dtype: Any = None) -> Any:
        x = cast(input, summed_dtype(input, dtype))
        return f(x, axis=axis_of(dim, len(x.shape)), dtype=dtype_of(x)) if x.shape else x

    return call


_SCANS = table("cumsum: cumulative_sum\ncumprod: cumulative_prod", _scan)
cumsum, cumprod = _SCANS["cumsum"], _SCANS["cumprod"]


def _running_extreme(name: str) -> Callable[..., Any]:
    f = op(f"cumulative_{name}")
    result = getattr(return_types, f"cum{name}")

    def call(input: Any, dim: int) -> Any:
        if not input.shape:
            return result(input, ops.zeros((), dtype="int64"))
        axis = axis_of(dim, len(input.shape))
        n = input.shape[axis]
        x = _countable(input)
        values = f(x, axis=axis)
        # the last position at which the running value was (re)set; a NaN stays
        at = ops.reshape(ops.arange(n, dtype="int64"), full_slice_shape(len(input.shape), axis, n))
        here = ops.equal(x, values)
        if dtype_of(x).is_inexact:
            here = ops.logical_or(here, ops.isnan(x))
        where = ops.where(here, at, ops.zeros((), dtype="int64"))
        last = ops.cumulative_max(where, axis=axis)
        if dtype_of(x).is_inexact:  # of equal elements the last one has the derivative
            return result(ops.take_along_axis(input, last, axis=axis), last)
        return result(cast(values, dtype_of(input)), last)

    return call


def full_slice_shape(ndim: int, axis: int, n: int) -> tuple[int, ...]:
    """Return the shape of a vector of length `n` that broadcasts along one axis of `ndim`."""
    return (*([1] * axis), n, *([1] * (ndim - axis - 1)))


_running = table("cummax: max\ncummin: min", _running_extreme)


@api()
def logcumsumexp(input: Any, dim: int) -> Any:
    return ops.cumulative_logsumexp(input, axis=axis_of(dim, len(input.shape))) if input.shape else input


@api()
def diff(input: Any, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None) -> Any:
    axis, ndim = axis_of(dim, len(input.shape)), len(input.shape)
    parts = [p for p in (prepend, input, append) if p is not None]
    if n == 0:
        return input
    x = ops.concat(parts, axis=axis) if len(parts) > 1 else input
    for _ in range(min(n, x.shape[axis])):
        a = ops.get_item(x, full_slice(ndim, axis, slice(1, None)))
        b = ops.get_item(x, full_slice(ndim, axis, slice(None, -1)))
        x = ops.not_equal(a, b) if dtype_of(x).kind == "bool" else ops.subtract(a, b)
    return x


def _intervals(y: Any, x: Any, dim: int) -> tuple[Any, int]:
    """Return the sums of neighbours, times the steps of `x` if it is given, and their axis."""
    axis, ndim = axis_of(dim, len(y.shape)), len(y.shape)
    pairs = ops.add(
        ops.get_item(y, full_slice(ndim, axis, slice(1, None))),
        ops.get_item(y, full_slice(ndim, axis, slice(None, -1))),
    )
    if x is None:
        return pairs, axis
    x_axis = 0 if len(x.shape) == 1 else axis_of(dim, len(x.shape))
    step = diff(x, 1, x_axis)
    if len(x.shape) == 1 and ndim > 1:
        step = ops.reshape(step, full_slice_shape(ndim, axis, step.shape[0]))
    product = ops.multiply(*promote(pairs, step))
    return product, len(product.shape) - ndim + axis


@api("trapezoid", "trapz")
def trapezoid(y: Any, x: Any = None, *, dx: Any = None, dim: int = -1) -> Any:
    axis, ndim = axis_of(dim, len(y.shape)), len(y.shape)
    if not y.shape[axis]:
        return ops.zeros((*y.shape[:axis], *y.shape[axis + 1 :]), dtype=dtype_of(y))
    if x is None:  # equal steps: what overflows, and infinities, show the order of the operations
        ends = ops.add(*(ops.get_item(y, full_slice(ndim, axis, end)) for end in (0, -1)))
        inner = ops.subtract(*promote(sum(y, axis), ops.multiply(floating(ends), 0.5)))
        return inner if dx is None else ops.multiply(inner, dx)
    areas, axis = _intervals(y, x, dim)
    return ops.multiply(floating(sum(areas, axis)), 0.5)


@api()
def cumulative_trapezoid(y: Any, x: Any = None, *, dx: Any = None, dim: int = -1) -> Any:
    areas, axis = _intervals(y, x, dim)
    if x is None:
        return ops.cumulative_sum(ops.multiply(floating(areas), 0.5 if dx is None else dx * 0.5), axis=axis)
    return ops.multiply(floating(cumsum(areas, axis)), 0.5)


# -- order statistics --------------------------------------------------------------------------------------------------


def _kth(x: Any, k: int, dim: int, keepdim: bool) -> tuple[Any, Any]:
    if not x.shape:
        return x, ops.zeros((), dtype="int64")
    axis = axis_of(dim, len(x.shape))
    order = ops.argsort(x, axis=axis)
    where = ops.get_item(order, full_slice(len(x.shape), axis, slice(k, k + 1)))
    values = ops.take_along_axis(x, where, axis=axis)
    if not keepdim:
        values, where = ops.squeeze(values, axis=axis), ops.squeeze(where, axis=axis)
    return values, cast(where, "int64")


@api()
def kthvalue(input: Any, k: int, dim: int = -1, keepdim: bool = False) -> Any:
    return return_types.kthvalue(*_kth(input, k - 1, dim, keepdim))


def _middle(x: Any, dim: int, keepdim: bool, skip_nan: bool) -> tuple[Any, Any]:
    """Return the lower median and its place; a NaN wins unless it is to be skipped."""
    if not x.shape:
        return x, ops.zeros((), dtype="int64")
    axis = axis_of(dim, len(x.shape))
    order = ops.argsort(x, axis=axis)
    n = x.shape[axis]
    if not n:  # of all elements of an empty tensor; along an axis there would be no place to give
        dtype = dtype_of(x)  # what C makes an integer of NaN
        least = -(1 << (dtype.bits - 1)) if dtype in ("int32", "int64") else 0
        nothing = math.nan if dtype.is_inexact else dtype.kind == "bool" or least
        return ops.full((), nothing, dtype=dtype_of(x)), ops.zeros((), dtype="int64")
    k = ops.full((), (n - 1) // 2, dtype="int64")
    if dtype_of(x).is_inexact:
        valid = cast(ops.sum(cast(ops.logical_not(ops.isnan(x)), "int64"), axis=axis, keepdims=True), "int64")
        if skip_nan:
            k = ops.maximum(ops.floor_divide(ops.subtract(valid, 1), 2), 0)
        else:  # NaNs are sorted last: the first of them is the answer if there is any
            k = ops.where(ops.less(valid, n), valid, k)
    shape = tuple(1 if i == axis else s for i, s in enumerate(x.shape))
    where = ops.take_along_axis(order, ops.broadcast_to(k, shape), axis=axis)
    values = ops.take_along_axis(x, where, axis=axis)
    if not keepdim:
        values, where = ops.squeeze(values, axis=axis), ops.squeeze(where, axis=axis)
    return values, cast(where, "int64")


def _shared_among_equal(x: Any, value: Any) -> Any:
    """Return a value of an array with the derivative in equal parts from all elements that are equal to it."""
    value = ops.stop_gradient(value)
    equal = ops.equal(x, value)
    count = ops.maximum(ops.sum(cast(equal, dtype_of(x))), 1)
    mean = ops.divide(ops.sum(ops.where(ops.logical_and(equal, ops.isfinite(x)), x, 0)), count)
    return ops.subtract(value, ops.subtract(ops.stop_gradient(mean), mean))


def _median(name: str) -> Callable[..., Any]:
    result, skip = getattr(return_types, name), name == "nanmedian"

    def call(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
        if dim is None:
            found = _middle(ops.reshape(input, (-1,)), 0, False, skip)[0]
            return _shared_among_equal(input, found) if dtype_of(input).is_float else found
        return result(*_middle(input, dim, keepdim, skip))

    return call


@api("median")
def median(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    return _median("median")(input, dim, keepdim)


@api("nanmedian")
def nanmedian(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    return _median("nanmedian")(input, dim, keepdim)


@api()
def mode(input: Any, dim: int = -1, keepdim: bool = False) -> Any:
    if not input.shape:
        return return_types.mode(input, ops.zeros((), dtype="int64"))
    axis = axis_of(dim, len(input.shape))
    x = ops.moveaxis(_countable(input), axis, -1)
    # the smallest of the most frequent values, and its last place
    same = ops.equal(ops.expand_dims(x, axis=-1), ops.expand_dims(x, axis=-2))
    counts = ops.sum(cast(same, "int64"), axis=-1)
    best = ops.equal(counts, ops.max(counts, axis=-1, keepdims=True))
    order = ops.argsort(x, axis=-1)
    first = ops.argmax(cast(ops.take_along_axis(best, order, axis=-1), "uint8"), axis=-1, keepdims=True)
    values = ops.take_along_axis(x, ops.take_along_axis(order, first, axis=-1), axis=-1)
    n = x.shape[-1]
    where = ops.max(ops.where(ops.equal(x, values), ops.arange(n, dtype="int64"), 0), axis=-1, keepdims=True)
    if dtype_of(x).is_float:  # that place has the derivative
        values = ops.where(ops.isnan(values), values, ops.take_along_axis(x, where, axis=-1))
    values, where = cast(ops.moveaxis(values, -1, axis), dtype_of(input)), ops.moveaxis(where, -1, axis)
    if not keepdim:
        values, where = ops.squeeze(values, axis=axis), ops.squeeze(where, axis=axis)
    return return_types.mode(values, where)


def _quantile(x: Any, q: Any, dim: int | None, keepdim: bool, interpolation: str, skip_nan: bool) -> Any:
    flat = dim is None
    ndim = len(x.shape)
    data = ops.reshape(x, (-1,)) if flat else x if ndim else ops.reshape(x, (1,))
    axis = 0 if dim is None else axis_of(dim, ndim)
    data = ops.sort(ops.moveaxis(data, axis, -1), axis=-1)
    n = data.shape[-1]
    scalar = not hasattr(q, "shape") or not q.shape
    qs = ops.reshape(ops.asarray(q, dtype=dtype_of(x)) if not hasattr(q, "shape") else cast(q, dtype_of(x)), (-1,))
    missing = ops.isnan(data)
    valid = ops.sum(cast(ops.logical_not(missing), dtype_of(x)), axis=-1, keepdims=True)
    last = ops.subtract(valid, 1.0) if skip_nan else ops.full_like(valid, float(n - 1))
    at = ops.multiply(qs, ops.maximum(last, 0.0))  # (..., len(q))
    low = ops.floor(at)
    if interpolation == "nearest":
        low = ops.round(at)
    elif interpolation == "higher":
        low = ops.ceil(at)
    low_i = cast(low, "int64")
    found = ops.take_along_axis(data, low_i, axis=-1)
    if interpolation in ("linear", "midpoint"):
        high = ops.take_along_axis(data, cast(ops.ceil(at), "int64"), axis=-1)
        weight = ops.subtract(at, low) if interpolation == "linear" else ops.full_like(at, 0.5)
        found = ops.lerp(found, high, weight)
    nan = ops.full_like(found, math.nan)
    bad = ops.equal(valid, 0.0) if skip_nan else ops.less(valid, float(n))
    found = ops.where(bad, nan, found)
    out = ops.moveaxis(found, -1, 0)  # (len(q), ...)
    if keepdim:
        shape = tuple(1 for _ in range(ndim)) if flat else tuple(1 if i == axis else s for i, s in enumerate(x.shape))
        out = ops.reshape(out, (out.shape[0], *shape))
    elif not ndim:
        out = ops.reshape(out, (out.shape[0],))
    return ops.get_item(out, 0) if scalar else out


@api()
def quantile(
    input: Any, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Any:
    return _quantile(input, q, dim, keepdim, interpolation, False)


@api()
def nanquantile(
    input: Any, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Any:
    return _quantile(input, q, dim, keepdim, interpolation, True)


# -- softmax and its kind ----------------------------------------------------------------------------------------------


def _over_axis(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
        x = cast(input, as_dtype(dtype)) if dtype is not None else floating(input)
        if dim is None:
            dim = 0 if len(x.shape) in (0, 1, 3) else 1
        if not x.shape:
            return ops.reshape(f(ops.reshape(x, (1,)), axis=0), ())
        if 0 in x.shape:
            return x
        return f(x, axis=axis_of(dim, len(x.shape)))

    return call


_SOFT = table("softmax\nlog_softmax", _over_axis, "F.")
softmax, log_softmax = _SOFT["softmax"], _SOFT["log_softmax"]


@api("softmax")
def torch_softmax(input: Any, dim: int, dtype: Any = None) -> Any:
    return softmax(input, dim, dtype=dtype)


@api("log_softmax")
def torch_log_softmax(input: Any, dim: int, dtype: Any = None) -> Any:
    return log_softmax(input, dim, dtype=dtype)


@api("aten._softmax", "aten._safe_softmax")
def aten_softmax(input: Any, dim: int, half_to_float: bool = False) -> Any:
    return softmax(input, dim, dtype="float32" if half_to_float else None)


@api("aten._log_softmax")
def aten_log_softmax(input: Any, dim: int, half_to_float: bool = False) -> Any:
    return log_softmax(input, dim, dtype="float32" if half_to_float else None)


@api("F.softmin")
def softmin(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    return softmax(ops.negative(input), dim, dtype=dtype)


def sequence(dim: Any) -> Sequence[int]:
    """Return one dim or several as a tuple."""
    return (dim,) if isinstance(dim, int) else tuple(dim)
