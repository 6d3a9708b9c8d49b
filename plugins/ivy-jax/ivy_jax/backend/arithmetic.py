"""Arithmetic and rounding in JAX."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from ivy_jax.backend.support import align, floating, promoting

abs = jnp.abs
negative = jnp.negative
positive = jnp.positive
sign = jnp.sign
signbit = jnp.signbit
square = jnp.square
sqrt = floating(jnp.sqrt)
cbrt = floating(jnp.cbrt)
rsqrt = floating(lax.rsqrt)
reciprocal = floating(jnp.reciprocal)

add = promoting(jnp.add)
subtract = promoting(jnp.subtract)
multiply = promoting(jnp.multiply)
divide = promoting(jnp.divide, inexact=True)
floor_divide = promoting(jnp.floor_divide)
remainder = promoting(jnp.remainder)
fmod = promoting(jnp.fmod)
pow = promoting(jnp.power)
maximum = promoting(jnp.maximum)
minimum = promoting(jnp.minimum)
fmax = promoting(jnp.fmax)
fmin = promoting(jnp.fmin)
hypot = promoting(jnp.hypot, inexact=True)
copysign = promoting(jnp.copysign, inexact=True)
nextafter = promoting(jnp.nextafter, inexact=True)
heaviside = promoting(jnp.heaviside, inexact=True)

ceil = jnp.ceil
floor = jnp.floor
trunc = jnp.trunc


def round(x: Any, /, *, decimals: int = 0) -> Any:
    return jnp.round(x, decimals)


def clip(x: Any, /, min: Any = None, max: Any = None) -> Any:
    bounds = [b for b in (min, max) if b is not None]
    if not bounds:
        return x
    x, *bounds = align(x, *bounds)
    return jnp.clip(x, None if min is None else bounds[0], None if max is None else bounds[-1])
