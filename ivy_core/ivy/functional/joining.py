"""Joining arrays in rows, columns, layers and blocks; turning them."""

from __future__ import annotations

from collections.abc import Sequence

import ivy.functional as F
from ivy.errors import AxisError
from ivy.functional._axes import counted
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "atleast_nd",
    "block_diag",
    "column_stack",
    "dstack",
    "hstack",
    "rot90",
    "vstack",
]


@composite
def atleast_nd(x: Array, ndim: int, /) -> Array:
    """Add axes of length one in front, until there are `ndim`.

    Args:
        x: array of any shape and dtype.
        ndim: the least number of axes.

    Returns:
        Array with the same elements.

    Definition:
        https://data-apis.org/array-api-extra/generated/array_api_extra.atleast_nd.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.atleast_nd(np.asarray(1.0), 2).shape
        (1, 1)
    """
    return F.reshape(x, (1,) * (ndim - x.ndim) + tuple(x.shape)) if x.ndim < ndim else x


@composite
def block_diag(*arrays: Array) -> Array:
    """Put matrices along the diagonal of a matrix, zeros elsewhere.

    Args:
        *arrays: matrices; one axis is taken for a row, none for one element.

    Returns:
        Matrix whose sizes are the sums of theirs.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.linalg.block_diag.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.block_diag(np.asarray([[1, 2]]), np.asarray([3])).tolist()
        [[1, 2, 0], [0, 0, 3]]
    """
    parts = [atleast_nd(x, 2) for x in arrays]
    width, before, rows = sum(x.shape[1] for x in parts), 0, []
    for x in parts:
        rows.append(F.pad(x, [(0, 0), (before, width - before - x.shape[1])]))
        before += x.shape[1]
    return F.concat(rows, axis=0)


@composite
def column_stack(arrays: Sequence[Array], /) -> Array:
    """Join arrays along their second axis, those of one axis as columns.

    Args:
        arrays: arrays of one dtype or of dtypes that promote.

    Returns:
        The joined array.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.column_stack.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.column_stack([np.asarray([1, 2]), np.asarray([3, 4])]).tolist()
        [[1, 3], [2, 4]]
    """
    return F.concat([F.reshape(x, (-1, 1)) if x.ndim < 2 else x for x in arrays], axis=1)


@composite
def dstack(arrays: Sequence[Array], /) -> Array:
    """Join arrays along their third axis, which those of fewer axes get at the end.

    Args:
        arrays: arrays of one dtype or of dtypes that promote.

    Returns:
        The joined array, of at least three axes.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.dstack.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.dstack([np.asarray([1, 2]), np.asarray([3, 4])]).tolist()
        [[[1, 3], [2, 4]]]
    """
    parts = [atleast_nd(x, 2) for x in arrays]
    return F.concat([F.expand_dims(x, axis=2) if x.ndim == 2 else x for x in parts], axis=2)


@composite
def hstack(arrays: Sequence[Array], /) -> Array:
    """Join arrays along their second axis, those of one axis along that.

    Args:
        arrays: arrays of one dtype or of dtypes that promote.

    Returns:
        The joined array.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.hstack.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.hstack([np.asarray([1]), np.asarray([2, 3])]).tolist()
        [1, 2, 3]
    """
    parts = [atleast_nd(x, 1) for x in arrays]
    return F.concat(parts, axis=0 if parts[0].ndim == 1 else 1)


@composite
def rot90(x: Array, /, *, k: int = 1, axes: Sequence[int] = (0, 1)) -> Array:
    """Turn an array by 90 degrees in the plane of two axes.

    Args:
        x: array of any shape and dtype.
        k: how often; negative numbers turn the other way round.
        axes: the plane, from its first axis towards the second.

    Returns:
        Array with the two axes swapped if `k` is odd.

    Raises:
        AxisError: if the axes are the same or there are no such.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.rot90.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.rot90(np.asarray([[1, 2], [3, 4]])).tolist()
        [[2, 4], [1, 3]]
    """
    a, b = (counted(axis, x.ndim) for axis in axes)
    if a == b:
        raise AxisError(f"axis {a} is given twice", hint="name two axes")
    turns = k % 4
    if turns == 2:
        return F.flip(x, axis=(a, b))
    if turns == 1:
        return F.swapaxes(F.flip(x, axis=b), a, b)
    return x if turns == 0 else F.flip(F.swapaxes(x, a, b), axis=b)


@composite
def vstack(arrays: Sequence[Array], /) -> Array:
    """Join arrays along their first axis, those of one axis as rows.

    Args:
        arrays: arrays of one dtype or of dtypes that promote.

    Returns:
        The joined array.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.vstack.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.vstack([np.asarray([1, 2]), np.asarray([3, 4])]).tolist()
        [[1, 2], [3, 4]]
    """
    return F.concat([atleast_nd(x, 2) for x in arrays], axis=0)
