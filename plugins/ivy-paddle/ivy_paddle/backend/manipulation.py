"""Changing the shape, order, dtype and extent of tensors in Paddle."""

from __future__ import annotations

import itertools
import math
import operator
from typing import Any

from ivy.backend import body_of
from ivy.dtypes import as_dtype
from ivy.errors import ShapeError
from ivy.functional import manipulation as core
from ivy.functional._axes import counted, distinct
from ivy_paddle.backend.support import (
    COMPLEX,
    HALVES,
    NARROW,
    UNSIGNED,
    align,
    cast,
    described_as,
    is_value,
    moving,
    native_dtype,
    placed,
    restored,
    widened,
)
from ivy_paddle.loading import paddle

_pad_body = body_of(core.pad, "paddle")
_split_body = body_of(core.split, "paddle")


def _axes(axis: Any) -> list[int]:
    return [axis] if isinstance(axis, int) else list(axis)


def has_no_elements(sizes: Any) -> bool:
    """Tell whether a size is 0; one that is a value of a program is taken for not."""
    return any(isinstance(n, int) and n == 0 for n in sizes)


def _is_shape(x: Any, sizes: list[Any]) -> bool:
    """Tell whether these are known to be the sizes of `x`."""
    return all(isinstance(n, int) for n in sizes) and list(x.shape) == sizes


def empty_of(x: Any, shape: Any) -> Any:
    """Return an array without elements of this shape, of the dtype of `x`."""
    return paddle.zeros(list(shape), paddle.int32).astype(x.dtype)


_reshape = moving(paddle.reshape)


def reshape(x: Any, /, shape: Any, *, copy: bool | None = None) -> Any:
    sizes = _axes(shape)
    if 0 in x.shape or has_no_elements(sizes):  # Paddle reads 0 as "the size that is there"
        return _reshape_empty(x, sizes)
    result = _reshape(x, sizes)
    return paddle.clone(result) if copy else result


def _reshape_empty(x: Any, sizes: list[int]) -> Any:
    known = math.prod(n for n in sizes if n != -1)
    if math.prod(x.shape) or sizes.count(-1) > 1 or (known == 0) == (-1 in sizes):
        raise ShapeError(f"an array of shape {tuple(x.shape)} can't have the shape {tuple(sizes)}")
    return empty_of(x, [0 if n == -1 else n for n in sizes])


_transpose = moving(paddle.transpose)


def permute_dims(x: Any, /, axes: Any) -> Any:
    order = [counted(a, x.ndim) for a in axes] if x.ndim else []
    if sorted(order) != list(range(x.ndim)):
        raise ShapeError(f"{tuple(axes)} is no order of the {x.ndim} axes of an array of shape {tuple(x.shape)}")
    return _transpose(x, order) if order else x


_unsqueeze = moving(paddle.unsqueeze)


def expand_dims(x: Any, /, axis: Any) -> Any:
    axes = _axes(axis)
    rank = x.ndim + len(axes)
    if any(not -rank <= a < rank for a in axes):
        raise ShapeError(f"axis {axis} is out of bounds for a result with {rank} axes")
    for place in distinct(axes, rank):
        x = _unsqueeze(x, place)
    return x


_squeeze = moving(paddle.squeeze)


def squeeze(x: Any, /, axis: Any = None) -> Any:
    axes = [a for a, n in enumerate(x.shape) if n == 1] if axis is None else distinct(_axes(axis), x.ndim)
    for a in axes:
        if x.shape[a] != 1:
            raise ShapeError(f"can't remove axis {a} of shape {tuple(x.shape)}: its length is {x.shape[a]}, not 1")
    return _squeeze(x, axes) if axes else x


_broadcast_to = moving(paddle.broadcast_to)


def broadcast_to(x: Any, /, shape: Any) -> Any:
    sizes = _axes(shape)
    if has_no_elements(sizes):
        if core.broadcast_shapes(tuple(x.shape), tuple(sizes)) != tuple(sizes):
            raise ShapeError(f"an array of shape {tuple(x.shape)} does not broadcast to {tuple(sizes)}")
        return empty_of(x, sizes)
    return x if _is_shape(x, sizes) else _broadcast_to(x, sizes)


