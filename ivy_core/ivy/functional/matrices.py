"""More of linear algebra: condition numbers, chains of products, solving by factors, roots and logarithms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "cholesky_inverse",
    "cholesky_solve",
    "cond",
    "logm",
    "lu_solve",
    "multi_dot",
    "sqrtm",
    "tensorinv",
    "tensorsolve",
    "vander",
]


def _adjoint(x: Any) -> Any:
    y = F.matrix_transpose(x)
    return F.conj(y) if dtype_of(x).is_complex else y


def _best(sizes: Sequence[int]) -> dict[tuple[int, int], int]:
    """Where to part each chain i ... j of matrices, sizes[i] x sizes[i + 1] and so on (Cormen et al., chapter 15.2)."""
    count = len(sizes) - 1
    cost = {(i, i): 0 for i in range(count)}
    parts = {}
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            costs = {k: cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1] for k in range(i, j)}
            parts[i, j] = min(costs, key=costs.__getitem__)
            cost[i, j] = costs[parts[i, j]]
    return parts


def _product(matrices: Sequence[Any], parts: dict[tuple[int, int], int], i: int, j: int) -> Any:
    if i == j:
        return matrices[i]
    k = parts[i, j]
    return F.matmul(_product(matrices, parts, i, k), _product(matrices, parts, k + 1, j))


@composite(namespace="linalg")
def cholesky_inverse(factor: Array, /, *, upper: bool = False) -> Array:
    """Return the inverse of a matrix that is given by its Cholesky factor.

    Args:
        factor: triangular, shape ``(..., n, n)``.
        upper: whether the factor is the upper one.

    Returns:
        Shape ``(..., n, n)``.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.cholesky_inverse.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.linalg.cholesky_inverse(np.eye(2) * 2).tolist()
        [[0.25, 0.0], [0.0, 0.25]]
    """
    unit = F.broadcast_to(F.eye(factor.shape[-1], dtype=dtype_of(factor)), tuple(factor.shape))
    return cholesky_solve(factor, unit, upper=upper)


@composite(namespace="linalg")
def cholesky_solve(factor: Array, b: Array, /, *, upper: bool = False) -> Array:
    """Solve a system whose matrix is given by its Cholesky factor.

    Args:
        factor: triangular, shape ``(..., n, n)``.
        b: shape ``(..., n, k)``.
        upper: whether the factor is the upper one.

    Returns:
        Shape ``(..., n, k)``.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.cholesky_solve.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.linalg.cholesky_solve(np.eye(2) * 2, np.ones((2, 1))).tolist()
        [[0.25], [0.25]]
    """
    adjoint = _adjoint(factor)
    lower, upper_ = (adjoint, factor) if upper else (factor, adjoint)
    half = F.linalg.solve_triangular(lower, b, upper=False)
    return F.linalg.solve_triangular(upper_, half, upper=True)


@composite(namespace="linalg")
def cond(x: Array, /, *, p: float | str | None = None) -> Array:
    """Return condition numbers, the norms of matrices times those of their inverses.

    Args:
        x: shape ``(..., n, n)``, or ``(..., m, n)`` for the norms 2, -2 and None; floating-point.
        p: which norm: None or 2, -2, 1, -1, inf, -inf, ``"fro"`` or ``"nuc"``.

    Returns:
        Shape ``(...)``, real.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.linalg.cond.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.linalg.cond(np.eye(2)))
        1.0
    """
    if p is None or p in (2, -2):
        s = F.linalg.svdvals(x)
        greatest, least = F.max(s, axis=-1), F.min(s, axis=-1)
        return F.divide(least, greatest) if p == -2 else F.divide(greatest, least)
    return F.multiply(F.linalg.matrix_norm(x, ord=p), F.linalg.matrix_norm(F.linalg.inv(x), ord=p))


@composite(namespace="linalg")
def multi_dot(arrays: Sequence[Array], /) -> Array:
    """Multiply matrices in the order that takes the fewest products.

    Args:
        arrays: two or more matrices; the first may be a row and the last a column of one axis.

    Returns:
        The product.

    Raises:
        ArgumentError: if there are fewer than two.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.linalg.multi_dot.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.linalg.multi_dot([np.ones((2, 3)), np.ones((3, 4)), np.ones(4)]).tolist()
        [12.0, 12.0]
    """
    if len(arrays) < 2:
        raise ArgumentError("a product needs two matrices or more")
    row, column = arrays[0].ndim == 1, arrays[-1].ndim == 1
    first = F.expand_dims(arrays[0], axis=0) if row else arrays[0]
    last = F.expand_dims(arrays[-1], axis=1) if column else arrays[-1]
    matrices = [first, *arrays[1:-1], last]
    sizes = [int(x.shape[0]) for x in matrices] + [int(matrices[-1].shape[1])]
    found = _product(matrices, _best(sizes), 0, len(matrices) - 1)
    shape = tuple(found.shape)
    return F.reshape(found, shape[int(row) : 2 - int(column)]) if row or column else found


@composite(body="_roots", namespace="linalg")
def logm(x: Array, /) -> Array:
    """Compute the principal logarithm of matrices (scipy.linalg.logm).

    Args:
        x: shape ``(..., n, n)``, floating-point; regular, and without eigenvalues on the negative real axis.

    Returns:
        Shape ``(..., n, n)``, of the dtype of `x`: real matrices have a real logarithm. Not-a-numbers for matrices
        without one, or whose eigenvalues lie so far apart that the roots do not converge; a framework's inverse may
        raise its own error for them.

    Definition: scipy.linalg.logm, https://docs.scipy.org/doc/scipy/reference/generated/scipy.linalg.logm.html

    Example:
        >>> import ivy, numpy as np
        >>> np.round(ivy.linalg.logm(np.eye(2) * np.e), 12).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """


@composite(body="_elimination", namespace="linalg")
def lu_solve(lu: Array, pivots: Array, b: Array, /) -> Array:
    """Solve systems whose matrices are given as `linalg.lu_factor` factors them (scipy.linalg.lu_solve).

    Args:
        lu: both factors in one array, shape ``(..., n, n)``.
        pivots: row exchanges, shape ``(..., n)``, counted from zero.
        b: shape ``(..., n, k)``.

    Returns:
        Shape ``(..., n, k)``.

    Definition: scipy.linalg.lu_solve, https://docs.scipy.org/doc/scipy/reference/generated/scipy.linalg.lu_solve.html

    Example:
        >>> import ivy, numpy as np
        >>> factors = ivy.linalg.lu_factor(np.asarray([[0.0, 2.0], [1.0, 0.0]]))
        >>> ivy.linalg.lu_solve(*factors, np.asarray([[2.0], [3.0]])).tolist()
        [[3.0], [1.0]]
    """


@composite(body="_roots", namespace="linalg")
def sqrtm(x: Array, /) -> Array:
    """Compute the principal square root of matrices (scipy.linalg.sqrtm).

    Args:
        x: shape ``(..., n, n)``, floating-point; regular, and without eigenvalues on the negative real axis.

    Returns:
        Shape ``(..., n, n)``, of the dtype of `x`: real matrices have a real root. Not-a-numbers for matrices without
        one, or whose eigenvalues lie so far apart that the iteration does not converge; a framework's inverse may
        raise its own error for them.

    Definition: scipy.linalg.sqrtm, https://docs.scipy.org/doc/scipy/reference/generated/scipy.linalg.sqrtm.html

    Example:
        >>> import ivy, numpy as np
        >>> np.round(ivy.linalg.sqrtm(np.eye(2) * 9), 12).tolist()
        [[3.0, 0.0], [0.0, 3.0]]
    """


@composite(namespace="linalg")
def tensorinv(x: Array, /, *, ind: int = 2) -> Array:
    """Return the inverse for `tensordot` over the first `ind` axes.

    Args:
        x: its first `ind` axes have as many elements as the others together.
        ind: from 1.

    Returns:
        The axes of `x` from `ind` on, then those before.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.linalg.tensorinv.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.linalg.tensorinv(np.reshape(np.eye(4), (4, 2, 2)), ind=1).shape
        (2, 2, 4)
    """
    first, rest = tuple(x.shape[:ind]), tuple(x.shape[ind:])
    inverse = F.linalg.inv(F.reshape(x, (math.prod(first), math.prod(rest))))
    return F.reshape(inverse, (*rest, *first))


@composite(namespace="linalg")
def tensorsolve(a: Array, b: Array, /) -> Array:
    """Solve ``tensordot(a, x, x.ndim) = b`` for x.

    Args:
        a: the axes of `b`, then those of x, which have as many elements together.
        b: the right-hand side.

    Returns:
        The axes of `a` after those of `b`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.linalg.tensorsolve.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.linalg.tensorsolve(np.reshape(np.eye(4), (4, 2, 2)), np.ones(4)).shape
        (2, 2)
    """
    rest = tuple(a.shape[b.ndim :])
    matrix = F.reshape(a, (math.prod(a.shape[: b.ndim]), math.prod(rest)))
    return F.reshape(F.linalg.solve(matrix, F.reshape(b, (-1, 1))), rest)


@composite(namespace="linalg")
def vander(x: Array, /, *, n: int | None = None, increasing: bool = False) -> Array:
    """Return the matrix whose columns are the powers of a vector.

    Args:
        x: shape ``(..., m)``.
        n: number of columns; by default m.
        increasing: whether the powers rise from 0; else they fall to 0.

    Returns:
        Shape ``(..., m, n)``.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.vander.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.linalg.vander(np.asarray([2, 3])).tolist()
        [[2, 1], [3, 1]]
    """
    count = x.shape[-1] if n is None else n
    one = F.ones_like(x)
    columns = [one]
    for _ in range(count - 1):
        columns.append(F.multiply(columns[-1], x))
    columns = columns[:count]
    if not columns:
        return F.zeros((*x.shape, 0), dtype=dtype_of(x))
    return F.stack(columns if increasing else columns[::-1], axis=-1)
