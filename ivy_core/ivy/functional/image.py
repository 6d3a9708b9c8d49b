"""Resampling and rearranging of images, of any number of spatial axes where that makes sense.

Definitions are torch's (``torch.nn.functional``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError, ShapeError
from ivy.functional._forms import WindowForm, window_form
from ivy.functional._precision import narrow, widen
from ivy.functional._resampling import MODES, Taps, axis_taps
from ivy.functional._windows import Padding, Sizes, channel_axis, per_axis, spatial_axes
from ivy.functional.creation import asarray, zeros
from ivy.functional.elementwise import abs as absolute
from ivy.functional.elementwise import clip, floor, fmod, remainder
from ivy.functional.elementwise import round as nearest_even
from ivy.functional.indexing import add_at, get_item, take, take_along_axis, where
from ivy.functional.linalg import matmul
from ivy.functional.manipulation import (
    astype,
    broadcast_to,
    expand_dims,
    matrix_transpose,
    moveaxis,
    pad,
    permute_dims,
    repeat,
    reshape,
    stack,
)
from ivy.functional.pooling import adaptive_avg_pool
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "affine_grid",
    "channel_shuffle",
    "fold",
    "grid_sample",
    "interpolate",
    "pixel_shuffle",
    "pixel_unshuffle",
    "unfold",
]


@composite
def interpolate(
    x: Array,
    size: Sizes,
    /,
    *,
    mode: str = "nearest",
    align_corners: bool = False,
    antialias: bool = False,
    data_format: str = "channels_first",
    scale: float | Sequence[float] | None = None,
) -> Array:
    """Resample the spatial axes to another size.

    Args:
        x: shape ``(batch, channels, *spatial)`` or ``(batch, *spatial, channels)``, floating-point.
        size: the new spatial sizes.
        mode: ``"nearest"`` (torch's, by the lower edge), ``"nearest-exact"`` (by the centre), ``"linear"`` (bi- and
            trilinear), ``"cubic"`` or ``"area"``.
        align_corners: whether the corner pixels' centres, rather than their outer edges, coincide; linear and cubic.
        antialias: widen the kernel when shrinking (as Pillow does); linear and cubic.
        data_format: ``"channels_first"`` or ``"channels_last"``.
        scale: factors that the coordinates are computed with; None is the ratio of the sizes. torch uses the caller's
            ``scale_factor`` here unless ``recompute_scale_factor`` is set.

    Returns:
        Array of the dtype of `x`.

    Raises:
        ArgumentError: if the mode is unknown.

    Definition:
        torch.nn.functional.interpolate,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.interpolate(np.asarray([[[1.0, 2.0]]]), 4).tolist()
        [[[1.0, 1.0, 2.0, 2.0]]]
    """
    axes, sizes, taps = resampling(x, size, mode, align_corners, antialias, data_format, scale)
    if mode == "area":
        return adaptive_avg_pool(x, sizes, data_format=data_format)
    h = x if mode.startswith("nearest") else widen(x)
    for axis, (positions, weights) in zip(axes, taps, strict=True):
        if weights is None:
            h = _picked(h, list(positions[0]), axis)
            continue
        shape = [1] * x.ndim
        shape[axis] = -1
        parts = [
            take(h, asarray(list(index), dtype="int64"), axis=axis)
            * reshape(asarray(list(weight), dtype=dtype_of(h)), tuple(shape))
            for index, weight in zip(positions, weights, strict=True)
        ]
        h = parts[0]
        for part in parts[1:]:
            h = h + part
    return narrow(h, x)


def _picked(x: Array, positions: list[int], axis: int) -> Array:
    """Take positions of an axis; whole multiples of the size as repetitions, every so-many-th as a slice."""
    size = x.shape[axis]
    times = len(positions) // size if size else 0
    if times > 1 and positions == [i // times for i in range(size * times)]:
        return repeat(x, times, axis=axis)
    step = positions[1] - positions[0] if len(positions) > 1 else 1
    if step > 0 and positions == list(range(positions[0], size, step)):
        return get_item(x, (*(slice(None),) * axis, slice(positions[0] or None, None, step)))
    return take(x, asarray(positions, dtype="int64"), axis=axis)


@composite
def grid_sample(
    x: Array,
    grid: Array,
    /,
    *,
    mode: str = "linear",
    padding_mode: str = "zeros",
    align_corners: bool = False,
    data_format: str = "channels_first",
) -> Array:
    """Sample an image at given positions.

    Args:
        x: shape ``(batch, channels, *spatial)`` or ``(batch, *spatial, channels)``, floating-point.
        grid: shape ``(batch, *positions, n)`` with n spatial axes: positions from -1 to 1, the last spatial axis first.
        mode: ``"linear"``, ``"nearest"`` or (with two spatial axes) ``"cubic"``.
        padding_mode: what is outside: ``"zeros"``, ``"border"`` or ``"reflection"``.
        align_corners: whether -1 and 1 are the centres of the corner pixels rather than their outer edges.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Shape ``(batch, channels, *positions)`` or ``(batch, *positions, channels)``, dtype of `x`.

    Raises:
        ArgumentError: if a mode is unknown.

    Definition:
        torch.nn.functional.grid_sample,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.grid_sample(np.ones((1, 3, 4, 4)), np.zeros((1, 2, 2, 2))).shape
        (1, 3, 2, 2)
    """
    if mode not in ("linear", "nearest", "cubic") or padding_mode not in ("zeros", "border", "reflection"):
        raise ArgumentError(f"grid_sample has no mode {mode!r} with padding_mode {padding_mode!r}")
    channels = channel_axis(x.ndim, data_format)
    sizes = [x.shape[a] for a in spatial_axes(x.ndim, data_format)]
    n = len(sizes)
    h, g = widen(x), widen(grid)
    h = h if channels == x.ndim - 1 else moveaxis(h, 1, -1)
    rows = reshape(h, (x.shape[0], math.prod(sizes), x.shape[channels]))
    where_ = [_from_unit(g[..., n - 1 - i], size, align_corners) for i, size in enumerate(sizes)]
    if mode != "cubic":
        where_ = [_keep_inside(p, s, padding_mode, align_corners) for p, s in zip(where_, sizes, strict=True)]
    taps: list[list[tuple[Array, Array | None]]] = []
    for p, size in zip(where_, sizes, strict=True):
        if mode == "nearest":
            taps.append([(nearest_even(p), None)])
            continue
        base = floor(p)
        rest = p - base
        if mode == "linear":
            taps.append([(base, 1.0 - rest), (base + 1.0, rest)])
        else:
            taps.append(
                [
                    (_keep_inside(base + float(t), size, padding_mode, align_corners), weight)
                    for t, weight in zip((-1, 0, 1, 2), _cubic_weights(rest), strict=True)
                ]
            )
    y = None
    for corner in product(*taps):
        part = _sample(rows, sizes, corner)
        y = part if y is None else y + part
    y = y if channels == x.ndim - 1 else moveaxis(y, -1, 1)
    return narrow(y, x)


@composite
def affine_grid(theta: Array, size: Sequence[int], /, *, align_corners: bool = False) -> Array:
    """Return the positions, for `grid_sample`, that affine maps give.

    Args:
        theta: shape ``(batch, n, n + 1)`` for n spatial axes, floating-point.
        size: shape of the image to make, ``(batch, channels, *spatial)``.
        align_corners: as in `grid_sample`.

    Returns:
        Shape ``(batch, *spatial, n)``, dtype of `theta`.

    Definition:
        torch.nn.functional.affine_grid,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.affine_grid.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.affine_grid(np.ones((1, 2, 3)), (1, 3, 4, 5)).shape
        (1, 4, 5, 2)
    """
    spatial = tuple(size[2:])
    n = len(spatial)
    dtype = dtype_of(theta)
    parts = []
    for i in range(n):
        axis = n - 1 - i
        count = spatial[axis]
        last = 1.0 if align_corners else (count - 1) / count
        steps = [0.0] if count == 1 else [last * (2.0 * j / (count - 1) - 1.0) for j in range(count)]
        shape = [1] * n
        shape[axis] = count
        parts.append(broadcast_to(reshape(asarray(steps, dtype=dtype), tuple(shape)), spatial))
    parts.append(broadcast_to(asarray(1.0, dtype=dtype), spatial))
    base = reshape(stack(parts, axis=-1), (math.prod(spatial), n + 1))
    return reshape(matmul(base, matrix_transpose(theta)), (theta.shape[0], *spatial, n))


@composite
def pixel_shuffle(x: Array, factor: int, /, *, data_format: str = "channels_first") -> Array:
    """Turn channels into pixels (arXiv:1609.05158).

    Args:
        x: shape ``(..., channels * factor ** 2, height, width)``, or ``(..., height, width, channels * factor ** 2)``.
        factor: how much larger each spatial axis gets.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Shape ``(..., channels, height * factor, width * factor)``, or with the channels last.

    Definition: arXiv:1609.05158, https://arxiv.org/abs/1609.05158

    Example:
        >>> import ivy, numpy as np
        >>> ivy.pixel_shuffle(np.ones((1, 8, 3, 3)), 2).shape
        (1, 2, 6, 6)
    """
    lead, r = x.ndim - 3, factor
    c, h, w = _image_sizes(x, data_format)
    if c % (r * r):
        raise ShapeError(f"pixel_shuffle needs a multiple of {r * r} channels, got {c}")
    head = tuple(range(lead))
    if data_format == "channels_first":
        y = reshape(x, (*x.shape[:lead], c // (r * r), r, r, h, w))
        y = permute_dims(y, (*head, *(lead + a for a in (0, 3, 1, 4, 2))))
        return reshape(y, (*x.shape[:lead], c // (r * r), h * r, w * r))
    y = reshape(x, (*x.shape[:lead], h, w, c // (r * r), r, r))
    y = permute_dims(y, (*head, *(lead + a for a in (0, 3, 1, 4, 2))))
    return reshape(y, (*x.shape[:lead], h * r, w * r, c // (r * r)))


@composite
def pixel_unshuffle(x: Array, factor: int, /, *, data_format: str = "channels_first") -> Array:
    """Turn pixels into channels: the inverse of `pixel_shuffle`.

    Args:
        x: shape ``(..., channels, height, width)`` or ``(..., height, width, channels)``.
        factor: how much smaller each spatial axis gets; divides both.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Shape ``(..., channels * factor ** 2, height / factor, width / factor)``, or with the channels last.

    Definition: torch.nn.PixelUnshuffle, https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.pixel_unshuffle(np.ones((1, 2, 6, 6)), 2).shape
        (1, 8, 3, 3)
    """
    lead, r = x.ndim - 3, factor
    c, h, w = _image_sizes(x, data_format)
    if h % r or w % r:
        raise ShapeError(f"pixel_unshuffle needs sizes divisible by {r}, got {(h, w)}")
    head = tuple(range(lead))
    if data_format == "channels_first":
        y = reshape(x, (*x.shape[:lead], c, h // r, r, w // r, r))
        y = permute_dims(y, (*head, *(lead + a for a in (0, 2, 4, 1, 3))))
        return reshape(y, (*x.shape[:lead], c * r * r, h // r, w // r))
    y = reshape(x, (*x.shape[:lead], h // r, r, w // r, r, c))
    y = permute_dims(y, (*head, *(lead + a for a in (0, 2, 4, 1, 3))))
    return reshape(y, (*x.shape[:lead], h // r, w // r, c * r * r))


@composite
def channel_shuffle(x: Array, groups: int, /, *, data_format: str = "channels_first") -> Array:
    """Interleave groups of channels (arXiv:1707.01083).

    Args:
        x: shape ``(batch, channels, ...)`` or ``(batch, ..., channels)``.
        groups: number of groups; divides the channels.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1707.01083, https://arxiv.org/abs/1707.01083

    Example:
        >>> import ivy, numpy as np
        >>> ivy.channel_shuffle(np.arange(4.0).reshape(1, 4, 1), 2).ravel().tolist()
        [0.0, 2.0, 1.0, 3.0]
    """
    axis = channel_axis(x.ndim, data_format)
    channels = x.shape[axis]
    if channels % groups:
        raise ShapeError(f"channel_shuffle cannot cut {channels} channels into {groups} groups")
    y = reshape(x, (*x.shape[:axis], groups, channels // groups, *x.shape[axis + 1 :]))
    order = list(range(y.ndim))
    order[axis], order[axis + 1] = order[axis + 1], order[axis]
    return reshape(permute_dims(y, tuple(order)), tuple(x.shape))


@composite
def unfold(x: Array, kernel: Sizes, /, *, strides: Sizes = 1, padding: Padding = 0, dilation: Sizes = 1) -> Array:
    """Lay out all windows of an image as columns (im2col, torch's ``unfold``).

    Args:
        x: shape ``(batch, channels, *spatial)``.
        kernel: size of the windows.
        strides: their step.
        padding: zeros around the image, as in `conv`.
        dilation: distance of a window's values.

    Returns:
        Shape ``(batch, channels * prod(kernel), windows)``.

    Definition: torch.nn.Unfold, https://docs.pytorch.org/docs/stable/generated/torch.nn.Unfold.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.unfold(np.ones((1, 3, 4, 4)), 2).shape
        (1, 12, 9)
    """
    form = window_form(x.shape, range(2, x.ndim), kernel, strides, padding, dilation)
    data = pad(x, form.widths(x.ndim))
    columns = stack([get_item(data, key) for _, key in form.taps(x.ndim)], axis=2)
    return reshape(columns, (x.shape[0], x.shape[1] * math.prod(form.kernel), math.prod(form.outs)))


@composite
def fold(
    x: Array,
    output_size: Sizes,
    kernel: Sizes,
    /,
    *,
    strides: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
) -> Array:
    """Add columns up to an image: the transpose of `unfold` (col2im, torch's ``fold``).

    Args:
        x: shape ``(batch, channels * prod(kernel), windows)``.
        output_size: spatial sizes of the image; one number means two axes.
        kernel: size of the windows.
        strides: their step.
        padding: as was given to `unfold`.
        dilation: distance of a window's values.

    Returns:
        Shape ``(batch, channels, *output_size)``.

    Raises:
        ShapeError: if the number of windows is not what these sizes give.

    Definition: torch.nn.Fold, https://docs.pytorch.org/docs/stable/generated/torch.nn.Fold.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.fold(np.ones((1, 12, 9)), (4, 4), (2, 2)).shape
        (1, 3, 4, 4)
    """
    form = fold_form(x.shape, output_size, kernel, strides, padding, dilation)
    channels, n = x.shape[1] // math.prod(form.kernel), form.n
    columns = reshape(x, (x.shape[0], channels, math.prod(form.kernel), *form.outs))
    padded = [size + lo + hi for size, (lo, hi) in zip(form.sizes, form.pads, strict=True)]
    y = zeros((x.shape[0], channels, *padded), dtype=dtype_of(x))
    for i, (_, key) in enumerate(form.taps(n + 2)):
        y = add_at(y, key, get_item(columns, (slice(None), slice(None), i)))
    return pad(y, [(0, 0), (0, 0), *((-lo, -hi) for lo, hi in form.pads)])


def resampling(
    x: Array,
    size: Sizes,
    mode: str,
    align_corners: bool,
    antialias: bool,
    data_format: str,
    scale: float | Sequence[float] | None,
) -> tuple[list[int], tuple[int, ...], list[Taps]]:
    """Return the axes that an interpolation changes, all its output sizes, and the taps of each of these axes.

    Raises:
        ArgumentError: if the mode is unknown.
    """
    axes = spatial_axes(x.ndim, data_format)
    sizes = per_axis(size, len(axes), "size")
    if mode == "area":
        return list(axes), sizes, []
    if mode not in MODES:
        raise ArgumentError(f"mode must be one of {', '.join(MODES)} or area, not {mode!r}")
    factors = (scale,) * len(axes) if scale is None or isinstance(scale, (int, float)) else tuple(scale)
    double = dtype_of(x) == "float64"
    changed, taps = [], []
    for axis, out, factor in zip(axes, sizes, factors, strict=True):
        inside = int(x.shape[axis])
        if mode == "nearest" and len(axes) == 2 and out in (inside, 2 * inside):
            factor = None  # torch's rule, for two axes alone
        if inside == out and (factor in (None, 1) or mode == "linear" or align_corners or antialias):
            continue
        changed.append(axis)
        taps.append(axis_taps(inside, out, mode, align_corners, antialias, factor, double))
    return changed, sizes, taps


def fold_form(
    shape: Sequence[int], output_size: Sizes, kernel: Sizes, strides: Sizes, padding: Padding, dilation: Sizes
) -> WindowForm:
    """Return the windows of the image that a `fold` makes, on the axes behind batch and channels.

    Raises:
        ShapeError: if the columns don't fit them.
    """
    sizes = (output_size,) * 2 if isinstance(output_size, int) else tuple(output_size)
    form = window_form((1, 1, *sizes), range(2, len(sizes) + 2), kernel, strides, padding, dilation)
    if math.prod(form.outs) != shape[2] or shape[1] % math.prod(form.kernel):
        raise ShapeError(
            f"fold got {shape[2]} columns of {shape[1]} values, but output_size {sizes} with kernel {form.kernel}, "
            f"strides {form.strides}, padding {form.pads} and dilation {form.dilation} takes {math.prod(form.outs)} "
            f"columns of a multiple of {math.prod(form.kernel)}"
        )
    return form


def _image_sizes(x: Array, data_format: str) -> tuple[int, int, int]:
    a, b, c = (int(n) for n in x.shape[-3:])
    return (a, b, c) if channel_axis(4, data_format) == 1 else (c, a, b)


def _from_unit(g: Array, size: int, align_corners: bool) -> Array:
    return (g + 1.0) * ((size - 1) / 2.0) if align_corners else ((g + 1.0) * float(size) - 1.0) * 0.5


def _keep_inside(p: Array, size: int, padding_mode: str, align_corners: bool) -> Array:
    """Move positions into the image, as the padding mode says; zeros leave them where they are."""
    if padding_mode == "zeros":
        return p
    if padding_mode == "reflection":
        low, span = (0.0, float(size - 1)) if align_corners else (-0.5, float(size))
        if span == 0.0:
            p = p * 0.0
        else:
            d = absolute(p - low)
            rest = fmod(d, span)
            p = where(remainder(floor(d / span), 2.0) == 0.0, rest + low, span - rest + low)
    return clip(p, 0.0, float(size - 1))


def _cubic_weights(t: Array) -> tuple[Array, ...]:
    """Keys' kernel with a = -0.75 at the distances 1 + t, t, 1 - t and 2 - t."""
    a = -0.75

    def near(d: Array) -> Array:
        return ((a + 2.0) * d - (a + 3.0)) * d * d + 1.0

    def far(d: Array) -> Array:
        return ((a * d - 5.0 * a) * d + 8.0 * a) * d - 4.0 * a

    return far(t + 1.0), near(t), near(1.0 - t), far(2.0 - t)


def _sample(rows: Array, sizes: Sequence[int], corner: Sequence[tuple[Array, Array | None]]) -> Array:
    """One tap: the rows ``(batch, pixels, channels)`` at a position, times its weight, 0 outside."""
    flat, weight, inside = None, None, None
    for (p, w), size in zip(corner, sizes, strict=True):
        within = (p >= 0.0) & (p <= float(size - 1))
        index = astype(clip(p, 0.0, float(size - 1)), "int64")
        flat = index if flat is None else flat * size + index
        inside = within if inside is None else inside & within
        if w is not None:
            weight = w if weight is None else weight * w
    batch, _, channels = rows.shape
    shape = tuple(flat.shape[1:])  # type: ignore[union-attr]
    index = broadcast_to(reshape(flat, (batch, math.prod(shape), 1)), (batch, math.prod(shape), channels))
    found = reshape(take_along_axis(rows, index, axis=1), (batch, *shape, channels))
    if weight is not None:
        found = found * expand_dims(weight, axis=-1)
    return where(expand_dims(inside, axis=-1), found, 0.0)
