"""Arithmetic and rounding in Paddle."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from ivy.errors import BackendError
from ivy.functional._limits import limited
from ivy.functional._whole_power import whole_power
from ivy_paddle.backend.support import (
    COMPLEX,
    FLOATS,
    HALVES,
    INEXACT,
    UNSIGNED,
    WHOLE,
    floating,
    number,
    promoting,
    unary,
    unsigned_quotient,
    unsigned_remainder,
)
from ivy_paddle.loading import paddle

# -x in Paddle is x * -1 + 0, which makes every zero 0; adding -0 keeps the sign
_neg: Any = unary(lambda x: paddle.scale(x, -1.0, -0.0))


def negative(x: Any, /) -> Any:
    # Paddle's complex product with -1 makes infinities no numbers
    return paddle.complex(-paddle.real(x), -paddle.imag(x)) if x.dtype in COMPLEX else _neg(x)


_negative: Any = negative
_negative.same_dtype, _negative.applies = paddle.neg, _neg.applies
square = unary(paddle.square, slope=lambda x: x * 2)
# from 8 elements on the CPU's kernel for float32 has no infinity and no -0
sqrt = floating(paddle.sqrt, table={**INEXACT, **dict.fromkeys((*HALVES, paddle.float32), paddle.float64)})
signbit = unary(paddle.signbit)
_abs = unary(paddle.abs)


def abs(x: Any, /) -> Any:
    return x if x.dtype in UNSIGNED or x.dtype in (paddle.bool, paddle.uint8) else _abs(x)


def rsqrt(x: Any, /) -> Any:
    return 1 / paddle.sqrt(x) if x.dtype in COMPLEX else _rsqrt(x)


_rsqrt = floating(paddle.rsqrt)
reciprocal = floating(paddle.reciprocal, lambda x: -1 / (x * x))
_sign, _sign_of_complex = unary(paddle.sign), limited("sign", paddle.sgn)


def sign(x: Any, /) -> Any:
    if x.dtype in UNSIGNED:
        return x.astype(paddle.bool).astype(x.dtype)
    return _sign_of_complex(x) if x.dtype in COMPLEX else _sign(x)


def _floor_divide(a: Any, b: Any) -> Any:
    found = paddle.floor_divide(a, b)
    if found.dtype not in FLOATS:
        return found
    infinite = paddle.logical_or(paddle.isinf(a), paddle.isinf(b))
    return paddle.where(infinite, paddle.divide(a, b).detach(), found)


add = promoting(paddle.add, operator.add)
subtract = promoting(paddle.subtract, operator.sub)
multiply = promoting(paddle.multiply, operator.mul)


def _over(x: Any, n: float) -> Any:
    """Divide by a Python number; Paddle multiplies by its reciprocal, which zero has none of."""
    return x / n if n else paddle.divide(x, number(n, x.dtype))


divide = promoting(paddle.divide, _over, inexact=True)
quotient: Any = promoting(paddle.floor_divide, big=unsigned_quotient)
floor_divide: Any = promoting(_floor_divide, big=unsigned_quotient)
floor_divide.same_dtype = paddle.floor_divide
floor_divide.applies = lambda dtype, positions: dtype.is_integer and quotient.applies(dtype, positions)


def _remainder(a: Any, b: Any) -> Any:
    found = paddle.remainder(a, b)
    if found.dtype not in FLOATS:
        return found
    # a zero has the divisor's sign; what is subtracted is 0 and keeps the gradient
    kept = found.detach()
    return paddle.where(found == 0, paddle.copysign(kept, b.detach()) - (kept - found), found)


_remainder.__name__ = "remainder"  # in errors
remainder = promoting(
    _remainder,
    big=unsigned_remainder,
    slopes=lambda a, b: (paddle.ones_like(a), -paddle.floor((a / b).detach())),
)
remainder.same_dtype = paddle.remainder  # type: ignore[attr-defined]
maximum = promoting(paddle.maximum, order=True)
minimum = promoting(paddle.minimum, order=True)
fmax = promoting(paddle.fmax, order=True, slopes=lambda a, b: _chosen(a, b, (a >= b) | paddle.isnan(b)))
fmin = promoting(paddle.fmin, order=True, slopes=lambda a, b: _chosen(a, b, (a <= b) | paddle.isnan(b)))
heaviside = promoting(
    lambda a, b: paddle.where(paddle.isnan(a), a, paddle.heaviside(a, b)),  # whose kernel for vectors gives 0
    inexact=True,
    slopes=lambda a, b: _chosen(None, b, a != 0),
)
copysign = promoting(
    paddle.copysign, inexact=True, slopes=lambda a, b: (paddle.copysign(paddle.ones_like(a), b) * paddle.sign(a), None)
)


def _chosen(a: Any, b: Any, first: Any) -> tuple[Any, Any]:
    """Return the derivatives of what takes one of two operands."""
    return None if a is None else first.astype(a.dtype), (~first).astype(b.dtype)


def _power(base: Any, exponent: Any) -> Any:
    if base.dtype not in WHOLE:
        return paddle.pow(base, exponent)
    # Paddle goes through float64. Beyond 63 only 0, 1 and -1 have a power that fits.
    exponent = paddle.where(exponent > 63, 62 + exponent % 2, exponent)
    result = paddle.ones_like(base * exponent)
    for bit in range(6):
        result = paddle.where((exponent >> bit) % 2 == 1, result * base, result)
        base = base * base
    return result


pow = promoting(whole_power(_power), operator.pow)
_pow: Any = pow
_pow.same_dtype = paddle.pow
_pow.applies = lambda dtype, positions: dtype == "float32"
_nextafter = promoting(paddle.nextafter, inexact=True)


def nextafter(x1: Any, x2: Any, /) -> Any:
    if any(getattr(x, "dtype", None) in HALVES for x in (x1, x2)):
        raise BackendError("Paddle has no ivy.nextafter in half precision", hint="cast to float32, whose steps differ")
    return _nextafter(x1, x2)


def clip(x: Any, /, min: Any = None, max: Any = None) -> Any:
    if x.dtype == paddle.float32 and all(b is None or type(b) in (int, float) for b in (min, max)):
        if min is None or max is None or min <= max:
            return x if min is None and max is None else paddle.clip(x, min, max)
    x = x if min is None else maximum(x, min)
    return x if max is None else minimum(x, max)


def _rounding(fn: Callable[..., Any]) -> Callable[..., Any]:
    rounded = unary(fn, slope=paddle.zeros_like)

    def computed(x: Any, /) -> Any:
        return x if x.dtype in WHOLE else rounded(x)

    made: Any = computed
    made.same_dtype = fn
    made.applies = lambda dtype, positions: dtype in ("float32", "float64") and not positions
    return made


ceil = _rounding(paddle.ceil)
floor = _rounding(paddle.floor)
trunc = _rounding(paddle.trunc)
_round = _rounding(paddle.round)


def round(x: Any, /, *, decimals: int = 0) -> Any:
    if x.dtype in COMPLEX:
        return paddle.complex(round(paddle.real(x), decimals=decimals), round(paddle.imag(x), decimals=decimals))
    if decimals == 0 or (decimals > 0 and x.dtype in WHOLE):
        return _round(x)
    wide = x.astype(paddle.float64) if x.dtype in WHOLE or x.dtype in HALVES else x
    factor = paddle.full([], 10.0 ** (decimals if decimals > 0 else -decimals), wide.dtype)
    wide = paddle.round(wide * factor) / factor if decimals > 0 else paddle.round(wide / factor) * factor
    return wide.astype(x.dtype)
