"""Linear layers and convolutions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.functional._forms import window_form  # the meaning of "SAME" is the op's own
from ivy_paddle.frontend.promotion import integers
from ivy_paddle.frontend.table import api, op


def layout(data_format: str, ndim: int) -> str:
    """Return ivy's name of a layout; 1-d data is ``NLC`` or ``NCL`` in paddle."""
    del ndim
    return "channels_last" if data_format[-1] == "C" and data_format != "NC" else "channels_first"


def pairs(paddings: Any, n: int) -> list[tuple[int, int]]:
    """Return explicit paddings, given per axis or per side, as pairs."""
    flat = integers(paddings, "padding")
    if len(flat) == n:
        return [(p, p) for p in flat]
    if len(flat) == 1:
        return [(flat[0], flat[0])] * n
    if len(flat) == 2 * n + 4:  # every axis of the data
        flat = flat[4:]
    return [(flat[2 * i], flat[2 * i + 1]) for i in range(n)]


def padding_of(paddings: Any, algorithm: str, n: int) -> Any:
    """Return ivy's padding for paddle's pair of a rule and numbers."""
    return algorithm.lower() if algorithm in ("SAME", "VALID") else pairs(paddings, n)


def _conv(
    input: Any,
    filter: Any,
    strides: Any = 1,
    paddings: Any = 0,
    padding_algorithm: str = "EXPLICIT",
    dilations: Any = 1,
    groups: int = 1,
    data_format: str = "NCHW",
    **options: Any,
) -> Any:
    n = len(input.shape) - 2
    dilation = integers(dilations, "dilation")
    if padding_algorithm == "SAME":  # paddle drops the dilation then
        dilation = (1,) * n
    return ops.conv(
        input,
        filter,
        strides=integers(strides, "strides"),
        padding=padding_of(paddings, padding_algorithm, n),
        dilation=dilation,
        groups=groups,
        data_format=layout(data_format, n),
    )


op("conv2d", "conv3d", "depthwise_conv2d")(_conv)


@op("conv2d_bias", "depthwise_conv2d_bias", "conv3d_bias")
def conv_bias(input: Any, filter: Any, bias: Any, *args: Any, **kwargs: Any) -> Any:
    return _with_bias(_conv(input, filter, *args, **kwargs), bias, kwargs.get("data_format", "NCHW"))


def _with_bias(y: Any, bias: Any, data_format: str) -> Any:
    if bias is None:
        return y
    last = layout(data_format, 0) == "channels_last"
    return ops.add(y, bias if last else ops.reshape(bias, (-1, *[1] * (len(y.shape) - 2))))


def _conv_transpose(
    x: Any,
    filter: Any,
    strides: Any = 1,
    paddings: Any = 0,
    output_padding: Any = (),
    output_size: Any = (),
    padding_algorithm: str = "EXPLICIT",
    groups: int = 1,
    dilations: Any = 1,
    data_format: str = "NCHW",
) -> Any:
    n = len(x.shape) - 2
    form = layout(data_format, n)
    steps, spread = integers(strides, "strides"), integers(dilations, "dilation")
    sizes = tuple(x.shape[2:] if form == "channels_first" else x.shape[1:-1])
    kernel = tuple(filter.shape[2:])
    pads: Sequence[tuple[int, int]]
    if padding_algorithm == "SAME":
        spread = (1,) * n
        pads = window_form(sizes, range(n), kernel, steps, "same").pads
    elif padding_algorithm == "VALID":
        pads = [(0, 0)] * n
    else:
        pads = pairs(paddings, n)
    wanted = integers(output_size, "output size") if output_size else ()
    plain = [
        (size - 1) * s - lo - hi + (k - 1) * d + 1
        for size, s, (lo, hi), k, d in zip(sizes, steps, pads, kernel, spread, strict=True)
    ]
    extra = integers(output_padding or 0, "padding")
    if wanted:
        extra = tuple(w - p for w, p in zip(wanted, plain, strict=True))
    return ops.conv_transpose(
        x,
        filter,
        strides=steps,
        padding=pads,
        output_padding=extra if len(extra) == n else extra[0],
        dilation=spread,
        groups=groups,
        data_format=form,
    )


op("conv2d_transpose", "conv3d_transpose", "depthwise_conv2d_transpose")(_conv_transpose)


