"""More of linear algebra in JAX."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp


def linalg_multi_dot(arrays: Any, /) -> Any:
    return jnp.linalg.multi_dot(list(arrays))


def linalg_tensorinv(x: Any, /, *, ind: Any = 2) -> Any:
    return jnp.linalg.tensorinv(x, ind)


def linalg_tensorsolve(a: Any, b: Any, /) -> Any:
    return jnp.linalg.tensorsolve(a, b)
