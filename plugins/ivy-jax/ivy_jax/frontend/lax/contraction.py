"""Products of arrays: `dot_general`, `ragged_dot` and convolutions."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import ivy.functional as F
from ivy.dtypes import DType, as_dtype, dtype_of, promote_types
from ivy.errors import UnsupportedCall, UnsupportedOpError
from ivy.functional._forms import window_form  # "SAME" means what it means to the op
from ivy_jax.frontend.lax.shaping import pad as lax_pad
from ivy_jax.frontend.lax.shaping import reshape, transpose
from ivy_jax.frontend.table import frontend

NAMESPACE = "jax.lax"


@frontend.function()
def dot_general(
    lhs: Any,
    rhs: Any,
    dimension_numbers: Any,
    precision: Any = None,
    preferred_element_type: Any = None,
    *,
    out_sharding: Any = None,
) -> Any:
    """Contract and batch over any axes; the result has the batch axes, the left free axes, then the right ones."""
    (lc, rc), (lb, rb) = [[[int(i) for i in axes] for axes in pair] for pair in dimension_numbers]
    lhs, rhs, out = _computing(lhs, rhs, preferred_element_type)
    lf = [i for i in range(lhs.ndim) if i not in lc and i not in lb]
    rf = [i for i in range(rhs.ndim) if i not in rc and i not in rb]
    result = _contract(lhs, rhs, (lb, lf, lc), (rb, rf, rc))
    return result if dtype_of(result) == out else F.astype(result, out)


def _computing(lhs: Any, rhs: Any, preferred: Any) -> tuple[Any, Any, Any]:
    """Return the operands in the dtype to accumulate in, and the dtype of the result."""
    common = promote_types(dtype_of(lhs), dtype_of(rhs))
    out = _product_dtype(dtype_of(lhs), dtype_of(rhs)) if preferred is None else as_dtype(preferred)
    wide = promote_types(common, out) if out.is_inexact or not common.is_inexact else common
    if common == "bool":
        wide = as_dtype("int32")
    return *(x if dtype_of(x) == wide else F.astype(x, wide) for x in (lhs, rhs)), out


def _product_dtype(a: DType, b: DType) -> DType:
    """Return the dtype of a product where none is preferred: XLA's higher of the two, which is one of them."""
    if a.is_integer and b.is_integer:
        return max(a, b, key=lambda dtype: (dtype.bits, dtype.kind != "uint"))
    if {str(a), str(b)} == {"float16", "bfloat16"}:
        return as_dtype("bfloat16")
    return promote_types(a, b)


def _contract(lhs: Any, rhs: Any, left: Any, right: Any) -> Any:
    (lb, lf, lc), (rb, rf, rc) = left, right
    if not lc:  # an outer product: no sum at all
        shape = [lhs.shape[i] for i in lb] + [lhs.shape[i] for i in lf]
        x = reshape(transpose(lhs, lb + lf), [*shape, *[1] * len(rf)])
        y = transpose(rhs, rb + rf)
        y = reshape(y, [*y.shape[: len(rb)], *[1] * len(lf), *y.shape[len(rb) :]])
        return F.multiply(x, y)
    batch = [lhs.shape[i] for i in lb]
    rows, columns = [lhs.shape[i] for i in lf], [rhs.shape[i] for i in rf]
    # Free axes of the left may stay separate where the right is one matrix: a linear layer on (batch, time, features)
    keep_rows = not lb and len(rf) <= 1 and len(lf) >= 1
    x = transpose(lhs, lb + lf + lc)
    inner = prod(lhs.shape[i] for i in lc)
    x = reshape(x, [*batch, *(rows if keep_rows else [prod(rows)] if lf else []), inner])
    y = transpose(rhs, rb + rc + rf)
    y = reshape(y, [*batch, inner, *([prod(columns)] if rf else [])])
    if lb:  # matmul takes batches of matrices, not of vectors
        x = x if lf else F.expand_dims(x, axis=-2)
        y = y if rf else F.expand_dims(y, axis=-1)
    return reshape(F.matmul(x, y), [*batch, *rows, *columns])


