"""Changing the shape, order, dtype and extent of tensors in TensorFlow."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import tensorflow as tf

from ivy.errors import ShapeError
from ivy.functional._axes import counted, distinct
from ivy.functional._padding import pad_positions
from ivy_tensorflow.backend.creation import _cast, _place
from ivy_tensorflow.backend.support import align, constant, dims, native_dtype


def _axes(axis: Any) -> tuple[int, ...]:
    return (axis,) if isinstance(axis, int) else tuple(axis)


def reshape(x: Any, /, shape: Any, *, copy: bool | None = None) -> Any:
    return tf.reshape(x, _axes(shape))  # tensors can't be written to, so sharing memory or not makes no difference


def permute_dims(x: Any, /, axes: Any) -> Any:
    return tf.transpose(x, [counted(a, x.shape.rank) for a in axes])


permute_dims.same_dtype = tf.transpose  # type: ignore[attr-defined]
permute_dims.applies = lambda dtype, scalars: True  # type: ignore[attr-defined]


def expand_dims(x: Any, /, axis: Any) -> Any:
    if isinstance(axis, int):
        return tf.expand_dims(x, axis)
    rank = x.shape.rank + len(axis)
    for place in distinct(axis, rank):
        x = tf.expand_dims(x, place)
    return x


def squeeze(x: Any, /, axis: Any = None) -> Any:
    if axis is None:
        return tf.squeeze(x)
    axes = distinct(_axes(axis), x.shape.rank)
    for a in axes:
        if x.shape[a] != 1:
            raise ShapeError(f"can't remove axis {a} of shape {tuple(x.shape)}: its length is {x.shape[a]}, not 1")
    return tf.squeeze(x, axes) if axes else tf.convert_to_tensor(x)  # no axes would mean all


def broadcast_to(x: Any, /, shape: Any) -> Any:
    return tf.broadcast_to(x, _axes(shape))


def swapaxes(x: Any, axis1: int, axis2: int, /) -> Any:
    axes = list(range(x.shape.rank))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return tf.transpose(x, axes)


def matrix_transpose(x: Any, /) -> Any:
    return tf.linalg.matrix_transpose(x)


def concat(arrays: Any, /, *, axis: int | None = 0) -> Any:
    arrays = align(*arrays)
    return tf.concat([tf.reshape(x, (-1,)) for x in arrays], 0) if axis is None else tf.concat(arrays, axis)


def stack(arrays: Any, /, *, axis: int = 0) -> Any:
    return tf.stack(align(*arrays), axis)


def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    return tuple(tf.unstack(x, axis=axis))


def split(x: Any, /, indices_or_sections: Any, *, axis: int = 0) -> list[Any]:
    size = x.shape[axis]
    if size is None or (not isinstance(indices_or_sections, int) and any(map(tf.is_tensor, indices_or_sections))):
        return _split_unknown(x, indices_or_sections, counted(axis, x.shape.rank))
    if not isinstance(indices_or_sections, int):
        edges = [min(max(i + size if i < 0 else i, 0), size) for i in indices_or_sections]
        edges = [0, *edges, size]
        sizes = [max(b - a, 0) for a, b in itertools.pairwise(edges)]
        if sum(sizes) == size:
            return list(tf.split(x, sizes, axis))
        before = (slice(None),) * (counted(axis, x.shape.rank))
        return [x[(*before, slice(a, max(a, b)))] for a, b in itertools.pairwise(edges)]
    if size % indices_or_sections:
        raise ShapeError(
            f"an axis of length {size} can't be split into {indices_or_sections} equal parts",
            hint="give the positions at which new parts begin",
        )
    return list(tf.split(x, indices_or_sections, axis))


def _split_unknown(x: Any, indices_or_sections: Any, axis: int) -> list[Any]:
    """Split an axis whose size is not known while a graph is made."""
    if isinstance(indices_or_sections, int):
        return list(tf.split(x, indices_or_sections, axis))
    edges = [0, *indices_or_sections, None]
    return [x[(*(slice(None),) * axis, slice(a, b))] for a, b in itertools.pairwise(edges)]


def flip(x: Any, /, *, axis: Any = None) -> Any:
    rank = x.shape.rank
    return tf.reverse(x, list(range(rank)) if axis is None else [counted(a, rank) for a in _axes(axis)])


def roll(x: Any, /, shift: Any, *, axis: Any = None) -> Any:
    if axis is None:
        return tf.reshape(tf.roll(tf.reshape(x, (-1,)), sum(_axes(shift)), 0), dims(x))
    axes, shifts = _axes(axis), _axes(shift)
    return tf.roll(x, shifts * len(axes) if len(shifts) == 1 else shifts, axes) if axes else tf.identity(x)


def repeat(x: Any, repeats: Any, /, *, axis: int | None = None) -> Any:
    if axis is None:
        x, axis = tf.reshape(x, (-1,)), 0
    axis = counted(axis, x.shape.rank)
    if isinstance(repeats, int) or (tf.is_tensor(repeats) and not repeats.shape.rank):
        wide = tf.expand_dims(x, axis + 1)
        shape = (*dims(x)[: axis + 1], repeats, *dims(x)[axis + 1 :])
        merged = (*dims(x)[:axis], dims(x)[axis] * repeats, *dims(x)[axis + 1 :])
        return tf.reshape(tf.broadcast_to(wide, shape), merged)
    counts = tf.get_static_value(repeats)
    if counts is not None and x.shape[axis] is not None:  # a result of known shape, also in a graph
        counts = np.broadcast_to(counts, (x.shape[axis],))
        return tf.gather(x, np.repeat(np.arange(x.shape[axis]), counts), axis=axis)
    return tf.repeat(x, repeats, axis)


def tile(x: Any, repetitions: Any, /) -> Any:
    counts = _axes(repetitions)
    rank = max(len(counts), x.shape.rank)
    x = tf.reshape(x, (1,) * (rank - x.shape.rank) + dims(x))
    counts = (1,) * (rank - len(counts)) + counts
    if x.dtype is tf.uint16:
        return tf.bitcast(tf.tile(tf.bitcast(x, tf.int16), counts), tf.uint16)
    return tf.tile(x, counts)


def pad(x: Any, /, pad_width: Any, *, mode: str = "constant", value: float = 0.0) -> Any:
    widths = [(int(low), int(high)) for low, high in pad_width]
    if len(widths) != x.shape.rank:
        raise ShapeError(f"pad_width has {len(widths)} pairs for an array with {x.shape.rank} axes")
    if mode != "constant":
        for axis, (low, high) in enumerate(widths):
            if low or high:
                x = tf.gather(x, np.asarray(pad_positions(mode, x.shape[axis], low, high), np.int32), axis=axis)
        return x
    if any(n < 0 for pair in widths for n in pair):
        cuts = [slice(max(0, -low), size - max(0, -high)) for (low, high), size in zip(widths, x.shape, strict=True)]
        x, widths = x[tuple(cuts)], [(max(low, 0), max(high, 0)) for low, high in widths]
    if not any(map(any, widths)):
        return tf.convert_to_tensor(x)
    filler = value if tf.is_tensor(value) else constant(value, x.dtype)
    return tf.pad(x, widths) if isinstance(value, (int, float)) and not value else tf.pad(x, widths, "CONSTANT", filler)


def spread_out(x: Any, axis: int, b: int, filler: Any) -> Any:
    """Put a filler between the values along an axis, so that they are `b` apart."""
    size = x.shape[axis]
    wide = pad(
        tf.expand_dims(x, axis + 1),
        [(0, b - 1) if a == axis + 1 else (0, 0) for a in range(x.shape.rank + 1)],
        value=filler,
    )
    x = tf.reshape(wide, (*dims(x)[:axis], size * b, *dims(x)[axis + 1 :]))
    return x[(*(slice(None),) * axis, slice(0, max((size - 1) * b + 1, 0)))]


def tril(x: Any, /, *, k: int = 0) -> Any:
    if k >= 0:
        return tf.linalg.band_part(x, -1, k if None in x.shape[-2:] else min(k, x.shape[-1]))
    return tf.where(_below(x, k), x, tf.zeros((), x.dtype))


def triu(x: Any, /, *, k: int = 0) -> Any:
    if k <= 0:
        return tf.linalg.band_part(x, -k if None in x.shape[-2:] else min(-k, x.shape[-2]), -1)
    return tf.where(_below(x, k - 1), tf.zeros((), x.dtype), x)


def _below(x: Any, k: int) -> Any:
    """Where a matrix lies on or below its k-th diagonal."""
    if None not in x.shape[-2:]:
        return tf.constant(np.tri(x.shape[-2], x.shape[-1], k, dtype=bool))
    rows, columns = dims(x)[-2:]
    return tf.range(columns) <= tf.range(rows)[:, None] + k


def diagonal(x: Any, /, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    rank = x.shape.rank
    rows, columns = counted(axis1, rank), counted(axis2, rank)
    order = [a for a in range(rank) if a not in (rows, columns)] + [rows, columns]
    x = x if order == list(range(rank)) else tf.transpose(x, order)
    m, n = x.shape[-2:]
    # TensorFlow forgets which axis is empty
    if None not in (m, n) and (not -m < offset < n or 0 in x.shape):
        return tf.zeros((*dims(x)[:-2], max(min(m + min(offset, 0), n - max(offset, 0)), 0)), x.dtype)
    return tf.linalg.diag_part(x, k=offset)


def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Any:
    with _place(device):
        found = _cast(x, native_dtype(dtype))
        return found if device is None else tf.identity(found)


def copy(x: Any, /) -> Any:
    return tf.identity(x)


def bitcast(x: Any, dtype: Any, /) -> Any:
    dtype = native_dtype(dtype)
    if dtype is tf.bool or x.dtype is tf.bool:
        # a boolean is a byte, 0 or 1
        found = tf.cast(x, tf.uint8) if x.dtype is tf.bool else x
        found = bitcast(found, "uint8") if dtype is tf.bool else bitcast(found, dtype)
        return found != 0 if dtype is tf.bool else found
    if dtype.size == x.dtype.size:
        return tf.bitcast(x, dtype)
    factor = x.dtype.size // dtype.size
    if factor:
        return tf.reshape(tf.bitcast(x, dtype), (*dims(x)[:-1], x.shape[-1] * factor))
    factor = dtype.size // x.dtype.size
    return tf.bitcast(tf.reshape(x, (*dims(x)[:-1], x.shape[-1] // factor, factor)), dtype)
