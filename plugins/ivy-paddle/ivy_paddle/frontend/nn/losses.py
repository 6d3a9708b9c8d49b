"""Losses."""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.errors import UnsupportedCall, UnsupportedOpError
from ivy_paddle.frontend.promotion import cast
from ivy_paddle.frontend.table import api, op


def reduced(x: Any, reduction: str) -> Any:
    """Reduce a loss: ``"mean"``, ``"sum"`` or ``"none"``."""
    if reduction == "mean":
        return ops.mean(x)
    return ops.sum(x) if reduction == "sum" else x


def _given(label: Any, like: Any) -> Any:
    """Return labels as what they are to paddle's kernels: given, without a gradient."""
    label = cast(label, dtype_of(like))
    return ops.stop_gradient(label)


@op()
def cross_entropy_with_softmax(
    input: Any,
    label: Any,
    soft_label: bool = False,
    use_softmax: bool = True,
    numeric_stable_mode: bool = True,
    ignore_index: int = -100,
    axis: int = -1,
) -> tuple[Any, Any]:
    axis %= len(input.shape)
    log_p = ops.log_softmax(input, axis=axis) if use_softmax else ops.log(input)
    softmax = ops.exp(log_p) if use_softmax else input
    if soft_label:
        weighted = ops.multiply(_given(label, log_p), log_p)
        return softmax, ops.negative(ops.sum(weighted, axis=axis, keepdims=True))
    if len(label.shape) < len(input.shape):
        label = ops.expand_dims(label, axis)
    counted = ops.not_equal(label, ignore_index)
    picked = ops.take_along_axis(log_p, ops.where(counted, label, 0), axis=axis)
    return softmax, ops.where(counted, ops.negative(picked), 0.0)


@api("F.softmax_with_cross_entropy")
def softmax_with_cross_entropy(
    logits: Any,
    label: Any,
    soft_label: bool = False,
    ignore_index: int = -100,
    numeric_stable_mode: bool = True,
    return_softmax: bool = False,
    axis: int = -1,
) -> Any:
    softmax, loss = cross_entropy_with_softmax(logits, label, soft_label, True, True, ignore_index, axis)
    return (loss, softmax) if return_softmax else loss


@api("F.cross_entropy")
def cross_entropy(
    input: Any,
    label: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    soft_label: bool = False,
    axis: int = -1,
    use_softmax: bool = True,
    label_smoothing: float = 0.0,
) -> Any:
    axis %= len(input.shape)
    classes = input.shape[axis]
    hard = label if not soft_label else None
    if hard is not None and len(hard.shape) == len(input.shape):
        hard = ops.squeeze(hard, axis)
    if label_smoothing > 0:
        soft = ops.one_hot(hard, classes, axis=axis, dtype=dtype_of(input)) if hard is not None else label
        label = ops.add(ops.multiply(soft, 1.0 - label_smoothing), label_smoothing / classes)
        soft_label, hard = True, None
    given = label if hard is None else hard
    _, loss = cross_entropy_with_softmax(input, given, soft_label, use_softmax, True, ignore_index, axis)
    loss = ops.squeeze(loss, axis)
    shape = tuple(-1 if i == axis else 1 for i in range(len(input.shape)))
    if hard is None:
        if weight is not None:
            factor = ops.sum(ops.multiply(label, ops.reshape(weight, shape)), axis=axis)
            loss = ops.multiply(loss, factor)
            return ops.divide(ops.sum(loss), ops.sum(factor)) if reduction == "mean" else reduced(loss, reduction)
        return reduced(loss, reduction)
    counted = ops.not_equal(hard, ignore_index)
    factor = cast(counted, dtype_of(loss))
    if weight is not None:
        factor = ops.multiply(factor, ops.take(weight, ops.where(counted, hard, 0), axis=0))
        loss = ops.multiply(loss, factor)
    if reduction != "mean":
        return reduced(loss, reduction)
    total = ops.sum(factor)
    return ops.divide(ops.sum(loss), ops.where(ops.equal(total, 0.0), 1.0, total))


@op("nll_loss")
def nll_loss_(
    input: Any, label: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean"
) -> tuple[Any, Any]:
    return ops.nll_loss(input, label, weight, axis=1, reduction=reduction, ignore_index=ignore_index), None


