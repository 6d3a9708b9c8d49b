"""Elementwise functions: arithmetic and rounding (Array API standard 2025.12 and a few more).

Integers given to a function with a floating-point result are computed in float32 on every backend.
"""

from __future__ import annotations

from ivy.dtypes import dtype_of
from ivy.functional.comparison import (
    equal,
    isfinite,
    isinf,
    isnan,
    less,
    logical_and,
    not_equal,
)
from ivy.functional.indexing import where
from ivy.functional.registry import composite, primitive
from ivy.functional.typing import Array

__all__ = [
    "abs",
    "add",
    "cbrt",
    "ceil",
    "clip",
    "copysign",
    "divide",
    "floor",
    "floor_divide",
    "fmax",
    "fmin",
    "fmod",
    "heaviside",
    "hypot",
    "isclose",
    "lerp",
    "maximum",
    "minimum",
    "multiply",
    "nan_to_num",
    "negative",
    "nextafter",
    "positive",
    "pow",
    "quotient",
    "reciprocal",
    "remainder",
    "round",
    "rsqrt",
    "sign",
    "signbit",
    "sqrt",
    "square",
    "subtract",
    "trunc",
    "trunc_divide",
]

_LARGEST = {
    "float16": 65504.0,
    "bfloat16": float.fromhex("0x1.fep127"),
    "float32": float.fromhex("0x1.fffffep127"),
    "float64": float.fromhex("0x1.fffffffffffffp1023"),
}


@primitive
def abs(x: Array, /) -> Array:
    """Return the magnitude of each element (Array API).

    Args:
        x: array of any shape, numeric.

    Returns:
        Array of the same shape; complex input gives its real dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.abs(np.asarray([-1.5, 2.0], dtype="float32"))
        array([1.5, 2. ], dtype=float32)
    """


@primitive
def negative(x: Array, /) -> Array:
    """Return the negated elements (Array API).

    Args:
        x: array of any shape, numeric.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.negative(np.asarray([1.0, -2.0], dtype="float32"))
        array([-1.,  2.], dtype=float32)
    """


@composite
def positive(x: Array, /) -> Array:
    """Return the elements unchanged (Array API).

    Args:
        x: array of any shape, numeric.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.positive(np.asarray([1.0, -2.0], dtype="float32"))
        array([ 1., -2.], dtype=float32)
    """
    return x


@composite(body="_rounding")
def sign(x: Array, /) -> Array:
    """Return -1, 0 or 1 by the sign of each element, x / abs(x) for complex ones (Array API).

    Args:
        x: array of any shape, numeric.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.sign(np.asarray([-2.0, 0.0, 5.0], dtype="float32"))
        array([-1.,  0.,  1.], dtype=float32)
    """


@composite(body="_bits")
def signbit(x: Array, /) -> Array:
    """Tell which elements have their sign bit set, -0.0 included (Array API).

    Args:
        x: array of any shape, real.

    Returns:
        Boolean array of the same shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.signbit(np.asarray([-0.0, 1.0], dtype="float32"))
        array([ True, False])
    """


@composite
def square(x: Array, /) -> Array:
    """Return the squared elements (Array API).

    Args:
        x: array of any shape, numeric.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.square(np.asarray([2.0, -3.0], dtype="float32"))
        array([4., 9.], dtype=float32)
    """
    return multiply(x, x)


@primitive
def sqrt(x: Array, /) -> Array:
    """Return the square root of each element (Array API).

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.sqrt(np.asarray([4.0, 2.0], dtype="float32"))
        array([2.       , 1.4142135], dtype=float32)
    """


@composite
def rsqrt(x: Array, /) -> Array:
    """Return one over the square root of each element.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: jax.lax.rsqrt, https://docs.jax.dev/en/latest/_autosummary/jax.lax.rsqrt.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.rsqrt(np.asarray([4.0, 16.0], dtype="float32"))
        array([0.5 , 0.25], dtype=float32)
    """
    return divide(1.0, sqrt(x))


