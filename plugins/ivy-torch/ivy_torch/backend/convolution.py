"""Linear maps and convolutions in torch."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F

from ivy.backend import body_of
from ivy.errors import ArgumentError
from ivy.functional import convolution as core
from ivy.functional._forms import conv_form, conv_transpose_form
from ivy_torch.backend.support import align

_CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_CONV_TRANSPOSE = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
_conv_body = body_of(core.conv, "torch")
_conv_transpose_body = body_of(core.conv_transpose, "torch")


def linear(x: Any, weight: Any, bias: Any = None, /, *, weight_format: Any = "OI") -> Any:
    if x.dtype is not weight.dtype:  # which torch refuses
        x, weight, *more = align(x, weight, *(() if bias is None else (bias,)))
        bias = more[0] if more else None
    if weight_format == "OI":
        return F.linear(x, weight, bias)
    if weight_format == "IO":
        return F.linear(x, weight.mT, bias)
    raise ArgumentError(f"weight_format must be 'OI' or 'IO', not {weight_format!r}")


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
    n = form.n
    if n not in _CONV or form.empty:
        return _conv_body(x, weight, bias, **form.arguments)
    # a view whose memory format torch knows as channels_last: no copy, and its kernels are the fast ones there
    x = x.movedim(-1, 1) if form.last else x
    weight = weight.permute(n + 1, n, *range(n)) if form.kernel_last else weight
    if form.spread:
        x = _spread_out(x, form.base)
    low = form.low
    # torch may crash on windows that lie in the padding alone, where an axis of length 1 makes a layout ambiguous:
    # https://github.com/pytorch/pytorch/issues/136348
    if not (form.symmetric and form.meets):
        x, low = F.pad(x, _reversed(form.pads)), [0] * n
    y = _CONV[n](x, weight, bias, form.strides, low, form.dilation, groups)
    return y.movedim(1, -1) if form.last else y


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
    n = form.n
    if n not in _CONV_TRANSPOSE or form.empty:
        return _conv_transpose_body(x, weight, bias, **form.arguments)
    x = x.movedim(-1, 1) if form.last else x
    weight = weight.permute(n, n + 1, *range(n)) if form.kernel_last else weight
    f = _CONV_TRANSPOSE[n]
    native = form.native([max(s, d) for s, d in zip(form.strides, form.dilation, strict=True)])
    if native is not None:
        y = f(x, weight, bias, form.strides, *native, groups, form.dilation)
    else:
        y = F.pad(f(x, weight, None, form.strides, 0, 0, groups, form.dilation), _reversed(form.growth))
        if bias is not None:
            y = y + bias.reshape(-1, *(1,) * n)
    return y.movedim(1, -1) if form.last else y


def _reversed(pads: Any) -> list[int]:
    """Pads as torch takes them, the last axis first."""
    return [p for pair in reversed(pads) for p in pair]


def _spread_out(x: Any, base: Any) -> Any:
    sizes = [(size - 1) * b + 1 for size, b in zip(x.shape[2:], base, strict=True)]
    y = x.new_zeros((*x.shape[:2], *sizes))
    y[(slice(None), slice(None), *(slice(None, None, b) for b in base))] = x
    return y
