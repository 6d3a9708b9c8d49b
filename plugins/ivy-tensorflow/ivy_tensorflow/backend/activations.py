"""Activation functions in TensorFlow; those that are not here are computed by their declarations."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from ivy_tensorflow.backend.support import supplied

relu = supplied(tf.nn.relu, {tf.bool: tf.int32})
relu6 = tf.nn.relu6
selu = tf.nn.selu
sigmoid = tf.sigmoid
log_sigmoid = tf.math.log_sigmoid
softsign = tf.nn.softsign


def silu(x: Any, /) -> Any:
    return x * tf.sigmoid(x)  # TensorFlow's own forgets its second derivative


def softmax(x: Any, /, *, axis: Any = -1) -> Any:
    return tf.nn.softmax(x, axis)


def log_softmax(x: Any, /, *, axis: Any = -1) -> Any:
    return tf.nn.log_softmax(x, axis)


def leaky_relu(x: Any, /, alpha: Any = 0.01) -> Any:
    return tf.nn.leaky_relu(x, alpha)


def elu(x: Any, /, alpha: Any = 1.0) -> Any:
    if alpha == 1.0:
        return tf.nn.elu(x)
    return tf.where(x > 0, x, alpha * tf.math.expm1(tf.minimum(x, tf.zeros((), x.dtype))))


def gelu(x: Any, /, *, approximate: Any = False) -> Any:
    if x.dtype in (tf.float16, tf.bfloat16):
        return tf.cast(tf.nn.gelu(tf.cast(x, tf.float32), approximate), x.dtype)
    return tf.nn.gelu(x, approximate)
