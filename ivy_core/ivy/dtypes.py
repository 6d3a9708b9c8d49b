"""Data types of the functional API and the rules by which they mix.

A `DType` compares equal to its name and hashes like it, so that tables may be keyed by either, and prints as that name
in quotes. It is no string: the standard tells a dtype from the name of a kind by that. Promotion follows the Array API
standard 2025.12, section "Type promotion rules", and fixes what the standard leaves open in one way for every
backend: an integer mixed with a float gives that float's dtype, and Python scalars are weak.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any

from ivy.errors import DtypeError

__all__ = [
    "DType",
    "bfloat16",
    "bool",
    "can_cast",
    "complex128",
    "complex64",
    "dtype_of",
    "float16",
    "float32",
    "float64",
    "isdtype",
    "int16",
    "int32",
    "int64",
    "int8",
    "promote_types",
    "result_type",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
]


class DType(Enum):
    """One data type, equal to its own name.

    Example:
        >>> import ivy
        >>> ivy.float32 == "float32", ivy.float32.kind, ivy.float32.bits
        (True, 'float', 32)
    """

    bool = ("bool", 8)
    int8 = ("int", 8)
    int16 = ("int", 16)
    int32 = ("int", 32)
    int64 = ("int", 64)
    uint8 = ("uint", 8)
    uint16 = ("uint", 16)
    uint32 = ("uint", 32)
    uint64 = ("uint", 64)
    float16 = ("float", 16)
    bfloat16 = ("float", 16, "brain")
    float32 = ("float", 32)
    float64 = ("float", 64)
    complex64 = ("complex", 64)
    complex128 = ("complex", 128)

    def __init__(self, kind: str, bits: int, _: str = "") -> None:
        self.kind = kind
        """``"bool"``, ``"int"``, ``"uint"``, ``"float"`` or ``"complex"``."""
        self.bits = bits
        """Size of one element."""

    def __eq__(self, other: object) -> builtins.bool:
        return self is other or (isinstance(other, str) and self._name_ == other)

    __hash__ = Enum.__hash__  # that of the name

    def __str__(self) -> str:
        return self._name_

    def __repr__(self) -> str:
        return repr(self._name_)

    def __format__(self, spec: str) -> str:
        return format(self._name_, spec)

    @property
    def __numpy_dtype__(self) -> Any:
        """The dtype that NumPy (2.4 and later) takes for this one."""
        numpy = sys.modules["numpy"]
        return numpy.dtype(import_module("ml_dtypes").bfloat16 if self is DType.bfloat16 else self._name_)

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return max(1, self.bits // 8)

    @property
    def is_float(self) -> builtins.bool:
        """Whether it is a real floating-point type."""
        return self.kind == "float"

    @property
    def is_integer(self) -> builtins.bool:
        """Whether it is a signed or unsigned integer type."""
        return self.kind in ("int", "uint")

    @property
    def is_complex(self) -> builtins.bool:
        """Whether it is a complex type."""
        return self.kind == "complex"

    @property
    def is_inexact(self) -> builtins.bool:
        """Whether it is a real or complex floating-point type."""
        return self.kind in ("float", "complex")


bool = DType.bool
int8, int16, int32, int64 = DType.int8, DType.int16, DType.int32, DType.int64
uint8, uint16, uint32, uint64 = DType.uint8, DType.uint16, DType.uint32, DType.uint64
float16, bfloat16, float32, float64 = DType.float16, DType.bfloat16, DType.float32, DType.float64
complex64, complex128 = DType.complex64, DType.complex128

ALL: dict[str, DType] = {str(d): d for d in DType}

_SCALARS: dict[type, str] = {builtins.bool: "bool", int: "int", float: "float", complex: "complex"}
_RANK = {"bool": 0, "int": 1, "uint": 1, "float": 2, "complex": 3}


def as_dtype(dtype: Any) -> DType:
    """Turn a name, a Python scalar type or any framework's dtype object into a `DType`.

    Args:
        dtype: ``"float32"``, ``float``, ``torch.float32``, ``np.dtype("float32")``, ...

    Returns:
        The `DType` of that name.

    Raises:
        DtypeError: if nothing by that name exists.

    Example:
        >>> from ivy.dtypes import as_dtype
        >>> as_dtype("int64").kind
        'int'
    """
    if type(dtype) is DType:
        return dtype
    try:
        return _BY_OBJECT[dtype]
    except (KeyError, TypeError):
        found = _parse(dtype)
    try:
        _BY_OBJECT[dtype] = found
    except TypeError:
        pass  # an unhashable dtype object is parsed anew each time
    return found


_BY_OBJECT: dict[Any, DType] = {**ALL, builtins.bool: bool, int: int64, float: float32, complex: complex64}


def _parse(dtype: Any) -> DType:
    # numpy and jax scalar types (np.float32) carry __name__, np.dtype carries .name, torch prints "torch.float32"
    for name in (getattr(dtype, "name", None), getattr(dtype, "__name__", None), str(dtype).rpartition(".")[2]):
        if isinstance(name, str) and name.lower() in ALL:  # Paddle's dtypes are named "FLOAT32"
            return ALL[name.lower()]
        if name == "bool_":
            return bool
    raise DtypeError(
        f"there is no dtype {dtype!r}",
        hint="use one of: " + ", ".join(ALL),
    )


def dtype_of(x: Any) -> DType:
    """Return the `DType` of any array: native, traced or `ivy.Array`.

    Args:
        x: an array of any framework.

    Returns:
        Its data type.

    Example:
        >>> import numpy as np
        >>> from ivy.dtypes import dtype_of
        >>> dtype_of(np.zeros(2, dtype="int8"))
        'int8'
    """
    return as_dtype(x.dtype)


_FLOATS = [float16, float32, float64]


@cache
def _promote(a: DType, b: DType) -> DType:
    if a == b:
        return a
    if _RANK[a.kind] > _RANK[b.kind]:
        a, b = b, a
    if a.kind == "bool" or (a.is_integer and b.kind == "float"):
        return b
    if b.is_complex:
        if a.is_complex or (a.kind == "float" and a.bits == 64):
            return complex128
        return b
    if b.kind == "float":
        if {a, b} == {bfloat16, float16}:
            return float32
        return a if a.bits > b.bits else b
    if a.kind == b.kind:
        return a if a.bits > b.bits else b
    signed, unsigned = (a, b) if a.kind == "int" else (b, a)
    bits = max(signed.bits, 2 * unsigned.bits)
    if bits > 64:
        return int64  # uint64 with a signed type: int64 everywhere, never a silent float
    return ALL[f"int{bits}"]


def promote_types(a: Any, b: Any, /) -> DType:
    """Return the dtype that two dtypes promote to.

    Args:
        a: a dtype.
        b: a dtype.

    Returns:
        Array API promotion where it is defined; an integer with a float gives the float.

    Example:
        >>> import ivy
        >>> ivy.promote_types("int64", "float16"), ivy.promote_types("int8", "uint8")
        ('float16', 'int16')
    """
    return _promote(as_dtype(a), as_dtype(b))


def result_type(*arrays_and_dtypes: Any) -> DType:
    """Return the dtype that an operation on these operands computes in (Array API ``result_type``).

    Args:
        *arrays_and_dtypes: arrays, dtypes or Python scalars; scalars are weak.

    Returns:
        The common dtype.

    Raises:
        DtypeError: if no array and no dtype is among the arguments.

    Example:
        >>> import ivy
        >>> ivy.result_type("float32", 1.0), ivy.result_type("int32", 1.0)
        ('float32', 'float32')
    """
    found: DType | None = None
    weak: list[str] = []
    for item in arrays_and_dtypes:
        if type(item) in _SCALARS:
            weak.append(_SCALARS[type(item)])
            continue
        here = as_dtype(item.dtype) if hasattr(item, "dtype") and not isinstance(item, (str, type)) else as_dtype(item)
        found = here if found is None else _promote(found, here)
    if found is None:
        if not weak:
            raise DtypeError("result_type needs at least one array, dtype or scalar")
        return as_dtype(
            max(weak, key=_RANK.__getitem__)
            .replace("float", "float32")
            .replace("complex", "complex64")
            .replace("int", "int64")
        )
    for kind in weak:
        found = weak_result(found, kind)
    return found


def weak_result(dtype: DType, kind: str) -> DType:
    """Return what `dtype` becomes when mixed with a Python scalar of `kind`; only a higher kind changes it."""
    if _RANK[kind] <= _RANK[dtype.kind]:
        return dtype
    if kind == "int":
        return int64
    if kind == "float":
        return float32
    return complex128 if dtype == float64 else complex64


def wrapped(number: int, dtype: DType) -> int:
    """Return an integer as an integer dtype stores it: out of range it wraps around, as in C."""
    low = 0 if dtype.kind == "uint" else -(1 << (dtype.bits - 1))
    return (number - low) % (1 << dtype.bits) + low


def can_cast(from_: Any, to: Any, /) -> builtins.bool:
    """Tell whether `from_` promotes to `to` without loss of kind (Array API ``can_cast``).

    Args:
        from_: a dtype or an array.
        to: a dtype.

    Returns:
        Whether promoting the two gives `to`.

    Example:
        >>> import ivy
        >>> ivy.can_cast("int8", "int32"), ivy.can_cast("float64", "float32")
        (True, False)
    """
    a = as_dtype(from_.dtype) if hasattr(from_, "dtype") else as_dtype(from_)
    b = as_dtype(to)
    return _promote(a, b) == b


def isdtype(dtype: Any, kind: str | DType | tuple[Any, ...]) -> builtins.bool:
    """Tell whether a dtype is of a kind (Array API ``isdtype``).

    Args:
        dtype: a dtype.
        kind: a dtype, ``"bool"``, ``"signed integer"``, ``"unsigned integer"``, ``"integral"``,
            ``"real floating"``, ``"complex floating"``, ``"numeric"``, or a tuple of these.

    Returns:
        Whether it belongs to any of them.

    Example:
        >>> import ivy
        >>> ivy.isdtype("int32", "integral")
        True
    """
    d = as_dtype(dtype)
    kinds: Iterable[Any] = kind if isinstance(kind, tuple) else (kind,)
    groups = {
        "bool": ("bool",),
        "signed integer": ("int",),
        "unsigned integer": ("uint",),
        "integral": ("int", "uint"),
        "real floating": ("float",),
        "complex floating": ("complex",),
        "numeric": ("int", "uint", "float", "complex"),
    }
    return any(d.kind in groups[k] if k in groups else d == as_dtype(k) for k in kinds)
