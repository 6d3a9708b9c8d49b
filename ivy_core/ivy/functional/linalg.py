"""Linear algebra: products, and the extension ``linalg`` of the Array API standard 2025.12 with more decompositions.

Ops of the extension act on the last two axes and broadcast over the others. `ivy.linalg` also holds the products of the
main namespace under the same names, as the standard asks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.functional._axes import counted
from ivy.functional._lengths import norm_of_sizes
from ivy.functional.registry import composite, primitive
from ivy.functional.typing import Array, Dtype

__all__ = [
    "cholesky",
    "cross",
    "det",
    "diagonal",
    "dot",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "einsum",
    "expm",
    "inv",
    "kron",
    "lstsq",
    "lu",
    "lu_factor",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "outer",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensordot",
    "trace",
    "vecdot",
    "vector_norm",
]

SHARED_WITH_MAIN = ("cross", "matmul", "matrix_transpose", "outer", "tensordot", "trace", "vecdot")
"""Ops of the main namespace that `ivy.linalg` holds too."""

Axes = int | tuple[Sequence[int], Sequence[int]]

_EPS = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52, "complex64": 2.0**-23}


# ------------------------------------------------------------------------------------------------------------ products


@primitive
def matmul(x1: Array, x2: Array, /) -> Array:
    """Multiply matrices (Array API ``matmul``).

    Args:
        x1: shape (..., M, K), or (K,).
        x2: shape (..., K, N), or (K,); mixed dtypes promote.

    Returns:
        Shape (..., M, N), without M or N for a vector.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.matmul(np.ones((2, 3)), np.ones(3))
        array([3., 3.])
    """


@composite(body="_contract")
def einsum(equation: str, /, *operands: Array) -> Array:
    """Sum products as an equation in Einstein's notation says (numpy.einsum).

    Args:
        equation: such as ``"bij,bjk->bik"``; letters name axes, ``...`` stands for any.
        *operands: arrays; mixed dtypes promote.

    Returns:
        The result.

    Definition: numpy.einsum, https://numpy.org/doc/stable/reference/generated/numpy.einsum.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.einsum("ij,j->i", np.ones((2, 3)), np.ones(3))
        array([3., 3.])
    """


@composite
def tensordot(x1: Array, x2: Array, /, *, axes: Axes = 2) -> Array:
    """Contract axes of two arrays (Array API ``tensordot``).

    Args:
        x1: array.
        x2: array; mixed dtypes promote.
        axes: how many of the last axes of `x1` pair with the first of `x2`, or the two lists of axes.

    Returns:
        The axes of `x1` that are left, then those of `x2`.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.tensordot(np.ones((2, 3)), np.ones((3, 4)), axes=1).shape
        (2, 4)
    """
    if isinstance(axes, int):
        first, second = list(range(x1.ndim - axes, x1.ndim)), list(range(axes))
    else:
        first, second = [counted(a, x1.ndim) for a in axes[0]], [counted(a, x2.ndim) for a in axes[1]]
    rest1 = [a for a in range(x1.ndim) if a not in first]
    rest2 = [a for a in range(x2.ndim) if a not in second]
    inner = math.prod(x1.shape[a] for a in first)
    left = F.reshape(F.permute_dims(x1, (*rest1, *first)), (math.prod(x1.shape[a] for a in rest1), inner))
    right = F.reshape(F.permute_dims(x2, (*second, *rest2)), (inner, math.prod(x2.shape[a] for a in rest2)))
    return F.reshape(matmul(left, right), (*(x1.shape[a] for a in rest1), *(x2.shape[a] for a in rest2)))


@composite
def vecdot(x1: Array, x2: Array, /, *, axis: int = -1) -> Array:
    """Sum the products of two arrays along an axis, the first conjugated (Array API ``vecdot``).

    Args:
        x1: array.
        x2: array that broadcasts with it; mixed dtypes promote.
        axis: negative axis, counted after broadcasting.

    Returns:
        The broadcast shape without `axis`.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.vecdot(np.ones((2, 3)), np.ones(3))
        array([3., 3.])
    """
    left = F.conj(x1) if dtype_of(x1).is_complex else x1
    left, right = F.expand_dims(F.moveaxis(left, axis, -1), axis=-2), F.expand_dims(F.moveaxis(x2, axis, -1), axis=-1)
    return F.squeeze(matmul(left, right), axis=(-2, -1))


@composite
def outer(x1: Array, x2: Array, /) -> Array:
    """Multiply every element of one vector with every element of another (Array API ``outer``).

    Args:
        x1: shape (M,); other shapes are flattened.
        x2: shape (N,); mixed dtypes promote.

    Returns:
        Shape (M, N).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.outer(np.asarray([1.0, 2.0]), np.ones(3)).shape
        (2, 3)
    """
    return F.multiply(F.reshape(x1, (-1, 1)), F.reshape(x2, (1, -1)))


@composite
def dot(x1: Array, x2: Array, /) -> Array:
    """Sum products over the last axis of one array and the last but one of the other (numpy.dot).

    Args:
        x1: array.
        x2: array; its only axis counts if it is a vector; mixed dtypes promote.

    Returns:
        The other axes of `x1`, then those of `x2`; the plain product if one is a scalar.

    Definition: numpy.dot, https://numpy.org/doc/stable/reference/generated/numpy.dot.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.dot(np.ones((2, 3)), np.ones((3, 4))).shape
        (2, 4)
    """
    if x1.ndim == 0 or x2.ndim == 0:
        return F.multiply(x1, x2)
    return tensordot(x1, x2, axes=([-1], [-1 if x2.ndim == 1 else -2]))


@composite
def kron(x1: Array, x2: Array, /) -> Array:
    """Replace every element of one array by its product with the other (numpy.kron).

    Args:
        x1: array.
        x2: array; leading axes of length one are added to the one with fewer axes; mixed dtypes promote.

    Returns:
        An array whose shape is the product of the shapes.

    Definition: numpy.kron, https://numpy.org/doc/stable/reference/generated/numpy.kron.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.kron(np.asarray([1.0, 2.0]), np.ones(2))
        array([1., 1., 2., 2.])
    """
    n = max(x1.ndim, x2.ndim)
    shape1 = (1,) * (n - x1.ndim) + tuple(x1.shape)
    shape2 = (1,) * (n - x2.ndim) + tuple(x2.shape)
    # an outer product whose axes are interleaved: of any number of axes, where frameworks broadcast only so many
    product = F.multiply(F.reshape(x1, (math.prod(shape1), 1)), F.reshape(x2, (1, math.prod(shape2))))
    whole = F.permute_dims(F.reshape(product, shape1 + shape2), [i + k * n for i in range(n) for k in (0, 1)])
    return F.reshape(whole, tuple(a * b for a, b in zip(shape1, shape2, strict=True)))


@composite
def cross(x1: Array, x2: Array, /, *, axis: int = -1) -> Array:
    """Multiply vectors of three elements to perpendicular ones (Array API ``linalg.cross``).

    Args:
        x1: array with three elements along `axis`.
        x2: array that broadcasts with it; mixed dtypes promote.
        axis: negative axis of the vectors.

    Returns:
        The broadcast shape.

    Raises:
        ValueError: if `axis` has not three elements.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.cross(np.asarray([1.0, 0.0, 0.0]), np.asarray([0.0, 1.0, 0.0]))
        array([0., 0., 1.])
    """
    if x1.shape[axis] != 3 or x2.shape[axis] != 3:
        raise ValueError(f"cross needs 3 elements along the axis, got {x1.shape[axis]} and {x2.shape[axis]}")
    # the (i+1)-th element times the (i+2)-th of the other, cyclically
    ahead1, ahead2 = F.roll(x1, -1, axis=axis), F.roll(x2, -1, axis=axis)
    behind1, behind2 = F.roll(x1, 1, axis=axis), F.roll(x2, 1, axis=axis)
    return F.subtract(F.multiply(ahead1, behind2), F.multiply(behind1, ahead2))


@composite
def trace(x: Array, /, *, offset: int = 0, dtype: Dtype = None) -> Array:
    """Sum the diagonal of matrices (Array API ``linalg.trace``).

    Args:
        x: shape (..., M, N).
        offset: which diagonal; positive ones lie above the main one.
        dtype: of the sum; by default as in `sum`.

    Returns:
        Shape (...).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> float(ivy.trace(np.eye(3)))
        3.0
    """
    return F.sum(F.diagonal(x, offset=offset, axis1=-2, axis2=-1), axis=-1, dtype=dtype)


@composite(namespace="linalg")
def diagonal(x: Array, /, *, offset: int = 0) -> Array:
    """Take a diagonal of matrices (Array API ``linalg.diagonal``); `ivy.diagonal` takes that of any two axes.

    Args:
        x: shape (..., M, N).
        offset: which diagonal; positive ones lie above the main one.

    Returns:
        Shape (..., K) with the length K of the diagonal.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.diagonal(np.asarray([[[1, 2], [3, 4]]]))
        array([[1, 4]])
    """
    return F.diagonal(x, offset=offset, axis1=-2, axis2=-1)


# -------------------------------------------------------------------------------------------- solving and decomposing


@composite(body="_elimination", namespace="linalg")
def det(x: Array, /) -> Array:
    """Compute determinants (Array API ``linalg.det``).

    Args:
        x: shape (..., M, M), floating point.

    Returns:
        Shape (...).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> float(ivy.linalg.det(2 * np.eye(2)))
        4.0
    """


@composite(body="_elimination", namespace="linalg")
def slogdet(x: Array, /) -> tuple[Array, Array]:  # type: ignore[empty-body]
    """Compute sign and logarithm of the absolute value of determinants (Array API ``linalg.slogdet``).

    Args:
        x: shape (..., M, M), floating point.

    Returns:
        ``(sign, logabsdet)``, each of shape (...).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> float(ivy.linalg.slogdet(-np.eye(3))[0])
        -1.0
    """


@composite(body="_elimination", namespace="linalg")
def inv(x: Array, /) -> Array:
    """Invert matrices (Array API ``linalg.inv``).

    Args:
        x: shape (..., M, M), floating point.

    Returns:
        Shape (..., M, M).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.inv(2 * np.eye(2))
        array([[0.5, 0. ],
               [0. , 0.5]])
    """


@composite(body="_elimination", namespace="linalg")
def solve(x1: Array, x2: Array, /) -> Array:
    """Solve ``x1 @ x = x2`` (Array API ``linalg.solve``).

    Args:
        x1: shape (..., M, M), floating point.
        x2: shape (M,), or (..., M, K).

    Returns:
        The x, of shape (..., M) or (..., M, K).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.solve(2 * np.eye(2), np.ones(2))
        array([0.5, 0.5])
    """


@composite(body="_elimination", namespace="linalg")
def solve_triangular(
    a: Array, b: Array, /, *, upper: bool = False, transpose: bool = False, unit_diagonal: bool = False
) -> Array:
    """Solve ``a @ x = b`` for triangular matrices (scipy.linalg.solve_triangular).

    Args:
        a: shape (..., M, M), floating point; only one triangle is read.
        b: shape (..., M, K), of the same dtype.
        upper: whether the upper triangle is read, else the lower one.
        transpose: whether to solve with the transpose of `a`.
        unit_diagonal: whether the diagonal is taken to be ones and not read.

    Returns:
        The x, of shape (..., M, K).

    Definition:
        scipy.linalg.solve_triangular,
        https://docs.scipy.org/doc/scipy/reference/generated/scipy.linalg.solve_triangular.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.solve_triangular(np.asarray([[1.0, 9.0], [1.0, 1.0]]), np.ones((2, 1)))
        array([[1.],
               [0.]])
    """


@primitive(namespace="linalg")
def cholesky(x: Array, /, *, upper: bool = False) -> Array:
    """Factor Hermitian positive definite matrices (Array API ``linalg.cholesky``).

    Args:
        x: shape (..., M, M), floating point.
        upper: whether to give the upper factor U with ``x = U^H @ U``, else the lower L with ``x = L @ L^H``.

    Returns:
        Shape (..., M, M).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.cholesky(4 * np.eye(2))
        array([[2., 0.],
               [0., 2.]])
    """


@primitive(namespace="linalg")
def qr(x: Array, /, *, mode: Literal["reduced", "complete"] = "reduced") -> tuple[Array, Array]:  # type: ignore[empty-body]
    """Factor matrices into orthonormal and upper triangular ones (Array API ``linalg.qr``).

    Args:
        x: shape (..., M, N), floating point.
        mode: ``"reduced"``: K = min(M, N) columns; ``"complete"``: K = M.

    Returns:
        ``(Q, R)`` of shapes (..., M, K) and (..., K, N).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> [f.shape for f in ivy.linalg.qr(np.ones((4, 2)))]
        [(4, 2), (2, 2)]
    """


@primitive(namespace="linalg")
def svd(x: Array, /, *, full_matrices: bool = True) -> tuple[Array, Array, Array]:  # type: ignore[empty-body]
    """Compute singular value decompositions ``x = U @ diag(S) @ Vh`` (Array API ``linalg.svd``).

    Args:
        x: shape (..., M, N), floating point.
        full_matrices: whether U is (..., M, M) and Vh (..., N, N), else their K = min(M, N) first columns and rows.

    Returns:
        ``(U, S, Vh)``, S of shape (..., K) in falling order.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.svd(np.diag([1.0, 2.0]))[1]
        array([2., 1.])
    """


@composite(namespace="linalg")
def svdvals(x: Array, /) -> Array:
    """Compute singular values (Array API ``linalg.svdvals``).

    Args:
        x: shape (..., M, N), floating point.

    Returns:
        Shape (..., min(M, N)), in falling order.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.svdvals(np.diag([1.0, 2.0]))
        array([2., 1.])
    """
    return svd(x, full_matrices=False)[1]


@primitive(namespace="linalg")
def eigh(x: Array, /) -> tuple[Array, Array]:  # type: ignore[empty-body]
    """Compute eigenvalues and eigenvectors of Hermitian matrices (Array API ``linalg.eigh``).

    Args:
        x: shape (..., M, M), floating point.

    Returns:
        ``(eigenvalues, eigenvectors)``, the eigenvalues real and in rising order, the vectors as columns.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.eigh(np.diag([2.0, 1.0]))[0]
        array([1., 2.])
    """


@composite(namespace="linalg")
def eigvalsh(x: Array, /) -> Array:
    """Compute eigenvalues of Hermitian matrices (Array API ``linalg.eigvalsh``).

    Args:
        x: shape (..., M, M), floating point.

    Returns:
        Shape (..., M), real, in rising order.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.eigvalsh(np.diag([2.0, 1.0]))
        array([1., 2.])
    """
    return eigh(x)[0]


@primitive(namespace="linalg")
def eig(x: Array, /) -> tuple[Array, Array]:  # type: ignore[empty-body]
    """Compute eigenvalues and eigenvectors of matrices (Array API ``linalg.eig``).

    Args:
        x: shape (..., M, M), floating point.

    Returns:
        ``(eigenvalues, eigenvectors)``, complex, in no particular order, the vectors as columns.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.eig(np.diag([2.0, 1.0]))[0]
        array([2.+0.j, 1.+0.j])
    """


@composite(namespace="linalg")
def eigvals(x: Array, /) -> Array:
    """Compute eigenvalues of matrices (Array API ``linalg.eigvals``).

    Args:
        x: shape (..., M, M), floating point.

    Returns:
        Shape (..., M), complex, in no particular order.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.eigvals(np.diag([2.0, 1.0]))
        array([2.+0.j, 1.+0.j])
    """
    return eig(x)[0]


@composite(body="_elimination", namespace="linalg")
def lu(x: Array, /) -> tuple[Array, Array, Array]:  # type: ignore[empty-body]
    """Factor matrices ``x = P @ L @ U`` (scipy.linalg.lu, torch.linalg.lu).

    Args:
        x: shape (..., M, N), floating point.

    Returns:
        ``(P, L, U)`` of shapes (..., M, M), (..., M, K) and (..., K, N), K = min(M, N).

    Definition: scipy.linalg.lu, https://docs.scipy.org/doc/scipy/reference/generated/scipy.linalg.lu.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> [f.shape for f in ivy.linalg.lu(np.ones((3, 2)))]
        [(3, 3), (3, 2), (2, 2)]
    """


@composite(body="_elimination", namespace="linalg")
def lu_factor(x: Array, /) -> tuple[Array, Array]:  # type: ignore[empty-body]
    """Factor matrices as LAPACK's getrf does (scipy.linalg.lu_factor).

    Args:
        x: shape (..., M, N), floating point.

    Returns:
        ``(lu, pivots)``: both factors in one array of shape (..., M, N), without the ones on L's diagonal, and int32
        row exchanges of shape (..., min(M, N)), counted from zero.

    Definition: scipy.linalg.lu_factor, https://docs.scipy.org/doc/scipy/reference/generated/scipy.linalg.lu_factor.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.lu_factor(np.asarray([[0.0, 1.0], [1.0, 0.0]]))[1]
        array([1, 1], dtype=int32)
    """


@composite(body="_elimination", namespace="linalg")
def expm(x: Array, /) -> Array:
    """Compute the exponential of matrices (scipy.linalg.expm).

    Args:
        x: shape (..., M, M), floating point.

    Returns:
        Shape (..., M, M).

    Definition: scipy.linalg.expm, https://docs.scipy.org/doc/scipy/reference/generated/scipy.linalg.expm.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.expm(np.zeros((2, 2)))
        array([[1., 0.],
               [0., 1.]])
    """


def _cutoff(x: Any, s: Any, rtol: Any) -> Any:
    """The size up to which singular values count as zero: relative to the largest as given, or the standard's."""
    if rtol is None:
        rtol = max(x.shape[-2:]) * _EPS.get(str(dtype_of(x)), 2.0**-52)
    if getattr(rtol, "ndim", 0):
        rtol = F.expand_dims(rtol, axis=-1)
    return F.multiply(F.max(s, axis=-1, keepdims=True), rtol)