@api("F.nll_loss")
def nll_loss(input: Any, label: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean") -> Any:
    return nll_loss_(input, label, weight, ignore_index, reduction)[0]


@op()
def bce_loss(input: Any, label: Any) -> Any:
    return ops.binary_cross_entropy(input, _given(label, input), reduction="none")


@api("F.binary_cross_entropy")
def binary_cross_entropy(input: Any, label: Any, weight: Any = None, reduction: str = "mean") -> Any:
    return ops.binary_cross_entropy(input, _given(label, input), weight, reduction=reduction)


@op()
def sigmoid_cross_entropy_with_logits(
    x: Any, label: Any, pos_weight: Any = None, normalize: bool = False, ignore_index: int = -100
) -> Any:
    label = _given(label, x)
    loss = ops.binary_cross_entropy_with_logits(x, label, None, pos_weight, reduction="none")
    counted = ops.not_equal(label, float(ignore_index))
    loss = ops.where(counted, loss, 0.0)
    if not normalize:
        return loss
    return ops.divide(loss, ops.maximum(ops.sum(cast(counted, dtype_of(loss))), 1e-5))


@api("F.binary_cross_entropy_with_logits")
def binary_cross_entropy_with_logits(
    logit: Any, label: Any, weight: Any = None, reduction: str = "mean", pos_weight: Any = None
) -> Any:
    return ops.binary_cross_entropy_with_logits(logit, _given(label, logit), weight, pos_weight, reduction=reduction)


@api("F.mse_loss")
def mse_loss(input: Any, label: Any, reduction: str = "mean") -> Any:
    return ops.mse_loss(input, label, reduction=reduction)


@api("F.square_error_cost")
def square_error_cost(input: Any, label: Any) -> Any:
    return ops.square(ops.subtract(input, label))


@api("F.l1_loss")
def l1_loss(input: Any, label: Any, reduction: str = "mean") -> Any:
    return ops.l1_loss(input, label, reduction=reduction)


@op("huber_loss")
def huber_loss_(input: Any, label: Any, delta: float = 1.0) -> tuple[Any, Any]:
    return ops.huber_loss(input, label, delta=delta, reduction="none"), ops.subtract(label, input)


@api("F.smooth_l1_loss")
def smooth_l1_loss(input: Any, label: Any, reduction: str = "mean", delta: float = 1.0, is_huber: bool = True) -> Any:
    loss = ops.huber_loss(input, label, delta=delta, reduction="none")
    return reduced(loss if is_huber else ops.divide(loss, delta), reduction)


@op()
def kldiv_loss(x: Any, label: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    label = _given(label, x)
    if log_target:
        loss = ops.multiply(ops.exp(label), ops.subtract(label, x))
    else:
        positive = ops.greater(label, 0.0)
        safe = ops.where(positive, label, 1.0)
        loss = ops.where(positive, ops.multiply(safe, ops.subtract(ops.log(safe), x)), 0.0)
    if reduction == "batchmean":
        return ops.divide(ops.sum(loss), float(x.shape[0]))
    return reduced(loss, reduction)


@api("F.kl_div")
def kl_div(input: Any, label: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    return kldiv_loss(input, label, reduction, log_target)


@op("log_loss", also="F.log_loss")
def log_loss(input: Any, label: Any, epsilon: float = 1e-4) -> Any:
    label = _given(label, input)
    positive = ops.multiply(label, ops.log(ops.add(input, epsilon)))
    negative = ops.multiply(ops.subtract(1.0, label), ops.log(ops.add(ops.subtract(1.0, input), epsilon)))
    return ops.negative(ops.add(positive, negative))


@op("hinge_loss")
def hinge_loss(logits: Any, labels: Any) -> Any:
    return ops.relu(ops.subtract(1.0, ops.multiply(ops.subtract(ops.multiply(labels, 2.0), 1.0), logits)))


@op("identity_loss")
def identity_loss(x: Any, reduction: int = 1) -> Any:
    return reduced(x, ("sum", "mean", "none")[reduction])


@op("label_smooth")
def label_smooth_(label: Any, prior_dist: Any = None, epsilon: float = 0.1) -> Any:
    prior = 1.0 / label.shape[-1] if prior_dist is None else prior_dist
    return ops.add(ops.multiply(label, 1.0 - epsilon), ops.multiply(prior, epsilon))


@api("F.label_smooth")
def label_smooth(label: Any, prior_dist: Any = None, epsilon: float = 0.1) -> Any:
    return label_smooth_(label, prior_dist, epsilon)


@api("F.cosine_similarity")
def cosine_similarity(x1: Any, x2: Any, axis: int = 1, eps: float = 1e-8) -> Any:
    product = ops.sum(ops.multiply(x1, x2), axis=axis)
    a, b = (ops.sum(ops.square(x), axis=axis) for x in (x1, x2))
    return ops.divide(product, ops.sqrt(ops.maximum(ops.multiply(a, b), eps * eps)))


@api("F.margin_ranking_loss")
def margin_ranking_loss(input: Any, other: Any, label: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    return reduced(ops.relu(ops.add(ops.multiply(ops.subtract(other, input), label), margin)), reduction)


@api("F.hinge_embedding_loss")
def hinge_embedding_loss(input: Any, label: Any, margin: float = 1.0, reduction: str = "mean") -> Any:
    away = ops.where(ops.equal(label, -1.0), ops.relu(ops.subtract(margin, input)), 0.0)
    near = ops.where(ops.equal(label, 1.0), input, 0.0)
    return reduced(ops.add(near, away), reduction)


@api("F.soft_margin_loss")
def soft_margin_loss(input: Any, label: Any, reduction: str = "mean") -> Any:
    return reduced(ops.log(ops.add(ops.exp(ops.negative(ops.multiply(label, input))), 1.0)), reduction)


@op("warpctc")
def warpctc(
    logits: Any,
    label: Any,
    logits_length: Any = None,
    labels_length: Any = None,
    blank: int = 0,
    norm_by_times: bool = False,
) -> tuple[Any, Any]:
    if norm_by_times or logits_length is None or labels_length is None:
        reason = "with norm_by_times" if norm_by_times else "on packed sequences, without lengths"
        raise UnsupportedOpError([UnsupportedCall("paddle._C_ops.warpctc", reason=reason)], source="paddle")
    chances = ops.log_softmax(logits, axis=-1)
    loss = ops.ctc_loss(chances, label, logits_length, labels_length, blank=blank, reduction="none")
    return ops.expand_dims(loss, axis=1), None
