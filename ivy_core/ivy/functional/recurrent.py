"""Recurrent layers, with the weight layout and gate order of torch.nn.

A layer's weights are ``(w_ih, w_hh)`` or ``(w_ih, w_hh, b_ih, b_hh)``, and ``w_hr`` last for an LSTM with projections.
With G gates (LSTM: input, forget, cell, output; GRU: reset, update, new; plain: one), ``w_ih`` is (G * H, I), ``w_hh``
is (G * H, H or the projected size), the biases are (G * H,). Sequences come time first: (T, N, I); `moveaxis` brings
others there and the outputs back.

Where the sequences of a batch differ in length they are padded at the end and ``lengths``, (N,), counts their steps, as
torch's packed sequences and Keras' masks do: outputs past the end are zeros, the last states are those of the last
step that counts, a layer that runs backwards starts there, and what stands in the padding has no influence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import ivy.functional as F
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = ["gru", "lstm", "recurrent", "rnn"]

Mode = Literal["lstm", "gru", "rnn_tanh", "rnn_relu"]


def _scan(
    step: Callable[[Any, Any], Any], init: tuple[Any, ...], x: Any, inside: Any, reverse: bool
) -> tuple[Any, Any]:
    """Carry the states of `init` over time; the first of them is also the output of every step `inside`."""

    def f(carry: tuple[Any, ...], row: tuple[Any, ...]) -> tuple[Any, Any]:
        new = step(carry, row[0])
        if inside is None:
            return new, (new[0],)
        kept = tuple(F.where(row[1], now, before) for now, before in zip(new, carry, strict=True))
        return kept, (F.where(row[1], new[0], 0),)

    carry, (ys,) = F.scan(f, init, (x,) if inside is None else (x, inside), reverse=reverse)
    return ys, carry


def _masked(x: Any, lengths: Any) -> tuple[Any, Any]:
    """Return `x` without what is in the padding, and which steps count, (T, N, 1); None where all do."""
    if lengths is None:
        return x, None
    steps = F.reshape(F.arange(x.shape[0], dtype="int64"), (-1, 1, 1))
    inside = F.less(steps, F.reshape(F.astype(lengths, "int64"), (1, -1, 1)))
    return F.where(inside, x, 0), inside


def _affine(x: Any, weight: Any, bias: Any) -> Any:
    product = F.matmul(x, F.matrix_transpose(weight))
    return product if bias is None else F.add(product, bias)


def _unpacked(weights: Sequence[Any]) -> tuple[Any, Any, Any, Any, Any]:
    """``w_ih, w_hh, b_ih, b_hh, w_hr``, with None for those that are not there."""
    has_bias = len(weights) >= 4
    biases = (weights[2], weights[3]) if has_bias else (None, None)
    projection = weights[-1] if len(weights) in (3, 5) else None
    return weights[0], weights[1], *biases, projection


@composite
def lstm(
    x: Array,
    h0: Array,
    c0: Array,
    weights: Sequence[Array],
    /,
    *,
    reverse: bool = False,
    lengths: Array | None = None,
) -> tuple[Array, Array, Array]:
    """Run one direction of one LSTM layer (Hochreiter and Schmidhuber 1997; torch.nn.LSTM).

    Args:
        x: shape (T, N, I).
        h0: first hidden state, (N, H), or (N, P) with projections.
        c0: first cell state, (N, H).
        weights: ``(w_ih, w_hh[, b_ih, b_hh][, w_hr])``, the gates in the order input, forget, cell, output.
        reverse: whether time runs backwards.
        lengths: how many steps of each sequence count, (N,), integers; None for all.

    Returns:
        ``(y, h, c)``: the hidden state of every step, (T, N, H or P), and the last states.

    Definition: torch.nn.LSTM, https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> weights = (np.ones((8, 3)), np.ones((8, 2)))
        >>> ivy.lstm(np.ones((5, 1, 3)), np.zeros((1, 2)), np.zeros((1, 2)), weights)[0].shape
        (5, 1, 2)
    """
    w_ih, w_hh, b_ih, b_hh, w_hr = _unpacked(weights)
    x, inside = _masked(x, lengths)
    size = c0.shape[-1]

    def step(carry: tuple[Any, ...], gates: Any) -> tuple[Any, ...]:
        h, c = carry
        gates = F.add(gates, _affine(h, w_hh, b_hh))
        i, f, g, o = (gates[..., n * size : (n + 1) * size] for n in range(4))
        c = F.add(F.multiply(F.sigmoid(f), c), F.multiply(F.sigmoid(i), F.tanh(g)))
        h = F.multiply(F.sigmoid(o), F.tanh(c))
        return (h if w_hr is None else F.matmul(h, F.matrix_transpose(w_hr))), c

    # the inputs' share of the gates is one product for all steps
    y, (h, c) = _scan(step, (h0, c0), _affine(x, w_ih, b_ih), inside, reverse)
    return y, h, c


@composite
def gru(
    x: Array, h0: Array, weights: Sequence[Array], /, *, reverse: bool = False, lengths: Array | None = None
) -> tuple[Array, Array]:
    """Run one direction of one layer of gated recurrent units (Cho et al. 2014, in torch.nn.GRU's form).

    Args:
        x: shape (T, N, I).
        h0: first hidden state, (N, H).
        weights: ``(w_ih, w_hh[, b_ih, b_hh])``, the gates in the order reset, update, new.
        reverse: whether time runs backwards.
        lengths: how many steps of each sequence count, (N,), integers; None for all.

    Returns:
        ``(y, h)``: the hidden state of every step, (T, N, H), and the last one.

    Definition: torch.nn.GRU, https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> weights = (np.ones((6, 3)), np.ones((6, 2)))
        >>> ivy.gru(np.ones((5, 1, 3)), np.zeros((1, 2)), weights)[0].shape
        (5, 1, 2)
    """
    w_ih, w_hh, b_ih, b_hh, _ = _unpacked(weights)
    x, inside = _masked(x, lengths)
    size = h0.shape[-1]

    def step(carry: tuple[Any, ...], of_input: Any) -> tuple[Any, ...]:
        (h,) = carry
        of_state = _affine(h, w_hh, b_hh)
        (r1, z1, n1), (r2, z2, n2) = (
            [part[..., n * size : (n + 1) * size] for n in range(3)] for part in (of_input, of_state)
        )
        z = F.sigmoid(F.add(z1, z2))
        # the reset gate acts on the product, its bias included, not on the state
        candidate = F.tanh(F.add(n1, F.multiply(F.sigmoid(F.add(r1, r2)), n2)))
        return (F.add(F.multiply(F.subtract(1, z), candidate), F.multiply(z, h)),)

    y, (h,) = _scan(step, (h0,), _affine(x, w_ih, b_ih), inside, reverse)
    return y, h


@composite
def rnn(
    x: Array,
    h0: Array,
    weights: Sequence[Array],
    /,
    *,
    nonlinearity: Literal["tanh", "relu"] = "tanh",
    reverse: bool = False,
    lengths: Array | None = None,
) -> tuple[Array, Array]:
    """Run one direction of one plain recurrent layer (Elman 1990; torch.nn.RNN).

    Args:
        x: shape (T, N, I).
        h0: first hidden state, (N, H).
        weights: ``(w_ih, w_hh[, b_ih, b_hh])``.
        nonlinearity: what is applied to the sum.
        reverse: whether time runs backwards.
        lengths: how many steps of each sequence count, (N,), integers; None for all.

    Returns:
        ``(y, h)``: the hidden state of every step, (T, N, H), and the last one.

    Definition: torch.nn.RNN, https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.rnn(np.ones((5, 1, 3)), np.zeros((1, 2)), (np.ones((2, 3)), np.ones((2, 2))))[0].shape
        (5, 1, 2)
    """
    w_ih, w_hh, b_ih, b_hh, _ = _unpacked(weights)
    x, inside = _masked(x, lengths)
    activation = F.tanh if nonlinearity == "tanh" else F.relu

    def step(carry: tuple[Any, ...], of_input: Any) -> tuple[Any, ...]:
        return (activation(F.add(of_input, _affine(carry[0], w_hh, b_hh))),)

    y, (h,) = _scan(step, (h0,), _affine(x, w_ih, b_ih), inside, reverse)
    return y, h


@composite
def recurrent(
    mode: Mode,
    x: Array,
    h0: Array,
    c0: Array | None,
    weights: Sequence[Array],
    /,
    *,
    layers: int = 1,
    bidirectional: bool = False,
    dropout: float = 0.0,
    key: Array | int | None = None,
    lengths: Array | None = None,
) -> tuple[Array, Array, Array | None]:
    """Run a stack of recurrent layers (torch.nn.LSTM, GRU and RNN).

    Args:
        mode: ``"lstm"``, ``"gru"``, ``"rnn_tanh"`` or ``"rnn_relu"``.
        x: shape (T, N, I).
        h0: first hidden states, (layers * directions, N, H).
        c0: first cell states of an LSTM, (layers * directions, N, H); else None.
        weights: those of all layers and directions in torch's flat order: layer 0 forwards, layer 0 backwards, layer 1.
        layers: number of layers.
        bidirectional: whether every layer also runs backwards; its outputs come after the forward ones.
        dropout: probability of a zero in what one layer passes to the next (training).
        key: for the dropout; None for the default generator.
        lengths: how many steps of each sequence count, (N,), integers; None for all.

    Returns:
        ``(y, h, c)``: the last layer's outputs, (T, N, H * directions), the last states, shaped like the first; c is
        None but for an LSTM.

    Raises:
        ValueError: if the number of weights does not fit the layers.

    Definition: torch.nn.LSTM, https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> weights = (np.ones((2, 3)), np.ones((2, 2)), np.ones((2, 2)), np.ones((2, 2)))
        >>> ivy.recurrent("rnn_tanh", np.ones((5, 1, 3)), np.zeros((2, 1, 2)), None, weights, layers=2)[0].shape
        (5, 1, 2)
    """
    directions = 2 if bidirectional else 1
    each, rest = divmod(len(weights), layers * directions)
    if rest or each not in ((2, 3, 4, 5) if mode == "lstm" else (2, 4)):
        raise ValueError(f"{len(weights)} weights don't fit {layers} layers in {directions} directions")
    keys = (None,) * layers if key is None or not dropout else F.unstack(F.random_split(key, num=layers))
    hs, cs = [], []
    for layer in range(layers):
        ys = []
        for direction in range(directions):
            n = layer * directions + direction
            own = tuple(weights[n * each : (n + 1) * each])
            options: dict[str, Any] = {"reverse": direction == 1, "lengths": lengths}
            if mode == "lstm":
                y, h, c = lstm(x, h0[n], c0[n], own, **options)  # type: ignore[index]
                cs.append(c)
            elif mode == "gru":
                y, h = gru(x, h0[n], own, **options)
            else:
                y, h = rnn(x, h0[n], own, nonlinearity="relu" if mode == "rnn_relu" else "tanh", **options)
            ys.append(y)
            hs.append(h)
        x = ys[0] if len(ys) == 1 else F.concat(ys, axis=-1)
        if dropout and layer < layers - 1:
            x = F.dropout(x, rate=dropout, key=keys[layer])
    return x, F.stack(hs, axis=0), F.stack(cs, axis=0) if cs else None
