"""Which input positions, with which weights, make each output position of an interpolation along one axis.

All of it follows from static sizes, so it is Python arithmetic, done once for each pair of sizes. torch computes
coordinates in float32 for arrays up to float32; so does this, because a position on the edge between two pixels would
otherwise fall on the other side.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

__all__ = ["Taps", "axis_taps"]

MODES = ("nearest", "nearest-exact", "linear", "cubic")


class Taps(NamedTuple):
    """Input positions and weights by tap, then by output position; `weights` is None where each is simply copied."""

    positions: tuple[tuple[int, ...], ...]
    weights: tuple[tuple[float, ...], ...] | None


def _single(value: float) -> float:
    return struct.unpack("f", struct.pack("f", value))[0]


def _double(value: float) -> float:
    return value


@lru_cache(maxsize=512)
def axis_taps(
    size: int, out: int, mode: str, align_corners: bool, antialias: bool, factor: float | None, double: bool
) -> Taps:
    """Return the taps of one axis.

    Args:
        size: of the input.
        out: of the output.
        mode: ``"nearest"``, ``"nearest-exact"``, ``"linear"`` or ``"cubic"``.
        align_corners: whether the centres of the corner pixels, not their outer edges, coincide.
        antialias: whether the kernel widens when the output is smaller.
        factor: scale factor that the coordinates are computed with; None is ``out / size``.
        double: compute coordinates in float64.

    Example:
        >>> axis_taps(2, 4, "nearest", False, False, None, False)
        Taps(positions=((0, 0, 1, 1),), weights=None)
    """
    f = _double if double else _single
    if mode == "nearest" or mode == "nearest-exact":
        shift = 0.5 if mode == "nearest-exact" else 0.0
        ratio = _single(1.0 / factor) if factor else _single(size / out)
        exact = [min(math.floor(_single(_single(i + shift) * ratio)), size - 1) for i in range(out)]
        return Taps((tuple(exact),), None)
    if align_corners:
        ratio = f((size - 1) / (out - 1)) if out > 1 else 0.0
    else:
        ratio = f(1.0 / factor) if factor else f(size / out)
    if antialias:
        return _antialiased(size, out, mode, ratio, f)
    sources = [f(ratio * i) if align_corners else f(f(ratio * (i + 0.5)) - 0.5) for i in range(out)]
    if mode == "linear":
        sources = [max(s, 0.0) for s in sources]
        first = [min(math.floor(s), size - 1) for s in sources]
        second = [min(i + 1, size - 1) for i in first]
        right = [min(max(f(s - i), 0.0), 1.0) for s, i in zip(sources, first, strict=True)]
        return Taps((tuple(first), tuple(second)), (tuple(1.0 - w for w in right), tuple(right)))
    starts = [math.floor(s) for s in sources]
    rests = [min(max(f(s - i), 0.0), 1.0) for s, i in zip(sources, starts, strict=True)]
    positions = tuple(tuple(min(max(i + t, 0), size - 1) for i in starts) for t in (-1, 0, 1, 2))
    weights = tuple(tuple(_cubic(abs(r - t), -0.75) for r in rests) for t in (-1, 0, 1, 2))
    return Taps(positions, weights)


def _antialiased(size: int, out: int, mode: str, ratio: float, f: Callable[[float], float]) -> Taps:
    kernel: Callable[[float], float] = _hat if mode == "linear" else _pil_cubic
    radius = 1.0 if mode == "linear" else 2.0
    support = radius * ratio if ratio >= 1.0 else radius
    inverse = 1.0 / ratio if ratio >= 1.0 else 1.0
    rows: list[tuple[int, list[float]]] = []
    for i in range(out):
        center = f(ratio * (i + 0.5))
        first = max(int(center - support + 0.5), 0)
        last = min(int(center + support + 0.5), size)
        raw = [kernel((j - center + 0.5) * inverse) for j in range(first, last)]
        norm = sum(raw)
        rows.append((first, [w / norm for w in raw] if norm else raw))
    longest = max(len(ws) for _, ws in rows)
    positions = tuple(tuple(min(first + t, size - 1) for first, _ in rows) for t in range(longest))
    weights = tuple(tuple(ws[t] if t < len(ws) else 0.0 for _, ws in rows) for t in range(longest))
    return Taps(positions, weights)


def _hat(x: float) -> float:
    return max(1.0 - abs(x), 0.0)


def _pil_cubic(x: float) -> float:
    return _cubic(abs(x), -0.5)


def _cubic(x: float, a: float) -> float:
    """Keys' cubic convolution kernel at a distance ``x >= 0``."""
    if x <= 1.0:
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0
    if x < 2.0:
        return ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a
    return 0.0
