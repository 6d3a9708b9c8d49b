"""Bodies of functions of two or three operands, which are brought to one dtype first.

Each comparison or rounding would otherwise see a dtype of its own: an integer that wraps, a logarithm in the narrower
of two types, a Python scalar that is no array.
"""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.functional._lengths import root
from ivy.functional._operands import promoted
from ivy.functional._precision import widen


def fmod(x1: Any, x2: Any, /) -> Any:
    (a, b), dtype = promoted(x1, x2)
    if dtype.is_float:
        found = F.stop_gradient(F.copysign(F.remainder(F.abs(a), F.abs(b)), a))
        times = F.stop_gradient(F.trunc(F.divide(a, b)))
        none = F.logical_or(F.equal(times, 0), F.logical_not(F.isfinite(times)))
        smooth = F.subtract(a, F.where(none, 0, F.multiply(F.where(none, 0, times), F.where(none, 0, b))))
        smooth = F.where(F.isfinite(smooth), smooth, 0)
        return F.subtract(found, F.subtract(F.stop_gradient(smooth), smooth))  # 0, which keeps the gradient
    rest = F.remainder(a, b)
    other_sign = F.logical_and(F.not_equal(rest, 0), F.not_equal(F.less(a, 0), F.less(b, 0)))
    return F.where(other_sign, F.subtract(rest, b), rest)


def trunc_divide(x1: Any, x2: Any, /) -> Any:
    (a, b), dtype = promoted(x1, x2)
    if dtype.is_float:
        return F.trunc(F.divide(a, b))
    quotient, rest = F.floor_divide(a, b), F.remainder(a, b)
    rounded_down = F.logical_and(F.not_equal(rest, 0), F.not_equal(F.less(a, 0), F.less(b, 0)))
    return F.add(quotient, F.astype(rounded_down, dtype))


def fmax(x1: Any, x2: Any, /) -> Any:
    (a, b), _ = promoted(x1, x2)
    return F.where(F.logical_or(F.greater_equal(a, b), F.isnan(b)), a, b)


def fmin(x1: Any, x2: Any, /) -> Any:
    (a, b), _ = promoted(x1, x2)
    return F.where(F.logical_or(F.less_equal(a, b), F.isnan(b)), a, b)


def lerp(start: Any, end: Any, weight: Any, /) -> Any:
    (a, b, w), _ = promoted(start, end, weight)
    near, step = None, F.subtract(b, a)
    if not isinstance(weight, (int, float)) or abs(weight) < 0.5:
        near = F.add(a, F.multiply(w, step))
    if isinstance(weight, (int, float)) and near is not None:
        return near
    far = F.subtract(b, F.multiply(step, F.subtract(1, w)))  # exact at 1, and keeps an infinite start
    return far if near is None else F.where(F.less(F.abs(w), 0.5), near, far)


def hypot(x1: Any, x2: Any, /) -> Any:
    operands, _ = promoted(x1, x2, inexact=True)
    a, b = (F.abs(x) for x in operands)
    big, inf = F.stop_gradient(F.maximum(a, b)), float("inf")
    big = F.where(F.equal(big, 0), 1, big)
    squares = F.add(F.square(F.divide(a, big)), F.square(F.divide(b, big)))
    found = F.multiply(big, root(squares, 2))
    return F.where(F.logical_or(F.equal(a, inf), F.equal(b, inf)), inf, found)


def copysign(x1: Any, x2: Any, /) -> Any:
    (a, b), _ = promoted(x1, x2, inexact=True)
    size = F.abs(a)
    return F.where(F.signbit(b), F.negative(size), size)


def heaviside(x1: Any, x2: Any, /) -> Any:
    (a, b), dtype = promoted(x1, x2, inexact=True)
    return F.where(F.isnan(a), a, F.where(F.equal(a, 0), b, F.astype(F.less(0, a), dtype)))


def isclose(x1: Any, x2: Any, /, *, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    (a, b), dtype = promoted(x1, x2)
    if not dtype.is_inexact:  # differences of unsigned numbers wrap
        a, b = F.astype(a, "float64"), F.astype(b, "float64")
    close = F.less_equal(F.abs(F.subtract(a, b)), F.add(atol, F.multiply(rtol, F.abs(b))))
    # an infinite difference or reference compares true above; only equal infinities are close
    close = F.logical_or(F.equal(a, b), F.logical_and(close, F.logical_and(F.isfinite(a), F.isfinite(b))))
    return F.logical_or(close, F.logical_and(F.not_equal(a, a), F.not_equal(b, b))) if equal_nan else close


def logaddexp(x1: Any, x2: Any, /) -> Any:
    (a, b), dtype = promoted(x1, x2, inexact=True)
    a, b = widen(a), widen(b)
    apart = F.subtract(a, b)
    # equal infinities have no difference; their sum is themselves
    found = F.add(F.maximum(a, b), F.log1p(F.exp(F.negative(F.abs(apart)))))
    found = F.where(F.isnan(apart), F.add(a, b), found)
    return found if dtype_of(found) == dtype else F.astype(found, dtype)


def xlogy(x1: Any, x2: Any, /) -> Any:
    (a, b), _ = promoted(x1, x2, inexact=True)
    # elsewhere the logarithm is the derivative at 0
    zero = F.logical_and(F.equal(a, 0), F.logical_or(F.less_equal(b, 0), F.equal(b, float("inf"))))
    return F.where(zero, 0, F.multiply(a, F.log(F.where(zero, 1, b))))


def xlog1py(x1: Any, x2: Any, /) -> Any:
    (a, b), _ = promoted(x1, x2, inexact=True)
    zero = F.logical_and(F.equal(a, 0), F.logical_or(F.less_equal(b, -1), F.equal(b, float("inf"))))
    return F.where(zero, 0, F.multiply(a, F.log1p(F.where(zero, 0, b))))


def rel_entr(x1: Any, x2: Any, /) -> Any:
    (a, b), _ = promoted(x1, x2, inexact=True)
    inside = F.logical_and(F.greater(a, 0), F.greater(b, 0))
    safe1, safe2 = F.where(inside, a, 1), F.where(inside, b, 1)
    # one logarithm of the quotient is precise where the two are close, and two do not overflow
    quotient = F.divide(safe1, safe2)
    normal = F.logical_and(F.greater(quotient, 1e-6), F.less(quotient, 1e6))
    apart = F.subtract(F.log(safe1), F.log(safe2))
    found = F.multiply(safe1, F.where(normal, F.log(F.where(normal, quotient, 1)), apart))
    zero = F.logical_and(F.equal(a, 0), F.greater_equal(b, 0))
    unordered = F.logical_or(F.isnan(a), F.isnan(b))
    return F.where(inside, found, F.where(unordered, float("nan"), F.where(zero, F.zeros_like(found), float("inf"))))


def ldexp(x1: Any, x2: Any, /) -> Any:
    (a,), dtype = promoted(x1, inexact=True)
    (e,), _ = promoted(x2)
    # in two steps, so that a power beyond the range of the dtype doesn't spoil a result within it
    half = F.floor_divide(e, 2)
    first, second = (F.astype(F.pow(2.0, part), dtype) for part in (half, F.subtract(e, half)))
    return F.multiply(F.multiply(a, first), second)
