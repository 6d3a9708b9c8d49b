"""Cases of random numbers from more distributions, told by these; `random` has the first of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

from ivy.testing.case import Call, case
from ivy.testing.cases.random import MANY, _dtype, _float_of, _maybe_key, counted, follows, shaped
from ivy.testing.draw import ANY, Draw

# --- a number at a time


def _whole(parameters: Any, shape: Any) -> Any:
    return np.broadcast_shapes(*(np.shape(p) for p in parameters)) if shape is None else shape


def _columns(result: Any, parameters: Any, whole: Any, check: Callable[..., None]) -> None:
    """Check the draws of each set of parameters."""
    for place in np.ndindex(*whole[1:]):
        each = [float(np.broadcast_to(p, whole)[(0, *place)]) for p in parameters]
        check(result[(slice(None), *place)], *each)


def _drawn(
    op: str,
    check_column: Callable[..., None],
    ranges: tuple[Any, ...],
    dtypes: tuple[str, ...],
    default: str | None = None,
    optional: int = 0,
) -> None:
    """Register a distribution of some parameters, numbers or arrays within a range each, the last ones optional."""

    def check(result: Any, *parameters: Any, shape: Any = None, dtype: str | None = None, key: Any = None) -> None:
        whole = _whole(parameters, shape)
        shaped(result, whole, dtype or default or _float_of(*parameters))
        assert np.isfinite(result.astype("float64")).all()
        if shape:
            _columns(result, parameters, whole, check_column)

    @case(op, None, check=check)
    def _(d: Draw) -> Call:
        kind = d.dtype(("float32", "float64"))
        own = d.shape(0, 1)
        given = ranges[: len(ranges) - (d.integer(0, optional) if optional else 0)]
        found = []
        for low, high in given:
            middle = (low + high) / 2
            found.append(middle if d.flag() else d.array(own, kind, low=low, high=high))
        whole = np.broadcast_shapes(*(np.shape(p) for p in found))
        shape = {"shape": (MANY, *whole)} if d.flag() or not found else {}
        return Call(*found, **shape, **_dtype(d, dtypes), **_maybe_key(d))


def _continuous(op: str, distribution: Callable[..., Any], *ranges: Any, optional: int = 0) -> None:
    _drawn(op, lambda column, *p: follows(column, distribution(*p)), ranges, ("float32", "float64"), optional=optional)


def _discrete(op: str, distribution: Callable[..., Any], *ranges: Any, most: int) -> None:
    """Numbers from `most` on are counted together."""

    def check(column: Any, *parameters: Any) -> None:
        assert column.min() >= 0
        odds = distribution(*parameters).pmf(np.arange(most))
        counted(np.minimum(column.astype("int64"), most), [*odds, max(1 - odds.sum(), 0)])

    _drawn(op, check, ranges, ("int32", "int64", "float32"), "int32")


_continuous("cauchy", stats.cauchy, (-1.0, 1.0), (0.5, 2.0), optional=2)
_continuous("laplace", stats.laplace, (-1.0, 1.0), (0.5, 2.0), optional=2)
_continuous("logistic", stats.logistic, (-1.0, 1.0), (0.5, 2.0), optional=2)
_continuous("lognormal", lambda m=0.0, s=1.0: stats.lognorm(s, scale=np.exp(m)), (-0.5, 0.5), (0.25, 0.75), optional=2)
_continuous("chisquare", stats.chi2, (1.0, 5.0))
_continuous("pareto", lambda a, s=1.0: stats.pareto(a, scale=s), (2.5, 5.0), (0.5, 2.0), optional=1)
_continuous("rayleigh", lambda s=1.0: stats.rayleigh(scale=s), (0.5, 2.0), optional=1)
_continuous("student_t", stats.t, (3.0, 8.0), (-1.0, 1.0), (0.5, 2.0), optional=2)
_continuous("weibull", lambda c, s=1.0: stats.weibull_min(c, scale=s), (0.75, 3.0), (0.5, 2.0), optional=1)
_discrete("geometric", stats.geom, (0.2, 0.9), most=8)
_discrete("negative_binomial", stats.nbinom, (1.0, 4.0), (0.3, 0.8), most=10)


def _trials(result: Any, n: int, p: Any, *, shape: Any = None, dtype: Any = None, key: Any = None) -> None:
    whole = _whole((p,), shape)
    shaped(result, whole, dtype or "int32")
    assert result.size == 0 or (result.min() >= 0 and result.max() <= n)
    if shape:
        _columns(result, (p,), whole, lambda column, q: counted(column, stats.binom(n, q).pmf(np.arange(n + 1))))


@case("binomial", None, check=_trials)
def _(d: Draw) -> Call:
    p = d.array(d.shape(0, 1), ("float32", "float64"), low=0.1, high=0.9) if d.flag() else d.of(0.5, 0.25)
    shape = {"shape": (MANY, *np.shape(p))} if d.flag() else {}
    return Call(d.of(3, 1, 0, 5), p, **shape, **_dtype(d, ("int32", "int64", "float32")), **_maybe_key(d))


def _signs(result: Any, *, shape: Any = (), dtype: Any = None, key: Any = None) -> None:
    shaped(result, shape, dtype or "int32")
    assert (np.abs(result) == 1).all()
    if result.size > 100:
        counted((result + 1) // 2, [0.5, 0.5])


@case("rademacher", None, check=_signs)
def _(d: Draw) -> Call:
    shape = {"shape": d.of((MANY,), (MANY // 3, 3), (2, 0), ())} if d.flag() else {}
    return Call(**shape, **_dtype(d, ("int32", "int8", "float32", "float64")), **_maybe_key(d))


# --- vectors, matrices, choices


def _dirichlet(result: Any, alpha: Any, *, shape: Any = None, dtype: Any = None, key: Any = None) -> None:
    shaped(result, (*(alpha.shape[:-1] if shape is None else shape), alpha.shape[-1]), dtype or alpha.dtype)
    np.testing.assert_allclose(result.sum(-1), 1, rtol=1e-5)
    assert (result >= 0).all()
    for place in np.ndindex(*alpha.shape) if shape else ():
        a = float(alpha[place])
        rest = float(alpha[place[:-1]].sum()) - a
        if rest > 0:
            follows(result[(slice(None), *place)], stats.beta(a, rest))


@case("dirichlet", None, check=_dirichlet)
def _(d: Draw) -> Call:
    alpha = d.array((*d.shape(0, 1, least=1, most=2), d.integer(1, 3)), ("float32", "float64"), low=0.5, high=4)
    shape = {"shape": (MANY, *alpha.shape[:-1])} if d.flag() else {}
    return Call(alpha, **shape, **_dtype(d, ("float32", "float64")), **_maybe_key(d))


def _vectors(result: Any, mean: Any, cov: Any, *, shape: Any = None, dtype: Any = None, key: Any = None) -> None:
    batch = np.broadcast_shapes(mean.shape[:-1], cov.shape[:-2]) if shape is None else shape
    shaped(result, (*batch, mean.shape[-1]), dtype or mean.dtype)
    if not shape:
        return
    for place in np.ndindex(*batch[1:]):
        m = np.broadcast_to(mean, (*batch[1:], mean.shape[-1]))[place].astype("float64")
        c = np.broadcast_to(cov, (*batch[1:], *cov.shape[-2:]))[place].astype("float64")
        x = result[(slice(None), *place)].astype("float64") - m
        for column in np.linalg.solve(np.linalg.cholesky(c), x.T):  # independent, and of the variance 1
            follows(column, stats.norm())


@case("multivariate_normal", None, check=_vectors)
def _(d: Draw) -> Call:
    first, second = d.shapes(2, 1)
    width, dtype = d.integer(1, 3), d.dtype(("float32", "float64"))
    mean, root = d.array((*first, width), dtype), d.array((*second, width, width), dtype, low=-1, high=1)
    cov = np.asarray(root @ np.swapaxes(root, -1, -2) + np.eye(width), root.dtype)
    batch = np.broadcast_shapes(first, second)
    shape = {"shape": (MANY, *batch)} if d.flag() else {}
    return Call(mean, cov, **shape, **_maybe_key(d))


def _orthogonal(
    result: Any, rows: int, cols: Any = None, *, shape: Any = (), dtype: Any = None, key: Any = None
) -> None:
    cols = rows if cols is None else cols
    shaped(result, (*shape, rows, cols), dtype or "float32")
    x = result.astype("float64")
    other = np.swapaxes(x, -1, -2)
    products = other @ x if rows >= cols else x @ other
    np.testing.assert_allclose(products, np.broadcast_to(np.eye(min(rows, cols)), products.shape), atol=1e-5)
    if len(x) == MANY:  # each element has the same chances on both sides of 0
        assert stats.binomtest(int((x[:, 0, 0] > 0).sum()), MANY).pvalue > 1e-7


@case("orthogonal", None, check=_orthogonal)
def _(d: Draw) -> Call:
    cols = (d.integer(1, 4),) if d.flag() else ()
    shape = {"shape": d.of((MANY,), (2,), (0, 2))} if d.flag() else {}
    return Call(d.integer(1, 4), *cols, **shape, **_dtype(d, ("float32", "float64")), **_maybe_key(d))


def _chosen(
    result: Any, x: Any, *, shape: Any = (), replace: bool = True, p: Any = None, axis: int = 0, key: Any = None
) -> None:
    whole = np.arange(x, dtype="int32") if isinstance(x, int) else np.moveaxis(x, axis, 0)
    size = (shape,) if isinstance(shape, int) else tuple(shape)
    axis = 0 if isinstance(x, int) else axis % x.ndim
    shaped(result, _placed(whole.shape[1:], axis, size), whole.dtype)
    rows = np.moveaxis(result, range(axis, axis + len(size)), range(len(size))).reshape(-1, *whole.shape[1:])
    places = [np.flatnonzero((whole == row).reshape(len(whole), -1).all(1)) for row in rows]
    assert all(len(found) == 1 for found in places)
    taken = np.asarray([found[0] for found in places], "int64")
    if p is not None:
        assert (p[taken] > 0).all()
    if not replace:
        assert len(set(taken.tolist())) == len(taken)
    elif len(taken) > 100:
        weights = np.ones(len(whole)) if p is None else p.astype("float64")
        counted(taken, weights / weights.sum())


def _placed(rest: tuple[int, ...], axis: int, size: tuple[int, ...]) -> tuple[int, ...]:
    return (*rest[:axis], *size, *rest[axis:])


@case("choice", None, check=_chosen)
def _(d: Draw) -> Call:
    count, found = d.integer(1, 5), _maybe_key(d)
    x: Any = count
    if d.flag():
        shape = list(d.shape(1, 3, least=1))
        axis = d.axis(len(shape))
        shape[axis] = count
        kinds = tuple(t for t in ANY if t not in ("bool", "int8", "uint8", "float16", "bfloat16"))
        x = d.array(shape, kinds, unique=True, low=0)
        found |= {"axis": axis} if axis else {}
    if d.flag():
        found["p"] = d.array((count,), ("float32", "float64"), low=0.25, high=2, layout=False)
        if d.flag() and count > 1:
            found["p"][0] = 0
    if d.flag():
        least = count - ("p" in found and not found["p"].all())
        return Call(x, shape=d.integer(0, least), replace=False, **found)
    return Call(x, shape=d.of((), (2, 2), (MANY // 5,) if isinstance(x, int) else (3,)), **found)
