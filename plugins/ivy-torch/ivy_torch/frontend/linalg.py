"""Matrix products and ``torch.linalg``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_torch.frontend import return_types as rt
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.promotion import cast, is_array, promote
from ivy_torch.frontend.shaping import axis_of, full_slice

# -- products ----------------------------------------------------------------------------------------------------------


@api("matmul", "mm", "bmm", "linalg.matmul", "mv", "Tensor.dot", "dot", "Tensor.__matmul__")
def matmul(input: Any, other: Any, out_dtype: Any = None) -> Any:
    return cast(ops.matmul(input, other), out_dtype)


def _plus(x: Any, product: Any, beta: Any, alpha: Any) -> Any:
    if dtype_of(x).is_integer:  # torch truncates the factors
        beta, alpha = int(beta), int(alpha)
    product = product if alpha == 1 else ops.multiply(product, alpha)
    if beta == 0:
        return ops.broadcast_to(product, ops.broadcast_shapes(tuple(x.shape), tuple(product.shape)))
    return ops.add(x if beta == 1 else ops.multiply(x, beta), product)


@api("baddbmm")
def baddbmm(input: Any, batch1: Any, batch2: Any, out_dtype: Any = None, *, beta: Any = 1, alpha: Any = 1) -> Any:
    return _plus(input, ops.matmul(batch1, batch2), beta, alpha)


@api("addmv")
def addmv(input: Any, mat: Any, vec: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    return _plus(input, ops.matmul(mat, vec), beta, alpha)


@api("addmm")
def addmm(input: Any, mat1: Any, mat2: Any, out_dtype: Any = None, *, beta: Any = 1, alpha: Any = 1) -> Any:
    return _plus(input, ops.matmul(mat1, mat2), beta, alpha)


@api("aten._addmm_activation")
def addmm_activation(input: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1, use_gelu: bool = False) -> Any:
    found = addmm(input, mat1, mat2, beta=beta, alpha=alpha)
    return ops.gelu(found, approximate=True) if use_gelu else ops.relu(found)


@api("addbmm")
def addbmm(input: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    return _plus(input, ops.sum(ops.matmul(batch1, batch2), axis=0), beta, alpha)


@api("addr")
def addr(input: Any, vec1: Any, vec2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    x, a, b = promote(input, vec1, vec2)
    product = ops.multiply(ops.expand_dims(a, axis=1), b)
    if dtype_of(product) == "bool":
        return ops.logical_or(x, product) if beta else product
    return _plus(x, product, beta, alpha)


@api("outer", "ger")
def outer(input: Any, vec2: Any) -> Any:
    return ops.multiply(ops.expand_dims(input, axis=1), vec2)


@api("inner")
def inner(input: Any, other: Any) -> Any:
    if not input.shape or not other.shape:
        return ops.multiply(*promote(input, other))
    return ops.tensordot(input, other, axes=((-1,), (-1,)))


@api("vdot")
def vdot(input: Any, other: Any) -> Any:
    return ops.sum(ops.multiply(ops.conj(input) if dtype_of(input).is_complex else input, other), dtype=dtype_of(input))


@api("linalg.vecdot")
def vecdot(x: Any, y: Any, *, dim: int = -1) -> Any:
    product = ops.multiply(ops.conj(x) if dtype_of(x).is_complex else x, y)
    return ops.sum(product, axis=dim, dtype=dtype_of(product))


@api("kron")
def kron(input: Any, other: Any) -> Any:
    return ops.kron(*promote(input, other))


@api("einsum", "functional.einsum")
def einsum(equation: Any, *operands: Any) -> Any:
    if not isinstance(equation, str):  # einsum(x, [0, 1], y, [1, 2], [0, 2])
        equation, operands = _from_sublists((equation, *operands))
    elif len(operands) == 1 and isinstance(operands[0], (tuple, list)):
        operands = tuple(operands[0])
    return ops.einsum(equation.replace(" ", ""), *operands)


def _from_sublists(args: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    def letters(axes: Sequence[Any]) -> str:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        return "".join("..." if a is Ellipsis else alphabet[a] for a in axes)

    pairs = list(zip(args[0::2], args[1::2]))
    equation = ",".join(letters(axes) for _, axes in pairs)
    if len(args) % 2:
        equation += "->" + letters(args[-1])
    return equation, tuple(x for x, _ in pairs)


@api("tensordot", "functional.tensordot")
def tensordot(a: Any, b: Any, dims: Any = 2) -> Any:
    if isinstance(dims, (tuple, list)) and len(dims) == 1 and isinstance(dims[0], int):
        dims = dims[0]
    if is_array(dims):
        dims = int(dims) if not dims.shape else [[int(i) for i in row] for row in dims]
    if isinstance(dims, int) and tuple(a.shape[len(a.shape) - dims :]) != tuple(b.shape[:dims]):
        dims = tuple(range(len(a.shape) - dims, len(a.shape))), tuple(range(dims))
    if not isinstance(dims, int):
        dims = tuple(tuple(int(i) for i in (side if isinstance(side, (tuple, list)) else (side,))) for side in dims)
        a, b = _summed_where_broadcast(a, b, dims)
    return ops.tensordot(a, b, axes=dims)


def _summed_where_broadcast(a: Any, b: Any, dims: Any) -> tuple[Any, Any]:
    """An axis of length one goes with any: then the other tensor's axis is summed first."""
    for i, j in zip(*dims):
        if a.shape[i] != b.shape[j]:
            if a.shape[i] == 1:
                b = ops.sum(b, axis=j, keepdims=True)
            elif b.shape[j] == 1:
                a = ops.sum(a, axis=i, keepdims=True)
    return a, b


