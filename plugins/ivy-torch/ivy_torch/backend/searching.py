"""Searching and counting in torch."""

from __future__ import annotations

import math
from typing import Any

import torch

from ivy_torch.backend.sorting import ordered
from ivy_torch.backend.support import align, narrowed, widened


def searchsorted(x1: Any, x2: Any, /, *, side: Any = "left", sorter: Any = None) -> Any:
    vector, values = (ordered(x) for x in align(x1, x2))
    if not values.is_floating_point():
        return torch.searchsorted(vector.contiguous(), values.contiguous(), side=side, sorter=sorter)
    numbers = (~vector.isnan()).sum()  # NaN comes after all of them; torch's comparisons don't know that
    filled = torch.where(vector.isnan(), math.inf, vector).contiguous()
    found = torch.searchsorted(filled, values.contiguous(), side=side, sorter=sorter)
    last = numbers if side == "left" else torch.full_like(numbers, len(vector))
    return torch.where(values.isnan(), last, torch.minimum(found, numbers))


def bincount(x: Any, /, *, weights: Any = None, length: int) -> Any:
    # torch.bincount has a size that depends on the values, and no derivative
    counted = torch.ones_like(x, dtype=torch.int64) if weights is None else weights
    place = x.to(torch.int64).clamp(max=length)
    wide = widened(counted)
    return narrowed(wide.new_zeros(length + 1).index_add(0, place, wide)[:length], counted.dtype)
