"""Indices in JAX."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp


def unravel_index(indices: Any, shape: Any, /) -> Any:
    return jnp.unravel_index(indices, tuple(shape))
