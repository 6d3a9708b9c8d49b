"""Cases of Bessel and Airy functions."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from ivy.testing.draw import REAL
from ivy.testing.families import unary


def _vanishing(f: Any) -> Any:
    """Return a function that is 0 at the infinities where `f` is defined; SciPy has not-a-number there."""
    return lambda x: np.where(np.isinf(x) & ~np.isnan(f(np.copysign(1.0, x))), 0.0, f(x))


for _op, _reference in {
    "bessel_j0": special.j0,
    "bessel_j1": special.j1,
    "spherical_bessel_j0": lambda x: np.sinc(x / np.pi),
    "airy_ai": lambda x: special.airy(x)[0],
}.items():
    unary(_op, _vanishing(_reference), REAL, low=-9, high=9, dtype="float", tolerance=4)
for _op, _reference in {
    "bessel_y0": special.y0,
    "bessel_y1": special.y1,
    "k0": special.k0,
    "k0e": special.k0e,
    "k1": special.k1,
    "k1e": special.k1e,
}.items():
    unary(_op, _vanishing(_reference), REAL, low=0.3, high=9, dtype="float", tolerance=4)
    unary(_op, _vanishing(_reference), REAL, dtype="float", tolerance=4, gradient=False, name="outside")
