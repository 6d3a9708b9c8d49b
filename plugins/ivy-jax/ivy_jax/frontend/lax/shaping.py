"""Functions of `jax.lax` that make, move, join and cut arrays."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy_jax.frontend.table import frontend, is_scalar

NAMESPACE = "jax.lax"


@frontend.function()
def full(shape: Sequence[int], fill_value: Any, dtype: Any = None, *, sharding: Any = None) -> Any:
    if is_scalar(fill_value):
        return F.full(tuple(shape), fill_value, dtype=dtype)
    return F.broadcast_to(fill_value if dtype is None else F.astype(fill_value, dtype), tuple(shape))


@frontend.function()
def full_like(x: Any, fill_value: Any, dtype: Any = None, shape: Any = None, sharding: Any = None) -> Any:
    return full(x.shape if shape is None else shape, fill_value, dtype or dtype_of(x))


@frontend.function()
def empty(shape: Sequence[int], dtype: Any, *, out_sharding: Any = None) -> Any:
    return F.zeros(tuple(shape), dtype=dtype)


@frontend.function()
def iota(dtype: Any, size: int) -> Any:
    return F.arange(size, dtype=as_dtype(dtype))


@frontend.function()
def broadcasted_iota(dtype: Any, shape: Sequence[int], dimension: int, *, out_sharding: Any = None) -> Any:
    """Count along one axis."""
    counts = iota(dtype, shape[dimension])
    if len(shape) == 1:
        return counts
    along = tuple(n if i == dimension else 1 for i, n in enumerate(shape))
    counts = F.reshape(counts, along)
    return counts if along == tuple(shape) else F.broadcast_to(counts, tuple(shape))


@frontend.function()
def reshape(operand: Any, new_sizes: Sequence[int], dimensions: Any = None, *, out_sharding: Any = None) -> Any:
    if dimensions is not None and tuple(dimensions) != tuple(range(operand.ndim)):
        operand = F.permute_dims(operand, tuple(dimensions))
    return operand if tuple(operand.shape) == tuple(new_sizes) else F.reshape(operand, tuple(new_sizes))


@frontend.function()
def transpose(operand: Any, permutation: Sequence[int]) -> Any:
    axes = tuple(int(a) for a in permutation)
    return operand if axes == tuple(range(len(axes))) else F.permute_dims(operand, axes)


@frontend.function()
def squeeze(array: Any, dimensions: Sequence[int]) -> Any:
    return F.squeeze(array, axis=tuple(dimensions)) if len(dimensions) else array


@frontend.function()
def expand_dims(array: Any, dimensions: Sequence[int]) -> Any:
    return F.expand_dims(array, axis=tuple(dimensions)) if len(dimensions) else array


@frontend.function()
def broadcast_in_dim(
    operand: Any, shape: Sequence[int], broadcast_dimensions: Sequence[int], *, out_sharding: Any = None
) -> Any:
    """Place the operand's axes among those of a bigger shape and repeat it along the others."""
    shape = tuple(shape)
    if is_scalar(operand):
        return F.full(shape, operand)
    place = dict(zip((int(d) for d in broadcast_dimensions), operand.shape))
    along = tuple(place.get(i, 1) for i in range(len(shape)))
    if along != tuple(operand.shape) and along != (1,) * (len(along) - operand.ndim) + tuple(operand.shape):
        operand = F.reshape(operand, along)
    if along == shape:
        return operand if tuple(operand.shape) == shape else F.reshape(operand, shape)
    return F.broadcast_to(operand, shape)


@frontend.function()
def broadcast(operand: Any, sizes: Sequence[int], *, out_sharding: Any = None) -> Any:
    return F.broadcast_to(operand, (*sizes, *operand.shape))


@frontend.function()
def concatenate(operands: Sequence[Any], dimension: int) -> Any:
    operands = list(operands)
    return operands[0] if len(operands) == 1 else F.concat(operands, axis=int(dimension))


