"""The sweeps' fixed sample.

Some modules compare every function over many dtypes, shapes and targets. The default run takes a fixed share of their
cases, chosen by name, and leaves the rest to ``-m slow``; ``-m ""`` runs everything.
"""

from __future__ import annotations

import zlib

import pytest

# part of a test's path -> one case in how many runs by default
SHARE = {
    "test_conformance": 30,
    "directions/test_directions": 16,
    "functional/nn/": 5,
    "functional/test_": 5,
    "jax/test_primitives": 5,
    "jax/test_indexing": 5,
    "jax/test_functions": 4,
    "jax/test_gradients": 3,
    "numpy/test_functions": 6,
    "paddle/test_functions": 4,
    "paddle/test_ops": 12,
    "tensorflow/test_functions": 4,
    "tensorflow/test_raw_ops": 5,
    "torch/test_opdb": 5,
    "torch/test_inplace": 3,
}
WHOLE = ("functional/test_reflection", "functional/test_array", "functional/test_gradients")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the cases outside of the sample as slow."""
    for item in items:
        path = item.nodeid.replace("\\", "/")
        share = next((n for part, n in SHARE.items() if part in path), 1)
        if share == 1 or "[" not in path or any(part in path for part in WHOLE):
            continue
        if zlib.crc32(path.partition("tests/")[2].encode()) % share:
            item.add_marker(pytest.mark.slow)
