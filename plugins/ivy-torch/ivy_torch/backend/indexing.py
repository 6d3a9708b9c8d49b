"""Reading and writing parts of tensors in torch, with NumPy's meaning."""

from __future__ import annotations

from typing import Any

import torch

from ivy.errors import ArgumentError, DtypeError, ShapeError
from ivy.functional._axes import counted
from ivy.functional._key_parts import with_axis_for_ellipsis
from ivy_torch.backend.support import align, from_foreign, moving, narrowed, widened

_flip = moving(torch.flip)

_BASIC = (int, slice, type(None), type(Ellipsis))


def _is_plain(key: Any) -> bool:
    """Tell whether torch takes the key as it is: NumPy and torch agree on integers, forward slices, None and ..."""
    kind = type(key)
    if kind is slice:
        return key.step is None or (isinstance(key.step, int) and key.step > 0)
    return kind is int or key is None or key is Ellipsis


def _index(part: Any, x: Any) -> Any:
    """Turn one part of a key into what torch understands: an int, a slice, None, Ellipsis, an int64 or bool tensor."""
    if isinstance(part, bool):
        return torch.tensor(part, device=x.device)
    if isinstance(part, _BASIC):
        return part
    if isinstance(part, (list, range)):
        part = torch.tensor(list(part), device=x.device) if part else torch.zeros(0, dtype=torch.int64, device=x.device)
    elif not isinstance(part, torch.Tensor):
        part = from_foreign(part)
    if part.is_floating_point() or part.is_complex():
        raise ArgumentError(f"an index must be an integer or a boolean, not {part.dtype}", hint="cast it to int64")
    return part if part.dtype is torch.bool else part.to(torch.int64)


def _normal(x: Any, key: Any) -> tuple[tuple[Any, ...], list[int], int | None]:
    """Return a key that torch reads as NumPy would, the axes of `x` to flip first, and the result's axis to drop."""
    parts = [_index(part, x) for part in (key if isinstance(key, tuple) else (key,))]
    tensors = [p for p in parts if isinstance(p, torch.Tensor)]
    if any(p.ndim or p.dtype is torch.bool for p in tensors):
        # beside an index array NumPy treats an integer as one too; torch would select with it first
        parts = [torch.tensor([p], device=x.device) if isinstance(p, int) else p for p in parts]
        parts = [
            p.reshape(1) if isinstance(p, torch.Tensor) and not p.ndim and p.dtype is not torch.bool else p
            for p in parts
        ]
    parts, dropped = with_axis_for_ellipsis(parts, x.ndim)
    used = sum(
        p.ndim if isinstance(p, torch.Tensor) and p.dtype is torch.bool else p is not None and p is not Ellipsis
        for p in parts
    )
    flipped, axis = [], 0
    for place, part in enumerate(parts):
        if part is Ellipsis:
            axis += x.ndim - used
        elif isinstance(part, slice):
            if part.step is not None and part.step < 0:
                size = x.shape[axis]
                walk = range(*part.indices(size))
                flipped.append(axis)
                end = size - walk[-1] if walk else 0
                parts[place] = slice(size - 1 - walk[0] if walk else 0, end, -part.step)
            axis += 1
        elif isinstance(part, torch.Tensor) and part.dtype is torch.bool:
            sizes = x.shape[axis : axis + part.ndim]
            same = len(sizes) == part.ndim and all(n in (0, m) for n, m in zip(part.shape, sizes, strict=True))
            if 0 in part.shape and same:
                parts[place] = part.new_zeros(sizes)  # in NumPy a length of 0 fits every axis
            axis += part.ndim
        elif part is not None:
            axis += 1
    return tuple(parts), flipped, dropped


