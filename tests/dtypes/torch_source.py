"""PyTorch for the sweep of dtypes."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import torch
from dtype_sweep import Source, numpy_dtype

from ivy_torch.frontend import frontend

DTYPES = (
    "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64",
    "complex128",
)  # fmt: skip


def _make(x: np.ndarray, dtype: str) -> Any:
    wide = x.astype("float32") if dtype == "bfloat16" else x
    return torch.from_numpy(np.array(wide)).to(getattr(torch, dtype))


def _read(x: Any) -> Any:
    if not isinstance(x, torch.Tensor):
        return None
    dtype = str(x.dtype).removeprefix("torch.")
    if dtype not in DTYPES or x.layout is not torch.strided:
        return None
    x = x.detach().resolve_conj().resolve_neg()
    return dtype, (x.float().numpy().astype(numpy_dtype(dtype)) if dtype == "bfloat16" else x.numpy())


def _resolve(path: str) -> Any:
    try:
        found = functools.reduce(getattr, path.split(".")[1:], torch)
    except (AttributeError, RuntimeError):
        return None
    return found if callable(found) else None


RANDOM = tuple(
    "rand drop empty multinomial bernoulli normal poisson gumbel rrelu lowrank uniform cauchy exponential geometric "
    "fractional seed binomial gaussian logcumsumexp Tensor.new".split()
)
"""Parts of names that have no result to compare: random, uninitialised."""
BARE = {
    f"torch.{name}"
    for name in "binary_cross_entropy_with_logits hinge_embedding_loss kl_div lu_unpack max_pool1d_with_indices".split()
}


def _left_out(path: str) -> bool:
    name = path.rpartition(".")[2]
    if path.startswith(("torch._", "torch.ops.")) or path in BARE:  # the same functions, without their defaults
        return True
    return (name.endswith("_") and not name.endswith("__")) or any(r in path for r in RANDOM)


STATIC = frozenset(
    """
    adaptive_max_pool1d_with_indices hardtanh multigammaln nan_to_num new polygamma range roll scalar_tensor softshrink
    split to trapezoid trapz tril triu unique_consecutive gaussian cond matrix_norm searchsorted logcumsumexp
    multilabel_soft_margin_loss
    adaptive_avg_pool1d adaptive_max_pool1d arange avg_pool1d cumulative_trapezoid diag_embed diagflat fftn fftshift
    hfftn ifftn ifftshift ihfftn irfftn logit max_pool1d max_pool1d_with_indices mvlgamma new_tensor norm rfftn
    """.split()
)
SOURCE = Source(frontend, DTYPES, _make, _resolve, _read, axis="dim", left_out=_left_out, static=STATIC)
