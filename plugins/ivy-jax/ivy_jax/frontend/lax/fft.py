"""`jax.lax.fft`: transforms over the last axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ivy.functional import fft as T
from ivy_jax.frontend.table import frontend

NAMESPACE = "jax.lax"


@frontend.function("jax.lax.fft")
def fft(x: Any, fft_type: Any, fft_lengths: Sequence[int]) -> Any:
    """Transform the last ``len(fft_lengths)`` axes; the type is ``"FFT"``, ``"IFFT"``, ``"RFFT"`` or ``"IRFFT"``."""
    kind = str(getattr(fft_type, "name", fft_type)).upper().rpartition(".")[2]
    lengths = tuple(int(n) for n in fft_lengths)
    axes = tuple(range(-len(lengths), 0))
    if len(lengths) == 1:
        op = {"FFT": T.fft, "IFFT": T.ifft, "RFFT": T.rfft, "IRFFT": T.irfft}[kind]
        return op(x, n=lengths[0], axis=-1)
    op = {"FFT": T.fftn, "IFFT": T.ifftn, "RFFT": T.rfftn, "IRFFT": T.irfftn}[kind]
    return op(x, s=lengths, axes=axes)
