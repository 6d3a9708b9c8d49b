"""Modules to keras: real `keras.Model`s in values, gradients, training, saving and use within other models."""

from __future__ import annotations

import copy
import inspect
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import ivy
from ivy.errors import ConversionError
from ivy.graph.containers import flatten, unflatten
from ivy.graph.serialise import as_plain

from .conftest import assert_same
from .zoo import CNN, MODULES, make

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")


def to_tf(x: Any) -> Any:
    leaves, spec = flatten(x)
    return unflatten(spec, [tf.constant(v.numpy()) if isinstance(v, torch.Tensor) else v for v in leaves])


def images(n: int = 6, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 3, 8, 8)).astype("float32")


def cnn(train: bool = False) -> tuple[nn.Module, Any]:
    net, _ = make("cnn")
    net.train(train)
    return net, ivy.transpile(net, source="torch", to="tensorflow")


# -- values and gradients ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("train", [False, True])
def test_outputs(name, train):
    if train and name == "dropping":
        pytest.skip("random: see test_dropout")
    module, x = make(name)
    module.train(train)
    model = ivy.transpile(module, to="keras")
    expected = copy.deepcopy(module)(x)
    assert_same(model(to_tf(x)), expected)
    assert_same(model(x), expected)  # and the source's own arrays


@pytest.mark.parametrize("name", ["mlp", "cnn", "tied", "nested", "buffers", "recurrent", "encoder"])
def test_gradients(name):
    module, x = make(name)
    module.eval()
    model = ivy.transpile(module, to="keras")
    outs = [y for y in flatten(module(x))[0] if y.dtype.is_floating_point]
    weights = [torch.randn(y.shape) for y in outs]
    sum((y * w).sum() for y, w in zip(outs, weights)).backward()
    with tf.GradientTape() as tape:
        ours = [y for y in flatten(model(to_tf(x)))[0] if y.dtype.is_floating]
        total = tf.add_n([tf.reduce_sum(y * w.numpy()) for y, w in zip(ours, weights)])
    found = tape.gradient(total, model.trainable_variables)
    by_shape = {}  # conv and linear kernels are stored keras' way
    for p, g in zip(model.placed(), [None] * len(model.placed())):
        by_shape[p.name] = p
    stored = model._ivy.conversion.stored
    theirs = {k: p.grad for k, p in module.named_parameters(remove_duplicate=True) if p.requires_grad}
    grads = {id(v): g for v, g in zip(model.trainable_variables, found)}
    compared = 0
    for key, grad in theirs.items():
        g = grads[id(model.named_variables()[key])]
        mine = tf.convert_to_tensor(g).numpy()
        want = grad.numpy().transpose(stored[key][3]) if key in stored else grad.numpy()
        np.testing.assert_allclose(mine, want, rtol=1e-4, atol=1e-5 * max(1.0, np.abs(want).max()))
        compared += 1
    assert compared == len(model.trainable_variables)


def test_dropout_draws_in_training_only():
    module, x = make("dropping")
    model = ivy.transpile(module.eval(), to="keras")
    one, two = model(to_tf(x), training=True), model(to_tf(x), training=True)
    assert not np.allclose(one, two)
    assert 0.3 < float(tf.reduce_mean(tf.cast(one == 0, tf.float32))) < 0.7
    np.testing.assert_allclose(model(to_tf(x)), module(x).detach(), rtol=1e-4, atol=1e-5)
    keras.utils.set_random_seed(3)
    one = model(to_tf(x), training=True)
    keras.utils.set_random_seed(3)
    np.testing.assert_array_equal(one, model(to_tf(x), training=True))


# -- a keras model ----------------------------------------------------------------------------------------------------


def test_tree_and_names():
    net, model = cnn()
    assert isinstance(model, keras.Model)
    assert type(model).__name__ == "CNN"
    assert isinstance(model.stem, keras.layers.Conv2D)
    assert model.stem.kernel.shape == (3, 3, 3, 8)  # height, width, in, out
    assert {*model.named_variables()} == {*net.state_dict()}
    assert len(model.trainable_variables) == len(list(net.parameters()))
    assert model.count_params() == sum(x.numel() for x in net.state_dict().values())
    assert inspect.signature(model.call).parameters["x"].kind.name == "POSITIONAL_OR_KEYWORD"


