"""Functions of `jax.numpy` that make, move, join and index arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy_jax.frontend.lax.indexing import gather
from ivy_jax.frontend.table import elementwise, frontend, is_scalar

NAMESPACE = "jax.numpy"

elementwise(
    {
        "reshape": lambda a, shape, **_: F.reshape(a, shape),
        "ravel": lambda a, **_: F.reshape(a, (-1,)),
        "swapaxes": F.swapaxes,
        "moveaxis": F.moveaxis,
        "matrix_transpose": F.matrix_transpose,
        "broadcast_to": F.broadcast_to,
        "broadcast_arrays": lambda *args: list(F.broadcast_arrays(*args)),
        "flip": F.flip,
        "roll": F.roll,
        "tile": lambda a, reps: F.tile(a, (reps,) if isinstance(reps, int) else tuple(reps)),
        "repeat": F.repeat,
        "tril": lambda m, k=0: F.tril(m, k=k),
        "triu": lambda m, k=0: F.triu(m, k=k),
        "diagonal": F.diagonal,
        "meshgrid": lambda *xi, **options: list(F.meshgrid(*xi, **options)),
        "copy": F.copy,
        "permute_dims": F.permute_dims,
        "zeros_like": F.zeros_like,
        "ones_like": F.ones_like,
        "full_like": F.full_like,
        "empty_like": F.zeros_like,
        "fliplr": lambda m: F.flip(m, axis=1),
        "flipud": lambda m: F.flip(m, axis=0),
    },
    "jax.numpy",
)


def _float(dtype: Any) -> Any:
    return as_dtype("float32" if dtype is None else dtype)


@frontend.function("jax.numpy.asarray", "jax.numpy.array")
def asarray(a: Any, dtype: Any = None, **options: Any) -> Any:
    """Make an array; Python numbers become int32 and float32, and so do NumPy's 64-bit arrays by hand."""
    x = F.asarray(a, dtype=None if dtype is None else as_dtype(dtype))
    if dtype is None and not hasattr(a, "dtype"):
        narrow = {"int64": "int32", "float64": "float32", "complex128": "complex64"}.get(str(dtype_of(x)))
        return x if narrow is None else F.astype(x, narrow)
    return x


@frontend.function("jax.numpy.zeros", "jax.numpy.empty")
def zeros(shape: Any, dtype: Any = None, **options: Any) -> Any:
    return F.zeros(shape, dtype=_float(dtype))


@frontend.function()
def ones(shape: Any, dtype: Any = None, **options: Any) -> Any:
    return F.ones(shape, dtype=_float(dtype))


@frontend.function()
def full(shape: Any, fill_value: Any, dtype: Any = None, **options: Any) -> Any:
    if dtype is None and is_scalar(fill_value):
        dtype = {bool: "bool", int: "int32", float: "float32"}.get(type(fill_value), "complex64")
    return F.full(shape, fill_value, dtype=dtype)


@frontend.function()
def arange(start: Any, stop: Any = None, step: Any = None, dtype: Any = None, **options: Any) -> Any:
    if stop is None:
        start, stop = 0, start
    if dtype is None:
        dtype = "float32" if any(isinstance(v, float) for v in (start, stop, step)) else "int32"
    return F.arange(start, stop, 1 if step is None else step, dtype=as_dtype(dtype))


@frontend.function()
def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, **options: Any) -> Any:
    return F.linspace(start, stop, num, endpoint=endpoint, dtype=_float(dtype))


@frontend.function()
def eye(N: int, M: Any = None, k: int = 0, dtype: Any = None, **options: Any) -> Any:
    return F.eye(N, M, k=k, dtype=_float(dtype))


@frontend.function()
def identity(n: int, dtype: Any = None) -> Any:
    return F.eye(n, dtype=_float(dtype))


@frontend.function()
def transpose(a: Any, axes: Any = None) -> Any:
    return F.permute_dims(a, tuple(range(a.ndim))[::-1] if axes is None else tuple(axes))


@frontend.function()
def expand_dims(a: Any, axis: Any) -> Any:
    return F.expand_dims(a, axis=axis)


@frontend.function()
def squeeze(a: Any, axis: Any = None) -> Any:
    if axis is None:
        axis = tuple(i for i, n in enumerate(a.shape) if n == 1)
    return a if axis == () else F.squeeze(a, axis=axis)


@frontend.function("jax.numpy.concatenate", "jax.numpy.concat")
def concatenate(arrays: Sequence[Any], axis: Any = 0, dtype: Any = None) -> Any:
    found = F.concat(list(arrays), axis=axis)
    return found if dtype is None else F.astype(found, as_dtype(dtype))