@composite
def reciprocal(x: Array, /) -> Array:
    """Return one over each element (Array API).

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.reciprocal(np.asarray([4.0, -0.5], dtype="float32"))
        array([ 0.25, -2.  ], dtype=float32)
    """
    return divide(1.0, x)


@composite(body="_powers")
def cbrt(x: Array, /) -> Array:
    """Return the real cube root of each element.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: numpy.cbrt, https://numpy.org/doc/stable/reference/generated/numpy.cbrt.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.cbrt(np.asarray([8.0, -27.0], dtype="float32"))
        array([ 2., -3.], dtype=float32)
    """


@primitive
def add(x1: Array | float, x2: Array | float, /) -> Array:
    """Add elementwise (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.add(np.asarray([7.0, -7.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([ 9., -5.], dtype=float32)
    """


@primitive
def subtract(x1: Array | float, x2: Array | float, /) -> Array:
    """Subtract elementwise (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.subtract(np.asarray([7.0, -7.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([ 5., -9.], dtype=float32)
    """


@primitive
def multiply(x1: Array | float, x2: Array | float, /) -> Array:
    """Multiply elementwise (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.multiply(np.asarray([7.0, -7.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([ 14., -14.], dtype=float32)
    """


@primitive
def divide(x1: Array | float, x2: Array | float, /) -> Array:
    """Divide elementwise, true division (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.divide(np.asarray([7.0, -7.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([ 3.5, -3.5], dtype=float32)
    """


@primitive
def floor_divide(x1: Array | float, x2: Array | float, /) -> Array:
    """Divide and round towards minus infinity (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype; an integer divided by 0 is undefined. Infinities divide as
        in `divide`; see `quotient` for Python's ``//``.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.floor_divide(np.asarray([7.0, -7.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([ 3., -4.], dtype=float32)
    """


@composite
def quotient(x1: Array | float, x2: Array | float, /) -> Array:
    """Divide and round down as Python's ``//`` does: ``x1 = quotient * x2 + remainder``.

    It differs from `floor_divide` where an operand is infinite: an infinite `x1` gives NaN, and an infinite `x2` of the
    other sign gives -1.

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype; an integer divided by 0 is undefined.

    Definition: numpy.floor_divide, https://numpy.org/doc/stable/reference/generated/numpy.floor_divide.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.quotient(np.asarray([7.0, -7.0]), np.asarray([np.inf, np.inf]))
        array([ 0., -1.])
    """
    found = floor_divide(x1, x2)
    if not dtype_of(found).is_float:
        return found
    from ivy.functional.creation import full_like

    a, b = (x if hasattr(x, "dtype") else full_like(found, x) for x in (x1, x2))
    below = logical_and(logical_and(isinf(b), isfinite(a)), less(multiply(sign(a), sign(b)), 0))
    return where(logical_and(isinf(a), not_equal(b, 0)), float("nan"), where(below, -1.0, found))


@primitive
def remainder(x1: Array | float, x2: Array | float, /) -> Array:
    """Return the remainder of `floor_divide`, which has the sign of the divisor (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.remainder(np.asarray([7.0, -7.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([1., 1.], dtype=float32)
    """


@composite(body="_pairs")
def fmod(x1: Array | float, x2: Array | float, /) -> Array:
    """Return the remainder of `trunc_divide`, which has the sign of the dividend (C's fmod).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Definition: numpy.fmod, https://numpy.org/doc/stable/reference/generated/numpy.fmod.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fmod(np.asarray([7.0, -7.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([ 1., -1.], dtype=float32)
    """


@composite(body="_pairs")
def trunc_divide(x1: Array | float, x2: Array | float, /) -> Array:
    """Divide and round towards zero (C's integer division).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Definition: torch.div, https://docs.pytorch.org/docs/stable/generated/torch.div.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.trunc_divide(np.asarray([7.0, -7.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([ 3., -3.], dtype=float32)
    """


