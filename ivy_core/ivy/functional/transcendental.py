"""Elementwise functions: exponentials, trigonometry and complex numbers (Array API standard 2025.12 and a few more)."""

from __future__ import annotations

import math

from ivy.dtypes import dtype_of
from ivy.functional._precision import narrow, widen
from ivy.functional.arithmetic import (
    divide,
    multiply,
    negative,
    pow,  # noqa: A004
)
from ivy.functional.comparison import (
    equal,
)
from ivy.functional.indexing import where
from ivy.functional.registry import composite, primitive
from ivy.functional.typing import Array

__all__ = [
    "acos",
    "acosh",
    "angle",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "complex",
    "conj",
    "cos",
    "cosh",
    "deg2rad",
    "exp",
    "exp2",
    "expm1",
    "imag",
    "log",
    "log10",
    "log1p",
    "log2",
    "logaddexp",
    "rad2deg",
    "real",
    "sin",
    "sinc",
    "sinh",
    "tan",
    "tanh",
]


@primitive
def exp(x: Array, /) -> Array:
    """Return e to the power of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.exp(np.asarray([0.0, 1.0], dtype="float32"))
        array([1.      , 2.718282], dtype=float32)
    """


@composite(body="_trigonometry")
def expm1(x: Array, /) -> Array:
    """Return exp(x) - 1, precise near 0, of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.expm1(np.asarray([0.0, 1e-6], dtype="float32"))
        array([0.0000000e+00, 1.0000005e-06], dtype=float32)
    """


@primitive
def log(x: Array, /) -> Array:
    """Return the natural logarithm of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.log(np.asarray([1.0, np.e], dtype="float32"))
        array([0., 1.], dtype=float32)
    """


@composite(body="_trigonometry")
def log1p(x: Array, /) -> Array:
    """Return log(1 + x), precise near 0, of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.log1p(np.asarray([0.0, 1e-6], dtype="float32"))
        array([0.000000e+00, 9.999995e-07], dtype=float32)
    """


@composite
def exp2(x: Array, /) -> Array:
    """Return 2 to the power of each element.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: numpy.exp2, https://numpy.org/doc/stable/reference/generated/numpy.exp2.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.exp2(np.asarray([3.0, -1.0], dtype="float32"))
        array([8. , 0.5], dtype=float32)
    """
    from ivy.functional.manipulation import astype

    if not dtype_of(x).is_inexact:
        x = astype(x, "float32")
    if dtype_of(x).is_complex:
        return exp(multiply(x, math.log(2.0)))
    return narrow(pow(2.0, widen(x)), x)  # the product with log(2) would round the exponent


def _to_base(base: float, x: Array) -> Array:
    factor = math.log(base)
    if dtype_of(x).is_complex:  # part by part, since a complex quotient of infinities is no number
        return complex(divide(real(x), factor), divide(imag(x), factor))
    return divide(x, factor)


@composite
def log2(x: Array, /) -> Array:
    """Return the logarithm to base 2 of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.log2(np.asarray([8.0, 0.5], dtype="float32"))
        array([ 3., -1.], dtype=float32)
    """
    return _to_base(2.0, log(x))


@composite
def log10(x: Array, /) -> Array:
    """Return the logarithm to base 10 of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.log10(np.asarray([100.0, 0.1], dtype="float32"))
        array([ 2., -1.], dtype=float32)
    """
    return _to_base(10.0, log(x))


@composite(body="_pairs")
def logaddexp(x1: Array | float, x2: Array | float, /) -> Array:
    """Return log(exp(x1) + exp(x2)) without overflow (Array API).

    Args:
        x1: array or scalar, real floating point.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.logaddexp(np.asarray([0.0, 1000.0], dtype="float32"), np.asarray([0.0, 1000.0], dtype="float32"))
        array([6.9314718e-01, 1.0006932e+03], dtype=float32)
    """


@primitive
def sin(x: Array, /) -> Array:
    """Return the sine of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.sin(np.asarray([0.0, 1.0], dtype="float32"))
        array([0.      , 0.841471], dtype=float32)
    """


@primitive
def cos(x: Array, /) -> Array:
    """Return the cosine of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.cos(np.asarray([0.0, 1.0], dtype="float32"))
        array([1.       , 0.5403023], dtype=float32)
    """


@composite(body="_trigonometry")
def tan(x: Array, /) -> Array:
    """Return the tangent of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.tan(np.asarray([0.0, 1.0], dtype="float32"))
        array([0.       , 1.5574077], dtype=float32)
    """


@composite(body="_trigonometry")
def asin(x: Array, /) -> Array:
    """Return the inverse sine of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.asin(np.asarray([0.0, 1.0], dtype="float32"))
        array([0.       , 1.5707964], dtype=float32)
    """


@composite(body="_trigonometry")
def acos(x: Array, /) -> Array:
    """Return the inverse cosine of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.acos(np.asarray([0.0, 1.0], dtype="float32"))
        array([1.5707964, 0.       ], dtype=float32)
    """


@composite(body="_trigonometry")
def atan(x: Array, /) -> Array:
    """Return the inverse tangent of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.atan(np.asarray([0.0, 1.0], dtype="float32"))
        array([0.       , 0.7853982], dtype=float32)
    """


@composite(body="_trigonometry")
def sinh(x: Array, /) -> Array:
    """Return the hyperbolic sine of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.sinh(np.asarray([0.0, 1.0], dtype="float32"))
        array([0.       , 1.1752012], dtype=float32)
    """


