"""Random numbers: shapes, dtypes and distributions are torch's, the numbers come from the target's generator."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of, float32, int64
from ivy_torch.frontend.creation import _ignored
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.promotion import cast, dtype_arg, is_array, shape_of


def _shape(size: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int, ...]:
    given = size or (kwargs.pop("size", ()),)
    _ignored(kwargs)
    return shape_of(given)


@api("rand")
def rand(*size: Any, dtype: Any = None, **kwargs: Any) -> Any:
    return ops.random_uniform(shape=_shape(size, kwargs), dtype=dtype_arg(dtype) or float32)


@api("randn")
def randn(*size: Any, dtype: Any = None, **kwargs: Any) -> Any:
    return _normal(_shape(size, kwargs), dtype_arg(dtype) or float32)


def _normal(shape: tuple[int, ...], dtype: Any) -> Any:
    if not dtype.is_complex:
        return ops.random_normal(shape=shape, dtype=dtype)
    part = "float64" if dtype.bits == 128 else "float32"
    return ops.complex(*(ops.random_normal(std=math.sqrt(0.5), shape=shape, dtype=part) for _ in range(2)))


@api("rand_like")
def rand_like(input: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
    return ops.random_uniform(shape=tuple(input.shape), dtype=dtype_arg(dtype) or dtype_of(input))


@api("randn_like")
def randn_like(input: Any, *, dtype: Any = None, **kwargs: Any) -> Any:
    return _normal(tuple(input.shape), dtype_arg(dtype) or dtype_of(input))


def _integers(low: Any, high: Any, shape: Any, dtype: Any) -> Any:
    if dtype.is_integer:
        return ops.random_int(int(low), int(high), shape=shape, dtype=dtype)
    return cast(ops.random_int(int(low), int(high), shape=shape, dtype=int64), dtype)


@api("randint")
def randint(*args: Any, dtype: Any = None, **kwargs: Any) -> Any:
    args = (*args, *(kwargs.pop(k) for k in ("low", "high", "size") if k in kwargs))
    low, high, size = args if len(args) == 3 else (0, *args)
    _ignored(kwargs)
    return _integers(low, high, shape_of((size,)), dtype_arg(dtype) or int64)


@api("randint_like")
def randint_like(input: Any, low: Any, high: Any = None, *, dtype: Any = None, **kwargs: Any) -> Any:
    low, high = (0, low) if high is None else (low, high)
    return _integers(low, high, tuple(input.shape), dtype_arg(dtype) or dtype_of(input))


@api("randperm")
def randperm(n: int, *, dtype: Any = None, **kwargs: Any) -> Any:
    return cast(ops.permutation(int(n)), dtype_arg(dtype) or int64)


@api("normal")
def normal(mean: Any = 0.0, std: Any = 1.0, size: Any = None, *, dtype: Any = None, **kwargs: Any) -> Any:
    if size is not None:
        shape = shape_of((size,))
    else:
        shape = ops.broadcast_shapes(*(tuple(v.shape) for v in (mean, std) if is_array(v)))
    like = mean if is_array(mean) else std
    wanted = dtype_arg(dtype) or (dtype_of(like) if is_array(like) else float32)
    noise = _normal(shape, wanted)
    return ops.add(ops.multiply(noise, std), mean)


@api("Tensor.normal")
def tensor_normal(input: Any, mean: float = 0, std: float = 1, *, generator: Any = None) -> Any:
    return ops.add(ops.multiply(_normal(tuple(input.shape), dtype_of(input)), std), mean)


@api("Tensor.uniform", "uniform")
def uniform(input: Any, a: float = 0.0, b: float = 1.0, *, generator: Any = None, **kwargs: Any) -> Any:
    low, high = kwargs.get("from", a), kwargs.get("to", b)
    return ops.random_uniform(low=low, high=high, shape=tuple(input.shape), dtype=dtype_of(input))


@api("Tensor.random")
def random(input: Any, a: int = 0, b: int | None = None, *, generator: Any = None, **kwargs: Any) -> Any:
    low, high = kwargs.get("from", a), kwargs.get("to", b)
    if high is None:
        low, high = 0, low or 2 ** min(24, dtype_of(input).bits - 1)
    return _integers(low, high, tuple(input.shape), dtype_of(input))


def _unit(x: Any) -> Any:
    """Return numbers in (0, 1] shaped and typed like `x`."""
    return ops.subtract(1.0, ops.random_uniform(shape=tuple(x.shape), dtype=dtype_of(x)))


@api("Tensor.exponential", "exponential")
def exponential(input: Any, lambd: float = 1.0, *, generator: Any = None) -> Any:
    return ops.divide(ops.negative(ops.log(_unit(input))), lambd)


@api("Tensor.cauchy", "cauchy")
def cauchy(input: Any, median: float = 0.0, sigma: float = 1.0, *, generator: Any = None) -> Any:
    return ops.add(ops.multiply(ops.tan(ops.multiply(ops.subtract(_unit(input), 0.5), math.pi)), sigma), median)


@api("Tensor.geometric", "geometric")
def geometric(input: Any, p: float, *, generator: Any = None) -> Any:
    unit = ops.subtract(1.0, ops.random_uniform(shape=tuple(input.shape), dtype=float32))
    tries = ops.maximum(ops.ceil(ops.divide(ops.log(unit), math.log1p(-p))), 1.0)
    return cast(tries, dtype_of(input))


@api("Tensor.log_normal", "log_normal")
def log_normal(input: Any, mean: float = 1.0, std: float = 2.0, *, generator: Any = None) -> Any:
    return ops.exp(tensor_normal(input, mean, std))


@api("bernoulli")
def bernoulli(input: Any, p: Any = None, *, generator: Any = None) -> Any:
    chance = input if p is None else p
    return ops.bernoulli(chance, shape=tuple(input.shape), dtype=dtype_of(input))


@api("multinomial")
def multinomial(input: Any, num_samples: int, replacement: bool = False, *, generator: Any = None) -> Any:
    return cast(ops.multinomial(input, num_samples=int(num_samples), replacement=bool(replacement)), int64)


@api("poisson")
def poisson(input: Any, generator: Any = None) -> Any:
    return ops.poisson(input, dtype=dtype_of(input))


@api("_standard_gamma")
def standard_gamma(input: Any, generator: Any = None) -> Any:
    return ops.gamma(input)
