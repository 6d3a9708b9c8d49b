"""What the Array API standard 2025.12 asks of a namespace besides functions: facts about dtypes and about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ivy.dtypes import ALL, DType, as_dtype, isdtype
from ivy.errors import DtypeError, IvyError

__all__ = ["__array_api_version__", "__array_namespace_info__", "finfo", "iinfo", "newaxis"]

__array_api_version__ = "2025.12"

newaxis = None

# mantissa bits (the hidden one not counted) and the exponents of the smallest normal and of the largest numbers
_FLOATS = {
    "float16": (10, -14, 15),
    "bfloat16": (7, -126, 127),
    "float32": (23, -126, 127),
    "float64": (52, -1022, 1023),
}


@dataclass(frozen=True)
class FInfo:
    """Facts about a floating-point dtype; see `finfo`."""

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    dtype: DType


@dataclass(frozen=True)
class IInfo:
    """Facts about an integer dtype; see `iinfo`."""

    bits: int
    max: int
    min: int
    dtype: DType


def _dtype_of(x: Any) -> DType:
    return as_dtype(x.dtype) if hasattr(x, "dtype") and not isinstance(x, (str, type)) else as_dtype(x)


def finfo(type: Any, /) -> FInfo:
    """Return the limits of a floating-point dtype (Array API).

    Args:
        type: a dtype or an array; for a complex one, those of its parts.

    Returns:
        An object with ``bits``, ``eps``, ``max``, ``min``, ``smallest_normal`` and ``dtype``.

    Raises:
        DtypeError: if it is no floating-point dtype.

    Example:
        >>> import ivy
        >>> ivy.finfo("bfloat16").eps
        0.0078125
    """
    dtype = _dtype_of(type)
    part = {"complex64": ALL["float32"], "complex128": ALL["float64"]}.get(str(dtype), dtype)
    if part not in _FLOATS:
        raise DtypeError(f"finfo describes floating-point dtypes, not {dtype}", hint="use ivy.iinfo for integers")
    mantissa, low, high = _FLOATS[str(part)]
    largest = (2.0 - 2.0**-mantissa) * 2.0**high
    return FInfo(part.bits, 2.0**-mantissa, largest, -largest, 2.0**low, part)


def iinfo(type: Any, /) -> IInfo:
    """Return the limits of an integer dtype (Array API).

    Args:
        type: a dtype or an array.

    Returns:
        An object with ``bits``, ``max``, ``min`` and ``dtype``.

    Raises:
        DtypeError: if it is no integer dtype.

    Example:
        >>> import ivy
        >>> ivy.iinfo("int8").min, ivy.iinfo("uint8").max
        (-128, 255)
    """
    dtype = _dtype_of(type)
    if not dtype.is_integer:
        raise DtypeError(f"iinfo describes integer dtypes, not {dtype}", hint="use ivy.finfo for floating point")
    signed = dtype.kind == "int"
    return IInfo(dtype.bits, 2 ** (dtype.bits - signed) - 1, -(2 ** (dtype.bits - 1)) if signed else 0, dtype)


class NamespaceInfo:
    """What the namespace can do on the backend that is current when it is made; see `__array_namespace_info__`."""

    def __init__(self) -> None:
        from ivy.backend import current_backend, get_backend

        self._support = get_backend(current_backend()).module

    def capabilities(self) -> dict[str, Any]:
        """Return which optional behaviours there are.

        Returns:
            ``boolean indexing`` and ``data-dependent shapes`` work outside of traces and jit.
        """
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": None}

    def default_device(self) -> str:
        """Return the device of new arrays."""
        return self.devices()[0]

    def default_dtypes(self, *, device: str | None = None) -> dict[str, DType]:
        """Return the dtypes of new arrays.

        Args:
            device: makes no difference.

        Returns:
            The dtypes by kind.
        """
        names = {"real floating": "float32", "complex floating": "complex64", "integral": "int64", "indexing": "int64"}
        return {kind: as_dtype(self._support.native_dtype(ALL[name])) for kind, name in names.items()}

    def devices(self) -> tuple[str, ...]:
        """Return the current backend's devices, the default one first."""
        listed = getattr(self._support, "devices", None)
        return ("cpu",) if listed is None else listed()

    def dtypes(self, *, device: str | None = None, kind: Any = None) -> dict[str, DType]:
        """Return the standard's dtypes that the current backend has.

        Args:
            device: makes no difference.
            kind: as in `ivy.isdtype`; None gives all.

        Returns:
            The dtypes of that kind by name; float16 and bfloat16 are none of the standard's.
        """
        wanted = [d for d in ALL.values() if d not in ("float16", "bfloat16") and (kind is None or isdtype(d, kind))]
        return {d.name: d for d in wanted if self._has(d)}

    def _has(self, dtype: DType) -> bool:
        """Tell whether the backend has a dtype: one that it narrows or refuses is none of its own."""
        try:
            return as_dtype(self._support.native_dtype(dtype)) == dtype
        except IvyError:
            return False


def __array_namespace_info__() -> NamespaceInfo:  # noqa: N807 - the standard's name
    """Return an object that says what the namespace can do (Array API).

    Returns:
        An object with ``capabilities``, ``default_device``, ``default_dtypes``, ``devices`` and ``dtypes``.

    Example:
        >>> import ivy
        >>> sorted(ivy.__array_namespace_info__().dtypes(kind="signed integer"))
        ['int16', 'int32', 'int64', 'int8']
    """
    return NamespaceInfo()
