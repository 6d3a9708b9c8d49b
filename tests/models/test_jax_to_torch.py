"""JAX models of every module system as torch modules: outputs, gradients, statistics, training, names, torch.compile."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import ivy

from .jax_zoo import MODELS, Model

torch.set_num_threads(1)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")

NAMES = list(MODELS)
WITH_STATISTICS = ("haiku_resnet18", "haiku_mobilenet", "haiku_vq", "nnx_cnn", "linen_cnn")
RATES = {"haiku_resnet18": 1e-4}  # two images make a steep loss of it


def marked(chosen: list[Any], sample: tuple[Any, ...] = ()) -> list[Any]:
    """Leave all but a sample out of the default run: XLA takes seconds to compile each of them."""
    return [
        pytest.param(*(n if isinstance(n, tuple) else (n,)), marks=() if n in sample else pytest.mark.slow)
        for n in chosen
    ]


@functools.cache
def model(name: str) -> Model:
    return MODELS[name]()


def convert(name: str, to: str = "torch") -> Any:
    m = model(name)
    return ivy.transpile(m.obj, source="jax", to=to, params_v=m.params_v)


def converted(name: str, train: bool) -> torch.nn.Module:
    made: torch.nn.Module = convert(name)
    return made.train(train)


@functools.cache
def expected(name: str, batch: int) -> Any:
    """Return the source's output in evaluation mode; compiled, which takes less time than op by op."""
    m = model(name)
    return jax.jit(lambda p, s, x: m.apply(p, s, x, False)[0])(m.params, m.stats, m.x[:batch])


def tensor(x: Any) -> torch.Tensor:
    return torch.from_numpy(np.array(x))


def assert_close(found: Any, expected: Any, rtol: float = 1e-4, atol: float = 1e-5, least_scale: float = 1e-3) -> None:
    """Compare nests; `atol` is in units of the expected array's scale, or of `least_scale` where that is more."""
    assert jax.tree.structure(found) == jax.tree.structure(expected)
    for f, e in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        f = f.detach().numpy() if isinstance(f, torch.Tensor) else np.asarray(f)
        e = np.asarray(e)
        assert f.shape == e.shape
        assert f.dtype == e.dtype
        np.testing.assert_allclose(f, e, rtol=rtol, atol=atol * max(np.abs(e).max(initial=0.0), least_scale))


def axes(theirs: np.ndarray, mine: np.ndarray) -> tuple[int, ...]:
    """Find the order of axes in which torch stores a parameter; random values leave one."""
    for order in itertools.permutations(range(theirs.ndim)):
        if np.array_equal(theirs.transpose(order), mine):
            return order
    raise AssertionError(f"no order of axes makes {theirs.shape} equal {mine.shape}")


def by_source(m: torch.nn.Module, tensors: Any) -> dict[str, torch.Tensor]:
    """Return tensors by the source's names: those of native layers are called as torch's layers call them."""
    plan = m._ivy.plan
    own = {
        ".".join((*path, name)): ".".join((*path, attribute))
        for path in plan.layers
        for attribute, name in plan.names(path).items()
    }
    return {own.get(name, name): x for name, x in dict(tensors).items()}


def layouts(name: str, m: torch.nn.Module) -> dict[str, tuple[int, ...]]:
    own = by_source(m, m.named_parameters())
    return {n: axes(np.asarray(x), own[n].detach().numpy()) for n, x in model(name).params.items()}


def loss_of(out: Any, xp: Any) -> Any:
    """Return a loss that weighs every element of every float output differently."""
    total = 0.0
    for i, y in enumerate(jax.tree.leaves(out)):
        w = np.cos(i + np.arange(np.prod(y.shape), dtype="float32")).reshape(y.shape)
        target = jnp.asarray(w) if xp is jnp else torch.from_numpy(w)
        total = total + ((y - target) ** 2).mean()
    return total


@pytest.mark.parametrize("name", marked(NAMES, ("haiku_transformer", "nnx_cnn")))
def test_names_and_outputs(name: str) -> None:
    """Parameters and statistics have the source's paths; outputs at two batch sizes are the source's."""
    m, found = model(name), converted(name, False)
    assert set(by_source(found, found.named_parameters())) == set(m.params)
    assert set(by_source(found, found.state_dict())) == {*m.params, *m.stats}
    layouts(name, found)
    for batch in (len(m.x), 1):
        x = m.x[:batch]
        assert_close(found(tensor(x)), expected(name, batch))
        assert_close(found(jnp.asarray(x)), expected(name, batch))


