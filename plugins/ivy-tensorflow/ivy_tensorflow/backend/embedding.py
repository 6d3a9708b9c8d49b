"""Embeddings in TensorFlow."""

from __future__ import annotations

from typing import Any

from ivy_tensorflow.backend.indexing import take


def embedding(weight: Any, indices: Any, /) -> Any:
    return take(weight, indices, axis=0)
