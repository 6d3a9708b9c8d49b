"""Linear algebra."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of, int64
from ivy_paddle.frontend.promotion import axes_of, cast, floating, match
from ivy_paddle.frontend.reductions import p_norm
from ivy_paddle.frontend.table import api, op


@op(also="= linalg.matmul")
def matmul(x: Any, y: Any, transpose_x: bool = False, transpose_y: bool = False) -> Any:
    x, y = match(x, y)
    if transpose_x and len(x.shape) > 1:
        x = ops.matrix_transpose(x)
    if transpose_y and len(y.shape) > 1:
        y = ops.matrix_transpose(y)
    return ops.matmul(x, y)


@api("mm")
def mm(input: Any, mat2: Any) -> Any:
    return ops.matmul(input, mat2)


@op(also="=")
def bmm(x: Any, y: Any) -> Any:
    return ops.matmul(x, y)


@op(also="=")
def mv(x: Any, vec: Any) -> Any:
    return ops.matmul(x, vec)


@op(also="=")
def dot(x: Any, y: Any) -> Any:
    product = ops.multiply(x, y)
    return cast(ops.sum(product, axis=-1, dtype=dtype_of(product)), dtype_of(x))


@api("outer")
def outer(x: Any, y: Any) -> Any:
    return ops.outer(ops.reshape(x, (-1,)), ops.reshape(y, (-1,)))


@api("inner")
def inner(x: Any, y: Any) -> Any:
    if not x.shape or not y.shape:
        return ops.multiply(x, y)
    return ops.tensordot(x, y, axes=((-1,), (-1,)))


@op(also="= linalg.cross")
def cross(x: Any, y: Any, axis: int = 9) -> Any:
    if axis == 9:  # paddle's way to say: the first axis of three elements
        axis = next(i for i, n in enumerate(x.shape) if n == 3)
    return ops.cross(x, y, axis=axis)


@op(also="=")
def addmm(input: Any, x: Any, y: Any, beta: float = 1.0, alpha: float = 1.0) -> Any:
    product = ops.matmul(x, y)
    product = product if alpha == 1 else ops.multiply(product, alpha)
    return ops.add(input if beta == 1 else ops.multiply(input, beta), product)


op("baddbmm", also="=")(addmm)


@op("einsum")
def einsum_(x: Sequence[Any], equation: str) -> tuple[Any, Any, Any]:
    return ops.einsum(equation, *x), [None] * len(x), [None] * len(x)


@api("einsum")
def einsum(equation: str, *operands: Any) -> Any:
    return ops.einsum(equation, *operands)


@op(also="=")
def kron(x: Any, y: Any) -> Any:
    return ops.kron(x, y)


@op(also="linalg.multi_dot")
def multi_dot(x: Sequence[Any]) -> Any:
    found = x[0]
    for y in x[1:]:
        found = ops.matmul(found, y)
    return found


@op(also="F.bilinear")
def bilinear(x: Any, y: Any, weight: Any, bias: Any = None) -> Any:
    found = ops.einsum("bi,oij,bj->bo", x, weight, y)
    return found if bias is None else ops.add(found, bias)


@op("matmul_with_flatten")
def matmul_with_flatten(x: Any, y: Any, x_num_col_dims: int = 1, y_num_col_dims: int = 1) -> Any:
    rows, columns = tuple(x.shape[:x_num_col_dims]), tuple(y.shape[y_num_col_dims:])
    left = ops.reshape(x, (math.prod(rows), -1))
    right = ops.reshape(y, (left.shape[1], -1))
    return ops.reshape(ops.matmul(left, right), (*rows, *columns))


@api("tensordot")
def tensordot(x: Any, y: Any, axes: Any = 2) -> Any:
    if isinstance(axes, (list, tuple)):
        first = axes[0] if isinstance(axes[0], (list, tuple)) else axes
        second = axes[1] if len(axes) > 1 and isinstance(axes[0], (list, tuple)) else first
        axes = (tuple(first), tuple(second))
    return ops.tensordot(x, y, axes=axes)


# -- matrices ---------------------------------------------------------------------------------------------------------


@op("inverse", also="inverse linalg.inv")
def inverse(x: Any) -> Any:
    return ops.linalg.inv(x)


@op("det", also="linalg.det")
def det(x: Any) -> Any:
    return ops.linalg.det(x)


@op("slogdet")
def slogdet(x: Any) -> Any:
    return ops.stack(list(ops.linalg.slogdet(x)), axis=0)


api("linalg.slogdet")(slogdet)


@op("slogdet_v2")
def slogdet_v2(x: Any) -> tuple[Any, Any]:
    sign, value = ops.linalg.slogdet(x)
    return sign, value


@op("cholesky", also="linalg.cholesky cholesky")
def cholesky(x: Any, upper: bool = False) -> Any:
    return ops.linalg.cholesky(x, upper=upper)


@op("matrix_power", also="linalg.matrix_power")
def matrix_power(x: Any, n: int) -> Any:
    return ops.linalg.matrix_power(x, n)


@api("linalg.pinv")
def pinv(x: Any, rcond: float = 1e-15, hermitian: bool = False) -> Any:
    return ops.linalg.pinv(x, rtol=rcond)


@op("solve", also="linalg.solve")
def solve(x: Any, y: Any) -> Any:
    if len(y.shape) == 1:
        return ops.squeeze(ops.linalg.solve(x, ops.expand_dims(y, -1)), -1)
    return ops.linalg.solve(x, y)


@op("triangular_solve", also="linalg.triangular_solve")
def triangular_solve(x: Any, y: Any, upper: bool = True, transpose: bool = False, unitriangular: bool = False) -> Any:
    return ops.linalg.solve_triangular(x, y, upper=upper, transpose=transpose, unit_diagonal=unitriangular)


@op("cholesky_solve", also="linalg.cholesky_solve")
def cholesky_solve(x: Any, y: Any, upper: bool = False) -> Any:
    if upper:
        half = ops.linalg.solve_triangular(y, x, upper=True, transpose=True)
        return ops.linalg.solve_triangular(y, half, upper=True)
    half = ops.linalg.solve_triangular(y, x, upper=False)
    return ops.linalg.solve_triangular(y, half, upper=False, transpose=True)


def _lower(x: Any, uplo: str) -> Any:
    """Return a Hermitian matrix of which one triangle is given so that it is the lower one, which is what is read."""
    if uplo == "L":
        return x
    mirrored = ops.matrix_transpose(x)
    return ops.conj(mirrored) if dtype_of(x).is_complex else mirrored


@op("eigh", also="linalg.eigh")
def eigh(x: Any, UPLO: str = "L") -> tuple[Any, Any]:
    values, vectors = ops.linalg.eigh(_lower(x, UPLO))
    return values, vectors


@op("eigvalsh")
def eigvalsh_(x: Any, uplo: str = "L", is_test: bool = False) -> tuple[Any, Any]:
    return ops.linalg.eigvalsh(_lower(x, uplo)), None


@api("linalg.eigvalsh")
def eigvalsh(x: Any, UPLO: str = "L") -> Any:
    return ops.linalg.eigvalsh(_lower(x, UPLO))


@op("eig", also="linalg.eig")
def eig(x: Any) -> tuple[Any, Any]:
    values, vectors = ops.linalg.eig(x)
    return values, vectors


@op("eigvals", also="linalg.eigvals")
def eigvals(x: Any) -> Any:
    return ops.linalg.eigvals(x)


@op("svd", also="linalg.svd")
def svd(x: Any, full_matrices: bool = False) -> tuple[Any, Any, Any]:
    u, s, vh = ops.linalg.svd(x, full_matrices=full_matrices)
    return u, s, vh


@op("svdvals", also="linalg.svdvals")
def svdvals(x: Any) -> Any:
    return ops.linalg.svdvals(x)


@op("qr", also="linalg.qr")
def qr(x: Any, mode: str = "reduced") -> Any:
    q, r = ops.linalg.qr(x, mode="reduced" if mode == "r" else mode)
    return q, r


@op("lu")
def lu_(x: Any, pivot: bool = True) -> tuple[Any, Any, Any]:
    packed, pivots = ops.linalg.lu_factor(x)
    return packed, ops.add(cast(pivots, "int32"), 1), ops.zeros(tuple(x.shape[:-2]), dtype="int32")


@api("linalg.lu")
def lu(x: Any, pivot: bool = True, get_infos: bool = False) -> Any:
    packed, pivots, infos = lu_(x, pivot)
    return (packed, pivots, infos) if get_infos else (packed, pivots)


@op("lstsq")
def lstsq_(x: Any, y: Any, rcond: Any = None, driver: str = "gelsy") -> tuple[Any, Any, Any, Any]:
    return ops.linalg.lstsq(x, y), None, None, None


def _rank(x: Any, tol: Any, hermitian: bool) -> Any:
    values = ops.abs(ops.linalg.eigvalsh(x)) if hermitian else ops.linalg.svdvals(x)
    if tol is None:
        eps = 2.0**-52 if dtype_of(x).bits == 64 else 2.0**-23
        tol = ops.multiply(ops.max(values, axis=-1, keepdims=True), eps * max(x.shape[-2:]))
    return cast(ops.sum(cast(ops.greater(values, tol), int64), axis=-1), int64)


@op("matrix_rank")
def matrix_rank_(x: Any, tol: Any = 0.0, use_default_tol: bool = True, hermitian: bool = False) -> Any:
    return _rank(x, None if use_default_tol else tol, hermitian)


@op("matrix_rank_tol")
def matrix_rank_tol(x: Any, atol_tensor: Any, use_default_tol: bool = True, hermitian: bool = False) -> Any:
    return _rank(x, ops.expand_dims(atol_tensor, -1) if atol_tensor.shape else atol_tensor, hermitian)


@api("linalg.matrix_rank")
def matrix_rank(x: Any, tol: Any = None, hermitian: bool = False, atol: Any = None, rtol: Any = None) -> Any:
    return _rank(x, tol if tol is not None else atol, hermitian)


@api("norm", "linalg.norm")
def norm(x: Any, p: Any = None, axis: Any = None, keepdim: bool = False) -> Any:
    axes = axes_of(axis)
    if p == "nuc" or (axes is not None and len(axes) == 2 and p not in (None, "fro") and not _is_entrywise(p)):
        return ops.linalg.matrix_norm(ops.moveaxis(x, axes, (-2, -1)), ord=p, keepdims=keepdim)
    return ops.linalg.vector_norm(floating(x), axis=axes, ord=2 if p in (None, "fro") else p, keepdims=keepdim)


def _is_entrywise(p: Any) -> bool:
    """Whether a norm over two axes is that of their elements: paddle's is, for numbers."""
    return isinstance(p, (int, float))


