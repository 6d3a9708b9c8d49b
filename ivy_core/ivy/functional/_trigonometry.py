"""Bodies of the exponentials, trigonometric and hyperbolic functions: from `exp`, `log`, `sin`, `cos` and `atan2`.

The formulas for complex numbers are those of Kahan (Branch cuts for complex elementary functions, 1987) and of
DLMF 4.21, 4.35.
"""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.functional._operands import floating, odd, with_slope


def _parts(z: Any) -> tuple[Any, Any]:
    return F.real(z), F.imag(z)


def _times_i(z: Any) -> Any:
    x, y = _parts(z)
    return F.complex(F.negative(y), x)


def _over_i(z: Any) -> Any:
    x, y = _parts(z)
    return F.complex(y, F.negative(x))


def _rotated(formula: Any) -> Any:
    """Return g(z) = f(i z) / i, which makes hyperbolic functions of trigonometric ones and back."""
    return lambda z: _over_i(formula(_times_i(z)))


def _square(x: Any) -> Any:
    return F.multiply(x, x)


# Exponentials that are precise near 0


def _expm1(x: Any) -> Any:
    u = F.exp(x)
    gained = F.subtract(u, 1)
    # the rounding of u cancels: (u - 1) / log(u) changes slowly
    plain = F.logical_or(F.equal(gained, 0), F.logical_or(F.equal(gained, -1), F.isinf(u)))
    ratio = F.divide(x, F.log(F.where(plain, 2, u)))
    value = F.where(plain, F.where(F.equal(gained, 0), x, gained), F.multiply(gained, ratio))
    return with_slope(F.where(F.isnan(x), x, value), u)


def _complex_expm1(z: Any) -> Any:
    x, y = _parts(z)
    grown = F.expm1(x)
    halved = F.sin(F.multiply(y, 0.5))
    re = F.subtract(F.multiply(grown, F.cos(y)), F.multiply(F.multiply(halved, halved), 2))
    return F.complex(re, F.multiply(F.add(grown, 1), F.sin(y)))


def _log1p(x: Any) -> Any:
    u = F.add(x, 1)
    kept = F.subtract(u, 1)
    plain = F.logical_or(F.equal(kept, 0), F.isinf(u))
    log = F.log(u)
    ratio = F.divide(x, F.where(plain, 1, kept))
    value = F.where(plain, F.where(F.equal(kept, 0), x, log), F.multiply(log, ratio))
    return with_slope(value, F.log(F.where(F.equal(u, 0), 1, u)))


def _complex_log1p(z: Any) -> Any:
    x, y = _parts(z)
    # log|1 + z| = log1p(2 x + x^2 + y^2) / 2; large numbers take the plain logarithm, which has no squares
    large = F.less(1, F.add(F.abs(x), F.abs(y)))
    a, b = F.where(large, 0, x), F.where(large, 0, y)
    near = F.multiply(F.log1p(F.add(F.multiply(a, F.add(a, 2)), F.multiply(b, b))), 0.5)
    shifted = F.complex(F.add(x, 1), y)
    return F.complex(F.where(large, F.real(F.log(shifted)), near), F.atan2(y, F.add(x, 1)))


expm1 = floating(_expm1, _complex_expm1)
log1p = floating(_log1p, _complex_log1p)


# Hyperbolic functions


def _sinh(x: Any) -> Any:
    small = F.less(F.abs(x), 1)
    near = F.where(small, x, 0)
    # e^x may overflow where its half does not
    up, down = F.exp(F.multiply(F.where(small, 1, x), 0.5)), F.exp(F.multiply(F.where(small, 1, x), -0.5))
    far = F.subtract(F.multiply(F.multiply(up, 0.5), up), F.multiply(F.multiply(down, 0.5), down))
    return F.where(small, F.multiply(F.subtract(F.expm1(near), F.expm1(F.negative(near))), 0.5), far)


def _cosh(x: Any) -> Any:
    up, down = F.exp(F.multiply(x, 0.5)), F.exp(F.multiply(x, -0.5))
    return F.add(F.multiply(F.multiply(up, 0.5), up), F.multiply(F.multiply(down, 0.5), down))


def _tanh(x: Any) -> Any:
    grown = F.expm1(F.multiply(F.clip(x, -20.0, 20.0), 2))  # it is 1 to all digits from there on
    return F.divide(grown, F.add(grown, 2))


