"""What multi-head attention is made of: projections, heads and masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError, ShapeError

__all__ = ["joined", "masked", "projected", "split"]


def projected(inputs: Sequence[Any], weights: Sequence[Any], biases: Sequence[Any], heads: int, kv_heads: int) -> Any:
    """Apply the projections, packed in one array or one for each input; none are given for inputs used as they are."""
    if len(weights) not in (0, 1, 3) or len(biases) not in (0, 1, 3):
        raise ArgumentError("projections are none, one packed array, or three arrays")
    if not weights:
        return list(inputs)
    if len(weights) == 1:
        parts = _parted(weights[0], heads, kv_heads)
    else:
        parts = list(weights)
    if not biases:
        shifts = [None] * 3
    else:
        shifts = _parted(biases[0], heads, kv_heads) if len(biases) == 1 else list(biases)
    return [F.linear(x, w, b) for x, w, b in zip(inputs, parts, shifts, strict=True)]


def _parted(packed: Any, heads: int, kv_heads: int) -> list[Any]:
    width, rest = divmod(packed.shape[0], heads + 2 * kv_heads)
    if rest:
        raise ShapeError(f"{packed.shape[0]} packed rows don't fit {heads} heads and twice {kv_heads}")
    return list(F.split(packed, [heads * width, (heads + kv_heads) * width], axis=0))


def split(x: Any, heads: int) -> Any:
    """Make (..., heads, length, width / heads) of (..., length, width)."""
    if x.shape[-1] % heads:
        raise ShapeError(f"{x.shape[-1]} features can't be shared by {heads} heads")
    return F.swapaxes(F.reshape(x, (*x.shape[:-1], heads, x.shape[-1] // heads)), -3, -2)


def joined(x: Any) -> Any:
    """Make (..., length, heads * width) of (..., heads, length, width)."""
    x = F.swapaxes(x, -3, -2)
    return F.reshape(x, (*x.shape[:-2], x.shape[-2] * x.shape[-1]))


def masked(mask: Any, key_mask: Any) -> Any:
    """Combine a mask of pairs and a mask of keys; where one of them is added, so is the result."""
    if key_mask is None:
        return mask
    keys = F.expand_dims(F.expand_dims(key_mask, axis=-2), axis=-2)
    if mask is None:
        return keys
    if dtype_of(mask) == "bool" and dtype_of(keys) == "bool":
        return F.logical_and(mask, keys)
    dtype = dtype_of(keys if dtype_of(mask) == "bool" else mask)
    return F.add(*(_additive(m, dtype) for m in (mask, keys)))


def _additive(mask: Any, dtype: Any) -> Any:
    if dtype_of(mask) != "bool":
        return mask
    return F.where(mask, F.zeros_like(mask, dtype=dtype), F.full_like(mask, float("-inf"), dtype=dtype))
