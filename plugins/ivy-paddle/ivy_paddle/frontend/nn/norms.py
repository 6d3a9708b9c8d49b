"""Normalisation and dropout. Batch norm in training returns new running statistics, which the runtime writes back."""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_paddle.frontend.nn.convolution import layout
from ivy_paddle.frontend.promotion import cast, integers
from ivy_paddle.frontend.table import api, op


def _updated(running: Any, batch: Any, momentum: float) -> Any:
    batch = ops.stop_gradient(cast(batch, dtype_of(running)))
    return ops.add(ops.multiply(running, momentum), ops.multiply(batch, 1.0 - momentum))


@op("batch_norm_", "batch_norm", "sync_batch_norm_", writes=("mean", "variance"))
def batch_norm_(
    x: Any,
    mean: Any,
    variance: Any,
    scale: Any = None,
    bias: Any = None,
    is_test: bool = False,
    momentum: float = 0.9,
    epsilon: float = 1e-5,
    data_format: str = "NCHW",
    use_global_stats: bool = False,
    trainable_statistics: bool = False,
) -> Any:
    axis = 1 if layout(data_format, 0) == "channels_first" else len(x.shape) - 1
    if (is_test and not trainable_statistics) or use_global_stats:
        y = ops.batch_norm(x, mean, variance, scale, bias, eps=epsilon, axis=axis)
        return (y, mean, variance, mean, variance, None), None, None
    y, batch_mean, batch_variance = ops.batch_norm_train(x, scale, bias, eps=epsilon, axis=axis)
    # paddle keeps the biased variance
    new_mean, new_variance = _updated(mean, batch_mean, momentum), _updated(variance, batch_variance, momentum)
    return (y, new_mean, new_variance, batch_mean, batch_variance, None), new_mean, new_variance


@api("F.batch_norm", writes=("running_mean", "running_var"))
def batch_norm(
    x: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.9,
    epsilon: float = 1e-5,
    data_format: str = "NCHW",
    use_global_stats: Any = None,
) -> Any:
    fixed = not training if use_global_stats is None else use_global_stats
    outs, new_mean, new_variance = batch_norm_(
        x,
        running_mean,
        running_var,
        weight,
        bias,
        not training,
        momentum,
        epsilon,
        data_format,
        bool(fixed),
        not fixed and not training,
    )
    return outs[0], new_mean, new_variance


@op("layer_norm")
def layer_norm_(
    x: Any, scale: Any = None, bias: Any = None, epsilon: float = 1e-5, begin_norm_axis: int = 1
) -> tuple[Any, Any, Any]:
    shape = tuple(x.shape[begin_norm_axis:])
    axes = tuple(range(begin_norm_axis, len(x.shape)))
    scale, bias = (v if v is None or tuple(v.shape) == shape else ops.reshape(v, shape) for v in (scale, bias))
    y = ops.layer_norm(x, scale, bias, axes=axes, eps=epsilon)
    return y, ops.mean(x, axis=axes), ops.var(x, axis=axes)


@api("F.layer_norm")
def layer_norm(x: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, epsilon: float = 1e-5) -> Any:
    return layer_norm_(x, weight, bias, epsilon, len(x.shape) - len(integers(normalized_shape)))[0]


@op("rms_norm", "fast_rms_norm")
def rms_norm_(x: Any, scale: Any = None, normalized_shape: Any = (), epsilon: float = 1e-5) -> tuple[Any, Any]:
    axes = tuple(range(len(x.shape) - max(len(normalized_shape), 1), len(x.shape)))
    inverse = ops.rsqrt(ops.add(ops.mean(ops.square(x), axis=axes), epsilon))
    return ops.rms_norm(x, scale, axes=axes, eps=epsilon), inverse


