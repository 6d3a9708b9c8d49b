"""Special functions by series in a fixed number of steps, so that they can be recorded and differentiated.

They are computed in float64 whatever the operands are: differences of logarithms of gamma functions lose digits.
"""

from __future__ import annotations

from typing import Any

from ivy.dtypes import dtype_of
from ivy.functional.arithmetic import abs, add, divide, maximum, multiply, negative, pow, subtract  # noqa: A004
from ivy.functional.comparison import equal, greater, greater_equal, isnan, less, less_equal, logical_and
from ivy.functional.control_flow import scan
from ivy.functional.creation import arange, asarray
from ivy.functional.indexing import where
from ivy.functional.manipulation import astype, broadcast_arrays
from ivy.functional.promotion import common_dtype
from ivy.functional.transcendental import exp, log

__all__ = ["TINY", "apart_from_zero", "converged", "hurwitz_zeta", "incomplete_beta", "settled"]

TINY = 1e-30  # a number of float32 too
_TERMS = 200
"""Pairs of terms of the continued fraction, which takes most at the mean: about the root of the smaller parameter."""

_NEAR = 20
"""Terms of the sum before Euler and Maclaurin's formula takes over."""

# B_2j / (2j)!, the factors of that formula
_BERNOULLI = (
    1 / 12,
    -1 / 720,
    1 / 30240,
    -1 / 1209600,
    1 / 47900160,
    -691 / 1307674368000,
    1 / 74724249600,
    -3617 / 10670622842880000,
    43867 / 5109094217170944000,
    -174611 / 802857662698291200000,
)


def _wide(*operands: Any) -> tuple[list[Any], Any]:
    """Return the operands in float64, of one shape, and the dtype of the result."""
    kinds: list[Any] = [dtype_of(x) if hasattr(x, "dtype") else type(x) for x in operands]
    dtype = common_dtype(*kinds, inexact=True)
    arrays = [astype(x, "float64") if hasattr(x, "dtype") else asarray(x, dtype="float64") for x in operands]
    return list(broadcast_arrays(*arrays)), dtype


def incomplete_beta(a: Any, b: Any, x: Any) -> Any:
    """Return I_x(a, b) by its continued fraction (DLMF 8.17.22); NaN outside its domain and where it converges late."""
    from ivy.functional.special import lgamma
    from ivy.functional.transcendental import log1p

    (a, b, x), dtype = _wide(a, b, x)
    inside = logical_and(greater(x, 0), less(x, 1))
    z = where(inside, x, 0.5)
    # it converges fast below the mean; above, that of the complement does
    swap = greater(z, divide(add(a, 1), add(add(a, b), 2)))
    p, q, y = where(swap, b, a), where(swap, a, b), where(swap, subtract(1, z), z)
    logs = add(multiply(p, log(y)), multiply(q, log1p(negative(y))))
    front = exp(add(logs, subtract(subtract(lgamma(add(p, q)), lgamma(p)), lgamma(q))))
    part = divide(multiply(front, _beta_fraction(p, q, y)), p)
    found = where(inside, where(swap, subtract(1, part), part), where(equal(x, 0), 0.0, 1.0))
    valid = logical_and(
        logical_and(greater(a, 0), greater(b, 0)), logical_and(greater_equal(x, 0), less_equal(x, 1))
    )  # NaN is not valid either
    return astype(where(valid, found, float("nan")), dtype)


def _beta_fraction(a: Any, b: Any, x: Any) -> Any:
    """Evaluate the continued fraction by Lentz's method."""
    total = add(a, b)
    c = divide(a, a)
    d = _inverse(subtract(1, divide(multiply(total, x), add(a, 1))))

    def term(carry: Any, m: Any) -> Any:
        value, _, c, d = carry
        middle = add(a, multiply(m, 2))
        even = divide(multiply(multiply(subtract(b, m), m), x), multiply(subtract(middle, 1), middle))
        odd = divide(multiply(multiply(add(a, m), add(total, m)), x), multiply(middle, add(middle, 1)))
        change = value
        for numerator in (even, negative(odd)):
            d = _inverse(add(1, multiply(numerator, d)))
            c = add(1, divide(numerator, apart_from_zero(c)))
            change = multiply(c, d)
            value = multiply(value, change)
        return (value, change, c, d), None

    (value, change, *_), _ = scan(term, (d, d, c, d), arange(1, _TERMS, dtype="float64"))
    return settled(value, change)


def apart_from_zero(x: Any) -> Any:
    """Return `x`, with a small number for what is nearer to zero, which Lentz's method divides by."""
    return where(less(abs(x), TINY), TINY, x)


def _inverse(x: Any) -> Any:
    return divide(1, apart_from_zero(x))


def converged(x: Any) -> float:
    """Return how near to 1 the last factor of a continued fraction has to be; float64 is float32 on some backends."""
    return 1e-12 if dtype_of(x) == "float64" else 1e-6


def settled(value: Any, change: Any) -> Any:
    """Return a continued fraction's value, and NaN where its last factor still changed it."""
    return where(less(abs(subtract(change, 1)), converged(value)), value, float("nan"))


def hurwitz_zeta(x: Any, q: Any) -> Any:
    """Return the sum of 1 / (k + q)**x by Euler and Maclaurin's formula (DLMF 25.11.28 without the remainder)."""
    from ivy.functional.arithmetic import floor

    (x, q), dtype = _wide(x, q)
    power = negative(where(less_equal(x, 1), 2.0, x))
    pole = logical_and(less_equal(q, 0), equal(q, floor(q)))
    base = where(pole, 0.5, q)
    near = pow(base, power)
    for k in range(1, _NEAR):
        near = add(near, pow(add(base, k), power))
    end = maximum(add(base, _NEAR), 1.0)
    last = pow(end, power)
    rest = add(divide(multiply(last, end), subtract(negative(power), 1)), multiply(last, 0.5))
    factor = divide(multiply(last, negative(power)), end)
    for j, bernoulli in enumerate(_BERNOULLI):
        rest = add(rest, multiply(factor, bernoulli))
        step = subtract(2 * j + 1, power)
        factor = divide(multiply(divide(multiply(factor, step), end), add(step, 1)), end)
    found = add(near, where(equal(last, 0), 0.0, rest))
    found = where(pole, float("inf"), found)
    # the formula needs the terms left to be past the origin
    outside = less(add(q, _NEAR), 10)
    found = where(outside, float("nan"), found)
    found = where(less(x, 1), float("nan"), where(equal(x, 1), float("inf"), found))
    return astype(where(isnan(x), x, where(isnan(q), q, found)), dtype)
