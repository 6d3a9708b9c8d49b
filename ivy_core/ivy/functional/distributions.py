"""Random numbers from more distributions; `random` has the generators, the keys and the first of them.

For a key they are the same on every backend up to the rounding of logarithms, those apart that say otherwise: they use
the backend's own samplers, `gamma` and `poisson`. Without a key they come from the backend's default generator.
"""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy.functional._axes import counted
from ivy.functional._sampling import EPS_NEG, TINY, float_dtype, sized
from ivy.functional.registry import composite
from ivy.functional.typing import Array, Dtype, Shape

__all__ = [
    "binomial",
    "cauchy",
    "chisquare",
    "choice",
    "dirichlet",
    "geometric",
    "laplace",
    "logistic",
    "lognormal",
    "multivariate_normal",
    "negative_binomial",
    "orthogonal",
    "pareto",
    "rademacher",
    "rayleigh",
    "student_t",
    "weibull",
]


def _parameter(x: Any, dtype: Any) -> Any:
    return F.astype(x, dtype) if hasattr(x, "dtype") else F.asarray(x, dtype=dtype)


def _given(shape: Shape | None, dtype: Dtype, *parameters: Any) -> tuple[tuple[int, ...], Any, list[Any]]:
    """The shape and the dtype of the result, and the parameters in that dtype."""
    size, dtype = sized(shape, *parameters), float_dtype(dtype, *parameters)
    return size, dtype, [_parameter(p, dtype) for p in parameters]


def _keys(key: Any) -> tuple[Any, Any]:
    if key is None:
        return None, None
    first, second = F.unstack(F.random_split(key))
    return first, second


def _gamma(alpha: Any, size: tuple[int, ...], dtype: Any, key: Any) -> Any:
    """Draw in float32 for half precision, which not all samplers have."""
    wide = "float64" if dtype == "float64" else "float32"
    return F.astype(F.gamma(F.astype(alpha, wide), shape=size, dtype=wide, key=key), dtype)


def _moved(drawn: Any, loc: Any, scale: Any) -> Any:
    return F.add(F.multiply(drawn, scale), loc)


