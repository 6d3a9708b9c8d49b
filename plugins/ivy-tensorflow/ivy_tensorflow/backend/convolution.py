"""Linear maps and convolutions in TensorFlow.

On CPUs its kernels take their channels last, and those of dilated and grouped convolutions have no gradient. So data
with channels first is transposed here (graphs are transposed as a whole beforehand: see `pipeline.prepare`), and such
convolutions are differentiated in a form put together from what has gradients.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ivy.backend import body_of
from ivy.errors import ArgumentError, ShapeError
from ivy.functional import convolution as core
from ivy.functional._windows import (
    channel_axis,
    out_size,
    per_axis,
    resolve_padding,
    tap_keys,
    transpose_padding,
)
from ivy_tensorflow.backend.manipulation import pad, spread_out
from ivy_tensorflow.backend.support import HALVES, dims, read, rows_of

_conv_transpose_body = body_of(core.conv_transpose, "tensorflow")


def linear(x: Any, weight: Any, bias: Any = None, /, *, weight_format: Any = "OI") -> Any:
    if weight_format not in ("OI", "IO"):
        raise ArgumentError(f"weight_format must be 'OI' or 'IO', not {weight_format!r}")
    rank = x.shape.rank
    # one product of two matrices, rather than a batch of them with the same second one
    rows = x if rank == 2 else rows_of(x)
    y = tf.matmul(rows, weight, transpose_b=weight_format == "OI")
    if bias is not None:
        y = y + bias
    return y if rank == 2 else tf.reshape(y, (*dims(x)[:-1], y.shape[-1]))


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
    x, weight = read(x), read(weight)
    n = x.shape.rank - 2
    axis = channel_axis(n + 2, data_format)
    if weight_format not in ("OI*", "*IO"):
        raise ArgumentError(f"weight_format of conv must be 'OI*' or '*IO', not {weight_format!r}")
    w = weight if weight_format == "*IO" else tf.transpose(weight, [*range(2, n + 2), 1, 0])
    inner, outer = w.shape[-2:]
    if inner * groups != x.shape[axis] or outer % groups:
        raise ShapeError(
            f"conv got x of shape {tuple(x.shape)} ({data_format}) and weight of shape {tuple(weight.shape)} "
            f"({weight_format}) with groups={groups}: x must have groups * {inner} channels, and groups divide the "
            f"{outer} outputs"
        )
    s, d = per_axis(strides, n, "strides"), per_axis(dilation, n, "dilation")
    base = per_axis(input_dilation, n, "input_dilation")
    h = _last(x) if axis == 1 else x
    for a, b in enumerate(base, 1):
        if b > 1:
            h = spread_out(h, a, b, 0)
    pads = pads_of(padding, h.shape[1:-1], w.shape[:-2], s, d)
    y = _conv(h, w, s, pads, d, groups)
    if bias is not None:
        y = y + bias
    return _first(y) if axis == 1 else y


_ANY = 1 << 20
"""Stands in for a size that is not known while a graph is made, where only numbers of windows far from 0 matter."""


def assumed(sizes: Any) -> list[int]:
    """Return sizes with numbers for those that are not known."""
    return [_ANY if n is None else n for n in sizes]


def same_pads(sizes: Any, kernel: Any, s: Any, d: Any) -> Any:
    """Return the pads of ``"same"``, None if they depend on sizes that are not known."""
    if any(n is None and step != 1 for n, step in zip(sizes, s, strict=True)):
        return None
    return resolve_padding("same", assumed(sizes), kernel, s, d)


def pads_of(padding: Any, sizes: Any, kernel: Any, s: Any, d: Any) -> Any:
    """Turn any way to state a padding into one pair of numbers per axis, also where sizes are not known."""
    if isinstance(padding, str) and padding.lower() == "same" and same_pads(sizes, kernel, s, d) is None:
        raise ShapeError("'same' with strides depends on the size, which is not known here", hint="give the size")
    return resolve_padding(padding, assumed(sizes), kernel, s, d)


def _last(x: Any) -> Any:
    return tf.transpose(x, [0, *range(2, x.shape.rank), 1])


def _first(x: Any) -> Any:
    return tf.transpose(x, [0, x.shape.rank - 1, *range(1, x.shape.rank - 1)])


def _conv(x: Any, w: Any, s: Any, pads: Any, d: Any, groups: Any) -> Any:
    """A convolution with channels last and the kernel's channels last, `(*kernel, in / groups, out)`."""
    n, kernel = len(s), tuple(w.shape[:-2])
    outs = tuple(out_size(*args) for args in zip(assumed(x.shape[1:-1]), kernel, s, pads, d, strict=True))
    if 0 in outs or 0 in x.shape or 0 in w.shape:
        return tf.zeros((dims(x)[0], *outs, w.shape[-1]), x.dtype)
    if n not in (1, 2, 3) or x.dtype.is_integer:
        return _taps(_padded(x, pads), w, s, d, groups)
    if n == 1:  # one more axis, of length 1, costs nothing
        y = _conv(tf.expand_dims(x, 1), tf.expand_dims(w, 0), (s[0], *s), ((0, 0), *pads), (1, *d), groups)
        return tf.squeeze(y, 1)
    same = same_pads(x.shape[1:-1], kernel, s, d)
    depthwise = groups > 1 and w.shape[-2] == 1
    plain = set(d) == {1} and groups == 1
    named = "VALID" if not any(map(any, pads)) else "SAME" if tuple(pads) == same else None
    explicit = n == 2 and (plain or depthwise) and set(d) == {1} and min(map(min, pads)) >= 0
    if named is None and not explicit:
        x, named = _padded(x, pads), "VALID"
    mode = named or [(0, 0), *pads, (0, 0)]
    if depthwise and n == 2 and len(set(s)) == 1 and (set(d) == {1} or set(s) == {1}):
        w = tf.reshape(w, (*kernel, groups, w.shape[-1] // groups))
        return tf.nn.depthwise_conv2d(x, w, (1, *s, 1), mode, dilations=d)
    if plain:
        return (tf.nn.conv2d if n == 2 else tf.nn.conv3d)(x, w, (1, *s, 1), mode)
    if named == "SAME":
        x, mode = _padded(x, pads), "VALID"
    composed = functools.partial(_composed, s=s, d=d, groups=groups)
    if n == 2 and not (depthwise and len(set(s)) > 1):
        return _differentiated_by(composed, lambda x, w: tf.nn.conv2d(x, w, (1, *s, 1), mode, dilations=d))(x, w)
    return composed(x, w)


def _padded(x: Any, pads: Any) -> Any:
    return pad(x, [(0, 0), *pads, (0, 0)])


def _composed(x: Any, w: Any, *, s: Any, d: Any, groups: Any) -> Any:
    """The same by plain convolutions, one for each group; dilated or depthwise ones as sums over the taps."""
    if set(d) != {1} or w.shape[-2] == 1:
        return _taps(x, w, s, d, groups)
    valid = ((0, 0),) * len(s)
    parts = zip(tf.split(x, groups, -1), tf.split(w, groups, -1), strict=True)
    return tf.concat([_conv(a, b, s, valid, d, 1) for a, b in parts], -1)


def _taps(x: Any, w: Any, s: Any, d: Any, groups: Any) -> Any:
    """A sum over the kernel's taps of what each gives to all outputs at once; for any number of axes."""
    n, kernel, (inner, outer) = len(s), tuple(w.shape[:-2]), w.shape[-2:]
    outs = tuple(out_size(size, k, ss, (0, 0), dd) for size, k, ss, dd in zip(x.shape[1:-1], kernel, s, d, strict=True))
    dtype = x.dtype
    if dtype in HALVES:
        x, w = tf.cast(x, tf.float32), tf.cast(w, tf.float32)
    y: Any = None
    for tap, key in tap_keys(n + 2, range(1, n + 1), kernel, s, d, outs):
        part, factor = x[key], w[tap]
        if groups == 1:
            term = tf.tensordot(part, factor, 1)
        else:
            part = tf.reshape(part, (*dims(part)[:-1], groups, inner))
            factor = tf.reshape(factor, (inner, groups, outer // groups))
            if inner == 1:
                term = part * factor[0]
            else:
                term = tf.einsum("...gi,igo->...go", part, factor)
            term = tf.reshape(term, (*dims(term)[:-2], outer))
        y = term if y is None else y + term
    return tf.cast(y, dtype)


def _differentiated_by(composed: Callable[..., Any], fused: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that computes by `fused` and has the gradients of `composed`, an equal one."""

    @tf.custom_gradient
    def run(x: Any, w: Any) -> Any:
        def pull(cotangent: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch((x, w))
                y = composed(x, w)
            return tape.gradient(y, (x, w), cotangent)

        return fused(x, w), pull

    return run


_TRANSPOSED = {2: tf.nn.conv2d_transpose, 3: tf.nn.conv3d_transpose}


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
    x, weight = read(x), read(weight)
    n = x.shape.rank - 2
    axis = channel_axis(n + 2, data_format)
    last = weight_format == "*IO"
    d = per_axis(dilation, n, "dilation")
    inner = weight.shape[-2] if last else weight.shape[0]
    usual = weight_format in ("IO*", "*IO") and inner == x.shape[axis] and inner % groups == 0
    if not usual or n not in (1, 2, 3) or set(d) != {1} or 0 in x.shape or not x.dtype.is_floating:
        return _conv_transpose_body(
            x,
            weight,
            bias,
            strides=strides,
            padding=padding,
            output_padding=output_padding,
            dilation=dilation,
            groups=groups,
            data_format=data_format,
            weight_format=weight_format,
        )
    s, extra = per_axis(strides, n, "strides"), per_axis(output_padding, n, "output_padding")
    h = _last(x) if axis == 1 else x
    order = [*range(n), n + 1, n] if last else [*range(2, n + 2), 1, 0]
    w = tf.transpose(weight, order)  # (*kernel, out / groups, in)
    kernel = tuple(w.shape[:-2])
    parts = [(h, w)] if groups == 1 else zip(tf.split(h, groups, -1), tf.split(w, groups, -1), strict=True)
    y = tf.concat([_transposed(a, b, s) for a, b in parts], -1) if groups > 1 else _transposed(h, w, s)
    # what has to be cut from (or, negative, added to) the full result at either end of each axis
    pads = transpose_padding(padding, kernel, s, d, extra)
    y = _padded(y, [(lo - (k - 1), hi - (k - 1)) for (lo, hi), k in zip(pads, kernel, strict=True)])
    if bias is not None:
        y = y + bias
    return _first(y) if axis == 1 else y


def _transposed(x: Any, w: Any, s: Any) -> Any:
    """All that any input reaches."""
    if len(s) == 1:
        return tf.squeeze(_transposed(tf.expand_dims(x, 1), tf.expand_dims(w, 0), (1, *s)), 1)
    full = [(size - 1) * ss + k for size, ss, k in zip(dims(x)[1:-1], s, w.shape[:-2], strict=True)]
    return _TRANSPOSED[len(s)](x, w, (dims(x)[0], *full, w.shape[-2]), (1, *s, 1), "VALID")
