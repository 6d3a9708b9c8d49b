"""Activations over an axis, normalisations, losses and attention."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy_tensorflow.frontend.table import array, arrays, axes_of, cast, public, raw, refuse

# -- activations ------------------------------------------------------------------------------------------------------


@raw("Softmax")
def raw_softmax(logits: Any) -> Any:
    return F.softmax(logits, axis=-1)


@raw("LogSoftmax")
def raw_log_softmax(logits: Any) -> Any:
    return F.log_softmax(logits, axis=-1)


@public("nn.softmax")
def softmax(logits: Any, axis: int | None = None) -> Any:
    return F.softmax(array(logits), axis=-1 if axis is None else axis)


@public("nn.log_softmax")
def log_softmax(logits: Any, axis: int | None = None) -> Any:
    return F.log_softmax(array(logits), axis=-1 if axis is None else axis)


def _bias_shape(value: Any, bias: Any, data_format: str | None) -> Any:
    if (data_format or "").startswith("NC") and value.ndim > 2:
        return F.reshape(bias, (-1, *[1] * (value.ndim - 2)))
    return bias


@raw("BiasAdd", "BiasAddV1")
@public("nn.bias_add")
def bias_add(value: Any, bias: Any, data_format: str | None = "NHWC") -> Any:
    return F.add(value, _bias_shape(value, bias, data_format))


@raw("BiasAddGrad")
def bias_add_grad(out_backprop: Any, data_format: str = "NHWC") -> Any:
    channel = 1 if data_format.startswith("NC") else out_backprop.ndim - 1
    return F.sum(out_backprop, axis=tuple(i for i in range(out_backprop.ndim) if i != channel))


@public("nn.dropout")
def dropout(x: Any, rate: float, noise_shape: Any = None, seed: Any = None) -> Any:
    x = array(x)
    return F.dropout(x, rate=float(rate), noise_shape=noise_shape) if rate else x


# -- normalisations ---------------------------------------------------------------------------------------------------


def _along(x: Any, value: Any, axis: int) -> Any:
    return F.reshape(value, tuple(-1 if i == axis else 1 for i in range(x.ndim)))


@raw("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3")
def fused_batch_norm(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any,
    variance: Any,
    U: Any = None,
    epsilon: float = 0.0001,
    exponential_avg_factor: float = 1.0,
    data_format: str = "NHWC",
    is_training: bool = True,
) -> Any:
    """Normalise the channels; the statistics that come back hold the unbiased variance, as TensorFlow's."""
    channel = 1 if data_format.startswith("NC") else x.ndim - 1
    if not is_training:
        y = F.batch_norm(x, mean, variance, scale, offset, eps=epsilon, axis=channel)
        return y, mean, variance, mean, variance, F.zeros((0,), dtype=dtype_of(mean))
    y, batch_mean, batch_var = F.batch_norm_train(x, scale, offset, eps=epsilon, axis=channel)
    count = math.prod(n for i, n in enumerate(x.shape) if i != channel)
    dtype = dtype_of(scale)
    batch_mean, batch_var = cast(batch_mean, dtype), cast(batch_var, dtype)
    unbiased = F.multiply(batch_var, count / max(count - 1, 1))
    new_mean, new_var = batch_mean, unbiased
    if exponential_avg_factor != 1.0:
        keep = 1.0 - exponential_avg_factor
        new_mean = F.add(F.multiply(mean, keep), F.multiply(batch_mean, exponential_avg_factor))
        new_var = F.add(F.multiply(variance, keep), F.multiply(unbiased, exponential_avg_factor))
    return y, new_mean, new_var, batch_mean, batch_var, F.zeros((0,), dtype=dtype)


@raw("FusedBatchNormGradV3", "FusedBatchNormGradV2", "FusedBatchNormGrad")
def fused_batch_norm_grad(
    y_backprop: Any,
    x: Any,
    scale: Any,
    reserve_space_1: Any,
    reserve_space_2: Any,
    reserve_space_3: Any = None,
    U: Any = None,
    epsilon: float = 0.0001,
    data_format: str = "NHWC",
    is_training: bool = True,
) -> Any:
    channel = 1 if data_format.startswith("NC") else x.ndim - 1
    axes = tuple(i for i in range(x.ndim) if i != channel)
    mean, var = _along(x, reserve_space_1, channel), _along(x, reserve_space_2, channel)
    inverse = F.rsqrt(F.add(var, epsilon))
    normal = F.multiply(F.subtract(x, mean), inverse)
    d_offset = F.sum(y_backprop, axis=axes)
    d_scale = F.sum(F.multiply(y_backprop, normal), axis=axes)
    dx = y_backprop
    if is_training:
        count = float(math.prod(n for i, n in enumerate(x.shape) if i != channel))
        rest = F.add(_along(x, d_offset, channel), F.multiply(normal, _along(x, d_scale, channel)))
        dx = F.subtract(dx, F.divide(rest, count))
    dx = F.multiply(dx, F.multiply(inverse, _along(x, scale, channel)))
    empty = F.zeros((0,), dtype=dtype_of(scale))
    return dx, d_scale, d_offset, empty, empty


@public("nn.batch_normalization")
def batch_normalization(x: Any, mean: Any, variance: Any, offset: Any, scale: Any, variance_epsilon: float) -> Any:
    inverse = F.rsqrt(F.add(variance, variance_epsilon))
    if scale is not None:
        inverse = F.multiply(inverse, scale)
    found = F.multiply(x, inverse)
    shift = F.multiply(mean, inverse)
    return F.subtract(found, shift) if offset is None else F.add(found, F.subtract(offset, shift))


