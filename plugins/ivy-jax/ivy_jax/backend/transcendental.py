"""Exponentials, trigonometry and complex numbers in JAX."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from ivy_jax.backend.support import align, floating, promoting

exp = floating(jnp.exp)
exp2 = floating(jnp.exp2)
expm1 = floating(jnp.expm1)
log = floating(jnp.log)
log1p = floating(jnp.log1p)
log2 = floating(jnp.log2)
log10 = floating(jnp.log10)
logaddexp = promoting(jnp.logaddexp, inexact=True)

sin = floating(jnp.sin)
cos = floating(jnp.cos)
tan = floating(jnp.tan)
asin = floating(jnp.asin)
acos = floating(jnp.acos)
atan = floating(jnp.atan)
sinh = floating(jnp.sinh)
cosh = floating(jnp.cosh)
tanh = floating(jnp.tanh)
asinh = floating(jnp.asinh)
acosh = floating(jnp.acosh)
atanh = floating(jnp.atanh)
atan2 = promoting(jnp.atan2, inexact=True)
sinc = floating(jnp.sinc)
rad2deg = floating(jnp.rad2deg)
deg2rad = floating(jnp.deg2rad)

real = jnp.real
imag = jnp.imag
conj = jnp.conj
angle = floating(jnp.angle)


def complex(re: Any, im: Any, /) -> Any:
    re, im = jnp.broadcast_arrays(*align(re, im, inexact=True))
    if re.dtype != jnp.float64:
        re, im = re.astype(jnp.float32), im.astype(jnp.float32)
    return lax.complex(re, im)
