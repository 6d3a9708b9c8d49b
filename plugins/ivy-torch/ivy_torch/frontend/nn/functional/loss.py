"""Losses (https://pytorch.org/docs/stable/nn.functional.html#loss-functions)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.functional._lengths import norm_of_sizes
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.promotion import broadcast_match, cast, is_array, match, promote

_REDUCTIONS = ("none", "mean", "sum")


def reduction_of(size_average: Any, reduce: Any, reduction: Any) -> str:
    """Return the reduction, torch's deprecated arguments and aten's numbers included."""
    if size_average is not None or reduce is not None:
        if reduce is False:
            return "none"
        return "sum" if size_average is False else "mean"
    if isinstance(reduction, int):
        return _REDUCTIONS[reduction]
    if reduction not in _REDUCTIONS:
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return str(reduction)


def reduced(x: Any, reduction: Any) -> Any:
    """Reduce a loss per element."""
    how = reduction_of(None, None, reduction)
    return x if how == "none" else ops.mean(x) if how == "mean" else ops.sum(x)


@api("F.cross_entropy", "_nn.cross_entropy_loss")
def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: Any = None,
    ignore_index: int = -100,
    reduce: Any = None,
    reduction: Any = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    if dtype_of(target).is_inexact:  # probabilities of classes
        input, target = match(input, target)
    return ops.cross_entropy(
        input,
        target,
        weight,
        axis=1 if len(input.shape) > 1 else 0,
        ignore_index=ignore_index,
        reduction=reduction_of(size_average, reduce, reduction),
        label_smoothing=label_smoothing,
    )


@api("F.nll_loss", "nll_loss_nd")
def nll_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: Any = None,
    ignore_index: int = -100,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Any:
    how = reduction_of(size_average, reduce, reduction)
    return ops.nll_loss(
        input, target, weight, axis=1 if len(input.shape) > 1 else 0, ignore_index=ignore_index, reduction=how
    )


@api("F.mse_loss")
def mse_loss(
    input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: Any = "mean", weight: Any = None
) -> Any:
    return _weighted(ops.mse_loss, input, target, weight, reduction_of(size_average, reduce, reduction))


@api("F.l1_loss", "l1_loss")
def l1_loss(
    input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: Any = "mean", weight: Any = None
) -> Any:
    return _weighted(_absolute_loss, input, target, weight, reduction_of(size_average, reduce, reduction))


def _absolute_loss(input: Any, target: Any, reduction: str) -> Any:
    if dtype_of(input).is_complex:
        return reduced(ops.abs(ops.subtract(input, target)), reduction)
    return ops.l1_loss(input, target, reduction=reduction)


def _weighted(f: Callable[..., Any], input: Any, target: Any, weight: Any, reduction: str, **extra: Any) -> Any:
    a, b = broadcast_match(input, target)
    if weight is None:
        return f(a, b, reduction=reduction, **extra)
    each = ops.multiply(f(a, b, reduction="none", **extra), weight)
    if reduction == "mean":
        return ops.divide(ops.sum(each), ops.sum(weight))
    return reduced(each, reduction)


@api("F.smooth_l1_loss")
def smooth_l1_loss(
    input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: Any = "mean", beta: float = 1.0
) -> Any:
    how = reduction_of(size_average, reduce, reduction)
    a, b = broadcast_match(input, target)
    return ops.l1_loss(a, b, reduction=how) if beta == 0 else ops.smooth_l1_loss(a, b, beta=beta, reduction=how)


@api("aten.smooth_l1_loss")
def aten_smooth_l1_loss(input: Any, target: Any, reduction: Any = 1, beta: float = 1.0) -> Any:
    return smooth_l1_loss(input, target, reduction=reduction, beta=beta)


@api("F.huber_loss")
def huber_loss(input: Any, target: Any, reduction: Any = "mean", delta: float = 1.0, weight: Any = None) -> Any:
    a, b = promote(input, target)
    found = _weighted(ops.huber_loss, a, b, weight, reduction_of(None, None, reduction), delta=delta)
    return cast(found, dtype_of(input))  # torch writes into an array like the input


@api("F.binary_cross_entropy")
def binary_cross_entropy(
    input: Any, target: Any, weight: Any = None, size_average: Any = None, reduce: Any = None, reduction: Any = "mean"
) -> Any:
    return ops.binary_cross_entropy(input, target, weight, reduction=reduction_of(size_average, reduce, reduction))


@api("F.binary_cross_entropy_with_logits")
def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
    pos_weight: Any = None,
) -> Any:
    how = reduction_of(size_average, reduce, reduction)
    a, b = match(input, target)
    found = ops.binary_cross_entropy_with_logits(a, b, weight, pos_weight, reduction=how)
    return cast(found, dtype_of(target)) if dtype_of(target).is_inexact else found  # torch works in place on 1 - target


@api("binary_cross_entropy_with_logits")
def torch_binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, pos_weight: Any = None, reduction: Any = 1
) -> Any:
    return binary_cross_entropy_with_logits(input, target, weight, reduction=reduction, pos_weight=pos_weight)


@api("F.kl_div")
def kl_div(
    input: Any,
    target: Any,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
    log_target: bool = False,
) -> Any:
    input, target = match(input, target)
    if reduction == "batchmean":
        total = ops.kl_div(input, target, reduction="sum", log_target=log_target)
        return ops.divide(total, float(input.shape[0])) if input.shape else total
    return ops.kl_div(input, target, reduction=reduction_of(size_average, reduce, reduction), log_target=log_target)


@api("kl_div")
def torch_kl_div(input: Any, target: Any, reduction: Any = 1, *, log_target: bool = False) -> Any:
    return kl_div(input, target, reduction=reduction, log_target=log_target)


@api("F.poisson_nll_loss")
def poisson_nll_loss(
    input: Any,
    target: Any,
    log_input: bool = True,
    full: bool = False,
    size_average: Any = None,
    eps: float = 1e-8,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Any:
    return torch_poisson_nll_loss(input, target, log_input, full, eps, reduction_of(size_average, reduce, reduction))


@api("poisson_nll_loss")
def torch_poisson_nll_loss(input: Any, target: Any, log_input: bool, full: bool, eps: float, reduction: Any) -> Any:
    input, target = promote(input, target)
    if log_input:
        loss = ops.subtract(ops.exp(input), ops.multiply(target, input))
    else:
        loss = ops.subtract(input, ops.multiply(target, ops.log(ops.add(input, eps))))
    if full:
        stirling = ops.add(
            ops.subtract(ops.multiply(target, ops.log(target)), target),
            ops.multiply(ops.log(ops.multiply(target, 2 * math.pi)), 0.5),
        )
        loss = ops.add(loss, ops.where(ops.less_equal(target, 1), ops.zeros_like(stirling), stirling))
    return reduced(loss, reduction)


@api("F.gaussian_nll_loss")
def gaussian_nll_loss(
    input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-6, reduction: Any = "mean"
) -> Any:
    if not is_array(var):
        var = ops.full_like(input, float(var))
    elif tuple(var.shape) != tuple(input.shape) and tuple(var.shape) == tuple(input.shape[:-1]):
        var = ops.expand_dims(var, axis=-1)
    # the clamp takes no part in the gradient
    var = ops.add(var, ops.stop_gradient(ops.subtract(ops.maximum(var, eps), var)))
    gap = ops.square(ops.subtract(input, target))
    loss = ops.multiply(ops.add(ops.log(var), ops.divide(gap, var)), 0.5)
    return reduced(ops.add(loss, 0.5 * math.log(2 * math.pi)) if full else loss, reduction)


@api("F.margin_ranking_loss")
def margin_ranking_loss(
    input1: Any,
    input2: Any,
    target: Any,
    margin: float = 0,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Any:
    gap = ops.add(ops.multiply(ops.negative(target), ops.subtract(input1, input2)), margin)
    return reduced(ops.clip(gap, 0), reduction_of(size_average, reduce, reduction))


@api("margin_ranking_loss")
def torch_margin_ranking_loss(input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: Any = 1) -> Any:
    return margin_ranking_loss(input1, input2, target, margin, reduction=reduction)


@api("F.hinge_embedding_loss")
def hinge_embedding_loss(
    input: Any, target: Any, margin: float = 1.0, size_average: Any = None, reduce: Any = None, reduction: Any = "mean"
) -> Any:
    far = ops.where(ops.equal(target, 1), ops.zeros_like(input), ops.clip(ops.subtract(margin, input), 0))
    near = ops.where(ops.equal(target, -1), ops.zeros_like(input), input)
    return reduced(ops.add(far, near), reduction_of(size_average, reduce, reduction))


@api("hinge_embedding_loss")
def torch_hinge_embedding_loss(input: Any, target: Any, margin: float = 1.0, reduction: Any = 1) -> Any:
    return hinge_embedding_loss(input, target, margin, reduction=reduction)


@api("F.soft_margin_loss")
def soft_margin_loss(
    input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: Any = "mean"
) -> Any:
    x, sign = promote(input, target)
    loss = ops.log1p(ops.exp(ops.multiply(ops.negative(cast(sign, dtype_of(x))), x)))
    return reduced(cast(loss, dtype_of(input)), reduction_of(size_average, reduce, reduction))


@api("F.multilabel_soft_margin_loss")
def multilabel_soft_margin_loss(
    input: Any, target: Any, weight: Any = None, size_average: Any = None, reduce: Any = None, reduction: Any = "mean"
) -> Any:
    input, target = promote(input, target)
    loss = ops.negative(
        ops.add(
            ops.multiply(target, ops.log_sigmoid(input)),
            ops.multiply(ops.subtract(1, target), ops.log_sigmoid(ops.negative(input))),
        )
    )
    loss = loss if weight is None else ops.multiply(loss, weight)
    return reduced(ops.mean(loss, axis=-1), reduction_of(size_average, reduce, reduction))


@api("F.multilabel_margin_loss")
def multilabel_margin_loss(
    input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: Any = "mean"
) -> Any:
    x, t = (v if len(v.shape) > 1 else ops.reshape(v, (1, -1)) for v in (input, target))
    n = x.shape[-1]
    # labels count up to the first -1
    named = ops.equal(ops.cumulative_sum(cast(ops.less(t, 0), "int64"), axis=-1), 0)
    labels = ops.maximum(t, 0)
    hot = ops.multiply(ops.one_hot(labels, n, dtype=dtype_of(x)), cast(ops.expand_dims(named, axis=-1), dtype_of(x)))
    is_target = ops.greater(ops.max(hot, axis=-2), 0)
    picked = ops.take_along_axis(x, labels, axis=-1)
    gaps = ops.subtract(1.0, ops.subtract(ops.expand_dims(picked, axis=-1), ops.expand_dims(x, axis=-2)))
    counted = ops.logical_and(ops.expand_dims(named, axis=-1), ops.logical_not(ops.expand_dims(is_target, axis=-2)))
    loss = ops.sum(ops.where(counted, ops.relu(gaps), ops.zeros_like(gaps)), axis=(-2, -1))
    loss = ops.divide(loss, float(n))
    loss = loss if len(input.shape) > 1 else ops.reshape(loss, ())
    return reduced(loss, reduction_of(size_average, reduce, reduction))


@api("F.multi_margin_loss")
def multi_margin_loss(
    input: Any,
    target: Any,
    p: int = 1,
    margin: float = 1.0,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Any:
    x = input if len(input.shape) > 1 else ops.reshape(input, (1, -1))
    t = ops.reshape(target, (-1, 1))
    n = x.shape[-1]
    gaps = ops.relu(ops.add(ops.subtract(x, ops.take_along_axis(x, t, axis=-1)), margin))
    gaps = gaps if p == 1 else ops.pow(gaps, p)
    if weight is not None:
        gaps = ops.multiply(gaps, ops.take(weight, t, axis=0))
    other = ops.not_equal(ops.arange(n, dtype="int64"), t)
    loss = ops.divide(ops.sum(ops.where(other, gaps, ops.zeros_like(gaps)), axis=-1), float(n))
    loss = loss if len(target.shape) else ops.reshape(loss, ())
    return reduced(loss, reduction_of(size_average, reduce, reduction))


@api("F.cosine_similarity", "cosine_similarity")
def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    a, b = broadcast_match(x1, x2)
    if not dtype_of(a).is_inexact:
        a, b = cast(a, "float32"), cast(b, "float32")
    units = [ops.divide(v, ops.maximum(norm_of_sizes(v, 2, dim, True), eps)) for v in (a, b)]
    return ops.sum(ops.multiply(*units), axis=dim)


@api("F.cosine_embedding_loss")
def cosine_embedding_loss(
    input1: Any,
    input2: Any,
    target: Any,
    margin: float = 0,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Any:
    eps = 1e-12
    product = ops.sum(ops.multiply(input1, input2), axis=-1)
    sizes = [ops.add(ops.sum(ops.square(v), axis=-1), eps) for v in (input1, input2)]
    cosine = ops.divide(product, ops.sqrt(ops.multiply(*sizes)))
    zero = ops.zeros_like(cosine)
    near = ops.where(ops.equal(target, 1), ops.subtract(1.0, cosine), zero)
    far = ops.where(ops.equal(target, -1), ops.clip(ops.subtract(cosine, margin), 0), zero)
    return reduced(ops.add(near, far), reduction_of(size_average, reduce, reduction))


@api("cosine_embedding_loss")
def torch_cosine_embedding_loss(input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: Any = 1) -> Any:
    return cosine_embedding_loss(input1, input2, target, margin, reduction=reduction)


@api("F.pairwise_distance", "pairwise_distance")
def pairwise_distance(x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Any:
    from ivy_torch.frontend.norms import vector_norm

    return vector_norm(ops.add(ops.subtract(*promote(x1, x2)), eps), p, -1, keepdim)


@api("F.triplet_margin_loss")
def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Any:
    return triplet_margin_with_distance_loss(
        anchor,
        positive,
        negative,
        distance_function=lambda a, b: pairwise_distance(a, b, p, eps),
        margin=margin,
        swap=swap,
        reduction=reduction_of(size_average, reduce, reduction),
    )


@api("triplet_margin_loss")
def torch_triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: Any = 1,
) -> Any:
    return triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction=reduction)


@api("F.triplet_margin_with_distance_loss")
def triplet_margin_with_distance_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    distance_function: Any = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: Any = "mean",
) -> Any:
    distance = distance_function or pairwise_distance
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = ops.minimum(far, distance(positive, negative))
    return reduced(ops.clip(ops.add(ops.subtract(near, far), margin), 0), reduction)


@api("F.ctc_loss")
def ctc_loss(
    log_probs: Any,
    targets: Any,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: Any = "mean",
    zero_infinity: bool = False,
) -> Any:
    """Connectionist temporal classification by the forward recursion (Graves et al. 2006), in log space."""
    single = len(log_probs.shape) == 2
    x = ops.expand_dims(log_probs, axis=1) if single else log_probs  # (T, N, C)
    steps, batch = x.shape[0], x.shape[1]
    lengths, counts = (
        ops.reshape(v if is_array(v) else ops.asarray(v, dtype="int64"), (-1,)) for v in (input_lengths, target_lengths)
    )
    if len(targets.shape) == 1 and not single:  # all targets in one row
        ends = ops.cumulative_sum(counts, axis=0)
        longest = int(targets.shape[0]) if batch == 1 else max(int(c) for c in counts)
        at = ops.add(ops.expand_dims(ops.subtract(ends, counts), axis=1), ops.arange(longest, dtype="int64"))
        targets = ops.take(targets, ops.clip(at, 0, max(targets.shape[0] - 1, 0)), axis=0)
    labels = cast(ops.reshape(targets, (batch, -1)), "int64")
    width = 2 * labels.shape[1] + 1
    blanks = ops.full((batch, labels.shape[1]), blank, dtype="int64")
    pairs = ops.reshape(ops.stack([blanks, labels], axis=-1), (batch, -1))
    path = ops.concat([pairs, ops.full((batch, 1), blank, dtype="int64")], axis=1)  # blank, l1, blank, l2, ..., blank
    never = float("-inf")
    dtype = dtype_of(x)
    before = ops.pad(path, [(0, 0), (2, 0)], value=-1)
    before = ops.get_item(before, (slice(None), slice(0, width)))
    may_skip = ops.logical_and(ops.not_equal(path, blank), ops.not_equal(path, before))
    alpha = ops.full((batch, width), never, dtype=dtype)
    first = ops.take_along_axis(ops.get_item(x, 0), path, axis=1)
    alpha = ops.where(ops.less(ops.arange(width, dtype="int64"), 2), first, alpha)

    def shifted(a: Any, by: int) -> Any:
        return ops.get_item(ops.pad(a, [(0, 0), (by, 0)], value=never), (slice(None), slice(0, width)))

    def plus(a: Any, b: Any) -> Any:
        # logaddexp that keeps -inf, with a gradient of zero there
        top = ops.maximum(a, b)
        safe = ops.where(ops.isinf(top), ops.zeros_like(top), top)
        total = ops.add(ops.exp(ops.subtract(a, safe)), ops.exp(ops.subtract(b, safe)))
        none = ops.equal(total, 0.0)
        return ops.where(none, never, ops.add(ops.log(ops.where(none, ops.ones_like(total), total)), safe))

    for t in range(1, steps):
        reach = plus(alpha, shifted(alpha, 1))
        reach = plus(reach, ops.where(may_skip, shifted(alpha, 2), never))
        new = ops.add(reach, ops.take_along_axis(ops.get_item(x, t), path, axis=1))
        alpha = ops.where(ops.expand_dims(ops.less(t, lengths), axis=1), new, alpha)
    last = ops.expand_dims(ops.multiply(counts, 2), axis=1)
    end = ops.take_along_axis(alpha, last, axis=1)
    other = ops.take_along_axis(alpha, ops.maximum(ops.subtract(last, 1), 0), axis=1)
    loss = ops.negative(ops.squeeze(plus(end, ops.where(ops.greater(last, 0), other, never)), axis=1))
    if zero_infinity:
        loss = ops.where(ops.isinf(loss), ops.zeros_like(loss), loss)
    how = reduction_of(None, None, reduction)
    if how == "mean":
        return ops.mean(ops.divide(loss, cast(ops.maximum(counts, 1), dtype)))
    return ops.sum(loss) if how == "sum" else ops.squeeze(loss, axis=0) if single else loss


@api("ctc_loss")
def torch_ctc_loss(
    log_probs: Any,
    targets: Any,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: Any = 1,
    zero_infinity: bool = False,
) -> Any:
    return ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity)


@api("F.linear_cross_entropy")
def linear_cross_entropy(
    input: Any,
    linear_weight: Any,
    target: Any,
    *,
    linear_bias: Any = None,
    weight: Any = None,
    reduction: Any = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: Any = None,
) -> Any:
    from ivy_torch.frontend.nn.functional.conv import linear

    classes = tuple(linear_weight.shape[:-1])  # (C, d1, ..., dK): one loss for each of the d's
    flat = ops.reshape(linear_weight, (-1, linear_weight.shape[-1]))
    bias = None if linear_bias is None else ops.reshape(linear_bias, (-1,))
    logits = linear(input, flat, bias)
    logits = logits if len(classes) == 1 else ops.reshape(logits, (*logits.shape[:-1], *classes))
    ignore_index = -100 if ignore_index is None else ignore_index
    return cross_entropy(
        logits, target, weight, ignore_index=ignore_index, reduction=reduction, label_smoothing=label_smoothing
    )
