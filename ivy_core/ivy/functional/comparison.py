"""Elementwise functions: comparisons, predicates, logic and bits (Array API standard 2025.12)."""

from __future__ import annotations

from ivy.functional.registry import composite, primitive
from ivy.functional.typing import Array

__all__ = [
    "bitwise_and",
    "bitwise_invert",
    "bitwise_left_shift",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "equal",
    "greater",
    "greater_equal",
    "isfinite",
    "isinf",
    "isnan",
    "less",
    "less_equal",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "not_equal",
]


@primitive
def equal(x1: Array | float, x2: Array | float, /) -> Array:
    """Tell where elements are equal (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Boolean array of the broadcast shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.equal(np.asarray([1.0, 2.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([False,  True])
    """


@composite(body="_logic")
def not_equal(x1: Array | float, x2: Array | float, /) -> Array:
    """Tell where elements differ (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Boolean array of the broadcast shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.not_equal(np.asarray([1.0, 2.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([ True, False])
    """


@primitive
def less(x1: Array | float, x2: Array | float, /) -> Array:
    """Tell where `x1` is less than `x2` (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Boolean array of the broadcast shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.less(np.asarray([1.0, 2.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([ True, False])
    """


@composite(body="_logic")
def less_equal(x1: Array | float, x2: Array | float, /) -> Array:
    """Tell where `x1` is at most `x2` (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Boolean array of the broadcast shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.less_equal(np.asarray([1.0, 2.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([ True,  True])
    """


@composite(body="_logic")
def greater(x1: Array | float, x2: Array | float, /) -> Array:
    """Tell where `x1` is greater than `x2` (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Boolean array of the broadcast shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.greater(np.asarray([1.0, 2.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([False, False])
    """


@composite(body="_logic")
def greater_equal(x1: Array | float, x2: Array | float, /) -> Array:
    """Tell where `x1` is at least `x2` (Array API).

    Args:
        x1: array or scalar, numeric.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Boolean array of the broadcast shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.greater_equal(np.asarray([1.0, 2.0], dtype="float32"), np.asarray([2.0, 2.0], dtype="float32"))
        array([False,  True])
    """


@composite(body="_logic")
def isfinite(x: Array, /) -> Array:
    """Tell which elements are neither NaN nor infinite (Array API).

    Args:
        x: array of any shape, numeric.

    Returns:
        Boolean array of the same shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.isfinite(np.asarray([1.0, np.inf, np.nan], dtype="float32"))
        array([ True, False, False])
    """


@composite(body="_logic")
def isinf(x: Array, /) -> Array:
    """Tell which elements are infinite (Array API).

    Args:
        x: array of any shape, numeric.

    Returns:
        Boolean array of the same shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.isinf(np.asarray([1.0, -np.inf, np.nan], dtype="float32"))
        array([False,  True, False])
    """


@composite(body="_logic")
def isnan(x: Array, /) -> Array:
    """Tell which elements are NaN (Array API).

    Args:
        x: array of any shape, numeric.

    Returns:
        Boolean array of the same shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.isnan(np.asarray([1.0, np.inf, np.nan], dtype="float32"))
        array([False, False,  True])
    """


# Logic and bits


@composite(body="_logic")
def logical_and(x1: Array | float, x2: Array | float, /) -> Array:
    """Combine truth values by and (Array API).

    Args:
        x1: array or scalar; elements other than 0 are true.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Boolean array of the broadcast shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.logical_and(np.asarray([True, False], dtype="bool"), np.asarray([True, True], dtype="bool"))
        array([ True, False])
    """


@composite(body="_logic")
def logical_or(x1: Array | float, x2: Array | float, /) -> Array:
    """Combine truth values by or (Array API).

    Args:
        x1: array or scalar; elements other than 0 are true.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Boolean array of the broadcast shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.logical_or(np.asarray([True, False], dtype="bool"), np.asarray([True, True], dtype="bool"))
        array([ True,  True])
    """


@composite(body="_logic")
def logical_xor(x1: Array | float, x2: Array | float, /) -> Array:
    """Combine truth values by exclusive or (Array API).

    Args:
        x1: array or scalar; elements other than 0 are true.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Boolean array of the broadcast shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.logical_xor(np.asarray([True, False], dtype="bool"), np.asarray([True, True], dtype="bool"))
        array([False,  True])
    """


@composite(body="_logic")
def logical_not(x: Array, /) -> Array:
    """Negate truth values (Array API).

    Args:
        x: array of any shape; elements other than 0 are true.

    Returns:
        Boolean array of the same shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.logical_not(np.asarray([True, False], dtype="bool"))
        array([False,  True])
    """


@primitive
def bitwise_and(x1: Array | float, x2: Array | float, /) -> Array:
    """Combine bits by and (Array API).

    Args:
        x1: array or scalar, integer or boolean.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.bitwise_and(np.asarray([6, 3], dtype="int32"), np.asarray([3, 5], dtype="int32"))
        array([2, 1], dtype=int32)
    """


@primitive
def bitwise_or(x1: Array | float, x2: Array | float, /) -> Array:
    """Combine bits by or (Array API).

    Args:
        x1: array or scalar, integer or boolean.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.bitwise_or(np.asarray([6, 3], dtype="int32"), np.asarray([3, 5], dtype="int32"))
        array([7, 7], dtype=int32)
    """


@composite(body="_logic")
def bitwise_xor(x1: Array | float, x2: Array | float, /) -> Array:
    """Combine bits by exclusive or (Array API).

    Args:
        x1: array or scalar, integer or boolean.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.bitwise_xor(np.asarray([6, 3], dtype="int32"), np.asarray([3, 5], dtype="int32"))
        array([5, 6], dtype=int32)
    """


@primitive
def bitwise_invert(x: Array, /) -> Array:
    """Invert every bit (Array API).

    Args:
        x: array of any shape, integer or boolean.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.bitwise_invert(np.asarray([0, 5], dtype="int32"))
        array([-1, -6], dtype=int32)
    """


@primitive
def bitwise_left_shift(x1: Array | float, x2: Array | float, /) -> Array:
    """Shift bits to the left (Array API).

    Args:
        x1: array or scalar, integer.
        x2: how far: array or scalar, not negative, below the width of the dtype.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.bitwise_left_shift(np.asarray([1, 3], dtype="int32"), np.asarray([4, 1], dtype="int32"))
        array([16,  6], dtype=int32)
    """


@primitive
def bitwise_right_shift(x1: Array | float, x2: Array | float, /) -> Array:
    """Shift bits to the right; copies of the sign bit enter signed numbers (Array API).

    Args:
        x1: array or scalar, integer.
        x2: how far: array or scalar, not negative, below the width of the dtype.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.bitwise_right_shift(np.asarray([16, -8], dtype="int32"), np.asarray([2, 1], dtype="int32"))
        array([ 4, -4], dtype=int32)
    """