@primitive
def pow(x1: Array | float, x2: Array | float, /) -> Array:
    """Raise `x1` to the power of `x2` elementwise (Array API).

    An integer to a negative power is 0, but for 1 and -1, whose powers are 1 and -1.

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.pow(np.asarray([7.0, -7.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([49., 49.], dtype=float32)
    """


@primitive
def maximum(x1: Array | float, x2: Array | float, /) -> Array:
    """Return the larger of two elements; NaN if either is NaN (Array API).

    Args:
        x1: array or scalar, real.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.maximum(np.asarray([1.0, 5.0], dtype="float32"), np.asarray([3.0, 2.0], dtype="float32"))
        array([3., 5.], dtype=float32)
    """


@composite(body="_rounding")
def minimum(x1: Array | float, x2: Array | float, /) -> Array:
    """Return the smaller of two elements; NaN if either is NaN (Array API).

    Args:
        x1: array or scalar, real.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.minimum(np.asarray([1.0, 5.0], dtype="float32"), np.asarray([3.0, 2.0], dtype="float32"))
        array([1., 2.], dtype=float32)
    """


@composite(body="_pairs")
def fmax(x1: Array | float, x2: Array | float, /) -> Array:
    """Return the larger of two elements, ignoring NaN where it can (IEEE maximumNumber).

    Args:
        x1: array or scalar, real.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Definition: numpy.fmax, https://numpy.org/doc/stable/reference/generated/numpy.fmax.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fmax(np.asarray([1.0, np.nan], dtype="float32"), np.asarray([3.0, 2.0], dtype="float32"))
        array([3., 2.], dtype=float32)
    """


@composite(body="_pairs")
def fmin(x1: Array | float, x2: Array | float, /) -> Array:
    """Return the smaller of two elements, ignoring NaN where it can (IEEE minimumNumber).

    Args:
        x1: array or scalar, real.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Definition: numpy.fmin, https://numpy.org/doc/stable/reference/generated/numpy.fmin.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.fmin(np.asarray([1.0, np.nan], dtype="float32"), np.asarray([3.0, 2.0], dtype="float32"))
        array([1., 2.], dtype=float32)
    """


@composite
def clip(x: Array, /, min: Array | float | None = None, max: Array | float | None = None) -> Array:
    """Limit each element to the range from `min` to `max` (Array API).

    Args:
        x: array of any shape, real.
        min: lower bound that broadcasts against `x`, or None for no bound.
        max: upper bound, likewise; it wins where it is below `min`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.clip(np.asarray([-1.0, 0.5, 3.0], dtype="float32"), 0.0, 1.0)
        array([0. , 0.5, 1. ], dtype=float32)
    """
    if min is not None:
        x = maximum(x, min)
    return x if max is None else minimum(x, max)


@composite(body="_pairs")
def lerp(start: Array | float, end: Array | float, weight: Array | float, /) -> Array:
    """Interpolate linearly: start + weight * (end - start).

    Args:
        start: array or scalar, floating point.
        end: array or scalar that broadcasts against `start`.
        weight: array or scalar, 0 gives `start` and 1 gives `end`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Definition: torch.lerp, https://docs.pytorch.org/docs/stable/generated/torch.lerp.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.lerp(np.asarray([0.0, 10.0], dtype="float32"), 20.0, 0.25)
        array([ 5. , 12.5], dtype=float32)
    """


@composite(body="_pairs")
def hypot(x1: Array | float, x2: Array | float, /) -> Array:
    """Return sqrt(x1**2 + x2**2) without needless overflow (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.hypot(np.asarray([3.0, 5.0], dtype="float32"), np.asarray([4.0, 12.0], dtype="float32"))
        array([ 5., 13.], dtype=float32)
    """


@composite(body="_pairs")
def copysign(x1: Array | float, x2: Array | float, /) -> Array:
    """Return the magnitude of `x1` with the sign of `x2` (Array API).

    Args:
        x1: array or scalar, real floating point.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.copysign(np.asarray([1.0, -2.0], dtype="float32"), np.asarray([-0.0, 3.0], dtype="float32"))
        array([-1.,  2.], dtype=float32)
    """


