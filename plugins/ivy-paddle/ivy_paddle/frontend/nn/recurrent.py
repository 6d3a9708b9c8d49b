"""Recurrent layers and attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.errors import UnsupportedCall, UnsupportedOpError
from ivy_paddle.frontend.promotion import cast
from ivy_paddle.frontend.table import api, op


@op()
def rnn(
    x: Any,
    pre_state: Sequence[Any],
    weight_list: Sequence[Any],
    sequence_length: Any = None,
    dropout_state_in: Any = None,
    dropout_prob: float = 0.0,
    is_bidirec: bool = False,
    input_size: int = 10,
    hidden_size: int = 100,
    num_layers: int = 1,
    mode: str = "RNN_TANH",
    seed: int = 0,
    is_test: bool = False,
) -> tuple[Any, Any, Any, Any]:
    if sequence_length is not None:
        raise UnsupportedOpError([UnsupportedCall("paddle._C_ops.rnn", reason="with sequence_length")], source="paddle")
    cells = num_layers * (2 if is_bidirec else 1)
    biases = 2 if len(weight_list) == 4 * cells else 0
    # paddle lists the matrices of all layers first, then the biases of all
    weights: list[Any] = []
    for i in range(cells):
        weights += [*weight_list[2 * i : 2 * i + 2]]
        if biases:
            weights += [*weight_list[2 * cells + 2 * i : 2 * cells + 2 * i + 2]]
    lstm = mode == "LSTM"
    y, h, c = ops.recurrent(
        mode.lower(),
        x,
        pre_state[0],
        pre_state[1] if lstm else None,
        tuple(weights),
        layers=num_layers,
        bidirectional=is_bidirec,
        dropout=0.0 if is_test else float(dropout_prob),
    )
    return y, None, [h, c] if lstm else [h], None


def _attend(q: Any, k: Any, v: Any, mask: Any, is_causal: bool, dropout: float, scale: float | None = None) -> Any:
    """Attend over ``(batch, length, heads, size)``, paddle's layout."""
    q, k, v = (ops.swapaxes(x, 1, 2) for x in (q, k, v))
    if mask is not None and dtype_of(mask) != "bool":
        mask = cast(mask, dtype_of(q))
    enable = {"enable_gqa": True} if k.shape[1] != q.shape[1] else {}
    found = ops.scaled_dot_product_attention(q, k, v, mask, is_causal=is_causal, dropout=dropout, scale=scale, **enable)
    return ops.swapaxes(found, 1, 2)


@api("F.scaled_dot_product_attention")
def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    training: bool = True,
    backend: Any = None,
    scale: float | None = None,
    enable_gqa: bool = True,
) -> Any:
    return _attend(query, key, value, attn_mask, is_causal, dropout_p if training else 0.0, scale)


@op()
def flash_attn(
    q: Any,
    k: Any,
    v: Any,
    fixed_seed_offset: Any = None,
    attn_mask: Any = None,
    dropout: float = 0.0,
    causal: bool = False,
    return_softmax: bool = False,
    is_test: bool = False,
    rng_name: str = "",
) -> tuple[Any, Any, Any, Any]:
    return _attend(q, k, v, attn_mask, causal, 0.0 if is_test else dropout), None, None, None


@op()
def memory_efficient_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    causal: bool = False,
    dropout_p: float = 0.0,
    scale: float = -1.0,
    is_test: bool = False,
    **options: Any,
) -> tuple[Any, Any, Any]:
    found = _attend(query, key, value, bias, causal, 0.0 if is_test else dropout_p, scale if scale > 0 else None)
    return found, None, None
