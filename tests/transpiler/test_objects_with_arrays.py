"""Objects that hold arrays are inputs: what they hold at the call counts, not what they held at the capture."""

from __future__ import annotations

import copy
import dataclasses
import functools
import sys

import numpy as np
import pytest

import ivy
from ivy.errors import CaptureError
from ivy.graph.containers import flatten

X = np.linspace(-1, 1, 8, dtype="float32").reshape(4, 2)


def library(name):
    """Import a framework if it is installed; Paddle in the way that suits TensorFlow."""
    pytest.importorskip("ivy_paddle.loading" if name == "paddle" else name)
    return sys.modules[name]


class Affine:
    def __init__(self, weight, bias, scale=2.0):
        self.weight = weight
        self.more = {"bias": [bias]}
        self.scale = scale

    def __call__(self, x):
        return x @ self.weight * self.scale + self.more["bias"][0]


@dataclasses.dataclass
class AffineData:
    weight: object
    bias: object
    scale: float = 2.0

    def __call__(self, x):
        return x @ self.weight * self.scale + self.bias


def arrays(framework, seed=0):
    rng = np.random.default_rng(seed)
    weight, bias = rng.normal(size=(2, 3)).astype("float32"), rng.normal(size=3).astype("float32")
    return [native(framework, weight), native(framework, bias)]


def native(framework, x):
    if framework == "numpy":
        return x
    module = library({"jax": "jax.numpy"}.get(framework, framework))
    make = {"torch": "from_numpy", "jax": "asarray", "tensorflow": "constant", "paddle": "to_tensor"}[framework]
    return getattr(module, make)(x)


def own(cls, framework):
    def make(seed=0):
        return cls(*arrays(framework, seed))

    def change(obj):
        obj.weight = obj.weight + 1

    return make, change


def torch_module():
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Linear(2, 2)
            self.second = torch.nn.Linear(2, 2)
            self.second.weight = self.first.weight  # tied
            self.norm = torch.nn.BatchNorm1d(2)
            self.rate = 0.5
            self.forward = functools.partial(self.forward) if False else self.forward

        def forward(self, x):
            return self.norm(self.second(torch.tanh(self.first(x)))) * self.rate

    def make(seed=0):
        torch.manual_seed(seed)
        return Net().eval()

    def change(net):
        with torch.no_grad():
            net.first.weight.add_(1)

    return make, change


def nnx_module():
    nnx = pytest.importorskip("flax.nnx")

    class Net(nnx.Module):
        def __init__(self, rngs):
            self.first = nnx.Linear(2, 4, rngs=rngs)
            self.second = nnx.Linear(4, 3, rngs=rngs)

        def __call__(self, x):
            return self.second(nnx.relu(self.first(x)))

    def change(net):
        net.first.kernel.set_value(net.first.kernel.get_value() + 1)

    return lambda seed=0: Net(nnx.Rngs(seed)), change


def equinox_module():
    eqx = pytest.importorskip("equinox")
    jax = pytest.importorskip("jax")

    class Net(eqx.Module):
        mlp: eqx.nn.MLP

        def __call__(self, x):
            return jax.vmap(self.mlp)(x)

    return lambda seed=0: Net(eqx.nn.MLP(2, 3, 4, 1, key=jax.random.key(seed))), None


def keras_layer():
    keras = pytest.importorskip("keras")

    def make(seed=0):
        keras.utils.set_random_seed(seed)
        layer = keras.layers.Dense(3, activation="tanh")
        layer(X)  # the first call sets attributes
        return layer

    return make, lambda layer: layer.kernel.assign(layer.kernel + 1)


def tf_module():
    tf = pytest.importorskip("tensorflow")

    class Net(tf.Module):
        def __init__(self, seed):
            super().__init__()
            self.weight, self.bias = (tf.Variable(x) for x in arrays("tensorflow", seed))

        def __call__(self, x):
            return x @ self.weight + self.bias

    return lambda seed=0: Net(seed), lambda net: net.weight.assign(net.weight + 1)


