"""Names for the annotations of the functional API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from ivy.dtypes import DType

__all__ = ["Array", "Device", "Dtype", "Scalar", "Shape"]

Array: TypeAlias = Any
"""A native array, a traced array or an `ivy.Array`."""

Dtype: TypeAlias = DType | str | None
"""A data type or its name; None leaves the choice to the op."""

Device: TypeAlias = str | None
"""``"cpu"``, ``"gpu:0"``, ...; None is the framework's default."""

Scalar: TypeAlias = bool | int | float | complex
Shape: TypeAlias = int | Sequence[int]
