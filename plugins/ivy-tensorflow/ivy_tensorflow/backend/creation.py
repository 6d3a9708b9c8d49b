"""Making tensors in TensorFlow."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import tensorflow as tf

from ivy.errors import ArgumentError
from ivy.functional.promotion import common_dtype
from ivy_tensorflow.backend.support import constant, default_dtype, from_foreign, native_device, native_dtype


def _dtype(dtype: Any, otherwise: Any = tf.float32) -> Any:
    return otherwise if dtype is None else native_dtype(dtype)


def _shape(shape: Any) -> Any:
    return (shape,) if isinstance(shape, int) else tuple(shape)


def _place(device: Any) -> Any:
    return nullcontext() if device is None else tf.device(native_device(device))


def asarray(obj: Any, /, dtype: Any = None, *, device: Any = None, copy: bool | None = None) -> Any:
    wanted = None if dtype is None else native_dtype(dtype)
    with _place(device):
        if not tf.is_tensor(obj):
            if hasattr(obj, "__dlpack__") or hasattr(obj, "__array_interface__"):
                obj = from_foreign(obj, copy=copy is True)
            elif copy is False:
                raise ArgumentError("a Python object can't become a tensor without a copy", hint="leave copy out")
            elif isinstance(obj, (list, tuple)):
                return _of_sequence(obj, wanted)
            else:
                return constant(obj, wanted or default_dtype(obj))
        changed = wanted is not None and wanted is not obj.dtype
        if copy is False and changed:
            raise ArgumentError("the dtype can't change without a copy", hint="leave copy out")
        if changed:
            return _cast(obj, wanted)
        return tf.identity(obj) if copy or device is not None else tf.convert_to_tensor(obj)


def _cast(x: Any, dtype: Any) -> Any:
    if x.dtype.is_complex and dtype is tf.bool:
        return x != 0
    if x.dtype.is_complex and not dtype.is_complex:
        x = tf.math.real(x)  # TensorFlow does the same, with a warning
    return tf.cast(x, dtype)


def _of_sequence(obj: Any, wanted: Any) -> Any:
    if _has_tensor(obj):
        parts = [asarray(x, wanted) for x in obj]
        common = native_dtype(common_dtype(*(x.dtype for x in parts)))
        return tf.stack([tf.cast(x, common) for x in parts])
    array = np.asarray(obj)
    if wanted is None:
        wanted = {"f": tf.float32, "c": tf.complex64}.get(array.dtype.kind) if array.size else tf.float32
    return tf.constant(array if wanted is None else array.astype(wanted.as_numpy_dtype), wanted)


def _has_tensor(obj: Any) -> bool:
    return any(_has_tensor(x) if isinstance(x, (list, tuple)) else hasattr(x, "dtype") for x in obj)


def full(shape: Any, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Any:
    with _place(device):
        if tf.is_tensor(fill_value):
            return tf.broadcast_to(_cast(fill_value, _dtype(dtype, fill_value.dtype)), _shape(shape))
        return tf.fill(_shape(shape), constant(fill_value, _dtype(dtype, default_dtype(fill_value))))


def arange(
    start: float, /, stop: float | None = None, step: float = 1, *, dtype: Any = None, device: Any = None
) -> Any:
    bounds = [x for x in (start, stop, step) if x is not None]
    whole = all(isinstance(x, int) or tf.is_tensor(x) for x in bounds)
    wanted = _dtype(dtype, tf.int64 if whole else tf.float32)
    if any(map(tf.is_tensor, bounds)):  # a size that is not known while a graph is made
        first, last = (0, start) if stop is None else (start, stop)
        with _place(device):
            return tf.cast(tf.range(*(tf.cast(x, tf.int64) for x in (first, last, step))), wanted)
    # the arguments are numbers, so that this is a constant; NumPy has every dtype and counts the elements right
    numbers = np.arange(0 if stop is None else start, start if stop is None else stop, step)
    with _place(device):
        return tf.constant(numbers.astype(wanted.as_numpy_dtype))


def zeros(shape: Any, *, dtype: Any = None, device: Any = None) -> Any:
    with _place(device):
        return tf.zeros(_shape(shape), _dtype(dtype))


def ones(shape: Any, *, dtype: Any = None, device: Any = None) -> Any:
    with _place(device):
        return tf.ones(_shape(shape), _dtype(dtype))


def zeros_like(x: Any, /, *, dtype: Any = None, device: Any = None) -> Any:
    with _place(device):
        return tf.zeros_like(x, _dtype(dtype, None))


def ones_like(x: Any, /, *, dtype: Any = None, device: Any = None) -> Any:
    with _place(device):
        return tf.ones_like(x, _dtype(dtype, None))


def linspace(
    start: Any, stop: Any, /, num: int, *, dtype: Any = None, device: Any = None, endpoint: bool = True
) -> Any:
    if dtype is None:
        kinds: list[Any] = [getattr(end, "dtype", type(end)) for end in (start, stop)]
        dtype = common_dtype(*kinds, inexact=True)
    wanted = native_dtype(dtype)
    computed = tf.complex128 if wanted.is_complex else tf.float64
    with _place(device):
        start, stop = (_cast(x, computed) if tf.is_tensor(x) else asarray(x, computed) for x in (start, stop))
        parts = max(num - 1, 1) if endpoint else max(num, 1)
        rank = max(start.shape.rank, stop.shape.rank)
        steps = tf.constant((np.arange(num) / parts).reshape((-1,) + (1,) * rank), computed)
        result = start + (stop - start) * steps
        if endpoint and num > 1:
            last = tf.constant((np.arange(num) == num - 1).reshape((-1,) + (1,) * rank))
            result = tf.where(last, stop, result)
        return tf.cast(tf.floor(result) if wanted.is_integer else result, wanted)


def eye(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: Any = None) -> Any:
    wanted = _dtype(dtype)
    with _place(device):
        if k == 0 and wanted is not tf.bool:
            return tf.eye(n_rows, n_cols, dtype=wanted)
        if tf.is_tensor(n_rows) or tf.is_tensor(n_cols):
            rows, columns = tf.range(n_rows)[:, None], tf.range(n_rows if n_cols is None else n_cols)
            return tf.cast(columns - rows == k, wanted)
        return tf.constant(np.eye(n_rows, n_cols, k, dtype=wanted.as_numpy_dtype))


def one_hot(indices: Any, depth: int, /, *, axis: int = -1, dtype: Any = None) -> Any:
    wanted = _dtype(dtype)
    if indices.dtype not in (tf.uint8, tf.int8, tf.int32, tf.int64):
        indices = tf.cast(indices, tf.int64)
    rank = indices.shape.rank
    axis = -1 if axis % (rank + 1) == rank else axis % (rank + 1)
    if wanted is tf.bool:
        return tf.one_hot(indices, depth, True, False, axis, tf.bool)
    return tf.one_hot(indices, depth, axis=axis, dtype=wanted)
