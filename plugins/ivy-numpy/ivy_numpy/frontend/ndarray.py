"""NumPy's ``ndarray``: a mutable array whose methods are the functions of the table."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import ivy.functional as ops
from ivy.dtypes import DType, dtype_of
from ivy.frontends.runtime import REFLECTED, Cell
from ivy_numpy.frontend.table import OPERATORS, numpy

__all__ = ["ndarray"]

_METHODS = (
    "all", "any", "argmax", "argmin", "argpartition", "argsort", "astype", "choose", "clip", "compress", "conj",
    "conjugate", "copy", "cumprod", "cumsum", "diagonal", "dot", "fill", "flatten", "max", "mean", "min", "nonzero",
    "partition", "prod", "put", "ravel", "repeat", "reshape", "round", "searchsorted", "sort", "squeeze", "std", "sum",
    "swapaxes", "take", "trace", "transpose", "var", "view",
)  # fmt: skip
_PROPERTIES = ("T", "imag", "mT", "real")


def _method(path: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return numpy.call(path, (self, *args), kwargs)

    method.__name__ = path.rpartition(".")[2]
    method.__qualname__ = path.removeprefix("numpy.")
    return method


class ndarray(Cell):
    """A NumPy array over any backend's array.

    Args:
        value: the array.

    Example:
        >>> import ivy.frontends.numpy as np
        >>> x = np.zeros((2, 2))
        >>> x[0] += 1
        >>> x.tolist()
        [[1.0, 1.0], [0.0, 0.0]]
    """

    __slots__ = ()
    __ivy_rank__ = 3
    resized_by_out = False

    @classmethod
    def __attach__(cls) -> None:
        """Give the class its methods and operators."""
        for name in _METHODS:
            if numpy.supports(f"numpy.ndarray.{name}"):
                setattr(cls, name, _method(f"numpy.ndarray.{name}"))
        for name in _PROPERTIES:
            setattr(cls, name, property(_method(f"numpy.ndarray.{name}")))
        for name in OPERATORS:
            forms = (f"__{name}__", f"__r{name}__", f"__i{name}__") if name in REFLECTED else (f"__{name}__",)
            for each in forms:
                setattr(cls, each, _method(f"numpy.ndarray.{each}"))

    def __getitem__(self, key: Any) -> Any:
        return numpy.call("numpy.ndarray.__getitem__", (self, key), {})

    def __setitem__(self, key: Any, value: Any) -> None:
        numpy.call("numpy.ndarray.__setitem__", (self, key, value), {})

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the axes."""
        return tuple(self.value.shape)

    @property
    def dtype(self) -> DType:
        """Data type."""
        return dtype_of(self.value)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.value.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return self.dtype.itemsize

    def item(self) -> Any:
        """Return the only element as a Python scalar."""
        kind = self.dtype.kind
        scalar: type = {"bool": bool, "int": int, "uint": int, "float": float, "complex": complex}[kind]
        return scalar(self.value if not self.shape else ops.reshape(self.value, ()))

    def tolist(self) -> Any:
        """Return nested lists of Python scalars."""
        return [x.tolist() for x in self] if self.shape else self.item()

    def __bool__(self) -> bool:
        return bool(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> int:
        if not self.dtype.is_integer:
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return int(self.item())

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        return f"array({self.value!r})"

    __hash__ = None  # type: ignore[assignment]


numpy.cell = ndarray
numpy.constants["numpy.ndarray"] = ndarray
