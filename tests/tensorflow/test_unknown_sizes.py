"""Code that uses the sizes of its arrays, traced once for every size."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
import torch

import ivy

F = torch.nn.functional
CASES = {
    "reshape": lambda x: x.reshape(x.shape[0] * 3, -1),
    "reshape_inferred": lambda x: x.reshape(-1, 2, 2),
    "expand": lambda x: x[:, None].expand(x.shape[0], 5, 3, 4),
    "zeros": lambda x: torch.zeros(x.shape[0], 2) + x[:, 0, :2],
    "full": lambda x: torch.full((x.shape[0],), 3.0) * x.sum((1, 2)),
    "eye": lambda x: torch.eye(x.shape[0]) @ x.flatten(1),
    "arange": lambda x: torch.arange(x.shape[0]) + x[:, 0, 0],
    "arange_backwards": lambda x: torch.arange(x.shape[0] - 1, -1, -1) + x[:, 0, 0],
    "tile": lambda x: torch.zeros(4, 3).repeat(x.shape[0], 1) + x.sum(),
    "repeat_interleave": lambda x: x.repeat_interleave(2, 0),
    "cat": lambda x: torch.cat([x, x.flip(0), torch.ones_like(x)], 0),
    "class_token": lambda x: torch.cat([torch.ones(1, 1, 4).expand(x.shape[0], -1, -1), x], 1),
    "split": lambda x: torch.split(torch.cat([x, x]), x.shape[0])[1],
    "chunk": lambda x: torch.cat([x, x]).chunk(2)[1] if x.shape[0] else x,
    "slice": lambda x: torch.cat([x, x])[: x.shape[0]],
    "slice_from": lambda x: torch.cat([x, x])[x.shape[0] :],
    "last_row": lambda x: x[-1],
    "pick": lambda x: x[torch.arange(x.shape[0]), 1],
    "pick_two": lambda x: x[torch.arange(x.shape[0])[:, None], torch.tensor([0, 2])],
    "index_select": lambda x: x.index_select(0, torch.tensor([0, 0])),
    "gather": lambda x: x.gather(2, torch.ones(x.shape[0], 3, 1, dtype=torch.int64)),
    "gather_rows": lambda x: x.gather(0, torch.zeros(1, 3, 4, dtype=torch.int64)),
    "scatter": lambda x: x.scatter(1, torch.zeros(x.shape[0], 1, 4, dtype=torch.int64), 2.0),
    "write_column": lambda x: _written(x),
    "mask": lambda x: x.masked_fill(torch.ones(x.shape[0], 1, 1, dtype=torch.bool), 0.5),
    "causal": lambda x: torch.tril(x.flatten(1) @ x.flatten(1).T),
    "mean": lambda x: x.sum(0) / x.shape[0],
    "variance": lambda x: x.var(0, unbiased=False) + x.std((0, 2))[:, None],
    "batch_norm": lambda x: F.batch_norm(x, None, None, training=True),
    "cumsum": lambda x: x.cumsum(0),
    "sort": lambda x: x.sort(0).values,
    "topk": lambda x: x.topk(2, 1).values,
    "argmax": lambda x: x.argmax(0),
    "softmax": lambda x: x.softmax(0),
    "matmul": lambda x: x @ x.transpose(1, 2),
    "einsum": lambda x: torch.einsum("bij,bkj->bik", x, x),
    "linear": lambda x: F.linear(x, torch.ones(2, 4), torch.ones(2)),
    "attention": lambda x: F.scaled_dot_product_attention(x, x, x),
    "causal_attention": lambda x: F.scaled_dot_product_attention(x, x, x, is_causal=True),
    "conv1d": lambda x: F.conv1d(x, torch.ones(6, 1, 3), groups=3, padding=1),
    "conv_transpose1d": lambda x: F.conv_transpose1d(x, torch.ones(3, 2, 2), stride=2),
    "dilated": lambda x: F.conv1d(x, torch.ones(6, 3, 2), dilation=2),
    "pool": lambda x: F.max_pool1d(x, 2) + F.avg_pool1d(x, 2) + F.adaptive_avg_pool1d(x, 2),
    "pad": lambda x: F.pad(x, (1, 2)) + F.pad(x, (1, 2), mode="replicate"),
    "interpolate": lambda x: F.interpolate(x, scale_factor=2.0, mode="linear"),
    "layer_norm": lambda x: F.layer_norm(x, (4,)),
    "group_norm": lambda x: F.group_norm(x, 3),
    "roll": lambda x: x.roll(1, 0),
    "unfold": lambda x: x.unfold(2, 2, 1),
    "embedding": lambda x: F.embedding(x.abs().long() % 3, torch.ones(3, 2)),
    "cross_entropy": lambda x: F.cross_entropy(x, torch.zeros(x.shape[0], 4, dtype=torch.int64)),
    "cdist": lambda x: torch.cdist(x, x),
    "norm": lambda x: torch.linalg.norm(x, dim=(1, 2)),
    "inverse": lambda x: torch.linalg.inv(x @ x.transpose(1, 2) + torch.eye(3)),
    "fft": lambda x: torch.fft.rfft(x).abs(),
    "where": lambda x: torch.where(x > 0, x, torch.zeros(x.shape[0], 1, 1)),
    "stack_of_rows": lambda x: torch.stack(list(x.unbind(1)), -1),
}


def _written(x):
    y = x.clone()
    y[:, 0] = 7.0
    y[:, 1, 2:] += 1.0
    return y


@pytest.mark.parametrize("name", CASES)
def test_traced_once_for_every_batch(name):
    fn = CASES[name]
    made = ivy.transpile(fn, source="torch", to="tensorflow")
    traced = tf.function(made, input_signature=[tf.TensorSpec((None, 3, 4), tf.float32)])
    for n in (2, 1, 6):
        if n == 1 and name in ("batch_norm", "variance"):
            continue  # no variance of one number
        x = np.random.default_rng(n).normal(size=(n, 3, 4)).astype("float32")
        expected = fn(torch.from_numpy(x)).numpy()
        found = traced(x).numpy()
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-5)
    assert len(made.graphs) == 1


def test_two_sizes_of_their_own():
    def fn(q, k):
        return torch.einsum("bqd,bkd->bqk", q, k).reshape(q.shape[0], q.shape[1] * k.shape[1])

    made = ivy.transpile(fn, source="torch", to="tensorflow")
    spec = tf.TensorSpec((None, None, 4), tf.float32)
    traced = tf.function(made, input_signature=[spec, spec])
    for b, m, n in ((2, 3, 5), (1, 7, 7), (4, 1, 2)):
        q, k = (np.random.default_rng(i).normal(size=(b, i, 4)).astype("float32") for i in (m, n))
        np.testing.assert_allclose(traced(q, k), fn(torch.from_numpy(q), torch.from_numpy(k)), rtol=1e-5, atol=1e-5)


_PLANES = {
    "strided": lambda: torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3, stride=2, padding=1), torch.nn.BatchNorm2d(4)),
    "same": lambda: torch.nn.Conv2d(3, 4, 3, padding="same"),
    "dilated": lambda: torch.nn.Conv2d(3, 4, 3, padding=2, dilation=2),
    "depthwise": lambda: torch.nn.Conv2d(3, 6, 3, padding=1, groups=3),
    "pooled": lambda: torch.nn.Sequential(torch.nn.MaxPool2d(3, 2, 1), torch.nn.AvgPool2d(2)),
    "transposed": lambda: torch.nn.ConvTranspose2d(3, 4, 2, stride=2),
    "upsampled": lambda: torch.nn.Upsample(scale_factor=2),
    "classifier": lambda: torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(4, 2)
    ),
}


@pytest.mark.parametrize("name", _PLANES)
def test_images_of_any_size(name):
    torch.manual_seed(0)
    net = _PLANES[name]().eval()
    made = ivy.transpile(net, source="torch", to="keras")
    traced = tf.function(made, input_signature=[tf.TensorSpec((None, 3, None, None), tf.float32)])
    for shape in ((2, 3, 8, 8), (1, 3, 16, 24), (1, 3, 10, 14)):
        x = torch.randn(shape)
        np.testing.assert_allclose(traced(x.numpy()), net(x).detach(), rtol=1e-4, atol=1e-5)


def test_sizes_that_must_agree():
    def fn(x, y):  # different sizes do not add, so both axes are taken for one
        return (x + y).reshape(-1, x.shape[0] * 2)

    made = ivy.transpile(fn, source="torch", to="tensorflow")
    spec = tf.TensorSpec((None, 4), tf.float32)
    traced = tf.function(made, input_signature=[spec, spec])
    x = np.ones((3, 4), "float32")
    np.testing.assert_allclose(traced(x, x), np.full((2, 6), 2.0))
    with pytest.raises(tf.errors.InvalidArgumentError):
        traced(x, np.ones((6, 4), "float32"))


def test_an_encoder_and_a_decoder_have_lengths_of_their_own():
    torch.manual_seed(0)
    net = torch.nn.Transformer(8, 2, 1, 1, 16, batch_first=True).eval()
    made = ivy.transpile(net, source="torch", to="keras")
    spec = tf.TensorSpec((None, None, 8), tf.float32)
    traced = tf.function(made).get_concrete_function(spec, spec)
    for n, a, b in ((2, 7, 3), (1, 4, 9), (3, 5, 5)):
        x, y = torch.randn(n, a, 8), torch.randn(n, b, 8)
        found = traced(tf.constant(x.numpy()), tf.constant(y.numpy()))
        np.testing.assert_allclose(found, net(x, y).detach(), rtol=1e-4, atol=1e-5)


def test_halves_need_even_sizes():
    made = ivy.transpile(lambda x: x.reshape(2, -1).sum(1) + x.shape[0] // 2, source="torch", to="tensorflow")
    traced = tf.function(made, input_signature=[tf.TensorSpec((None,), tf.float32)])
    np.testing.assert_allclose(traced(np.arange(6, dtype="float32")), [6, 15])
    with pytest.raises(Exception, match=r"divide|reshape|multiple"):
        traced(np.arange(5, dtype="float32"))
