"""Running calls of a captured graph with JAX itself: what `ivy.compare` holds conversions against."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from ivy.dtypes import DType
from ivy.graph.interpret import locate
from ivy.graph.node import map_nested

__all__ = ["native_function"]

_NUMBERS: dict[str, Any] = {
    "conv_general_dilated": lax.ConvDimensionNumbers,
    "gather": lax.GatherDimensionNumbers,
    **dict.fromkeys(
        ("scatter", "scatter_add", "scatter_sub", "scatter_mul", "scatter_min", "scatter_max", "scatter_apply"),
        lax.ScatterDimensionNumbers,
    ),
}
_LIKE_OPERANDS = frozenset(
    ["add", "sub", "mul", "div", "rem", "pow", "max", "min", "atan2", "nextafter", "eq", "ne", "lt", "le", "gt", "ge"]
    + ["bitwise_and", "bitwise_or", "bitwise_xor", "shift_left", "shift_right_logical", "shift_right_arithmetic"]
    + ["select_n", "clamp", "complex", "igamma", "igammac", "betainc", "zeta", "polygamma", "integer_pow"]
)
"""Functions whose operands agree in shape: numbers among them are spread out."""


@functools.cache
def native_function(path: str) -> Callable[..., Any]:
    """Return JAX's function for a node's path.

    Args:
        path: such as ``"jax.lax.conv_general_dilated"``.

    Raises:
        AttributeError: if there is no public function by that name.
    """
    found = locate(path)
    if not callable(found) or isinstance(found, (type, jax.extend.core.Primitive)):
        raise AttributeError(f"{path} is no function")
    name = path.rpartition(".")[2]
    numbers = _NUMBERS.get(name) if path.startswith("jax.lax.") else None

    def call(*args: Any, **kwargs: Any) -> Any:
        args, kwargs = map_nested(args, _native), map_nested(kwargs, _native)
        if numbers is not None and isinstance(kwargs.get("dimension_numbers"), dict):
            kwargs["dimension_numbers"] = numbers(**kwargs["dimension_numbers"])
            if name != "conv_general_dilated" and isinstance(args[1], tuple):
                args = (args[0], jnp.asarray(args[1], "int32"), *args[2:])
        if name in _LIKE_OPERANDS and path.startswith("jax.lax."):
            args = _alike(args, skip=name == "select_n")
        return found(*args, **kwargs)

    return call


def _alike(args: tuple[Any, ...], *, skip: bool) -> tuple[Any, ...]:
    """Give numbers beside arrays the arrays' shape and dtype."""
    rest = args[1:] if skip else args
    like = next((x for x in rest if hasattr(x, "dtype") and x.shape), None)
    if like is None:
        like = next((x for x in rest if hasattr(x, "dtype")), None)
    if like is None and skip and args[0].shape:
        spread = tuple(jnp.broadcast_to(jnp.asarray(x), args[0].shape) for x in rest)
        return (args[0], *spread)
    spread = tuple(x if hasattr(x, "dtype") or like is None else lax.full_like(like, x) for x in rest)
    return (args[0], *spread) if skip else spread


def _native(x: Any) -> Any:
    return x.name if type(x) is DType else x
