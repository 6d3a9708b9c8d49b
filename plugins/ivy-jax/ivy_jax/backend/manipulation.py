"""Changing the shape, order, dtype and extent of arrays in JAX."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ivy.errors import ShapeError
from ivy_jax.backend.support import align, native_device, native_dtype


def reshape(x: Any, /, shape: Any, *, copy: bool | None = None) -> Any:
    return jnp.reshape(x, shape)  # arrays can't be written to, so sharing memory or not makes no difference


permute_dims = jnp.transpose  # which takes negative axes, as jnp.permute_dims does not
expand_dims = jnp.expand_dims
squeeze = jnp.squeeze
broadcast_to = jnp.broadcast_to


def broadcast_arrays(*arrays: Any) -> tuple[Any, ...]:
    return tuple(jnp.broadcast_arrays(*arrays))


swapaxes = jnp.swapaxes
moveaxis = jnp.moveaxis
matrix_transpose = jnp.matrix_transpose


def concat(arrays: Any, /, *, axis: int | None = 0) -> Any:
    return jnp.concatenate(align(*arrays), axis)


def stack(arrays: Any, /, *, axis: int = 0) -> Any:
    return jnp.stack(align(*arrays), axis)


unstack = jnp.unstack


def split(x: Any, /, indices_or_sections: Any, *, axis: int = 0) -> list[Any]:
    if isinstance(indices_or_sections, int) and x.shape[axis] % indices_or_sections:
        raise ShapeError(
            f"an axis of length {x.shape[axis]} can't be split into {indices_or_sections} equal parts",
            hint="give the positions at which new parts begin",
        )
    return jnp.split(x, indices_or_sections, axis)


flip = jnp.flip
roll = jnp.roll
repeat = jnp.repeat
tile = jnp.tile


def meshgrid(*arrays: Any, indexing: str = "xy") -> tuple[Any, ...]:
    return tuple(jnp.meshgrid(*arrays, indexing=indexing))


tril = jnp.tril
triu = jnp.triu
diagonal = jnp.diagonal


def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: str | None = None) -> Any:
    dtype = native_dtype(dtype)
    if x.dtype.kind == "c" and dtype.kind not in "cb":
        x = x.real  # JAX does the same, with a warning
    result = jnp.asarray(x).astype(dtype)  # arrays can't be written to, so a copy makes no difference
    return result if device is None else jax.device_put(result, native_device(device))


def copy(x: Any, /) -> Any:
    return jnp.copy(x)


def bitcast(x: Any, dtype: Any, /) -> Any:
    return x.view(native_dtype(dtype))
