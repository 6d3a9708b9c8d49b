"""Reading and writing parts of tensors in TensorFlow, with NumPy's meaning.

TensorFlow slices as NumPy does, but has no index arrays in keys. A key with such arrays is read in two steps: its
slices first, then one gather along the indexed axes, which are merged into one. Writes number the elements: the key,
applied to the numbers, says where each value goes, whatever the key is made of.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from ivy.errors import ArgumentError, DtypeError
from ivy.functional._axes import counted
from ivy.functional._key_parts import apart
from ivy.functional._keys import check_key
from ivy_tensorflow.backend.support import BOOL, align, constant, dims, from_foreign, promoting, read


def _whole(i: Any) -> bool:
    return isinstance(i, (int, np.integer)) and not isinstance(i, (bool, np.bool_))


def _index(part: Any) -> Any:
    """Turn one part of a key into an int, a slice, None, Ellipsis, or a tensor of integers or booleans."""
    if _whole(part):
        return int(part)
    if part is None or part is Ellipsis:
        return part
    if isinstance(part, slice):
        return slice(*(v if v is None or tf.is_tensor(v) else int(v) for v in (part.start, part.stop, part.step)))
    if isinstance(part, (bool, np.bool_)):
        return tf.constant(bool(part))
    if isinstance(part, (list, range)):
        part = np.asarray(part, None if len(part) else np.int64)
    part = tf.convert_to_tensor(part) if tf.is_tensor(part) else from_foreign(part)
    if part.dtype is not tf.bool and not part.dtype.is_integer:
        raise ArgumentError(f"an index must be an integer or a boolean, not {part.dtype.name}", hint="cast it to int64")
    return part


def _positions(mask: Any) -> list[Any]:
    """The indices of the true elements, one array per axis."""
    static = tf.get_static_value(mask)
    if static is not None:
        return [tf.constant(i, tf.int64) for i in np.nonzero(static)]
    return tf.unstack(tf.where(mask), mask.shape.rank, axis=1)


def _asked(part: Any) -> Any:
    """The lengths of the axes that a part of a key is for, None where any will do; Ellipsis as it is."""
    if part is None or part is Ellipsis:
        return () if part is None else part
    return tuple(part.shape) if tf.is_tensor(part) and part.dtype is tf.bool else (None,)


class _OfNewAxis:
    """Positions on an axis of length 1 that a mask without axes makes."""

    def __init__(self, mask: Any) -> None:
        self.positions = tf.where(tf.reshape(mask, (1,)))[:, 0]


def _parts(x: Any, key: Any) -> list[Any]:
    """A key with one part for every axis of `x`, besides new axes; masks as the positions they select."""
    found: list[Any] = []
    given = [*map(_index, key if isinstance(key, tuple) else (key,))]
    check_key(x.shape, [*map(_asked, given)])
    for part in given:
        if tf.is_tensor(part) and part.dtype is tf.bool:
            found += _positions(part) if part.shape.rank else [_OfNewAxis(part)]
        else:
            found.append(part)
    used = sum(p is not None and p is not Ellipsis and not isinstance(p, _OfNewAxis) for p in found)
    at = next((i for i, p in enumerate(found) if p is Ellipsis), len(found))
    found[at : at + 1] = [slice(None)] * (x.shape.rank - used)
    return found


def _from_start(index: Any, size: Any) -> Any:
    """Indices counted from the start, int32 or int64, where negative ones count from the end."""
    static = tf.get_static_value(index) if not tf.executing_eagerly() or index.shape.rank == 0 else None
    if static is not None and not (static < 0).any():
        return tf.constant(static, tf.int64)
    if static is not None and isinstance(size, int):
        return tf.constant(np.where(static < 0, static.astype(np.int64) + size, static), tf.int64)
    if index.dtype not in (tf.int32, tf.int64):
        unsigned = index.dtype.is_unsigned
        index = tf.cast(index, tf.int64)
        if unsigned:
            return index
    return tf.where(index < 0, index + tf.cast(size, index.dtype), index)


def get_item(x: Any, key: Any, /) -> Any:
    x = read(x)
    if all(map(_is_plain, key)) if type(key) is tuple else _is_plain(key):
        return x[key]
    parts = _parts(x, key)
    arrays = [i for i, p in enumerate(parts) if _is_array(p)]
    if not arrays:
        return x[tuple(parts)]
    if len(arrays) > 1 or isinstance(parts[arrays[0]], _OfNewAxis) or parts[arrays[0]].shape.rank:
        # beside an index array an integer is one too
        parts = [tf.constant(p, tf.int64) if isinstance(p, int) else p for p in parts]
        arrays = [i for i, p in enumerate(parts) if _is_array(p)]
    x = x[tuple(None if isinstance(p, _OfNewAxis) else slice(None) if tf.is_tensor(p) else p for p in parts)]
    # where the parts lie in what the slices leave: integers are gone, new axes have come
    places = [sum(not isinstance(p, int) for p in parts[:i]) for i in arrays]
    indices = [getattr(parts[i], "positions", parts[i]) for i in arrays]
    return _gather(x, places, indices, together=not apart(key))


def _is_array(part: Any) -> bool:
    return tf.is_tensor(part) or isinstance(part, _OfNewAxis)


def _is_plain(part: Any) -> bool:
    kind = type(part)
    if kind is slice:
        return all(v is None or type(v) is int for v in (part.start, part.stop, part.step))
    return kind is int or part is None or part is Ellipsis


def _gather(x: Any, axes: list[int], indices: list[Any], *, together: bool = True) -> Any:
    """Read index arrays along some axes; the result has theirs in the first's place, or in front if they lie apart."""
    sizes = [dims(x)[a] for a in axes]
    indices = [_from_start(i, n) for i, n in zip(indices, sizes, strict=True)]
    if len(axes) == 1:
        return tf.gather(x, indices[0], axis=axes[0])
    if len({i.dtype for i in indices}) > 1:
        indices = [tf.cast(i, tf.int64) for i in indices]
    together = together and axes == list(range(axes[0], axes[0] + len(axes)))
    if not together:
        x = tf.transpose(x, [*axes, *(a for a in range(x.shape.rank) if a not in axes)])
    place = axes[0] if together else 0
    flat = indices[0]
    for index, size in zip(indices[1:], sizes[1:], strict=True):
        flat = flat * tf.cast(size, flat.dtype) + index
    shape = dims(x)
    merged = tf.reshape(x, (*shape[:place], math.prod(sizes), *shape[place + len(axes) :]))
    return tf.gather(merged, flat, axis=place)


