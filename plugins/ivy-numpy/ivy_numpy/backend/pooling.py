"""Windowed reductions in NumPy; the poolings are computed by their declarations."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import dtype_of
from ivy.functional._forms import window_form
from ivy.functional._windows import tap_keys
from ivy.functional.pooling import identity_of
from ivy_numpy.backend.convolution import padded

_LONG_WINDOW = 16
_REDUCERS = {"add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum}


def reduce_window(
    x: Any,
    /,
    init: Any,
    reducer: Any,
    window: Any,
    *,
    strides: Any = 1,
    padding: Any = 0,
    base_dilation: Any = 1,
    window_dilation: Any = 1,
) -> Any:
    identity = identity_of(reducer, dtype_of(x))
    combine = _REDUCERS[reducer]
    form = window_form(x.shape, range(x.ndim), window, strides, padding, window_dilation, base_dilation)
    x = padded(x, form, np.asarray(identity).astype(x.dtype))
    # every one of these reductions can be done one axis after the other
    for axis, (k, s, d, out) in enumerate(zip(form.kernel, form.strides, form.dilation, form.outs, strict=True)):
        if (k, s) != (1, 1):
            x = _reduce_axis(x, axis, k, s, d, out, combine)
    return x if init == identity else combine(x, np.asarray(init).astype(x.dtype))


def _reduce_axis(x: Any, axis: Any, k: Any, s: Any, d: Any, out: Any, combine: Any) -> Any:
    if k > _LONG_WINDOW and out:
        windows = np.lib.stride_tricks.sliding_window_view(x, d * (k - 1) + 1, axis)
        steps = [slice(None)] * x.ndim
        steps[axis] = slice(None, None, s)
        return combine.reduce(windows[(*steps, slice(None, None, d))], axis=-1)
    y = None
    for _, key in tap_keys(x.ndim, (axis,), (k,), (s,), (d,), (out,)):
        if y is None:
            y = x[key].copy()
        else:
            combine(y, x[key], out=y)
    return y
