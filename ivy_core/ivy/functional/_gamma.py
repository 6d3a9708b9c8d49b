"""Bodies of functions of the normal distribution and of the gamma family, in float64 where the backend has it."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.functional._bessel import erfcx, in_float64
from ivy.functional._stirling import beyond_stirling

__all__ = ["betaln", "log1mexp", "log_ndtr", "multigammaln", "ndtr", "ndtri", "tgamma"]

_INF, _NAN = float("inf"), float("nan")
_STEPS = 6
"""Newton's steps of `ndtri`; five leave less than 1e-12 in the whole range of float64."""


def _tgamma(x: Any) -> Any:
    whole = F.floor(x)
    infinite = (x == _INF) | (x == -_INF)
    pole = (x <= 0.0) & F.equal(x, whole) & ~infinite
    size = F.exp(F.lgamma(F.where(pole | infinite, 1.0, x)))
    parity = F.where(infinite, 0.0, whole)
    odd = parity - F.floor(parity * 0.5) * 2.0
    found = F.where(x < 0.0, size * (1.0 - odd * 2.0), size)
    found = F.where(pole, F.where(F.equal(x, 0.0), F.copysign(F.full_like(x, _INF), x), _NAN), found)
    return F.where(x == _INF, _INF, F.where(x == -_INF, _NAN, found))


tgamma = in_float64(_tgamma)


_LARGE = 10.0
"""From where Stirling's series has all digits."""


def _betaln(a: Any, b: Any) -> Any:
    small, big = F.minimum(a, b), F.maximum(a, b)
    valid = (small > 0.0) & (big < _INF)
    # the logarithms of gamma functions of large numbers differ by less than their last places: their leading parts are
    # subtracted by hand
    far = valid & (big > _LARGE)
    both = far & (small > _LARGE)
    q = F.where(far, big, 2.0 * _LARGE)
    p = F.where(far, small, _LARGE)
    gap = beyond_stirling(q) - beyond_stirling(p + q) - (p + q - 0.5) * F.log1p(p / q)
    one = F.lgamma(F.where(both, 1.0, p)) + p * (1.0 - F.log(q)) + gap
    z = F.where(both, p, _LARGE)
    two = (z - 0.5) * F.log(z / q) - 0.5 * F.log(q) + 0.5 * math.log(2.0 * math.pi) + beyond_stirling(z) + gap
    c, d = F.where(valid & ~far, small, 1.0), F.where(valid & ~far, big, 1.0)
    near = F.lgamma(c) + F.lgamma(d) - F.lgamma(c + d)
    edge = F.where(F.equal(small, 0.0) & (big < _INF), _INF, F.where((small > 0.0) & (big == _INF), -_INF, _NAN))
    return F.where(valid, F.where(both, two, F.where(far, one, near)), edge)


betaln = in_float64(_betaln)


def multigammaln(x: Any, d: int) -> Any:
    """Return the sum of lgamma(x - i / 2) for i below d, and the constant of DLMF 35.3.4."""

    def compute(x: Any) -> Any:
        found = F.lgamma(x) + d * (d - 1) / 4.0 * math.log(math.pi)
        for i in range(1, d):
            found = found + F.lgamma(x - 0.5 * i)
        return F.where(x > 0.5 * (d - 1), found, _NAN)

    return in_float64(compute)(x)


ndtr = in_float64(lambda x: F.erfc(x * -math.sqrt(0.5)) * 0.5)


def _log_ndtr(x: Any) -> Any:
    low = x < -1.0
    tail = F.where(low & (x > -_INF), x, -2.0)
    below = F.log(erfcx(tail * -math.sqrt(0.5)) * 0.5) - tail * tail * 0.5
    above = F.log1p(F.erfc(F.where(low, 0.0, x) * math.sqrt(0.5)) * -0.5)
    return F.where(low, F.where(x > -_INF, below, -_INF), above)


log_ndtr = in_float64(_log_ndtr)


def _ndtri(p: Any) -> Any:
    inside = (p > 0.0) & (p < 1.0)
    safe = F.where(inside, p, 0.5)
    upper = safe > 0.5
    wanted = F.log(F.where(upper, 1.0 - safe, safe))
    # log_ndtr rises and is concave, and is less than -x**2 / 2 - log(2) below 0: Newton's steps from there never pass
    # the solution
    x = -F.sqrt(F.maximum(F.stop_gradient(wanted + math.log(2.0)) * -2.0, 1e-300))
    for _ in range(_STEPS):
        value = _log_ndtr(x)
        x = x - (value - wanted) / F.exp(x * x * -0.5 - value) * math.sqrt(2.0 * math.pi)
    x = x + F.stop_gradient(F.where(F.equal(p, 0.5), -x, 0.0))  # there the start is all that there is
    found = F.where(upper, -x, x)
    return F.where(inside, found, F.where(F.equal(p, 0.0), -_INF, F.where(F.equal(p, 1.0), _INF, _NAN)))


ndtri = in_float64(_ndtri)


def _log1mexp(x: Any) -> Any:
    near = x < math.log(2.0)
    small = F.log(-F.expm1(-F.where(near, x, 1.0)))
    return F.where(near, small, F.log1p(-F.exp(-F.where(near, 1.0, x))))


log1mexp = in_float64(_log1mexp)
