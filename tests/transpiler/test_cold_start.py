"""What a user waits for the first time: a small function in a fresh process, with the frameworks imported already."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os, sys, time
import torch, jax, jax.numpy as jnp, numpy as np
import ivy

def of_torch(x):
    y = torch.sin(x) * 2
    return y / y.sum()

def of_jax(x):
    y = jnp.sin(x) * 2
    return y / y.sum()

def of_numpy(x):
    y = np.sin(x) * 2
    return y / y.sum()

source, target = sys.argv[1:]
make = {"torch": torch.ones, "jax": jnp.ones, "numpy": np.ones}
fn = {"torch": of_torch, "jax": of_jax, "numpy": of_numpy}[source]
x, expected = make[target](3), np.asarray(fn(make[source](3)))
fn.__globals__[f"of_{target}"](x)  # the target compiles its own operators on first use
loaded = set(sys.modules)

wall, cpu = time.perf_counter(), time.process_time()
result = ivy.transpile(fn, source=source, to=target)(x)
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu

assert type(result) is type(x)
np.testing.assert_allclose(np.asarray(result), expected, rtol=1e-5)
print(f"{wall:.3f} {cpu:.3f}", *({"torch._dynamo", "torch._inductor"} & (set(sys.modules) - loaded)))
"""

ROUTES = [("torch", "jax"), ("jax", "torch"), ("torch", "numpy"), ("numpy", "torch"), ("jax", "numpy")]


def run(source: str, target: str, folder: Path, cache: Path) -> tuple[float, float, list[str]]:
    """Run the script in an empty working directory; give wall and CPU seconds and the heavy modules that it loaded."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHONDONTWRITE")}
    env.update(OMP_NUM_THREADS="1", JAX_PLATFORMS="cpu", PYTHONPYCACHEPREFIX=str(cache), HOME=str(folder))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, source, target], cwd=folder, env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    wall, cpu, *heavy = done.stdout.split()
    return float(wall), float(cpu), heavy


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bytecode")


@pytest.mark.slow
@pytest.mark.parametrize("source, target", ROUTES)
def test_time(source: str, target: str, tmp_path: Path, cache: Path) -> None:
    run(source, target, tmp_path, cache)  # writes the bytecode that an installed package has
    wall, cpu, heavy = run(source, target, tmp_path, cache)
    print(f"{source} -> {target}: {wall:.3f} s, of CPU {cpu:.3f} s", *heavy)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("source, target", [("torch", "jax"), ("jax", "torch")])
def test_nothing_heavy_and_nothing_written(source: str, target: str, tmp_path: Path, cache: Path) -> None:
    wall, cpu, heavy = run(source, target, tmp_path, cache)
    print(f"{source} -> {target}: {wall:.3f} s, of CPU {cpu:.3f} s, without bytecode")
    assert not heavy
    assert not list(tmp_path.iterdir())
