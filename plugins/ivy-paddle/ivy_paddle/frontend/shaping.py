"""Shapes: functions that move, join and repeat elements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_paddle.frontend.promotion import axes_of, cast, integers, is_array, known, match
from ivy_paddle.frontend.table import api, frontend, op, view


def _full_shape(x: Any, shape: Any) -> tuple[int, ...]:
    """Return a shape in which 0 means the input's size."""
    wanted = integers(shape)
    return tuple(x.shape[i] if n == 0 and math.prod(x.shape) else n for i, n in enumerate(wanted))


@view(also="= Tensor.view view", put="reshape")
def reshape(x: Any, shape: Any) -> Any:
    if isinstance(shape, (str,)) or type(shape).__name__ == "DType":
        return ops.bitcast(x, shape)
    return ops.reshape(x, _full_shape(x, shape))


@view("view_shape", put="reshape")
def view_shape(input: Any, dims: Any) -> Any:
    return ops.reshape(input, integers(dims))


@view(put="reshape")
def flatten(x: Any, start_axis: int = 0, stop_axis: int = -1) -> Any:
    if not x.shape:
        return ops.reshape(x, (1,))
    return ops.flatten(x, start_axis, stop_axis)


frontend.alias("paddle._C_ops.flatten", "paddle.flatten")


def _inverse(perm: Any) -> tuple[int, ...]:
    perm = integers(perm, "perm")
    perm = tuple(p % len(perm) for p in perm)
    return tuple(sorted(range(len(perm)), key=perm.__getitem__))


@view(also="=", put=lambda base, new, perm, **_: ops.permute_dims(new, _inverse(perm)))
def transpose(x: Any, perm: Any) -> Any:
    return ops.permute_dims(x, tuple(p % len(x.shape) for p in integers(perm, "perm")))


frontend.alias("paddle._C_ops.transpose", "paddle._C_ops.trans_layout", "paddle.permute")


@frontend.view("paddle.t")
def t(input: Any) -> Any:
    return ops.matrix_transpose(input) if len(input.shape) == 2 else input


@frontend.view("paddle.swapaxes", "paddle.swapdims")
def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    return ops.swapaxes(x, axis1, axis2)


@frontend.view("paddle.moveaxis")
def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    return ops.moveaxis(x, source, destination)


@view(also="=", put="reshape")
def squeeze(x: Any, axis: Any = None) -> Any:
    axes = axes_of(axis)
    if axes is None:
        axes = tuple(i for i, n in enumerate(x.shape) if n == 1)
    axes = tuple(a % len(x.shape) for a in axes)
    return ops.squeeze(x, tuple(a for a in axes if x.shape[a] == 1))


@view(also="=", put="reshape")
def unsqueeze(x: Any, axis: Any) -> Any:
    shape = list(x.shape)
    for a in integers(axis, "axis"):  # one after the other, each in the shape so far
        shape.insert(a if a >= 0 else a + len(shape) + 1, 1)
    return ops.reshape(x, tuple(shape))


@frontend.view("paddle.unflatten", put="reshape")
def unflatten(x: Any, axis: int, shape: Any) -> Any:
    axis %= len(x.shape)
    return ops.reshape(x, (*x.shape[:axis], *integers(shape), *x.shape[axis + 1 :]))


@frontend.view("paddle.Tensor.view_as", "paddle.view_as", put="reshape")
def view_as(x: Any, other: Any) -> Any:
    return ops.reshape(x, tuple(other.shape))


