"""Random numbers, from the target's own generator."""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy.dtypes import as_dtype, dtype_of, float32, int64
from ivy_paddle.frontend.promotion import cast, integers, known
from ivy_paddle.frontend.table import api, op


@op("uniform")
def uniform_(shape: Any, dtype: Any = None, min: Any = -1.0, max: Any = 1.0, seed: int = 0, **diagonal: Any) -> Any:
    return ops.random_uniform(low=min, high=max, shape=integers(shape), dtype=as_dtype(dtype or float32))


@op("gaussian")
def gaussian(shape: Any, mean: float = 0.0, std: float = 1.0, seed: int = 0, dtype: Any = None) -> Any:
    return ops.random_normal(mean=mean, std=std, shape=integers(shape), dtype=as_dtype(dtype or float32))


@op()
def truncated_gaussian_random(
    shape: Any, mean: float = 0.0, std: float = 1.0, seed: int = 0, a: float = -2.0, b: float = 2.0, dtype: Any = None
) -> Any:
    dtype = as_dtype(dtype or float32)
    drawn = ops.random_truncated_normal(
        lower=(a - mean) / std if (a, b) != (-2.0, 2.0) else a,
        upper=(b - mean) / std if (a, b) != (-2.0, 2.0) else b,
        shape=integers(shape),
        dtype=dtype,
    )
    return ops.add(ops.multiply(drawn, std), mean)


@op("randint")
def randint_(low: Any, high: Any, shape: Any, dtype: Any = None, seed: int = 0) -> Any:
    return ops.random_int(known(low, "bound"), known(high, "bound"), shape=integers(shape), dtype=dtype or int64)


@op("randperm")
def randperm_(n: Any, dtype: Any = None) -> Any:
    return cast(ops.permutation(ops.arange(known(n, "size"))), dtype or int64)


@op("bernoulli", also="bernoulli")
def bernoulli(x: Any, p: Any = None) -> Any:
    return cast(ops.bernoulli(x if p is None else p, shape=tuple(x.shape)), dtype_of(x))


@op("binomial", also="binomial")
def binomial(count: Any, prob: Any) -> Any:
    most = known(ops.max(count), "count")
    draws = ops.random_uniform(shape=(most, *count.shape), dtype=dtype_of(prob))
    trial = ops.reshape(ops.arange(most, dtype="int64"), (-1, *[1] * len(count.shape)))
    hit = ops.logical_and(ops.less(draws, prob), ops.less(trial, count))
    return ops.sum(cast(hit, int64), axis=0)


@op("poisson", also="poisson")
def poisson(x: Any) -> Any:
    return cast(ops.poisson(x, shape=tuple(x.shape)), dtype_of(x))


@op("standard_gamma", also="standard_gamma")
def standard_gamma(x: Any) -> Any:
    return ops.gamma(x, shape=tuple(x.shape))


@op("dirichlet")
def dirichlet(alpha: Any) -> Any:
    drawn = ops.gamma(alpha, shape=tuple(alpha.shape))
    return ops.divide(drawn, ops.sum(drawn, axis=-1, keepdims=True))


@op("multinomial", also="multinomial")
def multinomial(x: Any, num_samples: Any = 1, replacement: bool = False) -> Any:
    return cast(ops.multinomial(x, num_samples=known(num_samples, "number"), replacement=replacement), int64)


@op("exponential")
def exponential(x: Any, lam: float = 1.0) -> Any:
    return ops.divide(ops.exponential(shape=tuple(x.shape), dtype=dtype_of(x)), lam)


@op("uniform_inplace")
def uniform_inplace(x: Any, min: float = -1.0, max: float = 1.0, seed: int = 0, **diagonal: Any) -> Any:
    return ops.random_uniform(low=min, high=max, shape=tuple(x.shape), dtype=dtype_of(x))


@op("gaussian_inplace")
def gaussian_inplace(x: Any, mean: float = 0.0, std: float = 1.0, seed: int = 0) -> Any:
    return ops.random_normal(mean=mean, std=std, shape=tuple(x.shape), dtype=dtype_of(x))


@op("gumbel_softmax")
def gumbel_softmax_(x: Any, temperature: float = 1.0, hard: bool = False, axis: int = -1) -> Any:
    noise = ops.random_gumbel(shape=tuple(x.shape), dtype=dtype_of(x))
    soft = ops.softmax(ops.divide(ops.add(x, noise), temperature), axis=axis)
    if not hard:
        return soft
    axis %= len(x.shape)
    best = ops.one_hot(ops.argmax(soft, axis=axis), soft.shape[axis], axis=axis, dtype=dtype_of(soft))
    return ops.add(ops.subtract(best, ops.stop_gradient(soft)), soft)


@api("F.gumbel_softmax")
def gumbel_softmax(x: Any, temperature: float = 1.0, hard: bool = False, axis: int = -1) -> Any:
    return gumbel_softmax_(x, temperature, hard, axis)


@api("rand")
def rand(shape: Any, dtype: Any = None) -> Any:
    return uniform_(shape, dtype, 0.0, 1.0)


@api("uniform")
def uniform(shape: Any, dtype: Any = None, min: float = -1.0, max: float = 1.0, seed: int = 0) -> Any:
    return uniform_(shape, dtype, min, max)


@api("randn", "standard_normal")
def randn(shape: Any, dtype: Any = None) -> Any:
    return gaussian(shape, 0.0, 1.0, 0, dtype)


@api("normal")
def normal(mean: Any = 0.0, std: Any = 1.0, shape: Any = None) -> Any:
    sizes = integers(shape) if shape is not None else None
    return ops.random_normal(mean=mean, std=std, shape=sizes, dtype=None if sizes is None else float32)


@api("gaussian")
def public_gaussian(shape: Any, mean: float = 0.0, std: float = 1.0, seed: int = 0, dtype: Any = None) -> Any:
    return gaussian(shape, mean, std, seed, dtype)


@api("randint")
def randint(low: int = 0, high: Any = None, shape: Any = (1,), dtype: Any = None) -> Any:
    low, high = (0, low) if high is None else (low, high)
    return randint_(low, high, shape, dtype)


@api("randperm")
def randperm(n: int, dtype: Any = "int64") -> Any:
    return randperm_(n, dtype)
