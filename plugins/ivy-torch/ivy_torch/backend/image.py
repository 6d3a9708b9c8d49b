"""Resampling and rearranging of images in torch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from ivy.backend import body_of
from ivy.functional import image as core
from ivy.functional._forms import window_form
from ivy.functional._windows import channel_axis, per_axis
from ivy_torch.backend.norms import over_channels

_channel_shuffle_body = body_of(core.channel_shuffle, "torch")
_interpolate_body = body_of(core.interpolate, "torch")
_grid_sample_body = body_of(core.grid_sample, "torch")
_fold_body = body_of(core.fold, "torch")
_unfold_body = body_of(core.unfold, "torch")
_pixel_shuffle_body = body_of(core.pixel_shuffle, "torch")
_pixel_unshuffle_body = body_of(core.pixel_unshuffle, "torch")
_affine_grid_body = body_of(core.affine_grid, "torch")
_MODES = {
    1: {"linear": "linear"},
    2: {"linear": "bilinear", "cubic": "bicubic"},
    3: {"linear": "trilinear"},
}


def interpolate(
    x: Any,
    size: Any,
    /,
    *,
    mode: Any = "nearest",
    align_corners: Any = False,
    antialias: Any = False,
    data_format: Any = "channels_first",
    scale: Any = None,
) -> Any:
    n = x.ndim - 2
    if antialias and x.dtype in (torch.float16, torch.bfloat16) and x.device.type == "cpu":  # torch has no kernel
        options = {"mode": mode, "align_corners": align_corners, "antialias": True, "data_format": data_format}
        return interpolate(x.float(), size, scale=scale, **options).to(x.dtype)
    sizes = per_axis(size, n, "size")
    name = mode if mode in ("nearest", "nearest-exact", "area") else _MODES.get(n, {}).get(mode)
    smooth = mode in ("linear", "cubic")
    # torch antialiases no half precision, and (2.13) an image that gets one pixel wide by its first row alone
    lacking = antialias and (n != 2 or sizes[-1] == 1 or x.dtype.itemsize < 4)
    if name is None or n not in _MODES or scale is not None or lacking:
        return _interpolate_body(
            x,
            size,
            mode=mode,
            align_corners=align_corners,
            antialias=antialias,
            data_format=data_format,
            scale=scale,
        )
    return over_channels(
        x,
        channel_axis(x.ndim, data_format),
        lambda h: F.interpolate(
            h, sizes, mode=name, align_corners=align_corners if smooth else None, antialias=antialias and smooth
        ),
    )


def grid_sample(
    x: Any,
    grid: Any,
    /,
    *,
    mode: Any = "linear",
    padding_mode: Any = "zeros",
    align_corners: Any = False,
    data_format: Any = "channels_first",
) -> Any:
    name = {"linear": "bilinear", "nearest": "nearest", "cubic": "bicubic"}.get(mode)
    if x.ndim not in (4, 5) or name is None or (x.ndim == 5 and mode == "cubic"):
        return _grid_sample_body(
            x, grid, mode=mode, padding_mode=padding_mode, align_corners=align_corners, data_format=data_format
        )
    grid = grid.to(x.dtype)
    return over_channels(
        x, channel_axis(x.ndim, data_format), lambda h: F.grid_sample(h, grid, name, padding_mode, align_corners)
    )


def affine_grid(theta: Any, size: Any, /, *, align_corners: Any = False) -> Any:
    if len(size) not in (4, 5) or theta.dtype.itemsize < 4:  # torch's own on the CPU computes no half precision
        return _affine_grid_body(theta, size, align_corners=align_corners)
    return F.affine_grid(theta, list(size), align_corners)


def pixel_shuffle(x: Any, factor: Any, /, *, data_format: Any = "channels_first") -> Any:
    if not x.is_floating_point():
        return _pixel_shuffle_body(x, factor, data_format=data_format)
    if channel_axis(4, data_format) == 1:
        return F.pixel_shuffle(x, factor)
    return F.pixel_shuffle(x.movedim(-1, -3), factor).movedim(-3, -1)


def pixel_unshuffle(x: Any, factor: Any, /, *, data_format: Any = "channels_first") -> Any:
    if not x.is_floating_point():
        return _pixel_unshuffle_body(x, factor, data_format=data_format)
    if channel_axis(4, data_format) == 1:
        return F.pixel_unshuffle(x, factor)
    return F.pixel_unshuffle(x.movedim(-1, -3), factor).movedim(-3, -1)


def unfold(x: Any, kernel: Any, /, *, strides: Any = 1, padding: Any = 0, dilation: Any = 1) -> Any:
    form = window_form(x.shape, range(2, x.ndim), kernel, strides, padding, dilation)
    if form.n != 2 or not form.symmetric or 0 in form.outs or 0 in x.shape or not x.is_floating_point():
        return _unfold_body(x, kernel, strides=strides, padding=padding, dilation=dilation)
    return F.unfold(x, form.kernel, form.dilation, form.low, form.strides)


def fold(x: Any, output_size: Any, kernel: Any, /, *, strides: Any = 1, padding: Any = 0, dilation: Any = 1) -> Any:
    form = core.fold_form(x.shape, output_size, kernel, strides, padding, dilation)
    if form.n != 2 or not form.symmetric or 0 in x.shape or not x.is_floating_point():
        return _fold_body(x, output_size, kernel, strides=strides, padding=padding, dilation=dilation)
    return F.fold(x, form.sizes, form.kernel, form.dilation, form.low, form.strides)


def channel_shuffle(x: Any, groups: Any, /, *, data_format: Any = "channels_first") -> Any:
    if x.ndim < 3 or not x.is_floating_point():  # which torch refuses
        return _channel_shuffle_body(x, groups, data_format=data_format)
    return over_channels(x, channel_axis(x.ndim, data_format), lambda h: F.channel_shuffle(h, groups))
