"""Comparisons, truth and bits in TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ivy_tensorflow.backend.support import BOOL, align, dims, promoting

equal = promoting(tf.equal, via={})
not_equal = promoting(tf.not_equal, via={})
less = promoting(tf.less)
less_equal = promoting(tf.less_equal)
greater = promoting(tf.greater)
greater_equal = promoting(tf.greater_equal)


def _of_floats(fn: Callable[..., Any], otherwise: bool, combine: Callable[..., Any]) -> Callable[..., Any]:
    """Make a test of floats one of any dtype: complex numbers by their parts, whole numbers without looking."""

    def test(x: Any, /) -> Any:
        if x.dtype.is_floating:
            return fn(x)
        if x.dtype.is_complex:
            return combine(fn(tf.math.real(x)), fn(tf.math.imag(x)))
        return tf.fill(dims(x), otherwise)

    made: Any = test
    made.same_dtype = fn
    made.applies = lambda dtype, scalars: dtype.is_float and not scalars
    return made


isfinite = _of_floats(tf.math.is_finite, True, tf.logical_and)
isinf = _of_floats(tf.math.is_inf, False, tf.logical_or)
isnan = _of_floats(tf.math.is_nan, False, tf.logical_or)


def _truth(x: Any) -> Any:
    if isinstance(x, (bool, int, float, complex)):
        return tf.constant(bool(x))
    return tf.convert_to_tensor(x) if x.dtype is tf.bool else x != tf.zeros((), x.dtype)


def _logical(fn: Callable[..., Any]) -> Callable[..., Any]:
    def combined(x1: Any, x2: Any, /) -> Any:
        return fn(_truth(x1), _truth(x2))

    made: Any = combined
    made.same_dtype = fn
    made.applies = lambda dtype, scalars: dtype == "bool" and not scalars
    return made


logical_and = _logical(tf.logical_and)
logical_or = _logical(tf.logical_or)
logical_xor = _logical(tf.math.logical_xor)


def logical_not(x: Any, /) -> Any:
    return tf.logical_not(_truth(x))


def _bitwise(fn: Callable[..., Any], of_bool: Callable[..., Any]) -> Callable[..., Any]:
    whole = promoting(fn)

    def combined(x1: Any, x2: Any, /) -> Any:
        if getattr(x1, "dtype", type(x1)) in (tf.bool, bool) and getattr(x2, "dtype", type(x2)) in (tf.bool, bool):
            return of_bool(x1, x2)
        return whole(x1, x2)

    made: Any = combined
    made.same_dtype = fn
    made.applies = lambda dtype, scalars: dtype.is_integer and 0 not in scalars
    return made


bitwise_and = _bitwise(tf.bitwise.bitwise_and, tf.logical_and)
bitwise_or = _bitwise(tf.bitwise.bitwise_or, tf.logical_or)
bitwise_xor = _bitwise(tf.bitwise.bitwise_xor, tf.math.logical_xor)


def bitwise_invert(x: Any, /) -> Any:
    return tf.logical_not(x) if x.dtype is tf.bool else tf.bitwise.invert(x)


def _shift(fn: Callable[..., Any], signed: bool) -> Callable[..., Any]:
    def shifted(x1: Any, x2: Any, /) -> Any:
        a, b = align(x1, x2)
        if a.dtype in BOOL:
            a, b = tf.cast(a, tf.int8), tf.cast(b, tf.int8)
        # shifts by the width and more, which TensorFlow leaves undefined, push every bit out
        width = tf.constant(8 * a.dtype.size, b.dtype)
        inside = (b >= tf.zeros((), b.dtype)) & (b < width)
        rest = fn(a, tf.fill((), width - tf.ones((), b.dtype))) if signed else tf.zeros((), a.dtype)
        if signed and a.dtype.is_unsigned:
            rest = tf.zeros((), a.dtype)
        return tf.where(inside, fn(a, tf.where(inside, b, tf.zeros((), b.dtype))), rest)

    return shifted


bitwise_left_shift = _shift(tf.bitwise.left_shift, False)
bitwise_right_shift = _shift(tf.bitwise.right_shift, True)
