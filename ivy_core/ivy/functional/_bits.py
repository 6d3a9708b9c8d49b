"""Bodies of functions on the bits of numbers, and of integers."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import DType, dtype_of
from ivy.errors import DtypeError
from ivy.functional._operands import promoted
from ivy.functional._precision import narrow, widen

_FRACTION: dict[Any, int] = {"float16": 10, "bfloat16": 7, "float32": 23, "float64": 52}


def _integers(dtype: DType) -> str:
    """Name the signed integers of a dtype's width."""
    return f"int{dtype.bits}"


def _checked(op: str, dtype: DType) -> DType:
    if not dtype.is_integer:
        raise DtypeError(f"ivy.{op} is defined for integers, not for {dtype}", hint="cast to int64 with ivy.astype")
    return dtype


def signbit(x: Any, /) -> Any:
    dtype = dtype_of(x)
    return F.less(F.bitcast(x, _integers(dtype)) if dtype.is_float else x, 0)


def nextafter(x1: Any, x2: Any, /) -> Any:
    (a, b), dtype = promoted(x1, x2, inexact=True)
    bits = F.bitcast(a, _integers(dtype))
    # bits read as integers grow with the magnitude, on both sides of zero
    step = F.where(F.equal(F.less(a, b), F.less(0, a)), 1, -1)
    moved = F.bitcast(F.add(bits, F.astype(step, dtype_of(bits))), dtype)
    least = F.bitcast(F.asarray(1, dtype=_integers(dtype)), dtype)
    from_zero = F.where(F.less(a, b), least, F.negative(least))
    found = F.where(F.equal(a, b), b, F.where(F.equal(a, 0), from_zero, moved))
    return F.where(F.isnan(a), a, F.where(F.isnan(b), b, found))


def popcount(x: Any, /) -> Any:
    bits, width = _checked("popcount", dtype_of(x)).bits, 1
    while width < bits:  # numbers of `width` bits, added in pairs
        mask = sum(((1 << width) - 1) << place for place in range(0, bits, 2 * width))
        x = F.add(F.bitwise_and(x, mask), F.bitwise_and(F.bitwise_right_shift(x, width), mask))
        width *= 2
    return x


def clz(x: Any, /) -> Any:
    bits, step = _checked("clz", dtype_of(x)).bits, 1
    while step < bits:  # spread the highest set bit downwards; the zeros above it stay
        x = F.bitwise_or(x, F.bitwise_right_shift(x, step))
        step *= 2
    return F.subtract(bits, F.popcount(x))


def frexp(x: Any, /) -> tuple[Any, Any]:
    (x,), _ = promoted(x, inexact=True)
    wide = widen(x)
    dtype = dtype_of(wide)
    fraction = _FRACTION[dtype]
    exponent_mask = (1 << (dtype.bits - 1 - fraction)) - 1
    # numbers below the normal ones have their leading bit anywhere: they are scaled up first
    tiny = F.less(F.abs(wide), 2.0 ** (2 - exponent_mask // 2))
    normal = F.where(tiny, F.multiply(wide, 2.0**fraction), wide)
    bits = F.bitcast(F.stop_gradient(normal), _integers(dtype))
    biased = F.bitwise_and(F.bitwise_right_shift(bits, fraction), exponent_mask)
    exponent = F.subtract(F.astype(biased, "int32"), exponent_mask // 2 - 1)
    plain = F.logical_or(F.equal(wide, 0), F.logical_not(F.isfinite(wide)))
    exponent = F.where(plain, 0, exponent)
    mantissa = F.ldexp(normal, F.negative(exponent))
    exponent = F.where(tiny, F.subtract(exponent, fraction), exponent)
    return narrow(F.where(plain, wide, mantissa), x), F.where(plain, 0, exponent)


def gcd(x1: Any, x2: Any, /) -> Any:
    (a, b), dtype = promoted(x1, x2)
    _checked("gcd", dtype)
    a, b = F.broadcast_arrays(F.abs(a), F.abs(b))

    def step(pair: Any, _: Any) -> Any:
        a, b = pair
        done = F.equal(b, 0)
        return (F.where(done, a, b), F.where(done, b, F.remainder(a, F.where(done, 1, b)))), ()

    # Euclid's algorithm takes most steps on neighbours in Fibonacci's sequence, which grows by 2 ** 0.694
    return F.scan(step, (a, b), None, length=int(dtype.bits / 0.69) + 2)[0][0]
