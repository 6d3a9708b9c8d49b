"""Linear algebra in NumPy, and SciPy's decompositions where NumPy has none."""

from __future__ import annotations

import functools
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


def _through_single(plain: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function of matrices compute half precision, which LAPACK has not, in float32.

    Args:
        plain: what may be called in its place in other dtypes.

    Returns:
        A decorator, whose result has the attributes ``same_dtype`` and ``applies`` of `promoting`.
    """

    def decorate(fn: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(fn)
        def run(x: Any, *operands: Any, **options: Any) -> Any:
            wide, back = widened(x)
            if back is None:
                return fn(x, *operands, **options)
            others = [widened(v)[0] if hasattr(v, "dtype") else v for v in operands]
            return _narrowed(fn(wide, *others, **options), back)

        made: Any = run
        made.same_dtype = plain
        made.applies = lambda dtype, scalars: dtype.bits > 16
        return made

    return decorate


def _narrowed(found: Any, dtype: Any) -> Any:
    if isinstance(found, tuple):
        parts = [_narrowed(v, dtype) for v in found]
        return type(found)(*parts) if hasattr(found, "_fields") else tuple(parts)
    return found.astype(dtype) if found.dtype == "float32" else found


@_through_single(np.linalg.det)
def linalg_det(x: Any, /) -> Any:
    return np.linalg.det(x)


@_through_single(np.linalg.slogdet)
def linalg_slogdet(x: Any, /) -> Any:
    return np.linalg.slogdet(x)


@_through_single(np.linalg.inv)
def linalg_inv(x: Any, /) -> Any:
    return np.linalg.inv(x)


@_through_single(np.linalg.solve)
def linalg_solve(x1: Any, x2: Any, /) -> Any:
    return np.linalg.solve(x1, x2)


@_through_single(np.linalg.qr)
def linalg_qr(x: Any, /, *, mode: Any = "reduced") -> Any:
    return np.linalg.qr(x, mode=mode)


@_through_single(np.linalg.svd)
def linalg_svd(x: Any, /, *, full_matrices: bool = True) -> Any:
    return np.linalg.svd(x, full_matrices=full_matrices)


@_through_single(np.linalg.svdvals)
def linalg_svdvals(x: Any, /) -> Any:
    return np.linalg.svdvals(x)


@_through_single(np.linalg.eigh)
def linalg_eigh(x: Any, /) -> Any:
    return np.linalg.eigh(x)


@_through_single(np.linalg.eigvalsh)
def linalg_eigvalsh(x: Any, /) -> Any:
    return np.linalg.eigvalsh(x)


linalg_cholesky = np.linalg.cholesky
linalg_matrix_rank = np.linalg.matrix_rank
linalg_matrix_power = np.linalg.matrix_power


def linalg_vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: float = 2) -> Any:
    h, back = widened(x)
    result = np.linalg.vector_norm(h, axis=axis, keepdims=keepdims, ord=ord)
    return result if back is None else result.astype(back)


linalg_matrix_norm = np.linalg.matrix_norm
linalg_expm = scipy.linalg.expm


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


def linalg_lu(x: Any, /) -> tuple[Any, Any, Any]:
    if x.size:
        permutation, lower, upper = scipy.linalg.lu(x)
        return permutation.astype(x.dtype), lower, upper
    # SciPy loses the shapes of empty factors
    batch, (m, n) = x.shape[:-2], x.shape[-2:]
    k = min(m, n)
    permutation = np.broadcast_to(np.eye(m, dtype=x.dtype), (*batch, m, m)).copy()
    return permutation, np.empty((*batch, m, k), x.dtype), np.empty((*batch, k, n), x.dtype)


def linalg_lu_factor(x: Any, /) -> tuple[Any, Any]:
    batch, (m, n) = x.shape[:-2], x.shape[-2:]
    found = [scipy.linalg.lu_factor(matrix) for matrix in x.reshape(-1, m, n)]
    factors = np.stack([f for f, _ in found]) if found else np.empty((0, m, n), x.dtype)
    pivots = np.stack([p for _, p in found]) if found else np.empty((0, min(m, n)), np.int32)
    return factors.reshape(x.shape), pivots.reshape(*batch, min(m, n)).astype(np.int32)


def linalg_pinv(x: Any, /, *, rtol: Any = None) -> Any:
    return np.linalg.pinv(x, rtol=rtol)
