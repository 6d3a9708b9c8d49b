"""Losses in torch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from ivy.backend import body_of
from ivy.functional import losses as core
from ivy.functional._axes import counted
from ivy_torch.backend.support import align

_cross_entropy_body = body_of(core.cross_entropy, "torch")
_nll_loss_body = body_of(core.nll_loss, "torch")


def cross_entropy(
    logits: Any,
    target: Any,
    weight: Any = None,
    /,
    *,
    axis: Any = 1,
    reduction: Any = "mean",
    label_smoothing: Any = 0.0,
    ignore_index: Any = -100,
) -> Any:
    if weight is not None and weight.requires_grad:  # torch has no derivative for that
        return _cross_entropy_body(
            logits,
            target,
            weight,
            axis=axis,
            reduction=reduction,
            label_smoothing=label_smoothing,
            ignore_index=ignore_index,
        )
    logits, target = _class_axis(logits, target, axis)
    return F.cross_entropy(
        logits,
        target,
        weight,
        ignore_index=ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )


def nll_loss(
    log_probs: Any,
    target: Any,
    weight: Any = None,
    /,
    *,
    axis: Any = 1,
    reduction: Any = "mean",
    ignore_index: Any = -100,
) -> Any:
    if weight is not None and weight.requires_grad:
        return _nll_loss_body(log_probs, target, weight, axis=axis, reduction=reduction, ignore_index=ignore_index)
    log_probs, target = _class_axis(log_probs, target, axis)
    return F.nll_loss(log_probs, target, weight, ignore_index=ignore_index, reduction=reduction)


def binary_cross_entropy_with_logits(
    logits: Any, target: Any, weight: Any = None, pos_weight: Any = None, /, *, reduction: Any = "mean"
) -> Any:
    return F.binary_cross_entropy_with_logits(logits, target, weight, pos_weight=pos_weight, reduction=reduction)


def kl_div(log_probs: Any, target: Any, /, *, reduction: Any = "mean", log_target: Any = False) -> Any:
    return F.kl_div(log_probs, target, reduction=reduction, log_target=log_target)


def smooth_l1_loss(x: Any, target: Any, /, *, beta: Any = 1.0, reduction: Any = "mean") -> Any:
    x, target = _broadcast(x, target)
    return F.smooth_l1_loss(x, target, reduction=reduction, beta=beta)


def huber_loss(x: Any, target: Any, /, *, delta: Any = 1.0, reduction: Any = "mean") -> Any:
    x, target = _broadcast(x, target)
    return F.huber_loss(x, target, reduction=reduction, delta=delta)


def mse_loss(x: Any, target: Any, /, *, reduction: Any = "mean") -> Any:
    x, target = _broadcast(x, target)
    return F.mse_loss(x, target, reduction=reduction)


def l1_loss(x: Any, target: Any, /, *, reduction: Any = "mean") -> Any:
    x, target = _broadcast(x, target)
    return F.l1_loss(x, target, reduction=reduction)


def _class_axis(logits: Any, target: Any, axis: Any) -> Any:
    """Torch wants the classes on axis 1, or on axis 0 of a single example."""
    axis = counted(axis, logits.ndim)
    place = 0 if logits.ndim == 1 else 1
    if target.ndim == logits.ndim:
        target = target.movedim(axis, place).to(logits.dtype)
    elif target.dtype.itemsize < 8:
        target = target.long()
    return logits.movedim(axis, place), target


def _broadcast(x: Any, target: Any) -> Any:
    # torch warns where it would broadcast by itself, and promotes in some losses only
    if x.dtype != target.dtype:
        x, target = align(x, target)
    return (x, target) if x.shape == target.shape else torch.broadcast_tensors(x, target)


def poisson_nll_loss(
    x: Any, target: Any, /, *, log_input: Any = True, full: Any = False, eps: Any = 1e-8, reduction: Any = "mean"
) -> Any:
    return F.poisson_nll_loss(x, target, log_input=log_input, full=full, eps=eps, reduction=reduction)
