"""NumPy's type promotion (NEP 50, https://numpy.org/neps/nep-0050-scalar-promotion.html).

Python scalars are weak; NumPy's own scalars count as arrays. Unlike in `ivy`, an integer with a float gives a float
that holds both (int32 with float32: float64), and functions on floats make of an integer the smallest float that holds
it.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import ivy.functional as ops
from ivy.dtypes import ALL, DType, as_dtype, dtype_of, promote_types

__all__ = [
    "array", "as_bool", "cast", "dtype_arg", "floating", "in_range", "is_array", "mean_dtype", "promote",
    "promoted_arrays", "result_dtype", "summed_dtype",
]  # fmt: skip

_PYTHON: dict[type, DType] = {
    bool: ALL["bool"],
    int: ALL["int64"],
    float: ALL["float64"],
    complex: ALL["complex128"],
}
_CODES = {
    "?": "bool", "b1": "bool", "bool_": "bool", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64",
    "u1": "uint8",    "u2": "uint16", "u4": "uint32", "u8": "uint64", "f2": "float16", "f4": "float32", "f8": "float64",
    "c8": "complex64", "c16": "complex128", "int": "int64", "float": "float64", "complex": "complex128", "i": "int32",
    "l": "int64", "f": "float32", "d": "float64", "e": "float16", "F": "complex64", "D": "complex128", "intp": "int64",
    "uint": "uint64", "half": "float16", "single": "float32", "double": "float64", "b": "int8", "B": "uint8",
    "h": "int16", "H": "uint16", "I": "uint32", "L": "uint64", "q": "int64", "Q": "uint64", "csingle": "complex64",
    "cdouble": "complex128",
}  # fmt: skip


def is_array(x: Any) -> bool:
    """Tell whether `x` is an array rather than a Python scalar, a list or None."""
    return hasattr(x, "dtype") and hasattr(x, "shape")


def dtype_arg(dtype: Any) -> DType | None:
    """Return the `DType` of a ``dtype=`` argument: a name, a code such as ``"f4"``, a Python type or None."""
    if dtype is None or type(dtype) is DType:
        return dtype
    if isinstance(dtype, type) and dtype in _PYTHON:
        return _PYTHON[dtype]
    if isinstance(dtype, str):
        code = dtype.lstrip("<=|>")
        return as_dtype(_CODES.get(code, code))
    return as_dtype(dtype)


def cast(x: Any, dtype: Any) -> Any:
    """Return `x` in `dtype` (None: unchanged), without a call if it has it already."""
    if dtype is None or dtype_of(x) == dtype:
        return x
    return ops.astype(x, as_dtype(dtype))


def array(x: Any, dtype: Any = None) -> Any:
    """Return an array of anything array-like, with NumPy's default dtypes for Python scalars.

    Args:
        x: an array, a scalar, or nested lists of them.
        dtype: dtype of the result.
    """
    dtype = dtype_arg(dtype)
    if is_array(x):
        return cast(x, dtype)
    if isinstance(x, (list, tuple)) and any(_holds_array(v) for v in x):
        parts = [array(v) for v in x]
        target = dtype or result_dtype(*parts)
        return ops.stack([cast(p, target) for p in parts], axis=0)
    if dtype is None:
        dtype = _nested_dtype(x)
    return ops.asarray(list(x) if isinstance(x, range) else x, dtype=dtype)


def _holds_array(x: Any) -> bool:
    return any(_holds_array(v) for v in x) if isinstance(x, (list, tuple)) else is_array(x)


def _nested_dtype(x: Any) -> DType | None:
    if isinstance(x, (list, tuple, range)):
        found: DType | None = None if len(x) else ALL["float64"]
        for v in x:
            here = _nested_dtype(v)
            found = here if found is None or here is None else _promote(found, here)
        return found
    return _PYTHON.get(type(x))


@cache
def _promote(a: DType, b: DType) -> DType:
    """Return what NumPy promotes two dtypes to."""
    if a == b:
        return a
    if a.is_integer and b.is_inexact:
        a, b = b, a
    if a.is_inexact and b.is_integer:
        return promote_types(a, _float_of(b))
    if {a.kind, b.kind} == {"int", "uint"} and ALL["uint64"] in (a, b):
        return ALL["float64"]
    return promote_types(a, b)


def _float_of(dtype: DType) -> DType:
    """Return the smallest float that NumPy takes for an integer or boolean dtype."""
    bits = 8 if dtype.kind == "bool" else dtype.bits
    return ALL[{8: "float16", 16: "float32"}.get(bits, "float64")]


def _weak(dtype: DType, scalar: type) -> DType:
    """Return the dtype of an array's dtype with a Python scalar."""
    kind = {bool: "bool", int: "int", float: "float", complex: "complex"}[scalar]
    order = {"bool": 0, "int": 1, "uint": 1, "float": 2, "complex": 3}
    if order[kind] <= order[dtype.kind]:
        return dtype
    if kind == "int":
        return ALL["int64"]
    if kind == "float":
        return ALL["float64"]
    return ALL["complex64"] if dtype.is_float and dtype.bits <= 32 else ALL["complex128"]


