"""Arithmetic of sliding windows on static sizes, shared by the declarations and by every backend.

Nothing here sees an array: sizes, strides and paddings are Python integers in every framework.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TypeAlias

from ivy.errors import ArgumentError, ShapeError

__all__ = [
    "Padding",
    "Sizes",
    "channel_axis",
    "fitted",
    "out_size",
    "per_axis",
    "pool_padding",
    "resolve_padding",
    "spatial_axes",
    "tap_keys",
    "transpose_padding",
    "window_counts",
]

Sizes: TypeAlias = int | Sequence[int]
Padding: TypeAlias = int | str | Sequence[int] | Sequence[tuple[int, int]]
Pairs: TypeAlias = tuple[tuple[int, int], ...]


def per_axis(value: Sizes, n: int, name: str = "value") -> tuple[int, ...]:
    """Spread one number over `n` axes, or check that there are `n` of them.

    Example:
        >>> per_axis(2, 3), per_axis([1, 2], 2)
        ((2, 2, 2), (1, 2))
    """
    if isinstance(value, int):
        return (value,) * n
    found = tuple(int(v) for v in value)
    if len(found) == 1:
        return found * n
    if len(found) != n:
        raise ShapeError(f"{name} has {len(found)} numbers, for {n} spatial axes: {found}")
    return found


def spatial_axes(ndim: int, data_format: str) -> tuple[int, ...]:
    """Return the spatial axes of an array of batch, channel and spatial axes.

    Example:
        >>> spatial_axes(4, "channels_first"), spatial_axes(4, "channels_last")
        ((2, 3), (1, 2))
    """
    return tuple(range(2, ndim)) if channel_axis(ndim, data_format) == 1 else tuple(range(1, ndim - 1))


def channel_axis(ndim: int, data_format: str) -> int:
    """Return the channel axis.

    Example:
        >>> channel_axis(4, "channels_last")
        3
    """
    if data_format == "channels_first":
        return 1
    if data_format == "channels_last":
        return ndim - 1
    raise ArgumentError(f"data_format must be 'channels_first' or 'channels_last', not {data_format!r}")


def out_size(size: int, kernel: int, stride: int, pads: tuple[int, int], dilation: int = 1) -> int:
    """Return how many windows fit on one axis.

    Example:
        >>> out_size(5, 3, 2, (1, 1))
        3
    """
    return max(0, (size + pads[0] + pads[1] - dilation * (kernel - 1) - 1) // stride + 1)


def resolve_padding(
    padding: Padding,
    sizes: Sequence[int],
    kernel: Sequence[int],
    strides: Sequence[int],
    dilation: Sequence[int],
) -> Pairs:
    """Turn any way to state a padding into one pair of numbers per axis.

    ``"same"`` gives ``ceil(size / stride)`` windows with the odd one of the pads at the end, as XLA's ``SAME`` and
    (where the stride is 1) torch's ``"same"``.

    Example:
        >>> resolve_padding("same", [5], [3], [2], [1]), resolve_padding(2, [5], [3], [1], [1])
        (((1, 1),), ((2, 2),))
    """
    n = len(sizes)
    if isinstance(padding, str):
        if padding.lower() == "valid":
            return ((0, 0),) * n
        if padding.lower() != "same":
            raise ArgumentError(f"padding must be numbers, 'same' or 'valid', not {padding!r}")
        totals = [
            max((-(-size // s) - 1) * s + (k - 1) * d + 1 - size, 0)
            for size, k, s, d in zip(sizes, kernel, strides, dilation, strict=True)
        ]
        return tuple((t // 2, t - t // 2) for t in totals)
    if isinstance(padding, int):
        return ((padding, padding),) * n
    pairs = tuple((p, p) if isinstance(p, int) else (int(p[0]), int(p[1])) for p in padding)
    if len(pairs) == 1:
        return pairs * n
    if len(pairs) != n:
        raise ShapeError(f"padding has {len(pairs)} entries, for {n} spatial axes: {pairs}")
    return pairs


def fitted(size: int, lo: int, hi: int) -> tuple[int, int]:
    """Return pads of the same meaning, of which negative ones cut no more than there is.

    Example:
        >>> fitted(3, -5, 4), fitted(3, -1, 0)
        ((-3, 2), (-1, 0))
    """
    if lo < -size:
        return -size, max(hi + lo + size, 0)
    if hi < -size:
        return max(lo + hi + size, 0), -size
    return (lo, hi) if lo + hi >= -size else (lo, -size - lo)


def pool_padding(
    pads: Pairs,
    sizes: Sequence[int],
    kernel: Sequence[int],
    strides: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> tuple[tuple[int, ...], Pairs]:
    """Return the output sizes of a pooling and the padding that yields exactly these.

    With `ceil_mode` a last, partial window counts unless it would start in the padding at the end (torch's rule).

    Example:
        >>> pool_padding(((0, 0),), [6], [3], [2], [1], True)
        ((3,), ((0, 1),))
    """
    outs, needed = [], []
    for (lo, hi), size, k, s, d in zip(pads, sizes, kernel, strides, dilation, strict=True):
        span = d * (k - 1) + 1
        out = out_size(size, k, s, (lo, hi), d)
        if ceil_mode:
            out = max(-(-(size + lo + hi - span) // s) + 1, 0)
            if out and (out - 1) * s >= size + lo + min(hi, 0):
                out -= 1
        outs.append(out)
        # what no window reaches need not be padded; nor cut, unless that was asked for
        end = (out - 1) * s + span - size - lo
        needed.append((lo, max(end, min(hi, 0)) if out else hi))
    return tuple(outs), tuple(needed)


def tap_keys(
    ndim: int,
    axes: Sequence[int],
    kernel: Sequence[int],
    strides: Sequence[int],
    dilation: Sequence[int],
    outs: Sequence[int],
) -> Iterator[tuple[tuple[int, ...], tuple[slice, ...]]]:
    """Give, for each tap of a kernel, its position and the slices that read what it meets in all windows at once.

    Example:
        >>> list(tap_keys(1, [0], [2], [2], [1], [3]))
        [((0,), (slice(0, 5, 2),)), ((1,), (slice(1, 6, 2),))]
    """
    for tap in product(*map(range, kernel)):
        key = [slice(None)] * ndim
        for axis, t, s, d, out in zip(axes, tap, strides, dilation, outs, strict=True):
            key[axis] = slice(t * d, t * d + (out - 1) * s + 1 if out else t * d, s)
        yield tap, tuple(key)


def window_counts(size: int, kernel: int, stride: int, lo: int, hi: int, out: int, include_pad: bool) -> list[int]:
    """Return what to divide each window's sum on one axis by; `lo`, `hi` are the pads that were asked for.

    That is the number of its values; 1 where there are none, so that the average of nothing is 0.

    Example:
        >>> window_counts(3, 2, 1, 1, 1, 4, True), window_counts(3, 2, 1, 1, 1, 4, False)
        ([2, 2, 2, 2], [1, 2, 2, 1])
    """
    first, last = (-lo, size + hi) if include_pad else (max(-lo, 0), size + min(hi, 0))
    starts = (i * stride - lo for i in range(out))
    return [max(min(start + kernel, last) - max(start, first), 1) for start in starts]


def transpose_padding(
    padding: Padding,
    kernel: Sequence[int],
    strides: Sequence[int],
    dilation: Sequence[int],
    output_padding: Sequence[int],
) -> Pairs:
    """Return the padding of the input, spread out by its strides, that makes a convolution a transposed one.

    ``"same"`` gives ``size * stride`` outputs and ``"valid"`` all that any input reaches, as in Keras and Flax.

    Example:
        >>> transpose_padding(1, [4], [2], [1], [0])
        ((2, 2),)
    """
    n = len(kernel)
    spans = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    if isinstance(padding, str) and padding.lower() == "same":
        # jax.lax.conv_transpose: the total that gives size * stride outputs, the odd one of the pads in front
        pairs = []
        for span, s, extra in zip(spans, strides, output_padding, strict=True):
            total = span + s - 2
            lo = span - 1 if s > span - 1 else -(-total // 2)
            pairs.append((lo, total - lo + extra))
        return tuple(pairs)
    if isinstance(padding, str) and padding.lower() == "valid":
        # what no window reaches, where the stride is longer than the kernel, is there too (as zeros)
        return tuple(
            (span - 1, span - 1 + max(s - span, 0) + extra)
            for span, s, extra in zip(spans, strides, output_padding, strict=True)
        )
    pads = resolve_padding(padding, spans, kernel, strides, dilation)
    if len(pads) != n:
        raise ShapeError(f"padding has {len(pads)} entries, for {n} spatial axes")
    return tuple(
        (span - 1 - lo, span - 1 - hi + extra)
        for span, (lo, hi), extra in zip(spans, pads, output_padding, strict=True)
    )