def swapaxes(x: Any, axis1: int, axis2: int, /) -> Any:
    order = list(range(x.ndim))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return permute_dims(x, order)


def moveaxis(x: Any, source: Any, destination: Any, /) -> Any:
    sources = [counted(a, x.ndim) for a in _axes(source)]
    places = [counted(a, x.ndim) for a in _axes(destination)]
    rest = iter(a for a in range(x.ndim) if a not in sources)
    moved = dict(zip(places, sources, strict=True))
    return permute_dims(x, [moved[i] if i in moved else next(rest) for i in range(x.ndim)])


def matrix_transpose(x: Any, /) -> Any:
    return swapaxes(x, -1, -2)


def _joined(fn: Any, arrays: Any, axis: int) -> Any:
    # Paddle's derivatives have no kernels for half precision
    return restored(fn([widened(x, {**UNSIGNED, **HALVES}) for x in arrays], axis), arrays[0].dtype)


def concat(arrays: Any, /, *, axis: int | None = 0) -> Any:
    arrays = align(*arrays)
    if axis is None:
        arrays, axis = [reshape(x, -1) if math.prod(x.shape) else reshape(x, 0) for x in arrays], 0
    return _joined(paddle.concat, arrays, axis)


def stack(arrays: Any, /, *, axis: int = 0) -> Any:
    return _joined(paddle.stack, align(*arrays), axis)


def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    if x.dtype in UNSIGNED:
        return tuple(part.astype(x.dtype) for part in paddle.unbind(x.astype(UNSIGNED[x.dtype]), axis))
    return tuple(paddle.unbind(x, axis)) if x.shape[axis] else ()