def result_dtype(*operands: Any) -> DType:
    """Return the dtype that NumPy computes in for these operands (``numpy.result_type``).

    Args:
        *operands: arrays, dtypes and Python scalars.
    """
    found: DType | None = None
    for x in operands:
        if is_array(x) or isinstance(x, (str, DType)):
            here = dtype_of(x) if is_array(x) else as_dtype(x)
            found = here if found is None else _promote(found, here)
    scalars = [type(x) for x in operands if type(x) in _PYTHON]
    if found is None:
        found = _PYTHON[scalars[0]] if scalars else ALL["float64"]
        for s in scalars:
            found = _promote(found, _PYTHON[s])
        return found
    for s in scalars:
        found = _weak(found, s)
    return found


def promote(*operands: Any, dtype: Any = None) -> list[Any]:
    """Cast operands to the dtype that NumPy computes in; Python scalars stay where an array decides.

    Args:
        *operands: arrays, Python scalars and lists.
        dtype: the dtype to compute in instead.
    """
    given = [array(x) if isinstance(x, (list, tuple, range)) else x for x in operands]
    target = dtype_arg(dtype) or result_dtype(*given)
    if not any(is_array(x) for x in given):
        return [ops.asarray(x, dtype=target) for x in given]
    return [cast(x, target) if is_array(x) else _scalar(x, target) for x in given]


def promoted_arrays(*operands: Any, dtype: Any = None) -> list[Any]:
    """Promote as `promote` does, and make arrays of the Python scalars too, in the dtype that the others have."""
    given = promote(*operands, dtype=dtype)
    target = next(dtype_of(x) for x in given if is_array(x))
    return [array(x, target) for x in given]


def in_range(x: int, dtype: DType) -> bool:
    """Tell whether an integer dtype holds a Python integer."""
    low = 0 if dtype.kind == "uint" else -(2 ** (dtype.bits - 1))
    return low <= x < low + 2**dtype.bits


def _scalar(x: Any, target: DType) -> Any:
    """Bring a Python scalar to the kind that the computation is in, so that no backend promotes it otherwise.

    Raises:
        OverflowError: if it is an integer that the dtype does not hold, as in NumPy.
    """
    if target.is_integer and isinstance(x, int) and not in_range(x, target):
        raise OverflowError(f"Python integer {x} out of bounds for {target}")
    if target.is_complex:
        return complex(x)
    if target.is_float:
        if target == "float16" and not isinstance(x, complex) and 65520 <= abs(x) < math.inf:
            return math.copysign(math.inf, x)  # frameworks that compute half precision in single would keep it
        return float(x) if not isinstance(x, complex) else x
    return int(x) if target.is_integer and isinstance(x, bool) else x


def floating(*operands: Any, dtype: Any = None, ints: str | None = None) -> list[Any]:
    """Promote, and make floats of integers and booleans, as functions on floats do.

    Args:
        *operands: arrays and Python scalars.
        dtype: the dtype to compute in instead.
        ints: dtype for every integer, where NumPy has no smaller loops (division).
    """
    given = [array(x) if isinstance(x, (list, tuple, range)) else x for x in operands]
    target = dtype_arg(dtype) or result_dtype(*given)
    if not target.is_inexact:
        # each operand by itself: of int8 and uint8, which are int16 together, float16 holds both
        each = {dtype_of(x) for x in given if is_array(x)}
        weak = target if each == {ALL["bool"]} or not each else None  # a Python integer counts with booleans only
        floats = [_float_of(d) for d in (each if weak is None else {weak})]
        target = as_dtype(ints) if ints else result_dtype(*floats)
    return promote(*given, dtype=target)


def as_bool(x: Any) -> Any:
    """Return the truth of each element."""
    x = array(x)
    return x if dtype_of(x) == "bool" else ops.not_equal(x, 0)


def summed_dtype(x: Any, dtype: Any = None) -> DType | None:
    """Return the dtype of a sum or product over `x`: at least 64 bits for integers, None where it stays."""
    if dtype is not None:
        return dtype_arg(dtype)
    kind = dtype_of(x).kind
    return {"bool": ALL["int64"], "int": ALL["int64"], "uint": ALL["uint64"]}.get(kind)


def mean_dtype(x: Any, dtype: Any = None) -> DType:
    """Return the dtype of an average over `x`: float64 for integers."""
    if dtype is not None:
        return dtype_arg(dtype) or ALL["float64"]
    here = dtype_of(x)
    return here if here.is_inexact else ALL["float64"]
