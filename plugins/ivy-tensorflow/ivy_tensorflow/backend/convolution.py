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
from ivy.errors import ArgumentError
from ivy.functional import convolution as core
from ivy.functional._forms import conv_form, conv_transpose_form
from ivy.functional._windows import tap_keys
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
    n = form.n
    w = weight if form.kernel_last else tf.transpose(weight, [*range(2, n + 2), 1, 0])
    h = x if form.last else _last(x)
    for axis, b in enumerate(form.base, 1):
        if b > 1:
            h = spread_out(h, axis, b, 0)
    y = _conv(h, w, form)
    if bias is not None:
        y = y + bias
    return y if form.last else _first(y)


def _last(x: Any) -> Any:
    return tf.transpose(x, [0, *range(2, x.shape.rank), 1])


def _first(x: Any) -> Any:
    return tf.transpose(x, [0, x.shape.rank - 1, *range(1, x.shape.rank - 1)])


def _conv(x: Any, w: Any, form: Any) -> Any:
    """A convolution of spread data with channels last and a kernel with channels last."""
    if len(set(form.strides)) > 1:
        # TensorFlow 2.21 computes wrongly with one input and steps of 1 and more, where there is one window in a row
        form = form.stepless()
    n, s, d = form.n, form.strides, form.dilation
    if form.empty or n not in (1, 2, 3) or x.dtype.is_integer:
        return _taps(_padded(x, form), w, form)
    if n == 1:  # one more axis, of length 1, costs nothing
        return tf.squeeze(_conv(tf.expand_dims(x, 1), tf.expand_dims(w, 0), form.lifted()), 1)
    plain = form.groups == 1 and not form.dilated
    # those of TensorFlow's kernels that have gradients
    native = plain or (form.depthwise and n == 2 and len(set(s)) == 1 and (set(s) == {1} or not form.dilated))
    mode: Any = "VALID"
    if form.padded:
        if native and form.same:
            mode = "SAME"
        elif native and n == 2 and not form.dilated and not form.cropped and form.meets:
            mode = [(0, 0), *form.pads, (0, 0)]
        else:
            x = _padded(x, form)
    if plain:
        return (tf.nn.conv2d if n == 2 else tf.nn.conv3d)(x, w, (1, *s, 1), mode)
    if native:
        w = tf.reshape(w, (*form.kernel, form.groups, form.outer // form.groups))
        return tf.nn.depthwise_conv2d(x, w, (1, *s, 1), mode, dilations=d)
    composed = functools.partial(_composed, form=form.ready())
    if n == 2 and not (form.depthwise and len(set(s)) > 1):
        return _differentiated_by(composed, lambda x, w: tf.nn.conv2d(x, w, (1, *s, 1), "VALID", dilations=d))(x, w)
    return composed(x, w)


def _padded(x: Any, form: Any) -> Any:
    return pad(x, [(0, 0), *form.pads, (0, 0)])


def _composed(x: Any, w: Any, *, form: Any) -> Any:
    """The same by plain convolutions, one for each group; dilated or depthwise ones as sums over the taps."""
    if form.dilated or form.inner == 1:
        return _taps(x, w, form)
    convolve = tf.nn.conv2d if form.n == 2 else tf.nn.conv3d
    parts = zip(tf.split(x, form.groups, -1), tf.split(w, form.groups, -1), strict=True)
    return tf.concat([convolve(a, b, (1, *form.strides, 1), "VALID") for a, b in parts], -1)


def _taps(x: Any, w: Any, form: Any) -> Any:
    """A sum over the kernel's taps of what each gives to all outputs at once; for any number of axes."""
    n, groups, inner, outer = form.n, form.groups, form.inner, form.outer
    outs = form.outs
    dtype = x.dtype
    if dtype in HALVES:
        x, w = tf.cast(x, tf.float32), tf.cast(w, tf.float32)
    y: Any = None
    for tap, key in tap_keys(n + 2, range(1, n + 1), form.kernel, form.strides, form.dilation, outs):
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
    n, s = form.n, form.strides
    if n not in (1, 2, 3) or set(form.dilation) != {1} or form.empty or not x.dtype.is_floating:
        return _conv_transpose_body(x, weight, bias, **form.arguments)
    h = x if form.last else _last(x)
    order = [*range(n), n + 1, n] if form.kernel_last else [*range(2, n + 2), 1, 0]
    w = tf.transpose(weight, order)  # (*kernel, out / groups, in)
    if groups == 1:
        y = _transposed(h, w, s)
    else:
        parts = zip(tf.split(h, groups, -1), tf.split(w, groups, -1), strict=True)
        y = tf.concat([_transposed(a, b, s) for a, b in parts], -1)
    y = pad(y, [(0, 0), *form.growth, (0, 0)])
    if bias is not None:
        y = y + bias
    return y if form.last else _first(y)


def _transposed(x: Any, w: Any, s: Any) -> Any:
    """All that any input reaches."""
    if len(s) == 1:
        return tf.squeeze(_transposed(tf.expand_dims(x, 1), tf.expand_dims(w, 0), (1, *s)), 1)
    full = [(size - 1) * ss + k for size, ss, k in zip(dims(x)[1:-1], s, w.shape[:-2], strict=True)]
    return _TRANSPOSED[len(s)](x, w, (dims(x)[0], *full, w.shape[-2]), (1, *s, 1), "VALID")