# Writing


def _numbers(x: Any) -> Any:
    size = math.prod(dims(x))
    wide = isinstance(size, int) and size >= 2**31
    return tf.reshape(tf.range(size, dtype=tf.int64 if wide else tf.int32), dims(x))


def _value(value: Any, dtype: Any) -> Any:
    if not tf.is_tensor(value):
        if not isinstance(value, (bool, int, float, complex)):
            value = from_foreign(value) if hasattr(value, "dtype") else tf.convert_to_tensor(value)
        else:
            return constant(value, dtype)
    if value.dtype.is_complex and not dtype.is_complex:
        value = tf.math.real(value)
    return tf.cast(value, dtype)


def _set(x: Any, places: Any, value: Any) -> Any:
    return tf.tensor_scatter_nd_update(x, places, value)


def _multiply(x: Any, places: Any, value: Any) -> Any:
    # the products of what goes to the same place; 1 where nothing does
    return x * tf.math.unsorted_segment_prod(value, places[:, 0], dims(x)[0])


_SCATTER: dict[str, Callable[..., Any]] = {
    "set": _set,
    "add": tf.tensor_scatter_nd_add,
    "mul": _multiply,
    "min": tf.tensor_scatter_nd_min,
    "max": tf.tensor_scatter_nd_max,
}


