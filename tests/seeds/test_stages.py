"""JAX as a source, stage by stage: jax -> jax_frontend -> ivy -> torch and NumPy; the others likewise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx

import ivy

X = np.linspace(-2, 2, 12, dtype=np.float32).reshape(3, 4)


def jax_function(x: Any) -> Any:
    y = jnp.tanh(x) @ x.T
    return {"norm": jnp.sqrt(jnp.sum(y**2)), "rows": jax.nn.softmax(y, axis=-1)}


def torch_function(x: Any) -> Any:
    y = torch.tanh(x) @ x.T
    return {"norm": (y**2).sum().sqrt(), "rows": torch.nn.functional.softmax(y, dim=-1)}


def numpy_function(x: Any) -> Any:
    y = np.tanh(x) @ x.T
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return {"norm": np.sqrt(np.sum(y**2)), "rows": e / e.sum(axis=-1, keepdims=True)}


NATIVE: dict[str, Callable[[Any], Any]] = {
    "jax": jnp.asarray,
    "torch": lambda x: torch.from_numpy(x.copy()),
    "numpy": np.array,
}
TYPES: dict[str, type] = {"jax": jax.Array, "torch": torch.Tensor, "numpy": np.ndarray}


def assert_agree(actual: Any, expected: Any, kind: type) -> None:
    assert list(actual) == list(expected)
    for name, value in expected.items():
        assert isinstance(actual[name], (kind, np.generic) if kind is np.ndarray else kind)
        assert tuple(actual[name].shape) == tuple(value.shape)
        np.testing.assert_allclose(np.asarray(actual[name]), np.asarray(value), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("source, fn", [("jax", jax_function), ("torch", torch_function), ("numpy", numpy_function)])
@pytest.mark.parametrize("target", ["jax", "torch", "numpy"])
def test_every_stage_from_the_one_before(source: str, fn: Any, target: str) -> None:
    expected = fn(NATIVE[source](X))
    frontend = ivy.transpile(fn, source=source, target=f"{source}_frontend")
    middle = ivy.transpile(frontend, source=f"{source}_frontend", target="ivy")
    native = ivy.transpile(middle, source="ivy", target=target)
    for name, kind in TYPES.items():  # the first two stages run on whatever framework they are given
        assert_agree(frontend(NATIVE[name](X)), expected, kind)
        assert_agree(middle(NATIVE[name](X)), expected, kind)
    assert_agree(native(NATIVE[target](X)), expected, TYPES[target])
    assert {n.fn.partition(".")[0] for n in frontend.graph.calls()} == {source}
    assert {n.fn.partition(".")[0] for n in middle.graph.calls()} == {"ivy"}
    assert source == target or not any(n.fn.startswith(f"{source}.") for n in native.graph.calls())


def test_debug_mode_keeps_every_graph() -> None:
    f = ivy.transpile(jax_function, source="jax", to="torch", args=(jnp.asarray(X),), debug_mode=True)
    assert [*f.graph.stages] == ["jax", "ivy"]
    assert all(g.code for g in f.graph.stages.values())


def test_nnx_module_through_ivy_module() -> None:
    class Block(nnx.Module):
        def __init__(self, rngs: nnx.Rngs) -> None:
            self.dense = nnx.Linear(4, 5, rngs=rngs)

        def __call__(self, x: Any) -> Any:
            return jax.nn.relu(self.dense(x))

    block = Block(nnx.Rngs(0))
    expected = np.asarray(block(jnp.asarray(X)))
    middle = ivy.to_ivy_module(block)  # nnx.Module -> ivy.Module
    np.testing.assert_allclose(np.asarray(middle(jnp.asarray(X))), expected, rtol=1e-5, atol=1e-6)
    native = ivy.transpile(middle, to="torch")  # -> torch.nn.Module
    assert isinstance(native, torch.nn.Module)
    np.testing.assert_allclose(native(torch.from_numpy(X)).detach().numpy(), expected, rtol=1e-5, atol=1e-6)
    staged = ivy.transpile(block, source="jax", target="ivy")
    np.testing.assert_allclose(np.asarray(staged(torch.from_numpy(X)).detach()), expected, rtol=1e-5, atol=1e-6)
