"""The sweeps' sample.

Some modules compare every function over many dtypes, shapes and targets. The default run takes a share of their cases,
another one for every commit (see `sampling.py`), and leaves the rest to ``-m slow``; ``-m ""`` runs everything.
The header of the run prints the seed; ``IVY_TEST_SAMPLE`` set to that number repeats the run.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # what the folders' tests share

from sampling import VARIABLE, in_sample, sample_seed

os.environ["IVY_LINT"] = "1"  # graphs are checked between the stages

# part of a test's path -> one case in how many runs by default
SHARE = {
    "test_conformance": 30,
    "directions/test_directions": 16,
    "transpiler/test_fusion.py::test_layers": 4,
    "functional/test_accuracy": 20,
    "functional/test_special_values.py": 15,
    "dtypes/test_dtypes": 25,
    "dtypes/test_captured_jax": 100,
    "dtypes/test_captured_paddle": 80,
    "dtypes/test_captured_tensorflow": 60,
    "functional/nn/": 5,
    "functional/test_": 5,
    "jax/test_primitives": 5,
    "jax/test_indexing": 5,
    "jax/test_functions": 4,
    "jax/test_gradients": 3,
    "jax/test_integer_operands": 10,
    "layers/test_native_layers.py::test_layers": 16,
    "layers/test_paddle_layers.py::test_layers": 16,
    "layers/test_keras_layers.py::test_layers": 16,
    "layers/test_equinox_layers.py::test_layers": 16,
    "modules/test_kept_state": 3,
    "modules/test_rng_of_calls": 2,
    "numpy/test_axes_and_dtypes": 3,
    "numpy/test_functions": 6,
    "numpy/test_index_forms": 4,
    "numpy/test_nan_and_infinity": 4,
    "numpy/test_subclasses": 5,
    "numpy/test_ufunc_methods": 60,
    "paddle/test_functions": 4,
    "paddle/test_numbers_and_dtypes": 3,
    "paddle/test_ops": 12,
    "tensorflow/test_functions": 4,
    "tensorflow/test_integer_means": 4,
    "tensorflow/test_raw_ops": 5,
    "torch/test_derivatives_of_operators": 50,
    "torch/test_derivatives": 5,
    "torch/test_detached_writes": 3,
    "torch/test_gradients_at_edges.py::test_gradients_are": 120,
    "torch/test_opdb": 5,
    "torch/test_training": 12,
    "torch/test_inplace": 3,
    "torch/test_scalars_and_dtypes": 3,
    "transpiler/test_guards.py::test_programs[": 260,
    "transpiler/test_guards.py::test_programs_under_jit": 50,
    "transpiler/test_transformations": 4,
    "torch/test_views": 40,
    "torch/test_sizes_of_zero": 20,
}
WHOLE = (
    "functional/test_reflection",
    "functional/test_array",
    "functional/test_gradients",
    "functional/nn/test_window_",
)


def pytest_configure() -> None:
    """Fix the seed for this run, its workers and their subprocesses."""
    os.environ[VARIABLE] = str(sample_seed(Path(__file__).parent))


def pytest_report_header() -> str:
    """Tell how to repeat the run."""
    return f"sample: {VARIABLE}={os.environ[VARIABLE]}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the cases outside of the sample as slow."""
    seed = sample_seed()
    for item in items:
        path = item.nodeid.replace("\\", "/")
        share = next((n for part, n in SHARE.items() if part in path), 1)
        if share == 1 or "[" not in path or any(part in path for part in WHOLE):
            continue
        if not in_sample(path.partition("tests/")[2], share, seed):
            item.add_marker(pytest.mark.slow)
