"""Special functions, integers and the parts of floats in JAX."""

from __future__ import annotations

import math
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


def _digamma(x: Any) -> Any:
    # for JAX the pole at 0 has no sign
    return jnp.where(x == 0, -jnp.copysign(jnp.inf, x), jax.scipy.special.digamma(jnp.where(x == 0, 1, x)))


digamma = floating(_digamma)


@jax.jit
def bessel_i0(x: Any) -> Any:
    """Return JAX's, with the derivative 0 at 0, which its size of `x` has not."""
    return jnp.exp(jnp.sign(x) * x) * jax.scipy.special.i0e(x)


i0 = floating(bessel_i0)
i0e = floating(jax.scipy.special.i0e)
i1 = floating(jax.scipy.special.i1)
i1e = floating(jax.scipy.special.i1e)


def _aligned(fn: Callable[..., Any], *operands: Any) -> Any:
    operands = tuple(align(*operands, inexact=True))
    dtype = operands[0].dtype
    if dtype.itemsize == 2:  # these series lose too much in half precision
        return fn(*(x.astype(jnp.float32) for x in operands)).astype(dtype)
    return fn(*operands)


_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66)


def _polygamma_far(n: int, x: Any) -> Any:
    """Return the derivative of digamma for large x by its asymptotic series (DLMF 5.15.8)."""
    tail, inverse = 0.0, 1 / (x * x)
    for k, b in reversed(list(enumerate(_BERNOULLI, 1))):
        ratio = math.prod(range(n, n + 2 * k)) / math.factorial(2 * k)  # of (n + 2k - 1)! / (n - 1)!
        tail = (tail + b * ratio) * inverse
    lead = (math.factorial(n - 1) ** (1 / n) / x) ** n  # (n - 1)! / x**n, of which neither part would fit
    return lead * (1 + n / (2 * x) + tail) * (-1) ** (n + 1)


def polygamma(n: int, x: Any, /) -> Any:
    if n == 0:
        return digamma(x)

    def computed(y: Any) -> Any:
        # JAX multiplies a zeta function that is too small for a number by a factorial
        far = y > 8 * (n + 4)
        near = jax.scipy.special.polygamma(n, jnp.where(far, 1, y))
        return jnp.where(far, _polygamma_far(n, jnp.where(far, y, 8 * (n + 4))), near)

    return _aligned(computed, x)


def _of_infinite_order(fn: Callable[..., Any], limit: float) -> Callable[..., Any]:
    """Give an incomplete gamma function its limit for an infinite first parameter, which for JAX is no number."""

    def computed(a: Any, x: Any) -> Any:
        far = (a == jnp.inf) & (x >= 0) & (x < jnp.inf)
        return jnp.where(far, limit, fn(jnp.where(far, 1, a), x))

    return computed


def igamma(a: Any, x: Any, /) -> Any:
    return _aligned(_of_infinite_order(jax.scipy.special.gammainc, 0.0), a, x)


def igammac(a: Any, x: Any, /) -> Any:
    return _aligned(_of_infinite_order(jax.scipy.special.gammaincc, 1.0), a, x)


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
