"""Powers and roots of what may be zero: their derivative is taken as 0 there, where a plain one makes NaN.

Where a value is masked out of a result, its derivative is still computed and multiplied by 0, so that what would be
infinite has to be masked on the way in as well.
"""

from __future__ import annotations

from typing import Any

import ivy.functional as F

__all__ = ["norm_of_sizes", "powers", "root"]


def powers(size: Any, p: float) -> Any:
    """Return ``size ** p`` of what is not negative, with derivative 0 at 0 for a positive `p`.

    Args:
        size: real floating-point array.
        p: the exponent.
    """
    if p == 2:
        return F.square(size)
    if p <= 0 or p == 1:
        return F.pow(size, float(p))
    none = F.equal(size, 0)
    return F.where(none, 0.0, F.pow(F.where(none, 1.0, size), float(p)))


def root(total: Any, p: float) -> Any:
    """Return ``total ** (1 / p)`` of what is not negative, with derivative 0 at 0.

    Args:
        total: real floating-point array.
        p: which root; negative for a power of the inverse.
    """
    none = F.equal(total, 0)
    safe = F.where(none, 1.0, total)
    return F.where(none, 0.0 if p > 0 else float("inf"), F.sqrt(safe) if p == 2 else F.pow(safe, 1.0 / p))


def norm_of_sizes(size: Any, p: float, axis: Any = None, keepdims: bool = False) -> Any:
    """Return the p-norm of absolute values, for a finite `p` other than 0 and 1.

    Args:
        size: real floating-point array; for ``p == 2`` with any signs.
        p: the order.
        axis: axis or axes to reduce; all by default.
        keepdims: whether these stay, with size one.
    """
    return root(F.sum(powers(size, p), axis=axis, keepdims=keepdims), p)
