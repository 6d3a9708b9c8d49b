"""Runs converted models on eight simulated devices, in a process of its own; see `test_placement`."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import torch
from flax import nnx
from jax.sharding import NamedSharding
from jax.sharding import PartitionSpec as P

import ivy


def model():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.BatchNorm1d(16), torch.nn.ReLU(), torch.nn.Linear(16, 8))
    return net.eval()


def constant(x):
    return x * torch.arange(8.0) + torch.tensor([0.5])


def same(found, wanted):
    np.testing.assert_allclose(np.asarray(found), np.asarray(wanted), rtol=1e-4, atol=1e-5)


def loss(model, x):
    return (model(x) ** 2).mean()


def main():
    assert len(jax.devices()) == 8
    net = model()
    x = np.random.default_rng(0).normal(size=(16, 8)).astype("float32")
    wanted = net(torch.from_numpy(x)).detach().numpy()
    f = ivy.transpile(constant, source="torch", to="jax")
    for kind in (jax.sharding.AxisType.Auto, jax.sharding.AxisType.Explicit):
        mesh = jax.make_mesh((8,), ("data",), axis_types=(kind,))
        rows = NamedSharding(mesh, P("data"))
        converted = ivy.transpile(net, source="torch", to="jax")
        split = jax.device_put(jnp.asarray(x), rows)
        vectors = jax.device_put(jnp.ones((8, 8)), rows)
        same(f(vectors), constant(torch.ones(8, 8)))
        out = converted(split)
        assert len(out.sharding.device_set) == 8
        same(out, wanted)
        grads = jax.tree.leaves(nnx.jit(nnx.grad(loss))(converted, jnp.asarray(x)))
        with jax.set_mesh(mesh):
            same(converted(split), wanted)
            same(converted(torch.from_numpy(x)), wanted)
            inside = ivy.transpile(net, source="torch", to="jax")
            same(nnx.jit(lambda m, x: m(x))(inside, split), wanted)
            for a, b in zip(jax.tree.leaves(nnx.jit(nnx.grad(loss))(inside, split)), grads, strict=True):
                same(a, b)
            same(f(vectors), constant(torch.ones(8, 8)))
    # eager FSDP: every parameter is cut along an axis; XLA gathers what it needs
    mesh = jax.make_mesh((8,), ("data",), axis_types=(jax.sharding.AxisType.Auto,))

    def cut(v):
        axis = next((i for i, size in enumerate(v.shape) if size % 8 == 0), 0)
        return jax.device_put(v, NamedSharding(mesh, P(*[None] * axis, "data") if v.ndim else P()))

    converted = ivy.transpile(net, source="torch", to="jax")
    nnx.update(converted, jax.tree.map(cut, nnx.state(converted, nnx.Not(nnx.RngState))))
    same(converted(jax.device_put(jnp.asarray(x), NamedSharding(mesh, P("data")))), wanted)
    same(converted(torch.from_numpy(x)), wanted)
    for a in jax.tree.leaves(nnx.state(converted, nnx.Param)):
        assert len(a.sharding.device_set) == 8
    for system in ("haiku", "linen", "equinox"):
        apply, params = PARTS[system](ivy.transpile(net, to=system), x)
        split = jax.device_put(jnp.asarray(x), NamedSharding(mesh, P("data")))
        same(jax.jit(apply)(jax.tree.map(cut, params), split), wanted)


def _haiku(made, x):
    import haiku as hk

    t = hk.without_apply_rng(hk.transform_with_state(lambda x: made()(x)))
    return lambda p, x: t.apply(*p, x)[0], t.init(None, x)


def _linen(made, x):
    return made.apply, made.initial()


def _equinox(made, x):
    import equinox as eqx

    arrays, rest = eqx.partition(made, eqx.is_array)
    return lambda p, x: eqx.combine(p, rest)(x), arrays


PARTS = {"haiku": _haiku, "linen": _linen, "equinox": _equinox}

if __name__ == "__main__":
    main()
