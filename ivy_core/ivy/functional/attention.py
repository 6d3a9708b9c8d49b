"""Attention."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ivy.dtypes import dtype_of
from ivy.errors import ShapeError
from ivy.functional._precision import narrow, widen
from ivy.functional.activations import softmax
from ivy.functional.creation import arange
from ivy.functional.elementwise import exp
from ivy.functional.indexing import where
from ivy.functional.linalg import matmul
from ivy.functional.manipulation import matrix_transpose, repeat, reshape
from ivy.functional.reductions import max as amax
from ivy.functional.reductions import mean
from ivy.functional.reductions import sum as total
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = ["multi_head_attention", "scaled_dot_product_attention"]


@composite(random=lambda bound: bound["dropout"] > 0)
def scaled_dot_product_attention(
    q: Array,
    k: Array,
    v: Array,
    mask: Array | None = None,
    /,
    *,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    dropout: float = 0.0,
    key: Array | None = None,
) -> Array:
    """Return ``softmax(q @ k.T * scale + mask) @ v`` (arXiv:1706.03762, torch's function of this name).

    Args:
        q: shape ``(..., heads, length, width)``, floating-point.
        k: shape ``(..., heads, keys, width)``.
        v: shape ``(..., heads, keys, value_width)``.
        mask: broadcasts to ``(..., heads, length, keys)``; boolean (True attends) or floating-point (added).
        is_causal: position i attends to keys 0 to i (counted from the start, also where the lengths differ).
        scale: factor of the products; None is ``1 / sqrt(width)``.
        enable_gqa: allow `k` and `v` a number of heads that divides that of `q`; each serves as many adjacent heads.
        dropout: probability of dropping a weight; drop only in training.
        key: randomness for the dropout; None is the backend's own generator.

    Returns:
        Shape ``(..., heads, length, value_width)``, dtype of `q`; zeros for positions that attend to nothing.

    Raises:
        ShapeError: if the numbers of heads don't fit.

    Definition: arXiv:1706.03762, https://arxiv.org/abs/1706.03762

    Example:
        >>> import ivy, numpy as np
        >>> x = np.ones((1, 2, 5, 4))
        >>> ivy.scaled_dot_product_attention(x, x, x, is_causal=True).shape
        (1, 2, 5, 4)
    """
    k, v = grouped_heads(q, k, v, enable_gqa)
    weights = _weights(q, k, mask, is_causal, 1.0 / math.sqrt(q.shape[-1]) if scale is None else scale)
    if dropout > 0.0:
        from ivy.functional.random import dropout as drop

        weights = drop(weights, rate=dropout, key=key)
    return narrow(matmul(weights, widen(v)), q)


@composite(random=lambda bound: bound["dropout"] > 0)
def multi_head_attention(
    q: Array,
    k: Array,
    v: Array,
    in_weights: Sequence[Array] = (),
    in_biases: Sequence[Array] = (),
    out_weight: Array | None = None,
    out_bias: Array | None = None,
    mask: Array | None = None,
    key_mask: Array | None = None,
    /,
    *,
    heads: int,
    kv_heads: int | None = None,
    is_causal: bool = False,
    scale: float | None = None,
    dropout: float = 0.0,
    need_weights: bool = False,
    average_weights: bool = True,
    key: Array | int | None = None,
) -> tuple[Array, Array | None]:
    """Project, attend in several heads, and project the heads' results together.

    Args:
        q: shape ``(..., length, width)``, floating-point.
        k: shape ``(..., keys, key_width)``.
        v: shape ``(..., keys, value_width)``.
        in_weights: one array, the projections of `q`, `k` and `v` below each other, or three, each of shape
            ``(features, width of its input)``; none: the inputs are used as they are.
        in_biases: one array or three, as `in_weights`; none for no biases.
        out_weight: shape ``(out, heads * head width)``; None: the heads' results are only put side by side.
        out_bias: shape ``(out,)``.
        mask: broadcasts to ``(..., heads, length, keys)``; boolean (True attends) or floating-point (added).
        key_mask: shape ``(..., keys)``, the keys that may be attended to; boolean or floating-point likewise.
        heads: number of heads.
        kv_heads: number of heads of `k` and `v`, which divides `heads` and is as great by default (grouped queries).
        is_causal: position i attends to keys 0 to i.
        scale: factor of the products; None is ``1 / sqrt(head width)``.
        dropout: probability of dropping a weight; drop only in training.
        need_weights: whether to return the weights.
        average_weights: whether to average them over the heads.
        key: randomness for the dropout; None is the backend's own generator.

    Returns:
        The result, ``(..., length, out)``, and the weights before dropout, ``(..., length, keys)`` or
        ``(..., heads, length, keys)``; None unless they are needed.

    Raises:
        ShapeError: if the numbers of features or heads don't fit.
        ArgumentError: if there are not 0, 1 or 3 projections.

    Definition: torch.nn.MultiheadAttention, https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html

    Example:
        >>> import ivy, numpy as np
        >>> x, w = np.ones((1, 5, 4)), np.ones((12, 4))
        >>> ivy.multi_head_attention(x, x, x, (w,), heads=2)[0].shape
        (1, 5, 4)
    """
    from ivy.functional import _heads
    from ivy.functional.convolution import linear

    groups = heads if kv_heads is None else kv_heads
    q, k, v = _heads.projected((q, k, v), in_weights, in_biases, heads, groups)
    q, k, v = _heads.split(q, heads), _heads.split(k, groups), _heads.split(v, groups)
    mask = _heads.masked(mask, key_mask)
    found = scaled_dot_product_attention(
        q, k, v, mask, is_causal=is_causal, scale=scale, enable_gqa=groups != heads, dropout=dropout, key=key
    )
    weights = None
    if need_weights:
        k, _ = grouped_heads(q, k, v, groups != heads)
        factor = 1.0 / math.sqrt(q.shape[-1]) if scale is None else scale
        weights = narrow(_weights(q, k, mask, is_causal, factor), q)
        weights = mean(weights, axis=-3) if average_weights else weights
    found = _heads.joined(found)
    return (found if out_weight is None else linear(found, out_weight, out_bias)), weights


def causal_mask(length: int, keys: int) -> Array:
    """Return the boolean mask, shape ``(length, keys)``, that lets position i attend to keys 0 to i."""
    rows = reshape(arange(length, dtype="int32"), (length, 1))
    return rows >= reshape(arange(keys, dtype="int32"), (1, keys))


def grouped_heads(q: Array, k: Array, v: Array, enable_gqa: bool) -> tuple[Array, Array]:
    """Return keys and values with as many heads as `q` has.

    Raises:
        ShapeError: if the heads of `k` or `v` don't divide those of `q`.
    """
    if not enable_gqa:
        return k, v
    heads = q.shape[-3]
    for name, x in (("k", k), ("v", v)):
        if heads % x.shape[-3]:
            raise ShapeError(f"{name} has {x.shape[-3]} heads, which does not divide the {heads} heads of q")
    spread = [x if x.shape[-3] == heads else repeat(x, heads // x.shape[-3], axis=-3) for x in (k, v)]
    return spread[0], spread[1]


def _weights(q: Array, k: Array, mask: Array | None, is_causal: bool, factor: float) -> Array:
    scores = matmul(widen(q) * factor, matrix_transpose(widen(k)))
    allowed = mask if mask is not None and dtype_of(mask) == "bool" else None
    if mask is not None and allowed is None:
        scores = scores + widen(mask)
    if is_causal:
        causal = causal_mask(q.shape[-2], k.shape[-2])
        allowed = causal if allowed is None else allowed & causal
    if allowed is not None:
        scores = where(allowed, scores, float("-inf"))
    # only a mask can leave a position nothing to attend to
    return softmax(scores) if mask is None else _safe_softmax(scores)


def _safe_softmax(scores: Array) -> Array:
    best = amax(scores, axis=-1, keepdims=True)
    best = where(best == float("-inf"), 0.0, best)
    e = exp(scores - best)
    sums = total(e, axis=-1, keepdims=True)
    return e / where(sums == 0, 1.0, sums)
