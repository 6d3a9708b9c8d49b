"""What the conversion pipeline asks of Paddle as a target, besides the functions of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ivy_paddle.backend.support import is_value
from ivy_paddle.loading import paddle

__all__ = ["COPY", "WRITE_BACK", "is_abstract", "outside_compiler"]

WRITE_BACK = "paddle.assign({value}, {x})"
"""How generated code writes to an argument that the source writes to in place."""

COPY = "{x}.clone()"
"""How generated code keeps a value from such a write."""


def is_abstract(x: Any) -> bool:
    """Tell whether a tensor has no value because `paddle.jit.to_static` builds a program."""
    return is_value(x)


def outside_compiler(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Keep `paddle.jit.to_static` from rewriting a function: capturing happens between programs, not within one."""
    return paddle.jit.not_to_static(fn)
