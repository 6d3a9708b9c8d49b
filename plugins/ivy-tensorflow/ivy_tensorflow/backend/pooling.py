"""Pooling in TensorFlow, whose own kernels take the channels last and one to three spatial axes."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import tensorflow as tf

from ivy.backend import body_of
from ivy.dtypes import dtype_of
from ivy.errors import ShapeError
from ivy.functional import pooling as core
from ivy.functional._windows import (
    channel_axis,
    out_size,
    per_axis,
    pool_padding,
    resolve_padding,
    tap_keys,
)
from ivy_tensorflow.backend.convolution import _first, _last, assumed, pads_of, same_pads
from ivy_tensorflow.backend.manipulation import pad, spread_out
from ivy_tensorflow.backend.support import HALVES

_max_pool_body = body_of(core.max_pool, "tensorflow")
_avg_pool_body = body_of(core.avg_pool, "tensorflow")
_POOL = {"max": {2: tf.nn.max_pool2d, 3: tf.nn.max_pool3d}, "avg": {2: tf.nn.avg_pool2d, 3: tf.nn.avg_pool3d}}
_LONG_WINDOW = 16


def max_pool(
    x: Any,
    /,
    kernel: Any,
    *,
    strides: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: Any = False,
    data_format: Any = "channels_first",
) -> Any:
    n, axis = x.shape.rank - 2, channel_axis(x.shape.rank, data_format)
    sizes = [size for a, size in enumerate(x.shape) if a not in (0, axis)]
    k, d = per_axis(kernel, n, "kernel"), per_axis(dilation, n, "dilation")
    s = k if strides is None else per_axis(strides, n, "strides")
    outs, pads = _windows(pads_of(padding, sizes, k, s, d), sizes, k, s, d, ceil_mode)
    if set(d) != {1} or not _has_kernel(x, n, outs):
        return _max_pool_body(
            x,
            kernel,
            strides=strides,
            padding=padding,
            dilation=dilation,
            ceil_mode=ceil_mode,
            data_format=data_format,
        )
    h = _last(x) if axis == 1 else x
    if tuple(pads) == same_pads(sizes, k, s, d):
        y = _pool("max", h, k, s, "SAME")
    else:
        least = core.identity_of("max", dtype_of(x))
        y = _pool("max", pad(h, [(0, 0), *pads, (0, 0)], value=least), k, s, "VALID")
    return _first(y) if axis == 1 else y


def avg_pool(
    x: Any,
    /,
    kernel: Any,
    *,
    strides: Any = None,
    padding: Any = 0,
    ceil_mode: Any = False,
    count_include_pad: Any = True,
    divisor_override: Any = None,
    data_format: Any = "channels_first",
) -> Any:
    n, axis = x.shape.rank - 2, channel_axis(x.shape.rank, data_format)
    sizes = [size for a, size in enumerate(x.shape) if a not in (0, axis)]
    k, one = per_axis(kernel, n, "kernel"), (1,) * n
    s = k if strides is None else per_axis(strides, n, "strides")
    asked = pads_of(padding, sizes, k, s, one)
    outs, pads = _windows(asked, sizes, k, s, one, ceil_mode)
    padded = any(map(any, pads))
    # a window counts whole unless it hangs over what was asked for
    whole = all(fit[1] <= ask[1] for fit, ask in zip(pads, asked, strict=True))
    same = not count_include_pad and tuple(pads) == same_pads(sizes, k, s, one)
    usual = not padded or (count_include_pad and whole) or (divisor_override is not None) or same
    if not usual or not _has_kernel(x, n, outs):
        return _avg_pool_body(
            x,
            kernel,
            strides=strides,
            padding=padding,
            ceil_mode=ceil_mode,
            count_include_pad=count_include_pad,
            divisor_override=divisor_override,
            data_format=data_format,
        )
    h = _last(x) if axis == 1 else x
    if x.dtype in HALVES:
        h = tf.cast(h, tf.float32)
    if same and divisor_override is None:
        y = _pool("avg", h, k, s, "SAME")  # TensorFlow leaves the pads out of the count
    else:
        y = _pool("avg", pad(h, [(0, 0), *pads, (0, 0)]), k, s, "VALID")
    if divisor_override is not None:
        y = y * (math.prod(k) / divisor_override)
    y = tf.cast(y, x.dtype)
    return _first(y) if axis == 1 else y


def _windows(pads: Any, sizes: Any, k: Any, s: Any, d: Any, ceil_mode: Any) -> tuple[Any, Any]:
    """Count the windows, and pad for the ones that hang over; sizes that are not known stand for large ones."""
    if ceil_mode and None in sizes:
        raise ShapeError("ceil_mode depends on the size, which is not known here", hint="give the size")
    return pool_padding(pads, assumed(sizes), k, s, d, ceil_mode)


def _has_kernel(x: Any, n: int, outs: Any) -> bool:
    usual = (tf.float16, tf.bfloat16, tf.float32) if n == 3 else (tf.float16, tf.bfloat16, tf.float32, tf.float64)
    return n in (1, 2, 3) and x.dtype in usual and 0 not in x.shape and 0 not in outs


def _pool(kind: str, x: Any, k: Any, s: Any, mode: str) -> Any:
    if len(k) == 1:
        return tf.squeeze(_pool(kind, tf.expand_dims(x, 1), (1, *k), (1, *s), mode), 1)
    return _POOL[kind][len(k)](x, k, s, mode)


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
    identity = core.identity_of(reducer, dtype_of(x))
    combine, reduce = _REDUCERS[reducer]
    n = x.shape.rank
    k, s = per_axis(window, n, "window"), per_axis(strides, n, "strides")
    base, d = per_axis(base_dilation, n, "base_dilation"), per_axis(window_dilation, n, "window_dilation")
    for axis, b in enumerate(base):
        if b > 1:
            x = spread_out(x, axis, b, identity)
    x = pad(x, resolve_padding(padding, x.shape, k, s, d), value=identity)
    # every one of these reductions can be done one axis after the other; the last first: then of equal values the
    # first in memory order wins, in the gradient
    for axis in reversed(range(n)):
        if (k[axis], s[axis]) != (1, 1):
            x = _reduce_axis(x, axis, k[axis], s[axis], d[axis], combine, reduce)
    return x if init == identity else combine(x, tf.constant(init, x.dtype))


def _reduce_axis(x: Any, axis: int, k: int, s: int, d: int, combine: Any, reduce: Any) -> Any:
    out = out_size(x.shape[axis], k, s, (0, 0), d)
    if k > _LONG_WINDOW and out:
        places = np.arange(out)[:, None] * s + np.arange(k) * d
        return reduce(tf.gather(x, places.astype(np.int32), axis=axis), axis + 1)
    parts = (x[key] for _, key in tap_keys(x.shape.rank, (axis,), (k,), (s,), (d,), (out,)))
    return functools.reduce(combine, parts)


_REDUCERS = {
    "add": (tf.add, tf.reduce_sum),
    "mul": (tf.multiply, tf.reduce_prod),
    "max": (tf.maximum, tf.reduce_max),
    "min": (tf.minimum, tf.reduce_min),
}
