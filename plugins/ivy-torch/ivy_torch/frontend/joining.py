"""Joining tensors and picking from and writing to them by index tensors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.promotion import cast, fitted, is_array, match, promote, shape_of
from ivy_torch.frontend.shaping import axis_of, full_slice, put_slice, ravel
from ivy_torch.frontend.table import torch


@api("cat", "concat", "concatenate")
def cat(tensors: Sequence[Any], dim: int = 0) -> Any:
    # torch lets empty 1-d tensors be joined with anything
    matched = match(*tensors)  # the dtypes of empty ones count
    parts = [x for x in matched if tuple(x.shape) != (0,)] or list(matched)[:1]
    if len(parts) == 1:
        return ops.copy(parts[0])
    return ops.concat(parts, axis=axis_of(dim, len(parts[0].shape)))


@api("stack")
def stack(tensors: Sequence[Any], dim: int = 0) -> Any:
    return ops.stack(list(match(*tensors)), axis=axis_of(dim, len(tensors[0].shape) + 1))


def _tensors(given: tuple[Any, ...]) -> list[Any]:
    return list(given[0]) if len(given) == 1 and isinstance(given[0], (tuple, list)) else list(given)


@api("hstack")
def hstack(tensors: Sequence[Any]) -> Any:
    parts = [x if x.shape else ops.reshape(x, (1,)) for x in tensors]
    return cat(parts, 0 if len(parts[0].shape) == 1 else 1)


@api("vstack", "row_stack")
def vstack(tensors: Sequence[Any]) -> Any:
    return cat([x if len(x.shape) > 1 else ops.reshape(x, (1, -1)) for x in tensors], 0)


@api("dstack")
def dstack(tensors: Sequence[Any]) -> Any:
    from ivy_torch.frontend.shaping import at_least

    return cat([at_least(x, 3) for x in tensors], 2)


@api("column_stack")
def column_stack(tensors: Sequence[Any]) -> Any:
    return hstack([x if len(x.shape) > 1 else ops.reshape(x, (-1, 1)) for x in tensors])


@api("block_diag")
def block_diag(*tensors: Any) -> Any:
    blocks = [ops.reshape(x, (1, -1)) if len(x.shape) < 2 else x for x in match(*_tensors(tensors))]
    width, left, rows = sum(b.shape[1] for b in blocks), 0, []
    for b in blocks:
        rows.append(ops.pad(b, [(0, 0), (left, width - left - b.shape[1])]))
        left += b.shape[1]
    return ops.concat(rows, axis=0)


@api("meshgrid")
def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Any, ...]:
    given = [x if x.shape else ops.reshape(x, (1,)) for x in _tensors(tensors)]
    if len({dtype_of(x) for x in given}) < 2:
        return tuple(ops.meshgrid(*given, indexing=indexing or "ij"))
    grids = (ops.meshgrid(*[cast(y, dtype_of(x)) for y in given], indexing=indexing or "ij") for x in given)
    return tuple(grid[i] for i, grid in enumerate(grids))  # where a write is put back: positions in place of one


@api("cartesian_prod")
def cartesian_prod(*tensors: Any) -> Any:
    given = _tensors(tensors)
    if len(given) == 1:
        return given[0]
    return ops.stack([ops.reshape(g, (-1,)) for g in ops.meshgrid(*given, indexing="ij")], axis=1)


@api("combinations")
def combinations(input: Any, r: int = 2, with_replacement: bool = False) -> Any:
    import itertools

    pick = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    found = list(pick(range(input.shape[0]), r))
    if r == 0 or not found:
        return ops.zeros((0,) if r == 0 else (0, r), dtype=dtype_of(input))
    where = ops.asarray([i for row in found for i in row], dtype="int64")
    return ops.reshape(ops.take(input, where, axis=0), (len(found), r))


# -- choosing ----------------------------------------------------------------------------------------------------------


@api("where")
def where(condition: Any, input: Any = None, other: Any = None) -> Any:
    if input is None and other is None:
        from ivy_torch.frontend.comparison import nonzero

        return nonzero(condition, as_tuple=True)
    a, b = promote(input, other)
    if not is_array(input) and is_array(b) and not is_array(other):
        a, b = b, a
    return ops.where(cast(condition, "bool"), a, b)


@api("Tensor.where")
def tensor_where(input: Any, condition: Any, other: Any) -> Any:
    return where(condition, input, other)


@api("masked_fill")
def masked_fill(input: Any, mask: Any, value: Any) -> Any:
    if is_array(value):
        value = cast(value, dtype_of(input))
    else:
        value = fitted(value, dtype_of(input))
    return ops.where(cast(mask, "bool"), value, input)


@api("masked_select")
def masked_select(input: Any, mask: Any) -> Any:
    x, m = ops.broadcast_arrays(input, cast(mask, "bool"))
    return ops.get_item(ravel(x), ravel(m))


@api("masked_scatter")
def masked_scatter(input: Any, mask: Any, source: Any) -> Any:
    x, m = ops.broadcast_arrays(input, cast(mask, "bool"))
    flat, values = ravel(m), ravel(source)
    if not values.shape[0]:
        return ops.copy(x)
    # the n-th True takes the n-th element of source
    order = ops.subtract(ops.cumulative_sum(cast(flat, "int64"), axis=0), 1)
    picked = ops.take(values, ops.clip(order, 0, values.shape[0] - 1), axis=0)
    return ops.where(m, ops.reshape(cast(picked, dtype_of(input)), tuple(x.shape)), x)


# -- along one axis ----------------------------------------------------------------------------------------------------


def _at_least_1d(*xs: Any) -> tuple[Any, ...]:
    return tuple(ops.reshape(x, (1,)) if is_array(x) and not x.shape else x for x in xs)


def _corner(x: Any, index: Any, axis: int) -> Any:
    """Cut `x` to the size of `index` along every axis but one, as gather and scatter do."""
    key = tuple(slice(None) if i == axis else slice(0, n) for i, n in enumerate(index.shape))
    return x if all(i == axis or x.shape[i] == n for i, n in enumerate(index.shape)) else ops.get_item(x, key)


@api("gather")
def gather(input: Any, dim: int, index: Any, *, sparse_grad: bool = False) -> Any:
    axis = axis_of(dim, len(input.shape))
    if 0 in index.shape:
        return ops.zeros(tuple(index.shape), dtype=dtype_of(input))
    if not index.shape or not input.shape:
        x, where_ = _at_least_1d(input, cast(index, "int64"))
        found = ops.take_along_axis(x, where_, axis=0)
        return ops.reshape(found, tuple(index.shape))
    return ops.take_along_axis(_corner(input, index, axis), cast(index, "int64"), axis=axis)


@api("take_along_dim")
def take_along_dim(input: Any, indices: Any, dim: int | None = None) -> Any:
    if dim is None:
        return ops.take(ravel(input), ravel(indices), axis=0)
    axis = axis_of(dim, len(input.shape))
    # the other axes broadcast
    shapes = [[1 if i == axis else n for i, n in enumerate(x.shape)] for x in (input, indices)]
    common = ops.broadcast_shapes(*shapes)
    x, index = (
        ops.broadcast_to(v, tuple(v.shape[i] if i == axis else n for i, n in enumerate(common)))
        for v in (input, indices)
    )
    return ops.take_along_axis(x, index, axis=axis)


_MODES = {
    None: "set", "add": "add", "sum": "add", "multiply": "mul", "prod": "mul", "mean": "add",
    "amax": "max", "amin": "min", "update": "set",
}  # fmt: skip


_OF_BOOLS = {"add": "max", "mul": "min"}


def _in_numbers(write: Any, x: Any, source: Any, mode: str) -> Any:
    """Run ``write(x, source, mode)``; booleans are added and multiplied as the maximum and minimum of 0 and 1."""
    if dtype_of(x).kind != "bool" or mode == "set":
        return write(x, source, mode)
    source = cast(cast(source, "bool"), "uint8") if is_array(source) else int(bool(source))
    return cast(write(cast(x, "uint8"), source, _OF_BOOLS.get(mode, mode)), "bool")


def _scattered(x: Any, axis: int, index: Any, src: Any, mode: str) -> Any:
    """Write along one axis; `index` may be smaller than `x` along the others."""
    if not x.shape:
        x, index, src = _at_least_1d(x, index, src)
        return ops.reshape(_scattered(x, 0, index, src, mode), ())
    if not all(index.shape):
        return x
    if is_array(src):
        src = src if tuple(src.shape) == tuple(index.shape) else ops.get_item(src, tuple(map(slice, index.shape)))
        src = cast(src, dtype_of(x))
    else:
        src = fitted(src, dtype_of(x))
    index = cast(index, "int64")
    part = _corner(x, index, axis)
    done = _in_numbers(lambda x, v, m: ops.put_along_axis(x, index, v, axis=axis, mode=m), part, src, mode)
    if tuple(part.shape) == tuple(x.shape):
        return done
    return ops.set_item(x, tuple(map(slice, part.shape)), done)


@api("scatter")
def scatter(input: Any, dim: int, index: Any, src: Any = None, *, reduce: str | None = None, value: Any = None) -> Any:
    src = value if src is None else src
    (index,) = _at_least_1d(index) if input.shape else (index,)
    return _scattered(input, axis_of(dim, len(input.shape)), index, src, _MODES[reduce])


@api("scatter_add")
def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Any:
    return _scattered(input, axis_of(dim, len(input.shape)), index, src, "add")


def _identity(x: Any, mode: str) -> Any:
    """Return an array like `x` filled with what changes nothing under `mode`."""
    if mode in ("add", "mul"):
        return ops.full_like(x, 0 if mode == "add" else 1)
    dtype = dtype_of(x)
    if dtype.is_float:
        return ops.full_like(x, float("-inf") if mode == "max" else float("inf"))
    if dtype.kind == "bool":
        return ops.full_like(x, mode == "min")
    low = 0 if dtype.kind == "uint" else -(2 ** (dtype.bits - 1))
    high = 2 ** (dtype.bits - (dtype.kind == "int")) - 1
    return ops.full_like(x, low if mode == "max" else high)


def _reduced(x: Any, source: Any, reduce: str, include_self: bool, write: Any) -> Any:
    """Reduce what `write(base, values, mode)` puts into `x`; elements that are not written to stay."""
    mode = _MODES[reduce]
    ones = ops.ones_like(source, dtype="int64")
    count = write(ops.zeros_like(x, dtype="int64"), ones, "add") if reduce == "mean" or not include_self else None
    base = x if include_self else ops.where(ops.greater(count, 0), _identity(x, mode), x)
    done = write(base, source, mode)
    if reduce == "mean":
        parts = ops.add(count, 1) if include_self else ops.maximum(count, 1)
        parts = cast(parts, dtype_of(x))
        done = ops.divide(done, parts) if dtype_of(x).is_inexact else ops.floor_divide(done, parts)
    return done


@api("scatter_reduce", "aten.scatter_reduce.two")
def scatter_reduce(input: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True) -> Any:
    axis = axis_of(dim, len(input.shape))
    if not input.shape:
        found = scatter_reduce(*_at_least_1d(input), 0, *_at_least_1d(index, src), reduce, include_self=include_self)
        return ops.reshape(found, ())
    (src,) = (ops.get_item(src, tuple(map(slice, index.shape))),) if src.shape != index.shape else (src,)
    return _reduced(
        input,
        cast(src, dtype_of(input)),
        reduce,
        include_self,
        lambda base, v, mode: _scattered(base, axis, index, v, mode),
    )


def _rows(x: Any, dim: int, index: Any, source: Any) -> tuple[int, Any, Any]:
    axis = axis_of(dim, len(x.shape))
    return axis, cast(_at_least_1d(index)[0], "int64"), source


@api("index_select")
def index_select(input: Any, dim: int, index: Any) -> Any:
    if not input.shape:
        return input
    return ops.take(input, _at_least_1d(index)[0], axis=axis_of(dim, len(input.shape)))


def _write_rows(x: Any, dim: int, index: Any, source: Any, mode: str) -> Any:
    """Write `source`'s slices to the places `index` along one axis."""
    if not x.shape:
        values = ops.reshape(source, (-1,)) if is_array(source) else source
        return ops.reshape(_write_rows(ops.reshape(x, (1,)), 0, index, values, mode), ())
    axis = axis_of(dim, len(x.shape))
    key = full_slice(len(x.shape), axis, cast(_at_least_1d(index)[0], "int64"))
    source = fitted(source, dtype_of(x))
    if is_array(source):
        source = cast(source, dtype_of(x))
        if not source.shape and len(x.shape) == 1:
            source = ops.reshape(source, (1,))
    return _in_numbers(lambda x, v, m: _WRITES[m](x, key, v), x, source, mode)


