"""Pooling: reductions over sliding windows.

Definitions are torch's, extended by asymmetric padding (pairs ``(before, after)``), ``"same"`` and both data formats.
The number of spatial axes is that of `x` less two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ivy.dtypes import DType, dtype_of
from ivy.errors import ArgumentError, ShapeError
from ivy.functional._forms import pool_form
from ivy.functional._lengths import root
from ivy.functional._precision import narrow, widen
from ivy.functional._windows import Padding, Sizes, per_axis, spatial_axes
from ivy.functional.creation import arange, asarray, zeros
from ivy.functional.elementwise import abs as absolute
from ivy.functional.elementwise import pow, sign  # noqa: A004
from ivy.functional.indexing import get_item, put_along_axis, take, take_along_axis
from ivy.functional.linalg import tensordot
from ivy.functional.manipulation import broadcast_to, expand_dims, moveaxis, pad, reshape, squeeze, stack
from ivy.functional.reductions import argmax, mean
from ivy.functional.registry import composite
from ivy.functional.typing import Array, Scalar

__all__ = [
    "adaptive_avg_pool",
    "adaptive_max_pool",
    "avg_pool",
    "lp_pool",
    "max_pool",
    "max_pool_with_indices",
    "max_unpool",
    "reduce_window",
]


@composite(body="_taps")
def reduce_window(
    x: Array,
    /,
    init: Scalar,
    reducer: str,
    window: Sequence[int],
    *,
    strides: Sizes = 1,
    padding: Padding = 0,
    base_dilation: Sizes = 1,
    window_dilation: Sizes = 1,
) -> Array:
    """Reduce sliding windows over all axes (XLA's ``ReduceWindow``).

    Args:
        x: any shape.
        init: the value that a reduction starts from; the reducer's identity, except in special cases.
        reducer: ``"add"``, ``"mul"``, ``"max"`` or ``"min"``.
        window: size on each axis of `x`; 1 where the axis is not reduced.
        strides: step of the windows, one number or one for each axis.
        padding: as in `conv`, for every axis; pads don't count.
        base_dilation: distance of the values of `x`; the gaps don't count.
        window_dilation: distance of the values of a window.

    Returns:
        Array of the dtype of `x`.

    Raises:
        ArgumentError: if `reducer` is none of these.

    Definition: XLA ReduceWindow, https://openxla.org/xla/operation_semantics#reducewindow

    Example:
        >>> import ivy, numpy as np
        >>> ivy.reduce_window(np.asarray([1.0, 2.0, 3.0]), 0.0, "add", (2,)).tolist()
        [3.0, 5.0]
    """


@composite
def max_pool(
    x: Array,
    /,
    kernel: Sizes,
    *,
    strides: Sizes | None = None,
    padding: Padding = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    data_format: str = "channels_first",
) -> Array:
    """Return the maximum of each window; pads never win.

    Args:
        x: shape ``(batch, channels, *spatial)`` or ``(batch, *spatial, channels)``.
        kernel: size of the windows.
        strides: their step; None is `kernel`.
        padding: as in `conv`.
        dilation: distance of a window's values.
        ceil_mode: keep a last window that is only partly inside.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Array of the dtype of `x`. The gradient goes to one value of each window: the first of equal ones.

    Definition: torch.nn.MaxPool2d, https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.max_pool(np.arange(4.0).reshape(1, 1, 4), 2).tolist()
        [[[1.0, 3.0]]]
    """
    form = pool_form(
        x.shape,
        kernel,
        strides=strides,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
        data_format=data_format,
    )
    return reduce_window(
        x,
        identity_of("max", dtype_of(x)),
        "max",
        form.over(form.kernel, x.ndim, 1),
        strides=form.over(form.strides, x.ndim, 1),
        padding=form.widths(x.ndim),
        window_dilation=form.over(form.dilation, x.ndim, 1),
    )


@composite
def max_pool_with_indices(
    x: Array,
    /,
    kernel: Sizes,
    *,
    strides: Sizes | None = None,
    padding: Padding = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    data_format: str = "channels_first",
) -> tuple[Array, Array]:
    """Return the maximum of each window and where it is.

    Args:
        x: as in `max_pool`.
        kernel: as in `max_pool`.
        strides: as in `max_pool`.
        padding: as in `max_pool`.
        dilation: as in `max_pool`.
        ceil_mode: as in `max_pool`.
        data_format: as in `max_pool`.

    Returns:
        The maxima, and their positions in the flattened spatial axes of `x` (int64; the first of equal ones), as
        torch's ``max_pool2d(..., return_indices=True)``.

    Definition: torch.nn.MaxPool2d, https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.max_pool_with_indices(np.arange(4.0).reshape(1, 1, 4), 2)[1].tolist()
        [[[1, 3]]]
    """
    form = pool_form(
        x.shape,
        kernel,
        strides=strides,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
        data_format=data_format,
    )
    widths = form.widths(x.ndim)
    shape = form.over(form.sizes, x.ndim, 1)
    positions = broadcast_to(reshape(arange(math.prod(x.shape[a] for a in form.axes), dtype="int64"), shape), x.shape)
    data, where_ = pad(x, widths, value=identity_of("max", dtype_of(x))), pad(positions, widths)
    keys = [key for _, key in form.taps(x.ndim)]
    values, places = stack([get_item(data, key) for key in keys]), stack([where_[key] for key in keys])
    winner = expand_dims(argmax(values, axis=0), axis=0)
    return squeeze(take_along_axis(values, winner, axis=0), axis=0), squeeze(
        take_along_axis(places, winner, axis=0), axis=0
    )


@composite
def max_unpool(
    x: Array,
    indices: Array,
    /,
    kernel: Sizes,
    *,
    strides: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
    data_format: str = "channels_first",
) -> Array:
    """Put maxima back where `max_pool_with_indices` found them, among zeros.

    Args:
        x: the maxima, shape ``(batch, channels, *spatial)`` or ``(batch, *spatial, channels)``.
        indices: their positions in the flattened spatial axes of the result; of equal ones any value may win.
        kernel: size of the windows.
        strides: their step; None is `kernel`.
        padding: what each spatial axis was padded by at either end.
        output_size: spatial sizes of the result; by default the least that the windows fit.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Array of the dtype of `x`.

    Definition: torch.nn.MaxUnpool2d, https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.max_unpool(*ivy.max_pool_with_indices(np.arange(4.0).reshape(1, 1, 4), 2), 2).tolist()
        [[[0.0, 1.0, 0.0, 3.0]]]
    """
    axes = spatial_axes(x.ndim, data_format)
    n = len(axes)
    k, p = per_axis(kernel, n, "kernel"), per_axis(padding, n, "padding")
    s = k if strides is None else per_axis(strides, n, "strides")
    fitting = [(x.shape[a] - 1) * s[i] - 2 * p[i] + k[i] for i, a in enumerate(axes)]
    sizes = fitting if output_size is None else [int(v) for v in output_size]
    before, after = tuple(x.shape[: axes[0]]), tuple(x.shape[axes[-1] + 1 :])
    count = math.prod(x.shape[a] for a in axes)
    values, places = (reshape(v, (*before, count, *after)) for v in (x, indices))
    flat = zeros((*before, math.prod(sizes), *after), dtype=dtype_of(x))
    return reshape(put_along_axis(flat, places, values, axis=len(before)), (*before, *sizes, *after))


@composite
def avg_pool(
    x: Array,
    /,
    kernel: Sizes,
    *,
    strides: Sizes | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    data_format: str = "channels_first",
) -> Array:
    """Return the average of each window.

    Args:
        x: shape ``(batch, channels, *spatial)`` or ``(batch, *spatial, channels)``, floating-point.
        kernel: size of the windows.
        strides: their step; None is `kernel`.
        padding: as in `conv`.
        ceil_mode: keep a last window that is only partly inside; what is outside even of the padding never counts.
        count_include_pad: whether pads count as zeros, or not at all.
        divisor_override: divide by this rather than by the count.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Array of the dtype of `x`.

    Definition: torch.nn.AvgPool2d, https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.avg_pool(np.arange(4.0).reshape(1, 1, 4), 2).tolist()
        [[[0.5, 2.5]]]
    """
    form = pool_form(x.shape, kernel, strides=strides, padding=padding, ceil_mode=ceil_mode, data_format=data_format)
    h = widen(x)
    sums = reduce_window(
        h,
        0.0,
        "add",
        form.over(form.kernel, x.ndim, 1),
        strides=form.over(form.strides, x.ndim, 1),
        padding=form.widths(x.ndim),
    )
    if divisor_override is not None:
        return narrow(sums / float(divisor_override), x)
    scalar = 1
    divisor = None
    for axis, count in zip(form.axes, form.counts(count_include_pad), strict=True):
        if len(set(count)) == 1:
            scalar *= count[0]
            continue
        shape = tuple(-1 if a == axis else 1 for a in range(x.ndim))
        part = reshape(asarray([float(c) for c in count], dtype=dtype_of(h)), shape)
        divisor = part if divisor is None else divisor * part
    if divisor is None:
        return narrow(sums / float(scalar), x)
    return narrow(sums / (divisor * float(scalar)), x)


@composite
def adaptive_avg_pool(
    x: Array, /, output_size: int | Sequence[int | None] | None, *, data_format: str = "channels_first"
) -> Array:
    """Return averages of windows chosen to give a certain output size (torch's ``adaptive_avg_pool2d``).

    Args:
        x: shape ``(batch, channels, *spatial)`` or ``(batch, *spatial, channels)``, floating-point.
        output_size: number of windows, on all or each of the spatial axes; None keeps an axis.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Array of the dtype of `x`. Window i of an axis is ``[floor(i * size / out), ceil((i + 1) * size / out))``.

    Definition:
        torch.nn.AdaptiveAvgPool2d, https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.adaptive_avg_pool(np.arange(4.0).reshape(1, 1, 4), 2).tolist()
        [[[0.5, 2.5]]]
    """
    axes = spatial_axes(x.ndim, data_format)
    outs = adaptive_sizes(x, axes, output_size)
    if all(out == 1 for out in outs):
        return mean(x, axis=axes, keepdims=True)
    if all(x.shape[a] % out == 0 for a, out in zip(axes, outs, strict=True)):
        kernel = tuple(x.shape[a] // out for a, out in zip(axes, outs, strict=True))
        return x if set(kernel) == {1} else avg_pool(x, kernel, data_format=data_format)
    h = widen(x)
    for axis, out in zip(axes, outs, strict=True):
        size = x.shape[axis]
        if out == size:
            continue
        rows = [[0.0] * size for _ in range(out)]
        for row, (first, last) in zip(rows, adaptive_windows(size, out), strict=True):
            row[first:last] = [1.0 / (last - first)] * (last - first)
        weights = asarray(rows, dtype=dtype_of(h))
        h = moveaxis(tensordot(h, weights, axes=((axis,), (1,))), -1, axis)
    return narrow(h, x)


@composite
def adaptive_max_pool(
    x: Array, /, output_size: int | Sequence[int | None] | None, *, data_format: str = "channels_first"
) -> Array:
    """Return maxima of windows chosen to give a certain output size (torch's ``adaptive_max_pool2d``).

    Args:
        x: shape ``(batch, channels, *spatial)`` or ``(batch, *spatial, channels)``.
        output_size: as in `adaptive_avg_pool`.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Array of the dtype of `x`, windows as in `adaptive_avg_pool`.

    Definition:
        torch.nn.AdaptiveMaxPool2d, https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.adaptive_max_pool(np.arange(4.0).reshape(1, 1, 4), 2).tolist()
        [[[1.0, 3.0]]]
    """
    axes = spatial_axes(x.ndim, data_format)
    outs = adaptive_sizes(x, axes, output_size)
    if all(x.shape[a] % out == 0 for a, out in zip(axes, outs, strict=True)):
        kernel = tuple(x.shape[a] // out for a, out in zip(axes, outs, strict=True))
        return x if set(kernel) == {1} else max_pool(x, kernel, data_format=data_format)
    for axis, out in zip(axes, outs, strict=True):
        windows = adaptive_windows(x.shape[axis], out)
        longest = max(last - first for first, last in windows)
        # shorter windows read their last value again
        index = [min(first + t, last - 1) for first, last in windows for t in range(longest)]
        near = take(x, asarray(index, dtype="int64"), axis=axis)
        window = tuple(longest if a == axis else 1 for a in range(x.ndim))
        x = reduce_window(near, identity_of("max", dtype_of(x)), "max", window, strides=window)
    return x


@composite
def lp_pool(
    x: Array,
    /,
    kernel: Sizes,
    *,
    p: float = 2.0,
    strides: Sizes | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    data_format: str = "channels_first",
) -> Array:
    """Return ``sum(x ** p) ** (1 / p)`` of each window (torch's ``lp_pool2d``).

    Args:
        x: shape ``(batch, channels, *spatial)`` or ``(batch, *spatial, channels)``, floating-point.
        kernel: size of the windows.
        p: the exponent.
        strides: step of the windows; None is `kernel`.
        padding: as in `conv`.
        ceil_mode: keep a last window that is only partly inside; its sum is scaled up to a whole one's (torch's rule).
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Array of the dtype of `x`; 0 where the sum is negative, which an odd `p` can give (torch's rule).

    Definition: torch.nn.LPPool2d, https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.lp_pool(np.asarray([[[3.0, 4.0]]]), 2).tolist()
        [[[5.0]]]
    """
    h = widen(x)
    k = per_axis(kernel, x.ndim - 2)
    means = avg_pool(pow(h, p), k, strides=strides, padding=padding, ceil_mode=ceil_mode, data_format=data_format)
    positive = (sign(means) * absolute(means) + absolute(means)) * (0.5 * math.prod(k))
    return narrow(root(positive, p), x)


def adaptive_windows(size: int, out: int) -> list[tuple[int, int]]:
    """Return the first position of each adaptive window and the one after its last.

    Example:
        >>> adaptive_windows(5, 2)
        [(0, 3), (2, 5)]
    """
    return [(i * size // out, -(-(i + 1) * size // out)) for i in range(out)]


def adaptive_sizes(x: Array, axes: Sequence[int], output_size: int | Sequence[int | None] | None) -> tuple[int, ...]:
    """Return the output size on each spatial axis, None replaced by what `x` has."""
    asked = (output_size,) * len(axes) if output_size is None or isinstance(output_size, int) else tuple(output_size)
    if len(asked) != len(axes):
        raise ShapeError(f"output_size has {len(asked)} numbers, for {len(axes)} spatial axes: {asked}")
    return tuple(x.shape[a] if out is None else out for a, out in zip(axes, asked, strict=True))


def identity_of(reducer: str, dtype: DType) -> int | float:
    """Return the value that changes nothing in a reduction.

    Raises:
        ArgumentError: if there is no such reduction.

    Example:
        >>> from ivy.dtypes import int8
        >>> identity_of("max", int8), identity_of("mul", int8)
        (-128, 1)
    """
    if reducer in ("add", "mul"):
        return 0 if reducer == "add" else 1
    if reducer not in ("max", "min"):
        raise ArgumentError(f"reducer must be add, mul, max or min, not {reducer!r}")
    if dtype.is_float:
        return -math.inf if reducer == "max" else math.inf
    signed = dtype.kind == "int"
    if reducer == "max":
        return -(2 ** (dtype.bits - 1)) if signed else 0
    return 2 ** (dtype.bits - signed) - 1 if dtype.kind != "bool" else 1
