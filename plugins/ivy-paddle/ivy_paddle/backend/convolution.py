"""Linear maps and convolutions in Paddle."""

from __future__ import annotations

from typing import Any

from ivy.backend import body_of
from ivy.errors import ArgumentError, BackendError, ShapeError
from ivy.functional import convolution as core
from ivy.functional._windows import channel_axis, per_axis, resolve_padding, spatial_axes, transpose_padding
from ivy_paddle.backend.linalg import matmul
from ivy_paddle.backend.manipulation import moveaxis, pad, permute_dims, reshape
from ivy_paddle.backend.support import restored, widened
from ivy_paddle.loading import paddle

F = paddle.nn.functional
_CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_CONV_TRANSPOSE = {1: F.conv1d_transpose, 2: F.conv2d_transpose, 3: F.conv3d_transpose}
_FORMATS = {1: ("NCL", "NLC"), 2: ("NCHW", "NHWC"), 3: ("NCDHW", "NDHWC")}
_transpose_body = body_of(core.conv_transpose, "paddle")


def linear(x: Any, weight: Any, bias: Any = None, /, *, weight_format: Any = "OI") -> Any:
    if weight_format not in ("OI", "IO"):
        raise ArgumentError(f"weight_format must be 'OI' or 'IO', not {weight_format!r}")
    if x.dtype == weight.dtype == paddle.float32 and x.ndim and (bias is None or bias.dtype == x.dtype):
        if weight_format == "IO" and x.ndim > 1 and 0 not in x.shape:
            return F.linear(x, weight, bias)
        y = paddle.matmul(x, weight, transpose_y=weight_format == "OI")
        return y if bias is None else y + bias
    y = matmul(x, weight if weight_format == "IO" else permute_dims(weight, (1, 0)))
    return y if bias is None else restored(widened(y) + widened(bias), y.dtype)


def conv(
    x: Any,
    weight: Any,
    bias: Any = None,
    /,
    *,
    strides: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: Any = 1,
    data_format: Any = "channels_first",
    weight_format: Any = "OI*",
    input_dilation: Any = 1,
) -> Any:
    n = x.ndim - 2
    _check_rank(n, "conv")
    axes, dtype = spatial_axes(x.ndim, data_format), x.dtype
    if weight_format == "*IO":
        weight = permute_dims(weight, (n + 1, n, *range(n)))
    elif weight_format != "OI*":
        raise ArgumentError(f"weight_format of conv must be 'OI*' or '*IO', not {weight_format!r}")
    channels = x.shape[channel_axis(x.ndim, data_format)]
    if weight.shape[1] * groups != channels or weight.shape[0] % groups:
        raise ShapeError(
            f"conv got x of shape {tuple(x.shape)} ({data_format}) and a kernel of {tuple(weight.shape)} with "
            f"groups={groups}: x must have groups * {weight.shape[1]} channels, and groups divide the outputs"
        )
    kernel = tuple(weight.shape[2:])
    steps, spread = per_axis(strides, n, "strides"), per_axis(dilation, n, "dilation")
    base = per_axis(input_dilation, n, "input_dilation")
    for axis, b in zip(axes, base, strict=True):
        x = spread_out(x, axis, b)
    pads = resolve_padding(padding, [x.shape[a] for a in axes], kernel, steps, spread)
    if any(lo != hi or lo < 0 for lo, hi in pads):
        widths = [(0, 0)] * x.ndim
        for axis, pair in zip(axes, pads, strict=True):
            widths[axis] = pair
        x, pads = pad(x, widths), ((0, 0),) * n
    x, weight, bias = (None if a is None else widened(a) for a in (x, weight, bias))
    y = _CONV[n](
        x,
        weight,
        bias,
        stride=list(steps),
        padding=[lo for lo, _ in pads],
        dilation=list(spread),
        groups=groups,
        data_format=_FORMATS[n][axes[0] == 1],
    )
    return restored(y, dtype)


def conv_transpose(
    x: Any,
    weight: Any,
    bias: Any = None,
    /,
    *,
    strides: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    dilation: Any = 1,
    groups: Any = 1,
    data_format: Any = "channels_first",
    weight_format: Any = "IO*",
) -> Any:
    n = x.ndim - 2
    _check_rank(n, "conv_transpose")
    axis, dtype = channel_axis(x.ndim, data_format), x.dtype
    spatial = weight.shape[:n] if weight_format == "*IO" else weight.shape[2:]
    kernel = tuple(spatial)
    steps, spread = per_axis(strides, n, "strides"), per_axis(dilation, n, "dilation")
    extra = per_axis(output_padding, n, "output_padding")
    # what has to be cut from the full result at either end of each axis
    spans = [d * (k - 1) for k, d in zip(kernel, spread, strict=True)]
    pads = transpose_padding(padding, kernel, steps, spread, extra)
    cuts = [(span - lo, span - hi) for span, (lo, hi) in zip(spans, pads, strict=True)]
    plain = all(lo >= 0 and 0 <= lo - hi < max(s, d) for (lo, hi), s, d in zip(cuts, steps, spread, strict=True))
    if not plain or weight_format not in ("IO*", "*IO"):
        return _transpose_body(
            x,
            weight,
            bias,
            strides=strides,
            padding=padding,
            output_padding=output_padding,
            dilation=dilation,
            groups=groups,
            data_format=data_format,
            weight_format=weight_format,
        )
    if weight_format == "*IO":
        weight = permute_dims(weight, (n, n + 1, *range(n)))
    x, weight, bias = (None if a is None else widened(a) for a in (moveaxis(x, axis, 1), weight, bias))
    y = _CONV_TRANSPOSE[n](
        x,
        weight,
        bias,
        stride=list(steps),
        padding=[lo for lo, _ in cuts],
        output_padding=[lo - hi for lo, hi in cuts],
        groups=groups,
        dilation=list(spread),
    )
    return restored(moveaxis(y, 1, axis), dtype)


def spread_out(x: Any, axis: int, base: int, value: float = 0) -> Any:
    """Put ``base - 1`` of a value between the elements along an axis."""
    size = x.shape[axis]
    if base == 1 or size < 2:
        return x
    widths = [(0, 0)] * (x.ndim + 1)
    widths[axis + 1] = (0, base - 1)
    wide = pad(reshape(x, [*x.shape[: axis + 1], 1, *x.shape[axis + 1 :]]), widths, value=value)
    wide = reshape(wide, [size * base if a == axis else n for a, n in enumerate(x.shape)])
    return wide[(*[slice(None)] * axis, slice(0, (size - 1) * base + 1))]


def _check_rank(n: int, name: str) -> None:
    if n not in _CONV:
        raise BackendError(
            f"the paddle backend has ivy.{name} over 1, 2 or 3 spatial axes, not {n}",
            hint="use another backend, or put an axis into the batch if the kernel's size is 1 there",
        )
