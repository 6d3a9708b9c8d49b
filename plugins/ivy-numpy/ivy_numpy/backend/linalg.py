"""Linear algebra in NumPy, and SciPy's decompositions where NumPy has none."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

from ivy.functional._factors import EigResult
from ivy_numpy.backend.support import align, widened


def _product(fn: Any, *operands: Any, **options: Any) -> Any:
    """Call `fn` on operands of one dtype; half precision is summed in float32."""
    operands = tuple(align(*operands))
    wide = [widened(x) for x in operands]
    found = fn(*(x for x, _ in wide), **options)
    narrow = wide[0][1]
    return found if narrow is None else np.asarray(found).astype(narrow)


def matmul(x1: Any, x2: Any, /) -> Any:
    if x1.dtype is x2.dtype and x1.dtype.itemsize > 2:  # not in half precision
        return np.matmul(x1, x2)
    return _product(np.matmul, x1, x2)


def einsum(equation: str, /, *operands: Any) -> Any:
    return _product(lambda *xs: np.einsum(equation, *xs, optimize=len(xs) > 1), *operands)


def tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    return _product(np.tensordot, x1, x2, axes=axes)


def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    return _product(np.vecdot, x1, x2, axis=axis)


def dot(x1: Any, x2: Any, /) -> Any:
    return _product(np.dot, x1, x2)


def _through_single(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of matrices that computes half precision, which LAPACK has not, in float32."""

    def run(x: Any, *operands: Any, **options: Any) -> Any:
        wide, back = widened(x)
        if back is None:
            return fn(x, *operands, **options)
        return narrowed(fn(wide, *(widened(v)[0] if hasattr(v, "dtype") else v for v in operands), **options), back)

    def narrowed(found: Any, back: Any) -> Any:
        if isinstance(found, tuple):
            parts = [narrowed(v, back) for v in found]
            return type(found)(*parts) if hasattr(found, "_fields") else tuple(parts)
        return found.astype(back) if found.dtype == "float32" else found

    made: Any = run
    made.__signature__ = inspect.signature(fn)
    made.same_dtype = fn
    made.applies = lambda dtype, scalars: dtype.bits > 16
    return made


linalg_det = _through_single(np.linalg.det)
linalg_slogdet = _through_single(np.linalg.slogdet)
linalg_inv = _through_single(np.linalg.inv)
linalg_solve = _through_single(np.linalg.solve)
linalg_cholesky = _through_single(np.linalg.cholesky)
linalg_qr = _through_single(np.linalg.qr)
linalg_svd = _through_single(np.linalg.svd)
linalg_svdvals = _through_single(np.linalg.svdvals)
linalg_eigh = _through_single(np.linalg.eigh)
linalg_eigvalsh = _through_single(np.linalg.eigvalsh)
linalg_matrix_rank = _through_single(np.linalg.matrix_rank)
linalg_matrix_power = _through_single(np.linalg.matrix_power)


def linalg_vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: float = 2) -> Any:
    h, back = widened(x)
    result = np.linalg.vector_norm(h, axis=axis, keepdims=keepdims, ord=ord)
    return result if back is None else result.astype(back)


linalg_matrix_norm = np.linalg.matrix_norm
linalg_expm = _through_single(scipy.linalg.expm)


def linalg_solve_triangular(
    a: Any, b: Any, /, *, upper: bool = False, transpose: bool = False, unit_diagonal: bool = False
) -> Any:
    # LAPACK's general solver on the triangle: it broadcasts over batches, which SciPy's triangular one does not
    triangle = np.triu(a, int(unit_diagonal)) if upper else np.tril(a, -int(unit_diagonal))
    if unit_diagonal:
        triangle = triangle + np.eye(a.shape[-1], dtype=a.dtype)
    return linalg_solve(triangle.mT if transpose else triangle, b)


def linalg_eig(x: Any, /) -> EigResult:
    values, vectors = np.linalg.eig(x)
    kind = np.result_type(x.dtype, np.complex64)
    return EigResult(values.astype(kind, copy=False), vectors.astype(kind, copy=False))


def linalg_eigvals(x: Any, /) -> Any:
    return np.linalg.eigvals(x).astype(np.result_type(x.dtype, np.complex64), copy=False)


@_through_single
def linalg_lu(x: Any, /) -> tuple[Any, Any, Any]:
    if x.size:
        permutation, lower, upper = scipy.linalg.lu(x)
        return permutation.astype(x.dtype), lower, upper
    # SciPy loses the shapes of empty factors
    batch, (m, n) = x.shape[:-2], x.shape[-2:]
    k = min(m, n)
    permutation = np.broadcast_to(np.eye(m, dtype=x.dtype), (*batch, m, m)).copy()
    return permutation, np.empty((*batch, m, k), x.dtype), np.empty((*batch, k, n), x.dtype)


@_through_single
def linalg_lu_factor(x: Any, /) -> tuple[Any, Any]:
    batch, (m, n) = x.shape[:-2], x.shape[-2:]
    found = [scipy.linalg.lu_factor(matrix) for matrix in x.reshape(-1, m, n)]
    factors = np.stack([f for f, _ in found]) if found else np.empty((0, m, n), x.dtype)
    pivots = np.stack([p for _, p in found]) if found else np.empty((0, min(m, n)), np.int32)
    return factors.reshape(x.shape), pivots.reshape(*batch, min(m, n)).astype(np.int32)


@_through_single
def linalg_pinv(x: Any, /, *, rtol: Any = None) -> Any:
    return np.linalg.pinv(x, rtol=rtol)