@composite(random=True)
def binomial(
    n: int,
    p: Array | float,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw the number of successes in `n` trials, by drawing every trial.

    Args:
        n: number of trials; the time and the memory that it takes are in proportion.
        p: probability of success, broadcastable to `shape`.
        shape: of the result; by default that of `p`.
        dtype: of the result; int32 by default.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.binomial.html

    Example:
        >>> import ivy
        >>> ivy.binomial(5, 0.5, shape=(2, 3), key=0).shape
        (2, 3)
    """
    size = sized(shape, p)
    trials = F.bernoulli(p, shape=(n, *size), key=key)
    return F.astype(F.sum(F.astype(trials, "int32"), axis=0), dtype or "int32")


@composite(random=True)
def cauchy(
    loc: Array | float = 0.0,
    scale: Array | float = 1.0,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the Cauchy distribution.

    Args:
        loc: centre, broadcastable to `shape`.
        scale: scale, broadcastable to `shape`.
        shape: of the result; by default that of `loc` and `scale`.
        dtype: floating-point; by default that of a parameter that is an array, else float32.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.cauchy.html

    Example:
        >>> import ivy
        >>> ivy.cauchy(shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype, (loc, scale) = _given(shape, dtype, loc, scale)
    u = F.random_uniform(low=2.0 * EPS_NEG[str(dtype)], shape=size, dtype=dtype, key=key)
    return _moved(F.tan(F.multiply(F.subtract(u, 0.5), math.pi)), loc, scale)


@composite(random=True)
def chisquare(
    df: Array | float, /, *, shape: Shape | None = None, dtype: Dtype = None, key: Array | int | None = None
) -> Array:
    """Draw from the chi-square distribution.

    Args:
        df: degrees of freedom, positive, broadcastable to `shape`.
        shape: of the result; by default that of `df`.
        dtype: floating-point; by default that of a parameter that is an array, else float32.
        key: uint32 array of shape (2,), or a seed; None for the default generator. The numbers
            for a key differ between backends.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.chisquare.html

    Example:
        >>> import ivy
        >>> ivy.chisquare(0.5, shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype, (df,) = _given(shape, dtype, df)
    return F.multiply(_gamma(F.multiply(df, 0.5), size, dtype, key), 2.0)


@composite(random=True)
def choice(
    x: Array | int,
    /,
    *,
    shape: Shape = (),
    replace: bool = True,
    p: Array | None = None,
    axis: int = 0,
    key: Array | int | None = None,
) -> Array:
    """Draw elements of an axis, or integers below a number.

    Args:
        x: array, or a number n for the integers 0 ... n - 1.
        shape: of the draws, which stands in place of `axis` in the result.
        replace: whether an element may come more than once.
        p: probabilities (or weights) along `axis`; by default all the same.
        axis: the axis to draw from.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The elements; int32 for a number.

    Raises:
        ArgumentError: if there are fewer elements than draws without replacement, or none.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.choice.html

    Example:
        >>> import ivy
        >>> sorted(int(i) for i in ivy.choice(3, shape=3, replace=False, key=0))
        [0, 1, 2]
    """
    axis = 0 if isinstance(x, int) else counted(axis, x.ndim)
    count = x if isinstance(x, int) else x.shape[axis]
    size = sized(shape)
    draws = math.prod(size)
    if draws > (count if not replace else draws * count):
        raise ArgumentError(f"can't draw {draws} of {count} elements{'' if replace else ' without replacement'}")
    if p is None:
        if replace:
            found = F.random_int(0, max(count, 1), shape=size, dtype="int32", key=key)
        else:
            found = F.get_item(F.permutation(count, key=key), slice(0, draws))
    else:
        p = p if dtype_of(p).is_float else F.astype(p, "float32")
        if replace:
            ends = F.cumulative_sum(p, axis=0)
            u = F.subtract(1.0, F.random_uniform(shape=size, dtype=dtype_of(p), key=key))
            # u is above 0, so an element of probability 0 is never the first whose sum reaches it
            place = F.reshape(F.multiply(u, F.get_item(ends, -1)), (draws,))
            found = F.minimum(F.searchsorted(ends, place, side="left"), count - 1)
        else:
            possible = F.greater(p, 0)
            weights = F.where(possible, F.log(F.where(possible, p, 1)), -math.inf)
            noise = F.random_gumbel(shape=(count,), dtype=dtype_of(p), key=key)
            order = F.argsort(F.add(noise, weights), descending=True)
            found = F.get_item(order, slice(0, draws))
    found = F.reshape(F.astype(found, "int32"), size)
    if isinstance(x, int):
        return found
    taken = F.take(x, F.reshape(found, (draws,)), axis=axis)
    return F.reshape(taken, (*x.shape[:axis], *size, *x.shape[axis + 1 :]))


@composite(random=True)
def dirichlet(
    alpha: Array, /, *, shape: Shape | None = None, dtype: Dtype = None, key: Array | int | None = None
) -> Array:
    """Draw probabilities that sum to one from the Dirichlet distribution.

    Args:
        alpha: concentrations, positive, of shape ``(..., classes)``.
        shape: of the batch, to which that of `alpha` without its last axis broadcasts, and which is the default.
        dtype: floating-point; by default that of `alpha`.
        key: uint32 array of shape (2,), or a seed; None for the default generator. The numbers for a key differ between
            backends.

    Returns:
        Array of shape ``(*shape, classes)``.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.dirichlet.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.dirichlet(np.ones(3), shape=2, key=0).shape
        (2, 3)
    """
    batch = tuple(alpha.shape[:-1]) if shape is None else sized(shape)
    size, dtype, (alpha,) = _given((*batch, alpha.shape[-1]), dtype, alpha)
    first, second = _keys(key)
    # a draw of gamma(a) is one of gamma(a + 1) times u ** (1 / a), whose logarithm doesn't underflow
    power = F.random_uniform(low=TINY[str(dtype)], shape=size, dtype=dtype, key=second)
    drawn = F.log(_gamma(F.add(alpha, 1.0), size, dtype, first))
    return F.softmax(F.add(drawn, F.divide(F.log(power), alpha)), axis=-1)


@composite(random=True)
def geometric(
    p: Array | float, /, *, shape: Shape | None = None, dtype: Dtype = None, key: Array | int | None = None
) -> Array:
    """Draw the number of trials up to the first success.

    Args:
        p: probability of success, above 0 and up to 1, broadcastable to `shape`.
        shape: of the result; by default that of `p`.
        dtype: of the result; int32 by default.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.geometric.html

    Example:
        >>> import ivy
        >>> ivy.geometric(0.5, shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, p = sized(shape, p), _parameter(p, float_dtype(None, p))
    real = dtype_of(p)
    u = F.random_uniform(low=TINY[str(real)], shape=size, dtype=real, key=key)
    certain = F.equal(p, 1)
    trials = F.ceil(F.divide(F.log(u), F.log1p(F.negative(F.where(certain, 0.5, p)))))
    return F.astype(F.where(certain, 1.0, F.maximum(trials, 1.0)), dtype or "int32")


@composite(random=True)
def laplace(
    loc: Array | float = 0.0,
    scale: Array | float = 1.0,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the Laplace distribution, two exponential ones back to back.

    Args:
        loc: centre, broadcastable to `shape`.
        scale: scale, broadcastable to `shape`.
        shape: of the result; by default that of `loc` and `scale`.
        dtype: floating-point; by default that of a parameter that is an array, else float32.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.laplace.html

    Example:
        >>> import ivy
        >>> ivy.laplace(shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype, (loc, scale) = _given(shape, dtype, loc, scale)
    u = F.random_uniform(low=EPS_NEG[str(dtype)] - 1.0, shape=size, dtype=dtype, key=key)
    return _moved(F.multiply(F.sign(u), F.log1p(F.negative(F.abs(u)))), loc, scale)


@composite(random=True)
def logistic(
    loc: Array | float = 0.0,
    scale: Array | float = 1.0,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the logistic distribution.

    Args:
        loc: centre, broadcastable to `shape`.
        scale: scale, broadcastable to `shape`.
        shape: of the result; by default that of `loc` and `scale`.
        dtype: floating-point; by default that of a parameter that is an array, else float32.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.logistic.html

    Example:
        >>> import ivy
        >>> ivy.logistic(shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype, (loc, scale) = _given(shape, dtype, loc, scale)
    u = F.random_uniform(low=TINY[str(dtype)], shape=size, dtype=dtype, key=key)
    return _moved(F.subtract(F.log(u), F.log1p(F.negative(u))), loc, scale)


@composite(random=True)
def lognormal(
    mean: Array | float = 0.0,
    sigma: Array | float = 1.0,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the distribution whose logarithm is normal.

    Args:
        mean: mean of the logarithm, broadcastable to `shape`.
        sigma: standard deviation of the logarithm, broadcastable to `shape`.
        shape: of the result; by default that of `mean` and `sigma`.
        dtype: floating-point; by default that of a parameter that is an array, else float32.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.lognormal.html

    Example:
        >>> import ivy
        >>> ivy.lognormal(shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype, (mean, sigma) = _given(shape, dtype, mean, sigma)
    return F.exp(_moved(F.random_normal(shape=size, dtype=dtype, key=key), mean, sigma))


@composite(random=True)
def multivariate_normal(
    mean: Array,
    cov: Array,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw vectors from a normal distribution with a covariance.

    Args:
        mean: shape ``(..., width)``.
        cov: shape ``(..., width, width)``, positive definite.
        shape: of the batch, to which those of `mean` and `cov` broadcast, and which is their common one by default.
        dtype: floating-point; by default that of `mean` or `cov`.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        Array of shape ``(*shape, width)``.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.multivariate_normal.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.multivariate_normal(np.zeros(2), np.eye(2), shape=3, key=0).shape
        (3, 2)
    """
    batch = F.broadcast_shapes(tuple(mean.shape[:-1]), tuple(cov.shape[:-2])) if shape is None else sized(shape)
    size, dtype, (mean, cov) = _given((*batch, mean.shape[-1]), dtype, mean, cov)
    normal = F.expand_dims(F.random_normal(shape=size, dtype=dtype, key=key), axis=-1)
    return F.add(F.squeeze(F.matmul(F.linalg.cholesky(cov), normal), axis=-1), mean)


@composite(random=True)
def negative_binomial(
    n: Array | float,
    p: Array | float,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw the number of failures before the n-th success.

    Args:
        n: number of successes, positive, broadcastable to `shape`.
        p: probability of success, above 0 and up to 1, broadcastable to `shape`.
        shape: of the result; by default that of `n` and `p`.
        dtype: of the result; int32 by default.
        key: uint32 array of shape (2,), or a seed; None for the default generator. The numbers
            for a key differ between backends.

    Returns:
        The array.

    Definition:
        https://numpy.org/doc/stable/reference/random/generated/numpy.random.Generator.negative_binomial.html

    Example:
        >>> import ivy
        >>> ivy.negative_binomial(0.5, 0.5, shape=(2, 3), key=0).shape
        (2, 3)
    """
    size = sized(shape, n, p)
    real = float_dtype(None, n, p)
    n, p = _parameter(n, real), _parameter(p, real)
    first, second = _keys(key)
    rate = F.multiply(_gamma(n, size, real, first), F.divide(F.subtract(1.0, p), p))
    return F.astype(F.poisson(rate, shape=size, dtype="int32", key=second), dtype or "int32")


@composite(random=True)
def orthogonal(
    rows: int,
    cols: int | None = None,
    /,
    *,
    shape: Shape = (),
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw matrices whose columns, or rows if they are fewer, are orthonormal, uniformly.

    Args:
        rows: number of rows.
        cols: number of columns; by default that of rows.
        shape: of the batch.
        dtype: floating-point; float32 by default.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        Array of shape ``(*shape, rows, cols)``.

    Definition:
        https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.orthogonal_

    Example:
        >>> import ivy
        >>> ivy.orthogonal(3, 2, key=0).shape
        (3, 2)
    """
    cols = rows if cols is None else cols
    long, short = max(rows, cols), min(rows, cols)
    normal = F.random_normal(shape=(*sized(shape), long, short), dtype=float_dtype(dtype), key=key)
    q, r = F.linalg.qr(normal)
    # uniform only with the factor of positive diagonal (Mezzadri 2007, arXiv:math-ph/0609050)
    signs = F.where(F.less(F.diagonal(r, axis1=-2, axis2=-1), 0), -1.0, 1.0)
    q = F.multiply(q, F.expand_dims(F.astype(signs, dtype_of(q)), axis=-2))
    return q if rows >= cols else F.matrix_transpose(q)


@composite(random=True)
def pareto(
    alpha: Array | float,
    scale: Array | float = 1.0,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the Pareto distribution, of numbers from `scale` on.

    Args:
        alpha: exponent, positive, broadcastable to `shape`.
        scale: least value, positive, broadcastable to `shape`.
        shape: of the result; by default that of `alpha` and `scale`.
        dtype: floating-point; by default that of a parameter that is an array, else float32.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.pareto.html

    Example:
        >>> import ivy
        >>> ivy.pareto(0.5, shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype, (alpha, scale) = _given(shape, dtype, alpha, scale)
    return F.multiply(F.exp(F.divide(F.exponential(shape=size, dtype=dtype, key=key), alpha)), scale)


@composite(random=True)
def rademacher(*, shape: Shape | None = None, dtype: Dtype = None, key: Array | int | None = None) -> Array:
    """Draw 1 or -1 with equal probabilities.

    Args:
        shape: of the result; by default that of a scalar.
        dtype: of the result; int32 by default.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.rademacher.html

    Example:
        >>> import ivy
        >>> ivy.rademacher(shape=(2, 3), key=0).shape
        (2, 3)
    """
    drawn = F.bernoulli(0.5, shape=sized(shape), key=key)
    return F.subtract(F.multiply(F.astype(drawn, dtype or "int32"), 2), 1)


@composite(random=True)
def rayleigh(
    scale: Array | float = 1.0, /, *, shape: Shape | None = None, dtype: Dtype = None, key: Array | int | None = None
) -> Array:
    """Draw from the Rayleigh distribution.

    Args:
        scale: scale, broadcastable to `shape`.
        shape: of the result; by default that of `scale`.
        dtype: floating-point; by default that of a parameter that is an array, else float32.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.rayleigh.html

    Example:
        >>> import ivy
        >>> ivy.rayleigh(shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype, (scale,) = _given(shape, dtype, scale)
    u = F.random_uniform(low=TINY[str(dtype)], shape=size, dtype=dtype, key=key)
    return F.multiply(F.sqrt(F.multiply(F.log(u), -2.0)), scale)


@composite(random=True)
def student_t(
    df: Array | float,
    loc: Array | float = 0.0,
    scale: Array | float = 1.0,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from Student's t distribution.

    Args:
        df: degrees of freedom, positive, broadcastable to `shape`.
        loc: centre, broadcastable to `shape`.
        scale: scale, broadcastable to `shape`.
        shape: of the result; by default that of `df` and `loc` and `scale`.
        dtype: floating-point; by default that of a parameter that is an array, else float32.
        key: uint32 array of shape (2,), or a seed; None for the default generator. The numbers
            for a key differ between backends.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.t.html

    Example:
        >>> import ivy
        >>> ivy.student_t(0.5, shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype, (df, loc, scale) = _given(shape, dtype, df, loc, scale)
    first, second = _keys(key)
    normal = F.random_normal(shape=size, dtype=dtype, key=first)
    half = F.multiply(df, 0.5)
    ratio = F.divide(half, _gamma(half, size, dtype, second))
    return _moved(F.multiply(normal, F.sqrt(ratio)), loc, scale)


@composite(random=True)
def weibull(
    concentration: Array | float,
    scale: Array | float = 1.0,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the Weibull distribution.

    Args:
        concentration: exponent, positive, broadcastable to `shape`.
        scale: scale, broadcastable to `shape`.
        shape: of the result; by default that of `concentration` and `scale`.
        dtype: floating-point; by default that of a parameter that is an array, else float32.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition:
        https://docs.jax.dev/en/latest/_autosummary/jax.random.weibull_min.html

    Example:
        >>> import ivy
        >>> ivy.weibull(0.5, shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype, (concentration, scale) = _given(shape, dtype, concentration, scale)
    drawn = F.exponential(shape=size, dtype=dtype, key=key)
    return F.multiply(F.pow(drawn, F.divide(1.0, concentration)), scale)