@composite(namespace="linalg")
def pinv(x: Array, /, *, rtol: Array | float | None = None) -> Array:
    """Compute the pseudo-inverse of matrices (Array API ``linalg.pinv``).

    Args:
        x: shape (..., M, N), floating point.
        rtol: singular values below ``rtol`` times the largest count as zero; by default max(M, N) times the dtype's
            eps.

    Returns:
        Shape (..., N, M).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.pinv(np.diag([2.0, 0.0]))
        array([[0.5, 0. ],
               [0. , 0. ]])
    """
    u, s, vh = svd(x, full_matrices=False)
    keep = F.greater(s, _cutoff(x, s, rtol))
    inverse = F.where(keep, 1 / F.where(keep, s, F.ones_like(s)), F.zeros_like(s))
    v, uh = F.matrix_transpose(vh), F.matrix_transpose(u)
    if dtype_of(x).is_complex:
        v, uh = F.conj(v), F.conj(uh)
    return matmul(F.multiply(v, F.expand_dims(inverse, axis=-2)), uh)


@composite(namespace="linalg")
def lstsq(a: Array, b: Array, /, *, rtol: Array | float | None = None) -> Array:
    """Solve ``a @ x = b`` in the sense of least squares, with the smallest x (numpy.linalg.lstsq).

    Args:
        a: shape (..., M, N), floating point.
        b: shape (M,), or (..., M, K).
        rtol: as in `pinv`.

    Returns:
        The x, of shape (..., N) or (..., N, K).

    Definition: numpy.linalg.lstsq, https://numpy.org/doc/stable/reference/generated/numpy.linalg.lstsq.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.lstsq(np.ones((2, 1)), np.asarray([1.0, 3.0]))
        array([2.])
    """
    return matmul(pinv(a, rtol=rtol), b)


