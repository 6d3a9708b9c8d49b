"""Reading and writing parts of tensors in Paddle, with NumPy's meaning.

Keys with index arrays are reduced to one gather: the indexed axes become one axis, their indices one index into it.
Writing goes through reading: the key, applied to the elements' numbers, says where each value goes.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from ivy.errors import ArgumentError, DtypeError
from ivy.functional._axes import counted
from ivy.functional._key_parts import apart
from ivy.functional._keys import check_key
from ivy_paddle.backend.comparison import truth
from ivy_paddle.backend.creation import asarray
from ivy_paddle.backend.manipulation import (
    astype,
    broadcast_to,
    copy,
    empty_of,
    has_no_elements,
    permute_dims,
    reshape,
)
from ivy_paddle.backend.support import (
    COMPLEX,
    FLOATS,
    HALVES,
    NARROW,
    UNSIGNED,
    WHOLE,
    align,
    from_foreign,
    known_shape,
    moving,
    native_types,
    number,
    restored,
    sizes_of,
    widened,
)
from ivy_paddle.loading import paddle

_WHOLE_AXIS = (slice(None), slice(0, None), slice(None, None, 1), slice(0, None, 1))
_BASIC = (int, slice, type(None), type(Ellipsis))


def _is_plain(part: Any) -> bool:
    kind = type(part)
    return kind in (int, slice) or part is None or part is Ellipsis


def _index(part: Any) -> Any:
    """Turn one part of a key into an int, a slice, None, Ellipsis, an int64 or a bool tensor."""
    if isinstance(part, bool):
        return asarray(part)
    if isinstance(part, _BASIC):
        return part
    if isinstance(part, (list, range)):
        part = asarray(list(part), "int64" if not len(part) else None)
    elif not isinstance(part, native_types()):
        part = from_foreign(part)
    if part.dtype == paddle.bool:
        return part
    if part.dtype not in WHOLE:
        raise ArgumentError(f"an index must be an integer or a boolean, not {part.dtype}", hint="cast it to int64")
    return part.astype(paddle.int64)


def _normal(x: Any, key: Any) -> tuple[Any, list[Any]]:
    """Return `x` and one part for each axis of it (and None for new ones): an int, a slice or an int64 tensor."""
    given = [_index(part) for part in (key if isinstance(key, tuple) else (key,))]
    check_key(x.shape, [part if part is Ellipsis else _asked(part) for part in given])
    x, parts = _with_truths(x, given)
    spread: list[Any] = []
    for part in parts:
        spread += nonzero(part) if hasattr(part, "dtype") and part.dtype == paddle.bool else [part]
    used = sum(p is not None and p is not Ellipsis for p in spread)
    place = next((i for i, p in enumerate(spread) if p is Ellipsis), len(spread))
    return x, [*spread[:place], *[slice(None)] * (x.ndim - used), *spread[place + 1 :]]


def _with_truths(x: Any, parts: list[Any]) -> tuple[Any, list[Any]]:
    """Give `x` the axis of length 1 that a truth without axes stands for; its index is 0, or none at all."""
    for i, part in enumerate(parts):
        if hasattr(part, "dtype") and part.dtype == paddle.bool and not part.ndim:
            after_ellipsis = any(p is Ellipsis for p in parts[:i])
            axis = x.ndim - sum(map(_axes, parts[i + 1 :])) if after_ellipsis else sum(map(_axes, parts[:i]))
            x = reshape(x, [*x.shape[:axis], 1, *x.shape[axis:]])
            parts[i] = nonzero(part.reshape([1]))[0]
    return x, parts


def _asked(part: Any) -> tuple[Any, ...]:
    """Return the lengths of the axes that a part of a key is for, None where any will do."""
    if part is None or part is Ellipsis:
        return ()
    return tuple(part.shape) if hasattr(part, "dtype") and part.dtype == paddle.bool else (None,)


def _axes(part: Any) -> int:
    return len(_asked(part))


def get_item(x: Any, key: Any, /) -> Any:
    if all(map(_is_plain, key)) if type(key) is tuple else _is_plain(key):
        return _basic(*_normal(x, key))
    return _advanced(*_normal(x, key), together=not apart(key))


def _basic(x: Any, parts: list[Any]) -> Any:
    """Take a key of integers, slices and None, which has no index arrays."""
    shape, axis, used = [], 0, False
    for part in parts:
        if part is None:
            shape.append(1)
            continue
        size = x.shape[axis]
        if size == -1:  # not known while a program is built
            if isinstance(part, slice):
                shape.append(sizes_of(x)[axis] if part in _WHOLE_AXIS else -1)
            used = used or part not in _WHOLE_AXIS
        elif isinstance(part, slice):
            shape.append(len(range(*part.indices(size))))
            used = used or shape[-1] != size or (part.step or 1) != 1
        elif not -size <= part < size:
            raise IndexError(f"index {part} is out of bounds for axis {axis} of length {size}")
        else:
            used = True
        axis += 1
    if has_no_elements(shape):
        return empty_of(x, shape)
    if used:
        x = _sliced(x, tuple(_plain_slice(p) for p in parts if p is not None))
    return x if x.ndim == len(shape) and None not in parts else reshape(x, shape)


_sliced = moving(lambda x, key: x[key])


def _plain_slice(part: Any) -> Any:
    """Return a slice whose bounds are what Paddle takes: integers and its own tensors."""
    if not isinstance(part, slice) or all(type(n) in (int, type(None)) for n in (part.start, part.stop, part.step)):
        return part
    bounds = (part.start, part.stop, part.step)
    return slice(*(n if n is None or isinstance(n, native_types()) else operator.index(n) for n in bounds))


def _advanced(x: Any, parts: list[Any], *, together: bool = True) -> Any:
    parts = [part if not isinstance(part, int) else asarray(part) for part in parts]
    places = [i for i, part in enumerate(parts) if hasattr(part, "dtype")]
    plain = [slice(None) if i in places else part for i, part in enumerate(parts)]
    x = _basic(x, plain)  # its axes are now those of `parts`
    lengths = sizes_of(x)
    indices = _spread([_from_zero(parts[i], lengths[i]) for i in places])
    together = together and places[-1] - places[0] == len(places) - 1
    if not together:
        x = permute_dims(x, places + [a for a in range(x.ndim) if a not in places])
    first = places[0] if together else 0
    lengths = sizes_of(x)
    sizes = lengths[first : first + len(places)]
    number = indices[0]
    for index, size in zip(indices[1:], sizes[1:], strict=True):
        number = number * size + index
    before, after = lengths[:first], lengths[first + len(places) :]
    shape = [*before, *sizes_of(number), *after]
    if has_no_elements(shape):
        return empty_of(x, shape)
    merged = x if len(sizes) == 1 else reshape(x, [*before, math.prod(sizes), *after])
    return (
        _gather(merged, number, first)
        if number.ndim == 1
        else reshape(_gather(merged, number.reshape([-1]), first), shape)
    )


_gather = moving(paddle.gather, table={**UNSIGNED, **HALVES})


def _from_zero(index: Any, size: int) -> Any:
    return paddle.where(index < 0, index + size, index)


def _spread(arrays: list[Any]) -> list[Any]:
    """Broadcast arrays against each other."""
    if len({tuple(a.shape) for a in arrays}) < 2:
        return arrays
    shape = _common_shape(*(a.shape for a in arrays))
    return [broadcast_to(a, shape) for a in arrays]


def _common_shape(*shapes: Any) -> list[int]:
    from ivy.functional.manipulation import broadcast_shapes

    return list(broadcast_shapes(*(tuple(s) for s in shapes)))


def _numbers(x: Any) -> Any:
    return reshape(paddle.arange(math.prod(known_shape(x, "writing to elements")), dtype=paddle.int64), x.shape)


def _value(value: Any, x: Any) -> Any:
    """Return what is to be written as a tensor of the dtype of `x`."""
    if type(value) in (bool, int) or (type(value) is float and x.dtype in FLOATS):
        return number(value, x.dtype)  # on the way through float32 digits would be lost
    if type(value) in (float, complex) and x.dtype in COMPLEX:
        return number(value, x.dtype)
    return astype(asarray(value), x.dtype, copy=False)


def _written(x: Any, places: Any, value: Any, mode: str = "set") -> Any:
    """Combine values with the elements of `x` whose numbers in C order are `places`."""
    value = _value(value, x)
    if 0 in places.shape or 0 in x.shape:
        return copy(x)
    if paddle.is_complex(x) and mode in ("set", "add"):
        parts = ((paddle.real(x), paddle.real(value)), (paddle.imag(x), paddle.imag(value)))
        return paddle.complex(*(_written(old, places, new, mode) for old, new in parts))
    if paddle.is_complex(x):  # a product: sizes multiply, angles add
        size = _written(paddle.abs(x), places, paddle.abs(value), mode)
        angle = _written(paddle.angle(x), places, paddle.angle(value), "add")
        return paddle.complex(size * paddle.cos(angle), size * paddle.sin(angle))
    flat, value = widened(reshape(x, [-1])), widened(broadcast_to(value, places.shape))
    flat = _WRITE[mode](flat, places.reshape([-1]), value.reshape([-1]))
    return reshape(restored(flat, x.dtype), x.shape)


def _reducing(reduce: str) -> Callable[..., Any]:
    return lambda flat, places, value: paddle.put_along_axis(flat, places, value, 0, reduce)


_WRITE: dict[str, Callable[..., Any]] = {
    "set": lambda flat, places, value: paddle.scatter(flat, places, value, overwrite=True),
    "add": lambda flat, places, value: paddle.scatter_nd_add(flat, places.unsqueeze(1), value),
    "mul": _reducing("mul"),
    "min": _reducing("amin"),
    "max": _reducing("amax"),
}


def set_item(x: Any, key: Any, value: Any, /) -> Any:
    mask = key[0] if type(key) is tuple and len(key) == 1 else key
    if getattr(mask, "dtype", None) == paddle.bool and mask.ndim and not getattr(value, "ndim", 0):
        if not isinstance(value, (list, tuple)):  # every shape is known: also while a program is being built
            return where(reshape(mask, [*mask.shape, *[1] * (x.ndim - mask.ndim)]), _value(value, x), x)
    return _written(x, get_item(_numbers(x), key), value)


def _at(mode: str) -> Callable[..., Any]:
    def combined(x: Any, key: Any, value: Any, /) -> Any:
        return _written(x, get_item(_numbers(x), key), value, mode)

    return combined


add_at = _at("add")
mul_at = _at("mul")
min_at = _at("min")
max_at = _at("max")


def take(x: Any, indices: Any, /, *, axis: int | None = None) -> Any:
    if axis is None:
        x, axis = reshape(x, [-1] if -1 in x.shape else [math.prod(x.shape)]), 0
    axis = counted(axis, x.ndim)
    if indices.is_floating_point():
        raise DtypeError(f"indices are {indices.dtype}", hint="cast them to int64 with ivy.astype")
    return _advanced(x, [*[slice(None)] * axis, indices.astype(paddle.int64), *[slice(None)] * (x.ndim - axis - 1)])


def _along(x: Any, indices: Any, axis: int) -> Any:
    """Return int64 indices from 0 up, broadcast against the other axes of `x`."""
    indices = _from_zero(indices.astype(paddle.int64), sizes_of(x)[axis])
    others = [1 if a == axis else n for a, n in enumerate(x.shape)]
    return broadcast_to(indices, _common_shape(indices.shape, others))


_take_along = moving(lambda x, indices, axis: paddle.take_along_axis(x, indices, axis, broadcast=False), table=NARROW)


def take_along_axis(x: Any, indices: Any, /, *, axis: int = -1) -> Any:
    axis = counted(axis, x.ndim)
    indices = _along(x, indices, axis)
    if 0 in indices.shape:
        return empty_of(x, indices.shape)
    shape = [n if a == axis else indices.shape[a] for a, n in enumerate(x.shape)]
    x = broadcast_to(x, shape)
    if paddle.is_complex(x):
        return paddle.complex(*(_take_along(part, indices, axis) for part in (paddle.real(x), paddle.imag(x))))
    return _take_along(x, indices, axis)


def put_along_axis(x: Any, indices: Any, values: Any, /, *, axis: int, mode: str = "set") -> Any:
    if mode not in _WRITE:
        raise ArgumentError(f"ivy.put_along_axis has no mode {mode!r}", hint="use set, add, mul, min or max")
    return _written(x, take_along_axis(_numbers(x), indices, axis=axis), values, mode)


def _start(start: Any, size: int, block: int) -> Any:
    if isinstance(start, int):
        return min(max(start + size if start < 0 else start, 0), size - block)
    return paddle.clip(_from_zero(start.astype(paddle.int64).reshape([]), size), 0, size - block)


def dynamic_slice(x: Any, start_indices: Any, sizes: Any, /) -> Any:
    for axis, (start, block) in enumerate(zip(start_indices, sizes, strict=True)):
        size = x.shape[axis] if block == x.shape[axis] else known_shape(x, "a slice at a position")[axis]
        if block == size:
            continue
        first = _start(start, size, block)
        if isinstance(first, int):
            x = get_item(x, (*[slice(None)] * axis, slice(first, first + block)))
        else:
            x = take(x, first + paddle.arange(block, dtype=paddle.int64), axis=axis)
    return x


def dynamic_update_slice(x: Any, update: Any, start_indices: Any, /) -> Any:
    return _written(x, dynamic_slice(_numbers(x), start_indices, update.shape), update)


def nonzero(x: Any, /) -> tuple[Any, ...]:
    places = paddle.nonzero(truth(x))
    return tuple(places[:, axis] for axis in range(x.ndim))


_where = paddle.where


def where(condition: Any, x1: Any, x2: Any, /) -> Any:
    a, b = align(x1, x2)
    found = _where(truth(condition), widened(a), widened(b))
    return found if found.dtype == a.dtype else found.astype(a.dtype)
