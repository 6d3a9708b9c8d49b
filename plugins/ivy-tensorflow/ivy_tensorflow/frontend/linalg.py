"""Matrices: products, decompositions, diagonals and bands."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy_tensorflow.frontend.table import array, arrays, cast, is_array, numbers, public, raw, refuse, size_of

# -- products ---------------------------------------------------------------------------------------------------------


def _adjoint(x: Any) -> Any:
    found = F.matrix_transpose(x)
    return F.conj(found) if dtype_of(x).is_complex else found


@raw("MatMul")
def raw_matmul(
    a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False, grad_a: bool = False, grad_b: bool = False
) -> Any:
    return F.matmul(F.matrix_transpose(a) if transpose_a else a, F.matrix_transpose(b) if transpose_b else b)


@raw("BatchMatMul", "BatchMatMulV2", "BatchMatMulV3")
def batch_matmul(
    x: Any,
    y: Any,
    adj_x: bool = False,
    adj_y: bool = False,
    Tout: Any = None,
    grad_x: bool = False,
    grad_y: bool = False,
) -> Any:
    if Tout is not None:
        x, y = cast(x, Tout), cast(y, Tout)
    return F.matmul(_adjoint(x) if adj_x else x, _adjoint(y) if adj_y else y)


@public("linalg.matmul")
def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    output_type: Any = None,
    grad_a: bool = False,
    grad_b: bool = False,
) -> Any:
    a, b = arrays(a, b)
    a = _adjoint(a) if adjoint_a else F.matrix_transpose(a) if transpose_a else a
    b = _adjoint(b) if adjoint_b else F.matrix_transpose(b) if transpose_b else b
    if output_type is not None:
        a, b = cast(a, output_type), cast(b, output_type)
    return F.matmul(a, b)


@public("linalg.matvec")
def matvec(a: Any, b: Any, transpose_a: bool = False, adjoint_a: bool = False) -> Any:
    a = _adjoint(a) if adjoint_a else F.matrix_transpose(a) if transpose_a else a
    return F.squeeze(F.matmul(a, F.expand_dims(b, axis=-1)), axis=-1)


@raw("Einsum")
def raw_einsum(inputs: Any, equation: str) -> Any:
    return F.einsum(equation, *inputs)


@public("einsum")
def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Any:
    return F.einsum(equation, *[array(x) for x in inputs])


@public("tensordot")
def tensordot(a: Any, b: Any, axes: Any) -> Any:
    axes = axes.tolist() if hasattr(axes, "tolist") else axes
    if isinstance(axes, (list, tuple)):
        axes = tuple((v,) if isinstance(v, int) else tuple(v) for v in axes)
    return F.tensordot(array(a), array(b), axes=axes)


@raw("Cross")
@public("linalg.cross")
def cross(a: Any, b: Any) -> Any:
    return F.cross(a, b, axis=-1)


@public("linalg.trace")
def trace(x: Any) -> Any:
    return F.trace(array(x))


@public("linalg.adjoint")
def adjoint(matrix: Any) -> Any:
    return _adjoint(array(matrix))


@public("linalg.normalize")
def normalize(tensor: Any, ord: Any = "euclidean", axis: Any = None) -> Any:
    from ivy_tensorflow.frontend.reductions import norm

    size = norm(tensor, ord, axis, True)
    return F.divide(tensor, size), size


# -- decompositions ---------------------------------------------------------------------------------------------------


@raw("MatrixInverse")
@public("linalg.inv")
def matrix_inverse(input: Any, adjoint: bool = False) -> Any:
    return F.linalg.inv(_adjoint(input) if adjoint else array(input))


@raw("MatrixDeterminant")
@public("linalg.det")
def matrix_determinant(input: Any) -> Any:
    return F.linalg.det(array(input))


@raw("LogMatrixDeterminant")
@public("linalg.slogdet")
def log_matrix_determinant(input: Any) -> Any:
    x = array(input)
    sign, log_abs = F.linalg.slogdet(x)
    return sign, cast(log_abs, dtype_of(x))  # complex for complex matrices


@public("linalg.logdet")
def logdet(matrix: Any) -> Any:
    return F.linalg.slogdet(array(matrix))[1]


@raw("Cholesky")
@public("linalg.cholesky")
def cholesky(input: Any) -> Any:
    # TensorFlow reads the lower triangle only, and shares the gradient evenly between the two
    x = array(input)
    even = F.multiply(F.add(x, _adjoint(x)), 0.5)
    read = F.add(F.tril(x), _adjoint(F.tril(x, k=-1)))
    return F.linalg.cholesky(F.add(even, F.stop_gradient(F.subtract(read, even))))


@public("linalg.cholesky_solve")
def cholesky_solve(chol: Any, rhs: Any) -> Any:
    y = F.linalg.solve_triangular(chol, rhs)
    return F.linalg.solve_triangular(_adjoint(chol), y, upper=True)


@raw("MatrixSolve")
@public("linalg.solve")
def matrix_solve(matrix: Any, rhs: Any, adjoint: bool = False) -> Any:
    return F.linalg.solve(_adjoint(matrix) if adjoint else array(matrix), array(rhs))


@raw("MatrixTriangularSolve")
@public("linalg.triangular_solve")
def matrix_triangular_solve(matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False) -> Any:
    matrix, rhs = array(matrix), array(rhs)
    if adjoint:
        matrix, lower = _adjoint(matrix), not lower
    return F.linalg.solve_triangular(matrix, rhs, upper=not lower)


@raw("Qr")
@public("linalg.qr")
def qr(input: Any, full_matrices: bool = False) -> Any:
    return tuple(F.linalg.qr(array(input), mode="complete" if full_matrices else "reduced"))


@raw("Svd")
def raw_svd(input: Any, compute_uv: bool = True, full_matrices: bool = False) -> Any:
    if not compute_uv:
        empty = F.zeros((0,), dtype=dtype_of(input))
        return cast(F.linalg.svdvals(input), dtype_of(input)), empty, empty
    u, s, vh = F.linalg.svd(input, full_matrices=full_matrices)
    return cast(s, dtype_of(input)), u, _adjoint(vh)  # the operator's are complex for complex matrices


@public("linalg.svd")
def svd(tensor: Any, full_matrices: bool = False, compute_uv: bool = True) -> Any:
    found = raw_svd(array(tensor), compute_uv, full_matrices)
    return found if compute_uv else found[0]


def _symmetric(x: Any) -> Any:
    """Return the matrix that the lower triangle stands for, which is all that TensorFlow reads."""
    return F.add(F.tril(x), _adjoint(F.tril(x, k=-1)))


@raw("SelfAdjointEigV2")
def self_adjoint_eig(input: Any, compute_v: bool = True) -> Any:
    if not compute_v:
        return cast(F.linalg.eigvalsh(_symmetric(input)), dtype_of(input)), F.zeros((0,), dtype=dtype_of(input))
    values, vectors = F.linalg.eigh(_symmetric(input))
    return cast(values, dtype_of(input)), vectors  # complex for complex matrices


@public("linalg.eigh")
def eigh(tensor: Any) -> Any:
    return self_adjoint_eig(array(tensor))


@public("linalg.eigvalsh")
def eigvalsh(tensor: Any) -> Any:
    return self_adjoint_eig(array(tensor), compute_v=False)[0]


@raw("Eig")
def raw_eig(input: Any, Tout: Any = None, compute_v: bool = True) -> Any:
    if not compute_v:
        values = F.linalg.eigvals(input)
        return values, F.zeros((0,), dtype=dtype_of(values))
    return tuple(F.linalg.eig(input))


@raw("Lu")
def raw_lu(input: Any, output_idx_type: Any = "int32") -> Any:
    p, low, up = F.linalg.lu(input)
    packed = F.add(F.tril(low, k=-1), up)
    return packed, cast(F.argmax(F.real(F.matrix_transpose(p)), axis=-1), output_idx_type)


@public("linalg.expm")
def expm(input: Any) -> Any:
    return F.linalg.expm(array(input))


@raw("MatrixSolveLs")
def matrix_solve_ls(matrix: Any, rhs: Any, l2_regularizer: Any = 0.0, fast: bool = True) -> Any:
    if is_array(l2_regularizer):
        return refuse("MatrixSolveLs with a regulariser that is an array", "give it as a Python number")
    m, n = matrix.shape[-2:]
    ah = _adjoint(matrix)
    ridge = F.multiply(F.eye(min(m, n), dtype=dtype_of(matrix)), float(l2_regularizer))
    if m >= n:
        return F.linalg.solve(F.add(F.matmul(ah, matrix), ridge), F.matmul(ah, rhs))
    return F.matmul(ah, F.linalg.solve(F.add(F.matmul(matrix, ah), ridge), rhs))


@public("linalg.lstsq")
def lstsq(matrix: Any, rhs: Any, l2_regularizer: Any = 0.0, fast: bool = True) -> Any:
    return matrix_solve_ls(array(matrix), array(rhs), l2_regularizer, fast)


@public("linalg.pinv")
def pinv(a: Any, rcond: Any = None) -> Any:
    return F.linalg.pinv(array(a), rtol=rcond)


@raw("TridiagonalMatMul")
def tridiagonal_matmul(superdiag: Any, maindiag: Any, subdiag: Any, rhs: Any) -> Any:
    def column(x: Any) -> Any:
        return F.expand_dims(F.squeeze(x, axis=-2), axis=-1)

    n = rhs.shape[-2]
    rest = [(0, 0)] * (rhs.ndim - 2)
    after = F.pad(F.get_item(rhs, (Ellipsis, slice(1, n), slice(None))), [*rest, (0, 1), (0, 0)])
    before = F.pad(F.get_item(rhs, (Ellipsis, slice(0, n - 1), slice(None))), [*rest, (1, 0), (0, 0)])
    found = F.multiply(column(maindiag), rhs)
    return F.add(F.add(found, F.multiply(column(superdiag), after)), F.multiply(column(subdiag), before))


@raw("TridiagonalSolve")
def tridiagonal_solve(diagonals: Any, rhs: Any, partial_pivoting: bool = True, perturb_singular: bool = False) -> Any:
    n = diagonals.shape[-1]
    up, main, low = (F.get_item(diagonals, (Ellipsis, i, slice(None))) for i in range(3))
    matrix = F.diag_embed(main)
    if n > 1:
        matrix = F.add(matrix, F.diag_embed(F.get_item(up, (Ellipsis, slice(0, n - 1))), offset=1))
        matrix = F.add(matrix, F.diag_embed(F.get_item(low, (Ellipsis, slice(1, n))), offset=-1))
    return F.linalg.solve(matrix, rhs)


# -- diagonals and bands ----------------------------------------------------------------------------------------------


@raw("MatrixBandPart")
@public("linalg.band_part")
def matrix_band_part(input: Any, num_lower: Any, num_upper: Any) -> Any:
    lower, upper = size_of(num_lower), size_of(num_upper)
    x = array(input)
    if lower >= 0:
        x = F.triu(x, k=-lower)
    return F.tril(x, k=upper) if upper >= 0 else x


@raw("Diag")
@public("linalg.tensor_diag")
def diag(diagonal: Any) -> Any:
    shape = tuple(diagonal.shape)
    return F.reshape(F.diag_embed(F.reshape(diagonal, (-1,))), (*shape, *shape))


@raw("DiagPart")
@public("linalg.tensor_diag_part")
def diag_part(input: Any) -> Any:
    half = tuple(input.shape[: input.ndim // 2])
    n = math.prod(half)
    return F.reshape(F.diagonal(F.reshape(input, (n, n))), half)


@raw("MatrixDiag")
def matrix_diag(diagonal: Any) -> Any:
    return F.diag_embed(diagonal)


@raw("MatrixDiagPart")
def matrix_diag_part(input: Any) -> Any:
    return F.diagonal(input, axis1=-2, axis2=-1)


def _band(k: Any) -> tuple[int, int]:
    found = numbers(k)
    return (found[0], found[-1])


def _starts(align: str, offset: int) -> bool:
    """Whether a diagonal that is shorter than the longest one is put at the start of its row."""
    upper, lower = align.split("_")
    return (upper if offset >= 0 else lower) == "LEFT"


def _place(align: str, offset: int, length: int, longest: int) -> slice:
    start = 0 if _starts(align, offset) or length == longest else longest - length
    return slice(start, start + length)


def _lengths(rows: int, cols: int, low: int, high: int) -> tuple[list[tuple[int, int]], int]:
    """Return (offset, length) of the diagonals from the highest on, and the longest length."""
    found = [(o, min(rows + min(o, 0), cols - max(o, 0))) for o in range(high, low - 1, -1)]
    return found, max(n for _, n in found)


@raw("MatrixDiagV3")
def matrix_diag_v3(
    diagonal: Any, k: Any, num_rows: Any = -1, num_cols: Any = -1, padding_value: Any = 0, align: str = "RIGHT_LEFT"
) -> Any:
    low, high = _band(k)
    rows, cols = size_of(num_rows), size_of(num_cols)
    longest = diagonal.shape[-1]
    if rows < 0 and cols < 0:
        rows = cols = longest + (max(abs(low), abs(high)) if low == high else max(-min(high, 0), low, 0))
        if low == high:
            rows = cols = longest + abs(low)
    elif rows < 0:
        rows = max(longest - min(high, 0), 1) if cols >= longest + max(low, 0) else longest - min(high, 0)
    elif cols < 0:
        cols = longest + max(low, 0)
    lead = diagonal.shape[:-1] if low == high else diagonal.shape[:-2]
    base = (
        F.full((*lead, rows, cols), padding_value, dtype=dtype_of(diagonal))
        if not is_array(padding_value)
        else F.broadcast_to(padding_value, (*lead, rows, cols))
    )
    return matrix_set_diag_v3(base, diagonal, k, align)


@raw("MatrixDiagPartV3")
def matrix_diag_part_v3(input: Any, k: Any, padding_value: Any = 0, align: str = "RIGHT_LEFT") -> Any:
    low, high = _band(k)
    rows, cols = input.shape[-2:]
    if low == high:
        return F.diagonal(input, offset=low, axis1=-2, axis2=-1)
    lengths, longest = _lengths(rows, cols, low, high)
    found = []
    for offset, n in lengths:
        place = _place(align, offset, n, longest)
        row = F.diagonal(input, offset=offset, axis1=-2, axis2=-1)
        widths = [*[(0, 0)] * (row.ndim - 1), (place.start, longest - place.stop)]
        found.append(F.pad(row, widths, value=padding_value if not is_array(padding_value) else size_of(padding_value)))
    return F.stack(found, axis=-2)


@raw("MatrixSetDiagV3")
def matrix_set_diag_v3(input: Any, diagonal: Any, k: Any, align: str = "RIGHT_LEFT") -> Any:
    low, high = _band(k)
    rows, cols = input.shape[-2:]
    lengths, longest = _lengths(rows, cols, low, high)
    found = input
    for i, (offset, n) in enumerate(lengths):
        values = diagonal if low == high else F.get_item(diagonal, (Ellipsis, i, _place(align, offset, n, longest)))
        wide = F.zeros((*values.shape[:-1], rows, cols), dtype=dtype_of(values))
        # a shifted square diagonal, cut to the matrix's own shape
        square = F.diag_embed(values, offset=offset)
        height, width = min(rows, square.shape[-2]), min(cols, square.shape[-1])
        square = F.get_item(square, (Ellipsis, slice(0, height), slice(0, width)))
        pads = [*[(0, 0)] * (square.ndim - 2), (0, rows - height), (0, cols - width)]
        mask = F.eye(rows, cols, k=offset, dtype="bool")
        found = F.where(mask, F.pad(square, pads), F.add(found, wide) if found.ndim < wide.ndim else found)
    return found


def _left(of: Any) -> Any:
    """Make the older form, in which every diagonal is at the start of its row."""
    return lambda *args, **kwargs: of(*args, **kwargs, align="LEFT_LEFT")


raw("MatrixDiagV2")(_left(matrix_diag_v3))
raw("MatrixDiagPartV2")(_left(matrix_diag_part_v3))
raw("MatrixSetDiagV2")(_left(matrix_set_diag_v3))


@raw("MatrixSetDiag")
def matrix_set_diag(input: Any, diagonal: Any) -> Any:
    return matrix_set_diag_v3(input, diagonal, 0)


@public("linalg.diag")
def public_diag(
    diagonal: Any,
    k: Any = 0,
    num_rows: int = -1,
    num_cols: int = -1,
    padding_value: Any = 0,
    align: str = "RIGHT_LEFT",
) -> Any:
    return matrix_diag_v3(array(diagonal), k, num_rows, num_cols, padding_value, align)


@public("linalg.diag_part")
def public_diag_part(input: Any, k: Any = 0, padding_value: Any = 0, align: str = "RIGHT_LEFT") -> Any:
    return matrix_diag_part_v3(array(input), k, padding_value, align)


@public("linalg.set_diag")
def public_set_diag(input: Any, diagonal: Any, k: Any = 0, align: str = "RIGHT_LEFT") -> Any:
    return matrix_set_diag_v3(array(input), array(diagonal), k, align)
