"""Losses.

Definitions are torch's (``torch.nn.functional``). ``reduction`` is ``"mean"``, ``"sum"`` or ``"none"``; half-precision
inputs are computed in float32 and rounded once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ivy.dtypes import dtype_of, result_type
from ivy.errors import ArgumentError
from ivy.functional._axes import counted
from ivy.functional._precision import narrow, widen
from ivy.functional.activations import log_sigmoid, log_softmax
from ivy.functional.elementwise import abs as absolute
from ivy.functional.elementwise import exp, log, log1p, maximum, square, subtract, xlogy
from ivy.functional.gradients import stop_gradient
from ivy.functional.indexing import take, take_along_axis, where
from ivy.functional.manipulation import astype, expand_dims, reshape, squeeze
from ivy.functional.reductions import mean
from ivy.functional.reductions import sum as total
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "ctc_loss",
    "dice_loss",
    "gaussian_nll_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "log_cosh_loss",
    "mse_loss",
    "nll_loss",
    "poisson_nll_loss",
    "sigmoid_focal_loss",
    "smooth_l1_loss",
]


@composite
def cross_entropy(
    logits: Array,
    target: Array,
    weight: Array | None = None,
    /,
    *,
    axis: int = 1,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
    ignore_index: int = -100,
) -> Array:
    """Return the cross entropy of ``softmax(logits)`` and the target classes.

    Args:
        logits: scores, classes along `axis`, floating-point.
        target: class numbers (integers, shape of `logits` without `axis`), or probabilities (shape of `logits`).
        weight: shape ``(classes,)``: factor of each class.
        axis: the class axis.
        reduction: ``"mean"`` divides by the weights of the targets (by the number of them for probabilities).
        label_smoothing: share of the uniform distribution that is mixed into the target.
        ignore_index: target class that does not count.

    Returns:
        Scalar array, or with ``"none"`` the shape of `logits` without `axis`; dtype of `logits`.

    Definition: torch.nn.CrossEntropyLoss, https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.cross_entropy(np.zeros((2, 4)), np.asarray([0, 3]))), 4)
        1.3863
    """
    _check(reduction)
    logp = log_softmax(widen(logits), axis=axis)
    axis = counted(axis, logits.ndim)
    classes = logits.shape[axis]
    factors = None if weight is None else _along(widen(weight), logits.ndim, axis)
    if target.ndim == logits.ndim:
        wanted = widen(target)
        if label_smoothing:
            wanted = wanted * (1.0 - label_smoothing) + label_smoothing / classes
        terms = logp * wanted if factors is None else logp * wanted * factors
        loss = -total(terms, axis=axis)
        if reduction == "mean":
            count = max(_size(loss), 1)
            return narrow(total(loss) / float(count), logits)
        return narrow(_reduce(loss, reduction), logits)
    loss, shares = _picked(logp, target, weight, axis, ignore_index)
    if label_smoothing:
        spread = -total(logp if factors is None else logp * factors, axis=axis)
        spread = where(target != ignore_index, spread, 0.0)
        loss = loss * (1.0 - label_smoothing) + spread * (label_smoothing / classes)
    if reduction == "mean":
        return narrow(total(loss) / total(shares), logits)
    return narrow(_reduce(loss, reduction), logits)


@composite
def nll_loss(
    log_probs: Array,
    target: Array,
    weight: Array | None = None,
    /,
    *,
    axis: int = 1,
    reduction: str = "mean",
    ignore_index: int = -100,
) -> Array:
    """Return the negative log-likelihood of the target classes.

    Args:
        log_probs: logarithms of probabilities, classes along `axis`.
        target: class numbers, integers, shape of `log_probs` without `axis`.
        weight: shape ``(classes,)``: factor of each class.
        axis: the class axis.
        reduction: ``"mean"`` divides by the weights of the targets.
        ignore_index: target class that does not count.

    Returns:
        Scalar array, or with ``"none"`` the shape of `target`; dtype of `log_probs`.

    Definition: torch.nn.NLLLoss, https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.nll_loss(np.asarray([[-1.0, -3.0]]), np.asarray([1])))
        3.0
    """
    _check(reduction)
    loss, shares = _picked(widen(log_probs), target, weight, counted(axis, log_probs.ndim), ignore_index)
    if reduction == "mean":
        return narrow(total(loss) / total(shares), log_probs)
    return narrow(_reduce(loss, reduction), log_probs)


@composite
def mse_loss(x: Array, target: Array, /, *, reduction: str = "mean") -> Array:
    """Return the squared difference.

    Args:
        x: any shape, floating-point.
        target: broadcasts with `x`.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition: torch.nn.MSELoss, https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.mse_loss(np.asarray([1.0, 3.0]), np.asarray([1.0, 1.0])))
        2.0
    """
    return _rounded(_reduce(square(subtract(widen(x), widen(target))), reduction), x, target)


@composite
def l1_loss(x: Array, target: Array, /, *, reduction: str = "mean") -> Array:
    """Return the absolute difference.

    Args:
        x: any shape, floating-point.
        target: broadcasts with `x`.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition: torch.nn.L1Loss, https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.l1_loss(np.asarray([1.0, 3.0]), np.asarray([1.0, 1.0])))
        1.0
    """
    return _rounded(_reduce(absolute(subtract(widen(x), widen(target))), reduction), x, target)


@composite
def smooth_l1_loss(x: Array, target: Array, /, *, beta: float = 1.0, reduction: str = "mean") -> Array:
    """Return ``0.5 * d ** 2 / beta`` for differences below `beta`, else ``|d| - 0.5 * beta`` (Fast R-CNN).

    Args:
        x: any shape, floating-point.
        target: broadcasts with `x`.
        beta: where the parabola meets the line; 0 is `l1_loss`.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition: torch.nn.SmoothL1Loss, https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.smooth_l1_loss(np.asarray([3.0]), np.asarray([1.0])))
        1.5
    """
    d = absolute(subtract(widen(x), widen(target)))
    loss = d if beta == 0.0 else where(d < beta, square(d) * (0.5 / beta), d - 0.5 * beta)
    return _rounded(_reduce(loss, reduction), x, target)


@composite
def huber_loss(x: Array, target: Array, /, *, delta: float = 1.0, reduction: str = "mean") -> Array:
    """Return ``0.5 * d ** 2`` for differences up to `delta`, else ``delta * (|d| - 0.5 * delta)``.

    Args:
        x: any shape, floating-point.
        target: broadcasts with `x`.
        delta: where the parabola meets the line.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition: torch.nn.HuberLoss, https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.huber_loss(np.asarray([3.0]), np.asarray([1.0])))
        1.5
    """
    d = absolute(subtract(widen(x), widen(target)))
    return _rounded(_reduce(where(d <= delta, square(d) * 0.5, (d - 0.5 * delta) * delta), reduction), x, target)


@composite
def binary_cross_entropy(
    probs: Array, target: Array, weight: Array | None = None, /, *, reduction: str = "mean"
) -> Array:
    """Return ``-(t * log(p) + (1 - t) * log(1 - p))``, the logarithms no less than -100.

    Args:
        probs: probabilities, any shape, floating-point.
        target: of the shape of `probs`.
        weight: broadcasts with `probs`: factor of each term.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the shape of `probs`. The derivative where a logarithm is cut off is 0.

    Definition: torch.nn.BCELoss, https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.binary_cross_entropy(np.asarray([0.5]), np.asarray([1.0]))), 4)
        0.6931
    """
    p, t = widen(probs), widen(target)
    loss = -(t * _floored_log(p) + (1.0 - t) * _floored_log(1.0 - p))
    if weight is not None:
        loss = loss * widen(weight)
    return narrow(_reduce(loss, reduction), probs)


@composite
def binary_cross_entropy_with_logits(
    logits: Array,
    target: Array,
    weight: Array | None = None,
    pos_weight: Array | None = None,
    /,
    *,
    reduction: str = "mean",
) -> Array:
    """Return `binary_cross_entropy` of ``sigmoid(logits)``, accurately.

    Args:
        logits: any shape, floating-point.
        target: of the shape of `logits`.
        weight: broadcasts with `logits`: factor of each term.
        pos_weight: broadcasts with `logits`: factor of the positive terms.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the shape of `logits`.

    Definition:
        torch.nn.BCEWithLogitsLoss, https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.binary_cross_entropy_with_logits(np.asarray([0.0]), np.asarray([1.0]))), 4)
        0.6931
    """
    h, t = widen(logits), widen(target)
    positive = log_sigmoid(h)
    factor = 1.0 if pos_weight is None else (widen(pos_weight) - 1.0) * t + 1.0
    loss = (1.0 - t) * h - factor * positive
    if weight is not None:
        loss = loss * widen(weight)
    return narrow(_reduce(loss, reduction), logits)


@composite
def kl_div(log_probs: Array, target: Array, /, *, reduction: str = "mean", log_target: bool = False) -> Array:
    """Return ``target * (log(target) - log_probs)``, the Kullback-Leibler divergence's terms.

    Args:
        log_probs: logarithms of probabilities, any shape, floating-point.
        target: probabilities that broadcast with `log_probs`.
        reduction: ``"batchmean"`` (sum over the size of the first axis: the divergence proper), ``"mean"`` (over all
            elements, as torch), ``"sum"`` or ``"none"``.
        log_target: whether the target, too, is given as logarithms.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition: torch.nn.KLDivLoss, https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.kl_div(np.log([[0.5, 0.5]]), np.asarray([[0.5, 0.5]]), reduction="batchmean"))
        0.0
    """
    h, t = widen(log_probs), widen(target)
    loss = exp(t) * (t - h) if log_target else xlogy(t, t) - t * h
    if reduction == "batchmean":
        return narrow(total(loss) / float(log_probs.shape[0]), log_probs)
    return narrow(_reduce(loss, reduction), log_probs)


@composite
def poisson_nll_loss(
    x: Array,
    target: Array,
    /,
    *,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> Array:
    """Return the negative log-likelihood of counts that are Poisson distributed.

    Args:
        x: logarithms of means, or means, any shape, floating-point.
        target: counts that broadcast with `x`.
        log_input: whether `x` are logarithms.
        full: whether Stirling's approximation of the constant is added where the count is above 1.
        eps: added to means before their logarithm is taken.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.poisson_nll_loss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.poisson_nll_loss(np.asarray([0.0]), np.asarray([2.0])))
        1.0
    """
    h, t = widen(x), widen(target)
    loss = exp(h) - t * h if log_input else h - t * log(h + eps)
    if full:
        safe = where(t > 1, t, 2.0)
        loss = loss + where(t > 1, safe * log(safe) - safe + 0.5 * log(safe * (2.0 * math.pi)), 0.0)
    return narrow(_reduce(loss, reduction), x)


@composite
def gaussian_nll_loss(
    x: Array, target: Array, var: Array, /, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
) -> Array:
    """Return ``0.5 * (log(var) + (x - target) ** 2 / var)``, a normal distribution's negative log-likelihood.

    Args:
        x: means, any shape, floating-point.
        target: broadcasts with `x`.
        var: variances that broadcast with `x`.
        full: whether the constant ``0.5 * log(2 * pi)`` is added.
        eps: the least variance; limiting it takes no part in the gradient.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gaussian_nll_loss.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.gaussian_nll_loss(np.asarray([1.0]), np.asarray([3.0]), np.asarray([1.0])))
        2.0
    """
    v = widen(var)
    v = v + stop_gradient(maximum(v, eps) - v)
    loss = (log(v) + square(widen(x) - widen(target)) / v) * 0.5
    return narrow(_reduce(loss + 0.5 * math.log(2.0 * math.pi) if full else loss, reduction), x)


@composite
def log_cosh_loss(x: Array, target: Array, /, *, reduction: str = "mean") -> Array:
    """Return the logarithm of the hyperbolic cosine of the difference.

    Args:
        x: any shape, floating-point.
        target: broadcasts with `x`.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the broadcast shape.

    Definition:
        https://keras.io/api/losses/regression_losses/#logcosh-function

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.log_cosh_loss(np.asarray([1.0]), np.asarray([1.0])))
        0.0
    """
    d = subtract(widen(x), widen(target))
    # log(cosh(d)) = d + log(1 + exp(-2 d)) - log(2), for d of one sign
    size = where(d < 0, -d, d)
    return narrow(_reduce(size + log1p(exp(size * -2.0)) - math.log(2.0), reduction), x)


@composite
def sigmoid_focal_loss(
    logits: Array, target: Array, /, *, alpha: float = 0.25, gamma: float = 2.0, reduction: str = "mean"
) -> Array:
    """Return binary cross entropies that count less the better the prediction is.

    Args:
        logits: any shape, floating-point.
        target: 0 or 1, of the shape of `logits`.
        alpha: weight of the positives, ``1 - alpha`` that of the negatives; a negative number: none.
        gamma: power of the error that weighs the term.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the shape of `logits`.

    Definition:
        https://arxiv.org/abs/1708.02002

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.sigmoid_focal_loss(np.asarray([0.0]), np.asarray([1.0]))), 4)
        0.0433
    """
    h, t = widen(logits), widen(target)
    positive, negative = log_sigmoid(h), log_sigmoid(-h)
    # the logarithm of the probability of the error, as accurate as that of the prediction
    loss = -(t * positive * exp(negative * gamma) + (1.0 - t) * negative * exp(positive * gamma))
    if alpha >= 0:
        loss = loss * (t * alpha + (1.0 - t) * (1.0 - alpha))
    return narrow(_reduce(loss, reduction), logits)


@composite
def dice_loss(
    probs: Array,
    target: Array,
    /,
    *,
    axis: int | Sequence[int] | None = None,
    eps: float = 1e-7,
    reduction: str = "mean",
) -> Array:
    """Return one minus the Dice coefficient, ``(2 * sum(p * t) + eps) / (sum(p) + sum(t) + eps)``.

    Args:
        probs: any shape, floating-point.
        target: of the shape of `probs`.
        axis: axes of the sums; by default all.
        eps: keeps empty sums apart from 0.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` the shape without `axis`.

    Definition:
        https://keras.io/api/losses/segmentation_losses/#dice-class

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.dice_loss(np.asarray([1.0, 0.0]), np.asarray([1.0, 0.0])))
        0.0
    """
    p, t = widen(probs), widen(target)
    overlap, sums = total(p * t, axis=axis), total(p, axis=axis) + total(t, axis=axis)
    return narrow(_reduce(1.0 - (overlap * 2.0 + eps) / (sums + eps), reduction), probs)


@composite
def ctc_loss(
    log_probs: Array,
    targets: Array,
    input_lengths: Array,
    target_lengths: Array,
    /,
    *,
    blank: int = 0,
    zero_infinity: bool = False,
    reduction: str = "mean",
) -> Array:
    """Return the loss of connectionist temporal classification.

    Args:
        log_probs: logarithms of probabilities, shape ``(time, batch, classes)``, floating-point.
        targets: class numbers, shape ``(batch, labels)``; what is beyond a target's length does not count.
        input_lengths: shape ``(batch,)``, integers from 1 to the time.
        target_lengths: shape ``(batch,)``, integers.
        blank: the class that separates labels.
        zero_infinity: whether a target that does not fit its input counts 0 and not infinity.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        Scalar array, or with ``"none"`` ``(batch,)``; the mean is of losses over the lengths of targets.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.ctc_loss.html

    Example:
        >>> import ivy, numpy as np
        >>> even, one = np.log(np.full((2, 1, 2), 0.5)), np.asarray([1])
        >>> round(float(ivy.ctc_loss(even, np.asarray([[1]]), np.asarray([2]), one)), 4)
        0.2877
    """
    from ivy.functional._ctc import path_losses

    _check(reduction)
    lengths, counts = astype(input_lengths, "int64"), astype(target_lengths, "int64")
    loss = path_losses(widen(log_probs), astype(targets, "int64"), lengths, counts, blank)
    if zero_infinity:
        loss = where(loss == float("inf"), 0.0, loss)
    if reduction == "mean":
        loss = loss / astype(maximum(counts, 1), dtype_of(loss))
    return narrow(_reduce(loss, reduction), log_probs)


def _picked(logp: Array, target: Array, weight: Array | None, axis: int, ignore_index: int) -> tuple[Array, Array]:
    """The loss of each target that counts (0 elsewhere), and its share of the mean."""
    counts = target != ignore_index
    safe = where(counts, target, 0)
    picked = squeeze(take_along_axis(logp, expand_dims(safe, axis=axis), axis=axis), axis=axis)
    shares = astype(counts, dtype_of(logp))
    if weight is not None:
        shares = shares * reshape(take(widen(weight), reshape(safe, (-1,)), axis=0), tuple(safe.shape))
    return where(counts, -picked * shares, 0.0), shares


def _floored_log(p: Array) -> Array:
    # no logarithm of 0 is taken at all: its derivative would make NaN of a gradient
    positive = p > 1.2e-38
    return where(positive, log(where(positive, p, 1.0)), -100.0)


def _along(weight: Array, ndim: int, axis: int) -> Array:
    shape = [1] * ndim
    shape[axis] = -1
    return reshape(weight, tuple(shape))


def _size(x: Array) -> int:
    size = 1
    for n in x.shape:
        size *= n
    return size


def _check(reduction: str) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ArgumentError(f"reduction must be 'mean', 'sum' or 'none', not {reduction!r}")


def _rounded(y: Array, x: Array, target: Array) -> Array:
    """Return `y` in the dtype that `x` and `target` promote to."""
    dtype = result_type(dtype_of(x), dtype_of(target))
    return y if dtype_of(y) == dtype else astype(y, dtype)


def _reduce(loss: Array, reduction: str) -> Array:
    _check(reduction)
    if reduction == "none":
        return loss
    return mean(loss) if reduction == "mean" else total(loss)
