"""Making arrays, and changing their shape and order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy_tensorflow.frontend.table import array, axes_of, cast, is_array, like, numbers, public, raw, refuse, size_of

# -- making -----------------------------------------------------------------------------------------------------------


@raw("Fill")
@public("fill")
def fill(dims: Any, value: Any, index_type: Any = None) -> Any:
    shape = numbers(dims)
    return F.broadcast_to(value, shape) if is_array(value) else F.broadcast_to(array(value), shape)


@public("zeros")
def zeros(shape: Any, dtype: Any = "float32", layout: Any = None) -> Any:
    return F.zeros(numbers(shape), dtype=as_dtype(dtype))


@public("ones")
def ones(shape: Any, dtype: Any = "float32", layout: Any = None) -> Any:
    return F.ones(numbers(shape), dtype=as_dtype(dtype))


@public("zeros_like")
def zeros_like(input: Any, dtype: Any = None, layout: Any = None) -> Any:
    return F.zeros_like(array(input), dtype=None if dtype is None else as_dtype(dtype))


@public("ones_like")
def ones_like(input: Any, dtype: Any = None, layout: Any = None) -> Any:
    return F.ones_like(array(input), dtype=None if dtype is None else as_dtype(dtype))


@public("constant", "convert_to_tensor", "Variable")
def constant(value: Any, dtype: Any = None, shape: Any = None, **ignored: Any) -> Any:
    found = array(value, dtype)
    return (
        found
        if shape is None
        else F.broadcast_to(found, numbers(shape))
        if not found.ndim
        else F.reshape(found, numbers(shape))
    )


@raw("Empty")
def empty(shape: Any, dtype: Any, init: bool = False) -> Any:
    return F.zeros(numbers(shape), dtype=as_dtype(dtype))


@public("eye", "linalg.eye")
def eye(num_rows: int, num_columns: int | None = None, batch_shape: Any = None, dtype: Any = "float32") -> Any:
    found = F.eye(num_rows, num_columns, dtype=as_dtype(dtype))
    return found if batch_shape is None else F.broadcast_to(found, (*numbers(batch_shape), *found.shape))


@raw("Range")
def raw_range(start: Any, limit: Any, delta: Any, size: int | None = None) -> Any:
    """Count; with arrays as bounds the size is what the capture has seen."""
    if size is not None:
        counted = next(dtype_of(v) for v in (start, limit, delta) if is_array(v))
        return F.add(F.multiply(F.arange(size, dtype=counted), delta), start)
    dtype = next((dtype_of(v) for v in (start, limit, delta) if is_array(v)), None)
    values = [_number(v) for v in (start, limit, delta)]
    return F.arange(values[0], values[1], values[2], dtype=dtype)


@raw("CountOfRange")
def count_of_range(start: Any, limit: Any, delta: Any) -> Any:
    span = F.subtract(limit, start)
    dtype = dtype_of(span) if is_array(span) else None
    whole = (
        F.ceil(F.divide(span, delta))
        if dtype is not None and dtype.is_float
        else F.negative(F.floor_divide(F.negative(span), delta))
    )
    return cast(F.maximum(whole, 0), "int32")


def _number(x: Any) -> Any:
    if not is_array(x):
        return x
    if dtype_of(x).is_float and not hasattr(type(x), "__ivy_function__"):
        return float(x)
    return size_of(x)


@public("range")
def public_range(start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None) -> Any:
    if limit is None:
        start, limit = 0, start
    values = [_number(v) for v in (start, limit, delta)]
    if dtype is None:
        dtype = "float32" if any(isinstance(v, float) for v in values) else "int32"
    return F.arange(*values, dtype=as_dtype(dtype))


@raw("LinSpace")
def lin_space(start: Any, stop: Any, num: Any) -> Any:
    start = start if is_array(start) else like(start, stop) if is_array(stop) else array(float(start))
    return F.linspace(start, like(stop, start), size_of(num), dtype=dtype_of(start))


@public("linspace")
def linspace(start: Any, stop: Any, num: Any, axis: int = 0) -> Any:
    found = lin_space(array(start), array(stop), num)
    return F.moveaxis(found, 0, axis) if axis else found


@raw("Shape")
def raw_shape(input: Any, out_type: Any = "int32") -> Any:
    return F.asarray(list(input.shape), dtype=as_dtype(out_type))


@public("shape")
def public_shape(input: Any, out_type: Any = "int32") -> Any:
    return F.asarray(list(array(input).shape), dtype=as_dtype(out_type))


@raw("ShapeN")
def shape_n(input: Any, out_type: Any = "int32") -> Any:
    return [raw_shape(x, out_type) for x in input]


@raw("Size")
@public("size")
def size(input: Any, out_type: Any = "int32") -> Any:
    return F.asarray(math.prod(array(input).shape), dtype=as_dtype(out_type))


@raw("Rank")
@public("rank")
def rank(input: Any) -> Any:
    return F.asarray(array(input).ndim, dtype="int32")


@raw("BroadcastArgs")
@public("broadcast_dynamic_shape")
def broadcast_args(s0: Any, s1: Any) -> Any:
    return F.asarray(list(F.broadcast_shapes(numbers(s0), numbers(s1))), dtype="int32")


# -- shapes -----------------------------------------------------------------------------------------------------------


@raw("Reshape")
@public("reshape")
def reshape(tensor: Any, shape: Any) -> Any:
    return F.reshape(array(tensor), numbers(shape))


@raw("ExpandDims")
def expand_dims(input: Any, axis: Any) -> Any:
    return F.expand_dims(input, axis=size_of(axis) if not isinstance(axis, (tuple, list)) else numbers(axis)[0])


@public("expand_dims")
def public_expand_dims(input: Any, axis: Any) -> Any:
    return expand_dims(array(input), axis)


@raw("Squeeze")
def squeeze(input: Any, axis: Any = ()) -> Any:
    axes = numbers(axis) if axis is not None else ()
    if not axes:
        axes = tuple(i for i, n in enumerate(input.shape) if n == 1)
    return F.squeeze(input, axis=axes) if axes else input


@public("squeeze")
def public_squeeze(input: Any, axis: Any = None) -> Any:
    return squeeze(array(input), () if axis is None else axis)


@raw("Transpose")
def transpose(x: Any, perm: Any) -> Any:
    return F.permute_dims(x, numbers(perm))


@raw("ConjugateTranspose")
def conjugate_transpose(x: Any, perm: Any) -> Any:
    found = F.permute_dims(x, numbers(perm))
    return F.conj(found) if dtype_of(x).is_complex else found


@public("transpose")
def public_transpose(a: Any, perm: Any = None, conjugate: bool = False) -> Any:
    x = array(a)
    order = tuple(reversed(range(x.ndim))) if perm is None else perm
    return conjugate_transpose(x, order) if conjugate else transpose(x, order)


@public("linalg.matrix_transpose")
def matrix_transpose(a: Any, conjugate: bool = False) -> Any:
    found = F.matrix_transpose(array(a))
    return F.conj(found) if conjugate else found


@raw("BroadcastTo")
@public("broadcast_to")
def broadcast_to(input: Any, shape: Any) -> Any:
    return F.broadcast_to(array(input), numbers(shape))


@raw("Tile")
@public("tile")
def tile(input: Any, multiples: Any) -> Any:
    return F.tile(array(input), numbers(multiples))


@public("repeat")
def repeat(input: Any, repeats: Any, axis: int | None = None) -> Any:
    x = array(input)
    if axis is None:
        x, axis = F.reshape(x, (-1,)), 0
    return F.repeat(x, repeats if isinstance(repeats, int) else array(repeats, "int32"), axis=axis)


# -- joining and splitting --------------------------------------------------------------------------------------------


def _joined(values: Any) -> list[Any]:
    """Make arrays of values that may be numbers beside arrays."""
    known = next((v for v in values if is_array(v)), None)
    return [array(v) if known is None else like(v, known) for v in values]


@raw("Pack", "ParallelConcat")
def pack(values: Any, axis: int = 0, shape: Any = None) -> Any:
    found = _joined(values)
    return F.concat(found, axis=0) if shape is not None else F.stack(found, axis=axis)


@public("stack")
def stack(values: Any, axis: int = 0) -> Any:
    return F.stack(_joined(values) if isinstance(values, (list, tuple)) else list(F.unstack(values)), axis=axis)


@raw("Unpack")
def unpack(value: Any, num: int, axis: int = 0) -> Any:
    return tuple(F.unstack(value, axis=axis))


@public("unstack")
def unstack(value: Any, num: int | None = None, axis: int = 0) -> Any:
    return list(F.unstack(array(value), axis=axis))


@raw("ConcatV2")
def concat_v2(values: Any, axis: Any) -> Any:
    return F.concat(_joined(values), axis=size_of(axis))


@raw("Concat")
def concat_v1(concat_dim: Any, values: Any) -> Any:
    return concat_v2(values, concat_dim)


@public("concat")
def concat(values: Any, axis: Any) -> Any:
    return concat_v2(values if isinstance(values, (list, tuple)) else [values], axis)


@raw("Split")
def raw_split(axis: Any, value: Any, num_split: int) -> Any:
    return tuple(F.split(value, num_split, axis=size_of(axis)))


def _split_sizes(value: Any, sizes: Sequence[int], axis: int) -> tuple[Any, ...]:
    left = value.shape[axis] - sum(n for n in sizes if n >= 0)
    ends: list[int] = []
    for n in [left if n < 0 else n for n in sizes][:-1]:
        ends.append((ends[-1] if ends else 0) + n)
    return tuple(F.split(value, ends, axis=axis)) if ends else (value,)


@raw("SplitV")
def split_v(value: Any, size_splits: Any, axis: Any, num_split: int = 0) -> Any:
    return _split_sizes(value, numbers(size_splits), size_of(axis))


@public("split")
def split(value: Any, num_or_size_splits: Any, axis: int = 0, num: Any = None) -> Any:
    x = array(value)
    if isinstance(num_or_size_splits, int):
        return list(F.split(x, num_or_size_splits, axis=axis))
    return list(_split_sizes(x, numbers(num_or_size_splits), axis))


# -- padding and order ------------------------------------------------------------------------------------------------


def _pairs(paddings: Any) -> list[tuple[int, int]]:
    rows = paddings.tolist() if hasattr(paddings, "tolist") else paddings
    return [(size_of(a), size_of(b)) for a, b in rows]


@raw("Pad")
def raw_pad(input: Any, paddings: Any) -> Any:
    return F.pad(input, _pairs(paddings))


@raw("PadV2")
def pad_v2(input: Any, paddings: Any, constant_values: Any = 0) -> Any:
    if is_array(constant_values):  # ivy's constant is a number: pad a mask too, and choose
        inside = F.pad(F.ones_like(input, dtype="bool"), _pairs(paddings))
        return F.where(inside, F.pad(input, _pairs(paddings)), constant_values)
    return F.pad(input, _pairs(paddings), value=constant_values)


@raw("MirrorPad")
def mirror_pad(input: Any, paddings: Any, mode: str) -> Any:
    return F.pad(input, _pairs(paddings), mode=mode.lower())


@raw("MirrorPadGrad")
def mirror_pad_grad(input: Any, paddings: Any, mode: str) -> Any:
    """Fold what a mirrored border received back into the inside, axis by axis."""
    x = input
    skip = 1 if mode.upper() == "REFLECT" else 0
    for axis, (lo, hi) in enumerate(_pairs(paddings)):
        n = x.shape[axis] - lo - hi
        before = (slice(None),) * axis
        inside = F.get_item(x, (*before, slice(lo, lo + n)))
        for count, piece, start in (
            (lo, slice(0, lo), skip),
            (hi, slice(lo + n, lo + n + hi), n - hi - skip),
        ):
            if count:
                folded = F.flip(F.get_item(x, (*before, piece)), axis=axis)
                inside = F.add_at(inside, (*before, slice(start, start + count)), folded)
        x = inside
    return x


@public("pad")
def pad(tensor: Any, paddings: Any, mode: str = "CONSTANT", constant_values: Any = 0) -> Any:
    x = array(tensor)
    return pad_v2(x, paddings, constant_values) if mode.upper() == "CONSTANT" else mirror_pad(x, paddings, mode)


@raw("ReverseV2")
@public("reverse")
def reverse(tensor: Any, axis: Any) -> Any:
    return F.flip(array(tensor), axis=axes_of(axis, tensor.ndim) or ())


@raw("Reverse")
def reverse_v1(tensor: Any, dims: Any) -> Any:
    flags = dims.tolist() if hasattr(dims, "tolist") else dims
    return F.flip(tensor, axis=tuple(i for i, flag in enumerate(flags) if flag))


@raw("ReverseSequence")
def reverse_sequence_raw(input: Any, seq_lengths: Any, seq_dim: int, batch_dim: int = 0) -> Any:
    """Reverse the first so many elements of every row."""
    x = F.moveaxis(input, (batch_dim, seq_dim), (0, 1))
    n = x.shape[1]
    lengths = F.expand_dims(cast(array(seq_lengths), "int32"), axis=1)
    at = F.expand_dims(F.arange(n, dtype="int32"), axis=0)
    order = F.where(F.less(at, lengths), F.subtract(F.subtract(lengths, 1), at), at)
    order = F.broadcast_to(F.reshape(order, (*order.shape, *[1] * (x.ndim - 2))), tuple(x.shape))
    return F.moveaxis(F.take_along_axis(x, order, axis=1), (0, 1), (batch_dim, seq_dim))


@public("reverse_sequence")
def reverse_sequence(input: Any, seq_lengths: Any, seq_axis: int | None = None, batch_axis: int | None = None) -> Any:
    return reverse_sequence_raw(array(input), seq_lengths, seq_axis or 0, batch_axis or 0)


@raw("Roll")
@public("roll")
def roll(input: Any, shift: Any, axis: Any) -> Any:
    shifts, axes = numbers(shift), numbers(axis)
    total = [sum(s for s, a in zip(shifts, axes, strict=True) if a == b) for b in dict.fromkeys(axes)]
    return F.roll(array(input), tuple(total), axis=tuple(dict.fromkeys(axes)))


@raw("InvertPermutation")
@public("math.invert_permutation")
def invert_permutation(x: Any) -> Any:
    return cast(F.argsort(x), dtype_of(x))


@public("meshgrid")
def meshgrid(*args: Any, indexing: str = "xy") -> Any:
    return list(F.meshgrid(*[array(x) for x in args], indexing=indexing))


# -- blocks -----------------------------------------------------------------------------------------------------------


@raw("SpaceToDepth")
@public("nn.space_to_depth")
def space_to_depth(input: Any, block_size: int, data_format: str = "NHWC") -> Any:
    if data_format not in ("NHWC", "NCHW"):
        return refuse(f"space_to_depth with data_format={data_format}")
    x = input if data_format == "NHWC" else F.permute_dims(input, (0, 2, 3, 1))
    n, h, w, c = x.shape
    b = block_size
    x = F.permute_dims(F.reshape(x, (n, h // b, b, w // b, b, c)), (0, 1, 3, 2, 4, 5))
    x = F.reshape(x, (n, h // b, w // b, b * b * c))
    return x if data_format == "NHWC" else F.permute_dims(x, (0, 3, 1, 2))


@raw("DepthToSpace")
@public("nn.depth_to_space")
def depth_to_space(input: Any, block_size: int, data_format: str = "NHWC") -> Any:
    if data_format not in ("NHWC", "NCHW"):
        return refuse(f"depth_to_space with data_format={data_format}")
    x = input if data_format == "NHWC" else F.permute_dims(input, (0, 2, 3, 1))
    n, h, w, c = x.shape
    b = block_size
    x = F.permute_dims(F.reshape(x, (n, h, w, b, b, c // (b * b))), (0, 1, 3, 2, 4, 5))
    x = F.reshape(x, (n, h * b, w * b, c // (b * b)))
    return x if data_format == "NHWC" else F.permute_dims(x, (0, 3, 1, 2))


@raw("SpaceToBatchND")
@public("space_to_batch")
def space_to_batch_nd(input: Any, block_shape: Any, paddings: Any) -> Any:
    blocks = numbers(block_shape)
    m, rest = len(blocks), input.ndim - 1 - len(blocks)
    x = F.pad(input, [(0, 0), *_pairs(paddings), *[(0, 0)] * rest])
    n, spatial, tail = x.shape[0], x.shape[1 : 1 + m], x.shape[1 + m :]
    split_shape = [v for s, b in zip(spatial, blocks, strict=True) for v in (s // b, b)]
    x = F.reshape(x, (n, *split_shape, *tail))
    order = [*range(2, 2 * m + 1, 2), 0, *range(1, 2 * m, 2), *range(2 * m + 1, 2 * m + 1 + rest)]
    x = F.permute_dims(x, order)
    return F.reshape(x, (n * math.prod(blocks), *[s // b for s, b in zip(spatial, blocks, strict=True)], *tail))


@raw("BatchToSpaceND")
@public("batch_to_space")
def batch_to_space_nd(input: Any, block_shape: Any, crops: Any) -> Any:
    blocks = numbers(block_shape)
    m = len(blocks)
    n, spatial, tail = input.shape[0] // math.prod(blocks), input.shape[1 : 1 + m], input.shape[1 + m :]
    x = F.reshape(input, (*blocks, n, *spatial, *tail))
    order = [m, *[v for i in range(m) for v in (m + 1 + i, i)], *range(2 * m + 1, 2 * m + 1 + len(tail))]
    x = F.reshape(F.permute_dims(x, order), (n, *[s * b for s, b in zip(spatial, blocks, strict=True)], *tail))
    key = [slice(None), *[slice(lo, x.shape[i + 1] - hi) for i, (lo, hi) in enumerate(_pairs(crops))]]
    return F.get_item(x, tuple(key))


@raw("SpaceToBatch")
def space_to_batch(input: Any, paddings: Any, block_size: int) -> Any:
    return space_to_batch_nd(input, (block_size, block_size), paddings)


@raw("BatchToSpace")
def batch_to_space(input: Any, crops: Any, block_size: int) -> Any:
    return batch_to_space_nd(input, (block_size, block_size), crops)