@frontend.function()
def stack(arrays: Sequence[Any], axis: int = 0, out: None = None, dtype: Any = None) -> Any:
    found = F.stack(list(arrays), axis=axis)
    return found if dtype is None else F.astype(found, as_dtype(dtype))


@frontend.function("jax.numpy.vstack")
def vstack(tup: Sequence[Any], dtype: Any = None) -> Any:
    return concatenate([atleast_2d(x) for x in tup], 0, dtype)


@frontend.function("jax.numpy.hstack")
def hstack(tup: Sequence[Any], dtype: Any = None) -> Any:
    arrays = [x if x.ndim else F.reshape(x, (1,)) for x in tup]
    return concatenate(arrays, 0 if arrays[0].ndim == 1 else 1, dtype)


@frontend.function()
def atleast_1d(x: Any) -> Any:
    return x if x.ndim else F.reshape(x, (1,))


@frontend.function()
def atleast_2d(x: Any) -> Any:
    return x if x.ndim > 1 else F.reshape(x, (1, -1))


@frontend.function()
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    return list(F.split(ary, indices_or_sections, axis=axis))


@frontend.function()
def pad(array: Any, pad_width: Any, mode: str = "constant", **options: Any) -> Any:
    n = array.ndim
    if isinstance(pad_width, int):
        widths = [(pad_width, pad_width)] * n
    elif isinstance(pad_width[0], int):
        widths = [tuple(pad_width)] * n
    else:
        widths = [tuple(p) for p in pad_width] * (n if len(pad_width) == 1 else 1)
    return F.pad(array, widths, mode=mode, value=options.get("constant_values", 0))


@frontend.function()
def diag(v: Any, k: int = 0) -> Any:
    return F.diag_embed(v, offset=k) if v.ndim == 1 else F.diagonal(v, offset=k)


@frontend.function()
def take(
    a: Any,
    indices: Any,
    axis: Any = None,
    out: None = None,
    mode: Any = None,
    unique_indices: bool = False,
    indices_are_sorted: bool = False,
    fill_value: Any = None,
) -> Any:
    """Index along an axis; negative indices count from the end, and beyond either end the fill value comes."""
    if axis is None:
        a, axis = F.reshape(a, (-1,)), 0
    axis = int(axis) % a.ndim
    if is_scalar(indices):
        indices = F.asarray(indices, dtype="int32")
    size, rank = a.shape[axis], indices.ndim
    if mode == "wrap":
        indices = F.remainder(indices, size)
    elif mode != "clip" and dtype_of(indices).kind == "int":
        indices = F.where(F.less(indices, 0), F.add(indices, size), indices)
    numbers = {
        "offset_dims": (*range(axis), *range(axis + rank, a.ndim + rank - 1)),
        "collapsed_slice_dims": (axis,),
        "start_index_map": (axis,),
    }
    sizes = tuple(1 if i == axis else n for i, n in enumerate(a.shape))
    kept = {None: "fill", "fill": "fill", "wrap": "promise_in_bounds"}.get(mode, mode)
    return gather(a, F.expand_dims(indices, axis=-1), numbers, sizes, mode=kept, fill_value=fill_value)


@frontend.function()
def take_along_axis(arr: Any, indices: Any, axis: Any = -1, mode: Any = None, fill_value: Any = None) -> Any:
    """Index along an axis, per line; beyond either end comes the fill value, unless the mode says otherwise."""
    if axis is None:
        arr, axis = F.reshape(arr, (-1,)), 0
    size = arr.shape[axis]
    found_mode = {None: "fill", "fill": "fill"}.get(mode, mode)
    if found_mode != "clip":
        indices = F.where(F.less(indices, 0), F.add(indices, size), indices)
    if found_mode == "promise_in_bounds":
        return F.take_along_axis(arr, indices, axis=axis)
    found = F.take_along_axis(arr, F.clip(indices, 0, size - 1), axis=axis)
    if found_mode == "clip":
        return found
    from ivy_jax.frontend.lax.indexing import _fill_value

    fill = _fill_value(dtype_of(arr)) if fill_value is None else fill_value
    return F.where(F.logical_and(F.greater_equal(indices, 0), F.less(indices, size)), found, fill)


@frontend.function()
def astype(x: Any, dtype: Any, /, **options: Any) -> Any:
    from ivy_jax.frontend.lax.elementwise import convert_element_type

    return convert_element_type(x, dtype)
