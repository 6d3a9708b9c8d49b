"""Sorting in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np


def _ordered(x: Any) -> Any:
    """Return what sorts as `x` does: NumPy does not know that NaN comes last in bfloat16."""
    return x.astype(np.float32) if x.dtype.kind == "V" or x.dtype.name == "bfloat16" else x


def argsort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    kind: Any = "stable" if stable else None
    x = _ordered(x)
    if not descending:
        return np.argsort(x, axis=axis, kind=kind)
    # sorted backwards and turned round, equal elements keep their order
    order = np.flip(np.argsort(np.flip(x, axis), axis=axis, kind="stable"), axis)
    return x.shape[axis] - 1 - order


def sort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    found = np.sort(_ordered(x), axis=axis, kind="stable" if stable else None).astype(x.dtype, copy=False)
    return np.flip(found, axis) if descending else found


def topk(x: Any, k: int, /, *, axis: int = -1, largest: bool = True, sorted: bool = True) -> tuple[Any, Any]:
    order = argsort(x, axis=axis, descending=largest)
    chosen = np.take(order, np.arange(k), axis=axis)
    return np.take_along_axis(x, chosen, axis), chosen
