"""Cases of recurrent layers."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit

from ivy.testing.case import Call, case
from ivy.testing.draw import Draw

_DTYPES = ("float32", "float64", "float16", "bfloat16")
_GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


def _steps(x: Any, step: Any, state: tuple[Any, ...], reverse: bool) -> tuple[Any, tuple[Any, ...]]:
    rows = []
    for row in x[::-1] if reverse else x:
        state = step(row, *state)
        rows.append(state[0])
    ys = np.stack(rows[::-1] if reverse else rows)
    return ys, state


def _gates(x: Any, h: Any, weights: Any, count: int) -> tuple[list[Any], list[Any]]:
    """Those of the input and those of the state."""
    w_ih, w_hh, *rest = weights
    b_ih, b_hh = rest[:2] if len(rest) >= 2 else (0, 0)
    return np.split(x @ w_ih.T + b_ih, count, axis=-1), np.split(h @ w_hh.T + b_hh, count, axis=-1)


def _lstm(x: Any, h0: Any, c0: Any, weights: Any, *, reverse: bool = False) -> Any:
    def step(row: Any, h: Any, c: Any) -> tuple[Any, Any]:
        i, f, g, o = (a + b for a, b in zip(*_gates(row, h, weights, 4), strict=True))
        c = expit(f) * c + expit(i) * np.tanh(g)
        h = expit(o) * np.tanh(c)
        return (h @ weights[-1].T if len(weights) % 2 else h), c

    y, (h, c) = _steps(x, step, (h0, c0), reverse)
    return y, h, c


def _gru(x: Any, h0: Any, weights: Any, *, reverse: bool = False) -> Any:
    def step(row: Any, h: Any) -> tuple[Any]:
        (r1, z1, n1), (r2, z2, n2) = _gates(row, h, weights, 3)
        z = expit(z1 + z2)
        return ((1 - z) * np.tanh(n1 + expit(r1 + r2) * n2) + z * h,)

    y, (h,) = _steps(x, step, (h0,), reverse)
    return y, h


def _rnn(x: Any, h0: Any, weights: Any, *, nonlinearity: str = "tanh", reverse: bool = False) -> Any:
    def step(row: Any, h: Any) -> tuple[Any]:
        (a,), (b,) = _gates(row, h, weights, 1)
        return (np.tanh(a + b) if nonlinearity == "tanh" else np.maximum(a + b, 0),)

    y, (h,) = _steps(x, step, (h0,), reverse)
    return y, h


def _recurrent(
    mode: str, x: Any, h0: Any, c0: Any, weights: Any, *, layers: int = 1, bidirectional: bool = False
) -> Any:
    directions = 2 if bidirectional else 1
    each = len(weights) // (layers * directions)
    hs, cs = [], []
    for layer in range(layers):
        ys = []
        for direction in range(directions):
            n = layer * directions + direction
            own, reverse = weights[n * each : (n + 1) * each], direction == 1
            if mode == "lstm":
                y, h, c = _lstm(x, h0[n], c0[n], own, reverse=reverse)
                cs.append(c)
            elif mode == "gru":
                y, h = _gru(x, h0[n], own, reverse=reverse)
            else:
                y, h = _rnn(x, h0[n], own, nonlinearity=mode[4:], reverse=reverse)
            ys.append(y)
            hs.append(h)
        x = np.concatenate(ys, axis=-1)
    return x, np.stack(hs), np.stack(cs) if cs else None


def _weights(d: Draw, dtype: str, gates: int, inner: int, hidden: int, out: int, bias: bool) -> list[Any]:
    shapes = [(gates * hidden, inner), (gates * hidden, out)] + [(gates * hidden,)] * 2 * bias
    if out != hidden:
        shapes.append((out, hidden))
    return [d.array(s, dtype, low=-1, high=1) for s in shapes]


def _sizes(d: Draw) -> tuple[int, int, int, int]:
    return d.integer(1, 3), d.integer(1, 2), d.integer(1, 3), d.integer(2, 3)


@case("lstm", _lstm, tolerance=4, dtype="first")
def _(d: Draw) -> Call:
    (t, n, i, h), dtype = _sizes(d), d.dtype(_DTYPES)
    out = d.of(h, 1)  # with a projection
    states = [d.array((n, out), dtype, low=-1, high=1), d.array((n, h), dtype, low=-1, high=1)]
    x = d.array((t, n, i), dtype, low=-1, high=1)
    return Call(x, *states, _weights(d, dtype, 4, i, h, out, d.flag()), **({"reverse": True} if d.flag() else {}))


def _one_state(op: str, reference: Any, gates: int) -> None:
    @case(op, reference, tolerance=4, dtype="first")
    def _(d: Draw) -> Call:
        (t, n, i, h), dtype = _sizes(d), d.dtype(_DTYPES)
        found: dict[str, Any] = {"reverse": True} if d.flag() else {}
        if op == "rnn" and d.flag():
            found["nonlinearity"] = "relu"
        x, h0 = d.array((t, n, i), dtype, low=-1, high=1), d.array((n, h), dtype, low=-1, high=1)
        return Call(x, h0, _weights(d, dtype, gates, i, h, h, d.flag()), **found)


_one_state("gru", _gru, 3)
_one_state("rnn", _rnn, 1)


def _by_lengths(reference: Any, states: int) -> Any:
    """Make the reference that runs every sequence by itself, cut to its length."""

    def call(*args: Any, lengths: Any = None, **options: Any) -> Any:
        if lengths is None:
            return reference(*args, **options)
        lead = args[: -states - 2]  # the mode, if any
        x, *given, weights = args[-states - 2 :]
        parts = []
        for n, length in enumerate(int(v) for v in lengths):
            own: list[Any] = [None if h is None else np.take(h, [n], axis=h.ndim - 2) for h in given]
            if not length:
                width = own[0].shape[-1] * (1 + bool(options.get("bidirectional")))
                parts.append((np.zeros((len(x), 1, width)), *own))
                continue
            y, *last = reference(*lead, x[:length, n : n + 1], *own, weights, **options)
            parts.append((np.pad(y, [(0, len(x) - length), (0, 0), (0, 0)]), *last))
        joined = zip(*parts, strict=True)
        return tuple(None if rows[0] is None else np.concatenate(rows, axis=rows[0].ndim - 2) for rows in joined)

    return call


def _lengths(d: Draw, t: int, n: int) -> dict[str, Any]:
    return {"lengths": d.array((n,), ("int64", "int32"), low=0, high=t)} if d.flag() else {}


@case("recurrent", _by_lengths(_recurrent, 2), tolerance=6, dtype="first")
def _(d: Draw) -> Call:
    (t, n, i, h), dtype, mode = _sizes(d), d.dtype(_DTYPES), d.of(*_GATES)
    layers, directions, bias = d.integer(1, 2), d.integer(1, 2), d.flag()
    weights: list[Any] = []
    for layer in range(layers):
        for _ in range(directions):
            weights += _weights(d, dtype, _GATES[mode], i if layer == 0 else h * directions, h, h, bias)
    states = [d.array((layers * directions, n, h), dtype, low=-1, high=1) for _ in range(2)]
    found = {"layers": layers} if layers > 1 else {}
    x = d.array((t, n, i), dtype, low=-1, high=1)
    return Call(
        mode,
        x,
        states[0],
        states[1] if mode == "lstm" else None,
        weights,
        **found,
        **_lengths(d, t, n),
        **({"bidirectional": True} if directions == 2 else {}),
    )
