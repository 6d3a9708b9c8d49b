"""Cases of joining and turning arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, Draw


def _same(d: Draw, shapes: list[Any]) -> list[Any]:
    """Arrays of one dtype, or of several."""
    dtype = d.dtype(ANY)
    return [d.array(shape, d.dtype(ANY) if i and d.flag() else dtype) for i, shape in enumerate(shapes)]


def _stack(op: str, axis: int, alone: Any) -> None:
    """Register a way of joining; `alone` draws shapes of fewer axes."""

    @case(op, getattr(np, op))
    def _(d: Draw) -> Call:
        count = d.integer(1, 3)
        if d.flag():
            return Call(_same(d, alone(d, count)))
        shape = d.shape(max(axis + 1, 2), 3)
        return Call(_same(d, [(*shape[:axis], d.integer(1, 3), *shape[axis + 1 :]) for _ in range(count)]))


def _equal(d: Draw, count: int) -> list[Any]:
    return [d.shape(0, 1)] * count


_stack("hstack", 1, lambda d, count: [d.shape(0, 1) for _ in range(count)])
_stack("vstack", 0, _equal)
_stack("dstack", 2, _equal)
_stack("column_stack", 1, _equal)


@case("atleast_nd", lambda x, ndim: x.reshape((1,) * max(ndim - x.ndim, 0) + x.shape), dtype="first")
def _(d: Draw) -> Call:
    return Call(d.array(None, ANY), d.integer(0, 4))


@case("block_diag", lambda *x: scipy.linalg.block_diag(*(np.reshape(v, v.shape if v.ndim else (1,)) for v in x)))
def _(d: Draw) -> Call:
    return Call(*_same(d, [d.shape(0, 2) for _ in range(d.integer(1, 3))]))


@case("rot90", np.rot90)
def _(d: Draw) -> Call:
    x = d.array(d.shape(2, 3), ANY)
    found: dict[str, Any] = {"k": d.integer(-3, 5)} if d.flag() else {}
    if d.flag():
        found["axes"] = d.axes(x.ndim, least=2, most=2)
    return Call(x, **found)
