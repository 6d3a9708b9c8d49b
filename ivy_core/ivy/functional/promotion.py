"""The dtype in which an operation on mixed operands computes: one rule for every backend."""

from __future__ import annotations

from functools import cache
from typing import Any

from ivy.dtypes import DType, float32, result_type

__all__ = ["common_dtype"]


@cache
def common_dtype(*kinds: Any, inexact: bool = False) -> DType:
    """Return the dtype of a result, given dtypes of arrays and types of Python scalars.

    Args:
        *kinds: dtypes, or `bool`, `int`, `float`, `complex` for (weak) Python scalars.
        inexact: whether the operation has a floating-point result, which makes float32 of integers.

    Returns:
        The promoted dtype.

    Example:
        >>> from ivy.functional.promotion import common_dtype
        >>> common_dtype("int32", float), common_dtype("int32", "float16"), common_dtype("int8", inexact=True)
        ('float32', 'float16', 'float32')
    """
    found = result_type(*(kind() if isinstance(kind, type) else kind for kind in kinds))
    return found if found.is_inexact or not inexact else float32
