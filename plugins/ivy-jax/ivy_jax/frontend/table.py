"""The table of JAX's functions, and the short ways in which they are registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ivy.dtypes import DType, as_dtype, dtype_of
from ivy.frontends.immutable import ImmutableFrontend

__all__ = ["dtype_like", "elementwise", "frontend", "index_dtype", "is_scalar", "item"]


frontend = ImmutableFrontend("jax", package="ivy_jax.frontend", tensor="jax.Array")
"""Every function of the JAX frontend by its path."""

index_dtype: DType = as_dtype("int32")
"""What positions are counted in, unless the call says otherwise."""

# Options that steer XLA's choice of algorithm or placement and don't change what is computed.
_IGNORED = frozenset({"accuracy", "out_sharding", "sharding", "precision"})


def elementwise(names: Mapping[str, Callable[..., Any]], *spaces: str) -> None:
    """Register ops that serve a function of JAX as they are.

    Args:
        names: name in JAX -> function on arrays.
        *spaces: namespaces to register it in: ``"jax.lax"``, ``"jax.numpy"``.
    """
    for name, op in names.items():
        frontend.function(*(f"{space}.{name}" for space in spaces))(_plain(op))


def _plain(op: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        return op(*args, **{k: v for k, v in kwargs.items() if k not in _IGNORED})

    call.__name__ = call.__qualname__ = op.__name__
    call.__doc__ = op.__doc__
    return call


def is_scalar(x: Any) -> bool:
    """Whether `x` is a Python number, whose dtype is weak."""
    return isinstance(x, (bool, int, float, complex))


def dtype_like(x: Any, *others: Any) -> DType:
    """Return the dtype of the first array among the operands."""
    return next(dtype_of(v) for v in (x, *others) if not is_scalar(v))


def item(x: Any) -> Any:
    """Return static index values as nested tuples, None where `x` is an array whose values are not known."""
    if isinstance(x, int):
        return x
    return x if isinstance(x, (tuple, list)) and all(item(v) is not None for v in x) else None
