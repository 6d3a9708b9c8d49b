"""Sorting in JAX."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from ivy.functional._axes import counted

sort = jnp.sort
argsort = jnp.argsort


def topk(x: Any, k: int, /, *, axis: int = -1, largest: bool = True, sorted: bool = True) -> tuple[Any, Any]:
    if largest:
        return tuple(lax.top_k(x, k, axis=axis))
    chosen = lax.slice_in_dim(jnp.argsort(x, axis=axis), 0, k, axis=counted(axis, x.ndim))
    return jnp.take_along_axis(x, chosen, axis), chosen
