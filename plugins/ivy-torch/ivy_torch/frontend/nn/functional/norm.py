"""Normalisation. Batch norm in training returns the new running statistics, which the runtime writes back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.promotion import cast, floating


def _channels_shape(x: Any) -> tuple[int, ...]:
    return tuple(n if i == 1 else 1 for i, n in enumerate(x.shape))


def _updated(running: Any, batch: Any, momentum: float) -> Any:
    if running is None:
        return None
    batch = ops.stop_gradient(cast(batch, dtype_of(running)))  # torch doesn't differentiate the running statistics
    return ops.add(ops.multiply(running, 1.0 - momentum), ops.multiply(batch, momentum))


def _unbiased(variance: Any, x: Any) -> Any:
    count = math.prod(x.shape) // x.shape[1]
    if count <= 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {tuple(x.shape)}")
    return ops.multiply(variance, count / (count - 1))


@api("F.batch_norm", writes=("running_mean", "running_var"))
def batch_norm(
    input: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    if len(input.shape) < 2:  # torch takes an empty vector
        return input, None, None
    if not training:
        return ops.batch_norm(input, running_mean, running_var, weight, bias, eps=eps, axis=1), None, None
    y, mean, variance = ops.batch_norm_train(input, weight, bias, eps=eps, axis=1)
    if running_mean is None and running_var is None:
        return y, None, None
    unbiased = _unbiased(variance, input)
    return y, _updated(running_mean, mean, momentum), _updated(running_var, unbiased, momentum)


@api("batch_norm", writes=("running_mean", "running_var"))
def torch_batch_norm(
    input: Any,
    weight: Any,
    bias: Any,
    running_mean: Any,
    running_var: Any,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool = True,
) -> Any:
    return batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


def _native(
    x: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, training: bool, momentum: float, eps: float
) -> tuple[Any, Any, Any, Any, Any]:
    """Return the output, the saved mean and inverse deviation, and the new running statistics."""
    if not training:
        empty = ops.zeros((0,), dtype=dtype_of(x))
        return ops.batch_norm(x, running_mean, running_var, weight, bias, eps=eps, axis=1), empty, empty, None, None
    y, mean, variance = ops.batch_norm_train(x, weight, bias, eps=eps, axis=1)
    inverse = ops.rsqrt(ops.add(variance, eps))
    new = (None, None)
    if running_mean is not None:
        new = _updated(running_mean, mean, momentum), _updated(running_var, _unbiased(variance, x), momentum)
    return y, mean, inverse, *new


@api(
    "native_batch_norm",
    "_native_batch_norm_legit",
    "aten._native_batch_norm_legit",
    "aten.native_batch_norm",
    writes=("running_mean", "running_var"),
)
def native_batch_norm(
    input: Any,
    weight: Any,
    bias: Any,
    running_mean: Any,
    running_var: Any,
    training: Any,
    momentum: Any = None,
    eps: Any = None,
) -> Any:
    if isinstance(running_mean, bool):  # the form without statistics: (..., training, momentum, eps)
        return native_batch_norm_no_stats(input, weight, bias, running_mean, running_var, training), None, None
    y, mean, inverse, new_mean, new_var = _native(
        input, weight, bias, running_mean, running_var, training, momentum, eps
    )
    return (y, mean, inverse), new_mean, new_var


@api("aten._native_batch_norm_legit.no_stats")
def native_batch_norm_no_stats(input: Any, weight: Any, bias: Any, training: bool, momentum: float, eps: float) -> Any:
    return _native(input, weight, bias, None, None, True, momentum, eps)[:3]


@api("aten._native_batch_norm_legit_no_training", "_native_batch_norm_legit_no_training")
def native_batch_norm_no_training(
    input: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, momentum: float, eps: float
) -> Any:
    return _native(input, weight, bias, running_mean, running_var, False, momentum, eps)[:3]


@api("aten._native_batch_norm_legit_functional")
def native_batch_norm_functional(
    input: Any,
    weight: Any,
    bias: Any,
    running_mean: Any,
    running_var: Any,
    training: bool,
    momentum: float,
    eps: float,
) -> Any:
    y, mean, inverse, new_mean, new_var = _native(
        input, weight, bias, running_mean, running_var, training, momentum, eps
    )
    return y, mean, inverse, running_mean if new_mean is None else new_mean, running_var if new_var is None else new_var


@api("_batch_norm_with_update", "aten._batch_norm_with_update", writes=("running_mean", "running_var"))
def batch_norm_with_update(
    input: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, momentum: float, eps: float
) -> Any:
    y, mean, inverse, new_mean, new_var = _native(input, weight, bias, running_mean, running_var, True, momentum, eps)
    return (y, mean, inverse, ops.zeros((0,), dtype="uint8")), new_mean, new_var


@api("F.instance_norm", writes=("running_mean", "running_var"))
def instance_norm(
    input: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    if not use_input_stats:
        return ops.batch_norm(input, running_mean, running_var, weight, bias, eps=eps, axis=1), None, None
    y = ops.instance_norm(input, weight, bias, eps=eps)
    if running_mean is None and running_var is None:
        return y, None, None
    axes = tuple(range(2, len(input.shape)))
    mean = ops.mean(ops.mean(input, axis=axes), axis=0)
    variance = ops.mean(ops.var(input, axis=axes, correction=1.0), axis=0)
    return y, _updated(running_mean, mean, momentum), _updated(running_var, variance, momentum)


@api("instance_norm", writes=("running_mean", "running_var"))
def torch_instance_norm(
    input: Any,
    weight: Any,
    bias: Any,
    running_mean: Any,
    running_var: Any,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool = True,
) -> Any:
    return instance_norm(input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps)


def _last_axes(normalized_shape: Any) -> tuple[int, ...]:
    n = 1 if isinstance(normalized_shape, int) else len(normalized_shape)
    return tuple(range(-n, 0))


@api("F.layer_norm")
def layer_norm(input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    return ops.layer_norm(input, weight, bias, axes=_last_axes(normalized_shape), eps=eps)


@api("layer_norm")
def torch_layer_norm(
    input: Any,
    normalized_shape: Any,
    weight: Any = None,
    bias: Any = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Any:
    return layer_norm(input, normalized_shape, weight, bias, eps)


@api("native_layer_norm")
def native_layer_norm(
    input: Any, normalized_shape: Sequence[int], weight: Any, bias: Any, eps: float
) -> tuple[Any, Any, Any]:
    axes = _last_axes(normalized_shape)
    y = ops.layer_norm(input, weight, bias, axes=axes, eps=eps)
    mean = ops.mean(input, axis=axes, keepdims=True)
    return y, mean, ops.rsqrt(ops.add(ops.var(input, axis=axes, keepdims=True), eps))


@api("F.rms_norm", "rms_norm")
def rms_norm(input: Any, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Any:
    if eps is None:
        eps = {"float64": 2.0**-52, "float16": 2.0**-23, "bfloat16": 2.0**-23}.get(str(dtype_of(input)), 2.0**-23)
    return ops.rms_norm(input, weight, axes=_last_axes(normalized_shape), eps=eps)


@api("F.group_norm")
def group_norm(input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    return ops.group_norm(input, weight, bias, groups=num_groups, eps=eps)


@api("group_norm")
def torch_group_norm(
    input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5, cudnn_enabled: bool = True
) -> Any:
    return group_norm(input, num_groups, weight, bias, eps)


@api("native_group_norm")
def native_group_norm(
    input: Any, weight: Any, bias: Any, N: int, C: int, HxW: int, group: int, eps: float
) -> tuple[Any, Any, Any]:
    y = ops.group_norm(input, weight, bias, groups=group, eps=eps)
    rows = ops.reshape(input, (N, group, C // group * HxW))
    return y, ops.mean(rows, axis=-1), ops.rsqrt(ops.add(ops.var(rows, axis=-1), eps))


@api("F.local_response_norm")
def local_response_norm(input: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Any:
    if 0 in input.shape:
        return input
    input = floating(input)
    return ops.local_response_norm(input, size=size, alpha=alpha, beta=beta, k=k)
