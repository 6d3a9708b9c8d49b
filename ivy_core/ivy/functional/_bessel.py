"""Bessel and Airy functions and the scaled error function by Chebyshev series.

Near the origin the series stands for the function itself (less its logarithm), far out for the slowly varying factors
of its asymptotic form. Computed in float64 where the backend has it; every branch gets arguments within its own range,
so that the branch which is not taken leaves no NaN in a gradient.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import DtypeError
from ivy.functional import _special_tables as tables
from ivy.functional.promotion import common_dtype

__all__ = ["airy_ai", "bessel_j", "bessel_y", "erfcx", "in_float64", "modified_k"]

_INF, _NAN = float("inf"), float("nan")


def in_float64(compute: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that computes in float64, on operands of one shape, and gives the promoted dtype back.

    Args:
        compute: takes and returns float64 arrays.

    Returns:
        A function of arrays and Python numbers.

    Raises:
        DtypeError: by that function, on complex operands.
    """

    def run(*operands: Any) -> Any:
        kinds: list[Any] = [dtype_of(x) if hasattr(x, "dtype") else type(x) for x in operands]
        dtype = common_dtype(*kinds, inexact=True)
        if dtype.is_complex:
            raise DtypeError(f"this special function is for real numbers, not {dtype}")
        arrays = [F.astype(x, "float64") if hasattr(x, "dtype") else F.asarray(x, dtype="float64") for x in operands]
        return F.astype(compute(*(F.broadcast_arrays(*arrays) if len(arrays) > 1 else arrays)), dtype)

    return run


def _series(coefficients: Sequence[float], u: Any) -> Any:
    """Sum a Chebyshev series for u in [-1, 1] by Clenshaw's recurrence."""
    twice = u * 2.0
    later, last = F.zeros_like(u), F.zeros_like(u)
    for c in reversed(coefficients[1:]):
        later, last = last, twice * last - later + c
    return u * last - later + coefficients[0]


def _of_square(table: Sequence[float], x: Any, end: float) -> Any:
    return _series(table, x * x * (2.0 / end**2) - 1.0)


def _oscillating(x: Any, order: int) -> tuple[Any, Any, Any, Any]:
    """Amplitudes P and Q, with the factor sqrt(2 / (pi x)), and the cosine and sine of the phase, for x >= 8."""
    z = 8.0 / x
    p = _of_square((tables.P0, tables.P1)[order], z, 1.0)
    q = _of_square((tables.Q0, tables.Q1)[order], z, 1.0) * z
    scale = F.sqrt(2.0 / math.pi / x)
    c, s = F.cos(x), F.sin(x)
    # the cosine and sine of x - (order / 2 + 1 / 4) pi by the addition theorems: subtracting would round x
    half = math.sqrt(0.5)
    cosine, sine = ((c + s) * half, (s - c) * half) if order == 0 else ((s - c) * half, (c + s) * -half)
    return p * scale, q * scale, cosine, sine


def bessel_j(order: int) -> Callable[[Any], Any]:
    """Return the Bessel function of the first kind of order 0 or 1 (DLMF 10.2)."""

    def compute(x: Any) -> Any:
        size = F.abs(x)
        near, infinite = size <= 8.0, size == _INF
        inner = F.where(near, x, 1.0)
        close = _of_square((tables.J0, tables.J1)[order], inner, 8.0)
        p, q, cosine, sine = _oscillating(F.where(near | infinite, 9.0, size), order)
        far = p * cosine - q * sine
        if order == 1:
            close, far = close * inner, far * F.where(x < 0.0, -1.0, F.ones_like(x))
        found = F.where(near, close, F.where(infinite, 0.0, far))
        return F.where(F.isnan(x), x, found)

    return in_float64(compute)


