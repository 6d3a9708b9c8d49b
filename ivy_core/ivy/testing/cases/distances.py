"""Cases of distances and similarities."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, Draw

_ORDERS = (1.0, 0.0, float("inf"), 3.0, 0.5, 1.5, 2.0)


def _length(x: Any, p: float = 2.0, axis: int = -1, keepdims: bool = False) -> Any:
    if x.shape[axis] == 0:
        return np.sum(x, axis=axis, keepdims=keepdims)
    return np.linalg.norm(x, p, axis=axis, keepdims=keepdims)


def _order(d: Draw) -> dict[str, Any]:
    return {"p": d.of(*_ORDERS)} if d.flag() else {}


def pairwise(x1: Any, x2: Any, *, p: float = 2.0, eps: float = 1e-6, keepdims: bool = False) -> Any:
    """Return the lengths of the differences of vectors."""
    return _length(x1 - x2 + eps, p, keepdims=keepdims)


def _cosine(x1: Any, x2: Any, *, axis: int = -1, eps: float = 1e-8) -> Any:
    x1, x2 = np.broadcast_arrays(x1, x2)
    sizes = [np.maximum(_length(v, axis=axis), eps) for v in (x1, x2)]
    return np.sum(x1 * x2, axis=axis) / sizes[0] / sizes[1]


@case("cdist", lambda x1, x2, **k: _length(x1[..., :, None, :] - x2[..., None, :, :], **k), tolerance=3)
def _(d: Draw) -> Call:
    lead, width, dtype = d.shape(0, 1, least=1), d.shape(1, 1)[0], d.dtype(FLOAT)
    return Call(*(d.array((*lead, d.shape(1, 1)[0], width), dtype) for _ in range(2)), **_order(d))


@case("pdist", lambda x, **k: _length((x[:, None] - x)[np.triu_indices(len(x), 1)], **k), tolerance=3)
def _(d: Draw) -> Call:
    return Call(d.array(d.shape(2, 2), FLOAT), **_order(d))


@case("pairwise_distance", pairwise, tolerance=3)
def _(d: Draw) -> Call:
    first, second = d.shapes(2, 2)
    width, dtype = d.shape(1, 1)[0], d.dtype(FLOAT)
    found = _order(d) | ({"keepdims": True} if d.flag() else {}) | ({"eps": d.of(0.0, 0.01)} if d.flag() else {})
    return Call(d.array((*first, width), dtype), d.array((*second, width), dtype), **found)


@case("cosine_similarity", _cosine, tolerance=3)
def _(d: Draw) -> Call:
    first, second = d.shapes(2, 2)
    dtype, width = d.dtype(FLOAT), d.shape(1, 1)[0]
    axis = d.axis(len(np.broadcast_shapes(first, second)) + 1) if first and len(first) == len(second) else -1
    x, y = (d.array((*shape, width), dtype) for shape in (first, second))
    return Call(x, y, **({"axis": axis} if axis != -1 else {}), **({"eps": d.of(1e-8, 0.5)} if d.flag() else {}))
