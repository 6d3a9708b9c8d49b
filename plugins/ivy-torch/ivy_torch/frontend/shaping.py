"""Functions that return views of their argument: reshaping, reordering, slicing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import DType, as_dtype, dtype_of
from ivy_torch.frontend.declare import api, view
from ivy_torch.frontend.promotion import cast, shape_of

__all__ = ["axis_of", "filled_shape", "full_slice"]


def axis_of(dim: int, ndim: int) -> int:
    """Return `dim` as a non-negative axis; a 0-d tensor counts as having one.

    Raises:
        IndexError: if it is out of range, as torch does.
    """
    n = max(ndim, 1)
    dim = int(dim)
    if not -n <= dim < n:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got {dim})")
    return dim % n


def filled_shape(x: Any, shape: Sequence[int]) -> tuple[int, ...]:
    """Return `shape` with its -1 replaced by what is left of `x`'s size."""
    shape = tuple(int(n) for n in shape)
    if -1 not in shape:
        return shape
    known = math.prod(n for n in shape if n != -1)
    rest = math.prod(x.shape) // known if known else 0
    return tuple(rest if n == -1 else n for n in shape)


def full_slice(ndim: int, axis: int, item: Any) -> tuple[Any, ...]:
    """Return the key that takes `item` along one axis and everything along the others."""
    return (*([slice(None)] * axis), item, *([slice(None)] * (ndim - axis - 1)))


def put_slice(base: Any, new: Any, dim: int, item: Any) -> Any:
    """Return `base` with what `item` takes along one axis replaced."""
    return ops.set_item(base, full_slice(len(base.shape), axis_of(dim, len(base.shape)), item), new)


def _view_put(base: Any, new: Any, *shape: Any, **kwargs: Any) -> Any:
    if dtype_of(base) != dtype_of(new):
        return ops.bitcast(new, dtype_of(base))
    return ops.reshape(new, tuple(base.shape))


def _permute_back(new: Any, dims: Sequence[int]) -> Any:
    axes = [axis_of(d, len(new.shape)) for d in dims]
    return ops.permute_dims(new, tuple(axes.index(i) for i in range(len(axes))))


def _transpose_back(base: Any, new: Any, dim0: int, dim1: int) -> Any:
    axes = list(range(len(new.shape)))
    a, b = axis_of(dim0, len(axes)), axis_of(dim1, len(axes))
    axes[a], axes[b] = axes[b], axes[a]
    return ops.permute_dims(new, tuple(axes)) if axes else new


def _t_back(base: Any, new: Any) -> Any:
    return ops.permute_dims(new, tuple(reversed(range(len(new.shape)))))


def _mt_back(base: Any, new: Any) -> Any:
    return ops.matrix_transpose(new)


def _adjoint_back(base: Any, new: Any) -> Any:
    turned = new if len(new.shape) < 2 else ops.matrix_transpose(new)
    return ops.conj(turned) if dtype_of(new).is_complex else turned


def _complex_of(base: Any, new: Any) -> Any:
    return ops.complex(ops.get_item(new, (..., 0)), ops.get_item(new, (..., 1)))


def _slice_put(base: Any, new: Any, dim: int = 0, start: Any = None, end: Any = None, step: int = 1) -> Any:
    return put_slice(base, new, dim, slice(start, end, step))


def _reshape(x: Any, shape: Sequence[int]) -> Any:
    shape = filled_shape(x, shape)
    return x if shape == tuple(x.shape) else ops.reshape(x, shape)


@view("reshape", put="reshape", maybe=True)
def reshape(input: Any, shape: Sequence[int]) -> Any:
    return _reshape(input, shape_of((shape,)) if not isinstance(shape, int) else (shape,))


@view("Tensor.reshape", put="reshape", maybe=True)
def tensor_reshape(input: Any, *shape: Any) -> Any:
    return _reshape(input, shape_of(shape))


@view("Tensor.view", put=_view_put)
def tensor_view(input: Any, *shape: Any, dtype: Any = None) -> Any:
    target = dtype if dtype is not None else shape[0] if len(shape) == 1 else None
    if isinstance(target, (DType, str)):
        return ops.bitcast(input, as_dtype(target))
    return _reshape(input, shape_of(shape))


