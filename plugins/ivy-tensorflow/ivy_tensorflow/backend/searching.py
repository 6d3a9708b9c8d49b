"""Searching and counting in TensorFlow."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from ivy_tensorflow.backend.sorting import ordered
from ivy_tensorflow.backend.support import align, dims


def searchsorted(x1: Any, x2: Any, /, *, side: Any = "left", sorter: Any = None) -> Any:
    vector, values = (ordered(x) for x in align(x1, x2))
    if sorter is not None:
        vector = tf.gather(vector, sorter)
    flat = tf.searchsorted(vector, tf.reshape(values, (-1,)), side, tf.int64)
    return tf.reshape(flat, dims(values))


def bincount(x: Any, /, *, weights: Any = None, length: int) -> Any:
    # tf.math.bincount has a size that depends on the values, and no derivative
    counted = tf.ones(dims(x), tf.int64) if weights is None else weights
    place = x if x.dtype in (tf.int32, tf.int64) else tf.cast(x, tf.int64)
    place = tf.minimum(place, tf.constant(length, place.dtype))
    return tf.math.unsorted_segment_sum(counted, place, length + 1)[:length]
