"""Pooling in torch."""

from __future__ import annotations

import functools
from typing import Any

import torch
import torch.nn.functional as F

from ivy.backend import body_of
from ivy.dtypes import dtype_of
from ivy.functional import pooling as core
from ivy.functional._forms import pool_form, window_form
from ivy.functional._taps import larger, smaller
from ivy.functional._windows import channel_axis, tap_keys
from ivy_torch.backend.norms import over_channels
from ivy_torch.backend.support import WIDE, narrowed, widened

_MAX = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
_AVG = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
_ADAPTIVE_AVG = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}
_ADAPTIVE_MAX = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}
_LONG_WINDOW = 16

_max_pool_body = body_of(core.max_pool, "torch")
_max_pool_with_indices_body = body_of(core.max_pool_with_indices, "torch")
_avg_pool_body = body_of(core.avg_pool, "torch")
_adaptive_avg_pool_body = body_of(core.adaptive_avg_pool, "torch")
_adaptive_max_pool_body = body_of(core.adaptive_max_pool, "torch")


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
    if form.n not in _MAX or form.empty or not x.is_floating_point():  # torch pools few dtypes of integers
        return _max_pool_body(x, form.kernel, dilation=form.dilation, **form.arguments)
    pool, axis = _MAX[form.n], x.ndim - 1 if form.last else 1
    if form.half:
        low = [lo for lo, _ in form.asked]
        return over_channels(x, axis, lambda h: pool(h, form.kernel, form.strides, low, form.dilation, form.ceil_mode))
    least = core.identity_of("max", dtype_of(x))
    return over_channels(
        x, axis, lambda h: pool(_padded(h, form.pads, least), form.kernel, form.strides, 0, form.dilation)
    )


def max_pool_with_indices(
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
    if form.n not in _MAX or form.empty or not form.half or not x.is_floating_point():
        return _max_pool_with_indices_body(x, form.kernel, dilation=form.dilation, **form.arguments)
    axis = x.ndim - 1 if form.last else 1
    values, indices = _MAX[form.n](
        x.movedim(axis, 1),
        form.kernel,
        form.strides,
        [lo for lo, _ in form.asked],
        form.dilation,
        form.ceil_mode,
        return_indices=True,
    )
    return values.movedim(1, axis), indices.movedim(1, axis)


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
    n = form.n
    lacking = (n == 1 and divisor_override is not None) or (n == 3 and x.dtype.itemsize < 4 and x.device.type == "cpu")
    if n not in _AVG or form.empty or not form.half or lacking:
        return _avg_pool_body(
            x,
            form.kernel,
            count_include_pad=count_include_pad,
            divisor_override=divisor_override,
            **form.arguments,
        )
    low, last = [lo for lo, _ in form.asked], () if n == 1 else (divisor_override,)
    return over_channels(
        x,
        x.ndim - 1 if form.last else 1,
        lambda h: _AVG[n](h, form.kernel, form.strides, low, form.ceil_mode, count_include_pad, *last),
    )


def adaptive_avg_pool(x: Any, /, output_size: Any, *, data_format: Any = "channels_first") -> Any:
    if x.ndim - 2 not in _ADAPTIVE_AVG:
        return _adaptive_avg_pool_body(x, output_size, data_format=data_format)
    axis, outs = _adaptive(x, output_size, data_format)
    return over_channels(x, axis, lambda h: _ADAPTIVE_AVG[x.ndim - 2](h, outs))


def adaptive_max_pool(x: Any, /, output_size: Any, *, data_format: Any = "channels_first") -> Any:
    if x.ndim - 2 not in _ADAPTIVE_MAX or not x.is_floating_point():
        return _adaptive_max_pool_body(x, output_size, data_format=data_format)
    axis, outs = _adaptive(x, output_size, data_format)
    return over_channels(x, axis, lambda h: _ADAPTIVE_MAX[x.ndim - 2](h, outs))


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
    if x.dtype in WIDE:
        # maps the order of uint64 to that of int64; the others fit into it
        flip = -(2**63) if x.dtype is torch.uint64 and reducer in ("max", "min") else 0
        result = reduce_window(
            widened(x) ^ flip,
            init + flip,
            reducer,
            window,
            strides=strides,
            padding=padding,
            base_dilation=base_dilation,
            window_dilation=window_dilation,
        )
        return narrowed(result ^ flip, x.dtype)
    combine, reduce = _REDUCERS[reducer]
    form = window_form(x.shape, range(x.ndim), window, strides, padding, window_dilation, base_dilation)
    if form.spread:
        wide = x.new_full(form.sizes, identity)
        wide[tuple(slice(None, None, b) for b in form.base)] = x
        x = wide
    x = _padded(x, form.pads, identity)
    fused = _fused_window(x, reducer, form.kernel, form.strides, form.dilation)
    if fused is not None:
        x = fused
    else:
        # every one of these reductions can be done one axis after the other
        for axis, (k, s, d, out) in enumerate(zip(form.kernel, form.strides, form.dilation, form.outs, strict=True)):
            if (k, s) != (1, 1):
                x = _reduce_axis(x, axis, k, s, d, out, combine, reduce)
    return x if init == identity else combine(x, torch.full_like(x, init))


def _reduce_axis(x: Any, axis: Any, k: Any, s: Any, d: Any, out: Any, combine: Any, reduce: Any) -> Any:
    if k > _LONG_WINDOW and out:
        windows = x.unfold(axis, d * (k - 1) + 1, s)
        return reduce(windows[..., ::d], -1)
    parts = (x[key] for _, key in tap_keys(x.ndim, (axis,), (k,), (s,), (d,), (out,)))
    return functools.reduce(combine, parts)


def _fused_window(x: Any, reducer: Any, k: Any, s: Any, d: Any) -> Any:
    """Torch's own pooling, where the windows lie over one to three of the axes and two are left; else None."""
    over = [a for a in range(x.ndim) if (k[a], s[a]) != (1, 1)]
    rest = [a for a in range(x.ndim) if a not in over]
    if (
        len(rest) < 2
        or 0 in x.shape
        or not x.is_floating_point()
        or any(x.shape[a] < d[a] * (k[a] - 1) + 1 for a in over)
    ):
        return None
    while len(rest) > 2:  # spatial axes that are not reduced, kept as such
        over.append(rest.pop())
    over.sort()
    if len(over) not in (2, 3):
        return None
    kernel, steps, spread = [k[a] for a in over], [s[a] for a in over], [d[a] for a in over]
    order = rest + over
    h = x.permute(order)
    if reducer == "max":
        h = _MAX[len(over)](h, kernel, steps, 0, spread)
    elif reducer == "add" and set(spread) == {1}:
        h = _AVG[len(over)](h, kernel, steps, 0, False, True, 1)
    else:
        return None
    return h.permute([order.index(a) for a in range(x.ndim)])


def _padded(x: Any, pads: Any, value: Any) -> Any:
    if not any(p for pair in pads for p in pair):
        return x
    return F.pad(x, [p for pair in reversed(pads) for p in pair], value=value)


def _adaptive(x: Any, output_size: Any, data_format: Any) -> Any:
    axis = channel_axis(x.ndim, data_format)
    return axis, core.adaptive_sizes(x, [a for a in range(1, x.ndim) if a != axis], output_size)


_REDUCERS = {
    "add": (torch.add, torch.sum),
    "mul": (torch.mul, torch.prod),
    "max": (larger, torch.amax),
    "min": (smaller, torch.amin),
}
