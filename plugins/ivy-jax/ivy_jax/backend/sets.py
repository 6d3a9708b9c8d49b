"""Sets in JAX."""

from __future__ import annotations

import jax.numpy as jnp

unique_all = jnp.unique_all
unique_counts = jnp.unique_counts
unique_inverse = jnp.unique_inverse
unique_values = jnp.unique_values
isin = jnp.isin
