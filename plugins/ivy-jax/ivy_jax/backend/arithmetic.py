"""Arithmetic and rounding in JAX."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from ivy.functional._whole_power import whole_power
from ivy_jax.backend.support import align, floating, numeric, promoting

negative = jnp.negative
positive = jnp.positive
signbit = jnp.signbit
square = jnp.square
sqrt = floating(jnp.sqrt, limits="sqrt")
cbrt = floating(jnp.cbrt)
rsqrt = floating(lax.rsqrt)
reciprocal = floating(jnp.reciprocal)


@jax.jit
def _sign(x: Any) -> Any:
    return jnp.where(x == 0, jnp.zeros_like(x), jnp.sign(x))  # without -0


@jax.jit
def _floor_divide(a: Any, b: Any) -> Any:
    found = jnp.floor_divide(a, b)
    if not jnp.issubdtype(found.dtype, jnp.floating):
        return found
    divided = lax.stop_gradient(jnp.asarray(a / b, found.dtype))
    found = jnp.where(found == 0, jnp.copysign(jnp.zeros_like(found), divided), found)
    return jnp.where(jnp.isinf(a) | jnp.isinf(b), divided, found)


@jax.jit
def _remainder(a: Any, b: Any) -> Any:
    found = jnp.remainder(a, b)
    if not jnp.issubdtype(found.dtype, jnp.floating):
        return found
    # a zero has the divisor's sign; what is subtracted is 0 and keeps the gradient
    zero = lax.stop_gradient(jnp.copysign(found, b)) - (lax.stop_gradient(found) - found)
    return jnp.where(found == 0, zero, found)


@jax.jit
def _abs(x: Any) -> Any:
    return jnp.sign(x) * x if jnp.issubdtype(x.dtype, jnp.floating) else jnp.abs(x)  # whose derivative is 1 at 0


sign = numeric(_sign, "sign", jnp.sign)
_any_abs = numeric(jnp.abs, "abs")


def abs(x: Any, /) -> Any:
    dtype = getattr(x, "dtype", None)
    return _abs(x) if dtype is not None and jnp.issubdtype(dtype, jnp.floating) else _any_abs(x)


_native_abs: Any = abs
_native_abs.same_dtype = jnp.abs
_native_abs.applies = lambda dtype, scalars: not dtype.is_float and not scalars

add = promoting(jnp.add)
subtract = promoting(jnp.subtract)
multiply = promoting(jnp.multiply)
divide = promoting(jnp.divide, inexact=True)
quotient: Any = promoting(jnp.floor_divide)
floor_divide: Any = promoting(_floor_divide, native=jnp.floor_divide)
floor_divide.applies = lambda dtype, scalars: dtype.is_integer and quotient.applies(dtype, scalars)
remainder = promoting(_remainder, native=jnp.remainder)
fmod = promoting(jnp.fmod)
_power: Any = promoting(jnp.power)
pow: Any = promoting(whole_power(jnp.power))
pow.same_dtype = jnp.power
pow.applies = lambda dtype, scalars: dtype.kind != "int" and _power.applies(dtype, scalars)
maximum = promoting(jnp.maximum)
minimum = promoting(jnp.minimum)
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
    if not jnp.issubdtype(x.dtype, jnp.floating):
        return jnp.clip(x, None if min is None else bounds[0], None if max is None else bounds[-1])
    # jnp.clip halves the derivative at a limit
    x = x if min is None else jnp.where((x >= bounds[0]) | jnp.isnan(x), x, bounds[0])
    return x if max is None else jnp.where((x <= bounds[-1]) | jnp.isnan(x), x, bounds[-1])


def nan_to_num(x: Any, /, *, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    return jnp.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


def isclose(x1: Any, x2: Any, /, *, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: Any = False) -> Any:
    return jnp.isclose(x1, x2, rtol, atol, equal_nan)
