"""Sorting in TensorFlow, whose `top_k` takes the first of equal elements but has no place for NaN."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from ivy.functional._axes import counted
from ivy_tensorflow.backend.indexing import take_along_axis
from ivy_tensorflow.backend.support import dims

_BITS = {tf.float16: tf.int16, tf.bfloat16: tf.int16, tf.float32: tf.int32, tf.float64: tf.int64}


def ordered(x: Any, *, nan_first: bool = False) -> Any:
    """Return integers in the order of the elements: NaN above (or below) all, equal ones equal."""
    if x.dtype is tf.bool:
        return tf.cast(x, tf.int32)
    whole = _BITS.get(x.dtype)
    if whole is None:
        return tf.convert_to_tensor(x)
    zero = tf.zeros((), x.dtype)
    bits = tf.bitcast(tf.where(x == zero, zero, x), whole)  # the two zeros are equal
    keys = tf.where(bits < 0, tf.bitwise.bitwise_xor(bits, tf.constant(whole.max, whole)), bits)
    return tf.where(x != x, tf.constant(whole.min if nan_first else whole.max, whole), keys)


def _order(x: Any, k: int, axis: int, descending: bool) -> Any:
    """The indices of the first `k` elements in order, along the last axis."""
    keys = ordered(x)
    keys = keys if descending else tf.bitwise.invert(keys)
    rank = keys.shape.rank
    if counted(axis, rank) != rank - 1:
        order = [*(a for a in range(rank) if a != counted(axis, rank)), counted(axis, rank)]
        keys = tf.transpose(keys, order)
        found = tf.math.top_k(keys, k).indices
        found = tf.transpose(found, [order.index(a) for a in range(rank)])
    else:
        found = tf.math.top_k(keys, k).indices
    return tf.cast(found, tf.int64)


def argsort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    return _order(x, dims(x)[axis], axis, descending)


def sort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    return take_along_axis(x, _order(x, dims(x)[axis], axis, descending), axis=axis)


def topk(x: Any, k: int, /, *, axis: int = -1, largest: bool = True, sorted: bool = True) -> tuple[Any, Any]:
    order = _order(x, k, axis, largest)
    return take_along_axis(x, order, axis=axis), order
