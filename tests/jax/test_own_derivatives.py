"""JAX functions with derivative rules of other kinds: solvers' adjoints, rules that refuse operands, checkpoints."""

from __future__ import annotations

import numpy as np
import pytest

import ivy

jax = pytest.importorskip("jax")
jnp = jax.numpy

Y = np.array([1.0, 2.0], "float32")
K = np.array(0.7, "float32")


def number(x):
    return np.asarray(x.detach() if hasattr(x, "detach") else x)


def solved(y, k):
    from jax.experimental.ode import odeint

    return odeint(lambda y, t, k: -k * y, y, jnp.linspace(0.0, 1.0, 5), k)


@pytest.mark.parametrize("target", ["torch", "tensorflow"])
def test_odeint(target):
    got = ivy.transpile(solved, source="jax", to=target)(Y, K)
    np.testing.assert_allclose(number(got), np.asarray(solved(Y, K)), rtol=1e-4)
    slope = jax.grad(lambda y, k: solved(y, k).sum(), 1)
    got = ivy.transpile(slope, source="jax", to=target)(Y, K)
    np.testing.assert_allclose(number(got), np.asarray(slope(Y, K)), rtol=1e-4)


@pytest.mark.parametrize("target", ["torch", "tensorflow"])
def test_equinox_rules_refuse_what_they_are_not_for(target):
    eqx = pytest.importorskip("equinox")

    @eqx.filter_custom_vjp
    def f(x, y):
        return jnp.sin(x) * y

    @f.def_fwd
    def forward(perturbed, x, y):
        return jnp.sin(x) * y, (jnp.cos(x), y)

    @f.def_bwd
    def backward(residuals, g, perturbed, x, y):
        cos, y = residuals
        return g * cos * y * 3

    def of_both(x, y):
        return f(x, y).sum()

    converted = ivy.transpile(of_both, source="jax", to=target)
    backend = ivy.backend.get_backend(target)
    x, y = (backend.module.from_foreign(v.copy()) for v in (Y, Y + 1))
    np.testing.assert_allclose(number(converted(x, y)), np.asarray(of_both(Y, Y + 1)), rtol=1e-5)
    want = jax.grad(of_both)(jnp.asarray(Y), jnp.asarray(Y + 1))
    np.testing.assert_allclose(number(ivy.grad(converted)(x, y)), np.asarray(want), rtol=1e-5)
    assert any("refuses" in c.reason for c in ivy.check(of_both, source="jax", to=target, args=(Y, Y)).changed)


@pytest.mark.parametrize("target", ["torch", "tensorflow", "paddle"])
def test_checkpoints(target):
    def f(x, k):
        return jax.checkpoint(lambda v: jnp.sin(jnp.sin(v) * k))(x).sum()

    graph = ivy.trace_graph(f, source="jax", to="ivy", args=(Y, K)).graph
    assert [n.fn for n in graph.nodes if n.fn == "ivy.checkpoint"] == ["ivy.checkpoint"]
    converted = ivy.transpile(f, source="jax", to=target)
    backend = ivy.backend.get_backend(target)
    x, k = (backend.module.from_foreign(v.copy()) for v in (Y, K))
    np.testing.assert_allclose(number(converted(x, k)), np.asarray(f(Y, K)), rtol=1e-5)
    for a, b in zip(ivy.grad(converted, (0, 1))(x, k), jax.grad(f, (0, 1))(Y, K), strict=True):
        np.testing.assert_allclose(number(a), np.asarray(b), rtol=1e-5)