@frontend.function()
def dot(lhs: Any, rhs: Any, precision: Any = None, preferred_element_type: Any = None, **options: Any) -> Any:
    return dot_general(lhs, rhs, (((lhs.ndim - 1,), (0,)), ((), ())), precision, preferred_element_type)


@frontend.function()
def batch_matmul(lhs: Any, rhs: Any, precision: Any = None) -> Any:
    return F.astype(F.matmul(lhs, rhs), _product_dtype(dtype_of(lhs), dtype_of(rhs)))


@frontend.function()
def ragged_dot(
    lhs: Any, rhs: Any, group_sizes: Any, precision: Any = None, preferred_element_type: Any = None, **options: Any
) -> Any:
    """Multiply consecutive groups of rows with a matrix each: (m, k), (g, k, n), (g,) -> (m, n)."""
    if options.get("group_offset") is not None:
        raise _unsupported("jax.lax.ragged_dot", "with group_offset")
    lhs, rhs, out = _computing(lhs, rhs, preferred_element_type)
    ends = F.cumulative_sum(F.astype(group_sizes, "int32"), axis=0, dtype="int32")
    row = F.expand_dims(F.arange(lhs.shape[0], dtype="int32"), axis=1)
    starts = F.subtract(ends, F.astype(group_sizes, "int32"))
    mine = F.logical_and(F.greater_equal(row, starts), F.less(row, ends))  # (m, g)
    each = F.matmul(F.expand_dims(lhs, axis=0), rhs)  # (g, m, n)
    chosen = F.where(F.expand_dims(F.matrix_transpose(mine), axis=-1), each, 0)
    return F.astype(F.sum(chosen, axis=0, dtype=dtype_of(chosen)), out)


@frontend.function()
def ragged_dot_general(lhs: Any, rhs: Any, group_sizes: Any, ragged_dot_dimension_numbers: Any, **options: Any) -> Any:
    numbers = ragged_dot_dimension_numbers
    (contract, batch), ragged, groups = (
        numbers["dot_dimension_numbers"],
        numbers["lhs_ragged_dimensions"],
        numbers["rhs_group_dimensions"],
    )
    plain = tuple(map(tuple, contract)) == ((1,), (1,)) and not any(batch) and tuple(ragged) == (0,)
    if not plain or tuple(groups) != (0,) or lhs.ndim != 2 or rhs.ndim != 3 or group_sizes.ndim != 1:
        raise _unsupported("jax.lax.ragged_dot_general", "other than (m, k) x (g, k, n) by ragged rows")
    kept = {k: v for k, v in options.items() if k in ("preferred_element_type", "group_offset")}
    return ragged_dot(lhs, rhs, group_sizes, **kept)


def _unsupported(path: str, what: str) -> UnsupportedOpError:
    return UnsupportedOpError([UnsupportedCall(path, reason=f"{what} has no translation")], source="jax")


def conv_dimension_numbers(numbers: Any, ndim: int) -> tuple[tuple[int, ...], ...]:
    """Return (lhs, rhs, out) specs as axis numbers: batch/out, feature/in, then spatial ones.

    Args:
        numbers: None, three strings such as ``("NHWC", "HWIO", "NHWC")``, a mapping or an object with ``lhs_spec``,
            ``rhs_spec``, ``out_spec``.
        ndim: rank of the operands.
    """
    if numbers is None:
        return (tuple(range(ndim)),) * 3
    if isinstance(numbers, dict):
        return tuple(tuple(int(i) for i in numbers[k]) for k in ("lhs_spec", "rhs_spec", "out_spec"))
    if hasattr(numbers, "lhs_spec"):
        return tuple(tuple(int(i) for i in s) for s in (numbers.lhs_spec, numbers.rhs_spec, numbers.out_spec))
    if not isinstance(numbers[0], str):
        return tuple(tuple(int(i) for i in spec) for spec in numbers)
    lhs, rhs, out = numbers
    spatial = [c for c in lhs if c not in "NC"]
    specs = []
    for text, leading in ((lhs, "NC"), (rhs, "OI"), (out, "NC")):
        specs.append(tuple(text.index(c) for c in (*leading, *spatial)))
    return tuple(specs)


