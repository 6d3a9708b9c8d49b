"""Sets in TensorFlow."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from ivy.errors import DtypeError
from ivy.functional.sets import UniqueAll
from ivy_tensorflow.backend.sorting import argsort
from ivy_tensorflow.backend.support import dims


def unique_all(x: Any, /) -> UniqueAll:
    if x.dtype.is_complex:
        raise DtypeError("TensorFlow has no order of complex numbers", hint="take the parts apart with ivy.real")
    flat = tf.reshape(x, (-1,))
    order = argsort(flat)
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
