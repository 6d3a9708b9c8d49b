"""Attention."""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.nn.functional.conv import linear
from ivy_torch.frontend.promotion import cast


@api("F.scaled_dot_product_attention", "_nn.scaled_dot_product_attention")
def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    return ops.scaled_dot_product_attention(
        query, key, value, attn_mask, is_causal=is_causal, scale=scale, enable_gqa=enable_gqa, dropout=dropout_p
    )


@api("aten._scaled_dot_product_flash_attention_for_cpu")
def flash_attention_cpu(
    query: Any,
    key: Any,
    value: Any,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    attn_mask: Any = None,
    scale: float | None = None,
) -> Any:
    out = scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, scale)
    scores = ops.multiply(
        ops.matmul(query, ops.matrix_transpose(key)), query.shape[-1] ** -0.5 if scale is None else scale
    )
    if attn_mask is not None:
        scores = (
            ops.where(attn_mask, scores, float("-inf")) if dtype_of(attn_mask) == "bool" else ops.add(scores, attn_mask)
        )
    if is_causal:
        seen = ops.tril(ops.ones(tuple(scores.shape[-2:]), dtype="bool"))
        scores = ops.where(seen, scores, float("-inf"))
    return out, ops.logsumexp(scores, axis=-1)


@api("aten._scaled_dot_product_attention_math")
def attention_math(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    dropout_mask: Any = None,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    out = scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, scale, enable_gqa)
    return out, None


@api("aten._scaled_dot_product_efficient_attention")
def efficient_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_bias: Any,
    compute_log_sumexp: bool,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
) -> Any:
    out = scaled_dot_product_attention(query, key, value, attn_bias, dropout_p, is_causal, scale)
    return out, None, None, None


def _additive(mask: Any, dtype: Any) -> Any:
    if mask is None or dtype_of(mask) != "bool":
        return mask
    return ops.where(mask, ops.full_like(mask, float("-inf"), dtype=dtype), ops.zeros_like(mask, dtype=dtype))


@api("F.multi_head_attention_forward")
def multi_head_attention_forward(
    query: Any, key: Any, value: Any, embed_dim_to_check: int, num_heads: int, in_proj_weight: Any, in_proj_bias: Any,
    bias_k: Any, bias_v: Any, add_zero_attn: bool, dropout_p: float, out_proj_weight: Any, out_proj_bias: Any,
    training: bool = True, key_padding_mask: Any = None, need_weights: bool = True, attn_mask: Any = None,
    use_separate_proj_weight: bool = False, q_proj_weight: Any = None, k_proj_weight: Any = None,
    v_proj_weight: Any = None, static_k: Any = None, static_v: Any = None, average_attn_weights: bool = True,
    is_causal: bool = False,
) -> Any:  # fmt: skip
    """Multi-head attention on (length, batch, features), as ``torch.nn.MultiheadAttention`` calls it."""
    single = len(query.shape) == 2
    if single:
        query, key, value = (ops.expand_dims(x, axis=1) for x in (query, key, value))
        key_padding_mask = None if key_padding_mask is None else ops.expand_dims(key_padding_mask, axis=0)
    length, batch, width = query.shape
    head = width // num_heads
    dtype = dtype_of(query)
    biases = [None] * 3 if in_proj_bias is None else ops.split(in_proj_bias, 3, axis=0)
    if use_separate_proj_weight:
        weights = [q_proj_weight, k_proj_weight, v_proj_weight]
    else:
        weights = ops.split(in_proj_weight, 3, axis=0)
    if is_causal and attn_mask is None:
        raise ValueError("Need attn_mask if specifying the is_causal hint.")
    mask, padding = _additive(attn_mask, dtype), _additive(key_padding_mask, dtype)
    q, k, v = (linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases))
    if bias_k is not None and bias_v is not None:
        k = ops.concat([k, ops.tile(bias_k, (1, batch, 1))], axis=0)
        v = ops.concat([v, ops.tile(bias_v, (1, batch, 1))], axis=0)
        mask, padding = _one_more(mask), _one_more(padding)

    def heads(x: Any) -> Any:  # (L, N, E) -> (N, H, L, E/H)
        return ops.permute_dims(ops.reshape(x, (-1, batch, num_heads, head)), (1, 2, 0, 3))

    q = heads(q)
    k = heads(k) if static_k is None else ops.reshape(static_k, (batch, num_heads, -1, head))
    v = heads(v) if static_v is None else ops.reshape(static_v, (batch, num_heads, -1, head))
    if add_zero_attn:
        none = ops.zeros((batch, num_heads, 1, head), dtype=dtype)
        k, v = ops.concat([k, none], axis=2), ops.concat([v, none], axis=2)
        mask, padding = _one_more(mask), _one_more(padding)
    if mask is not None and len(mask.shape) == 3:
        mask = ops.reshape(mask, (batch, num_heads, length, k.shape[2]))
    if padding is not None:
        rows = ops.reshape(padding, (batch, 1, 1, k.shape[2]))
        mask = rows if mask is None else ops.add(mask, rows)
    rate = dropout_p if training else 0.0
    if need_weights:
        scores = ops.matmul(ops.multiply(q, head**-0.5), ops.matrix_transpose(k))
        scores = scores if mask is None else ops.add(scores, mask)
        shares = ops.softmax(scores, axis=-1)
        shares = ops.dropout(shares, rate=rate) if rate else shares
        found = ops.matmul(shares, v)
    else:
        shares = None
        found = ops.scaled_dot_product_attention(q, k, v, mask, dropout=rate)
    out = ops.reshape(ops.permute_dims(found, (2, 0, 1, 3)), (length, batch, width))
    out = linear(out, out_proj_weight, out_proj_bias)
    if shares is not None and average_attn_weights:
        shares = ops.mean(shares, axis=1)
    if single:
        out = ops.squeeze(out, axis=1)
        shares = shares if shares is None else ops.squeeze(shares, axis=0)
    return out, shares


