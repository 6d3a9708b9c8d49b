"""Bodies of the linear algebra that rests on Gaussian elimination: from indexing, `matmul` and `scan`."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.functional import linalg
from ivy.functional._factors import SlogdetResult
from ivy.functional._operands import promoted
from ivy.functional.manipulation import broadcast_shapes


def _size(x: Any) -> Any:
    """Return what LAPACK compares pivots by: of complex numbers, the sum of the parts' absolute values."""
    return F.add(F.abs(F.real(x)), F.abs(F.imag(x))) if dtype_of(x).is_complex else F.abs(x)


def _column(x: Any) -> Any:
    return F.expand_dims(x, axis=-1)


def _row(x: Any) -> Any:
    return F.expand_dims(x, axis=-2)


def _eliminated(x: Any) -> tuple[Any, Any, Any]:
    """Factor with row exchanges: both factors in one array, the exchanges, and the order of rows that they make."""
    *batch, m, n = x.shape
    if not m * n:
        batch_order = F.broadcast_to(F.arange(m, dtype="int32"), (*batch, m))
        return x, F.zeros((*batch, 0), dtype="int32"), batch_order
    rows, columns = F.arange(m, dtype="int32"), F.arange(n, dtype="int32")
    order = F.broadcast_to(rows, (*batch, m))

    def step(carry: Any, k: Any) -> Any:
        x, order = carry
        size = F.where(F.greater_equal(rows, k), _size(F.stop_gradient(F.take(x, k, axis=-1))), -1)
        pivot = F.astype(F.argmax(size, axis=-1), "int32")
        there = _column(pivot)
        swapped = F.where(F.equal(rows, k), there, F.where(F.equal(rows, there), k, F.broadcast_to(rows, (*batch, m))))
        x = F.take_along_axis(x, _column(swapped), axis=-2)
        order = F.take_along_axis(order, swapped, axis=-1)
        first = F.take(x, k, axis=-2)
        head, left = _column(F.take(first, k, axis=-1)), F.take(x, k, axis=-1)
        # a column without a pivot has only zeros left
        below, right = F.greater(rows, k), F.greater(columns, k)
        factors = F.where(below, F.divide(left, F.where(F.equal(head, 0), 1, head)), 0)
        x = F.subtract(x, F.multiply(_column(factors), _row(F.where(right, first, 0))))
        x = F.where(F.logical_and(_column(below), F.equal(columns, k)), _column(factors), x)
        return (x, order), pivot

    (found, order), pivots = F.scan(step, (x, order), F.arange(min(m, n), dtype="int32"))
    return found, F.moveaxis(pivots, 0, -1), order


def linalg_lu_factor(x: Any, /) -> tuple[Any, Any]:
    return _eliminated(x)[:2]


def linalg_lu(x: Any, /) -> tuple[Any, Any, Any]:
    found, _, order = _eliminated(x)
    m, n = x.shape[-2:]
    k = min(m, n)
    p = F.astype(F.equal(_column(F.arange(m, dtype="int32")), _row(order)), dtype_of(x))
    lower = F.add(F.tril(F.get_item(found, (..., slice(0, k))), k=-1), F.eye(m, k, dtype=dtype_of(x)))
    return p, lower, F.triu(F.get_item(found, (..., slice(0, k), slice(None))))


def _diagonal(x: Any) -> tuple[Any, Any]:
    """Return the pivots of the elimination, and the sign of its row exchanges."""
    found, pivots, _ = _eliminated(x)
    places = F.arange(x.shape[-1], dtype="int32")
    exchanges = F.sum(F.astype(F.not_equal(pivots, places), "int32"), axis=-1, dtype="int32")
    sign = F.subtract(1, F.multiply(F.bitwise_and(exchanges, 1), 2))
    return F.diagonal(found, axis1=-2, axis2=-1), F.astype(sign, dtype_of(x))


def linalg_det(x: Any, /) -> Any:
    pivots, sign = _diagonal(x)
    return F.multiply(F.prod(pivots, axis=-1), sign)


def linalg_slogdet(x: Any, /) -> SlogdetResult:
    pivots, sign = _diagonal(x)
    return SlogdetResult(F.multiply(F.prod(F.sign(pivots), axis=-1), sign), F.sum(F.log(F.abs(pivots)), axis=-1))