_WRITES = {"set": ops.set_item, "add": ops.add_at, "mul": ops.mul_at, "min": ops.min_at, "max": ops.max_at}


@api("index_add")
def index_add(input: Any, dim: int, index: Any, source: Any, *, alpha: Any = 1) -> Any:
    if alpha != 1:
        source = ops.multiply(source, fitted(alpha, dtype_of(source)))
    return _write_rows(input, dim, index, source, "add")


@api("index_copy")
def index_copy(input: Any, dim: int, index: Any, source: Any) -> Any:
    return _write_rows(input, dim, index, source, "set")


@api("index_fill")
def index_fill(input: Any, dim: int, index: Any, value: Any) -> Any:
    return _write_rows(input, dim, index, value, "set")


@api("index_reduce")
def index_reduce(input: Any, dim: int, index: Any, source: Any, reduce: str, *, include_self: bool = True) -> Any:
    if not input.shape:
        x = ops.reshape(input, (1,))
        found = index_reduce(x, 0, index, ops.reshape(source, (-1,)), reduce, include_self=include_self)
        return ops.reshape(found, ())
    return _reduced(input, source, reduce, include_self, lambda base, v, mode: _write_rows(base, dim, index, v, mode))


# -- anywhere ----------------------------------------------------------------------------------------------------------