def _one_more(mask: Any) -> Any:
    if mask is None:
        return None
    return ops.pad(mask, [(0, 0)] * (len(mask.shape) - 1) + [(0, 1)])


@api("_grouped_mm", "F.grouped_mm", "grouped_mm", "aten._grouped_mm")
def grouped_mm(mat_a: Any, mat_b: Any, *, offs: Any = None, bias: Any = None, out_dtype: Any = None) -> Any:
    """Multiply groups of rows by a matrix each; ``offs`` holds the end of each group (https://pytorch.org/docs)."""
    if offs is None:
        found = ops.matmul(mat_a, mat_b)
    elif len(mat_a.shape) == 2 and len(mat_b.shape) == 3:
        # rows of a, cut into groups: each row meets the matrix of its group; beyond the last end is zero
        groups = mat_b.shape[0]
        rows = ops.arange(mat_a.shape[0], dtype="int64")
        total = None
        start: Any = 0
        for g in range(groups):
            end = cast(ops.get_item(offs, g), "int64")
            mine = ops.logical_and(ops.greater_equal(rows, start), ops.less(rows, end))
            part = ops.matmul(
                ops.where(ops.expand_dims(mine, axis=1), mat_a, ops.zeros_like(mat_a)), ops.get_item(mat_b, g)
            )
            total = part if total is None else ops.add(total, part)
            start = end
        found = total
    elif len(mat_a.shape) == 2 and len(mat_b.shape) == 2:
        columns = ops.arange(mat_a.shape[1], dtype="int64")
        parts, start = [], 0
        for g in range(offs.shape[0]):
            end = cast(ops.get_item(offs, g), "int64")
            mine = ops.logical_and(ops.greater_equal(columns, start), ops.less(columns, end))
            parts.append(ops.matmul(ops.where(mine, mat_a, ops.zeros_like(mat_a)), mat_b))
            start = end
        found = ops.stack(parts, axis=0)
    else:
        # columns of b, cut into groups
        columns = ops.arange(mat_b.shape[1], dtype="int64")
        found, start = None, 0
        for g in range(mat_a.shape[0]):
            end = cast(ops.get_item(offs, g), "int64")
            mine = ops.logical_and(ops.greater_equal(columns, start), ops.less(columns, end))
            part = ops.matmul(ops.get_item(mat_a, g), ops.where(mine, mat_b, ops.zeros_like(mat_b)))
            found = part if found is None else ops.add(found, part)
            start = end
    found = found if bias is None else ops.add(found, bias)
    return cast(found, out_dtype)
