"""Special functions, integers and the parts of floats in JAX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import jax.scipy.special
from jax import lax

from ivy_jax.backend.support import align, floating, promoting

erf = floating(jax.scipy.special.erf)
erfc = floating(jax.scipy.special.erfc)
erfinv = floating(jax.scipy.special.erfinv)
lgamma = floating(jax.scipy.special.gammaln)
digamma = floating(jax.scipy.special.digamma)
i0 = floating(jax.scipy.special.i0)
i0e = floating(jax.scipy.special.i0e)
i1 = floating(jax.scipy.special.i1)
i1e = floating(jax.scipy.special.i1e)


def _aligned(fn: Callable[..., Any], *operands: Any) -> Any:
    operands = tuple(align(*operands, inexact=True))
    dtype = operands[0].dtype
    if dtype.itemsize == 2:  # these series lose too much in half precision
        return fn(*(x.astype(jnp.float32) for x in operands)).astype(dtype)
    return fn(*operands)


def polygamma(n: int, x: Any, /) -> Any:
    return _aligned(lambda y: jax.scipy.special.polygamma(n, y), x)


def igamma(a: Any, x: Any, /) -> Any:
    return _aligned(jax.scipy.special.gammainc, a, x)


def igammac(a: Any, x: Any, /) -> Any:
    return _aligned(jax.scipy.special.gammaincc, a, x)


def betainc(a: Any, b: Any, x: Any, /) -> Any:
    return _aligned(jax.scipy.special.betainc, a, b, x)


def zeta(x: Any, q: Any, /) -> Any:
    return _aligned(jax.scipy.special.zeta, x, q)


xlogy = promoting(jax.scipy.special.xlogy, inexact=True)
gcd = promoting(jnp.gcd)
lcm = promoting(jnp.lcm)
popcount = lax.population_count
clz = lax.clz


def frexp(x: Any, /) -> tuple[Any, Any]:
    if x.dtype.itemsize == 2:
        mantissa, exponent = jnp.frexp(x.astype(jnp.float32))
        return mantissa.astype(x.dtype), exponent
    return jnp.frexp(x)


def ldexp(x1: Any, x2: Any, /) -> Any:
    x1 = align(x1, inexact=True)[0]
    return jnp.ldexp(x1, x2).astype(x1.dtype)