@composite(namespace="linalg")
def matrix_rank(x: Array, /, *, rtol: Array | float | None = None) -> Array:
    """Count the singular values that are not zero (Array API ``linalg.matrix_rank``).

    Args:
        x: shape (..., M, N), floating point.
        rtol: as in `pinv`.

    Returns:
        Integer array of shape (...).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> int(ivy.linalg.matrix_rank(np.ones((3, 3))))
        1
    """
    s = svdvals(x)
    return F.count_nonzero(F.greater(s, _cutoff(x, s, rtol)), axis=-1)


@composite(namespace="linalg")
def matrix_power(x: Array, n: int, /) -> Array:
    """Raise matrices to an integer power (Array API ``linalg.matrix_power``).

    Args:
        x: shape (..., M, M), floating point.
        n: exponent; negative ones invert.

    Returns:
        Shape (..., M, M).

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.linalg.matrix_power(2 * np.eye(2), 3)
        array([[8., 0.],
               [0., 8.]])
    """
    if n == 0:
        return F.broadcast_to(F.eye(x.shape[-1], dtype=dtype_of(x)), tuple(x.shape)) + F.zeros_like(x)
    base, n, result = (inv(x), -n, None) if n < 0 else (x, n, None)
    while True:
        if n % 2:
            result = base if result is None else matmul(result, base)
        n //= 2
        if not n:
            return result
        base = matmul(base, base)


