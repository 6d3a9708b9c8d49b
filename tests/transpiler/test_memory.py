"""Parameters' memory: copied once by default and aliased nowhere, shared where the user asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx

import ivy

pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")]

# The peak is that since the process began, so the model is the largest thing that it has held before. `resource` would
# not do: its peak is inherited from the process that started this one.
SCRIPT = """
import gc, sys
import jax.numpy as jnp, torch, ivy

megabytes, target, share = int(sys.argv[1]), sys.argv[2], sys.argv[3] == "share"

def net(layers):
    parts = [torch.nn.Linear(1024, 1024, bias=False) for _ in range(layers)]
    return torch.nn.Sequential(torch.nn.Conv2d(4, 1, 3, padding=1), *parts)

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))

x = torch.ones(1, 4, 8, 1024)
ivy.transpile(net(2), to=target, args=(x,), share_memory=share)  # what the frameworks load once
gc.collect()
model = net(megabytes // 4)
gc.collect()
before = peak()
result = ivy.transpile(model, to=target, args=(x,), share_memory=share)
print(peak() - before, sum(p.numel() * 4 for p in model.parameters()) / 2**20)
"""


def growth(megabytes: int, target: str, share: str) -> tuple[float, float]:
    """Return by how many MiB transpiling a model raises the peak, and the model's own size."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(megabytes), target, share],
        env={**os.environ, "OMP_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    over, size = map(float, done.stdout.split())
    print(f"{target}, {share}: model {size:.0f} MiB, peak over it {over:.0f} MiB")
    return over, size


@pytest.mark.parametrize("target", ["flax", pytest.param("haiku", marks=pytest.mark.slow)])
def test_peak(target: str) -> None:
    over, size = growth(100, target, "share")
    assert over < 0.2 * size
    over, size = growth(100, target, "copy")
    assert 0.7 * size < over < 1.3 * size  # the copy itself, once


@pytest.mark.slow
def test_peak_of_a_gigabyte() -> None:
    over, size = growth(1024, "flax", "share")
    assert size > 1000
    assert over < 0.2 * 1024
    over, _ = growth(1024, "flax", "copy")
    assert over < 1.2 * size


def _net() -> Any:
    """Arrays of every kind: linear and convolution kernels, embeddings, statistics, a bare parameter."""

    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed = torch.nn.Embedding(10, 16)
            self.conv = torch.nn.Conv1d(16, 8, 1)
            self.norm = torch.nn.BatchNorm1d(8)
            self.fc = torch.nn.Linear(8, 4)
            self.scale = torch.nn.Parameter(torch.ones(4))

        def forward(self, x: Any) -> Any:
            return self.fc(self.norm(self.conv(self.embed(x).mT)).mean(-1)) * self.scale

    torch.manual_seed(0)
    return Net().eval()


TOKENS = torch.arange(10).reshape(2, 5)


@pytest.mark.parametrize("target", ["flax", "equinox", "torch", "ivy", "numpy"])
def test_a_step_in_torch_leaves_the_conversion_alone(target: str) -> None:
    net = _net()
    converted = ivy.transpile(net, source="torch", to=target, args=(TOKENS,))
    given: Any = {"flax": jnp.asarray, "equinox": jnp.asarray, "numpy": np.asarray}.get(target, torch.from_numpy)(
        TOKENS.numpy().astype("int32")
    )

    def output() -> Any:
        out = converted(given)
        return np.array(out.detach() if isinstance(out, torch.Tensor) else out)

    before = output()
    np.testing.assert_allclose(before, net(TOKENS).detach().numpy(), rtol=1e-4, atol=1e-5)
    with torch.no_grad():
        for x in (*net.parameters(), *net.buffers()):
            x.add_(1)
    assert not np.allclose(net(TOKENS).detach().numpy(), before, atol=1e-2)
    np.testing.assert_array_equal(output(), before)


def test_a_step_on_the_conversion_leaves_jax_alone() -> None:
    module = nnx.Linear(3, 4, rngs=nnx.Rngs(0))
    x = np.ones((2, 3), np.float32)
    before = np.array(module(jnp.asarray(x)))
    converted = ivy.transpile(module, to="torch", args=(x,))
    with torch.no_grad():
        for p in converted.parameters():
            p.add_(1)
    np.testing.assert_array_equal(np.asarray(module(jnp.asarray(x))), before)
    assert not np.allclose(converted(torch.from_numpy(x)).detach().numpy(), before, atol=1e-2)


def test_share_memory_shares() -> None:
    net = _net()
    converted = ivy.transpile(net, to="jax", args=(TOKENS,), share_memory=True)
    pointers = {p.data_ptr() for p in net.parameters()}
    shared = [p.unsafe_buffer_pointer() in pointers for p in jax.tree_util.tree_leaves(nnx.state(converted, nnx.Param))]
    assert shared
    assert all(shared)
    given = jnp.asarray(TOKENS.numpy().astype("int32"))
    np.testing.assert_allclose(np.asarray(converted(given)), net(TOKENS).detach().numpy(), rtol=1e-4, atol=1e-5)


def test_inputs_are_exchanged_without_a_copy() -> None:
    seen: list[int] = []

    def pass_on(x: Any) -> Any:
        return x

    f = ivy.transpile(pass_on, source="jax", to="torch")
    for x in (np.arange(64.0, dtype=np.float32), jnp.arange(64.0)):
        pointer = x.ctypes.data if isinstance(x, np.ndarray) else x.unsafe_buffer_pointer()
        seen.append(f(x).data_ptr() == pointer)
    assert all(seen)
    g = ivy.transpile(pass_on, source="torch", to="jax")
    aligned = torch.arange(64.0)
    while aligned.data_ptr() % 64:  # XLA takes over aligned memory only
        aligned = torch.arange(64.0)
    assert g(aligned).unsafe_buffer_pointer() == aligned.data_ptr()
