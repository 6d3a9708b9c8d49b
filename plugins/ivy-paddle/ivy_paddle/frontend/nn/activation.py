"""Activations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy_paddle.frontend.promotion import cast, floating
from ivy_paddle.frontend.table import api, ivy_op, op, table


def _plain(name: str) -> Callable[..., Any]:
    fn = ivy_op(name)

    def activation(x: Any) -> Any:
        return fn(x)

    return activation


table(
    """
    relu
    relu6
    silu
    softsign
    hardswish: hard_swish
    tanh_shrink: tanhshrink
    """,
    _plain,
    "F.",
)
api("F.tanhshrink")(_plain("tanhshrink"))
api("F.sigmoid")(_plain("sigmoid"))
api("F.tanh")(_plain("tanh"))
op("swish", also="F.swish")(_plain("silu"))
op("logsigmoid", also="F.log_sigmoid")(_plain("log_sigmoid"))
op("mish")(lambda x, **options: ops.mish(x))
api("F.mish")(_plain("mish"))


@op(also="F.gelu")
def gelu(x: Any, approximate: bool = False) -> Any:
    return ops.gelu(x, approximate=approximate)


@op(also="F.elu")
def elu(x: Any, alpha: float = 1.0) -> Any:
    return ops.elu(x, alpha)


@op(also="F.celu")
def celu(x: Any, alpha: float = 1.0) -> Any:
    return ops.celu(x, alpha)


@op(also="F.selu")
def selu(x: Any, scale: float = 1.0507009873554805, alpha: float = 1.6732632423543772) -> Any:
    negative = ops.multiply(ops.expm1(ops.minimum(x, 0.0)), alpha)
    return ops.multiply(ops.where(ops.greater(x, 0.0), x, negative), scale)


@op(also="F.leaky_relu")
def leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    return ops.where(ops.greater_equal(x, 0), x, ops.multiply(x, negative_slope))  # whose derivative at 0 is 1


@op(also="F.hardshrink")
def hardshrink(x: Any, threshold: float = 0.5) -> Any:
    inside = ops.less(ops.abs(x), threshold)  # what is at the threshold stays
    return ops.where(inside, ops.zeros_like(x), x)


@op(also="F.softshrink")
def softshrink(x: Any, threshold: float = 0.5) -> Any:
    return ops.softshrink(x, threshold)


@op(also="F.thresholded_relu")
def thresholded_relu(x: Any, threshold: float = 1.0, value: float = 0.0) -> Any:
    return ops.where(ops.greater(x, threshold), x, value)


@op("hardtanh", "brelu")
def hardtanh_(x: Any, t_min: float = -1.0, t_max: float = 1.0) -> Any:
    return ops.hard_tanh(x, t_min, t_max)


@api("F.hardtanh")
def hardtanh(x: Any, min: float = -1.0, max: float = 1.0) -> Any:
    return ops.hard_tanh(x, min, max)


@op(also="F.hardsigmoid")
def hardsigmoid(x: Any, slope: float = 0.1666667, offset: float = 0.5) -> Any:
    return ops.clip(ops.add(ops.multiply(x, slope), offset), 0.0, 1.0)


@op(also="F.softplus")
def softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    return ops.softplus(x, beta=beta, threshold=threshold)


@op("softmax")
def softmax_(x: Any, axis: int = -1) -> Any:
    return ops.softmax(x, axis=axis) if x.shape else ops.ones_like(x)


@op("log_softmax")
def log_softmax_(x: Any, axis: int = -1) -> Any:
    return ops.log_softmax(x, axis=axis) if x.shape else ops.zeros_like(x)


@api("F.softmax")
def softmax(x: Any, axis: int = -1, dtype: Any = None) -> Any:
    return softmax_(floating(cast(x, dtype)), axis)


@api("F.log_softmax")
def log_softmax(x: Any, axis: int = -1, dtype: Any = None) -> Any:
    return log_softmax_(floating(cast(x, dtype)), axis)


@op("prelu")
def prelu_(x: Any, alpha: Any, data_format: str = "NCHW", mode: str = "all") -> Any:
    if mode == "all":
        slope = ops.reshape(alpha, ())
    elif mode == "channel":
        channel = len(x.shape) - 1 if data_format[-1] == "C" else 1
        slope = ops.reshape(alpha, tuple(-1 if i == channel else 1 for i in range(len(x.shape))))
    else:
        slope = ops.reshape(alpha, (1, *x.shape[1:]))
    return ops.where(ops.greater(x, 0.0), x, ops.multiply(x, slope))


@api("F.prelu")
def prelu(x: Any, weight: Any, data_format: str = "NCHW") -> Any:
    return prelu_(x, weight, data_format, "all" if weight.shape[0] == 1 else "channel")


@op("rrelu")
def rrelu_(x: Any, lower: float = 1 / 8, upper: float = 1 / 3, is_test: bool = False) -> tuple[Any, Any]:
    if is_test:
        return ops.leaky_relu(x, (lower + upper) / 2), None
    slope = ops.random_uniform(low=lower, high=upper, shape=tuple(x.shape), dtype=x.dtype)
    return ops.where(ops.less(x, 0.0), ops.multiply(x, slope), x), slope


@api("F.rrelu")
def rrelu(x: Any, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = True) -> Any:
    return rrelu_(x, lower, upper, not training)[0]


@op(also="F.maxout")
def maxout(x: Any, groups: int, axis: int = 1) -> Any:
    axis %= len(x.shape)
    shape = (*x.shape[:axis], x.shape[axis] // groups, groups, *x.shape[axis + 1 :])
    return ops.max(ops.reshape(x, shape), axis=axis + 1)


@api("F.glu")
def glu(x: Any, axis: int = -1) -> Any:
    return ops.glu(x, axis=axis)


@op(also="F.swiglu")
def swiglu(x: Any, y: Any = None) -> Any:
    if y is None:
        x, y = ops.split(x, 2, axis=-1)
    return ops.multiply(ops.silu(x), y)


@op()
def fused_softmax_mask(x: Any, mask: Any) -> Any:
    return ops.softmax(ops.add(x, mask), axis=-1)


@op()
def fused_softmax_mask_upper_triangle(x: Any) -> Any:
    n, m = x.shape[-2:]
    keep = ops.tril(ops.ones((n, m), dtype="bool"))
    return ops.softmax(ops.where(keep, x, float("-inf")), axis=-1)
