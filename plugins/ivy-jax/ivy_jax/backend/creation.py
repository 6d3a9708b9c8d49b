"""Making arrays in JAX."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ivy.errors import ArgumentError
from ivy.functional.promotion import common_dtype
from ivy_jax.backend.support import default_dtype, from_foreign, native_device, native_dtype


def _dtype(dtype: Any, otherwise: Any = "float32") -> Any:
    return native_dtype(otherwise if dtype is None else dtype)


def asarray(obj: Any, /, dtype: Any = None, *, device: str | None = None, copy: bool | None = None) -> Any:
    wanted = default_dtype(obj) if dtype is None else native_dtype(dtype)
    if not isinstance(obj, jax.Array) and hasattr(obj, "__dlpack__"):
        obj = from_foreign(obj)
    if copy is False and not (isinstance(obj, jax.Array) and wanted in (None, obj.dtype) and device is None):
        raise ArgumentError("this can't become a JAX array without a copy", hint="leave copy out")
    if isinstance(obj, (bool, int, float, complex)):
        obj = np.asarray(obj, wanted)  # keeps the result from being weakly typed
    return jnp.array(obj, wanted, copy=bool(copy), device=native_device(device))


def full(shape: Any, fill_value: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    wanted = default_dtype(fill_value) if dtype is None else native_dtype(dtype)
    return jnp.full(shape, fill_value, wanted, device=native_device(device))


def arange(
    start: float, /, stop: float | None = None, step: float = 1, *, dtype: Any = None, device: str | None = None
) -> Any:
    if stop is None:
        start, stop = 0, start
    whole = all(isinstance(x, int) for x in (start, stop, step))
    wanted = _dtype(dtype, "int64" if whole else "float32")
    if whole:
        return jnp.arange(start, stop, step, wanted, device=native_device(device))
    # in float64 first: float32 would get some lengths wrong
    return jnp.asarray(np.arange(start, stop, step).astype(wanted), device=native_device(device))


def empty(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return jnp.empty(shape, _dtype(dtype), device=native_device(device))


def zeros(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return jnp.zeros(shape, _dtype(dtype), device=native_device(device))


def ones(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return jnp.ones(shape, _dtype(dtype), device=native_device(device))


def empty_like(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Any:
    return jnp.empty_like(x, _dtype(dtype, x.dtype), device=native_device(device))


def zeros_like(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Any:
    return jnp.zeros_like(x, _dtype(dtype, x.dtype), device=native_device(device))


def ones_like(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Any:
    return jnp.ones_like(x, _dtype(dtype, x.dtype), device=native_device(device))


def full_like(x: Any, /, fill_value: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return jnp.full_like(x, fill_value, _dtype(dtype, x.dtype), device=native_device(device))


def linspace(
    start: Any,
    stop: Any,
    /,
    num: int,
    *,
    dtype: Any = None,
    device: str | None = None,
    endpoint: bool = True,
) -> Any:
    if dtype is None:
        kinds: list[Any] = [getattr(end, "dtype", type(end)) for end in (start, stop)]
        dtype = common_dtype(*kinds, inexact=True)
    return jnp.linspace(start, stop, num, endpoint=endpoint, dtype=native_dtype(dtype), device=native_device(device))


def eye(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: str | None = None) -> Any:
    return jnp.eye(n_rows, n_cols, k, _dtype(dtype), device=native_device(device))


def tri(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: str | None = None) -> Any:
    made = jnp.tri(n_rows, n_cols, k, _dtype(dtype))
    return made if device is None else jax.device_put(made, native_device(device))


def one_hot(indices: Any, depth: int, /, *, axis: int = -1, dtype: Any = None) -> Any:
    return jax.nn.one_hot(indices, depth, axis=axis, dtype=_dtype(dtype))