def bessel_y(order: int) -> Callable[[Any], Any]:
    """Return the Bessel function of the second kind of order 0 or 1 (DLMF 10.8)."""

    def compute(x: Any) -> Any:
        inside, near, infinite = x > 0.0, x <= 8.0, x == _INF
        inner = F.where(inside & near, x, 1.0)
        first = _of_square((tables.J0, tables.J1)[order], inner, 8.0)
        close = _of_square((tables.Y0, tables.Y1)[order], inner, 8.0)
        if order == 0:
            close = close + F.log(inner) * first * (2.0 / math.pi)
        else:
            close = (close + F.log(inner) * first * (2.0 / math.pi)) * inner - (2.0 / math.pi) / inner
        p, q, cosine, sine = _oscillating(F.where(inside & ~near & ~infinite, x, 9.0), order)
        found = F.where(near, close, F.where(infinite, 0.0, p * sine + q * cosine))
        return F.where(inside, found, F.where(F.equal(x, 0.0), -_INF, _NAN))

    return in_float64(compute)


def modified_k(order: int, scaled: bool) -> Callable[[Any], Any]:
    """Return the modified Bessel function of the second kind (DLMF 10.25), or exp(x) times it."""

    def compute(x: Any) -> Any:
        inside, near = x > 0.0, x <= 2.0
        inner = F.where(inside & near, x, 1.0)
        logarithm = F.log(inner * 0.5) * _of_square((tables.I0, tables.I1)[order], inner, 2.0)
        close = _of_square((tables.K0, tables.K1)[order], inner, 2.0)
        close = close - logarithm if order == 0 else (close + logarithm) * inner + 1.0 / inner
        outer = F.where(inside & ~near, x, 3.0)
        far = _series((tables.K0_FAR, tables.K1_FAR)[order], 4.0 / outer - 1.0) / F.sqrt(outer)
        if scaled:
            close = close * F.exp(inner)
        else:
            far = far * F.exp(-outer)
        return F.where(inside, F.where(near, close, far), F.where(F.equal(x, 0.0), _INF, _NAN))

    return in_float64(compute)


def _airy_ai(x: Any) -> Any:
    right, left = x > 2.0, x < -5.0
    middle = _series(tables.AIRY, (F.where(right | left | F.isnan(x), 0.0, x) * 2.0 + 3.0) / 7.0)

    y = F.where(right & (x < 1e5), x, 3.0)
    root = F.sqrt(y)
    zeta = y * root * (2.0 / 3.0)
    first = 2.0 / 3.0 * 2.0**1.5
    above = _series(tables.AIRY_RIGHT, (2.0 * first) / zeta - 1.0)
    above = above * F.exp(-zeta) / F.sqrt(root) * (0.5 / math.sqrt(math.pi))

    y = F.where(left & (x > -_INF), -x, 6.0)
    root = F.sqrt(y)
    zeta = y * root * (2.0 / 3.0)
    ratio = (2.0 / 3.0 * 5.0**1.5) / zeta
    c, s = F.cos(zeta), F.sin(zeta)
    below = (c + s) * _of_square(tables.AIRY_COS, ratio, 1.0) + (s - c) * ratio * _of_square(
        tables.AIRY_SIN, ratio, 1.0
    )
    below = below / F.sqrt(root) * math.sqrt(0.5 / math.pi)

    found = F.where(right, F.where(x < 1e5, above, 0.0), F.where(left, F.where(x > -_INF, below, 0.0), middle))
    return F.where(F.isnan(x), x, found)


airy_ai = in_float64(_airy_ai)


def _erfcx(x: Any) -> Any:
    size = F.where(x < 0.0, -x, x)  # not abs, whose derivative at 0 is 0
    size = F.where((size == _INF) | F.isnan(x), 1e300, size)
    upper = _series(tables.ERFCX, (size - 3.75) / (size + 3.75)) / (size * 2.0 + 1.0)
    # for negative x the function is 2 exp(x**2) - erfcx(-x)
    negative = x < 0.0
    low = F.where(negative & (x > -27.0), x, 0.0)
    lower = F.exp(low * low) * 2.0 - upper
    found = F.where(negative, F.where(x > -27.0, lower, _INF), upper)
    return F.where(x == _INF, 0.0, F.where(F.isnan(x), x, found))


erfcx = in_float64(_erfcx)
