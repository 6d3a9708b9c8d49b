"""Searching and counting in JAX."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

searchsorted = jnp.searchsorted


def bincount(x: Any, /, *, weights: Any = None, length: int) -> Any:
    counted = jnp.ones(x.shape, int) if weights is None else weights
    return jnp.zeros(length, counted.dtype).at[x].add(counted, mode="drop")
