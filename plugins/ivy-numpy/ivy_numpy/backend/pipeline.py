"""What the conversion pipeline asks of NumPy as a target, besides the functions of the API."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["ABSTRACT_EVAL_COMPUTES", "COPY", "FOREIGN_CODE", "WRITE_BACK", "memory", "version", "write_into"]

ABSTRACT_EVAL_COMPUTES = True
"""NumPy learns a result's shape by computing it, so another framework is asked first where one is at hand."""

WRITE_BACK = "{x}[...] = {value}"
"""How generated code writes to an argument that the source writes to in place."""

COPY = "{x}.copy()"
"""How generated code keeps a value from such a write."""

FOREIGN_CODE = ("numpy.errstate", {"all": "ignore"})
"""What wraps code of another framework: those give infinities and NaN without a warning."""


def memory(x: Any) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
    """Return where an array lies: its address, the size of an element, its shape and strides in bytes."""
    return x.__array_interface__["data"][0], x.itemsize, x.shape, x.strides


def version(x: Any) -> Any:
    """Return what is another after an array was written to; None where it never is."""
    if not x.flags.writeable and not isinstance(x.base, np.ndarray):
        return None
    found = x.tobytes()
    return found if len(found) <= 256 else (len(found), hash(found))


def write_into(x: Any, value: Any) -> None:
    """Replace every element of an array in place."""
    x[...] = value
