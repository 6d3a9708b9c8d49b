"""Changing the shape, order, dtype and extent of arrays in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.errors import ShapeError
from ivy.functional._axes import counted
from ivy_numpy.backend.support import align, check_device, native_dtype


def reshape(x: Any, /, shape: Any, *, copy: bool | None = None) -> Any:
    return np.array(x).reshape(shape) if copy else x.reshape(shape)


permute_dims = np.transpose
expand_dims = np.expand_dims
squeeze = np.squeeze
broadcast_to = np.broadcast_to
swapaxes = np.swapaxes
moveaxis = np.moveaxis


def matrix_transpose(x: Any, /) -> Any:
    return np.swapaxes(x, -1, -2)


def broadcast_arrays(*arrays: Any) -> tuple[Any, ...]:
    return tuple(np.broadcast_arrays(*arrays))


def concat(arrays: Any, /, *, axis: int | None = 0) -> Any:
    return np.concatenate(align(*arrays), axis=axis)


def stack(arrays: Any, /, *, axis: int = 0) -> Any:
    return np.stack(align(*arrays), axis=axis)


def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    return tuple(np.moveaxis(x, axis, 0))


def split(x: Any, /, indices_or_sections: Any, *, axis: int = 0) -> list[Any]:
    if isinstance(indices_or_sections, int) and x.shape[axis] % indices_or_sections:
        raise ShapeError(
            f"an axis of length {x.shape[axis]} can't be split into {indices_or_sections} equal parts",
            hint="give the positions at which new parts begin",
        )
    return np.split(x, indices_or_sections, axis=axis)


flip = np.flip
roll = np.roll
repeat = np.repeat
tile = np.tile


def meshgrid(*arrays: Any, indexing: str = "xy") -> tuple[Any, ...]:
    return tuple(np.meshgrid(*arrays, indexing=indexing))  # type: ignore[call-overload]


def unfold_axis(x: Any, /, axis: int, size: int, step: int) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis)
    return windows[(slice(None),) * (counted(axis, x.ndim)) + (slice(None, None, step),)]


def _triangle(fn: Any) -> Any:
    def triangle(x: Any, /, *, k: int = 0) -> Any:
        if x.ndim < 2:  # NumPy would make a matrix of it
            raise ShapeError(f"needs a matrix, not an array with {x.ndim} axes")
        return fn(x, k)

    return triangle


tril = _triangle(np.tril)
triu = _triangle(np.triu)
diagonal = np.diagonal


def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: str | None = None) -> Any:
    check_device(device)
    dtype = native_dtype(dtype)
    if x.dtype.kind == "c" and dtype.kind not in "cb":
        x = x.real  # NumPy does the same, with a warning
    return x.astype(dtype, copy=copy)


def copy(x: Any, /) -> Any:
    return np.array(x)


def bitcast(x: Any, dtype: Any, /) -> Any:
    dtype = native_dtype(dtype)
    return np.ascontiguousarray(x).reshape(x.shape).view(dtype)
