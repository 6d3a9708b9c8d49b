"""`jax.lax.linalg`: factorisations and solvers. Signs of eigen- and singular vectors are the target's."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import UnsupportedCall, UnsupportedOpError
from ivy.functional import linalg as L
from ivy_jax.frontend.table import frontend

NAMESPACE = "jax.lax.linalg"


def unsupported(path: str, reason: str) -> UnsupportedOpError:
    """Make the error for a call that exists but not with these options."""
    return UnsupportedOpError([UnsupportedCall(path, reason=reason)], source="jax")


def _adjoint(x: Any) -> Any:
    turned = F.matrix_transpose(x)
    return F.conj(turned) if dtype_of(x).is_complex else turned


@frontend.function("jax.lax.linalg.cholesky_p")
def cholesky_p(x: Any) -> Any:
    """The primitive: reads the lower triangle."""
    return L.cholesky(x)


@frontend.function()
def cholesky(x: Any, *, symmetrize_input: bool = True) -> Any:
    return L.cholesky(_symmetric(x) if symmetrize_input else x)


def _symmetric(x: Any) -> Any:
    return F.divide(F.add(x, _adjoint(x)), 2)


@frontend.function()
def triangular_solve(
    a: Any,
    b: Any,
    *,
    left_side: bool = False,
    lower: bool = False,
    transpose_a: Any = False,
    conjugate_a: bool = False,
    unit_diagonal: bool = False,
) -> Any:
    """Solve ``op(a) x = b`` (or ``x op(a) = b``) for a triangular matrix."""
    code = getattr(transpose_a, "name", str(transpose_a)).lower()
    transposed = transpose_a is True or code in ("transpose", "conj_transpose", "adjoint", "1", "2")
    if (conjugate_a or code in ("conj_transpose", "adjoint", "2")) and dtype_of(a).is_complex:
        a = F.conj(a)
    vector = b.ndim == a.ndim - 1
    if vector:
        b = F.expand_dims(b, axis=-1 if left_side else -2)
    if not left_side:
        b = F.matrix_transpose(b)
    found = L.solve_triangular(a, b, upper=not lower, transpose=transposed is left_side, unit_diagonal=unit_diagonal)
    if not left_side:
        found = F.matrix_transpose(found)
    return F.squeeze(found, axis=-1 if left_side else -2) if vector else found


@frontend.function()
def lu(x: Any) -> tuple[Any, Any, Any]:
    """Return both factors in one array, row exchanges and the permutation that they make."""
    packed, pivots = L.lu_factor(x)
    pivots = F.astype(pivots, "int32")
    return packed, pivots, lu_pivots_to_permutation(pivots, x.shape[-2])


@frontend.function()
def lu_pivots_to_permutation(pivots: Any, permutation_size: int) -> Any:
    """Apply the row exchanges one after the other to 0, 1, 2, ..."""
    batch = tuple(pivots.shape[:-1])
    order = F.broadcast_to(F.arange(permutation_size, dtype="int32"), (*batch, permutation_size))
    columns = F.arange(permutation_size, dtype="int32")
    for i in range(pivots.shape[-1]):
        j = F.expand_dims(F.astype(F.get_item(pivots, (Ellipsis, i)), "int32"), axis=-1)
        here = F.get_item(order, (Ellipsis, slice(i, i + 1)))
        there = F.take_along_axis(order, j, axis=-1)
        order = F.where(F.equal(columns, j), here, order)
        order = F.where(F.equal(columns, i), there, order)
    return order


@frontend.function()
def qr(x: Any, *, pivoting: bool = False, full_matrices: bool = True, use_magma: Any = None) -> tuple[Any, Any]:
    if pivoting:
        raise unsupported("jax.lax.linalg.qr", "pivoting has no translation")
    q, r = L.qr(x, mode="complete" if full_matrices else "reduced")
    return q, r


def _positive_vectors(lower: bool, x: Any) -> Any:
    """Make the matrix Hermitian by the triangle that counts."""
    half = F.tril(x, k=-1) if lower else F.triu(x, k=1)
    diagonal = F.subtract(F.subtract(x, F.tril(x, k=-1)), F.triu(x, k=1))
    return F.add(F.add(half, _adjoint(half)), diagonal)


@frontend.function()
def eigh(
    x: Any, *, lower: bool = True, symmetrize_input: bool = True, sort_eigenvalues: bool = True, **options: Any
) -> tuple[Any, Any]:
    """Return (eigenvectors, eigenvalues): the order is JAX's."""
    if options.get("subset_by_index") is not None:
        raise unsupported("jax.lax.linalg.eigh", "subset_by_index has no translation")
    values, vectors = L.eigh(_symmetric(x) if symmetrize_input else _positive_vectors(lower, x))
    return vectors, values


