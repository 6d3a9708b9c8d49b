"""Comparisons, predicates, logic and bits in JAX."""

from __future__ import annotations

import jax.numpy as jnp

from ivy_jax.backend.support import promoting

equal = promoting(jnp.equal)
not_equal = promoting(jnp.not_equal)
less = promoting(jnp.less)
less_equal = promoting(jnp.less_equal)
greater = promoting(jnp.greater)
greater_equal = promoting(jnp.greater_equal)

isfinite = jnp.isfinite
isinf = jnp.isinf
isnan = jnp.isnan

logical_and = jnp.logical_and
logical_or = jnp.logical_or
logical_xor = jnp.logical_xor
logical_not = jnp.logical_not

bitwise_and = promoting(jnp.bitwise_and)
bitwise_or = promoting(jnp.bitwise_or)
bitwise_xor = promoting(jnp.bitwise_xor)
bitwise_invert = jnp.bitwise_invert
bitwise_left_shift = promoting(jnp.left_shift)
bitwise_right_shift = promoting(jnp.right_shift)
