"""Reading and writing parts of arrays in JAX."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from ivy.errors import ArgumentError
from ivy.functional._axes import counted
from ivy.functional._key_parts import truths_as_axes, with_axis_for_ellipsis
from ivy_jax.backend.support import align, from_foreign

_BASIC = (int, slice, type(None), type(Ellipsis), jax.Array, np.ndarray, np.generic)


def _key(key: Any) -> Any:
    """Turn lists and other frameworks' arrays within a key into index arrays."""
    if isinstance(key, tuple):
        return tuple(_key(k) for k in key)
    if isinstance(key, _BASIC):
        return key
    if isinstance(key, (list, range)):
        return jnp.asarray(key, None if len(key) else jnp.int32)
    return from_foreign(key)


def _is_plain(part: Any) -> bool:
    return part is None or part is Ellipsis or type(part) in (int, slice)


def _read(x: Any, key: Any) -> tuple[Any, tuple[Any, ...], int | None]:
    """Return `x` with an axis for each truth in the key, the key for it, and the result's axis that is to go again."""
    parts = list(key) if isinstance(key, tuple) else [key]
    split = truths_as_axes(parts)
    if split is not None:
        first, parts = split
        x = x[first]
        parts = [jnp.arange(int(p)) if isinstance(p, bool) or _is_truth(p) else p for p in parts]
    parts, dropped = with_axis_for_ellipsis(parts, x.ndim)
    return x, tuple(parts), dropped


def _is_truth(part: Any) -> bool:
    return hasattr(part, "dtype") and part.dtype.kind == "b" and not part.shape


def get_item(x: Any, key: Any, /) -> Any:
    if all(map(_is_plain, key)) if type(key) is tuple else _is_plain(key):
        return x[key]
    x, key, dropped = _read(x, _key(key))
    return x[key] if dropped is None else jnp.squeeze(x[key], dropped)


def _at(method: str) -> Any:
    def combined(x: Any, key: Any, value: Any, /) -> Any:
        key = _key(key)
        value = jnp.asarray(value)
        value = (value.real if value.dtype.kind == "c" and x.dtype.kind != "c" else value).astype(x.dtype)
        if isinstance(key, jax.core.Tracer) and key.dtype == bool and value.ndim == 0:
            # under jit a mask can't select, but it can choose
            changed = getattr(x.at[...], method)(value)
            return jnp.where(key.reshape(key.shape + (1,) * (x.ndim - key.ndim)), changed, x)
        wide, key, dropped = _read(x, key)
        if dropped is not None:
            after = wide[key].ndim - 1 - dropped
            value = jnp.expand_dims(value, value.ndim - after) if value.ndim > after else value
        return getattr(wide.at[key], method)(value).reshape(x.shape)

    return combined


set_item = _at("set")
add_at = _at("add")
mul_at = _at("multiply")
min_at = _at("min")
max_at = _at("max")

take = jnp.take


def take_along_axis(x: Any, indices: Any, /, *, axis: int = -1) -> Any:
    return jnp.take_along_axis(x, indices, axis)


_MODES = {"set": set_item, "add": add_at, "mul": mul_at, "min": min_at, "max": max_at}


def put_along_axis(x: Any, indices: Any, values: Any, /, *, axis: int, mode: str = "set") -> Any:
    if mode not in _MODES:
        raise ArgumentError(f"ivy.put_along_axis has no mode {mode!r}", hint="use set, add, mul, min or max")
    axis = counted(axis, x.ndim)
    shape = [b if i == axis else max(a, b) for i, (a, b) in enumerate(zip(x.shape, indices.shape, strict=True))]
    grid = [jnp.arange(n).reshape([-1 if i == j else 1 for j in range(x.ndim)]) for i, n in enumerate(x.shape)]
    grid[axis] = jnp.broadcast_to(indices, shape)
    return _MODES[mode](x, tuple(grid), values)


def dynamic_slice(x: Any, start_indices: Any, sizes: Any, /) -> Any:
    return lax.dynamic_slice(x, _alike(start_indices), sizes)


def dynamic_update_slice(x: Any, update: Any, start_indices: Any, /) -> Any:
    return lax.dynamic_update_slice(x, jnp.asarray(update, x.dtype), _alike(start_indices))


def _alike(starts: Any) -> Any:
    """Give all starts one dtype, as JAX asks for where numbers would get 64 bits."""
    found = {i.dtype for i in starts if hasattr(i, "dtype")}
    if len(found) == 0 or (len(found) == 1 and all(hasattr(i, "dtype") for i in starts)):
        return starts
    return tuple(align(*starts))


nonzero = jnp.nonzero


def where(condition: Any, x1: Any, x2: Any, /) -> Any:
    return jnp.where(condition, *align(x1, x2))
