"""Statistics: reductions that leave NaN aside, weighted means, covariances, integrals, interpolation, order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of, result_type
from ivy.errors import ArgumentError, ShapeError
from ivy.functional._axes import counted, distinct
from ivy.functional._precision import narrow, widen
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "average",
    "corrcoef",
    "cov",
    "cumulative_trapezoid",
    "histogram_nd",
    "interp",
    "kthvalue",
    "mode",
    "nanmax",
    "nanmedian",
    "nanmin",
    "nanprod",
    "nanquantile",
    "nanstd",
    "nanvar",
    "percentile",
    "polyval",
    "ptp",
    "trapezoid",
]


def _floating(x: Any, *others: Any) -> Any:
    """The array in the dtype that all of them promote to, float32 of integers."""
    dtype = result_type(*(dtype_of(v) for v in (x, *others) if v is not None))
    return F.astype(x, dtype if dtype.is_inexact else "float32")


def _trapezoids(y: Any, x: Any, dx: float, axis: int) -> Any:
    """The areas between neighbours along the axis."""
    y = _floating(y, x)
    axis, n = counted(axis, y.ndim), y.shape[counted(axis, y.ndim)]

    def cut(v: Any, start: int, stop: int) -> Any:
        return F.get_item(v, tuple(slice(start, stop) if a == axis else slice(None) for a in range(y.ndim)))

    heights = F.multiply(F.add(cut(y, 1, n), cut(y, 0, max(n - 1, 0))), 0.5)
    if x is None:
        return F.multiply(heights, dx)
    if x.ndim == 1:
        x = F.reshape(x, tuple(-1 if a == axis else 1 for a in range(y.ndim)))
    return F.multiply(heights, F.diff(x, axis=axis))


@composite
def average(x: Array, weights: Array | None = None, /, *, axis: int | None = None, keepdims: bool = False) -> Array:
    """Return weighted means.

    Args:
        x: array of any shape.
        weights: of the shape of `x`, or of one axis; None: all the same.
        axis: the axis; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes. Floating point.

    Raises:
        ShapeError: if the weights don't fit.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.average.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.average(np.asarray([1.0, 3.0]), np.asarray([3.0, 1.0])))
        1.5
    """
    x = _floating(x, weights)
    if weights is None:
        return F.mean(x, axis=axis, keepdims=keepdims)
    if tuple(weights.shape) != tuple(x.shape):
        if axis is None or tuple(weights.shape) != (x.shape[counted(axis, x.ndim)],):
            raise ShapeError("weights have the shape of the array, or that of the axis")
        weights = F.reshape(weights, tuple(-1 if a == counted(axis, x.ndim) else 1 for a in range(x.ndim)))
    total = F.sum(F.broadcast_to(weights, tuple(x.shape)), axis=axis, keepdims=keepdims)
    return F.divide(F.sum(F.multiply(x, weights), axis=axis, keepdims=keepdims), total)


@composite
def corrcoef(x: Array, /) -> Array:
    """Return the correlations of rows.

    Args:
        x: shape ``(variables, observations)`` or ``(observations,)``.

    Returns:
        Shape ``(variables, variables)``, or a scalar array for one row; from -1 to 1.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.corrcoef.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.corrcoef(np.asarray([[1.0, 2.0], [4.0, 2.0]])).round(6).tolist()
        [[1.0, -1.0], [-1.0, 1.0]]
    """
    c = F.cov(x)
    if c.ndim == 0:
        return F.divide(c, c)
    size = F.sqrt(F.real(F.diagonal(c)) if dtype_of(c).is_complex else F.diagonal(c))
    found = F.divide(F.divide(c, F.expand_dims(size, axis=1)), F.expand_dims(size, axis=0))
    return found if dtype_of(c).is_complex else F.clip(found, -1.0, 1.0)


@composite
def cov(x: Array, /, *, correction: float = 1.0, weights: Array | None = None) -> Array:
    """Return the covariances of rows.

    Args:
        x: shape ``(variables, observations)`` or ``(observations,)``.
        correction: what is subtracted from the number of observations.
        weights: shape ``(observations,)``: how often each counts.

    Returns:
        Shape ``(variables, variables)``, or a scalar array for one row.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.cov.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.cov(np.asarray([1.0, 3.0])))
        2.0
    """
    x = x if dtype_of(x).is_inexact else F.astype(x, "float32")
    rows = F.reshape(x, (1, -1)) if x.ndim < 2 else x
    if weights is None:
        count: Any = float(rows.shape[1])
        gaps = F.subtract(rows, F.mean(rows, axis=1, keepdims=True))
        scaled = gaps
    else:
        weights = F.astype(weights, dtype_of(F.real(x) if dtype_of(x).is_complex else x))
        count = F.sum(weights)
        gaps = F.subtract(rows, F.divide(F.sum(F.multiply(rows, weights), axis=1, keepdims=True), count))
        scaled = F.multiply(gaps, weights)
    other = F.conj(gaps) if dtype_of(x).is_complex else gaps
    left = count - correction if weights is None else F.subtract(count, correction)
    left = max(left, 0.0) if weights is None else F.maximum(left, 0)
    products = F.matmul(scaled, F.matrix_transpose(other))
    found = F.divide(products, left if weights is not None else F.full_like(products, left))
    return F.reshape(found, ()) if rows.shape[0] == 1 else found


@composite
def cumulative_trapezoid(y: Array, x: Array | None = None, /, *, dx: float = 1.0, axis: int = -1) -> Array:
    """Integrate along an axis by the trapezoidal rule, up to each place from the second on.

    Args:
        y: values of any shape.
        x: places, of one axis or of the shape of `y`.
        dx: the distance between places where they are not given.
        axis: the axis to integrate along.

    Returns:
        Array with one element less along `axis`; floating point.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.cumulative_trapezoid.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.cumulative_trapezoid(np.asarray([1.0, 3.0, 5.0])).tolist()
        [2.0, 6.0]
    """
    return F.cumulative_sum(_trapezoids(y, x, dx, axis), axis=axis)


@composite
def histogram_nd(x: Array, edges: Sequence[Array], /, *, weights: Array | None = None) -> Array:
    """Count points in the cells of a grid.

    Args:
        x: points, shape ``(n, dimensions)``.
        edges: rising edges of the cells for each dimension; the last cell includes its upper end.
        weights: shape ``(n,)``: what each point counts.

    Returns:
        Shape ``(cells, ...)``, one axis for each dimension; the dtype of `weights`, or float32.

    Raises:
        ShapeError: if there are not edges for each dimension.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.histogramdd.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.histogram_nd(np.asarray([[0.5], [2.0]]), (np.asarray([0.0, 1.0, 2.0]),)).tolist()
        [1.0, 1.0]
    """
    if x.ndim != 2 or x.shape[1] != len(edges):
        raise ShapeError(f"points of {len(edges)} dimensions have the shape (n, {len(edges)}), not {tuple(x.shape)}")
    cells = tuple(e.shape[0] - 1 for e in edges)
    flat: Any = F.zeros((x.shape[0],), dtype="int64")
    inside: Any = F.ones((x.shape[0],), dtype="bool")
    for d, (edge, size) in enumerate(zip(edges, cells, strict=True)):
        v = F.get_item(x, (slice(None), d))
        place = F.subtract(F.astype(F.searchsorted(edge, v, side="right"), "int64"), 1)
        place = F.where(F.equal(v, F.get_item(edge, -1)), size - 1, place)
        within = F.logical_and(F.greater_equal(v, F.get_item(edge, 0)), F.less_equal(v, F.get_item(edge, -1)))
        inside = F.logical_and(inside, within)
        flat = F.add(F.multiply(flat, size), F.clip(place, 0, size - 1))
    weights = F.ones((x.shape[0],), dtype="float32") if weights is None else weights
    counted_ = F.where(inside, weights, 0)
    return F.reshape(F.segment_sum(counted_, flat, math.prod(cells)), cells)


@composite
def interp(x: Array, xp: Array, fp: Array, /, *, left: float | None = None, right: float | None = None) -> Array:
    """Interpolate linearly between points of one axis.

    Args:
        x: where to evaluate, any shape.
        xp: places of the points, rising, shape ``(n,)``.
        fp: their values, shape ``(n,)``.
        left: value below the first place; by default the first value.
        right: value above the last place; by default the last value.

    Returns:
        Array of the shape of `x`; floating point.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.interp.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.interp(np.asarray(1.5), np.asarray([1.0, 2.0]), np.asarray([10.0, 20.0])))
        15.0
    """
    n = xp.shape[0]
    fp = _floating(fp, x, xp)
    if n == 1:
        found = F.broadcast_to(fp, tuple(x.shape)) if x.ndim else F.reshape(fp, ())
    else:
        flat = F.reshape(x, (-1,))
        above = F.clip(F.searchsorted(xp, flat, side="right"), 1, n - 1)
        x0, x1, y0, y1 = (F.take(v, i, axis=0) for v in (xp, fp) for i in (F.subtract(above, 1), above))
        gap = F.subtract(x1, x0)
        none = F.equal(gap, 0)
        share = F.divide(F.subtract(flat, x0), F.where(none, 1, gap))
        inside = F.where(none, y0, F.add(y0, F.multiply(F.clip(share, 0.0, 1.0), F.subtract(y1, y0))))
        found = F.reshape(inside, tuple(x.shape))
    found = F.where(F.isnan(x), math.nan, found) if dtype_of(x).is_float else found
    if left is not None:
        found = F.where(F.less(x, F.get_item(xp, 0)), left, found)
    return found if right is None else F.where(F.greater(x, F.get_item(xp, -1)), right, found)


@composite
def kthvalue(x: Array, k: int, /, *, axis: int = -1, keepdims: bool = False) -> tuple[Array, Array]:
    """Return the k-th least elements along an axis, and where they are.

    Args:
        x: real array with at least one axis.
        k: from 1 to the size of `axis`.
        axis: the axis.
        keepdims: whether the axis stays, with length one.

    Returns:
        The elements and their indices (int64).

    Raises:
        ArgumentError: if there are fewer than `k` elements.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.kthvalue.html

    Example:
        >>> import ivy, numpy as np
        >>> [int(v) for v in ivy.kthvalue(np.asarray([30, 10, 20]), 2)]
        [20, 2]
    """
    size = x.shape[counted(axis, x.ndim)]
    if not 1 <= k <= size:
        raise ArgumentError(f"there is no {k}-th of {size} elements")
    place = F.take(F.argsort(x, axis=axis), F.asarray([k - 1], dtype="int64"), axis=axis)
    place = F.astype(place, "int64")
    value = F.take_along_axis(x, place, axis=axis)
    return (value, place) if keepdims else (F.squeeze(value, axis=axis), F.squeeze(place, axis=axis))


@composite
def mode(x: Array, /, *, axis: int = -1, keepdims: bool = False) -> Array:
    """Return the most frequent elements along an axis, the least of several.

    Args:
        x: real array with at least one axis.
        axis: the axis, not empty.
        keepdims: whether the axis stays, with length one.

    Returns:
        Array without the axis.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.mode.html

    Example:
        >>> import ivy, numpy as np
        >>> int(ivy.mode(np.asarray([3, 1, 3])))
        3
    """
    ordered = F.moveaxis(F.sort(x, axis=axis), axis, -1)
    n = ordered.shape[-1]
    same = F.equal(F.expand_dims(ordered, axis=-1), F.expand_dims(ordered, axis=-2))
    counts = F.sum(F.astype(same, "int64"), axis=-1)
    # of equal counts the first is taken, the least as the elements are sorted
    best = F.argmax(F.subtract(F.multiply(counts, n), F.arange(n, dtype="int64")), axis=-1, keepdims=True)
    found = F.moveaxis(F.take_along_axis(ordered, best, axis=-1), -1, axis)
    return found if keepdims else F.squeeze(found, axis=axis)


@composite
def nanmax(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Return the greatest elements along axes, NaN aside.

    Args:
        x: real array of any shape.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes. NaN where there is nothing else.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.nanmax.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.nanmax(np.asarray([1.0, np.nan, 3.0])))
        3.0
    """
    if not dtype_of(x).is_float:
        return F.max(x, axis=axis, keepdims=keepdims)
    bad = F.isnan(x)
    found = F.max(F.where(bad, -math.inf, x), axis=axis, keepdims=keepdims)
    return F.where(F.all(bad, axis=axis, keepdims=keepdims), math.nan, found)


