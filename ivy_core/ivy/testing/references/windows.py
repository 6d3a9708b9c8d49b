"""Convolution and pooling, window by window, by their definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

__all__ = ["each", "conv", "conv_transpose", "pads_of", "pool", "windows"]


def each(value: Any, n: int) -> tuple[Any, ...]:
    """Return one value for each of `n` axes."""
    found = tuple(value) if isinstance(value, Sequence) else (value,)
    return found * n if len(found) == 1 else found


def pads_of(padding: Any, sizes: Sequence[int], spans: Sequence[int], strides: Sequence[int]) -> list[tuple[int, int]]:
    """Return the numbers of zeros before and after each axis; `spans` are those of the windows, dilation included."""
    if padding == "valid":
        return [(0, 0)] * len(sizes)
    if padding == "same":
        found = []
        for size, span, step in zip(sizes, spans, strides, strict=True):
            count = -(-size // step)
            total = max((count - 1) * step + span - size, 0)
            found.append((total // 2, total - total // 2))
        return found
    return [p if isinstance(p, tuple) else (p, p) for p in each(padding, len(sizes))]


def _channels_first(x: Any, data_format: str) -> Any:
    return x if data_format == "channels_first" else np.moveaxis(x, -1, 1)


def _back(y: Any, data_format: str) -> Any:
    return y if data_format == "channels_first" else np.moveaxis(y, 1, -1)


def _padded(x: Any, pads: Sequence[tuple[int, int]], value: Any = 0) -> Any:
    """Pad, or cut where negative, the axes behind the first two."""
    for axis, (before, after) in enumerate(pads, start=2):
        widths = [(0, 0)] * x.ndim
        widths[axis] = (max(before, 0), max(after, 0))
        x = np.pad(x, widths, constant_values=value)
        x = np.moveaxis(np.moveaxis(x, axis, 0)[max(-before, 0) : x.shape[axis] - max(-after, 0)], 0, axis)
    return x


def _spread(x: Any, steps: Sequence[int]) -> Any:
    """Put zeros between the values of the axes behind the first two."""
    sizes = [(n - 1) * s + 1 if n else 0 for n, s in zip(x.shape[2:], steps, strict=True)]
    y: Any = np.zeros((*x.shape[:2], *sizes), x.dtype)
    y[(..., *(slice(None, None, s) for s in steps))] = x
    return y


def conv(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    strides: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
    data_format: str = "channels_first",
    weight_format: str = "OI*",
    input_dilation: Any = 1,
) -> Any:
    """Convolve: each output is the sum over a window of products with the kernel."""
    x = _channels_first(x, data_format)
    n = x.ndim - 2
    weight = weight if weight_format == "OI*" else np.moveaxis(weight, (-1, -2), (0, 1))
    strides, dilation = each(strides, n), each(dilation, n)
    x = _spread(x, each(input_dilation, n))
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, weight.shape[2:], strict=True)]
    x = _padded(x, pads_of(padding, x.shape[2:], spans, strides))
    outs = [max((size - span) // s + 1, 0) for size, span, s in zip(x.shape[2:], spans, strides, strict=True)]
    y: Any = np.zeros((x.shape[0], weight.shape[0], *outs), np.result_type(x, weight))
    inner, outer = weight.shape[1], weight.shape[0] // groups
    for place in product(*map(range, outs)):
        key = tuple(
            slice(p * s, p * s + span, d) for p, s, span, d in zip(place, strides, spans, dilation, strict=True)
        )
        for g in range(groups):
            rows = slice(g * outer, (g + 1) * outer)
            window = x[(slice(None), slice(g * inner, (g + 1) * inner), *key)].reshape(x.shape[0], -1)
            y[(slice(None), rows, *place)] = window @ weight[rows].reshape(outer, -1).T
    if bias is not None:
        y = y + bias.reshape((-1,) + (1,) * n)
    return _back(y, data_format)


def conv_transpose(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    strides: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
    data_format: str = "channels_first",
    weight_format: str = "IO*",
) -> Any:
    """Spread each input, times the kernel, over the window that a convolution would have made it of."""
    x = _channels_first(x, data_format)
    n = x.ndim - 2
    weight = weight if weight_format == "IO*" else np.moveaxis(weight, (-2, -1), (0, 1))
    strides, dilation, extra = each(strides, n), each(dilation, n), each(output_padding, n)
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, weight.shape[2:], strict=True)]
    whole = [max(size - 1, 0) * s + max(span, s) for size, s, span in zip(x.shape[2:], strides, spans, strict=True)]
    outer = weight.shape[1]
    y = np.zeros((x.shape[0], outer * groups, *whole), np.result_type(x, weight))
    inner = weight.shape[0] // groups
    for place in product(*map(range, x.shape[2:])):
        key = tuple(
            slice(p * s, p * s + span, d) for p, s, span, d in zip(place, strides, spans, dilation, strict=True)
        )
        for g in range(groups):
            rows = slice(g * inner, (g + 1) * inner)
            part = np.tensordot(x[(slice(None), rows, *place)], weight[rows], axes=1)
            y[(slice(None), slice(g * outer, (g + 1) * outer), *key)] += part
    cuts = []
    for size, s, span, total, (lo, hi), more in zip(
        x.shape[2:], strides, spans, whole, _cut(padding, x.shape[2:], spans, strides), extra, strict=True
    ):
        # what comes after the last window is there only where a size asks for it
        used = total if isinstance(padding, str) else (size - 1) * s + span
        cuts.append((-lo, used - total - hi + more))
    y = _padded(y, cuts)
    if bias is not None:
        y = y + bias.reshape((-1,) + (1,) * n)
    return _back(y, data_format)


def _cut(padding: Any, sizes: Sequence[int], spans: Sequence[int], strides: Sequence[int]) -> list[tuple[int, int]]:
    if padding != "same":
        return pads_of(padding, sizes, spans, strides)
    # size * stride outputs; of an odd number of surplus ones, one more is cut at the end
    surplus = [max(span - s, 0) for span, s in zip(spans, strides, strict=True)]
    return [(t // 2, t - t // 2) for t in surplus]


def windows(
    x: Any, kernel: Any, strides: Any, padding: Any, dilation: Any = 1, ceil_mode: bool = False, data_format: str = ""
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], list[list[int]], list[list[int]]]]:
    """Give, for each window of the axes behind the first two, what is known of it.

    Returns:
        Numbers of windows; position of this one; its positions in the array by axis, those outside left out; and its
        positions within the padded array.
    """
    n = x.ndim - 2
    sizes = x.shape[2:]
    kernel = each(kernel, n)
    strides, dilation = kernel if strides is None else each(strides, n), each(dilation, n)
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    pads = pads_of(padding, sizes, spans, strides)
    outs = []
    for size, span, s, (lo, hi) in zip(sizes, spans, strides, pads, strict=True):
        starts = [a for a in range(-lo, size + hi, s) if a + span <= size + hi or (ceil_mode and a < size)]
        outs.append(len(starts))
        if ceil_mode:  # one window at most is only partly inside
            outs[-1] = min(outs[-1], max(-(-(size + lo + hi - span) // s) + 1, 0))
    for place in product(*map(range, outs)):
        inside, within = [], []
        for p, size, k, s, d, (lo, hi) in zip(place, sizes, kernel, strides, dilation, pads, strict=True):
            taps = [p * s - lo + t * d for t in range(k)]
            inside.append([t for t in taps if 0 <= t < size])
            within.append([t for t in taps if -lo <= t < size + hi])
        yield tuple(outs), place, inside, within


def pool(
    x: Any,
    kernel: Any,
    reduce: Callable[[Any, int], Any],
    *,
    strides: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    data_format: str = "channels_first",
) -> Any:
    """Reduce each window.

    Args:
        x: the array.
        kernel: size of the windows.
        reduce: called with the elements of a window, on the last axis, and the number of its places in the padded
            array; gives an array without that axis.
        strides: their step; None is the kernel.
        padding: as for a convolution.
        dilation: distance of a window's elements.
        ceil_mode: whether a last window may be partly outside.
        data_format: order of the axes.
    """
    x = _channels_first(x, data_format)
    y: Any = None
    for outs, place, inside, within in windows(x, kernel, strides, padding, dilation, ceil_mode):
        found = x[(slice(None), slice(None), *np.ix_(*inside))].reshape(*x.shape[:2], -1)
        value = reduce(found, int(np.prod([len(w) for w in within])))
        if y is None:
            y = np.zeros((*x.shape[:2], *outs), value.dtype)
        y[(slice(None), slice(None), *place)] = value
    assert y is not None
    return _back(y, data_format)
