"""Searching and counting in Paddle."""

from __future__ import annotations

import math
from typing import Any

from ivy.errors import ArgumentError
from ivy_paddle.backend.indexing import take
from ivy_paddle.backend.sorting import ordered
from ivy_paddle.backend.support import align, restored, widened
from ivy_paddle.loading import paddle


def searchsorted(x1: Any, x2: Any, /, *, side: Any = "left", sorter: Any = None) -> Any:
    if side not in ("left", "right"):
        raise ArgumentError(f"side can't be {side!r}", hint="use 'left' or 'right'")
    vector, values = (ordered(x) for x in align(x1, x2))
    if 0 in vector.shape or 0 in values.shape:
        return paddle.zeros(values.shape, paddle.int64)
    if sorter is not None:
        vector = take(vector, sorter, axis=0)
    real = values.dtype in (paddle.float32, paddle.float64)
    filled = paddle.where(paddle.isnan(vector), paddle.full_like(vector, math.inf), vector) if real else vector
    found = paddle.searchsorted(filled, values.reshape([-1]), right=side == "right").reshape(values.shape)
    if real:  # Paddle puts infinities of both signs behind all elements
        for end in (-math.inf, math.inf):
            before = vector <= end if side == "right" else vector < end
            found = paddle.where(values == end, before.astype(paddle.int64).sum(), found)
        numbers = paddle.logical_not(paddle.isnan(vector)).astype(paddle.int64).sum()  # NaN comes after all of them
        last = numbers if side == "left" else paddle.full_like(numbers, vector.shape[0])
        found = paddle.where(paddle.isnan(values), last, paddle.minimum(found, numbers))
    return found


def bincount(x: Any, /, *, weights: Any = None, length: int) -> Any:
    # paddle.bincount has a size that depends on the values
    counted = paddle.ones(x.shape, paddle.int64) if weights is None else weights
    if 0 in x.shape:
        return paddle.zeros([length], paddle.int32).astype(counted.dtype)
    place = paddle.clip(x.astype(paddle.int64), max=length).unsqueeze(1)
    empty = paddle.zeros([length + 1], widened(counted).dtype)
    return restored(paddle.scatter_nd_add(empty, place, widened(counted))[:length], counted.dtype)
