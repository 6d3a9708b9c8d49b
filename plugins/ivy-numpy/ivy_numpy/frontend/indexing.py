"""Indexing with NumPy's rules: ``x[key]``, ``x[key] = value``, and the functions that pick and put.

A mask is turned into the positions that it picks where its result's size is known (`sizes`, from the capture), so that
shapes stay static. Definition: https://numpy.org/doc/stable/user/basics.indexing.html
"""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.frontends.runtime import Cell
from ivy.functional._key_parts import truths_as_axes
from ivy.graph.node import map_nested
from ivy_numpy.frontend.promotion import array, as_bool, cast, is_array, promoted_arrays
from ivy_numpy.frontend.table import numpy

__all__ = ["get_item", "positions", "set_item", "without_masks"]

NAMESPACE = "numpy"


def _key(key: Any) -> Any:
    """Turn lists in a key into index arrays."""
    if isinstance(key, tuple):
        return tuple(_key(k) for k in key)
    if isinstance(key, (list, range)):
        return array(list(key)) if len(key) else ops.zeros((0,), dtype="int64")
    return key


def _is_mask(k: Any) -> bool:
    return is_array(k) and dtype_of(k) == "bool"


def without_masks(key: Any, sizes: Any = None) -> Any:
    """Return a key with index arrays for lists, and for masks of which it is known how many elements they pick.

    Args:
        key: any key.
        sizes: how many elements each mask picks, if that is known.
    """
    key = _key(key)
    parts = key if isinstance(key, tuple) else (key,)
    if sizes is None or not any(_is_mask(k) for k in parts):
        return key
    found: list[Any] = []
    remaining = list(sizes)
    for k in parts:
        if _is_mask(k):
            size = remaining.pop(0)
            found += positions(k, size) if k.shape else [ops.arange(size, dtype="int64")]
        else:
            found.append(k)
    return tuple(found)


def positions(condition: Any, size: int | None = None) -> tuple[Any, ...]:
    """Return the indices of true elements, one array for each axis.

    Args:
        condition: any array.
        size: how many there are, if it is known; shapes are static then.
    """
    mask = as_bool(condition)
    if size is None:
        return tuple(cast(i, "int64") for i in ops.nonzero(mask))
    flat = flat_positions(mask, size)
    found: list[Any] = []
    for n in reversed(mask.shape):
        if len(mask.shape) == 1:
            return (flat,)
        found.insert(0, ops.remainder(flat, max(n, 1)))
        flat = ops.floor_divide(flat, max(n, 1))
    return tuple(found)


def flat_positions(mask: Any, size: int) -> Any:
    """Return the flat indices of a mask's `size` true elements: a stable sort puts them first."""
    flat = ops.reshape(cast(mask, "int32"), (-1,))
    order = ops.argsort(ops.subtract(1, flat), stable=True)
    return cast(ops.get_item(order, slice(0, size)), "int64")


def _put(base: Any, new: Any, key: Any, sizes: Any = None) -> Any:
    return ops.set_item(base, without_masks(key, sizes), new)


@numpy.view("numpy.ndarray.__getitem__", put=_put, maybe=lambda self, key, sizes=None: _is_basic(key))
def get_item(self: Any, key: Any, sizes: Any = None) -> Any:
    key = _key(key)
    split = None if sizes is None else truths_as_axes(key if isinstance(key, tuple) else (key,))
    if split is not None:  # a single truth is an index on an axis of its own
        self, parts = ops.get_item(self, split[0]), split[1]
        key = tuple(ops.arange(int(k), dtype="int64") if isinstance(k, bool) else k for k in parts)
    return ops.get_item(self, without_masks(key, sizes))


def _is_basic(key: Any) -> bool:
    parts = key if isinstance(key, tuple) else (key,)
    return all(k is None or k is Ellipsis or isinstance(k, (int, slice)) for k in parts)


def set_item(base: Any, key: Any, value: Any) -> Any:
    """Return `base` with ``base[key] = value`` done."""
    key = _key(key)
    new: Any = value if isinstance(value, (bool, int, float, complex)) else cast_into(value, dtype_of(base))
    if isinstance(new, (float, complex)) and not dtype_of(base).is_inexact:
        new = bool(new) if dtype_of(base) == "bool" else int(new.real)
    mask = key[0] if isinstance(key, tuple) and len(key) == 1 else key
    if _is_mask(mask):
        if not mask.shape and is_array(new) and len(new.shape) > len(base.shape):
            new = ops.get_item(new, 0) if new.shape[0] else base
        return _set_masked(base, mask, new) if mask.shape else ops.where(mask, _like(base, new), base)
    if is_array(new):
        while len(new.shape) > len(base.shape) and new.shape[0] == 1:
            new = ops.reshape(new, tuple(new.shape[1:]))
    return ops.set_item(base, key, new)


def _like(base: Any, value: Any) -> Any:
    return value if is_array(value) else ops.full_like(base, value)


