"""Cases of sets."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import as_dtype
from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, BOOL, REAL, Draw

PARTS = {"values": 0, "indices": 1, "inverse_indices": 2, "counts": 3}
OPS = {
    "unique_all": ("values", "indices", "inverse_indices", "counts"),
    "unique_counts": ("values", "counts"),
    "unique_inverse": ("values", "inverse_indices"),
}


def _unique(x: Any) -> tuple[Any, ...]:
    values, first, inverse, counts = np.unique(x, True, True, True, equal_nan=False)
    return values, first, inverse.reshape(x.shape), counts


for _op, _parts in OPS.items():

    def _dtypes(x: Any, parts: Any = _parts) -> Any:
        return tuple(as_dtype(x.dtype if part == "values" else "int64") for part in parts)

    @case(
        _op,
        lambda x, parts=_parts: tuple(_unique(x)[PARTS[p]] for p in parts),
        dtype=_dtypes,
        abstract=False,
        gradient=False,
        check=lambda found, x, parts=_parts: _named(found, parts),
    )
    def _(d: Draw) -> Call:
        return Call(d.array(None, (*REAL, *BOOL), low=-2, high=2, special=True))


def _named(found: Any, parts: Any) -> None:
    assert found._fields == parts


def _along(x: Any, *, axis: int = 0) -> Any:
    values, first, inverse, counts = np.unique(x, True, True, True, axis=axis, equal_nan=False)
    return values, first, inverse.reshape(-1), counts


@case(
    "unique_along_axis",
    _along,
    dtype=lambda x, **_: (as_dtype(x.dtype), *[as_dtype("int64")] * 3),
    abstract=False,
    gradient=False,
    check=lambda found, *_, **__: _named(found, OPS["unique_all"]),
)
def _(d: Draw) -> Call:
    x = d.array(d.shape(1, 3, least=1), (*REAL, *BOOL), low=0, high=1)
    return Call(x, **({"axis": d.axis(x.ndim)} if d.flag() else {}))


@case("unique_values", lambda x: np.unique(x, equal_nan=False), dtype="first", abstract=False, gradient=False)
def _(d: Draw) -> Call:
    return Call(d.array(None, (*REAL, *BOOL), low=-2, high=2, special=True))


@case("isin", lambda x, others, invert=False: np.isin(x, np.asarray(others), invert=invert), dtype="bool")
def _(d: Draw) -> Call:
    dtype = d.dtype(ANY)
    x = d.array(None, dtype, low=-2, high=2)
    others = d.array(d.shape(0, 2), dtype if d.flag() else d.dtype(ANY), low=-2, high=2)
    pair = d.of((x, others), (x, others), (x, 1), (1, others))
    return Call(*pair, **d.of({}, {"invert": True}))