def split(x: Any, /, indices_or_sections: Any, *, axis: int = 0) -> list[Any]:
    size = x.shape[axis]
    if isinstance(indices_or_sections, int) and indices_or_sections and size and size % indices_or_sections == 0:
        sections = [size // indices_or_sections] * indices_or_sections
    elif isinstance(indices_or_sections, int):
        return list(_split_body(x, indices_or_sections, axis=axis))
    else:
        marks = [0, *(int(i) for i in indices_or_sections), size]
        sections = [b - a for a, b in itertools.pairwise(marks)]
    if x.dtype in UNSIGNED or min(sections) <= 0:
        return list(_split_body(x, indices_or_sections, axis=axis))
    return list(paddle.split(x, sections, axis))


_flip = moving(paddle.flip, table=NARROW)


def flip(x: Any, /, *, axis: Any = None) -> Any:
    axes = list(range(x.ndim)) if axis is None else distinct(_axes(axis), x.ndim)
    return _flip(x, axes) if axes and 0 not in x.shape else x


_roll = moving(paddle.roll, table=NARROW)


def roll(x: Any, /, shift: Any, *, axis: Any = None) -> Any:
    if 0 in x.shape:
        return x
    if axis is None:
        return reshape(_roll(reshape(x, -1), shift), x.shape)
    axes, shifts = _axes(axis), _axes(shift)
    if not axes:
        return x
    return _roll(x, shifts * len(axes) if len(shifts) == 1 else shifts, axes)


_repeat = moving(paddle.repeat_interleave, table=NARROW)


def repeat(x: Any, repeats: Any, /, *, axis: int | None = None) -> Any:
    if axis is None:
        x, axis = reshape(x, -1) if math.prod(x.shape) else reshape(x, 0), 0
    axis = counted(axis, x.ndim)
    if isinstance(repeats, int) or repeats.size == 1:
        times = repeats if isinstance(repeats, int) else int(repeats.astype(paddle.int64).reshape([]))
        sizes = [*x.shape[: axis + 1], times, *x.shape[axis + 1 :]]
        shape = [n * times if a == axis else n for a, n in enumerate(x.shape)]
        return reshape(broadcast_to(expand_dims(x, axis + 1), sizes), shape)
    repeats = repeats.astype(paddle.int64)
    if x.dtype in COMPLEX:
        return paddle.complex(_repeat(paddle.real(x), repeats, axis), _repeat(paddle.imag(x), repeats, axis))
    return _repeat(x, repeats, axis)


_tile = moving(paddle.tile, table=NARROW)


def tile(x: Any, repetitions: Any, /) -> Any:
    times = _axes(repetitions)
    rank = max(len(times), x.ndim)
    times = [1] * (rank - len(times)) + times
    sizes = [1] * (rank - x.ndim) + list(x.shape)
    shape = [n * t for n, t in zip(sizes, times, strict=True)]
    if 0 in shape:
        return empty_of(x, shape)
    return _tile(x, times) if times else x


def pad(x: Any, /, pad_width: Any, *, mode: str = "constant", value: float = 0.0) -> Any:
    widths = [(int(low), int(high)) for low, high in pad_width]
    if len(widths) != x.ndim:
        raise ShapeError(f"pad_width has {len(widths)} pairs for an array with {x.ndim} axes")
    if mode != "constant" or 0 in x.shape or not x.ndim:
        return _pad_body(x, widths, mode=mode, value=value)
    if any(n < 0 for pair in widths for n in pair):
        key = tuple(slice(max(-lo, 0), n - max(-hi, 0)) for n, (lo, hi) in zip(x.shape, widths, strict=True))
        return pad(_sliced(x, key), [(max(lo, 0), max(hi, 0)) for lo, hi in widths], value=value)
    if x.dtype in (paddle.float32, paddle.float64):
        flat = [n for pair in widths for n in pair]
        return paddle.nn.functional.pad(x, flat, value=float(value), pad_from_left_axis=True) if any(flat) else x
    return _pad_body(x, widths, mode=mode, value=value)


_sliced = moving(operator.getitem)
_tril = moving(paddle.tril, table=NARROW)
_triu = moving(paddle.triu, table=NARROW)


def tril(x: Any, /, *, k: int = 0) -> Any:
    return _tril(x, k)


def triu(x: Any, /, *, k: int = 0) -> Any:
    return _triu(x, k)


_diagonal = moving(paddle.diagonal)


def diagonal(x: Any, /, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    rows, columns = x.shape[axis1], x.shape[axis2]
    if min(rows + min(offset, 0), columns - max(offset, 0)) <= 0:
        rest = [n for a, n in enumerate(x.shape) if a not in (counted(axis1, x.ndim), counted(axis2, x.ndim))]
        return empty_of(x, [*rest, 0])
    return _diagonal(x, offset, axis1, axis2)


def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: str | None = None) -> Any:
    wanted = native_dtype(dtype)
    if x.dtype in COMPLEX and wanted not in COMPLEX:
        x = (paddle.real(x) != 0) | (paddle.imag(x) != 0) if wanted == paddle.bool else paddle.real(x)
    if x.dtype == wanted:
        x = _clone(x) if copy else x
    else:
        x = cast(x, wanted)
    return placed(x, device)


_clone = moving(paddle.clone)


def copy(x: Any, /) -> Any:
    return _clone(x)


_SIGNED = {paddle.uint16: paddle.int16, paddle.uint32: paddle.int32, paddle.uint64: paddle.int64}


def _signed(x: Any) -> Any:
    """Return the bits of wide unsigned integers, which Paddle cannot view, as signed ones of the same size."""
    wanted = _SIGNED.get(x.dtype)
    if wanted is None:
        return x
    wide, bits = x.astype(paddle.int64), as_dtype(x.dtype).bits
    if bits < 64:
        wide = paddle.where(wide >= 1 << (bits - 1), wide - (1 << bits), wide)
    return wide.astype(wanted)


def _unsigned(x: Any, dtype: Any) -> Any:
    """Go the way back."""
    if x.dtype == dtype:
        return x
    wide, bits = x.astype(paddle.int64), as_dtype(dtype).bits
    if bits < 64:
        wide = paddle.where(wide < 0, wide + (1 << bits), wide)
    return wide.astype(dtype)


def bitcast(x: Any, dtype: Any, /) -> Any:
    wanted = native_dtype(dtype)
    if x.dtype == wanted:
        return x
    if not is_value(x) and x.size:
        return _unsigned(_signed(x).contiguous().view(_SIGNED.get(wanted, wanted)), wanted)
    shape = list(x.shape)
    if shape:
        shape[-1] = shape[-1] * as_dtype(x.dtype).bits // as_dtype(wanted).bits
    if not is_value(x):
        return paddle.zeros(shape, UNSIGNED.get(wanted, wanted)).astype(wanted)
    return described_as(shape, wanted, "reading the bits of an array as another dtype")