@frontend.function()
def split(operand: Any, sizes: Sequence[int], axis: int = 0) -> Any:
    bounds, here = [], 0
    for size in sizes[:-1]:
        here += int(size)
        bounds.append(here)
    return tuple(F.split(operand, bounds, axis=axis))


@frontend.function()
def stack(operands: Sequence[Any], axis: int = 0) -> Any:
    return F.stack(list(operands), axis=axis)


@frontend.function()
def unstack(x: Any, axis: int = 0) -> Any:
    return tuple(F.unstack(x, axis=axis))


@frontend.function()
def tile(operand: Any, reps: Sequence[int]) -> Any:
    return F.tile(operand, tuple(reps))


@frontend.function()
def rev(operand: Any, dimensions: Sequence[int]) -> Any:
    return F.flip(operand, axis=tuple(dimensions)) if len(dimensions) else operand


@frontend.function()
def slice(operand: Any, start_indices: Sequence[int], limit_indices: Sequence[int], strides: Any = None) -> Any:
    """Cut a box out, with steps."""
    steps = strides or (1,) * operand.ndim
    key = tuple(
        _whole if (a, b, s) == (0, n, 1) else _slice(a, b, s if s != 1 else None)
        for a, b, s, n in zip(start_indices, limit_indices, steps, operand.shape)
    )
    while key and key[-1] == _whole:
        key = key[:-1]
    return F.get_item(operand, key) if key else operand


_slice = builtins.slice
_whole = _slice(None)


@frontend.function()
def slice_in_dim(operand: Any, start_index: Any, limit_index: Any, stride: int = 1, axis: int = 0) -> Any:
    key = [_whole] * operand.ndim
    key[axis] = _slice(start_index, limit_index, stride)
    return F.get_item(operand, tuple(key))


@frontend.function()
def pad(operand: Any, padding_value: Any, padding_config: Sequence[tuple[int, int, int]]) -> Any:
    """Pad each axis by (low, high, interior); negative numbers crop."""
    low_high = [(int(lo), int(hi)) for lo, hi, _ in padding_config]
    value = padding_value
    if not is_scalar(value):
        if all(lo <= 0 and hi <= 0 and not i for lo, hi, i in padding_config):
            value = 0
        else:  # a value that is only known at run time: choose by a mask of where the operand's elements are
            mask = pad(F.ones(tuple(operand.shape), dtype="bool"), False, padding_config)
            zero = False if dtype_of(operand) == "bool" else 0
            return F.where(mask, pad(operand, zero, padding_config), value)
    for axis, (_, _, interior) in enumerate(padding_config):
        size = operand.shape[axis]
        if interior and size > 1:
            widths = [(0, 0)] * (operand.ndim + 1)
            widths[axis + 1] = (0, int(interior))
            spread = _pad(F.expand_dims(operand, axis=axis + 1), widths, value)
            shape = list(operand.shape)
            shape[axis] = size * (interior + 1)
            operand = slice_in_dim(F.reshape(spread, tuple(shape)), 0, shape[axis] - interior, axis=axis)
    grow = [(max(lo, 0), max(hi, 0)) for lo, hi in low_high]
    if any(lo or hi for lo, hi in grow):
        operand = _pad(operand, grow, value)
    if any(lo < 0 or hi < 0 for lo, hi in low_high):
        starts = [max(-lo, 0) for lo, _ in low_high]
        limits = [max(n - max(-hi, 0), a) for n, a, (_, hi) in zip(operand.shape, starts, low_high)]
        operand = slice(operand, starts, limits)
    return operand


def _pad(x: Any, widths: list[tuple[int, int]], value: Any) -> Any:
    if dtype_of(x) == "bool":
        return F.astype(F.pad(F.astype(x, "uint8"), widths, value=int(value)), "bool")
    return F.pad(x, widths, value=value)


@frontend.function("jax.lax.copy_p", "jax.lax.stage", "jax.lax.optimization_barrier")
def copy_p(x: Any) -> Any:
    return x
