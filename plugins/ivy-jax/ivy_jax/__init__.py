"""The JAX plugin of Ivy; `ivy_jax.plugin` says what is in it.  Imports nothing, so that listing plugins is cheap."""

__version__ = "2.0.0.dev0"
