"""Special functions, integers and the parts of floats in TensorFlow."""

from __future__ import annotations

import functools
import math
from typing import Any

import tensorflow as tf

from ivy.errors import DtypeError
from ivy_tensorflow.backend.support import FINE_HALVES, HALVES, align, floating, inexact, promoting


def _erf(x: Any) -> Any:
    # in float64 TensorFlow squares what is infinite
    return tf.math.erf(tf.clip_by_value(x, -30.0, 30.0) if x.dtype is tf.float64 else x)


erf = floating(_erf)
erfc = floating(tf.math.erfc)
# tf.math.erfinv gives 0 for small numbers: the declaration's body computes it
lgamma = floating(tf.math.lgamma, via=FINE_HALVES)


def _digamma(x: Any) -> Any:
    # for TensorFlow the pole at 0 has no sign
    return tf.where(x == 0, tf.cast(-math.inf, x.dtype) * tf.math.sign(1 / x), tf.math.digamma(x))


digamma = floating(_digamma, via=FINE_HALVES)
i0 = floating(tf.math.bessel_i0, via=HALVES)
i0e = floating(tf.math.bessel_i0e, via=HALVES)
i1 = floating(tf.math.bessel_i1, via=HALVES)
i1e = floating(tf.math.bessel_i1e, via=HALVES)
# in single precision these lose three digits where they subtract from 1
_PRECISE = dict.fromkeys((*HALVES, tf.float32), tf.float64)
_igamma = promoting(tf.math.igamma, inexact=True, via=_PRECISE)
_igammac = promoting(tf.math.igammac, inexact=True, via=_PRECISE)
_zeta = promoting(tf.math.zeta, inexact=True, via=HALVES)


def igamma(a: Any, x: Any, /) -> Any:
    return _igamma(a, x)


def igammac(a: Any, x: Any, /) -> Any:
    return _igammac(a, x)


def zeta(x: Any, q: Any, /) -> Any:
    return _zeta(x, q)


def polygamma(n: int, x: Any, /) -> Any:
    # a zeta function that single precision has no number for is multiplied by a factorial
    return floating(lambda y: tf.math.polygamma(tf.cast(n, y.dtype), y), via=_PRECISE)(inexact(x))


def betainc(a: Any, b: Any, x: Any, /) -> Any:
    operands = align(a, b, x, inexact=True)
    dtype = operands[0].dtype
    shape = functools.reduce(tf.broadcast_static_shape, (v.shape for v in operands))
    wide = _PRECISE.get(dtype, dtype)
    return tf.cast(tf.math.betainc(*(tf.broadcast_to(tf.cast(v, wide), shape) for v in operands)), dtype)


def _gcd(a: Any, b: Any) -> Any:
    """Euclid's algorithm until all are done."""
    if not a.dtype.is_integer:
        raise DtypeError(f"gcd is not defined for {a.dtype.name}", hint="cast to integers")
    shape = tf.broadcast_static_shape(a.shape, b.shape)
    zero, one = tf.zeros((), a.dtype), tf.ones((), a.dtype)

    def step(a: Any, b: Any) -> Any:
        done = b == zero
        rest = tf.math.floormod(a, tf.where(done, one, b))
        return tf.where(done, a, b), tf.where(done, b, rest)

    state = tuple(tf.broadcast_to(x if x.dtype.is_unsigned else tf.abs(x), shape) for x in (a, b))
    return tf.while_loop(lambda a, b: tf.reduce_any(b != zero), step, state)[0]


gcd = promoting(_gcd, scalars=False)


def _bits(x: Any) -> tuple[Any, int]:
    """Return the bits as an unsigned integer, and their number."""
    width = 8 * x.dtype.size
    return tf.bitcast(x, tf.as_dtype(f"uint{width}")), width


def popcount(x: Any, /) -> Any:
    return tf.cast(tf.raw_ops.PopulationCount(x=_bits(x)[0]), x.dtype)


def clz(x: Any, /) -> Any:
    bits, width = _bits(x)
    step = 1
    while step < width:  # smear the highest set bit downwards; the zeros above it stay
        bits = tf.bitwise.bitwise_or(bits, tf.bitwise.right_shift(bits, tf.constant(step, bits.dtype)))
        step *= 2
    return tf.cast(width - tf.cast(tf.raw_ops.PopulationCount(x=bits), tf.int32), x.dtype)


_PARTS = {tf.float32: (tf.int32, 23, 8), tf.float64: (tf.int64, 52, 11)}


def frexp(x: Any, /) -> tuple[Any, Any]:
    if x.dtype in HALVES:
        mantissa, exponent = frexp(tf.cast(x, tf.float32))
        return tf.cast(mantissa, x.dtype), exponent
    whole, fraction, width = _PARTS[x.dtype]
    bias = 2 ** (width - 1) - 1
    # numbers too small to have an exponent of their own get one by scaling
    small = tf.abs(x) < 2.0 ** (1 - bias)
    scaled = tf.where(small, x * 2.0 ** (fraction + 1), x)
    bits = tf.bitcast(scaled, whole)
    exponent = tf.bitwise.bitwise_and(tf.bitwise.right_shift(bits, tf.constant(fraction, whole)), 2**width - 1)
    exponent = tf.cast(exponent, tf.int32) - (bias - 1)
    exponent = tf.where(small, exponent - (fraction + 1), exponent)
    # the mantissa by an exact division in two steps, so that gradients flow and powers of two don't overflow
    first = exponent // 2
    mantissa = x * _power_of_two(-first, x.dtype) * _power_of_two(first - exponent, x.dtype)
    special = (x == 0) | ~tf.math.is_finite(x)
    return tf.where(special, x, mantissa), tf.where(special, 0, exponent)


def _power_of_two(n: Any, dtype: Any) -> Any:
    """2 to the power of integers within the range of normal numbers, exactly."""
    whole, fraction, width = _PARTS[dtype]
    biased = tf.cast(n, whole) + (2 ** (width - 1) - 1)
    return tf.bitcast(tf.bitwise.left_shift(biased, tf.constant(fraction, whole)), dtype)
