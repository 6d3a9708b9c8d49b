"""Cases of searching in sorted arrays, counting into bins, and reductions over segments."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import as_dtype
from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, INTEGER, NUMERIC, REAL, Draw
from ivy.testing.families import together


def _searchsorted(x1: Any, x2: Any, *, side: Any = "left", sorter: Any = None) -> Any:
    return np.searchsorted(x1, x2, side, sorter)


@case("searchsorted", together(_searchsorted), dtype="int64", gradient=False)
def _(d: Draw) -> Call:
    dtype = d.dtype(REAL)
    x = np.sort(d.array((d.integer(0, 5),), dtype))
    values = d.array(None, dtype if d.flag() else d.dtype(REAL))
    return Call(x, d.of(values, values, 1), **d.of({}, {"side": "left"}, {"side": "right"}))


@case("searchsorted", together(_searchsorted), dtype="int64", gradient=False, name="sorter")
def _(d: Draw) -> Call:
    dtype = d.dtype(REAL)
    x = d.array((d.integer(1, 5),), dtype)
    return Call(x, d.array(None, dtype), sorter=np.argsort(x, kind="stable"), **d.of({}, {"side": "right"}))


@case(
    "bincount",
    lambda x, *, length, weights=None: np.bincount(x.astype("int64"), weights, length)[:length],
    dtype=lambda x, *, length, weights=None: as_dtype("int64" if weights is None else weights.dtype),
)
def _(d: Draw) -> Call:
    x = d.array((d.integer(0, 6),), INTEGER, low=0, high=5)
    length = d.of(6, 3, 9, 1)
    return Call(x, length=length, **({"weights": d.array(x.shape, REAL)} if d.flag() else {}))


@case("digitize", lambda x, bins, right=False: np.digitize(x, bins, right), dtype="int64", gradient=False)
def _(d: Draw) -> Call:
    dtype = d.dtype(REAL)
    bins = np.sort(d.array((d.integer(1, 5),), dtype))
    return Call(d.array(None, dtype, low=-5, high=5), bins, **d.of({}, {"right": True}, {"right": False}))


def _histogram(x: Any, *, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    return tuple(np.histogram(x, bins, range, weights=weights))


def _histogram_dtypes(x: Any, *, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    counts = as_dtype("int64" if weights is None else weights.dtype)
    edges = bins.dtype if isinstance(bins, np.ndarray) else x.dtype if as_dtype(x.dtype).is_float else "float32"
    return counts, as_dtype(edges)


@case("histogram", _histogram, dtype=_histogram_dtypes, gradient=False)
def _(d: Draw) -> Call:
    # eighths and powers of two: which side of an edge a value lies on is not for rounding to decide
    x = np.asarray(
        np.round(d.array(d.shape(least=1), ("float32", "float64", "int32", "uint8"), low=-4, high=4) * 8) // 8
    )
    dtype = str(x.dtype)
    ends = {"range": d.of((-4.0, 4.0), (0, 2), (-2.0, 2))}
    edges = np.sort(d.array((d.integer(2, 5),), dtype))
    way = d.of({"bins": 4, **ends}, {"bins": 8, **ends}, {"bins": 1}, {"bins": edges})
    return Call(x, **way, **d.of({}, {"weights": d.array(x.shape, ("float32", "float64"))}))


SEGMENTS: dict[str, Any] = {
    "segment_sum": (np.add, 0, NUMERIC),
    "segment_prod": (np.multiply, 1, NUMERIC),
    "segment_max": (np.maximum, -1, REAL),
    "segment_min": (np.minimum, 1, REAL),
}


def _segments(x: Any, ids: Any, count: int, *, op: str) -> Any:
    ufunc, start, _ = SEGMENTS[op]
    if op in ("segment_max", "segment_min"):
        start *= np.inf if x.dtype.kind == "f" else 1
        info = np.iinfo(x.dtype) if x.dtype.kind in "iu" else None
        start = start if info is None else info.min if start < 0 else info.max
    found = np.full((count, *x.shape[1:]), start, x.dtype)
    inside = (ids >= 0) & (ids < count)
    ufunc.at(found, ids[inside].astype("int64"), x[inside])
    return found


def _draw(d: Draw, dtypes: Any) -> Call:
    x = d.array(d.shape(1), dtypes)
    return Call(x, d.array(x.shape[:1], ("int64", "int32"), low=-1, high=4), d.of(3, 4, 1))


for _op, (_, _, _dtypes) in SEGMENTS.items():

    @case(_op, lambda x, ids, n, op=_op: _segments(x, ids, n, op=op), dtype="first", gradient=(0,))
    def _(d: Draw, dtypes: Any = _dtypes) -> Call:
        return _draw(d, dtypes)


def _segment_mean(x: Any, ids: Any, count: int) -> Any:
    total = _segments(x, ids, count, op="segment_sum")
    sizes = np.bincount(ids[(ids >= 0) & (ids < count)].astype("int64"), minlength=count)
    return total / np.maximum(sizes, 1).reshape(-1, *(1,) * (x.ndim - 1))


@case("segment_mean", _segment_mean, dtype="first", gradient=(0,))
def _(d: Draw) -> Call:
    return _draw(d, FLOAT)
