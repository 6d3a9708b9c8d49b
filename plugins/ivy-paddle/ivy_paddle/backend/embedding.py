"""Embeddings in Paddle."""

from __future__ import annotations

from typing import Any

from ivy_paddle.backend.indexing import take
from ivy_paddle.backend.manipulation import empty_of
from ivy_paddle.backend.support import COMPLEX, WHOLE, restored, widened
from ivy_paddle.loading import paddle


def embedding(weight: Any, indices: Any, /) -> Any:
    if 0 in indices.shape or 0 in weight.shape:
        return empty_of(weight, [*indices.shape, weight.shape[1]])
    if indices.dtype not in (paddle.int32, paddle.int64):
        indices = indices.astype(paddle.int64)
    if weight.dtype in WHOLE or weight.dtype in COMPLEX:  # Paddle's own is for floats
        return take(weight, indices, axis=0)
    return restored(paddle.nn.functional.embedding(indices, widened(weight)), weight.dtype)
