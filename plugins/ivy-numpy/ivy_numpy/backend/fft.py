"""Fourier transforms in NumPy; single precision stays single."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

fft_fft = np.fft.fft
fft_ifft = np.fft.ifft
fft_rfft = np.fft.rfft
fft_irfft = np.fft.irfft
fft_hfft = np.fft.hfft
fft_ihfft = np.fft.ihfft
fft_fftshift = np.fft.fftshift
fft_ifftshift = np.fft.ifftshift


def _last(s: Sequence[int] | None, axes: Sequence[int] | None) -> Sequence[int] | None:
    # NumPy deprecates leaving the axes to be guessed from `s`
    return range(-len(s), 0) if axes is None and s is not None else axes


def fft_fftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return np.fft.fftn(x, s, _last(s, axes), norm)


def fft_ifftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return np.fft.ifftn(x, s, _last(s, axes), norm)


def fft_rfftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return np.fft.rfftn(x, s, _last(s, axes), norm)


def fft_irfftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    return np.fft.irfftn(x, s, _last(s, axes), norm)
