"""Arithmetic and rounding in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.functional._whole_power import whole_power
from ivy_numpy.backend.support import align, floating, promoting

abs = np.abs
negative = np.negative
positive = np.positive
sign = np.sign
signbit = np.signbit
square = np.square
sqrt = floating(np.sqrt)
cbrt = floating(np.cbrt)


def reciprocal(x: Any, /) -> Any:
    return divide(1.0, x)


def rsqrt(x: Any, /) -> Any:
    return divide(1.0, sqrt(x))


add = promoting(np.add)
multiply = promoting(np.multiply)
subtract = promoting(np.subtract)
divide = promoting(np.divide, inexact=True)
quotient = promoting(np.floor_divide)


def floor_divide(x1: Any, x2: Any, /) -> Any:
    found = quotient(x1, x2)
    if found.dtype.kind not in "biu":
        infinite = np.isinf(x1) | np.isinf(x2)
        if np.any(infinite):
            return np.where(infinite, divide(x1, x2), found)
    return found


_floor_divide: Any = floor_divide
_floor_divide.same_dtype = np.floor_divide
_floor_divide.applies = lambda dtype, positions: dtype.is_integer

remainder = promoting(np.remainder)
fmod = promoting(np.fmod)
_power: Any = promoting(np.power)
pow: Any = promoting(whole_power(np.power))
pow.same_dtype = np.power
pow.applies = lambda dtype, scalars: dtype.kind != "int" and _power.applies(dtype, scalars)
maximum = promoting(np.maximum)
minimum = promoting(np.minimum)
fmax = promoting(np.fmax)
fmin = promoting(np.fmin)
hypot = promoting(np.hypot, inexact=True)
copysign = promoting(np.copysign, inexact=True)
nextafter = promoting(np.nextafter, inexact=True)
heaviside = promoting(np.heaviside, inexact=True)

ceil = np.ceil
floor = np.floor
trunc = np.trunc


def round(x: Any, /, *, decimals: int = 0) -> Any:
    return np.round(x, decimals)


def clip(x: Any, /, min: Any = None, max: Any = None) -> Any:
    low, high = min, max
    bounds = [b for b in (low, high) if b is not None]
    if not bounds:
        return x
    x, *bounds = align(x, *bounds)
    if low is not None:
        x = np.maximum(x, bounds[0])
    return x if high is None else np.minimum(x, bounds[-1])
