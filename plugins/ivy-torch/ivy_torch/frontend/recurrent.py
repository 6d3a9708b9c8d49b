"""Recurrent layers and cells, as ``torch.nn.LSTM`` and its kind call them (``torch._VF``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as ops
from ivy.errors import UnsupportedCall, UnsupportedOpError
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.nn.functional.conv import linear
from ivy_torch.frontend.promotion import is_array


def _layers(mode: str) -> Callable[..., Any]:
    def call(
        input: Any,
        hx: Any,
        params: Sequence[Any],
        has_biases: bool,
        num_layers: int,
        dropout: float,
        train: bool,
        bidirectional: bool,
        batch_first: bool = False,
    ) -> Any:
        if is_array(params) or not isinstance(params, (tuple, list)):
            raise UnsupportedOpError([UnsupportedCall(f"torch.{mode} of a packed sequence")], source="torch")
        h, c = hx if mode == "lstm" else (hx, None)
        x = ops.swapaxes(input, 0, 1) if batch_first else input
        y, h, c = ops.recurrent(
            mode,
            x,
            h,
            c,
            tuple(params),
            layers=int(num_layers),
            bidirectional=bool(bidirectional),
            dropout=float(dropout) if train else 0.0,
        )
        y = ops.swapaxes(y, 0, 1) if batch_first else y
        return (y, h, c) if mode == "lstm" else (y, h)

    return call


for _mode in ("lstm", "gru", "rnn_tanh", "rnn_relu"):
    api(_mode, f"_VF.{_mode}")(_layers(_mode))


def _gates(x: Any, h: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any) -> tuple[Any, Any]:
    return linear(x, w_ih, b_ih), linear(h, w_hh, b_hh)


@api("lstm_cell", "_VF.lstm_cell")
def lstm_cell(input: Any, hx: Any, w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None) -> tuple[Any, Any]:
    h, c = hx
    i, f, g, o = ops.split(ops.add(*_gates(input, h, w_ih, w_hh, b_ih, b_hh)), 4, axis=-1)
    c = ops.add(ops.multiply(ops.sigmoid(f), c), ops.multiply(ops.sigmoid(i), ops.tanh(g)))
    return ops.multiply(ops.sigmoid(o), ops.tanh(c)), c


@api("gru_cell", "_VF.gru_cell")
def gru_cell(input: Any, hx: Any, w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None) -> Any:
    (ri, zi, ni), (rh, zh, nh) = (ops.split(g, 3, axis=-1) for g in _gates(input, hx, w_ih, w_hh, b_ih, b_hh))
    r, z = ops.sigmoid(ops.add(ri, rh)), ops.sigmoid(ops.add(zi, zh))
    n = ops.tanh(ops.add(ni, ops.multiply(r, nh)))
    return ops.add(n, ops.multiply(z, ops.subtract(hx, n)))


def _plain_cell(name: str) -> Callable[..., Any]:
    def call(input: Any, hx: Any, w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None) -> Any:
        return getattr(ops, name)(ops.add(*_gates(input, hx, w_ih, w_hh, b_ih, b_hh)))

    return call


api("rnn_tanh_cell", "_VF.rnn_tanh_cell")(_plain_cell("tanh"))
api("rnn_relu_cell", "_VF.rnn_relu_cell")(_plain_cell("relu"))
