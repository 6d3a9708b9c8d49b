"""Rearranging of images in NumPy; the rest is computed by its declarations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ivy.functional._forms import window_form
from ivy.functional.image import fold_form
from ivy_numpy.backend.convolution import padded


def fold(x: Any, output_size: Any, kernel: Any, /, *, strides: Any = 1, padding: Any = 0, dilation: Any = 1) -> Any:
    form = fold_form(x.shape, output_size, kernel, strides, padding, dilation)
    taps = math.prod(form.kernel)
    columns = x.reshape(x.shape[0], x.shape[1] // taps, taps, *form.outs)
    sizes = [size + lo + hi for size, (lo, hi) in zip(form.sizes, form.pads, strict=True)]
    y = np.zeros((*columns.shape[:2], *sizes), x.dtype)
    for i, (_, key) in enumerate(form.taps(form.n + 2)):
        y[key] += columns[:, :, i]
    return padded(y, window_form(y.shape, form.axes, 1, padding=[(-lo, -hi) for lo, hi in form.pads]))
