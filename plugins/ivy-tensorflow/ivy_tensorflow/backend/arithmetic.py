"""Arithmetic and rounding in TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ivy.functional._limits import limited
from ivy_tensorflow.backend.support import (
    BOOL,
    HALVES,
    SMALL_INTEGERS,
    UNSIGNED,
    align,
    dims,
    floating,
    promoting,
    supplied,
)

negative = supplied(tf.negative, UNSIGNED)
square = supplied(tf.square, BOOL)
sqrt = floating(tf.sqrt, limits="sqrt")
rsqrt = floating(tf.math.rsqrt)
reciprocal = floating(tf.math.reciprocal, limits="reciprocal")


def _unless(unchanged: Callable[[Any], bool], fn: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that returns its operand where `unchanged` says of the dtype that there is nothing to do."""

    def applied(x: Any, /) -> Any:
        return tf.convert_to_tensor(x) if unchanged(x.dtype) else fn(x)

    made: Any = applied
    made.same_dtype = fn
    made.applies = lambda dtype, scalars: dtype.is_inexact and not scalars
    return made


def _whole(dtype: Any) -> bool:
    return dtype.is_integer or dtype is tf.bool


abs = _unless(lambda dtype: dtype.is_unsigned or dtype is tf.bool, tf.abs)
ceil = _unless(_whole, tf.math.ceil)
floor = _unless(_whole, tf.floor)
trunc = _unless(_whole, lambda x: tf.where(x < 0, tf.math.ceil(x), tf.floor(x)))


def sign(x: Any, /) -> Any:
    if x.dtype.is_unsigned or x.dtype is tf.bool:
        return tf.cast(x != tf.zeros((), x.dtype), x.dtype)
    return _sign_of_complex(x) if x.dtype.is_complex else tf.sign(x)


_sign_of_complex = limited("sign", tf.sign)


def signbit(x: Any, /) -> Any:
    if x.dtype.is_floating:
        return tf.bitcast(x, _BITS[x.dtype]) < 0
    return tf.zeros(dims(x), tf.bool) if x.dtype.is_unsigned or x.dtype is tf.bool else x < 0


_BITS = {tf.float16: tf.int16, tf.bfloat16: tf.int16, tf.float32: tf.int32, tf.float64: tf.int64}

add = promoting(tf.add)
subtract = promoting(tf.subtract)
multiply = promoting(tf.multiply)
divide = promoting(tf.divide, inexact=True)


