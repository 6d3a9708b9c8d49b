"""Fine-tuning: the same steps in the source and in the converted model give the same losses."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch
from flax import nnx
from torch import nn

import ivy

from .conftest import to_jax
from .jax_zoo import MODELS
from .zoo import CNN

STEPS, RATE = 20, 0.05


def models() -> dict[str, tuple[nn.Module, torch.Tensor]]:
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    return {
        "cnn": (CNN(), torch.randn(8, 3, 8, 8)),
        "transformer": (nn.Sequential(layer, nn.Flatten(), nn.Linear(40, 3)), torch.randn(6, 5, 8)),
    }


def torch_losses(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), RATE, momentum=0.9)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def jax_loss(logits: Any, y: Any) -> Any:
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()


def nnx_losses(model: Any, x: Any, y: Any) -> list[float]:
    model.train()
    optimizer = nnx.Optimizer(model, optax.sgd(RATE, momentum=0.9), wrt=nnx.Param)

    @nnx.jit
    def step(model: Any, optimizer: Any) -> Any:
        loss, grads = nnx.value_and_grad(lambda m: jax_loss(m(x), y))(model)
        optimizer.update(model, grads)
        return loss

    return [float(step(model, optimizer)) for _ in range(STEPS)]


def haiku_losses(factory: Any, x: Any, y: Any) -> list[float]:
    import haiku as hk

    t = hk.transform_with_state(lambda x: factory(train=True)(x))
    params, state = t.init(jax.random.PRNGKey(0), x)
    rule = optax.sgd(RATE, momentum=0.9)
    slots = rule.init(params)

    @jax.jit
    def step(params: Any, state: Any, slots: Any) -> Any:
        def loss(params: Any) -> Any:
            out, new = t.apply(params, state, jax.random.PRNGKey(1), x)
            return jax_loss(out, y), new

        (value, new), grads = jax.value_and_grad(loss, has_aux=True)(params)
        change, after = rule.update(grads, slots, params)
        return value, optax.apply_updates(params, change), new, after

    losses = []
    for _ in range(STEPS):
        value, params, state, slots = step(params, state, slots)
        losses.append(float(value))
    return losses


def linen_losses(model: Any, x: Any, y: Any) -> list[float]:
    variables = model.initial()
    params = variables.pop("params")
    rule = optax.sgd(RATE, momentum=0.9)
    slots = rule.init(params)

    @jax.jit
    def step(params: Any, rest: Any, slots: Any) -> Any:
        def loss(params: Any) -> Any:
            out, new = model.apply({"params": params, **rest}, x, train=True, mutable=["batch_stats"])
            return jax_loss(out, y), new

        (value, new), grads = jax.value_and_grad(loss, has_aux=True)(params)
        change, after = rule.update(grads, slots, params)
        return value, optax.apply_updates(params, change), new, after

    losses, rest = [], variables
    for _ in range(STEPS):
        value, params, rest, slots = step(params, rest, slots)
        losses.append(float(value))
    return losses


@pytest.mark.parametrize("name", ["cnn", "transformer"])
def test_sgd_from_torch(name: str) -> None:
    module, x = models()[name]
    y = torch.arange(len(x)) % 3
    made = {system: ivy.transpile(module, to=system) for system in ("flax", "haiku", "linen", "torch")}
    expected = torch_losses(module.train(), x, y)
    assert expected[-1] < 0.7 * expected[0]
    given, labels = to_jax(x), jnp.asarray(y.numpy())
    found = {
        "flax": nnx_losses(made["flax"], given, labels),
        "haiku": haiku_losses(made["haiku"], given, labels),
        "linen": linen_losses(made["linen"], given, labels),
        "torch": torch_losses(made["torch"].train(), x, y),
    }
    for system, losses in found.items():
        np.testing.assert_allclose(losses, expected, rtol=1e-3, atol=1e-3, err_msg=system)
    made["flax"].eval()
    module.eval()
    np.testing.assert_allclose(made["flax"](given), module(x).detach(), rtol=5e-3, atol=5e-3)


def test_sgd_from_nnx() -> None:
    _, model, _, x = MODELS["nnx_cnn"]()
    model.drop.rate = 0.0
    twin = ivy.transpile(model, to="torch").train()
    x = jnp.concatenate([x, 2 * x + 1, -x])
    y = jnp.arange(len(x)) % 3
    expected = nnx_losses(model, x, y)
    found = torch_losses(twin, torch.from_numpy(np.array(x)), torch.from_numpy(np.array(y)).long())
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-3)
