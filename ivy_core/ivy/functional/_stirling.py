"""Bodies of the gamma function's relatives: asymptotic series with Bernoulli numbers, recurrence and reflection.

In float64 where the backend has it: the recurrence subtracts numbers of about 15.
"""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.functional._operands import floating

_SHIFT = 9
"""Arguments below are raised by as much; the series is good to 1e-17 from there on."""

# B_2, B_4, ..., B_16
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)


def _in_inverse_square(x: Any, coefficients: list[float]) -> Any:
    """Return the sum of c_k x^(-2 k), k from 0."""
    inverse = F.divide(1, F.multiply(x, x))
    total: Any = 0.0
    for c in reversed(coefficients):
        total = F.add(F.multiply(inverse, total), c)
    return total


def beyond_stirling(x: Any) -> Any:
    """Return what lgamma(x) has more than (x - 1/2) log(x) - x + log(2 pi) / 2, for x from 9 on (DLMF 5.11.1)."""
    return F.divide(_in_inverse_square(x, [b / (2 * k * (2 * k - 1)) for k, b in enumerate(_BERNOULLI, 1)]), x)


def _raised(x: Any) -> tuple[Any, Any, Any]:
    """Return where arguments were raised, all of them raised, and those raised with 1 for the others."""
    small = F.less(x, _SHIFT)
    return small, F.where(small, F.add(x, _SHIFT), x), F.where(small, x, 1)


def _reflected(x: Any) -> tuple[Any, Any, Any, Any]:
    """Return where 1 - x stands for x, the arguments, and pi times the distance of x to an integer; and the poles."""
    mirror = F.less(x, 0.5)
    nearest = F.round(x)
    pole = F.logical_and(mirror, F.equal(x, nearest))
    distance = F.where(F.logical_and(mirror, F.logical_not(pole)), F.subtract(x, nearest), 0.5)
    distance = F.where(F.isfinite(distance), distance, 0.5)
    y = F.where(mirror, F.subtract(1, x), x)
    return mirror, F.where(F.logical_and(F.isfinite(x), F.logical_not(pole)), y, 1), F.multiply(distance, math.pi), pole


def _lgamma(x: Any) -> Any:
    mirror, y, distance, pole = _reflected(x)
    small, z, low = _raised(y)
    product = low
    for k in range(1, _SHIFT):
        product = F.multiply(product, F.add(low, k))
    found = F.subtract(F.multiply(F.subtract(z, 0.5), F.log(z)), z)
    found = F.add(F.add(found, 0.5 * math.log(2 * math.pi)), beyond_stirling(z))
    found = F.subtract(found, F.where(small, F.log(product), 0))
    found = F.where(mirror, F.subtract(F.log(F.divide(math.pi, F.abs(F.sin(distance)))), found), found)
    found = F.where(F.logical_or(pole, F.isinf(x)), math.inf, found)
    return F.where(F.isnan(x), x, found)


def _digamma(x: Any) -> Any:
    mirror, y, distance, pole = _reflected(x)
    small, z, low = _raised(y)
    sums: Any = F.divide(1, low)
    for k in range(1, _SHIFT):
        sums = F.add(sums, F.divide(1, F.add(low, k)))
    series = _in_inverse_square(z, [0.0, *(b / (2 * k) for k, b in enumerate(_BERNOULLI, 1))])
    found = F.subtract(F.subtract(F.log(z), F.divide(0.5, z)), series)
    found = F.subtract(found, F.where(small, sums, 0))
    cotangent = F.divide(F.multiply(F.cos(distance), math.pi), F.sin(distance))
    found = F.where(mirror, F.subtract(found, cotangent), found)
    at_zero = F.where(F.signbit(x), math.inf, -math.inf)
    found = F.where(pole, F.where(F.equal(x, 0), at_zero, math.nan), found)
    return F.where(F.isfinite(x), found, F.where(F.equal(x, math.inf), x, math.nan))


lgamma = floating(_lgamma, wide=True)
digamma = floating(_digamma, wide=True)


def polygamma(n: int, x: Any, /) -> Any:
    if n == 0:
        return F.digamma(x)
    # DLMF 25.11.12
    return floating(lambda y: F.multiply(F.zeta(float(n + 1), y), (-1.0) ** (n + 1) * math.factorial(n)), wide=True)(x)
