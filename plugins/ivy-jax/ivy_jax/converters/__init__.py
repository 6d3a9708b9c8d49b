"""Converters of the module systems that live on JAX."""
