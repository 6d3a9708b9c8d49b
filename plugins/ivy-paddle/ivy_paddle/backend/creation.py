"""Making tensors in Paddle."""

from __future__ import annotations

import math
from typing import Any

from ivy.dtypes import result_type
from ivy.errors import ArgumentError
from ivy.functional.promotion import common_dtype
from ivy_paddle.backend.manipulation import astype, broadcast_to, copy
from ivy_paddle.backend.support import (
    COMPLEX,
    UNSIGNED,
    WHOLE,
    default_dtype,
    from_foreign,
    moving,
    native_device,
    native_dtype,
    native_types,
    number,
    placed,
    sizes_of,
)
from ivy_paddle.loading import paddle


def _dtype(dtype: Any, otherwise: Any = paddle.float32) -> Any:
    return otherwise if dtype is None else native_dtype(dtype)


def _shape(shape: Any) -> list[int]:
    return [shape] if isinstance(shape, int) else list(shape)


def asarray(obj: Any, /, dtype: Any = None, *, device: str | None = None, copy: bool | None = None) -> Any:
    wanted = None if dtype is None else native_dtype(dtype)
    native_device(device)
    if not isinstance(obj, native_types()):
        if hasattr(obj, "__dlpack__") or hasattr(obj, "__array_interface__") or type(obj).__module__ == "ivy.array":
            obj, copy = from_foreign(obj, copy=copy is True), None if copy is True else copy
        else:
            if copy is False:
                raise ArgumentError("a Python object can't become a tensor without a copy", hint="leave copy out")
            return placed(_of_python(obj, wanted), device)
    moved = device is not None and not str(obj.place).lower().replace("place(", "").startswith(device.partition(":")[0])
    changed = (wanted is not None and wanted != obj.dtype) or moved
    if copy is False and changed:
        raise ArgumentError("the dtype or the device can't change without a copy", hint="leave copy out")
    if not changed:
        return _clone(obj) if copy else obj
    obj = obj if wanted is None else astype(obj, wanted)
    return placed(obj, device) if moved else obj


_clone = moving(paddle.clone)


def _of_python(obj: Any, wanted: Any) -> Any:
    if not isinstance(obj, (list, tuple, range)):
        return number(obj, wanted or default_dtype(obj) or paddle.float32)
    if _has_array(obj):
        from ivy_paddle.backend.manipulation import stack

        return stack([asarray(x, wanted) for x in obj])
    import numpy as np

    made = np.asarray(obj)
    if made.dtype.kind == "f" and wanted == paddle.uint64:  # NumPy took integers past int64 for floats
        made = np.asarray(obj, "uint64")
    if made.dtype.kind in "OUS":
        raise ArgumentError(f"a tensor can't be made of {obj!r}", hint="give numbers in lists of equal lengths")
    if wanted is None:
        wanted = {"f": paddle.float32, "c": paddle.complex64}.get(made.dtype.kind) or native_dtype(made.dtype)
    if not paddle.in_dynamic_mode():  # a constant of the program that is being built
        if not made.size:
            return paddle.zeros(list(made.shape), "int32").astype(wanted)
        return paddle.stack([number(v, wanted) for v in made.reshape(-1).tolist()]).reshape(list(made.shape))
    return astype(from_foreign(made), wanted)


def _has_array(obj: Any) -> bool:
    return any(_has_array(x) if isinstance(x, (list, tuple)) else hasattr(x, "dtype") for x in obj)


def full(shape: Any, fill_value: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    sizes = _shape(shape)
    if hasattr(fill_value, "dtype"):
        filled = fill_value if dtype is None else astype(fill_value, dtype)
        return placed(copy(broadcast_to(filled, sizes)), device)
    wanted = _dtype(dtype, None) or native_dtype(result_type(fill_value))
    exact = wanted not in UNSIGNED and not (type(fill_value) is int and abs(fill_value) > 1 << 53)
    if exact:
        if type(fill_value) is complex and wanted not in COMPLEX:
            raise ArgumentError(f"a complex number does not fit {wanted}", hint="give its real part")
        return placed(paddle.full(sizes, fill_value, wanted), device)
    return placed(broadcast_to(number(fill_value, wanted), sizes), device)


def empty(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return full(shape, 0, dtype=_dtype(dtype), device=device)


def zeros(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return full(shape, 0, dtype=_dtype(dtype), device=device)


def ones(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return full(shape, 1, dtype=_dtype(dtype), device=device)


def full_like(x: Any, /, fill_value: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return full(sizes_of(x), fill_value, dtype=_dtype(dtype, x.dtype), device=device)


def zeros_like(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Any:
    return full(sizes_of(x), 0, dtype=_dtype(dtype, x.dtype), device=device)


def ones_like(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Any:
    return full(sizes_of(x), 1, dtype=_dtype(dtype, x.dtype), device=device)


empty_like = zeros_like


def arange(
    start: float, /, stop: float | None = None, step: float = 1, *, dtype: Any = None, device: str | None = None
) -> Any:
    if stop is None:
        start, stop = 0, start
    whole = all(isinstance(x, int) for x in (start, stop, step))
    wanted = _dtype(dtype, paddle.int64 if whole else paddle.float32)
    count = max(math.ceil((stop - start) / step), 0) if not whole else len(range(int(start), int(stop), int(step)))
    if not count:
        return placed(paddle.zeros([0], paddle.int32).astype(wanted), device)
    numbers = paddle.arange(count, dtype=paddle.int64)
    if whole:
        numbers = numbers if (start, step) == (0, 1) else numbers * step + start
    else:
        numbers = numbers.astype(paddle.float64)
        numbers = numbers * number(step, paddle.float64) + number(start, paddle.float64)
    return placed(numbers.astype(wanted), device)


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
    wanted = native_dtype(dtype)
    computed = paddle.complex128 if wanted in COMPLEX else paddle.float64
    start, stop = (x.astype(computed) if hasattr(x, "dtype") else number(x, computed) for x in (start, stop))
    parts = max(num - 1, 1) if endpoint else max(num, 1)
    if not num:
        return placed(paddle.zeros([0, *(start + stop).shape], paddle.float32).astype(wanted), device)
    axes = [1] * max(start.ndim, stop.ndim)
    steps = paddle.arange(num, dtype=paddle.int64).astype(paddle.float64).reshape([-1, *axes])
    share = (steps / number(float(parts), paddle.float64)).astype(computed)
    result = start + (stop - start) * share
    if endpoint and num > 1:  # not rounded
        last = (paddle.arange(num, dtype=paddle.int64) == num - 1).reshape([-1, *axes])
        result = paddle.where(last, stop + paddle.zeros_like(result), result)
    return placed((paddle.floor(result) if wanted in WHOLE else result).astype(wanted), device)


def eye(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: str | None = None) -> Any:
    n_cols = n_rows if n_cols is None else n_cols
    rows, columns = arange(n_rows), arange(n_cols)
    return placed((rows.unsqueeze(1) + k == columns.unsqueeze(0)).astype(_dtype(dtype)), device)


def tri(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: str | None = None) -> Any:
    n_cols = n_rows if n_cols is None else n_cols
    rows, columns = arange(n_rows), arange(n_cols)
    return placed((rows.unsqueeze(1) + k >= columns.unsqueeze(0)).astype(_dtype(dtype)), device)


def one_hot(indices: Any, depth: int, /, *, axis: int = -1, dtype: Any = None) -> Any:
    place = axis % (indices.ndim + 1)
    classes = arange(depth).reshape([-1] + [1] * (indices.ndim - place))
    return (indices.astype(paddle.int64).unsqueeze(place) == classes).astype(_dtype(dtype))
