"""Losses of margins: of hinges, of distances and of ranks.

Half-precision inputs are computed in float32 and rounded once.
"""

from __future__ import annotations

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.functional._precision import narrow, widen
from ivy.functional.losses import _reduce
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "cosine_embedding_loss",
    "hinge_embedding_loss",
    "hinge_loss",
    "margin_ranking_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "soft_margin_loss",
    "triplet_margin_loss",
]


@composite
def hinge_loss(x: Array, target: Array, /, *, margin: float = 1.0, reduction: str = "mean") -> Array:
    """Return ``max(0, margin - target * x)``, the hinge of support vector machines.

    Args:
        x: any shape, floating-point.
        target: 1 or -1, of a shape that broadcasts with `x`.
        margin: from which a term is 0.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition:
        https://keras.io/api/losses/hinge_losses/#hinge-function

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.hinge_loss(np.asarray([0.5, 2.0]), np.asarray([1.0, 1.0])))
        0.25
    """
    return narrow(_reduce(F.maximum(margin - widen(target) * widen(x), 0.0), reduction), x)


@composite
def hinge_embedding_loss(x: Array, target: Array, /, *, margin: float = 1.0, reduction: str = "mean") -> Array:
    """Return `x` where the target is 1, ``max(0, margin - x)`` where it is -1.

    Args:
        x: distances, any shape, floating-point.
        target: 1 or -1, of a shape that broadcasts with `x`.
        margin: the distance beyond which unlike pairs count nothing.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hinge_embedding_loss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.hinge_embedding_loss(np.asarray([0.5, 0.5]), np.asarray([1.0, -1.0])))
        0.5
    """
    h = widen(x)
    loss = F.where(target == 1, h, F.where(target == -1, F.maximum(margin - h, 0.0), h + F.maximum(margin - h, 0.0)))
    return narrow(_reduce(loss, reduction), x)


@composite
def soft_margin_loss(x: Array, target: Array, /, *, reduction: str = "mean") -> Array:
    """Return ``log(1 + exp(-target * x))``, accurately.

    Args:
        x: any shape, floating-point.
        target: 1 or -1, of a shape that broadcasts with `x`.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.soft_margin_loss.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.soft_margin_loss(np.asarray([0.0]), np.asarray([1.0]))), 4)
        0.6931
    """
    return narrow(_reduce(-F.log_sigmoid(widen(target) * widen(x)), reduction), x)


@composite
def margin_ranking_loss(
    x1: Array, x2: Array, target: Array, /, *, margin: float = 0.0, reduction: str = "mean"
) -> Array:
    """Return ``max(0, margin - target * (x1 - x2))``.

    Args:
        x1: scores, any shape, floating-point.
        x2: scores that broadcast with `x1`.
        target: 1 where `x1` should rank higher, -1 where `x2` should.
        margin: by how much.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.margin_ranking_loss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.margin_ranking_loss(np.asarray([1.0]), np.asarray([3.0]), np.asarray([1.0])))
        2.0
    """
    gap = widen(target) * (widen(x1) - widen(x2))
    return narrow(_reduce(F.maximum(margin - gap, 0.0), reduction), x1)


@composite
def cosine_embedding_loss(
    x1: Array, x2: Array, target: Array, /, *, margin: float = 0.0, reduction: str = "mean"
) -> Array:
    """Return ``1 - cos`` where the target is 1, ``max(0, cos - margin)`` where it is -1.

    Args:
        x1: vectors along the last axis, floating-point.
        x2: as `x1`.
        target: 1 or -1 for each pair, of the shape of `x1` without the last axis.
        margin: the cosine up to which unlike pairs count nothing.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the shape of `target`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cosine_embedding_loss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.cosine_embedding_loss(np.ones((1, 4)), -np.ones((1, 4)), np.asarray([-1.0])))
        0.0
    """
    a, b = widen(x1), widen(x2)
    sizes = (F.sum(a * a, axis=-1) + 1e-12) * (F.sum(b * b, axis=-1) + 1e-12)
    cosine = F.sum(a * b, axis=-1) / F.sqrt(sizes)
    far = F.where(target == -1, F.maximum(cosine - margin, 0.0), 0.0)
    return narrow(_reduce(F.where(target == 1, 1.0 - cosine, far), reduction), x1)


