"""Searching and counting in TensorFlow."""

from __future__ import annotations

import math
from typing import Any

import tensorflow as tf

from ivy_tensorflow.backend.sorting import ordered
from ivy_tensorflow.backend.support import align, dims


def searchsorted(x1: Any, x2: Any, /, *, side: Any = "left", sorter: Any = None) -> Any:
    vector, values = (ordered(x) for x in align(x1, x2))
    if sorter is not None:
        vector = tf.gather(vector, sorter)
    values, shape = tf.reshape(values, (-1,)), dims(values)
    if not values.dtype.is_floating:
        flat = tf.searchsorted(vector, values, side, tf.int64)
    else:  # NaN comes after all numbers; the framework's comparisons don't know that
        numbers = tf.math.count_nonzero(tf.logical_not(tf.math.is_nan(vector)))
        filled = tf.where(tf.math.is_nan(vector), tf.constant(math.inf, vector.dtype), vector)
        flat = tf.searchsorted(filled, values, side, tf.int64)
        last = numbers if side == "left" else tf.size(vector, tf.int64)
        flat = tf.where(tf.math.is_nan(values), last, tf.minimum(flat, numbers))
    return tf.reshape(flat, shape)


def bincount(x: Any, /, *, weights: Any = None, length: int) -> Any:
    # tf.math.bincount has a size that depends on the values, and no derivative
    counted = tf.ones(dims(x), tf.int64) if weights is None else weights
    place = x if x.dtype in (tf.int32, tf.int64) else tf.cast(x, tf.int64)
    place = tf.minimum(place, tf.constant(length, place.dtype))
    return tf.math.unsorted_segment_sum(counted, place, length + 1)[:length]
