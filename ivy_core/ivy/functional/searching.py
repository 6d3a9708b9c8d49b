"""Searching in sorted arrays, counting into bins, and reductions over segments."""

from __future__ import annotations

from typing import Any, Literal

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "bincount",
    "digitize",
    "histogram",
    "searchsorted",
    "segment_max",
    "segment_mean",
    "segment_min",
    "segment_prod",
    "segment_sum",
]


@composite(body="_ordering")
def searchsorted(
    x1: Array, x2: Array | float, /, *, side: Literal["left", "right"] = "left", sorter: Array | None = None
) -> Array:
    """Find where to insert values into a sorted vector so that it stays sorted (Array API ``searchsorted``).

    Args:
        x1: sorted vector, or any vector with its `sorter`.
        x2: values of any shape.
        side: whether equal elements come after the place (``"left"``) or before it (``"right"``).
        sorter: indices that sort `x1`.

    Returns:
        int64 array of indices (int32 in JAX without 64-bit integers), of the shape of `x2`.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.searchsorted(np.asarray([1.0, 2.0, 3.0]), np.asarray([0.5, 2.0]))
        array([0, 1])
    """


@composite(body="_ordering")
def bincount(x: Array, /, *, weights: Array | None = None, length: int) -> Array:
    """Count how often every integer below `length` comes in a vector (numpy.bincount, with a static size).

    Args:
        x: vector of non-negative integers; those from `length` on are not counted.
        weights: vector of what each element counts; one by default.
        length: size of the result.

    Returns:
        Vector of int64 counts (int32 in JAX without 64-bit integers), or of the dtype of `weights`.

    Definition: numpy.bincount, https://numpy.org/doc/stable/reference/generated/numpy.bincount.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.bincount(np.asarray([0, 2, 2]), length=4)
        array([1, 0, 2, 0])
    """


@composite
def digitize(x: Array, bins: Array, /, *, right: bool = False) -> Array:
    """Find the bin of every value (numpy.digitize).

    Args:
        x: values of any shape.
        bins: vector of rising bin edges.
        right: whether a bin holds its right edge, instead of its left one.

    Returns:
        int64 array of bin numbers, of the shape of `x`: 0 below the first edge, ``len(bins)`` above the last.

    Definition: numpy.digitize, https://numpy.org/doc/stable/reference/generated/numpy.digitize.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.digitize(np.asarray([0.5, 1.0, 9.0]), np.asarray([0.0, 1.0, 2.0]))
        array([1, 2, 3])
    """
    return searchsorted(bins, x, side="left" if right else "right")


@composite
def histogram(
    x: Array,
    /,
    *,
    bins: Array | int = 10,
    range: tuple[float, float] | None = None,
    weights: Array | None = None,
) -> tuple[Array, Array]:
    """Count values into bins (numpy.histogram).

    Args:
        x: values of any shape.
        bins: number of bins of equal width, or a vector of rising edges.
        range: ends of the first and last bin; by default the smallest and largest value. Values outside don't count.
        weights: what each value counts, of the shape of `x`; one by default.

    Returns:
        ``(counts, edges)``: counts as in `bincount`, one edge more than bins.

    Definition: numpy.histogram, https://numpy.org/doc/stable/reference/generated/numpy.histogram.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.histogram(np.asarray([1.0, 1.5, 4.0]), bins=3)[0]
        array([2, 0, 1])
    """
    values = F.reshape(x, (-1,))
    flat = None if weights is None else F.reshape(weights, (-1,))
    dtype = dtype_of(x) if dtype_of(x).is_float else as_dtype("float32")
    if isinstance(bins, int):
        low, high = (F.min(values), F.max(values)) if range is None else range
        low, high = F.asarray(low, dtype=dtype), F.asarray(high, dtype=dtype)
        # NumPy widens an empty range by one
        empty = F.equal(low, high)
        low, high = F.where(empty, F.subtract(low, 0.5), low), F.where(empty, F.add(high, 0.5), high)
        steps = F.divide(F.astype(F.arange(bins + 1), dtype), bins)
        edges = F.add(F.multiply(low, F.subtract(1, steps)), F.multiply(high, steps))
    else:
        edges = bins
    count = edges.shape[0] - 1
    first, last = F.get_item(edges, 0), F.get_item(edges, -1)
    place = F.subtract(searchsorted(edges, F.astype(values, dtype_of(edges)), side="right"), 1)
    place = F.where(F.equal(values, last), F.full_like(place, count - 1), place)
    # what lies outside goes into a last bin that is cut off
    inside = F.logical_and(F.greater_equal(values, first), F.less_equal(values, last))
    place = F.where(inside, place, F.full_like(place, count))
    return F.get_item(bincount(place, weights=flat, length=count + 1), slice(count)), edges


