"""Multi-head attention, noise for training and gated units, against torch."""

from __future__ import annotations

import numpy as np
import pytest
from agreement import BACKENDS, call, gradients, numerical, same

import ivy
import ivy.functional as F
from ivy.errors import ArgumentError, ShapeError


def torch_layer(packed, biased, q, k, v, seed=0):
    import torch

    torch.manual_seed(seed)
    widths = {} if packed else {"kdim": k.shape[-1], "vdim": v.shape[-1]}
    layer = torch.nn.MultiheadAttention(q.shape[-1], 2, bias=biased, batch_first=True, **widths)
    for p in layer.parameters():
        torch.nn.init.normal_(p, std=0.4)
    weights = [layer.in_proj_weight] if packed else [layer.q_proj_weight, layer.k_proj_weight, layer.v_proj_weight]
    numpy = [w.detach().numpy() for w in weights]
    rest = [layer.in_proj_bias.detach().numpy()] if biased else []
    bias = layer.out_proj.bias.detach().numpy() if biased else None
    return layer, numpy, rest, layer.out_proj.weight.detach().numpy(), bias


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("biased", [True, False])
@pytest.mark.parametrize("masks", ["none", "bool", "float", "keys", "both", "mixed", "causal"])
def test_multi_head_attention(check, packed, biased, masks):
    import torch

    q = check.normal(2, 5, 8)
    k, v = (check.normal(2, 6, 8), check.normal(2, 6, 8)) if packed else (check.normal(2, 6, 3), check.normal(2, 6, 7))
    layer, weights, biases, out, bias = torch_layer(packed, biased, q, k, v)
    allowed = np.tril(np.ones((5, 6), bool), 1)
    added = check.normal(5, 6)
    keys = np.array([[True] * 6, [True] * 4 + [False] * 2])
    mask = {"bool": allowed, "both": allowed, "float": added, "mixed": added}.get(masks)
    key_mask = keys if masks in ("keys", "both", "mixed") else None
    causal = masks == "causal"
    theirs = np.tril(np.ones((5, 6), bool)) if causal else mask
    theirs = None if theirs is None else torch.from_numpy(~theirs if theirs.dtype == bool else theirs)
    padding = None if key_mask is None else torch.from_numpy(~keys)
    if masks == "mixed":
        padding = torch.zeros(2, 6).masked_fill(padding, float("-inf"))
    with torch.no_grad():
        expected, shares = layer(
            *map(torch.from_numpy, (q, k, v)), attn_mask=theirs, key_padding_mask=padding, average_attn_weights=False
        )
    args = (q, k, v, weights, biases, out, bias, mask, key_mask)
    for backend in BACKENDS:
        found, got = call(
            "multi_head_attention", backend, *args, heads=2, is_causal=causal, need_weights=True, average_weights=False
        )
        same(found, expected.numpy(), backend, tolerance=2e-5)
        same(got, shares.numpy(), backend, tolerance=2e-5)
        mean = call("multi_head_attention", backend, *args, heads=2, is_causal=causal, need_weights=True)[1]
        same(mean, shares.mean(1).numpy(), backend, tolerance=2e-5)
        alone = call("multi_head_attention", backend, *args, heads=2, is_causal=causal)
        same(alone[0], expected.numpy(), backend, tolerance=2e-5)
        assert alone[1] is None


def test_grouped_queries(check):
    q, k, v = check.normal(2, 5, 8), check.normal(2, 5, 4), check.normal(2, 5, 4)
    wide = [np.repeat(x.reshape(2, 5, 2, 2), 2, axis=2).reshape(2, 5, 8) for x in (k, v)]
    for backend in BACKENDS:
        expected = call("multi_head_attention", backend, q, *wide, heads=4)[0]
        same(call("multi_head_attention", backend, q, k, v, heads=4, kv_heads=2)[0], expected, backend)
    with pytest.raises(ShapeError):
        call("multi_head_attention", "numpy", q, q, q, heads=3)
    with pytest.raises(ArgumentError):
        call("multi_head_attention", "numpy", q, q, q, [q, q], heads=2)


def test_gradients_and_masked_rows(check):
    q, w = check.normal(1, 3, 4), check.normal(12, 4)
    mask = np.array([[True, False, False], [False, False, False], [True, True, True]])

    args = [q, q.copy(), q.copy(), [w], [], None, None, mask]
    found = {b: call("multi_head_attention", b, *args, heads=2)[0] for b in BACKENDS}
    for backend, y in found.items():
        np.testing.assert_allclose(y[:, 1], 0, atol=1e-30, err_msg=backend)  # Paddle's exp(-inf) is 1e-38
    kw = {"heads": 2, "need_weights": True}
    expected = numerical("multi_head_attention", [q, q, q], kw, [0, 1, 2])
    for backend, found in gradients("multi_head_attention", [q, q, q], kw, [0, 1, 2]).items():
        for f, e in zip(found, expected, strict=True):
            np.testing.assert_allclose(f, e, atol=1e-3, err_msg=backend)


# Noise


@pytest.fixture(params=BACKENDS)
def backend(request):
    with ivy.using_backend(request.param):
        yield request.param


