"""`numpy.random`: the distributions of the legacy functions and of `Generator`, drawn by the target's own generator.

The numbers are those of the target, not NumPy's. Functions of the two interfaces share their names; where the meaning
differs the capture says `generator=True`. Definition: https://numpy.org/doc/stable/reference/random/index.html
"""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_numpy.frontend.promotion import array, cast, dtype_arg
from ivy_numpy.frontend.table import numpy


def _shape(size: Any, *parameters: Any) -> tuple[int, ...]:
    if size is not None:
        return (int(size),) if not isinstance(size, (tuple, list)) else tuple(int(n) for n in size)
    arrays = [p for p in parameters if hasattr(p, "shape") and p.shape]
    return tuple(ops.broadcast_arrays(*arrays)[0].shape) if arrays else ()


def _uniform(shape: tuple[int, ...], dtype: Any = "float64") -> Any:
    return ops.random_uniform(shape=shape, dtype=dtype)


def _normal(shape: tuple[int, ...], dtype: Any = "float64") -> Any:
    return ops.random_normal(shape=shape, dtype=dtype)


def _value(x: Any) -> Any:
    return cast(array(x), "float64") if hasattr(x, "shape") or isinstance(x, (list, tuple)) else float(x)


@numpy.function("numpy.random.rand")
def rand(*shape: int, **_: Any) -> Any:
    return _uniform(shape)


@numpy.function("numpy.random.randn")
def randn(*shape: int, **_: Any) -> Any:
    return _normal(shape)


@numpy.function("numpy.random.random", "numpy.random.random_sample", "numpy.random.ranf", "numpy.random.sample")
def random(size: Any = None, dtype: Any = None, **_: Any) -> Any:
    return _uniform(_shape(size), dtype_arg(dtype) or "float64")


@numpy.function()
def standard_normal(size: Any = None, dtype: Any = None, **_: Any) -> Any:
    return _normal(_shape(size), dtype_arg(dtype) or "float64")


@numpy.function()
def normal(loc: Any = 0.0, scale: Any = 1.0, size: Any = None, **_: Any) -> Any:
    loc, scale = _value(loc), _value(scale)
    return ops.add(ops.multiply(_normal(_shape(size, loc, scale)), scale), loc)


@numpy.function()
def lognormal(mean: Any = 0.0, sigma: Any = 1.0, size: Any = None, **_: Any) -> Any:
    return ops.exp(normal(mean, sigma, size))


@numpy.function()
def uniform(low: Any = 0.0, high: Any = 1.0, size: Any = None, **_: Any) -> Any:
    low, high = _value(low), _value(high)
    width = high - low if isinstance(low, float) and isinstance(high, float) else ops.subtract(high, low)
    return ops.add(ops.multiply(_uniform(_shape(size, low, high)), width), low)


@numpy.function("numpy.random.randint", "numpy.random.integers")
def randint(
    low: int, high: int | None = None, size: Any = None, dtype: Any = None, endpoint: bool = False, **_: Any
) -> Any:
    low, high = (0, low) if high is None else (low, high)
    return ops.random_int(int(low), int(high) + bool(endpoint), shape=_shape(size), dtype=dtype_arg(dtype) or "int64")


@numpy.function("numpy.random.exponential")
def exponential(scale: Any = 1.0, size: Any = None, **_: Any) -> Any:
    scale = _value(scale)
    return ops.multiply(ops.exponential(shape=_shape(size, scale), dtype="float64"), scale)


@numpy.function()
def standard_exponential(size: Any = None, **_: Any) -> Any:
    return ops.exponential(shape=_shape(size), dtype="float64")


@numpy.function()
def gumbel(loc: Any = 0.0, scale: Any = 1.0, size: Any = None, **_: Any) -> Any:
    loc, scale = _value(loc), _value(scale)
    noise = ops.random_gumbel(shape=_shape(size, loc, scale), dtype="float64")
    return ops.add(ops.multiply(noise, scale), loc)


def _centred(shape: tuple[int, ...]) -> Any:
    """Return uniform numbers strictly between -1/2 and 1/2."""
    return ops.clip(ops.subtract(_uniform(shape), 0.5), -0.5 + 2.0**-24, 0.5 - 2.0**-24)


