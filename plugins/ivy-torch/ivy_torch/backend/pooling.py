"""Pooling in torch."""

from __future__ import annotations

import functools
from typing import Any

import torch
import torch.nn.functional as F

from ivy.backend import body_of
from ivy.dtypes import dtype_of
from ivy.functional import pooling as core
from ivy.functional._windows import (
    channel_axis,
    out_size,
    per_axis,
    pool_padding,
    resolve_padding,
    tap_keys,
)
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
    n = x.ndim - 2
    if n not in _MAX or not x.is_floating_point():  # torch pools few dtypes of integers
        return _max_pool_body(
            x,
            kernel,
            strides=strides,
            padding=padding,
            dilation=dilation,
            ceil_mode=ceil_mode,
            data_format=data_format,
        )
    axis = channel_axis(x.ndim, data_format)
    sizes = [size for a, size in enumerate(x.shape) if a not in (0, axis)]
    k, d = per_axis(kernel, n, "kernel"), per_axis(dilation, n, "dilation")
    s = k if strides is None else per_axis(strides, n, "strides")
    pads = resolve_padding(padding, sizes, k, s, d)
    if all(lo == hi and lo <= kk // 2 for (lo, hi), kk in zip(pads, k, strict=True)):
        return over_channels(x, axis, lambda h: _MAX[n](h, k, s, [lo for lo, _ in pads], d, ceil_mode))
    _, pads = pool_padding(pads, sizes, k, s, d, ceil_mode)
    return over_channels(x, axis, lambda h: _MAX[n](_padded(h, pads, core.identity_of("max", dtype_of(x))), k, s, 0, d))


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
    n = x.ndim - 2
    k = per_axis(kernel, n, "kernel")
    symmetric = isinstance(padding, int) or all(isinstance(p, int) for p in padding)
    if n not in _MAX or not symmetric or not x.is_floating_point():
        return _max_pool_with_indices_body(
            x,
            kernel,
            strides=strides,
            padding=padding,
            dilation=dilation,
            ceil_mode=ceil_mode,
            data_format=data_format,
        )
    axis = channel_axis(x.ndim, data_format)
    h = x.movedim(axis, 1)
    values, indices = _MAX[n](h, k, strides, padding, dilation, ceil_mode, return_indices=True)
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
    n = x.ndim - 2
    if n == 3 and x.dtype in (torch.float16, torch.bfloat16) and x.device.type == "cpu":  # torch has no kernel
        return avg_pool(
            x.float(),
            kernel,
            strides=strides,
            padding=padding,
            ceil_mode=ceil_mode,
            count_include_pad=count_include_pad,
            divisor_override=divisor_override,
            data_format=data_format,
        ).to(x.dtype)
    k = per_axis(kernel, n, "kernel")
    s = k if strides is None else per_axis(strides, n, "strides")
    axis = channel_axis(x.ndim, data_format)
    sizes = [size for a, size in enumerate(x.shape) if a not in (0, axis)]
    pads = resolve_padding(padding, sizes, k, s, (1,) * n)
    fits = all(lo == hi and lo <= kk // 2 for (lo, hi), kk in zip(pads, k, strict=True))
    if n not in _AVG or not fits or (n == 1 and divisor_override is not None):
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
    last = () if n == 1 else (divisor_override,)
    return over_channels(
        x, axis, lambda h: _AVG[n](h, k, s, [lo for lo, _ in pads], ceil_mode, count_include_pad, *last)
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
    n = x.ndim
    k, s = per_axis(window, n, "window"), per_axis(strides, n, "strides")
    base, d = per_axis(base_dilation, n, "base_dilation"), per_axis(window_dilation, n, "window_dilation")
    if any(b != 1 for b in base):
        wide = x.new_full([max((size - 1) * b + 1, 0) for size, b in zip(x.shape, base, strict=True)], identity)
        wide[tuple(slice(None, None, b) for b in base)] = x
        x = wide
    x = _padded(x, resolve_padding(padding, x.shape, k, s, d), identity)
    fused = _fused_window(x, reducer, k, s, d)
    if fused is not None:
        x = fused
    else:
        # every one of these reductions can be done one axis after the other
        for axis in range(n):
            if (k[axis], s[axis]) != (1, 1):
                x = _reduce_axis(x, axis, k[axis], s[axis], d[axis], combine, reduce)
    return x if init == identity else combine(x, torch.full_like(x, init))


def _reduce_axis(x: Any, axis: Any, k: Any, s: Any, d: Any, combine: Any, reduce: Any) -> Any:
    out = out_size(x.shape[axis], k, s, (0, 0), d)
    if k > _LONG_WINDOW and out:
        windows = x.unfold(axis, d * (k - 1) + 1, s)
        return reduce(windows[..., ::d], -1)
    parts = (x[key] for _, key in tap_keys(x.ndim, (axis,), (k,), (s,), (d,), (out,)))
    return functools.reduce(combine, parts)


def _fused_window(x: Any, reducer: Any, k: Any, s: Any, d: Any) -> Any:
    """Torch's own pooling, where the windows lie over one to three of the axes and two are left; else None."""
    over = [a for a in range(x.ndim) if (k[a], s[a]) != (1, 1)]
    rest = [a for a in range(x.ndim) if a not in over]
    if len(rest) < 2 or not x.is_floating_point() or any(x.shape[a] < d[a] * (k[a] - 1) + 1 for a in over):
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
    "max": (torch.maximum, torch.amax),
    "min": (torch.minimum, torch.amin),
}