def test_calls_by_position_and_keyword():
    net, model = cnn()
    x = images()
    want = net(torch.from_numpy(x)).detach().numpy()
    for y in (model(x), model(x=x), model(None, x=x), model(tf.constant(x)), tf.function(model)(x)):
        np.testing.assert_allclose(y, want, rtol=1e-4, atol=1e-5)


def test_summary_lists_layers(capsys):
    _, model = cnn()
    model.summary()
    shown = capsys.readouterr().out
    assert "BatchNormalization" in shown
    assert f"Total params: {model.count_params()}" in shown


def test_predict_takes_any_batch_and_traces_once():
    net, model = cnn()
    x = images(11)
    want = net(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(model.predict(x, batch_size=4, verbose=0), want, rtol=1e-4, atol=1e-5)
    made = len(model._ivy.conversion.specialiser.graphs)
    np.testing.assert_allclose(model.predict(x[:5], batch_size=3, verbose=0), want[:5], rtol=1e-4, atol=1e-5)
    assert len(model._ivy.conversion.specialiser.graphs) == made


@pytest.mark.parametrize("jit", [False, True])
def test_training_steps_agree_with_torch(jit):
    net, model = cnn(train=True)
    x, y = images(8), np.arange(8) % 5
    model.compile(
        optimizer=keras.optimizers.SGD(0.1),
        jit_compile=jit,
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    for step in range(10):
        given = np.roll(x, step, 0)
        model.train_on_batch(given, y)
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(torch.from_numpy(given)), torch.from_numpy(y)).backward()
        optimizer.step()
    ours = {p.name: model.named_variables()[p.name].numpy() for p in model._ivy.conversion.params.values()}
    stored = model._ivy.conversion.stored
    for key, want in net.state_dict().items():
        want = want.numpy().transpose(stored[key][3]) if key in stored else want.numpy()
        np.testing.assert_allclose(ours[key], want, rtol=1e-3, atol=1e-4, err_msg=key)


def test_within_sequential_and_functional_models():
    net, model = cnn()
    x = images()
    want = net(torch.from_numpy(x)).detach().numpy()
    sequential = keras.Sequential([keras.Input((3, 8, 8)), model, keras.layers.ReLU()])
    np.testing.assert_allclose(sequential.predict(x, verbose=0), want.clip(0), rtol=1e-4, atol=1e-5)
    entry = keras.Input((3, 8, 8), name="image")
    functional = keras.Model(entry, {"out": keras.layers.Rescaling(2.0)(model(x=entry))})
    np.testing.assert_allclose(functional.predict(x, verbose=0)["out"], want * 2, rtol=1e-4, atol=1e-5)
    assert functional.output["out"].shape == (None, 5)
    before = [v.numpy().copy() for v in model.trainable_variables]
    sequential.compile(optimizer="sgd", loss="mse", jit_compile=False)
    sequential.fit(x, want, batch_size=4, verbose=0)
    assert any((a != v.numpy()).any() for a, v in zip(before, model.trainable_variables))


def test_a_class_gives_a_class():
    cls = ivy.transpile(CNN, source="torch", to="tensorflow")
    model = cls()
    assert isinstance(model, cls)
    assert isinstance(model, keras.Model)
    assert model(images()).shape == (6, 5)


def test_memory_is_not_shared_with_the_source():
    net, model = cnn()
    before = model(images()).numpy()
    with torch.no_grad():
        for p in net.parameters():
            p.zero_()
    np.testing.assert_array_equal(model(images()), before)


def test_weights_move_both_ways():
    net, model = cnn()
    other, _ = make("cnn", seed=5)
    x = images()
    ivy.sync_weights(other, model)
    np.testing.assert_allclose(model(x), other.eval()(torch.from_numpy(x)).detach(), rtol=1e-4, atol=1e-5)
    ivy.sync_weights(model, net)
    np.testing.assert_allclose(net(torch.from_numpy(x)).detach(), model(x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("back", ["torch", "flax"])
def test_round_trip(back):
    net, model = cnn()
    x = images()
    again = ivy.transpile(model, to=back)
    y = again(torch.from_numpy(x)) if back == "torch" else again(x)
    y = y.detach().numpy() if back == "torch" else np.asarray(y)
    np.testing.assert_allclose(y, net(torch.from_numpy(x)).detach(), rtol=1e-4, atol=1e-5)
    if back == "torch":
        assert {k: v.shape for k, v in again.state_dict().items()} == {k: v.shape for k, v in net.state_dict().items()}


# -- saving -----------------------------------------------------------------------------------------------------------

_READER = """
import sys
import keras, numpy as np
import ivy_tensorflow.keras
model = keras.saving.load_model(sys.argv[1])
x, want = (np.load(sys.argv[2])[k] for k in ("x", "want"))
np.testing.assert_allclose(model.predict(x, verbose=0), want, rtol=1e-6, atol=1e-6)
np.testing.assert_allclose(model(x[:3]), want[:3], rtol=1e-5, atol=1e-6)
assert "torch" not in sys.modules
model.fit(x, want, verbose=0)
model.save(sys.argv[1])
again = keras.saving.load_model(sys.argv[1])
np.testing.assert_allclose(again.predict(x, verbose=0), model.predict(x, verbose=0), rtol=1e-6, atol=1e-6)
"""


@pytest.mark.parametrize("within", [False, True])
def test_fit_save_and_load_where_torch_is_not_imported(tmp_path, within):
    _, model = cnn()
    x, y = images(10), np.random.default_rng(1).normal(size=(10, 5)).astype("float32")
    if within:
        model = keras.Sequential([keras.Input((3, 8, 8)), model, keras.layers.Dense(5)])
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse", jit_compile=False)
    losses = model.fit(x, y, batch_size=4, epochs=6, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    model.save(tmp_path / "net.keras")
    np.savez(tmp_path / "data.npz", x=x, want=model.predict(x, verbose=0))
    done = subprocess.run(
        [sys.executable, "-c", _READER, tmp_path / "net.keras", tmp_path / "data.npz"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("name", [n for n in MODULES if n != "dropping"])
def test_saved_models_compute_the_same(tmp_path, name):
    module, x = make(name)
    model = ivy.transpile(module.eval(), to="keras")
    want = model(to_tf(x))
    model.save(tmp_path / "net.keras")
    found = keras.saving.load_model(tmp_path / "net.keras")(to_tf(x))
    for a, b in zip(flatten(found)[0], flatten(as_plain(want))[0], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6)


def test_loaded_models_convert_further(tmp_path):
    net, model = cnn()
    x = images()
    model(x)
    model.save(tmp_path / "net.keras")
    loaded = keras.saving.load_model(tmp_path / "net.keras")
    again = ivy.transpile(loaded, to="torch")
    np.testing.assert_allclose(
        again(torch.from_numpy(x)).detach(), net(torch.from_numpy(x)).detach(), rtol=1e-4, atol=1e-5
    )


def test_copies_are_models_of_their_own():
    _, model = cnn()
    x = images()
    want = model(x).numpy()
    clone = copy.deepcopy(model)
    clone.fc.kernel.assign(clone.fc.kernel * 0)
    np.testing.assert_array_equal(model(x), want)
    assert not np.allclose(clone(x), want)


def test_saving_without_a_call_says_what_to_do(tmp_path):
    _, model = cnn()
    with pytest.raises(ConversionError, match="has not been called yet"):
        model.save(tmp_path / "net.keras")


def test_a_call_that_was_not_saved_is_refused(tmp_path):
    _, model = cnn()
    model(images())
    model.save(tmp_path / "net.keras")
    loaded = keras.saving.load_model(tmp_path / "net.keras")
    with pytest.raises(ConversionError, match="saved without a graph for this call"):
        loaded(images()[:, :, :4])


# -- layouts ----------------------------------------------------------------------------------------------------------


class Segmenter(nn.Module):
    """Images in and out, beside arrays of four axes that are no images."""

    def __init__(self) -> None:
        super().__init__()
        self.down, self.norm = nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8)
        self.up, self.head = nn.ConvTranspose2d(8, 5, 2, stride=2), nn.Linear(8, 4)

    def forward(self, x, mask):
        h = torch.relu(self.norm(self.down(x)))
        y = self.up(nn.functional.max_pool2d(h, 2)) * mask.mean()
        return {
            "map": y,
            "features": torch.cat([h, h], 1).softmax(1),
            "logits": self.head(h.mean((2, 3))),
            "mask": mask,
        }


@pytest.mark.parametrize("target", ["tensorflow", "flax", "torch", "numpy", "paddle"])
def test_layout_of_the_caller(target):
    torch.manual_seed(0)
    net = Segmenter().eval()
    x, mask = torch.randn(2, 3, 8, 8), torch.rand(2, 1, 7, 7)
    model = ivy.transpile(net, source="torch", to=target, layout="channels_last")
    found = model(x.permute(0, 2, 3, 1).contiguous().numpy(), mask.numpy())
    for key, want in net(x, mask).items():
        got = found[key].detach().numpy() if target == "torch" else np.asarray(found[key])
        want = want.detach().numpy()
        np.testing.assert_allclose(
            got, want.transpose(0, 2, 3, 1) if key in ("map", "features") else want, rtol=1e-4, atol=1e-5
        )


def test_layout_leaves_no_transpositions():
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 5, 3)).eval()
    model = ivy.transpile(net, source="torch", to="tensorflow", layout="channels_last")
    model(np.zeros((2, 12, 12, 3), "float32"))
    assert "transpose" not in model.code
    kept = ivy.transpile(net, source="torch", to="tensorflow")
    kept(np.zeros((2, 3, 12, 12), "float32"))
    assert kept.code.count("tf.transpose(") == 2


def test_layout_of_a_keras_source():
    k = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.MaxPool2D()])
    x = images()
    found = ivy.transpile(k, to="torch", layout="channels_first")(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(found.transpose(0, 2, 3, 1), k(x.transpose(0, 2, 3, 1)), rtol=1e-4, atol=1e-5)


def test_layout_must_be_known():
    with pytest.raises(ValueError, match="channels_first"):
        ivy.transpile(nn.Conv2d(3, 4, 3), to="tensorflow", layout="nhwc")


# -- sizes that are not known -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mlp", "cnn", "encoder", "recurrent"])
def test_any_batch_size(name):
    module, x = make(name)
    model = ivy.transpile(module.eval(), to="keras")
    traced = tf.function(model, input_signature=[tf.TensorSpec((None, *x.shape[1:]), tf.float32)])
    for n in (1, 2, 7):
        given = torch.cat([x] * n)[:n]
        for a, b in zip(flatten(traced(given.numpy()))[0], flatten(module(given))[0], strict=True):
            np.testing.assert_allclose(a, b.detach(), rtol=1e-4, atol=1e-5)


def test_any_batch_and_length():
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
    model = ivy.transpile(layer, to="keras")
    traced = tf.function(model, input_signature=[tf.TensorSpec((None, None, 8), tf.float32)])
    for n, length in ((1, 4), (3, 9), (2, 1)):
        x = torch.randn(n, length, 8)
        np.testing.assert_allclose(traced(x.numpy()), layer(x).detach(), rtol=1e-4, atol=1e-5)


def test_a_size_without_a_formula_is_refused():
    class Odd(nn.Module):
        def forward(self, x):
            return x * float(np.sqrt(x.shape[0]))

    model = ivy.transpile(Odd(), to="keras")
    with pytest.raises(Exception, match="every size of batch"):  # autograph wraps it in an error of its own
        tf.function(model, input_signature=[tf.TensorSpec((None, 3), tf.float32)])(np.ones((2, 3), "float32"))
    np.testing.assert_allclose(model(np.ones((4, 3), "float32")), np.full((4, 3), 2.0), rtol=1e-6, atol=0)
