"""Activation functions in JAX; those that are not here are computed by their declarations."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

relu = jax.nn.relu
relu6 = jax.nn.relu6
selu = jax.nn.selu
silu = jax.nn.silu
sigmoid = jax.nn.sigmoid
log_sigmoid = jax.nn.log_sigmoid
hard_sigmoid = jax.nn.hard_sigmoid
hard_swish = jax.nn.hard_swish
softsign = jax.nn.soft_sign
mish = jax.nn.mish
softmax = jax.nn.softmax
log_softmax = jax.nn.log_softmax
glu = jax.nn.glu


def leaky_relu(x: Any, /, alpha: Any = 0.01) -> Any:
    return jax.nn.leaky_relu(x, alpha)


def elu(x: Any, /, alpha: Any = 1.0) -> Any:
    return jax.nn.elu(x, alpha)


def celu(x: Any, /, alpha: Any = 1.0) -> Any:
    return jax.nn.celu(x, alpha)


def gelu(x: Any, /, *, approximate: Any = False) -> Any:
    return jax.nn.gelu(x, approximate=approximate)


def hard_tanh(x: Any, /, min_val: Any = -1.0, max_val: Any = 1.0) -> Any:
    return jnp.clip(x, min_val, max_val)


def softplus(x: Any, /, *, beta: Any = 1.0, threshold: Any = 20.0) -> Any:
    scaled = x if beta == 1.0 else x * beta
    smooth = jax.nn.softplus(scaled)
    if beta != 1.0:
        smooth = smooth / beta
    # log1p(exp(-20)) is below half a digit of 20 in float32
    return smooth if threshold >= 20.0 and x.dtype != jnp.float64 else jnp.where(scaled > threshold, x, smooth)
