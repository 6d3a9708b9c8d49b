"""Bodies of signs, rounding and the smaller of two numbers: from `floor`, `maximum` and comparisons."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.functional._limits import limited
from ivy.functional._operands import promoted


def reflected(x: Any) -> Any:
    """Reverse the order of numbers: negate floats; the bits' complement does it to integers without overflow."""
    return F.negative(x) if dtype_of(x).is_float else F.bitwise_invert(x)


def minimum(x1: Any, x2: Any, /) -> Any:
    (a, b), _ = promoted(x1, x2)
    return reflected(F.maximum(reflected(a), reflected(b)))


def _quotient(x: Any) -> Any:
    zero = F.equal(x, 0)
    return F.where(zero, x, F.divide(x, F.where(zero, 1, F.astype(F.abs(x), dtype_of(x)))))


_direction = limited("sign", _quotient)


def sign(x: Any, /) -> Any:
    dtype = dtype_of(x)
    if dtype.is_complex:
        return _direction(x)
    found = F.subtract(F.astype(F.less(0, x), dtype), F.astype(F.less(x, 0), dtype))
    # not-a-number stays; the product says that the derivative is 0, and not that there is none
    return (
        F.where(F.isfinite(x), F.add(found, F.multiply(F.where(F.isfinite(x), x, 0), 0)), F.where(F.isnan(x), x, found))
        if dtype.is_float
        else found
    )


def ceil(x: Any, /) -> Any:
    return F.negative(F.floor(F.negative(x))) if dtype_of(x).is_float else x


def trunc(x: Any, /) -> Any:
    return F.where(F.less(x, 0), F.ceil(x), F.floor(x)) if dtype_of(x).is_float else x


def round(x: Any, /, *, decimals: int = 0) -> Any:
    dtype = dtype_of(x)
    if dtype.is_complex:
        return F.complex(round(F.real(x), decimals=decimals), round(F.imag(x), decimals=decimals))
    if not dtype.is_float:
        return round_whole(x, decimals)
    if decimals:
        scale = 10.0 ** abs(decimals)
        if decimals > 0:
            return F.divide(round(F.multiply(x, scale)), scale)
        return F.multiply(round(F.divide(x, scale)), scale)
    low = F.floor(x)
    rest, half = F.subtract(x, low), F.multiply(low, 0.5)
    is_odd = F.not_equal(half, F.floor(half))
    up = F.logical_or(F.less(0.5, rest), F.logical_and(F.equal(rest, 0.5), is_odd))
    found = F.where(up, F.add(low, 1), low)
    return F.where(F.equal(found, 0), F.multiply(x, 0), found)  # a zero keeps the sign of what was rounded


def round_whole(x: Any, decimals: int) -> Any:
    """Round integers before the point, halves to even, exactly; others keep their digits."""
    dtype = dtype_of(x)
    if decimals >= 0 or not dtype.is_integer:
        return x
    unit = 10**-decimals
    if 2 * unit >= 2**dtype.bits:  # more digits than the dtype has
        return F.zeros_like(x)
    wide = x if dtype.bits == 64 else F.astype(x, "int64")
    down = F.floor_divide(wide, unit)
    rest = F.multiply(F.subtract(wide, F.multiply(down, unit)), 2)
    up = F.logical_or(F.greater(rest, unit), F.logical_and(F.equal(rest, unit), F.equal(F.remainder(down, 2), 1)))
    return F.astype(F.multiply(F.add(down, F.astype(up, dtype_of(wide))), unit), dtype)
