"""torch's ``Tensor``: a mutable array whose methods are the functions of the table."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import ivy
from ivy import dtypes
from ivy.dtypes import DType, dtype_of
from ivy.frontends.runtime import OPERATORS, REFLECTED, Cell
from ivy_torch.frontend.table import torch

__all__ = ["Tensor"]

_PROPERTIES = ("H", "T", "data", "imag", "mH", "mT", "real")
_SELF = frozenset({"input", "self", "tensor"})


def _method(path: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return torch.call(path, (self, *args), kwargs)

    method.__name__ = path.rpartition(".")[2]
    method.__qualname__ = path.removeprefix("torch.")
    return method


class Tensor(Cell):
    """A torch tensor over any backend's array.

    Args:
        value: the array.

    Example:
        >>> import numpy as np
        >>> import ivy.frontends.torch as torch
        >>> x = torch.Tensor(np.zeros((2, 2)))
        >>> x[0] += 1
        >>> x.value.tolist()
        [[1.0, 1.0], [0.0, 0.0]]
    """

    __slots__ = ("grad", "requires_grad")
    __ivy_rank__ = 3

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.requires_grad = False
        self.grad = None

    @classmethod
    def __attach__(cls) -> None:
        """Give the class a method for each function that takes a tensor first, with its in-place and operator forms."""
        own = set(vars(cls)) | {"assign", "over", "rebind", "value", "written"}
        for path, entry in list(torch.entries.items()):
            namespace, _, name = path.rpartition(".")
            if namespace != "torch.Tensor" and (
                namespace != "torch" or not entry.parameters or entry.parameters[0] not in _SELF
            ):
                continue
            full = f"torch.Tensor.{name}"
            if name in _PROPERTIES:
                setter = _method(f"{full}.__set__") if torch.supports(f"{full}.__set__") else None
                setattr(cls, name, property(_method(full), setter))
                continue
            for each in (name,) if name.endswith("_") or entry.kind == "cells" else (name, name + "_"):
                if each not in own:
                    setattr(cls, each, _method(f"torch.Tensor.{each}"))
        for name in OPERATORS:
            forms = (f"__{name}__", f"__r{name}__", f"__i{name}__") if name in REFLECTED else (f"__{name}__",)
            for each in forms:
                if torch.supports(f"torch.Tensor.{each}"):
                    setattr(cls, each, _method(f"torch.Tensor.{each}"))
        setattr(cls, "view", _method("torch.Tensor.view"))  # noqa: B010  # the cell's own method serves the runtime only

    # -- facts --------------------------------------------------------------------------------------------------------

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
    def device(self) -> str:
        """Placement is the backend's affair."""
        return "cpu"

    def size(self, dim: int | None = None) -> Any:
        """Return the sizes, or that of one axis."""
        return self.shape if dim is None else self.shape[dim]

    def dim(self) -> int:
        """Return the number of axes."""
        return self.ndim

    def numel(self) -> int:
        """Return the number of elements."""
        return math.prod(self.shape)

    def element_size(self) -> int:
        """Return the bytes of an element."""
        return self.dtype.itemsize

    def is_floating_point(self) -> bool:
        """Tell whether the dtype is a real floating-point one."""
        return self.dtype.is_float

    def is_complex(self) -> bool:
        """Tell whether the dtype is complex."""
        return self.dtype.is_complex

    def is_contiguous(self, memory_format: Any = None) -> bool:
        """Tell that the elements lie in order: layout is the backend's affair."""
        del memory_format
        return True

    def stride(self, dim: int | None = None) -> Any:
        """Return the strides of a contiguous array of this shape."""
        strides = tuple(math.prod(self.shape[i + 1 :]) for i in range(self.ndim))
        return strides if dim is None else strides[dim]

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Note that gradients are wanted."""
        self.requires_grad = requires_grad
        return self

    # -- leaving the frontend -----------------------------------------------------------------------------------------

    def item(self) -> Any:
        """Return the only element as a Python scalar."""
        kind = self.dtype.kind
        cast: type = {"bool": bool, "int": int, "uint": int, "float": float, "complex": complex}[kind]
        return cast(self.value if not self.shape else ivy.reshape(self.value, ()))

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
        if not self.dtype.is_integer and self.dtype != "bool":
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self.item())

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a 0-d tensor")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))  # type: ignore[index]

    def __contains__(self, x: Any) -> bool:
        return bool((self == x).any())

    def __repr__(self) -> str:
        return f"tensor({self.value!r})"

    __hash__ = object.__hash__


torch.cell = Tensor
torch.constants.update({"torch.Tensor": Tensor, "torch.nn.Parameter": Tensor})
torch.constants.update({f"torch.{name}": dtypes.ALL[name] for name in dtypes.ALL})
torch.constants.update(
    {
        f"torch.{name}": dtypes.ALL[dtype]
        for name, dtype in {
            "float": "float32",
            "double": "float64",
            "half": "float16",
            "short": "int16",
            "int": "int32",
            "long": "int64",
            "cfloat": "complex64",
            "cdouble": "complex128",
        }.items()
    }
)
torch.constants.update(
    {"torch.inf": math.inf, "torch.nan": math.nan, "torch.pi": math.pi, "torch.e": math.e, "torch.newaxis": None}
)


# What only makes sense on the mutable tensor itself. Everything else is a function in one of the other modules.


@torch.cells("torch.Tensor.copy_")
def _copy_(self: Any, src: Any, non_blocking: bool = False) -> Any:
    self.assign(src.value if isinstance(src, Cell) else src)
    return self


@torch.cells("torch.Tensor.zero_")
def _zero_(self: Any) -> Any:
    self.assign(0)
    return self


@torch.cells("torch.Tensor.set_", "torch.Tensor.data.__set__")
def _set_(self: Any, source: Any) -> Any:
    self.rebind(source if isinstance(source, Cell) else Tensor(source))
    return self


@torch.view("torch.Tensor.data", "torch.Tensor.detach", "torch.detach", put=ivy.straight_through)
def _detach(self: Any) -> Any:
    return ivy.stop_gradient(self)


@torch.view("torch.Tensor.alias", "torch.ops.aten.alias", "torch.Tensor.view_as_self", put="same")
def _alias(self: Any) -> Any:
    return self
