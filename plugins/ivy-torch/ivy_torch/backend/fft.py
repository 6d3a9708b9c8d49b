"""Fourier transforms in torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch


def fft_fft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return _transformed(torch.fft.fft, x, n, axis, norm)


def fft_ifft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return _transformed(torch.fft.ifft, x, n, axis, norm)


def fft_rfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return _transformed(torch.fft.rfft, x, n, axis, norm)


def fft_irfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return _transformed(torch.fft.irfft, x, n, axis, norm)


def fft_hfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return _transformed(torch.fft.hfft, x, n, axis, norm)


def fft_ihfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return _transformed(torch.fft.ihfft, x, n, axis, norm)


def fft_fftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return _transformed(torch.fft.fftn, x, s, axes, norm)


def fft_ifftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return _transformed(torch.fft.ifftn, x, s, axes, norm)


def fft_rfftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return _transformed(torch.fft.rfftn, x, s, axes, norm)


def fft_irfftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return _transformed(torch.fft.irfftn, x, s, axes, norm)


def fft_fftshift(x: Any, /, *, axes: int | Sequence[int] | None = None) -> Any:
    return x.clone() if axes == () else torch.fft.fftshift(x, axes)


def fft_ifftshift(x: Any, /, *, axes: int | Sequence[int] | None = None) -> Any:
    return x.clone() if axes == () else torch.fft.ifftshift(x, axes)


def _transformed(fn: Callable[..., Any], x: Any, size: Any, axes: Any, norm: Any) -> Any:
    """Transform; for a batch without elements, which MKL refuses, one of zeros, of which nothing is kept."""
    if x.numel() == 0:
        over = (axes,) if isinstance(axes, int) else range(-len(size), 0) if axes is None and size is not None else axes
        own = set(range(x.ndim) if over is None else (a % x.ndim for a in over))
        empty = [a for a, n in enumerate(x.shape) if n == 0 and a not in own]
        if empty:
            y = fn(x.sum(empty, keepdim=True), size, axes, norm)
            return y[tuple(slice(0) if a in empty else slice(None) for a in range(x.ndim))]
    return fn(x, size, axes, norm)
