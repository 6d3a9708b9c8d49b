"""Special functions of probability: the gamma family, the normal distribution, entropies."""

from __future__ import annotations

import math

import ivy.functional as F
from ivy.functional import _bessel, _gamma
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "betaln",
    "entr",
    "erfcx",
    "log1mexp",
    "log_ndtr",
    "multigammaln",
    "ndtr",
    "ndtri",
    "rel_entr",
    "tgamma",
    "xlog1py",
]


@composite
def tgamma(x: Array, /) -> Array:
    """Return the gamma function; `gamma` draws random numbers.

    Args:
        x: real array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/5.2

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.tgamma(np.asarray(4.5))), 5)
        11.63173
    """
    return _gamma.tgamma(x)


@composite
def betaln(a: Array | float, b: Array | float, /) -> Array:
    """Return the logarithm of the beta function.

    Args:
        a: array or number, real, positive.
        b: array or number that broadcasts against `a`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Definition:
        https://dlmf.nist.gov/5.12

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.betaln(np.asarray(2.0), 3.5)), 5)
        -2.75684
    """
    return _gamma.betaln(a, b)


@composite
def multigammaln(x: Array, /, *, d: int) -> Array:
    """Return the logarithm of the multivariate gamma function.

    Args:
        x: real array of any shape; elements up to ``(d - 1) / 2`` give NaN.
        d: the dimension, 1 or greater.

    Returns:
        Array of the same shape, floating point; integers are computed in float32.

    Definition:
        https://dlmf.nist.gov/35.3

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.multigammaln(np.asarray(4.0), d=2)), 5)
        3.5651
    """
    return _gamma.multigammaln(x, d)


@composite
def erfcx(x: Array, /) -> Array:
    """Return the scaled complementary error function, exp(x**2) * erfc(x).

    Args:
        x: real array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://dlmf.nist.gov/7.2

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.erfcx(np.asarray(3.0))), 5)
        0.179
    """
    return _bessel.erfcx(x)


@composite
def ndtr(x: Array, /) -> Array:
    """Return the cumulative distribution function of the standard normal distribution.

    Args:
        x: real array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.ndtr.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.ndtr(np.asarray(-1.0))), 5)
        0.15866
    """
    return _gamma.ndtr(x)


@composite
def log_ndtr(x: Array, /) -> Array:
    """Return the logarithm of `ndtr`, accurate in the tails.

    Args:
        x: real array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.log_ndtr.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.log_ndtr(np.asarray(-30.0))), 5)
        -454.32124
    """
    return _gamma.log_ndtr(x)


@composite
def ndtri(x: Array, /) -> Array:
    """Return the inverse of `ndtr`, the quantiles of the standard normal distribution.

    Args:
        x: real array of any shape in [0, 1]; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.ndtri.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.ndtri(np.asarray(0.975))), 5)
        1.95996
    """
    return _gamma.ndtri(x)


@composite
def log1mexp(x: Array, /) -> Array:
    """Return log(1 - exp(-x)), accurately.

    Args:
        x: real array of any shape, not negative; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.nn.log1mexp.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.log1mexp(np.asarray(2.0))), 5)
        -0.14541
    """
    return _gamma.log1mexp(x)


@composite
def entr(x: Array, /) -> Array:
    """Return -x * log(x), 0 where x is 0 and -inf where it is negative.

    Args:
        x: real array of any shape; integers are computed in float32.

    Returns:
        Array of the same shape, floating point.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.entr.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.entr(np.asarray(0.5))), 5)
        0.34657
    """
    found = F.negative(F.xlogy(x, F.where(F.greater(x, 0), x, 1)))
    return F.where(F.less(x, 0), -math.inf, F.where(F.isnan(x), x, found))


@composite(body="_pairs")
def rel_entr(x1: Array | float, x2: Array | float, /) -> Array:
    """Return x1 * log(x1 / x2), 0 where x1 is 0 and inf outside of the domain.

    Args:
        x1: array or number, real.
        x2: array or number that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.rel_entr.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.rel_entr(np.asarray(0.5), 0.25)), 5)
        0.34657
    """


@composite(body="_pairs")
def xlog1py(x1: Array | float, x2: Array | float, /) -> Array:
    """Return x1 * log1p(x2), 0 where x1 is 0.

    Args:
        x1: array or number, real.
        x2: array or number that broadcasts against `x1`.

    Returns:
        Array of the broadcast shape, floating point; integers are computed in float32.

    Definition:
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.xlog1py.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.xlog1py(np.asarray(2.0), 0.5)), 5)
        0.81093
    """