def paddle_layer():
    paddle = library("paddle")

    def make(seed=0):
        paddle.seed(seed)
        return paddle.nn.Sequential(paddle.nn.Linear(2, 4), paddle.nn.ReLU(), paddle.nn.Linear(4, 3))

    return make, lambda layer: layer[0].weight.set_value(layer[0].weight + 1)


OBJECTS = {
    **{f"object of {f}": (f, functools.partial(own, Affine, f)) for f in ("numpy", "torch", "jax", "tensorflow")},
    **{f"dataclass of {f}": (f, functools.partial(own, AffineData, f)) for f in ("numpy", "torch", "jax")},
    "torch module": ("torch", torch_module),
    "nnx module": ("jax", nnx_module),
    "equinox module": ("jax", equinox_module),
    "keras layer": ("tensorflow", keras_layer),
    "TensorFlow module": ("tensorflow", tf_module),
    "paddle layer": ("paddle", paddle_layer),
}
ONE_GRAPH_EACH = ("keras layer", "TensorFlow module", "paddle layer")
"""TensorFlow's variables can't be replaced in an object, and each of Paddle's layers has a name of its own."""


def calling(obj, x):
    return obj(x)


def expected(obj, framework):
    result = obj(native(framework, X))
    return np.asarray(result.detach() if framework in ("torch", "paddle") else result)


@pytest.mark.parametrize("target", ["numpy", "jax"])
@pytest.mark.parametrize("kind", OBJECTS)
def test_what_an_argument_holds_is_an_input(kind, target):
    framework, kit = OBJECTS[kind]
    library(framework)
    pytest.importorskip(target)
    make, change = kit()
    f = ivy.transpile(calling, source=framework, to=target)
    obj = make()
    check = functools.partial(np.testing.assert_allclose, rtol=1e-4, atol=1e-5)
    check(np.asarray(f(obj, X)), expected(obj, framework))
    if change is not None:
        change(obj)
        check(np.asarray(f(obj, X)), expected(obj, framework))
    assert len(f.graphs) == 1
    other = make(1)
    check(np.asarray(f(other, X)), expected(other, framework))
    check(np.asarray(f([other][0], x=X)), expected(other, framework))
    check(np.asarray(f(obj, X)), expected(obj, framework))
    if kind not in ONE_GRAPH_EACH:
        assert len(f.graphs) == 2  # one for the other way to call


@pytest.mark.parametrize("kind", [k for k in OBJECTS if k not in ("torch module", *ONE_GRAPH_EACH)])
def test_what_a_function_closes_over_counts(kind):
    framework, kit = OBJECTS[kind]
    library(framework)
    make, change = kit()
    obj = make()
    f = ivy.transpile(lambda x: obj(x), source=framework, to="numpy")
    np.testing.assert_allclose(f(X), expected(obj, framework), rtol=1e-4, atol=1e-5)
    if change is not None:
        change(obj)
        np.testing.assert_allclose(f(X), expected(obj, framework), rtol=1e-4, atol=1e-5)
    obj = make(1)
    np.testing.assert_allclose(f(X), expected(obj, framework), rtol=1e-4, atol=1e-5)


def test_settings_of_an_object_count():
    f = ivy.transpile(calling, source="numpy", to="numpy")
    obj = Affine(*arrays("numpy"))
    f(obj, X)
    obj.scale = 5.0
    np.testing.assert_allclose(f(obj, X), obj(X), rtol=1e-5)
    assert len(f.graphs) == 2


def test_settings_of_a_torch_module_count():
    pytest.importorskip("torch")
    make, _ = torch_module()
    net = make()
    f = ivy.transpile(calling, source="torch", to="numpy")
    for change in (lambda: None, lambda: setattr(net, "rate", 3.0), net.train):
        change()
        reference = copy.deepcopy(net)
        np.testing.assert_allclose(f(net, X), expected(reference, "torch"), rtol=1e-4, atol=1e-5)
        for name, buffer in reference.named_buffers():  # training writes to the user's own, where the target can
            np.testing.assert_allclose(net.get_buffer(name), buffer, rtol=1e-5)