@public("math.l2_normalize")
def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12) -> Any:
    x = array(x)
    total = F.sum(F.square(x), axis=axes_of(axis, x.ndim), keepdims=True)
    return F.multiply(x, F.rsqrt(F.maximum(total, epsilon)))


@raw("LRN")
def raw_lrn(input: Any, depth_radius: int = 5, bias: float = 1.0, alpha: float = 1.0, beta: float = 0.5) -> Any:
    size = 2 * depth_radius + 1
    squares = F.pad(F.square(input), [(0, 0)] * (input.ndim - 1) + [(depth_radius, depth_radius)])
    n = input.shape[-1]
    total = F.get_item(squares, (Ellipsis, slice(0, n)))
    for i in range(1, size):
        total = F.add(total, F.get_item(squares, (Ellipsis, slice(i, i + n))))
    return F.divide(input, F.pow(F.add(F.multiply(total, alpha), bias), beta))


@public("nn.local_response_normalization", "nn.lrn")
def lrn(input: Any, depth_radius: int = 5, bias: float = 1.0, alpha: float = 1.0, beta: float = 0.5) -> Any:
    return raw_lrn(array(input), depth_radius, bias, alpha, beta)


# -- losses -----------------------------------------------------------------------------------------------------------


@raw("SoftmaxCrossEntropyWithLogits")
def raw_softmax_cross_entropy(features: Any, labels: Any) -> Any:
    features, labels = F.broadcast_arrays(features, labels)
    logs = F.log_softmax(features, axis=-1)
    zero = F.equal(labels, 0)  # a label of 0 counts nothing, even against a logit of -inf
    terms = F.where(zero, F.zeros_like(logs), F.multiply(labels, F.where(zero, F.zeros_like(logs), logs)))
    return F.negative(F.sum(terms, axis=-1)), F.subtract(F.softmax(features, axis=-1), labels)


@raw("SparseSoftmaxCrossEntropyWithLogits")
def raw_sparse_softmax_cross_entropy(features: Any, labels: Any) -> Any:
    logs = F.log_softmax(features, axis=-1)
    at = F.expand_dims(labels, axis=-1)
    loss = F.negative(F.squeeze(F.take_along_axis(logs, at, axis=-1), axis=-1))
    hot = F.one_hot(labels, features.shape[-1], dtype=dtype_of(features))
    return loss, F.subtract(F.softmax(features, axis=-1), hot)


@public("nn.softmax_cross_entropy_with_logits")
def softmax_cross_entropy_with_logits(labels: Any, logits: Any, axis: int = -1) -> Any:
    labels, logits = F.moveaxis(array(labels), axis, -1), F.moveaxis(array(logits), axis, -1)
    return raw_softmax_cross_entropy(logits, cast(labels, dtype_of(logits)))[0]


@public("nn.sparse_softmax_cross_entropy_with_logits")
def sparse_softmax_cross_entropy_with_logits(labels: Any, logits: Any) -> Any:
    return raw_sparse_softmax_cross_entropy(array(logits), array(labels))[0]


@public("nn.sigmoid_cross_entropy_with_logits")
def sigmoid_cross_entropy_with_logits(labels: Any = None, logits: Any = None) -> Any:
    labels, logits = arrays(labels, logits)
    found = F.subtract(F.relu(logits), F.multiply(logits, labels))
    return F.add(found, F.log1p(F.exp(F.negative(F.abs(logits)))))


@public("nn.weighted_cross_entropy_with_logits")
def weighted_cross_entropy_with_logits(labels: Any, logits: Any, pos_weight: Any) -> Any:
    weight = F.add(F.multiply(F.subtract(pos_weight, 1.0), labels), 1.0)
    soft = F.add(F.log1p(F.exp(F.negative(F.abs(logits)))), F.relu(F.negative(logits)))
    return F.add(F.multiply(F.subtract(1.0, labels), logits), F.multiply(weight, soft))


@public("nn.log_poisson_loss")
def log_poisson_loss(targets: Any, log_input: Any, compute_full_loss: bool = False) -> Any:
    found = F.subtract(F.exp(log_input), F.multiply(log_input, targets))
    if not compute_full_loss:
        return found
    safe = F.maximum(targets, 1.0)
    last = F.multiply(F.log(F.multiply(safe, 2 * math.pi)), 0.5)
    stirling = F.add(F.subtract(F.multiply(targets, F.log(safe)), targets), last)
    inside = F.logical_or(F.less(targets, 0.0), F.greater(targets, 1.0))
    return F.add(found, F.where(inside, stirling, F.zeros_like(found)))


@public("math.zero_fraction")
def zero_fraction(value: Any) -> Any:
    return F.mean(cast(F.equal(value, 0), "float32"))


@public("math.confusion_matrix")
def confusion_matrix(
    labels: Any, predictions: Any, num_classes: int | None = None, weights: Any = None, dtype: Any = "int32"
) -> Any:
    if num_classes is None:
        return refuse("tf.math.confusion_matrix without num_classes", "give num_classes")
    labels, predictions = array(labels), array(predictions)
    count = F.ones(tuple(labels.shape), dtype=dtype) if weights is None else cast(array(weights), dtype)
    return F.add_at(F.zeros((num_classes, num_classes), dtype=dtype), (labels, predictions), count)