def _key(indices: Any) -> tuple[Any, ...]:
    return tuple(slice(None) if i is None else cast(i, "bool") if dtype_of(i) == "uint8" else i for i in indices)


@api("Tensor.index", "aten.index", "aten._unsafe_index")
def index(input: Any, indices: Sequence[Any]) -> Any:
    return ops.get_item(input, _key(indices))


@api("index_put", "aten._unsafe_index_put", "_index_put_impl_")
def index_put(input: Any, indices: Sequence[Any], values: Any, accumulate: bool = False, unsafe: bool = False) -> Any:
    key = _key(indices)
    values = cast(values, dtype_of(input)) if is_array(values) else values
    return _in_numbers(lambda x, v, m: _WRITES[m](x, key, v), input, values, "add" if accumulate else "set")


@api("aten._unsafe_masked_index", "_unsafe_masked_index")
def masked_index(input: Any, mask: Any, indices: Sequence[Any], fill: Any) -> Any:
    found = ops.get_item(input, _inside(input, indices))
    return ops.where(mask, found, fill)


@api("aten._unsafe_masked_index_put_accumulate", "_unsafe_masked_index_put_accumulate")
def masked_index_put(input: Any, mask: Any, indices: Sequence[Any], values: Any) -> Any:
    values = ops.where(mask, values, ops.zeros_like(values))
    return index_put(input, _inside(input, indices), values, True)


