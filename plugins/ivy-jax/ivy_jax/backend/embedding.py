"""Embeddings in JAX."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp


def embedding(weight: Any, indices: Any, /) -> Any:
    # an index out of bounds gives NaN rather than some other row
    return jnp.take(weight, indices, axis=0, mode="fill")