def _segments(x: Any, segment_ids: Any, num_segments: int, mode: str, start: Any) -> Any:
    init = F.full((num_segments, *x.shape[1:]), start, dtype=dtype_of(x))
    # negative numbers and those past the end belong to no segment: they go to a row that is cut off
    outside = F.logical_or(F.less(segment_ids, 0), F.greater_equal(segment_ids, num_segments))
    ids = F.where(outside, F.full_like(segment_ids, num_segments), segment_ids)
    init = F.concat([init, F.full((1, *x.shape[1:]), start, dtype=dtype_of(x))], axis=0)
    scatter = {"add": F.add_at, "mul": F.mul_at, "max": F.max_at, "min": F.min_at}[mode]
    return F.get_item(scatter(init, ids, x), slice(num_segments))


def _extreme(dtype: Any, sign: int) -> Any:
    """The smallest (-1) or largest (+1) number of a dtype."""
    if dtype.is_float:
        return sign * float("inf")
    low, high = (
        (0, 2**dtype.bits - 1) if dtype.kind == "uint" else (-(2 ** (dtype.bits - 1)), 2 ** (dtype.bits - 1) - 1)
    )
    return low if sign < 0 else high


@composite
def segment_sum(x: Array, segment_ids: Array, num_segments: int, /) -> Array:
    """Add up the rows of every segment (jax.ops.segment_sum).

    Args:
        x: shape (N, ...).
        segment_ids: integers of shape (N,): the segment of every row; rows of a number outside the range are left out.
        num_segments: number of segments.

    Returns:
        Shape (num_segments, ...); zero for an empty segment.

    Definition: jax.ops.segment_sum, https://docs.jax.dev/en/latest/_autosummary/jax.ops.segment_sum.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.segment_sum(np.asarray([1.0, 2.0, 3.0]), np.asarray([0, 0, 1]), 2)
        array([3., 3.])
    """
    return _segments(x, segment_ids, num_segments, "add", 0)


@composite
def segment_prod(x: Array, segment_ids: Array, num_segments: int, /) -> Array:
    """Multiply the rows of every segment (jax.ops.segment_prod).

    Args:
        x: shape (N, ...).
        segment_ids: integers of shape (N,), as in `segment_sum`.
        num_segments: number of segments.

    Returns:
        Shape (num_segments, ...); one for an empty segment.

    Definition: jax.ops.segment_prod, https://docs.jax.dev/en/latest/_autosummary/jax.ops.segment_prod.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.segment_prod(np.asarray([1.0, 2.0, 3.0]), np.asarray([0, 0, 1]), 2)
        array([2., 3.])
    """
    return _segments(x, segment_ids, num_segments, "mul", 1)


@composite
def segment_max(x: Array, segment_ids: Array, num_segments: int, /) -> Array:
    """Take the largest elements of every segment's rows (jax.ops.segment_max).

    Args:
        x: shape (N, ...).
        segment_ids: integers of shape (N,), as in `segment_sum`.
        num_segments: number of segments.

    Returns:
        Shape (num_segments, ...); minus infinity, or the smallest integer, for an empty segment.

    Definition: jax.ops.segment_max, https://docs.jax.dev/en/latest/_autosummary/jax.ops.segment_max.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.segment_max(np.asarray([1.0, 2.0, 3.0]), np.asarray([0, 0, 1]), 2)
        array([2., 3.])
    """
    return _segments(x, segment_ids, num_segments, "max", _extreme(dtype_of(x), -1))


@composite
def segment_min(x: Array, segment_ids: Array, num_segments: int, /) -> Array:
    """Take the smallest elements of every segment's rows (jax.ops.segment_min).

    Args:
        x: shape (N, ...).
        segment_ids: integers of shape (N,), as in `segment_sum`.
        num_segments: number of segments.

    Returns:
        Shape (num_segments, ...); infinity, or the largest integer, for an empty segment.

    Definition: jax.ops.segment_min, https://docs.jax.dev/en/latest/_autosummary/jax.ops.segment_min.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.segment_min(np.asarray([1.0, 2.0, 3.0]), np.asarray([0, 0, 1]), 2)
        array([1., 3.])
    """
    return _segments(x, segment_ids, num_segments, "min", _extreme(dtype_of(x), 1))


@composite
def segment_mean(x: Array, segment_ids: Array, num_segments: int, /) -> Array:
    """Average the rows of every segment.

    Args:
        x: shape (N, ...), floating point.
        segment_ids: integers of shape (N,), as in `segment_sum`.
        num_segments: number of segments.

    Returns:
        Shape (num_segments, ...); zero for an empty segment.

    Definition: tf.math.segment_mean, https://www.tensorflow.org/api_docs/python/tf/math/segment_mean

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.segment_mean(np.asarray([1.0, 2.0, 3.0]), np.asarray([0, 0, 1]), 2)
        array([1.5, 3. ])
    """
    ones = F.ones((x.shape[0],) + (1,) * (x.ndim - 1), dtype=dtype_of(x))
    count = segment_sum(ones, segment_ids, num_segments)
    return F.divide(segment_sum(x, segment_ids, num_segments), F.maximum(count, 1))
