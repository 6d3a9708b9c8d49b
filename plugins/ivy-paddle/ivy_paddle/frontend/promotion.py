"""Dtypes and static arguments as PaddlePaddle reads them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import DType, as_dtype, dtype_of, float32, int64, result_type, wrapped
from ivy.errors import DataDependentError

__all__ = ["axes_of", "cast", "fill", "floating", "integers", "is_array", "known", "like", "match", "summed"]


def is_array(x: Any) -> bool:
    """Tell whether `x` is an array rather than a Python scalar."""
    return hasattr(x, "dtype") and hasattr(x, "shape")


def cast(x: Any, dtype: Any) -> Any:
    """Return `x` in a dtype (None: unchanged), without a call if it has it already."""
    return x if dtype is None or dtype_of(x) == as_dtype(dtype) else ops.astype(x, as_dtype(dtype))


def floating(x: Any) -> Any:
    """Cast integers and booleans to float32, as paddle's kernels do."""
    return x if not is_array(x) or dtype_of(x).is_inexact else ops.astype(x, float32)


def match(*operands: Any) -> tuple[Any, ...]:
    """Bring arrays to their common dtype, for ops that don't promote."""
    dtypes = {dtype_of(x) for x in operands if is_array(x)}
    if len(dtypes) < 2:
        return operands
    target = result_type(*[x for x in operands if is_array(x)])
    return tuple(cast(x, target) if is_array(x) else x for x in operands)


def like(value: Any, x: Any) -> Any:
    """Return a Python number as one of the kind of an array's dtype; an array cast to it."""
    dtype = dtype_of(x)
    if is_array(value):
        return cast(value, dtype)
    if dtype == "bool":
        return bool(value)
    return int(value) if dtype.is_integer else value


def fill(value: Any, dtype: DType | None) -> Any:
    """Return a number as one of the kind of a dtype."""
    if dtype is None or is_array(value):
        return value
    if dtype == "bool":
        return bool(value)
    return wrapped(int(value), dtype) if dtype.is_integer and math.isfinite(value) else value


def integers(x: Any, what: str = "shape") -> tuple[int, ...]:
    """Return a static argument as a tuple of ints.

    Args:
        x: an int, or a sequence of ints.
        what: its name, for the error.

    Raises:
        DataDependentError: if it is an array whose values are not known.
    """
    if isinstance(x, Sequence):
        return tuple(known(v, what) for v in x)
    return (known(x, what),)


def known(x: Any, what: str = "shape") -> int:
    """Return a static argument as an int.

    Raises:
        DataDependentError: if it is an array whose value is not known.
    """
    if isinstance(x, (int, float)) and not is_array(x):
        return int(x)
    try:
        return int(x)
    except (TypeError, DataDependentError) as error:
        raise DataDependentError(
            f"the {what} depends on the value of a tensor",
            hint=f"compute the {what} from sizes of tensors or Python numbers, which are static",
        ) from error


def axes_of(axis: Any) -> Any:
    """Return a reduction's axes: None for all."""
    if axis is None:
        return None
    found = integers(axis, "axis")
    return found or None


def summed(x: Any, dtype: Any = None) -> Any:
    """Return the dtype of a running sum: int64 for integers and booleans, None where it stays."""
    if dtype is not None:
        return as_dtype(dtype)
    return None if dtype_of(x).is_inexact else int64
