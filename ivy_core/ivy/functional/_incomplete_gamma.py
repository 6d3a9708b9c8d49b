"""Bodies of the incomplete gamma functions: power series (DLMF 8.7.1), and continued fraction (8.9.2).

Both take a fixed number of steps, so that they can be recorded and differentiated, in float64 where the backend has it.
The result is NaN where the steps don't suffice: for a first parameter above about 2000, close to the second.
"""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.functional._operands import promoted
from ivy.functional._series import TINY, apart_from_zero, converged, settled

_STEPS = 400


def _series(a: Any, x: Any) -> Any:
    """Return the sum of x^n / ((a + 1) ... (a + n)), n from 0."""

    def step(carry: Any, n: Any) -> Any:
        term, total = carry
        term = F.divide(F.multiply(term, x), F.add(a, n))
        return (term, F.add(total, term)), ()

    (term, total), _ = F.scan(step, (F.ones_like(a), F.ones_like(a)), F.arange(1, _STEPS, dtype="float64"))
    return F.where(F.less(term, F.multiply(total, converged(total))), total, math.nan)


def _fraction(a: Any, x: Any) -> Any:
    """Return the continued fraction 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)) by Lentz's method."""
    first = F.subtract(F.add(x, 1), a)

    def step(carry: Any, n: Any) -> Any:
        value, c, d, _ = carry
        numerator = F.multiply(n, F.subtract(a, n))
        below = F.add(first, F.multiply(n, 2))
        d = F.divide(1, apart_from_zero(F.add(below, F.multiply(numerator, d))))
        c = apart_from_zero(F.add(below, F.divide(numerator, c)))
        change = F.multiply(c, d)
        return (F.multiply(value, change), c, d, change), ()

    d = F.divide(1, apart_from_zero(first))
    start = (d, F.full_like(a, 1 / TINY), d, F.zeros_like(a))
    (value, _, _, change), _ = F.scan(step, start, F.arange(1, _STEPS, dtype="float64"))
    return settled(value, change)


def _regularised(a: Any, x: Any, upper: bool) -> Any:
    (a, x), dtype = promoted(a, x, inexact=True)
    a, x = F.broadcast_arrays(F.astype(a, "float64"), F.astype(x, "float64"))
    inside = F.logical_and(F.logical_and(F.less(0, a), F.less(0, x)), F.logical_and(F.isfinite(a), F.isfinite(x)))
    low = F.less(x, F.add(a, 1))
    p, q = F.where(inside, a, 1), F.where(inside, x, 1)
    front = F.exp(F.subtract(F.subtract(F.multiply(p, F.log(q)), q), F.lgamma(p)))
    near = F.logical_and(inside, low)
    below = F.divide(F.multiply(front, _series(F.where(near, a, 1), F.where(near, x, 1))), p)
    far = F.logical_and(inside, F.logical_not(low))
    above = F.multiply(front, _fraction(F.where(far, a, 1), F.where(far, x, 3)))
    found = F.where(low, F.subtract(1, below), above) if upper else F.where(low, below, F.subtract(1, above))
    # on the edges all of the mass lies on one side
    all_above = F.logical_or(F.logical_and(F.less(0, a), F.equal(x, 0)), F.equal(a, math.inf))
    all_below = F.logical_or(F.logical_and(F.equal(a, 0), F.less(0, x)), F.equal(x, math.inf))
    contrary = F.logical_or(F.logical_and(all_above, all_below), F.logical_or(F.less(a, 0), F.less(x, 0)))
    edge = F.where(all_above, float(upper), F.where(all_below, float(not upper), math.nan))
    found = F.where(inside, found, F.where(contrary, math.nan, edge))
    return F.astype(found, dtype)


def igamma(a: Any, x: Any, /) -> Any:
    return _regularised(a, x, upper=False)


def igammac(a: Any, x: Any, /) -> Any:
    return _regularised(a, x, upper=True)
