"""Cases of more of linear algebra: condition numbers, chains of products, systems of tensors and Cholesky factors."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import scipy.linalg

from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, COMPLEX, NUMERIC, Draw

_SOLVED = ("float32", "float64", *COMPLEX)
"""What LAPACK factors; frameworks have no half-precision factorisations."""


def _h(x: Any) -> Any:
    return np.conj(np.swapaxes(x, -1, -2))


def _well(d: Draw, lead: tuple[int, ...], n: int, dtype: str | None = None) -> Any:
    """Matrices with small condition numbers."""
    x = d.array((*lead, n, n), dtype or d.dtype(_SOLVED), low=-1, high=1)
    diagonal = np.diag(3 * n**0.5 + 0.13 * np.arange(n))  # uneven: sums of rows shall not be equal
    return np.asarray(x + diagonal, x.dtype)


def _diagonal(x: Any, *, offset: int = 0) -> Any:
    return np.diagonal(x, offset, -2, -1)


@case("linalg.diagonal", _diagonal)
def _(d: Draw) -> Call:
    return Call(d.array(d.shape(2, 3), ANY), **({"offset": d.integer(-3, 3)} if d.flag() else {}))


def _factor(d: Draw) -> tuple[Any, dict[str, Any]]:
    """A triangular factor, with elements in the other half that do not count."""
    n = d.integer(1, 3)
    return _well(d, d.shape(0, 1, least=1), n), {"upper": True} if d.flag() else {}


def _whole(factor: Any, upper: bool) -> Any:
    half = np.triu(factor) if upper else np.tril(factor)
    return _h(half) @ half if upper else half @ _h(half)


@case("linalg.cholesky_inverse", lambda factor, *, upper=False: np.linalg.inv(_whole(factor, upper)), tolerance=10)
def _(d: Draw) -> Call:
    factor, found = _factor(d)
    return Call(factor, **found)


@case(
    "linalg.cholesky_solve", lambda factor, b, *, upper=False: np.linalg.solve(_whole(factor, upper), b), tolerance=10
)
def _(d: Draw) -> Call:
    factor, found = _factor(d)
    return Call(factor, d.array((*factor.shape[:-1], d.integer(1, 3)), factor.dtype.name), **found)


@case("linalg.cond", lambda x, *, p=None: np.linalg.cond(x, p), dtype="real", tolerance=20)
def _(d: Draw) -> Call:
    p = d.of(None, 2, -2, 1, -1, float("inf"), -float("inf"), "fro", "nuc")
    lead, n = d.shape(0, 1, least=1), d.integer(2, 3)
    if p in (None, 2, -2) and not d.smooth and d.flag():
        return Call(d.array((*lead, n, 4), ("float32", "float64"), unique=True), **({} if p is None else {"p": p}))
    return Call(_well(d, lead, n), **({} if p is None else {"p": p}))


@case("linalg.multi_dot", lambda arrays: functools.reduce(np.matmul, arrays), dtype="promote", tolerance=8)
def _(d: Draw) -> Call:
    count, dtype = d.integer(2, 4), d.dtype(NUMERIC)
    sizes = [d.integer(1, 4) for _ in range(count + 1)]
    shapes: list[Any] = [sizes[i : i + 2] for i in range(count)]
    if d.flag():
        shapes[0] = shapes[0][1:]
    if d.flag():
        shapes[-1] = shapes[-1][:1]
    return Call([d.array(shape, dtype, low=-2, high=2) for shape in shapes])


def _each(function: Any) -> Any:
    """Call SciPy's function on each matrix of a batch; it gives complex results for some real ones."""

    def call(x: Any) -> Any:
        found = np.stack([function(m) for m in x.reshape(-1, *x.shape[-2:])]).reshape(x.shape)
        return found if x.dtype.kind == "c" else found.real

    return call


@case("linalg.logm", _each(scipy.linalg.logm), tolerance=20)
@case("linalg.sqrtm", _each(scipy.linalg.sqrtm), tolerance=20)
def _(d: Draw) -> Call:
    return Call(_well(d, d.shape(0, 1, least=1), d.integer(1, 4)))


def _lu_solve(lu: Any, pivots: Any, b: Any) -> Any:
    batch = np.broadcast_shapes(lu.shape[:-2], b.shape[:-2])
    lu, pivots, b = (np.broadcast_to(v, (*batch, *v.shape[v.ndim - k :])) for v, k in ((lu, 2), (pivots, 1), (b, 2)))
    found = np.empty(b.shape, b.dtype)
    for i in np.ndindex(batch):
        found[i] = scipy.linalg.lu_solve((lu[i], pivots[i]), b[i])
    return found


@case("linalg.lu_solve", _lu_solve, dtype="first", tolerance=10)
def _(d: Draw) -> Call:
    lead, n = d.shape(0, 1, least=1), d.integer(1, 3)
    lu = _well(d, lead, n)  # any matrix with a large diagonal stands for two factors
    pivots = np.arange(n) + d.array((*lead, n), ("int32",), low=0, high=2)
    b = d.array((*d.of(lead, ()), n, d.integer(1, 3)), lu.dtype.name, low=-2, high=2)
    return Call(lu, np.minimum(pivots, n - 1).astype("int32"), b)


@case("linalg.tensorinv", lambda x, *, ind=2: np.linalg.tensorinv(x, ind), tolerance=10)
def _(d: Draw) -> Call:
    first, ind = d.of(((2, 3), 2), ((4,), 1), ((2, 1, 2), 3))
    rest = {6: (6,), 4: (2, 2)}[int(np.prod(first))]
    x = _well(d, (), int(np.prod(first)))
    return Call(x.reshape(*first, *rest), **({"ind": ind} if ind != 2 or d.flag() else {}))


@case("linalg.tensorsolve", np.linalg.tensorsolve, tolerance=10)
def _(d: Draw) -> Call:
    first, rest = d.of(((4,), (2, 2)), ((2, 3), (6,)), ((2, 2), (4, 1)))
    a = _well(d, (), int(np.prod(first))).reshape(*first, *rest)
    return Call(a, d.array(first, a.dtype.name))


def _vander(x: Any, *, n: int | None = None, increasing: bool = False) -> Any:
    powers = np.arange(x.shape[-1] if n is None else n)
    return x[..., None] ** (powers if increasing else powers[::-1]).astype(x.dtype if x.dtype.kind in "iu" else "int64")


@case("linalg.vander", _vander, tolerance=8)
def _(d: Draw) -> Call:
    found: dict[str, Any] = {"n": d.integer(0, 4)} if d.flag() else {}
    x = d.array(d.shape(1, 2), NUMERIC, low=-2, high=2)
    return Call(x, **found, **({"increasing": True} if d.flag() else {}))
