"""Linear maps and convolutions in torch."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F

from ivy.errors import ArgumentError, BackendError
from ivy.functional._windows import channel_axis, per_axis, resolve_padding, transpose_padding

_CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_CONV_TRANSPOSE = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def linear(x: Any, weight: Any, bias: Any = None, /, *, weight_format: Any = "OI") -> Any:
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
    n = x.ndim - 2
    _check_rank(n, "conv")
    x, last = _to_channels_first(x, data_format)
    if weight_format == "*IO":
        weight = weight.permute(n + 1, n, *range(n))
    elif weight_format != "OI*":
        raise ArgumentError(f"weight_format of conv must be 'OI*' or '*IO', not {weight_format!r}")
    kernel = tuple(weight.shape[2:])
    steps, spread = per_axis(strides, n, "strides"), per_axis(dilation, n, "dilation")
    base = per_axis(input_dilation, n, "input_dilation")
    if any(b != 1 for b in base):
        x = _spread_out(x, base)
    pads = resolve_padding(padding, x.shape[2:], kernel, steps, spread)
    if any(lo != hi or lo < 0 for lo, hi in pads):
        x = F.pad(x, [p for pair in reversed(pads) for p in pair])
        pads = ((0, 0),) * n
    y = _CONV[n](x, weight, bias, steps, [lo for lo, _ in pads], spread, groups)
    return y.movedim(1, -1) if last else y


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
    x, last = _to_channels_first(x, data_format)
    if weight_format == "*IO":
        weight = weight.permute(n, n + 1, *range(n))
    elif weight_format != "IO*":
        raise ArgumentError(f"weight_format of conv_transpose must be 'IO*' or '*IO', not {weight_format!r}")
    kernel = tuple(weight.shape[2:])
    steps, spread = per_axis(strides, n, "strides"), per_axis(dilation, n, "dilation")
    extra = per_axis(output_padding, n, "output_padding")
    # what has to be cut from (or, negative, added to) the full result at either end of each axis
    spans = [d * (k - 1) for k, d in zip(kernel, spread, strict=True)]
    cuts = [
        (span - lo, span - hi)
        for span, (lo, hi) in zip(spans, transpose_padding(padding, kernel, steps, spread, extra), strict=True)
    ]
    plain = [lo >= 0 and 0 <= lo - hi < max(s, d) for (lo, hi), s, d in zip(cuts, steps, spread, strict=True)]
    if all(plain):
        y = _CONV_TRANSPOSE[n](
            x, weight, bias, steps, [lo for lo, _ in cuts], [lo - hi for lo, hi in cuts], groups, spread
        )
    else:
        y = _CONV_TRANSPOSE[n](x, weight, None, steps, 0, 0, groups, spread)
        y = F.pad(y, [-c for pair in reversed(cuts) for c in pair])
        if bias is not None:
            y = y + bias.reshape(-1, *(1,) * n)
    return y.movedim(1, -1) if last else y


def _to_channels_first(x: Any, data_format: Any) -> Any:
    if channel_axis(x.ndim, data_format) == 1:
        return x, False
    # a view whose memory format torch knows as channels_last: no copy, and its kernels are the fast ones there
    return x.movedim(-1, 1), True


def _spread_out(x: Any, base: Any) -> Any:
    sizes = [(size - 1) * b + 1 for size, b in zip(x.shape[2:], base, strict=True)]
    y = x.new_zeros((*x.shape[:2], *sizes))
    y[(slice(None), slice(None), *(slice(None, None, b) for b in base))] = x
    return y


def _check_rank(n: Any, name: Any) -> Any:
    if n not in _CONV:
        raise BackendError(
            f"the torch backend has ivy.{name} over 1, 2 or 3 spatial axes, not {n}",
            hint="use another backend, or put an axis into the batch if the kernel's size is 1 there",
        )
