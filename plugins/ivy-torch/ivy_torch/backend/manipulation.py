"""Changing the shape, order, dtype and extent of tensors in torch."""

from __future__ import annotations

from typing import Any

import torch

from ivy.errors import ShapeError
from ivy.functional._axes import distinct
from ivy.functional._padding import pad_positions
from ivy_torch.backend.support import align, moving, native_device, native_dtype


def _axes(axis: Any) -> tuple[int, ...]:
    return (axis,) if isinstance(axis, int) else tuple(axis)


def reshape(x: Any, /, shape: Any, *, copy: bool | None = None) -> Any:
    x = x.clone(memory_format=torch.contiguous_format) if copy else x
    return torch.reshape(x, (shape,) if isinstance(shape, int) else tuple(shape))


permute_dims = torch.permute


def expand_dims(x: Any, /, axis: Any) -> Any:
    if isinstance(axis, int):
        return torch.unsqueeze(x, axis)
    rank = x.ndim + len(axis)
    for place in distinct(axis, rank):
        x = torch.unsqueeze(x, place)
    return x


def squeeze(x: Any, /, axis: Any = None) -> Any:
    if axis is None:
        return torch.squeeze(x)
    for a in _axes(axis):
        if x.shape[a] != 1:
            raise ShapeError(f"can't remove axis {a} of shape {tuple(x.shape)}: its length is {x.shape[a]}, not 1")
    return torch.squeeze(x, _axes(axis))


flatten = torch.flatten


def broadcast_to(x: Any, /, shape: Any) -> Any:
    return torch.broadcast_to(x, _axes(shape))


def broadcast_arrays(*arrays: Any) -> tuple[Any, ...]:
    return tuple(torch.broadcast_tensors(*arrays))


swapaxes = torch.swapaxes
moveaxis = torch.moveaxis


def matrix_transpose(x: Any, /) -> Any:
    return x.mT


def concat(arrays: Any, /, *, axis: int | None = 0) -> Any:
    arrays = align(*arrays)
    return torch.cat([x.reshape(-1) for x in arrays]) if axis is None else torch.cat(arrays, axis)


def stack(arrays: Any, /, *, axis: int = 0) -> Any:
    return torch.stack(align(*arrays), axis)


def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    return torch.unbind(x, axis)


def split(x: Any, /, indices_or_sections: Any, *, axis: int = 0) -> list[Any]:
    size = x.shape[axis]
    if not isinstance(indices_or_sections, int):
        return list(torch.tensor_split(x, tuple(indices_or_sections), axis))
    if size % indices_or_sections:
        raise ShapeError(
            f"an axis of length {size} can't be split into {indices_or_sections} equal parts",
            hint="give the positions at which new parts begin",
        )
    return list(torch.tensor_split(x, indices_or_sections, axis))


@moving
def flip(x: Any, /, *, axis: Any = None) -> Any:
    return torch.flip(x, tuple(range(x.ndim)) if axis is None else _axes(axis))


def roll(x: Any, /, shift: Any, *, axis: Any = None) -> Any:
    if axis is None:
        return torch.roll(x, shift)
    axes = _axes(axis)
    shifts = _axes(shift)
    return torch.roll(x, shifts * len(axes) if len(shifts) == 1 else shifts, axes) if axes else x.clone()


@moving
def repeat(x: Any, repeats: Any, /, *, axis: int | None = None) -> Any:
    if isinstance(repeats, torch.Tensor) and repeats.dtype not in (torch.int64, torch.int32):
        repeats = repeats.to(torch.int64)
    return torch.repeat_interleave(x, repeats, axis)


def tile(x: Any, repetitions: Any, /) -> Any:
    return torch.tile(x, _axes(repetitions))


@moving
def pad(x: Any, /, pad_width: Any, *, mode: str = "constant", value: float = 0.0) -> Any:
    widths = [(int(low), int(high)) for low, high in pad_width]
    if len(widths) != x.ndim:
        raise ShapeError(f"pad_width has {len(widths)} pairs for an array with {x.ndim} axes")
    if mode == "constant":
        return torch.nn.functional.pad(x, [n for pair in reversed(widths) for n in pair], value=value)
    for axis, (low, high) in enumerate(widths):
        if low or high:
            positions = torch.tensor(pad_positions(mode, x.shape[axis], low, high), device=x.device)
            x = torch.index_select(x, axis, positions)
    return x


def meshgrid(*arrays: Any, indexing: str = "xy") -> tuple[Any, ...]:
    return tuple(torch.meshgrid(*(x.reshape(-1) for x in arrays), indexing=indexing))


def as_strided(x: Any, shape: Any, strides: Any, offset: int = 0, /) -> Any:
    # torch's own counts the offset from the start of the storage, of which x may be a part
    return torch.as_strided(x.contiguous().reshape(-1).clone(), tuple(shape), tuple(strides), offset)


def unfold_axis(x: Any, /, axis: int, size: int, step: int) -> Any:
    return x.unfold(axis, size, step)


@moving
def tril(x: Any, /, *, k: int = 0) -> Any:
    return torch.tril(x, k)


@moving
def triu(x: Any, /, *, k: int = 0) -> Any:
    return torch.triu(x, k)


def diagonal(x: Any, /, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return torch.diagonal(x, offset, axis1, axis2)


def diag_embed(x: Any, /, *, offset: int = 0, axis1: int = -2, axis2: int = -1) -> Any:
    return torch.diag_embed(x, offset, axis1, axis2)


def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: str | None = None) -> Any:
    dtype = native_dtype(dtype)
    if x.dtype.is_complex and not dtype.is_complex and dtype is not torch.bool:
        x = x.real  # torch does the same, with a warning
    return x.to(device=native_device(device), dtype=dtype, copy=copy)


copy = torch.clone


def bitcast(x: Any, dtype: Any, /) -> Any:
    dtype = native_dtype(dtype)
    if not x.numel():  # the last axis of an empty tensor may have no stride to tell by
        return x.new_empty((*x.shape[:-1], x.shape[-1] * x.dtype.itemsize // dtype.itemsize), dtype=dtype)
    return x.contiguous().view(dtype)
