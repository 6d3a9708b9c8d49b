"""Pooling in TensorFlow, whose own kernels take the channels last and one to three spatial axes."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import tensorflow as tf

from ivy.backend import body_of
from ivy.dtypes import dtype_of
from ivy.functional import pooling as core
from ivy.functional._forms import pool_form, window_form
from ivy.functional._windows import tap_keys
from ivy_tensorflow.backend.convolution import _first, _last
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
    form = pool_form(
        x.shape,
        kernel,
        strides=strides,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
        data_format=data_format,
    )
    if form.dilated or not _has_kernel(x, form) or not form.meets:  # of pads alone TensorFlow gives the least number
        return _max_pool_body(x, form.kernel, dilation=form.dilation, **form.arguments)
    h, mode = x if form.last else _last(x), "VALID"
    if form.padded and form.same:
        mode = "SAME"
    elif form.padded:
        h = pad(h, [(0, 0), *form.pads, (0, 0)], value=core.identity_of("max", dtype_of(x)))
    y = _pool("max", h, form.kernel, form.strides, mode)
    return y if form.last else _first(y)


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
    form = pool_form(x.shape, kernel, strides=strides, padding=padding, ceil_mode=ceil_mode, data_format=data_format)
    same = form.padded and not count_include_pad and divisor_override is None and form.same
    usual = same or divisor_override is not None or form.whole(count_include_pad)
    if not usual or not _has_kernel(x, form):
        return _avg_pool_body(
            x,
            form.kernel,
            count_include_pad=count_include_pad,
            divisor_override=divisor_override,
            **form.arguments,
        )
    h = x if form.last else _last(x)
    if x.dtype in HALVES:
        h = tf.cast(h, tf.float32)
    if not same:  # TensorFlow leaves the pads of "SAME" out of the count
        h = pad(h, [(0, 0), *form.pads, (0, 0)])
    y = _pool("avg", h, form.kernel, form.strides, "SAME" if same else "VALID")
    if divisor_override is not None:
        y = y * (math.prod(form.kernel) / divisor_override)
    y = tf.cast(y, x.dtype)
    return y if form.last else _first(y)


def _has_kernel(x: Any, form: Any) -> bool:
    usual = (tf.float16, tf.bfloat16, tf.float32) if form.n == 3 else (tf.float16, tf.bfloat16, tf.float32, tf.float64)
    return form.n in (1, 2, 3) and x.dtype in usual and not form.empty


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
    form = window_form(x.shape, range(x.shape.rank), window, strides, padding, window_dilation, base_dilation)
    for axis, b in enumerate(form.base):
        if b > 1:
            x = spread_out(x, axis, b, identity)
    x = pad(x, form.pads, value=identity)
    # every one of these reductions can be done one axis after the other; the last one first: then of equal values the
    # first in memory order wins, in the gradient
    for axis in reversed(range(x.shape.rank)):
        k, s = form.kernel[axis], form.strides[axis]
        if (k, s) != (1, 1):
            x = _reduce_axis(x, axis, k, s, form.dilation[axis], form.outs[axis], combine, reduce)
    return x if init == identity else combine(x, tf.constant(init, x.dtype))


def _reduce_axis(x: Any, axis: int, k: int, s: int, d: int, out: Any, combine: Any, reduce: Any) -> Any:
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
