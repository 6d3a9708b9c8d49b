"""Cases of comparisons, predicates, logic and bits."""

from __future__ import annotations

import numpy as np

from ivy.testing.draw import ANY, BOOL, INTEGER, NUMERIC, REAL
from ivy.testing.families import binary, unary

for _op in ("equal", "not_equal"):
    binary(_op, getattr(np, _op), ANY, dtype="bool")
for _op in ("less", "less_equal", "greater", "greater_equal"):
    binary(_op, getattr(np, _op), REAL, dtype="bool")
for _op in ("isfinite", "isinf", "isnan"):
    unary(_op, getattr(np, _op), NUMERIC, dtype="bool")
for _op in ("logical_and", "logical_or", "logical_xor"):
    binary(_op, getattr(np, _op), ANY, low=-1, high=1, dtype="bool")
unary("logical_not", np.logical_not, ANY, low=-1, high=1, dtype="bool")
for _op in ("bitwise_and", "bitwise_or", "bitwise_xor"):
    binary(_op, getattr(np, _op), (*INTEGER, *BOOL), low=-99, high=99)
unary("bitwise_invert", np.bitwise_invert, (*INTEGER, *BOOL), low=-99, high=99)
for _op, _name in {"bitwise_left_shift": "left_shift", "bitwise_right_shift": "right_shift"}.items():
    binary(_op, getattr(np, _name), INTEGER, low=-99, high=99, low2=0, high2=6)
