"""`numpy.linalg` (https://numpy.org/doc/stable/reference/routines.linalg.html)."""

from __future__ import annotations

import functools
import math
from collections import namedtuple
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy_numpy.frontend.products import cross as _cross
from ivy_numpy.frontend.products import outer as _outer
from ivy_numpy.frontend.promotion import array, cast, floating, result_dtype
from ivy_numpy.frontend.table import numpy
from ivy_numpy.frontend.ufuncs import UFUNCS

EigResult = namedtuple("EigResult", ["eigenvalues", "eigenvectors"])  # noqa: PYI024
EighResult = namedtuple("EighResult", ["eigenvalues", "eigenvectors"])  # noqa: PYI024
QRResult = namedtuple("QRResult", ["Q", "R"])  # noqa: PYI024
SlogdetResult = namedtuple("SlogdetResult", ["sign", "logabsdet"])  # noqa: PYI024
SVDResult = namedtuple("SVDResult", ["U", "S", "Vh"])  # noqa: PYI024


def _matrix(*xs: Any) -> Any:
    given = [array(x) for x in xs]  # an integer makes the computation one in double precision
    exact = any(not dtype_of(x).is_inexact for x in given)
    found = [array(x) for x in floating(*given, dtype=result_dtype(*given, "float64") if exact else None)]
    return found[0] if len(found) == 1 else found


def _lower(x: Any, UPLO: str) -> Any:
    """Make the matrix symmetric from the triangle that is to be read."""
    if UPLO.upper() == "L":
        half, other = ops.tril(x), ops.tril(x, k=-1)
    else:
        half, other = ops.triu(x), ops.triu(x, k=1)
    other = ops.conj(other) if dtype_of(x).is_complex else other
    return ops.add(half, ops.matrix_transpose(other))


@numpy.function()
def det(a: Any) -> Any:
    return ops.linalg.det(_matrix(a))


@numpy.function()
def slogdet(a: Any) -> Any:
    return SlogdetResult(*ops.linalg.slogdet(_matrix(a)))


@numpy.function()
def inv(a: Any) -> Any:
    return ops.linalg.inv(_matrix(a))


@numpy.function()
def solve(a: Any, b: Any) -> Any:
    return ops.linalg.solve(*_matrix(a, b))


@numpy.function()
def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    return ops.linalg.cholesky(_lower(_matrix(a), "U" if upper else "L"), upper=upper)


@numpy.function()
def qr(a: Any, mode: str = "reduced") -> Any:
    if mode not in ("reduced", "complete", "r"):
        raise ArgumentError(f"np.linalg.qr with mode={mode!r} is not supported", hint="use reduced, complete or r")
    q, r = ops.linalg.qr(_matrix(a), mode="reduced" if mode == "r" else mode)
    return r if mode == "r" else QRResult(q, r)


@numpy.function()
def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    if not compute_uv:
        return svdvals(a)
    return SVDResult(*ops.linalg.svd(_matrix(a), full_matrices=full_matrices))


@numpy.function()
def svdvals(x: Any, /) -> Any:
    return ops.linalg.svdvals(_matrix(x))


@numpy.function()
def eigh(a: Any, UPLO: str = "L") -> Any:
    return EighResult(*ops.linalg.eigh(_lower(_matrix(a), UPLO)))


@numpy.function()
def eigvalsh(a: Any, UPLO: str = "L") -> Any:
    return ops.linalg.eigvalsh(_lower(_matrix(a), UPLO))


