"""What the conversion pipeline asks of NumPy as a target, besides the functions of the API."""

from __future__ import annotations

__all__ = ["ABSTRACT_EVAL_COMPUTES", "COPY", "FOREIGN_CODE", "WRITE_BACK"]

ABSTRACT_EVAL_COMPUTES = True
"""NumPy learns a result's shape by computing it, so another framework is asked first where one is at hand."""

WRITE_BACK = "{x}[...] = {value}"
"""How generated code writes to an argument that the source writes to in place."""

COPY = "{x}.copy()"
"""How generated code keeps a value from such a write."""

FOREIGN_CODE = ("numpy.errstate", {"all": "ignore"})
"""What wraps code of another framework: those give infinities and NaN without a warning."""
