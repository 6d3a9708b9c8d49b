"""NumPy's API on `ivy.functional`; never imports NumPy.

`call`, `supports`, `wrap` and `unwrap` are what lowering uses. The functions lie in modules that mirror NumPy's
(``linalg.py``, ``fft.py``; chapters of the main namespace say so) and are imported on first use.
"""

from __future__ import annotations

from ivy_numpy.frontend.ndarray import ndarray
from ivy_numpy.frontend.table import numpy as frontend

__all__ = ["call", "frontend", "ndarray", "supports", "unwrap", "wrap"]

supports = frontend.supports
call = frontend.call
wrap = frontend.wrap
unwrap = frontend.unwrap
