"""keras models and layers as a source, against keras itself."""

from __future__ import annotations

import contextlib
import zlib

import keras
import keras_layer_cases as cases
import keras_zoo as zoo
import numpy as np
import pytest
import tensorflow as tf
from keras import layers as L
from keras_comparing import compare, needs, randomise, seeded

import ivy
from ivy.errors import ConversionError

torch = pytest.importorskip("torch")
torch.set_num_threads(1)


def x_of(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def built(case):
    seeded()
    layer = case.build()
    layer(*case.args, **case.kwargs)
    return randomise(layer)


# -- every layer on every target --------------------------------------------------------------------------------------

_HAIKU = ("lstm_mask", "gru", "multi_head", "conv2d_transpose", "separable_2d", "cnn", "encoder", "gate", "tied")


def _grid():
    """Every case on every target; by default each runs on one, mostly a quick one."""
    for name in cases.LAYERS:
        drawn = zlib.crc32(name.encode()) % 12
        usual = "flax" if drawn == 0 else ("torch", "numpy", "paddle")[drawn % 3]
        if name in cases.MODELS:
            usual = "torch"
        for system in ("torch", "numpy", "paddle", "flax", *(["haiku"] if name in _HAIKU else [])):
            quick = system == usual and (drawn < 7 or name in cases.MODELS)
            yield pytest.param(name, system, marks=[] if quick else [pytest.mark.slow])


@pytest.mark.parametrize(("name", "system"), list(_grid()))
def test_layer(name, system):
    needs(system)
    case = cases.LAYERS[name]
    layer = built(case)
    for train in (False, True)[: 1 + case.train]:
        compare(
            layer, case.args, case.kwargs, system=system, grads=case.grads, train=train, rtol=case.rtol, atol=case.atol
        )


# -- keras.applications -----------------------------------------------------------------------------------------------


def _applications():
    for name in zoo.APPLICATIONS:
        for system in ("torch", "flax"):
            quick = (name, system) in (("MobileNet", "torch"), ("MobileNet", "flax"))
            yield pytest.param(name, system, marks=[] if quick else [pytest.mark.slow])


@pytest.mark.parametrize(("name", "system"), list(_applications()))
def test_application(name, system):
    needs(system)
    model = zoo.application(name)
    for batch in (2, 3):
        compare(model, (zoo.images(name, batch),), system=system, grads=False)


@pytest.mark.slow
@pytest.mark.parametrize("name", zoo.GRADIENTS)
def test_application_gradients(name):
    compare(zoo.application(name), (zoo.images(name, 2),), system="torch")


@contextlib.contextmanager
def double_precision():
    """Let keras and JAX compute in float64: batch statistics of deep networks amplify float32's rounding."""
    import jax

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    jax.config.update("jax_enable_x64", True)
    try:
        yield
    finally:
        jax.config.update("jax_enable_x64", False)
        keras.config.set_dtype_policy(before)


@pytest.mark.slow
@pytest.mark.parametrize("system", ["torch", "flax"])
@pytest.mark.parametrize("name", zoo.TRAINING)
def test_application_training(name, system):
    pytest.importorskip("flax.nnx")
    with double_precision():
        model = zoo.application(name, size=64, **zoo.TRAINING[name])
        images = zoo.images(name, 8, 64).astype("float64")
        compare(model, (images,), system=system, train=True, rtol=1e-8, atol=1e-9)


# -- names and kinds of parameters ------------------------------------------------------------------------------------


def spec_of(layer):
    from ivy.transpiler.modules import to_spec

    return to_spec(layer)


def test_names_follow_attributes_and_layer_names():
    layer = built(cases.LAYERS["encoder"])
    names = [p.name for p in spec_of(layer).params]
    assert names[0] == "scale"
    assert {"embed.embeddings", "blocks.0.attention.query.kernel", "blocks.1.norms.0.gamma"} <= {*names}
    assert {"blocks.1.mlp.up.bias", "head.kernel"} <= {*names}  # `_head` goes by its layer's name
    assert len(names) == len(layer.weights)


def test_functional_models_go_by_layer_names():
    spec = spec_of(built(cases.LAYERS["functional"]))
    assert {p.path[0] for p in spec.params} == {"shared", "inner", "out"}
    assert all(len(p.path) == (3 if p.path[0] == "inner" else 2) for p in spec.params)


def test_shared_layers_are_one():
    layer = built(cases.LAYERS["tied"])
    spec = spec_of(layer)
    assert spec.shared == {("again",): ("mix",)}
    assert len(spec.params) == 3
    net = ivy.transpile(layer, to="torch")
    assert net.again is net.mix
    assert {*net.state_dict()} >= {"mix.weight", "again.weight"}


class Borrowing(L.Layer):
    """A layer whose weight is another one's."""

    def __init__(self):
        super().__init__()
        self.dense = L.Dense(4)
        self.dense.build((None, 4))
        self.kernel = self.dense.kernel

    def call(self, x):
        return self.dense(x) @ self.kernel


def test_tied_variables_are_aliases():
    layer = Borrowing()
    layer(np.ones((1, 4)))
    kernel = next(p for p in spec_of(layer).params if p.path[-1] == "kernel")
    assert {kernel.path, *kernel.aliases} == {("kernel",), ("dense", "kernel")}
    compare(layer, (x_of(2, 4),), system="torch")


def test_unnamed_variables_go_by_their_attribute():
    class Unnamed(L.Layer):
        def build(self, shape):
            self.first = self.add_weight(shape=(shape[-1],))
            self.second = self.add_weight(shape=(shape[-1],))

        def call(self, x):
            return x * self.first + self.second

    layer = Unnamed()
    layer(np.ones((1, 4)))
    assert [p.name for p in spec_of(layer).params] == ["first", "second"]


def test_kinds_of_variables():
    model = built(cases.LAYERS["cnn"])
    model.layers[0].trainable = False
    params = {p.path[-2] + "." + p.path[-1]: p for p in spec_of(model).params}
    conv, mean = params[f"{model.layers[0].name}.kernel"], params[f"{model.layers[1].name}.moving_mean"]
    assert (conv.trainable, conv.buffer) == (False, False)
    assert (mean.trainable, mean.buffer, mean.statistic) == (False, True, True)
    net = ivy.transpile(model, to="torch")
    trained = {n for n, p in net.named_parameters() if p.requires_grad}
    assert len(trained) == len(model.trainable_weights)


def test_metrics_seeds_and_optimizers_are_no_parameters():
    model = cases.cnn(rate=0.5)
    before = [p.name for p in spec_of(model).params]
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(x_of(4, 8, 8, 3), np.ones((4, 5)), verbose=0)
    assert [p.name for p in spec_of(model).params] == before
    assert len(before) == len(model.weights)


@pytest.mark.parametrize(
    ("layer", "shape", "role"),
    [
        (lambda: L.Dense(3), (1, 4), ("linear", "IO")),
        (lambda: L.Conv1D(3, 2), (1, 4, 2), ("conv", "*IO")),
        (lambda: L.Conv3D(3, 2), (1, 4, 4, 4, 2), ("conv", "*IO")),
        (lambda: L.Conv2DTranspose(3, 2), (1, 4, 4, 2), ("conv_transpose", "*OI")),
        (lambda: L.DepthwiseConv2D(2), (1, 4, 4, 2), None),
    ],
)
def test_roles(layer, shape, role):
    made = layer()
    made(np.ones(shape))
    kernel = spec_of(made).params[0]
    assert (kernel.role and (kernel.role.kind, kernel.role.layout)) == role


# -- modes, random numbers, state -------------------------------------------------------------------------------------


def test_training_argument_of_the_caller_wins():
    model = keras.Sequential([keras.Input((50,)), L.Dropout(0.5)])
    net = ivy.transpile(model, to="torch")
    ones = np.ones((4, 50), "float32")
    assert not net.training
    assert (net(ones) == 1).all()
    assert 0.2 < (net(ones, training=True) == 0).float().mean() < 0.8
    net.train()
    assert 0.2 < (net(ones) == 0).float().mean() < 0.8
    assert (net(ones, training=False) == 1).all()


@pytest.mark.parametrize("system", ["torch", "flax", "paddle"])
def test_dropout_draws_from_the_target(system):
    needs(system)
    model = keras.Sequential([keras.Input((2000,)), L.Dropout(0.3), L.GaussianNoise(0.1)])
    net = ivy.transpile(model, to=system, train=True)
    a, b = (np.asarray(net(np.ones((2, 2000), "float32"))) for _ in range(2))
    assert abs(a.mean() - 1) < 0.05
    assert abs((a < 0.7).mean() - 0.3) < 0.05
    assert not np.allclose(a, b)
    assert not spec_of(model).params


def test_stateful_layers_keep_their_state():
    layer = keras.Sequential([keras.Input((5, 4), batch_size=2), L.LSTM(3, stateful=True)])
    net = ivy.transpile(layer, to="torch")
    x = x_of(2, 5, 4)
    for _ in range(3):
        np.testing.assert_allclose(net(x).detach().numpy(), layer(x).numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float16", "float64"])
def test_dtype_policies(policy):
    model = keras.Sequential([
        keras.Input((6, 6, 3)), L.Conv2D(4, 3, dtype=policy), L.BatchNormalization(dtype=policy),
        L.Flatten(dtype=policy), L.Dense(3, dtype=policy),
    ])  # fmt: skip
    x = x_of(2, 6, 6, 3)
    expected, found = model(x), ivy.transpile(model, to="torch")(x)
    assert str(found.dtype).endswith(expected.dtype.name)
    wide = tf.cast(expected, tf.float32).numpy()
    np.testing.assert_allclose(found.detach().float().numpy(), wide, rtol=3e-2, atol=3e-2)
    kinds = {str(p.dtype) for p in ivy.transpile(model, to="torch").parameters()}
    assert kinds == {f"torch.{v.dtype}" for v in model.weights}


class Branching(L.Layer):
    """Python's own control flow on tensors."""

    def __init__(self):
        super().__init__()
        self.up, self.down = L.Dense(3), L.Dense(3)

    def call(self, x):
        if tf.reduce_sum(x) > 0:
            y = self.up(x)
        else:
            y = self.down(x) * 2
        for i in tf.range(3):
            y = y + tf.cast(i, y.dtype)
        return y


@pytest.mark.parametrize("system", ["torch", "flax"])
def test_python_control_flow_of_users_layers(system):
    needs(system)
    layer = Branching()
    x = np.abs(x_of(2, 4))
    layer(x), layer(-x)
    net = ivy.transpile(layer, to=system)
    for given in (x, -x):
        found = net(given)
        found = found.detach().numpy() if system == "torch" else np.asarray(found)
        np.testing.assert_allclose(found, layer(given).numpy(), rtol=1e-4, atol=1e-5)
    assert len(net._ivy.specialiser.graphs) == 1
    assert "call" not in vars(layer)


# -- before there are variables ---------------------------------------------------------------------------------------


class Late(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = L.Dense(3)

    def call(self, x):
        return self.dense(x)


def test_models_without_variables_are_refused():
    with pytest.raises(ConversionError, match="no variables yet") as error:
        ivy.transpile(Late(), to="torch")
    assert "args=" in str(error.value)


@pytest.mark.parametrize("argument", [np.ones((2, 4), "float32"), torch.ones(2, 4), tf.ones((2, 4))])
def test_arguments_make_variables(argument):
    model = Late()
    net = ivy.transpile(model, to="torch", args=(argument,))
    assert net.dense.weight.shape == (3, 4)
    np.testing.assert_allclose(net(argument).detach().numpy(), model(np.ones((2, 4))).numpy(), rtol=1e-4, atol=1e-6)


def test_other_backends_of_keras_are_refused(monkeypatch):
    model = keras.Sequential([keras.Input((2,)), L.Dense(1)])
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(ConversionError, match="keras runs on jax") as error:
        ivy.transpile(model, to="torch")
    assert "KERAS_BACKEND=tensorflow" in str(error.value)


# -- layers within other code -----------------------------------------------------------------------------------------


def test_layer_within_a_function():
    model = randomise(keras.Sequential([keras.Input((4,)), L.Dense(3), L.BatchNormalization(), L.Dropout(0.5)]))

    def f(x):
        return tf.nn.relu(model(x)) * 2

    x = x_of(2, 4)
    for target in ("torch", "numpy"):
        found = ivy.transpile(f, source="tensorflow", to=target)(torch.tensor(x) if target == "torch" else x)
        found = found.detach().numpy() if target == "torch" else found
        np.testing.assert_allclose(found, f(x).numpy(), rtol=1e-4, atol=1e-5)


def test_layer_within_a_module_and_module_within_a_layer():
    class Scaled(tf.Module):
        def __init__(self):
            super().__init__()
            self.dense, self.factor = keras.Sequential([keras.Input((4,)), L.Dense(3, name="d")]), tf.Variable(2.0)

        def __call__(self, x):
            return self.dense(x) * self.factor

    class Around(L.Layer):
        def __init__(self):
            super().__init__()
            self.inner, self.offset = Scaled(), tf.Variable([1.0, 2.0, 3.0])

        def call(self, x):
            return self.inner(x) + self.offset

    for made, names in (
        (Scaled(), {"factor", "dense.d.weight", "dense.d.bias"}),
        (Around(), {"offset", "inner.factor", "inner.dense.d.weight", "inner.dense.d.bias"}),
    ):
        x = x_of(2, 4)
        expected = made(x).numpy()
        net = ivy.transpile(made, to="torch")
        assert {*net.state_dict()} == names
        np.testing.assert_allclose(net(x).detach().numpy(), expected, rtol=1e-4, atol=1e-5)


# -- training, checkpoints --------------------------------------------------------------------------------------------


def _data(name):
    rng = np.random.default_rng(5)
    if name == "cnn":
        return rng.normal(size=(10, 8, 8, 8, 3)).astype("float32"), rng.normal(size=(10, 8, 5)).astype("float32")
    return rng.normal(size=(10, 4, 5, 8)).astype("float32"), rng.normal(size=(10, 4, 5, 8)).astype("float32")


def _model(name):
    seeded()
    model = cases.cnn() if name == "cnn" else cases.Block(8, 2, 0.0)
    model(_data(name)[0][0])
    return randomise(model)


@pytest.mark.parametrize("system", ["torch", "flax"])
@pytest.mark.parametrize("name", ["cnn", "block"])
def test_ten_steps_in_parity(name, system):
    needs(system)
    model, (xs, ys), rate = _model(name), _data(name), 0.1
    net = ivy.transpile(model, to=system, train=True)
    losses, theirs = [], []
    trained = model.trainable_variables
    for x, y in zip(xs, ys):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x, training=True) - y) ** 2)
        for v, g in zip(trained, tape.gradient(loss, [v.value for v in trained])):
            v.assign_sub(rate * g)
        losses.append(float(loss))
    theirs = (_train_torch if system == "torch" else _train_nnx)(net, xs, ys, rate)
    np.testing.assert_allclose(theirs, losses, rtol=1e-4)
    named = {p.name: p for p in spec_of(model).params}
    arrays = spec_of(model).arrays()
    state = spec_of(net)
    found, places = state.arrays(), {p.name: p for p in state.params}
    back = {source: placed.name for source, placed in zip(net._ivy.params, net._ivy.placed())}
    assert {back[n] for n in named} <= places.keys()
    for source in named:
        mine = np.asarray(net._ivy.source_array(source, found[back[source]]))
        np.testing.assert_allclose(mine, arrays[source].numpy(), rtol=1e-3, atol=1e-4, err_msg=source)


