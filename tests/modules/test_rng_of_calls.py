"""``rng=`` of converted models, which no source sees by accident; and that nothing is drawn where nothing is random."""

from __future__ import annotations

import numpy as np
import pytest

import ivy
from ivy.errors import ArgumentError

torch = pytest.importorskip("torch")
jax = pytest.importorskip("jax")
eqx = pytest.importorskip("equinox")
hk = pytest.importorskip("haiku")
nnx = pytest.importorskip("flax.nnx")
linen = pytest.importorskip("flax.linen")

X = np.ones((4, 8), "float32")


class Plain(torch.nn.Module):
    def forward(self, x):
        return torch.nn.functional.dropout(x, 0.5, self.training)


class Swallowing(torch.nn.Module):
    """Takes any keyword, as the models of transformers do."""

    def forward(self, x, **kwargs):
        assert not kwargs
        return torch.nn.functional.dropout(x, 0.5, self.training)


class Own(torch.nn.Module):
    def forward(self, x, rng=None):
        return x if rng is None else x + rng


class Noise(eqx.Module):
    dropout: eqx.nn.Dropout

    def __call__(self, x, key=None):
        return self.dropout(x, key=key)


def caller(system, model, source="torch"):
    """Return a function of ``(x, **kwargs)``."""
    converted = ivy.transpile(model, source=source, to=system) if source else ivy.transpile(model, to=system)
    if system == "haiku":

        def call(x, **kwargs):  # haiku has an argument of that name itself
            net = hk.transform(lambda x: converted(x, **kwargs))
            return net.apply(net.init(jax.random.key(0), x), jax.random.key(9), x)

        return call
    if system == "linen":
        return lambda x, **kwargs: converted.apply(converted.initial(), x, **kwargs)
    return converted


@pytest.mark.parametrize("cls", [Plain, Swallowing])
@pytest.mark.parametrize("system", ["flax", "linen", "haiku", "equinox"])
def test_keys_of_every_kind(system, cls):
    call = caller(system, cls().train())
    expected = caller("equinox", Plain().train())(X, key=jax.random.PRNGKey(0))
    for key in (jax.random.PRNGKey(0), jax.random.key(0), 0):
        np.testing.assert_array_equal(call(X, rng=key), expected)
    assert not np.array_equal(call(X, rng=jax.random.key(1)), expected)
    np.testing.assert_array_equal(call(X, rng=nnx.Rngs(3)), call(X, rng=nnx.Rngs(3)))
    with pytest.raises(ArgumentError, match="rng= takes a random key"):
        call(X, rng="key")


@pytest.mark.parametrize("cls", [Plain, Swallowing])
def test_generators_and_seeds_of_torch(cls):
    model, x = ivy.transpile(cls().train(), source="torch", to="torch"), torch.ones(20)
    before = torch.get_rng_state()
    a = model(x, rng=3)
    generator = torch.Generator().manual_seed(3)
    assert torch.equal(a, model(x, rng=3))
    assert torch.equal(a, model(x, rng=generator))
    assert not torch.equal(a, model(x, rng=generator))
    assert torch.equal(before, torch.get_rng_state())
    with pytest.raises(ArgumentError, match="own generator"):
        model(x, rng="key")


@pytest.mark.parametrize("system", ["torch", "tf.Module", "keras", "paddle"])
def test_keys_for_sources_that_take_one(system):
    noise = Noise(eqx.nn.Dropout(0.5))
    call = caller(system, noise, source=None)
    expected = np.asarray(noise(jax.numpy.ones(20), key=jax.random.key(0)))
    x = torch.ones(20) if system == "torch" else np.ones(20, "float32")
    mode = {"training": True} if system == "keras" else {}
    if not mode:
        call.train()
    for key in (jax.random.PRNGKey(0), jax.random.key(0), 0):
        np.testing.assert_array_equal(np.asarray(call(x, rng=key, **mode)), expected)


@pytest.mark.parametrize("system", ["tf.Module", "keras", "paddle"])
def test_no_argument_is_swallowed(system):
    call = caller(system, Swallowing().train())
    with pytest.raises(ArgumentError, match="own generator"):
        call(X, rng=0)


@pytest.mark.parametrize("system", ["torch", "flax", "linen", "haiku", "equinox"])
def test_the_sources_own_argument_wins(system):
    call = caller(system, Own())
    x = torch.from_numpy(X) if system == "torch" else X
    np.testing.assert_array_equal(np.asarray(call(x, rng=x * 2)), X * 3)


def deterministic():
    class Dense(linen.Module):
        @linen.compact
        def __call__(self, x):
            return linen.Dense(3)(x)

    dense, net = Dense(), hk.transform(lambda x: hk.Linear(3)(x))
    key = jax.random.key(0)
    return {
        "equinox": (eqx.nn.Linear(8, 3, key=key), {}),
        "linen": (dense, {"params_v": dense.init(key, X)}),
        "haiku": (net, {"params_v": net.init(key, X)}),
        "flax": (nnx.Sequential(nnx.Linear(8, 3, rngs=nnx.Rngs(0)), nnx.Dropout(0.5, rngs=nnx.Rngs(0))), {}),
    }


@pytest.mark.parametrize("name", list(deterministic()))
def test_nothing_is_drawn_for_nothing(name):
    model, options = deterministic()[name]
    converted = ivy.transpile(model, to="torch", **options).eval()
    before = torch.get_rng_state()
    x = torch.from_numpy(X)
    mapped = torch.func.vmap(converted)(x)
    assert torch.equal(before, torch.get_rng_state())
    rows = torch.stack([converted(row) for row in x])
    torch.testing.assert_close(mapped, rows)


def test_functions_take_both_styles():
    f = ivy.transpile(lambda x: x + torch.rand_like(x), source="torch", to="jax")
    np.testing.assert_array_equal(f(X, rng=jax.random.key(0)), f(X, rng=jax.random.PRNGKey(0)))