def _scatter(x: Any, numbers: Any, value: Any, mode: str) -> Any:
    """Combine `value` with the elements of `x` whose numbers in C order are `numbers`."""
    value = tf.broadcast_to(_value(value, x.dtype), tf.shape(numbers) if None in numbers.shape else numbers.shape)
    if 0 in numbers.shape or 0 in x.shape:
        return tf.identity(x)
    dtype = x.dtype
    if mode != "set" and dtype in BOOL:
        x, value = tf.cast(x, BOOL[dtype]), tf.cast(value, BOOL[dtype])
    places = tf.reshape(numbers, (-1, 1))
    flat = _SCATTER[mode](tf.reshape(x, (-1,)), places, tf.reshape(value, (-1,)))
    return tf.cast(tf.reshape(flat, dims(x)), dtype)


def _at(mode: str) -> Callable[..., Any]:
    def combined(x: Any, key: Any, value: Any, /) -> Any:
        x = read(x)
        chosen = _choice(x, key, value)
        if chosen is not None:  # a mask can't select where shapes are static, but it can choose
            value = _value(value, x.dtype)
            return tf.where(chosen, value if mode == "set" else _ELEMENTWISE[mode](x, value), x)
        return _scatter(x, get_item(_numbers(x), key), value, mode)

    return combined


_ELEMENTWISE = {
    "add": promoting(tf.add),
    "mul": promoting(tf.multiply),
    "min": promoting(tf.minimum),
    "max": promoting(tf.maximum),
}


def _choice(x: Any, key: Any, value: Any) -> Any:
    """The elements that a key of one mask chooses to receive one value, in the shape of `x`; None for other keys."""
    if not tf.is_tensor(key) or key.dtype is not tf.bool or not key.shape.rank:
        return None
    if getattr(value, "shape", ()) != ():
        return None
    mask = tf.reshape(key, (*key.shape, *(1,) * (x.shape.rank - key.shape.rank)))
    return tf.broadcast_to(mask, dims(x))


add_at = _at("add")
mul_at = _at("mul")
min_at = _at("min")
max_at = _at("max")
_set_at = _at("set")


def set_item(x: Any, key: Any, value: Any, /) -> Any:
    x = read(x)
    if None not in x.shape and (all(map(_is_plain, key)) if type(key) is tuple else _is_plain(key)):
        return _write_block(x, key if type(key) is tuple else (key,), value)
    return _set_at(x, key, value)


def _write_block(x: Any, key: Any, value: Any) -> Any:
    """Write at a key of integers and slices, which chooses a block that a strided slice can name."""
    axes = [p for p in _parts(x, key) if p is not None]
    begin, end, step, flipped, shape = [], [], [], [], []
    for axis, (part, size) in enumerate(zip(axes, x.shape, strict=True)):
        if isinstance(part, int) and not -size <= part < size:
            raise IndexError(f"index {part} is out of bounds for axis {axis} with size {size}")
        walk = range(*part.indices(size)) if isinstance(part, slice) else range(part % size, part % size + 1)
        if walk.step < 0:
            flipped.append(axis)
            walk = walk[::-1]
        begin.append(walk.start if walk else 0)
        end.append(walk[-1] + 1 if walk else 0)
        step.append(walk.step)
        shape.append(len(walk))
    if 0 in shape:
        return tf.identity(x)
    value = _value(value, x.dtype)
    wanted = x[key].shape
    block = tf.reshape(tf.broadcast_to(value, wanted), shape)
    block = tf.reverse(block, flipped) if flipped else block
    if shape == list(x.shape):
        return block
    if any(s != 1 for s in step):  # compilers write whole blocks only
        return _scatter(x, _numbers(x)[tuple(slice(*w) for w in zip(begin, end, step, strict=True))], block, "set")
    return tf.raw_ops.TensorStridedSliceUpdate(input=x, begin=begin, end=end, strides=step, value=block)


def take(x: Any, indices: Any, /, *, axis: int | None = None) -> Any:
    if axis is None:
        x, axis = tf.reshape(x, (-1,)), 0
    axis = counted(axis, x.shape.rank)
    if not (indices := tf.convert_to_tensor(indices)).dtype.is_integer:
        raise DtypeError(f"indices are {indices.dtype.name}", hint="cast them to int64 with ivy.astype")
    return tf.gather(x, _from_start(_index(indices), dims(x)[axis]), axis=axis)


