"""Normalisations in torch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from ivy.backend import body_of
from ivy.errors import ShapeError
from ivy.functional import norms as core
from ivy.functional._axes import counted
from ivy.functional._windows import channel_axis

_batch_norm_body = body_of(core.batch_norm, "torch")


def batch_norm(
    x: Any, mean: Any, variance: Any, scale: Any = None, offset: Any = None, /, *, eps: Any = 1e-5, axis: Any = 1
) -> Any:
    # torch has no derivative for these, and refuses an array without channels
    if mean.requires_grad or variance.requires_grad or 0 in mean.shape:
        return _batch_norm_body(x, mean, variance, scale, offset, eps=eps, axis=axis)
    return over_channels(
        x if x.ndim > 1 else x.unsqueeze(0),  # a vector is one example, of as many channels
        axis if x.ndim > 1 else 1,
        lambda h: torch.batch_norm(h, scale, offset, mean, variance, False, 0.0, eps, False),
    ).reshape(x.shape)


def batch_norm_train(x: Any, scale: Any = None, offset: Any = None, /, *, eps: Any = 1e-5, axis: Any = 1) -> Any:
    axes = tuple(a for a in range(x.ndim) if a != counted(axis, x.ndim))
    wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
    if x.ndim == 1:  # one example of as many channels, each of which is its own mean
        variance, mean = torch.zeros_like(wide), wide
        y = torch.zeros_like(x) * (1.0 if scale is None else scale) + (0.0 if offset is None else offset)
        return y.to(x.dtype), mean, variance
    count = x.numel() // max(x.shape[axis], 1)
    if wide is not x or count < 2 or torch._C._functorch.peek_interpreter_stack() is not None:
        variance, mean = torch.var_mean(wide, axes, correction=0)
        y = over_channels(x, axis, lambda h: torch.batch_norm(h, scale, offset, None, None, True, 0.0, eps, False))
        return y, mean, variance
    # the kernel has the statistics already: as running ones that forget all that was before
    mean, variance = x.new_zeros((2, x.shape[axis]))
    y = over_channels(x, axis, lambda h: torch.batch_norm(h, scale, offset, mean, variance, True, 1.0, eps, False))
    variance = variance * ((count - 1) / count)
    if x.requires_grad and torch.is_grad_enabled():
        mean, variance = _Moments.apply(x, mean, variance, axes)
    return y, mean, variance


class _Moments(torch.autograd.Function):
    """Mean and variance that are known, with their derivatives."""

    @staticmethod
    def forward(ctx: Any, x: Any, mean: Any, variance: Any, axes: Any) -> Any:
        ctx.axes = axes
        ctx.save_for_backward(x)
        return mean.view_as(mean), variance.view_as(variance)

    @staticmethod
    def backward(ctx: Any, by_mean: Any, by_variance: Any) -> Any:
        (x,) = ctx.saved_tensors
        axes, found = ctx.axes, torch.zeros_like(x)
        count = x.numel() // by_mean.numel()
        shape = [1 if a in axes else x.shape[a] for a in range(x.ndim)]
        if by_variance is not None:
            found = (x - x.mean(axes, keepdim=True)) * (by_variance.reshape(shape) * (2.0 / count))
        if by_mean is not None:
            found = found + by_mean.reshape(shape) / count
        return found, None, None, None


def layer_norm(x: Any, scale: Any = None, offset: Any = None, /, *, axes: Any = -1, eps: Any = 1e-5) -> Any:
    over, order = _last(axes, x.ndim)
    shape = [x.shape[a] for a in over]
    scale, offset = (None if p is None else p.reshape(shape).to(x.dtype) for p in (scale, offset))
    if order is None:
        return F.layer_norm(x, shape, scale, offset, eps)
    return F.layer_norm(x.permute(order), shape, scale, offset, eps).permute(_inverse(order))


def rms_norm(x: Any, scale: Any = None, /, *, axes: Any = -1, eps: Any = 1e-6) -> Any:
    over, order = _last(axes, x.ndim)
    shape = [x.shape[a] for a in over]
    scale = None if scale is None else scale.reshape(shape).to(x.dtype)
    if order is None:
        return F.rms_norm(x, shape, scale, eps)
    return F.rms_norm(x.permute(order), shape, scale, eps).permute(_inverse(order))


def group_norm(
    x: Any,
    scale: Any = None,
    offset: Any = None,
    /,
    *,
    groups: Any,
    eps: Any = 1e-5,
    data_format: Any = "channels_first",
) -> Any:
    axis = channel_axis(x.ndim, data_format)
    if x.shape[axis] % groups:
        raise ShapeError(f"group_norm cannot cut {x.shape[axis]} channels into {groups} groups")
    if scale is None and offset is not None:  # for which torch's derivative fails
        scale = torch.ones_like(offset)
    return over_channels(x, axis, lambda h: torch.group_norm(h, groups, scale, offset, eps))


def instance_norm(
    x: Any, scale: Any = None, offset: Any = None, /, *, eps: Any = 1e-5, data_format: Any = "channels_first"
) -> Any:
    axis = channel_axis(x.ndim, data_format)
    return over_channels(x, axis, lambda h: torch.instance_norm(h, scale, offset, None, None, True, 0.0, eps, False))


def local_response_norm(
    x: Any, /, *, size: Any, alpha: Any = 1e-4, beta: Any = 0.75, k: Any = 1.0, data_format: Any = "channels_first"
) -> Any:
    axis = channel_axis(x.ndim, data_format)
    if x.dtype.itemsize < 4:  # torch pools none on the CPU
        return local_response_norm(x.float(), size=size, alpha=alpha, beta=beta, k=k, data_format=data_format).to(
            x.dtype
        )
    if x.ndim == 2:  # torch wants a spatial axis
        return F.local_response_norm(x.unsqueeze(-1), size, alpha, beta, k).squeeze(-1)
    return over_channels(x, axis, lambda h: F.local_response_norm(h, size, alpha, beta, k))


def over_channels(x: Any, axis: Any, f: Any) -> Any:
    """Apply a function that wants its channels on axis 1; the moved view keeps torch's channels_last memory format."""
    axis = counted(axis, x.ndim)
    return f(x) if axis == 1 else f(x.movedim(axis, 1)).movedim(1, axis)


def _last(axes: Any, ndim: Any) -> Any:
    """The axes in ascending order, and the permutation that brings them to the end (None where they are there)."""
    over = sorted(counted(a, ndim) for a in ((axes,) if isinstance(axes, int) else axes))
    if over == list(range(ndim - len(over), ndim)):
        return over, None
    return over, [a for a in range(ndim) if a not in over] + over


def _inverse(order: Any) -> Any:
    return [order.index(a) for a in range(len(order))]


def l2_normalize(x: Any, /, *, axis: Any = -1, eps: Any = 1e-12) -> Any:
    return F.normalize(x, 2.0, axis, eps)