@api("chain_matmul")
def chain_matmul(*matrices: Any) -> Any:
    return multi_dot(matrices)


@api("linalg.multi_dot")
def multi_dot(tensors: Sequence[Any]) -> Any:
    found = tensors[0]
    for x in tensors[1:]:
        found = ops.matmul(found, x)
    return found


@api("linalg.cross")
def linalg_cross(input: Any, other: Any, *, dim: int = -1) -> Any:
    a, b = ops.broadcast_arrays(*promote(input, other))
    return ops.cross(a, b, axis=dim)


@api("trace")
def trace(input: Any) -> Any:
    diagonal = ops.diagonal(input)
    return ops.sum(diagonal, dtype=None if dtype_of(input).is_inexact else "int64")


@api("cov")
def cov(input: Any, *, correction: int = 1, fweights: Any = None, aweights: Any = None) -> Any:
    x = ops.reshape(input, (1, -1)) if len(input.shape) < 2 else input
    x = x if dtype_of(x).is_inexact else cast(x, "float32")
    weight = None
    if fweights is not None:
        weight = cast(fweights, dtype_of(ops.real(x)) if dtype_of(x).is_complex else dtype_of(x))
    if aweights is not None:
        weight = aweights if weight is None else ops.multiply(weight, cast(aweights, dtype_of(weight)))
    if weight is None:
        total: Any = float(x.shape[1])
        mean = ops.mean(x, axis=1, keepdims=True)
        factor: Any = max(total - correction, 0.0)
    else:
        total = ops.sum(weight)
        mean = ops.divide(ops.sum(ops.multiply(x, weight), axis=1, keepdims=True), total)
        less: Any = correction
        if aweights is not None and correction != 0:
            less = ops.divide(
                ops.multiply(ops.sum(ops.multiply(weight, cast(aweights, dtype_of(weight)))), correction), total
            )
        factor = ops.maximum(ops.subtract(total, less), 0.0)
    centred = ops.subtract(x, mean)
    scaled = centred if weight is None else ops.multiply(centred, weight)
    found = ops.matmul(scaled, ops.conj(ops.matrix_transpose(centred)))
    found = ops.divide(found, factor)
    return ops.reshape(found, ()) if found.shape[0] == 1 else found