def linalg_solve_triangular(
    a: Any, b: Any, /, *, upper: bool = False, transpose: bool = False, unit_diagonal: bool = False
) -> Any:
    if transpose:
        a, upper = F.matrix_transpose(a), not upper
    size = a.shape[-1]
    batch = broadcast_shapes(tuple(a.shape[:-2]), tuple(b.shape[:-2]))
    if not size:
        return F.broadcast_to(b, (*batch, *b.shape[-2:]))
    rows = F.arange(size, dtype="int32")

    def step(x: Any, k: Any) -> Any:
        column, found = F.take(a, k, axis=-1), F.take(x, k, axis=-2)
        if not unit_diagonal:
            found = F.divide(found, _column(F.take(column, k, axis=-1)))
        rest = F.less(rows, k) if upper else F.greater(rows, k)
        x = F.subtract(x, F.multiply(_column(F.where(rest, column, 0)), _row(found)))
        return F.where(_column(F.equal(rows, k)), _row(found), x), ()

    return F.scan(step, F.broadcast_to(b, (*batch, *b.shape[-2:])), rows, reverse=upper)[0]


def linalg_solve(x1: Any, x2: Any, /) -> Any:
    (x1, x2), _ = promoted(x1, x2)
    if x2.ndim == 1:
        return F.squeeze(linalg_solve(x1, _column(x2)), axis=-1)
    found, _, order = _eliminated(x1)
    batch = broadcast_shapes(tuple(x1.shape[:-2]), tuple(x2.shape[:-2]))
    x2 = F.broadcast_to(x2, (*batch, *x2.shape[-2:]))
    order = F.broadcast_to(order, (*batch, order.shape[-1]))
    x2 = F.take_along_axis(x2, _column(order), axis=-2)
    y = linalg.solve_triangular(found, x2, unit_diagonal=True)
    return linalg.solve_triangular(found, y, upper=True)


def linalg_lu_solve(lu: Any, pivots: Any, b: Any, /) -> Any:
    batch = broadcast_shapes(tuple(lu.shape[:-2]), tuple(b.shape[:-2]))
    n = lu.shape[-1]
    if not n:
        return F.broadcast_to(b, (*batch, *b.shape[-2:]))
    rows = F.broadcast_to(F.arange(n, dtype="int32"), tuple(pivots.shape))

    def step(order: Any, k: Any) -> Any:
        there = _column(F.astype(F.take(pivots, k, axis=-1), "int32"))
        swapped = F.where(F.equal(rows, k), there, F.where(F.equal(rows, there), k, rows))
        return F.take_along_axis(order, swapped, axis=-1), ()

    order = F.scan(step, rows, F.arange(n, dtype="int32"))[0]
    order = F.broadcast_to(order, (*batch, n))
    b = F.take_along_axis(F.broadcast_to(b, (*batch, *b.shape[-2:])), _column(order), axis=-2)
    return linalg.solve_triangular(lu, linalg.solve_triangular(lu, b, unit_diagonal=True), upper=True)


def linalg_inv(x: Any, /) -> Any:
    return linalg.solve(x, F.broadcast_to(F.eye(x.shape[-1], dtype=dtype_of(x)), tuple(x.shape)))


_SQUARINGS = 24
_PADE_ORDER = 13


def linalg_expm(x: Any, /) -> Any:
    """Higham's scaling and squaring (2005): the approximant of order 13 is exact to float64 for norms up to 5.37."""
    dtype = dtype_of(x)
    norm = F.stop_gradient(F.max(F.sum(F.abs(x), axis=-2, keepdims=True), axis=-1, keepdims=True))
    count = F.ceil(F.log2(F.divide(F.maximum(norm, 5.0), 5.0)))
    a = F.multiply(x, F.astype(F.exp2(F.negative(count)), dtype))
    power = even = F.broadcast_to(F.eye(x.shape[-1], dtype=dtype), tuple(x.shape))
    uneven: Any = None
    c = 1.0
    for j in range(1, _PADE_ORDER + 1):
        c *= (_PADE_ORDER + 1 - j) / (j * (2 * _PADE_ORDER + 1 - j))
        power = F.matmul(power, a)
        term = F.multiply(power, c)
        if j % 2:
            uneven = term if uneven is None else F.add(uneven, term)
        else:
            even = F.add(even, term)
    found = linalg.solve(F.subtract(even, uneven), F.add(even, uneven))

    def step(y: Any, k: Any) -> Any:
        wanted = F.less(k, count)
        y = F.where(wanted, F.matmul(*[F.where(wanted, y, 0)] * 2), y)
        return y, ()

    found = F.scan(step, found, F.arange(_SQUARINGS, dtype=dtype_of(count)))[0]
    # beyond 2^24 times the radius there were too few squarings
    return F.where(F.less_equal(count, _SQUARINGS), found, float("nan"))