def _inside(x: Any, indices: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(
        slice(None) if i is None else ops.clip(i, -n if n else 0, max(n - 1, 0)) for i, n in zip(indices, x.shape)
    )


@api("take")
def take(input: Any, index: Any) -> Any:
    return ops.take(ravel(input), index, axis=0)


@api("Tensor.put", "put")
def put(input: Any, index: Any, source: Any, accumulate: bool = False) -> Any:
    flat, where_, values = ravel(input), ravel(index), cast(ravel(source), dtype_of(input))
    mode = "add" if accumulate else "set"
    done = _in_numbers(lambda x, v, m: _WRITES[m](x, where_, v), flat, values, mode)
    return ops.reshape(done, tuple(input.shape))


@api("select_scatter")
def select_scatter(input: Any, src: Any, dim: int, index: int) -> Any:
    return put_slice(input, cast(src, dtype_of(input)), dim, int(index))


@api("slice_scatter")
def slice_scatter(
    input: Any, src: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Any:
    return put_slice(input, cast(src, dtype_of(input)), dim, slice(start, end, step))


@api("diagonal_scatter")
def diagonal_scatter(input: Any, src: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    from ivy.frontends.cells import put_by_positions
    from ivy_torch.frontend.shaping import diagonal

    return put_by_positions(lambda x: diagonal(x, offset, dim1, dim2), input, cast(src, dtype_of(input)))


@api("as_strided_scatter")
def as_strided_scatter(
    input: Any, src: Any, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
) -> Any:
    from ivy.frontends.cells import put_by_positions
    from ivy_torch.frontend.shaping import as_strided

    return put_by_positions(lambda x: as_strided(x, size, stride, storage_offset), input, src)


@api("fill", "aten.fill")
def fill(input: Any, value: Any) -> Any:
    dtype = dtype_of(input)
    return ops.full_like(input, cast(value, dtype) if is_array(value) else fitted(value, dtype))


@api("Tensor.fill_diagonal")
def fill_diagonal(input: Any, fill_value: Any, wrap: bool = False) -> Any:
    rows, columns = input.shape[0], input.shape[1]
    step = columns + 1 if len(input.shape) == 2 else sum(columns**i for i in range(len(input.shape)))
    stop = ravel(input).shape[0] if wrap or len(input.shape) > 2 or rows <= columns else columns * columns
    flat = ops.set_item(ravel(input), slice(0, stop, step), fitted(fill_value, dtype_of(input)))
    return ops.reshape(flat, tuple(input.shape))


@api("unravel_index")
def unravel_index(indices: Any, shape: Any) -> tuple[Any, ...]:
    rest, found = cast(indices, "int64"), []
    for n in reversed(shape_of((shape,))):
        found.append(ops.remainder(rest, n))
        rest = ops.floor_divide(rest, n)
    return tuple(reversed(found))


@api("_chunk_cat")
def chunk_cat(tensors: Sequence[Any], dim: int, num_chunks: int) -> Any:
    parts = []
    for x in tensors:
        axis = axis_of(dim, len(x.shape))
        size = -(-x.shape[axis] // num_chunks)
        widths = [(0, size * num_chunks - n if i == axis else 0) for i, n in enumerate(x.shape)]
        shape = tuple(x.shape)
        rows = ops.reshape(ops.pad(x, widths), (*shape[:axis], num_chunks, size, *shape[axis + 1 :]))
        parts.append(ops.reshape(rows, (*shape[:axis], num_chunks, math.prod((size, *shape[axis + 1 :])))))
    return cat(parts, axis_of(dim, len(tensors[0].shape)) + 1)


for _name in [
    "transpose",
    "t",
    "permute",
    "squeeze",
    "unsqueeze",
    "narrow",
    "select",
    "split_with_sizes",
    "unbind",
    "diagonal",
    "as_strided",
    "view_as_real",
    "view_as_complex",
]:
    torch.function(f"torch.{_name}_copy")(torch.entries[f"torch.{_name}"].fn)
for _name in ("slice", "unfold"):
    torch.function(f"torch.{_name}_copy")(torch.entries[f"torch.Tensor.{_name}"].fn)