@view("as_strided", also="=")
def as_strided(x: Any, dims: Any = (), stride: Any = (), offset: int = 0) -> Any:
    # paddle counts the offset in bytes, the strides in elements
    return ops.as_strided(x, integers(dims), integers(stride), offset * 8 // max(dtype_of(x).bits, 8))


@op(also="=")
def concat(x: Sequence[Any], axis: Any = 0) -> Any:
    return ops.concat(list(match(*x)), axis=known(axis, "axis"))


api("concatenate", "cat")(concat)


@op(also="=")
def stack(x: Sequence[Any], axis: int = 0) -> Any:
    return ops.stack(list(match(*x)), axis=axis)


@api("hstack")
def hstack(x: Sequence[Any]) -> Any:
    xs = [ops.reshape(v, (-1,)) if not v.shape else v for v in x]
    return ops.concat(xs, axis=0 if len(xs[0].shape) == 1 else 1)


@api("vstack", "row_stack")
def vstack(x: Sequence[Any]) -> Any:
    return ops.concat([ops.reshape(v, (1, -1)) if len(v.shape) < 2 else v for v in x], axis=0)


def _sections(total: int, sections: tuple[int, ...]) -> list[int]:
    rest = total - sum(n for n in sections if n >= 0)
    return [rest if n < 0 else n for n in sections]


def _cuts(sizes: Sequence[int]) -> list[int]:
    found, at = [], 0
    for n in list(sizes)[:-1]:
        at += n
        found.append(at)
    return found


@view()
def split(x: Any, sections: Any, axis: Any = 0) -> list[Any]:
    axis = known(axis, "axis") % len(x.shape)
    return list(ops.split(x, _cuts(_sections(x.shape[axis], integers(sections, "sections"))), axis=axis))


@view()
def split_with_num(x: Any, num: Any, axis: Any = 0) -> list[Any]:
    return list(ops.split(x, known(num, "number"), axis=known(axis, "axis")))


@frontend.view("paddle.split")
def public_split(x: Any, num_or_sections: Any, axis: Any = 0) -> list[Any]:
    if isinstance(num_or_sections, (list, tuple)):
        return split(x, num_or_sections, axis)
    return split_with_num(x, num_or_sections, axis)


@frontend.view("paddle.chunk")
def chunk(x: Any, chunks: int, axis: Any = 0) -> list[Any]:
    return split_with_num(x, chunks, axis)


@frontend.view("paddle.tensor_split")
def tensor_split(x: Any, num_or_indices: Any, axis: Any = 0) -> list[Any]:
    if isinstance(num_or_indices, int):
        n, big = divmod(x.shape[axis], num_or_indices)
        return list(ops.split(x, _cuts([n + 1] * big + [n] * (num_or_indices - big)), axis=axis))
    return list(ops.split(x, list(num_or_indices), axis=axis))


@view(also="=")
def unbind(input: Any, axis: int = 0) -> list[Any]:
    return list(ops.unstack(input, axis=axis))


@op(also="=")
def unstack(x: Any, axis: int = 0, num: Any = None) -> list[Any]:
    return list(ops.unstack(x, axis=axis))


@op(also="=")
def tile(x: Any, repeat_times: Any) -> Any:
    times = integers(repeat_times, "repeat_times")
    if len(times) < len(x.shape):
        times = (1,) * (len(x.shape) - len(times)) + times
    return ops.tile(x, times)


@op(also="= broadcast_to")
def expand(x: Any, shape: Any) -> Any:
    wanted = integers(shape)
    lead = len(wanted) - len(x.shape)
    sizes = tuple(x.shape[i - lead] if n == -1 else n for i, n in enumerate(wanted))
    return ops.broadcast_to(x, sizes)


@op()
def expand_as(x: Any, y: Any = None, target_shape: Any = ()) -> Any:
    return ops.broadcast_to(x, tuple(y.shape) if y is not None else integers(target_shape))


api("expand_as")(expand_as)


@op(also="=")
def broadcast_tensors(input: Sequence[Any]) -> list[Any]:
    return list(ops.broadcast_arrays(*input))


@op()
def meshgrid(inputs: Sequence[Any]) -> list[Any]:
    return list(ops.meshgrid(*inputs, indexing="ij"))


@api("meshgrid")
def public_meshgrid(*args: Any) -> list[Any]:
    return meshgrid(args[0] if len(args) == 1 and isinstance(args[0], (list, tuple)) else args)


@op("flip", also="=")
def flip(x: Any, axis: Any) -> Any:
    return ops.flip(x, axis=integers(axis, "axis"))


op("reverse", also="=")(flip)


@op(also="=")
def roll(x: Any, shifts: Any, axis: Any = None) -> Any:
    axes = axes_of(axis)
    steps = integers(shifts, "shifts")
    return ops.roll(x, steps if axes is not None else steps[0], axis=axes)


@api("rot90")
def rot90(x: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Any:
    a, b = (i % len(x.shape) for i in axes)
    k %= 4
    if k == 2:
        return ops.flip(x, axis=(a, b))
    if k == 0:
        return x
    turned = ops.flip(x, axis=b if k == 1 else a)
    return ops.swapaxes(turned, a, b)


def _repeat(x: Any, repeats: Any, axis: Any = None, output_size: Any = None) -> Any:
    if axis is None:
        x, axis = ops.reshape(x, (-1,)), 0
    if isinstance(repeats, (list, tuple)):
        places = [i for i, times in enumerate(repeats) for _ in range(times)]
        return ops.take(x, ops.asarray(places, dtype="int64"), axis=axis)
    return ops.repeat(x, repeats, axis=axis)


op("repeat_interleave", "repeat_interleave_with_tensor_index", also="repeat_interleave")(_repeat)


@op(also="=")
def as_real(x: Any) -> Any:
    return ops.stack([ops.real(x), ops.imag(x)], axis=-1)


@op(also="=")
def as_complex(x: Any) -> Any:
    return ops.complex(x[..., 0], x[..., 1])


@op(also="=")
def tril(x: Any, diagonal: int = 0) -> Any:
    return ops.tril(x, k=diagonal)


@op(also="=")
def triu(x: Any, diagonal: int = 0) -> Any:
    return ops.triu(x, k=diagonal)


@op(also="=")
def diag(x: Any, offset: int = 0, padding_value: float = 0.0) -> Any:
    if len(x.shape) == 2:
        return ops.diagonal(x, offset=offset)
    x = x if x.shape else ops.reshape(x, (1,))
    made = ops.diag_embed(x, offset=offset)
    if padding_value:
        on = ops.diag_embed(ops.ones_like(x, dtype="bool"), offset=offset)
        made = ops.where(on, made, padding_value)
    return made


@view(also="=")
def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return ops.diagonal(x, offset=offset, axis1=axis1, axis2=axis2)


@op(also="=")
def diag_embed(input: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    return ops.diag_embed(input, offset=offset, axis1=dim1, axis2=dim2)


api("F.diag_embed")(diag_embed)


@api("diagflat")
def diagflat(x: Any, offset: int = 0) -> Any:
    return ops.diag_embed(ops.reshape(x, (-1,)), offset=offset)


@op(also="=")
def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return ops.sum(ops.diagonal(x, offset=offset, axis1=axis1, axis2=axis2), axis=-1, dtype=dtype_of(x))


# -- padding ----------------------------------------------------------------------------------------------------------

_MODES = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def _pairs(flat: Sequence[int]) -> list[tuple[int, int]]:
    return [(flat[i], flat[i + 1]) for i in range(0, len(flat), 2)]


def _padded(x: Any, width: Sequence[tuple[int, int]], mode: str, value: Any) -> Any:
    """Pad; a negative width cuts."""
    if any(n < 0 for pair in width for n in pair):
        key = tuple(slice(max(-lo, 0), n - max(-hi, 0)) for (lo, hi), n in zip(width, x.shape, strict=True))
        x, width = ops.get_item(x, key), [(max(lo, 0), max(hi, 0)) for lo, hi in width]
    if not any(n for pair in width for n in pair):
        return x
    return ops.pad(x, width, mode=_MODES[mode], value=value if mode == "constant" else 0.0)


@op("pad")
def pad_(x: Any, paddings: Any, pad_value: Any = 0.0) -> Any:
    return _padded(x, _pairs(integers(paddings, "paddings")), "constant", pad_value)


@op()
def pad3d(x: Any, paddings: Any, mode: str = "constant", pad_value: Any = 0.0, data_format: str = "NCDHW") -> Any:
    spatial = _pairs(integers(paddings, "paddings"))[::-1]
    width = [(0, 0), *spatial, (0, 0)] if data_format[-1] == "C" else [(0, 0), (0, 0), *spatial]
    return _padded(x, width, mode, pad_value)


@api("F.pad")
def pad(
    x: Any,
    pad: Any,
    mode: str = "constant",
    value: Any = 0.0,
    data_format: str | None = None,
    pad_from_left_axis: bool = True,
) -> Any:
    n = len(x.shape)
    widths = integers(pad, "pad")
    if mode == "constant" and len(widths) == 2 * n:
        pairs = _pairs(widths) if pad_from_left_axis else _pairs(widths)[::-1]
        return _padded(x, pairs, mode, value)
    pairs = _pairs(widths)[::-1]
    last = data_format is not None and data_format[-1] == "C"
    rest = [(0, 0)] * (n - len(pairs))
    return _padded(x, [*rest[:-1], *pairs, (0, 0)] if last else [*rest, *pairs], mode, value)


api("pad")(pad)


@api("F.zeropad2d")
def zeropad2d(x: Any, padding: Any, data_format: str = "NCHW") -> Any:
    return pad(x, padding, "constant", 0.0, data_format)


@op()
def crop(x: Any, shape: Any = None, offsets: Any = None) -> Any:
    starts = integers(offsets, "offsets") if offsets is not None else (0,) * len(x.shape)
    sizes = [x.shape[i] - starts[i] if n == -1 else n for i, n in enumerate(integers(shape))]
    return ops.get_item(x, tuple(slice(a, a + n) for a, n in zip(starts, sizes, strict=True)))


api("crop")(crop)

for _n in (1, 2, 3):

    def _atleast(*xs: Any, n: int = _n) -> Any:
        def grow(x: Any) -> Any:
            shape = tuple(x.shape)
            if len(shape) >= n:
                return x
            if n == 3 and len(shape) == 2:
                return ops.reshape(x, (*shape, 1))
            if len(shape) == 1:
                return ops.reshape(x, (1, *shape) if n == 2 else (1, *shape, 1))
            return ops.reshape(x, (1,) * n)

        found = [grow(x) for x in xs]
        return found[0] if len(found) == 1 else found

    api(f"atleast_{_n}d")(_atleast)


@op(also="=")
def shard_index(input: Any, index_num: int, nshards: int, shard_id: int, ignore_value: int = -1) -> Any:
    size = (index_num + nshards - 1) // nshards
    mine = ops.equal(ops.floor_divide(input, size), shard_id)
    return ops.where(mine, ops.remainder(input, size), ignore_value)


@op("frame", also="signal.frame")
def frame(x: Any, frame_length: int, hop_length: int, axis: int = -1) -> Any:
    if axis == 0:
        return (
            ops.unfold_axis(x, 0, frame_length, hop_length)
            if len(x.shape) == 1
            else ops.moveaxis(ops.unfold_axis(x, 0, frame_length, hop_length), -1, 1)
        )
    return ops.swapaxes(ops.unfold_axis(x, -1, frame_length, hop_length), -1, -2)


@op("overlap_add", also="signal.overlap_add")
def overlap_add(x: Any, hop_length: int, axis: int = -1) -> Any:
    if axis == 0:
        rows = ops.permute_dims(x, (*range(2, len(x.shape)), 0, 1))
        return ops.moveaxis(_overlap(rows, hop_length), -1, 0)
    return _overlap(ops.swapaxes(x, -1, -2), hop_length)


def _overlap(rows: Any, hop: int) -> Any:
    """Add up frames, ``(..., frames, length)``."""
    count, length = rows.shape[-2:]
    places = ops.reshape(ops.add(ops.reshape(ops.arange(count), (-1, 1)) * hop, ops.arange(length)), (-1,))
    lead = tuple(rows.shape[:-2])
    zeros = ops.zeros((*lead, (count - 1) * hop + length), dtype=dtype_of(rows))
    return ops.add_at(zeros, (Ellipsis, places), ops.reshape(rows, (*lead, -1)))


@op("assign", also="assign clone")
def assign(x: Any, output: Any = None) -> Any:
    return ops.positive(x) if is_array(x) and dtype_of(x) != "bool" else ops.copy(x) if is_array(x) else ops.asarray(x)


def _literal(shape: Any, dtype: Any, values: Any) -> Any:
    return cast(ops.reshape(ops.asarray(list(values), dtype=dtype), integers(shape)), dtype)


@op()
def assign_value(shape: Any, dtype: Any, values: Any) -> Any:
    return _literal(shape, dtype, values)


@op("assign_value_")
def assign_value_(output: Any, shape: Any, dtype: Any, values: Any) -> Any:
    return _literal(shape, dtype, values)


@op()
def coalesce_tensor(input: Sequence[Any], dtype: Any = None, **options: Any) -> tuple[Any, Any]:
    return list(input), None
