"""Reading and writing of elements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of, int64
from ivy.frontends.runtime import Cell
from ivy_paddle.frontend.promotion import cast, integers, is_array, known, like
from ivy_paddle.frontend.sizes import places, unravelled
from ivy_paddle.frontend.table import api, frontend, op, view

_END = 2**31 - 1


def _range(start: int, end: int, step: int, size: int) -> slice:
    """Return Python's slice for paddle's bounds, which are clamped; a backward one may end before the first element."""
    if step > 0:
        start, end = (max(v + size, 0) if v < 0 else min(v, size) for v in (start, end))
        return slice(start, max(start, end), step)
    start = start + size if start < 0 else min(start, size - 1)
    stop: int | None = end + size if -size <= end < 0 else end
    return slice(start, None if stop is not None and stop < 0 else stop, step)


def _key(x: Any, axes: Any, starts: Any, ends: Any, steps: Any) -> tuple[Any, ...]:
    key: list[Any] = [slice(None)] * len(x.shape)
    for axis, start, end, step in zip(integers(axes, "axes"), starts, ends, steps, strict=True):
        key[axis] = _range(start, end, step, x.shape[axis])
    return tuple(key)


def _sequence(x: Any) -> Any:
    return x if isinstance(x, (list, tuple)) else [x]


def _is_static(bounds: Any) -> bool:
    return not any(is_array(v) for v in _sequence(bounds))


def _without(x: Any, axes: Any) -> Any:
    axes = integers(axes, "axes") if axes else ()
    return ops.squeeze(x, axes) if axes else x


@view("slice")
def slice_(input: Any, axes: Any, starts: Any, ends: Any, infer_flags: Any = (), decrease_axis: Any = ()) -> Any:
    if _is_static(starts) and _is_static(ends):
        starts, ends = integers(starts, "starts"), integers(ends, "ends")
        return _without(ops.get_item(input, _key(input, axes, starts, ends, [1] * len(starts))), decrease_axis)
    return _without(_slice_at(input, integers(axes, "axes"), starts, decrease_axis), decrease_axis)


def _slice_at(x: Any, axes: tuple[int, ...], starts: Any, decrease_axis: Any) -> Any:
    """Read at a position that is known at run time only: one element along each axis that goes away."""
    rest = [a for a in axes if a not in (decrease_axis or ())]
    if rest:
        known(starts if is_array(starts) else starts[0], "bounds of a slice")  # names what is wrong
    begin: list[Any] = [0] * len(x.shape)
    sizes = list(x.shape)
    for i, axis in enumerate(axes):
        at = starts[i] if not is_array(starts) else ops.get_item(ops.reshape(starts, (-1,)), i)
        if is_array(at):
            at = ops.reshape(at, ())
            at = ops.where(ops.less(at, 0), ops.add(at, x.shape[axis]), at)
        elif at < 0:
            at += x.shape[axis]
        begin[axis] = at
        sizes[axis] = 1
    return ops.dynamic_slice(x, begin, sizes)


@view()
def strided_slice(x: Any, axes: Any, starts: Any, ends: Any, strides: Any) -> Any:
    return ops.get_item(
        x, _key(x, axes, integers(starts, "starts"), integers(ends, "ends"), integers(strides, "strides"))
    )


@frontend.view("paddle.slice")
def public_slice(input: Any, axes: Any, starts: Any, ends: Any) -> Any:
    return slice_(input, axes, starts, ends)


@frontend.view("paddle.strided_slice")
def public_strided_slice(x: Any, axes: Any, starts: Any, ends: Any, strides: Any) -> Any:
    return strided_slice(x, axes, starts, ends, strides)


def _written(x: Any, value: Any, starts: Any, ends: Any, steps: Any, axes: Any, decrease: Any, none: Any) -> Any:
    if not _is_static(starts) or not _is_static(ends):
        return _written_at(x, value, starts, axes, decrease)
    steps = integers(steps, "steps")
    key = _key(x, axes, integers(starts, "starts"), integers(ends, "ends"), steps)
    if is_array(value):
        # the value has the shape of what is read: with new axes, without those of an index
        for axis in sorted(integers(none, "axes") if none else (), reverse=True):
            lead = len(x.shape) - len(decrease or ()) + len(none) - len(value.shape)
            if axis - lead >= 0 and value.shape[axis - lead] == 1:
                value = ops.squeeze(value, axis - lead)
        for axis in sorted(integers(decrease, "axes") if decrease else ()):
            lead = len(x.shape) - len(value.shape) - 1
            if axis - lead > 0 and axis > lead:
                value = ops.expand_dims(value, axis - lead)
        value = cast(value, dtype_of(x))
    return ops.set_item(x, key, value)


def _written_at(x: Any, value: Any, starts: Any, axes: Any, decrease: Any) -> Any:
    """Write at a position that is known at run time only."""
    axes = integers(axes, "axes")
    if set(axes) - set(decrease or ()):
        known(starts if is_array(starts) else starts[0], "bounds of a slice")
    key: list[Any] = [slice(None)] * len(x.shape)
    for i, axis in enumerate(axes):
        at = starts[i] if not is_array(starts) else ops.get_item(ops.reshape(starts, (-1,)), i)
        key[axis] = ops.reshape(at, ()) if is_array(at) else at
    return ops.set_item(x, tuple(key), like(value, x))


@op()
def set_value_with_tensor(
    x: Any, values: Any, starts: Any, ends: Any, steps: Any, axes: Any, decrease_axes: Any = (), none_axes: Any = ()
) -> Any:
    return _written(x, values, starts, ends, steps, axes, decrease_axes, none_axes)


@op()
def set_value(
    x: Any,
    starts: Any,
    ends: Any,
    steps: Any,
    axes: Any,
    decrease_axes: Any = (),
    none_axes: Any = (),
    shape: Any = (1,),
    values: Any = (),
) -> Any:
    sizes = integers(shape)
    dtype = dtype_of(x)
    if len(values) == 1:
        value = like(values[0], x)
    else:
        value = ops.reshape(ops.asarray([like(v, x) for v in values], dtype=dtype), sizes)
    return _written(x, value, starts, ends, steps, axes, decrease_axes, none_axes)


def _plain_key(key: Any) -> Any:
    def plain(k: Any) -> Any:
        if isinstance(k, Cell):
            return k.value
        if isinstance(k, (list, tuple)) and k and not is_array(k):
            if any(isinstance(v, Cell) for v in k):
                return ops.stack([ops.reshape(v.value, ()) if isinstance(v, Cell) else ops.asarray(v) for v in k])
            return ops.asarray(list(k))
        return k

    return tuple(plain(k) for k in key) if isinstance(key, tuple) else plain(key)


@frontend.view("paddle.Tensor.__getitem__", put=lambda base, new, key: ops.set_item(base, _plain_key(key), new))
def getitem(self: Any, key: Any) -> Any:
    return ops.get_item(self, _plain_key(key))


@frontend.cells("paddle.Tensor.__setitem__")
def setitem(self: Any, key: Any, value: Any) -> None:
    value = value.value if isinstance(value, Cell) else value
    self.assign(ops.set_item(self.value, _plain_key(key), like(value, self.value)))


# -- gather -----------------------------------------------------------------------------------------------------------


@op(also="=")
def gather(x: Any, index: Any, axis: Any = 0) -> Any:
    axis = 0 if axis is None else known(axis, "axis")
    if not index.shape:
        return ops.squeeze(ops.take(x, ops.reshape(index, (1,)), axis=axis), axis)
    return ops.take(x, ops.reshape(index, (-1,)), axis=axis)


@op(also="=")
def index_select(x: Any, index: Any, axis: int = 0) -> Any:
    return ops.take(x, index, axis=axis)


@op("index_select_strided")
def index_select_strided(x: Any, index: Any, axis: int = 0) -> Any:
    return ops.take(x, ops.reshape(index, ()), axis=axis)


@op(also="=")
def gather_nd(x: Any, index: Any) -> Any:
    depth = index.shape[-1]
    return ops.get_item(x, tuple(ops.get_item(index, (Ellipsis, i)) for i in range(depth))) if depth else x


@op(also="=")
def index_sample(x: Any, index: Any) -> Any:
    return ops.take_along_axis(x, index, axis=1)


def _broadcast_except(shape: Sequence[int], indices: Any, axis: int) -> Any:
    wanted = tuple(indices.shape[i] if i == axis else n for i, n in enumerate(shape))
    return indices if tuple(indices.shape) == wanted else ops.broadcast_to(indices, wanted)


@op()
def take_along_axis(arr: Any, indices: Any, axis: int) -> Any:
    axis %= len(arr.shape)
    sizes = tuple(indices.shape)
    # paddle lets the other axes of the indices be shorter
    key = tuple(slice(0, n) if i != axis else slice(None) for i, n in enumerate(sizes))
    if any(n < m for i, (n, m) in enumerate(zip(sizes, arr.shape, strict=True)) if i != axis):
        arr = ops.get_item(arr, key)
    return ops.take_along_axis(arr, indices, axis=axis)


@api("take_along_axis")
def public_take_along_axis(arr: Any, indices: Any, axis: int, broadcast: bool = True) -> Any:
    axis %= len(arr.shape)
    return take_along_axis(arr, _broadcast_except(arr.shape, indices, axis) if broadcast else indices, axis)


_REDUCE = {"assign": "set", "add": "add", "mul": "mul", "multiply": "mul", "amin": "min", "amax": "max"}


@op()
def put_along_axis(
    arr: Any, indices: Any, values: Any, axis: int, reduce: str = "assign", include_self: bool = True
) -> Any:
    if reduce == "mean":
        ones = ops.ones(tuple(indices.shape), dtype=dtype_of(arr))
        base = arr if include_self else ops.put_along_axis(arr, indices, 0.0, axis=axis, mode="set")
        counts = ops.full_like(arr, 1.0)
        if not include_self:
            counts = ops.put_along_axis(counts, indices, 0.0, axis=axis, mode="set")
        counts = ops.put_along_axis(counts, indices, ones, axis=axis, mode="add")
        return ops.divide(ops.put_along_axis(base, indices, values, axis=axis, mode="add"), counts)
    mode = _REDUCE[reduce]
    if not include_self and mode != "set":
        neutral = {"add": 0.0, "mul": 1.0, "min": float("inf"), "max": float("-inf")}[mode]
        arr = ops.put_along_axis(arr, indices, like(neutral, arr), axis=axis, mode="set")
    return ops.put_along_axis(arr, indices, like(values, arr), axis=axis, mode=mode)


@api("put_along_axis")
def public_put_along_axis(
    arr: Any,
    indices: Any,
    values: Any,
    axis: int,
    reduce: str = "assign",
    include_self: bool = True,
    broadcast: bool = True,
) -> Any:
    axis %= len(arr.shape)
    if broadcast:
        indices = _broadcast_except(arr.shape, indices, axis)
    if is_array(values) and tuple(values.shape) != tuple(indices.shape):
        values = ops.broadcast_to(values, tuple(indices.shape))
    return put_along_axis(arr, indices, values, axis, reduce, include_self)


@api("take")
def take(x: Any, index: Any, mode: str = "raise") -> Any:
    flat = ops.reshape(x, (-1,))
    n = flat.shape[0]
    if mode == "wrap":
        index = ops.remainder(index, n)
    elif mode == "clip":
        index = ops.clip(index, 0, n - 1)
    return ops.reshape(ops.take(flat, ops.reshape(index, (-1,)), axis=0), tuple(index.shape))


# -- scatter ----------------------------------------------------------------------------------------------------------


def _rows(index: Any) -> Any:
    return ops.reshape(index, (-1,))


@op(also="=")
def scatter(x: Any, index: Any, updates: Any, overwrite: bool = True) -> Any:
    rows = _rows(index)
    if not index.shape:
        updates = ops.expand_dims(updates, 0)
    if overwrite:
        return ops.set_item(x, (rows,), updates)
    return ops.add_at(ops.set_item(x, (rows,), 0.0), (rows,), updates)


def _places(index: Any) -> tuple[Any, ...]:
    return tuple(ops.get_item(index, (Ellipsis, i)) for i in range(index.shape[-1]))


@op(also="=")
def scatter_nd_add(x: Any, index: Any, updates: Any) -> Any:
    return ops.add_at(x, _places(index), updates)


@api("scatter_nd")
def scatter_nd(index: Any, updates: Any, shape: Any) -> Any:
    return scatter_nd_add(ops.zeros(integers(shape), dtype=dtype_of(updates)), index, updates)


def _at(x: Any, index: Any, axis: int) -> tuple[Any, ...]:
    axis %= len(x.shape)
    return (*[slice(None)] * axis, index)


@op("index_add")
def index_add(x: Any, index: Any, add_value: Any, axis: int = 0) -> Any:
    return ops.add_at(x, _at(x, index, axis), add_value)


@api("index_add")
def public_index_add(x: Any, index: Any, axis: int, value: Any) -> Any:
    return index_add(x, index, value, axis)


@api("index_fill")
def index_fill(x: Any, index: Any, axis: int, value: Any) -> Any:
    return ops.set_item(x, _at(x, index, axis), like(value, x))


@op(also="=")
def index_put(x: Any, indices: Sequence[Any], value: Any, accumulate: bool = False) -> Any:
    return ops.index_put(x, tuple(indices), value, accumulate=accumulate)


@op(also="=")
def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None and y is None:
        return tuple(ops.expand_dims(i, -1) for i in ops.nonzero(condition))
    return ops.where(cast(condition, "bool"), x, y)


@op(also="=")
def masked_fill(x: Any, mask: Any, value: Any) -> Any:
    return ops.where(mask, cast(value, dtype_of(x)) if is_array(value) else like(value, x), x)


@op(also="=")
def masked_select(x: Any, mask: Any, size: int | None = None) -> Any:
    x, mask = ops.broadcast_arrays(x, mask)
    return ops.get_item(x, mask) if size is None else ops.take(ops.reshape(x, (-1,)), places(mask, size), axis=0)


@op("nonzero")
def nonzero_(condition: Any, size: int | None = None) -> Any:
    if size is None:
        return cast(ops.argwhere(condition), int64)
    flat = places(condition if dtype_of(condition) == "bool" else ops.not_equal(condition, 0), size)
    return cast(ops.stack(unravelled(flat, tuple(condition.shape)), axis=-1), int64)


@api("nonzero")
def nonzero(x: Any, as_tuple: bool = False) -> Any:
    found = nonzero_(x)
    return tuple(found[:, i : i + 1] for i in range(len(x.shape))) if as_tuple else found


def _diagonal_key(x: Any, offset: int, wrap: bool) -> tuple[Any, Any]:
    rows, columns = x.shape[-2:]
    pairs = [(i, i + offset) for i in range(rows) if 0 <= i + offset < columns]
    if wrap and rows > columns:
        pairs = [(k // columns, k % columns) for k in range(0, rows * columns, columns + 1)]
    return ops.asarray([i for i, _ in pairs], dtype="int64"), ops.asarray([j for _, j in pairs], dtype="int64")


@op("fill_diagonal")
def fill_diagonal(x: Any, value: Any = 0.0, offset: int = 0, wrap: bool = False) -> Any:
    return ops.set_item(x, _diagonal_key(x, offset, wrap), like(value, x))


@op("fill_diagonal_tensor")
def fill_diagonal_tensor(x: Any, y: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    moved = ops.moveaxis(x, (dim1, dim2), (-2, -1))
    rows, columns = _diagonal_key(moved, offset, False)
    return ops.moveaxis(ops.set_item(moved, (Ellipsis, rows, columns), y), (-2, -1), (dim1, dim2))


api("fill_diagonal_tensor")(fill_diagonal_tensor)
