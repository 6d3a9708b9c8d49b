"""Run one case of `window_cases` on one backend and say how it differs from torch."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
from backends import MAKE, canonical, outputs_and_gradients, to_np, wide

from ivy.backend import get_backend
from ivy.functional.registry import OPS

__all__ = ["difference"]

TOLERANCE = {"float32": 2e-5, "float64": 1e-9}


def difference(case: Any, backend: str, *, gradients: bool = False, compiled: bool = False) -> str:
    """Return what is different, an empty string if nothing is.

    Args:
        case: the call.
        backend: framework name.
        gradients: whether to compare gradients too.
        compiled: whether to run under the framework's compiler.
    """
    import torch

    leaves = [torch.from_numpy(np.array(a)) for a in case.arrays]
    count = case.grad if gradients and backend != "numpy" else 0
    if count:
        for x in leaves[:count]:
            x.requires_grad_()
    expected = case.reference(*leaves)
    expected = expected if isinstance(expected, tuple) else (expected,)
    rng = np.random.default_rng(0)
    cotangents = [rng.normal(size=tuple(e.shape)).astype(case.arrays[0].dtype) for e in expected]
    function = get_backend(backend).function(OPS[case.op])
    with wide(backend) if case.arrays[0].dtype == "float64" else nullcontext():
        try:
            got, found = _run(case, backend, function, cotangents, count, compiled)
        except Exception as fault:
            return f"{case}: {type(fault).__name__}: {str(fault)[:300]}"
        message = _compare(got, expected, backend, case.arrays[0].dtype)
        if not message and count:
            pairs = [(e, torch.from_numpy(c)) for e, c in zip(expected, cotangents, strict=True) if e.requires_grad]
            wanted = torch.autograd.grad([e for e, _ in pairs], leaves[:count], [c for _, c in pairs])
            message = _compare(found, wanted, backend, case.arrays[0].dtype)
            message = message and f"gradient: {message}"
    return message and f"{case}: {message}"


def _run(case: Any, backend: str, function: Any, cotangents: Any, count: int, compiled: bool) -> Any:
    arrays = [MAKE[backend](a) for a in case.arrays]

    def call(*values: Any) -> Any:
        return function(*values, *arrays[len(values) :], *case.rest, **case.kwargs)

    if count:
        return outputs_and_gradients(backend, call, list(case.arrays[:count]), cotangents)
    found = (_compiled(call, backend) if compiled else call)(*arrays)
    return (found if isinstance(found, (tuple, list)) else (found,)), None


def _compiled(call: Any, backend: str) -> Any:
    if backend == "jax":
        import jax

        return jax.jit(call)
    if backend == "tensorflow":
        import tensorflow as tf

        return tf.function(call, autograph=False)
    return call


def _compare(got: Any, expected: Any, backend: str, dtype: Any) -> str:
    if len(got) != len(expected):
        return f"{len(got)} results for {len(expected)}"
    for g, e in zip(got, expected, strict=True):
        g, e = to_np(g), to_np(e.detach())
        if g.shape != e.shape:
            return f"shape {g.shape} for {e.shape}"
        if str(g.dtype) != canonical(e.dtype, backend):
            return f"dtype {g.dtype} for {e.dtype}"
        limit = TOLERANCE[str(dtype)]
        scale = float(np.max(np.abs(e), initial=1.0, where=np.isfinite(e)))
        if not np.allclose(g, e, rtol=limit, atol=limit * scale, equal_nan=True):
            return f"off by {np.nanmax(np.abs(np.asarray(g, 'float64') - e)):.3g} of {scale:.3g}"
    return ""
