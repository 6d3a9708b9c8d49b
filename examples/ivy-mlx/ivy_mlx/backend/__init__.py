"""The functional API in MLX: its primitives, and what `ivy.backend.Support` asks for."""

from ivy.backend import collect
from ivy_mlx.backend.creation import asarray
from ivy_mlx.backend.support import (
    NAME,
    NAMESPACES,
    abstract_eval,
    canonical_dtype,
    from_foreign,
    native_dtype,
    native_types,
    to_numpy,
)

__all__ = [
    "NAME",
    "NAMESPACES",
    "abstract_eval",
    "asarray",
    "canonical_dtype",
    "from_foreign",
    "native_dtype",
    "native_types",
    "to_numpy",
]

globals().update(collect(__name__))
