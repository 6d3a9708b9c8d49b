"""What the bodies of elementwise composites share: bringing operands to one dtype, half precision, and derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ivy.functional as F
from ivy.dtypes import DType, dtype_of
from ivy.functional._precision import narrow, widen
from ivy.functional.promotion import common_dtype

__all__ = ["floating", "odd", "promoted", "with_slope"]


def promoted(*operands: Any, inexact: bool = False) -> tuple[list[Any], DType]:
    """Return the operands, arrays or scalars, as arrays of their common dtype, and that dtype."""
    kinds: list[Any] = [dtype_of(x) if hasattr(x, "dtype") else type(x) for x in operands]
    dtype = common_dtype(*kinds, inexact=inexact)
    return [
        F.asarray(x, dtype=dtype) if not hasattr(x, "dtype") else x if dtype_of(x) == dtype else F.astype(x, dtype)
        for x in operands
    ], dtype


def floating(
    real: Callable[[Any], Any], of_complex: Callable[[Any], Any] | None = None, *, wide: bool = False
) -> Callable[..., Any]:
    """Make an elementwise function from formulas for real and for complex arrays.

    Args:
        real: the formula for float32 and float64; integers come as float32, and so does half precision, to which the
            result is rounded.
        of_complex: the formula for complex numbers, if there is one.
        wide: whether all is computed in float64, because the formula loses digits.
    """

    def function(x: Any, /) -> Any:
        (x,), dtype = promoted(x, inexact=True)
        if dtype.is_complex and of_complex is not None:
            return of_complex(x)
        if wide:
            return narrow(real(F.astype(x, "float64")), x)
        return narrow(real(widen(x)), x)

    return function


def odd(formula: Callable[[Any], Any], x: Any) -> Any:
    """Apply a formula for positive numbers to all, where f(-x) = -f(x) and f(x) is x to first order at 0."""
    below, zero = F.less(x, 0), F.equal(x, 0)
    found = formula(F.where(zero, 1, F.where(below, F.negative(x), x)))
    return F.where(zero, x, F.where(below, F.negative(found), found))


def with_slope(value: Any, smooth: Any) -> Any:
    """Return `value` with the derivatives of `smooth`, the same function in a form that is precise for these alone."""
    still = F.stop_gradient(smooth)
    # subtracting +0 keeps the sign of a zero
    return F.subtract(F.stop_gradient(value), F.where(F.isfinite(still), F.subtract(still, smooth), 0))
