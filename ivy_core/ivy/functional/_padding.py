"""Padding: from indexing and `concat`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError, ShapeError


def pad(x: Any, /, pad_width: Sequence[tuple[int, int]], *, mode: str = "constant", value: float = 0.0) -> Any:
    widths = [(int(low), int(high)) for low, high in pad_width]
    if len(widths) != x.ndim:
        raise ShapeError(f"pad_width has {len(widths)} pairs for an array with {x.ndim} axes")
    for axis, (low, high) in enumerate(widths):
        if low == 0 and high == 0:
            continue
        if mode == "constant":
            x = _pad_constant(x, axis, low, high, value)
        else:
            positions = pad_positions(mode, x.shape[axis], low, high)
            x = F.take(x, F.asarray(positions, dtype="int64"), axis=axis)
    return x


def _pad_constant(x: Any, axis: int, low: int, high: int, value: float) -> Any:
    size, before = x.shape[axis], (slice(None),) * axis
    x = F.get_item(x, (*before, slice(max(0, -low), size - max(0, -high))))
    sizes = [(*x.shape[:axis], width, *x.shape[axis + 1 :]) for width in (max(low, 0), max(high, 0))]
    parts = [F.full(shape, value, dtype=dtype_of(x)) for shape in sizes]
    return F.concat([parts[0], x, parts[1]], axis=axis)


def pad_positions(mode: str, size: int, low: int, high: int) -> list[int]:
    """Return where each element of a padded axis comes from (not for mode ``"constant"``)."""
    if mode not in ("edge", "reflect", "symmetric", "wrap"):
        raise ArgumentError(f"ivy.pad has no mode {mode!r}", hint="use constant, edge, reflect, symmetric or wrap")
    if size == 0:
        raise ShapeError(f"an empty axis has nothing to repeat in mode {mode!r}", hint="use mode='constant'")
    places = range(-low, size + high)
    if mode == "edge":
        return [min(max(i, 0), size - 1) for i in places]
    if mode == "wrap":
        return [i % size for i in places]
    # the positions walk back and forth; "symmetric" names both ends twice
    twice = mode == "symmetric"
    period = 2 * size if twice else max(2 * size - 2, 1)
    return [min(i % period, period - twice - i % period) for i in places]
