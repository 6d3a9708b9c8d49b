"""Statistics, truth, extremes and running totals in TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ivy.backend import body_of
from ivy.errors import ShapeError
from ivy.functional import reductions as core
from ivy.functional._axes import counted
from ivy_tensorflow.backend.sorting import ordered
from ivy_tensorflow.backend.support import BOOL, HALVES, inexact, native_dtype


def _axes(axis: Any) -> Any:
    return axis if axis is None or isinstance(axis, int) else list(axis)


def _sum_dtype(x: Any, dtype: Any) -> Any:
    if dtype is not None:
        return native_dtype(dtype)
    if x.dtype.is_floating or x.dtype.is_complex:
        return x.dtype
    return tf.uint64 if x.dtype.is_unsigned else tf.int64


def _adding(fn: Callable[..., Any]) -> Callable[..., Any]:
    def reduction(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
        wanted = _sum_dtype(x, dtype)
        return fn(x if x.dtype is wanted else tf.cast(x, wanted), axis=_axes(axis), keepdims=keepdims)

    return reduction


sum = _adding(tf.reduce_sum)
prod = _adding(tf.reduce_prod)


def _extreme(fn: Callable[..., Any]) -> Callable[..., Any]:
    def reduction(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
        stand_in = BOOL.get(x.dtype)
        found = fn(x if stand_in is None else tf.cast(x, stand_in), axis=_axes(axis), keepdims=keepdims)
        return found if stand_in is None else tf.cast(found, x.dtype)

    return reduction


max = _extreme(tf.reduce_max)
min = _extreme(tf.reduce_min)


def _truth(fn: Callable[..., Any]) -> Callable[..., Any]:
    def reduction(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
        return fn(x if x.dtype is tf.bool else x != tf.zeros((), x.dtype), axis=_axes(axis), keepdims=keepdims)

    return reduction


all = _truth(tf.reduce_all)
any = _truth(tf.reduce_any)


_mean_body = body_of(core.mean, "tensorflow")
_logsumexp_body = body_of(core.logsumexp, "tensorflow")


def mean(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    x = inexact(x)
    if x.dtype.is_complex:  # of nothing, TensorFlow's is 0
        return _mean_body(x, axis=axis, keepdims=keepdims)
    return tf.reduce_mean(x, axis=_axes(axis), keepdims=keepdims)


def logsumexp(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    x = inexact(x)
    if x.dtype.is_complex:
        return _logsumexp_body(x, axis=axis, keepdims=keepdims)
    return tf.reduce_logsumexp(x, axis=_axes(axis), keepdims=keepdims)


def _place(fn: Callable[..., Any], largest: bool) -> Callable[..., Any]:
    def position(x: Any, /, *, axis: int | None = None, keepdims: bool = False) -> Any:
        keys = ordered(x, nan_first=not largest)  # TensorFlow itself passes over NaN
        found = fn(tf.reshape(keys, (-1,)) if axis is None else keys, 0 if axis is None else axis)
        if not keepdims:
            return found
        return tf.reshape(found, (1,) * x.shape.rank) if axis is None else tf.expand_dims(found, axis)

    return position


argmax = _place(tf.argmax, True)
argmin = _place(tf.argmin, False)


def _running(fn: Callable[..., Any], initial: int) -> Callable[..., Any]:
    def total(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
        if axis is None:
            if x.shape.rank != 1:
                raise ShapeError(f"an array with {x.shape.rank} axes has no one order to run along", hint="give axis")
            axis = 0
        wanted = _sum_dtype(x, dtype)
        result = fn(x if x.dtype is wanted else tf.cast(x, wanted), axis)
        if include_initial:
            shape = list(result.shape)
            shape[axis] = 1
            result = tf.concat([tf.fill(shape, tf.constant(initial, wanted)), result], axis)
        return result

    return total


cumulative_sum = _running(tf.cumsum, 0)


def _accumulating(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Make a running form of an associative function, by combining what lies 1, 2, 4, ... steps apart."""

    def running(x: Any, /, *, axis: int = -1) -> Any:
        dtype = x.dtype
        x = tf.cast(x, BOOL[dtype]) if dtype in BOOL else tf.convert_to_tensor(x)
        axis = counted(axis, x.shape.rank)
        size, step, before = x.shape[axis], 1, (slice(None),) * axis
        while step < size:
            head, tail = x[(*before, slice(0, step))], x[(*before, slice(step, None))]
            x = tf.concat([head, fn(x[(*before, slice(0, size - step))], tail)], axis)
            step *= 2
        return tf.cast(x, dtype)

    return running


_products = _accumulating(tf.multiply)


def _cumprod(x: Any, axis: int) -> Any:
    # the derivative of TensorFlow's own is wrong where an element is 0
    exact = not (x.dtype.is_floating or x.dtype.is_complex) or x.shape[axis] is None
    return tf.math.cumprod(x, axis) if exact else _products(x, axis=axis)


cumulative_prod = _running(_cumprod, 1)
cumulative_max = _accumulating(tf.maximum)
cumulative_min = _accumulating(tf.minimum)


def cumulative_logsumexp(x: Any, /, *, axis: int = -1) -> Any:
    x = inexact(x)
    wide = HALVES.get(x.dtype, x.dtype)
    h = tf.cast(x, wide)
    found = tf.math.cumulative_logsumexp(h, axis)
    spoiled = tf.cumsum(tf.cast(tf.math.is_nan(h), tf.int32), axis) > 0  # TensorFlow passes over NaN
    return tf.cast(tf.where(spoiled, tf.constant(float("nan"), wide), found), x.dtype)