def get_item(x: Any, key: Any, /) -> Any:
    if all(map(_is_plain, key)) if type(key) is tuple else _is_plain(key):
        return x[key]
    key, flipped, dropped = _normal(x, key)
    x = _flip(x, flipped) if flipped else x
    if dropped is not None:
        return x[key].squeeze(dropped)
    numbers = _numbers_in(x, key)
    if numbers is None:
        return x[key]
    plain, places = numbers
    x = x[plain]
    for axis, place in reversed(places):
        x = x[(slice(None),) * axis + (place.reshape(1),)].squeeze(axis)
    return x


def _numbers_in(x: Any, key: tuple[Any, ...]) -> tuple[tuple[Any, ...], list[tuple[int, Any]]] | None:
    """Take tensors without axes out of a key that has no other ones: torch would read the number in them.

    That stops compilation, and abstract tensors hold none.

    Returns:
        The key without them, and each with the axis it then belongs to; None if there are none, or others.
    """
    tensors = [p for p in key if isinstance(p, torch.Tensor)]
    if not tensors or any(p.ndim or p.dtype is torch.bool for p in tensors):
        return None
    named = sum(p is not None and p is not Ellipsis for p in key)
    places, axis = [], 0
    for part in key:
        if isinstance(part, torch.Tensor):
            places.append((axis, part))
        axis += x.ndim - named if part is Ellipsis else not isinstance(part, int)
    return tuple(slice(None) if isinstance(p, torch.Tensor) else p for p in key), places


def _write(x: Any, places: list[tuple[int, Any]], value: Any) -> None:
    """Write to the rows of `x` at the numbers in tensors without axes."""
    if not places:
        x[...] = value
        return
    *others, (axis, place) = places
    at = (slice(None),) * axis + (place.reshape(1),)
    rows = x[at]
    _write(rows.squeeze(axis), others, value)
    x[at] = rows


def set_item(x: Any, key: Any, value: Any, /) -> Any:
    key, flipped, dropped = _normal(x, key)
    result = widened(_flip(x, flipped) if flipped else x.clone())
    if isinstance(value, torch.Tensor):
        if value.is_complex() and not x.is_complex():
            value = value.real
        value = value.to(x.dtype).to(result.dtype)
    elif not isinstance(value, (bool, int, float, complex)):
        value = _tensor(value, x).to(result.dtype)
    if dropped is not None and isinstance(value, torch.Tensor):
        after = result[key].ndim - 1 - dropped
        value = value.unsqueeze(value.ndim - after) if value.ndim > after else value
    numbers = _numbers_in(result, key)
    if numbers is None:
        result[key] = value
    else:
        plain, places = numbers
        _write(result[plain], places, value)
    return narrowed(result.flip(flipped) if flipped else result, x.dtype)


def _tensor(value: Any, x: Any) -> Any:
    """Return what is written to `x` as a tensor; a float as exact as `x` holds it, not as float32."""
    if isinstance(value, torch.Tensor):
        return value
    inexact = x.is_complex() or (x.is_floating_point() and not isinstance(value, complex))
    return torch.as_tensor(value, dtype=x.dtype if inexact else None, device=x.device)


def _flat_scatter(x: Any, places: Any, value: Any, mode: str) -> Any:
    """Combine `value` with the elements of `x` whose numbers in C order are `places`."""
    value = _tensor(value, x).to(x.dtype).broadcast_to(places.shape).reshape(-1)
    flat, value = widened(x).reshape(-1), widened(value)
    if mode == "add":
        result = flat.scatter_add(0, places.reshape(-1), value)
    else:
        reduce = {"mul": "prod", "min": "amin", "max": "amax"}[mode]
        result = flat.scatter_reduce(0, places.reshape(-1), value, reduce)
    return narrowed(result, x.dtype).reshape(x.shape)


def _numbers(x: Any) -> Any:
    return torch.arange(x.numel(), device=x.device).reshape(x.shape)


def _at(mode: str) -> Any:
    def combined(x: Any, key: Any, value: Any, /) -> Any:
        # the key, applied to the elements' numbers, says where each value goes, whatever the key is made of
        return _flat_scatter(x, get_item(_numbers(x), key), value, mode)

    return combined


