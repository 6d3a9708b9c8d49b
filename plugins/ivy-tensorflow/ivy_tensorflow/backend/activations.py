"""Activation functions in TensorFlow; those that are not here are computed by their declarations."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from ivy.backend import body_of
from ivy.functional import activations as core
from ivy_tensorflow.backend.support import HALVES, supplied

_gelu_body = body_of(core.gelu, "tensorflow")
_selu_body = body_of(core.selu, "tensorflow")

relu = supplied(tf.nn.relu, {tf.bool: tf.int32})
relu6 = tf.nn.relu6
sigmoid = tf.sigmoid
log_sigmoid = tf.math.log_sigmoid


def silu(x: Any, /) -> Any:
    return x * tf.sigmoid(x)  # TensorFlow's own forgets its second derivative


def _wide(x: Any) -> Any:
    """Half precision is rounded once, at the end."""
    return tf.cast(x, tf.float32) if x.dtype in HALVES else x


def softmax(x: Any, /, *, axis: Any = -1) -> Any:
    return tf.cast(tf.nn.softmax(_wide(x), axis), x.dtype)


def log_softmax(x: Any, /, *, axis: Any = -1) -> Any:
    return tf.cast(tf.nn.log_softmax(_wide(x), axis), x.dtype)


def leaky_relu(x: Any, /, alpha: Any = 0.01) -> Any:
    if x.dtype is tf.float64:  # TensorFlow keeps the slope in single precision
        return tf.where(x > 0, x, x * alpha)
    return tf.nn.leaky_relu(x, alpha)


def elu(x: Any, /, alpha: Any = 1.0) -> Any:
    h = _wide(x)  # tf.nn.elu subtracts 1 from exponentials, which leaves nothing of small numbers
    return tf.cast(tf.where(h > 0, h, alpha * tf.math.expm1(tf.minimum(h, tf.zeros((), h.dtype)))), x.dtype)


def selu(x: Any, /) -> Any:
    return _selu_body(x)


def gelu(x: Any, /, *, approximate: Any = False) -> Any:
    if x.dtype is tf.float64:  # TensorFlow rounds its constants to single precision
        return _gelu_body(x, approximate=approximate)
    return tf.cast(tf.nn.gelu(_wide(x), approximate), x.dtype)
