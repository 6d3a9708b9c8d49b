"""Axes counted from the front, as bodies and backends need them where they work a shape out by themselves.

A plain ``axis % ndim`` makes an axis of any number, so that a wrong one gives a wrong result instead of an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from ivy.errors import AxisError

__all__ = ["counted", "distinct"]


def counted(axis: int, ndim: int) -> int:
    """Return the axis counted from the front.

    Args:
        axis: from ``-ndim`` to ``ndim - 1``.
        ndim: number of axes.

    Returns:
        From 0 to ``ndim - 1``.

    Raises:
        AxisError: if there is no such axis.

    Example:
        >>> from ivy.functional._axes import counted
        >>> counted(-1, 3)
        2
    """
    if -ndim <= axis < ndim:
        return axis % ndim
    raise AxisError(
        f"axis {axis} is out of range for an array with {ndim} axes",
        hint=f"give one from {-ndim} to {ndim - 1}" if ndim else "this array has no axes",
    )


def distinct(axes: Iterable[int], ndim: int) -> list[int]:
    """Return axes counted from the front, in rising order.

    Args:
        axes: each from ``-ndim`` to ``ndim - 1``.
        ndim: number of axes.

    Returns:
        The axes.

    Raises:
        AxisError: if there is no such axis, or one is given twice.

    Example:
        >>> from ivy.functional._axes import distinct
        >>> distinct((-1, 0), 3)
        [0, 2]
    """
    found = sorted(counted(a, ndim) for a in axes)
    for first, second in pairwise(found):
        if first == second:
            raise AxisError(f"axis {first} is given twice", hint="name each axis once")
    return found
