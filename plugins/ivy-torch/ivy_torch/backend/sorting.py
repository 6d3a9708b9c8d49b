"""Sorting in torch."""

from __future__ import annotations

from typing import Any

import torch

from ivy_torch.backend.support import WIDE


def sort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    return torch.sort(x, dim=axis, descending=descending, stable=stable)[0]


def argsort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    return torch.sort(x, dim=axis, descending=descending, stable=stable)[1]


def ordered(x: Any) -> Any:
    """Return an array in the same order, of a dtype that torch can compare everywhere."""
    if x.dtype is torch.bool:
        return x.to(torch.uint8)
    if x.dtype is torch.uint64:
        return x.view(torch.int64) ^ -(2**63)
    return x.to(torch.int64) if x.dtype in WIDE else x


def topk(x: Any, k: int, /, *, axis: int = -1, largest: bool = True, sorted: bool = True) -> tuple[Any, Any]:
    plain = ordered(x)
    values, indices = torch.topk(plain, k, dim=axis, largest=largest, sorted=sorted)
    if x.dtype is torch.uint64:
        values = (values ^ -(2**63)).view(torch.uint64)
    return values.to(x.dtype), indices
