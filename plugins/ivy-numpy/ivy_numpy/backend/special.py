"""Special functions, integers and the parts of floats in NumPy and SciPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special

from ivy_numpy.backend.support import align, floating, promoting, widened


def _in_float64(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Compute in float64 what in SciPy's float32 keeps too few digits."""
    return lambda *operands: fn(*(x.astype(np.float64) for x in operands)).astype(operands[0].dtype)


# SciPy computes float16 in float32 but gives float32 back, and knows no bfloat16
erf = floating(scipy.special.erf, through=np.float32)
erfc = floating(scipy.special.erfc, through=np.float32)
erfinv = floating(_in_float64(scipy.special.erfinv), through=np.float32)
lgamma = floating(lambda x: np.where(np.isinf(x), np.abs(x), scipy.special.gammaln(x)), through=np.float32)
digamma = floating(scipy.special.digamma, through=np.float32)
i0 = floating(scipy.special.i0, through=np.float32)
i0e = floating(scipy.special.i0e, through=np.float32)
i1 = floating(scipy.special.i1, through=np.float32)
i1e = floating(scipy.special.i1e, through=np.float32)


def _through_scipy(fn: Callable[..., Any], *operands: Any) -> Any:
    operands = tuple(align(*operands, inexact=True))
    dtype = operands[0].dtype
    return fn(*(widened(x)[0] for x in operands)).astype(dtype, copy=False)


def polygamma(n: int, x: Any, /) -> Any:
    return _through_scipy(lambda y: scipy.special.polygamma(n, y), x)


def igamma(a: Any, x: Any, /) -> Any:
    return _through_scipy(scipy.special.gammainc, a, x)


def igammac(a: Any, x: Any, /) -> Any:
    return _through_scipy(scipy.special.gammaincc, a, x)


def betainc(a: Any, b: Any, x: Any, /) -> Any:
    return _through_scipy(_in_float64(scipy.special.betainc), a, b, x)


def zeta(x: Any, q: Any, /) -> Any:
    return _through_scipy(scipy.special.zeta, x, q)


def xlogy(x1: Any, x2: Any, /) -> Any:
    return _through_scipy(scipy.special.xlogy, x1, x2)


gcd = promoting(np.gcd)
lcm = promoting(np.lcm)


def _unsigned(x: Any) -> Any:
    return x.view(f"uint{8 * x.dtype.itemsize}")


def popcount(x: Any, /) -> Any:
    return np.bitwise_count(_unsigned(x)).astype(x.dtype)


def clz(x: Any, /) -> Any:
    bits, width = _unsigned(x), 8 * x.dtype.itemsize
    step = 1
    while step < width:  # smear the highest set bit downwards; the zeros above it stay
        bits = bits | (bits >> np.asarray(step, bits.dtype))
        step *= 2
    return (width - np.bitwise_count(bits).astype("int64")).astype(x.dtype)


def frexp(x: Any, /) -> tuple[Any, Any]:
    wide, back = widened(x)
    mantissa, exponent = np.frexp(wide)
    return (mantissa if back is None else mantissa.astype(back)), exponent


def ldexp(x1: Any, x2: Any, /) -> Any:
    x1 = align(x1, inexact=True)[0]
    wide, back = widened(x1)
    result = np.ldexp(wide, x2)
    return result if back is None else result.astype(back)
