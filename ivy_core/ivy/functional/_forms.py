"""The normal forms of convolutions and poolings: what every backend reads instead of the arguments.

The arguments of a window operation have many spellings: one number or several, names of paddings, two orders of the
axes for data and for kernels, a mode that rounds up. Each form states all of it once, by axis and in numbers, and what
a backend needs to choose one of its framework's functions. A size that isn't known while a graph is made is None here,
and so are the output sizes that depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ivy.errors import ArgumentError, ShapeError
from ivy.functional._windows import (
    Padding,
    Pairs,
    Sizes,
    channel_axis,
    fitted,
    out_size,
    per_axis,
    pool_padding,
    resolve_padding,
    spatial_axes,
    tap_keys,
    transpose_padding,
    window_counts,
)

__all__ = [
    "ConvForm",
    "ConvTransposeForm",
    "PoolForm",
    "WindowForm",
    "conv_form",
    "conv_transpose_form",
    "pool_form",
    "window_form",
]

_LARGE = 1 << 20
"""Stands in for a size that isn't known, where only numbers of windows far from 0 matter."""


@dataclass(frozen=True)
class WindowForm:
    """Windows over some axes of an array.

    Attributes:
        axes: the axes of the array.
        sizes: its sizes there, gaps between the values included; None where not known.
        kernel: numbers of a window's values.
        strides: steps from one window to the next.
        dilation: distances of a window's values.
        base: distances of the array's values; 1 without gaps.
        pads: what to add before and after, or (negative) to cut; no more than there is.
        outs: numbers of windows; None where not known.
    """

    axes: tuple[int, ...]
    sizes: tuple[Any, ...]
    kernel: tuple[int, ...]
    strides: tuple[int, ...]
    dilation: tuple[int, ...]
    base: tuple[int, ...]
    pads: Pairs
    outs: tuple[Any, ...]

    @property
    def n(self) -> int:
        """The number of axes."""
        return len(self.axes)

    @cached_property
    def spans(self) -> tuple[int, ...]:
        """How far the windows reach, dilation included."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    @property
    def padded(self) -> bool:
        """Whether anything is added or cut."""
        return any(map(any, self.pads))

    @property
    def cropped(self) -> bool:
        """Whether anything is cut."""
        return any(p < 0 for pair in self.pads for p in pair)

    @property
    def symmetric(self) -> bool:
        """Whether as much is added before as after."""
        return all(lo == hi >= 0 for lo, hi in self.pads)

    @property
    def low(self) -> list[int]:
        """What is added before: all there is to say of symmetric pads."""
        return [lo for lo, _ in self.pads]

    @property
    def flat(self) -> list[int]:
        """The pads as one list, before and after by axis."""
        return [p for pair in self.pads for p in pair]

    @property
    def dilated(self) -> bool:
        """Whether a window's values lie apart."""
        return any(d != 1 for d in self.dilation)

    @property
    def spread(self) -> bool:
        """Whether the array's values lie apart."""
        return any(b != 1 for b in self.base)

    @property
    def same(self) -> bool:
        """Whether the pads are those of the name ``"same"``."""
        if any(n is None and s != 1 for n, s in zip(self.sizes, self.strides, strict=True)):
            return False
        return self.pads == resolve_padding("same", _assumed(self.sizes), self.kernel, self.strides, self.dilation)

    @property
    def meets(self) -> bool:
        """Whether every window holds a value of the array, rather than pads alone."""
        return all(map(_axis_meets, self.sizes, self.spans, self.strides, self.dilation, self.pads, self.outs))

    def widths(self, ndim: int) -> list[tuple[int, int]]:
        """Return the pads of all axes of an array."""
        return list(self.over(self.pads, ndim, (0, 0)))

    def over(self, values: Sequence[Any], ndim: int, rest: Any) -> tuple[Any, ...]:
        """Return one value for every axis of an array, `rest` where there are no windows."""
        found = [rest] * ndim
        for axis, value in zip(self.axes, values, strict=True):
            found[axis] = value
        return tuple(found)

    def taps(self, ndim: int) -> Iterator[tuple[tuple[int, ...], tuple[slice, ...]]]:
        """Give each tap of the kernel with the slices, of the padded array, that it meets."""
        assert None not in self.outs
        return tap_keys(ndim, self.axes, self.kernel, self.strides, self.dilation, self.outs)


