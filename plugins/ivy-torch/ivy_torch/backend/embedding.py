"""Embeddings in torch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

_INDICES = (torch.int64, torch.int32)


def embedding(weight: Any, indices: Any, /) -> Any:
    return F.embedding(indices if indices.dtype in _INDICES else indices.long(), weight)


def embedding_bag(
    weight: Any,
    indices: Any,
    offsets: Any = None,
    per_sample_weights: Any = None,
    /,
    *,
    mode: Any = "mean",
    include_last_offset: Any = False,
    padding_idx: Any = None,
) -> Any:
    if offsets is not None and offsets.dtype != indices.dtype:
        offsets = offsets.to(indices.dtype)
    return F.embedding_bag(
        indices,
        weight,
        offsets,
        mode=mode,
        per_sample_weights=per_sample_weights,
        include_last_offset=include_last_offset,
        padding_idx=padding_idx,
    )
