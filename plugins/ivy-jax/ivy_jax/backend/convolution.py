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

from ivy.errors import ArgumentError
from ivy.functional._forms import conv_form

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
    n, kernel, axis = form.n, form.kernel, x.ndim - 1 if form.last else 1
    cpu, whole = jax.default_backend() == "cpu", not (form.padded or form.spread)
    if groups == 1 and whole and set(kernel) == {1}:
        y = _pointwise(x, weight, form)
    elif cpu and groups == 1 and whole and kernel == form.strides and not form.dilated and 0 not in form.outs:
        y = _patches(x, weight, form)
    elif (
        cpu
        and groups > 1
        and not form.spread
        and form.inner <= _FEW_CHANNELS
        and form.inner * math.prod(kernel) <= _MANY_TERMS
    ):
        y = _slices(x, weight, form)
    else:
        letters = _LETTERS[:n]
        data = f"N{letters}C" if form.last else f"NC{letters}"
        convolve = partial(
            lax.conv_general_dilated,
            window_strides=form.strides,
            padding=form.pads,
            lhs_dilation=form.base,
            rhs_dilation=form.dilation,
            dimension_numbers=(data, f"{letters}IO" if form.kernel_last else f"OI{letters}", data),
        )
        if cpu and groups > 1:
            y = _by_group(convolve, x, weight, groups, axis, not form.kernel_last)
        else:
            y = convolve(x, weight, feature_group_count=groups)
    if bias is None:
        return y
    return y + (bias if form.last else bias.reshape(-1, *(1,) * n))


def _pointwise(x: Any, weight: Any, form: Any) -> Any:
    """A product of matrices, for kernels of size 1: 64 to 256 channels on 56x56, 1.3 ms rather than 1.8 (NHWC), 7.3."""
    if set(form.strides) != {1}:
        x = x[tuple(slice(None, None, s) for s in form.over(form.strides, x.ndim, None))]
    w = weight.reshape(weight.shape[-2:] if form.kernel_last else weight.shape[:2])
    inputs = 0 if form.kernel_last else 1
    if form.last:
        return lax.dot_general(x, w, (((x.ndim - 1,), (inputs,)), ((), ())))
    return jnp.moveaxis(lax.dot_general(w, x, (((inputs,), (1,)), ((), ()))), 0, 1)


def _patches(x: Any, weight: Any, form: Any) -> Any:
    """A product of matrices, for windows that lie side by side: 16x16 patches of 224x224, 2.7 ms rather than 5.1."""
    n, batch, kernel, outs = form.n, x.shape[0], form.kernel, form.outs
    x = x[tuple(slice(0, size) for size in form.over([o * k for o, k in zip(outs, kernel, strict=True)], x.ndim, None))]
    split = [size for pair in zip(outs, kernel, strict=True) for size in pair]
    where, within = list(range(1, 2 * n + 1, 2)), list(range(2, 2 * n + 1, 2))
    if form.last:
        channel = 2 * n + 1
        x = x.reshape(batch, *split, x.shape[-1])
    else:
        where, within, channel = [a + 1 for a in where], [a + 1 for a in within], 1
        x = x.reshape(batch, x.shape[1], *split)
    order = (*within, channel) if form.kernel_last else (channel, *within)
    x = x.transpose(0, *where, *order).reshape(batch, *outs, form.inner * math.prod(kernel))
    w = weight.reshape(-1, form.outer) if form.kernel_last else weight.reshape(form.outer, -1)
    y = lax.dot_general(x, w, (((n + 1,), (0 if form.kernel_last else 1,)), ((), ())))
    return y if form.last else jnp.moveaxis(y, -1, 1)


def _slices(x: Any, weight: Any, form: Any) -> Any:
    """A sum of shifted slices, for depthwise kernels and very small groups: 96x56x56 3x3, 0.3 ms rather than 18."""
    dtype, axis = x.dtype, x.ndim - 1 if form.last else 1
    half = dtype in (jnp.float16, jnp.bfloat16)
    if half:
        x, weight = x.astype(jnp.float32), weight.astype(jnp.float32)
    many = form.outer // form.groups
    x = lax.pad(x, jnp.zeros((), x.dtype), [(lo, hi, 0) for lo, hi in form.widths(x.ndim)])
    y: Any = None
    for i in range(form.inner):
        each = x
        if form.inner > 1:
            each = lax.slice_in_dim(x, i, None, form.inner, axis)
        if many > 1:
            each = jnp.repeat(each, many, axis)
        if form.inner > 1:
            each = lax.optimization_barrier(each)  # else XLA picks the channels anew for every tap
        for tap, key in form.taps(x.ndim):
            factor = weight[(*tap, i)] if form.kernel_last else weight[(slice(None), i, *tap)]
            part = each[key] * (factor if form.last else factor.reshape(-1, *(1,) * form.n))
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