@dataclass(frozen=True)
class _Image(WindowForm):
    """Windows over the spatial axes of data with a batch and channels."""

    shape: tuple[int | None, ...]
    last: bool

    @property
    def data_format(self) -> str:
        """The order of the data's axes, by its name."""
        return "channels_last" if self.last else "channels_first"


@dataclass(frozen=True)
class ConvForm(_Image):
    """A convolution.

    Attributes:
        shape: of the data.
        last: whether the data has its channels last.
        kernel_last: whether the kernel has them last.
        groups: number of groups.
        inner: inputs of a group.
        outer: outputs of all groups.
    """

    kernel_last: bool
    groups: int
    inner: int
    outer: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to add up, or nowhere to put it."""
        return 0 in self.outs or 0 in self.shape or 0 in self.kernel or not self.inner or not self.outer

    @property
    def depthwise(self) -> bool:
        """Whether every input is a group of its own."""
        return self.groups > 1 and self.inner == 1

    @property
    def arguments(self) -> dict[str, Any]:
        """The keyword arguments that mean this form."""
        return {
            "strides": self.strides,
            "padding": self.pads,
            "dilation": self.dilation,
            "groups": self.groups,
            "data_format": self.data_format,
            "weight_format": "*IO" if self.kernel_last else "OI*",
            "input_dilation": self.base,
        }

    def ready(self) -> ConvForm:
        """Return the form of what is left once the data is spread and padded."""
        if not (self.padded or self.spread):
            return self
        sizes = tuple(None if m is None else m + lo + hi for m, (lo, hi) in zip(self.sizes, self.pads, strict=True))
        return replace(self, sizes=sizes, pads=((0, 0),) * self.n, base=(1,) * self.n)

    def stepless(self) -> ConvForm:
        """Return the same windows with a step of 1 on the axes that have one window, whatever step was asked for."""
        if not any(out == 1 and s != 1 for out, s in zip(self.outs, self.strides, strict=True)):
            return self
        pads, steps = list(self.pads), list(self.strides)
        for i, (size, span, out) in enumerate(zip(self.sizes, self.spans, self.outs, strict=True)):
            if out == 1 and size is not None:
                pads[i], steps[i] = (pads[i][0], span - size - pads[i][0]), 1
        return replace(self, pads=tuple(pads), strides=tuple(steps))

    def lifted(self) -> ConvForm:
        """Return the form with one more spatial axis in front, of length 1, for data with channels last."""
        return replace(
            self,
            axes=(1, *(a + 1 for a in self.axes)),
            sizes=(1, *self.sizes),
            kernel=(1, *self.kernel),
            # some kernels insist on equal numbers; with one place on the axis any do
            strides=(self.strides[0], *self.strides),
            dilation=(1, *self.dilation),
            base=(1, *self.base),
            pads=((0, 0), *self.pads),
            outs=(1, *self.outs),
            shape=(self.shape[0], 1, *self.shape[1:]),
        )


@dataclass(frozen=True)
class ConvTransposeForm:
    """A transposed convolution.

    Attributes:
        shape: of the data.
        last: whether the data has its channels last.
        kernel_last: whether the kernel has them last.
        sizes: spatial sizes of the data; None where not known.
        kernel: spatial sizes of the kernel.
        strides: distances of what neighbouring inputs give.
        dilation: distances of the kernel's taps.
        groups: number of groups.
        inner: inputs of all groups.
        outer: outputs of a group.
        cuts: what to cut, before and after, from all that any input reaches; negative numbers add zeros.
    """

    shape: tuple[int | None, ...]
    last: bool
    kernel_last: bool
    sizes: tuple[Any, ...]
    kernel: tuple[int, ...]
    strides: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int
    inner: int
    outer: int
    cuts: Pairs

    @property
    def n(self) -> int:
        """The number of spatial axes."""
        return len(self.kernel)

    @property
    def spans(self) -> tuple[int, ...]:
        """How far what one input gives reaches."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    @property
    def full(self) -> tuple[int | None, ...]:
        """The sizes of all that any input reaches."""
        return tuple(
            None if m is None else (m - 1) * s + span
            for m, s, span in zip(self.sizes, self.strides, self.spans, strict=True)
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to spread, or nowhere to put it."""
        whole = all(m is None or m > lo + hi for m, (lo, hi) in zip(self.full, self.cuts, strict=True))
        return 0 in self.shape or 0 in self.kernel or not self.inner or not self.outer or not whole

    @property
    def cropped(self) -> bool:
        """Whether the result is anything but all that any input reaches."""
        return any(map(any, self.cuts))

    @property
    def growth(self) -> Pairs:
        """The cuts as pads of the full result."""
        return tuple(
            (-lo, -hi) if m is None else fitted(m, -lo, -hi) for m, (lo, hi) in zip(self.full, self.cuts, strict=True)
        )

    def native(self, limits: Sequence[int]) -> tuple[list[int], list[int]] | None:
        """Return pads of the convolution and output padding, if that is what the cuts are; else None.

        Args:
            limits: what the output padding must be less than, by axis: the frameworks differ.
        """
        if all(lo >= 0 and 0 <= lo - hi < limit for (lo, hi), limit in zip(self.cuts, limits, strict=True)):
            return [lo for lo, _ in self.cuts], [lo - hi for lo, hi in self.cuts]
        return None

    @property
    def arguments(self) -> dict[str, Any]:
        """The keyword arguments that mean this form."""
        return {
            "strides": self.strides,
            "padding": self.cuts,
            "dilation": self.dilation,
            "groups": self.groups,
            "data_format": "channels_last" if self.last else "channels_first",
            "weight_format": "*IO" if self.kernel_last else "IO*",
        }

    @property
    def as_conv_pads(self) -> Pairs:
        """The pads of the convolution, of the spread data, that this is."""
        return tuple((span - 1 - lo, span - 1 - hi) for span, (lo, hi) in zip(self.spans, self.cuts, strict=True))


@dataclass(frozen=True)
class PoolForm(_Image):
    """A pooling; its pads are such that exactly the windows that count fit.

    Attributes:
        shape: of the data.
        last: whether the data has its channels last.
        asked: the pads that were asked for, which a window's count is about.
        ceil_mode: whether a last window may be partly outside.
    """

    asked: Pairs
    ceil_mode: bool

    @property
    def empty(self) -> bool:
        """Whether there is nothing to reduce, or nowhere to put it."""
        return 0 in self.outs or 0 in self.shape

    @property
    def half(self) -> bool:
        """Whether at most half a kernel is added on either side, which is what the frameworks' own functions take."""
        return all(lo == hi and 0 <= lo <= k // 2 for (lo, hi), k in zip(self.asked, self.kernel, strict=True))

    @property
    def arguments(self) -> dict[str, Any]:
        """The keyword arguments, but for the dilation, that mean this form."""
        return {
            "strides": self.strides,
            "padding": self.asked,
            "ceil_mode": self.ceil_mode,
            "data_format": self.data_format,
        }

    def counts(self, include_pad: bool) -> list[list[int]]:
        """Return of how many values each window is the average, by axis."""
        assert None not in self.sizes
        return [
            window_counts(m, k, s, lo, hi, out, include_pad)
            for m, k, s, (lo, hi), out in zip(self.sizes, self.kernel, self.strides, self.asked, self.outs, strict=True)
        ]

    def whole(self, include_pad: bool) -> bool:
        """Tell whether every window is the average of as many values as the kernel has."""
        if not self.padded or (include_pad and all(a[1] <= b[1] for a, b in zip(self.pads, self.asked, strict=True))):
            return True
        return None not in self.sizes and all(
            set(count) == {k} for count, k in zip(self.counts(include_pad), self.kernel, strict=True)
        )


def window_form(
    shape: Sequence[int | None],
    axes: Sequence[int],
    kernel: Sizes,
    strides: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    base: Sizes = 1,
) -> WindowForm:
    """Return the form of windows over some axes of an array.

    Args:
        shape: of the array; None where a size is not known.
        axes: its axes that windows lie over.
        kernel: size of the windows.
        strides: their step.
        padding: as in `ivy.conv`.
        dilation: distance of a window's values.
        base: distance of the array's values.

    Raises:
        ShapeError: if numbers don't fit the axes, or the padding depends on a size that is not known.

    Example:
        >>> window_form((2, 5), (1,), 3, padding="same").pads
        ((1, 1),)
    """
    n = len(axes)
    k, s, d = per_axis(kernel, n, "kernel"), per_axis(strides, n, "strides"), per_axis(dilation, n, "dilation")
    b = per_axis(base, n, "input_dilation")
    sizes = tuple(_spread_size(shape[a], step) for a, step in zip(axes, b, strict=True))
    pads = _pads_of(padding, sizes, k, s, d)
    outs = tuple(
        None if m is None else out_size(m, kk, ss, pair, dd)
        for m, kk, ss, pair, dd in zip(sizes, k, s, pads, d, strict=True)
    )
    return WindowForm(tuple(axes), sizes, k, s, d, b, pads, outs)


def conv_form(
    shape: Sequence[int | None],
    weight_shape: Sequence[int],
    *,
    strides: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
    data_format: str = "channels_first",
    weight_format: str = "OI*",
    input_dilation: Sizes = 1,
) -> ConvForm:
    """Return the form of a convolution.

    Args:
        shape: of the data; None where a size is not known.
        weight_shape: of the kernel.
        strides: as in `ivy.conv`.
        padding: as in `ivy.conv`.
        dilation: as in `ivy.conv`.
        groups: as in `ivy.conv`.
        data_format: as in `ivy.conv`.
        weight_format: as in `ivy.conv`.
        input_dilation: as in `ivy.conv`.

    Raises:
        ArgumentError: if a format is unknown.
        ShapeError: if the channels don't fit the groups, or numbers the axes.

    Example:
        >>> conv_form((1, 4, 9, 12), (4, 1, 3, 3), strides=(2, 1), padding=1, groups=4).outs
        (5, 12)
    """
    if weight_format not in ("OI*", "*IO"):
        raise ArgumentError(f"weight_format of conv must be 'OI*' or '*IO', not {weight_format!r}")
    kernel_last, last = weight_format == "*IO", channel_axis(len(shape), data_format) != 1
    kernel = tuple(weight_shape[:-2] if kernel_last else weight_shape[2:])
    inner, outer = weight_shape[-2:] if kernel_last else (weight_shape[1], weight_shape[0])
    if inner * groups != shape[-1 if last else 1] or outer % groups:
        raise ShapeError(
            f"conv got x of shape {tuple(shape)} ({data_format}) and weight of shape {tuple(weight_shape)} "
            f"({weight_format}) with groups={groups}: x must have groups * {inner} channels, and groups divide the "
            f"{outer} outputs"
        )
    w = window_form(shape, spatial_axes(len(shape), data_format), kernel, strides, padding, dilation, input_dilation)
    return ConvForm(
        **vars(w), shape=tuple(shape), last=last, kernel_last=kernel_last, groups=groups, inner=inner, outer=outer
    )


def conv_transpose_form(
    shape: Sequence[int | None],
    weight_shape: Sequence[int],
    *,
    strides: Sizes = 1,
    padding: Padding = 0,
    output_padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
    data_format: str = "channels_first",
    weight_format: str = "IO*",
) -> ConvTransposeForm:
    """Return the form of a transposed convolution.

    Args:
        shape: of the data; None where a size is not known.
        weight_shape: of the kernel.
        strides: as in `ivy.conv_transpose`.
        padding: as in `ivy.conv_transpose`.
        output_padding: as in `ivy.conv_transpose`.
        dilation: as in `ivy.conv_transpose`.
        groups: as in `ivy.conv_transpose`.
        data_format: as in `ivy.conv_transpose`.
        weight_format: as in `ivy.conv_transpose`.

    Raises:
        ArgumentError: if a format is unknown.
        ShapeError: if the channels don't fit the groups, or numbers the axes.

    Example:
        >>> conv_transpose_form((1, 3, 8, 8), (3, 4, 3, 3), strides=2, padding=1, output_padding=1).native((2, 2))
        ([1, 1], [1, 1])
    """
    if weight_format not in ("IO*", "*IO"):
        raise ArgumentError(f"weight_format of conv_transpose must be 'IO*' or '*IO', not {weight_format!r}")
    kernel_last, axis = weight_format == "*IO", channel_axis(len(shape), data_format)
    kernel = tuple(weight_shape[:-2] if kernel_last else weight_shape[2:])
    inner, outer = weight_shape[-2:] if kernel_last else weight_shape[:2]
    if inner % groups or shape[axis] != inner:
        raise ShapeError(
            f"conv_transpose got x of shape {tuple(shape)} ({data_format}) and weight of shape {tuple(weight_shape)} "
            f"({weight_format}) with groups={groups}: the weight's input channels must equal those of x"
        )
    n = len(kernel)
    s, d = per_axis(strides, n, "strides"), per_axis(dilation, n, "dilation")
    pads = transpose_padding(padding, kernel, s, d, per_axis(output_padding, n, "output_padding"))
    spans = [dd * (k - 1) for k, dd in zip(kernel, d, strict=True)]
    return ConvTransposeForm(
        shape=tuple(shape),
        last=axis != 1,
        kernel_last=kernel_last,
        sizes=tuple(shape[a] for a in spatial_axes(len(shape), data_format)),
        kernel=kernel,
        strides=s,
        dilation=d,
        groups=groups,
        inner=inner,
        outer=outer,
        cuts=tuple((span - lo, span - hi) for span, (lo, hi) in zip(spans, pads, strict=True)),
    )


def pool_form(
    shape: Sequence[int | None],
    kernel: Sizes,
    *,
    strides: Sizes | None = None,
    padding: Padding = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    data_format: str = "channels_first",
) -> PoolForm:
    """Return the form of a pooling.

    Args:
        shape: of the data; None where a size is not known.
        kernel: as in `ivy.max_pool`.
        strides: as in `ivy.max_pool`.
        padding: as in `ivy.max_pool`.
        dilation: as in `ivy.max_pool`.
        ceil_mode: as in `ivy.max_pool`.
        data_format: as in `ivy.max_pool`.

    Raises:
        ArgumentError: if the format is unknown.
        ShapeError: if numbers don't fit the axes, or the windows depend on a size that is not known.

    Example:
        >>> pool_form((1, 3, 6), 3, strides=2, ceil_mode=True).pads
        ((0, 1),)
    """
    axes, last = spatial_axes(len(shape), data_format), channel_axis(len(shape), data_format) != 1
    w = window_form(shape, axes, kernel, kernel if strides is None else strides, padding, dilation)
    if ceil_mode and None in w.sizes:
        raise ShapeError("ceil_mode depends on the size, which is not known here", hint="give the size")
    outs, pads = pool_padding(w.pads, _assumed(w.sizes), w.kernel, w.strides, w.dilation, ceil_mode)
    known = tuple(None if m is None else out for m, out in zip(w.sizes, outs, strict=True))
    # what lies behind the last window is cut off only where the size says how much that is
    pads = tuple(a if m is None else b for a, b, m in zip(w.pads, pads, w.sizes, strict=True))
    fields = {**vars(w), "outs": known, "pads": pads}
    return PoolForm(**fields, shape=tuple(shape), last=last, asked=w.pads, ceil_mode=bool(ceil_mode))


def _axis_meets(
    size: int | None, span: int, stride: int, dilation: int, pads: tuple[int, int], out: int | None
) -> bool:
    """Whether all windows on an axis hold a value of it."""
    lo, hi = (max(p, 0) for p in pads)
    if size is None or out is None:
        return lo < span and hi < span
    size += min(pads[0], 0) + min(pads[1], 0)
    if size >= dilation:  # no window has all of it between two of its values
        return lo < span and (out - 1) * stride - lo < size
    starts = range(-lo, out * stride - lo, stride)
    return all(any(0 <= place < size for place in range(start, start + span, dilation)) for start in starts)


def _assumed(sizes: Sequence[int | None]) -> list[int]:
    return [_LARGE if m is None else m for m in sizes]


def _spread_size(size: int | None, step: int) -> int | None:
    return size if size is None or step == 1 else max((size - 1) * step + 1, 0)


def _pads_of(
    padding: Padding, sizes: Sequence[int | None], k: Sequence[int], s: Sequence[int], d: Sequence[int]
) -> Pairs:
    if isinstance(padding, str) and padding.lower() == "same":
        if any(m is None and step != 1 for m, step in zip(sizes, s, strict=True)):
            raise ShapeError("'same' with strides depends on the size, which is not known here", hint="give the size")
    pads = resolve_padding(padding, _assumed(sizes), k, s, d)
    return tuple(pair if m is None or min(pair) >= 0 else fitted(m, *pair) for pair, m in zip(pads, sizes, strict=True))
