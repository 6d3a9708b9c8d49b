"""Making arrays in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.functional.promotion import common_dtype
from ivy_numpy.backend.support import check_device, default_dtype, from_foreign, native_dtype


def _dtype(dtype: Any, otherwise: Any = "float32") -> Any:
    return native_dtype(otherwise if dtype is None else dtype)


def asarray(obj: Any, /, dtype: Any = None, *, device: str | None = None, copy: bool | None = None) -> Any:
    check_device(device)
    if hasattr(obj, "__dlpack__") and not isinstance(obj, (np.ndarray, np.generic)):
        obj = from_foreign(obj)
    wanted = default_dtype(obj) if dtype is None else native_dtype(dtype)
    return np.array(obj, dtype=wanted, copy=copy)


def full(shape: Any, fill_value: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    check_device(device)
    return np.full(shape, fill_value, dtype=default_dtype(fill_value) if dtype is None else native_dtype(dtype))


def arange(
    start: float, /, stop: float | None = None, step: float = 1, *, dtype: Any = None, device: str | None = None
) -> Any:
    check_device(device)
    if stop is None:
        start, stop = 0, start
    whole = all(isinstance(x, (int, np.integer)) for x in (start, stop, step))
    # computed in NumPy's own dtype: ml_dtypes' arange is exact to fewer digits
    return np.arange(start, stop, step).astype(_dtype(dtype, "int64" if whole else "float32"), copy=False)


def empty(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    check_device(device)
    return np.empty(shape, _dtype(dtype))


def zeros(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    check_device(device)
    return np.zeros(shape, _dtype(dtype))


def ones(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    check_device(device)
    return np.ones(shape, _dtype(dtype))


def empty_like(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Any:
    check_device(device)
    return np.empty(x.shape, _dtype(dtype, x.dtype))


def zeros_like(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Any:
    check_device(device)
    return np.zeros(x.shape, _dtype(dtype, x.dtype))


def ones_like(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Any:
    check_device(device)
    return np.ones(x.shape, _dtype(dtype, x.dtype))


def full_like(x: Any, /, fill_value: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    check_device(device)
    return np.full(x.shape, fill_value, _dtype(dtype, x.dtype))


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
    check_device(device)
    if dtype is None:
        kinds: list[Any] = [getattr(end, "dtype", type(end)) for end in (start, stop)]
        dtype = common_dtype(*kinds, inexact=True)
    return np.linspace(start, stop, num, endpoint=endpoint).astype(native_dtype(dtype))


def eye(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: str | None = None) -> Any:
    check_device(device)
    return np.eye(n_rows, n_cols, k, _dtype(dtype))


def tri(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: str | None = None) -> Any:
    check_device(device)
    return np.tri(n_rows, n_cols, k, _dtype(dtype))
