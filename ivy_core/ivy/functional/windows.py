"""Window functions: weights for the frames of a signal, by their formulas in Python's floats.

Sizes and parameters are plain numbers, so every backend gets the same values. ``periodic=True`` leaves out the last
weight of the symmetric window that is one longer, as torch's and Keras's spectral transforms want it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import ivy.functional as F
from ivy.errors import ArgumentError
from ivy.functional.registry import composite
from ivy.functional.typing import Array, Device, Dtype

__all__ = [
    "bartlett_window",
    "blackman_window",
    "cosine_window",
    "exponential_window",
    "gaussian_window",
    "general_cosine_window",
    "general_hamming_window",
    "hamming_window",
    "hann_window",
    "kaiser_window",
    "nuttall_window",
    "tukey_window",
]


def _window(
    f: Callable[[float], float], size: int, periodic: bool, dtype: Dtype, device: Device, *, ends: bool = True
) -> Array:
    """Sample f at -1 ... 1, or within it at the middles of intervals where the ends are left out."""
    if size < 0:
        raise ArgumentError(f"a window has no fewer than 0 weights, not {size}")
    count = size + 1 if periodic else size
    points = count - 1 if ends else count
    places = [(2.0 * k - (count - 1)) / points if count > 1 else 0.0 for k in range(size)]
    values = [f(t) for t in places] if size > 1 else [1.0] * size
    return F.asarray(values, dtype=dtype or "float32", device=device)


def _cosines(weights: Sequence[float]) -> Callable[[float], float]:
    return lambda t: sum(a * math.cos(math.pi * k * t) for k, a in enumerate(weights))


def _i0(x: float) -> float:
    """The modified Bessel function of order 0 by its power series."""
    term = found = 1.0
    k = 0
    while term > 1e-17 * found:
        k += 1
        term *= (x / (2 * k)) ** 2
        found += term
    return found


@composite
def bartlett_window(size: int, /, *, periodic: bool = True, dtype: Dtype = None, device: Device = None) -> Array:
    """Return the triangle that is 0 at its ends.

    Args:
        size: number of weights.
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.bartlett.html

    Example:
        >>> import ivy
        >>> ivy.bartlett_window(4, periodic=False).shape
        (4,)
    """
    return _window(lambda t: 1.0 - abs(t), size, periodic, dtype, device)


@composite
def blackman_window(size: int, /, *, periodic: bool = True, dtype: Dtype = None, device: Device = None) -> Array:
    """Return the Blackman window, a sum of three cosines.

    Args:
        size: number of weights.
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.blackman.html

    Example:
        >>> import ivy
        >>> ivy.blackman_window(4, periodic=False).shape
        (4,)
    """
    return _window(_cosines((0.42, 0.5, 0.08)), size, periodic, dtype, device)


@composite
def cosine_window(size: int, /, *, periodic: bool = True, dtype: Dtype = None, device: Device = None) -> Array:
    """Return half a period of a sine, without its zeros.

    Args:
        size: number of weights.
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.cosine.html

    Example:
        >>> import ivy
        >>> ivy.cosine_window(4, periodic=False).shape
        (4,)
    """
    return _window(lambda t: math.cos(math.pi / 2.0 * t), size, periodic, dtype, device, ends=False)


@composite
def exponential_window(
    size: int,
    /,
    *,
    center: float | None = None,
    tau: float = 1.0,
    periodic: bool = True,
    dtype: Dtype = None,
    device: Device = None,
) -> Array:
    """Return exp(-abs(k - center) / tau), the middle of the window for `center` by default.

    Args:
        size: number of weights.
        center: where the maximum is; with a symmetric window it must be the middle, None.
        tau: the decay.
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.exponential.html

    Example:
        >>> import ivy
        >>> ivy.exponential_window(4, periodic=False).shape
        (4,)
    """
    half = (size if periodic else size - 1) / 2.0
    middle = half if center is None else center
    return _window(lambda t: math.exp(-abs(t * half + half - middle) / tau), size, periodic, dtype, device)


@composite
def gaussian_window(
    size: int, /, *, std: float = 1.0, periodic: bool = True, dtype: Dtype = None, device: Device = None
) -> Array:
    """Return exp(-(k / std)**2 / 2) around the middle of the window.

    Args:
        size: number of weights.
        std: the standard deviation, in samples.
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.gaussian.html

    Example:
        >>> import ivy
        >>> ivy.gaussian_window(4, periodic=False).shape
        (4,)
    """
    half = (size if periodic else size - 1) / 2.0
    return _window(lambda t: math.exp(-0.5 * (t * half / std) ** 2), size, periodic, dtype, device)


@composite
def general_cosine_window(
    size: int, /, *, weights: Sequence[float], periodic: bool = True, dtype: Dtype = None, device: Device = None
) -> Array:
    """Return a sum of cosines with the given weights and alternating signs.

    Args:
        size: number of weights.
        weights: of the cosines of 0, 1, 2, ... periods.
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.general_cosine.html

    Example:
        >>> import ivy
        >>> ivy.general_cosine_window(4, weights=(0.5, 0.5), periodic=False).shape
        (4,)
    """
    return _window(_cosines(weights), size, periodic, dtype, device)


@composite
def general_hamming_window(
    size: int, /, *, alpha: float = 0.54, periodic: bool = True, dtype: Dtype = None, device: Device = None
) -> Array:
    """Return alpha - (1 - alpha) * cos, which Hann's and Hamming's windows are.

    Args:
        size: number of weights.
        alpha: weight of the constant.
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.general_hamming.html

    Example:
        >>> import ivy
        >>> ivy.general_hamming_window(4, periodic=False).shape
        (4,)
    """
    return _window(_cosines((alpha, 1.0 - alpha)), size, periodic, dtype, device)


@composite
def hamming_window(size: int, /, *, periodic: bool = True, dtype: Dtype = None, device: Device = None) -> Array:
    """Return the Hamming window, 0.54 - 0.46 * cos.

    Args:
        size: number of weights.
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.hamming.html

    Example:
        >>> import ivy
        >>> ivy.hamming_window(4, periodic=False).shape
        (4,)
    """
    return _window(_cosines((0.54, 0.46)), size, periodic, dtype, device)


@composite
def hann_window(size: int, /, *, periodic: bool = True, dtype: Dtype = None, device: Device = None) -> Array:
    """Return the Hann window, 0.5 - 0.5 * cos.

    Args:
        size: number of weights.
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.hann.html

    Example:
        >>> import ivy
        >>> ivy.hann_window(4, periodic=False).shape
        (4,)
    """
    return _window(_cosines((0.5, 0.5)), size, periodic, dtype, device)


@composite
def kaiser_window(
    size: int, /, *, beta: float = 12.0, periodic: bool = True, dtype: Dtype = None, device: Device = None
) -> Array:
    """Return the Kaiser window, by the modified Bessel function of order 0.

    Args:
        size: number of weights.
        beta: the larger, the narrower.
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.kaiser.html

    Example:
        >>> import ivy
        >>> ivy.kaiser_window(4, periodic=False).shape
        (4,)
    """
    peak = _i0(beta)
    return _window(lambda t: _i0(beta * math.sqrt(max(1.0 - t * t, 0.0))) / peak, size, periodic, dtype, device)


@composite
def nuttall_window(size: int, /, *, periodic: bool = True, dtype: Dtype = None, device: Device = None) -> Array:
    """Return Nuttall's sum of four cosines.

    Args:
        size: number of weights.
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.nuttall.html

    Example:
        >>> import ivy
        >>> ivy.nuttall_window(4, periodic=False).shape
        (4,)
    """
    return _window(_cosines((0.3635819, 0.4891775, 0.1365995, 0.0106411)), size, periodic, dtype, device)


@composite
def tukey_window(
    size: int, /, *, alpha: float = 0.5, periodic: bool = True, dtype: Dtype = None, device: Device = None
) -> Array:
    """Return the window with a flat middle and cosine flanks.

    Args:
        size: number of weights.
        alpha: share of the flanks, from 0 (rectangle) to 1 (Hann).
        periodic: whether the window is one period of a periodic function; False: symmetric.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        Array of shape ``(size,)``.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.windows.tukey.html

    Example:
        >>> import ivy
        >>> ivy.tukey_window(4, periodic=False).shape
        (4,)
    """

    def flank(t: float) -> float:
        inside = abs(t) <= 1.0 - alpha
        return 1.0 if inside else 0.5 + 0.5 * math.cos(math.pi * (abs(t) - 1.0 + alpha) / alpha)

    return _window(flank, size, periodic, dtype, device)
