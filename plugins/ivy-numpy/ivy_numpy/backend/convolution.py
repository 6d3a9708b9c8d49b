"""Linear maps and convolutions in NumPy.

A convolution is one matrix product of the kernel and the windows, which are a strided view of the data (im2col);
depthwise ones, whose products would be of single columns, are sums of shifted slices.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ivy.errors import ArgumentError, ShapeError
from ivy.functional._windows import (
    channel_axis,
    out_size,
    per_axis,
    resolve_padding,
    spatial_axes,
    tap_keys,
    transpose_padding,
)
from ivy_numpy.backend.support import widened

_COLUMN_BYTES = 1 << 27
"""How much memory the copy of the windows may take; larger batches go in parts."""


def linear(x: Any, weight: Any, bias: Any = None, /, *, weight_format: Any = "OI") -> Any:
    if weight_format not in ("OI", "IO"):
        raise ArgumentError(f"weight_format must be 'OI' or 'IO', not {weight_format!r}")
    h, back = widened(x)
    w, _ = widened(weight)
    y = h @ (w.T if weight_format == "OI" else w)
    if bias is not None:
        y += bias
    return y if back is None else y.astype(back)


def conv(
    x: Any,
    weight: Any,
    bias: Any = None,
    /,
    *,
    strides: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: Any = 1,
    data_format: Any = "channels_first",
    weight_format: Any = "OI*",
    input_dilation: Any = 1,
) -> Any:
    n = x.ndim - 2
    axes = spatial_axes(x.ndim, data_format)
    last = channel_axis(x.ndim, data_format) != 1
    w = _kernel_first(widened(weight)[0], weight_format, n)
    h, back = widened(x)
    kernel, channels = w.shape[2:], x.shape[-1 if last else 1]
    if w.shape[1] * groups != channels or w.shape[0] % groups:
        raise ShapeError(
            f"conv got x of shape {x.shape} ({data_format}) and weight of shape {weight.shape} ({weight_format}) with "
            f"groups={groups}: x must have groups * {w.shape[1]} channels, and groups divide the {w.shape[0]} outputs"
        )
    s, d = per_axis(strides, n, "strides"), per_axis(dilation, n, "dilation")
    base = per_axis(input_dilation, n, "input_dilation")
    sizes = [(x.shape[a] - 1) * b + 1 for a, b in zip(axes, base, strict=True)]
    pads = resolve_padding(padding, sizes, kernel, s, d)
    outs = tuple(out_size(*args) for args in zip(sizes, kernel, s, pads, d, strict=True))
    h = _padded(h, axes, sizes, base, pads)
    if w.shape[1] == 1 and groups > 1:
        y = _depthwise(h, w, axes, s, d, outs, last)
    else:
        y = _windowed(h, w, groups, axes, s, d, outs, last)
    if bias is not None:
        y += bias if last else bias.reshape(-1, *(1,) * n)
    return y if back is None else y.astype(back)


def conv_transpose(
    x: Any,
    weight: Any,
    bias: Any = None,
    /,
    *,
    strides: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    dilation: Any = 1,
    groups: Any = 1,
    data_format: Any = "channels_first",
    weight_format: Any = "IO*",
) -> Any:
    n = x.ndim - 2
    axis = channel_axis(x.ndim, data_format)
    w = _kernel_first(widened(weight)[0], weight_format, n, transpose=True)
    h, back = widened(np.moveaxis(x, axis, 1))
    (batch, inner), sizes, kernel, outer = h.shape[:2], h.shape[2:], w.shape[2:], w.shape[1]
    if w.shape[0] != inner or inner % groups:
        raise ShapeError(
            f"conv_transpose got x of shape {x.shape} ({data_format}) and weight of shape {weight.shape} "
            f"({weight_format}) with groups={groups}: the weight's input channels must equal those of x"
        )
    s, d = per_axis(strides, n, "strides"), per_axis(dilation, n, "dilation")
    # what each input gives to the taps of its window, then all of it added up
    w = w.reshape(groups, inner // groups, outer * math.prod(kernel)).swapaxes(1, 2)
    parts = np.matmul(w, h.reshape(batch, groups, inner // groups, math.prod(sizes)))
    parts = parts.reshape(batch, groups, outer, math.prod(kernel), *sizes)
    full = [(size - 1) * ss + dd * (k - 1) + 1 for size, ss, dd, k in zip(sizes, s, d, kernel, strict=True)]
    y = np.zeros((batch, groups, outer, *full), parts.dtype)
    for i, (_, key) in enumerate(tap_keys(n + 3, range(3, n + 3), kernel, s, d, sizes)):
        y[key] += parts[:, :, :, i]
    y = y.reshape(batch, groups * outer, *full)
    pads = transpose_padding(padding, kernel, s, d, per_axis(output_padding, n, "output_padding"))
    grow = [(lo - dd * (k - 1), hi - dd * (k - 1)) for (lo, hi), dd, k in zip(pads, d, kernel, strict=True)]
    y = _padded(y, range(2, n + 2), full, (1,) * n, grow)
    if bias is not None:
        y = y + bias.reshape(-1, *(1,) * n)
    y = np.moveaxis(y, 1, axis)
    return y if back is None else y.astype(back)


def _kernel_first(w: Any, weight_format: Any, n: Any, *, transpose: Any = False) -> Any:
    """The kernel with its two channel axes in front, as torch has it."""
    usual = "IO*" if transpose else "OI*"
    if weight_format == usual:
        return w
    if weight_format == "*IO":
        return np.moveaxis(w, (n, n + 1), (0, 1) if transpose else (1, 0))
    raise ArgumentError(f"weight_format must be {usual!r} or '*IO', not {weight_format!r}")


def _padded(h: Any, axes: Any, sizes: Any, base: Any, pads: Any) -> Any:
    """Put zeros between (base) and around the values; negative pads cut."""
    if not any(p for pair in pads for p in pair) and all(b == 1 for b in base):
        return h
    shape, put, take = list(h.shape), [slice(None)] * h.ndim, [slice(None)] * h.ndim
    for axis, size, b, (lo, hi) in zip(axes, sizes, base, pads, strict=True):
        shape[axis] = max(size + lo + hi, 0)
        first = max(-(lo // b), 0) if lo < 0 else 0  # the first value that is not cut
        stop = min(h.shape[axis], (size + min(hi, 0) - 1) // b + 1)
        take[axis] = slice(first, max(stop, first))
        put[axis] = slice(lo + first * b, max(lo + (stop - 1) * b + 1, 0), b)
    wide = np.zeros(shape, h.dtype)
    wide[tuple(put)] = h[tuple(take)]
    return wide


def _windows(h: Any, axes: Any, kernel: Any, s: Any, d: Any, outs: Any) -> Any:
    """A view of shape `h.shape` with window counts on the spatial axes, and the kernel's axes after all."""
    shape, strides = list(h.shape), list(h.strides)
    for axis, out, step in zip(axes, outs, s, strict=True):
        shape[axis], strides[axis] = out, h.strides[axis] * step
    return np.lib.stride_tricks.as_strided(
        h,
        (*shape, *kernel),
        (*strides, *(h.strides[a] * dd for a, dd in zip(axes, d, strict=True))),
        writeable=False,
    )


