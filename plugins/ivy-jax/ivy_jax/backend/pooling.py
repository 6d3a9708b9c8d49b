"""Windowed reductions in JAX; the poolings are computed by their declarations."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax

from ivy.errors import ArgumentError
from ivy.functional._windows import per_axis, resolve_padding

_REDUCERS = {"add": (lax.add, 0), "mul": (lax.mul, 1), "max": (lax.max, None), "min": (lax.min, None)}


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
    if reducer not in _REDUCERS:
        raise ArgumentError(f"reducer must be one of {', '.join(_REDUCERS)}, not {reducer!r}")
    n = x.ndim
    k, s = per_axis(window, n, "window"), per_axis(strides, n, "strides")
    base, d = per_axis(base_dilation, n, "base_dilation"), per_axis(window_dilation, n, "window_dilation")
    sizes = [(size - 1) * b + 1 for size, b in zip(x.shape, base, strict=True)]
    pads = resolve_padding(padding, sizes, k, s, d)
    combine, _ = _REDUCERS[reducer]
    # a NumPy scalar: only a concrete value lets JAX see which reduction this is, and so differentiate it
    start = np.asarray(init).astype(x.dtype)[()]
    return lax.reduce_window(x, start, combine, k, s, pads, base, d)
