"""The functional API in NumPy: ops by their native names, and what `ivy.backend.Support` asks for."""

from __future__ import annotations

from ivy.backend import collect
from ivy_numpy.backend.creation import asarray
from ivy_numpy.backend.pipeline import (
    ABSTRACT_EVAL_COMPUTES,
    COPY,
    FOREIGN_CODE,
    WRITE_BACK,
    memory,
    version,
    write_into,
)
from ivy_numpy.backend.random import repeated_draws
from ivy_numpy.backend.support import (
    NAME,
    NAMESPACES,
    abstract_eval,
    from_foreign,
    native_dtype,
    native_types,
    peculiarity,
    to_numpy,
)

__all__ = [
    "ABSTRACT_EVAL_COMPUTES",
    "COPY",
    "FOREIGN_CODE",
    "NAME",
    "NAMESPACES",
    "WRITE_BACK",
    "abstract_eval",
    "asarray",
    "from_foreign",
    "memory",
    "native_dtype",
    "native_types",
    "peculiarity",
    "repeated_draws",
    "to_numpy",
    "version",
    "write_into",
]

globals().update(collect(__name__))
