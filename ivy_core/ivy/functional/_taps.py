"""Bodies of convolutions and windowed reductions: for each tap of the kernel, the slice of the data that it meets."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError, ShapeError
from ivy.functional._precision import narrow, widen
from ivy.functional._windows import channel_axis, out_size, per_axis, resolve_padding, tap_keys


def _spread(x: Any, factors: Any, value: Any) -> Any:
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
    n = x.ndim - 2
    if weight_format not in ("OI*", "*IO"):
        raise ArgumentError(f"weight_format must be 'OI*' or '*IO', not {weight_format!r}")
    last = channel_axis(x.ndim, data_format) != 1
    h, w = widen(x), widen(weight)
    h = h if last else F.moveaxis(h, 1, -1)
    w = w if weight_format == "*IO" else F.permute_dims(w, (*range(2, n + 2), 1, 0))
    *kernel, inputs, outputs = w.shape
    if inputs * groups != h.shape[-1] or outputs % groups:
        raise ShapeError(
            f"conv got x of shape {tuple(x.shape)} ({data_format}) and weight of shape {tuple(weight.shape)} "
            f"({weight_format}) with groups={groups}: x must have groups * {inputs} channels, and groups divide the "
            f"{outputs} outputs"
        )
    s, d = per_axis(strides, n, "strides"), per_axis(dilation, n, "dilation")
    h = _spread(h, (1, *per_axis(input_dilation, n, "input_dilation")), 0)
    pads = resolve_padding(padding, h.shape[1:-1], kernel, s, d)
    outs = tuple(out_size(*a) for a in zip(h.shape[1:-1], kernel, s, pads, d, strict=True))
    h = F.pad(h, [(0, 0), *pads, (0, 0)])
    batch, places = h.shape[0], math.prod(outs)
    total: Any = F.zeros((groups, batch * places, outputs // groups), dtype=dtype_of(h))
    for tap, key in tap_keys(n + 2, range(1, n + 1), kernel, s, d, outs) if places else ():
        met = F.reshape(F.get_item(h, key), (batch * places, groups, inputs))
        taps = F.reshape(F.get_item(w, tap), (inputs, groups, outputs // groups))
        total = F.add(total, F.matmul(F.permute_dims(met, (1, 0, 2)), F.permute_dims(taps, (1, 0, 2))))
    y = F.reshape(F.permute_dims(total, (1, 0, 2)), (batch, *outs, outputs))
    y = y if bias is None else F.add(y, widen(bias))
    return narrow(y if last else F.moveaxis(y, -1, 1), x)


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
    combine = {"add": F.add, "mul": F.multiply, "max": F.maximum, "min": F.minimum}[reducer]
    k, s = per_axis(window, n, "window"), per_axis(strides, n, "strides")
    base, d = per_axis(base_dilation, n, "base_dilation"), per_axis(window_dilation, n, "window_dilation")
    x = _spread(x, base, identity)
    pads = resolve_padding(padding, tuple(x.shape), k, s, d)
    x = F.pad(x, list(pads), value=identity)
    # every one of these reductions can be done one axis after the other
    for axis in range(n):
        if (k[axis], s[axis]) == (1, 1):
            continue
        out = out_size(x.shape[axis], k[axis], s[axis], (0, 0), d[axis])
        if not out:
            x = F.get_item(x, (*(slice(None),) * axis, slice(0, 0)))
            continue
        y: Any = None
        for _, key in tap_keys(n, (axis,), (k[axis],), (s[axis],), (d[axis],), (out,)):
            met = F.get_item(x, key)
            y = met if y is None else combine(y, met)
        x = y
    return x if init == identity else combine(x, F.asarray(init, dtype=dtype))
