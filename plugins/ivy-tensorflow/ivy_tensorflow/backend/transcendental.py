"""Exponential, logarithmic and trigonometric functions in TensorFlow."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from ivy_tensorflow.backend.support import HALVES, align, floating, promoting

exp = floating(tf.exp)
expm1 = floating(tf.math.expm1, limits="expm1")
log = floating(tf.math.log)
log1p = floating(tf.math.log1p, limits="log1p")
sin = floating(tf.sin)
cos = floating(tf.cos)
tan = floating(tf.tan, limits="tan")
asin = floating(tf.asin)
acos = floating(tf.acos)
atan = floating(tf.atan)
sinh = floating(tf.sinh)
cosh = floating(tf.cosh)
tanh = floating(tf.tanh, limits="tanh")
asinh = floating(tf.asinh)
acosh = floating(tf.acosh)
atanh = floating(tf.atanh)


def _logaddexp(a: Any, b: Any) -> Any:
    # the difference of two equal infinities has no value
    gap = a - b
    gap = tf.where((gap != gap) & (a == b), tf.zeros((), a.dtype), gap)
    return tf.where(a >= b, a + tf.math.softplus(-gap), b + tf.math.softplus(gap))


logaddexp = promoting(_logaddexp, inexact=True, via=HALVES, scalars=False)
atan2 = promoting(tf.atan2, inexact=True, via=HALVES)


def real(x: Any, /) -> Any:
    return tf.math.real(x) if x.dtype.is_complex else tf.convert_to_tensor(x)


def imag(x: Any, /) -> Any:
    return tf.math.imag(x) if x.dtype.is_complex else tf.zeros_like(x)


def conj(x: Any, /) -> Any:
    return tf.math.conj(x) if x.dtype.is_complex else tf.convert_to_tensor(x)


def complex(re: Any, im: Any, /) -> Any:
    re, im = align(re, im, inexact=True)
    if re.dtype in HALVES:
        re, im = tf.cast(re, tf.float32), tf.cast(im, tf.float32)
    return tf.complex(re, im)
