"""Cases of linear algebra."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg
from hypothesis import strategies as st

from ivy.dtypes import DType, as_dtype
from ivy.testing.case import REAL_PART, Call, case
from ivy.testing.cases.reductions import sum_dtype, wider
from ivy.testing.draw import COMPLEX, NUMERIC, Draw
from ivy.testing.families import reduction

_SOLVED = ("float32", "float64", *COMPLEX)
"""What LAPACK factors; frameworks have no half-precision factorisations."""
_LOOSE: dict[Any, float] = {"float32": 2e-4, "complex64": 2e-4, "float64": 1e-9, "complex128": 1e-9}


def _wide(x: Any) -> Any:
    """A matrix in its dtype of double width: what a check computes with."""
    return x.astype("complex128" if x.dtype.kind == "c" else "float64")


def _h(x: Any) -> Any:
    return np.conj(np.swapaxes(x, -1, -2))


def _close(a: Any, b: Any, dtype: Any, factor: float = 1.0) -> None:
    limit = _LOOSE[as_dtype(dtype)] * factor
    np.testing.assert_allclose(
        _wide(a), _wide(np.asarray(b)), rtol=limit, atol=limit * max(1.0, np.abs(b).max(initial=0))
    )


def _real(dtype: Any) -> DType:
    return REAL_PART.get(as_dtype(dtype), as_dtype(dtype))


# --- products


def _product(op: str, reference: Callable[..., Any], shapes: Callable[[Draw], Any], **options: Any) -> None:
    """Register a product of two arrays, perhaps of two dtypes; `shapes` also gives keyword arguments."""

    @case(op, reference, tolerance=4, **options)
    def _(d: Draw) -> Call:
        first, second, *found = shapes(d)
        dtype = d.dtype(NUMERIC)
        other = d.dtype(NUMERIC) if d.flag() else dtype
        return Call(d.array(first, dtype), d.array(second, other), **(found[0] if found else {}))


def _least(d: Draw) -> int:
    return d.integer(1 if d.smooth else 0, 3)


def _matmul_shapes(d: Draw) -> Any:
    m, k, n = d.integer(1, 3), _least(d), d.integer(1, 3)
    way = d.of("matrices", "vectors", "vector first", "vector last")
    if way == "vectors":
        return (k,), (k,)
    a, b = d.shapes(2, 2)
    if way == "vector first":
        return (k,), (*b, k, n)
    return ((*a, m, k), (k,)) if way == "vector last" else ((*a, m, k), (*b, k, n))


def _tensordot_shapes(d: Draw) -> Any:
    shared = d.shape(0, 2)
    a, b = d.shape(0, 2), d.shape(0, 2)
    if d.flag():
        return (*a, *shared), (*shared, *b), {"axes": len(shared)}
    order = d.draw(st.permutations(range(len(shared))))
    first, second = (*a, *shared), (*(shared[i] for i in order), *b)
    left = tuple(len(a) + i - (len(first) if d.flag() else 0) for i in order)
    return first, second, {"axes": (left, tuple(range(len(order))))}


def _vecdot(a: Any, b: Any, *, axis: int = -1) -> Any:
    a, b = np.broadcast_arrays(a, b)
    return (np.conj(a) * b).sum(axis, dtype=np.result_type(a, b))


def _vecdot_shapes(d: Draw) -> Any:
    a, b = d.shapes(2, 3)
    n = _least(d)
    a, b = (*a[:2], n), (*b[:2], n)
    if d.flag():
        return a, b
    try:
        np.broadcast_shapes(a, b)
    except ValueError:
        return (2, n), (n,)
    return ((n, 2), (n, 1), {"axis": -2}) if d.flag() else (a, b, {"axis": -1})


def _kron(a: Any, b: Any) -> Any:
    return np.kron(a, b)


def _cross_shapes(d: Draw) -> Any:
    a, b = d.shapes(2, 2)
    if len(a) and len(b) and d.flag():
        return (*a[:-1], 3, a[-1]), (*b[:-1], 3, b[-1]), {"axis": -2}
    return (*a, 3), (*b, 3)


_product("matmul", np.matmul, _matmul_shapes)
_product("tensordot", lambda a, b, axes=2: np.tensordot(a, b, axes), _tensordot_shapes)
_product("vecdot", _vecdot, _vecdot_shapes)
_product("outer", np.outer, lambda d: (d.shape(1, 2), d.shape(1, 1)))
_product("dot", np.dot, lambda d: d.of(_dot_shapes(d), ((), d.shape()), (d.shape(), ())))
_product("kron", _kron, lambda d: (d.shape(0, 2, least=1, most=3), d.shape(0, 2, least=1, most=3)))
_product("cross", lambda a, b, axis=-1: np.cross(a, b, axis=axis), _cross_shapes)


def _dot_shapes(d: Draw) -> Any:
    k = _least(d)
    return (*d.shape(0, 2), k), d.of((k,), (*d.shape(0, 1), k, 2))


_EQUATIONS: tuple[tuple[Any, ...], ...] = (
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("ij,jk", (2, 3), (3, 2)),
    ("bij,bjk->bik", (2, 2, 3), (2, 3, 1)),
    ("...ij,...jk->...ik", (2, 1, 2, 3), (4, 3, 2)),
    ("ii->i", (3, 3)),
    ("ii", (3, 3)),
    ("ij->ji", (2, 3)),
    ("ij->", (2, 3)),
    ("ij->j", (2, 0)),
    ("i,j->ij", (2,), (3,)),
    ("i,i,i->i", (3,), (3,), (3,)),
    ("ij,jk,kl->il", (2, 3), (3, 2), (2, 4)),
    ("bhid,bhjd->bhij", (1, 2, 3, 2), (1, 2, 4, 2)),
    ("iij,jk->ik", (2, 2, 3), (3, 2)),
    ("...,...->...", (2, 3), (3,)),
    (",i->i", (), (3,)),
    ("b...->...b", (2, 3, 1)),
    (" i j , j -> i ", (2, 3), (3,)),
)


@case("einsum", np.einsum, tolerance=4)
def _(d: Draw) -> Call:
    equation, *shapes = d.of(*_EQUATIONS)
    dtype = d.dtype(NUMERIC)
    kinds = [d.dtype(NUMERIC) if i and d.flag() else dtype for i in range(len(shapes))]
    return Call(equation, *(d.array(s, kind) for s, kind in zip(shapes, kinds, strict=True)))


@case("trace", lambda x, *, offset=0, dtype=None: np.trace(x, offset, -2, -1), dtype=sum_dtype, tolerance=2)
def _(d: Draw) -> Call:
    x = d.array(d.shape(2), NUMERIC, special=True)
    return Call(x, **({"offset": d.integer(-3, 3)} if d.flag() else {}), **wider(d, x))


# --- matrices


def _batch(d: Draw) -> tuple[int, ...]:
    return d.of((), (2,), (1, 2), *(() if d.smooth else ((0,),)))


def _square(d: Draw, dtypes: tuple[str, ...] = _SOLVED, *, empty: bool = True) -> Any:
    """Matrices that are far from singular."""
    m = d.integer(1 if d.smooth or not empty else 0, 3)
    x = d.array((*_batch(d), m, m), dtypes, low=-1, high=1)
    return x + np.eye(m, dtype=x.dtype) * np.asarray(3, x.dtype)


def _definite(d: Draw) -> Any:
    x = _square(d)
    return ((x @ _h(x)) + (_h(x @ _h(x)))) / np.asarray(6, x.dtype)


def _any_matrix(d: Draw) -> Any:
    return d.array((*_batch(d), d.integer(1, 4), d.integer(1, 4)), _SOLVED)


def _matrix_case(op: str, reference: Any, build: Callable[[Draw], Any], *, more: Any = None, **options: Any) -> None:
    whole: dict[str, Any] = {"tolerance": 20, "dtype": "first"} | options

    @case(f"linalg.{op}", reference, **whole)
    def _(d: Draw) -> Call:
        x = build(d)
        return Call(x, **(more(d, x) if more else {}))


def _expm(x: Any) -> Any:
    return scipy.linalg.expm(x) if x.size else x


def _solve(a: Any, b: Any) -> Any:
    return np.linalg.solve(a, b[..., None])[..., 0] if b.ndim == 1 else np.linalg.solve(a, b)


def _slogdet(x: Any) -> tuple[Any, Any]:
    return tuple(np.linalg.slogdet(x))


_matrix_case("det", np.linalg.det, _square)
_matrix_case("slogdet", _slogdet, _square, dtype=lambda x: (as_dtype(x.dtype), _real(x.dtype)))
_matrix_case("inv", np.linalg.inv, _square)
_matrix_case("expm", _expm, lambda d: d.array((*_batch(d), *((d.integer(1, 3),) * 2)), _SOLVED, low=-2, high=2))
_matrix_case("svdvals", np.linalg.svdvals, _any_matrix, dtype="real")
_matrix_case("eigvalsh", np.linalg.eigvalsh, _definite, dtype="real", symmetric=True)


def _cholesky(x: Any, *, upper: bool = False) -> Any:
    # both triangles hold the same, so that derivatives with respect to either are shared
    x = (x + _h(x)) / 2
    lower = np.linalg.cholesky(x)
    return _h(lower) if upper else lower


_matrix_case("cholesky", _cholesky, _definite, symmetric=True, more=lambda d, x: {"upper": True} if d.flag() else {})


@case("linalg.solve", _solve, tolerance=20)
def _(d: Draw) -> Call:
    a = _square(d)
    m = a.shape[-1]
    dtype = a.dtype.name
    if d.flag():
        return Call(a, d.array((m,), dtype))
    lead = d.of(a.shape[:-2], (2,) if a.shape[:-2] in ((2,), (1, 2), ()) else a.shape[:-2], ())
    return Call(a, d.array((*lead, m, d.integer(1, 2)), dtype))


def _triangle(a: Any, b: Any, *, upper: bool = False, transpose: bool = False, unit_diagonal: bool = False) -> Any:
    a = np.triu(a) if upper else np.tril(a)
    if unit_diagonal:
        own = np.eye(a.shape[-1])
        a = a * (1 - own) + own
    return np.linalg.solve(np.swapaxes(a, -1, -2) if transpose else a, b)


@case("linalg.solve_triangular", _triangle, tolerance=30)
def _(d: Draw) -> Call:
    a = _square(d)
    found = {name: True for name in ("upper", "transpose", "unit_diagonal") if d.flag()}
    return Call(a, d.array((*a.shape[:-1], d.integer(1, 2)), a.dtype.name), **found)


def _qr_check(result: Any, x: Any, *, mode: str = "reduced") -> None:
    q, r = result
    m, n = x.shape[-2:]
    k = m if mode == "complete" else min(m, n)
    assert (q.shape, r.shape) == ((*x.shape[:-1], k), (*x.shape[:-2], k, n))
    assert q.dtype == r.dtype == x.dtype, (q.dtype, r.dtype)
    _close(q @ r, x, x.dtype)
    _close(_h(q) @ q, np.broadcast_to(np.eye(k), (*x.shape[:-2], k, k)), x.dtype)
    np.testing.assert_array_equal(np.tril(r, -1), 0 * r)


def _svd_check(result: Any, x: Any, *, full_matrices: bool = True) -> None:
    u, s, vh = result
    m, n = x.shape[-2:]
    k = min(m, n)
    sizes = (m, n) if full_matrices else (k, k)
    assert u.shape == (*x.shape[:-1], sizes[0])
    assert vh.shape == (*x.shape[:-2], sizes[1], n)
    assert s.shape[-1:] == (k,)
    assert u.dtype == vh.dtype == x.dtype, (u.dtype, vh.dtype)
    assert as_dtype(s.dtype) == _real(x.dtype), s.dtype
    assert (np.diff(s) <= 0).all()
    assert (s >= 0).all()
    _close((u[..., :k] * s[..., None, :]) @ vh[..., :k, :], x, x.dtype)
    for part in (u, _h(vh)):
        _close(_h(part) @ part, np.broadcast_to(np.eye(part.shape[-1]), (*x.shape[:-2], *part.shape[-1:] * 2)), x.dtype)


def _eigh_check(result: Any, x: Any) -> None:
    values, vectors = result
    assert as_dtype(values.dtype) == _real(x.dtype), values.dtype
    assert vectors.dtype == x.dtype, vectors.dtype
    assert values.shape == x.shape[:-1]
    assert vectors.shape == x.shape
    _close(x @ vectors, vectors * values[..., None, :], x.dtype)
    _close(_h(vectors) @ vectors, np.broadcast_to(np.eye(x.shape[-1]), x.shape), x.dtype)
    _close(values, np.linalg.eigvalsh(_wide(x)), values.dtype)


_COMPLEX_OF = {real: complex_ for complex_, real in REAL_PART.items()}


def _complex(dtype: Any) -> DType:
    return _COMPLEX_OF.get(as_dtype(dtype), as_dtype(dtype))


def _same_set(found: Any, x: Any) -> None:
    """Eigenvalues, in any order."""
    assert as_dtype(found.dtype) == _complex(x.dtype), found.dtype
    wanted = np.linalg.eigvals(_wide(x))
    assert found.shape == wanted.shape
    for a, b in zip(found.reshape(-1, x.shape[-1] or 1), wanted.reshape(-1, x.shape[-1] or 1), strict=True):
        left = list(b)
        for value in a:
            nearest = int(np.argmin(np.abs(np.asarray(left) - value)))
            _close(np.asarray(value), np.asarray(left.pop(nearest)), x.dtype, 10)


def _eig_check(result: Any, x: Any) -> None:
    values, vectors = result
    _same_set(values, x)
    assert as_dtype(vectors.dtype) == _complex(x.dtype)
    assert vectors.shape == x.shape
    _close(x @ vectors, vectors * values[..., None, :], vectors.dtype, 10)


def _lu_check(result: Any, x: Any) -> None:
    p, lower, upper = result
    k = min(x.shape[-2:])
    assert p.shape == (*x.shape[:-1], x.shape[-2])
    assert lower.shape == (*x.shape[:-1], k)
    assert upper.shape == (*x.shape[:-2], k, x.shape[-1])
    assert p.dtype == lower.dtype == upper.dtype == x.dtype
    _close(p @ lower @ upper, x, x.dtype)
    np.testing.assert_array_equal(np.triu(lower, 1), 0 * lower)
    np.testing.assert_array_equal(np.tril(upper, -1), 0 * upper)
    np.testing.assert_array_equal(np.sort(p, -1)[..., -1], 1)


def _lu_factor_check(result: Any, x: Any) -> None:
    lu, pivots = result
    m, n = x.shape[-2:]
    k = min(m, n)
    assert lu.shape == x.shape
    assert lu.dtype == x.dtype
    assert pivots.shape == (*x.shape[:-2], k)
    assert as_dtype(pivots.dtype) == "int32", pivots.dtype
    lower = np.tril(lu[..., :, :k], -1) + np.eye(m, k)
    rows = (lower @ np.triu(lu[..., :k, :])).copy()
    for b in np.ndindex(x.shape[:-2]):
        for i in reversed(range(k)):
            rows[b][[i, pivots[b][i]]] = rows[b][[pivots[b][i], i]]
    _close(rows, x, x.dtype)


for _op, _check, _build in (
    ("qr", _qr_check, _any_matrix),
    ("svd", _svd_check, _any_matrix),
    ("eigh", _eigh_check, _definite),
    ("eig", _eig_check, lambda d: _square(d, empty=False)),
    ("eigvals", _same_set, lambda d: _square(d, empty=False)),
    ("lu", _lu_check, _any_matrix),
    ("lu_factor", _lu_factor_check, _any_matrix),
):
    _more = {
        "qr": lambda d, x: {"mode": "complete"} if d.flag() else {},
        "svd": lambda d, x: {"full_matrices": False} if d.flag() else {},
    }.get(_op)
    _matrix_case(_op, None, _build, check=_check, more=_more)


def _rank_one(d: Draw) -> Any:
    """Matrices of full rank, or of rank one."""
    if d.flag() or d.smooth:
        x = d.array((*_batch(d), d.integer(1, 3), d.integer(1, 3)), _SOLVED, low=0.5, high=3)
        own = np.eye(*x.shape[-2:], dtype=x.dtype) * np.asarray(4, x.dtype)
        return x + own
    dtype, batch = d.dtype(_SOLVED), _batch(d)
    a = d.array((*batch, d.integer(1, 3), 1), dtype, low=1, high=2)
    return a @ d.array((*batch, 1, d.integer(1, 3)), dtype, low=1, high=2)


def _rtol(d: Draw, x: Any) -> dict[str, Any]:
    return {"rtol": d.of(1e-3, 1e-2)} if d.flag() or x.dtype.kind == "c" else {}


def _pinv(x: Any, *, rtol: Any = None) -> Any:
    # the singular values that count as zero are far below those that do not
    return np.linalg.pinv(x, rtol=1e-4 if rtol is None else rtol) if x.size else np.swapaxes(x, -1, -2)


def _lstsq(a: Any, b: Any, *, rtol: Any = None) -> Any:
    return (_pinv(a) @ b[..., None])[..., 0] if b.ndim == 1 else _pinv(a) @ b


_matrix_case("pinv", _pinv, _rank_one, more=_rtol, tolerance=40)
_matrix_case(
    "matrix_rank",
    lambda x, *, rtol=None: np.linalg.matrix_rank(x, rtol=1e-4 if rtol is None else rtol),
    _rank_one,
    dtype="int64",
    more=_rtol,
)


@case("linalg.lstsq", _lstsq, tolerance=60)
def _(d: Draw) -> Call:
    a = _rank_one(d)
    if d.flag():
        return Call(a, d.array((a.shape[-2],), a.dtype.name), **_rtol(d, a))
    return Call(a, d.array((*a.shape[:-1], d.integer(1, 2)), a.dtype.name), **_rtol(d, a))


@case("linalg.matrix_power", np.linalg.matrix_power, tolerance=40, dtype="first")
def _(d: Draw) -> Call:
    return Call(_square(d), d.integer(-3, 4))


# --- norms

_ORDS = (1, 2, np.inf, -np.inf, 0, 3, 0.5, -1, -2, 1.5)


def _vector_norm(x: Any, *, axis: Any = None, keepdims: bool = False, ord: float = 2) -> Any:
    x = np.abs(x)
    if ord == 0:
        return np.sum(x != 0, axis=axis, keepdims=keepdims).astype("float64")
    if np.isinf(ord):
        return np.max(x, axis=axis, keepdims=keepdims) if ord > 0 else np.min(x, axis=axis, keepdims=keepdims)
    return np.sum(x**ord, axis=axis, keepdims=keepdims) ** (1 / ord)


for _name, _low, _options in (("", -4.0, {"gradient": False}), ("positive", 0.5, {"special": False})):
    reduction(
        "linalg.vector_norm",
        _vector_norm,
        ("float32", "float64", "float16", "bfloat16", *COMPLEX) if _name == "" else ("float32", "float64"),
        dtype="real",
        low=_low,
        empty=False,
        tolerance=4,
        name=_name,
        more=lambda d, x: {"ord": d.of(*_ORDS)} if d.flag() else {},
        **_options,
    )


@case(
    "linalg.matrix_norm",
    lambda x, **options: np.linalg.matrix_norm(x, **options | {"ord": options.get("ord") or "fro"}),
    dtype="real",
    tolerance=10,
)
def _(d: Draw) -> Call:
    x = _any_matrix(d)
    found: dict[str, Any] = {"ord": d.of("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf, None)} if d.flag() else {}
    return Call(x, **found, **({"keepdims": True} if d.flag() else {}))
