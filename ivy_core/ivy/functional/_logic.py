"""Bodies of the comparisons, predicates and logical functions: all from `equal`, `less` and bits."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of

_INFINITY = float("inf")


def not_equal(x1: Any, x2: Any, /) -> Any:
    return F.bitwise_invert(F.equal(x1, x2))


def less_equal(x1: Any, x2: Any, /) -> Any:
    return F.bitwise_or(F.less(x1, x2), F.equal(x1, x2))


def greater(x1: Any, x2: Any, /) -> Any:
    return F.less(x2, x1)


def greater_equal(x1: Any, x2: Any, /) -> Any:
    return F.bitwise_or(F.less(x2, x1), F.equal(x1, x2))


def isnan(x: Any, /) -> Any:
    return F.not_equal(x, x)


def isinf(x: Any, /) -> Any:
    dtype = dtype_of(x)
    if dtype.is_complex:
        return F.bitwise_or(isinf(F.real(x)), isinf(F.imag(x)))
    return F.equal(F.abs(x), _INFINITY) if dtype.is_float else F.not_equal(x, x)


def isfinite(x: Any, /) -> Any:
    dtype = dtype_of(x)
    if dtype.is_complex:
        return F.bitwise_and(isfinite(F.real(x)), isfinite(F.imag(x)))
    return F.less(F.abs(x), _INFINITY) if dtype.is_float else F.equal(x, x)


def _truth(x: Any) -> Any:
    if not hasattr(x, "dtype"):
        return bool(x)
    return x if dtype_of(x) == "bool" else F.not_equal(x, 0)


def logical_and(x1: Any, x2: Any, /) -> Any:
    return F.bitwise_and(_truth(x1), _truth(x2))


def logical_or(x1: Any, x2: Any, /) -> Any:
    return F.bitwise_or(_truth(x1), _truth(x2))


def logical_xor(x1: Any, x2: Any, /) -> Any:
    return F.not_equal(_truth(x1), _truth(x2))


def logical_not(x: Any, /) -> Any:
    return F.bitwise_invert(_truth(x))


def bitwise_xor(x1: Any, x2: Any, /) -> Any:
    return F.bitwise_and(F.bitwise_or(x1, x2), F.bitwise_invert(F.bitwise_and(x1, x2)))
