"""Linear maps and convolutions in Paddle."""

from __future__ import annotations

from typing import Any

from ivy.backend import body_of
from ivy.errors import ArgumentError
from ivy.functional import convolution as core
from ivy.functional._forms import conv_form, conv_transpose_form
from ivy_paddle.backend.linalg import matmul
from ivy_paddle.backend.manipulation import moveaxis, pad, permute_dims, reshape
from ivy_paddle.backend.support import restored, widened
from ivy_paddle.loading import paddle

F = paddle.nn.functional
_CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_CONV_TRANSPOSE = {1: F.conv1d_transpose, 2: F.conv2d_transpose, 3: F.conv3d_transpose}
_FORMATS = {1: ("NCL", "NLC"), 2: ("NCHW", "NHWC"), 3: ("NCDHW", "NDHWC")}
_conv_body = body_of(core.conv, "paddle")
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
    form = conv_form(
        x.shape,
        weight.shape,
        strides=strides,
        padding=padding,
        dilation=dilation,
        groups=groups,
        data_format=data_format,
        weight_format=weight_format,
        input_dilation=input_dilation,
    )
    n, dtype = form.n, x.dtype
    if n not in _CONV or form.empty:
        return _conv_body(x, weight, bias, **form.arguments)
    if form.kernel_last:
        weight = permute_dims(weight, (n + 1, n, *range(n)))
    for axis, b in zip(form.axes, form.base, strict=True):
        x = spread_out(x, axis, b)
    low = form.low
    if not form.symmetric:
        x, low = pad(x, form.widths(x.ndim)), [0] * n
    x, weight, bias = (None if a is None else widened(a) for a in (x, weight, bias))
    y = _CONV[n](
        x,
        weight,
        bias,
        stride=list(form.strides),
        padding=low,
        dilation=list(form.dilation),
        groups=groups,
        data_format=_FORMATS[n][form.last],
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
    form = conv_transpose_form(
        x.shape,
        weight.shape,
        strides=strides,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
        groups=groups,
        data_format=data_format,
        weight_format=weight_format,
    )
    n, dtype, native = form.n, x.dtype, form.native(form.strides)
    if n not in _CONV_TRANSPOSE or form.empty or native is None:
        return _transpose_body(x, weight, bias, **form.arguments)
    if form.kernel_last:
        weight = permute_dims(weight, (n, n + 1, *range(n)))
    x = moveaxis(x, -1, 1) if form.last else x
    x, weight, bias = (None if a is None else widened(a) for a in (x, weight, bias))
    y = _CONV_TRANSPOSE[n](
        x,
        weight,
        bias,
        stride=list(form.strides),
        padding=native[0],
        output_padding=native[1],
        groups=groups,
        dilation=list(form.dilation),
    )
    return restored(moveaxis(y, 1, -1) if form.last else y, dtype)


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
