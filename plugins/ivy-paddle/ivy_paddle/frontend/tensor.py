"""PaddlePaddle's ``Tensor``: a mutable array whose methods are the functions of the table."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import ivy.functional as ops
from ivy import dtypes
from ivy.dtypes import DType, dtype_of
from ivy.frontends.runtime import OPERATORS, REFLECTED, Cell
from ivy_paddle.frontend.table import frontend

__all__ = ["Tensor"]

_SELF = frozenset({"x", "input", "self", "real", "condition"})
_TAKEN = frozenset({"assign", "over", "rebind", "value", "written", "to_tensor", "shape", "dtype", "rank", "is_tensor"})


def _method(path: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return frontend.call(path, (self, *args), kwargs)

    method.__name__ = path.rpartition(".")[2]
    method.__qualname__ = path.removeprefix("paddle.")
    return method


class Tensor(Cell):
    """A paddle tensor over any backend's array.

    Args:
        value: the array.

    Example:
        >>> import numpy as np
        >>> import ivy.frontends.paddle as paddle
        >>> x = paddle.Tensor(np.zeros((2, 2)))
        >>> x[0] += 1
        >>> x.value.tolist()
        [[1.0, 1.0], [0.0, 0.0]]
    """

    __slots__ = ("grad", "stop_gradient")
    __ivy_rank__ = 3

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.stop_gradient = True
        self.grad = None

    @classmethod
    def __attach__(cls) -> None:
        """Give the class a method for each function that takes a tensor first, with its in-place and operator forms."""
        own = set(vars(cls)) | _TAKEN
        spaces = ("paddle", "paddle.linalg", "paddle.Tensor")
        for path, entry in list(frontend.entries.items()):
            namespace, _, name = path.rpartition(".")
            takes_self = bool(entry.parameters) and entry.parameters[0] in _SELF
            if namespace not in spaces or not takes_self or name in own:
                continue
            for each in (name,) if name.endswith("_") or entry.kind == "cells" else (name, name + "_"):
                if each not in own:
                    setattr(cls, each, _method(f"paddle.Tensor.{each}"))
        for name in OPERATORS:
            forms = (f"__{name}__", f"__r{name}__", f"__i{name}__") if name in REFLECTED else (f"__{name}__",)
            for each in forms:
                # `x += y` makes a new tensor in paddle
                if not each.startswith("__i") or name == "invert":
                    setattr(cls, each, _method(f"paddle.Tensor.{each}"))

    # -- facts --------------------------------------------------------------------------------------------------------

    @property
    def shape(self) -> list[int]:
        """Sizes of the axes."""
        return list(self.value.shape)

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
        return math.prod(self.value.shape)

    @property
    def place(self) -> str:
        """Placement is the backend's affair."""
        return "cpu"

    @property
    def T(self) -> Any:
        """The tensor with its axes reversed."""
        return frontend.call("paddle.transpose", (self, list(range(self.ndim))[::-1]), {})

    def dim(self) -> int:
        """Return the number of axes."""
        return self.ndim

    # -- leaving the frontend -----------------------------------------------------------------------------------------

    def item(self, *index: int) -> Any:
        """Return the only element, or the one at an index, as a Python scalar."""
        x = self.value
        if index:
            x = ops.get_item(ops.reshape(x, (-1,)) if len(index) == 1 else x, index)
        kinds: dict[str, type] = {"bool": bool, "int": int, "uint": int, "float": float, "complex": complex}
        return kinds[dtype_of(x).kind](ops.reshape(x, ()))

    def tolist(self) -> Any:
        """Return nested lists of Python scalars."""
        return [x.tolist() for x in self] if self.shape else self.item()

    def numpy(self) -> Any:
        """Return a NumPy array of the values."""
        from ivy.backend import backend_of

        return backend_of(self.value).module.to_numpy(self.value)

    def __bool__(self) -> bool:
        return bool(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __index__(self) -> int:
        return int(self.item())

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a 0-D tensor")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))  # type: ignore[index]

    def __repr__(self) -> str:
        return f"Tensor({self.value!r})"

    __hash__ = object.__hash__


frontend.cell = Tensor
frontend.constants.update({"paddle.Tensor": Tensor, "paddle.newaxis": None})
frontend.constants.update({f"paddle.{name}": dtypes.ALL[name] for name in dtypes.ALL if name != "bool"})
frontend.constants.update({"paddle.bool": dtypes.ALL["bool"]})
frontend.constants.update({f"paddle.{name}": getattr(math, name) for name in ("inf", "nan", "pi", "e")})


# What only makes sense on the mutable tensor itself.


@frontend.cells("paddle.Tensor.set_value", "paddle.Tensor.copy_")
def _set_value(self: Any, value: Any, *args: Any) -> Any:
    self.assign(value.value if isinstance(value, Cell) else value)
    return self


@frontend.cells("paddle.Tensor.fill_")
def _fill_(self: Any, value: Any) -> Any:
    self.assign(value)
    return self


@frontend.cells("paddle.Tensor.zero_")
def _zero_(self: Any) -> Any:
    self.assign(0)
    return self


@frontend.cells("paddle._C_ops.assign_out_")
def _assign_out(x: Any, output: Any) -> Any:
    output.assign(x.value)
    return output


@frontend.view("paddle.Tensor.detach", "paddle.detach", put="same")
def _detach(x: Any) -> Any:
    return ops.stop_gradient(x)
