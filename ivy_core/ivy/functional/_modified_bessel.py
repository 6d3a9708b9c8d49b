"""Bodies of the scaled modified Bessel functions: power series (DLMF 10.25.2), and asymptotic ones (10.40.1)."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.functional._operands import floating

_EDGE = 20.0
_NEAR_TERMS, _FAR_TERMS = 55, 28


def _horner(coefficients: list[float], x: Any) -> Any:
    total: Any = coefficients[-1]
    for c in coefficients[-2::-1]:
        total = F.add(F.multiply(x, total), c)
    return total


def _scaled(order: int) -> Any:
    # c_k of sum c_k (x / 2)^(2 k), and of sum c_k x^(-k)
    near = [1 / (math.factorial(k) * math.factorial(k + order)) for k in range(_NEAR_TERMS)]
    far = [1.0]
    for k in range(1, _FAR_TERMS):
        far.append(far[-1] * ((2 * k - 1) ** 2 - 4 * order**2) / (8 * k))

    def formula(x: Any) -> Any:
        size = F.abs(x)
        small = F.less(size, _EDGE)
        half = F.multiply(F.where(small, x, 0), 0.5)
        series = F.multiply(_horner(near, F.multiply(half, half)), F.exp(F.negative(F.where(small, size, 0))))
        series = F.multiply(series, half) if order else series
        large = F.where(small, _EDGE, size)
        tail = F.divide(_horner(far, F.divide(1, large)), F.sqrt(F.multiply(large, 2 * math.pi)))
        tail = F.where(F.less(x, 0), F.negative(tail), tail) if order else tail
        return F.where(small, series, tail)

    return floating(formula, wide=True)


i0e = _scaled(0)
i1e = _scaled(1)
