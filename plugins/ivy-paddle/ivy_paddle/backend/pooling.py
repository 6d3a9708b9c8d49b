"""Pooling in Paddle."""

from __future__ import annotations

import functools
from typing import Any

from ivy.backend import body_of
from ivy.dtypes import dtype_of
from ivy.functional import manipulation
from ivy.functional import pooling as core
from ivy.functional._forms import pool_form, window_form
from ivy.functional._taps import larger, smaller
from ivy.functional._windows import tap_keys
from ivy_paddle.backend.arithmetic import add, multiply
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
_REDUCERS = {"add": (add, total), "mul": (multiply, prod), "max": (larger, largest), "min": (smaller, smallest)}
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
    form = pool_form(
        x.shape,
        kernel,
        strides=strides,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
        data_format=data_format,
    )
    n, fits = form.n, all(0 <= p < k for pair, k in zip(form.pads, form.kernel, strict=True) for p in pair)
    if n not in _MAX or not fits or not form.meets or form.dilated or x.dtype != paddle.float32 or form.empty:
        return _max_pool_body(x, form.kernel, dilation=form.dilation, **form.arguments)
    return _MAX[n](
        x,
        list(form.kernel),
        list(form.strides),
        form.flat if form.padded else 0,
        data_format=_LAYOUTS[n][form.last],
    )


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
    n, usual = form.n, not (ceil_mode or divisor_override) and x.dtype == paddle.float32
    if n not in _AVERAGE or not form.half or not usual or form.empty:
        return _avg_pool_body(
            x,
            form.kernel,
            count_include_pad=count_include_pad,
            divisor_override=divisor_override,
            **form.arguments,
        )
    return _AVERAGE[n](
        x,
        list(form.kernel),
        list(form.strides),
        [lo for lo, _ in form.asked],
        exclusive=not count_include_pad,
        data_format=_LAYOUTS[n][form.last],
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
    form = window_form(x.shape, range(x.ndim), window, strides, padding, window_dilation, base_dilation)
    for axis, b in enumerate(form.base):
        x = spread_out(x, axis, b, identity)
    if form.padded:
        x = pad(x, form.pads, value=identity)
    # every one of these reductions can be done one axis after the other; the last one first, so that of equal values
    # the first in C order gets the gradient
    for axis in reversed(range(x.ndim)):
        k, s = form.kernel[axis], form.strides[axis]
        if (k, s) != (1, 1):
            x = _reduce_axis(x, axis, k, s, form.dilation[axis], form.outs[axis], combine, reduce)
    return x if init == identity else combine(x, full([], init, dtype=x.dtype))


def _reduce_axis(x: Any, axis: int, k: int, s: int, d: int, out: Any, combine: Any, reduce: Any) -> Any:
    if k > _LONG_WINDOW and out:
        windows = _unfold_axis(x, axis, d * (k - 1) + 1, s)
        return reduce(windows[..., ::d], axis=-1)
    parts = (get_item(x, key) for _, key in tap_keys(x.ndim, (axis,), (k,), (s,), (d,), (out,)))
    return functools.reduce(combine, parts)
