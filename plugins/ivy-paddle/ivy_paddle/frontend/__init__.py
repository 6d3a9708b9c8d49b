"""PaddlePaddle's API on `ivy.functional`; never imports paddle.

`call`, `supports`, `wrap` and `unwrap` are what lowering uses. Tensors are mutable and have views, as in paddle's
dynamic mode. The functions are imported on first use.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ivy_paddle.frontend.table import frontend
from ivy_paddle.frontend.tensor import Tensor

__all__ = ["Tensor", "call", "frontend", "supports", "unwrap", "wrap"]

supports = frontend.supports
wrap = frontend.wrap
unwrap = frontend.unwrap


def call(path: str, args: tuple[Any, ...], kwargs: dict[str, Any], meta: Mapping[str, Any] | None = None) -> Any:
    """Call a function by path.

    Args:
        path: dotted path of an operator, or a public one.
        args: positional arguments.
        kwargs: keyword arguments.
        meta: what the capture says; a program does not tell which results are views, so the registration decides.
    """
    del meta
    return frontend.call(path, args, kwargs)
