"""The functional API in JAX: ops by their native names, and what `ivy.backend.Support` asks for."""

from __future__ import annotations

from ivy.backend import collect
from ivy_jax.backend.creation import asarray
from ivy_jax.backend.pipeline import (
    COMPILES_EAGERLY,
    CONJUGATE_GRADIENTS,
    EXPLICIT_RNG,
    WIDE_TYPES,
    as_key,
    canonical_dtype,
    concrete,
    container_rule,
    default_key,
    is_abstract,
    prepare,
    rebuilding,
    scoping,
    unlimited_dtypes,
)
from ivy_jax.backend.support import (
    NAME,
    NAMESPACES,
    abstract_eval,
    exportable,
    from_foreign,
    native_dtype,
    native_types,
    peculiarity,
    to_numpy,
)

__all__ = [
    "COMPILES_EAGERLY",
    "CONJUGATE_GRADIENTS",
    "EXPLICIT_RNG",
    "NAME",
    "NAMESPACES",
    "WIDE_TYPES",
    "abstract_eval",
    "as_key",
    "asarray",
    "canonical_dtype",
    "concrete",
    "container_rule",
    "default_key",
    "exportable",
    "from_foreign",
    "is_abstract",
    "native_dtype",
    "native_types",
    "prepare",
    "rebuilding",
    "scoping",
    "unlimited_dtypes",
    "peculiarity",
    "to_numpy",
]

globals().update(collect(__name__))