def cast_into(value: Any, dtype: Any) -> Any:
    """Return a value as an assignment casts it."""
    x = array(value)
    if dtype == "bool":
        return as_bool(x)
    return cast(ops.real(x) if dtype_of(x).is_complex and not dtype.is_complex else x, dtype)


def _set_masked(base: Any, mask: Any, new: Any) -> Any:
    """Assign through a mask with static shapes: each true element takes the value of its rank among them."""
    rest = len(base.shape) - len(mask.shape)
    wide = ops.reshape(mask, (*mask.shape, *[1] * rest)) if rest else mask
    if not is_array(new) or len(new.shape) <= rest or new.shape[len(new.shape) - rest - 1] == 1:
        if is_array(new) and len(new.shape) > rest:
            new = ops.reshape(new, tuple(new.shape[len(new.shape) - rest :]))
        return ops.where(wide, new if is_array(new) else ops.full_like(base, new), base)
    rank = ops.subtract(ops.cumulative_sum(cast(ops.reshape(mask, (-1,)), "int64"), axis=0), 1)
    rank = ops.clip(rank, 0, max(new.shape[0] - 1, 0))
    if not new.shape[0]:
        return base
    picked = ops.reshape(ops.take(new, rank, axis=0), (*mask.shape, *new.shape[1:]))
    return ops.where(wide, ops.broadcast_to(picked, tuple(base.shape)), base)


def _read(x: Any) -> Any:
    return x.value if isinstance(x, Cell) else x


@numpy.cells("numpy.ndarray.__setitem__")
def assign_item(self: Any, key: Any, value: Any) -> Any:
    self.assign(set_item(self.value, map_nested(key, _read), map_nested(value, _read)))
    return self


@numpy.cells("numpy.ndarray.fill")
def fill(self: Any, value: Any) -> Any:
    self.assign(cast_into(_read(value), dtype_of(self.value)))
    return self


# -- picking ----------------------------------------------------------------------------------------------------------


def _wrapped(indices: Any, n: int, mode: str) -> Any:
    index = array(indices)
    index = cast(index, "int64") if dtype_of(index) == "bool" else index
    if mode == "wrap":
        return ops.remainder(index, n)
    if mode == "clip":
        return ops.clip(index, 0, n - 1)
    return ops.where(ops.less(index, 0), ops.add(index, n), index)


@numpy.function()
def take(a: Any, indices: Any, axis: int | None = None, mode: str = "raise") -> Any:
    x = array(a)
    if axis is None:
        x, axis = ops.reshape(x, (-1,)), 0
    axis %= len(x.shape)
    index = _wrapped(indices, x.shape[axis], mode)
    shape = (*x.shape[:axis], *index.shape, *x.shape[axis + 1 :])
    flat = ops.take(x, ops.reshape(index, (-1,)), axis=axis)
    return ops.reshape(flat, shape)


@numpy.function()
def take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Any:
    x = array(arr)
    if axis is None:
        x, axis = ops.reshape(x, (-1,)), 0
    axis %= len(x.shape)
    index = _wrapped(indices, x.shape[axis], "raise")
    shape = [1] * len(x.shape)
    for i, (a, b) in enumerate(zip(x.shape, index.shape, strict=True)):
        shape[i] = a if i == axis else max(a, b) if min(a, b) == 1 else a
    x = ops.broadcast_to(x, tuple(shape))
    index = ops.broadcast_to(index, tuple(index.shape[i] if i == axis else n for i, n in enumerate(shape)))
    return ops.take_along_axis(x, index, axis=axis)


@numpy.function()
def nonzero(a: Any, size: int | None = None) -> tuple[Any, ...]:
    return positions(a, size)


@numpy.function()
def flatnonzero(a: Any, size: int | None = None) -> Any:
    return positions(ops.reshape(array(a), (-1,)), size)[0]


@numpy.function()
def argwhere(a: Any, size: int | None = None) -> Any:
    x = array(a)
    if not x.shape:
        return ops.zeros((int(as_bool(x)) if size is None else size, 0), dtype="int64")
    return ops.stack(list(positions(x, size)), axis=-1)


@numpy.function()
def compress(condition: Any, a: Any, axis: int | None = None) -> Any:
    return take(a, flatnonzero(condition), axis)


@numpy.function()
def extract(condition: Any, arr: Any) -> Any:
    return ops.take(ops.reshape(array(arr), (-1,)), flatnonzero(condition), axis=0)


@numpy.function()
def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    mask = as_bool(condition)
    if x is None and y is None:
        return positions(mask)
    a, b = promoted_arrays(x, y)
    return ops.where(mask, a, b)


@numpy.function()
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    choices = promoted_arrays(*choicelist, default)
    result = choices[-1]
    for condition, choice in zip(reversed(list(condlist)), reversed(choices[:-1]), strict=True):
        result = ops.where(as_bool(condition), choice, result)
    return result


