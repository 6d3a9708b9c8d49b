"""What the module tests share: comparing nests of two frameworks, and calling a converted model of any system."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from ivy.graph.containers import flatten

torch.set_num_threads(1)

SYSTEMS = ("flax", "haiku", "linen", "equinox", "torch")


def to_numpy(x: Any) -> Any:
    return x.detach().numpy() if isinstance(x, torch.Tensor) else np.asarray(x)


def assert_same(actual: Any, expected: Any, rtol: float = 1e-4, atol: float = 1e-5) -> None:
    """Compare two nests: containers, shapes, kinds of dtype, values."""
    mine, spec = flatten(actual)
    theirs, expected_spec = flatten(expected)
    assert len(mine) == len(theirs)
    assert str(spec) == str(expected_spec)
    for a, b in zip(mine, theirs, strict=True):
        a, b = to_numpy(a), to_numpy(b)
        assert a.shape == b.shape
        assert a.dtype.kind == b.dtype.kind
        np.testing.assert_allclose(a, b, rtol=rtol, atol=atol)


def to_jax(x: Any) -> Any:
    """Bring a nest of torch tensors to JAX."""
    import jax.numpy as jnp

    from ivy.graph.containers import unflatten

    leaves, spec = flatten(x)
    return unflatten(spec, [jnp.asarray(v.numpy()) if isinstance(v, torch.Tensor) else v for v in leaves])


def runner(system: str, model: Any, train: bool, seed: int = 0) -> Callable[..., Any]:
    """Return ``f(*args)`` that calls a converted model of any JAX system, or torch, and gives its output alone."""
    import jax

    key = jax.random.PRNGKey(seed)
    if system in ("flax", "torch"):
        (model.train if train else model.eval)()
        return model
    if system == "haiku":
        import haiku as hk

        t = hk.transform_with_state(lambda *args: model(train=train)(*args))

        def run(*args: Any) -> Any:
            return t.apply(*t.init(key, *args), key, *args)[0]

        return run
    if system == "linen":

        def run(*args: Any) -> Any:
            variables = model.init({"params": key, "dropout": key}, *args, train=train)
            return model.apply(variables, *args, train=train, mutable=["batch_stats"], rngs={"dropout": key})[0]

        return run
    import equinox as eqx

    switched = eqx.nn.inference_mode(model, value=not train)

    def run(*args: Any) -> Any:
        out = switched(*args, key=key)
        changed = isinstance(out, tuple) and len(out) == 2 and isinstance(out[1], type(model))
        return out[0] if changed else out

    return run


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest) -> str:
    return str(request.param)