def test_results_are_such_objects():
    jax = pytest.importorskip("jax")
    make, _ = nnx_module()
    net = make()
    f = ivy.transpile(lambda m: jax.tree.map(lambda a: a * 2, m), source="jax", to="numpy")
    result = f(net)
    assert type(result) is type(net)
    for a, b in zip(jax.tree.leaves(result), jax.tree.leaves(net), strict=True):
        assert isinstance(a, np.ndarray)
        np.testing.assert_allclose(a, np.asarray(b) * 2)
    g = ivy.transpile(lambda o: Affine(o.weight * 2, o.more["bias"][0], o.scale), source="numpy", to="numpy")
    found = g(Affine(*arrays("numpy")))
    assert type(found) is Affine
    np.testing.assert_allclose(found.weight, arrays("numpy")[0] * 2)


def test_train_states():
    jnp = pytest.importorskip("jax.numpy")
    train_state = pytest.importorskip("flax.training.train_state")
    optax = pytest.importorskip("optax")
    state = train_state.TrainState.create(apply_fn=jnp.dot, params={"w": jnp.ones((2, 2))}, tx=optax.adam(0.1))
    state = state.replace(step=jnp.asarray(0))  # a Python number is static

    def step(s, x):
        return s.apply_gradients(grads={"w": x.T @ s.apply_fn(x, s.params["w"])})

    f = ivy.transpile(step, source="jax", to="numpy")
    ours = theirs = state
    for _ in range(3):
        ours, theirs = f(ours, X), step(theirs, jnp.asarray(X))
        np.testing.assert_allclose(ours.params["w"], theirs.params["w"], rtol=1e-4, atol=1e-5)
        assert int(ours.step) == int(theirs.step)
    assert len(f.graphs) == 1


def stores_attribute(o, x):
    o.weight = o.weight + 1
    return o(x)


def stores_item(o, x):
    o.more["bias"][0] = x[0, 0]
    return x


def counts(o, x):
    o.scale += 1
    return x


@pytest.mark.parametrize("f", [stores_attribute, stores_item, counts])
def test_what_torch_code_stores_in_its_arguments(f):
    """Caches that a call fills, counters: the caller's own object changes, and its parts stay the same objects."""
    torch = library("torch")
    g = ivy.transpile(f, source="torch", to="jax")
    mine, theirs = Affine(*arrays("torch")), Affine(*arrays("torch"))
    more = mine.more
    for _ in range(2):
        g(mine, X)
        f(theirs, torch.as_tensor(X))
        assert mine.more is more
        assert mine.scale == pytest.approx(float(theirs.scale))
        a, b = flatten(vars(mine))[0], flatten(vars(theirs))[0]
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            np.testing.assert_allclose(np.asarray(x), np.asarray(y), rtol=1e-6)


def test_lists_and_new_objects_in_arguments():
    def f(x, log, table):
        log.append(x * 2)
        table["last"] = x.sum()
        del table["first"]
        return x + 1

    log, table = [np.float32(1)], {"first": np.ones(2, "float32"), "kept": np.ones(1, "float32")}
    g = ivy.transpile(f, source="torch", to="numpy")
    for n in (2, 3):
        g(X, log, table)
        assert len(log) == n
        assert sorted(table) == ["kept", "last"]
        table["first"] = np.ones(2, "float32")
    np.testing.assert_allclose(log[-1], X * 2)


@pytest.mark.parametrize("framework", ["numpy", "jax", "tensorflow"])
@pytest.mark.parametrize("f", [stores_attribute, stores_item, counts])
def test_what_would_be_lost_is_refused(framework, f):
    library(framework)
    g = ivy.transpile(f, source=framework, to="numpy")
    obj = Affine(*arrays(framework))
    with pytest.raises(CaptureError, match="stores a new value in its argument `o_"):
        g(obj, X)
    assert obj.scale == 2.0
