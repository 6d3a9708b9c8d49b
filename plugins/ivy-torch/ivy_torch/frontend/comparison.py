"""Sorting, searching and sets (https://pytorch.org/docs/stable/torch.html#comparison-ops)."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_torch.frontend import return_types
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.promotion import cast, floating, is_array, match, promote, result_dtype
from ivy_torch.frontend.shaping import axis_of, full_slice, ravel


def _order(x: Any, axis: int, descending: bool) -> Any:
    data = ops.astype(x, "uint8") if dtype_of(x).kind == "bool" else x
    return cast(ops.argsort(data, axis=axis, descending=bool(descending), stable=True), "int64")


@api("sort")
def sort(input: Any, dim: Any = -1, descending: bool = False, stable: bool = False) -> Any:
    if isinstance(dim, bool):  # sort(x, stable, dim, descending): aten's order
        dim = -1
    if not input.shape:
        return return_types.sort(input, ops.zeros((), dtype="int64"))
    axis = axis_of(dim, len(input.shape))
    order = _order(input, axis, descending)
    return return_types.sort(ops.take_along_axis(input, order, axis=axis), order)


@api("aten.sort.stable")
def sort_stable(input: Any, stable: Any = False, dim: int = -1, descending: bool = False) -> Any:
    return sort(input, dim, descending)


@api("argsort")
def argsort(input: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    if not input.shape:
        return ops.zeros((), dtype="int64")
    return _order(input, axis_of(dim, len(input.shape)), descending)


@api("msort")
def msort(input: Any) -> Any:
    return sort(input, 0)[0]


@api("topk")
def topk(input: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    if not input.shape:
        return return_types.topk(input, ops.zeros((), dtype="int64"))
    axis = axis_of(dim, len(input.shape))
    values, where = ops.topk(input, int(k), axis=axis, largest=bool(largest), sorted=bool(sorted))
    return return_types.topk(values, cast(where, "int64"))


@api("searchsorted")
def searchsorted(
    sorted_sequence: Any,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Any = None,
) -> Any:
    right = side == "right" if side is not None else bool(right)
    edges, values = promote(sorted_sequence, input)
    target = result_dtype(edges, values)
    edges, values = cast(edges, target), cast(values, target) if is_array(values) else ops.asarray(values, dtype=target)
    if sorter is not None:
        edges = ops.take_along_axis(edges, sorter, axis=-1)
    if len(edges.shape) == 1:
        flat = values if len(values.shape) == 1 else ops.reshape(values, (-1,))
        found = ops.searchsorted(edges, flat, side="right" if right else "left")
        found = found if len(values.shape) == 1 else ops.reshape(found, tuple(values.shape))
    else:  # rows of their own: count what lies before each value
        before = ops.less_equal if right else ops.less
        ahead = before(ops.expand_dims(edges, axis=-2), ops.expand_dims(values, axis=-1))
        found = ops.sum(cast(ahead, "int64"), axis=-1)
    return cast(found, "int32" if out_int32 else "int64")


@api("bucketize")
def bucketize(input: Any, boundaries: Any, *, out_int32: bool = False, right: bool = False) -> Any:
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


@api("isin")
def isin(elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False) -> Any:
    a, b = promote(elements, test_elements)
    a = a if is_array(a) else ops.asarray(a)
    b = ops.reshape(b, (-1,)) if is_array(b) else ops.asarray([b], dtype=result_dtype(a, b))
    a, b = match(a, b)
    found = ops.any(ops.equal(ops.expand_dims(a, axis=-1), b), axis=-1)
    return ops.logical_not(found) if invert else found


def _results(values: Any, inverse: Any, counts: Any, want_inverse: bool, want_counts: bool) -> Any:
    parts = [values]
    if want_inverse:
        parts.append(cast(inverse, "int64"))
    if want_counts:
        parts.append(cast(counts, "int64"))
    return parts[0] if len(parts) == 1 else tuple(parts)


@api("unique")
def unique(
    input: Any, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    if dim is None:
        found = ops.unique_all(input)
        return _results(found[0], ops.reshape(found[2], tuple(input.shape)), found[3], return_inverse, return_counts)
    axis = axis_of(dim, len(input.shape))
    rows = ops.moveaxis(input, axis, 0)
    flat = ops.reshape(rows, (rows.shape[0], math.prod(rows.shape[1:])))
    # lexicographic order of the rows: stable sorts by column, the last column first
    order = ops.arange(flat.shape[0], dtype="int64")
    for column in reversed(range(flat.shape[1])):
        key = ops.get_item(ops.take(flat, order, axis=0), (slice(None), column))
        order = ops.take(order, _order(key, 0, False), axis=0)
    values, inverse, counts = _consecutive(ops.take(rows, order, axis=0))
    back = ops.put_along_axis(ops.zeros_like(order), order, inverse, axis=0)
    return _results(ops.moveaxis(values, 0, axis), back, counts, return_inverse, return_counts)


def _consecutive(rows: Any) -> tuple[Any, Any, Any]:
    n = rows.shape[0]
    if n == 0:
        empty = ops.zeros((0,), dtype="int64")
        return rows, empty, empty
    flat = ops.reshape(rows, (n, math.prod(rows.shape[1:])))
    new = ops.any(ops.not_equal(ops.get_item(flat, slice(1, None)), ops.get_item(flat, slice(None, -1))), axis=-1)
    starts = ops.concat([ops.ones((1,), dtype="bool"), new], axis=0)
    inverse = ops.subtract(ops.cumulative_sum(cast(starts, "int64"), axis=0), 1)
    values = ops.get_item(rows, starts)
    return values, inverse, _counts(inverse, values.shape[0])


def _counts(inverse: Any, n: int) -> Any:
    return cast(ops.bincount(inverse, length=n), "int64")


@api("unique_consecutive")
def unique_consecutive(
    input: Any, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    if dim is None:
        values, inverse, counts = _consecutive(ravel(input))
        return _results(values, ops.reshape(inverse, tuple(input.shape)), counts, return_inverse, return_counts)
    axis = axis_of(dim, len(input.shape))
    values, inverse, counts = _consecutive(ops.moveaxis(input, axis, 0))
    return _results(ops.moveaxis(values, 0, axis), inverse, counts, return_inverse, return_counts)


@api("bincount")
def bincount(input: Any, weights: Any = None, minlength: int = 0) -> Any:
    # the size depends on the values, unless they are known to lie below minlength
    n = max(int(minlength), int(ops.max(input)) + 1) if input.shape[0] else int(minlength)
    if weights is not None and dtype_of(weights) != "float32":
        weights = cast(weights, "float64")
    found = ops.bincount(input, weights=weights, length=n)
    return found if weights is not None else cast(found, "int64")


@api("histc")
def histc(input: Any, bins: int = 100, min: float = 0, max: float = 0) -> Any:
    x = ravel(input)
    low: Any = float(min)
    high: Any = float(max)
    if low == high:
        if x.shape[0]:
            low, high = floating(ops.min(x)), floating(ops.max(x))
            same = ops.equal(low, high)
            low, high = ops.where(same, ops.subtract(low, 1.0), low), ops.where(same, ops.add(high, 1.0), high)
        else:
            low, high = low - 1, high + 1
    width = high - low if isinstance(low, float) else ops.subtract(high, low)
    inside = ops.logical_and(ops.greater_equal(x, low), ops.less_equal(x, high))
    place = ops.floor(ops.divide(ops.multiply(ops.subtract(x, low), float(bins)), width))
    place = ops.clip(ops.where(inside, place, ops.zeros_like(place)), 0.0, float(bins - 1))
    counts = ops.bincount(cast(place, "int64"), weights=cast(inside, dtype_of(place)), length=bins)
    return cast(counts, dtype_of(input))


@api("histogram")
def histogram(input: Any, bins: Any = 100, *, range: Any = None, weight: Any = None, density: bool = False) -> Any:
    x = ravel(input)
    if is_array(bins):
        edges = bins
    else:
        low, high = (float(ops.min(x)), float(ops.max(x))) if range is None and x.shape[0] else range or (0.0, 1.0)
        if low == high:
            low, high = low - 0.5, high + 0.5
        edges = ops.linspace(low, high, int(bins) + 1, dtype=dtype_of(input))
    n = edges.shape[0] - 1
    place = ops.subtract(cast(ops.searchsorted(edges, x, side="right"), "int64"), 1)
    top = ops.get_item(edges, -1)
    place = ops.where(ops.equal(x, top), n - 1, place)
    inside = ops.logical_and(ops.greater_equal(place, 0), ops.less(place, n))
    share = ops.ones_like(x) if weight is None else ravel(weight)
    share = ops.where(inside, share, ops.zeros_like(share))
    counts = cast(ops.bincount(ops.clip(place, 0, n - 1), weights=share, length=n), dtype_of(input))
    if density:
        widths = ops.subtract(ops.get_item(edges, slice(1, None)), ops.get_item(edges, slice(None, -1)))
        counts = ops.divide(counts, ops.multiply(widths, ops.sum(counts)))
    return return_types.histogram(counts, edges)


@api("nonzero")
def nonzero(input: Any, *, as_tuple: bool = False) -> Any:
    if not input.shape:
        n = int(cast(input, "bool"))
        return (ops.zeros((n,), dtype="int64"),) if as_tuple else ops.zeros((n, 0), dtype="int64")
    found = tuple(cast(i, "int64") for i in ops.nonzero(input))
    return found if as_tuple else ops.stack(list(found), axis=1)


@api("argwhere")
def argwhere(input: Any) -> Any:
    return nonzero(input)


@api("nonzero_static")
def nonzero_static(input: Any, *, size: int, fill_value: int = -1) -> Any:
    found = nonzero(input)
    n, width = found.shape
    if n >= size:
        return ops.get_item(found, slice(0, size))
    return ops.concat([found, ops.full((size - n, width), fill_value, dtype="int64")], axis=0)


@api("cross")
def cross(input: Any, other: Any, dim: int | None = None) -> Any:
    from ivy_torch.frontend.linalg import linalg_cross

    if dim is None:
        dim = next((i for i, n in enumerate(input.shape) if n == 3), -1)
    return linalg_cross(input, other, dim=dim)


@api("gradient")
def gradient(input: Any, *, spacing: Any = 1, dim: Any = None, edge_order: int = 1) -> Any:
    ndim = len(input.shape)
    dims = tuple(range(ndim)) if dim is None else (dim,) if isinstance(dim, int) else tuple(dim)
    spacing = 1 if spacing is None else spacing
    steps = list(spacing) if isinstance(spacing, (tuple, list)) else [spacing] * len(dims)
    return tuple(_slope(input, axis_of(d, ndim), h, edge_order) for d, h in zip(dims, steps))


def _slope(x: Any, axis: int, h: Any, edge_order: int) -> Any:
    x = x if dtype_of(x).is_inexact else cast(x, "float32")
    ndim, n = len(x.shape), x.shape[axis]

    def at(a: int | None, b: int | None) -> Any:
        return ops.get_item(x, full_slice(ndim, axis, slice(a, b)))

    def row(i: int) -> Any:
        return at(i, i + 1 if i != -1 else None)

    if not is_array(h) or not h.shape:
        inner = ops.divide(
            ops.subtract(at(2, None), at(None, -2)), 2.0 * h if not is_array(h) else ops.multiply(h, 2.0)
        )
        if edge_order == 1:
            first = ops.divide(ops.subtract(row(1), row(0)), h)
            last = ops.divide(ops.subtract(row(-1), at(n - 2, n - 1)), h)
        else:
            two = 2.0 * h if not is_array(h) else ops.multiply(h, 2.0)
            mix = lambda a, b, c: ops.divide(
                ops.subtract(ops.subtract(ops.multiply(b, 4.0), ops.multiply(a, 3.0)), c), two
            )
            first = mix(row(0), row(1), row(2))
            last = ops.negative(mix(at(n - 1, n), at(n - 2, n - 1), at(n - 3, n - 2)))
        return ops.concat([first, inner, last], axis=axis)
    from ivy_torch.frontend.reductions import full_slice_shape

    gaps = ops.subtract(ops.get_item(h, slice(1, None)), ops.get_item(h, slice(None, -1)))

    def gap(a: int | None, b: int | None) -> Any:
        part = cast(ops.get_item(gaps, slice(a, b)), dtype_of(x) if dtype_of(x).is_inexact else "float32")
        return ops.reshape(part, full_slice_shape(ndim, axis, part.shape[0]))

    left, right = gap(None, -1), gap(1, None)
    total = ops.add(left, right)
    inner = ops.add(
        ops.subtract(
            ops.multiply(at(2, None), ops.divide(left, ops.multiply(right, total))),
            ops.multiply(at(None, -2), ops.divide(right, ops.multiply(left, total))),
        ),
        ops.multiply(at(1, -1), ops.divide(ops.subtract(right, left), ops.multiply(left, right))),
    )
    if edge_order == 1:
        first = ops.divide(ops.subtract(row(1), row(0)), gap(0, 1))
        last = ops.divide(ops.subtract(row(-1), at(n - 2, n - 1)), gap(n - 2, n - 1))
    else:
        first = _one_sided(row(0), row(1), row(2), gap(0, 1), gap(1, 2))
        last = ops.negative(
            _one_sided(at(n - 1, n), at(n - 2, n - 1), at(n - 3, n - 2), gap(n - 2, n - 1), gap(n - 3, n - 2))
        )
    return ops.concat([first, inner, last], axis=axis)


def _one_sided(y0: Any, y1: Any, y2: Any, h1: Any, h2: Any) -> Any:
    total = ops.add(h1, h2)
    a = ops.negative(ops.divide(ops.add(total, h1), ops.multiply(h1, total)))
    b = ops.divide(total, ops.multiply(h1, h2))
    c = ops.negative(ops.divide(h1, ops.multiply(h2, total)))
    return ops.add(ops.add(ops.multiply(y0, a), ops.multiply(y1, b)), ops.multiply(y2, c))
