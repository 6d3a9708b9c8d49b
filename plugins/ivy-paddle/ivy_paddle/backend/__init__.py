"""The functional API in PaddlePaddle: ops by their native names, and what `ivy.backend.Support` asks for."""

from __future__ import annotations

from ivy.backend import collect
from ivy_paddle.backend.creation import asarray
from ivy_paddle.backend.pipeline import COPY, WRITE_BACK, is_abstract, outside_compiler
from ivy_paddle.backend.support import (
    NAME,
    NAMESPACES,
    NOT_INDEXED,
    abstract_eval,
    exportable,
    from_foreign,
    native_dtype,
    native_types,
    to_numpy,
)

__all__ = [
    "COPY",
    "NAME",
    "NAMESPACES",
    "NOT_INDEXED",
    "WRITE_BACK",
    "abstract_eval",
    "asarray",
    "exportable",
    "from_foreign",
    "is_abstract",
    "native_dtype",
    "native_types",
    "outside_compiler",
    "to_numpy",
]

globals().update(collect(__name__))
