"""Padding, resampling and rearranging of images."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as ops
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.nn.functional.conv import per_axis

_PAD_MODES = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@api("F.pad", "_nn.pad")
def pad_(input: Any, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Any:
    """Pad the last axes: ``pad`` holds (before, after) of the last one first; negative numbers crop."""
    ndim = len(input.shape)
    widths = [(0, 0)] * ndim
    for i in range(len(pad) // 2):
        widths[ndim - 1 - i] = (int(pad[2 * i]), int(pad[2 * i + 1]))
    if not any(a or b for a, b in widths):
        return input
    if mode == "constant":
        return ops.pad(input, widths, value=0.0 if value is None else value)
    return _pad_or_crop(input, widths, _PAD_MODES[mode])


def _pad_or_crop(x: Any, widths: list[tuple[int, int]], mode: str) -> Any:
    """Pad by the array's own elements; sides with negative numbers are cropped afterwards, as torch does."""
    if mode == "wrap":  # what is cropped does not come back on the other side
        x, widths = ops.pad(x, [(min(a, 0), min(b, 0)) for a, b in widths]), [(max(a, 0), max(b, 0)) for a, b in widths]
    grown = (
        ops.pad(x, [(max(a, 0), max(b, 0)) for a, b in widths], mode=mode)
        if any(a > 0 or b > 0 for a, b in widths)
        else x
    )
    if all(a >= 0 and b >= 0 for a, b in widths):
        return grown
    return ops.pad(grown, [(min(a, 0), min(b, 0)) for a, b in widths])


@api("constant_pad_nd")
def constant_pad_nd(input: Any, pad: Sequence[int], value: float = 0) -> Any:
    return pad_(input, pad, "constant", value)


def _named_pad(mode: str) -> Callable[..., Any]:
    def call(input: Any, padding: Sequence[int]) -> Any:
        return pad_(input, padding, mode)

    return call


for _n in (1, 2, 3):
    api(f"aten.reflection_pad{_n}d", f"_nn.reflection_pad{_n}d")(_named_pad("reflect"))
    api(f"aten.replication_pad{_n}d", f"_nn.replication_pad{_n}d")(_named_pad("replicate"))


_MODES = {
    "nearest": "nearest", "nearest-exact": "nearest-exact", "linear": "linear", "bilinear": "linear",
    "trilinear": "linear", "bicubic": "cubic", "area": "area",
}  # fmt: skip