@pytest.mark.parametrize("key", [3, None])
def test_noise_keeps_the_mean(backend, key):
    F.seed(1)
    x = np.full((200, 50), 2.0, "float32")
    alpha = call("alpha_dropout", backend, np.zeros((200, 50), "float32"), rate=0.3, key=key)
    assert abs(alpha.mean()) < 0.05
    dropped = alpha == alpha.min()
    assert abs(dropped.mean() - 0.3) < 0.02
    normal = np.random.default_rng(0).normal(size=(200, 50)).astype("float32")
    assert abs(call("alpha_dropout", backend, normal, rate=0.3, key=key).std() - 1) < 0.05
    noisy = call("gaussian_dropout", backend, x, rate=0.2, key=key)
    assert abs(noisy.mean() - 2) < 0.05
    assert abs(noisy.std() - 1) < 0.05
    whole = call("drop_path", backend, x, rate=0.5, key=key)
    assert set(np.unique(whole)) == {0, 4}
    assert (whole == whole[:, :1]).all()
    channels = call("spatial_dropout", backend, np.ones((20, 7, 4, 3), "float32"), rate=0.5, key=key)
    assert (channels == channels[:, :, :1, :1]).all()
    assert abs(channels.mean() - 1) < 0.3
    last = call(
        "spatial_dropout", backend, np.ones((20, 4, 7), "float32"), rate=0.5, data_format="channels_last", key=key
    )
    assert (last == last[:, :1]).all()
    assert 0 < (last == 0).mean() < 1


def test_features_dropped_together(backend):
    y = call("alpha_dropout", backend, np.zeros((9, 4, 5), "float32"), rate=0.5, noise_shape=(9, 4, 1), key=0)
    assert (y == y[..., :1]).all()
    assert len(np.unique(y)) == 2


@pytest.mark.parametrize("op", ["alpha_dropout", "spatial_dropout", "drop_path", "gaussian_dropout"])
def test_no_noise_and_bad_rates(backend, op):
    x = np.ones((2, 3, 4), "float32")
    same(call(op, backend, x, rate=0.0), x, backend)
    with pytest.raises(ArgumentError, match="rate"):
        call(op, backend, x, rate=1.5)
    if op != "gaussian_dropout":
        same(call(op, backend, x, rate=1.0), np.zeros_like(x), backend)
    assert str(call(op, backend, x.astype("float16"), rate=0.5, key=0).dtype) == "float16"


def test_gumbel_softmax(backend):
    logits = np.log(np.array([0.2, 0.5, 0.3], "float32")) * np.ones((1000, 1), "float32")
    hard = call("gumbel_softmax", backend, logits, hard=True, key=1)
    np.testing.assert_allclose(np.sort(hard, -1)[:, -1], 1, atol=1e-6)
    np.testing.assert_allclose(hard.mean(0), [0.2, 0.5, 0.3], atol=0.06)
    soft = call("gumbel_softmax", backend, logits.T.copy(), temperature=0.5, axis=0, key=1)
    np.testing.assert_allclose(soft.sum(0), 1, atol=1e-5)


def test_gradient_of_hard_draws():
    logits = np.array([[0.1, 0.4, -0.3]], "float32")
    soft = gradients("gumbel_softmax", [logits], {"key": 2}, [0])
    for name, (found,) in gradients("gumbel_softmax", [logits], {"key": 2, "hard": True}, [0]).items():
        np.testing.assert_allclose(found, soft[name][0], atol=1e-5, err_msg=name)
        assert np.abs(found).max() > 1e-3


def test_rrelu(backend):
    x = -np.ones((50, 50), "float32")
    same(call("rrelu", backend, x), x * 11 / 48, backend)
    y = -call("rrelu", backend, x, training=True, key=0)
    assert 0.124 < y.min() < 0.14
    assert 0.32 < y.max() < 0.334


# Gates


def test_gates(check):
    import torch

    x = check.normal(3, 6, scale=2.0)
    T = torch.nn.functional

    def gate(f):
        return lambda x: f(x[:, :3]) * x[:, 3:]

    check(F.swiglu, [x], {}, gate(T.silu))
    check(F.geglu, [x], {}, gate(T.gelu))
    check(F.reglu, [x], {}, gate(torch.relu))
    check(F.softmin, [x], {"axis": 0}, lambda x: T.softmin(x, 0))
    check(F.quick_gelu, [x], {}, lambda x: x * torch.sigmoid(1.702 * x))
    with pytest.raises(ShapeError):
        call("swiglu", "numpy", x[:, :5])


@pytest.mark.parametrize("axis", [0, -1])
def test_sparsemax(axis):
    x = np.random.default_rng(0).normal(size=(4, 6)).astype("float32")
    rows = np.moveaxis(x, axis, -1).reshape(-1, x.shape[axis])
    expected = []
    for row in rows:  # the projection on the simplex, by bisection for the threshold
        low, high = row.min() - 1, row.max()
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if np.maximum(row - middle, 0).sum() > 1 else (low, middle)
        expected.append(np.maximum(row - low, 0))
    expected = np.moveaxis(np.array(expected).reshape(np.moveaxis(x, axis, -1).shape), -1, axis)
    for backend in BACKENDS:
        same(call("sparsemax", backend, x, axis=axis), expected, backend, dtype="float32", tolerance=1e-5)
    (wanted,) = numerical("sparsemax", [x], {"axis": axis}, [0])
    for backend, (found,) in gradients("sparsemax", [x], {"axis": axis}, [0]).items():
        np.testing.assert_allclose(found, wanted, atol=1e-3, err_msg=backend)
