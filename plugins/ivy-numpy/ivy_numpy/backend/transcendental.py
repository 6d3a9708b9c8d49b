"""Exponentials, trigonometry and complex numbers in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy_numpy.backend.support import align, floating, promoting

exp = floating(np.exp)
exp2 = floating(np.exp2)
expm1 = floating(np.expm1, limits="expm1")
log = floating(np.log)
log1p = floating(np.log1p)
log2 = floating(np.log2)
log10 = floating(np.log10)
logaddexp = promoting(np.logaddexp, inexact=True)

sin = floating(np.sin)
cos = floating(np.cos)
tan = floating(np.tan)
asin = floating(np.arcsin)
acos = floating(np.arccos)
atan = floating(np.arctan)
sinh = floating(np.sinh)
cosh = floating(np.cosh)
tanh = floating(np.tanh, limits="tanh")
asinh = floating(np.arcsinh)
acosh = floating(np.arccosh)
atanh = floating(np.arctanh)
atan2 = promoting(np.arctan2, inexact=True)
sinc = floating(np.sinc, through=np.float32)

conj = np.conjugate


def real(x: Any, /) -> Any:
    return np.real(x)


def imag(x: Any, /) -> Any:
    return np.imag(x) if np.iscomplexobj(x) else np.zeros_like(x)


def complex(re: Any, im: Any, /) -> Any:
    re, im = align(re, im, inexact=True)
    dtype = "complex128" if re.dtype == np.float64 else "complex64"
    result = np.empty(np.broadcast_shapes(re.shape, im.shape), dtype)
    result.real, result.imag = re, im
    return result