@api("corrcoef")
def corrcoef(input: Any) -> Any:
    c = cov(input)
    if not c.shape:
        return ops.divide(c, c)
    size = ops.sqrt(ops.real(ops.diagonal(c))) if dtype_of(c).is_complex else ops.sqrt(ops.diagonal(c))
    found = ops.divide(ops.divide(c, ops.expand_dims(size, axis=1)), size)
    if dtype_of(c).is_complex:
        return ops.complex(ops.clip(ops.real(found), -1.0, 1.0), ops.clip(ops.imag(found), -1.0, 1.0))
    return ops.clip(found, -1.0, 1.0)


# -- determinants, inverses, systems -----------------------------------------------------------------------------------


@api("det", "linalg.det")
def det(input: Any) -> Any:
    return ops.linalg.det(input)


@api("slogdet", "linalg.slogdet")
def slogdet(input: Any) -> Any:
    return rt.linalg_slogdet(*ops.linalg.slogdet(input))


@api("logdet")
def logdet(input: Any) -> Any:
    if dtype_of(input).is_complex:
        return ops.log(ops.linalg.det(input))
    sign, size = ops.linalg.slogdet(input)
    return ops.where(ops.less(sign, 0.0), ops.full_like(size, math.nan), size)


@api("inverse", "linalg.inv")
def inv(input: Any) -> Any:
    return ops.linalg.inv(input)


def _info(x: Any) -> Any:
    return ops.zeros(tuple(x.shape[:-2]), dtype="int32")


@api("linalg.inv_ex")
def inv_ex(A: Any, *, check_errors: bool = False) -> Any:
    return rt.linalg_inv_ex(ops.linalg.inv(A), _info(A))


@api("linalg.solve")
def solve(A: Any, B: Any, *, left: bool = True) -> Any:
    vector = len(B.shape) == 1 or (len(B.shape) == len(A.shape) - 1 and tuple(B.shape) == tuple(A.shape[:-1]))
    b = ops.expand_dims(B, axis=-1) if vector else B
    if left:
        found = _solve(A, b)
    else:
        found = ops.matrix_transpose(_solve(ops.matrix_transpose(A), ops.matrix_transpose(b)))
    return ops.squeeze(found, axis=-1) if vector else found


def _solve(a: Any, b: Any) -> Any:
    lead = ops.broadcast_shapes(tuple(a.shape[:-2]), tuple(b.shape[:-2]))
    a, b = (ops.broadcast_to(x, (*lead, *x.shape[-2:])) for x in (a, b))
    return ops.linalg.solve(a, b)


@api("linalg.solve_ex")
def solve_ex(A: Any, B: Any, *, left: bool = True, check_errors: bool = False) -> Any:
    return rt.linalg_solve_ex(solve(A, B, left=left), _info(A))