@numpy.function()
def choose(a: Any, choices: Any, mode: str = "raise") -> Any:
    listed = promoted_arrays(*(choices if isinstance(choices, (list, tuple)) else ops.unstack(choices)))
    index = _wrapped(a, len(listed), mode)
    result = listed[0]
    for i, choice in enumerate(listed[1:], 1):
        result = ops.where(ops.equal(index, i), choice, result)
    return ops.broadcast_to(result, tuple(ops.broadcast_arrays(index, *listed)[0].shape))


@numpy.function()
def unravel_index(indices: Any, shape: Any, order: str = "C") -> tuple[Any, ...]:
    flat = cast(array(indices), "int64")
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    found: list[Any] = []
    for n in reversed(sizes) if order == "C" else sizes:
        found.append(ops.remainder(flat, n))
        flat = ops.floor_divide(flat, n)
    return tuple(reversed(found)) if order == "C" else tuple(found)


@numpy.function()
def ravel_multi_index(multi_index: Any, dims: Any, mode: Any = "raise", order: str = "C") -> Any:
    sizes = tuple(dims) if isinstance(dims, (tuple, list)) else (dims,)
    modes = mode if isinstance(mode, (tuple, list)) else (mode,) * len(sizes)
    steps = [math.prod(sizes[i + 1 :]) if order == "C" else math.prod(sizes[:i]) for i in range(len(sizes))]
    total: Any = 0
    for index, n, step, m in zip(multi_index, sizes, steps, modes, strict=True):
        total = ops.add(ops.multiply(array(index) if m == "raise" else _wrapped(index, n, m), step), total)
    return total


# -- putting ----------------------------------------------------------------------------------------------------------


@numpy.function("numpy.copyto", writes=("dst",))
def copyto(dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> Any:
    new = ops.broadcast_to(cast_into(src, dtype_of(dst)), tuple(dst.shape))
    return None, new if where is True else ops.where(as_bool(where), new, dst)


def _repeated(values: Any, count: int, dtype: Any) -> Any:
    flat = ops.reshape(cast_into(values, dtype), (-1,))
    times = -(-count // flat.shape[0])
    return ops.get_item(ops.tile(flat, (times,)), slice(0, count)) if times != 1 or flat.shape[0] != count else flat


@numpy.function("numpy.put", "numpy.ndarray.put", writes=("a",))
def put(a: Any, ind: Any, v: Any, mode: str = "raise") -> Any:
    flat = ops.reshape(a, (-1,))
    index = ops.reshape(_wrapped(ind, flat.shape[0], mode), (-1,))
    new = ops.set_item(flat, index, _repeated(v, index.shape[0], dtype_of(a)))
    return None, ops.reshape(new, tuple(a.shape))


@numpy.function("numpy.putmask", writes=("a",))
def putmask(a: Any, mask: Any, values: Any) -> Any:
    flat = _repeated(values, math.prod(a.shape), dtype_of(a))
    return None, ops.where(as_bool(mask), ops.reshape(flat, tuple(a.shape)), a)


@numpy.function("numpy.place", writes=("arr",))
def place(arr: Any, mask: Any, vals: Any) -> Any:
    chosen = as_bool(mask)
    rank = ops.subtract(ops.cumulative_sum(cast(ops.reshape(chosen, (-1,)), "int64"), axis=0), 1)
    flat = ops.reshape(cast_into(vals, dtype_of(arr)), (-1,))
    new = ops.take(flat, ops.remainder(ops.clip(rank, 0, max(math.prod(arr.shape) - 1, 0)), flat.shape[0]), axis=0)
    return None, ops.where(chosen, ops.reshape(new, tuple(arr.shape)), arr)


@numpy.function("numpy.fill_diagonal", writes=("a",))
def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> Any:
    size = math.prod(a.shape)
    if len(a.shape) == 2:
        step = a.shape[1] + 1
        end = size if wrap else min(size, a.shape[1] * a.shape[1])
    else:
        step = 1 + sum(math.prod(a.shape[i:]) for i in range(1, len(a.shape)))
        end = size
    count = len(range(0, end, step))
    flat = ops.set_item(ops.reshape(a, (-1,)), slice(0, end, step), _repeated(val, count, dtype_of(a)))
    return None, ops.reshape(flat, tuple(a.shape))


@numpy.function("numpy.put_along_axis", writes=("arr",))
def put_along_axis(arr: Any, indices: Any, values: Any, axis: int | None) -> Any:
    shape = tuple(arr.shape)
    x = arr if axis is not None else ops.reshape(arr, (-1,))
    k = 0 if axis is None else axis % len(shape)
    index = _wrapped(indices, x.shape[k], "raise")
    index = ops.broadcast_to(index, tuple(index.shape[i] if i == k else n for i, n in enumerate(x.shape)))
    new = ops.broadcast_to(cast_into(values, dtype_of(arr)), tuple(index.shape))
    return None, ops.reshape(ops.put_along_axis(x, index, new, axis=k), shape)
