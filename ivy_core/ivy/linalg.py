"""Linear algebra: the functions of the Array API standard's extension ``linalg`` and a few more."""

from __future__ import annotations

from ivy import functional
from ivy.functional.linalg import SHARED_WITH_MAIN

_public = {**{n: getattr(functional, n) for n in SHARED_WITH_MAIN}, **functional.namespace("linalg")}
__all__ = list(_public)
globals().update(_public)
