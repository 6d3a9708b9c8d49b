"""Where the arrays of converted code lie: on JAX's default device and not committed to it, as JAX's own.

A committed array meets no array that is cut over several devices, and `jax.jit` compiles a second time for its results.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch
from flax import nnx

import ivy
from ivy_jax.backend.support import from_foreign

SYSTEMS = ("flax", "linen", "haiku", "equinox")


class Net(torch.nn.Module):
    """Parameters that are stored in another layout, buffers, constants and random numbers."""

    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(11, 4)
        self.conv = torch.nn.Conv1d(4, 4, 3, padding=1)
        self.norm = torch.nn.BatchNorm1d(4)
        self.drop = torch.nn.Dropout(0.1)
        self.fc = torch.nn.Linear(4, 8)
        self.register_buffer("scale", torch.tensor(2.0))

    def forward(self, ids):
        x = self.drop(self.norm(self.conv(self.embed(ids).transpose(1, 2))))
        return self.fc(x.transpose(1, 2)) * self.scale + torch.arange(8.0) * torch.tensor([0.25])


IDS = np.arange(12, dtype="int32").reshape(2, 6) % 11
KEY = jax.random.key(0)


def arrays(tree):
    found = [x for x in jax.tree.leaves(tree) if isinstance(x, jax.Array)]
    assert found
    return found


def assert_free(tree):
    assert not any(x.committed if hasattr(x, "committed") else x._committed for x in arrays(tree))


def made(system):
    """Return a converted model as ``(state, step)``, where a step of training gives the next state."""
    torch.manual_seed(0)
    model, x = ivy.transpile(Net().train(), source="torch", to=system), jnp.asarray(IDS)
    if system == "flax":
        graph, state = nnx.split(model)

        def flax_step(state, x):
            whole = nnx.merge(graph, state)
            grads = nnx.grad(lambda m: (m(x) ** 2).mean())(whole)
            params = jax.tree.map(lambda p, g: p - 0.1 * g, nnx.state(whole, nnx.Param), grads)
            nnx.update(whole, params)
            return nnx.state(whole)

        return state, flax_step
    if system == "equinox":
        import equinox as eqx

        state, static = eqx.partition(model, eqx.is_inexact_array)

        def equinox_step(state, x):
            def loss(p):
                out, new = eqx.combine(p, static)(x, key=KEY)
                return (out**2).mean(), eqx.filter(new, eqx.is_inexact_array)

            grads, new = jax.grad(loss, has_aux=True)(state)
            return jax.tree.map(lambda p, g: p - 0.1 * g, new, grads)

        return state, equinox_step
    if system == "haiku":
        import haiku as hk

        t = hk.transform_with_state(lambda x: model(train=True)(x))
        state = t.init(KEY, x)

        def run(params, rest, x):
            return t.apply(params, rest, KEY, x)
    else:
        variables = model.initial()
        state = (variables.pop("params"), variables)

        def run(params, rest, x):
            return model.apply(
                {"params": params, **rest}, x, train=True, mutable=["batch_stats"], rngs={"dropout": KEY}
            )

    def step(state, x):
        def loss(params):
            out, new = run(params, state[1], x)
            return (out**2).mean(), new

        grads, new = jax.grad(loss, has_aux=True)(state[0])
        return jax.tree.map(lambda p, g: p - 0.1 * g, state[0], grads), {**state[1], **new}

    return state, step


@pytest.fixture
def compilations():
    """A list that grows by one with each compilation of XLA's."""
    seen = []

    def listen(event, seconds, **_):
        if event == "/jax/core/compile/backend_compile_duration":
            seen.append(event)

    jax.monitoring.register_event_duration_secs_listener(listen)
    yield seen
    jax.monitoring.unregister_event_duration_listener(listen)


@pytest.mark.parametrize("system", SYSTEMS)
def test_training_steps_compile_once(system, compilations):
    state, step = made(system)
    assert_free(state)
    x = jnp.asarray(IDS)
    jitted = jax.jit(step)
    state = jitted(state, x)
    assert compilations
    assert_free(state)
    compilations.clear()
    for _ in range(2):
        state = jitted(state, x)
    assert not compilations


def test_an_optimiser_of_nnx_compiles_once(compilations):
    model = ivy.transpile(Net().train(), source="torch", to="flax")
    optimizer = nnx.Optimizer(model, optax.adam(1e-3), wrt=nnx.Param)

    @nnx.jit
    def step(model, optimizer, x):
        optimizer.update(model, nnx.grad(lambda m: (m(x) ** 2).mean())(model))

    x = jnp.asarray(IDS)
    step(model, optimizer, x)
    compilations.clear()
    step(model, optimizer, x)
    assert not compilations


@pytest.mark.parametrize("share", [False, True])
def test_parameters_are_free(share):
    model = ivy.transpile(Net().eval(), source="torch", to="jax", share_memory=share)
    assert_free(nnx.state(model))
    for x in (jnp.asarray(IDS), IDS, torch.from_numpy(IDS)):
        assert_free(model(x))


def test_constants_and_inputs_are_free():
    weight = torch.rand(3)
    f = ivy.transpile(lambda x: x * weight + torch.arange(3) + np.float32(2), source="torch", to="jax")
    for x in (jnp.ones(3), torch.ones(3), np.ones(3, "float32"), ivy.Array(torch.ones(3))):
        assert_free(f(x))
    g = ivy.transpile(lambda x: torch.nn.functional.dropout(x), source="torch", to="jax")
    assert_free(g(jnp.ones(3)))


def test_what_the_user_commits_stays_committed():
    x = jax.device_put(jnp.ones(3), jax.devices()[0])
    for copy in (False, True):
        assert from_foreign(x, copy=copy).devices() == {jax.devices()[0]}
    f = ivy.transpile(lambda x: x + 1, source="torch", to="jax")
    assert (f(x).committed if hasattr(x, "committed") else f(x)._committed) is True


@pytest.mark.parametrize("copy", [False, True])
def test_copies_are_made_before_the_source_may_change(copy):
    """What is not aligned as XLA wants it is copied in the background; a write right afterwards must not be seen."""
    base = torch.zeros((1 << 22) + 1)
    for part in (base[1:], base[:-1]):
        for x in (part, part.numpy()):
            base.zero_()
            taken = from_foreign(x, copy=copy)
            base.fill_(1)
            shared = float(taken[0]) == 1
            assert not (copy and shared)
            assert float(taken.sum()) == (x.shape[0] if shared else 0)


def test_memory_is_shared_where_it_is_aligned():
    x = torch.arange(4096, dtype=torch.float32)
    assert x.data_ptr() % 64 == 0
    for y in (x, x.numpy()):
        assert from_foreign(y).unsafe_buffer_pointer() == x.data_ptr()
        assert from_foreign(y, copy=True).unsafe_buffer_pointer() != x.data_ptr()
    net = torch.nn.Linear(64, 64)
    model = ivy.transpile(net, to="jax", share_memory=True)
    assert model.weight.get_value().unsafe_buffer_pointer() == net.weight.data_ptr()


def test_several_devices():
    flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=8"
    script = Path(__file__).parent / "sharded.py"
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
