"""Searching and counting in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy_numpy.backend.support import align


def searchsorted(x1: Any, x2: Any, /, *, side: Any = "left", sorter: Any = None) -> Any:
    vector, values = align(x1, x2)
    return np.searchsorted(vector, values, side=side, sorter=sorter)


def bincount(x: Any, /, *, weights: Any = None, length: int) -> Any:
    x = np.asarray(x)
    if weights is None:
        return np.bincount(x[x < length], minlength=length)
    # np.bincount would sum in float64 and give that
    found = np.zeros(length, weights.dtype)
    np.add.at(found, x[x < length], weights[x < length])
    return found
