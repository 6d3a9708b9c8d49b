"""Nests of tensors, and what tells tensors apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ivy.dtypes import as_dtype
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph
from ivy.graph.node import Node, map_nested
from ivy.transpiler.reads import UNKNOWN

__all__ = ["NeedsValues", "aval", "is_fake", "is_wrapper", "nested", "storage_of", "tensors_in", "versions"]

_STRUCTSEQ = type(torch.return_types.max)


class NeedsValues(Exception):
    """The capture met something that can't be told without the tensors' values.

    Args:
        what: what that is.
        graph: what was captured so far.
        node: the node whose value is needed.
        truth: whether only its truth is.
        held: what the module's buffers make of it, if it rests on those alone.
    """

    def __init__(
        self,
        what: str,
        graph: Graph | None = None,
        node: Node | None = None,
        truth: bool = False,
        held: Any = UNKNOWN,
    ) -> None:
        super().__init__(what)
        self.graph, self.node, self.truth, self.held = graph, node, truth, held


def _is_plain_tuple(x: Any) -> bool:
    return isinstance(x, tuple) and (type(x) is tuple or type(x) is torch.Size or isinstance(type(x), _STRUCTSEQ))


def nested(x: Any, f: Callable[[Any], Any]) -> Any:
    """`map_nested` that takes torch's own tuples (sizes, named results of operators) for plain ones."""

    def leaf(v: Any) -> Any:
        return nested(tuple(v), f) if isinstance(v, tuple) and not hasattr(v, "_fields") else f(v)

    return map_nested(x, leaf)


def tensors_in(x: Any, found: list[torch.Tensor] | None = None) -> list[torch.Tensor]:
    """Return the tensors of a nest in order."""
    found = [] if found is None else found
    if isinstance(x, torch.Tensor):
        found.append(x)
    elif isinstance(x, (tuple, list)):
        for v in x:
            tensors_in(v, found)
    elif type(x) is dict:
        for v in x.values():
            tensors_in(v, found)
    elif type(x) is slice:
        tensors_in((x.start, x.stop, x.step), found)
    return found


is_wrapper = torch._C._functorch.is_functorch_wrapped_tensor
"""Whether a tensor is one of torch.func's, around another one."""


def storage_of(x: torch.Tensor) -> Any:
    """Return a key of the memory that a tensor lies in; its own identity where it has none (sparse)."""
    while is_wrapper(x):
        x = torch._C._functorch.get_unwrapped(x)
    try:
        return x.untyped_storage()._cdata
    except (NotImplementedError, RuntimeError):
        return ("tensor", id(x))


def is_fake(x: torch.Tensor) -> bool:
    """Tell whether a tensor has no values."""
    while is_wrapper(x):
        x = torch._C._functorch.get_unwrapped(x)
    return type(x).__name__ == "FakeTensor" or x.is_meta


def versions(tensors: list[torch.Tensor]) -> tuple[Any, ...]:
    """Return what changes when one of these tensors is written to or gets another shape."""
    try:
        return tuple([(t._version, t.shape) for t in tensors])
    except RuntimeError:  # inference tensors have no version
        return ()


def aval(x: torch.Tensor) -> Aval:
    """Describe a tensor."""
    return Aval(tuple(x.shape), as_dtype(x.dtype))
