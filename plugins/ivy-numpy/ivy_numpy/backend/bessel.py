"""Bessel and Airy functions in SciPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special

from ivy_numpy.backend.support import floating


def _vanishing(fn: Callable[..., Any], at: Callable[..., Any]) -> Callable[..., Any]:
    """SciPy's function, with the limit 0 where its oscillations die away at infinity; SciPy gives NaN there."""
    return floating(lambda x: np.where(at(x), np.zeros_like(x), fn(x))[()], through=np.float32)


bessel_j0 = _vanishing(scipy.special.j0, np.isinf)
bessel_j1 = _vanishing(scipy.special.j1, np.isinf)
bessel_y0 = _vanishing(scipy.special.y0, np.isposinf)
bessel_y1 = _vanishing(scipy.special.y1, np.isposinf)
airy_ai = _vanishing(lambda x: scipy.special.airy(x)[0], np.isinf)
k0 = floating(scipy.special.k0, through=np.float32)
k0e = floating(scipy.special.k0e, through=np.float32)
k1 = floating(scipy.special.k1, through=np.float32)
k1e = floating(scipy.special.k1e, through=np.float32)