add_at = _at("add")
mul_at = _at("mul")
min_at = _at("min")
max_at = _at("max")


def take(x: Any, indices: Any, /, *, axis: int | None = None) -> Any:
    if axis is None:
        x, axis = x.reshape(-1), 0
    if indices.is_floating_point():
        raise DtypeError(f"indices are {indices.dtype}", hint="cast them to int64 with ivy.astype")
    axis = counted(axis, x.ndim)
    places = indices.to(torch.int64)  # torch would read the number in a tensor without axes
    taken = x[(slice(None),) * axis + (places if places.ndim else places.reshape(1),)]
    return taken if places.ndim else taken.squeeze(axis)


def _along(x: Any, indices: Any, axis: int) -> Any:
    """Return int64 indices from 0 up, broadcast against the other axes of `x`."""
    indices = indices.to(torch.int64)
    indices = torch.where(indices < 0, indices + x.shape[axis], indices)
    place = counted(axis, x.ndim)
    shape = [b if i == place else max(a, b) for i, (a, b) in enumerate(zip(x.shape, indices.shape, strict=True))]
    return indices.broadcast_to(shape)


@moving
def take_along_axis(x: Any, indices: Any, /, *, axis: int = -1) -> Any:
    return torch.take_along_dim(x, _along(x, indices, axis), axis)


def put_along_axis(x: Any, indices: Any, values: Any, /, *, axis: int, mode: str = "set") -> Any:
    if mode not in ("set", "add", "mul", "min", "max"):
        raise ArgumentError(f"ivy.put_along_axis has no mode {mode!r}", hint="use set, add, mul, min or max")
    indices = _along(x, indices, axis)
    if mode != "set":
        return _flat_scatter(x, torch.take_along_dim(_numbers(x), indices, axis), values, mode)
    return _put(x, axis, indices, _tensor(values, x).to(x.dtype).broadcast_to(indices.shape))


@moving
def _put(x: Any, axis: int, indices: Any, values: Any) -> Any:
    return x.scatter(axis, indices, values.to(x.dtype))


def _start(start: Any, size: int, block: int) -> Any:
    if isinstance(start, int):
        return min(max(start + size if start < 0 else start, 0), size - block)
    start = start.to(torch.int64).reshape(())
    return torch.clamp(torch.where(start < 0, start + size, start), 0, size - block)


@moving
def dynamic_slice(x: Any, start_indices: Any, sizes: Any, /) -> Any:
    for axis, (start, block) in enumerate(zip(start_indices, sizes, strict=True)):
        size = x.shape[axis]
        if block == size:
            continue
        first = _start(start, size, block)
        if isinstance(first, int):
            x = x.narrow(axis, first, block)
        else:  # reading the number would stop compilation and vmap
            x = x.index_select(axis, first + torch.arange(block, device=x.device))
    return x


@moving
def dynamic_update_slice(x: Any, update: Any, start_indices: Any, /) -> Any:
    key = []
    for axis, (start, block) in enumerate(zip(start_indices, update.shape, strict=True)):
        first = _start(start, x.shape[axis], block)
        places = first + torch.arange(block, device=x.device)
        key.append(places.reshape([-1 if a == axis else 1 for a in range(x.ndim)]))
    return x.index_put(tuple(key), update.to(x.dtype)) if key else update.to(x.dtype).clone()


def nonzero(x: Any, /) -> tuple[Any, ...]:
    if not x.ndim:
        raise ShapeError("nonzero gives places along axes, which an array with 0 axes does not have")
    return torch.nonzero(widened(x), as_tuple=True)


def where(condition: Any, x1: Any, x2: Any, /) -> Any:
    dtype = getattr(x1, "dtype", None)
    if dtype is not None and dtype is getattr(x2, "dtype", None):
        return torch.where(condition, x1, x2)
    return torch.where(condition, *align(x1, x2))
