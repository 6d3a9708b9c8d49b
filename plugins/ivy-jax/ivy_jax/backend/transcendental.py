"""Exponentials, trigonometry and complex numbers in JAX."""

from __future__ import annotations

import functools
from typing import Any

import jax.numpy as jnp
from jax import lax

from ivy_jax.backend.support import align, floating, promoting

_HALF = ("float16", "bfloat16")


def _in_single(made: Any) -> Any:
    """Compute half precision in float32: XLA's own functions lose most of its digits by rounding in between."""

    @functools.wraps(made)
    def computed(*operands: Any) -> Any:
        dtypes = {str(x.dtype) for x in operands if hasattr(x, "dtype")}
        if len(dtypes) != 1 or not dtypes <= set(_HALF):
            return made(*operands)
        wide = [x.astype(jnp.float32) if hasattr(x, "dtype") else x for x in operands]
        return made(*wide).astype(dtypes.pop())

    single: Any = computed
    single.applies = lambda dtype, scalars: str(dtype) not in _HALF and made.applies(dtype, scalars)
    return single


exp = floating(jnp.exp, limits="exp")
exp2 = _in_single(floating(jnp.exp2))
expm1 = floating(jnp.expm1, limits="expm1")
log = floating(jnp.log, limits="log")
log1p = floating(jnp.log1p, limits="log1p")
log2 = floating(jnp.log2, limits="log2")
log10 = floating(jnp.log10, limits="log10")
logaddexp = _in_single(promoting(jnp.logaddexp, inexact=True))

sin = floating(jnp.sin, limits="sin")
cos = floating(jnp.cos, limits="cos")
tan = floating(jnp.tan, limits="tan")
asin = floating(jnp.asin, limits="asin")
acos = floating(jnp.acos, limits="acos")
atan = floating(jnp.atan, limits="atan")
sinh = floating(jnp.sinh, limits="sinh")
cosh = floating(jnp.cosh, limits="cosh")
tanh = floating(jnp.tanh, limits="tanh")
asinh = floating(jnp.asinh, limits="asinh")
acosh = floating(jnp.acosh, limits="acosh")
atanh = floating(jnp.atanh, limits="atanh")
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
