"""Factorisations of matrices whose squares would leave the range of their dtype."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype

__all__ = ["scaled_qr"]

_RANGES = {
    "float32": (1e15, 2.0**80),
    "complex64": (1e15, 2.0**80),
    "float64": (1e100, 2.0**600),
    "complex128": (1e100, 2.0**600),
}
"""Where elements are so large, or so small, that sums of their squares are not exact, and what brings them back."""


def scaled_qr(qr: Callable[..., Any]) -> Callable[..., Any]:
    """Make a QR decomposition that squares elements right for the largest and the smallest of them.

    Args:
        qr: takes matrices and the mode, returns Q and R.

    Returns:
        A function of the same arguments. It multiplies matrices out of range by a power of 2, which rounds nothing.

    Example:
        >>> import numpy as np
        >>> from ivy.functional._scaling import scaled_qr
        >>> q, r = scaled_qr(np.linalg.qr)(np.asarray([[1e-30]]), "reduced")
        >>> float((q * r)[0, 0])
        1e-30
    """

    def computed(x: Any, mode: str) -> tuple[Any, Any]:
        dtype = as_dtype(x.dtype)
        if str(dtype) not in _RANGES or 0 in x.shape:
            q, r = qr(x, mode)
            return q, r
        edge, power = _RANGES[str(dtype)]
        size = F.max(F.abs(F.stop_gradient(x)), axis=(-2, -1), keepdims=True)
        one = F.ones_like(size)
        large, small = F.greater(size, edge), F.less(size, 1 / edge)
        q, r = qr(F.multiply(x, F.where(large, 1 / power, F.where(small, power, one))), mode)
        return q, F.multiply(r, F.where(large, power, F.where(small, 1 / power, one)))

    return computed
