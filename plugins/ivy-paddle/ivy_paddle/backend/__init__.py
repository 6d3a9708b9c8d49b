"""The functional API in PaddlePaddle: ops by their native names, and what `ivy.backend.Support` asks for."""

from __future__ import annotations

from ivy.backend import collect
from ivy_paddle.backend.creation import asarray
from ivy_paddle.backend.pipeline import (
    COPY,
    RUNS_ALONE,
    WRITE_BACK,
    container_rule,
    exact_quotient,
    is_abstract,
    is_unknown_size,
    memory,
    outside_compiler,
    size_of,
    size_ratio,
    size_scalar,
    version,
    write_into,
)
from ivy_paddle.backend.random import repeated_draws
from ivy_paddle.backend.support import (
    NAME,
    NAMESPACES,
    NOT_INDEXED,
    abstract_eval,
    exportable,
    from_foreign,
    native_dtype,
    native_types,
    peculiarity,
    to_numpy,
)

__all__ = [
    "COPY",
    "NAME",
    "NAMESPACES",
    "NOT_INDEXED",
    "RUNS_ALONE",
    "WRITE_BACK",
    "container_rule",
    "abstract_eval",
    "asarray",
    "exact_quotient",
    "exportable",
    "from_foreign",
    "is_abstract",
    "is_unknown_size",
    "memory",
    "native_dtype",
    "native_types",
    "outside_compiler",
    "size_of",
    "size_ratio",
    "size_scalar",
    "peculiarity",
    "repeated_draws",
    "to_numpy",
    "version",
    "write_into",
]

globals().update(collect(__name__))
