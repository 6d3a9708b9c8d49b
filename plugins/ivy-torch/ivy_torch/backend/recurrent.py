"""Recurrent layers in torch: its fused ones, whose weights and gates `ivy.recurrent` shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ivy.functional.registry import OPS

_FUSED = {"gru": torch.gru, "rnn_tanh": torch.rnn_tanh, "rnn_relu": torch.rnn_relu}


def recurrent(
    mode: Any,
    x: Any,
    h0: Any,
    c0: Any,
    weights: Sequence[Any],
    /,
    *,
    layers: int = 1,
    bidirectional: bool = False,
    dropout: float = 0.0,
    key: Any = None,
    lengths: Any = None,
) -> tuple[Any, Any, Any]:
    each = len(weights) // (layers * (2 if bidirectional else 1))
    if lengths is not None or (dropout and key is not None):
        # torch's packed sequences need the lengths on the host and take no empty ones; its own dropout knows no keys
        body: Any = OPS["recurrent"].body
        given = {"layers": layers, "bidirectional": bidirectional, "dropout": dropout, "key": key, "lengths": lengths}
        return body(mode, x, h0, c0, weights, **given)
    options = (list(weights), each >= 4, layers, dropout, dropout > 0, bidirectional, False)
    if mode == "lstm":
        return torch.lstm(x, (h0, c0), *options)
    return *_FUSED[mode](x, h0, *options), None
