"""Shapes, joining, splitting and rearranging, with NumPy's views.

Definitions: https://numpy.org/doc/stable/reference/routines.array-manipulation.html
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy_numpy.frontend.promotion import array, as_bool, cast, dtype_arg, floating, result_dtype
from ivy_numpy.frontend.table import numpy

NAMESPACE = "numpy"


def _shape_of(shape: Sequence[Any]) -> tuple[int, ...]:
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = shape[0]
    return tuple(int(n) for n in shape)


def _is_fortran(order: str) -> bool:
    if order in ("C", "K", "A", None):
        return False
    if order == "F":
        return True
    raise ArgumentError(f"there is no order {order!r}", hint="use 'C' or 'F'")


def _reverse(x: Any) -> Any:
    return ops.permute_dims(x, tuple(reversed(range(len(x.shape)))))


@numpy.view("numpy.reshape", maybe=True)
def reshape(a: Any, /, shape: Any, order: str = "C", *, copy: bool | None = None) -> Any:
    x = array(a)
    wanted = (shape,) if isinstance(shape, int) else tuple(int(n) for n in shape)
    if not _is_fortran(order):
        return ops.reshape(x, wanted)
    return _reverse(ops.reshape(_reverse(x), tuple(reversed(wanted))))


@numpy.view("numpy.ndarray.reshape", maybe=True)
def _method_reshape(a: Any, *shape: Any, order: str = "C", copy: bool | None = None) -> Any:
    return reshape(a, _shape_of(shape), order)


@numpy.view("numpy.ravel", maybe=True)
def ravel(a: Any, order: str = "C") -> Any:
    return reshape(a, (-1,), order)


@numpy.function("numpy.ndarray.flatten")
def flatten(a: Any, order: str = "C") -> Any:
    return reshape(a, (-1,), order)


@numpy.view("numpy.transpose", "numpy.ndarray.T")
def transpose(a: Any, axes: Any = None) -> Any:
    x = array(a)
    return _reverse(x) if axes is None else ops.permute_dims(x, tuple(k % len(x.shape) for k in axes))


@numpy.view("numpy.ndarray.transpose")
def _method_transpose(a: Any, *axes: Any) -> Any:
    return transpose(a, None if not axes or axes == (None,) else _shape_of(axes))


@numpy.view("numpy.matrix_transpose", "numpy.ndarray.mT")
def matrix_transpose(x: Any, /) -> Any:
    return ops.matrix_transpose(array(x))


@numpy.view("numpy.swapaxes")
def swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    return ops.swapaxes(array(a), axis1, axis2)


@numpy.view("numpy.moveaxis")
def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    return ops.moveaxis(array(a), source, destination)


@numpy.view("numpy.rollaxis")
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    x = array(a)
    ndim = len(x.shape)
    axis, start = axis % ndim, start + ndim if start < 0 else start
    order = [i for i in range(ndim) if i != axis]
    order.insert(start - (axis < start), axis)
    return ops.permute_dims(x, tuple(order))


@numpy.view("numpy.expand_dims")
def expand_dims(a: Any, axis: Any) -> Any:
    return ops.expand_dims(array(a), axis=tuple(axis) if isinstance(axis, list) else axis)


@numpy.view("numpy.squeeze")
def squeeze(a: Any, axis: Any = None) -> Any:
    x = array(a)
    axes = tuple(i for i, n in enumerate(x.shape) if n == 1) if axis is None else axis
    return x if axes == () or not x.shape else ops.squeeze(x, axis=axes)


@numpy.view("numpy.broadcast_to")
def broadcast_to(array_: Any, shape: Any, subok: bool = False) -> Any:
    return ops.broadcast_to(array(array_), (shape,) if isinstance(shape, int) else tuple(int(n) for n in shape))


@numpy.view("numpy.broadcast_arrays")
def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Any, ...]:
    return tuple(ops.broadcast_arrays(*[array(x) for x in args]))


def _at_least(n: int) -> Any:
    def one(x: Any) -> Any:
        x = array(x)
        shape = tuple(x.shape)
        if len(shape) >= n:
            return x
        if n == 3 and len(shape) == 2:
            return ops.reshape(x, (*shape, 1))
        if n == 3 and len(shape) == 1:
            return ops.reshape(x, (1, *shape, 1))
        return ops.reshape(x, (*[1] * (n - len(shape)), *shape))

    def call(*arys: Any) -> Any:
        return one(arys[0]) if len(arys) == 1 else tuple(one(x) for x in arys)

    return call


for _n in (1, 2, 3):
    numpy.view(f"numpy.atleast_{_n}d", maybe=True)(_at_least(_n))
_atleast_1d, _atleast_2d, _atleast_3d = (_at_least(n) for n in (1, 2, 3))


@numpy.view("numpy.diagonal")
def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return ops.diagonal(array(a), offset=offset, axis1=axis1, axis2=axis2)


@numpy.view("numpy.linalg.diagonal")
def _matrix_diagonal(x: Any, /, *, offset: int = 0) -> Any:
    return ops.diagonal(array(x), offset=offset, axis1=-2, axis2=-1)


@numpy.view("numpy.diag", maybe=True)
def diag(v: Any, k: int = 0) -> Any:
    x = array(v)
    return ops.diag_embed(x, offset=k) if len(x.shape) == 1 else ops.diagonal(x, offset=k)


@numpy.function()
def diagflat(v: Any, k: int = 0) -> Any:
    return ops.diag_embed(ops.reshape(array(v), (-1,)), offset=k)


@numpy.view("numpy.flip")
def flip(m: Any, axis: Any = None) -> Any:
    x = array(m)
    return x if axis == () or not x.shape else ops.flip(x, axis=axis)


@numpy.view("numpy.fliplr")
def fliplr(m: Any) -> Any:
    return ops.flip(array(m), axis=1)


@numpy.view("numpy.flipud")
def flipud(m: Any) -> Any:
    return ops.flip(array(m), axis=0)


@numpy.view("numpy.rot90", maybe=True)
def rot90(m: Any, k: int = 1, axes: Any = (0, 1)) -> Any:
    x = array(m)
    a, b = (i % len(x.shape) for i in axes)
    k %= 4
    if k == 0:
        return x
    if k == 2:
        return ops.flip(x, axis=(a, b))
    return ops.swapaxes(ops.flip(x, axis=b), a, b) if k == 1 else ops.flip(ops.swapaxes(x, a, b), axis=b)


@numpy.function()
def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    x = array(a)
    if axis is not None and isinstance(shift, int) and not isinstance(axis, int):
        shift = (shift,) * len(axis)
    elif axis is not None and isinstance(axis, int) and not isinstance(shift, int):
        axis = (axis,) * len(shift)
    if axis is None and not isinstance(shift, int):
        shift = sum(shift)
    return ops.roll(x, shift, axis=axis)


# -- joining ----------------------------------------------------------------------------------------------------------


def _joined(arrays: Any, dtype: Any = None) -> list[Any]:
    parts = [array(x) for x in (arrays if isinstance(arrays, (list, tuple)) else ops.unstack(arrays, axis=0))]
    target = dtype_arg(dtype) or result_dtype(*parts)
    return [cast(x, target) for x in parts]


@numpy.function()
def concatenate(arrays: Any, /, axis: int | None = 0, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    parts = _joined(arrays, dtype)
    if axis is None:
        parts, axis = [ops.reshape(x, (-1,)) for x in parts], 0
    return ops.concat(parts, axis=axis)


@numpy.function()
def stack(arrays: Any, axis: int = 0, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    return ops.stack(_joined(arrays, dtype), axis=axis)


@numpy.function()
def vstack(tup: Any, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    return ops.concat([_atleast_2d(x) for x in _joined(tup, dtype)], axis=0)


@numpy.function()
def hstack(tup: Any, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    parts = [_atleast_1d(x) for x in _joined(tup, dtype)]
    return ops.concat(parts, axis=0 if len(parts[0].shape) == 1 else 1)


@numpy.function()
def dstack(tup: Any) -> Any:
    return ops.concat([_atleast_3d(x) for x in _joined(tup)], axis=2)


@numpy.function()
def column_stack(tup: Any) -> Any:
    parts = _joined(tup)
    return ops.concat([ops.reshape(x, (-1, 1)) if len(x.shape) < 2 else x for x in parts], axis=1)


@numpy.function()
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    return concatenate([array(arr), array(values)], axis)


@numpy.function()
def block(arrays: Any) -> Any:
    def depth(x: Any) -> int:
        return 1 + max(map(depth, x)) if isinstance(x, list) else 0

    levels = depth(arrays)
    ndim = max([levels, *(len(array(x).shape) for x in _flat(arrays))])

    def join(x: Any, level: int) -> Any:
        if not isinstance(x, list):
            y = array(x)
            return ops.reshape(y, (*[1] * (ndim - len(y.shape)), *y.shape))
        return concatenate([join(v, level + 1) for v in x], axis=ndim - levels + level)

    return join(arrays, 0)


def _flat(x: Any) -> list[Any]:
    return [v for part in x for v in _flat(part)] if isinstance(x, list) else [x]


# -- splitting --------------------------------------------------------------------------------------------------------


def _pieces(x: Any, sections: Any, axis: int, *, equal: bool) -> list[Any]:
    n = x.shape[axis]
    if isinstance(sections, int):
        if equal and n % sections:
            raise ArgumentError("array split does not result in an equal division", hint="use np.array_split")
        size, extra = divmod(n, sections)
        ends = [(i + 1) * size + min(i + 1, extra) for i in range(sections)]
        starts = [0, *ends[:-1]]
    else:
        cuts = [int(c) for c in sections]
        starts, ends = [0, *cuts], [*cuts, n]
    lead = (slice(None),) * (axis % len(x.shape))
    return [ops.get_item(x, (*lead, slice(a, b))) for a, b in zip(starts, ends, strict=True)]


@numpy.view("numpy.split")
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    return _pieces(array(ary), indices_or_sections, axis, equal=True)


@numpy.view("numpy.array_split")
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    return _pieces(array(ary), indices_or_sections, axis, equal=False)


@numpy.view("numpy.hsplit")
def hsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    x = array(ary)
    return _pieces(x, indices_or_sections, 0 if len(x.shape) == 1 else 1, equal=True)


@numpy.view("numpy.vsplit")
def vsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    return _pieces(array(ary), indices_or_sections, 0, equal=True)


@numpy.view("numpy.dsplit")
def dsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    return _pieces(array(ary), indices_or_sections, 2, equal=True)


@numpy.view("numpy.unstack")
def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    return tuple(ops.unstack(array(x), axis=axis))


# -- repeating and padding --------------------------------------------------------------------------------------------


@numpy.function()
def tile(A: Any, reps: Any) -> Any:
    return ops.tile(array(A), (int(reps),) if not isinstance(reps, (tuple, list)) else tuple(int(n) for n in reps))


@numpy.function()
def repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    x = array(a)
    if axis is None:
        x, axis = ops.reshape(x, (-1,)), 0
    if isinstance(repeats, (list, tuple)) and len(repeats) == 1:
        repeats = repeats[0]
    if isinstance(repeats, int):
        return ops.repeat(x, repeats, axis=axis)
    counts = repeats if isinstance(repeats, (list, tuple)) else [int(n) for n in repeats]
    index = [i for i, n in enumerate(counts) for _ in range(int(n))]
    return ops.take(x, ops.asarray(index, dtype="int64"), axis=axis)


_PAD_MODES = {"constant": "constant", "edge": "edge", "reflect": "reflect", "symmetric": "symmetric", "wrap": "wrap"}


@numpy.function()
def pad(array_: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    x = array(array_)
    if mode == "empty":
        mode = "constant"
    if mode not in _PAD_MODES or kwargs.get("reflect_type", "even") != "even":
        raise ArgumentError(f"np.pad with mode={mode!r} is not supported", hint="use one of " + ", ".join(_PAD_MODES))
    widths = _pairs(pad_width, len(x.shape))
    values = _pairs(kwargs.get("constant_values", 0), len(x.shape))
    if mode != "constant" or len({v for pair in values for v in pair}) == 1:
        value = values[0][0] if values else 0
        return ops.pad(x, widths, mode=_PAD_MODES[mode], **({"value": value} if mode == "constant" else {}))
    for k, (low, high) in enumerate(widths):
        for pair, value in zip(((low, 0), (0, high)), values[k], strict=True):
            x = ops.pad(x, [pair if i == k else (0, 0) for i in range(len(widths))], value=value)
    return x


def _pairs(width: Any, ndim: int) -> list[tuple[Any, Any]]:
    """Spell out a width given as ``n``, ``(n,)``, ``(before, after)``, ``((b, a),)`` or one pair for each axis."""
    if isinstance(width, dict):
        full = {k % ndim: v if isinstance(v, (tuple, list)) else (v, v) for k, v in width.items()}
        return [tuple(full.get(i, (0, 0))) for i in range(ndim)]
    if not isinstance(width, (tuple, list)):
        return [(width, width)] * ndim
    if len(width) == 1 and not isinstance(width[0], (tuple, list)):
        return [(width[0], width[0])] * ndim
    if not isinstance(width[0], (tuple, list)):
        return [(width[0], width[1])] * ndim
    pairs = [tuple(p) if len(p) == 2 else (p[0], p[0]) for p in width]
    return pairs * ndim if len(pairs) == 1 else pairs


@numpy.function()
def resize(a: Any, new_shape: Any) -> Any:
    shape = (new_shape,) if isinstance(new_shape, int) else tuple(new_shape)
    flat, total = ops.reshape(array(a), (-1,)), math.prod(shape)
    times = -(-total // flat.shape[0]) if flat.shape[0] else 0
    if not times:
        return ops.zeros(shape, dtype=dtype_of(flat))
    return ops.reshape(ops.get_item(ops.tile(flat, (times,)), slice(0, total)), shape)


@numpy.function()
def tril(m: Any, k: int = 0) -> Any:
    return _triangle(ops.tril, m, k)


@numpy.function()
def triu(m: Any, k: int = 0) -> Any:
    return _triangle(ops.triu, m, k)


def _triangle(op: Any, m: Any, k: int) -> Any:
    x = array(m)
    if len(x.shape) == 1:
        x = ops.broadcast_to(x, (x.shape[0], x.shape[0]))
    return op(x, k=k)


@numpy.function()
def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> tuple[Any, ...]:
    arrays = [ops.reshape(array(x), (-1,)) for x in xi]
    order = list(range(len(arrays)))
    if indexing == "xy" and len(order) > 1:
        order[0], order[1] = 1, 0
    grids = [ops.reshape(x, [-1 if j == order[i] else 1 for j in range(len(arrays))]) for i, x in enumerate(arrays)]
    return tuple(grids if sparse else ops.broadcast_arrays(*grids))


@numpy.function()
def ix_(*args: Any) -> tuple[Any, ...]:
    parts = [array(x) for x in args]
    parts = [cast(ops.nonzero(x)[0], "int64") if dtype_of(x) == "bool" else x for x in parts]
    return tuple(ops.reshape(x, [-1 if j == i else 1 for j in range(len(parts))]) for i, x in enumerate(parts))


# -- parts of complex numbers, copies and casts -----------------------------------------------------------------------


def _put_real(base: Any, new: Any, *_: Any) -> Any:
    return ops.complex(cast(new, _part(base)), ops.imag(base)) if dtype_of(base).is_complex else new


def _put_imag(base: Any, new: Any, *_: Any) -> Any:
    return ops.complex(ops.real(base), cast(new, _part(base)))


def _part(x: Any) -> str:
    return "float64" if dtype_of(x) == "complex128" else "float32"


@numpy.view("numpy.real", "numpy.ndarray.real", put=_put_real, maybe=True)
def real(val: Any) -> Any:
    x = array(val)
    return ops.real(x) if dtype_of(x).is_complex else x


@numpy.view("numpy.imag", "numpy.ndarray.imag", put=_put_imag, maybe=True)
def imag(val: Any) -> Any:
    x = array(val)
    return ops.imag(x) if dtype_of(x).is_complex else ops.zeros_like(x)


@numpy.function()
def angle(z: Any, deg: bool = False) -> Any:
    x = array(z)
    found = ops.angle(cast(x, "float64") if dtype_of(x) == "bool" else floating(x)[0])
    return ops.rad2deg(found) if deg else found


@numpy.function()
def copy(a: Any, order: str = "K", subok: bool = False) -> Any:
    return ops.copy(array(a))


@numpy.view("numpy.astype", maybe=True)
def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Any:
    x = array(x)
    return ops.copy(x) if copy and dtype_of(x) == dtype_arg(dtype) else _converted(x, dtype_arg(dtype))


@numpy.view("numpy.ndarray.astype", maybe=True)
def _method_astype(
    a: Any, dtype: Any, order: str = "K", casting: str = "unsafe", subok: bool = True, copy: bool = True
) -> Any:
    return astype(a, dtype, copy=copy)


def _converted(x: Any, target: Any) -> Any:
    if target == "bool":
        return as_bool(x)
    if dtype_of(x).is_complex and not target.is_complex:
        x = ops.real(x)
    return cast(x, target)


@numpy.view("numpy.ndarray.view")
def _bits(a: Any, dtype: Any = None, type: Any = None) -> Any:
    if dtype is None or dtype_arg(dtype) == dtype_of(a):
        return a
    target = dtype_arg(dtype)
    if target is None or target.bits != dtype_of(a).bits:
        raise ArgumentError("x.view of a dtype of another size is not supported", hint="use x.astype")
    return ops.bitcast(a, target)


@numpy.function()
def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    x = array(arr)
    if axis is None:
        x, axis = ops.reshape(x, (-1,)), 0
    n = x.shape[axis]
    gone = set(range(*obj.indices(n))) if isinstance(obj, slice) else {int(i) % n for i in _listed(obj)}
    kept = [i for i in range(n) if i not in gone]
    return ops.take(x, ops.asarray(kept, dtype="int64"), axis=axis)


def _listed(obj: Any) -> list[Any]:
    if isinstance(obj, (list, tuple, range)):
        return list(obj)
    return [obj] if isinstance(obj, int) or not getattr(obj, "shape", ()) else list(obj)


@numpy.function()
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    x = array(arr)
    if axis is None:
        x, axis = ops.reshape(x, (-1,)), 0
    axis %= len(x.shape)
    n = x.shape[axis]
    single = not isinstance(obj, (list, tuple, slice))
    places = [
        i + n if i < 0 else i for i in (range(*obj.indices(n)) if isinstance(obj, slice) else map(int, _listed(obj)))
    ]
    new = cast(array(values), dtype_of(x))
    shape = tuple(len(places) if i == axis else s for i, s in enumerate(x.shape))
    if single and len(new.shape) == len(shape):
        shape = tuple(new.shape[axis] if i == axis else s for i, s in enumerate(x.shape))
        places = places * shape[axis]
    elif single and len(new.shape):
        new = ops.moveaxis(ops.reshape(new, (*[1] * (len(shape) - len(new.shape)), *new.shape)), 0, axis)
    new = ops.broadcast_to(new, shape)
    order = sorted(range(len(places)), key=lambda i: places[i])
    index: list[int] = []
    at = 0
    for i in order:
        index += [*range(at, places[i]), n + i]
        at = places[i]
    index += range(at, n)
    return ops.take(ops.concat([x, new], axis=axis), ops.asarray(index, dtype="int64"), axis=axis)
