"""Sets in TensorFlow."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from ivy.functional.sets import UniqueAll
from ivy_tensorflow.backend.sorting import argsort
from ivy_tensorflow.backend.support import dims


def _order_of_complex(x: Any) -> Any:
    """By the real parts, and by the imaginary parts where these are equal."""
    order = argsort(tf.math.imag(x))
    return tf.gather(order, argsort(tf.gather(tf.math.real(x), order)))


def unique_all(x: Any, /) -> UniqueAll:
    flat = tf.reshape(x, (-1,))
    order = _order_of_complex(flat) if x.dtype.is_complex else argsort(flat)
    values = tf.gather(flat, order)
    # sorted stably, the first of a run of equal elements is its first occurrence
    first = tf.concat([tf.ones((min(flat.shape[0], 1),), tf.bool), values[1:] != values[:-1]], 0)
    number = tf.cumsum(tf.cast(first, tf.int64)) - 1
    starts = tf.where(first)[:, 0]
    inverse = tf.scatter_nd(tf.expand_dims(order, 1), number, tf.constant(flat.shape, tf.int64))
    ends = tf.concat([starts, [tf.constant(flat.shape[0], tf.int64)]], 0)
    return UniqueAll(
        tf.gather(values, starts), tf.gather(order, starts), tf.reshape(inverse, dims(x)), ends[1:] - ends[:-1]
    )
