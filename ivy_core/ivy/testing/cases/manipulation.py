"""Cases of changing the shape, order, dtype and extent of arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ivy.dtypes import as_dtype
from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, BOOL, COMPLEX, FLOAT, INTEGER, REAL, SIGNED, Draw, numpy_dtype

# Shape


@case("reshape", lambda x, shape, copy=None: np.reshape(x, shape), dtype="first")
def _(d: Draw) -> Call:
    shape = d.shape()
    size = math.prod(shape)
    options = [(size,), shape[::-1], (1, *shape), (*shape, 1), size]
    options += [(-1,), -1, (1, -1), (*shape[:1], -1)] if size else [(0, 3), (0,)]
    options += [()] if size == 1 else []
    return Call(d.array(shape, ANY), d.of(*options), **d.of({}, {"copy": True}))


@case("permute_dims", np.transpose, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(None, ANY)
    axes = d.axes(x.ndim, least=x.ndim)
    return Call(x, d.of(axes, list(axes)))


@case("expand_dims", np.expand_dims, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(d.shape(0, 2), ANY)
    several = tuple({a % (x.ndim + 2): a for a in (d.axis(x.ndim + 2), d.axis(x.ndim + 2))}.values())
    return Call(x, d.of(d.axis(x.ndim + 1), several if len(several) == 2 else (0, -1)))


@case("squeeze", np.squeeze, dtype="first")
def _(d: Draw) -> Call:
    shape = tuple(d.of(1, 2, 1, 0) for _ in range(d.integer(0, 4)))
    ones = [a for a, n in enumerate(shape) if n == 1]
    ways: list[Any] = [(), (None,), ((),)]
    ways += [(ones[0],), (ones[0] - len(shape),), (tuple(ones),)] if ones else []
    return Call(d.array(shape, ANY), *d.of(*ways))


def _flatten(x: Any, start: int = 0, end: int = -1) -> Any:
    if not x.ndim:
        return x.reshape(1)
    start, end = start % x.ndim, end % x.ndim
    return x.reshape(*x.shape[:start], math.prod(x.shape[start : end + 1]), *x.shape[end + 1 :])


@case("flatten", _flatten, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(None, ANY)
    start = d.integer(0, max(x.ndim - 1, 0))
    end = d.integer(start, max(x.ndim - 1, 0))
    return Call(x, *d.of((), (start,), (start, end), (start - x.ndim, end - x.ndim)) if x.ndim else ())


@case("broadcast_to", np.broadcast_to, dtype="first")
def _(d: Draw) -> Call:
    part, whole = d.shapes(2)
    return Call(d.array(part, ANY), np.broadcast_shapes(part, whole))


def _each(*arrays: Any, **_: Any) -> list[Any]:
    return [as_dtype(x.dtype) for x in arrays]


@case("broadcast_arrays", lambda *arrays: tuple(np.broadcast_arrays(*arrays)), dtype=_each)
def _(d: Draw) -> Call:
    return Call(*[d.array(s, ANY) for s in d.shapes(d.integer(1, 3))])


@case("matrix_transpose", lambda x: np.swapaxes(x, -1, -2), dtype="first")
def _(d: Draw) -> Call:
    return Call(d.array(d.shape(2), ANY))


@case("swapaxes", np.swapaxes, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(d.shape(1), ANY)
    return Call(x, d.axis(x.ndim), d.axis(x.ndim))


@case("moveaxis", np.moveaxis, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(d.shape(1), ANY)
    source = d.axes(x.ndim)
    goal = d.axes(x.ndim, least=len(source), most=len(source))
    return Call(x, *d.of((d.axis(x.ndim), d.axis(x.ndim)), (source, goal), (list(source), list(goal))))


# Joining and splitting


@case("concat", np.concatenate)
def _(d: Draw) -> Call:
    shape = d.shape(1)
    axis = d.axis(len(shape))
    dtype = d.dtype(ANY)
    arrays = []
    for _ in range(d.integer(1, 3)):
        lengths = [d.integer(0, 3) if a == axis % len(shape) else n for a, n in enumerate(shape)]
        arrays.append(d.array(lengths, d.of(dtype, dtype, d.dtype(ANY))))
    return Call(d.of(arrays, tuple(arrays)), **d.of({"axis": axis}, {"axis": axis}, {"axis": None}))


@case("stack", np.stack)
def _(d: Draw) -> Call:
    shape, dtype = d.shape(0, 2), d.dtype(ANY)
    arrays = [d.array(shape, d.of(dtype, dtype, d.dtype(ANY))) for _ in range(d.integer(1, 3))]
    return Call(d.of(arrays, tuple(arrays)), **d.of({}, {"axis": d.axis(len(shape) + 1)}))


@case("unstack", lambda x, axis=0: tuple(np.moveaxis(x, axis, 0)), dtype=lambda x, **_: as_dtype(x.dtype))
def _(d: Draw) -> Call:
    x = d.array(d.shape(1), ANY)
    return Call(x, **d.of({}, {"axis": d.axis(x.ndim)}))


@case("split", lambda x, places, axis=0: list(np.split(x, places, axis)), dtype=lambda x, *_, **__: as_dtype(x.dtype))
def _(d: Draw) -> Call:
    shape = list(d.shape(1))
    axis = d.axis(len(shape))
    parts = d.integer(1, 3)
    shape[axis] = parts * d.integer(0, 2)
    places = sorted(d.integer(0, shape[axis]) for _ in range(d.integer(0, 2)))
    options = {} if axis % len(shape) == 0 and d.flag() else {"axis": axis}
    return Call(d.array(shape, ANY), d.of(parts, places, tuple(places)), **options)


# Rearranging and repeating


@case("flip", np.flip, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(None, ANY)
    return Call(x, **d.of({}, {"axis": None}, {"axis": d.axes(x.ndim)}, {"axis": d.axis(x.ndim) if x.ndim else None}))


@case("roll", np.roll, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(None, ANY)
    shift, axes = d.integer(-5, 5), d.axes(x.ndim)
    ways: list[Any] = [(shift, {}), (shift, {"axis": None})]
    if x.ndim:
        ways += [(shift, {"axis": d.axis(x.ndim)}), (shift, {"axis": axes})]
        ways += [((), {"axis": ()}), (tuple(d.integer(-3, 3) for _ in axes), {"axis": axes})]
    shift, options = d.of(*ways)
    return Call(x, shift, **options)


@case("repeat", np.repeat, dtype="first", gradient=(0,))
def _(d: Draw) -> Call:
    x = d.array(None, ANY)
    axis = d.axis(x.ndim) if x.ndim and d.flag() else None
    return Call(x, d.integer(0, 3), **({} if axis is None and d.flag() else {"axis": axis}))


# the result's shape follows from the values of an array of repeats
@case("repeat", np.repeat, dtype="first", gradient=(0,), name="each", abstract=False)
def _(d: Draw) -> Call:
    x = d.array(d.shape(1), ANY)
    axis = d.axis(x.ndim)
    length = x.size if d.flag() else x.shape[axis]
    options = {"axis": axis} if length != x.size or x.ndim == 1 else {}
    return Call(x, d.array((length,), ("int64", "int32"), low=0, high=3), **options)


@case("tile", np.tile, dtype="first")
def _(d: Draw) -> Call:
    return Call(d.array(d.shape(0, 2), ANY), tuple(d.integer(0, 3) for _ in range(d.integer(0, 3))))


def _pad(x: Any, widths: Any, *, mode: Any = "constant", value: Any = 0.0) -> Any:
    if mode != "constant":
        return np.pad(x, widths, mode=mode) if x.ndim else x
    kept = x[tuple(slice(max(0, -a), n - max(0, -b)) for n, (a, b) in zip(x.shape, widths, strict=True))]
    widths = [(max(a, 0), max(b, 0)) for a, b in widths]
    return np.pad(kept, widths, constant_values=np.asarray(value).astype(x.dtype)) if x.ndim else x


@case("pad", _pad, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(None, ANY)
    widths = [(d.integer(-(n // 2), 3), d.integer(-(n // 2), 3)) for n in x.shape]
    return Call(x, d.of(widths, tuple(widths)), **d.of({}, {"value": 1}, {"mode": "constant", "value": 2.0}))


for _mode in ("edge", "reflect", "symmetric", "wrap"):

    @case("pad", _pad, dtype="first", name=_mode)
    def _(d: Draw, mode: str = _mode) -> Call:
        x = d.array(d.shape(least=1), ANY)
        most = 5 if d.flag() else 1  # more than the axis has, too
        return Call(x, [(d.integer(0, most), d.integer(0, most)) for _ in x.shape], mode=mode)


@case("meshgrid", lambda *arrays, indexing="xy": tuple(np.meshgrid(*arrays, indexing=indexing)), dtype=_each)
def _(d: Draw) -> Call:
    dtype = d.dtype(ANY)
    arrays = [d.array((d.integer(0, 3),), dtype) for _ in range(d.integer(1, 3))]
    return Call(*arrays, **d.of({}, {"indexing": "ij"}, {"indexing": "xy"}))


def _as_strided(x: Any, shape: Any, strides: Any, offset: int = 0) -> Any:
    places: Any = sum(
        (np.arange(n) * s).reshape(-1, *(1,) * (len(shape) - 1 - i))
        for i, (n, s) in enumerate(zip(shape, strides, strict=True))
    )
    return np.reshape(x, -1)[np.broadcast_to(offset + places, tuple(shape))]


@case("as_strided", _as_strided, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(d.shape(1, least=1), ANY)
    shape, strides, offset = [], [], d.integer(0, x.size - 1)
    left = x.size - 1 - offset
    for _ in range(d.integer(0, 3)):
        size, stride = d.integer(0, 3), d.integer(0, 2)
        fits = (size - 1) * stride <= left
        size = size if fits else 1
        left -= max(size - 1, 0) * stride
        shape.append(size)
        strides.append(stride)
    return Call(x, tuple(shape), tuple(strides), *d.of((offset,), (offset,) if offset else ()))


def _unfold_axis(x: Any, axis: int, size: int, step: int) -> Any:
    return np.moveaxis(np.lib.stride_tricks.sliding_window_view(x, size, axis), axis % x.ndim, 0)[::step]


def _windows(x: Any, axis: int, size: int, step: int) -> Any:
    return np.moveaxis(_unfold_axis(x, axis, size, step), 0, axis % x.ndim)


@case("unfold_axis", _windows, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(d.shape(1, least=1), ANY)
    axis = d.axis(x.ndim)
    return Call(x, axis, d.integer(1, x.shape[axis]), d.integer(1, 3))


# Matrices

for _op in ("tril", "triu"):

    @case(_op, getattr(np, _op), dtype="first")
    def _(d: Draw) -> Call:
        return Call(d.array(d.shape(2), ANY), **d.of({}, {"k": d.integer(-4, 4)}))


@case("diagonal", np.diagonal, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(d.shape(2), ANY)
    first, second = d.axes(x.ndim, least=2, most=2)
    return Call(x, **d.of({}, {"offset": d.integer(-3, 3)}), **d.of({}, {"axis1": first, "axis2": second}))


def _diag_embed(x: Any, *, offset: int = 0, axis1: int = -2, axis2: int = -1) -> Any:
    size, n = x.shape[-1] + abs(offset), x.shape[-1]
    found = np.zeros((*x.shape[:-1], size, size), x.dtype)
    places = np.arange(n)
    found[..., places + max(-offset, 0), places + max(offset, 0)] = x
    return np.moveaxis(found, (-2, -1), (axis1, axis2))


@case("diag_embed", _diag_embed, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(d.shape(1), ANY)
    first, second = d.axes(x.ndim + 1, least=2, most=2)
    return Call(x, **d.of({}, {"offset": d.integer(-2, 2)}), **d.of({}, {"axis1": first, "axis2": second}))


# Data types and memory


def _asked(x: Any, dtype: Any, **_: Any) -> Any:
    return dtype


@case("astype", lambda x, dtype, **_: x, dtype=_asked)
def _(d: Draw) -> Call:
    x = d.array(None, ANY, low=0, special=False)
    return Call(x, d.dtype(ANY), **d.of({}, {"copy": False}, {"copy": True}))


@case("astype", lambda x, dtype, **_: x, dtype=_asked, name="signed")
def _(d: Draw) -> Call:
    return Call(d.array(None, (*FLOAT, *SIGNED, *BOOL)), d.dtype((*FLOAT, *SIGNED, *COMPLEX)))


@case("astype", lambda x, dtype, **_: x, dtype=_asked, name="special")
def _(d: Draw) -> Call:
    return Call(d.array(None, FLOAT, special=True), d.dtype((*FLOAT, *BOOL)))


@case("astype", lambda x, dtype, **_: x, dtype=_asked, name="wraps")
def _(d: Draw) -> Call:
    return Call(d.array(None, INTEGER, low=-99, high=199), d.dtype(INTEGER))


@case("copy", np.copy, dtype="first")
def _(d: Draw) -> Call:
    return Call(d.array(None, ANY, special=True))


def _bitcast(x: Any, dtype: Any) -> Any:
    return np.ascontiguousarray(x).view(numpy_dtype(dtype)) if x.ndim else x.view(numpy_dtype(dtype))


@case("bitcast", _bitcast, dtype=_asked, exact=True, gradient=False)
def _(d: Draw) -> Call:
    dtype = d.dtype(REAL)
    wide = 8 // as_dtype(dtype).itemsize
    x = d.array((*d.shape(0, 2), d.of(1, 2) * wide), dtype, special=True)
    return Call(x, d.dtype(REAL))
