"""Reading and writing parts of arrays in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.errors import ArgumentError
from ivy.functional._axes import counted
from ivy_numpy.backend.support import align


def _key(key: Any) -> Any:
    """Turn lists within a key into index arrays; an empty list is an integer array, not a float one."""
    if isinstance(key, tuple):
        return tuple(_key(k) for k in key)
    if isinstance(key, list):
        return np.asarray(key, dtype=None if key else np.int64)
    if isinstance(key, (slice, type(None), type(Ellipsis), int, np.ndarray, np.generic)):
        return key
    return np.asarray(key)


def get_item(x: Any, key: Any, /) -> Any:
    return x[_key(key)]


def _value(value: Any, dtype: Any) -> Any:
    value = np.asarray(value)
    return (value.real if value.dtype.kind == "c" and dtype.kind != "c" else value).astype(dtype, copy=False)


def set_item(x: Any, key: Any, value: Any, /) -> Any:
    result = np.array(x)
    result[_key(key)] = _value(value, result.dtype)
    return result


def _at(ufunc: np.ufunc) -> Any:
    def combined(x: Any, key: Any, value: Any, /) -> Any:
        result = np.array(x)
        ufunc.at(result, _key(key), _value(value, result.dtype))
        return result

    return combined


add_at = _at(np.add)
mul_at = _at(np.multiply)
min_at = _at(np.minimum)
max_at = _at(np.maximum)

take = np.take


def take_along_axis(x: Any, indices: Any, /, *, axis: int = -1) -> Any:
    return np.take_along_axis(x, indices, axis)


_MODES = {"add": np.add, "mul": np.multiply, "min": np.minimum, "max": np.maximum}


def put_along_axis(x: Any, indices: Any, values: Any, /, *, axis: int, mode: str = "set") -> Any:
    if mode not in (*_MODES, "set"):
        raise ArgumentError(f"ivy.put_along_axis has no mode {mode!r}", hint="use set, add, mul, min or max")
    axis = counted(axis, x.ndim)
    shape = [max(a, b) if i != axis else b for i, (a, b) in enumerate(zip(x.shape, indices.shape, strict=True))]
    grid = [np.arange(n).reshape([-1 if i == j else 1 for j in range(x.ndim)]) for i, n in enumerate(x.shape)]
    grid[axis] = np.broadcast_to(indices, shape)
    return set_item(x, tuple(grid), values) if mode == "set" else _at(_MODES[mode])(x, tuple(grid), values)


def _starts(x: Any, start_indices: Any, sizes: Any) -> list[int]:
    starts = [int(s) for s in start_indices]
    starts = [s + n if s < 0 else s for s, n in zip(starts, x.shape, strict=True)]
    return [min(max(s, 0), n - size) for s, n, size in zip(starts, x.shape, sizes, strict=True)]


def dynamic_slice(x: Any, start_indices: Any, sizes: Any, /) -> Any:
    starts = _starts(x, start_indices, sizes)
    return x[tuple(slice(s, s + size) for s, size in zip(starts, sizes, strict=True))]


def dynamic_update_slice(x: Any, update: Any, start_indices: Any, /) -> Any:
    starts = _starts(x, start_indices, update.shape)
    return set_item(x, tuple(slice(s, s + n) for s, n in zip(starts, update.shape, strict=True)), update)


nonzero = np.nonzero


def where(condition: Any, x1: Any, x2: Any, /) -> Any:
    return np.where(condition, *align(x1, x2))
