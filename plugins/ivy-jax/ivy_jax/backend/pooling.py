"""Windowed reductions in JAX; the poolings are computed by their declarations.

On a CPU, XLA's window reductions take several times as long as slices put together axis by axis (64x112x112, window 3,
stride 2: 1.2 ms against 0.33, its gradient 10.2 against 1.4), so short windows are done in that way there.
"""

from __future__ import annotations

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from ivy.dtypes import dtype_of
from ivy.functional._windows import out_size, per_axis, resolve_padding, tap_keys
from ivy.functional.pooling import identity_of

_SHORT_WINDOW = 16


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
    nothing = identity_of(reducer, dtype_of(x))
    n = x.ndim
    k, s = per_axis(window, n, "window"), per_axis(strides, n, "strides")
    base, d = per_axis(base_dilation, n, "base_dilation"), per_axis(window_dilation, n, "window_dilation")
    sizes = [max((size - 1) * b + 1, 0) for size, b in zip(x.shape, base, strict=True)]
    pads = resolve_padding(padding, sizes, k, s, d)
    # XLA has no gradient of products, nor of dilated windows
    if jax.default_backend() == "cpu" or reducer == "mul" or set(d) != {1}:
        y = _by_axis(x, nothing, reducer, k, s, pads, base, d)
    else:
        y = _by_xla(x, nothing, reducer, k, s, pads, base, d)
    return y if init == nothing else _COMBINE[reducer](y, jnp.full_like(y, init))


def _by_axis(x: Any, nothing: Any, reducer: Any, k: Any, s: Any, pads: Any, base: Any, d: Any) -> Any:
    config = [(lo, hi, b - 1) for (lo, hi), b in zip(pads, base, strict=True)]
    if any(map(any, config)):
        x = lax.pad(x, jnp.asarray(nothing, x.dtype), config)
    # the last axis first: then of equal values the first in memory order wins, in the gradient
    for axis in reversed(range(x.ndim)):
        size, (kk, ss, dd) = x.shape[axis], (k[axis], s[axis], d[axis])
        if (kk, ss) == (1, 1):
            continue
        out = out_size(size, kk, ss, (0, 0), dd)
        if kk <= _SHORT_WINDOW or dd != 1 or reducer == "mul":
            parts = (x[key] for _, key in tap_keys(x.ndim, (axis,), (kk,), (ss,), (dd,), (out,)))
            x = functools.reduce(_COMBINE[reducer], parts)
        else:
            one, none = [1] * x.ndim, [(0, 0)] * x.ndim
            window, steps = ([*one[:axis], v, *one[axis + 1 :]] for v in (kk, ss))
            x = _by_xla(x, nothing, reducer, window, steps, none, one, one)
    return x


def _by_xla(x: Any, nothing: Any, reducer: Any, k: Any, s: Any, pads: Any, base: Any, d: Any) -> Any:
    # a NumPy scalar: only a concrete identity lets JAX see which reduction this is, and so differentiate it
    start = np.asarray(nothing).astype(x.dtype)[()]
    return lax.reduce_window(x, start, _XLA[reducer], k, s, pads, base, d)


def _larger(a: Any, b: Any) -> Any:
    """The maximum, of equal values the first (as torch's gradients have it), and NaN if either is."""
    return jnp.where((b > a) | (b != b), b, a)


def _smaller(a: Any, b: Any) -> Any:
    return jnp.where((b < a) | (b != b), b, a)


_COMBINE = {"add": lax.add, "mul": lax.mul, "max": _larger, "min": _smaller}
_XLA = {"add": lax.add, "mul": lax.mul, "max": lax.max, "min": lax.min}
