"""Searching and counting in JAX."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ivy_jax.backend.support import align, native_dtype


def searchsorted(x1: Any, x2: Any, /, *, side: Any = "left", sorter: Any = None) -> Any:
    vector, values = align(x1, x2)
    return jnp.searchsorted(vector, values, side=side, sorter=sorter).astype(native_dtype("int64"))


def bincount(x: Any, /, *, weights: Any = None, length: int) -> Any:
    counted = jnp.ones(x.shape, int) if weights is None else weights
    return jnp.zeros(length, counted.dtype).at[x].add(counted, mode="drop")


def segment_sum(x: Any, segment_ids: Any, num_segments: Any, /) -> Any:
    return jax.ops.segment_sum(x, segment_ids, num_segments)


def segment_max(x: Any, segment_ids: Any, num_segments: Any, /) -> Any:
    return jax.ops.segment_max(x, segment_ids, num_segments)


def segment_min(x: Any, segment_ids: Any, num_segments: Any, /) -> Any:
    return jax.ops.segment_min(x, segment_ids, num_segments)


def segment_prod(x: Any, segment_ids: Any, num_segments: Any, /) -> Any:
    return jax.ops.segment_prod(x, segment_ids, num_segments)