def _halved(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Let two equal operands have half of the derivative each, of which TensorFlow gives the first one all."""

    def chosen(a: Any, b: Any) -> Any:
        found = fn(a, b)
        return tf.where(a == b, 0.5 * a + 0.5 * b, found) if found.dtype.is_floating else found

    return chosen


_greatest, _least = _halved(tf.maximum), _halved(tf.minimum)
_either: Any = promoting(tf.maximum)
_other: Any = promoting(tf.minimum)
maximum: Any = promoting(_greatest, scalars=False)
minimum: Any = promoting(_least, scalars=False)
maximum.same_dtype, minimum.same_dtype = tf.maximum, tf.minimum
maximum.applies = minimum.applies = lambda dtype, places: not dtype.is_float and _either.applies(dtype, places)


def _whole_division(fn: Callable[..., Any], by_zero: int) -> Callable[..., Any]:
    """Make a division of integers that gives a number where the divisor is 0, which is an error in TensorFlow."""

    def divided(a: Any, b: Any) -> Any:
        if a.dtype.is_floating:
            return fn(a, b)
        zero = b == tf.zeros((), b.dtype)
        return tf.where(zero, tf.constant(by_zero, a.dtype), fn(a, tf.where(zero, tf.ones((), b.dtype), b)))

    return divided


def _floordiv(a: Any, b: Any) -> Any:
    if a.dtype in (tf.float32, tf.float64):
        # dividing what the remainder leaves gives whole numbers, where a rounded quotient may be one too large
        quotient = a / b
        whole = tf.round((a - tf.math.floormod(a, b)) / b)
        whole = tf.where(whole == 0, tf.stop_gradient(quotient) * 0, whole)  # a zero of the quotient's sign
        found = tf.where(tf.math.is_finite(whole), whole, tf.floor(quotient))
        # a zero has the quotient's sign
        return tf.where(found == 0, tf.where(signbit(quotient), -tf.zeros_like(found), tf.zeros_like(found)), found)
    if not a.dtype.is_floating:
        return tf.math.floordiv(a, b)
    return tf.cast(_floordiv(tf.cast(a, tf.float32), tf.cast(b, tf.float32)), a.dtype)


def _floormod(a: Any, b: Any) -> Any:
    if not a.dtype.is_floating:
        return tf.math.floormod(a, b)
    # an infinite divisor leaves what has its sign
    infinite = tf.math.is_inf(b) & tf.math.is_finite(a)
    kept = tf.where((a == 0) | ((a < 0) == (b < 0)), a, b)
    found = tf.where(infinite, kept, tf.math.floormod(a, b))
    # a zero has the divisor's sign; what is subtracted is 0 and keeps the gradient
    zero = tf.stop_gradient(tf.where(signbit(found) == signbit(b), found, -found)) - (tf.stop_gradient(found) - found)
    return tf.where(found == 0, zero, found)


floor_divide = promoting(_whole_division(_floordiv, 0), scalars=False)
remainder = promoting(_whole_division(_floormod, 0), via={**BOOL, **HALVES}, scalars=False)


def _truncmod(a: Any, b: Any) -> Any:
    return _truncmod_of_floats(a, b) if a.dtype.is_floating else tf.truncatemod(a, b)


@tf.custom_gradient
def _truncmod_of_floats(a: Any, b: Any) -> Any:
    """TensorFlow's own has no gradient."""

    def pull(cotangent: Any) -> Any:
        to_b = -cotangent * trunc(a / b)
        axes = tf.raw_ops.BroadcastGradientArgs(s0=tf.shape(a), s1=tf.shape(b))
        parts = (tf.reduce_sum(g, over) for g, over in zip((cotangent, to_b), axes, strict=True))
        return tuple(tf.reshape(g, dims(x)) for g, x in zip(parts, (a, b), strict=True))

    return tf.truncatemod(a, b), pull


fmod = promoting(_whole_division(_truncmod, 0), via={**BOOL, **UNSIGNED, **SMALL_INTEGERS, **HALVES}, scalars=False)


def _trunc_divide(a: Any, b: Any) -> Any:
    return trunc(a / b) if a.dtype.is_floating else tf.truncatediv(a, b)


trunc_divide = promoting(_whole_division(_trunc_divide, 0), scalars=False)
_pow = promoting(tf.pow, via={**BOOL, **UNSIGNED})


def _whole_power(x: Any, n: Any) -> Any:
    """Powers of integers; those with a negative exponent, an error in TensorFlow, are 0 but for 1 and -1."""
    below = n < tf.zeros((), n.dtype)
    one = tf.ones((), x.dtype)
    odd = tf.math.floormod(n, tf.constant(2, n.dtype)) != tf.zeros((), n.dtype)
    fraction = tf.where(x == one, one, tf.where(x == -one, tf.where(odd, -one, one), tf.zeros((), x.dtype)))
    return tf.where(below, fraction, tf.pow(x, tf.where(below, tf.zeros((), n.dtype), n)))


def pow(x1: Any, x2: Any, /) -> Any:
    if type(x2) in (int, float) and getattr(x1, "dtype", tf.bool).is_floating:
        # its gradient costs no logarithm
        if x2 == 2:
            return tf.square(x1)
        if x2 == 0.5:
            return tf.sqrt(x1)
    a, b = align(x1, x2)
    if a.dtype.is_integer and not a.dtype.is_unsigned and not (isinstance(x2, int) and x2 >= 0):
        return _whole_power(a, b)
    return _pow(a, b)


def _nextafter(a: Any, b: Any) -> Any:
    if a.dtype in (tf.float32, tf.float64):
        return tf.math.nextafter(a, b)
    # the numbers of half precision, in their order, are those of their bits
    bits, zero = tf.bitcast(a, tf.int16), tf.zeros((), a.dtype)
    away = (a < b) == (a > zero)
    step = tf.bitcast(bits + tf.where(away, tf.constant(1, tf.int16), tf.constant(-1, tf.int16)), a.dtype)
    smallest = tf.bitcast(tf.constant(1, tf.int16), a.dtype)
    step = tf.where(a == zero, tf.where(b > zero, smallest, -smallest), step)
    return tf.where(a == b, b, tf.where((a != a) | (b != b), a + b, step))


copysign = promoting(lambda a, b: tf.where(tf.equal(signbit(a), signbit(b)), a, -a), inexact=True, scalars=False)
heaviside = promoting(
    lambda a, b: tf.where(a == 0, b, tf.where(a != a, a, tf.cast(a > 0, a.dtype))), inexact=True, scalars=False
)
nextafter = promoting(_nextafter, inexact=True, scalars=False)


def round(x: Any, /, *, decimals: int = 0) -> Any:
    if _whole(x.dtype):
        if decimals >= 0 or x.dtype is tf.bool:
            return tf.convert_to_tensor(x)
        unit = tf.constant(10**-decimals, tf.float64)
        return tf.cast(tf.round(tf.cast(x, tf.float64) / unit) * unit, x.dtype)
    if x.dtype.is_complex:
        return tf.complex(round(tf.math.real(x), decimals=decimals), round(tf.math.imag(x), decimals=decimals))
    if decimals == 0:
        return tf.round(x)
    unit = tf.constant(10.0 ** _magnitude(decimals), x.dtype)
    return tf.round(x * unit) / unit if decimals > 0 else tf.round(x / unit) * unit


def _magnitude(n: int) -> int:
    return n if n >= 0 else -n


def clip(x: Any, /, min: Any = None, max: Any = None) -> Any:
    bounds = [b for b in (min, max) if b is not None]
    if not bounds:
        return tf.convert_to_tensor(x)
    x, *bounds = align(x, *bounds)
    if len(bounds) == 2 and x.dtype is not tf.bool:
        return tf.minimum(tf.maximum(x, bounds[0]), bounds[1])
    for bound, fn in zip(bounds, [f for f, b in ((_either, min), (_other, max)) if b is not None], strict=True):
        x = fn(x, bound)
    return x
