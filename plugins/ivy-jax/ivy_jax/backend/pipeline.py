"""What the conversion pipeline asks of JAX as a target, besides the functions of the API."""

from __future__ import annotations

from typing import Any

import jax

from ivy.dtypes import DType, as_dtype
from ivy.graph.graph import Graph
from ivy.graph.passes.layout import channels_last
from ivy.tracer.evaluate import Evaluator
from ivy_jax.backend.random import random_default_key
from ivy_jax.backend.support import native_dtype

__all__ = ["EXPLICIT_RNG", "canonical_dtype", "default_key", "is_abstract", "prepare"]

EXPLICIT_RNG = True
"""Random ops need a key: the lowering threads one through the graph."""


def canonical_dtype(dtype: DType) -> DType:
    """Return the dtype that an array of this one has in JAX: 32 bits for 64 unless x64 is enabled."""
    return as_dtype(native_dtype(dtype))


def is_abstract(x: Any) -> bool:
    """Tell whether an array has no value yet because a transformation traces it."""
    return isinstance(x, jax.core.Tracer)


def default_key() -> Any:
    """Draw a key from the stateful default generator."""
    return random_default_key()


def prepare(graph: Graph, evaluator: Evaluator) -> Graph:
    """Run JAX's own passes on an ivy graph: XLA's convolutions are fast with channels last only."""
    return channels_last(graph, evaluator)
