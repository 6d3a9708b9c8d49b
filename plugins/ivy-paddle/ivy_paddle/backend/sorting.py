"""Sorting in Paddle."""

from __future__ import annotations

from typing import Any

from ivy.functional._axes import counted
from ivy_paddle.backend.manipulation import astype
from ivy_paddle.backend.support import number, widened
from ivy_paddle.loading import paddle


def ordered(x: Any) -> Any:
    """Return an array in the same order, of a dtype that Paddle can compare everywhere."""
    return widened(x) ^ number(-(2**63), paddle.int64) if x.dtype == paddle.uint64 else widened(x)


def unordered(x: Any, dtype: Any) -> Any:
    """Undo `ordered`."""
    return astype(x ^ number(-(2**63), paddle.int64) if dtype == paddle.uint64 else x, dtype, copy=False)


def sort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    if not x.ndim or 0 in x.shape:
        return x
    return unordered(paddle.sort(ordered(x), axis=axis, descending=descending, stable=True), x.dtype)


def argsort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    if not x.ndim or 0 in x.shape:
        return paddle.zeros(x.shape, paddle.int64)
    return paddle.argsort(ordered(x), axis=axis, descending=descending, stable=True)


def topk(x: Any, k: int, /, *, axis: int = -1, largest: bool = True, sorted: bool = True) -> tuple[Any, Any]:
    if not k or 0 in x.shape:
        shape = [k if a == counted(axis, x.ndim) else n for a, n in enumerate(x.shape)]
        return paddle.zeros(shape, paddle.int32).astype(x.dtype), paddle.zeros(shape, paddle.int64)
    values, indices = paddle.topk(ordered(x), k, axis=axis, largest=largest, sorted=sorted)
    return unordered(values, x.dtype), indices