@frontend.function()
def svd(
    x: Any, *, full_matrices: bool = True, compute_uv: bool = True, subset_by_index: Any = None, **options: Any
) -> Any:
    """Return (U, S, Vh), or S alone."""
    if subset_by_index is not None:
        raise unsupported("jax.lax.linalg.svd", "subset_by_index has no translation")
    if not compute_uv:
        return L.svdvals(x)
    u, s, vh = L.svd(x, full_matrices=full_matrices)
    return u, s, vh


@frontend.function("jax.lax.linalg.svd_p")
def svd_p(x: Any, *, full_matrices: bool = True, compute_uv: bool = True, subset_by_index: Any = None) -> Any:
    """The primitive: (S, U, Vh) or (S,)."""
    found = svd(x, full_matrices=full_matrices, compute_uv=compute_uv, subset_by_index=subset_by_index)
    return (found[1], found[0], found[2]) if compute_uv else (found,)


@frontend.function()
def eig(
    x: Any, *, compute_left_eigenvectors: bool = True, compute_right_eigenvectors: bool = True, **options: Any
) -> list[Any]:
    """Return eigenvalues, then left and right eigenvectors of unit length as asked."""
    values, right = L.eig(x)
    found = [values]
    if compute_left_eigenvectors:
        left = _adjoint(L.inv(right))
        found.append(F.divide(left, F.sqrt(F.sum(F.square(F.abs(left)), axis=-2, keepdims=True))))
    if compute_right_eigenvectors:
        found.append(right)
    return found


@frontend.function()
def householder_product(a: Any, taus: Any) -> Any:
    """Multiply the reflections that the columns below the diagonal describe."""
    rows, columns = a.shape[-2], a.shape[-1]
    product = F.broadcast_to(F.eye(rows, dtype=dtype_of(a)), (*a.shape[:-2], rows, rows))
    index = F.arange(rows, dtype="int32")
    for i in range(taus.shape[-1]):
        below = F.where(F.greater(index, i), F.get_item(a, (Ellipsis, slice(None), i)), 0)
        v = F.expand_dims(F.where(F.equal(index, i), 1, below), axis=-1)
        tau = F.reshape(F.get_item(taus, (Ellipsis, i)), (*taus.shape[:-1], 1, 1))
        product = F.subtract(product, F.multiply(tau, F.matmul(F.matmul(product, v), _adjoint(v))))
    return F.get_item(product, (Ellipsis, slice(None), slice(0, columns)))


@frontend.function()
def tridiagonal_solve(dl: Any, d: Any, du: Any, b: Any, *, perturb_singular: bool = False) -> Any:
    """Solve with a matrix of three diagonals, as a dense matrix."""
    if perturb_singular:
        raise unsupported("jax.lax.linalg.tridiagonal_solve", "perturb_singular has no translation")
    n = d.shape[-1]
    below = F.diag_embed(F.get_item(dl, (Ellipsis, slice(1, n))), offset=-1)
    above = F.diag_embed(F.get_item(du, (Ellipsis, slice(0, n - 1))), offset=1)
    return L.solve(F.add(F.add(F.diag_embed(d), below), above), b)


@frontend.function()
def symmetric_product(
    a_matrix: Any, c_matrix: Any, *, alpha: Any = 1.0, beta: Any = 0.0, symmetrize_output: bool = False
) -> Any:
    return F.add(F.multiply(alpha, F.matmul(a_matrix, F.matrix_transpose(a_matrix))), F.multiply(beta, c_matrix))
