"""What a transpiled function costs per call over the graph that it runs; `dispatch.py` has the cost of `ivy.*` itself.

Run with ``pytest benchmarks/bench_functional.py``; figures are compared side by side, never against a limit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import ivy
from ivy.transpiler.functions import Transpiled

X = np.ones(3, dtype="float32")


def _array(framework: str) -> Any:
    if framework == "torch":
        import torch

        return torch.ones(3)
    if framework == "jax":
        import jax.numpy as jnp

        return jnp.ones(3)
    return X


@pytest.mark.parametrize("framework", ["numpy", "torch", "jax"])
@pytest.mark.parametrize("through", ["graph", "transpiled"])
@pytest.mark.benchmark(group="call overhead of a transpiled function")
def test_transpiled_call(benchmark: Any, framework: str, through: str) -> None:
    x = _array(framework)
    f = Transpiled(ivy.add, "ivy", framework)
    f(x, x)
    benchmark(f if through == "transpiled" else f.graph.compiled.function, x, x)