@frontend.function()
def conv_general_dilated(
    lhs: Any,
    rhs: Any,
    window_strides: Sequence[int],
    padding: Any,
    lhs_dilation: Any = None,
    rhs_dilation: Any = None,
    dimension_numbers: Any = None,
    feature_group_count: int = 1,
    batch_group_count: int = 1,
    precision: Any = None,
    preferred_element_type: Any = None,
    out_sharding: Any = None,
) -> Any:
    """Convolve with any order of axes, dilations of both operands, and groups of features or of batches."""
    n = lhs.ndim - 2
    lhs, rhs, out_dtype = _computing(lhs, rhs, preferred_element_type)
    lhs_spec, rhs_spec, out_spec = conv_dimension_numbers(dimension_numbers, lhs.ndim)
    strides, base = tuple(window_strides), tuple(lhs_dilation or (1,) * n)
    taps = tuple(rhs_dilation or (1,) * n)
    last = (0, n + 1, *range(1, n + 1))
    if batch_group_count == 1 and lhs_spec == last and out_spec == last:
        data, weight = "channels_last", ("*IO", (*rhs_spec[2:], rhs_spec[1], rhs_spec[0]))
        x, put = lhs, tuple(range(n + 2))
    else:
        data, weight = "channels_first", ("OI*", rhs_spec)
        x, put = transpose(lhs, lhs_spec), tuple(sorted(range(n + 2), key=out_spec.__getitem__))
    if data == "channels_last" and rhs_spec == tuple(range(n + 2)):
        weight = ("OI*", rhs_spec)  # as it is
    w = transpose(rhs, weight[1])
    spatial = [x.shape[i] for i in (range(1, n + 1) if data == "channels_last" else range(2, n + 2))]
    kernel = [rhs.shape[i] for i in rhs_spec[2:]]
    pads = conv_padding(padding, spatial, kernel, strides, base, taps)
    groups = feature_group_count
    if batch_group_count > 1:
        x, groups = _batch_groups(x, batch_group_count), batch_group_count
    if any(b != 1 for b in base) or any(p < 0 for pair in pads for p in pair):
        where = range(1, n + 1) if data == "channels_last" else range(2, n + 2)
        config = [(0, 0, 0)] * (n + 2)
        if any(p < 0 for pair in pads for p in pair):
            for axis, (lo, hi), b in zip(where, pads, base):
                config[axis] = (lo, hi, b - 1)
            x, pads, base = lax_pad(x, 0.0 if dtype_of(x).is_inexact else 0, config), [(0, 0)] * n, (1,) * n
    result = F.conv(
        x,
        w,
        strides=strides,
        padding=pads,
        dilation=taps,
        groups=groups,
        data_format=data,
        weight_format=weight[0],
        input_dilation=base,
    )
    result = transpose(result, put)
    return result if dtype_of(result) == out_dtype else F.astype(result, out_dtype)


def _batch_groups(x: Any, groups: int) -> Any:
    """Move groups of the batch to the channels: each convolves with its own part of the output features."""
    batch, channels, *spatial = x.shape
    x = reshape(x, (groups, batch // groups, channels, *spatial))
    x = F.moveaxis(x, 0, 1)
    return reshape(x, (batch // groups, groups * channels, *spatial))


def conv_padding(
    padding: Any, sizes: Any, kernel: Any, strides: Any, base: Any = None, taps: Any = None
) -> list[tuple[int, int]]:
    """Return explicit pads for ``"SAME"``, ``"SAME_LOWER"``, ``"VALID"`` or what is explicit already."""
    if not isinstance(padding, str):
        return [(int(lo), int(hi)) for lo, hi in padding]
    if padding.upper() == "VALID":
        return [(0, 0)] * len(sizes)
    n = len(sizes)
    pads = window_form(sizes, range(n), kernel, strides, "same", taps or (1,) * n, base or (1,) * n).pads
    return [(hi, lo) for lo, hi in pads] if padding.upper() == "SAME_LOWER" else list(pads)


@frontend.function()
def conv(lhs: Any, rhs: Any, window_strides: Any, padding: Any, precision: Any = None, **options: Any) -> Any:
    return conv_general_dilated(lhs, rhs, window_strides, padding)
