"""Cases of exponentials, logarithms, trigonometric and hyperbolic functions, and of parts of complex numbers."""

from __future__ import annotations

import numpy as np

from ivy.testing.draw import FLOAT, SIGNED
from ivy.testing.families import binary, unary

_REAL = (*FLOAT, *SIGNED)

for _op in ("exp", "expm1", "sin", "cos", "tanh", "sinh", "cosh"):
    unary(_op, getattr(np, _op), _REAL, dtype="float")
for _op, _name in {"asin": "arcsin", "acos": "arccos", "atanh": "arctanh"}.items():
    unary(_op, getattr(np, _name), _REAL, low=-0.95, high=0.95, dtype="float")
unary("tan", np.tan, _REAL, low=-1.4, high=1.4, dtype="float", tolerance=3)
unary("atan", np.arctan, _REAL, dtype="float")
unary("asinh", np.arcsinh, _REAL, dtype="float")
unary("acosh", np.arccosh, _REAL, low=1.1, high=9, dtype="float")
binary("atan2", np.arctan2, FLOAT, dtype="float")
