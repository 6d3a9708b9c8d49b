"""Sets in Paddle."""

from __future__ import annotations

from typing import Any

from ivy.functional.sets import UniqueAll
from ivy_paddle.backend.comparison import not_equal
from ivy_paddle.backend.manipulation import reshape
from ivy_paddle.backend.searching import bincount
from ivy_paddle.backend.sorting import ordered, unordered
from ivy_paddle.backend.support import COMPLEX
from ivy_paddle.loading import paddle


def _order(x: Any) -> Any:
    """Sort a vector; complex numbers by their real parts, then by their imaginary ones, which Paddle does not."""
    if x.dtype not in COMPLEX:
        return paddle.argsort(x, stable=True)
    order = paddle.argsort(paddle.imag(x), stable=True)
    return paddle.gather(order, paddle.argsort(paddle.gather(paddle.real(x), order), stable=True))


def unique_all(x: Any, /) -> UniqueAll:
    none = paddle.zeros([0], paddle.int64)
    if 0 in x.shape:
        return UniqueAll(reshape(x, (-1,)) if x.ndim != 1 else x, none, paddle.zeros(x.shape, paddle.int64), none)
    flat = ordered(x).reshape([-1])
    order = _order(flat)
    values = paddle.gather(flat, order)
    new = not_equal(values[1:], values[:-1])  # two NaN are not equal
    first = paddle.concat([paddle.ones([1], paddle.bool), new])
    starts = paddle.nonzero(first).reshape([-1])
    rank = paddle.cumsum(first.astype(paddle.int64), 0) - 1
    inverse = paddle.scatter(paddle.zeros_like(order), order, rank, overwrite=True)
    counts = bincount(rank, length=starts.shape[0])
    kept = unordered(paddle.gather(values, starts), x.dtype)
    return UniqueAll(kept, paddle.gather(order, starts), inverse.reshape(x.shape), counts)
