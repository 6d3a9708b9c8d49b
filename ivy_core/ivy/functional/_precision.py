"""Half-precision inputs are computed in float32 and rounded once, as torch does for norms, softmax and activations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ivy.dtypes import dtype_of

if TYPE_CHECKING:
    from ivy.functional.typing import Array

__all__ = ["narrow", "widen"]


def widen(x: Any) -> Array:
    """Return `x`, as float32 if it is float16 or bfloat16."""
    from ivy.functional.manipulation import astype

    return astype(x, "float32") if dtype_of(x) in ("float16", "bfloat16") else x


def narrow(y: Array, like: Any) -> Array:
    """Return `y` in the dtype of `like`."""
    from ivy.functional.manipulation import astype

    dtype = dtype_of(like)
    return y if dtype_of(y) == dtype else astype(y, dtype)
