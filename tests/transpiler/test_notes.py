"""`ivy.check` lists what a conversion would ignore or change, with its places."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import ivy

X = np.ones((2, 2), "float32")


def listed(report, kind):
    """Names under a heading -> line of the first place, relative to nothing."""
    return {call.name: [place.line for place in call.locations] for call in getattr(report, kind)}


def line_of(function, text):
    import inspect

    lines, start = inspect.getsourcelines(function)
    return start + next(i for i, line in enumerate(lines) if text in line)


def torch_cases():
    torch = pytest.importorskip("torch")

    def generator(x):
        return x + torch.rand(2, generator=torch.Generator())

    def writes(x):
        x.add_(1)
        return x * 2

    return {
        "torch.Generator": ("changed", generator, "Generator()"),
        "the write to x": ("changed", writes, None),
    }


@pytest.mark.parametrize("i", range(2))
def test_torch_functions(i):
    torch = pytest.importorskip("torch")
    name, (kind, f, text) = list(torch_cases().items())[i]
    x = torch.ones(2, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = ivy.check(f, source="torch", to="jax", args=(x,))
    found = {n.removeprefix("torch_cases.<locals>."): v for n, v in listed(report, kind).items()}
    name = name.removeprefix("torch_cases.<locals>.")
    assert name in found, report
    assert name in str(report)
    if text is not None:
        assert line_of(f, text) in found[name]
    assert report.ok


def test_torch_modules():
    torch = pytest.importorskip("torch")

    class Inner(torch.nn.Module):
        def forward(self, x):
            self.seen = x
            self.log["last"] = x
            self.count += 1
            return x * 2

        def __init__(self):
            super().__init__()
            self.count, self.log = 0, {}

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = Inner()
            self.linear = torch.nn.Linear(2, 2)

        def forward(self, x):
            self.linear.last = x
            return self.linear(self.inner(x))

    net = Net()
    net.linear.register_forward_hook(lambda m, args, out: out + 1)
    net.linear.register_full_backward_hook(lambda m, i, o: None)
    report = ivy.check(net, to="jax", args=(X,))
    ignored, changed = listed(report, "ignored"), listed(report, "changed")
    # what calls store is kept, except what is only added to and never read
    assert ignored.keys() == {"inner.log.last", "inner.count", "a hook of linear"}
    assert ignored["inner.count"] == [line_of(Inner, "self.count += 1")]
    assert changed.keys() == {"a hook of linear"}
    assert report.ok
    assert net.inner.count == 0
    assert "ignored" in str(report)


def test_jax_functions():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy

    def f(x):
        y = jnp.sin(x)
        jax.debug.print("{}", y)
        return y

    with pytest.warns(UserWarning, match="left out"):
        report = ivy.check(f, source="jax", to="numpy", args=(X,))
    found = listed(report, "ignored")
    assert any("debug" in name for name in found)


def test_nnx_modules():
    pytest.importorskip("jax")
    nnx = pytest.importorskip("flax.nnx")

    class Net(nnx.Module):
        def __call__(self, x):
            self.features = nnx.Intermediate(x)
            return x * 2

    report = ivy.check(Net(), to="numpy", args=(X,))
    assert listed(report, "ignored") == {}  # it is kept


def test_tensorflow_functions():
    tf = pytest.importorskip("tensorflow")

    def f(x):
        tf.debugging.assert_all_finite(x, "no")
        y = tf.debugging.check_numerics(x, "no")
        tf.print(y)
        return y * 2

    report = ivy.check(f, source="tensorflow", to="numpy", args=(X,))
    found = listed(report, "ignored")
    assert {"tf.PrintV2"} < found.keys()
    assert any("CheckNumerics" in name for name in found)


def test_keras_and_tf_modules():
    keras = pytest.importorskip("keras")
    tf = pytest.importorskip("tensorflow")

    class Layer(keras.layers.Layer):
        def call(self, x):
            self.seen = x
            return x * 2

    class Module(tf.Module):
        def __init__(self):
            super().__init__()
            self.count = 0

        def __call__(self, x):
            self.count += 1
            return x * 2

    layer, module = Layer(), Module()
    layer.build((2, 2))
    assert ivy.check(layer, to="numpy", args=(X,)).ignored == ()  # it is kept
    found = listed(ivy.check(module, to="numpy", args=(X,)), "ignored")
    assert found == {"count": [line_of(Module, "self.count += 1")]}  # only counted, and never read
    assert not hasattr(layer, "seen")
    assert module.count == 0


def test_paddle_layers():
    from ivy_paddle.loading import paddle

    class Net(paddle.nn.Layer):
        def forward(self, x):
            self.seen = x
            return x * 2

    report = ivy.check(Net(), to="numpy", args=(X,))
    assert listed(report, "ignored") == {}  # it is kept


@pytest.mark.parametrize(
    ("target", "reaches"), [("numpy", True), ("torch", True), ("jax", False), ("tensorflow", False)]
)
def test_writes_that_do_not_reach_the_caller(target, reaches):
    torch = pytest.importorskip("torch")
    pytest.importorskip(target)

    def f(x):
        return x.mul_(2)

    report = ivy.check(f, source="torch", to=target, args=(torch.ones(2),))
    assert report.mutated == ("x",)
    assert bool(report.changed) is not reaches


def test_nothing_to_note():
    torch = pytest.importorskip("torch")
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.Dropout())
    report = ivy.check(net, to="jax", args=(X,))
    assert not report.ignored
    assert not report.changed


def test_complex_parameters():
    """JAX's own gradient of a complex parameter is the conjugate of torch's, and a report says so."""
    torch, jax = pytest.importorskip("torch"), pytest.importorskip("jax")

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.tensor([1 + 2j, 0.5 - 1j]))

        def forward(self, x):
            return ((self.weight * x) ** 2).real.sum()

    net, x = Net(), torch.tensor([1.0, 2.0])
    report = ivy.check(net, to="jax", args=(x,))
    assert any("conjugate" in call.reason for call in report.changed), report
    assert not ivy.check(net, to="tensorflow", args=(x,)).changed
    net(x).backward()
    weight = jax.numpy.asarray(net.weight.detach().numpy())
    found = jax.grad(lambda w: (((w * x.numpy()) ** 2).real).sum())(weight)
    np.testing.assert_allclose(np.asarray(found), net.weight.grad.numpy().conj(), rtol=1e-6)
    # a step within the program is the source's: the hub's gradients are torch's everywhere
    other = Net()
    optimizer = torch.optim.SGD(other.parameters(), lr=0.1)

    def step(x):
        optimizer.zero_grad()
        loss = other(x)
        loss.backward()
        optimizer.step()
        return loss.detach()

    got = [float(f(x)) for f in [ivy.transpile(step, source="torch", to="jax")] for _ in range(4)]
    want = [float(step(x)) for _ in range(4)]
    np.testing.assert_allclose(got, want, rtol=1e-5)
