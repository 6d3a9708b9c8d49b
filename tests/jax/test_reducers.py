"""Reductions with functions of scalars, which conversions call on whole rows."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

import ivy

REDUCERS = {
    "rows": lambda a: lax.reduce(a, jnp.zeros((), a.dtype), lambda p, q: p + q + p * q, (0,)),
    "both": lambda a: lax.reduce(a, jnp.ones((), a.dtype), lambda p, q: jnp.where(p > q, p, q), (0, 1)),
    "add": lambda a: lax.reduce(a, jnp.zeros((), a.dtype), lax.add, (1,)),
    "windows": lambda a: lax.reduce_window(
        a, jnp.zeros((), a.dtype), lambda p, q: jnp.maximum(p, q) + 0, (2, 2), (1, 1), "VALID"
    ),
}


@pytest.mark.parametrize("target", ["numpy", "torch"])
@pytest.mark.parametrize("name", REDUCERS)
def test_reducers_of_rows(name: str, target: str) -> None:
    x = np.random.default_rng(0).uniform(0.1, 1, (3, 4)).astype("float32")
    found = ivy.transpile(REDUCERS[name], source="jax", to=target)(x)
    np.testing.assert_allclose(np.asarray(found), REDUCERS[name](jnp.asarray(x)), rtol=1e-5)
