"""Integers to negative powers, which frameworks refuse, or compute as if the exponent had no sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of

__all__ = ["whole_power"]


def whole_power(power: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Give a power of arrays of one dtype its values for integers with negative exponents.

    Args:
        power: a backend's power; one operand may be a Python scalar.

    Returns:
        The power whose negative ones of integers are 0, but for those of 1 and -1.
    """

    def call(x: Any, n: Any) -> Any:
        whole = dtype_of(x if hasattr(x, "dtype") else n).kind == "int"
        if not whole or isinstance(x, (float, complex)) or isinstance(n, (float, complex)):
            return power(x, n)
        if isinstance(n, int) and n >= 0:
            return power(x, n)
        if isinstance(n, int):
            return _fraction(x, F.full_like(x, n % 2 == 1, dtype="bool"))
        x = x if hasattr(x, "dtype") else F.full_like(n, x)
        below = F.less(n, 0)
        found = power(x, F.where(below, F.zeros_like(n), n))
        return F.where(below, _fraction(x, F.not_equal(F.remainder(n, 2), 0)), found)

    return call


def _fraction(x: Any, odd: Any) -> Any:
    one, zero = F.ones_like(x), F.zeros_like(x)
    sign = F.where(odd, F.full_like(x, -1), one)
    return F.where(F.equal(x, 1), one, F.where(F.equal(x, -1), sign, zero))
