"""Sorting (Array API standard 2025.12) and the largest elements."""

from __future__ import annotations

from ivy.functional.registry import composite, primitive
from ivy.functional.typing import Array

__all__ = ["argsort", "sort", "topk"]


@composite(body="_ordering")
def sort(x: Array, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Array:
    """Sort along an axis (Array API ``sort``).

    Args:
        x: real array with at least one axis.
        axis: the axis.
        descending: whether the largest come first.
        stable: whether equal elements keep their order.

    Returns:
        The sorted array; not-a-numbers come last in rising order.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.sort(np.asarray([3, 1, 2]), descending=True)
        array([3, 2, 1])
    """


@primitive
def argsort(x: Array, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Array:
    """Give the indices that sort along an axis (Array API ``argsort``).

    Args:
        x: real array with at least one axis.
        axis: the axis.
        descending: whether the largest come first; equal elements keep their order then too.
        stable: whether equal elements keep their order.

    Returns:
        int64 array of indices (int32 in JAX without 64-bit integers), of the shape of `x`.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.argsort(np.asarray([3, 1, 2]))
        array([1, 2, 0])
    """


@composite(body="_ordering")
def topk(x: Array, k: int, /, *, axis: int = -1, largest: bool = True, sorted: bool = True) -> tuple[Array, Array]:  # type: ignore[empty-body]
    """Find the k largest or smallest elements along an axis (Array API draft ``top_k``, torch.topk).

    Args:
        x: real array with at least one axis.
        k: how many; at most the length of the axis.
        axis: the axis.
        largest: whether to take the largest, else the smallest.
        sorted: whether they come in order, the most extreme first; without, any order.

    Returns:
        ``(values, indices)`` with k elements along the axis; of equal elements, NumPy and JAX give those with the
        smaller indices.

    Definition: torch.topk, https://docs.pytorch.org/docs/stable/generated/torch.topk.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.topk(np.asarray([3, 1, 2]), 2)
        (array([3, 2]), array([0, 2]))
    """