@numpy.function()
def pinv(a: Any, rcond: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Any:
    tolerance = rtol if rtol is not None else 1e-15 if rcond is None else rcond
    return ops.linalg.pinv(_matrix(a), rtol=tolerance)


@numpy.function()
def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    x, y = _matrix(a, b)
    m, n = x.shape
    vector = len(y.shape) == 1
    rhs = ops.expand_dims(y, axis=1) if vector else y
    u, s, vh = ops.linalg.svd(x, full_matrices=False)
    here = "float32" if dtype_of(x) in ("float32", "complex64") else "float64"
    share = _EPS[here] * max(m, n) if rcond is None else rcond
    keep = ops.greater(s, ops.multiply(ops.max(s), share if isinstance(share, float) else cast(array(share), here)))
    inverse = ops.where(keep, ops.divide(1.0, ops.where(keep, s, ops.ones_like(s))), ops.zeros_like(s))
    adjoint = lambda v: ops.matrix_transpose(ops.conj(v) if dtype_of(v).is_complex else v)
    found = ops.matmul(adjoint(vh), ops.multiply(ops.expand_dims(inverse, axis=1), ops.matmul(adjoint(u), rhs)))
    rank = ops.sum(ops.astype(keep, "int64"))
    if m > n:
        gap = ops.subtract(ops.matmul(x, found), rhs)
        residuals = ops.sum(ops.square(ops.abs(gap)), axis=0)
    else:
        residuals = ops.zeros((0,), dtype=here)
    return (ops.squeeze(found, axis=1) if vector else found, residuals, ops.astype(rank, "int32"), s)


_EPS = {"float32": 2.0**-23, "float64": 2.0**-52}


@numpy.function()
def matrix_power(a: Any, n: int) -> Any:
    x = array(a)
    if n == 0:
        return ops.broadcast_to(ops.eye(x.shape[-1], dtype=dtype_of(x)), tuple(x.shape))
    if n < 0:
        x, n = inv(x), -n
    result: Any = None
    while n:
        if n & 1:
            result = x if result is None else ops.matmul(result, x)
        n >>= 1
        x = ops.matmul(x, x) if n else x
    return result


@numpy.function()
def matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Any:
    x = _matrix(A)
    if len(x.shape) < 2:
        return ops.astype(ops.any(ops.not_equal(x, 0)), "int64")
    s = svdvals(x)
    if tol is None:
        eps = _EPS.get(str(dtype_of(s)), _EPS["float64"])
        share = max(x.shape[-2:]) * eps if rtol is None else rtol
        tol = ops.multiply(ops.max(s, axis=-1, keepdims=True), share)
    elif hasattr(tol, "shape"):
        tol = ops.expand_dims(tol, axis=-1)
    return ops.sum(ops.astype(ops.greater(s, tol), "int64"), axis=-1)


@numpy.function()
def cond(x: Any, p: Any = None) -> Any:
    v = _matrix(x)
    if p in (None, 2, -2):
        s = svdvals(v)
        first, last = ops.get_item(s, (Ellipsis, 0)), ops.get_item(s, (Ellipsis, -1))
        return ops.divide(last, first) if p == -2 else ops.divide(first, last)
    return ops.multiply(norm(v, p, (-2, -1)), norm(inv(v), p, (-2, -1)))


@numpy.function()
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    v = _matrix(x)
    keepdims = bool(keepdims)
    if axis is None and (
        ord is None or (ord in ("f", "fro") and len(v.shape) == 2) or (ord == 2 and len(v.shape) == 1)
    ):
        found = ops.linalg.vector_norm(ops.reshape(v, (-1,)))
        return ops.reshape(found, (1,) * len(v.shape)) if keepdims else found
    axes = tuple(range(len(v.shape))) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    if len(axes) == 1:
        return _vector_norm(v, 2 if ord is None else ord, axes[0], keepdims)
    return _matrix_norm(v, ord, axes, keepdims)


def _vector_norm(v: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    if isinstance(ord, str):
        raise ArgumentError(f"there is no norm {ord!r} of vectors", hint="use a number")
    return ops.linalg.vector_norm(v, axis=axis, keepdims=keepdims, ord=ord)


def _matrix_norm(v: Any, ord: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    rows, columns = (k % len(v.shape) for k in axes)
    size = ops.abs(v)
    if ord in (None, "fro", "f"):
        return ops.sqrt(ops.sum(ops.square(size), axis=(rows, columns), keepdims=keepdims))
    if ord in (1, -1, math.inf, -math.inf):
        first, second = (rows, columns) if abs(ord) == 1 else (columns, rows)
        extreme = ops.max if ord > 0 else ops.min
        return extreme(ops.sum(size, axis=first, keepdims=True), axis=(first, second), keepdims=keepdims)
    s = svdvals(ops.moveaxis(v, (rows, columns), (-2, -1)))
    if ord not in (2, -2, "nuc"):
        raise ArgumentError(f"there is no matrix norm {ord!r}", hint="use fro, nuc, 1, -1, 2, -2, inf or -inf")
    found = ops.sum(s, axis=-1) if ord == "nuc" else (ops.max if ord == 2 else ops.min)(s, axis=-1)
    for k in sorted((rows, columns)) if keepdims else ():
        found = ops.expand_dims(found, axis=k)
    return found


@numpy.function()
def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    return _vector_norm(_matrix(x), ord, tuple(axis) if isinstance(axis, list) else axis, bool(keepdims))


@numpy.function()
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    return _matrix_norm(_matrix(x), ord, (-2, -1), bool(keepdims))


@numpy.function()
def multi_dot(arrays: Any) -> Any:
    return functools.reduce(UFUNCS["matmul"], arrays)


@numpy.function()
def eig(a: Any) -> Any:
    values, vectors = ops.linalg.eig(_matrix(a))
    return EigResult(values, vectors)


@numpy.function()
def eigvals(a: Any) -> Any:
    return ops.linalg.eigvals(_matrix(a))


@numpy.function("numpy.linalg.outer")
def outer(x1: Any, x2: Any, /) -> Any:
    return _outer(x1, x2)


@numpy.function("numpy.linalg.cross")
def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    return _cross(x1, x2, axis=axis)


@numpy.function()
def tensorinv(a: Any, ind: int = 2) -> Any:
    x = _matrix(a)
    shape = tuple(x.shape)
    flat = ops.reshape(x, (math.prod(shape[:ind]), -1))
    return ops.reshape(inv(flat), (*shape[ind:], *shape[:ind]))


@numpy.function()
def tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    x, y = _matrix(a, b)
    ndim = len(x.shape)
    if axes is not None:
        moved = [k % ndim for k in axes]
        x = ops.permute_dims(x, tuple([k for k in range(ndim) if k not in moved] + moved))
    shape = tuple(x.shape[-(ndim - len(y.shape)) :])
    return ops.reshape(solve(ops.reshape(x, (-1, math.prod(shape))), ops.reshape(y, (-1,))), shape)