@composite
def nanmedian(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Return the medians along axes, NaN aside.

    Args:
        x: real array of any shape.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes. Floating point.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.nanmedian.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.nanmedian(np.asarray([1.0, np.nan, 4.0])))
        2.5
    """
    return nanquantile(x, 0.5, axis=axis, keepdims=keepdims)


@composite
def nanmin(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Return the least elements along axes, NaN aside.

    Args:
        x: real array of any shape.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes. NaN where there is nothing else.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.nanmin.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.nanmin(np.asarray([1.0, np.nan, 3.0])))
        1.0
    """
    if not dtype_of(x).is_float:
        return F.min(x, axis=axis, keepdims=keepdims)
    bad = F.isnan(x)
    found = F.min(F.where(bad, math.inf, x), axis=axis, keepdims=keepdims)
    return F.where(F.all(bad, axis=axis, keepdims=keepdims), math.nan, found)


@composite
def nanprod(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Return the products along axes, NaN counted as one.

    Args:
        x: real array of any shape.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.nanprod.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.nanprod(np.asarray([2.0, np.nan, 3.0])))
        6.0
    """
    return F.prod(F.where(F.isnan(x), 1, x) if dtype_of(x).is_inexact else x, axis=axis, keepdims=keepdims)


@composite
def nanquantile(
    x: Array, q: Array | float, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Array:
    """Return quantiles along axes, NaN aside, between two elements by linear interpolation.

    Args:
        x: real array.
        q: which quantiles, in [0, 1]: scalar or 1-d array.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, of the shape of `q` before them; floating point.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.nanquantile.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.nanquantile(np.asarray([1.0, np.nan, 3.0]), 0.5))
        2.0
    """
    x = x if dtype_of(x).is_float else F.astype(x, "float32")
    wide = widen(x)
    axes = list(range(x.ndim)) if axis is None else distinct([axis] if isinstance(axis, int) else axis, x.ndim)
    kept = [a for a in range(x.ndim) if a not in axes]
    rows = F.permute_dims(wide, (*kept, *axes))
    rows = F.reshape(rows, (*(x.shape[a] for a in kept), math.prod(x.shape[a] for a in axes)))
    bad = F.isnan(rows)
    count = F.sum(F.astype(F.logical_not(bad), dtype_of(wide)), axis=-1, keepdims=True)
    ordered = F.sort(F.where(bad, math.inf, rows), axis=-1)  # what is no number comes last
    q = F.astype(q, dtype_of(wide)) if hasattr(q, "dtype") else F.full((), q, dtype=dtype_of(wide))
    place = F.multiply(F.maximum(F.subtract(count, 1), 0), F.reshape(q, (-1,)))
    low = F.floor(place)
    first, second = (F.take_along_axis(ordered, F.astype(i, "int64"), axis=-1) for i in (low, F.ceil(place)))
    share = F.subtract(place, low)
    # equal neighbours may be infinite
    step = F.where(F.equal(first, second), 0, F.multiply(F.subtract(second, first), share))
    found = F.moveaxis(F.where(F.equal(count, 0), math.nan, F.add(first, step)), -1, 0)
    tail = tuple(1 if a in axes else x.shape[a] for a in range(x.ndim)) if keepdims else tuple(found.shape[1:])
    return narrow(F.reshape(found, (*q.shape, *tail)), x)


@composite
def nanstd(
    x: Array, /, *, axis: int | Sequence[int] | None = None, correction: float = 0.0, keepdims: bool = False
) -> Array:
    """Return the standard deviations along axes, NaN aside.

    Args:
        x: floating-point array.
        axis: the axes to reduce; None: all.
        correction: what is subtracted from the number of elements.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.nanstd.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.nanstd(np.asarray([1.0, np.nan, 3.0])))
        1.0
    """
    variance = nanvar(x, axis=axis, correction=correction, keepdims=keepdims)
    flat = F.equal(variance, 0)  # where the root has no slope
    return F.where(flat, variance, F.sqrt(F.where(flat, 1, variance)))


@composite
def nanvar(
    x: Array, /, *, axis: int | Sequence[int] | None = None, correction: float = 0.0, keepdims: bool = False
) -> Array:
    """Return the variances along axes, NaN aside.

    Args:
        x: floating-point array.
        axis: the axes to reduce; None: all.
        correction: what is subtracted from the number of elements.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes. NaN where fewer elements are left than `correction` takes.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.nanvar.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.nanvar(np.asarray([1.0, np.nan, 3.0])))
        1.0
    """
    wide = widen(x if dtype_of(x).is_float else F.astype(x, "float32"))
    good = F.logical_not(F.isnan(wide))
    count = F.sum(F.astype(good, dtype_of(wide)), axis=axis, keepdims=True)
    clean = F.where(good, wide, 0)
    centre = F.divide(F.sum(clean, axis=axis, keepdims=True), F.maximum(count, 1))
    gaps = F.where(good, F.subtract(clean, centre), 0)
    total = F.sum(F.square(gaps), axis=axis, keepdims=keepdims)
    left = F.subtract(count if keepdims else F.reshape(count, tuple(total.shape)), correction)
    enough = F.greater(left, 0)
    found = F.where(enough, F.divide(total, F.where(enough, left, 1)), math.nan)
    return narrow(found, x) if dtype_of(x).is_float else found


@composite
def percentile(
    x: Array,
    q: Array | float,
    /,
    *,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    method: str = "linear",
) -> Array:
    """Return percentiles along axes: `quantile` at ``q / 100``.

    Args:
        x: real array of any shape.
        q: which percentiles, in [0, 100]: scalar or 1-d array.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.
        method: see `quantile`.

    Returns:
        Array without the reduced axes, of the shape of `q` before them; floating point.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.percentile.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.percentile(np.asarray([1.0, 3.0]), 50))
        2.0
    """
    return F.quantile(
        x, F.divide(q, 100.0) if hasattr(q, "dtype") else q / 100.0, axis=axis, keepdims=keepdims, method=method
    )


@composite
def polyval(coefficients: Array, x: Array | float, /) -> Array:
    """Evaluate a polynomial, whose coefficients begin with that of the highest power.

    Args:
        coefficients: shape ``(n,)``, at least one.
        x: array or number.

    Returns:
        Array of the shape of `x`.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.polyval.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.polyval(np.asarray([1.0, 0.0, 2.0]), 3.0))
        11.0
    """
    zero = F.multiply(x, 0) if hasattr(x, "shape") else x * 0  # a number takes the dtype of the coefficients
    found: Any = F.add(F.get_item(coefficients, 0), zero)
    for i in range(1, coefficients.shape[0]):
        found = F.add(F.multiply(found, x), F.get_item(coefficients, i))
    return found


@composite
def ptp(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Return the distances from the least to the greatest elements along axes.

    Args:
        x: real array of any shape.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.ptp.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.ptp(np.asarray([1.0, 4.0])))
        3.0
    """
    return F.subtract(F.max(x, axis=axis, keepdims=keepdims), F.min(x, axis=axis, keepdims=keepdims))


@composite
def trapezoid(y: Array, x: Array | None = None, /, *, dx: float = 1.0, axis: int = -1) -> Array:
    """Integrate along an axis by the trapezoidal rule.

    Args:
        y: values of any shape.
        x: places, of one axis or of the shape of `y`.
        dx: the distance between places where they are not given.
        axis: the axis to integrate along.

    Returns:
        Array without `axis`; floating point.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.trapezoid.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.trapezoid(np.asarray([1.0, 3.0, 5.0])))
        6.0
    """
    return F.sum(_trapezoids(y, x, dx, axis), axis=axis)
