"""Recurrent layers against torch.nn: modes, layers, directions, projections, gradients."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from backends import DIFFERENTIABLE, MAKE, outputs_and_gradients, to_np

import ivy.functional as F
from ivy.functional.registry import OPS

MODULES = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn_tanh": torch.nn.RNN, "rnn_relu": torch.nn.RNN}


def build(mode, **options):
    torch.manual_seed(0)
    if mode == "rnn_relu":
        options["nonlinearity"] = "relu"
    net = MODULES[mode](4, 3, **options)
    directions = 2 if options.get("bidirectional") else 1
    rows = options.get("num_layers", 1) * directions
    x = torch.randn(5, 2, 4)
    h = torch.randn(rows, 2, options.get("proj_size", 0) or 3)
    c = torch.randn(rows, 2, 3) if mode == "lstm" else None
    with torch.no_grad():
        y, last = net(x, (h, c) if mode == "lstm" else h)
    expected = (y, *last) if mode == "lstm" else (y, last, None)
    return [w.detach() for w in net.all_weights for w in w], (x, h, c), expected


def native(name, x):
    return None if x is None else MAKE[name](np.asarray(x))


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize("mode", MODULES)
@pytest.mark.parametrize(
    "options", [{}, {"num_layers": 2}, {"bidirectional": True}, {"num_layers": 2, "bidirectional": True, "bias": False}]
)
def test_against_torch(name, mode, options):
    weights, inputs, expected = build(mode, **options)
    args = (mode, *(native(name, a) for a in inputs), [native(name, w) for w in weights])
    kwargs = {"layers": options.get("num_layers", 1), "bidirectional": options.get("bidirectional", False)}
    for run in (F.recurrent, OPS["recurrent"].body):
        for found, wanted in zip(run(*args, **kwargs), expected, strict=True):
            assert (found is None) == (wanted is None)
            if wanted is not None:
                assert to_np(found).dtype == np.float32
                assert to_np(found).shape == tuple(wanted.shape)
                np.testing.assert_allclose(to_np(found), wanted.numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@pytest.mark.parametrize("name", MAKE)
def test_projections(name):
    weights, inputs, expected = build("lstm", proj_size=2)
    args = ("lstm", *(native(name, a) for a in inputs), [native(name, w) for w in weights])
    for run in (F.recurrent, OPS["recurrent"].body):
        for found, wanted in zip(run(*args), expected, strict=True):
            np.testing.assert_allclose(to_np(found), wanted.numpy(), rtol=1e-4, atol=1e-5)


def packed(mode, lengths, **options):
    """Build as above, with three sequences of these lengths and not-a-numbers in the padding."""
    torch.manual_seed(0)
    if mode == "rnn_relu":
        options["nonlinearity"] = "relu"
    net = MODULES[mode](4, 3, **options)
    rows = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
    x, h = torch.randn(5, 3, 4), torch.randn(rows, 3, 3)
    c = torch.randn(rows, 3, 3) if mode == "lstm" else None
    for n, length in enumerate(lengths):
        x[length:, n] = torch.nan
    y, last = net(
        torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False),
        (h, c) if mode == "lstm" else h,
    )
    y = torch.nn.utils.rnn.pad_packed_sequence(y, total_length=5)[0]
    return net, (x, h, c), (y, *last) if mode == "lstm" else (y, last, None)


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize("mode", MODULES)
@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}])
def test_lengths_against_packed_sequences(name, mode, options):
    net, inputs, expected = packed(mode, [3, 5, 1], **options)
    weights = [native(name, w.detach()) for row in net.all_weights for w in row]
    args = (mode, *(native(name, a) for a in inputs), weights)
    kwargs = {"layers": options.get("num_layers", 1), "bidirectional": options.get("bidirectional", False)}
    for run in (F.recurrent, OPS["recurrent"].body):
        found = run(*args, lengths=native(name, np.asarray([3, 5, 1])), **kwargs)
        for a, b in zip(found, expected, strict=True):
            if b is not None:
                assert to_np(a).shape == tuple(b.shape)
                np.testing.assert_allclose(to_np(a), b.detach().numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
@pytest.mark.parametrize("mode", MODULES)
def test_gradients_with_lengths(name, mode):
    net, (x, h, c), (y, last, *_) = packed(mode, [3, 5, 1], bidirectional=True)
    ((y**2).sum() + last.sum()).backward()
    flat = [w for row in net.all_weights for w in row]

    def loss(*weights):
        lengths = native(name, np.asarray([3, 5, 1]))
        args = (mode, *(native(name, a) for a in (x, h, c)), list(weights))
        y, last, _ = F.recurrent(*args, bidirectional=True, lengths=lengths)
        return F.sum(y**2) + F.sum(last)

    _, found = outputs_and_gradients(name, loss, [w.detach().numpy() for w in flat])
    for a, b in zip(flat, found, strict=True):
        np.testing.assert_allclose(to_np(b), a.grad.numpy(), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
@pytest.mark.parametrize("mode", MODULES)
def test_gradients(name, mode):
    weights, (x, h, c), _ = build(mode, bidirectional=True)

    def loss(make, weights):
        y, last, _ = F.recurrent(
            mode, make(x), make(h), None if c is None else make(c), list(weights), bidirectional=True
        )
        return F.sum(y**2) + F.sum(last)

    leaves = [w.clone().requires_grad_() for w in weights]
    y, last, _ = F.recurrent(mode, x, h, c, leaves, bidirectional=True)
    ((y**2).sum() + last.sum()).backward()
    _, found = outputs_and_gradients(name, lambda *w: loss(lambda a: native(name, a), w), [w.numpy() for w in weights])
    for a, b in zip(leaves, found, strict=True):
        np.testing.assert_allclose(to_np(b), a.grad.numpy(), rtol=1e-3, atol=1e-5)


def test_dropout_between_layers():
    weights, inputs, expected = build("gru", num_layers=2)
    results = {}
    for name in MAKE:
        args = ("gru", *(native(name, a) for a in inputs), [native(name, w) for w in weights])
        key = native(name, np.asarray([0, 3], "uint32"))
        results[name] = to_np(F.recurrent(*args, layers=2, dropout=0.5, key=key)[0])
        default = to_np(F.recurrent(*args, layers=2, dropout=0.5)[0])
        assert not np.allclose(default, expected[0].numpy())
    first = next(iter(results.values()))
    for name, found in results.items():
        np.testing.assert_allclose(found, first, rtol=1e-4, atol=1e-5, err_msg=name)
    assert not np.allclose(first, expected[0].numpy())


def test_wrong_number_of_weights():
    weights, (x, h, _), _ = build("gru", num_layers=2)
    with pytest.raises(ValueError, match="weights"):
        F.recurrent("gru", x.numpy(), h.numpy(), None, [w.numpy() for w in weights[:-1]], layers=2)
