"""Resampling of images, one output at a time, by the definitions."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np

__all__ = ["fold", "grid_sample", "interpolate", "unfold"]

from ivy.testing.references.windows import each, pads_of, windows


def _kernel(distance: float, mode: str, sharpness: float) -> float:
    """Weight of an element at a distance: a triangle, or Keys' cubic."""
    t = abs(distance)
    if mode == "linear":
        return max(1 - t, 0)
    if t <= 1:
        return (sharpness + 2) * t**3 - (sharpness + 3) * t**2 + 1
    return sharpness * (t**3 - 5 * t**2 + 8 * t - 4) if t < 2 else 0


def _matrix(size: int, out: int, mode: str, align_corners: bool, antialias: bool, factor: float | None) -> Any:
    """Weights, of shape (out, size), with which one axis is resampled."""
    found = np.zeros((out, size))
    if align_corners and mode in ("linear", "cubic"):
        ratio = (size - 1) / (out - 1) if out > 1 else 0.0
    else:
        ratio = 1 / factor if factor else size / out
    for i in range(out):
        if mode == "area":
            first, last = i * size // out, -(-(i + 1) * size // out)
            found[i, first:last] = 1 / (last - first)
        elif mode.startswith("nearest"):
            found[i, min(math.floor((i + (0.5 if mode == "nearest-exact" else 0)) * ratio), size - 1)] = 1
        elif antialias:
            width = max(ratio, 1.0)
            center = (i + 0.5) * ratio
            reach = (1 if mode == "linear" else 2) * width
            first, last = max(int(center - reach + 0.5), 0), min(int(center + reach + 0.5), size)
            raw = [_kernel((j + 0.5 - center) / width, mode, -0.5) for j in range(first, last)]
            found[i, first:last] = np.asarray(raw) / sum(raw)
        else:
            place = i * ratio if align_corners else (i + 0.5) * ratio - 0.5
            place = max(place, 0) if mode == "linear" else place
            base = math.floor(place)
            for j in range(base - 1, base + 3):  # what lies outside repeats the edge
                found[i, min(max(j, 0), size - 1)] += _kernel(place - j, mode, -0.75)
    return found


def interpolate(
    x: Any,
    size: Any,
    *,
    mode: str = "nearest",
    align_corners: bool = False,
    antialias: bool = False,
    data_format: str = "channels_first",
    scale: Any = None,
) -> Any:
    """Resample every spatial axis."""
    x = x if data_format == "channels_first" else np.moveaxis(x, -1, 1)
    n = x.ndim - 2
    for axis, out, factor in zip(range(2, n + 2), each(size, n), each(scale, n), strict=True):
        weights = _matrix(x.shape[axis], out, mode, align_corners, antialias, factor)
        x = np.moveaxis(np.tensordot(weights, x, axes=(1, axis)), 0, axis)
    return x if data_format == "channels_first" else np.moveaxis(x, 1, -1)


def _reflected(p: float, low: float, high: float) -> float:
    """The position within [low, high] that mirrors at both ends lead to."""
    if high <= low:
        return 0.0
    span = high - low
    rest = (p - low) % (2 * span)
    return low + min(rest, 2 * span - rest)


def _inside(p: float, size: int, padding_mode: str, align_corners: bool) -> float:
    if padding_mode == "zeros":
        return p
    if padding_mode == "reflection":
        p = _reflected(p, 0, size - 1) if align_corners else _reflected(p, -0.5, size - 0.5)
    return min(max(p, 0), size - 1)


def grid_sample(
    x: Any,
    grid: Any,
    *,
    mode: str = "linear",
    padding_mode: str = "zeros",
    align_corners: bool = False,
    data_format: str = "channels_first",
) -> Any:
    """Sample at every position of the grid."""
    x = x if data_format == "channels_first" else np.moveaxis(x, -1, 1)
    sizes = x.shape[2:]
    y = np.zeros((*x.shape[:2], *grid.shape[1:-1]))
    for b, *place in np.ndindex(grid.shape[:-1]):
        taps = []
        for size, g in zip(sizes, grid[(b, *place)][::-1], strict=True):
            p = (g + 1) / 2 * (size - 1) if align_corners else ((g + 1) * size - 1) / 2
            if mode != "cubic":
                p = _inside(p, size, padding_mode, align_corners)
            if mode == "nearest":
                taps.append([(round(p), 1.0)])
                continue
            base = math.floor(p)
            near = range(base, base + 2) if mode == "linear" else range(base - 1, base + 3)
            taps.append([(j, _kernel(p - j, mode, -0.75)) for j in near])
            if mode == "cubic":
                taps[-1] = [(int(_inside(j, size, padding_mode, align_corners)), w) for j, w in taps[-1]]
        for corner in product(*taps):
            if all(0 <= j < size for (j, _), size in zip(corner, sizes, strict=True)):
                y[(b, slice(None), *place)] += x[(b, slice(None), *(j for j, _ in corner))] * math.prod(
                    w for _, w in corner
                )
    return y if data_format == "channels_first" else np.moveaxis(y, 1, -1)


def _padded(x: Any, kernel: Any, strides: Any, padding: Any, dilation: Any) -> tuple[Any, Any]:
    n = x.ndim - 2
    kernel, strides, dilation = each(kernel, n), each(strides, n), each(dilation, n)
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    pads = pads_of(padding, x.shape[2:], spans, strides)
    return np.pad(x, [(0, 0), (0, 0), *pads]), pads


def unfold(x: Any, kernel: Any, *, strides: Any = 1, padding: Any = 0, dilation: Any = 1) -> Any:
    """Lay out each window as a column."""
    x, _ = _padded(x, kernel, strides, padding, dilation)
    columns = [
        x[(slice(None), slice(None), *np.ix_(*inside))].reshape(x.shape[0], -1)
        for _, _, inside, _ in windows(x, kernel, strides, 0, dilation)
    ]
    return np.stack(columns, axis=-1)


def fold(x: Any, output_size: Any, kernel: Any, *, strides: Any = 1, padding: Any = 0, dilation: Any = 1) -> Any:
    """Add each column to its window."""
    sizes = each(output_size, 2) if isinstance(output_size, int) else tuple(output_size)
    channels = x.shape[1] // math.prod(each(kernel, len(sizes)))
    whole, pads = _padded(np.zeros((x.shape[0], channels, *sizes)), kernel, strides, padding, dilation)
    for i, (_, _, inside, _) in enumerate(windows(whole, kernel, strides, 0, dilation)):
        key = (slice(None), slice(None), *np.ix_(*inside))
        whole[key] += x[:, :, i].reshape(whole[key].shape)
    return whole[(..., *(slice(lo, lo + n) for (lo, _), n in zip(pads, sizes, strict=True)))]
