"""Linear maps and convolutions in JAX.

XLA's convolutions are fast on CPUs when they are plain ones; the others are put together from what is fast there (the
figures are in `benchmarks/`).
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import jax
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
_FEW_CHANNELS = 4
"""Up to so many inputs in a group, its convolution is a sum of shifted slices ..."""
_MANY_TERMS = 128
"""... unless that sum would have more terms than this."""
_WIDE_ENOUGH = 16
"""Groups of fewer inputs than this are joined: XLA's products of such narrow matrices are slow."""
_MOST_PARTS = 32
"""More than so many groups are joined as well, to keep the program short."""


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
    channels_first = axis == 1
    plain = set(base) == {1}
    padded = any(p for pair in pads for p in pair)
    cpu = jax.default_backend() == "cpu"
    if groups == 1 and plain and not padded and set(kernel) == {1}:
        y = _pointwise(x, weight, axes, s, channels_first, first)
    elif cpu and groups == 1 and plain and not padded and kernel == s and set(d) == {1} and 0 not in outs:
        y = _patches(x, weight, axes, kernel, outs, channels_first, first)
    elif cpu and groups > 1 and plain and inner <= _FEW_CHANNELS and inner * math.prod(kernel) <= _MANY_TERMS:
        y = _slices(x, weight, groups, axes, kernel, s, d, pads, outs, channels_first, first)
    else:
        letters = _LETTERS[:n]
        data = f"NC{letters}" if channels_first else f"N{letters}C"
        convolve = partial(
            lax.conv_general_dilated,
            window_strides=s,
            padding=pads,
            lhs_dilation=base,
            rhs_dilation=d,
            dimension_numbers=(data, f"OI{letters}" if first else f"{letters}IO", data),
        )
        if cpu and groups > 1:
            y = _by_group(convolve, x, weight, groups, axis, first)
        else:
            y = convolve(x, weight, feature_group_count=groups)
    if bias is None:
        return y
    return y + (bias.reshape(-1, *(1,) * n) if axis == 1 else bias)


def _pointwise(x: Any, weight: Any, axes: Any, s: Any, channels_first: Any, first: Any) -> Any:
    """A product of matrices, for kernels of size 1: 64 to 256 channels on 56x56, 1.3 ms rather than 1.8 (NHWC), 7.3."""
    if set(s) != {1}:
        x = x[tuple(slice(None, None, s[axes.index(a)]) if a in axes else slice(None) for a in range(x.ndim))]
    w = weight.reshape(weight.shape[:2] if first else weight.shape[-2:])
    if not channels_first:
        return lax.dot_general(x, w, (((x.ndim - 1,), (1 if first else 0,)), ((), ())))
    return jnp.moveaxis(lax.dot_general(w, x, (((1 if first else 0,), (1,)), ((), ()))), 0, 1)


def _patches(x: Any, weight: Any, axes: Any, kernel: Any, outs: Any, channels_first: Any, first: Any) -> Any:
    """A product of matrices, for windows that lie side by side: 16x16 patches of 224x224, 2.7 ms rather than 5.1."""
    n, batch = len(axes), x.shape[0]
    x = x[
        tuple(
            slice(0, outs[axes.index(a)] * kernel[axes.index(a)]) if a in axes else slice(None) for a in range(x.ndim)
        )
    ]
    split = [size for pair in zip(outs, kernel, strict=True) for size in pair]
    where, within = list(range(1, 2 * n + 1, 2)), list(range(2, 2 * n + 1, 2))
    if channels_first:
        where, within, channel = [a + 1 for a in where], [a + 1 for a in within], 1
        x = x.reshape(batch, x.shape[1], *split)
    else:
        channel = 2 * n + 1
        x = x.reshape(batch, *split, x.shape[-1])
    x = x.transpose(0, *where, *((channel, *within) if first else (*within, channel))).reshape(batch, *outs, -1)
    w = weight.reshape(weight.shape[0], -1) if first else weight.reshape(-1, weight.shape[-1])
    y = lax.dot_general(x, w, (((n + 1,), (1 if first else 0,)), ((), ())))
    return jnp.moveaxis(y, -1, 1) if channels_first else y


def _slices(
    x: Any,
    weight: Any,
    groups: Any,
    axes: Any,
    kernel: Any,
    s: Any,
    d: Any,
    pads: Any,
    outs: Any,
    channels_first: Any,
    first: Any,
) -> Any:
    """A sum of shifted slices, for depthwise kernels and very small groups: 96x56x56 3x3, 0.3 ms rather than 18."""
    dtype, axis = x.dtype, 1 if channels_first else x.ndim - 1
    half = dtype in (jnp.float16, jnp.bfloat16)
    if half:
        x, weight = x.astype(jnp.float32), weight.astype(jnp.float32)
    inner = x.shape[axis] // groups
    many = (weight.shape[0] if first else weight.shape[-1]) // groups
    x = lax.pad(
        x, jnp.zeros((), x.dtype), [(*pads[axes.index(a)], 0) if a in axes else (0, 0, 0) for a in range(x.ndim)]
    )
    y: Any = None
    for i in range(inner):
        each = x
        if inner > 1:
            each = lax.slice_in_dim(x, i, None, inner, axis)
        if many > 1:
            each = jnp.repeat(each, many, axis)
        if inner > 1:
            each = lax.optimization_barrier(each)  # else XLA picks the channels anew for every tap
        for tap, key in tap_keys(x.ndim, axes, kernel, s, d, outs):
            factor = weight[(slice(None), i, *tap)] if first else weight[(*tap, i)]
            part = each[key] * (factor.reshape(-1, *(1,) * len(axes)) if channels_first else factor)
            y = part if y is None else y + part
    return y.astype(dtype) if half else y


def _by_group(convolve: Any, x: Any, weight: Any, groups: Any, axis: Any, first: Any) -> Any:
    """One plain convolution for each group, or for a few small ones side by side in a block-diagonal kernel."""
    inner = weight.shape[1] if first else weight.shape[-2]
    joined = next(
        m
        for m in range(1, groups + 1)
        if groups % m == 0 and groups // m <= _MOST_PARTS and (inner * m >= _WIDE_ENOUGH or m == groups)
    )
    out_axis = 0 if first else weight.ndim - 1
    if joined > 1:
        weight = _block_diagonal(weight, groups // joined, joined, first)
    parts = groups // joined
    xs, ws = jnp.split(x, parts, axis), jnp.split(weight, parts, out_axis)
    return jnp.concatenate([convolve(a, b) for a, b in zip(xs, ws, strict=True)], axis)


def _block_diagonal(weight: Any, parts: Any, joined: Any, first: Any) -> Any:
    ones = jnp.eye(joined, dtype=weight.dtype)
    if first:
        outer, inner, *kernel = weight.shape
        w = weight.reshape(parts, joined, -1, inner, *kernel)
        return jnp.einsum("gmoi...,mn->gmoni...", w, ones).reshape(outer, joined * inner, *kernel)
    *kernel, inner, outer = weight.shape
    w = weight.reshape(*kernel, inner, parts, joined, -1)
    return jnp.einsum("...igmo,mn->...nigmo", w, ones).reshape(*kernel, joined * inner, outer)
