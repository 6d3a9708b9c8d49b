"""Bodies of convolutions and windowed reductions: for each tap of the kernel, the slice of the data that it meets."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.functional._forms import conv_form, window_form
from ivy.functional._precision import narrow, widen
from ivy.functional._windows import tap_keys


def _spread(x: Any, factors: Any, value: Any = 0) -> Any:
    """Put `value` between neighbours, so that they lie as far apart as `factors` says."""
    for axis, factor in enumerate(factors):
        size = x.shape[axis]
        if factor == 1 or size < 2:
            continue
        shape = (*x.shape[: axis + 1], factor - 1, *x.shape[axis + 1 :])
        gaps = F.full(shape, value, dtype=dtype_of(x))
        x = F.concat([F.expand_dims(x, axis=axis + 1), gaps], axis=axis + 1)
        x = F.reshape(x, (*x.shape[:axis], size * factor, *x.shape[axis + 2 :]))
        x = F.get_item(x, (*(slice(None),) * axis, slice(0, (size - 1) * factor + 1)))
    return x


def larger(first: Any, second: Any) -> Any:
    """The maximum, NaN if either is; of equal values the first, to which the gradient goes (as torch's poolings do)."""
    return F.where(F.logical_or(F.greater(second, first), F.not_equal(second, second)), second, first)


def smaller(first: Any, second: Any) -> Any:
    """The minimum, as `larger`."""
    return F.where(F.logical_or(F.less(second, first), F.not_equal(second, second)), second, first)


def conv(
    x: Any,
    weight: Any,
    bias: Any = None,
    /,
    *,
    strides: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
    data_format: str = "channels_first",
    weight_format: str = "OI*",
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
    n, inputs, outputs = form.n, form.inner, form.outer
    h, w = widen(x), widen(weight)
    h = h if form.last else F.moveaxis(h, 1, -1)
    w = w if form.kernel_last else F.permute_dims(w, (*range(2, n + 2), 1, 0))
    h = F.pad(_spread(h, (1, *form.base)), [(0, 0), *form.pads, (0, 0)])
    batch, outs = h.shape[0], form.outs
    places = math.prod(outs)
    total: Any = F.zeros((groups, batch * places, outputs // groups), dtype=dtype_of(h))
    for tap, key in tap_keys(n + 2, range(1, n + 1), form.kernel, form.strides, form.dilation, outs):
        met = F.reshape(F.get_item(h, key), (batch * places, groups, inputs))
        taps = F.reshape(F.get_item(w, tap), (inputs, groups, outputs // groups))
        total = F.add(total, F.matmul(F.permute_dims(met, (1, 0, 2)), F.permute_dims(taps, (1, 0, 2))))
    y = F.reshape(F.permute_dims(total, (1, 0, 2)), (batch, *outs, outputs))
    y = y if bias is None else F.add(y, widen(bias))
    return narrow(y if form.last else F.moveaxis(y, -1, 1), x)


def reduce_window(
    x: Any,
    /,
    init: Any,
    reducer: str,
    window: Any,
    *,
    strides: Any = 1,
    padding: Any = 0,
    base_dilation: Any = 1,
    window_dilation: Any = 1,
) -> Any:
    from ivy.functional.pooling import identity_of

    n, dtype = x.ndim, dtype_of(x)
    identity = identity_of(reducer, dtype)
    combine = {"add": F.add, "mul": F.multiply, "max": larger, "min": smaller}[reducer]
    form = window_form(x.shape, range(n), window, strides, padding, window_dilation, base_dilation)
    x = F.pad(_spread(x, form.base, identity), list(form.pads), value=identity)
    # every one of these reductions can be done one axis after the other
    for axis, (k, s, d, out) in enumerate(zip(form.kernel, form.strides, form.dilation, form.outs, strict=True)):
        if (k, s) == (1, 1):
            continue
        y: Any = None
        for _, key in tap_keys(n, (axis,), (k,), (s,), (d,), (out,)):
            met = F.get_item(x, key)
            y = met if y is None else combine(y, met)
        x = y
    return x if init == identity else combine(x, F.asarray(init, dtype=dtype))


def adaptive_max_with_indices(x: Any, output_size: Any) -> tuple[Any, Any]:
    """Pool channels-first data adaptively, and say where in the flattened spatial axes each maximum lies.

    Args:
        x: shape ``(batch, channels, *spatial)``.
        output_size: as in `ivy.adaptive_max_pool`.

    Returns:
        The maxima, and the first place of each in its window, int64.
    """
    from ivy.functional.pooling import adaptive_windows

    values = F.adaptive_max_pool(x, output_size)
    outs, ins = values.shape[2:], x.shape[2:]
    n, total = len(ins), math.prod(ins)
    inside: Any = None
    for axis, (size, out) in enumerate(zip(ins, outs, strict=True)):
        windows = adaptive_windows(size, out)
        starts, ends = (F.asarray([[w[i]] for w in windows], dtype="int64") for i in (0, 1))
        at = F.reshape(F.arange(size, dtype="int64"), (1, size))
        hit = F.logical_and(F.greater_equal(at, starts), F.less(at, ends))
        shape = [1] * (2 * n)
        shape[axis], shape[n + axis] = out, size
        hit = F.reshape(hit, tuple(shape))
        inside = hit if inside is None else F.logical_and(inside, hit)
    inside = F.reshape(inside, (1, 1, *outs, total))
    flat = F.reshape(x, (*x.shape[:2], *([1] * n), total))
    hit = F.logical_and(inside, F.equal(flat, F.expand_dims(values, axis=-1)))
    return values, F.astype(F.argmax(F.astype(hit, "uint8"), axis=-1), "int64")
