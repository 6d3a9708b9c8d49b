"""Fourier transforms in torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch


def fft_fft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return torch.fft.fft(x, n, axis, norm)


def fft_ifft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return torch.fft.ifft(x, n, axis, norm)


def fft_rfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return torch.fft.rfft(x, n, axis, norm)


def fft_irfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return torch.fft.irfft(x, n, axis, norm)


def fft_hfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return torch.fft.hfft(x, n, axis, norm)


def fft_ihfft(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
    return torch.fft.ihfft(x, n, axis, norm)


def fft_fftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return torch.fft.fftn(x, s, axes, norm)


def fft_ifftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return torch.fft.ifftn(x, s, axes, norm)


def fft_rfftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return torch.fft.rfftn(x, s, axes, norm)


def fft_irfftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return torch.fft.irfftn(x, s, axes, norm)


def fft_fftshift(x: Any, /, *, axes: int | Sequence[int] | None = None) -> Any:
    return torch.fft.fftshift(x, axes)


def fft_ifftshift(x: Any, /, *, axes: int | Sequence[int] | None = None) -> Any:
    return torch.fft.ifftshift(x, axes)