@composite(namespace="linalg")
def vector_norm(
    x: Array, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False, ord: float = 2
) -> Array:
    """Compute the norm of vectors (Array API ``linalg.vector_norm``).

    Args:
        x: floating-point or complex array.
        axis: axis or axes of the vectors; all by default.
        keepdims: whether these axes stay, with length one.
        ord: 1, 2, infinity, 0 (counts what is not zero) or any other number p: the p-th root of the sum of p-th powers.

    Returns:
        Real array without these axes.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> float(ivy.linalg.vector_norm(np.asarray([3.0, 4.0])))
        5.0
    """
    axis = tuple(axis) if isinstance(axis, Sequence) else axis
    if dtype_of(x) in ("float16", "bfloat16"):  # whose squares overflow
        return F.astype(vector_norm(F.astype(x, "float32"), axis=axis, keepdims=keepdims, ord=ord), dtype_of(x))
    size = F.abs(x)
    if ord in (math.inf, -math.inf):
        return (F.max if ord > 0 else F.min)(size, axis=axis, keepdims=keepdims)
    if ord == 0:
        return F.sum(F.astype(F.not_equal(size, 0), dtype_of(size)), axis=axis, keepdims=keepdims)
    if ord == 1:
        return F.sum(size, axis=axis, keepdims=keepdims)
    return norm_of_sizes(size, ord, axis, keepdims)


