"""Cases of reading and writing parts of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import result_type
from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, BOOL, FLOAT, NUMERIC, REAL, Draw
from ivy.testing.families import scalar

# Keys


def _slice(d: Draw, length: int) -> slice:
    start, stop = (d.of(None, d.integer(-length - 1, length + 1)) for _ in range(2))
    return slice(start, stop, d.of(None, 1, 2, -1, -2))


def _basic(d: Draw, shape: tuple[int, ...]) -> Any:
    """Draw a key of integers, slices, None and Ellipsis."""
    parts: list[Any] = []
    for n in shape[: d.integer(0, len(shape))]:
        parts += [None] if d.integer(0, 5) == 5 else []
        parts.append(d.of(_slice(d, n), d.integer(-n, n - 1) if n else slice(None)))
    if d.flag():  # the last axes instead of the first
        place = d.integer(0, len(parts))
        rest = [p for p in parts[place:] if p is not None]
        named = sum(p is not None for p in parts[:place])
        rest = [_slice(d, n) for n in shape[len(shape) - len(rest) :]] if len(rest) + named <= len(shape) else []
        parts = [*parts[:place], Ellipsis, *rest]
    return parts[0] if len(parts) == 1 and d.flag() else tuple(parts)


def _advanced(d: Draw, shape: tuple[int, ...], *, distinct: bool = False) -> Any:
    """Draw a key with integer arrays among slices; `distinct` names no element twice."""
    named = [a for a, n in enumerate(shape) if n and d.of(True, True, False)] or [0]
    kinds = [d.of("array", "array", "integer") for _ in named]
    if distinct:
        one = d.of(*named)
        count = d.integer(0, shape[one])
        named, found = [one], d.random().permutation(shape[one])[:count]
        arrays: list[Any] = [np.where(d.random().integers(0, 2, count) > 0, found, found - shape[one])]
    else:
        whole = d.shape(0, 2, most=3)
        parts = [d.of(whole, whole[1:] if whole[:1] != () else whole, whole) for _ in named]
        arrays = [
            d.indices(part, shape[a]) if kind == "array" else d.integer(-shape[a], shape[a] - 1)
            for a, part, kind in zip(named, parts, kinds, strict=True)
        ]
    key: list[Any] = [slice(None)] * (named[-1] + 1)
    for a, x in zip(named, arrays, strict=True):
        key[a] = x
    key = [_slice(d, shape[i]) if isinstance(k, slice) and d.flag() else k for i, k in enumerate(key)]
    key = [Ellipsis, *key[named[-1] :]] if len(named) == 1 and named[-1] == len(shape) - 1 and d.flag() else key
    return key[0] if len(key) == 1 and d.flag() else tuple(key)


def _mask(d: Draw, shape: tuple[int, ...]) -> Any:
    """Draw a key with a boolean array over the first axes, or over one."""
    axes = d.integer(1, len(shape))
    first = d.integer(0, len(shape) - axes)
    mask = d.array(shape[first : first + axes], BOOL)
    return (*[slice(None)] * first, mask) if first or d.flag() else mask


def _read(x: Any, key: Any) -> Any:
    return x[key]


@case("get_item", _read, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(None, ANY)
    return Call(x, _basic(d, x.shape))


@case("get_item", _read, dtype="first", name="arrays", gradient=(0,))
def _(d: Draw) -> Call:
    x = d.array(d.shape(1, least=1), ANY)
    return Call(x, _advanced(d, x.shape))


@case("get_item", _read, dtype="first", name="mask", abstract=False, gradient=(0,))
def _(d: Draw) -> Call:
    x = d.array(d.shape(1), ANY)
    return Call(x, _mask(d, x.shape))


# Writing: `ufunc` combines the old element with the new one


def _written(ufunc: Any) -> Any:
    def reference(x: Any, key: Any, value: Any) -> Any:
        result = x.copy()
        value = np.asarray(value).astype(x.dtype)
        if ufunc is None:
            result[key] = value
        else:
            ufunc.at(result, key, value)
        return result

    return reference


def _value(d: Draw, x: Any, key: Any, among: tuple[str, ...]) -> Any:
    """Draw a value for a part of `x`: of its shape, of one that broadcasts, or a scalar."""
    shape = x[key].shape
    part = shape[d.integer(0, len(shape)) :]
    part = tuple(1 if d.integer(0, 4) == 4 else n for n in part)
    dtype = str(x.dtype)
    way = d.of("array", "scalar", "other") if not d.smooth else "array"
    if way == "scalar":
        return scalar(d, dtype, dtype)
    return d.array(part, dtype if way == "array" or x.dtype.kind == "c" else among, low=0)


WRITES: dict[str, Any] = {
    "set_item": (None, ANY),
    "add_at": (np.add, NUMERIC),
    "mul_at": (np.multiply, NUMERIC),
    "min_at": (np.minimum, REAL),
    "max_at": (np.maximum, REAL),
}
for _op, (_ufunc, _dtypes) in WRITES.items():
    _narrow = tuple(t for t in _dtypes if t in ("int32", "float32", "uint8"))

    @case(_op, _written(_ufunc), dtype="first", gradient=(0, 2))
    def _(d: Draw, dtypes: Any = _dtypes, narrow: Any = _narrow) -> Call:
        x = d.array(None, dtypes)
        key = _basic(d, x.shape)
        return Call(x, key, _value(d, x, key, narrow))

    @case(_op, _written(_ufunc), dtype="first", gradient=(0, 2), name="arrays")
    def _(d: Draw, dtypes: Any = _dtypes, narrow: Any = _narrow, op: str = _op) -> Call:
        x = d.array(d.shape(1, least=1), dtypes)
        key = _advanced(d, x.shape, distinct=op == "set_item" or d.smooth)
        return Call(x, key, _value(d, x, key, narrow))

    @case(_op, _written(_ufunc), dtype="first", gradient=(0,), name="mask", abstract=False)
    def _(d: Draw, dtypes: Any = _dtypes) -> Call:
        x = d.array(d.shape(1), dtypes)
        key = _mask(d, x.shape)
        return Call(x, key, d.of(d.array(x[key].shape, str(x.dtype), low=0), scalar(d, str(x.dtype), str(x.dtype))))


def _index_put(x: Any, indices: Any, values: Any, *, accumulate: bool = False) -> Any:
    key = tuple(slice(None) if i is None else i for i in indices)
    return _written(np.add if accumulate else None)(x, key, values)


@case("index_put", _index_put, dtype="first", gradient=(0, 2))
def _(d: Draw) -> Call:
    x = d.array(d.shape(1, least=1), NUMERIC)
    accumulate = d.flag()
    axis = d.integer(0, x.ndim - 1)
    indices = [None if a < axis else d.indices((2,), n) for a, n in enumerate(x.shape)][: d.integer(axis + 1, x.ndim)]
    if not accumulate or d.smooth:
        indices = [None] * axis + [np.asarray(d.random().permutation(x.shape[axis])[:2])]
    key = tuple(slice(None) if i is None else i for i in indices)
    return Call(
        x, d.of(indices, tuple(indices)), _value(d, x, key, ("int32",)), **({"accumulate": True} if accumulate else {})
    )


# Take and put


def _take(x: Any, indices: Any, *, axis: int | None = None) -> Any:
    return np.take(x, indices.astype("int64"), axis)


@case("take", _take, dtype="first", gradient=(0,))
def _(d: Draw) -> Call:
    x = d.array(d.shape(1, least=1), ANY)
    axis = d.of(None, d.axis(x.ndim)) if x.ndim else None
    indices = d.indices(d.shape(0, 2), x.size if axis is None else x.shape[axis])
    return Call(x, indices, **({} if axis is None and d.flag() else {"axis": axis}))


def _along(d: Draw, dtypes: Any) -> tuple[Any, int, tuple[int, ...]]:
    """Draw an array, an axis of it, and a shape that indices along it can have."""
    shape = d.shape(1, least=1)
    axis = d.axis(len(shape))
    others = tuple(d.integer(0, 3) if a == axis % len(shape) else n for a, n in enumerate(shape))
    return d.array(shape, dtypes), axis, others


def _take_along_axis(x: Any, indices: Any, *, axis: int = -1) -> Any:
    # NumPy's does not broadcast all axes
    axis %= x.ndim
    common = np.broadcast_shapes(*(s[:axis] + (1,) + s[axis + 1 :] for s in (x.shape, indices.shape)))
    x = np.broadcast_to(x, common[:axis] + (x.shape[axis],) + common[axis + 1 :])
    indices = np.broadcast_to(indices, common[:axis] + (indices.shape[axis],) + common[axis + 1 :])
    return np.take_along_axis(x, indices.astype("int64"), axis)


@case("take_along_axis", _take_along_axis, dtype="first", gradient=(0,))
def _(d: Draw) -> Call:
    x, axis, shape = _along(d, ANY)
    if d.flag():
        shape = tuple(n if a == axis % x.ndim else d.of(n, 1) for a, n in enumerate(shape))
    return Call(x, d.indices(shape, x.shape[axis]), **({} if axis == -1 and d.flag() else {"axis": axis}))


PUTS: dict[str, Any] = {
    "set": (None, ANY),
    "add": (np.add, NUMERIC),
    "mul": (np.multiply, NUMERIC),
    "min": (np.minimum, REAL),
    "max": (np.maximum, REAL),
}


def _put_along_axis(x: Any, indices: Any, values: Any, *, axis: int, mode: str = "set") -> Any:
    axis %= x.ndim
    whole = x.shape[:axis] + (indices.shape[axis],) + x.shape[axis + 1 :]
    places = list(np.indices(whole, sparse=True))
    places[axis] = np.broadcast_to(indices, whole)
    return _written(PUTS[mode][0])(x, tuple(places), np.broadcast_to(values, whole))


for _mode, (_, _dtypes) in PUTS.items():

    @case("put_along_axis", _put_along_axis, dtype="first", gradient=(0, 2), name=_mode)
    def _(d: Draw, mode: str = _mode, dtypes: Any = _dtypes) -> Call:
        x, axis, shape = _along(d, dtypes)
        if mode == "set" or d.smooth:  # distinct places
            count = min(shape[axis], x.shape[axis])
            rng, rows = d.random(), np.moveaxis(np.empty(x.shape), axis, -1).shape[:-1]
            places = np.asarray([rng.permutation(x.shape[axis])[:count] for _ in range(int(np.prod(rows)))], "int64")
            indices = np.moveaxis(places.reshape(*rows, count), -1, axis)
        else:
            shape = tuple(n if a == axis % x.ndim else d.of(n, n, 1) for a, n in enumerate(shape))
            indices = d.indices(shape, x.shape[axis])
        shape = tuple(d.of(n, n, 1) for n in indices.shape)
        dtype = str(x.dtype)
        values = d.array(shape, dtype, low=0)
        value = values if d.smooth else d.of(values, values, scalar(d, dtype, dtype))
        return Call(x, indices, value, axis=axis, **({} if mode == "set" and d.flag() else {"mode": mode}))


# Blocks at computed positions


def _block(x: Any, starts: Any, sizes: Any) -> tuple[slice, ...]:
    found = []
    for n, start, size in zip(x.shape, starts, sizes, strict=True):
        start = int(start) + n * (int(start) < 0)
        start = min(max(start, 0), n - size)
        found.append(slice(start, start + size))
    return tuple(found)


def _update(x: Any, update: Any, starts: Any) -> Any:
    result = x.copy()
    result[_block(x, starts, update.shape)] = update
    return result


def _starts(d: Draw, shape: tuple[int, ...]) -> Any:
    found = [d.of(d.integer(-n - 1, n + 1), d.array((), ("int32", "int64"), low=-n - 1, high=n + 1)) for n in shape]
    return d.of(found, tuple(found))


@case("dynamic_slice", lambda x, starts, sizes: x[_block(x, starts, sizes)], dtype="first", gradient=(0,))
def _(d: Draw) -> Call:
    x = d.array(None, ANY)
    return Call(x, _starts(d, x.shape), tuple(d.integer(0, n) for n in x.shape))


@case("dynamic_update_slice", _update, dtype="first", gradient=(0, 1))
def _(d: Draw) -> Call:
    dtype = d.dtype(ANY)
    x = d.array(None, dtype)
    return Call(x, d.array([d.integer(0, n) for n in x.shape], dtype), _starts(d, x.shape))


# Places and choices


@case("nonzero", np.nonzero, dtype="int64", abstract=False)
def _(d: Draw) -> Call:
    return Call(d.array(d.shape(1), ANY, low=-1, high=1, special=True))


@case("argwhere", np.argwhere, dtype="int64", abstract=False)
def _(d: Draw) -> Call:
    return Call(d.array(d.shape(1), ANY, low=-1, high=1))


def _of_two(_: Any, x1: Any, x2: Any) -> Any:
    return result_type(x1, x2)


@case("where", np.where, dtype=_of_two, gradient=(1, 2))
def _(d: Draw) -> Call:
    shapes, dtype = d.shapes(3), d.dtype(ANY)
    x1 = d.array(shapes[1], dtype, special=True)
    x2 = d.array(shapes[2], d.dtype(ANY) if d.flag() else dtype, special=True)
    other = scalar(d, d.dtype(ANY), dtype)
    choices = [(x1, x2)] if d.smooth else [(x1, x2), (x1, other), (other, x1), (1.5, 0.0), (1, 2), (True, False)]
    return Call(d.array(shapes[0], BOOL), *d.of(*choices))


def _select(conditions: Any, choices: Any, default: Any = 0) -> Any:
    result = default
    for condition, choice in zip(conditions[::-1], choices[::-1], strict=True):
        result = np.where(condition, choice, result)
    return result


def _of_choices(_: Any, choices: Any, default: Any = 0) -> Any:
    return result_type(*choices, default)


@case("select", _select, dtype=_of_choices, gradient=(1,))
def _(d: Draw) -> Call:
    count = d.integer(1, 3)
    shapes, dtype = d.shapes(2 * count), d.dtype(FLOAT if d.flag() else NUMERIC)
    choices = [d.array(s, dtype) for s in shapes[count:]]
    if count > 1 and not d.smooth and d.flag():
        choices[0] = scalar(d, dtype, dtype)
    return Call([d.array(s, BOOL) for s in shapes[:count]], choices, *d.of((), (scalar(d, dtype, dtype),)))