def _train_torch(net, xs, ys, rate):
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    losses = []
    for x, y in zip(xs, ys):
        optimizer.zero_grad()
        loss = ((net(torch.tensor(x)) - torch.tensor(y)) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _train_nnx(net, xs, ys, rate):
    import jax
    from flax import nnx

    @nnx.jit
    def step(net, x, y):
        loss, grads = nnx.value_and_grad(lambda net: ((net(x) - y) ** 2).mean())(net)
        params = nnx.state(net, nnx.Param)
        nnx.update(net, jax.tree.map(lambda p, g: p - rate * g, params, grads))
        return loss

    return [float(step(net, x, y)) for x, y in zip(xs, ys)]


@pytest.mark.parametrize("system", ["torch", "flax", "keras"])
def test_weights_travel_both_ways(system):
    needs(system)
    model, x = _model("cnn"), _data("cnn")[0][0]
    net = ivy.transpile(model, to=system)
    randomise(model, seed=9)
    report = ivy.sync_weights(model, net)
    assert not report.missing
    assert not report.unused
    assert len(report.copied) == len(model.weights)
    expected = model(x).numpy()

    def found():
        y = net(x)
        return y.detach().numpy() if system == "torch" else np.asarray(y)

    np.testing.assert_allclose(found(), expected, rtol=1e-4, atol=1e-5)
    randomise(model, seed=11)
    assert not np.allclose(model(x).numpy(), expected)
    ivy.sync_weights(net, model)
    np.testing.assert_allclose(model(x).numpy(), expected, rtol=1e-4, atol=1e-5)


def test_round_trip():
    model, x = _model("cnn"), _data("cnn")[0][0]
    back = ivy.transpile(ivy.transpile(model, to="torch"), to="keras")
    np.testing.assert_allclose(back(x).numpy(), model(x).numpy(), rtol=1e-4, atol=1e-5)
    assert [v.shape for v in back.weights] == [v.shape for v in model.weights]


def test_memory_is_not_shared():
    model = _model("cnn")
    net = ivy.transpile(model, to="torch")
    before = [v.numpy().copy() for v in model.weights]
    with torch.no_grad():
        for p in net.state_dict().values():
            p.zero_()
    for v, old in zip(model.weights, before):
        np.testing.assert_array_equal(v.numpy(), old)