def _windowed(h: Any, w: Any, groups: Any, axes: Any, s: Any, d: Any, outs: Any, last: Any) -> Any:
    batch, kernel, n = h.shape[0], w.shape[2:], len(axes)
    outer, inner, taps = w.shape[0] // groups, w.shape[1], math.prod(w.shape[2:])
    view = _windows(h, axes, kernel, s, d, outs)
    dtype = np.result_type(h, w)
    if last:
        # (g, kernel x inner, outer); columns (g, batch x positions, kernel x inner)
        w = w.reshape(groups, outer, inner, *kernel)
        w = w.transpose(0, *range(3, n + 3), 2, 1).reshape(groups, taps * inner, outer)
        view = _split_axis(view, n + 1, groups)
        view = view.transpose(n + 1, 0, *range(1, n + 1), *range(n + 3, 2 * n + 3), n + 2)
    else:
        w = w.reshape(groups, outer, inner * taps)
        view = _split_axis(view, 1, groups)
        # (batch, g, inner, *kernel, *outs)
        view = view.transpose(0, 1, 2, *range(n + 3, 2 * n + 3), *range(3, n + 3))
    y = np.empty((batch, *outs, groups * outer) if last else (batch, groups * outer, *outs), dtype)
    positions = math.prod(outs)
    step = max(1, _COLUMN_BYTES // max(1, groups * inner * taps * positions * dtype.itemsize))
    for i in range(0, batch, step):
        size = min(step, batch - i)
        if last:
            part = view[:, i : i + size].reshape(groups, size * positions, taps * inner) @ w
            y[i : i + size] = part.swapaxes(0, 1).reshape(size, *outs, groups * outer)
        else:
            part = w @ view[i : i + size].reshape(size, groups, inner * taps, positions)
            y[i : i + size] = part.reshape(size, groups * outer, *outs)
    return y


def _split_axis(view: Any, axis: Any, groups: Any) -> Any:
    """Split an axis of a view into groups without the copy that `reshape` might make."""
    size, stride = view.shape[axis], view.strides[axis]
    return np.lib.stride_tricks.as_strided(
        view,
        (*view.shape[:axis], groups, size // groups, *view.shape[axis + 1 :]),
        (*view.strides[:axis], stride * (size // groups), stride, *view.strides[axis + 1 :]),
        writeable=False,
    )


def _depthwise(h: Any, w: Any, axes: Any, s: Any, d: Any, outs: Any, last: Any) -> Any:
    n, kernel = len(axes), w.shape[2:]
    channels = h.shape[-1 if last else 1]
    many = w.shape[0] // channels
    w = w.reshape(channels, many, *kernel)
    if many > 1:
        h = h[..., None] if last else h[:, :, None]
        axes = axes if last else [a + 1 for a in axes]
    y: Any = None
    for tap, key in tap_keys(h.ndim, axes, kernel, s, d, outs):
        factor = w[(slice(None), slice(None) if many > 1 else 0, *tap)]
        if not last:
            factor = factor.reshape(*factor.shape, *(1,) * n)
        if y is None:
            y = h[key] * factor
            scratch = np.empty_like(y)
        else:
            np.multiply(h[key], factor, out=scratch)
            y += scratch
    return y.reshape(h.shape[0], *outs, -1) if last else y.reshape(h.shape[0], -1, *outs)
