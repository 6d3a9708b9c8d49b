"""Pooling in Paddle."""

from __future__ import annotations

import functools
from typing import Any

from ivy.backend import body_of
from ivy.dtypes import dtype_of
from ivy.functional import manipulation
from ivy.functional import pooling as core
from ivy.functional._windows import (
    channel_axis,
    out_size,
    per_axis,
    pool_padding,
    resolve_padding,
    spatial_axes,
    tap_keys,
)
from ivy_paddle.backend.arithmetic import add, maximum, minimum, multiply
from ivy_paddle.backend.convolution import spread_out
from ivy_paddle.backend.creation import full
from ivy_paddle.backend.indexing import get_item
from ivy_paddle.backend.manipulation import astype, pad
from ivy_paddle.backend.reductions import max as largest
from ivy_paddle.backend.reductions import min as smallest
from ivy_paddle.backend.reductions import prod
from ivy_paddle.backend.reductions import sum as total
from ivy_paddle.backend.support import UNSIGNED
from ivy_paddle.loading import paddle

F = paddle.nn.functional
_LONG_WINDOW = 16
_REDUCERS = {"add": (add, total), "mul": (multiply, prod), "max": (maximum, largest), "min": (minimum, smallest)}
_unfold_axis = body_of(manipulation.unfold_axis, "paddle")
_max_pool_body = body_of(core.max_pool, "paddle")
_avg_pool_body = body_of(core.avg_pool, "paddle")
_MAX = {2: F.max_pool2d, 3: F.max_pool3d}
_AVERAGE = {2: F.avg_pool2d, 3: F.avg_pool3d}
_LAYOUTS = {2: ("NCHW", "NHWC"), 3: ("NCDHW", "NDHWC")}


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
    n = x.ndim - 2
    k = per_axis(kernel, n, "kernel")
    s = k if strides is None else per_axis(strides, n, "strides")
    axes = spatial_axes(x.ndim, data_format)
    sizes, d = [x.shape[a] for a in axes], per_axis(dilation, n, "dilation")
    pads = resolve_padding(padding, sizes, k, s, d)
    _, pads = pool_padding(pads, sizes, k, s, d, ceil_mode)
    fits = all(0 <= lo < kk and 0 <= hi < kk for (lo, hi), kk in zip(pads, k, strict=True))
    if n not in _MAX or not fits or set(d) != {1} or x.dtype != paddle.float32 or 0 in x.shape:
        return _max_pool_body(
            x,
            kernel,
            strides=strides,
            padding=padding,
            dilation=dilation,
            ceil_mode=ceil_mode,
            data_format=data_format,
        )
    flat = [p for pair in pads for p in pair]
    layout = _LAYOUTS[n][channel_axis(x.ndim, data_format) != 1]
    return _MAX[n](x, list(k), list(s), flat if any(flat) else 0, data_format=layout)


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
    n = x.ndim - 2
    k = per_axis(kernel, n, "kernel")
    s = k if strides is None else per_axis(strides, n, "strides")
    axes = spatial_axes(x.ndim, data_format)
    pads = resolve_padding(padding, [x.shape[a] for a in axes], k, s, (1,) * n)
    fits = all(lo == hi and 0 <= lo <= kk // 2 for (lo, hi), kk in zip(pads, k, strict=True))
    if n not in _AVERAGE or not fits or ceil_mode or divisor_override or x.dtype != paddle.float32 or 0 in x.shape:
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
    return _AVERAGE[n](
        x,
        list(k),
        list(s),
        [lo for lo, _ in pads],
        exclusive=not count_include_pad,
        data_format=_LAYOUTS[n][channel_axis(x.ndim, data_format) != 1],
    )


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
    if x.dtype in UNSIGNED:  # which Paddle can't slice
        options = {"strides": strides, "padding": padding, "base_dilation": base_dilation}
        wide = astype(x, UNSIGNED[x.dtype])
        return astype(reduce_window(wide, init, reducer, window, window_dilation=window_dilation, **options), x.dtype)
    identity = core.identity_of(reducer, dtype_of(x))
    combine, reduce = _REDUCERS[reducer]
    n = x.ndim
    k, s = per_axis(window, n, "window"), per_axis(strides, n, "strides")
    base, d = per_axis(base_dilation, n, "base_dilation"), per_axis(window_dilation, n, "window_dilation")
    for axis in range(n):
        x = spread_out(x, axis, base[axis], identity)
    pads = resolve_padding(padding, x.shape, k, s, d)
    if any(p for pair in pads for p in pair):
        x = pad(x, pads, value=identity)
    # every one of these reductions can be done one axis after the other; the last one first, so that of equal values
    # the first in C order gets the gradient
    for axis in reversed(range(n)):
        if (k[axis], s[axis]) != (1, 1):
            x = _reduce_axis(x, axis, k[axis], s[axis], d[axis], combine, reduce)
    return x if init == identity else combine(x, full([], init, dtype=x.dtype))


def _reduce_axis(x: Any, axis: int, k: int, s: int, d: int, combine: Any, reduce: Any) -> Any:
    out = out_size(x.shape[axis], k, s, (0, 0), d)
    if k > _LONG_WINDOW and out:
        windows = _unfold_axis(x, axis, d * (k - 1) + 1, s)
        return reduce(windows[..., ::d], axis=-1)
    parts = (get_item(x, key) for _, key in tap_keys(x.ndim, (axis,), (k,), (s,), (d,), (out,)))
    return functools.reduce(lambda found, part: combine(part, found), parts)  # ties are the second operand's