@composite(body="_trigonometry")
def cosh(x: Array, /) -> Array:
    """Return the hyperbolic cosine of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.cosh(np.asarray([0.0, 1.0], dtype="float32"))
        array([1.       , 1.5430806], dtype=float32)
    """


@composite(body="_trigonometry")
def tanh(x: Array, /) -> Array:
    """Return the hyperbolic tangent of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.tanh(np.asarray([0.0, 1.0], dtype="float32"))
        array([0.       , 0.7615942], dtype=float32)
    """


@composite(body="_trigonometry")
def asinh(x: Array, /) -> Array:
    """Return the inverse hyperbolic sine of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.asinh(np.asarray([0.0, 1.0], dtype="float32"))
        array([0.       , 0.8813736], dtype=float32)
    """


@composite(body="_trigonometry")
def acosh(x: Array, /) -> Array:
    """Return the inverse hyperbolic cosine of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.acosh(np.asarray([1.0, 2.0], dtype="float32"))
        array([0.      , 1.316958], dtype=float32)
    """


@composite(body="_trigonometry")
def atanh(x: Array, /) -> Array:
    """Return the inverse hyperbolic tangent of each element (Array API).

    Args:
        x: array of any shape, real or complex; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.atanh(np.asarray([0.0, 0.5], dtype="float32"))
        array([0.        , 0.54930615], dtype=float32)
    """


@primitive
def atan2(x1: Array | float, x2: Array | float, /) -> Array:
    """Return the angle of the point (x2, x1), from -pi to pi (Array API).

    Args:
        x1: array or scalar, real floating point.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.atan2(np.asarray([1.0, -1.0], dtype="float32"), np.asarray([1.0, -1.0], dtype="float32"))
        array([ 0.7853982, -2.3561945], dtype=float32)
    """


@composite
def sinc(x: Array, /) -> Array:
    """Return sin(pi x) / (pi x), 1 at 0 (numpy.sinc).

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: numpy.sinc, https://numpy.org/doc/stable/reference/generated/numpy.sinc.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.sinc(np.asarray([0.0, 0.5], dtype="float32"))
        array([1.        , 0.63661975], dtype=float32)
    """
    scaled = multiply(x, math.pi)
    zero = equal(scaled, 0)
    safe = where(zero, 1, scaled)  # keeps the gradient free of 0 / 0
    return where(zero, 1, divide(sin(safe), safe))


@composite
def rad2deg(x: Array, /) -> Array:
    """Turn radians into degrees.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: numpy.rad2deg, https://numpy.org/doc/stable/reference/generated/numpy.rad2deg.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.rad2deg(np.asarray([np.pi, 1.0], dtype="float32"))
        array([180.     ,  57.29578], dtype=float32)
    """
    return multiply(x, 180.0 / math.pi)


@composite
def deg2rad(x: Array, /) -> Array:
    """Turn degrees into radians.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: numpy.deg2rad, https://numpy.org/doc/stable/reference/generated/numpy.deg2rad.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.deg2rad(np.asarray([180.0, 1.0], dtype="float32"))
        array([3.1415927 , 0.01745329], dtype=float32)
    """
    return multiply(x, math.pi / 180.0)


# Complex numbers


@primitive
def real(x: Array, /) -> Array:
    """Return the real part of each element (Array API).

    Args:
        x: array of any shape, numeric.

    Returns:
        Array of the same shape and the real dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.real(np.asarray([1 + 2j], dtype="complex64"))
        array([1.], dtype=float32)
    """


@primitive
def imag(x: Array, /) -> Array:
    """Return the imaginary part of each element (Array API).

    Args:
        x: array of any shape; that of a real number is 0.

    Returns:
        Array of the same shape and the real dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.imag(np.asarray([1 + 2j], dtype="complex64"))
        array([2.], dtype=float32)
    """


@composite
def conj(x: Array, /) -> Array:
    """Return the complex conjugate of each element (Array API).

    Args:
        x: array of any shape, numeric.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.conj(np.asarray([1 + 2j], dtype="complex64"))
        array([1.-2.j], dtype=complex64)
    """
    return complex(real(x), negative(imag(x))) if dtype_of(x).is_complex else x


@composite
def angle(x: Array, /) -> Array:
    """Return the argument of each element in radians (numpy.angle).

    Args:
        x: array of any shape; a negative real number has the angle pi.

    Returns:
        Array of the same shape, floating point.

    Definition: numpy.angle, https://numpy.org/doc/stable/reference/generated/numpy.angle.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.angle(np.asarray([1 + 1j, -1], dtype="complex64"))
        array([0.7853982, 3.1415927], dtype=float32)
    """
    return atan2(imag(x), real(x))


@primitive
def complex(re: Array | float, im: Array | float, /) -> Array:
    """Make complex numbers of real and imaginary parts.

    Args:
        re: array or scalar, float32 or float64.
        im: array or scalar that broadcasts against `re`.

    Returns:
        Array of the broadcast shape, complex64 or complex128.

    Definition: torch.complex, https://docs.pytorch.org/docs/stable/generated/torch.complex.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.complex(np.asarray([1.0, 2.0], dtype="float32"), np.asarray([0.0, -1.0], dtype="float32"))
        array([1.+0.j, 2.-1.j], dtype=complex64)
    """
