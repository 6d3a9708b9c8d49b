"""Linear algebra in JAX."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from ivy_jax.backend.support import native_dtype

matmul = jnp.matmul
einsum = jnp.einsum
tensordot = jnp.tensordot
vecdot = jnp.vecdot
outer = jnp.outer
dot = jnp.dot
kron = jnp.kron
cross = jnp.linalg.cross
linalg_det = jnp.linalg.det
linalg_slogdet = jnp.linalg.slogdet
linalg_inv = jnp.linalg.inv
linalg_solve = jnp.linalg.solve
linalg_cholesky = jnp.linalg.cholesky
linalg_qr = jnp.linalg.qr
linalg_svd = jnp.linalg.svd
linalg_svdvals = jnp.linalg.svdvals
linalg_eigh = jnp.linalg.eigh
linalg_eigvalsh = jnp.linalg.eigvalsh
linalg_eig = jnp.linalg.eig
linalg_eigvals = jnp.linalg.eigvals
linalg_matrix_power = jnp.linalg.matrix_power


def linalg_expm(x: Any, /) -> Any:
    from jax.scipy.linalg import expm  # its import takes as long as a small conversion

    return expm(x)


def linalg_solve_triangular(
    a: Any, b: Any, /, *, upper: bool = False, transpose: bool = False, unit_diagonal: bool = False
) -> Any:
    batch = jnp.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    return lax.linalg.triangular_solve(
        jnp.broadcast_to(a, (*batch, *a.shape[-2:])),
        jnp.broadcast_to(b, (*batch, *b.shape[-2:])),
        left_side=True,
        lower=not upper,
        transpose_a=transpose,
        unit_diagonal=unit_diagonal,
    )


def linalg_pinv(x: Any, /, *, rtol: Any = None) -> Any:
    # JAX's own default is ten times the standard's
    return jnp.linalg.pinv(x, rtol=max(x.shape[-2:]) * jnp.finfo(x.dtype).eps if rtol is None else rtol)


def linalg_lu(x: Any, /) -> tuple[Any, Any, Any]:
    factors, _, order = lax.linalg.lu(x)
    m, n = x.shape[-2:]
    k = min(m, n)
    rows = jax.nn.one_hot(order, m, dtype=x.dtype, axis=-2)
    return rows, jnp.tril(factors[..., :k], -1) + jnp.eye(m, k, dtype=x.dtype), jnp.triu(factors[..., :k, :])


def linalg_lu_factor(x: Any, /) -> tuple[Any, Any]:
    factors, pivots, _ = lax.linalg.lu(x)
    return factors, pivots


def linalg_diagonal(x: Any, /, *, offset: Any = 0) -> Any:
    return jnp.diagonal(x, offset, -2, -1)


def trace(x: Any, /, *, offset: Any = 0, dtype: Any = None) -> Any:
    return jnp.trace(x, offset, -2, -1, None if dtype is None else native_dtype(dtype))
