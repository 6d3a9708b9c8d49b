"""Distances and similarities of vectors, which lie along the last axis unless said otherwise.

The derivative of a distance of 0 is taken as 0. Half-precision inputs are computed in float32 and rounded once.
"""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.errors import ArgumentError
from ivy.functional._lengths import norm_of_sizes
from ivy.functional._precision import narrow, widen
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = ["cdist", "cosine_similarity", "pairwise_distance", "pdist"]


def _length(d: Any, p: float, axis: int = -1, keepdims: bool = False) -> Any:
    """The p-norm."""
    if p < 0:
        raise ArgumentError(f"p must not be negative, {p} is")
    size = F.abs(d)
    if p == 1 or d.shape[axis] == 0:  # there is no greatest of no elements
        return F.sum(size, axis=axis, keepdims=keepdims)
    if p == float("inf"):
        return F.max(size, axis=axis, keepdims=keepdims)
    if p == 0:
        return F.sum(F.where(F.equal(size, 0), 0.0, F.ones_like(size)), axis=axis, keepdims=keepdims)
    return norm_of_sizes(d if p == 2 else size, p, axis, keepdims)


@composite
def cdist(x1: Array, x2: Array, /, *, p: float = 2.0) -> Array:
    """Return the distances of every row of one matrix to every row of another.

    Args:
        x1: shape ``(..., n, width)``, floating-point.
        x2: shape ``(..., m, width)``, of the same dtype.
        p: order of the norm, from 0 (number of differences) to infinity (greatest difference).

    Returns:
        Shape ``(..., n, m)``.

    Raises:
        ArgumentError: if `p` is negative.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.cdist.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.cdist(np.asarray([[0.0, 0.0]]), np.asarray([[3.0, 4.0], [0.0, 1.0]])).tolist()
        [[5.0, 1.0]]
    """
    a, b = widen(x1), widen(x2)
    return narrow(_length(F.expand_dims(a, axis=-2) - F.expand_dims(b, axis=-3), p), x1)


@composite
def pdist(x: Array, /, *, p: float = 2.0) -> Array:
    """Return the distances of every two rows of a matrix, each pair once.

    Args:
        x: shape ``(n, width)``, floating-point.
        p: order of the norm, as in `cdist`.

    Returns:
        Shape ``(n * (n - 1) / 2,)``: row 0 with 1, 2, ..., then row 1 with 2, 3, ...

    Raises:
        ArgumentError: if `p` is negative.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pdist.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.pdist(np.asarray([[0.0], [1.0], [3.0]])).tolist()
        [1.0, 3.0, 2.0]
    """
    n = x.shape[0]
    firsts = F.asarray([i for i in range(n) for _ in range(i + 1, n)], dtype="int64")
    seconds = F.asarray([j for i in range(n) for j in range(i + 1, n)], dtype="int64")
    wide = widen(x)
    return narrow(_length(F.take(wide, firsts, axis=0) - F.take(wide, seconds, axis=0), p), x)


@composite
def pairwise_distance(x1: Array, x2: Array, /, *, p: float = 2.0, eps: float = 1e-6, keepdims: bool = False) -> Array:
    """Return the distances of vectors to their counterparts, the norm of ``x1 - x2 + eps``.

    Args:
        x1: shape ``(..., width)``, floating-point.
        x2: of the same dtype, broadcasts with `x1`.
        p: order of the norm, as in `cdist`.
        eps: added to each difference.
        keepdims: whether the last axis stays, with size one.

    Returns:
        The broadcast shape without the last axis.

    Raises:
        ArgumentError: if `p` is negative.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pairwise_distance.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.pairwise_distance(np.asarray([0.0, 0.0]), np.asarray([3.0, 4.0]), eps=0.0))
        5.0
    """
    return narrow(_length(widen(x1) - widen(x2) + eps, p, keepdims=keepdims), x1)


@composite
def cosine_similarity(x1: Array, x2: Array, /, *, axis: int = -1, eps: float = 1e-8) -> Array:
    """Return the cosines of the angles between vectors.

    Args:
        x1: floating-point array.
        x2: of the same dtype, broadcasts with `x1`.
        axis: the axis of the vectors, of the broadcast shape.
        eps: the least length that a vector is divided by.

    Returns:
        The broadcast shape without `axis`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.cosine_similarity(np.asarray([2.0, 0.0]), np.asarray([0.0, 1.0])))
        0.0
    """
    a, b = F.broadcast_arrays(widen(x1), widen(x2))
    a, b = (v / F.maximum(_length(v, 2.0, axis, keepdims=True), eps) for v in (a, b))
    return narrow(F.sum(a * b, axis=axis), x1)
