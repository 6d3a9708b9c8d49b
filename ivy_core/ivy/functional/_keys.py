"""What keys of arrays have in common on the backends that take them apart themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ivy.errors import AxisError

__all__ = ["check_key"]


def check_key(shape: Sequence[Any], asked: Sequence[Any]) -> None:
    """Raise an error where a key is for more axes than there are, or a mask for axes of other lengths.

    Args:
        shape: of the array; a length that is not known is None or -1.
        asked: for each part of the key `Ellipsis`, or the lengths of the axes that it is for, None where any will do.

    Raises:
        AxisError: which is an `IndexError`.

    Example:
        >>> from ivy.functional._keys import check_key
        >>> check_key((2, 3), [(None,), (3,)])
    """
    used = sum(len(lengths) for lengths in asked if lengths is not Ellipsis)
    if used > len(shape):
        raise AxisError(f"an array with {len(shape)} axes got a key for {used}", hint="leave parts of the key out")
    axis = 0
    for lengths in asked:
        if lengths is Ellipsis:
            axis += len(shape) - used
            continue
        for length in lengths:
            if length not in (None, -1, 0, shape[axis]) and shape[axis] not in (None, -1):
                raise AxisError(
                    f"a mask for {length} elements picks from axis {axis}, which has {shape[axis]}",
                    hint="a mask has the shape of the axes that it picks from",
                )
            axis += 1
