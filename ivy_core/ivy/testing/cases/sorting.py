"""Cases of sorting and of the largest elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import as_dtype
from ivy.testing.case import Call, case
from ivy.testing.draw import REAL, Draw


def _argsort(x: Any, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """Equal elements keep their order in both directions, and not-a-numbers come last when rising."""
    if not descending:
        return np.argsort(x, axis=axis, stable=True)
    return x.shape[axis] - 1 - np.flip(np.argsort(np.flip(x, axis), axis=axis, stable=True), axis)


def _sort(x: Any, *, axis: int = -1, **options: Any) -> Any:
    return np.take_along_axis(x, _argsort(x, axis=axis, **options), axis)


def _options(d: Draw, ndim: int) -> dict[str, Any]:
    found = {"axis": d.axis(ndim)} if d.flag() else {}
    return {**found, **d.of({}, {"descending": True}), **d.of({}, {"stable": True})}


@case("sort", _sort, dtype="first")
def _(d: Draw) -> Call:
    x = d.array(d.shape(1), REAL, special=True)
    return Call(x, **{**_options(d, x.ndim), **d.of({}, {}, {"stable": False})})


@case("argsort", _argsort, dtype="int64")
def _(d: Draw) -> Call:
    x = d.array(d.shape(1), REAL, special=True)
    return Call(x, **_options(d, x.ndim))


def _permutation(found: Any, x: Any, *, axis: int = -1, descending: bool = False, stable: bool = False) -> None:
    """Check indices that may name equal elements in any order."""
    assert found.shape == x.shape
    picked = np.take_along_axis(x, found.astype("int64"), axis)
    np.testing.assert_array_equal(picked, _sort(x, axis=axis, descending=descending))
    assert all(len(set(row)) == len(row) for row in np.moveaxis(found, axis, -1).reshape(-1, x.shape[axis]))


@case("argsort", check=_permutation, values=False, name="unstable")
def _(d: Draw) -> Call:
    x = d.array(d.shape(1, least=1), REAL)
    return Call(x, **({"axis": d.axis(x.ndim)} if d.flag() else {}), stable=False, descending=d.flag())


def _topk(x: Any, k: int, *, axis: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    order = np.take(_argsort(x, axis=axis, descending=largest), np.arange(k), axis)
    return np.take_along_axis(x, order, axis), order


@case("topk", _topk, dtype=lambda x, k, **_: (as_dtype(x.dtype), as_dtype("int64")))
def _(d: Draw) -> Call:
    x = d.array(d.shape(1, least=1), REAL, low=0, high=100, unique=True)
    axis = d.axis(x.ndim)
    axes = {} if axis == -1 and d.flag() else {"axis": axis}
    return Call(x, d.integer(0, x.shape[axis]), **axes, **d.of({}, {"largest": False}), **d.of({}, {"sorted": True}))


def _extremes(found: Any, x: Any, k: int, *, axis: int = -1, largest: bool = True, sorted: bool = True) -> None:
    """Check results among equal elements, and in any order unless `sorted`."""
    values, places = found
    np.testing.assert_array_equal(np.take_along_axis(x, places.astype("int64"), axis), values)
    wanted = _topk(x, k, axis=axis, largest=largest)[0]
    rising = values if sorted else np.sort(values, axis)
    np.testing.assert_array_equal(rising, wanted if sorted else np.sort(wanted, axis))
    assert all(len(set(row)) == k for row in np.moveaxis(places, axis, -1).reshape(-1, k) if k)


@case("topk", check=_extremes, values=False, name="ties")
def _(d: Draw) -> Call:
    x = d.array(d.shape(1, least=1), REAL, low=-1, high=1)
    axis = d.axis(x.ndim)
    return Call(x, d.integer(1, x.shape[axis]), axis=axis, largest=d.flag(), sorted=d.flag())