@api("linalg.solve_triangular")
def solve_triangular(A: Any, B: Any, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Any:
    if not left:
        a, b = ops.matrix_transpose(A), ops.matrix_transpose(B)
        found = solve_triangular(a, b, upper=not upper, unitriangular=unitriangular)
        return ops.matrix_transpose(found)
    lead = ops.broadcast_shapes(tuple(A.shape[:-2]), tuple(B.shape[:-2]))
    a, b = (ops.broadcast_to(x, (*lead, *x.shape[-2:])) for x in (A, B))
    return ops.linalg.solve_triangular(a, b, upper=bool(upper), unit_diagonal=bool(unitriangular))


@api("triangular_solve")
def triangular_solve(
    input: Any, A: Any, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> Any:
    a = ops.matrix_transpose(A) if transpose else A
    found = solve_triangular(a, input, upper=upper != transpose, unitriangular=unitriangular)
    return rt.triangular_solve(found, A)


@api("linalg.tensorinv")
def tensorinv(A: Any, ind: int = 2) -> Any:
    rows, columns = tuple(A.shape[:ind]), tuple(A.shape[ind:])
    flat = ops.reshape(A, (math.prod(rows), math.prod(columns)))
    return ops.reshape(ops.linalg.inv(flat), (*columns, *rows))


@api("linalg.tensorsolve")
def tensorsolve(A: Any, B: Any, dims: Any = None) -> Any:
    a = A
    if dims is not None:
        last = [axis_of(d, len(A.shape)) for d in dims]
        a = ops.permute_dims(A, (*[i for i in range(len(A.shape)) if i not in last], *last))
    rest = tuple(a.shape[len(B.shape) :])
    found = ops.linalg.solve(ops.reshape(a, (math.prod(rest), -1)), ops.reshape(B, (-1, 1)))
    return ops.reshape(found, rest)


# -- factorisations ----------------------------------------------------------------------------------------------------


def adjoint(x: Any) -> Any:
    """Return the conjugate transpose of the last two axes."""
    t = ops.matrix_transpose(x)
    return ops.conj(t) if dtype_of(x).is_complex else t


_adjoint = adjoint


@api("linalg.cholesky", "cholesky")
def cholesky(input: Any, upper: bool = False) -> Any:
    return ops.linalg.cholesky(input, upper=bool(upper))


@api("linalg.cholesky_ex")
def cholesky_ex(input: Any, *, upper: bool = False, check_errors: bool = False) -> Any:
    return rt.linalg_cholesky_ex(cholesky(input, upper), _info(input))


@api("cholesky_solve")
def cholesky_solve(input: Any, L: Any, upper: bool = False) -> Any:
    low = adjoint(L) if upper else L
    y = solve_triangular(low, input, upper=False)
    return solve_triangular(adjoint(low), y, upper=True)


@api("cholesky_inverse")
def cholesky_inverse(L: Any, upper: bool = False) -> Any:
    return cholesky_solve(ops.eye(L.shape[-1], dtype=dtype_of(L)), L, upper)


@api("linalg.qr")
def linalg_qr(A: Any, mode: str = "reduced") -> Any:
    if mode == "r":
        _, r = ops.linalg.qr(A, mode="reduced")
        return rt.linalg_qr(ops.zeros((0,), dtype=dtype_of(A)), r)
    return rt.linalg_qr(*ops.linalg.qr(A, mode=mode))


@api("qr")
def qr(input: Any, some: bool = True) -> Any:
    return rt.qr(*ops.linalg.qr(input, mode="reduced" if some else "complete"))


@api("linalg.svd")
def linalg_svd(A: Any, full_matrices: bool = True, *, driver: Any = None) -> Any:
    return rt.linalg_svd(*ops.linalg.svd(A, full_matrices=bool(full_matrices)))


@api("svd")
def svd(input: Any, some: bool = True, compute_uv: bool = True) -> Any:
    u, s, vh = ops.linalg.svd(input, full_matrices=not some)
    if not compute_uv:
        u, vh = (ops.zeros_like(x) for x in (u, vh))
    return rt.svd(u, s, adjoint(vh))


@api("linalg.svdvals")
def svdvals(A: Any, *, driver: Any = None) -> Any:
    return ops.linalg.svdvals(A)


def _symmetric(x: Any, lower: bool) -> Any:
    """Return the Hermitian matrix that one triangle stands for."""
    half = ops.tril(x, k=-1) if lower else ops.triu(x, k=1)
    diagonal = ops.diagonal(x, axis1=-2, axis2=-1)
    if dtype_of(x).is_complex:
        diagonal = ops.complex(ops.real(diagonal), ops.zeros_like(ops.real(diagonal)))
    return ops.add(ops.add(half, adjoint(half)), ops.diag_embed(diagonal))


@api("linalg.eigh")
def eigh(A: Any, UPLO: str = "L") -> Any:
    return rt.linalg_eigh(*ops.linalg.eigh(_symmetric(A, UPLO.upper() == "L")))


@api("linalg.eigvalsh")
def eigvalsh(A: Any, UPLO: str = "L") -> Any:
    return ops.linalg.eigvalsh(_symmetric(A, UPLO.upper() == "L"))


@api("linalg.eig")
def eig(A: Any) -> Any:
    return rt.linalg_eig(*ops.linalg.eig(A))


@api("linalg.eigvals")
def eigvals(A: Any) -> Any:
    return ops.linalg.eigvals(A)


@api("linalg.lu")
def lu(A: Any, *, pivot: bool = True) -> Any:
    return rt.linalg_lu(*ops.linalg.lu(A))


@api("linalg.lu_factor")
def lu_factor(A: Any, *, pivot: bool = True) -> Any:
    factors, pivots = ops.linalg.lu_factor(A)
    pivots = ops.add(pivots, 1)  # LAPACK counts rows from one
    return rt.linalg_lu_factor(factors, cast(pivots, "int32"))


@api("linalg.lu_factor_ex")
def lu_factor_ex(A: Any, *, pivot: bool = True, check_errors: bool = False) -> Any:
    return rt.linalg_lu_factor_ex(*lu_factor(A), _info(A))


@api("lu", "Tensor.lu")
def torch_lu(input: Any, pivot: bool = True, get_infos: bool = False) -> Any:
    found = tuple(lu_factor(input))
    return (*found, _info(input)) if get_infos else found


def _permuted(pivots: Any, n: int) -> Any:
    """Turn LAPACK's row swaps (1-based, in order) into the permutation that they make of n rows."""
    lead = tuple(pivots.shape[:-1])
    rows = ops.broadcast_to(ops.arange(n, dtype="int64"), (*lead, n))
    for i in range(pivots.shape[-1]):
        j = ops.subtract(cast(ops.get_item(pivots, (..., slice(i, i + 1))), "int64"), 1)
        at_i, at_j = ops.get_item(rows, (..., slice(i, i + 1))), ops.take_along_axis(rows, j, axis=-1)
        rows = ops.put_along_axis(rows, j, at_i, axis=-1)
        rows = ops.set_item(rows, (..., slice(i, i + 1)), at_j)
    return rows


@api("lu_unpack")
def lu_unpack(LU_data: Any, LU_pivots: Any, unpack_data: bool = True, unpack_pivots: bool = True) -> Any:
    m, n = LU_data.shape[-2:]
    k = min(m, n)
    low = ops.get_item(LU_data, (..., slice(None), slice(0, k)))
    eye = ops.eye(m, k, dtype=dtype_of(LU_data))
    low = ops.add(ops.tril(low, k=-1), eye)
    up = ops.triu(ops.get_item(LU_data, (..., slice(0, k), slice(None))))
    empty = ops.zeros((0,), dtype=dtype_of(LU_data))
    perm = empty
    if unpack_pivots:
        rows = _permuted(LU_pivots, m)
        perm = ops.matrix_transpose(ops.one_hot(rows, m, dtype=dtype_of(LU_data)))
    if not unpack_data:
        low = up = empty
    return rt.lu_unpack(perm, low, up)


@api("linalg.lu_solve")
def lu_solve(LU: Any, pivots: Any, B: Any, *, left: bool = True, adjoint: bool = False) -> Any:
    perm, low, up = lu_unpack(LU, pivots)
    if not left:  # X A = B  <=>  A^T X^T = B^T
        a = ops.matmul(perm, ops.matmul(low, up))
        a = _adjoint(a) if adjoint else a
        return solve(a, B, left=False)
    if adjoint:
        y = solve_triangular(_adjoint(up), B, upper=False)
        return ops.matmul(perm, solve_triangular(_adjoint(low), y, upper=True, unitriangular=True))
    y = solve_triangular(low, ops.matmul(ops.matrix_transpose(perm), B), upper=False, unitriangular=True)
    return solve_triangular(up, y, upper=True)


@api("lu_solve")
def torch_lu_solve(input: Any, LU_data: Any, LU_pivots: Any) -> Any:
    return lu_solve(LU_data, LU_pivots, input)


@api("linalg.lstsq")
def lstsq(input: Any, b: Any, *, rcond: Any = None, driver: Any = None) -> Any:
    m, n = input.shape[-2:]
    vector = len(b.shape) == len(input.shape) - 1
    right = ops.expand_dims(b, axis=-1) if vector else b
    found = ops.matmul(ops.linalg.pinv(input), right)
    empty = ops.zeros((0,), dtype=dtype_of(ops.real(input)) if dtype_of(input).is_complex else dtype_of(input))
    residuals = empty
    if m > n and driver not in (None, "gelsy"):
        gap = ops.abs(ops.subtract(ops.matmul(input, found), right))
        residuals = ops.sum(ops.square(gap), axis=-2)
    found = ops.squeeze(found, axis=-1) if vector else found
    rank = ops.zeros((0,), dtype="int64") if driver == "gels" else matrix_rank(input)
    values = ops.linalg.svdvals(input) if driver in ("gelsd", "gelss") else empty
    return rt.linalg_lstsq(found, residuals, rank, values)


@api("linalg.householder_product", "orgqr")
def householder_product(A: Any, tau: Any) -> Any:
    return _apply_reflectors(A, tau, ops.eye(A.shape[-2], A.shape[-1], dtype=dtype_of(A)), reverse=True)


def _apply_reflectors(a: Any, tau: Any, onto: Any, *, reverse: bool, conjugate: bool = False) -> Any:
    """Apply I - tau v v^H for each column of `a`, whose part below the diagonal is v (with a one on it)."""
    m, k = a.shape[-2], tau.shape[-1]
    rows = ops.arange(m, dtype="int64")
    lead = ops.broadcast_shapes(tuple(a.shape[:-2]), tuple(onto.shape[:-2]))
    onto = ops.broadcast_to(onto, (*lead, *onto.shape[-2:]))
    order = reversed(range(k)) if reverse else range(k)
    for i in order:
        v = ops.get_item(a, (..., slice(None), slice(i, i + 1)))
        below = ops.reshape(ops.greater(rows, i), (m, 1))
        one = cast(ops.reshape(ops.equal(rows, i), (m, 1)), dtype_of(a))
        v = ops.add(ops.where(below, v, ops.zeros_like(v)), one)
        t = ops.expand_dims(ops.get_item(tau, (..., slice(i, i + 1))), axis=-1)
        t = ops.conj(t) if conjugate and dtype_of(t).is_complex else t
        onto = ops.subtract(onto, ops.multiply(t, ops.matmul(v, ops.matmul(adjoint(v), onto))))
    return onto


@api("ormqr")
def ormqr(input: Any, tau: Any, other: Any, left: bool = True, transpose: bool = False) -> Any:
    if left:
        return _apply_reflectors(input, tau, other, reverse=not transpose, conjugate=transpose)
    return adjoint(_apply_reflectors(input, tau, adjoint(other), reverse=transpose, conjugate=not transpose))


@api("matrix_exp", "linalg.matrix_exp")
def matrix_exp(input: Any) -> Any:
    return cast(ops.linalg.expm(input), dtype_of(input))


@api("matrix_power", "linalg.matrix_power")
def matrix_power(input: Any, n: int) -> Any:
    return cast(ops.linalg.matrix_power(input, n), dtype_of(input))


def _tolerance(A: Any, tol: Any, atol: Any, rtol: Any, s: Any) -> Any:
    """Return the size below which a singular value counts as zero."""
    if tol is not None:
        return ops.expand_dims(tol, axis=-1) if is_array(tol) and tol.shape else tol
    top = ops.max(s, axis=-1, keepdims=True)
    if rtol is None:
        eps = 2.0**-52 if dtype_of(s) == "float64" else 2.0**-23
        rtol = 0.0 if atol is not None and not is_array(atol) and atol > 0 else max(A.shape[-2:]) * eps
        if is_array(atol):
            rtol = ops.where(ops.greater(atol, 0.0), 0.0, max(A.shape[-2:]) * eps)
    rtol, atol = _column(rtol), _column(0.0 if atol is None else atol)
    return ops.maximum(ops.multiply(top, rtol), atol)


def _column(x: Any) -> Any:
    """Add an axis to a batch of numbers."""
    return ops.expand_dims(x, axis=-1) if is_array(x) and x.shape else x


@api("linalg.matrix_rank")
def matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None) -> Any:
    if 0 in A.shape[-2:]:
        return ops.zeros(tuple(A.shape[:-2]), dtype="int64")
    s = ops.abs(eigvalsh(A)) if hermitian else ops.linalg.svdvals(A)
    return ops.sum(cast(ops.greater(s, _tolerance(A, tol, atol, rtol, s)), "int64"), axis=-1)


@api("pinverse", "linalg.pinv")
def pinv(input: Any, rcond: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None) -> Any:
    if 0 in input.shape[-2:]:
        return ops.matrix_transpose(input)
    if hermitian:
        values, vectors = eigh(input)
        s = ops.abs(values)
        big = ops.greater(s, _tolerance(input, None, atol, rcond if rtol is None else rtol, s))
        inverse = ops.where(big, ops.reciprocal(ops.where(big, values, ops.ones_like(s))), ops.zeros_like(s))
        scaled = ops.multiply(vectors, ops.expand_dims(cast(inverse, dtype_of(vectors)), axis=-2))
        return ops.matmul(scaled, adjoint(vectors))
    u, s, vh = ops.linalg.svd(input, full_matrices=False)
    limit = _tolerance(input, None, atol, rcond if rtol is None else rtol, s)
    big = ops.greater(s, limit)
    inverse = ops.where(big, ops.reciprocal(ops.where(big, s, ops.ones_like(s))), ops.zeros_like(s))
    scaled = ops.multiply(adjoint(vh), ops.expand_dims(cast(inverse, dtype_of(vh)), axis=-2))
    return ops.matmul(scaled, adjoint(u))


@api("linalg.cond")
def cond(A: Any, p: Any = None) -> Any:
    from ivy_torch.frontend.norms import matrix_norm

    if p is None or p in (2, -2):
        s = ops.linalg.svdvals(A)
        high, low = ops.max(s, axis=-1), ops.min(s, axis=-1)
        return ops.divide(low, high) if p == -2 else ops.divide(high, low)
    return ops.multiply(matrix_norm(A, p), matrix_norm(ops.linalg.inv(A), p))


def _cut(x: Any, k: int) -> Any:
    return ops.get_item(x, full_slice(len(x.shape), len(x.shape) - 1, slice(0, k)))


@api("svd_lowrank")
def svd_lowrank(A: Any, q: int | None = 6, niter: int | None = 2, M: Any = None) -> tuple[Any, Any, Any]:
    """Return the leading singular triplets; computed exactly, where torch projects on random vectors."""
    u, s, vh = ops.linalg.svd(A if M is None else ops.subtract(A, M), full_matrices=False)
    k = min(q or 6, *A.shape[-2:])
    return _cut(u, k), _cut(s, k), _cut(adjoint(vh), k)


@api("pca_lowrank")
def pca_lowrank(A: Any, q: int | None = None, center: bool = True, niter: int = 2) -> tuple[Any, Any, Any]:
    q = min(6, *A.shape[-2:]) if q is None else q
    return svd_lowrank(ops.subtract(A, ops.mean(A, axis=-2, keepdims=True)) if center else A, q)
