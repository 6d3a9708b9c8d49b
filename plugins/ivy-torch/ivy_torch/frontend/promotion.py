"""Torch's type promotion, in one place for every function of more than one operand.

Torch has three categories of operands: tensors with dimensions, 0-d tensors, and Python scalars. A lower category
changes the result's dtype only if its kind (bool < int < float < complex) is higher. `ivy` has two, arrays and Python
scalars, so 0-d operands are cast where that matters and nothing is added to the graph where it does not.
See https://pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import (
    DType,
    as_dtype,
    complex64,
    complex128,
    dtype_of,
    float32,
    int64,
    promote_types,
    result_type,
    wrapped,
)
from ivy.dtypes import bool as bool_

__all__ = [
    "broadcast_match", "cast", "dtype_arg", "fitted", "floating", "in_single", "inexact", "is_array", "match",
    "promote",
    "result_dtype",
    "summed_dtype",
]  # fmt: skip

_SCALARS: dict[type, DType] = {bool: bool_, int: int64, float: float32, complex: complex64}


def is_array(x: Any) -> bool:
    """Tell whether `x` is an array rather than a Python scalar, a dtype or None."""
    return hasattr(x, "dtype") and hasattr(x, "shape")


def dtype_arg(dtype: Any) -> DType | None:
    """Return the `DType` of a ``dtype=`` argument: a `torch.dtype`, its name or None."""
    return None if dtype is None else as_dtype(dtype)


def cast(x: Any, dtype: Any) -> Any:
    """Return `x` in `dtype` (None: unchanged), without a call if it has it already."""
    if dtype is None or dtype_of(x) == dtype:
        return x
    return ops.astype(x, as_dtype(dtype))


def _combine(higher: DType | None, lower: DType | None) -> DType | None:
    if higher is None or lower is None:
        return lower if higher is None else higher
    if higher.is_complex:
        return higher
    if higher.is_float:
        if lower.is_complex:
            return complex128 if higher.bits == 64 else complex64
        return higher
    if higher.kind == "bool" or lower.is_inexact:
        return promote_types(higher, lower)
    return higher


def result_dtype(*operands: Any) -> DType:
    """Return the dtype that torch computes in for these operands (``torch.result_type`` of any number).

    Args:
        *operands: arrays and Python scalars.

    Returns:
        The common dtype.
    """
    levels: list[DType | None] = [None, None, None]
    for x in operands:
        if is_array(x):
            level, dtype = (0 if len(x.shape) else 1), dtype_of(x)
        elif type(x) in _SCALARS:
            level, dtype = 2, _SCALARS[type(x)]
        else:
            continue
        known = levels[level]
        levels[level] = dtype if known is None else promote_types(known, dtype)
    found = _combine(_combine(levels[0], levels[1]), levels[2])
    return float32 if found is None else found


def promote(*operands: Any) -> tuple[Any, ...]:
    """Prepare operands so that ivy's promotion gives torch's result dtype.

    Args:
        *operands: arrays and Python scalars.

    Returns:
        The operands; arrays are cast only where ivy would decide otherwise than torch. If all are Python scalars, the
        first becomes an array.
    """
    dtypes = {dtype_of(x) for x in operands if is_array(x)}
    if len(dtypes) == 1 and all(is_array(x) for x in operands):
        return operands
    target = result_dtype(*operands)
    if target.is_integer:
        operands = tuple(fitted(x, target) if type(x) is int else x for x in operands)
    if len(dtypes) == 1:
        return operands
    if not dtypes:
        return (ops.asarray(operands[0], dtype=target), *operands[1:])
    if result_type(*[x for x in operands if is_array(x) or type(x) in _SCALARS]) == target:
        return operands
    return tuple(cast(x, target) if is_array(x) else x for x in operands)


def inexact(*operands: Any) -> tuple[Any, ...]:
    """Promote operands of a function on floats: integers only give float32, else the floats decide."""
    target = result_dtype(*operands)
    if not target.is_inexact:
        target = float32
    found = [cast(x, target) if is_array(x) else x for x in operands]
    if not any(is_array(x) for x in found):
        found[0] = ops.asarray(found[0], dtype=target)
    return tuple(float(x) if isinstance(x, (bool, int)) else x for x in found)


def broadcast_match(*operands: Any) -> tuple[Any, ...]:
    """Broadcast arrays, then cast them to their common dtype: a 0-d tensor counts like any other."""
    shapes = {tuple(x.shape) for x in operands}
    return match(*(ops.broadcast_arrays(*operands) if len(shapes) > 1 else operands))


def match(*operands: Any) -> tuple[Any, ...]:
    """Cast all arrays among the operands to their common dtype, for ops that don't promote (concat, scatter, solve)."""
    target = result_dtype(*operands)
    return tuple(cast(x, target) if is_array(x) else x for x in operands)


def fitted(value: Any, dtype: DType) -> Any:
    """Return a Python scalar as torch stores it in `dtype`: truncated to an integer, which wraps around.

    Args:
        value: a Python scalar; anything else is returned as it is.
        dtype: where it goes.
    """
    if type(value) not in _SCALARS or dtype.is_inexact:
        return value
    if dtype.kind == "bool":
        return bool(value)
    if isinstance(value, complex):
        return value
    return wrapped(int(value), dtype)


_HALF = {"float16": (2.0**-14, 65504.0), "bfloat16": (2.0**-126, 3.3895313892515355e38)}


def _held(x: Any, dtype: DType) -> bool:
    """Whether an operand is the same number in half precision; one without axes is known when the code runs only."""
    if is_array(x):
        return len(x.shape) > 0 or dtype_of(x) == dtype or dtype_of(x).kind == "bool"
    low, high = _HALF[str(dtype)]
    return not isinstance(x, (int, float)) or x == 0 or x != x or abs(x) == float("inf") or low <= abs(x) <= high


def in_single(f: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function of two operands compute in float32 where half precision doesn't hold one of them, as torch does.

    Args:
        f: called with the operands.

    Returns:
        The function; what it gives is of the operands' dtype again.
    """

    def call(a: Any, b: Any) -> Any:
        target = result_dtype(a, b)
        if str(target) not in _HALF or (_held(a, target) and _held(b, target)):
            return f(a, b)
        found = f(*[cast(x, float32) if is_array(x) else x for x in (a, b)])
        return cast(found, target) if dtype_of(found) == float32 else found

    return call


def floating(x: Any) -> Any:
    """Cast integers and booleans to torch's default dtype, float32."""
    return x if dtype_of(x).is_inexact else ops.astype(x, float32)


def summed_dtype(x: Any, dtype: Any = None) -> DType | None:
    """Return the dtype of a sum or product over `x`: int64 for any integer, None where it stays."""
    if dtype is not None:
        return as_dtype(dtype)
    return None if dtype_of(x).is_inexact else int64


def shape_of(size: Sequence[Any]) -> tuple[int, ...]:
    """Return a size given as ``f(2, 3)`` or ``f((2, 3))`` as a tuple of ints.

    Args:
        size: the function's ``*size``.
    """
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = size[0]
    return tuple(int(n) for n in size)
