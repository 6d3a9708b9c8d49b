"""Sorting, searching, counting and sets.

Definitions: https://numpy.org/doc/stable/reference/routines.sort.html and routines.set.html
"""

from __future__ import annotations

import math
from typing import Any

import ivy
import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy_numpy.frontend.indexing import flat_positions
from ivy_numpy.frontend.promotion import array, cast, floating, promoted_arrays, result_dtype
from ivy_numpy.frontend.reductions import diff
from ivy_numpy.frontend.table import numpy
from ivy_numpy.frontend.ufuncs import UFUNCS

__all__ = ["first_of_runs"]

NAMESPACE = "numpy"


def _axis(x: Any, axis: int | None) -> tuple[Any, int]:
    return (ops.reshape(x, (-1,)), 0) if axis is None or not x.shape else (x, axis % len(x.shape))


def _sortable(x: Any) -> Any:
    return cast(x, "uint8") if dtype_of(x) == "bool" else x


@numpy.function()
def sort(a: Any, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    x, k = _axis(array(a), axis)
    return cast(ops.sort(_sortable(x), axis=k), dtype_of(x))


@numpy.function("numpy.ndarray.sort", writes=("a",))
def sort_in_place(a: Any, axis: int = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    return None, sort(a, axis)


@numpy.function("numpy.ndarray.partition", writes=("a",))
def partition_in_place(a: Any, kth: Any, axis: int = -1, kind: Any = None, order: Any = None) -> Any:
    return None, sort(a, axis)


@numpy.function()
def argsort(a: Any, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    x, k = _axis(array(a), axis)
    return cast(ops.argsort(_sortable(x), axis=k, stable=True), "int64")


@numpy.function()
def lexsort(keys: Any, axis: int = -1) -> Any:
    rows = list(keys) if isinstance(keys, (list, tuple)) else ops.unstack(keys, axis=0)
    first = array(rows[0])
    order = argsort(first, axis)
    for key in rows[1:]:
        order = ops.take_along_axis(order, argsort(ops.take_along_axis(array(key), order, axis=axis), axis), axis=axis)
    return order


@numpy.function("numpy.partition")
def _partition_of(a: Any, kth: Any, axis: int | None = -1, kind: Any = None, order: Any = None) -> Any:
    return sort(a, axis)


@numpy.function("numpy.argpartition")
def _argpartition(a: Any, kth: Any, axis: int | None = -1, kind: Any = None, order: Any = None) -> Any:
    return argsort(a, axis)


@numpy.function()
def searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Any:
    edges, values = promoted_arrays(a, v)
    if sorter is not None:
        edges = ops.take(edges, array(sorter), axis=0)
    found = ops.searchsorted(edges, ops.reshape(values, (-1,)), side=side)
    return ops.reshape(cast(found, "int64"), tuple(values.shape))


@numpy.function()
def digitize(x: Any, bins: Any, right: bool = False) -> Any:
    edges, values = promoted_arrays(bins, x)
    column = ops.expand_dims(values, axis=-1)
    before = (ops.less if right else ops.less_equal)(edges, column)
    if dtype_of(values).is_inexact:  # NaN comes after all edges
        before = ops.logical_or(before, ops.isnan(column))
    rising = ops.sum(cast(before, "int64"), axis=-1)
    if edges.shape[0] < 2:
        return rising
    falls = ops.greater(ops.get_item(edges, 0), ops.get_item(edges, -1))
    return ops.where(falls, ops.subtract(edges.shape[0], rising), rising)


@numpy.function()
def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    index = array(x)
    index = cast(index, "int64") if dtype_of(index) == "bool" else index
    length = int(minlength)
    if not length:
        length = int(ops.max(index)) + 1
    if weights is None:
        return cast(ops.bincount(index, length=length), "int64")
    return cast(ops.bincount(index, weights=cast(array(weights), "float64"), length=length), "float64")


@numpy.function()
def histogram(a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:
    x = ops.reshape(array(a), (-1,))
    if isinstance(bins, str):
        raise ArgumentError("np.histogram with an automatic number of bins is not supported", hint="give a number")
    if isinstance(bins, int):
        edges = _edges(x, bins, range)
    else:
        edges = array(bins)
    x, limits = (array(v) for v in floating(x, edges, ints="float64"))
    n = edges.shape[0] - 1
    place = ops.subtract(cast(ops.searchsorted(limits, x, side="right"), "int64"), 1)
    place = ops.where(ops.equal(x, ops.get_item(limits, -1)), n - 1, place)
    inside = ops.logical_and(ops.greater_equal(place, 0), ops.less(place, n))
    share = ops.ones_like(x) if weights is None else ops.reshape(cast(array(weights), dtype_of(x)), (-1,))
    share = ops.where(inside, share, ops.zeros_like(share))
    counts = ops.bincount(ops.clip(place, 0, n - 1), weights=share, length=n)
    if density:
        widths = ops.subtract(ops.get_item(edges, slice(1, None)), ops.get_item(edges, slice(None, -1)))
        return ops.divide(ops.divide(cast(counts, dtype_of(limits)), widths), ops.sum(counts)), edges
    target = "int64" if weights is None else dtype_of(array(weights))
    return cast(counts, target), edges


def _edges(x: Any, bins: int, range: Any) -> Any:
    if range is not None:
        low, high = (float(v) for v in range)
        low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
        return ops.linspace(low, high, bins + 1, dtype="float64")
    x = cast(x, "float64") if not dtype_of(x).is_inexact else x
    low_, high_ = ops.min(x), ops.max(x)
    flat = ops.equal(low_, high_)
    low_ = ops.where(flat, ops.subtract(low_, 0.5), low_)
    high_ = ops.where(flat, ops.add(high_, 0.5), high_)
    steps = ops.divide(ops.arange(bins + 1, dtype=dtype_of(x)), float(bins))
    edges = ops.add(low_, ops.multiply(ops.subtract(high_, low_), steps))
    return ops.concat([ops.get_item(edges, slice(0, -1)), ops.reshape(high_, (1,))], axis=0)


@numpy.function()
def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    return histogram(a, bins, range)[1]


# -- sets -------------------------------------------------------------------------------------------------------------


def first_of_runs(ordered: Any, equal_nan: bool = True) -> Any:
    """Return a mask of the first element of each run of equal ones in a sorted vector."""
    if not ordered.shape[0]:
        return ops.zeros((0,), dtype="bool")
    a, b = ops.get_item(ordered, slice(1, None)), ops.get_item(ordered, slice(None, -1))
    new = ops.not_equal(a, b)
    if equal_nan and dtype_of(ordered).is_inexact:
        new = ops.logical_and(new, ops.logical_not(ops.logical_and(ops.isnan(a), ops.isnan(b))))
    return ops.concat([ops.ones((1,), dtype="bool"), new], axis=0)


def _unique(x: Any, size: int | None, equal_nan: bool = True) -> tuple[Any, Any, Any, Any]:
    """Return sorted values, first places, inverse and counts."""
    flat = ops.reshape(x, (-1,))
    n = flat.shape[0]
    if n == 0:
        empty = ops.zeros((0,), dtype="int64")
        return flat, empty, empty, empty
    order = argsort(flat)
    ordered = ops.take(flat, order, axis=0)
    first = first_of_runs(ordered, equal_nan)
    if size is None:
        size = int(ops.sum(cast(first, "int64")))
    starts = flat_positions(first, size)
    rank = ops.subtract(ops.cumulative_sum(cast(first, "int64"), axis=0), 1)
    inverse = ops.take(rank, cast(ops.argsort(order), "int64"), axis=0)
    ends = ops.concat([ops.get_item(starts, slice(1, None)), ops.asarray([n], dtype="int64")], axis=0)
    return ops.take(ordered, starts, axis=0), ops.take(order, starts, axis=0), inverse, ops.subtract(ends, starts)


@numpy.function()
def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: Any = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,
    size: int | None = None,
) -> Any:
    if axis is not None:
        raise ArgumentError("np.unique along an axis is not supported", hint="use axis=None")
    x = array(ar)
    values, index, inverse, counts = _unique(x, size, equal_nan)
    found = [values]
    if return_index:
        found.append(index)
    if return_inverse:
        found.append(ops.reshape(inverse, tuple(x.shape)))
    if return_counts:
        found.append(counts)
    return tuple(found) if len(found) > 1 else values


def _counter(equal_nan: bool) -> Any:
    def count(x: Any) -> Any:
        return ops.sum(cast(first_of_runs(ops.sort(ops.reshape(array(x), (-1,))), equal_nan), "int64"))

    return count


numpy.function("numpy._count_distinct")(_counter(True))
numpy.function("numpy._count_unequal")(_counter(False))


@numpy.function()
def isin(
    element: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False, *, kind: Any = None
) -> Any:
    a, b = promoted_arrays(element, test_elements)
    b = ops.reshape(b, (-1,))
    found = ops.any(ops.equal(ops.expand_dims(a, axis=-1), b), axis=-1)
    return ops.logical_not(found) if invert else found


# -- rounding, clipping, comparing ------------------------------------------------------------------------------------


@numpy.function()
def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None, **_: Any) -> Any:
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    x = array(a)
    if dtype_of(x).kind in ("int", "uint"):  # Python integers that no element reaches are no limits, NumPy says
        info = ivy.iinfo(dtype_of(x))
        low = None if type(low) is int and low <= info.min else low
        high = None if type(high) is int and high >= info.max else high
    given = [v for v in (low, high) if v is not None]
    target = result_dtype(x, *[array(v) if isinstance(v, (list, tuple)) else v for v in given])
    x = cast(x, target)
    if low is not None:
        x = ops.maximum(x, cast(array(low), target))
    return x if high is None else ops.minimum(x, cast(array(high), target))


@numpy.function("numpy.round")
def round(a: Any, decimals: int = 0) -> Any:
    x = array(a)
    if not dtype_of(x).is_inexact:
        if decimals >= 0:
            return x if dtype_of(x) != "bool" else cast(x, "float16")
        step = 10**-decimals
        return cast(ops.multiply(ops.round(ops.divide(cast(x, "float64"), float(step))), float(step)), dtype_of(x))
    if decimals == 0:
        return ops.round(x)
    scale = 10.0 ** abs(decimals)
    if decimals > 0:
        return ops.divide(ops.round(ops.multiply(x, scale)), scale)
    return ops.multiply(ops.round(ops.divide(x, scale)), scale)


@numpy.function()
def fix(x: Any) -> Any:
    v = array(x)
    return ops.trunc(v) if dtype_of(v).is_float else v


@numpy.function()
def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    v = array(x)
    return v if not dtype_of(v).is_inexact else ops.nan_to_num(v, nan=nan, posinf=posinf, neginf=neginf)


@numpy.function()
def isclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    x, y = (array(v) for v in floating(a, b, ints="float64"))
    near = ops.less_equal(ops.abs(ops.subtract(x, y)), ops.add(ops.multiply(ops.abs(y), rtol), atol))
    close = ops.where(ops.logical_and(ops.isfinite(x), ops.isfinite(y)), near, ops.equal(x, y))
    return ops.logical_or(close, ops.logical_and(ops.isnan(x), ops.isnan(y))) if equal_nan else close


@numpy.function()
def allclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    return ops.all(isclose(a, b, rtol, atol, equal_nan))


@numpy.function()
def array_equal(a1: Any, a2: Any, equal_nan: bool = False) -> Any:
    x, y = promoted_arrays(a1, a2)
    if tuple(x.shape) != tuple(y.shape):
        return ops.asarray(False)
    same = ops.equal(x, y)
    if equal_nan and dtype_of(x).is_inexact:
        same = ops.logical_or(same, ops.logical_and(ops.isnan(x), ops.isnan(y)))
    return ops.all(same)


@numpy.function()
def array_equiv(a1: Any, a2: Any) -> Any:
    x, y = promoted_arrays(a1, a2)
    return ops.all(ops.equal(x, y))


@numpy.function()
def isreal(x: Any) -> Any:
    v = array(x)
    return ops.equal(ops.imag(v), 0) if dtype_of(v).is_complex else ops.full_like(v, True, dtype="bool")


@numpy.function()
def iscomplex(x: Any) -> Any:
    return ops.logical_not(isreal(x))


@numpy.function()
def isposinf(x: Any) -> Any:
    return ops.equal(floating(array(x))[0], math.inf)


@numpy.function()
def isneginf(x: Any) -> Any:
    return ops.equal(floating(array(x))[0], -math.inf)


@numpy.function()
def sinc(x: Any) -> Any:
    v = floating(array(x), ints="float64")[0]
    zero = ops.equal(v, 0)
    scaled = ops.multiply(ops.where(zero, ops.ones_like(v), v), math.pi)
    return ops.where(zero, ops.ones_like(v), ops.divide(ops.sin(scaled), scaled))


@numpy.function()
def i0(x: Any) -> Any:
    return ops.i0(floating(array(x), ints="float64")[0])


@numpy.function()
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    if period is not None:
        raise ArgumentError("np.interp with period is not supported", hint="wrap x and xp yourself")
    f = array(fp)
    f = f if dtype_of(f).is_complex else cast(f, "float64")
    points, v = cast(array(xp), "float64"), cast(array(x), "float64")
    n = points.shape[0]
    if n == 1:
        inner = ops.broadcast_to(ops.get_item(f, 0), tuple(v.shape))
    else:
        found = ops.searchsorted(points, ops.reshape(v, (-1,)), side="right")
        high = ops.reshape(ops.clip(cast(found, "int64"), 1, n - 1), tuple(v.shape))
        low = ops.subtract(high, 1)
        x0, x1 = _pick(points, low), _pick(points, high)
        y0, y1 = _pick(f, low), _pick(f, high)
        width = ops.subtract(x1, x0)
        safe = ops.where(ops.equal(width, 0), ops.ones_like(width), width)
        inner = ops.add(y0, ops.multiply(ops.divide(ops.subtract(y1, y0), safe), ops.subtract(v, x0)))
    first, last = ops.get_item(f, 0), ops.get_item(f, -1)
    below = first if left is None else cast(array(left), dtype_of(f))
    above = last if right is None else cast(array(right), dtype_of(f))
    inner = ops.where(ops.greater(v, ops.get_item(points, -1)), above, inner)
    inner = ops.where(ops.less(v, ops.get_item(points, 0)), below, inner)
    inner = ops.where(ops.equal(v, ops.get_item(points, -1)), last, inner)
    return ops.where(ops.isnan(v), ops.full_like(inner, math.nan), inner)


def _pick(x: Any, index: Any) -> Any:
    return ops.reshape(ops.take(x, ops.reshape(index, (-1,)), axis=0), tuple(index.shape))


@numpy.function()
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    v = array(y)
    axis %= len(v.shape)
    lead = (slice(None),) * axis
    if x is None:
        step: Any = dx
    else:
        p = array(x)
        p = ops.reshape(p, [-1 if i == axis else 1 for i in range(len(v.shape))]) if len(p.shape) == 1 else p
        step = diff(p, axis=axis)
    pair = UFUNCS["add"](ops.get_item(v, (*lead, slice(1, None))), ops.get_item(v, (*lead, slice(None, -1))))
    return ops.sum(UFUNCS["divide"](UFUNCS["multiply"](step, pair), 2.0), axis=axis)
