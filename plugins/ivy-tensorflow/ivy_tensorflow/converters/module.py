"""Not written yet: it owns nothing, so that objects are converted as functions."""

from __future__ import annotations

from typing import Any

__all__ = ["owns"]


def owns(obj: Any) -> bool:
    """Tell whether an object is one of this system's."""
    del obj
    return False
