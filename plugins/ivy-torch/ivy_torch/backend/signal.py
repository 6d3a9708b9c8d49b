"""Signals in torch."""

from __future__ import annotations

from typing import Any

import torch

from ivy.backend import body_of
from ivy.functional import signal as core

_stft_body = body_of(core.stft, "torch")


def stft(
    x: Any,
    /,
    n_fft: Any,
    *,
    hop_length: Any = None,
    win_length: Any = None,
    window: Any = None,
    center: Any = True,
    pad_mode: Any = "reflect",
    normalized: Any = False,
    onesided: Any = None,
) -> Any:
    if x.ndim > 2 or x.dtype not in (torch.float32, torch.float64) or (window is not None and window.dtype != x.dtype):
        return _stft_body(
            x,
            n_fft,
            hop_length=hop_length,
            win_length=win_length,
            window=window,
            center=center,
            pad_mode=pad_mode,
            normalized=normalized,
            onesided=onesided,
        )
    if window is None:
        window = torch.ones(win_length or n_fft, dtype=x.dtype, device=x.device)
    return torch.stft(
        x, n_fft, hop_length, win_length, window, center, pad_mode, normalized, onesided, return_complex=True
    )
