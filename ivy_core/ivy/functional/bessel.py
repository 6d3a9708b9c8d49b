"""Bessel and Airy functions; `i0`, `i1` and their scaled forms are in the chapter `special`."""

from __future__ import annotations

import math

import ivy.functional as F
from ivy.functional import _bessel
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "airy_ai",
    "bessel_j0",
    "bessel_j1",
    "bessel_y0",
    "bessel_y1",
    "k0",
    "k0e",
    "k1",
    "k1e",
    "spherical_bessel_j0",
]


@composite
def bessel_j0(x: Array, /) -> Array:
    """Return the Bessel function of the first kind of order 0.

    Args:
        x: real array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/10.2

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.bessel_j0(np.asarray(1.0))), 5)
        0.7652
    """
    return _bessel.bessel_j(0)(x)


@composite
def bessel_j1(x: Array, /) -> Array:
    """Return the Bessel function of the first kind of order 1.

    Args:
        x: real array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/10.2

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.bessel_j1(np.asarray(1.0))), 5)
        0.44005
    """
    return _bessel.bessel_j(1)(x)


@composite
def bessel_y0(x: Array, /) -> Array:
    """Return the Bessel function of the second kind of order 0.

    Args:
        x: real array of any shape; negative elements give NaN; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/10.8

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.bessel_y0(np.asarray(1.0))), 5)
        0.08826
    """
    return _bessel.bessel_y(0)(x)


@composite
def bessel_y1(x: Array, /) -> Array:
    """Return the Bessel function of the second kind of order 1.

    Args:
        x: real array of any shape; negative elements give NaN; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/10.8

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.bessel_y1(np.asarray(1.0))), 5)
        -0.78121
    """
    return _bessel.bessel_y(1)(x)


@composite
def k0(x: Array, /) -> Array:
    """Return the modified Bessel function of the second kind of order 0.

    Args:
        x: real array of any shape; negative elements give NaN; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/10.25

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.k0(np.asarray(1.0))), 5)
        0.42102
    """
    return _bessel.modified_k(0, False)(x)


@composite
def k0e(x: Array, /) -> Array:
    """Return exp(x) times the modified Bessel function of the second kind of order 0.

    Args:
        x: real array of any shape; negative elements give NaN; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/10.25

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.k0e(np.asarray(1.0))), 5)
        1.14446
    """
    return _bessel.modified_k(0, True)(x)


@composite
def k1(x: Array, /) -> Array:
    """Return the modified Bessel function of the second kind of order 1.

    Args:
        x: real array of any shape; negative elements give NaN; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/10.25

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.k1(np.asarray(1.0))), 5)
        0.60191
    """
    return _bessel.modified_k(1, False)(x)


@composite
def k1e(x: Array, /) -> Array:
    """Return exp(x) times the modified Bessel function of the second kind of order 1.

    Args:
        x: real array of any shape; negative elements give NaN; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/10.25

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.k1e(np.asarray(1.0))), 5)
        1.63615
    """
    return _bessel.modified_k(1, True)(x)


@composite
def spherical_bessel_j0(x: Array, /) -> Array:
    """Return the spherical Bessel function of the first kind of order 0, sin(x) / x.

    Args:
        x: real array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/10.49

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.spherical_bessel_j0(np.asarray(1.0))), 5)
        0.84147
    """
    far = F.greater(F.abs(x), 1)
    ends = F.logical_or(F.isinf(x), F.logical_not(far))
    large = F.where(ends, 2, x)
    close = F.sinc(F.multiply(F.where(far, 0, x), 1.0 / math.pi))
    return F.where(F.isinf(x), 0, F.where(ends, close, F.divide(F.sin(large), large)))


@composite
def airy_ai(x: Array, /) -> Array:
    """Return the Airy function Ai.

    Args:
        x: real array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/9.2

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.airy_ai(np.asarray(1.0))), 5)
        0.13529
    """
    return _bessel.airy_ai(x)
