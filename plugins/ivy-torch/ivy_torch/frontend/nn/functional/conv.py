"""Linear maps and convolutions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as ops
from ivy_torch.frontend.declare import api


@api("F.linear", "_nn.linear")
def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    if len(weight.shape) == 1:
        found = ops.matmul(input, weight)
        return found if bias is None else ops.add(found, bias)
    return ops.linear(input, weight, bias)


@api("F.bilinear", "bilinear")
def bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Any:
    found = ops.einsum("...i,oij,...j->...o", input1, weight, input2)
    return found if bias is None else ops.add(found, bias)


def per_axis(value: Any, n: int) -> tuple[int, ...]:
    """Return an argument that is one number, or one per spatial axis, as one per axis."""
    values = (value,) if isinstance(value, int) else tuple(int(v) for v in value)
    return values * n if len(values) == 1 else values


def pads(padding: Any, n: int) -> Any:
    """Return ivy's padding for torch's: a name or a number per spatial axis."""
    return padding if isinstance(padding, str) else [(p, p) for p in per_axis(padding, n)]


def batched(f: Callable[..., Any], x: Any, n: int) -> Any:
    """Call `f` on a batch of `n`-dimensional inputs with channels; torch takes single ones too."""
    if len(x.shape) == n + 2:
        return f(x)
    found = f(ops.expand_dims(x, axis=0))
    return tuple(ops.squeeze(y, axis=0) for y in found) if isinstance(found, tuple) else ops.squeeze(found, axis=0)


def _convolve(x: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: int, n: int) -> Any:
    def run(x: Any) -> Any:
        return ops.conv(
            x,
            weight,
            bias,
            strides=per_axis(stride, n),
            padding=pads(padding, n),
            dilation=per_axis(dilation, n),
            groups=groups,
        )

    return batched(run, x, n)


def _transposed(
    x: Any, weight: Any, bias: Any, stride: Any, padding: Any, output_padding: Any, groups: int, dilation: Any, n: int
) -> Any:
    def run(x: Any) -> Any:
        return ops.conv_transpose(
            x,
            weight,
            bias,
            strides=per_axis(stride, n),
            padding=pads(padding, n),
            output_padding=per_axis(output_padding, n),
            dilation=per_axis(dilation, n),
            groups=groups,
        )

    return batched(run, x, n)


def _conv(n: int) -> Callable[..., Any]:
    def call(
        input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
    ) -> Any:
        return _convolve(input, weight, bias, stride, padding, dilation, groups, n)

    return call


def _conv_transpose(n: int) -> Callable[..., Any]:
    def call(
        input: Any,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        dilation: Any = 1,
    ) -> Any:
        return _transposed(input, weight, bias, stride, padding, output_padding, groups, dilation, n)

    return call


for _n in (1, 2, 3):
    api(f"F.conv{_n}d", f"conv{_n}d")(_conv(_n))
    api(f"F.conv_transpose{_n}d", f"conv_transpose{_n}d")(_conv_transpose(_n))


@api("convolution", "aten.convolution", "aten._convolution")
def convolution(
    input: Any,
    weight: Any,
    bias: Any,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
    *_flags: bool,
) -> Any:
    n = len(weight.shape) - 2
    if transposed:
        return _transposed(input, weight, bias, stride, padding, output_padding, groups, dilation, n)
    return _convolve(input, weight, bias, stride, padding, dilation, groups, n)


@api("F.conv_tbc", "conv_tbc")
def conv_tbc(input: Any, weight: Any, bias: Any, pad: int = 0) -> Any:
    x = ops.permute_dims(input, (1, 2, 0))
    return ops.permute_dims(_convolve(x, ops.permute_dims(weight, (2, 1, 0)), bias, 1, pad, 1, 1, 1), (2, 0, 1))
