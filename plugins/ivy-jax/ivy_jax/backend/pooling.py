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
from ivy.functional._forms import window_form
from ivy.functional._windows import tap_keys
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
    form = window_form(x.shape, range(x.ndim), window, strides, padding, window_dilation, base_dilation)
    # XLA has no gradient of products, nor of dilated windows
    if jax.default_backend() == "cpu" or reducer == "mul" or form.dilated:
        y = _by_axis(x, nothing, reducer, form)
    else:
        y = _by_xla(x, nothing, reducer, form.kernel, form.strides, form.pads, form.base, form.dilation)
    return y if init == nothing else _COMBINE[reducer](y, jnp.full_like(y, init))


def _by_axis(x: Any, nothing: Any, reducer: Any, form: Any) -> Any:
    if form.padded or form.spread:
        config = [(lo, hi, b - 1) for (lo, hi), b in zip(form.pads, form.base, strict=True)]
        x = lax.pad(x, jnp.asarray(nothing, x.dtype), config)
    # the last axis first: then of equal values the first in memory order wins, in the gradient
    for axis in reversed(range(x.ndim)):
        k, s, d, out = form.kernel[axis], form.strides[axis], form.dilation[axis], form.outs[axis]
        if (k, s) == (1, 1):
            continue
        if k <= _SHORT_WINDOW or d != 1 or reducer == "mul":
            parts = (x[key] for _, key in tap_keys(x.ndim, (axis,), (k,), (s,), (d,), (out,)))
            x = functools.reduce(_COMBINE[reducer], parts)
        else:
            one, none = [1] * x.ndim, [(0, 0)] * x.ndim
            window, steps = ([*one[:axis], v, *one[axis + 1 :]] for v in (k, s))
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
