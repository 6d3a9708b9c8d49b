"""The functional API in PyTorch: ops by their native names, and what `ivy.backend.Support` asks for."""

from __future__ import annotations

from ivy.backend import collect
from ivy_torch.backend.creation import asarray
from ivy_torch.backend.pipeline import (
    ABSTRACT_EVAL_STARTS_SLOWLY,
    COPY,
    WRITE_BACK,
    container_rule,
    is_abstract,
    memory,
    outside_compiler,
    repeated_draws,
    shape_of,
    version,
    write_into,
)
from ivy_torch.backend.support import (
    NAME,
    NAMESPACES,
    abstract_eval,
    devices,
    exportable,
    from_foreign,
    native_dtype,
    native_types,
    peculiarity,
    to_numpy,
    unlimited_dtypes,
)

__all__ = [
    "ABSTRACT_EVAL_STARTS_SLOWLY",
    "COPY",
    "NAME",
    "NAMESPACES",
    "WRITE_BACK",
    "abstract_eval",
    "asarray",
    "devices",
    "exportable",
    "from_foreign",
    "container_rule",
    "is_abstract",
    "memory",
    "native_dtype",
    "native_types",
    "outside_compiler",
    "peculiarity",
    "repeated_draws",
    "shape_of",
    "to_numpy",
    "unlimited_dtypes",
    "version",
    "write_into",
]

globals().update(collect(__name__))
