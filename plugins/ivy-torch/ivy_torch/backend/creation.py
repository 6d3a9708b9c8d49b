"""Making tensors in torch."""

from __future__ import annotations

import math
from typing import Any

import torch

from ivy.dtypes import as_dtype, wrapped
from ivy.errors import ArgumentError
from ivy.functional.promotion import common_dtype
from ivy_torch.backend.support import WIDE, default_dtype, from_foreign, native_device, native_dtype, widened


def _dtype(dtype: Any, otherwise: Any = torch.float32) -> Any:
    return otherwise if dtype is None else native_dtype(dtype)


def _shape(shape: Any) -> Any:
    return (shape,) if isinstance(shape, int) else tuple(shape)


def asarray(obj: Any, /, dtype: Any = None, *, device: str | None = None, copy: bool | None = None) -> Any:
    wanted = None if dtype is None else native_dtype(dtype)
    place = native_device(device)
    if not isinstance(obj, torch.Tensor):
        if hasattr(obj, "__dlpack__") or hasattr(obj, "__array_interface__"):
            obj, copy = from_foreign(obj, copy=copy is True), None if copy is True else copy
        elif isinstance(obj, (list, tuple)) and _has_tensor(obj):
            obj = torch.stack([asarray(x, dtype, device=device) for x in obj])
        else:
            if copy is False:
                raise ArgumentError("a Python object can't become a tensor without a copy", hint="leave copy out")
            if isinstance(obj, (list, tuple)) and wanted is None:
                made = torch.tensor(obj, device=place)
                return made.to({torch.float64: torch.float32, torch.complex128: torch.complex64}.get(made.dtype))
            return torch.tensor(obj, dtype=wanted or default_dtype(obj), device=place)
    changed = (wanted is not None and wanted is not obj.dtype) or (
        place is not None and obj.device != torch.device(place)
    )
    if copy is False and changed:
        raise ArgumentError("the dtype or the device can't change without a copy", hint="leave copy out")
    if not changed:
        return obj.clone() if copy else obj
    return obj.to(device=place, dtype=wanted)


def _has_tensor(obj: Any) -> bool:
    return any(_has_tensor(x) if isinstance(x, (list, tuple)) else hasattr(x, "dtype") for x in obj)


def full(shape: Any, fill_value: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    place = native_device(device)
    if isinstance(fill_value, torch.Tensor):
        return fill_value.to(device=place, dtype=_dtype(dtype, None)).expand(_shape(shape)).clone()
    wanted = _dtype(dtype, default_dtype(fill_value))
    if isinstance(fill_value, float) and wanted.is_floating_point and abs(fill_value) > torch.finfo(wanted).max:
        fill_value = math.copysign(math.inf, fill_value)  # an error in torch
    if not wanted.is_floating_point and not wanted.is_complex and wanted is not torch.bool:  # so is what doesn't fit
        fill_value = fill_value.real if isinstance(fill_value, complex) else fill_value
        if isinstance(fill_value, int) or math.isfinite(fill_value):
            fill_value = wrapped(int(fill_value), as_dtype(wanted))
    return torch.full(_shape(shape), fill_value, dtype=wanted, device=place)


def arange(
    start: float, /, stop: float | None = None, step: float = 1, *, dtype: Any = None, device: str | None = None
) -> Any:
    if stop is None:
        start, stop = 0, start
    whole = all(isinstance(x, int) for x in (start, stop, step))
    place, wanted = native_device(device), _dtype(dtype, torch.int64 if whole else torch.float32)
    if (stop - start) * step <= 0:  # an error in torch, an empty array in the standard
        return torch.empty(0, dtype=wanted, device=place)
    if whole or wanted is torch.float64:
        exact = torch.int64 if whole else wanted
        return torch.arange(start, stop, step, dtype=exact, device=place).to(wanted)
    return torch.arange(start, stop, step, dtype=torch.float64, device=place).to(wanted)


def empty(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return torch.empty(_shape(shape), dtype=_dtype(dtype), device=native_device(device))


def zeros(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return torch.zeros(_shape(shape), dtype=_dtype(dtype), device=native_device(device))


def ones(shape: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return torch.ones(_shape(shape), dtype=_dtype(dtype), device=native_device(device))


def empty_like(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Any:
    return torch.empty_like(x, dtype=_dtype(dtype, None), device=native_device(device))


def zeros_like(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Any:
    return torch.zeros_like(x, dtype=_dtype(dtype, None), device=native_device(device))


def ones_like(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Any:
    return torch.ones_like(x, dtype=_dtype(dtype, None), device=native_device(device))


def full_like(x: Any, /, fill_value: Any, *, dtype: Any = None, device: str | None = None) -> Any:
    return full(x.shape, fill_value, dtype=_dtype(dtype, x.dtype), device=device or x.device)


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
    wanted, place = native_dtype(dtype), native_device(device)
    computed = torch.complex128 if wanted.is_complex else torch.float64
    start, stop = (
        x.to(computed) if isinstance(x, torch.Tensor) else torch.tensor(x, dtype=computed, device=place)
        for x in (start, stop)
    )
    parts = max(num - 1, 1) if endpoint else max(num, 1)
    steps = torch.arange(num, dtype=torch.float64, device=place).reshape((-1,) + (1,) * max(start.ndim, stop.ndim))
    result = start + (stop - start) * (steps / parts)
    if endpoint and num > 1:
        result[-1] = stop
    return (result.floor() if not (wanted.is_floating_point or wanted.is_complex) else result).to(wanted)


def eye(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: str | None = None) -> Any:
    n_cols = n_rows if n_cols is None else n_cols
    place = native_device(device)
    if k == 0 and _dtype(dtype) not in WIDE:
        return torch.eye(n_rows, n_cols, dtype=_dtype(dtype), device=place)
    k = max(-n_rows, min(k, n_cols))  # a diagonal farther out is as empty, and its number may not fit int64
    rows, columns = torch.arange(n_rows, device=place), torch.arange(n_cols, device=place)
    return (rows[:, None] == columns - k).to(_dtype(dtype))


def tri(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: str | None = None) -> Any:
    shape = (n_rows, n_rows if n_cols is None else n_cols)
    return torch.ones(shape, dtype=torch.bool, device=native_device(device)).tril(k).to(_dtype(dtype))


def one_hot(indices: Any, depth: int, /, *, axis: int = -1, dtype: Any = None) -> Any:
    place = axis % (indices.ndim + 1)
    classes = torch.arange(depth, device=indices.device).reshape((-1,) + (1,) * (indices.ndim - place))
    return (widened(indices).unsqueeze(place) == classes).to(_dtype(dtype))
