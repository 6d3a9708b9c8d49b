"""An argument of the source reaches it whatever its name, also one that the target's own calls use."""

from __future__ import annotations

import numpy as np
import pytest

import ivy
from ivy.errors import IvyError

NAMES = (
    "training", "train", "is_training", "deterministic", "inference", "mask", "rng", "rngs", "key", "name", "method",
    "mutable", "variables", "capture_intermediates", "inputs", "args", "kwargs", "p", "v", "params", "state", "x_",
    "call_context", "layout", "to", "source", "fn",
)  # fmt: skip
TARGETS = ("torch", "flax", "linen", "haiku", "equinox", "keras", "tf.Module", "paddle", "ivy", "numpy")

COLLISIONS = {("linen", n) for n in ("rngs", "method", "mutable", "variables", "capture_intermediates")}
"""Keywords that the target's call has for itself: an error that says so, and the argument is given by position."""


def torch_model(name, default="1.0"):
    """A model whose forward has an argument of this name, a factor."""
    torch = pytest.importorskip("torch")
    made = {"torch": torch}
    exec(
        f"class Net(torch.nn.Module):\n"
        f"    def __init__(self):\n"
        f"        super().__init__()\n"
        f"        self.linear = torch.nn.Linear(2, 2)\n"
        f"    def forward(self, x, {name}={default}, last=1.0):\n"
        f"        return self.linear(x) * {name} + last\n",
        made,
    )
    return made["Net"]().eval()


def runner(model, target, *example):
    """Return the converted model as a function of the source's arguments."""
    made = ivy.transpile(model, source="torch", to=target)
    if target == "linen":
        import jax

        variables = made.init(jax.random.PRNGKey(0), *example)
        return lambda *a, **k: made.apply(variables, *a, **k)
    if target == "haiku":
        import haiku as hk
        import jax

        def call(*a, **k):
            t = hk.transform(lambda: made()(*a, **k))
            return t.apply(t.init(jax.random.PRNGKey(0)), None)

        return call
    return made


def array(x):
    return np.asarray(getattr(x, "detach", lambda: x)())


X = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", NAMES)
def test_reaches_the_source(name, target):
    import torch

    model = torch_model(name)
    run = runner(model, target, X)

    def expected(*a):
        with torch.no_grad():
            return model(torch.asarray(X), *a).numpy()

    for args, kwargs in [((), {}), ((3.0,), {}), ((3.0, 5.0), {}), ((), {"last": 5.0})]:
        plain = expected(*args, *kwargs.values()) if not kwargs else expected(1.0, 5.0)
        np.testing.assert_allclose(array(run(X, *args, **kwargs)), plain, rtol=1e-5, atol=1e-6)
    if (target, name) in COLLISIONS:
        with pytest.raises((IvyError, TypeError), match=name):
            run(X, **{name: 3.0})
    else:
        np.testing.assert_allclose(array(run(X, **{name: 3.0})), expected(3.0), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(array(run(X, last=5.0, **{name: 3.0})), expected(3.0, 5.0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["training", "train", "is_training", "nonsense", "rng"])
def test_nothing_is_swallowed(name, target):
    """An argument that neither the source nor the target knows is an error."""
    model = torch_model("scale")
    run = runner(model, target, X)
    theirs = {"keras": "training", "linen": "train", "haiku": "is_training", "ivy": "rng", "numpy": "rng"}
    if theirs.get(target) == name or (name == "rng" and target in ("flax", "linen", "haiku", "equinox")):
        pytest.skip("the target's own")
    with pytest.raises((IvyError, TypeError), match=name):
        run(X, **{name: 3.0})


@pytest.mark.parametrize("target", ["numpy", "torch", "tensorflow", "paddle"])
def test_functions_swallow_no_rng(target):
    f = ivy.transpile(lambda x: np.sin(x), source="numpy", to=target)
    with pytest.raises((IvyError, TypeError), match="rng"):
        f(X, rng=3)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["training", "train", "is_training"])
@pytest.mark.parametrize("mode", [False, True])
def test_a_flag_takes_the_branch_that_it_says(name, mode, target):
    torch = pytest.importorskip("torch")
    made = {"torch": torch}
    exec(
        f"class Net(torch.nn.Module):\n"
        f"    def forward(self, x, {name}=False):\n"
        f"        return x * 2 if {name} else x + 1\n",
        made,
    )
    model = made["Net"]().train(mode)
    run = runner(model, target, X)
    for given in (True, False):
        np.testing.assert_allclose(array(run(X, **{name: given})), X * 2 if given else X + 1)
        np.testing.assert_allclose(array(run(X, given)), X * 2 if given else X + 1)
    np.testing.assert_allclose(array(run(X)), X + 1)
