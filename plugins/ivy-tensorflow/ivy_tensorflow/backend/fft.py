"""Fourier transforms in TensorFlow, which transforms the last axis and normalises backward."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from ivy.functional._axes import counted
from ivy_tensorflow.backend.support import HALVES


def _wide(x: Any) -> Any:
    return x if x.dtype.is_complex or x.dtype in (tf.float32, tf.float64) else tf.cast(x, tf.float32)


def _complex(x: Any) -> Any:
    x = _wide(x)
    if x.dtype.is_complex:
        return x
    return tf.cast(x, tf.complex128 if x.dtype is tf.float64 else tf.complex64)


def _real(x: Any) -> Any:
    return tf.math.real(x) if x.dtype.is_complex else _wide(x) if x.dtype not in HALVES else tf.cast(x, tf.float32)


def _sized(x: Any, n: int) -> Any:
    """Cut or zero-pad the last axis."""
    size = x.shape[-1]
    if n < size:
        return x[..., :n]
    return x if n == size else tf.pad(x, [(0, 0)] * (x.shape.rank - 1) + [(0, n - size)])


def _scaled(x: Any, n: int, norm: Any, inverse: bool) -> Any:
    """TensorFlow's inverse divides by n, the other transform by nothing."""
    factor = {"backward": 1.0, "ortho": math.sqrt(n), "forward": float(n)}[norm]
    if factor == 1.0:
        return x
    return x * tf.constant(factor if inverse else 1 / factor, x.dtype)


def _last(x: Any, axis: int, fn: Callable[[Any], Any]) -> Any:
    rank = x.shape.rank
    axis = counted(axis, rank)
    if axis == rank - 1:
        return fn(x)
    order = [*(a for a in range(rank) if a != axis), axis]
    return tf.transpose(fn(tf.transpose(x, order)), [order.index(a) for a in range(rank)])


def _along(
    fn: Callable[..., Any], kind: Callable[[Any], Any], *, inverse: bool = False, half: bool = False
) -> Callable[..., Any]:
    """Make a transform along one axis.

    Args:
        fn: called with the sized data and the length of the transform.
        kind: casts to what `fn` takes.
        inverse: whether `fn` divides by the length.
        half: whether the data are half of a spectrum.
    """

    def transformed(x: Any, /, *, n: int | None = None, axis: int = -1, norm: Any = "backward") -> Any:
        x = kind(x)
        size = x.shape[axis]
        length = (2 * (size - 1) if half else size) if n is None else n
        taken = length // 2 + 1 if half else length
        return _last(x, axis, lambda h: _scaled(fn(_sized(h, taken), length), length, norm, inverse))

    return transformed


fft_fft = _along(lambda x, n: tf.signal.fft(x), _complex)
fft_ifft = _along(lambda x, n: tf.signal.ifft(x), _complex, inverse=True)
fft_rfft = _along(lambda x, n: tf.signal.rfft(x, [n]), _real)
fft_irfft = _along(lambda x, n: tf.signal.irfft(x, [n]), _complex, inverse=True, half=True)
# the transforms of what has a real spectrum are those of the conjugate the other way round
fft_hfft = _along(
    lambda x, n: tf.signal.irfft(tf.math.conj(x), [n]) * tf.constant(n, x.dtype.real_dtype), _complex, half=True
)
fft_ihfft = _along(lambda x, n: _divided(tf.math.conj(tf.signal.rfft(x, [n])), n), _real, inverse=True)


def _divided(x: Any, n: int) -> Any:
    return x / tf.constant(n, x.dtype)


def _over(x: Any, s: Any, axes: Any) -> list[tuple[int, int | None]]:
    """The axes and their lengths."""
    if axes is None:
        axes = range(x.shape.rank) if s is None else range(x.shape.rank - len(s), x.shape.rank)
    return list(zip(axes, [None] * len(axes) if s is None else s, strict=True))


def fft_fftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    for axis, n in _over(x, s, axes):
        x = fft_fft(x, n=n, axis=axis, norm=norm)
    return x


def fft_ifftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    for axis, n in _over(x, s, axes):
        x = fft_ifft(x, n=n, axis=axis, norm=norm)
    return x


def fft_rfftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    *others, (axis, n) = _over(x, s, axes)
    x = fft_rfft(x, n=n, axis=axis, norm=norm)
    for axis, n in others:
        x = fft_fft(x, n=n, axis=axis, norm=norm)
    return x


def fft_irfftn(
    x: Any, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Any = "backward"
) -> Any:
    *others, (axis, n) = _over(x, s, axes)
    for other, size in others:
        x = fft_ifft(x, n=size, axis=other, norm=norm)
    return fft_irfft(x, n=n, axis=axis, norm=norm)
