"""Special functions of probability in SciPy."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special

from ivy_numpy.backend.special import _through_scipy
from ivy_numpy.backend.support import floating

_single: Callable[..., Any] = functools.partial(floating, through=np.float32)
tgamma = _single(scipy.special.gamma)
erfcx = _single(scipy.special.erfcx)
ndtr = _single(scipy.special.ndtr)
log_ndtr = _single(scipy.special.log_ndtr)
ndtri = _single(scipy.special.ndtri)
entr = _single(scipy.special.entr)


def rel_entr(x1: Any, x2: Any, /) -> Any:
    return _through_scipy(scipy.special.rel_entr, x1, x2)


def xlog1py(x1: Any, x2: Any, /) -> Any:
    return _through_scipy(scipy.special.xlog1py, x1, x2)
