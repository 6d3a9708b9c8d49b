"""Activations (https://pytorch.org/docs/stable/nn.functional.html#non-linear-activation-functions)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_torch.frontend.declare import api, op, table
from ivy_torch.frontend.pointwise import UNARY
from ivy_torch.frontend.promotion import cast, floating
from ivy_torch.frontend.table import torch


def _activation(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any, inplace: bool = False) -> Any:
        return f(input)

    return call


_PLAIN = table(
    """
    relu6
    selu
    silu
    mish
    hardswish: hard_swish
    hardsigmoid: hard_sigmoid
    logsigmoid log_sigmoid: log_sigmoid
    """,
    _activation,
    "F.",
)


def _inexact(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any) -> Any:
        return f(floating(input))

    return call


table("softsign\ntanhshrink\nsigmoid\ntanh", _inexact, "F.")
torch.function("torch.nn.functional.relu")(_activation("relu"))
torch.function("torch.selu")(_PLAIN["selu"])
assert UNARY  # torch.relu is one of them


@api("F.gelu")
def gelu(input: Any, approximate: str = "none") -> Any:
    return ops.gelu(input, approximate=approximate == "tanh")


@api("F.leaky_relu")
def leaky_relu(input: Any, negative_slope: float = 0.01, inplace: bool = False) -> Any:
    return ops.leaky_relu(input, negative_slope)


@api("F.elu")
def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    return ops.elu(input, alpha)


@api("aten.elu")
def aten_elu(input: Any, alpha: float = 1.0, scale: float = 1.0, input_scale: float = 1.0) -> Any:
    x = input if input_scale == 1 else ops.multiply(input, input_scale)
    low = ops.multiply(ops.expm1(ops.minimum(x, 0.0)), alpha)
    return ops.multiply(ops.where(ops.greater(input, 0.0), input, low), scale)


@api("F.celu", "celu")
def celu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    return ops.celu(input, alpha)


@api("F.hardtanh")
def hardtanh(input: Any, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Any:
    return ops.hard_tanh(input, *_bounds(input, min_val, max_val))


def _bounds(x: Any, *values: Any) -> tuple[Any, ...]:
    return tuple(int(v) if dtype_of(x).is_integer else v for v in values)


@api("F.softplus")
def softplus(input: Any, beta: float = 1, threshold: float = 20) -> Any:
    return ops.softplus(input, beta=beta, threshold=threshold)


@api("F.softshrink")
def softshrink(input: Any, lambd: float = 0.5) -> Any:
    return ops.softshrink(input, lambd)


@api("F.hardshrink", "hardshrink")
def hardshrink(input: Any, lambd: float = 0.5) -> Any:
    return ops.hardshrink(input, lambd)


@api("F.threshold", "threshold")
def threshold(input: Any, threshold: float, value: float, inplace: bool = False) -> Any:
    return ops.threshold(input, *_bounds(input, threshold, value))


@api("F.prelu", "prelu")
def prelu(input: Any, weight: Any) -> Any:
    if not weight.shape or weight.shape[0] == 1:
        return ops.where(ops.greater(input, 0.0), input, ops.multiply(input, ops.reshape(weight, ())))
    return ops.prelu(input, weight, axis=1)


@api("F.rrelu", "rrelu")
def rrelu(
    input: Any, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False, inplace: bool = False
) -> Any:
    if not training:
        return ops.leaky_relu(input, (lower + upper) / 2)
    slope = ops.random_uniform(low=lower, high=upper, shape=tuple(input.shape), dtype=dtype_of(input))
    return ops.where(ops.less(input, 0.0), ops.multiply(input, slope), input)


@api("F.glu")
def glu(input: Any, dim: int = -1) -> Any:
    return ops.glu(input, axis=dim)


@api("F.normalize")
def normalize(input: Any, p: float = 2.0, dim: Any = 1, eps: float = 1e-12) -> Any:
    from ivy_torch.frontend.norms import vector_norm

    size = vector_norm(input, p, dim, True)
    return ops.divide(input, ops.maximum(size, eps))


@api("F.gumbel_softmax")
def gumbel_softmax(logits: Any, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Any:
    noise = ops.random_gumbel(shape=tuple(logits.shape), dtype=dtype_of(logits))
    soft = ops.softmax(ops.divide(ops.add(logits, noise), tau), axis=dim)
    if not hard:
        return soft
    axis = dim % len(logits.shape)
    best = ops.one_hot(ops.argmax(soft, axis=axis), soft.shape[axis], axis=axis, dtype=dtype_of(soft))
    return ops.add(ops.subtract(best, ops.stop_gradient(soft)), soft)


@api("aten._softmax_backward_data", "_softmax_backward_data")
def softmax_backward(grad_output: Any, output: Any, dim: int, input_dtype: Any) -> Any:
    grad = ops.multiply(grad_output, output)
    return cast(ops.subtract(grad, ops.multiply(output, ops.sum(grad, axis=dim, keepdims=True))), input_dtype)
