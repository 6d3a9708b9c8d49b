"""JAX for the sweep of dtypes, in its default mode of 32 bits."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from captured_sweep import CapturedSource

DTYPES = (
    "bool", "uint8", "uint16", "uint32", "int8", "int16", "int32", "float16", "bfloat16", "float32", "complex64",
)  # fmt: skip


def _read(x: Any) -> Any:
    return (x.dtype.name, np.asarray(x)) if isinstance(x, jax.Array) else None


FEW = {"bool", "uint8", "int32", "bfloat16", "float32", "complex64"}


def _keep(path: str, label: str) -> bool:
    """Leave out most pairs with an array without dimensions: they are promoted like any other."""
    return all(d.strip("[]") in FEW for d in label.split() if d[0] in "biufc")


def _run(fn: Any, arrays: list[Any]) -> Any:
    with jax.disable_jit():  # primitives are compiled once for all functions
        return fn(*arrays)


RANDOM = ("empty", "save", "load", "fromfile", "printoptions", "jax.lax.p", "all_", "axis_", "rng_", "with_sharding")


def _left_out(path: str) -> bool:
    return any(r in path for r in RANDOM) and path not in {"jax.lax.pad", "jax.lax.pow", "jax.lax.polygamma"}


SOURCE = CapturedSource(
    "jax",
    {"jax.nn": jax.nn},  # jax.numpy and jax.lax take hours, and have not been swept whole
    DTYPES,
    lambda x, dtype: jax.numpy.asarray(x),
    _read,
    _left_out,
    accepts=lambda fn, arrays: jax.eval_shape(fn, *arrays),
    run=_run,
    keep=_keep,
)
