"""`jax.numpy`: NumPy's functions with JAX's dtypes (int32 and float32 where nothing says more)."""