@api("F.rms_norm")
def rms_norm(input: Any, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Any:
    return rms_norm_(input, weight, integers(normalized_shape), 2.0**-23 if eps is None else eps)[0]


@op("group_norm")
def group_norm_(
    x: Any, scale: Any = None, bias: Any = None, epsilon: float = 1e-5, groups: int = -1, data_format: str = "NCHW"
) -> tuple[Any, Any, Any]:
    return ops.group_norm(x, scale, bias, groups=groups, eps=epsilon, data_format=layout(data_format, 0)), None, None


@api("F.group_norm")
def group_norm(
    x: Any, num_groups: int, epsilon: float = 1e-5, weight: Any = None, bias: Any = None, data_format: str = "NCHW"
) -> Any:
    return group_norm_(x, weight, bias, epsilon, num_groups, data_format)[0]


@op("instance_norm")
def instance_norm_(x: Any, scale: Any = None, bias: Any = None, epsilon: float = 1e-5) -> tuple[Any, Any, Any]:
    return ops.instance_norm(x, scale, bias, eps=epsilon), None, None


@api("F.instance_norm")
def instance_norm(
    x: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: float = 0.9,
    eps: float = 1e-5,
    data_format: str = "NCHW",
) -> Any:
    return ops.instance_norm(x, weight, bias, eps=eps, data_format=layout(data_format, 0))


@api("F.local_response_norm")
def local_response_norm(
    x: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0, data_format: str = "NCHW"
) -> Any:
    # paddle pads the window the other way around than torch where the size is even
    form = layout(data_format, 0)
    channel = 1 if form == "channels_first" else len(x.shape) - 1
    width = [(size // 2, (size - 1) // 2) if i == channel else (0, 0) for i in range(len(x.shape))]
    squares = ops.pad(ops.square(x), width)
    window = [size if i == channel else 1 for i in range(len(x.shape))]
    mean = ops.divide(ops.reduce_window(squares, 0.0, "add", window), float(size))
    return ops.divide(x, ops.pow(ops.add(ops.multiply(mean, alpha), k), beta))


@api("F.normalize")
def normalize(x: Any, p: float = 2, axis: int = 1, epsilon: float = 1e-12) -> Any:
    size = ops.linalg.vector_norm(x, axis=0 if len(x.shape) == 1 else axis, ord=p, keepdims=True)
    return ops.divide(x, ops.maximum(size, epsilon))


# -- dropout ----------------------------------------------------------------------------------------------------------


def _dropped(x: Any, p: Any, is_test: bool, mode: str, noise_shape: Any = None) -> Any:
    if not isinstance(p, (int, float)):
        p = float(p)
    upscale = mode == "upscale_in_train"
    if is_test:
        return x if upscale or p == 0 else ops.multiply(x, 1.0 - p)
    if p == 0:
        return x
    if p == 1:
        return ops.multiply(x, 0.0)
    y = ops.dropout(x, rate=p) if noise_shape is None else ops.dropout(x, rate=p, noise_shape=noise_shape)
    return y if upscale else ops.multiply(y, 1.0 - p)


@op("dropout")
def dropout_(
    x: Any,
    p: Any = 0.5,
    is_test: bool = False,
    mode: str = "downgrade_in_infer",
    seed: int = 0,
    fix_seed: bool = False,
    seed_tensor: Any = None,
) -> tuple[Any, Any]:
    return _dropped(x, p, is_test, mode), None


@op("dropout_nd")
def dropout_nd(
    x: Any,
    p: Any = 0.5,
    is_test: bool = False,
    mode: str = "downgrade_in_infer",
    seed: int = 0,
    fix_seed: bool = False,
    axis: Any = (),
    seed_tensor: Any = None,
) -> tuple[Any, Any]:
    kept = integers(axis, "axis")
    return _dropped(x, p, is_test, mode, tuple(n if i in kept else 1 for i, n in enumerate(x.shape))), None


@api("F.dropout")
def dropout(
    x: Any,
    p: float = 0.5,
    axis: Any = None,
    training: bool = True,
    mode: str = "upscale_in_train",
    inplace: bool = False,
) -> Any:
    if axis is None:
        return _dropped(x, p, not training, mode)
    return dropout_nd(x, p, not training, mode, axis=axis)[0]


def _channels(x: Any, data_format: str) -> tuple[int, ...]:
    last = layout(data_format, 0) == "channels_last"
    kept = (0, len(x.shape) - 1 if last else 1)
    return tuple(n if i in kept else 1 for i, n in enumerate(x.shape))


@api("F.dropout2d")
def dropout2d(x: Any, p: float = 0.5, training: bool = True, data_format: str = "NCHW") -> Any:
    return _dropped(x, p, not training, "upscale_in_train", _channels(x, data_format))


@api("F.dropout3d")
def dropout3d(x: Any, p: float = 0.5, training: bool = True, data_format: str = "NCDHW") -> Any:
    return _dropped(x, p, not training, "upscale_in_train", _channels(x, data_format))


@api("F.alpha_dropout")
def alpha_dropout(x: Any, p: float = 0.5, training: bool = True) -> Any:
    if not training or p == 0:
        return x
    if p == 1:
        return ops.multiply(x, 0.0)
    limit = -1.7580993408473766  # of SELU, at minus infinity
    a = ((1.0 - p) * (1.0 + p * limit**2)) ** -0.5
    keep = cast(ops.bernoulli(1.0 - p, shape=tuple(x.shape), dtype=dtype_of(x)), "bool")
    return ops.add(ops.multiply(ops.where(keep, x, limit), a), -a * p * limit)