@api("F.interpolate", "F.upsample")
def interpolate(
    input: Any,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Any:
    n = len(input.shape) - 2
    ins = input.shape[2:]
    scales: Any = None
    if size is not None:
        out = per_axis(size, n)
    else:
        factors = (
            (float(scale_factor),) * n if isinstance(scale_factor, (int, float)) else tuple(map(float, scale_factor))
        )
        out = tuple(math.floor(int(a) * f) for a, f in zip(ins, factors))
        if not recompute_scale_factor:
            scales = factors
    if mode == "area":
        return ops.adaptive_avg_pool(input, out)
    return ops.interpolate(
        input, out, mode=_MODES[mode], align_corners=bool(align_corners), antialias=bool(antialias), scale=scales
    )


@api("F.upsample_nearest")
def upsample_nearest(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    return interpolate(input, size, scale_factor, "nearest")


@api("F.upsample_bilinear")
def upsample_bilinear(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    return interpolate(input, size, scale_factor, "bilinear", True)


def _upsample(mode: str, with_corners: bool, antialias: bool = False) -> Callable[..., Any]:
    def run(input: Any, output_size: Any, align_corners: bool, factors: Sequence[Any]) -> Any:
        n = len(input.shape) - 2
        if len(factors) == 1 and isinstance(factors[0], (tuple, list)):
            factors = tuple(factors[0])
        scales = tuple(factors) if len(factors) == n and all(f is not None for f in factors) else None
        if output_size is None:
            return interpolate(input, None, scales, mode, align_corners, antialias=antialias)
        return ops.interpolate(
            input, tuple(output_size), mode=_MODES[mode], align_corners=align_corners, antialias=antialias, scale=scales
        )

    def cornered(input: Any, output_size: Any, align_corners: bool, *factors: Any, **named: Any) -> Any:
        return run(input, output_size, bool(align_corners), factors or tuple(named.values()))

    def plain(input: Any, output_size: Any, *factors: Any, **named: Any) -> Any:
        return run(input, output_size, False, factors or tuple(named.values()))

    return cornered if with_corners else plain


for _n, _linear in ((1, "linear"), (2, "bilinear"), (3, "trilinear")):
    api(f"aten.upsample_nearest{_n}d", f"_nn.upsample_nearest{_n}d")(_upsample("nearest", False))
    api(f"aten._upsample_nearest_exact{_n}d", f"_nn._upsample_nearest_exact{_n}d")(_upsample("nearest-exact", False))
    api(f"aten.upsample_{_linear}{_n}d", f"_nn.upsample_{_linear}{_n}d")(_upsample(_linear, True))
api("aten.upsample_bicubic2d", "_nn.upsample_bicubic2d")(_upsample("bicubic", True))
api("aten._upsample_bilinear2d_aa", "_nn._upsample_bilinear2d_aa", "_upsample_bilinear2d_aa")(
    _upsample("bilinear", True, True)
)
api("aten._upsample_bicubic2d_aa", "_nn._upsample_bicubic2d_aa")(_upsample("bicubic", True, True))


_GRID_MODES = {"bilinear": "linear", "nearest": "nearest", "bicubic": "cubic"}


@api("F.grid_sample")
def grid_sample(
    input: Any, grid: Any, mode: str = "bilinear", padding_mode: str = "zeros", align_corners: bool | None = None
) -> Any:
    return ops.grid_sample(
        input, grid, mode=_GRID_MODES[mode], padding_mode=padding_mode, align_corners=bool(align_corners)
    )


@api("grid_sampler", "grid_sampler_2d", "grid_sampler_3d")
def grid_sampler(input: Any, grid: Any, interpolation_mode: int, padding_mode: int, align_corners: bool) -> Any:
    mode = ("bilinear", "nearest", "bicubic")[interpolation_mode]
    return grid_sample(input, grid, mode, ("zeros", "border", "reflection")[padding_mode], align_corners)


@api("F.affine_grid")
def affine_grid(theta: Any, size: Sequence[int], align_corners: bool | None = None) -> Any:
    return ops.affine_grid(theta, tuple(size), align_corners=bool(align_corners))


def _lead(x: Any, n: int) -> tuple[Any, tuple[int, ...]]:
    """Fold all axes but the last `n` into one batch axis."""
    lead = tuple(x.shape[:-n])
    return (x, lead) if len(lead) == 1 else (ops.reshape(x, (math.prod(lead), *x.shape[-n:])), lead)


def _unlead(x: Any, lead: tuple[int, ...]) -> Any:
    return x if len(lead) == 1 else ops.reshape(x, (*lead, *x.shape[1:]))


@api("F.pixel_shuffle", "pixel_shuffle")
def pixel_shuffle(input: Any, upscale_factor: int) -> Any:
    x, lead = _lead(input, 3)
    return _unlead(ops.pixel_shuffle(x, upscale_factor), lead)


@api("F.pixel_unshuffle", "pixel_unshuffle")
def pixel_unshuffle(input: Any, downscale_factor: int) -> Any:
    x, lead = _lead(input, 3)
    return _unlead(ops.pixel_unshuffle(x, downscale_factor), lead)


@api("F.channel_shuffle", "channel_shuffle", "native_channel_shuffle")
def channel_shuffle(input: Any, groups: int) -> Any:
    return ops.channel_shuffle(input, groups)


@api("F.unfold", "aten.im2col")
def unfold(input: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    x = input if len(input.shape) == 4 else ops.expand_dims(input, axis=0)
    found = ops.unfold(
        x,
        per_axis(kernel_size, 2),
        strides=per_axis(stride, 2),
        padding=[(p, p) for p in per_axis(padding, 2)],
        dilation=per_axis(dilation, 2),
    )
    return found if len(input.shape) == 4 else ops.squeeze(found, axis=0)


@api("F.fold", "aten.col2im")
def fold(input: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    x = input if len(input.shape) == 3 else ops.expand_dims(input, axis=0)
    found = ops.fold(
        x,
        per_axis(output_size, 2),
        per_axis(kernel_size, 2),
        strides=per_axis(stride, 2),
        padding=[(p, p) for p in per_axis(padding, 2)],
        dilation=per_axis(dilation, 2),
    )
    return found if len(input.shape) == 3 else ops.squeeze(found, axis=0)
