"""Bodies of the error functions: from `exp` and `log`, in float64 where the backend has it."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.functional._operands import floating

_SERIES_TERMS = 22
_STEP, _POINTS = 0.5, 13
"""Of the trapezoidal rule: its error is exp(-(pi / step)^2), its last term exp(-(points * step)^2)."""


def _near(x: Any) -> Any:
    """Return erf(x) for abs(x) <= 1 by its Maclaurin series (DLMF 7.6.1)."""
    square = F.multiply(x, x)
    total: Any = F.zeros_like(x)
    for n in reversed(range(_SERIES_TERMS)):
        total = F.add(F.multiply(total, F.negative(square)), 1.0 / (math.factorial(n) * (2 * n + 1)))
    return F.multiply(F.multiply(x, total), 2.0 / math.sqrt(math.pi))


def _far(x: Any) -> Any:
    """Return erfc(x) for x >= 1: an integral by the trapezoidal rule, with a pole's residue (Matta, Reichel 1971)."""
    square = F.multiply(x, x)
    total = F.divide(0.5, square)
    for k in range(1, _POINTS):
        node = (k * _STEP) ** 2
        total = F.add(total, F.divide(math.exp(-node), F.add(square, node)))
    integral = F.multiply(F.multiply(total, x), F.multiply(F.exp(F.negative(square)), 2.0 * _STEP / math.pi))
    counts = F.less(x, math.pi / _STEP)
    residue = F.divide(2.0, F.expm1(F.multiply(F.where(counts, x, 1), 2.0 * math.pi / _STEP)))
    return F.subtract(integral, F.where(counts, residue, 0))


def _branches(x: Any) -> tuple[Any, Any, Any]:
    """Return which elements are near 0, erf there, and erfc of the magnitudes of the others."""
    near = F.less(F.abs(x), 1)
    size = F.where(near, 2, F.abs(x))
    return near, _near(F.where(near, x, 0)), _far(F.minimum(size, 30.0))  # erfc(30) is less than any float64


def _erf(x: Any) -> Any:
    near, small, tail = _branches(x)
    large = F.subtract(1, tail)
    return F.where(near, small, F.where(F.less(x, 0), F.negative(large), large))


def _erfc(x: Any) -> Any:
    near, small, tail = _branches(x)
    return F.where(near, F.subtract(1, small), F.where(F.less(x, 0), F.subtract(2, tail), tail))


def _erfinv(x: Any) -> Any:
    inside = F.less(F.abs(x), 1)
    y = F.where(inside, x, 0.5)
    # Winitzki's approximation (2008) is right to 2e-3; it takes two of Halley's steps, which treble the digits
    a = 0.147
    log = F.add(F.log1p(y), F.log1p(F.negative(y)))
    middle = F.add(F.multiply(log, 0.5), 2 / (math.pi * a))
    under = F.subtract(F.sqrt(F.subtract(F.multiply(middle, middle), F.divide(log, a))), middle)
    tiny = F.less(F.abs(y), 1e-6)
    found = F.sqrt(F.where(tiny, 1, under))
    found = F.where(F.less(y, 0), F.negative(found), found)
    found = F.where(tiny, F.multiply(y, math.sqrt(math.pi) / 2), found)
    for _ in range(3):
        near, small, tail = _branches(found)
        # far out the complements differ, not the values, which are all about 1
        rest = F.subtract(F.subtract(1, F.abs(y)), tail)
        error = F.where(near, F.subtract(small, y), F.where(F.less(y, 0), F.negative(rest), rest))
        step = F.multiply(error, F.multiply(F.exp(F.multiply(found, found)), math.sqrt(math.pi) / 2))
        found = F.subtract(found, F.divide(step, F.add(F.multiply(found, step), 1)))
    ends = F.where(F.equal(x, 1), math.inf, F.where(F.equal(x, -1), -math.inf, math.nan))
    return F.where(inside, found, ends)


erf = floating(_erf, wide=True)
erfc = floating(_erfc, wide=True)
erfinv = floating(_erfinv, wide=True)
