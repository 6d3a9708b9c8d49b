"""Statistics, truth, extremes and running totals along axes (Array API standard 2025.12 and a few more)."""

from __future__ import annotations

import builtins
import math
from collections.abc import Sequence

from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy.functional._axes import counted
from ivy.functional._precision import narrow, widen
from ivy.functional.arithmetic import abs, add, ceil, divide, floor, lerp, multiply, round, sqrt, subtract  # noqa: A004
from ivy.functional.comparison import equal, isfinite, not_equal
from ivy.functional.creation import asarray
from ivy.functional.indexing import get_item, take, where
from ivy.functional.manipulation import astype, concat, expand_dims, moveaxis, permute_dims, reshape, squeeze
from ivy.functional.registry import composite, primitive
from ivy.functional.transcendental import exp, log, real
from ivy.functional.typing import Array, Dtype

__all__ = [
    "all",
    "any",
    "argmax",
    "argmin",
    "count_nonzero",
    "cumulative_logsumexp",
    "cumulative_max",
    "cumulative_min",
    "cumulative_prod",
    "cumulative_sum",
    "diff",
    "logsumexp",
    "max",
    "mean",
    "median",
    "min",
    "nanmean",
    "nansum",
    "prod",
    "quantile",
    "std",
    "sum",
    "var",
]


def _inexact(x: Array) -> Array:
    return x if dtype_of(x).is_inexact else astype(x, "float32")


def _axes(x: Array, axis: int | Sequence[int] | None) -> tuple[int, ...]:
    """Return the axes meant, counted from the front."""
    if axis is None:
        return tuple(range(x.ndim))
    return tuple(counted(a, x.ndim) for a in ((axis,) if isinstance(axis, int) else axis))


def _count(x: Array, axis: int | Sequence[int] | None) -> int:
    return math.prod(x.shape[a] for a in _axes(x, axis))


@primitive
def sum(x: Array, /, *, axis: int | Sequence[int] | None = None, dtype: Dtype = None, keepdims: bool = False) -> Array:
    """Add up along axes (Array API).

    Args:
        x: array of any shape, numeric.
        axis: the axes to reduce; None: all.
        dtype: the result's dtype, in which to compute; None: see Returns.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes; floats keep their dtype, bool and int give int64, uint gives uint64.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.sum(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([3., 8.], dtype=float32)
    """


@composite(body="_reducing")
def prod(x: Array, /, *, axis: int | Sequence[int] | None = None, dtype: Dtype = None, keepdims: bool = False) -> Array:
    """Multiply along axes (Array API).

    Args:
        x: array of any shape, numeric.
        axis: the axes to reduce; None: all.
        dtype: the result's dtype, in which to compute; None: see Returns.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes; floats keep their dtype, bool and int give int64, uint gives uint64.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.prod(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([ 2., 15.], dtype=float32)
    """