@api("linalg.vector_norm")
def vector_norm(x: Any, p: float = 2.0, axis: Any = None, keepdim: bool = False) -> Any:
    return ops.linalg.vector_norm(x, axis=axes_of(axis), ord=p, keepdims=keepdim)


@api("cdist")
def cdist(x: Any, y: Any, p: float = 2.0, compute_mode: str = "") -> Any:
    return p_norm(ops.subtract(ops.expand_dims(x, -2), ops.expand_dims(y, -3)), p, -1)


@op("spectral_norm")
def spectral_norm(weight: Any, u: Any, v: Any, dim: int = 0, power_iters: int = 1, eps: float = 1e-12) -> Any:
    rest = [i for i in range(len(weight.shape)) if i != dim]
    rows = ops.reshape(ops.permute_dims(weight, (dim, *rest)), (weight.shape[dim], -1))
    fixed = ops.stop_gradient(rows)
    for _ in range(power_iters):
        v = ops.matmul(ops.matrix_transpose(fixed), u)
        v = ops.divide(v, ops.add(ops.linalg.vector_norm(v), eps))
        u = ops.matmul(fixed, v)
        u = ops.divide(u, ops.add(ops.linalg.vector_norm(u), eps))
    sigma = ops.sum(ops.multiply(u, ops.matmul(rows, v)))
    return ops.divide(weight, sigma)
