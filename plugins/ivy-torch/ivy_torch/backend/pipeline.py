"""What the conversion pipeline asks of torch as a target, besides the functions of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

__all__ = ["ABSTRACT_EVAL_STARTS_SLOWLY", "COPY", "WRITE_BACK", "is_abstract", "outside_compiler"]

ABSTRACT_EVAL_STARTS_SLOWLY = True
"""Most operators' rules for meta tensors import torch._dynamo, which takes a second and more."""

WRITE_BACK = "{x}.copy_({value})"
"""How generated code writes to an argument that the source writes to in place."""

COPY = "{x}.clone()"
"""How generated code keeps a value from such a write."""


def is_abstract(x: Any) -> bool:
    """Tell whether a tensor has no value: on the meta device, or while torch.compile traces it."""
    if x.is_meta or torch.compiler.is_compiling():
        return True
    return type(x).__name__ in ("FakeTensor", "FunctionalTensor")


def outside_compiler(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Keep torch.compile from tracing into a function: capturing happens between graphs, not within one."""

    def outside(*args: Any) -> Any:
        # looked up late: importing dynamo costs a second that a small function should not pay
        return torch.compiler.disable(fn)(*args) if torch.compiler.is_compiling() else fn(*args)

    return outside
