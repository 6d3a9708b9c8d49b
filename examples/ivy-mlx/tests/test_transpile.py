"""Code of other frameworks runs in MLX, where their plugins are installed."""

import mlx.core as mx
import numpy as np
import pytest

import ivy

RNG = np.random.default_rng(0)


def drawn(*shape):
    return RNG.normal(size=shape).astype("float32")


def same(f, arrays, source, native=lambda x: x):
    found = ivy.transpile(f, source=source, to="mlx")(*map(mx.array, arrays))
    assert isinstance(found, mx.array)
    expected = np.asarray(f(*map(native, arrays)))
    assert found.shape == expected.shape
    np.testing.assert_allclose(np.array(found), expected, rtol=1e-5, atol=1e-5)


def numpy_mlp(x, w1, b1, w2):
    return np.maximum(x @ w1 + b1, 0) @ w2


def numpy_attention(q, k, v):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(np.float32(q.shape[-1]))
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True) @ v


def test_numpy_functions():
    pytest.importorskip("ivy_numpy")
    same(numpy_mlp, [drawn(3, 4), drawn(4, 8), drawn(8), drawn(8, 2)], "numpy")
    same(numpy_attention, [drawn(2, 3, 4), drawn(2, 5, 4), drawn(2, 5, 6)], "numpy")
    same(lambda x: np.sort(np.cumsum(x, axis=0), axis=1)[:, ::-1], [drawn(3, 4)], "numpy")


def test_torch_functions():
    torch = pytest.importorskip("torch")
    pytest.importorskip("ivy_torch")
    nn = torch.nn.functional

    def mlp(x, w1, b1, w2):
        return nn.linear(nn.gelu(nn.linear(x, w1, b1)), w2).softmax(-1)

    def attention(q, k, v):
        return nn.scaled_dot_product_attention(q, k, v, is_causal=True)

    def convolutions(x, w1, w2):
        x = nn.max_pool2d(nn.relu(nn.conv2d(x, w1, stride=2, padding=1)), 2)
        return nn.conv_transpose2d(x, w2).mean((2, 3))

    same(mlp, [drawn(3, 4), drawn(8, 4), drawn(8), drawn(2, 8)], "torch", torch.tensor)
    same(attention, [drawn(2, 2, 5, 4), drawn(2, 2, 5, 4), drawn(2, 2, 5, 6)], "torch", torch.tensor)
    same(convolutions, [drawn(2, 3, 12, 12), drawn(8, 3, 3, 3), drawn(8, 4, 2, 2)], "torch", torch.tensor)


def test_gradients_in_mlx():
    """What comes out is a function of MLX's, so MLX differentiates it."""
    pytest.importorskip("ivy_numpy")
    x, w1, b1, w2 = arrays = [mx.array(drawn(*shape)) for shape in ((3, 4), (4, 8), (8,), (8, 2))]
    f = ivy.transpile(numpy_mlp, source="numpy", to="mlx")
    found = mx.grad(lambda *a: f(*a).sum(), argnums=(1, 3))(*arrays)
    hidden = mx.maximum(x @ w1 + b1, 0)
    expected = x.T @ ((hidden > 0) * w2.sum(1)), mx.broadcast_to(hidden.sum(0)[:, None], w2.shape)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(np.array(a), np.array(b), rtol=1e-5, atol=1e-5)
