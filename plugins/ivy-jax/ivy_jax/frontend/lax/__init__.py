"""`jax.lax`: one function per primitive of JAX, by its public name."""
