"""Distances in torch: its own where all arrays are of one shape and precision, else the declarations'."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from ivy.backend import body_of
from ivy.functional import distances as core
from ivy_torch.backend.support import alike

_cosine_similarity_body = body_of(core.cosine_similarity, "torch")
_pairwise_distance_body = body_of(core.pairwise_distance, "torch")
_cdist_body = body_of(core.cdist, "torch")


def cosine_similarity(x1: Any, x2: Any, /, *, axis: Any = -1, eps: Any = 1e-8) -> Any:
    if not alike(x1, x2):
        return _cosine_similarity_body(x1, x2, axis=axis, eps=eps)
    return F.cosine_similarity(x1, x2, axis, eps)


def pairwise_distance(x1: Any, x2: Any, /, *, p: Any = 2.0, eps: Any = 1e-6, keepdims: Any = False) -> Any:
    if not alike(x1, x2):
        return _pairwise_distance_body(x1, x2, p=p, eps=eps, keepdims=keepdims)
    return F.pairwise_distance(x1, x2, p, eps, keepdims)


def cdist(x1: Any, x2: Any, /, *, p: Any = 2.0) -> Any:
    if x1.dtype != x2.dtype or x1.dtype not in (torch.float32, torch.float64) or not p >= 0:
        return _cdist_body(x1, x2, p=p)
    return torch.cdist(x1, x2, p, compute_mode="donot_use_mm_for_euclid_dist")
