"""Cases of exponentials, logarithms, trigonometric and hyperbolic functions, and of parts of complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import as_dtype, result_type
from ivy.testing.draw import COMPLEX, NUMERIC, REAL
from ivy.testing.families import binary, unary


def _both(op: str, reference: Any, **options: Any) -> None:
    """Register cases for real and for complex numbers."""
    unary(op, reference, REAL, dtype="float", **options)
    options = {k: v for k, v in options.items() if k not in ("low", "high")}
    unary(op, reference, COMPLEX, low=-2, high=2, special=False, name="complex", **options)


for _op in ("exp", "expm1", "sin", "cos", "tanh", "sinh", "cosh"):
    _both(_op, getattr(np, _op))
for _op, _name in {"asin": "arcsin", "acos": "arccos", "atanh": "arctanh"}.items():
    _both(_op, getattr(np, _name), low=-0.95, high=0.95)
_both("tan", np.tan, low=-1.4, high=1.4, tolerance=3)
_both("atan", np.arctan)
_both("asinh", np.arcsinh)
_both("acosh", np.arccosh, low=1.1, high=9)
for _op in ("log", "log2", "log10"):
    _both(_op, getattr(np, _op), low=0.1, high=9)
_both("log1p", np.log1p, low=-0.9, high=9)
unary("exp2", np.exp2, REAL, dtype="float")
unary("sinc", np.sinc, REAL, dtype="float")
for _op in ("rad2deg", "deg2rad"):
    unary(_op, getattr(np, _op), REAL, low=-400, high=400, dtype="float")
for _op, _name in {"atan2": "arctan2", "logaddexp": "logaddexp"}.items():
    binary(_op, getattr(np, _name), REAL, dtype="float")

# Complex numbers

for _op in ("real", "imag"):
    unary(_op, getattr(np, _op), NUMERIC, dtype="part")
unary("conj", np.conj, NUMERIC)
unary("angle", np.angle, NUMERIC, dtype="real")


def _complex(re: Any, im: Any) -> Any:
    re, im = np.broadcast_arrays(re, im)
    return np.stack([re, im], axis=-1).astype("float64").view("complex128")[..., 0]


def _complex_dtype(re: Any, im: Any) -> Any:
    return as_dtype("complex128" if result_type(re, im) == "float64" else "complex64")


binary("complex", _complex, ("float32", "float64"), dtype=_complex_dtype)