@composite(namespace="linalg")
def matrix_norm(x: Array, /, *, keepdims: bool = False, ord: float | Literal["fro", "nuc"] | None = "fro") -> Array:
    """Compute the norm of matrices (Array API ``linalg.matrix_norm``).

    Args:
        x: shape (..., M, N), floating point.
        keepdims: whether the last two axes stay, with length one.
        ord: ``"fro"`` (also None), ``"nuc"`` (sum of singular values), 1 and -1 (columns), infinity and -infinity
            (rows), 2 and -2 (largest and smallest singular value).

    Returns:
        Real array of shape (...).

    Raises:
        ValueError: if there is no such norm.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> float(ivy.linalg.matrix_norm(np.ones((2, 2))))
        2.0
    """
    if ord in ("fro", None):
        return vector_norm(x, axis=(-2, -1), keepdims=keepdims)
    extreme = F.min if isinstance(ord, (int, float)) and ord < 0 else F.max
    if ord in (1, -1, math.inf, -math.inf):
        along = -2 if ord in (1, -1) else -1
        found = extreme(F.sum(F.abs(x), axis=along, keepdims=True), axis=-3 - along, keepdims=True)
    elif ord in (2, -2, "nuc"):
        s = svdvals(x)
        found = F.sum(s, axis=-1) if ord == "nuc" else extreme(s, axis=-1)
        found = F.expand_dims(F.expand_dims(found, axis=-1), axis=-1)
    else:
        raise ValueError(f"there is no matrix norm of order {ord!r}")
    return found if keepdims else F.squeeze(found, axis=(-2, -1))