@numpy.function()
def laplace(loc: Any = 0.0, scale: Any = 1.0, size: Any = None, **_: Any) -> Any:
    loc, scale = _value(loc), _value(scale)
    u = _centred(_shape(size, loc, scale))
    spread = ops.multiply(ops.sign(u), ops.log1p(ops.multiply(ops.abs(u), -2.0)))
    return (
        ops.subtract(loc, ops.multiply(spread, scale))
        if hasattr(loc, "shape")
        else ops.add(ops.multiply(ops.negative(spread), scale), loc)
    )


@numpy.function()
def logistic(loc: Any = 0.0, scale: Any = 1.0, size: Any = None, **_: Any) -> Any:
    loc, scale = _value(loc), _value(scale)
    u = ops.add(_centred(_shape(size, loc, scale)), 0.5)
    return ops.add(ops.multiply(ops.subtract(ops.log(u), ops.log1p(ops.negative(u))), scale), loc)


@numpy.function()
def standard_cauchy(size: Any = None, **_: Any) -> Any:
    return ops.tan(ops.multiply(_centred(_shape(size)), math.pi))


@numpy.function()
def gamma(shape: Any, scale: Any = 1.0, size: Any = None, **_: Any) -> Any:
    shape, scale = _value(shape), _value(scale)
    return ops.multiply(ops.gamma(shape, shape=_shape(size, shape, scale), dtype="float64"), scale)


@numpy.function()
def standard_gamma(shape: Any, size: Any = None, **_: Any) -> Any:
    return gamma(shape, 1.0, size)


@numpy.function()
def beta(a: Any, b: Any, size: Any = None, **_: Any) -> Any:
    a, b = _value(a), _value(b)
    return ops.beta(a, b, shape=_shape(size, a, b), dtype="float64")


@numpy.function()
def chisquare(df: Any, size: Any = None, **_: Any) -> Any:
    df = _value(df)
    return gamma(df / 2.0 if isinstance(df, float) else ops.divide(df, 2.0), 2.0, size)


@numpy.function()
def poisson(lam: Any = 1.0, size: Any = None, **_: Any) -> Any:
    lam = _value(lam)
    return cast(ops.poisson(lam, shape=_shape(size, lam)), "int64")


@numpy.function()
def binomial(n: int, p: Any, size: Any = None, **_: Any) -> Any:
    p = _value(p)
    shape = _shape(size, p)
    drawn = ops.less(_uniform((int(n), *shape)), p)
    return ops.sum(cast(drawn, "int64"), axis=0)


@numpy.function()
def permutation(x: Any, axis: int = 0, **_: Any) -> Any:
    if isinstance(x, int):
        return cast(ops.permutation(x), "int64")
    return ops.permutation(array(x), axis=axis)


@numpy.function("numpy.random.shuffle", writes=("x",))
def shuffle(x: Any, axis: int = 0, **_: Any) -> Any:
    return None, ops.permutation(x, axis=axis)


@numpy.function()
def choice(a: Any, size: Any = None, replace: bool = True, p: Any = None, axis: int = 0, **_: Any) -> Any:
    pool = ops.arange(a, dtype="int64") if isinstance(a, int) else array(a)
    n = pool.shape[axis]
    shape = _shape(size)
    count = math.prod(shape)
    if p is None:
        index = (
            ops.random_int(0, n, shape=(count,), dtype="int64")
            if replace
            else ops.get_item(cast(ops.permutation(n), "int64"), slice(0, count))
        )
    else:
        index = ops.multinomial(cast(array(p), "float64"), num_samples=count, replacement=replace)
    drawn = ops.take(pool, ops.reshape(index, (-1,)), axis=axis)
    return ops.reshape(drawn, (*pool.shape[:axis], *shape, *pool.shape[axis + 1 :]))


@numpy.function()
def dirichlet(alpha: Any, size: Any = None, **_: Any) -> Any:
    a = cast(array(alpha), "float64")
    drawn = ops.gamma(a, shape=(*_shape(size), *a.shape), dtype="float64")
    return ops.divide(drawn, ops.sum(drawn, axis=-1, keepdims=True))


@numpy.function()
def multivariate_normal(mean: Any, cov: Any, size: Any = None, **_: Any) -> Any:
    centre, covariance = cast(array(mean), "float64"), cast(array(cov), "float64")
    values, vectors = ops.linalg.eigh(covariance)
    root = ops.multiply(vectors, ops.sqrt(ops.maximum(values, ops.zeros_like(values))))
    noise = _normal((*_shape(size), centre.shape[0]), dtype_of(centre))
    return ops.add(ops.matmul(noise, ops.matrix_transpose(root)), centre)
