"""Cases of statistics: NaN left aside, weighted means, covariances, integrals, interpolation, order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ivy.dtypes import ALL as DTYPES
from ivy.dtypes import as_dtype
from ivy.testing.case import Call, case
from ivy.testing.cases.reductions import _correction, _of_first, _quantile, _rows, sum_dtype
from ivy.testing.draw import FLOAT, NUMERIC, REAL, Draw
from ivy.testing.families import reduction

# --- reductions that leave NaN aside


def _nan_quantile(x: Any, q: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """By one axis: NumPy takes no tuple without any."""
    rows, own = _rows(x, axis)
    found = np.nanquantile(rows, q, axis=-1) if rows.shape[-1] else np.full(np.shape(q) + rows.shape[:-1], np.nan)
    return np.expand_dims(found, tuple(a + np.ndim(q) for a in own)) if keepdims else found


def _nan_variance(x: Any, *, axis: Any = None, correction: float = 0.0, keepdims: bool = False) -> Any:
    good = ~np.isnan(x)
    count = np.sum(good, axis=axis, keepdims=True)
    gaps = np.where(good, x - np.sum(np.where(good, x, 0), axis=axis, keepdims=True) / np.maximum(count, 1), 0)
    left = np.sum(good, axis=axis, keepdims=keepdims) - correction
    return np.where(left > 0, np.sum(gaps**2, axis=axis, keepdims=keepdims) / np.where(left > 0, left, 1), np.nan)


def _ordered(function: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's, by one axis; NaN of nothing but NaN."""

    def reference(x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
        rows, own = _rows(x, axis)
        found = function(rows, axis=-1)
        return np.expand_dims(found, own) if keepdims else found

    return reference


reduction("nanmax", _ordered(np.nanmax), REAL, empty=False)
reduction("nanmin", _ordered(np.nanmin), REAL, empty=False)
reduction("ptp", _ordered(np.ptp), REAL, empty=False)
reduction("nanprod", np.nanprod, REAL, dtype=sum_dtype, low=-2, high=2, tolerance=8)
reduction("nanvar", _nan_variance, REAL, dtype="float", tolerance=3, more=_correction)
reduction("nanstd", lambda *a, **k: np.sqrt(_nan_variance(*a, **k)), REAL, dtype="float", tolerance=3, more=_correction)


def _holes(d: Draw, shape: Any, dtypes: tuple[str, ...]) -> Any:
    """An array with NaN, and no infinities, which interpolation makes NaN of or does not."""
    x = d.array(shape, dtypes)
    holes = d.random().random(x.shape) < 0.3
    return np.where(holes, np.asarray(np.nan, x.dtype), x) if not d.smooth and x.dtype.kind not in "iu" else x


def _reduced_axes(d: Draw, ndim: int) -> dict[str, Any]:
    axis = d.of(None, *([d.axis(ndim), d.axes(ndim, least=1)] if ndim else []))
    return {"axis": axis} | ({"keepdims": True} if d.flag() else {})


@case("nanmedian", lambda x, **k: _nan_quantile(x, 0.5, **k), dtype="float")
def _(d: Draw) -> Call:
    x = _holes(d, d.shape(0, 3, least=1), REAL)
    return Call(x, **_reduced_axes(d, x.ndim))


@case("nanquantile", _nan_quantile, dtype=_of_first, gradient=(0,), tolerance=3)
def _(d: Draw) -> Call:
    x = _holes(d, d.shape(0, 3, least=1), REAL)
    q = np.asarray(np.round(d.array(d.shape(0, 1, least=1), "float32", low=0, high=1) * 8) / 8)
    return Call(x, q if d.flag() else d.of(0.5, 0.25, 0.0, 1.0), **_reduced_axes(d, x.ndim))


@case("percentile", lambda x, q, **k: _quantile(x, q / 100, **k), dtype=_of_first, gradient=(0,), tolerance=3)
def _(d: Draw) -> Call:
    x = d.array(d.shape(0, 3, least=1), ("float32", "float64", "int32"))
    q = np.asarray(np.round(d.array(d.shape(0, 1, least=1), "float32", low=0, high=8)) * 12.5)
    more = {"method": d.of("lower", "higher", "midpoint")} if d.flag() else {}
    return Call(x, q if d.flag() else d.of(50, 25.0, 0, 100), **_reduced_axes(d, x.ndim), **more)


# --- means and covariances


def _average(x: Any, weights: Any = None, *, axis: Any = None, keepdims: bool = False) -> Any:
    if weights is None:
        return np.mean(x, axis=axis, keepdims=keepdims)
    if weights.shape != x.shape:
        weights = np.moveaxis(np.broadcast_to(weights, np.moveaxis(x, axis, -1).shape), -1, axis)
    share = np.sum(weights, axis=axis, keepdims=True)
    return np.sum(x * (weights / share), axis=axis, keepdims=keepdims)


@case("average", _average, dtype="float", tolerance=4)
def _(d: Draw) -> Call:
    shape = d.shape(0, 3, least=1)
    dtype = d.dtype(NUMERIC)
    axis = d.axis(len(shape)) if shape and d.flag() else None
    args = [d.array(shape, dtype)]
    if d.flag():
        own = (shape[axis],) if axis is not None and d.flag() else shape
        other = d.dtype(REAL) if d.flag() or dtype.startswith("complex") else dtype
        args.append(d.array(own, other, low=1 if "int" in other else 0.25, high=3))
    return Call(*args, **({"axis": axis} if axis is not None else {}), **({"keepdims": True} if d.flag() else {}))


def _cov(x: Any, *, correction: float = 1.0, weights: Any = None) -> Any:
    rows = np.atleast_2d(x)
    weights = np.ones(rows.shape[1]) if weights is None else weights
    gaps = rows - (rows @ weights)[:, None] / weights.sum()
    found = (gaps * weights) @ np.conj(gaps).T / max(weights.sum() - correction, 0)
    return found if len(rows) > 1 else found.reshape(())


def _corrcoef(x: Any) -> Any:
    c = _cov(x)
    if c.ndim == 0:
        return c / c
    size = np.sqrt(np.real(np.diag(c)))
    return c / size / size[:, None]


_COUNTED = ("float32", "float64", "complex64", "complex128", "int32", "int64", "float16", "bfloat16")


@case("cov", _cov, dtype="float", tolerance=6)
def _(d: Draw) -> Call:
    rows, count = d.integer(1, 3), d.integer(3, 5)
    found: dict[str, Any] = {"correction": d.of(0.0, 2.0, 0.5)} if d.flag() else {}
    if d.flag():
        found["weights"] = d.array((count,), ("int64", "int32"), low=1, high=4)
    return Call(d.array((rows, count) if d.flag() else (count,), _COUNTED), **found)


@case("corrcoef", _corrcoef, dtype="float", tolerance=20)
def _(d: Draw) -> Call:
    rows, count = d.integer(1, 3), d.integer(3, 5)
    dtypes = ("float32", "float64", "complex64", "complex128")
    return Call(d.array((rows, count) if d.flag() else (count,), dtypes, unique=True))


# --- integrals, interpolation, polynomials


def _areas(y: Any, x: Any = None, *, dx: float = 1.0, axis: int = -1) -> Any:
    y = np.moveaxis(y, axis, -1)
    x = x if x is None or x.ndim == 1 else np.moveaxis(x, axis, -1)
    return (y[..., 1:] + y[..., :-1]) / 2 * (dx if x is None else np.diff(x, axis=-1))


def _integral(op: str, total: Callable[[Any, int], Any]) -> None:
    @case(
        op,
        lambda y, x=None, *, dx=1.0, axis=-1: total(_areas(y, x, dx=dx, axis=axis), axis),
        dtype="float",
        tolerance=4,
    )
    def _(d: Draw) -> Call:
        shape, dtype = d.shape(1), d.dtype(NUMERIC)
        axis = d.axis(len(shape)) if d.flag() else -1
        found: dict[str, Any] = {"axis": axis} if axis != -1 else {}
        if d.flag():
            own = (shape[axis],) if d.flag() else shape
            places = d.array(own, d.dtype(FLOAT) if d.flag() or "int" in dtype else dtype)
            return Call(d.array(shape, dtype), places, **found)
        return Call(d.array(shape, dtype), **found, **({"dx": d.of(0.5, 2.0)} if d.flag() else {}))


_integral("trapezoid", lambda areas, axis: areas.sum(-1))
_integral("cumulative_trapezoid", lambda areas, axis: np.moveaxis(np.cumsum(areas, -1), -1, axis))


def _interp(x: Any, xp: Any, fp: Any, **ends: Any) -> Any:
    found = np.interp(x, xp, fp, **ends)
    return np.where(np.isnan(x), np.nan, found)  # also with one point, of which NumPy gives the value


@case("interp", _interp, dtype="float", tolerance=4)
def _(d: Draw) -> Call:
    dtype, count = d.dtype(FLOAT), d.integer(1, 5)
    places = np.sort(d.array((count,), dtype, unique=True, low=-3, high=3, layout=False))
    values = d.array((count,), (dtype, "int32") if not d.smooth else (dtype,))
    x = d.array(d.shape(0, 2), dtype, special=True)
    if x.size and d.flag() and not d.smooth:
        x = d.random().choice(places, x.shape)  # at the places themselves
    found = {side: d.of(-9.0, 0.5) for side in ("left", "right") if d.flag()}
    return Call(np.asarray(x), places, values, **found)


@case("polyval", lambda c, x: np.polyval(c, np.asarray(x)), tolerance=8)
def _(d: Draw) -> Call:
    dtype = d.dtype(NUMERIC)
    coefficients = d.array((d.integer(1, 4),), dtype, low=-2, high=2)
    if d.flag() and not d.smooth:
        return Call(coefficients, d.scalar(dtype))
    return Call(coefficients, d.array(None, d.dtype(NUMERIC) if d.flag() else dtype, low=-2, high=2))


# --- order and counts


def _kthvalue(x: Any, k: int, *, axis: int = -1, keepdims: bool = False) -> Any:
    place = np.take(np.argsort(x, axis=axis, kind="stable"), [k - 1], axis)
    found = np.take_along_axis(x, place, axis), place
    return found if keepdims else tuple(np.squeeze(v, axis) for v in found)


@case("kthvalue", _kthvalue, dtype=lambda x, *a, **k: (as_dtype(x.dtype), DTYPES["int64"]))
def _(d: Draw) -> Call:
    x = d.array(d.shape(1, 3, least=1), REAL, unique=True, low=0)  # of equal elements any may be told
    axis = d.axis(x.ndim) if d.flag() else -1
    found: dict[str, Any] = {"axis": axis} if axis != -1 else {}
    return Call(x, d.integer(1, x.shape[axis]), **found, **({"keepdims": True} if d.flag() else {}))


def _mode(x: Any, *, axis: int = -1, keepdims: bool = False) -> Any:
    def most(row: Any) -> Any:
        values, counts = np.unique(row, return_counts=True)
        return values[np.argmax(counts)]

    found = np.apply_along_axis(most, axis, x) if x.size else np.zeros(np.delete(x.shape, axis), x.dtype)
    return np.expand_dims(found, axis) if keepdims else np.asarray(found)


@case("mode", _mode)
def _(d: Draw) -> Call:
    shape = list(d.shape(1, 3))
    axis = d.axis(len(shape)) if d.flag() else -1
    shape[axis] += 1
    x = d.array(shape, REAL, low=-1, high=1)
    return Call(x, **({"axis": axis} if axis != -1 else {}), **({"keepdims": True} if d.flag() else {}))


def _histogram(x: Any, edges: Any, *, weights: Any = None) -> Any:
    return np.histogramdd(x, edges, weights=weights)[0]


@case(
    "histogram_nd",
    _histogram,
    gradient=False,
    tolerance=4,
    dtype=lambda x, edges, *, weights=None: DTYPES["float32"] if weights is None else as_dtype(weights.dtype),
)
def _(d: Draw) -> Call:
    dims, count, dtype = d.integer(1, 3), d.shape(1, 1)[0], d.dtype(FLOAT)
    edges = tuple(np.sort(d.array((d.integer(2, 4),), dtype, unique=True, layout=False)) for _ in range(dims))
    x = d.array((count, dims), dtype, low=-5, high=5, layout=False)
    for i, e in enumerate(edges):
        if d.flag():
            x[: count // 2, i] = d.random().choice(e, count // 2)  # on edges
    found = {"weights": d.array((count,), ("float32", "float64"))} if d.flag() else {}
    return Call(x, edges, **found)
