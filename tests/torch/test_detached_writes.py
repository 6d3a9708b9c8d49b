"""Writes that autograd does not see change a tensor's value and leave its derivative."""

from __future__ import annotations

import numpy as np
import pytest

import ivy

torch = pytest.importorskip("torch")


def detached(a):
    a.detach().add_(1)
    return a * a


def no_grad(a):
    with torch.no_grad():
        a.mul_(3)
    return a * a


def data(a):
    a.data.add_(1)
    return a**3


def item(a):
    a.detach()[0] = 5.0
    return a * a


def clamped(a):
    with torch.no_grad():
        a.clamp_(-1.5, 1.5)
    return a * a


def view(a):
    with torch.no_grad():
        a[1:].mul_(2).add_(1)
    b = a * 2
    return a.sin() + b


def from_another(a):
    b = (a * 3).detach()
    a.data.copy_(b)
    return a * a + b


def straight_through_rounding(a):
    """The way of quantised training."""
    b = a * 2
    b.data.round_()
    return b * a


KINDS = [detached, no_grad, data, item, clamped, view, from_another, straight_through_rounding]
VALUES = [1.0, 2.5, -3.0, 0.25]


def expected(f):
    x = torch.tensor(VALUES, requires_grad=True)
    y = f(x * 1)
    y.sum().backward()
    return y.detach().numpy(), x.grad.numpy()


def gradients(f, target):
    g = ivy.transpile(lambda x: f(x * 1), source="torch", to=target)
    if target == "jax":
        jax = pytest.importorskip("jax")
        x = jax.numpy.asarray(VALUES)
        forward = jax.jvp(g, (x,), (jax.numpy.ones_like(x),))[1]
        gradient = jax.grad(lambda x: g(x).sum())(x)
        np.testing.assert_allclose(forward.sum(), gradient.sum(), rtol=1e-5, atol=1e-5)
        return g(x), gradient
    if target == "torch":
        x = torch.tensor(VALUES, requires_grad=True)
        y = g(x)
        y.sum().backward()
        return y.detach(), x.grad
    if target == "tensorflow":
        tf = pytest.importorskip("tensorflow")
        x = tf.Variable(VALUES)
        with tf.GradientTape() as tape:
            y = g(tf.convert_to_tensor(x))
        return y, tape.gradient(y, x)
    paddle = pytest.importorskip("ivy_paddle.loading").paddle  # Ivy brings it in beside the others
    x = paddle.to_tensor(VALUES, stop_gradient=False)
    y = g(x)
    y.sum().backward()
    return y.detach(), x.grad


@pytest.mark.parametrize("f", KINDS)
@pytest.mark.parametrize("target", ["jax", "torch", "tensorflow", "paddle"])
def test_value_changes_and_derivative_stays(f, target):
    values, gradient = expected(f)
    got, found = gradients(f, target)
    np.testing.assert_allclose(np.asarray(got), values, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(np.asarray(found), gradient, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("backend", ["jax", "torch", "tensorflow", "paddle", "numpy"])
def test_the_values_are_exact(backend):
    pytest.importorskip(f"ivy_{backend}")
    module = ivy.backend.get_backend(backend).module
    values = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 2e-38, 3.4e38, 0.1], "float32")
    for others in (values[::-1].copy(), np.full(8, 1e30, "float32"), np.zeros(8, "float32")):
        got = np.asarray(ivy.straight_through(module.asarray(others), module.asarray(values)))
        np.testing.assert_array_equal(got, values)
        finite = np.isfinite(values)
        np.testing.assert_array_equal(np.signbit(got[finite]), np.signbit(values[finite]))
