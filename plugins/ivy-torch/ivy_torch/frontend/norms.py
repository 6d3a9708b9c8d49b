"""Vector and matrix norms."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.functional._lengths import norm_of_sizes
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.promotion import cast, dtype_arg, promote
from ivy_torch.frontend.reductions import axes_of
from ivy_torch.frontend.shaping import axis_of

_ORDERS = {"inf": math.inf, "-inf": -math.inf}


@api("linalg.vector_norm")
def vector_norm(x: Any, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    x = cast(x, dtype_arg(dtype))
    if dtype_of(x) in ("float16", "bfloat16") and ord != 0 and not math.isinf(ord):  # torch adds up in float32
        return cast(vector_norm(cast(x, "float32"), ord, dim, keepdim), dtype_of(x))
    axis, keep = axes_of(dim, len(x.shape)), bool(keepdim) and len(x.shape) > 0
    size = ops.abs(x) if dtype_of(x).is_complex or ord != 2 else x
    if ord == 1:
        return ops.sum(size, axis=axis, keepdims=keep)
    if ord == 0:
        return ops.sum(cast(ops.not_equal(size, 0.0), dtype_of(size)), axis=axis, keepdims=keep)
    if math.isinf(ord):
        return (ops.max if ord > 0 else ops.min)(size, axis=axis, keepdims=keep)
    return norm_of_sizes(size, ord, axis, keep)


@api("linalg.matrix_norm")
def matrix_norm(A: Any, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None) -> Any:
    x = cast(A, dtype_arg(dtype))
    rows, columns = (axis_of(d, len(x.shape)) for d in dim)
    if ord == "fro":
        return vector_norm(x, 2, (rows, columns), keepdim)
    if 0 in (x.shape[rows], x.shape[columns]):
        return vector_norm(x, 1, (rows, columns), keepdim)
    if ord in (1, -1, math.inf, -math.inf):
        first, second = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = ops.sum(ops.abs(x), axis=first, keepdims=True)
        found = (ops.max if ord > 0 else ops.min)(sums, axis=second, keepdims=True)
        return found if keepdim else ops.squeeze(found, axis=(rows, columns))
    s = ops.linalg.svdvals(ops.moveaxis(x, (rows, columns), (-2, -1)))
    found = ops.sum(s, axis=-1) if ord == "nuc" else (ops.max if ord == 2 else ops.min)(s, axis=-1)
    if not keepdim:
        return found
    return ops.reshape(found, tuple(1 if i in (rows, columns) else n for i, n in enumerate(x.shape)))


@api("linalg.norm")
def linalg_norm(A: Any, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    ord = _ORDERS.get(ord, ord) if isinstance(ord, str) else ord
    if dim is None and ord is not None:
        dim = (-2, -1) if len(A.shape) == 2 else 0 if len(A.shape) == 1 else None
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype)
    if dim is None or isinstance(dim, int) or len(dim) == 1:
        return vector_norm(A, ord, dim, keepdim, dtype=dtype)
    return matrix_norm(A, ord, dim, keepdim, dtype=dtype)


@api("norm", "functional.norm")
def norm(input: Any, p: Any = "fro", dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Any:
    if p == "nuc":
        return matrix_norm(input, "nuc", (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    p = 2 if p in ("fro", None) else float(_ORDERS.get(p, p) if isinstance(p, str) else p)
    return vector_norm(input, p, dim, keepdim, dtype=dtype)


@api("renorm")
def renorm(input: Any, p: float, dim: int, maxnorm: float) -> Any:
    axis = axis_of(dim, len(input.shape))
    others = tuple(i for i in range(len(input.shape)) if i != axis)
    size = vector_norm(input, p, others, True)
    factor = ops.where(ops.greater(size, maxnorm), ops.divide(maxnorm, ops.add(size, 1e-7)), ops.ones_like(size))
    return ops.multiply(input, cast(factor, dtype_of(input)))


@api("cdist")
def cdist(x1: Any, x2: Any, p: float = 2.0, compute_mode: Any = None) -> Any:
    a, b = promote(x1, x2)
    return vector_norm(ops.subtract(ops.expand_dims(a, axis=-2), ops.expand_dims(b, axis=-3)), p, -1)


@api("F.pdist", "pdist")
def pdist(input: Any, p: float = 2) -> Any:
    n = input.shape[0]
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    if not pairs:
        return ops.zeros((0,), dtype=dtype_of(input))
    a, b = (ops.take(input, ops.asarray(list(side), dtype="int64"), axis=0) for side in zip(*pairs))
    return vector_norm(ops.subtract(a, b), p, -1)


@api("_weight_norm")
def weight_norm(v: Any, g: Any, dim: int = 0) -> Any:
    """torch.nn.utils.parametrizations.weight_norm's own call: each slice along `dim` gets the length `g`."""
    return ops.multiply(v, ops.divide(g, norm_except_dim(v, 2, dim)))


@api("norm_except_dim")
def norm_except_dim(v: Any, pow: Any = 2, dim: int = 0) -> Any:
    if dim == -1:
        return vector_norm(v, pow)
    axes = tuple(a for a in range(len(v.shape)) if a != dim % len(v.shape))
    return vector_norm(v, pow, axes, True)
