"""Images: resampling, grids, rearrangements of pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_paddle.frontend.nn.convolution import layout, per_axis
from ivy_paddle.frontend.promotion import integers, is_array, known
from ivy_paddle.frontend.table import api, op

_MODES = {"nearest": "nearest", "bilinear": "linear", "linear": "linear", "trilinear": "linear", "bicubic": "cubic"}


def _resample(
    x: Any, sizes: Sequence[int], scale: Any, mode: str, align_corners: bool, align_mode: int, form: str
) -> Any:
    if mode == "nearest" and align_corners:
        return _along_axes(x, sizes, scale, form, _nearest_corner)
    if _MODES[mode] == "linear" and not align_corners and align_mode == 1:
        return _along_axes(x, sizes, scale, form, _linear_corner)
    return ops.interpolate(
        x,
        tuple(sizes),
        mode=_MODES[mode],
        align_corners=align_corners,
        data_format=form,
        scale=tuple(scale) if scale and not align_corners else None,
    )


def _along_axes(x: Any, sizes: Sequence[int], scale: Any, form: str, rule: Any) -> Any:
    first = 2 if form == "channels_first" else 1
    for i, size in enumerate(sizes):
        x = rule(x, first + i, size, scale[i] if scale else None)
    return x


def _nearest_corner(x: Any, axis: int, size: int, scale: Any) -> Any:
    n = x.shape[axis]
    ratio = (n - 1) / (size - 1) if size > 1 else 0.0
    return ops.take(x, ops.asarray([int(ratio * i + 0.5) for i in range(size)], dtype="int64"), axis=axis)


def _linear_corner(x: Any, axis: int, size: int, scale: Any) -> Any:
    """Interpolate between the elements at ``i * ratio``, without the shift by half a pixel."""
    n = x.shape[axis]
    ratio = 1.0 / scale if scale else n / size
    places = [min(i * ratio, n - 1) for i in range(size)]
    low = [math.floor(p) for p in places]
    shape = tuple(-1 if i == axis else 1 for i in range(len(x.shape)))
    share = ops.reshape(ops.asarray([p - a for p, a in zip(places, low)], dtype=dtype_of(x)), shape)
    below = ops.take(x, ops.asarray(low, dtype="int64"), axis=axis)
    above = ops.take(x, ops.asarray([min(a + 1, n - 1) for a in low], dtype="int64"), axis=axis)
    return ops.lerp(below, above, share)


@op("nearest_interp", "bilinear_interp", "bicubic_interp", "linear_interp", "trilinear_interp")
def interp(
    x: Any,
    out_size: Any = None,
    size_tensor: Any = None,
    scale_tensor: Any = None,
    data_format: str = "NCHW",
    out_d: int = -1,
    out_h: int = -1,
    out_w: int = -1,
    scale: Any = (),
    interp_method: str = "nearest",
    align_corners: bool = True,
    align_mode: int = 1,
) -> Any:
    form = layout(data_format, 0)
    n = len(x.shape) - 2
    spatial = tuple(x.shape[2:] if form == "channels_first" else x.shape[1:-1])
    factors = [float(s) for s in scale] if scale else []
    if len(factors) == 1:
        factors *= n
    sizes = [out_d, out_h, out_w][-n:]
    if size_tensor:
        sizes = [known(v, "size") for v in size_tensor]
    elif out_size is not None:
        sizes = [known(out_size[i], "size") for i in range(n)] if is_array(out_size) else list(integers(out_size))
    elif factors:
        sizes = [int(size * f) for size, f in zip(spatial, factors, strict=True)]
    return _resample(x, sizes, factors, interp_method, align_corners, align_mode, form)


@api("F.interpolate", "F.upsample")
def interpolate(
    x: Any,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool = False,
    align_mode: int = 0,
    data_format: str | None = None,
    recompute_scale_factor: bool | None = None,
) -> Any:
    n = len(x.shape) - 2
    form = layout(data_format or "NCHW", 0)
    spatial = tuple(x.shape[2:] if form == "channels_first" else x.shape[1:-1])
    mode = mode.lower()
    factors: list[float] = []
    if size is None:
        factors = [float(f) for f in (scale_factor if isinstance(scale_factor, (list, tuple)) else [scale_factor] * n)]
        size = [int(d * f) for d, f in zip(spatial, factors, strict=True)]
    sizes = list(integers(per_axis(size, n), "size"))
    if mode == "area":
        return ops.adaptive_avg_pool(x, tuple(sizes))  # paddle leaves the data's format out here
    return _resample(x, sizes, factors, mode, align_corners, align_mode, form)


@op(also="F.grid_sample")
def grid_sample(
    x: Any, grid: Any, mode: str = "bilinear", padding_mode: str = "zeros", align_corners: bool = True
) -> Any:
    names = {"bilinear": "linear", "nearest": "nearest", "bicubic": "cubic"}
    return ops.grid_sample(x, grid, mode=names[mode], padding_mode=padding_mode, align_corners=align_corners)


@op("affine_grid")
def affine_grid_(input: Any, output_shape: Any = (), align_corners: bool = True) -> Any:
    return ops.affine_grid(input, integers(output_shape), align_corners=align_corners)


@api("F.affine_grid")
def affine_grid(theta: Any, out_shape: Any, align_corners: bool = True) -> Any:
    return affine_grid_(theta, out_shape, align_corners)


@op(also="F.pixel_shuffle")
def pixel_shuffle(x: Any, upscale_factor: int, data_format: str = "NCHW") -> Any:
    return ops.pixel_shuffle(x, upscale_factor, data_format=layout(data_format, 0))


@op(also="F.pixel_unshuffle")
def pixel_unshuffle(x: Any, downscale_factor: int, data_format: str = "NCHW") -> Any:
    return ops.pixel_unshuffle(x, downscale_factor, data_format=layout(data_format, 0))


@op(also="F.channel_shuffle")
def channel_shuffle(x: Any, groups: int, data_format: str = "NCHW") -> Any:
    return ops.channel_shuffle(x, groups, data_format=layout(data_format, 0))


op("shuffle_channel")(lambda x, group=1: ops.channel_shuffle(x, group))


def _sides(paddings: Any) -> list[tuple[int, int]]:
    """Return the padding of two axes: one number, one each, or top, left, bottom, right."""
    flat = integers(paddings, "padding")
    if len(flat) == 4:
        return [(flat[0], flat[2]), (flat[1], flat[3])]
    return [(flat[0], flat[0]), (flat[-1], flat[-1])]


def _unfold(x: Any, kernel_sizes: Any, strides: Any = 1, paddings: Any = 0, dilations: Any = 1) -> Any:
    return ops.unfold(
        x,
        integers(per_axis(kernel_sizes, 2)),
        strides=integers(per_axis(strides, 2)),
        padding=_sides(paddings),
        dilation=integers(per_axis(dilations, 2)),
    )


def _fold(x: Any, output_sizes: Any, kernel_sizes: Any, strides: Any = 1, paddings: Any = 0, dilations: Any = 1) -> Any:
    return ops.fold(
        x,
        integers(per_axis(output_sizes, 2)),
        integers(per_axis(kernel_sizes, 2)),
        strides=integers(per_axis(strides, 2)),
        padding=_sides(paddings),
        dilation=integers(per_axis(dilations, 2)),
    )


op("unfold", also="F.unfold")(_unfold)
op("fold", also="F.fold")(_fold)


@op(also="F.temporal_shift")
def temporal_shift(x: Any, seg_num: int, shift_ratio: float = 0.25, data_format: str = "NCHW") -> Any:
    last = layout(data_format, 0) == "channels_last"
    x = ops.moveaxis(x, -1, 1) if last else x
    count, channels = x.shape[0] // seg_num, x.shape[1]
    frames = ops.reshape(x, (count, seg_num, *x.shape[1:]))
    a, b = int(channels * shift_ratio), int(channels * 2 * shift_ratio)
    rest = [(0, 0)] * (len(frames.shape) - 2)
    before = ops.pad(frames[:, :-1, :a], [(0, 0), (1, 0), *rest])
    after = ops.pad(frames[:, 1:, a:b], [(0, 0), (0, 1), *rest])
    found = ops.reshape(ops.concat([before, after, frames[:, :, b:]], axis=2), tuple(x.shape))
    return ops.moveaxis(found, 1, -1) if last else found


@op()
def affine_channel(x: Any, scale: Any, bias: Any, data_layout: str = "AnyLayout") -> Any:
    shape = (-1,) if data_layout == "NHWC" else (-1, *[1] * (len(x.shape) - 2))
    return ops.add(ops.multiply(x, ops.reshape(scale, shape)), ops.reshape(bias, shape))
