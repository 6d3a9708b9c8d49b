"""Running calls of a captured graph with NumPy itself: what `ivy.compare` holds conversions against."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ivy.dtypes import DType
from ivy.graph.interpret import locate
from ivy.graph.node import map_nested

__all__ = ["native_function"]


@functools.cache
def native_function(path: str) -> Callable[..., Any]:
    """Return NumPy's function for a node's path.

    Args:
        path: such as ``"numpy.ndarray.T"`` or ``"numpy.linalg.norm"``.

    Raises:
        AttributeError: if NumPy has none by that name.
    """
    found = locate(path)
    if not callable(found):  # an attribute of arrays
        found = found.__get__
    return lambda *args, **kwargs: found(*map_nested(args, _native), **map_nested(kwargs, _native))


def _native(x: Any) -> Any:
    return x.name if type(x) is DType else x
