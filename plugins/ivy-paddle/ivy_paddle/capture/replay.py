"""Running calls of a captured graph with Paddle itself: what `ivy.compare` holds conversions against."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ivy.dtypes import DType
from ivy.graph.interpret import locate
from ivy.graph.node import map_nested
from ivy_paddle.loading import paddle

__all__ = ["native_function"]


@functools.cache
def native_function(path: str) -> Callable[..., Any]:
    """Return Paddle's function for a node's path.

    Args:
        path: such as ``"paddle._C_ops.conv2d"``.

    Raises:
        AttributeError: if Paddle has none by that name.
    """
    found = locate(path)

    def call(*args: Any, **kwargs: Any) -> Any:
        given = [_listed(map_nested(x, _native)) for x in (*args, *kwargs.values())]  # operators take no keywords
        return found(*given)

    return call


def _native(x: Any) -> Any:
    return getattr(paddle, x.name) if type(x) is DType else x


def _listed(x: Any) -> Any:
    return [_listed(v) for v in x] if type(x) is tuple else x
