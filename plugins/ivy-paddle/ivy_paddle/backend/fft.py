"""Fourier transforms in Paddle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ivy_paddle.backend.support import COMPLEX, HALVES, WHOLE
from ivy_paddle.loading import paddle


def _wide(x: Any) -> Any:
    return x.astype(paddle.float32) if x.dtype in WHOLE or x.dtype in HALVES else x


def _complex(x: Any) -> Any:
    x = _wide(x)
    if x.dtype in COMPLEX:
        return x
    return x.astype(paddle.complex128 if x.dtype == paddle.float64 else paddle.complex64)


def _along(fn: Callable[..., Any], kind: Callable[..., Any]) -> Callable[..., Any]:
    def transformed(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
        return fn(kind(x), n, axis, norm)

    return transformed


def _over(fn: Callable[..., Any], kind: Callable[..., Any]) -> Callable[..., Any]:
    def transformed(x: Any, /, *, s: Any = None, axes: Any = None, norm: Any = "backward") -> Any:
        if s is not None and axes is None:
            axes = list(range(x.ndim - len(s), x.ndim))
        return fn(kind(x), s, axes, norm)

    return transformed


fft_fft = _along(paddle.fft.fft, _complex)
fft_ifft = _along(paddle.fft.ifft, _complex)
fft_rfft = _along(paddle.fft.rfft, _wide)
fft_irfft = _along(paddle.fft.irfft, _complex)
fft_hfft = _along(paddle.fft.hfft, _complex)
fft_ihfft = _along(paddle.fft.ihfft, _wide)
fft_fftn = _over(paddle.fft.fftn, _complex)
fft_ifftn = _over(paddle.fft.ifftn, _complex)
fft_rfftn = _over(paddle.fft.rfftn, _wide)
fft_irfftn = _over(paddle.fft.irfftn, _complex)
