"""Attention in torch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from ivy.backend import body_of
from ivy.functional import attention as core

_body = body_of(core.scaled_dot_product_attention, "torch")


def scaled_dot_product_attention(
    q: Any,
    k: Any,
    v: Any,
    mask: Any = None,
    /,
    *,
    is_causal: Any = False,
    scale: Any = None,
    enable_gqa: Any = False,
    dropout: Any = 0.0,
    key: Any = None,
) -> Any:
    if key is not None and dropout > 0.0:  # torch's own function draws from the default generator only
        return _body(q, k, v, mask, is_causal=is_causal, scale=scale, enable_gqa=enable_gqa, dropout=dropout, key=key)
    if mask is not None and is_causal:
        mask, is_causal = _with_causal(mask, q.shape[-2], k.shape[-2]), False
    if mask is not None and mask.dtype not in (torch.bool, q.dtype):
        mask = mask.to(q.dtype)
    return F.scaled_dot_product_attention(q, k, v, mask, dropout, is_causal, scale=scale, enable_gqa=enable_gqa)


def _with_causal(mask: Any, length: Any, keys: Any) -> Any:
    causal = torch.ones((length, keys), dtype=torch.bool, device=mask.device).tril()
    return mask & causal if mask.dtype == torch.bool else mask.masked_fill(~causal, float("-inf"))
