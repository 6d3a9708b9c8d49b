"""Normalisations in Paddle, for float32 where its kernels keep the functional API's meaning; else the declarations'."""

from __future__ import annotations

from typing import Any

from ivy.backend import body_of
from ivy.errors import ShapeError
from ivy.functional import norms as core
from ivy.functional._axes import counted
from ivy.functional._windows import channel_axis
from ivy_paddle.loading import paddle

F = paddle.nn.functional
_batch_norm_body = body_of(core.batch_norm, "paddle")
_layer_norm_body = body_of(core.layer_norm, "paddle")
_group_norm_body = body_of(core.group_norm, "paddle")


def _all_float32(*arrays: Any) -> bool:
    return all(a is None or (a.dtype == paddle.float32 and 0 not in a.shape) for a in arrays)


def batch_norm(
    x: Any, mean: Any, variance: Any, scale: Any = None, offset: Any = None, /, *, eps: Any = 1e-5, axis: Any = 1
) -> Any:
    place = counted(axis, x.ndim)
    if x.ndim < 2 or place not in (1, x.ndim - 1) or not _all_float32(x, mean, variance, scale, offset):
        return _batch_norm_body(x, mean, variance, scale, offset, eps=eps, axis=axis)
    layout = "NCHW" if place == 1 else "NHWC"
    if any(not a.stop_gradient for a in (mean, variance)):  # Paddle's kernel has no derivative with respect to these
        return _batch_norm_body(x, mean, variance, scale, offset, eps=eps, axis=axis)
    return F.batch_norm(x, mean, variance, scale, offset, training=False, epsilon=eps, data_format=layout)


def layer_norm(x: Any, scale: Any = None, offset: Any = None, /, *, axes: Any = -1, eps: Any = 1e-5) -> Any:
    over = sorted(counted(a, x.ndim) for a in ((axes,) if isinstance(axes, int) else axes))
    # Paddle's own wants an axis that is left
    if not 0 < len(over) < x.ndim or over[0] != x.ndim - len(over) or not _all_float32(x, scale, offset) or eps > 1e-3:
        return _layer_norm_body(x, scale, offset, axes=axes, eps=eps)
    sizes = [x.shape[a] for a in over]
    scale, offset = (None if p is None else p.reshape([-1]) for p in (scale, offset))
    return F.layer_norm(x, sizes, scale, offset, eps)


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
    if x.ndim not in (3, 4, 5) or axis != 1 or scale is None or offset is None or not _all_float32(x, scale, offset):
        return _group_norm_body(x, scale, offset, groups=groups, eps=eps, data_format=data_format)
    return F.group_norm(x, groups, eps, scale, offset)
