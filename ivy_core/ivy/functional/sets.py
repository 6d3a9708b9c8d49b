"""Sets (Array API standard 2025.12). The results' sizes depend on the values, so none of these works under jit."""

from __future__ import annotations

from typing import Any, NamedTuple

import ivy.functional as F
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = ["isin", "unique_all", "unique_along_axis", "unique_counts", "unique_inverse", "unique_values"]


class UniqueAll(NamedTuple):
    """What `unique_all` returns."""

    values: Any
    indices: Any
    inverse_indices: Any
    counts: Any


class UniqueCounts(NamedTuple):
    """What `unique_counts` returns."""

    values: Any
    counts: Any


class UniqueInverse(NamedTuple):
    """What `unique_inverse` returns."""

    values: Any
    inverse_indices: Any


@composite(body="_ordering")
def unique_all(x: Array, /) -> UniqueAll:  # type: ignore[empty-body]
    """Find the distinct elements, their places and how often each comes (Array API ``unique_all``).

    Args:
        x: array of any shape.

    Returns:
        ``(values, indices, inverse_indices, counts)``: the values in rising order, the index of each one's first
        occurrence in the flattened array, the index into `values` for every element of `x` (of its shape), and the
        counts. Not-a-numbers are distinct from each other.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.unique_all(np.asarray([3, 1, 3])).counts
        array([1, 2])
    """


@composite(body="_ordering")
def unique_along_axis(x: Array, /, *, axis: int = 0) -> UniqueAll:  # type: ignore[empty-body]
    """Find the distinct slices along an axis, their places and how often each comes (numpy.unique with ``axis``).

    Args:
        x: array with one axis or more.
        axis: the axis that is sliced.

    Returns:
        ``(values, indices, inverse_indices, counts)``: the slices in lexicographic order, as an array with fewer of
        them along `axis`, and vectors: the index of each one's first occurrence, the index into `values` for every
        slice of `x`, and the counts. Slices with not-a-numbers are distinct from each other.

    Definition: numpy.unique, https://numpy.org/doc/stable/reference/generated/numpy.unique.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.unique_along_axis(np.asarray([[3, 1], [0, 2], [3, 1]])).values.tolist()
        [[0, 2], [3, 1]]
    """


@composite
def unique_counts(x: Array, /) -> UniqueCounts:
    """Find the distinct elements and how often each comes (Array API ``unique_counts``).

    Args:
        x: array of any shape.

    Returns:
        ``(values, counts)`` as in `unique_all`.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.unique_counts(np.asarray([3, 1, 3])).values
        array([1, 3])
    """
    found = unique_all(x)
    return UniqueCounts(found[0], found[3])


@composite
def unique_inverse(x: Array, /) -> UniqueInverse:
    """Find the distinct elements and which of them each element is (Array API ``unique_inverse``).

    Args:
        x: array of any shape.

    Returns:
        ``(values, inverse_indices)`` as in `unique_all`.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.unique_inverse(np.asarray([3, 1, 3])).inverse_indices
        array([1, 0, 1])
    """
    found = unique_all(x)
    return UniqueInverse(found[0], found[2])


@composite
def unique_values(x: Array, /) -> Array:
    """Find the distinct elements (Array API ``unique_values``).

    Args:
        x: array of any shape.

    Returns:
        Vector of the values in rising order.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.unique_values(np.asarray([3, 1, 3]))
        array([1, 3])
    """
    return unique_all(x)[0]


@composite
def isin(x1: Array | int, x2: Array | int, /, *, invert: bool = False) -> Array:
    """Tell for every element whether it is among some others (Array API ``isin``).

    Args:
        x1: elements of any shape.
        x2: the others, of any shape.
        invert: whether to tell the opposite.

    Returns:
        Boolean array of the shape of `x1`.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.isin(np.asarray([1, 2, 3]), np.asarray([2, 5]))
        array([False,  True, False])
    """
    others = F.reshape(F.asarray(x2), (-1,))
    found = F.any(F.equal(F.expand_dims(F.asarray(x1), axis=-1), others), axis=-1)
    return F.logical_not(found) if invert else found