@pytest.mark.parametrize("name", marked(NAMES, ("haiku_transformer", "nnx_cnn")))
def test_numpy_inference(name: str) -> None:
    m = model(name)
    found = convert(name, "numpy").eval()(m.x)
    assert all(isinstance(y, np.ndarray | np.generic) for y in jax.tree.leaves(found))
    assert_close(found, expected(name, len(m.x)))


MODES = [*((n, False) for n in NAMES), *((n, True) for n in WITH_STATISTICS)]


@pytest.mark.parametrize(("name", "train"), marked(MODES, (("linen_attention", False), ("nnx_cnn", True))))
def test_gradients_and_statistics(name: str, train: bool) -> None:
    """Gradients of all parameters, and what a call in training mode leaves in the buffers."""
    m, found = model(name), converted(name, train)
    assert bool(m.stats) == (name in WITH_STATISTICS)

    def loss(p: Any) -> Any:
        out, new = m.apply(p, m.stats, jnp.asarray(m.x), train)
        return loss_of(out, jnp), (out, new)

    slopes, (out, new) = jax.jit(jax.grad(loss, has_aux=True))(dict(m.params))
    order = layouts(name, found)
    y = found(tensor(m.x))
    assert_close(y, out)
    loss_of(y, torch).backward()
    grads = {n: p.grad for n, p in by_source(found, found.named_parameters()).items()}
    # the bias ahead of a batch norm has no gradient but rounding errors
    least = 0.01 * max(float(np.abs(e).max()) for e in slopes.values())
    for n, e in slopes.items():
        assert grads[n] is not None, n
        assert_close(grads[n], np.asarray(e).transpose(order[n]), rtol=1e-3, atol=1e-4, least_scale=least)
    state = by_source(found, found.state_dict())
    for n, e in (new if train else m.stats).items():
        assert_close(state[n], e)
    if train:
        assert any(not np.array_equal(np.asarray(new[n]), np.asarray(m.stats[n])) for n in new)


@pytest.mark.parametrize("name", marked(NAMES, ("haiku_vq", "nnx_cnn")))
def test_ten_steps_of_training(name: str) -> None:
    m, found = model(name), converted(name, True)
    order = layouts(name, found)
    rate = RATES.get(name, 0.01)
    optimizer = torch.optim.SGD(found.parameters(), rate)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = loss_of(found(tensor(m.x)), torch)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    @jax.jit
    def step(p: Any, s: Any) -> Any:
        def loss(p: Any) -> Any:
            out, new = m.apply(p, s, jnp.asarray(m.x), True)
            return loss_of(out, jnp), new

        (value, new), grads = jax.value_and_grad(loss, has_aux=True)(p)
        return value, {n: x - rate * grads[n] for n, x in p.items()}, new

    params, stats, expected = dict(m.params), dict(m.stats), []
    for _ in range(10):
        value, params, stats = step(params, stats)
        expected.append(float(value))
    assert losses[-1] < losses[0]
    np.testing.assert_allclose(losses, expected, rtol=1e-3)
    own = by_source(found, found.state_dict())
    for n, e in params.items():
        assert_close(own[n], np.asarray(e).transpose(order[n]), rtol=1e-3, atol=1e-3)
    for n, e in stats.items():
        assert_close(own[n], e, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", marked(["haiku_transformer", "nnx_cnn", "linen_attention"]))
def test_compiled_by_torch(name: str) -> None:
    """torch.compile with its own code generator takes outputs, gradients and statistics."""
    m, found = model(name), converted(name, bool(model(name).stats))
    plain = converted(name, found.training)
    torch._dynamo.reset()
    found(tensor(m.x))
    plain(tensor(m.x))
    compiled = torch.compile(found)
    y, expected = compiled(tensor(m.x)), plain(tensor(m.x))
    assert_close(y, expected.detach().numpy())
    loss_of(y, torch).backward()
    loss_of(expected, torch).backward()
    for (n, p), q in zip(found.named_parameters(), plain.parameters(), strict=True):
        assert p.grad is not None, n
        assert_close(p.grad, q.grad.numpy(), rtol=1e-3, atol=1e-4)
    for (_, b), c in zip(found.named_buffers(), plain.buffers(), strict=True):
        assert_close(b, c.numpy())
