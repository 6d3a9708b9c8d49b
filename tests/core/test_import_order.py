"""One process holds all five frameworks, brought in by Ivy in any order; none is left changed for the others."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

FRAMEWORKS = ("numpy", "torch", "jax", "tensorflow", "paddle")
ORDERS = {
    "tensorflow first": ("tensorflow", "paddle", "torch", "jax", "numpy"),
    "paddle first": ("paddle", "jax", "tensorflow", "numpy", "torch"),
    "torch first": ("torch", "tensorflow", "jax", "paddle", "numpy"),
    "jax first": ("jax", "tensorflow", "numpy", "torch", "paddle"),
}
SLOW = ("torch first", "jax first")
CODE = """
import sys
import ivy
from ivy.backend import get_backend

for name in {order!r}:
    module = get_backend(name).module
    x = module.asarray([[4.0, 1.0], [1.0, 3.0]], dtype="float32")
    assert abs(float(ivy.linalg.det(x)) - 11.0) < 1e-4, name
for source in {order!r}:  # their arrays go from one to the other
    for target in {order!r}:
        x = get_backend(source).module.asarray([1.0, 2.0], dtype="float32")
        y = get_backend(target).module.from_foreign(x)
        assert float(ivy.sum(y)) == 3.0, (source, target)
print("fine")
"""


@pytest.mark.parametrize(
    "order",
    [pytest.param(o, marks=pytest.mark.slow if k in SLOW else [], id=k) for k, o in ORDERS.items()],
)
def test_any_order_of_imports(order):
    missing = [name for name in FRAMEWORKS if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(order=order)], capture_output=True, text=True, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.endswith("fine\n")
