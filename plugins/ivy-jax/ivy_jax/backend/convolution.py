"""Linear maps and convolutions in JAX.

XLA's convolutions are fast on CPUs when they are plain ones; the others are put together from what is fast there (the
figures are in `benchmarks/`).
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from ivy.errors import ArgumentError, ShapeError
from ivy.functional._windows import (
    channel_axis,
    out_size,
    per_axis,
    resolve_padding,
    spatial_axes,
    tap_keys,
)

_LETTERS = "DHWABE"


def linear(x: Any, weight: Any, bias: Any = None, /, *, weight_format: Any = "OI") -> Any:
    if weight_format not in ("OI", "IO"):
        raise ArgumentError(f"weight_format must be 'OI' or 'IO', not {weight_format!r}")
    axis = 1 if weight_format == "OI" else 0
    y = lax.dot_general(x, weight, (((x.ndim - 1,), (axis,)), ((), ())))
    return y if bias is None else y + bias


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
    axis = channel_axis(x.ndim, data_format)
    if weight_format not in ("OI*", "*IO"):
        raise ArgumentError(f"weight_format of conv must be 'OI*' or '*IO', not {weight_format!r}")
    first = weight_format == "OI*"
    kernel = tuple(weight.shape[2:] if first else weight.shape[:-2])
    outer, inner = (weight.shape[0], weight.shape[1]) if first else (weight.shape[-1], weight.shape[-2])
    if inner * groups != x.shape[axis] or outer % groups:
        raise ShapeError(
            f"conv got x of shape {x.shape} ({data_format}) and weight of shape {weight.shape} ({weight_format}) with "
            f"groups={groups}: x must have groups * {inner} channels, and groups divide the {outer} outputs"
        )
    s, d = per_axis(strides, n, "strides"), per_axis(dilation, n, "dilation")
    base = per_axis(input_dilation, n, "input_dilation")
    sizes = [(x.shape[a] - 1) * b + 1 for a, b in zip(axes, base, strict=True)]
    pads = resolve_padding(padding, sizes, kernel, s, d)
    outs = tuple(out_size(*args) for args in zip(sizes, kernel, s, pads, d, strict=True))
    if groups > 1 and inner == 1 and set(base) == {1}:
        y = _depthwise(x, weight, axis, axes, kernel, s, d, pads, outs, first)
    else:
        letters = _LETTERS[:n]
        data = f"NC{letters}" if axis == 1 else f"N{letters}C"
        y = lax.conv_general_dilated(
            x,
            weight,
            s,
            pads,
            lhs_dilation=base,
            rhs_dilation=d,
            dimension_numbers=(data, f"OI{letters}" if first else f"{letters}IO", data),
            feature_group_count=groups,
        )
    if bias is None:
        return y
    return y + (bias.reshape(-1, *(1,) * n) if axis == 1 else bias)


def _depthwise(
    x: Any, weight: Any, axis: Any, axes: Any, kernel: Any, s: Any, d: Any, pads: Any, outs: Any, first: Any
) -> Any:
    """A sum of shifted slices."""
    n, channels = len(axes), x.shape[axis]
    many = (weight.shape[0] if first else weight.shape[-1]) // channels
    x = lax.pad(
        x, jnp.zeros((), x.dtype), [(*pads[axes.index(a)], 0) if a in axes else (0, 0, 0) for a in range(x.ndim)]
    )
    w = weight.reshape(channels, many, *kernel) if first else weight.reshape(*kernel, channels, many)
    if many > 1:
        x = jnp.expand_dims(x, axis + 1)
        axes = axes if axis != 1 else tuple(a + 1 for a in axes)
    y = None
    for tap, key in tap_keys(x.ndim, axes, kernel, s, d, outs):
        factor = w[(slice(None), slice(None), *tap)] if first else w[tap]
        if many == 1:
            factor = factor[:, 0]
        if axis == 1:
            factor = factor.reshape(*factor.shape, *(1,) * n)
        part = x[key] * factor
        y = part if y is None else y + part
    return y.reshape(y.shape[0], -1, *outs) if axis == 1 else y.reshape(y.shape[0], *outs, -1)
