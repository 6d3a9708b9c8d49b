"""Signals: frames, short-time Fourier transforms, cosine transforms and convolution along one axis."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from typing import Any, Literal

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy.functional._axes import counted
from ivy.functional._precision import narrow, widen
from ivy.functional.registry import composite
from ivy.functional.typing import Array, Dtype

__all__ = [
    "convolve",
    "correlate",
    "dct",
    "fft_convolve",
    "frame",
    "idct",
    "istft",
    "mel_weight_matrix",
    "overlap_add",
    "stft",
]

Mode = Literal["full", "same", "valid"]
Norm = Literal["backward", "ortho", "forward"]


# Frames and spectra


@composite
def frame(
    x: Array, /, frame_length: int, frame_step: int, *, axis: int = -1, pad_end: bool = False, pad_value: float = 0.0
) -> Array:
    """Cut an axis into frames, which may overlap (tf.signal.frame).

    Args:
        x: array of any dtype.
        frame_length: length of a frame.
        frame_step: distance between the starts of two frames.
        axis: the axis to cut.
        pad_end: whether frames that begin within the axis but end beyond it are filled up; else they are left out.
        pad_value: what they are filled up with.

    Returns:
        Array in which the axes ``(frames, frame_length)`` stand for `axis`.

    Definition:
        https://www.tensorflow.org/api_docs/python/tf/signal/frame

    Example:
        >>> import ivy, numpy as np
        >>> ivy.frame(np.arange(5), 3, 2).tolist()
        [[0, 1, 2], [2, 3, 4]]
    """
    axis = counted(axis, x.ndim)
    size = x.shape[axis]
    if pad_end:
        missing = max(0, (-(-size // frame_step) - 1) * frame_step + frame_length - size)
        x = F.pad(x, [(0, missing if d == axis else 0) for d in range(x.ndim)], value=pad_value)
    elif size < frame_length:
        return F.zeros((*x.shape[:axis], 0, frame_length, *x.shape[axis + 1 :]), dtype=dtype_of(x))
    return F.moveaxis(F.unfold_axis(x, axis, frame_length, frame_step), -1, axis + 1)


@composite
def overlap_add(frames: Array, /, frame_step: int) -> Array:
    """Add frames up to a signal, each `frame_step` after the one before (tf.signal.overlap_and_add).

    Args:
        frames: shape ``(..., frames, frame_length)``.
        frame_step: distance between the starts of two frames.

    Returns:
        Shape ``(..., (frames - 1) * frame_step + frame_length)``; no elements of no frames.

    Definition:
        https://www.tensorflow.org/api_docs/python/tf/signal/overlap_and_add

    Example:
        >>> import ivy, numpy as np
        >>> ivy.overlap_add(np.ones((2, 3)), 2).tolist()
        [1.0, 1.0, 2.0, 1.0, 1.0]
    """
    count, length = frames.shape[-2:]
    batch = tuple(frames.shape[:-2])
    size = (count - 1) * frame_step + length if count else 0
    flat = F.zeros((math.prod(batch), size), dtype=dtype_of(frames))
    if size:
        at = F.asarray([i * frame_step + j for i in range(count) for j in range(length)], dtype="int64")
        flat = F.add_at(flat, (slice(None), at), F.reshape(frames, (math.prod(batch), count * length)))
    return F.reshape(flat, (*batch, size))


def _fitted(window: Any, width: int, n_fft: int, dtype: Any) -> Any:
    """The window, or ones, with zeros on both sides up to the length of the transform."""
    if width > n_fft or (window is not None and tuple(window.shape) != (width,)):
        raise ArgumentError(f"the window must have {width} weights, no more than n_fft = {n_fft}")
    x = F.ones((width,), dtype=dtype) if window is None else window
    before = (n_fft - width) // 2
    return x if width == n_fft else F.pad(x, [(before, n_fft - width - before)])


def _complex(x: Any) -> Any:
    dtype = dtype_of(x)
    return x if dtype.is_complex else F.astype(x, "complex128" if dtype == "float64" else "complex64")


@composite
def stft(
    x: Array,
    /,
    n_fft: int,
    *,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Array | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
) -> Array:
    """Return the short-time Fourier transform (torch.stft).

    Args:
        x: shape ``(..., time)``, real or complex floating point.
        n_fft: length of a frame and of its transform.
        hop_length: distance between the starts of two frames; by default ``n_fft // 4``.
        win_length: length of the window, with zeros on both sides up to `n_fft`, which is the default.
        window: shape ``(win_length,)``; by default ones.
        center: whether frames are centred at their time, by padding both ends by ``n_fft // 2``.
        pad_mode: how: see `pad`.
        normalized: whether to divide by ``sqrt(n_fft)``.
        onesided: whether to leave out the frequencies that follow from the others; by default where `x` and the window
            are real.

    Returns:
        Complex, shape ``(..., frequencies, frames)``.

    Raises:
        ArgumentError: if the window's length is not `win_length`, or that is greater than `n_fft`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.stft.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.stft(np.ones(32), 8, window=np.hanning(8)).shape
        (5, 17)
    """
    x = widen(x)
    hop = n_fft // 4 if hop_length is None else hop_length
    if center:
        half = n_fft // 2
        x = F.pad(x, [(0, 0)] * (x.ndim - 1) + [(half, half)], mode=pad_mode)
    dtype = dtype_of(x)
    real = not dtype.is_complex and (window is None or not dtype_of(window).is_complex)
    shape = _fitted(window, n_fft if win_length is None else win_length, n_fft, dtype if real else dtype_of(F.real(x)))
    frames = F.multiply(F.unfold_axis(x, -1, n_fft, hop), shape)
    norm: Norm = "ortho" if normalized else "backward"
    if real if onesided is None else onesided:
        return F.matrix_transpose(F.fft.rfft(frames, norm=norm))
    return F.matrix_transpose(F.fft.fft(_complex(frames), norm=norm))


@composite
def istft(
    x: Array,
    /,
    n_fft: int,
    *,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Array | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    real: bool = True,
) -> Array:
    """Return the signal of a short-time Fourier transform, by least squares (torch.istft).

    The frames are added up and divided by the sum of the squares of the windows; where that is 0 the result is NaN.

    Args:
        x: complex, shape ``(..., frequencies, frames)``.
        n_fft: as in `stft`.
        hop_length: as in `stft`.
        win_length: as in `stft`.
        window: as in `stft`.
        center: whether `stft` padded, so that both ends are cut off.
        normalized: as in `stft`.
        onesided: whether `x` has ``n_fft // 2 + 1`` frequencies; by default told from its shape.
        length: of the signal; by default all that the frames give.
        real: whether the signal is real; else all `n_fft` frequencies are needed.

    Returns:
        Shape ``(..., time)``.

    Raises:
        ArgumentError: if the window's length is not `win_length`, or that is greater than `n_fft`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.istft.html

    Example:
        >>> import ivy, numpy as np
        >>> w, x = np.hanning(8) + 0.1, np.arange(32.0)
        >>> bool(np.allclose(ivy.istft(ivy.stft(x, 8, window=w), 8, window=w), x))
        True
    """
    hop = n_fft // 4 if hop_length is None else hop_length
    norm: Norm = "ortho" if normalized else "backward"
    rows = F.matrix_transpose(x)
    if not real:
        if onesided or (onesided is None and x.shape[-2] != n_fft):
            raise ArgumentError("a complex signal needs all frequencies, and not those of one side")
        frames = F.fft.ifft(rows, norm=norm)
    else:
        if not (x.shape[-2] != n_fft if onesided is None else onesided):
            rows = F.get_item(rows, (..., slice(0, n_fft // 2 + 1)))
        frames = F.fft.irfft(rows, n=n_fft, norm=norm)
    shape = _fitted(window, n_fft if win_length is None else win_length, n_fft, dtype_of(F.real(x)))
    signal = overlap_add(F.multiply(frames, shape), hop)
    squares = F.broadcast_to(F.square(shape), (x.shape[-1], n_fft))
    total = signal.shape[-1]
    start = n_fft // 2 if center else 0
    end = total - start if length is None else start + length
    cut = (..., slice(start, min(end, total)))
    y = F.divide(F.get_item(signal, cut), F.get_item(overlap_add(squares, hop), cut))
    return y if end <= total else F.pad(y, [(0, 0)] * (y.ndim - 1) + [(0, end - total)])


def _mel(hertz: float) -> float:
    return 1127.0 * math.log1p(hertz / 700.0)


@composite
def mel_weight_matrix(
    *,
    num_mel_bins: int = 20,
    num_spectrogram_bins: int = 129,
    sample_rate: float = 8000,
    lower_edge_hertz: float = 125.0,
    upper_edge_hertz: float = 3800.0,
    dtype: Dtype = None,
) -> Array:
    """Return the matrix that takes a spectrogram to the mel scale (tf.signal.linear_to_mel_weight_matrix).

    Args:
        num_mel_bins: number of bands.
        num_spectrogram_bins: number of frequencies from 0 to half of `sample_rate`.
        sample_rate: samples per second.
        lower_edge_hertz: lower end of the lowest band.
        upper_edge_hertz: upper end of the highest band.
        dtype: floating-point; float32 by default.

    Returns:
        Shape ``(num_spectrogram_bins, num_mel_bins)``: triangles of height one, the frequency 0 without weight.

    Raises:
        ArgumentError: if the edges are not in order within 0 and half of the sample rate.

    Definition:
        https://www.tensorflow.org/api_docs/python/tf/signal/linear_to_mel_weight_matrix

    Example:
        >>> import ivy
        >>> ivy.mel_weight_matrix(num_mel_bins=4, num_spectrogram_bins=9).shape
        (9, 4)
    """
    if not 0 <= lower_edge_hertz < upper_edge_hertz <= sample_rate / 2:
        raise ArgumentError("edges of bands must rise from 0 to half of the sample rate")
    low, high = _mel(lower_edge_hertz), _mel(upper_edge_hertz)
    edges = [low + (high - low) * i / (num_mel_bins + 1) for i in range(num_mel_bins + 2)]
    width = (high - low) / (num_mel_bins + 1)
    rows = []
    for i in range(num_spectrogram_bins):
        mel = _mel(sample_rate / 2 * i / max(num_spectrogram_bins - 1, 1))
        rows.append([max(0.0, 1.0 - abs(mel - e) / width) if i else 0.0 for e in edges[1:-1]])
    return F.asarray(rows, dtype=dtype or "float32")


# Convolution


@composite
def convolve(x1: Array, x2: Array, /, *, mode: Mode = "full") -> Array:
    """Convolve two signals of one axis (numpy.convolve).

    Args:
        x1: shape ``(n,)``, any numbers.
        x2: shape ``(m,)``.
        mode: ``"full"`` (n + m - 1 elements), ``"same"`` (the middle max(n, m)), or ``"valid"`` (only where they
            overlap wholly).

    Returns:
        Array of the promoted dtype.

    Raises:
        ArgumentError: if an operand has no elements or not one axis, or the mode is unknown.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.convolve.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.convolve(np.asarray([1, 2, 3]), np.asarray([0, 1])).tolist()
        [0, 1, 2, 3]
    """
    if x1.shape[0] < x2.shape[0]:
        x1, x2 = x2, x1
    return _sliding(x1, F.flip(x2), mode)


@composite
def correlate(x1: Array, x2: Array, /, *, mode: Mode = "valid") -> Array:
    """Correlate two signals of one axis, the sums over n of x1[n + k] * conj(x2[n]) (numpy.correlate).

    Args:
        x1: shape ``(n,)``, any numbers.
        x2: shape ``(m,)``.
        mode: as in `convolve`.

    Returns:
        Array of the promoted dtype.

    Raises:
        ArgumentError: if an operand has no elements or not one axis, or the mode is unknown.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.correlate.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.correlate(np.asarray([1, 2, 3]), np.asarray([0, 1])).tolist()
        [2, 3]
    """
    kernel = F.conj(x2) if dtype_of(x2).is_complex else x2
    if x1.shape[0] < x2.shape[0]:  # the lags of the longer against the shorter, backwards
        return F.flip(_sliding(kernel, x1, mode))
    return _sliding(x1, kernel, mode)


def _sliding(long: Any, short: Any, mode: str) -> Any:
    """The products of a kernel with each window of a signal no shorter than it."""
    if long.ndim != 1 or short.ndim != 1 or not short.shape[0]:
        raise ArgumentError("both operands need one axis, and elements on it")
    n, m = long.shape[0], short.shape[0]
    before, after = _margins(m, mode)
    dtype = dtype_of(F.multiply(F.get_item(long, slice(0, 1)), F.get_item(short, slice(0, 1))))
    long, short = F.astype(long, dtype), F.astype(short, dtype)
    if dtype.is_float and not dtype.is_complex and min(n, m) > 0:
        found = F.conv(F.reshape(long, (1, 1, n)), F.reshape(short, (1, 1, m)), padding=[(before, after)])
        return F.reshape(found, (-1,))
    windows = F.unfold_axis(F.pad(long, [(before, after)]), 0, m, 1)
    return F.matmul(windows, short)


def _margins(m: int, mode: str) -> tuple[int, int]:
    if mode not in ("full", "same", "valid"):
        raise ArgumentError(f"mode must be 'full', 'same' or 'valid', not {mode!r}")
    return {"full": (m - 1, m - 1), "same": (m // 2, (m - 1) // 2), "valid": (0, 0)}[mode]


@composite
def fft_convolve(x1: Array, x2: Array, /, *, mode: Mode = "full", axes: Sequence[int] | None = None) -> Array:
    """Convolve over any axes by Fourier transforms (scipy.signal.fftconvolve).

    Args:
        x1: array of numbers; integers are computed in float32.
        x2: array of as many axes; those that are not convolved broadcast.
        mode: ``"full"``, ``"same"`` (the middle, of the size of `x1`), or ``"valid"`` (only where they overlap wholly;
            one operand is no smaller than the other along every axis).
        axes: the axes to convolve over; by default all.

    Returns:
        Array of the promoted dtype.

    Raises:
        ArgumentError: if the numbers of axes differ or the mode is unknown.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.fftconvolve.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.fft_convolve(np.asarray([1.0, 2.0, 3.0]), np.asarray([0.0, 1.0])).round(6).tolist()
        [0.0, 1.0, 2.0, 3.0]
    """
    if x1.ndim != x2.ndim or mode not in ("full", "same", "valid"):
        raise ArgumentError("the operands need as many axes as one another, and the mode is full, same or valid")
    axes = tuple(range(x1.ndim)) if axes is None else tuple(counted(a, x1.ndim) for a in axes)
    inverse = mode == "valid" and any(x1.shape[a] < x2.shape[a] for a in axes)
    if inverse:
        x1, x2 = x2, x1
    sizes = [x1.shape[a] + x2.shape[a] - 1 for a in axes]
    a, b = (widen(x if dtype_of(x).is_inexact else F.astype(x, "float32")) for x in (x1, x2))
    if dtype_of(a).is_complex or dtype_of(b).is_complex:
        spectrum = F.multiply(*(F.fft.fftn(_complex(v), s=sizes, axes=axes) for v in (a, b)))
        found = F.fft.ifftn(spectrum, s=sizes, axes=axes)
    else:
        spectrum = F.multiply(*(F.fft.rfftn(v, s=sizes, axes=axes) for v in (a, b)))
        found = F.fft.irfftn(spectrum, s=sizes, axes=axes)
    key: list[slice] = [slice(None)] * x1.ndim
    for axis, size in zip(axes, sizes, strict=True):
        n, m = x1.shape[axis], x2.shape[axis]
        wanted = {"full": size, "same": n, "valid": n - m + 1}[mode]
        start = (size - wanted) // 2
        key[axis] = slice(start, start + wanted)
    found = F.get_item(found, tuple(key))
    return narrow(found, x1) if dtype_of(x1) == dtype_of(x2) and dtype_of(x1).is_inexact else found


# Cosine transforms

_INVERSE = {1: 1, 2: 3, 3: 2, 4: 4}


@composite
def dct(x: Array, /, *, type: int = 2, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """Return the discrete cosine transform of type 1, 2, 3 or 4 (scipy.fft.dct).

    Args:
        x: real array; integers are computed in float32.
        type: which of the transforms.
        n: length to which the axis is cut, or padded with zeros; by default its own.
        axis: the axis to transform.
        norm: ``"backward"``: unscaled; ``"forward"``: divided by 2 n (type 1: 2 (n - 1)); ``"ortho"``: orthogonal.

    Returns:
        Array of floating point, of the shape of `x` with `n` elements along `axis`.

    Raises:
        ArgumentError: if there is no such type or norm, or type 1 gets fewer than two elements.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.fft.dct.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.dct(np.asarray([1.0, 1.0])).round(6).tolist()
        [4.0, 0.0]
    """
    if type not in _INVERSE or norm not in ("backward", "ortho", "forward"):
        raise ArgumentError(f"there is no transform of type {type!r} and norm {norm!r}")
    x = x if dtype_of(x).is_inexact else F.astype(x, "float32")
    axis = counted(axis, x.ndim)
    y = F.moveaxis(widen(x), axis, -1)
    n = y.shape[-1] if n is None else n
    missing = n - y.shape[-1]
    y = F.pad(y, [(0, 0)] * (y.ndim - 1) + [(0, missing)]) if missing > 0 else F.get_item(y, (..., slice(0, n)))
    if n < 1 + (type == 1):
        raise ArgumentError("the axis is too short")
    length = 2 * (n - 1) if type == 1 else 2 * n
    root, ends = math.sqrt(2.0), {0, n - 1} if type == 1 else {0}
    if norm == "ortho" and type in (1, 3):
        y = F.multiply(y, _factors([root if i in ends else 1.0 for i in range(n)], y))
    y = _cosine_sums(y, type, n)
    if norm == "ortho":
        y = F.multiply(y, 1.0 / math.sqrt(length))
        if type in (1, 2):
            y = F.multiply(y, _factors([1.0 / root if i in ends else 1.0 for i in range(n)], y))
    elif norm == "forward":
        y = F.multiply(y, 1.0 / length)
    return narrow(F.moveaxis(y, -1, axis), x)


@composite
def idct(x: Array, /, *, type: int = 2, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """Return the inverse of `dct` (scipy.fft.idct).

    Args:
        x: real array; integers are computed in float32.
        type: the transform to invert.
        n: length to which the axis is cut, or padded with zeros; by default its own.
        axis: the axis to transform.
        norm: that of the transform to invert.

    Returns:
        Array of floating point, of the shape of `x` with `n` elements along `axis`.

    Raises:
        ArgumentError: if there is no such type or norm, or type 1 gets fewer than two elements.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.fft.idct.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.idct(ivy.dct(np.asarray([1.0, 2.0]))).round(6).tolist()
        [1.0, 2.0]
    """
    other: Any = {"backward": "forward", "forward": "backward"}.get(norm, norm)
    return dct(x, type=_INVERSE.get(type, type), n=n, axis=axis, norm=other)


def _factors(values: Sequence[complex], like: Any) -> Any:
    dtype = dtype_of(like)
    return F.asarray(
        list(values),
        dtype=("complex128" if dtype == "float64" else "complex64")
        if any(isinstance(v, complex) for v in values)
        else dtype,
    )


def _cosine_sums(x: Any, type: int, n: int) -> Any:
    """The unscaled transforms of the last axis, each by one Fourier transform of twice the length."""
    if type == 1:
        mirrored = F.concat([x, F.flip(F.get_item(x, (..., slice(1, n - 1))), axis=-1)], axis=-1)
        return F.real(F.fft.rfft(mirrored))
    if type == 2:
        spectrum = F.get_item(F.fft.rfft(F.concat([x, F.flip(x, axis=-1)], axis=-1)), (..., slice(0, n)))
        return F.real(F.multiply(spectrum, _turns(n, 0.0, x)))
    if type == 3:
        weighted = F.multiply(x, _factors([1.0] + [2.0] * (n - 1), x))
        spectrum = F.fft.fft(F.multiply(_complex(weighted), _turns(n, 0.0, x)), n=2 * n)
        return F.real(F.get_item(spectrum, (..., slice(0, n))))
    spectrum = F.fft.fft(F.multiply(_complex(x), _turns(n, 0.5, x)), n=2 * n)
    return F.multiply(F.real(F.multiply(F.get_item(spectrum, (..., slice(0, n))), _turns(n, 0.0, x))), 2.0)


def _turns(n: int, shift: float, like: Any) -> Any:
    """exp(-i pi (k + shift) / 2n) for k below n."""
    return _factors([cmath.exp(-0.5j * math.pi * (k + shift) / n) for k in range(n)], like)
