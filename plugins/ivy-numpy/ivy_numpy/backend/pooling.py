"""Windowed reductions in NumPy; the poolings are computed by their declarations."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import dtype_of
from ivy.functional._windows import out_size, per_axis, resolve_padding, tap_keys
from ivy.functional.pooling import identity_of

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
    n = x.ndim
    k, s = per_axis(window, n, "window"), per_axis(strides, n, "strides")
    base, d = per_axis(base_dilation, n, "base_dilation"), per_axis(window_dilation, n, "window_dilation")
    nothing = np.asarray(identity).astype(x.dtype)
    if any(b != 1 for b in base):
        wide = np.full([max((size - 1) * b + 1, 0) for size, b in zip(x.shape, base, strict=True)], nothing, x.dtype)
        wide[tuple(slice(None, None, b) for b in base)] = x
        x = wide
    pads = resolve_padding(padding, x.shape, k, s, d)
    if any(p for pair in pads for p in pair):
        cut = tuple(slice(max(-lo, 0), size - max(-hi, 0)) for size, (lo, hi) in zip(x.shape, pads, strict=True))
        x = np.pad(x[cut], [(max(lo, 0), max(hi, 0)) for lo, hi in pads], constant_values=nothing)
    # every one of these reductions can be done one axis after the other
    for axis in range(n):
        if (k[axis], s[axis]) != (1, 1):
            x = _reduce_axis(x, axis, k[axis], s[axis], d[axis], combine)
    return x if init == identity else combine(x, np.asarray(init).astype(x.dtype))


def _reduce_axis(x: Any, axis: Any, k: Any, s: Any, d: Any, combine: Any) -> Any:
    out = out_size(x.shape[axis], k, s, (0, 0), d)
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
