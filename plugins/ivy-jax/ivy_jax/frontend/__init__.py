"""JAX's API on `ivy.functional`: the tree mirrors JAX's own, and nothing here imports JAX.

JAX's arrays are immutable and without views, so frontend values are plain arrays of the functional API. What a captured
graph calls is mostly `jax.lax`, whose functions take operands that agree in dtype; results have the dtypes that JAX
gives, where the target has them. Index dtypes are int32, as in JAX without x64, unless the call says otherwise.
"""

from __future__ import annotations

from typing import Any

from ivy_jax.frontend.table import frontend

__all__ = ["call", "frontend", "supports", "unwrap", "user_functions", "wrap"]

user_functions: dict[str, Any] = {}
"""Kept for symmetry; what users add with `@ivy.converter` is found by the table itself."""

supports = frontend.supports
call = frontend.call


def wrap(array: Any) -> Any:
    """Return the array itself: JAX's arrays need no cell."""
    return array


def unwrap(value: Any) -> Any:
    """Return the value itself."""
    return value