@composite(body="_bits")
def nextafter(x1: Array | float, x2: Array | float, /) -> Array:
    """Return the next representable number after `x1` towards `x2` (Array API).

    Args:
        x1: array or scalar, real floating point.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.nextafter(np.asarray([1.0], dtype="float32"), np.asarray([2.0], dtype="float32"))
        array([1.0000001], dtype=float32)
    """


@composite(body="_pairs")
def heaviside(x1: Array | float, x2: Array | float, /) -> Array:
    """Return 0 below zero, 1 above and `x2` at zero (numpy.heaviside).

    Args:
        x1: array or scalar, real.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Definition: numpy.heaviside, https://numpy.org/doc/stable/reference/generated/numpy.heaviside.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.heaviside(np.asarray([-1.0, 0.0, 2.0], dtype="float32"), np.asarray([0.5, 0.5, 0.5], dtype="float32"))
        array([0. , 0.5, 1. ], dtype=float32)
    """


@composite
def nan_to_num(x: Array, /, *, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Array:
    """Replace NaN and the infinities by numbers (numpy.nan_to_num).

    Args:
        x: array of any shape, real.
        nan: replaces NaN.
        posinf: replaces infinity; None: the dtype's largest number.
        neginf: replaces minus infinity; None: the dtype's lowest number.

    Returns:
        Array of the same shape and dtype.

    Definition: numpy.nan_to_num, https://numpy.org/doc/stable/reference/generated/numpy.nan_to_num.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.nan_to_num(np.asarray([np.nan, np.inf, 1.0], dtype="float32"), posinf=9.0)
        array([0., 9., 1.], dtype=float32)
    """
    if not dtype_of(x).is_float:
        return x
    largest = _LARGEST[str(dtype_of(x))]
    x = where(isnan(x), nan, x)
    x = where(equal(x, float("inf")), largest if posinf is None else posinf, x)
    return where(equal(x, -float("inf")), -largest if neginf is None else neginf, x)


# Rounding


@composite(body="_rounding")
def ceil(x: Array, /) -> Array:
    """Round each element up (Array API).

    Args:
        x: array of any shape, real; integers are returned as they are.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.ceil(np.asarray([1.2, -1.2], dtype="float32"))
        array([ 2., -1.], dtype=float32)
    """


@primitive
def floor(x: Array, /) -> Array:
    """Round each element down (Array API).

    Args:
        x: array of any shape, real; integers are returned as they are.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.floor(np.asarray([1.2, -1.2], dtype="float32"))
        array([ 1., -2.], dtype=float32)
    """


@composite(body="_rounding")
def trunc(x: Array, /) -> Array:
    """Round each element towards zero (Array API).

    Args:
        x: array of any shape, real; integers are returned as they are.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.trunc(np.asarray([1.7, -1.7], dtype="float32"))
        array([ 1., -1.], dtype=float32)
    """


@composite(body="_rounding")
def round(x: Array, /, *, decimals: int = 0) -> Array:
    """Round each element to the nearest number, halves to even (Array API).

    Args:
        x: array of any shape, numeric.
        decimals: digits to keep after the point; negative ones round before it, integers too.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.round(np.asarray([0.5, 1.5, 2.6], dtype="float32"))
        array([0., 2., 3.], dtype=float32)
    """


@composite(body="_pairs")
def isclose(
    x1: Array | float, x2: Array | float, /, *, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Array:
    """Tell where abs(x1 - x2) <= atol + rtol * abs(x2) (numpy.isclose).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`; the reference.
        rtol: relative tolerance.
        atol: absolute tolerance.
        equal_nan: whether NaN is close to NaN.

    Returns:
        Boolean array of the broadcast shape.

    Definition: numpy.isclose, https://numpy.org/doc/stable/reference/generated/numpy.isclose.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.isclose(np.asarray([1.0, 2.0]), np.asarray([1.0 + 1e-9, 2.1]))
        array([ True, False])
    """
