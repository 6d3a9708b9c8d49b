"""The functional API in TensorFlow: ops by their native names, and what `ivy.backend.Support` asks for."""

from __future__ import annotations

from ivy.backend import collect
from ivy_tensorflow.backend.creation import asarray
from ivy_tensorflow.backend.pipeline import (
    exact_quotient,
    is_abstract,
    is_unknown_size,
    outside_compiler,
    prepare,
    size_of,
    size_ratio,
    size_scalar,
    unconverted,
)
from ivy_tensorflow.backend.random import repeated_draws
from ivy_tensorflow.backend.support import (
    NAME,
    NAMESPACES,
    PUBLIC_MODULES,
    abstract_eval,
    exportable,
    from_foreign,
    native_dtype,
    native_types,
    read,
    to_numpy,
)

__all__ = [
    "NAME",
    "NAMESPACES",
    "PUBLIC_MODULES",
    "abstract_eval",
    "asarray",
    "exact_quotient",
    "exportable",
    "from_foreign",
    "is_abstract",
    "is_unknown_size",
    "native_dtype",
    "native_types",
    "outside_compiler",
    "prepare",
    "read",
    "repeated_draws",
    "size_of",
    "size_ratio",
    "size_scalar",
    "to_numpy",
    "unconverted",
]

globals().update(collect(__name__))
