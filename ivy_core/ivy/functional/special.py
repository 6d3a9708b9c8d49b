"""Elementwise functions: special functions, integers and the parts of floats."""

from __future__ import annotations

from ivy.dtypes import dtype_of
from ivy.functional.arithmetic import (
    abs,  # noqa: A004
    clip,
    floor_divide,
    multiply,
    negative,
    subtract,
)
from ivy.functional.comparison import (
    equal,
)
from ivy.functional.indexing import where
from ivy.functional.manipulation import astype
from ivy.functional.registry import composite
from ivy.functional.transcendental import (
    exp,
    log,
    log1p,
)
from ivy.functional.typing import Array

__all__ = [
    "betainc",
    "clz",
    "digamma",
    "erf",
    "erfc",
    "erfinv",
    "frexp",
    "gcd",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "igamma",
    "igammac",
    "lcm",
    "ldexp",
    "lgamma",
    "logit",
    "polygamma",
    "popcount",
    "xlogy",
    "zeta",
]


@composite(body="_error_function")
def erf(x: Array, /) -> Array:
    """Return the error function of each element.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: DLMF 7.2.1, https://dlmf.nist.gov/7.2.E1

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.erf(np.asarray([0.0, 0.5], dtype="float32"))
        array([0.       , 0.5204999], dtype=float32)
    """


@composite(body="_error_function")
def erfc(x: Array, /) -> Array:
    """Return one minus the error function, precise for large elements.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: DLMF 7.2.2, https://dlmf.nist.gov/7.2.E2

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.erfc(np.asarray([0.0, 4.0], dtype="float32"))
        array([1.0000000e+00, 1.5417259e-08], dtype=float32)
    """


@composite(body="_error_function")
def erfinv(x: Array, /) -> Array:
    """Return the inverse error function of each element in [-1, 1].

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: DLMF 7.17, https://dlmf.nist.gov/7.17

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.erfinv(np.asarray([0.0, 0.5], dtype="float32"))
        array([0.        , 0.47693628], dtype=float32)
    """


@composite(body="_stirling")
def lgamma(x: Array, /) -> Array:
    """Return the logarithm of the absolute value of the gamma function.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: DLMF 5.2.1, https://dlmf.nist.gov/5.2.E1

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.lgamma(np.asarray([0.5, 4.0], dtype="float32"))
        array([0.5723649, 1.7917595], dtype=float32)
    """


@composite(body="_stirling")
def digamma(x: Array, /) -> Array:
    """Return the derivative of `lgamma`.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: DLMF 5.2.2, https://dlmf.nist.gov/5.2.E2

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.digamma(np.asarray([0.5, 4.0], dtype="float32"))
        array([-1.96351  ,  1.2561177], dtype=float32)
    """


@composite(body="_stirling")
def polygamma(n: int, x: Array, /) -> Array:
    """Return the n-th derivative of `digamma` (scipy.special.polygamma).

    Args:
        n: which derivative, 0 or greater.
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the shape of `x`, floating point.

    Definition: DLMF 5.15, https://dlmf.nist.gov/5.15

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.polygamma(1, np.asarray([1.0, 2.0], dtype="float32"))
        array([1.644934  , 0.64493406], dtype=float32)
    """


@composite
def i0(x: Array, /) -> Array:
    """Return the modified Bessel function of order 0.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: DLMF 10.25.2, https://dlmf.nist.gov/10.25.E2

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.i0(np.asarray([0.0, 1.0], dtype="float32"))
        array([1.       , 1.2660658], dtype=float32)
    """
    return multiply(i0e(x), exp(abs(x)))


@composite(body="_modified_bessel")
def i0e(x: Array, /) -> Array:
    """Return exp(-abs(x)) times the modified Bessel function of order 0.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: scipy.special.i0e, https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.i0e.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.i0e(np.asarray([0.0, 1.0], dtype="float32"))
        array([1.       , 0.4657596], dtype=float32)
    """


@composite
def i1(x: Array, /) -> Array:
    """Return the modified Bessel function of order 1.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: DLMF 10.25.2, https://dlmf.nist.gov/10.25.E2

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.i1(np.asarray([0.0, 1.0], dtype="float32"))
        array([0.       , 0.5651591], dtype=float32)
    """
    return multiply(i1e(x), exp(abs(x)))


@composite(body="_modified_bessel")
def i1e(x: Array, /) -> Array:
    """Return exp(-abs(x)) times the modified Bessel function of order 1.

    Args:
        x: array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition: scipy.special.i1e, https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.i1e.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.i1e(np.asarray([0.0, 1.0], dtype="float32"))
        array([0.        , 0.20791042], dtype=float32)
    """


@composite(body="_incomplete_gamma")
def igamma(a: Array | float, x: Array | float, /) -> Array:
    """Return the regularised lower incomplete gamma function P(a, x).

    Args:
        a: array or scalar, real floating point.
        x: array or scalar that broadcasts against `a`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Definition: DLMF 8.2.4, https://dlmf.nist.gov/8.2.E4

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.igamma(np.asarray([1.0, 2.0], dtype="float32"), np.asarray([1.0, 0.5], dtype="float32"))
        array([0.63212055, 0.09020401], dtype=float32)
    """


@composite(body="_incomplete_gamma")
def igammac(a: Array | float, x: Array | float, /) -> Array:
    """Return the regularised upper incomplete gamma function Q(a, x).

    Args:
        a: array or scalar, real floating point.
        x: array or scalar that broadcasts against `a`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Definition: DLMF 8.2.4, https://dlmf.nist.gov/8.2.E4

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.igammac(np.asarray([1.0, 2.0], dtype="float32"), np.asarray([1.0, 0.5], dtype="float32"))
        array([0.36787945, 0.909796  ], dtype=float32)
    """


