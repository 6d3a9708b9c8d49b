"""Cases of activations over an axis and of gated units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, Draw
from ivy.testing.families import unary


def _gated(op: str, activation: Callable[[Any], Any]) -> None:
    def reference(x: Any, *, axis: int = -1) -> Any:
        first, second = np.split(x, 2, axis=axis)
        return activation(first) * second

    @case(op, reference, tolerance=3)
    def _(d: Draw) -> Call:
        shape = list(d.shape(1))
        axis = d.axis(len(shape)) if d.flag() else -1
        shape[axis] *= 2
        return Call(d.array(shape, FLOAT, special=True), **({"axis": axis} if axis != -1 else {}))


_gated("geglu", lambda x: np.where(x == -np.inf, np.nan, x * special.ndtr(x)))
_gated("reglu", lambda x: np.maximum(x, 0))
_gated("swiglu", lambda x: x * special.expit(x))
unary("quick_gelu", lambda x: x * special.expit(1.702 * x), tolerance=2)


def _nearest(x: Any, *, axis: int = -1) -> Any:
    """The probabilities max(x - t, 0), by halving the interval of t."""
    high = np.max(x, axis=axis, keepdims=True)
    low = high - 1
    for _ in range(60):
        middle = (low + high) / 2
        much = np.sum(np.maximum(x - middle, 0), axis=axis, keepdims=True) > 1
        low, high = np.where(much, middle, low), np.where(much, high, middle)
    return np.maximum(x - low, 0)


def _over_axis(op: str, reference: Callable[..., Any]) -> None:
    @case(op, reference, tolerance=3)
    def _(d: Draw) -> Call:
        shape = list(d.shape(1))
        axis = d.axis(len(shape)) if d.flag() else -1
        shape[axis] += 1
        return Call(d.array(shape, FLOAT, low=-1.8, high=1.9), **({"axis": axis} if axis != -1 else {}))


_over_axis("softmin", lambda x, *, axis=-1: special.softmax(-x, axis=axis))
_over_axis("sparsemax", _nearest)