def _complex_sinh(z: Any) -> Any:
    x, y = _parts(z)
    return F.complex(F.multiply(F.sinh(x), F.cos(y)), F.multiply(F.cosh(x), F.sin(y)))


def _complex_cosh(z: Any) -> Any:
    x, y = _parts(z)
    return F.complex(F.multiply(F.cosh(x), F.cos(y)), F.multiply(F.sinh(x), F.sin(y)))


def _complex_tanh(z: Any) -> Any:
    x, y = _parts(z)
    x = F.clip(x, -20.0, 20.0)
    sinh, cos = F.sinh(x), F.cos(y)
    below = F.add(F.multiply(sinh, sinh), F.multiply(cos, cos))
    return F.complex(F.divide(F.multiply(sinh, F.cosh(x)), below), F.divide(F.multiply(F.sin(y), cos), below))


sinh = floating(_sinh, _complex_sinh)
cosh = floating(_cosh, _complex_cosh)
tanh = floating(_tanh, _complex_tanh)
tan = floating(lambda x: F.divide(F.sin(x), F.cos(x)), _rotated(_complex_tanh))


# Inverse functions


def _beside_one(x: Any) -> Any:
    """Return the root of 1 - x^2."""
    return F.sqrt(F.multiply(F.subtract(1, x), F.add(1, x)))


def _large(x: Any) -> Any:
    """Tell where squares would overflow or swamp what is added to them."""
    return F.less(1e8 if dtype_of(x).bits == 64 else 1e4, x)


def _asinh(x: Any) -> Any:
    large = _large(x)
    near = F.where(large, 1, x)
    squared = F.multiply(near, near)
    small = F.log1p(F.add(near, F.divide(squared, F.add(F.sqrt(F.add(squared, 1)), 1))))
    return F.where(large, F.add(F.log(F.where(large, x, 1)), math.log(2)), small)


def _acosh(x: Any) -> Any:
    large = _large(x)
    over = F.subtract(F.where(large, 2, x), 1)
    small = F.log1p(F.add(over, F.sqrt(F.multiply(over, F.add(over, 2)))))
    small = F.where(F.less(over, 0), float("nan"), small)
    return F.where(large, F.add(F.log(F.where(large, x, 1)), math.log(2)), small)


def _complex_asin(z: Any) -> Any:
    x, y = _parts(z)
    minus, plus = F.sqrt(F.subtract(1, z)), F.sqrt(F.add(1, z))
    re = F.atan2(x, F.real(F.multiply(minus, plus)))
    size = F.asinh(F.abs(F.imag(F.multiply(F.conj(minus), plus))))
    return F.complex(re, F.where(F.signbit(y), F.negative(size), size))


def _complex_acos(z: Any) -> Any:
    minus, plus = F.sqrt(F.subtract(1, z)), F.sqrt(F.add(1, z))
    re = F.multiply(F.atan2(F.real(minus), F.real(plus)), 2)
    return F.complex(re, F.asinh(F.imag(F.multiply(F.conj(plus), minus))))


def _complex_acosh(z: Any) -> Any:
    minus, plus = F.sqrt(F.subtract(z, 1)), F.sqrt(F.add(z, 1))
    re = F.asinh(F.real(F.multiply(F.conj(minus), plus)))
    return F.complex(re, F.multiply(F.atan2(F.imag(minus), F.real(plus)), 2))


def _complex_atanh(z: Any) -> Any:
    x, y = _parts(z)
    away = F.add(_square(F.subtract(1, x)), _square(y))
    re = F.multiply(F.log1p(F.divide(F.multiply(x, 4), away)), 0.25)
    inside = F.subtract(F.multiply(F.subtract(1, x), F.add(1, x)), _square(y))
    return F.complex(re, F.multiply(F.atan2(F.multiply(y, 2), inside), 0.5))


asin = floating(lambda x: F.atan2(x, _beside_one(x)), _complex_asin)
acos = floating(lambda x: F.atan2(_beside_one(x), x), _complex_acos)
atan = floating(lambda x: F.atan2(x, F.ones_like(x)), _rotated(_complex_atanh))
asinh = floating(lambda x: odd(_asinh, x), _rotated(_complex_asin))
acosh = floating(_acosh, _complex_acosh)
atanh = floating(lambda x: F.multiply(F.subtract(F.log1p(x), F.log1p(F.negative(x))), 0.5), _complex_atanh)
