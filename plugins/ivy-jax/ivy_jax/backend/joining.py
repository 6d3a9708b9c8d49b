"""Stacks of arrays in JAX."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import jax.scipy.linalg


def hstack(arrays: Any, /) -> Any:
    return jnp.hstack(list(arrays))


def vstack(arrays: Any, /) -> Any:
    return jnp.vstack(list(arrays))


def dstack(arrays: Any, /) -> Any:
    return jnp.dstack(list(arrays))


def column_stack(arrays: Any, /) -> Any:
    return jnp.column_stack(list(arrays))


def rot90(x: Any, /, *, k: Any = 1, axes: Any = (0, 1)) -> Any:
    return jnp.rot90(x, k, tuple(axes))


def block_diag(*arrays: Any) -> Any:
    return jax.scipy.linalg.block_diag(*arrays)
