"""Fourier transforms: the extension ``fft`` of the Array API standard 2025.12."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import ivy.functional as F
from ivy.functional.registry import composite, primitive
from ivy.functional.typing import Array, Device, Dtype

__all__ = [
    "fft",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "ifft",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft",
    "irfftn",
    "rfft",
    "rfftfreq",
    "rfftn",
]

Norm = Literal["backward", "ortho", "forward"]


@primitive(namespace="fft")
def fft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """Transform along one axis (Array API ``fft.fft``).

    Args:
        x: real or complex array.
        n: length to cut or zero-pad the axis to; by default its own.
        axis: the axis.
        norm: ``"backward"``: the inverse divides by n; ``"forward"``: this one does; ``"ortho"``: both by its root.

    Returns:
        Complex array, with n elements along the axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.fft(np.asarray([1.0, 1.0]))
        array([2.+0.j, 0.+0.j])
    """


@composite(body="_fourier", namespace="fft")
def ifft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """Transform back along one axis (Array API ``fft.ifft``).

    Args:
        x: complex array.
        n: length to cut or zero-pad the axis to; by default its own.
        axis: the axis.
        norm: as in `fft`.

    Returns:
        Complex array, with n elements along the axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.ifft(np.asarray([2.0 + 0j, 0.0]))
        array([1.+0.j, 1.+0.j])
    """


@composite(body="_fourier", namespace="fft")
def fftn(
    x: Array, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Norm = "backward"
) -> Array:
    """Transform along several axes (Array API ``fft.fftn``).

    Args:
        x: real or complex array.
        s: lengths to cut or zero-pad the axes to; by default their own.
        axes: the axes; by default the last ``len(s)``, or all.
        norm: as in `fft`.

    Returns:
        Complex array.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.fftn(np.ones((2, 2)))[0, 0]
        np.complex128(4+0j)
    """


@composite(body="_fourier", namespace="fft")
def ifftn(
    x: Array, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Norm = "backward"
) -> Array:
    """Transform back along several axes (Array API ``fft.ifftn``).

    Args:
        x: complex array.
        s: lengths to cut or zero-pad the axes to; by default their own.
        axes: the axes; by default the last ``len(s)``, or all.
        norm: as in `fft`.

    Returns:
        Complex array.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.ifftn(np.ones((2, 2)))[0, 0]
        np.complex128(1+0j)
    """


@composite(body="_fourier", namespace="fft")
def rfft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """Transform a real array along one axis (Array API ``fft.rfft``).

    Args:
        x: real array.
        n: length to cut or zero-pad the axis to; by default its own.
        axis: the axis.
        norm: as in `fft`.

    Returns:
        Complex array, with ``n // 2 + 1`` elements along the axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.rfft(np.ones(4)).shape
        (3,)
    """


@composite(body="_fourier", namespace="fft")
def irfft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """Transform half a spectrum back to a real array (Array API ``fft.irfft``).

    Args:
        x: complex array: the non-negative frequencies.
        n: length of the result along the axis; by default the even one, ``2 * (m - 1)``.
        axis: the axis.
        norm: as in `fft`.

    Returns:
        Real array, with n elements along the axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.irfft(np.asarray([4.0 + 0j, 0.0, 0.0]))
        array([1., 1., 1., 1.])
    """


@composite(body="_fourier", namespace="fft")
def rfftn(
    x: Array, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Norm = "backward"
) -> Array:
    """Transform a real array along several axes (Array API ``fft.rfftn``).

    Args:
        x: real array.
        s: lengths to cut or zero-pad the axes to; by default their own.
        axes: the axes, of which the last is halved; by default the last ``len(s)``, or all.
        norm: as in `fft`.

    Returns:
        Complex array.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.rfftn(np.ones((4, 4))).shape
        (4, 3)
    """


@composite(body="_fourier", namespace="fft")
def irfftn(
    x: Array, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Norm = "backward"
) -> Array:
    """Transform half a spectrum of several axes back to a real array (Array API ``fft.irfftn``).

    Args:
        x: complex array.
        s: lengths of the result along the axes; by default those of an even last one.
        axes: the axes, of which the last is halved in `x`; by default the last ``len(s)``, or all.
        norm: as in `fft`.

    Returns:
        Real array.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.irfftn(np.ones((4, 3))).shape
        (4, 4)
    """


@composite(body="_fourier", namespace="fft")
def hfft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """Transform half of a Hermitian signal to its real spectrum (Array API ``fft.hfft``).

    Args:
        x: complex array.
        n: length of the result along the axis; by default ``2 * (m - 1)``.
        axis: the axis.
        norm: as in `fft`.

    Returns:
        Real array.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.hfft(np.asarray([1.0 + 0j, 0.0, 0.0]))
        array([1., 1., 1., 1.])
    """


@composite(body="_fourier", namespace="fft")
def ihfft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """Transform a real spectrum back to half of a Hermitian signal (Array API ``fft.ihfft``).

    Args:
        x: real array.
        n: length to cut or zero-pad the axis to; by default its own.
        axis: the axis.
        norm: as in `fft`.

    Returns:
        Complex array, with ``n // 2 + 1`` elements along the axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.ihfft(np.ones(4)).shape
        (3,)
    """


def _scaled(values: Any, n: int, d: float, dtype: Dtype) -> Any:
    return F.astype(values, "float32" if dtype is None else dtype) / (n * d)


@composite(namespace="fft")
def fftfreq(n: int, /, *, d: float = 1.0, dtype: Dtype = None, device: Device = None) -> Array:
    """Give the frequencies of the elements of `fft`'s result (Array API ``fft.fftfreq``).

    Args:
        n: length of the transform.
        d: distance of the samples.
        dtype: floating-point; float32 by default.
        device: where to put them.

    Returns:
        Vector of n frequencies, the negative ones last.

    Example:
        >>> import ivy
        >>> [float(f) for f in ivy.fft.fftfreq(4)]
        [0.0, 0.25, -0.5, -0.25]
    """
    half = (n + 1) // 2
    places = F.concat([F.arange(half, device=device), F.arange(half - n, 0, device=device)], axis=0)
    return _scaled(places, n, d, dtype)


@composite(namespace="fft")
def rfftfreq(n: int, /, *, d: float = 1.0, dtype: Dtype = None, device: Device = None) -> Array:
    """Give the frequencies of the elements of `rfft`'s result (Array API ``fft.rfftfreq``).

    Args:
        n: length of the transform.
        d: distance of the samples.
        dtype: floating-point; float32 by default.
        device: where to put them.

    Returns:
        Vector of ``n // 2 + 1`` frequencies.

    Example:
        >>> import ivy
        >>> [float(f) for f in ivy.fft.rfftfreq(4)]
        [0.0, 0.25, 0.5]
    """
    return _scaled(F.arange(n // 2 + 1, device=device), n, d, dtype)


def _shifted(x: Any, axes: int | Sequence[int] | None, sign: int) -> Any:
    chosen = tuple(range(x.ndim)) if axes is None else (axes,) if isinstance(axes, int) else tuple(axes)
    lengths = [x.shape[a] for a in chosen]
    return F.roll(x, tuple(n // 2 if sign > 0 else -(n // 2) for n in lengths), axis=chosen)


@composite(namespace="fft")
def fftshift(x: Array, /, *, axes: int | Sequence[int] | None = None) -> Array:
    """Move the zero frequency to the middle (Array API ``fft.fftshift``).

    Args:
        x: array.
        axes: axis or axes to shift; all by default.

    Returns:
        The shifted array.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.fftshift(np.asarray([0, 1, -2, -1]))
        array([-2, -1,  0,  1])
    """
    return _shifted(x, axes, 1)


@composite(namespace="fft")
def ifftshift(x: Array, /, *, axes: int | Sequence[int] | None = None) -> Array:
    """Undo `fftshift` (Array API ``fft.ifftshift``).

    Args:
        x: array.
        axes: axis or axes to shift; all by default.

    Returns:
        The shifted array.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fft.ifftshift(np.asarray([-2, -1, 0, 1]))
        array([ 0,  1, -2, -1])
    """
    return _shifted(x, axes, -1)
