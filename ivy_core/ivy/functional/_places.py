"""Bodies of functions that read and write at computed places: from `get_item`, `set_item`, `add_at` and `where`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy.functional._rearranging import ALL, axes_of, sliced


def _indices(x: Any) -> Any:
    return x if hasattr(x, "dtype") else F.asarray(x, dtype="int64")


def take(x: Any, indices: Any, /, *, axis: int | None = None) -> Any:
    if axis is None:
        x, axis = F.reshape(x, (-1,)), 0
    return F.get_item(x, (*(ALL,) * axes_of(axis, x.ndim)[0], _indices(indices)))


def _along(axis: int, rank: int) -> tuple[int, ...]:
    return tuple(-1 if a == axis else 1 for a in range(rank))


def _grid(x: Any, indices: Any, axis: int) -> tuple[Any, ...]:
    """Return the key that matches `indices` along `axis` with all other axes."""
    (axis,) = axes_of(axis, x.ndim)
    key = [F.reshape(F.arange(size, dtype="int64"), _along(a, x.ndim)) for a, size in enumerate(x.shape)]
    key[axis] = indices
    return tuple(key)


def take_along_axis(x: Any, indices: Any, /, *, axis: int = -1) -> Any:
    return F.get_item(x, _grid(x, indices, axis))


def put_along_axis(x: Any, indices: Any, values: Any, /, *, axis: int, mode: str = "set") -> Any:
    modes = {"set": F.set_item, "add": F.add_at, "mul": F.mul_at, "min": F.min_at, "max": F.max_at}
    if mode not in modes:
        raise ArgumentError(f"ivy.put_along_axis has no mode {mode!r}", hint="use set, add, mul, min or max")
    return modes[mode](x, _grid(x, indices, axis), values)


def _start(start: Any, size: int, width: int) -> Any:
    """Return where a block begins: an integer, or an array where that is computed."""
    if isinstance(start, int):
        return min(max(start + size if start < 0 else start, 0), size - width)
    start = F.astype(start, "int64")
    return F.clip(F.where(F.less(start, 0), F.add(start, size), start), 0, size - width)


def dynamic_slice(x: Any, start_indices: Sequence[Any], sizes: Sequence[int], /) -> Any:
    for axis, (start, width) in enumerate(zip(start_indices, sizes, strict=True)):
        first = _start(start, x.shape[axis], width)
        if isinstance(first, int):
            x = sliced(x, axis, slice(first, first + width))
        else:
            x = F.take(x, F.add(F.arange(width, dtype="int64"), first), axis=axis)
    return x


def dynamic_update_slice(x: Any, update: Any, start_indices: Sequence[Any], /) -> Any:
    firsts = [_start(s, size, width) for s, size, width in zip(start_indices, x.shape, update.shape, strict=True)]
    if all(isinstance(first, int) for first in firsts):
        return F.set_item(x, tuple(slice(a, a + n) for a, n in zip(firsts, update.shape, strict=True)), update)
    key = [F.add(F.arange(width, dtype="int64"), first) for width, first in zip(update.shape, firsts, strict=True)]
    return F.set_item(x, tuple(F.reshape(k, _along(a, x.ndim)) for a, k in enumerate(key)), update)


def _combining(combine: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Make the function that combines elements with all values which are meant for them.

    The values are sorted by their place. Those of one place are then combined in a logarithmic number of steps, and
    the last one of each place, which stands for all, is written; the others go to a place past the end.
    """

    def at(x: Any, key: Any, value: Any, /) -> Any:
        size, dtype = math.prod(x.shape), dtype_of(x)
        places = F.get_item(F.reshape(F.arange(size, dtype="int64"), tuple(x.shape)), key)
        shape = tuple(places.shape)
        value = F.astype(value, dtype) if hasattr(value, "dtype") else F.asarray(value, dtype=dtype)
        value = F.reshape(F.broadcast_to(value, shape), (-1,))
        count = math.prod(shape)
        if not count:
            return F.copy(x)
        places = F.reshape(places, (-1,))
        order = F.argsort(places, stable=True)
        places, value = F.take(places, order, axis=0), F.take(value, order, axis=0)
        distance = 1
        while distance < count:
            before, here = slice(None, -distance), slice(distance, None)
            same = F.equal(F.get_item(places, here), F.get_item(places, before))
            later = F.get_item(value, here)
            later = F.where(same, combine(later, F.get_item(value, before)), later)
            value = F.concat([F.get_item(value, slice(None, distance)), later], axis=0)
            distance *= 2
        is_last = F.not_equal(F.get_item(places, slice(1, None)), F.get_item(places, slice(None, -1)))
        is_last = F.concat([is_last, F.asarray([True])], axis=0)
        target = F.where(is_last, places, size)
        flat = F.concat([F.reshape(x, (-1,)), F.zeros((1,), dtype=dtype)], axis=0)
        flat = F.set_item(flat, target, combine(F.get_item(flat, target), value))
        return F.reshape(F.get_item(flat, slice(None, size)), tuple(x.shape))

    return at


mul_at = _combining(F.multiply)
min_at = _combining(F.minimum)
max_at = _combining(F.maximum)