@composite
def betainc(a: Array | float, b: Array | float, x: Array | float, /) -> Array:
    """Return the regularised incomplete beta function I_x(a, b).

    Args:
        a: array or scalar, positive.
        b: array or scalar, positive, that broadcasts against `a`.
        x: array or scalar in [0, 1].

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Definition: DLMF 8.17.2, https://dlmf.nist.gov/8.17.E2

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.betainc(np.asarray([2.0], dtype="float32"), 3.0, 0.5)
        array([0.6875], dtype=float32)
    """
    from ivy.functional._series import incomplete_beta

    return incomplete_beta(a, b, x)


@composite
def zeta(x: Array | float, q: Array | float, /) -> Array:
    """Return the Hurwitz zeta function, the sum of 1 / (k + q)**x (scipy.special.zeta).

    Args:
        x: array or scalar, real floating point.
        q: array or scalar that broadcasts against `x`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Definition: DLMF 25.11.1, https://dlmf.nist.gov/25.11.E1

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.zeta(np.asarray([2.0, 3.0], dtype="float32"), np.asarray([1.0, 1.0], dtype="float32"))
        array([1.644934 , 1.2020569], dtype=float32)
    """
    from ivy.functional._series import hurwitz_zeta

    return hurwitz_zeta(x, q)


@composite(body="_pairs")
def xlogy(x1: Array | float, x2: Array | float, /) -> Array:
    """Return x1 * log(x2), 0 where `x1` is 0 (scipy.special.xlogy).

    Args:
        x1: array or scalar, real floating point.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Definition: scipy.special.xlogy, https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.xlogy.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.xlogy(np.asarray([0.0, 2.0], dtype="float32"), np.asarray([0.0, 3.0], dtype="float32"))
        array([0.       , 2.1972246], dtype=float32)
    """


@composite
def logit(x: Array, /, *, eps: float | None = None) -> Array:
    """Return log(x / (1 - x)), the inverse of the sigmoid.

    Args:
        x: array of any shape; integers are computed in float32.
        eps: limits `x` to [eps, 1 - eps] first; None: no limit.

    Returns:
        Array of the same shape, floating point.

    Definition: scipy.special.logit, https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.logit.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.logit(np.asarray([0.5, 0.9], dtype="float32"))
        array([0.       , 2.1972244], dtype=float32)
    """
    x = x if dtype_of(x).is_inexact else astype(x, "float32")
    if eps is not None:
        x = clip(x, eps, 1.0 - eps)
    return subtract(log(x), log1p(negative(x)))


# Integers and the parts of floats


@composite(body="_bits")
def gcd(x1: Array | float, x2: Array | float, /) -> Array:
    """Return the greatest common divisor, not negative.

    Args:
        x1: array or scalar, integer.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Definition: numpy.gcd, https://numpy.org/doc/stable/reference/generated/numpy.gcd.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.gcd(np.asarray([12, 7], dtype="int32"), np.asarray([18, 5], dtype="int32"))
        array([6, 1], dtype=int32)
    """


@composite
def lcm(x1: Array | float, x2: Array | float, /) -> Array:
    """Return the least common multiple, not negative.

    Args:
        x1: array or scalar, integer.
        x2: array or scalar that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Definition: numpy.lcm, https://numpy.org/doc/stable/reference/generated/numpy.lcm.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.lcm(np.asarray([4, 6], dtype="int32"), np.asarray([6, 9], dtype="int32"))
        array([12, 18], dtype=int32)
    """
    divisor = gcd(x1, x2)
    return abs(multiply(floor_divide(x1, where(equal(divisor, 0), 1, divisor)), x2))


@composite(body="_bits")
def popcount(x: Array, /) -> Array:
    """Count the bits that are set; negative numbers in two's complement.

    Args:
        x: array of any shape, integer.

    Returns:
        Array of the same shape and dtype.

    Definition: jax.lax.population_count, https://docs.jax.dev/en/latest/_autosummary/jax.lax.population_count.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.popcount(np.asarray([7, 8, -1], dtype="int32"))
        array([ 3,  1, 32], dtype=int32)
    """


@composite(body="_bits")
def clz(x: Array, /) -> Array:
    """Count the leading bits that are 0, the dtype's width for 0 (jax.lax.clz).

    Args:
        x: array of any shape, integer.

    Returns:
        Array of the same shape and dtype.

    Definition: jax.lax.clz, https://docs.jax.dev/en/latest/_autosummary/jax.lax.clz.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.clz(np.asarray([1, 0, -1], dtype="int32"))
        array([31, 32,  0], dtype=int32)
    """


@composite(body="_bits")
def frexp(x: Array, /) -> tuple[Array, Array]:  # type: ignore[empty-body]
    """Split each element into mantissa and exponent, x = mantissa * 2**exponent (C's frexp).

    Args:
        x: array of any shape, real floating point.

    Returns:
        The mantissa, in [0.5, 1) or 0 in magnitude, and the exponent as int32.

    Definition: numpy.frexp, https://numpy.org/doc/stable/reference/generated/numpy.frexp.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.frexp(np.asarray([8.0, -0.75], dtype="float32"))
        (array([ 0.5 , -0.75], dtype=float32), array([4, 0], dtype=int32))
    """


@composite(body="_pairs")
def ldexp(x1: Array | float, x2: Array | float, /) -> Array:
    """Return x1 * 2**x2 (C's ldexp).

    Args:
        x1: array or scalar, floating point.
        x2: array or scalar, integer, that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape and the dtype of `x1`.

    Definition: numpy.ldexp, https://numpy.org/doc/stable/reference/generated/numpy.ldexp.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.ldexp(np.asarray([0.5, 3.0], dtype="float32"), np.asarray([4, 1]))
        array([8., 6.], dtype=float32)
    """
