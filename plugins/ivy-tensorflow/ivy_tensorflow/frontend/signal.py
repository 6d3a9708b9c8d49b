"""Fourier transforms."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy_tensorflow.frontend.table import array, cast, numbers, public, raw, size_of


def _last(n: int) -> tuple[int, ...]:
    return tuple(range(-n, 0))


def _transform(op: Any, n: int) -> Any:
    def call(input: Any) -> Any:
        return cast(op(input, axes=_last(n)), dtype_of(input))

    return call


def _fitted(x: Any, sizes: tuple[int, ...]) -> Any:
    """Cut or fill the last axes to the given sizes."""
    first = x.ndim - len(sizes)
    key = [slice(None)] * first + [slice(0, min(n, x.shape[first + i])) for i, n in enumerate(sizes)]
    if any(x.shape[first + i] > n for i, n in enumerate(sizes)):
        x = F.get_item(x, tuple(key))
    short = [(0, max(n - x.shape[first + i], 0)) for i, n in enumerate(sizes)]
    return F.pad(x, [(0, 0)] * first + short) if any(b for _, b in short) else x


def _real_forward(n: int) -> Any:
    def call(input: Any, fft_length: Any = None, Tcomplex: Any = None) -> Any:
        x = array(input)
        x = x if fft_length is None else _fitted(x, numbers(fft_length))
        found = F.fft.rfftn(x, axes=_last(n)) if n > 1 else F.fft.rfft(x)
        return found if Tcomplex is None else cast(found, Tcomplex)

    return call


def _real_inverse(n: int) -> Any:
    def call(input: Any, fft_length: Any = None, Treal: Any = None) -> Any:
        x = array(input)
        sizes = numbers(fft_length) if fft_length is not None else (*x.shape[x.ndim - n : -1], 2 * (x.shape[-1] - 1))
        x = _fitted(x, (*sizes[:-1], sizes[-1] // 2 + 1))
        found = F.fft.irfftn(x, s=sizes, axes=_last(n)) if n > 1 else F.fft.irfft(x, n=sizes[0])
        return found if Treal is None else cast(found, Treal)

    return call


for _n, _suffix in {1: "", 2: "2D", 3: "3D"}.items():
    for _name, _fn in {
        f"FFT{_suffix}": _transform(F.fft.fftn, _n),
        f"IFFT{_suffix}": _transform(F.fft.ifftn, _n),
        f"RFFT{_suffix}": _real_forward(_n),
        f"IRFFT{_suffix}": _real_inverse(_n),
    }.items():
        raw(_name)(_fn)
        public(f"signal.{_name.lower()}")(_fn)


def _any_axes(op: Any, real: bool) -> Any:
    def call(input: Any, fft_length: Any, axes: Any, Tcomplex: Any = None, Treal: Any = None) -> Any:
        found = op(input, s=numbers(fft_length), axes=numbers(axes))
        wanted = Treal if real else Tcomplex
        return found if wanted is None else cast(found, as_dtype(wanted))

    return call


raw("FFTND")(_any_axes(F.fft.fftn, False))
raw("IFFTND")(_any_axes(F.fft.ifftn, False))
raw("RFFTND")(_any_axes(F.fft.rfftn, False))
raw("IRFFTND")(_any_axes(F.fft.irfftn, True))


def _axes_given(axes: Any) -> Any:
    return None if axes is None else numbers(axes)


@public("signal.fftshift")
def fftshift(x: Any, axes: Any = None) -> Any:
    return F.fft.fftshift(array(x), axes=_axes_given(axes))


@public("signal.ifftshift")
def ifftshift(x: Any, axes: Any = None) -> Any:
    return F.fft.ifftshift(array(x), axes=_axes_given(axes))


@public("signal.frame")
def frame(
    signal: Any, frame_length: int, frame_step: int, pad_end: bool = False, pad_value: Any = 0, axis: int = -1
) -> Any:
    x = array(signal)
    axis %= x.ndim
    if pad_end:
        count = -(-x.shape[axis] // frame_step)
        extra = max((count - 1) * frame_step + frame_length - x.shape[axis], 0)
        x = F.pad(x, [(0, extra if i == axis else 0) for i in range(x.ndim)], value=pad_value)
    found = F.unfold_axis(x, axis, frame_length, frame_step)
    return F.moveaxis(found, -1, axis + 1)


def _cosine_window(terms: tuple[float, float]) -> Any:
    def call(window_length: Any, periodic: bool = True, dtype: Any = "float32") -> Any:
        n = size_of(window_length)
        if n == 1:
            return F.ones((1,), dtype=as_dtype(dtype))
        even = 1 - n % 2
        steps = n + (1 if periodic else 0) * even - 1
        at = F.multiply(F.arange(n, dtype=as_dtype(dtype)), 2 * 3.141592653589793 / steps)
        return F.subtract(terms[0], F.multiply(F.cos(at), terms[1]))

    return call


public("signal.hann_window")(_cosine_window((0.5, 0.5)))
public("signal.hamming_window")(_cosine_window((0.54, 0.46)))


_HANN = _cosine_window((0.5, 0.5))


@public("signal.stft")
def stft(
    signals: Any,
    frame_length: int,
    frame_step: int,
    fft_length: int | None = None,
    window_fn: Any = _HANN,
    pad_end: bool = False,
) -> Any:
    framed = frame(signals, frame_length, frame_step, pad_end)
    if fft_length is None:
        fft_length = 1 << (frame_length - 1).bit_length()
    if window_fn is not None:
        framed = F.multiply(framed, window_fn(frame_length, dtype=dtype_of(framed)))
    return F.fft.rfft(_fitted(framed, (fft_length,)))