@api("view_copy")
def view_copy(input: Any, size: Any) -> Any:
    return tensor_view(input, size)


@view("Tensor.view_as", "Tensor.reshape_as", put="reshape", maybe=True)
def view_as(input: Any, other: Any) -> Any:
    return _reshape(input, other.shape)


@view("flatten", put="reshape", maybe=True)
def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    n = len(input.shape)
    if n == 0:
        return ops.reshape(input, (1,))
    a, b = axis_of(start_dim, n), axis_of(end_dim, n)
    if a >= b:
        return input
    shape = tuple(input.shape)
    return _reshape(input, (*shape[:a], math.prod(shape[a : b + 1]), *shape[b + 1 :]))


@view("ravel", put="reshape", maybe=True)
def ravel(input: Any) -> Any:
    return _reshape(input, (-1,))


@view("unflatten", put="reshape")
def unflatten(input: Any, dim: int, sizes: Sequence[int]) -> Any:
    axis = axis_of(dim, len(input.shape))
    shape = tuple(input.shape)
    sizes = tuple(int(n) for n in sizes)
    if -1 in sizes:
        known = math.prod(n for n in sizes if n != -1)
        sizes = tuple(shape[axis] // known if n == -1 else n for n in sizes)
    return _reshape(input, (*shape[:axis], *sizes, *shape[axis + 1 :]))


@view("transpose", "swapaxes", "swapdims", put=_transpose_back)
def transpose(input: Any, dim0: int, dim1: int) -> Any:
    n = len(input.shape)
    a, b = axis_of(dim0, n), axis_of(dim1, n)
    if a == b:
        return input
    axes = list(range(n))
    axes[a], axes[b] = b, a
    return ops.permute_dims(input, tuple(axes))


@view("t", put=_t_back)
def t(input: Any) -> Any:
    return input if len(input.shape) < 2 else transpose(input, 0, 1)


@view("Tensor.T", put=_t_back)
def tensor_t(input: Any) -> Any:
    n = len(input.shape)
    return input if n < 2 else ops.permute_dims(input, tuple(reversed(range(n))))


@view("Tensor.mT", put=_mt_back)
def matrix_t(input: Any) -> Any:
    return transpose(input, -2, -1)


@view("adjoint", "Tensor.H", "Tensor.mH", put=_adjoint_back)
def adjoint(input: Any) -> Any:
    turned = input if len(input.shape) < 2 else transpose(input, -2, -1)
    return ops.conj(turned) if dtype_of(input).is_complex else turned


@view("permute", put=lambda base, new, dims: _permute_back(new, dims))
def permute(input: Any, dims: Sequence[int]) -> Any:
    n = len(input.shape)
    axes = tuple(axis_of(d, n) for d in dims)
    return input if axes == tuple(range(n)) else ops.permute_dims(input, axes)


@view("Tensor.permute", put=lambda base, new, *dims, **kw: _permute_back(new, shape_of(dims or tuple(kw.values()))))
def tensor_permute(input: Any, *dims: Any) -> Any:
    return permute(input, shape_of(dims))


@view("movedim", "moveaxis")
def movedim(input: Any, source: Any, destination: Any) -> Any:
    n = len(input.shape)
    froms, tos = ([d] if isinstance(d, int) else list(d) for d in (source, destination))
    froms, tos = [axis_of(d, n) for d in froms], [axis_of(d, n) for d in tos]
    if n == 0:
        return input
    order = [d for d in range(n) if d not in froms]
    for to, from_ in sorted(zip(tos, froms)):
        order.insert(to, from_)
    return permute(input, order)


@view("squeeze", put="reshape")
def squeeze(input: Any, dim: Any = None, *dims: int) -> Any:
    shape = tuple(input.shape)
    if dim is None:
        axes = set(range(len(shape)))
    else:
        axes = {axis_of(d, len(shape)) for d in (*(dim if isinstance(dim, (tuple, list)) else (dim,)), *dims)}
    gone = tuple(a for a in sorted(axes) if a < len(shape) and shape[a] == 1)
    return ops.squeeze(input, axis=gone) if gone else input


@view("unsqueeze", put="reshape")
def unsqueeze(input: Any, dim: int) -> Any:
    return ops.expand_dims(input, axis=axis_of(dim, len(input.shape) + 1))


def _expand(x: Any, size: Sequence[int]) -> Any:
    extra = len(size) - len(x.shape)
    old = (*([1] * extra), *x.shape)
    shape = tuple(int(have) if n == -1 else int(n) for n, have in zip(size, old))
    return x if shape == tuple(x.shape) else ops.broadcast_to(x, shape)


@view("Tensor.expand")
def expand(input: Any, *size: Any, implicit: bool = False) -> Any:
    return _expand(input, shape_of(size))


@api("expand_copy")
def expand_copy(input: Any, size: Any, *, implicit: bool = False) -> Any:
    return _expand(input, shape_of((size,)))


@view("Tensor.expand_as")
def expand_as(input: Any, other: Any) -> Any:
    return _expand(input, other.shape)


@view("broadcast_to")
def broadcast_to(input: Any, size: Any, *sizes: Any) -> Any:
    return _expand(input, shape_of((size, *sizes)))


@view("narrow")
def narrow(input: Any, dim: int, start: Any, length: int) -> Any:
    axis = axis_of(dim, len(input.shape))
    n = int(input.shape[axis])
    start = int(start)
    start = start + n if start < 0 else start
    if start + length > n:
        raise IndexError(f"start ({start}) + length ({length}) exceeds dimension size ({n}).")
    return ops.get_item(input, full_slice(len(input.shape), axis, slice(start, start + int(length))))


@view("select", put=lambda base, new, dim, index: put_slice(base, new, dim, int(index)))
def select(input: Any, dim: int, index: Any) -> Any:
    axis = axis_of(dim, len(input.shape))
    return ops.get_item(input, full_slice(len(input.shape), axis, int(index)))


@view("Tensor.slice", "aten.slice", put=_slice_put)
def slice_(input: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1) -> Any:
    axis = axis_of(dim, len(input.shape))
    n = int(input.shape[axis])
    a, b, _ = slice(start, end, step).indices(n)
    return ops.get_item(input, full_slice(len(input.shape), axis, slice(a, max(a, b), step)))


def sections(n: int, size: int) -> list[int]:
    """Return the lengths of pieces of `size` that `n` is cut into, the last one shorter."""
    if n == 0:
        return [0]
    return [min(size, n - i) for i in range(0, n, size)]


def cut(input: Any, lengths: Sequence[int], axis: int) -> tuple[Any, ...]:
    """Cut an array along an axis into pieces of these lengths."""
    lengths = [int(n) for n in lengths]
    if sum(lengths) != input.shape[axis]:
        raise ValueError(
            f"split_with_sizes expects split_sizes to sum exactly to {input.shape[axis]}, but got {lengths}"
        )
    if len(lengths) == 1:
        return (input,)
    ends = [sum(lengths[: i + 1]) for i in range(len(lengths))]
    return tuple(ops.split(input, ends[:-1], axis=axis))


@view("split", "unsafe_split")
def split(tensor: Any, split_size_or_sections: Any = None, dim: int = 0, *, split_size: Any = None) -> tuple[Any, ...]:
    size = split_size if split_size_or_sections is None else split_size_or_sections
    axis = axis_of(dim, len(tensor.shape))
    if isinstance(size, (tuple, list)):
        return cut(tensor, size, axis)
    return cut(tensor, sections(int(tensor.shape[axis]), int(size)), axis)


@view("split_with_sizes", "unsafe_split_with_sizes")
def split_with_sizes(input: Any, split_sizes: Sequence[int], dim: int = 0) -> tuple[Any, ...]:
    return cut(input, split_sizes, axis_of(dim, len(input.shape)))


@view("chunk", "unsafe_chunk")
def chunk(input: Any, chunks: int, dim: int = 0) -> tuple[Any, ...]:
    axis = axis_of(dim, len(input.shape))
    n = int(input.shape[axis])
    size = -(-n // int(chunks))
    if size == 0:
        return (input,) * int(chunks)
    return cut(input, sections(n, size), axis)


@view("tensor_split")
def tensor_split(
    input: Any, indices_or_sections: Any = None, dim: int = 0, *, indices: Any = None, sections: int | None = None
) -> tuple[Any, ...]:
    given = next(v for v in (indices_or_sections, indices, sections) if v is not None)
    axis = axis_of(dim, len(input.shape))
    n = int(input.shape[axis])
    if hasattr(given, "shape"):
        given = int(given) if not given.shape else [int(i) for i in ops.unstack(given)]
    if isinstance(given, (tuple, list)):
        ends = [max(0, min(n, int(i) + n if int(i) < 0 else int(i))) for i in given]
    else:
        short, rest = divmod(n, int(given))
        ends = [sum(short + (j < rest) for j in range(i + 1)) for i in range(int(given) - 1)]
    starts = [0, *ends]
    return tuple(
        ops.get_item(input, full_slice(len(input.shape), axis, slice(a, max(a, b)))) for a, b in zip(starts, [*ends, n])
    )


@view("hsplit")
def hsplit(input: Any, indices_or_sections: Any = None, **kwargs: Any) -> tuple[Any, ...]:
    return tensor_split(input, indices_or_sections, 0 if len(input.shape) == 1 else 1, **kwargs)


@view("vsplit")
def vsplit(input: Any, indices_or_sections: Any = None, **kwargs: Any) -> tuple[Any, ...]:
    return tensor_split(input, indices_or_sections, 0, **kwargs)


@view("dsplit")
def dsplit(input: Any, indices_or_sections: Any = None, **kwargs: Any) -> tuple[Any, ...]:
    return tensor_split(input, indices_or_sections, 2, **kwargs)


@view("unbind")
def unbind(input: Any, dim: int = 0) -> tuple[Any, ...]:
    return tuple(ops.unstack(input, axis=axis_of(dim, len(input.shape))))


@view("diagonal")
def diagonal(input: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    n = len(input.shape)
    return ops.diagonal(input, offset=offset, axis1=axis_of(dim1, n), axis2=axis_of(dim2, n))


@view("linalg.diagonal")
def linalg_diagonal(input: Any, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    return diagonal(input, offset, dim1, dim2)


@view("Tensor.unfold")
def unfold(input: Any, dimension: int, size: int, step: int) -> Any:
    if not input.shape:
        return ops.reshape(input, (size,))
    return ops.unfold_axis(input, axis_of(dimension, len(input.shape)), size, step)


@view("as_strided")
def as_strided(input: Any, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Any:
    return ops.as_strided(input, tuple(size), tuple(stride), storage_offset or 0)


@view("view_as_real", put=_complex_of)
def view_as_real(input: Any) -> Any:
    return ops.stack([ops.real(input), ops.imag(input)], axis=-1)


@view("view_as_complex", put=lambda base, new: view_as_real(new))
def view_as_complex(input: Any) -> Any:
    last = len(input.shape) - 1
    return ops.complex(
        ops.get_item(input, full_slice(last + 1, last, 0)), ops.get_item(input, full_slice(last + 1, last, 1))
    )


# -- copies with the same look -----------------------------------------------------------------------------------------


@api()
def clone(input: Any, *, memory_format: Any = None) -> Any:
    return ops.copy(input)


@view("Tensor.contiguous", "Tensor.cpu", "Tensor.cuda", "Tensor.pin_memory", put="same", maybe=True)
def contiguous(input: Any, *args: Any, **kwargs: Any) -> Any:
    return input


def at_least(x: Any, n: int) -> Any:
    """Return `x` with axes of length one added, as ``torch.atleast_<n>d`` does."""
    shape = tuple(x.shape)
    if len(shape) >= n:
        return x
    if n == 3 and shape:
        return ops.reshape(x, (*([1] * (2 - len(shape))), *shape, 1))
    return ops.reshape(x, (*([1] * (n - len(shape))), *shape))


def _at_least(n: int) -> Any:
    def call(*tensors: Any) -> Any:
        if len(tensors) == 1 and not isinstance(tensors[0], (tuple, list)):
            return at_least(tensors[0], n)
        return tuple(at_least(x, n) for x in (tensors[0] if isinstance(tensors[0], (tuple, list)) else tensors))

    return call


for _n in (1, 2, 3):
    view(f"atleast_{_n}d", put="reshape", maybe=True)(_at_least(_n))


@api("broadcast_tensors")
def broadcast_tensors(*tensors: Any) -> tuple[Any, ...]:
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        tensors = tuple(tensors[0])
    return tuple(ops.broadcast_arrays(*tensors))


@api("tile")
def tile(input: Any, dims: Any, *more: int) -> Any:
    return ops.tile(input, shape_of((dims, *more)))


@api("Tensor.repeat", "aten.repeat")
def repeat(input: Any, *repeats: Any, **kwargs: Any) -> Any:
    return ops.tile(input, shape_of(repeats or (kwargs["repeats"],)))


@api("repeat_interleave")
def repeat_interleave(
    input: Any, repeats: Any = None, dim: int | None = None, *, output_size: int | None = None
) -> Any:
    if repeats is None:  # torch.repeat_interleave(repeats)
        total = [int(n) for n in input]
        return ops.repeat(ops.arange(len(total), dtype="int64"), total, axis=0)
    x = input
    if dim is None:
        x, dim = ravel(x), 0
    if hasattr(repeats, "shape") and (not repeats.shape or tuple(repeats.shape) == (1,)):
        repeats = int(repeats)
    axis = axis_of(dim, len(x.shape))
    if not x.shape:
        x = ops.reshape(x, (1,))
    if output_size is not None and not isinstance(repeats, int):
        # the size is known, as a capture makes it, the numbers are not: look up whose repetitions each element is among
        ends = ops.cumulative_sum(cast(repeats, "int64"), axis=0)
        return ops.take(x, ops.searchsorted(ends, ops.arange(output_size, dtype="int64"), side="right"), axis=axis)
    return ops.repeat(x, repeats if isinstance(repeats, int) else cast(repeats, "int64"), axis=axis)


@api("flip")
def flip(input: Any, dims: Any, *more: int) -> Any:
    axes = tuple(axis_of(d, len(input.shape)) for d in shape_of((dims, *more)))
    return ops.flip(input, axis=axes) if axes and input.shape else ops.copy(input)


@api("fliplr")
def fliplr(input: Any) -> Any:
    return ops.flip(input, axis=1)


@api("flipud")
def flipud(input: Any) -> Any:
    return ops.flip(input, axis=0)


@api("roll")
def roll(input: Any, shifts: Any, dims: Any = None) -> Any:
    if dims is None or dims == () or dims == []:
        flat = ops.roll(ravel(input), shifts if isinstance(shifts, int) else int(shifts[0]), axis=0)
        return _reshape(flat, input.shape)
    shifts = (shifts,) if isinstance(shifts, int) else tuple(int(s) for s in shifts)
    dims = (dims,) if isinstance(dims, int) else tuple(dims)
    if not input.shape:
        return input
    return ops.roll(input, shifts, axis=dims)


@api("rot90")
def rot90(input: Any, k: int = 1, dims: Sequence[int] = (0, 1)) -> Any:
    a, b = (axis_of(d, len(input.shape)) for d in dims)
    k %= 4
    if k == 0:
        return ops.copy(input)
    if k == 2:
        return ops.flip(input, axis=(a, b))
    if k == 1:
        return transpose(ops.flip(input, axis=b), a, b)
    return ops.flip(transpose(input, a, b), axis=b)


@api("tril")
def tril(input: Any, diagonal: int = 0) -> Any:
    return ops.tril(input, k=diagonal)


@api("triu")
def triu(input: Any, diagonal: int = 0) -> Any:
    return ops.triu(input, k=diagonal)


@api("diag_embed")
def diag_embed(input: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    return ops.diag_embed(input, offset=offset, axis1=dim1, axis2=dim2)


@api("diag")
def diag(input: Any, diagonal: int = 0) -> Any:
    if len(input.shape) == 1:
        return ops.diag_embed(input, offset=diagonal)
    return ops.diagonal(input, offset=diagonal)


@api("diagflat")
def diagflat(input: Any, offset: int = 0) -> Any:
    return ops.diag_embed(ravel(input), offset=offset)
