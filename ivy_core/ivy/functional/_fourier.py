"""Bodies of all Fourier transforms but `fft.fft`, from that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.functional import fft
from ivy.functional._axes import counted
from ivy.functional._rearranging import sliced

_CONTRARY = {"backward": "forward", "forward": "backward", "ortho": "ortho"}


def _axes(x: Any, s: Any, axes: Any) -> tuple[list[int], list[int]]:
    """Return the axes, and how long each is to be."""
    if axes is None:
        axes = range(x.ndim) if s is None else range(-len(s), 0)
    found = [counted(a, x.ndim) for a in axes]
    sizes = [x.shape[a] for a in found] if s is None else list(s)
    return found, [x.shape[a] if n in (None, -1) else n for a, n in zip(found, sizes, strict=True)]


def fft_ifft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return F.conj(fft.fft(F.conj(x), n=n, axis=axis, norm=_CONTRARY[norm]))


def _each(transform: Any, x: Any, axes: Sequence[int], sizes: Sequence[int], norm: str) -> Any:
    for a, n in zip(axes, sizes, strict=True):
        x = transform(x, n=n, axis=a, norm=norm)
    return x


def fft_fftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return _each(fft.fft, x, *_axes(x, s, axes), norm)


def fft_ifftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return _each(fft.ifft, x, *_axes(x, s, axes), norm)


def fft_rfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    axis = counted(axis, x.ndim)
    count = x.shape[axis] if n is None else n
    return sliced(fft.fft(x, n=n, axis=axis, norm=norm), axis, slice(0, count // 2 + 1))


def fft_rfftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    places, sizes = _axes(x, s, axes)
    halved = fft.rfft(x, n=sizes[-1], axis=places[-1], norm=norm)
    return _each(fft.fft, halved, places[:-1], sizes[:-1], norm)


def _fitted(x: Any, axis: int, size: int) -> Any:
    """Cut or zero-pad an axis."""
    lack = size - x.shape[axis]
    if lack <= 0:
        return sliced(x, axis, slice(0, size))
    zeros = F.zeros((*x.shape[:axis], lack, *x.shape[axis + 1 :]), dtype=dtype_of(x))
    return F.concat([x, zeros], axis=axis)


def fft_irfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    axis = counted(axis, x.ndim)
    n = 2 * (x.shape[axis] - 1) if n is None else n
    half = _fitted(x, axis, n // 2 + 1)
    # the negative frequencies are the conjugates of the positive ones
    rest = F.flip(F.conj(sliced(half, axis, slice(1, n - n // 2))), axis=axis)
    return F.real(fft.ifft(F.concat([half, rest], axis=axis), axis=axis, norm=norm))


def fft_irfftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    places, sizes = _axes(x, s, axes)
    if s is None or s[-1] in (None, -1):
        sizes[-1] = 2 * (sizes[-1] - 1)
    x = _each(fft.ifft, x, places[:-1], sizes[:-1], norm)
    return fft.irfft(x, n=sizes[-1], axis=places[-1], norm=norm)


def fft_hfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return fft.irfft(F.conj(x), n=n, axis=axis, norm=_CONTRARY[norm])


def fft_ihfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return F.conj(fft.rfft(x, n=n, axis=axis, norm=_CONTRARY[norm]))
