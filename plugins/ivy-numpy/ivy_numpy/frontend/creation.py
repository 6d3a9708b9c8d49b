"""Making arrays (https://numpy.org/doc/stable/reference/routines.array-creation.html)."""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_numpy.frontend.promotion import array as make
from ivy_numpy.frontend.promotion import cast, dtype_arg, floating, promote, result_dtype
from ivy_numpy.frontend.table import numpy

NAMESPACE = "numpy"


def _shape(shape: Any) -> tuple[int, ...]:
    return (int(shape),) if not isinstance(shape, (tuple, list)) else tuple(int(n) for n in shape)


@numpy.function()
def array(object: Any, dtype: Any = None, *, copy: bool = True, ndmin: int = 0, **_: Any) -> Any:
    x = make(object, dtype)
    return ops.reshape(x, (*[1] * (ndmin - len(x.shape)), *x.shape)) if len(x.shape) < ndmin else x


@numpy.view("numpy.asarray", "numpy.asanyarray", maybe=True)
def asarray(a: Any, dtype: Any = None, order: Any = None, **_: Any) -> Any:
    return make(a, dtype)


@numpy.view("numpy.ascontiguousarray", "numpy.asfortranarray", put="reshape", maybe=True)
def ascontiguousarray(a: Any, dtype: Any = None, **_: Any) -> Any:
    x = make(a, dtype)
    return x if x.shape else ops.reshape(x, (1,))


@numpy.function("numpy.zeros", "numpy.empty")
def zeros(shape: Any, dtype: Any = float, order: str = "C", **_: Any) -> Any:
    return ops.zeros(_shape(shape), dtype=dtype_arg(dtype or float))


@numpy.function()
def ones(shape: Any, dtype: Any = float, order: str = "C", **_: Any) -> Any:
    return ops.ones(_shape(shape), dtype=dtype_arg(dtype or float))


@numpy.function()
def full(shape: Any, fill_value: Any, dtype: Any = None, order: str = "C", **_: Any) -> Any:
    value = make(fill_value, dtype)
    if isinstance(fill_value, (bool, int, float, complex)):
        return ops.full(_shape(shape), fill_value, dtype=dtype_of(value))
    return ops.copy(ops.broadcast_to(value, _shape(shape)))


def _like(a: Any, value: Any, dtype: Any, shape: Any) -> Any:
    x = make(a)
    dtype = dtype_arg(dtype) or dtype_of(x)
    return ops.full(tuple(x.shape) if shape is None else _shape(shape), value, dtype=dtype)


@numpy.function("numpy.zeros_like", "numpy.empty_like")
def zeros_like(a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, **_: Any) -> Any:
    return _like(a, 0, dtype, shape)


@numpy.function()
def ones_like(a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, **_: Any) -> Any:
    return _like(a, 1, dtype, shape)


@numpy.function()
def full_like(
    a: Any, fill_value: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, **_: Any
) -> Any:
    if isinstance(fill_value, (bool, int, float, complex)):
        target = dtype_arg(dtype) or dtype_of(make(a))
        if target.is_integer:
            fill_value = int(fill_value.real)
        return _like(a, bool(fill_value) if target == "bool" else fill_value, dtype, shape)
    x = make(a)
    value = cast(make(fill_value), dtype_arg(dtype) or dtype_of(x))
    return ops.copy(ops.broadcast_to(value, tuple(x.shape) if shape is None else _shape(shape)))


@numpy.function()
def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None, **_: Any) -> Any:
    if stop is None:
        start, stop = 0, start
    return ops.arange(
        start,
        stop,
        1 if step is None else step,
        dtype=dtype_arg(dtype) or result_dtype("int64", start, stop, step or 1),
    )


@numpy.function()
def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = float, order: str = "C", **_: Any) -> Any:
    return ops.eye(N, M, k=k, dtype=dtype_arg(dtype))


@numpy.function()
def identity(n: int, dtype: Any = None, **_: Any) -> Any:
    return ops.eye(n, dtype=dtype_arg(dtype or float))


@numpy.function()
def tri(N: int, M: int | None = None, k: int = 0, dtype: Any = float, **_: Any) -> Any:
    return ops.tri(N, M, k=k, dtype=dtype_arg(dtype))


@numpy.function()
def linspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: Any = None,
) -> Any:
    num = int(num)
    parts = num - 1 if endpoint else num
    if isinstance(start, (int, float)) and isinstance(stop, (int, float)):
        made = ops.linspace(float(start), float(stop), num, dtype=dtype_arg("float64"), endpoint=endpoint)
        step: Any = (stop - start) / parts if parts > 0 else float("nan")
    else:
        ends = floating(start, stop, ints="float64")
        a, b = (make(x, result_dtype(*ends)) for x in ends)
        a, b = ops.broadcast_arrays(a, b)
        steps = ops.reshape(ops.arange(num, dtype=dtype_of(a)), (num, *[1] * len(a.shape)))
        width = ops.subtract(b, a)
        step = ops.divide(width, float(parts)) if parts > 0 else ops.full_like(width, float("nan"))
        made = ops.add(a, ops.multiply(steps, step) if parts > 0 else ops.multiply(steps, width))
        if endpoint and num > 1:
            made = ops.concat([ops.get_item(made, slice(0, -1)), ops.expand_dims(b, axis=0)], axis=0)
        made = ops.moveaxis(made, 0, axis) if axis else made
    target = dtype_arg(dtype)
    if target is not None and target.is_integer:
        made = ops.floor(made)
    made = cast(made, target)
    return (made, step) if retstep else made


@numpy.function()
def logspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0, dtype: Any = None, axis: int = 0
) -> Any:
    exponents = linspace(start, stop, num, endpoint, axis=axis)
    return cast(ops.pow(*promote(base if hasattr(base, "dtype") else float(base), exponents)), dtype_arg(dtype))


@numpy.function()
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    v = make(x)
    n = v.shape[0] if N is None else N
    v = cast(v, result_dtype(v, "int64"))
    powers = ops.arange(n, dtype=dtype_of(v) if not dtype_of(v).is_complex else "int64")
    made = ops.pow(ops.expand_dims(v, axis=1), powers if not dtype_of(v).is_complex else cast(powers, dtype_of(v)))
    made = ops.where(ops.equal(powers, 0), ops.ones_like(made), made)
    return made if increasing else ops.flip(made, axis=1)


@numpy.function()
def diag_indices_from(arr: Any) -> Any:
    n = arr.shape[0]
    return (ops.arange(n, dtype="int64"),) * len(arr.shape)


@numpy.function()
def tril_indices_from(arr: Any, k: int = 0) -> Any:
    return _triangle(arr.shape, lambda i, j: j - i <= k)


@numpy.function()
def triu_indices_from(arr: Any, k: int = 0) -> Any:
    return _triangle(arr.shape, lambda i, j: j - i >= k)


def _triangle(shape: Any, inside: Any) -> Any:
    places = [(i, j) for i in range(shape[0]) for j in range(shape[1]) if inside(i, j)]
    return tuple(ops.asarray([p[k] for p in places], dtype="int64") for k in (0, 1))
