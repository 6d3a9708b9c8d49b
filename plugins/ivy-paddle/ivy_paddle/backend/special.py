"""Special functions, integers and the parts of floats in Paddle."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ivy.errors import DtypeError
from ivy_paddle.backend.comparison import bit_width
from ivy_paddle.backend.support import WHOLE, floating, number, promoting, restored, widened
from ivy_paddle.loading import paddle

erf = floating(paddle.erf)
# paddle.erfinv gives 0 for small numbers: the declaration's body computes it


def polygamma(n: int, x: Any, /) -> Any:
    return floating(lambda y: paddle.polygamma(y, n), lambda y: polygamma(n + 1, y))(x)


digamma = floating(paddle.digamma, lambda x: polygamma(1, x))
lgamma = floating(paddle.lgamma, digamma)


def _per_x(y: Any, x: Any) -> Any:
    """Divide an odd function that starts as x / 2."""
    zero = x == 0
    return paddle.where(zero, paddle.full_like(x, 0.5), y / paddle.where(zero, paddle.ones_like(x), x))


i1: Callable[..., Any] = floating(paddle.i1, lambda x: i0(x) - _per_x(i1(x), x))
i0: Callable[..., Any] = floating(paddle.i0, i1)
i1e: Callable[..., Any] = floating(paddle.i1e, lambda x: i0e(x) - paddle.sign(x) * i1e(x) - _per_x(i1e(x), x))
i0e: Callable[..., Any] = floating(paddle.i0e, lambda x: i1e(x) - paddle.sign(x) * i0e(x))


def _erfc(x: Any) -> Any:
    # beyond 1/2 the difference from 1 would lose digits; erfc(x) = Q(1/2, x^2) for x > 0
    far = x > 0.5
    square = paddle.where(far, paddle.clip(x * x, max=1e4), paddle.ones_like(x))  # NaN at infinity
    return paddle.where(far, paddle.gammaincc(paddle.full_like(x, 0.5), square), 1 - paddle.erf(x))


erfc = floating(_erfc, lambda x: paddle.exp(-x * x) * (-2 / math.sqrt(math.pi)))


# paddle.gammainc loses small results, and refuses negative numbers: the declarations' bodies compute igamma and igammac


def _gcd(a: Any, b: Any) -> Any:
    if a.dtype not in WHOLE:
        raise DtypeError(f"gcd is not defined for {a.dtype}", hint="cast to integers")
    return paddle.gcd(a, b)


gcd = promoting(_gcd, big=False)


def _bits(x: Any) -> tuple[Any, int]:
    """Return the bits as int64, without copies of the sign bit, and their number."""
    width = bit_width(x.dtype)
    wide = x.astype(paddle.int64)
    return (wide if width == 64 else wide & number((1 << width) - 1, paddle.int64)), width


def popcount(x: Any, /) -> Any:
    return _ones(_bits(x)[0]).astype(x.dtype)


def _ones(bits: Any) -> Any:
    """Count by adding neighbouring fields of 1, 2, 4, 8, 16 and 32 bits."""
    for step, mask in (
        (1, 0x5555555555555555),
        (2, 0x3333333333333333),
        (4, 0x0F0F0F0F0F0F0F0F),
        (8, 0x00FF00FF00FF00FF),
        (16, 0x0000FFFF0000FFFF),
        (32, 0x00000000FFFFFFFF),
    ):
        fields = number(mask, paddle.int64)
        bits = (bits & fields) + (_shifted(bits, step) & fields)
    return bits


def _shifted(bits: Any, step: int) -> Any:
    return paddle.bitwise_right_shift(bits, number(step, paddle.int64), is_arithmetic=False)


def clz(x: Any, /) -> Any:
    bits, width = _bits(x)
    for step in (1, 2, 4, 8, 16, 32):  # smear the highest set bit downwards; the zeros above it stay
        bits = bits | _shifted(bits, step)
    return (width - _ones(bits)).astype(x.dtype)


def frexp(x: Any, /) -> tuple[Any, Any]:
    mantissa, exponent = paddle.frexp(widened(x))
    odd = ~paddle.isfinite(mantissa)
    return restored(mantissa, x.dtype), paddle.where(odd, paddle.zeros_like(exponent), exponent).astype(paddle.int32)
