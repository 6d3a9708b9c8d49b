"""What NumPy means by a key of several parts, where frameworks read it otherwise: rules for backends' `get_item`.

Definition: https://numpy.org/doc/stable/user/basics.indexing.html#combining-advanced-and-basic-indexing
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ivy.dtypes import dtype_of

__all__ = ["apart", "truths_as_axes", "with_axis_for_ellipsis"]


def _parts(key: Any) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)


def _chooses(part: Any) -> bool:
    """Whether a part is an index, which counts as an index array beside one."""
    return not (part is None or part is Ellipsis or isinstance(part, slice))


def _is_mask(part: Any) -> bool:
    return isinstance(part, bool) or (hasattr(part, "dtype") and dtype_of(part) == "bool")


def apart(key: Any) -> bool:
    """Tell whether an ellipsis lies between indices, so that their axes go to the front even if it stands for no axis.

    Args:
        key: any key.

    Example:
        >>> from ivy.functional._key_parts import apart
        >>> apart((slice(None), [0, 1], Ellipsis, 1)), apart((Ellipsis, [0, 1], 1))
        (True, False)
    """
    parts = _parts(key)
    at = next((i for i, p in enumerate(parts) if p is Ellipsis), None)
    return at is not None and any(map(_chooses, parts[:at])) and any(map(_chooses, parts[at + 1 :]))


def with_axis_for_ellipsis(parts: Sequence[Any], ndim: int) -> tuple[list[Any], int | None]:
    """Put a new axis in place of an ellipsis that stands for no axis but keeps index arrays apart.

    Args:
        parts: the parts of a key, arrays among them.
        ndim: number of axes of what is indexed.

    Returns:
        The parts, and the result's axis that is to go again, None if nothing was changed.
    """
    parts = list(parts)
    arrays = [p for p in parts if hasattr(p, "dtype")]
    used = sum(len(p.shape) if _is_mask(p) else 1 for p in parts if _chooses(p) or isinstance(p, slice))
    if used != ndim or not apart(tuple(parts)) or not any(p.shape or _is_mask(p) for p in arrays):
        return parts, None
    at = next(i for i, p in enumerate(parts) if p is Ellipsis)
    parts[at] = None
    front = max(1 if _is_mask(p) else len(p.shape) for p in arrays)
    return parts, front + sum(not _chooses(p) for p in parts[:at])


def truths_as_axes(parts: Sequence[Any]) -> tuple[tuple[Any, ...], list[Any]] | None:
    """Split a key with truths (booleans without axes) in two: one that makes an axis for each, and the indices on it.

    Args:
        parts: the parts of a key.

    Returns:
        The key to apply first, and the parts of the second with the truths as they are; None if there is no truth.
    """
    if not any(_is_mask(p) and not getattr(p, "shape", ()) for p in parts):
        return None
    first: list[Any] = []
    for p in parts:
        if p is None:
            continue
        if p is Ellipsis:
            first.append(p)
        elif _is_mask(p):
            first += [slice(None)] * len(p.shape) if getattr(p, "shape", ()) else [None]
        else:
            first.append(slice(None))
    return tuple(first), list(parts)