def _along(x: Any, indices: Any, axis: int) -> tuple[Any, Any]:
    """`x` and its indices from 0 up, broadcast against each other on all axes but one."""
    indices = _from_start(indices, dims(x)[axis])
    known = zip(x.shape, indices.shape, dims(x), dims(indices), strict=True)
    shape = [
        1 if a == axis else 0 if 0 in (m, n) else there if m == 1 else here
        for a, (m, n, here, there) in enumerate(known)
    ]

    def spread(y: Any) -> Any:
        wanted = [dims(y)[axis] if a == axis else n for a, n in enumerate(shape)]
        return y if None not in y.shape and list(y.shape) == wanted else tf.broadcast_to(y, wanted)

    return spread(x), spread(indices)


def take_along_axis(x: Any, indices: Any, /, *, axis: int = -1) -> Any:
    rank = x.shape.rank
    axis = counted(axis, rank)
    x, indices = _along(read(x), indices, axis)
    last = rank - 1
    if axis == last:
        return tf.gather(x, indices, axis=last, batch_dims=last)
    order = [*(a for a in range(rank) if a != axis), axis]
    back = [order.index(a) for a in range(rank)]
    found = tf.gather(tf.transpose(x, order), tf.transpose(indices, order), axis=last, batch_dims=last)
    return tf.transpose(found, back)


def put_along_axis(x: Any, indices: Any, values: Any, /, *, axis: int, mode: str = "set") -> Any:
    if mode not in _SCATTER:
        raise ArgumentError(f"ivy.put_along_axis has no mode {mode!r}", hint="use set, add, mul, min or max")
    return _scatter(read(x), take_along_axis(_numbers(x), indices, axis=axis), values, mode)


def _starts(x: Any, start_indices: Any, sizes: Any) -> list[Any]:
    """Where a block begins on every axis: within the tensor, negative ones counted from the end."""
    found: list[Any] = []
    for start, size, block in zip(start_indices, dims(x), sizes, strict=True):
        if isinstance(start, int) and isinstance(size, int) and isinstance(block, int):
            found.append(min(max(start + size if start < 0 else start, 0), size - block))
        else:
            first = tf.reshape(_from_start(tf.convert_to_tensor(_index(start)), size), ())
            found.append(tf.clip_by_value(tf.cast(first, tf.int32), 0, size - block))
    return found


def dynamic_slice(x: Any, start_indices: Any, sizes: Any, /) -> Any:
    return tf.slice(x, _starts(x, start_indices, sizes), list(sizes)) if len(sizes) else tf.convert_to_tensor(x)


def dynamic_update_slice(x: Any, update: Any, start_indices: Any, /) -> Any:
    update = tf.cast(update, x.dtype)
    starts = _starts(x, start_indices, dims(update))
    if not starts or (None not in x.shape and list(update.shape) == list(x.shape)):
        return tf.identity(update)
    if 0 in list(update.shape):
        return tf.identity(read(x))
    if None not in x.shape and all(isinstance(s, int) for s in starts):
        key = tuple(slice(s, s + n) for s, n in zip(starts, update.shape, strict=True))
        return _write_block(read(x), key, update)
    numbers, stride = tf.zeros((), tf.int32), math.prod(dims(x))
    for axis, (start, block) in enumerate(zip(starts, dims(update), strict=True)):
        stride //= dims(x)[axis]
        along = (start + tf.range(block)) * stride
        numbers += tf.reshape(along, [-1 if a == axis else 1 for a in range(len(starts))])
    return _scatter(read(x), numbers, update, "set")


def nonzero(x: Any, /) -> tuple[Any, ...]:
    truth = x if x.dtype is tf.bool else x != tf.zeros((), x.dtype)
    return tuple(_positions(truth))


def where(condition: Any, x1: Any, x2: Any, /) -> Any:
    x1, x2 = align(x1, x2)
    return tf.where(condition if condition.dtype is tf.bool else condition != 0, x1, x2)