@composite
def triplet_margin_loss(
    anchor: Array,
    positive: Array,
    negative: Array,
    /,
    *,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: str = "mean",
) -> Array:
    """Return ``max(0, margin + d(anchor, positive) - d(anchor, negative))``.

    Args:
        anchor: vectors along the last axis, floating-point.
        positive: what should be near, as `anchor`.
        negative: what should be far, as `anchor`.
        margin: by how much farther.
        p: order of the norm.
        eps: see `pairwise_distance`.
        swap: whether the distance of `positive` and `negative` counts where it is less than that of the anchor.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the shape without the last axis.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_loss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.triplet_margin_loss(np.zeros((1, 2)), np.zeros((1, 2)), np.ones((1, 2)), p=1.0))
        0.0
    """
    a, b, c = widen(anchor), widen(positive), widen(negative)
    near, far = F.pairwise_distance(a, b, p=p, eps=eps), F.pairwise_distance(a, c, p=p, eps=eps)
    if swap:
        far = F.minimum(far, F.pairwise_distance(b, c, p=p, eps=eps))
    return narrow(_reduce(F.maximum(near - far + margin, 0.0), reduction), anchor)


@composite
def multi_margin_loss(
    x: Array, target: Array, weight: Array | None = None, /, *, p: int = 1, margin: float = 1.0, reduction: str = "mean"
) -> Array:
    """Return the mean over the classes of ``max(0, margin - x[target] + x[i]) ** p``, i other than the target.

    Args:
        x: scores, shape ``(batch, classes)``, floating-point.
        target: class numbers, shape ``(batch,)``.
        weight: shape ``(classes,)``: factor of each target class.
        p: 1 or 2.
        margin: by how much the target should lead.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the shape ``(batch,)``.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multi_margin_loss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.multi_margin_loss(np.asarray([[0.0, 1.0]]), np.asarray([0])))
        1.0
    """
    h, t = widen(x), F.expand_dims(target, axis=-1)
    gaps = F.maximum(h - F.take_along_axis(h, t, axis=-1) + margin, 0.0)
    gaps = gaps if p == 1 else gaps**p
    if weight is not None:
        gaps = gaps * F.expand_dims(F.take(widen(weight), target, axis=0), axis=-1)
    other = F.arange(x.shape[-1], dtype=dtype_of(target)) != t
    return narrow(_reduce(F.mean(F.where(other, gaps, 0.0), axis=-1), reduction), x)


@composite
def multilabel_margin_loss(x: Array, target: Array, /, *, reduction: str = "mean") -> Array:
    """Return ``max(0, 1 - x[target] + x[i])`` summed over targets and other classes i, over their number.

    Args:
        x: scores, shape ``(..., classes)``, floating-point.
        target: class numbers, of the shape of `x`, those from the first negative one on do not count.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the shape of `x` without the last axis.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_margin_loss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.multilabel_margin_loss(np.asarray([[0.0, 1.0]]), np.asarray([[0, -1]])))
        1.0
    """
    h, classes = widen(x), x.shape[-1]
    counts = F.cumulative_sum(F.astype(target < 0, "int64"), axis=-1) == 0
    labels = F.maximum(target, 0)
    hot = F.one_hot(labels, classes, dtype="bool")
    wanted = F.any(F.logical_and(hot, F.expand_dims(counts, axis=-1)), axis=-2)
    picked = F.take_along_axis(h, labels, axis=-1)
    gaps = F.expand_dims(h, axis=-2) - F.expand_dims(picked, axis=-1) + 1.0
    counted = F.logical_and(F.expand_dims(counts, axis=-1), F.expand_dims(F.logical_not(wanted), axis=-2))
    loss = F.sum(F.where(counted, F.maximum(gaps, 0.0), 0.0), axis=(-2, -1)) / float(classes)
    return narrow(_reduce(loss, reduction), x)


@composite
def multilabel_soft_margin_loss(
    x: Array, target: Array, weight: Array | None = None, /, *, reduction: str = "mean"
) -> Array:
    """Return the binary cross entropies of ``sigmoid(x)``, averaged over the classes.

    Args:
        x: scores, shape ``(..., classes)``, floating-point.
        target: 0 or 1, of the shape of `x`.
        weight: broadcasts with `x`: factor of each term.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the shape of `x` without the last axis.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_soft_margin_loss.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.multilabel_soft_margin_loss(np.zeros((1, 2)), np.ones((1, 2)))), 4)
        0.6931
    """
    h, t = widen(x), widen(target)
    terms = -(t * F.log_sigmoid(h) + (1.0 - t) * F.log_sigmoid(-h))
    terms = terms if weight is None else terms * widen(weight)
    return narrow(_reduce(F.mean(terms, axis=-1), reduction), x)
