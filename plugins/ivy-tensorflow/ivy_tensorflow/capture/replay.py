"""Running calls of a captured graph with TensorFlow itself: what `ivy.compare` holds conversions against."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ivy.dtypes import DType
from ivy.graph.interpret import locate
from ivy.graph.node import map_nested

__all__ = ["native_function"]


@functools.cache
def native_function(path: str) -> Callable[..., Any]:
    """Return TensorFlow's function for a node's path.

    Args:
        path: such as ``"tensorflow.raw_ops.Conv2D"``.

    Raises:
        AttributeError: if there is no public function by that name.
    """
    if ".TensorList" in path:  # a graph has arrays for lists
        raise AttributeError(f"{path} works on a list")
    found = locate(path)

    def call(*args: Any, **kwargs: Any) -> Any:
        if any(callable(x) and not isinstance(x, DType) for x in (*args, *kwargs.values())):
            raise NotImplementedError(f"{path} takes functions by name")
        return found(*map_nested(args, _native), **{k: _native(_listed(v)) for k, v in kwargs.items()})

    return call


def _native(x: Any) -> Any:
    return tf.as_dtype(x.name) if type(x) is DType else x


def _listed(x: Any) -> Any:
    """Return attributes that are tuples as the lists that operations take."""
    return [_listed(v) for v in x] if type(x) is tuple else x
