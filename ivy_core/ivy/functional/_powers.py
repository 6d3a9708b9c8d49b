"""Bodies of roots."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.functional._operands import floating


def _cbrt(x: Any) -> Any:
    size = F.abs(x)
    plain = F.logical_and(F.greater(size, 0), F.isfinite(size))
    size = F.where(plain, size, 1)
    root = F.pow(size, 1.0 / 3.0)
    # a third is rounded, which counts for large exponents: one of Newton's steps
    root = F.subtract(root, F.multiply(F.subtract(root, F.divide(size, F.multiply(root, root))), 1.0 / 3.0))
    return F.where(plain, F.where(F.less(x, 0), F.negative(root), root), x)


cbrt = floating(_cbrt)
