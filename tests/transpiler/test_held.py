"""Functions that use modules which they are not given as arguments: closures, partials, bound methods."""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx

import ivy
from ivy.errors import CaptureError, UnsupportedOpError

X = np.random.default_rng(0).normal(size=(4, 8)).astype("float32")


def net():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(8, 6), torch.nn.BatchNorm1d(6), torch.nn.ReLU(), torch.nn.Linear(6, 3))


class Owner:
    def __init__(self):
        self.net = net().eval()

    def run(self, x):
        return self.net(x) * 2


def callables():
    module = net().eval()

    def closure(x):
        return module(x).softmax(-1)

    return {
        "closure": closure,
        "lambda": lambda x: module(x) + module[0](x).sum(),
        "partial": functools.partial(lambda m, x: m(x), module),
        "bound method": Owner().run,
        "forward": module.forward,
        "one parameter": lambda x: x @ module[0].weight.T,
    }


@pytest.mark.parametrize("target", ["jax", "numpy", "torch", "ivy", "torch_frontend"])
@pytest.mark.parametrize("name", list(callables()))
def test_values(name, target):
    f = callables()[name]
    converted = ivy.transpile(f, source="torch", to=target)
    for x in (X, X[:2]):
        given = torch.from_numpy(x) if target in ("torch", "torch_frontend") else x
        with torch.no_grad():
            expected = f(torch.from_numpy(x)).numpy()
        got = converted(given)
        np.testing.assert_allclose(np.asarray(getattr(got, "data", got)), expected, rtol=1e-5, atol=1e-6)


def test_ivy_code_follows_its_inputs():
    module = net().eval()
    f = ivy.transpile(lambda x: module(x), source="torch", to="ivy")
    expected = module(torch.from_numpy(X)).detach().numpy()
    for make, kind in ((jnp.asarray, jax.Array), (torch.from_numpy, torch.Tensor), (np.asarray, np.ndarray)):
        got = f(make(X))
        assert isinstance(got, kind)
        np.testing.assert_allclose(np.asarray(got), expected, rtol=1e-5, atol=1e-6)


def test_gradients_and_jit():
    module = net().eval()
    f = ivy.transpile(lambda x: module(x).square().sum(), source="torch", to="jax")
    x = torch.from_numpy(X).requires_grad_()
    module(x).square().sum().backward()
    np.testing.assert_allclose(jax.jit(jax.grad(f))(jnp.asarray(X)), x.grad, rtol=1e-5, atol=1e-6)


def test_parameters_are_copied():
    module = net().eval()
    f = ivy.transpile(lambda x: module(x), source="torch", to="jax", args=(X,))
    before = module(torch.from_numpy(X)).detach().numpy()
    with torch.no_grad():
        for p in module.parameters():
            p.add_(1)
    np.testing.assert_allclose(f(X), before, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(f(X[:2]), before[:2], rtol=1e-5, atol=1e-6)  # a new signature, the same copies


@pytest.mark.parametrize("target", ["jax", "numpy", "torch", "torch_frontend"])
def test_statistics_are_kept_from_call_to_call(target):
    module, given = net().train(), torch.from_numpy(X) if target.startswith("torch") else X
    f = ivy.transpile(lambda x: module(x) + module[1].running_mean.sum(), source="torch", to=target, args=(given,))
    buffers = {name: b.clone() for name, b in module.named_buffers()}
    for _ in range(3):
        got = f(given)
        np.testing.assert_allclose(
            np.asarray(got.detach() if isinstance(got, torch.Tensor) else got),
            (module(torch.from_numpy(X)) + module[1].running_mean.sum()).detach().numpy(),
            rtol=1e-4,
            atol=1e-5,
        )
    assert not torch.equal(buffers["1.running_mean"], module[1].running_mean)


def test_statistics_under_jit_are_an_error():
    module = net().train()
    f = ivy.transpile(lambda x: module(x), source="torch", to="jax")
    with pytest.raises(CaptureError, match="running_mean"):
        jax.jit(f)(jnp.asarray(X))
    module.eval()
    g = ivy.transpile(lambda x: module(x), source="torch", to="jax")
    np.testing.assert_allclose(jax.jit(g)(X), module(torch.from_numpy(X)).detach(), rtol=1e-5, atol=1e-6)


def test_another_module_under_the_same_name():
    modules = [torch.nn.Linear(8, 3), torch.nn.Linear(8, 3)]
    current = modules[0]

    def f(x):
        return current(x)

    converted = ivy.transpile(f, source="torch", to="jax")
    for n, current in zip((4, 2), modules, strict=True):
        expected = current(torch.from_numpy(X[:n])).detach()
        np.testing.assert_allclose(converted(X[:n]), expected, rtol=1e-5, atol=1e-6)


def test_a_jax_function_over_a_module():
    module = nnx.Linear(8, 3, rngs=nnx.Rngs(0))
    f = ivy.transpile(lambda x: jax.nn.relu(module(x)), source="jax", to="torch")
    expected = np.asarray(jax.nn.relu(module(X)))
    np.testing.assert_allclose(f(torch.from_numpy(X)).detach(), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("target", ["numpy", "jax"])
def test_the_error_names_the_target(target):
    def f(x):
        return torch.nn.utils.rnn.pack_padded_sequence(x, [3, 2]).data

    with pytest.raises(UnsupportedOpError, match=f"translated to {target}"):
        ivy.transpile(f, source="torch", to=target, args=(np.ones((3, 2, 4), "float32"),))
