"""Rearranging of images in NumPy; the rest is computed by its declarations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ivy.functional._windows import tap_keys
from ivy.functional.image import fold_geometry


def fold(x: Any, output_size: Any, kernel: Any, /, *, strides: Any = 1, padding: Any = 0, dilation: Any = 1) -> Any:
    sizes, k, s, d, pads, outs = fold_geometry(x, output_size, kernel, strides, padding, dilation)
    n, taps = len(sizes), math.prod(k)
    columns = x.reshape(x.shape[0], x.shape[1] // taps, taps, *outs)
    y = np.zeros((*columns.shape[:2], *(size + lo + hi for size, (lo, hi) in zip(sizes, pads, strict=True))), x.dtype)
    for i, (_, key) in enumerate(tap_keys(n + 2, range(2, n + 2), k, s, d, outs)):
        y[key] += columns[:, :, i]
    return y[(slice(None), slice(None), *(slice(lo, lo + size) for size, (lo, _) in zip(sizes, pads, strict=True)))]
