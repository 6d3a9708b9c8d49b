"""Linear maps and convolutions in NumPy.

A convolution is one matrix product of the kernel and the windows, which are a strided view of the data (im2col);
depthwise ones, whose products would be of single columns, are sums of shifted slices.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ivy.backend import body_of
from ivy.errors import ArgumentError
from ivy.functional import convolution as core
from ivy.functional._forms import conv_form, conv_transpose_form, window_form
from ivy.functional._windows import tap_keys
from ivy_numpy.backend.support import widened

_COLUMN_BYTES = 1 << 27
"""How much memory the copy of the windows may take; larger batches go in parts."""

_conv_body = body_of(core.conv, "numpy")
_conv_transpose_body = body_of(core.conv_transpose, "numpy")


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
    form = conv_form(
        x.shape,
        weight.shape,
        strides=strides,
        padding=padding,
        dilation=dilation,
        groups=groups,
        data_format=data_format,
        weight_format=weight_format,
        input_dilation=input_dilation,
    )
    if form.empty:
        return _conv_body(x, weight, bias, **form.arguments)
    w, _ = widened(weight)
    w = np.moveaxis(w, (form.n, form.n + 1), (1, 0)) if form.kernel_last else w
    h, back = widened(x)
    h = padded(h, form)
    y = _depthwise(h, w, form) if form.depthwise else _windowed(h, w, form)
    if bias is not None:
        y += bias if form.last else bias.reshape(-1, *(1,) * form.n)
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
    form = conv_transpose_form(
        x.shape,
        weight.shape,
        strides=strides,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
        groups=groups,
        data_format=data_format,
        weight_format=weight_format,
    )
    if form.empty:
        return _conv_transpose_body(x, weight, bias, **form.arguments)
    n, s, d, kernel, outer, inner = form.n, form.strides, form.dilation, form.kernel, form.outer, form.inner
    w, _ = widened(weight)
    w = np.moveaxis(w, (n, n + 1), (0, 1)) if form.kernel_last else w
    axis = -1 if form.last else 1
    h, back = widened(np.moveaxis(x, axis, 1))
    batch, sizes = h.shape[0], h.shape[2:]
    # what each input gives to the taps of its window, then all of it added up
    w = w.reshape(groups, inner // groups, outer * math.prod(kernel)).swapaxes(1, 2)
    parts = np.matmul(w, h.reshape(batch, groups, inner // groups, math.prod(sizes)))
    parts = parts.reshape(batch, groups, outer, math.prod(kernel), *sizes)
    y = np.zeros((batch, groups, outer, *form.full), parts.dtype)
    for i, (_, key) in enumerate(tap_keys(n + 3, range(3, n + 3), kernel, s, d, sizes)):
        y[key] += parts[:, :, :, i]
    y = y.reshape(batch, groups * outer, *form.full)
    y = padded(y, window_form(y.shape, range(2, n + 2), 1, padding=form.growth))
    if bias is not None:
        y = y + bias.reshape(-1, *(1,) * n)
    y = np.moveaxis(y, 1, axis)
    return y if back is None else y.astype(back)


def padded(h: Any, form: Any, value: Any = 0) -> Any:
    """Put a value between (base) and around the values; negative pads cut."""
    if not (form.padded or form.spread):
        return h
    shape, put, take = list(h.shape), [slice(None)] * h.ndim, [slice(None)] * h.ndim
    for axis, size, b, (lo, hi) in zip(form.axes, form.sizes, form.base, form.pads, strict=True):
        shape[axis] = max(size + lo + hi, 0)
        first = max(-(lo // b), 0) if lo < 0 else 0  # the first value that is not cut
        stop = min(h.shape[axis], (size + min(hi, 0) - 1) // b + 1)
        take[axis] = slice(first, max(stop, first))
        at = lo + first * b
        put[axis] = slice(at, max(lo + (stop - 1) * b + 1, at), b)
    wide = np.full(shape, value, h.dtype)
    wide[tuple(put)] = h[tuple(take)]
    return wide


def _windows(h: Any, form: Any) -> Any:
    """A view of shape `h.shape` with window counts on the spatial axes, and the kernel's axes after all."""
    shape, strides = list(h.shape), list(h.strides)
    for axis, out, step in zip(form.axes, form.outs, form.strides, strict=True):
        shape[axis], strides[axis] = out, h.strides[axis] * step
    return np.lib.stride_tricks.as_strided(
        h,
        (*shape, *form.kernel),
        (*strides, *(h.strides[a] * d for a, d in zip(form.axes, form.dilation, strict=True))),
        writeable=False,
    )


def _windowed(h: Any, w: Any, form: Any) -> Any:
    batch, n, groups, outs, inner = h.shape[0], form.n, form.groups, form.outs, form.inner
    outer, taps = form.outer // groups, math.prod(form.kernel)
    view = _windows(h, form)
    dtype = np.result_type(h, w)
    if form.last:
        # (g, kernel x inner, outer); columns (g, batch x positions, kernel x inner)
        w = w.reshape(groups, outer, inner, *form.kernel)
        w = w.transpose(0, *range(3, n + 3), 2, 1).reshape(groups, taps * inner, outer)
        view = _split_axis(view, n + 1, groups)
        view = view.transpose(n + 1, 0, *range(1, n + 1), *range(n + 3, 2 * n + 3), n + 2)
    else:
        w = w.reshape(groups, outer, inner * taps)
        view = _split_axis(view, 1, groups)
        # (batch, g, inner, *kernel, *outs)
        view = view.transpose(0, 1, 2, *range(n + 3, 2 * n + 3), *range(3, n + 3))
    y = np.empty((batch, *outs, groups * outer) if form.last else (batch, groups * outer, *outs), dtype)
    positions = math.prod(outs)
    step = max(1, _COLUMN_BYTES // max(1, groups * inner * taps * positions * dtype.itemsize))
    for i in range(0, batch, step):
        size = min(step, batch - i)
        if form.last:
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


def _depthwise(h: Any, w: Any, form: Any) -> Any:
    n, axes, last = form.n, form.axes, form.last
    many = form.outer // form.groups
    w = w.reshape(form.groups, many, *form.kernel)
    if many > 1:
        h = h[..., None] if last else h[:, :, None]
        axes = axes if last else [a + 1 for a in axes]
    y: Any = None
    for tap, key in tap_keys(h.ndim, axes, form.kernel, form.strides, form.dilation, form.outs):
        factor = w[(slice(None), slice(None) if many > 1 else 0, *tap)]
        if not last:
            factor = factor.reshape(*factor.shape, *(1,) * n)
        if y is None:
            y = h[key] * factor
            scratch = np.empty_like(y)
        else:
            np.multiply(h[key], factor, out=scratch)
            y += scratch
    return y.reshape(h.shape[0], *form.outs, -1) if last else y.reshape(h.shape[0], -1, *form.outs)
