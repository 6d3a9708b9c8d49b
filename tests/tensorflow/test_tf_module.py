"""`tf.Module` as a source and as a target."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import tensorflow as tf
from keras_comparing import needs

import ivy
from ivy.errors import ConversionError
from ivy.graph.containers import flatten

torch = pytest.importorskip("torch")
torch.set_num_threads(1)


def x_of(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def to_numpy(x):
    return x.detach().numpy() if isinstance(x, torch.Tensor) else np.asarray(x)


def assert_same(found, expected, rtol=1e-4, atol=1e-5):
    (a, a_spec), (b, b_spec) = flatten(found), flatten(expected)
    assert str(a_spec) == str(b_spec)
    for mine, theirs in zip(map(to_numpy, a), map(to_numpy, b), strict=True):
        assert mine.dtype == theirs.dtype
        np.testing.assert_allclose(mine, theirs, rtol=rtol, atol=atol)


# -- source -----------------------------------------------------------------------------------------------------------


class Dense(tf.Module):
    def __init__(self, inner, outer, seed):
        super().__init__()
        self.w = tf.Variable(x_of(inner, outer, seed=seed) / inner, name="any")
        self.b = tf.Variable(x_of(outer, seed=seed + 1) / 4)

    def __call__(self, x):
        return x @ self.w + self.b


class Net(tf.Module):
    """Lists and dicts of parts, a part in two places, state, control flow, a mode."""

    def __init__(self):
        super().__init__()
        self.layers = [Dense(3, 4, 0), Dense(4, 4, 2)]
        self.heads = {"small": Dense(4, 2, 4), "again": self.layers[1]}
        self.calls = tf.Variable(0, trainable=False)
        self.mean = tf.Variable(tf.zeros(4), trainable=False)
        self.counter = tf.Variable(0, dtype=tf.int64)  # trainable to TensorFlow, but no number to train
        self.names = tf.Variable(["a"], trainable=False)

    @tf.function
    def __call__(self, x, training=False):
        for layer in self.layers:
            x = tf.tanh(layer(x))
        if training:
            self.mean.assign(0.9 * self.mean + 0.1 * tf.reduce_mean(x, 0))
            self.calls.assign_add(1)
        if tf.reduce_sum(x) > 0:
            x = x * 2
        else:
            x = x - self.mean
        return {name: head(x) for name, head in self.heads.items()}


SYSTEMS = ["torch", "flax", "paddle", "tf.Module"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_values(system):
    needs(system)
    source = Net()
    net = ivy.transpile(source, to=system)
    for x in (x_of(5, 3), -x_of(5, 3), x_of(2, 3)):
        assert_same(net(x), source(x))


def test_names_and_kinds():
    from ivy.transpiler.modules import to_spec

    params = {p.name: p for p in to_spec(Net()).params}
    assert {*params} == {
        "calls", "mean", "counter", "layers.0.w", "layers.0.b", "layers.1.w", "layers.1.b", "heads.small.w",
        "heads.small.b",
    }  # fmt: skip
    assert params["layers.1.w"].aliases == (("heads", "again", "w"),)
    assert params["mean"].buffer
    assert params["mean"].statistic
    assert not params["mean"].trainable
    assert not params["counter"].trainable
    net = ivy.transpile(Net(), to="torch")
    assert net.heads.again is net.layers[1]


@pytest.mark.parametrize("system", ["torch", "tf.Module"])
def test_gradients(system):
    source, x = Net(), x_of(5, 3)

    def total(out):
        return sum((v * v).sum() for v in out.values())

    with tf.GradientTape() as tape:
        loss = sum(tf.reduce_sum(v * v) for v in source(x).values())
    trained = {
        "layers.0.w": source.layers[0].w,
        "layers.1.b": source.layers[1].b,
        "heads.small.w": source.heads["small"].w,
    }
    expected = tape.gradient(loss, trained)
    net = ivy.transpile(source, to=system)
    if system == "torch":
        total(net(torch.tensor(x))).backward()
        found = {n: p.grad for n, p in net.named_parameters()}
    else:
        mine = {"layers.0.w": net.layers[0].w, "layers.1.b": net.layers[1].b, "heads.small.w": net.heads["small"].w}
        with tf.GradientTape() as tape:
            loss = sum(tf.reduce_sum(v * v) for v in net(x).values())
        found = tape.gradient(loss, mine)
    for name, e in expected.items():
        np.testing.assert_allclose(np.asarray(found[name]), e.numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("system", ["torch", "tf.Module"])
def test_mode_and_state(system):
    source, x = Net(), x_of(5, 3)
    net = ivy.transpile(source, to=system, train=True)
    for _ in range(3):
        source(x, training=True), net(x)
    assert int(net.calls) == int(source.calls) == 3
    np.testing.assert_allclose(to_numpy(net.mean), source.mean.numpy(), rtol=1e-5, atol=1e-6)
    net.eval()
    net(x)
    assert int(net.calls) == 3
    assert_same(net(-x), source(-x))


def test_without_call():
    class Bare(tf.Module):
        def __init__(self):
            super().__init__()
            self.w = tf.Variable(1.0)

    with pytest.raises(ConversionError, match="no __call__"):
        ivy.transpile(Bare(), to="torch")


# -- target -----------------------------------------------------------------------------------------------------------


class Torch(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3)
        self.norm = torch.nn.BatchNorm2d(4)
        self.up = torch.nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2)
        self.blocks = torch.nn.ModuleList([torch.nn.Linear(6, 6), torch.nn.Linear(6, 6)])
        self.blocks[0].bias.requires_grad_(False)
        self.drop = torch.nn.Dropout(0.0)

    def forward(self, x):
        x = self.up(torch.relu(self.norm(self.conv(x)))).mean((2, 3))
        for block in self.blocks:
            x = self.drop(block(x))
        return x


@pytest.fixture
def pair():
    torch.manual_seed(0)
    model = Torch()
    with torch.no_grad():
        model.norm.running_mean.normal_(), model.norm.running_var.uniform_(0.5, 1.5)
    return model, ivy.transpile(model, to="tf.Module")


def test_target_is_native(pair):
    model, net = pair
    assert isinstance(net, tf.Module)
    assert type(net).__name__ == "Torch"
    trained = {n for n, p in model.named_parameters() if p.requires_grad}
    assert {v.name.partition(":")[0] for v in net.trainable_variables} == trained
    assert len(net.variables) == len(model.state_dict())
    assert len(net.blocks) == 2
    assert "converted from torch" in repr(net)
    assert "def Torch" in (net(x_of(2, 3, 8, 8)) is not None and net.code)


def test_target_in_both_modes(pair):
    model, net = pair
    x = x_of(4, 3, 8, 8)
    for mode in (False, True, True, False):
        model.train(mode), net.train(mode)
        assert_same(net(x), model(torch.tensor(x)))
        assert_same(net.norm.running_var, model.norm.running_var)
        assert int(net.norm.num_batches_tracked) == int(model.norm.num_batches_tracked)


def test_target_trains_within_tf_function(pair):
    model, net = pair
    model.train(), net.train()
    xs, ys = x_of(10, 4, 3, 8, 8), x_of(10, 4, 6, seed=1)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((net(x) - y) ** 2)
        for v, g in zip(net.trainable_variables, tape.gradient(loss, net.trainable_variables)):
            v.assign_sub(0.1 * g)
        return loss

    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in zip(xs, ys):
        optimizer.zero_grad()
        loss = ((model(torch.tensor(x)) - torch.tensor(y)) ** 2).mean()
        loss.backward()
        optimizer.step()
        np.testing.assert_allclose(float(step(tf.constant(x), tf.constant(y))), loss.item(), rtol=1e-4)
    report = ivy.sync_weights(net, copy.deepcopy(model))
    assert not report.missing
    trained = dict(model.named_parameters())
    back = dict(ivy.transpile(net, to="torch").named_parameters())
    for name, p in trained.items():
        np.testing.assert_allclose(back[name].detach().numpy(), p.detach().numpy(), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(net.norm.running_mean.numpy(), model.norm.running_mean.numpy(), rtol=1e-3, atol=1e-4)


def test_target_is_saved(pair, tmp_path):
    model, net = pair
    x = x_of(2, 3, 8, 8)
    model.eval(), net.eval()
    expected = net(x).numpy()
    path = tf.train.Checkpoint(model=net).save(str(tmp_path / "weights"))
    other = ivy.transpile(Torch(), to="tf.Module", train=False)
    assert not np.allclose(other(x).numpy(), expected)
    tf.train.Checkpoint(model=other).restore(path).assert_consumed()
    np.testing.assert_allclose(other(x).numpy(), expected, rtol=1e-5, atol=1e-6)
    call = tf.function(net.__call__).get_concrete_function(tf.TensorSpec((2, 3, 8, 8), tf.float32))
    tf.saved_model.save(net, str(tmp_path / "saved"), signatures=call)
    loaded = tf.saved_model.load(str(tmp_path / "saved"))
    (found,) = loaded.signatures["serving_default"](tf.constant(x)).values()
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5, atol=1e-6)


def test_target_is_copied(pair):
    _, net = pair
    net.eval()
    x = x_of(2, 3, 8, 8)
    expected = net(x).numpy()
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        np.testing.assert_allclose(other(x).numpy(), expected, rtol=1e-6, atol=1e-7)
        other.conv.weight.assign(other.conv.weight * 0)
        assert not np.allclose(other(x).numpy(), expected)
        np.testing.assert_allclose(net(x).numpy(), expected, rtol=1e-6, atol=1e-7)


def test_round_trip_and_sync(pair):
    model, net = pair
    x = x_of(2, 3, 8, 8)
    model.eval(), net.eval()
    back = ivy.transpile(net, to="torch", train=False)
    assert {k: v.shape for k, v in back.state_dict().items()} == {k: v.shape for k, v in model.state_dict().items()}
    assert_same(back(torch.tensor(x)), model(torch.tensor(x)))
    other = Torch().eval()
    for source, target in ((other, net), (net, model)):
        report = ivy.sync_weights(source, target)
        assert not report.missing
        assert not report.unused
    assert_same(net(x), other(torch.tensor(x)))
    assert_same(model(torch.tensor(x)), other(torch.tensor(x)))


def test_classes_become_classes():
    made = ivy.transpile(Torch, to="tf.Module")
    assert issubclass(made, tf.Module)
    assert made().eval()(x_of(2, 3, 8, 8)).shape == (2, 6)
