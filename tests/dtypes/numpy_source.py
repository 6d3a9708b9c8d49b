"""NumPy for the sweep of dtypes."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from dtype_sweep import Source

from ivy_numpy.frontend import frontend

DTYPES = (
    "bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "float32", "float64",
    "complex64", "complex128",
)  # fmt: skip


def _make(x: np.ndarray, dtype: str) -> Any:
    return x.copy()


def _read(x: Any) -> Any:
    if not isinstance(x, (np.ndarray, np.generic)) or x.dtype.name not in DTYPES:
        return None
    return x.dtype.name, np.asarray(x)


def _resolve(path: str) -> Any:
    root: Any = np
    if path.startswith("scipy."):
        import scipy.special

        root = scipy
    try:
        found = functools.reduce(getattr, path.split(".")[1:], root)
    except AttributeError:
        return None
    return found if callable(found) else None


def _left_out(path: str) -> bool:
    return path.startswith("numpy.random.") or "empty" in path


STATIC = frozenset(
    """
    accumulate amax amin arange array array_split asanyarray asarray ascontiguousarray asfortranarray astype average
    delete diagflat dsplit expand_dims fftn fftfreq flip histogram histogram_bin_edges hsplit ifftn max median min
    nanmax nanmin nanstd nanvar ones_like pad ptp reduce reduceat repeat reshape rfftfreq roll round
    sliding_window_view split std take tile var view vsplit zeros_like
    """.split()
)
SOURCE = Source(frontend, DTYPES, _make, _resolve, _read, left_out=_left_out, static=STATIC)
