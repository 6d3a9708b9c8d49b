"""What is known of an array before it exists: its shape and its data type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ivy.dtypes import DType, as_dtype

__all__ = ["Aval", "aval_of"]


@dataclass(frozen=True, slots=True)
class Aval:
    """An abstract array.

    Args:
        shape: static shape.
        dtype: data type.

    Example:
        >>> from ivy.graph.aval import Aval
        >>> import ivy
        >>> Aval((2, 3), ivy.float32)
        float32[2, 3]
    """

    shape: tuple[int, ...]
    dtype: DType

    def __repr__(self) -> str:
        return f"{self.dtype}[{', '.join(map(str, self.shape))}]"

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements; an axis whose length depends on values, None, counts as one."""
        n = 1
        for d in self.shape:
            n *= 1 if d is None else d
        return n


def aval_of(x: Any) -> Aval:
    """Return the abstract form of any array: native, traced or `ivy.Array`."""
    found = getattr(x, "aval", None)
    if type(found) is Aval:
        return found
    return Aval(tuple(int(d) for d in x.shape), as_dtype(x.dtype))