@primitive
def max(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Return the largest element along axes; NaN if one is NaN (Array API).

    Args:
        x: array of any shape, real; the reduced axes are not empty.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, of the same dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.max(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([2., 5.], dtype=float32)
    """


@composite(body="_reducing")
def min(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Return the smallest element along axes; NaN if one is NaN (Array API).

    Args:
        x: array of any shape, real; the reduced axes are not empty.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, of the same dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.min(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([1., 3.], dtype=float32)
    """


@composite(body="_reducing")
def all(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Tell whether every element along axes is true (Array API).

    Args:
        x: array of any shape; elements other than 0 are true.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, boolean.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.all(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([ True,  True])
    """


@composite(body="_reducing")
def any(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Tell whether an element along axes is true (Array API).

    Args:
        x: array of any shape; elements other than 0 are true.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, boolean.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.any(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([ True,  True])
    """


@composite
def mean(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Return the arithmetic mean along axes (Array API).

    Args:
        x: array of any shape, numeric.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, floating point or complex; integers are computed in float32.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.mean(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([1.5, 4. ], dtype=float32)
    """
    x = _inexact(x)
    return divide(sum(x, axis=axis, keepdims=keepdims), _count(x, axis))


@composite
def var(
    x: Array, /, *, axis: int | Sequence[int] | None = None, correction: float = 0.0, keepdims: bool = False
) -> Array:
    """Return the variance along axes (Array API).

    Args:
        x: array of any shape, numeric.
        axis: the axes to reduce; None: all.
        correction: is subtracted from the number of elements; 1 gives the unbiased variance.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, floating point or complex; integers are computed in float32.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.var(np.asarray([1.0, 2.0, 6.0], dtype="float32"))
        np.float32(4.6666665)
    """
    x = _inexact(x)
    wide = widen(x)
    centred = abs(subtract(wide, mean(wide, axis=axis, keepdims=True)))
    total = sum(multiply(centred, centred), axis=axis, keepdims=keepdims)
    return narrow(divide(total, builtins.max(_count(x, axis) - correction, 0)), real(x))


@composite
def std(
    x: Array, /, *, axis: int | Sequence[int] | None = None, correction: float = 0.0, keepdims: bool = False
) -> Array:
    """Return the standard deviation along axes (Array API).

    Args:
        x: array of any shape, numeric.
        axis: the axes to reduce; None: all.
        correction: is subtracted from the number of elements; 1 gives the unbiased variance.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, floating point or complex; integers are computed in float32.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.std(np.asarray([1.0, 2.0, 6.0], dtype="float32"))
        np.float32(2.1602468)
    """
    x = _inexact(x)
    variance = var(widen(x), axis=axis, correction=correction, keepdims=keepdims)
    flat = equal(variance, 0)  # where the root has no slope and the deviation of equal elements has that of 0
    return narrow(where(flat, variance, sqrt(where(flat, 1, variance))), real(x))


@composite
def nansum(
    x: Array, /, *, axis: int | Sequence[int] | None = None, dtype: Dtype = None, keepdims: bool = False
) -> Array:
    """Add up along axes, with NaN as 0 (numpy.nansum).

    Args:
        x: array of any shape, numeric.
        axis: the axes to reduce; None: all.
        dtype: the result's dtype, in which to compute; None: see Returns.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes; floats keep their dtype, bool and int give int64, uint gives uint64.

    Definition: numpy.nansum, https://numpy.org/doc/stable/reference/generated/numpy.nansum.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.nansum(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([3., 8.], dtype=float32)
    """
    return sum(where(not_equal(x, x), 0, x), axis=axis, dtype=dtype, keepdims=keepdims)


@composite
def nanmean(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Return the arithmetic mean along axes of what is not NaN (numpy.nanmean).

    Args:
        x: array of any shape, numeric.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, floating point or complex; integers are computed in float32.

    Definition: numpy.nanmean, https://numpy.org/doc/stable/reference/generated/numpy.nanmean.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.nanmean(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([1.5, 4. ], dtype=float32)
    """
    x = _inexact(x)
    wide = widen(x)
    count = astype(count_nonzero(equal(x, x), axis=axis, keepdims=keepdims), dtype_of(real(wide)))
    return narrow(divide(nansum(wide, axis=axis, keepdims=keepdims), count), x)


@composite
def count_nonzero(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Count the elements along axes that are not 0 (Array API).

    Args:
        x: array of any shape, numeric.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, int64 (int32 on a JAX without 64-bit types).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.count_nonzero(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([2, 2])
    """
    return sum(astype(not_equal(x, 0), "int64"), axis=axis, keepdims=keepdims)


@composite
def logsumexp(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Return log(sum(exp(x))) along axes without overflow (scipy.special.logsumexp).

    Args:
        x: array of any shape, numeric.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, floating point or complex; integers are computed in float32.

    Definition:
        scipy.special.logsumexp, https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.logsumexp.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.logsumexp(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([2.3132617, 5.126928 ], dtype=float32)
    """
    x = _inexact(x)
    if _count(x, axis) == 0:  # log(0)
        return log(sum(x, axis=axis, keepdims=keepdims))
    high = max(real(x), axis=axis, keepdims=True)
    high = where(isfinite(high), high, 0)
    total = add(log(sum(exp(subtract(x, high)), axis=axis, keepdims=True)), high)
    return total if keepdims else squeeze(total, axis=_axes(x, axis))


def _sorted_rows(x: Array, axis: int | Sequence[int] | None) -> tuple[Array, Array]:
    """Return the elements along axes in one last axis, sorted, and which rows have a NaN."""
    from ivy.functional.sorting import sort

    axes = _axes(x, axis)
    kept = tuple(a for a in range(x.ndim) if a not in axes)
    rows = reshape(permute_dims(x, kept + axes), (*(x.shape[a] for a in kept), _count(x, axis)))
    return sort(rows, axis=-1), not_equal(rows, rows)


@composite
def median(x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Array:
    """Return the middle element along an axis, the mean of two where their number is even (numpy.median).

    Args:
        x: array of any shape, real; NaN gives NaN.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array without the reduced axes, floating point or complex; integers are computed in float32.

    Definition: numpy.median, https://numpy.org/doc/stable/reference/generated/numpy.median.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.median(np.asarray([[1.0, 2.0], [3.0, 5.0]], dtype="float32"), axis=1)
        array([1.5, 4. ], dtype=float32)
    """
    ordered, missing = _sorted_rows(_inexact(x), axis)
    size = ordered.shape[-1]
    below, above = (get_item(ordered, (..., place)) for place in ((size - 1) // 2, size // 2))
    result = below if size % 2 else multiply(add(below, above), 0.5)
    result = where(any(missing, axis=-1), float("nan"), result)
    return expand_dims(result, axis=_axes(x, axis)) if keepdims else result


@composite
def quantile(
    x: Array,
    q: Array | float,
    /,
    *,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    method: str = "linear",
) -> Array:
    """Return quantiles along axes (numpy.quantile).

    Args:
        x: array of any shape, real; NaN gives NaN.
        q: which quantiles, in [0, 1]: scalar or 1-d array.
        axis: the axes to reduce; None: all.
        keepdims: whether the reduced axes stay, with length one.
        method: between two elements: ``"linear"``, ``"lower"``, ``"higher"``, ``"midpoint"`` or ``"nearest"``.

    Returns:
        Array without the reduced axes, of the shape of `q` before them; floats keep their dtype, integers are computed
        in float32.

    Raises:
        ArgumentError: if there is no such method.

    Definition: numpy.quantile, https://numpy.org/doc/stable/reference/generated/numpy.quantile.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.quantile(np.asarray([1.0, 2.0, 4.0], dtype="float32"), 0.25)
        np.float32(1.5)
    """
    x = _inexact(x)
    axes = _axes(x, axis)
    ordered, missing = _sorted_rows(x, axis)
    size = ordered.shape[-1]
    q = asarray(q, dtype=dtype_of(x)) if not hasattr(q, "dtype") else astype(q, dtype_of(x))
    place = multiply(q, size - 1)
    low = astype(floor(place), "int64")
    high = astype(ceil(place), "int64")
    below, above = take(ordered, low, axis=-1), take(ordered, high, axis=-1)
    if method == "linear":
        result = lerp(below, above, subtract(place, floor(place)))
    elif method == "midpoint":
        result = multiply(add(below, above), 0.5)
    elif method == "nearest":
        result = take(ordered, astype(round(place), "int64"), axis=-1)
    elif method in ("lower", "higher"):
        result = below if method == "lower" else above
    else:
        raise ArgumentError(
            f"ivy.quantile has no method {method!r}", hint="use linear, lower, higher, midpoint or nearest"
        )
    spoiled = any(missing, axis=-1, keepdims=q.ndim > 0)
    result = where(spoiled, float("nan"), result)
    if q.ndim:
        result = moveaxis(result, -1, 0)
    return expand_dims(result, axis=tuple(a + q.ndim for a in axes)) if keepdims else result


@composite(body="_reducing")
def argmax(x: Array, /, *, axis: int | None = None, keepdims: bool = False) -> Array:
    """Return the position of the first largest element along an axis (Array API).

    Args:
        x: array of any shape, real or boolean.
        axis: the axis; None searches the flattened array.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array of int64 (int32 on a JAX without 64-bit types) without the axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.argmax(np.asarray([[1, 5, 2], [7, 0, 7]]), axis=1)
        array([1, 0])
    """


@composite(body="_reducing")
def argmin(x: Array, /, *, axis: int | None = None, keepdims: bool = False) -> Array:
    """Return the position of the first smallest element along an axis (Array API).

    Args:
        x: array of any shape, real or boolean.
        axis: the axis; None searches the flattened array.
        keepdims: whether the reduced axes stay, with length one.

    Returns:
        Array of int64 (int32 on a JAX without 64-bit types) without the axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.argmin(np.asarray([[1, 5, 2], [7, 0, 7]]), axis=1)
        array([0, 1])
    """


@composite(body="_reducing")
def cumulative_sum(
    x: Array, /, *, axis: int | None = None, dtype: Dtype = None, include_initial: bool = False
) -> Array:
    """Return the running sum along an axis (Array API).

    Args:
        x: array with at least one axis, numeric.
        axis: the axis to run along; None only for 1-d arrays.
        dtype: the result's dtype, in which to compute; None: as `sum` gives.
        include_initial: whether the result begins with the value of nothing, and so is longer by one.

    Returns:
        Array of the same shape but for `include_initial`.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.cumulative_sum(np.asarray([1, 2, 3]))
        array([1, 3, 6])
    """


@composite(body="_reducing")
def cumulative_prod(
    x: Array, /, *, axis: int | None = None, dtype: Dtype = None, include_initial: bool = False
) -> Array:
    """Return the running product along an axis (Array API).

    Args:
        x: array with at least one axis, numeric.
        axis: the axis to run along; None only for 1-d arrays.
        dtype: the result's dtype, in which to compute; None: as `sum` gives.
        include_initial: whether the result begins with the value of nothing, and so is longer by one.

    Returns:
        Array of the same shape but for `include_initial`.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.cumulative_prod(np.asarray([1, 2, 3]))
        array([1, 2, 6])
    """


@composite(body="_reducing")
def cumulative_max(x: Array, /, *, axis: int = -1) -> Array:
    """Return the running maximum along an axis.

    Args:
        x: array with at least one axis, real.
        axis: the axis to run along.

    Returns:
        Array of the same shape and dtype.

    Definition: torch.cummax, https://docs.pytorch.org/docs/stable/generated/torch.cummax.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.cumulative_max(np.asarray([1.0, 3.0, 2.0], dtype="float32"))
        array([1., 3., 3.], dtype=float32)
    """


@composite(body="_reducing")
def cumulative_min(x: Array, /, *, axis: int = -1) -> Array:
    """Return the running minimum along an axis.

    Args:
        x: array with at least one axis, real.
        axis: the axis to run along.

    Returns:
        Array of the same shape and dtype.

    Definition: torch.cummin, https://docs.pytorch.org/docs/stable/generated/torch.cummin.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.cumulative_min(np.asarray([1.0, 3.0, 2.0], dtype="float32"))
        array([1., 1., 1.], dtype=float32)
    """


@composite(body="_reducing")
def cumulative_logsumexp(x: Array, /, *, axis: int = -1) -> Array:
    """Return the logarithm of the running sum of exponentials, without overflow.

    Args:
        x: array with at least one axis, floating point.
        axis: the axis to run along.

    Returns:
        Array of the same shape and dtype.

    Definition: torch.logcumsumexp, https://docs.pytorch.org/docs/stable/generated/torch.logcumsumexp.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.cumulative_logsumexp(np.asarray([1.0, 3.0, 2.0], dtype="float32"))
        array([1.       , 3.126928 , 3.4076061], dtype=float32)
    """


@composite
def diff(
    x: Array, /, *, axis: int = -1, n: int = 1, prepend: Array | None = None, append: Array | None = None
) -> Array:
    """Return the differences of neighbours along an axis (Array API).

    Args:
        x: array with at least one axis, numeric.
        axis: the axis.
        n: how often to take differences.
        prepend: array to put before `x` along the axis.
        append: array to put after it.

    Returns:
        Array that is shorter by `n` along the axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.diff(np.asarray([1, 4, 9]))
        array([3, 5])
    """
    parts = [part for part in (prepend, x, append) if part is not None]
    x = concat(parts, axis=axis) if len(parts) > 1 else x
    before = (slice(None),) * (counted(axis, x.ndim))
    for _ in range(n):
        x = subtract(get_item(x, (*before, slice(1, None))), get_item(x, (*before, slice(None, -1))))
    return x
