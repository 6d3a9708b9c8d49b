"""Sets in NumPy."""

from __future__ import annotations

import numpy as np

unique_all = np.unique_all
unique_counts = np.unique_counts
unique_inverse = np.unique_inverse


def unique_values(x: np.ndarray, /) -> np.ndarray:
    # np.unique_values need not sort
    return np.unique(x, equal_nan=False)


def isin(x1: np.ndarray, x2: np.ndarray, /, *, invert: bool = False) -> np.ndarray:
    return np.isin(x1, x2, invert=invert)