@op()
def conv2d_transpose_bias(x: Any, filter: Any, bias: Any, *args: Any, **kwargs: Any) -> Any:
    return _with_bias(_conv_transpose(x, filter, *args, **kwargs), bias, kwargs.get("data_format", "NCHW"))


def public_padding(padding: Any, n: int, data_format: str) -> tuple[Any, str]:
    """Return the pads and the rule that an argument of paddle's public functions means.

    It is a name, one number, one or two for each spatial axis, or a pair for every axis of the data.
    """
    if isinstance(padding, str):
        return [0] * n, padding.upper()
    if isinstance(padding, (list, tuple)) and padding and isinstance(padding[0], (list, tuple)):
        inner = [tuple(p) for p in padding]
        if len(inner) == n + 2:
            inner = inner[1:-1] if layout(data_format, n) == "channels_last" else inner[2:]
        return [v for p in inner for v in p], "EXPLICIT"
    return ([padding] * n if isinstance(padding, int) else padding), "EXPLICIT"


def per_axis(x: Any, n: int) -> Any:
    return [x] * n if isinstance(x, int) else x


def _declare(n: int, data_format: str) -> None:
    """Register the public convolutions over n axes."""

    def conv(
        x: Any,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        data_format: str = data_format,
    ) -> Any:
        pads, rule = public_padding(padding, n, data_format)
        y = _conv(x, weight, per_axis(stride, n), pads, rule, per_axis(dilation, n), groups, data_format)
        return _with_bias(y, bias, data_format)

    def transpose(
        x: Any,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        dilation: Any = 1,
        output_size: Any = None,
        data_format: str = data_format,
    ) -> Any:
        pads, rule = public_padding(padding, n, data_format)
        size = [] if output_size is None else per_axis(output_size, n)
        y = _conv_transpose(
            x,
            weight,
            per_axis(stride, n),
            pads,
            output_padding,
            size,
            rule,
            groups,
            per_axis(dilation, n),
            data_format,
        )
        return _with_bias(y, bias, data_format)

    def transpose_2d(
        x: Any,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        output_size: Any = None,
        data_format: str = data_format,
    ) -> Any:
        return transpose(x, weight, bias, stride, padding, output_padding, groups, dilation, output_size, data_format)

    api(f"F.conv{n}d")(conv)
    # paddle has the last but two arguments the other way around in 2-d
    api(f"F.conv{n}d_transpose")(transpose_2d if n == 2 else transpose)


for _n, _format in ((1, "NCL"), (2, "NCHW"), (3, "NCDHW")):
    _declare(_n, _format)


@op("fused_gemm_epilogue")
def fused_gemm_epilogue(
    x: Any, y: Any, bias: Any, trans_x: bool = False, trans_y: bool = False, activation: str = "none"
) -> Any:
    x, y = (ops.matrix_transpose(v) if flag else v for v, flag in ((x, trans_x), (y, trans_y)))
    found = ops.add(ops.matmul(x, y), bias)
    return found if activation == "none" else {"relu": ops.relu, "gelu": ops.gelu}[activation](found)


@op("linear_v2")
def linear_v2(input: Any, weight: Any, bias: Any = None, transpose_weight: bool = False) -> Any:
    return ops.linear(input, weight, bias, weight_format="OI" if transpose_weight else "IO")


@api("F.linear")
def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    return ops.linear(x, weight, bias, weight_format="IO")


@op("embedding")
def embedding_(x: Any, weight: Any, padding_idx: int = -1, sparse: bool = False) -> Any:
    found = ops.embedding(weight, x)
    if padding_idx is None or padding_idx == -1:
        return found
    return ops.where(ops.expand_dims(ops.equal(x, padding_idx), -1), 0.0, found)


@api("F.embedding")
def embedding(
    x: Any,
    weight: Any,
    padding_idx: Any = None,
    max_norm: Any = None,
    norm_type: float = 2.0,
    sparse: bool = False,
    scale_grad_by_freq: bool = False,
) -> Any:
    if max_norm is not None:
        raise NotImplementedError("max_norm changes the weight in place")
    if padding_idx is not None and padding_idx < 0:
        padding_idx += weight.shape[0]
    return embedding_(x, weight, padding_idx)
