"""Every function in every direction: values, dtypes, shapes, types and gradients; see `direction_cases` and `running`."""

import numpy as np
import pytest
from direction_cases import CASES
from limits import LIMITS
from running import DIRECTIONS, FRAMEWORKS, cell, installed, leaves, make, seed, source_file, to_numpy

import ivy

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning:paddle.*"),
]
IDS = [f"{s}-{t}" for s, t in DIRECTIONS]


def converted(source, target, name):
    """A converted function with its NumPy inputs."""
    for framework in (source, target):
        if not installed(framework):
            pytest.skip(f"needs {framework}")
    module = source_file(source)
    return ivy.transpile(getattr(module, name), source=source, to=target), CASES[name].arrays(module.LAYOUTS)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("source, target", DIRECTIONS, ids=IDS)
def test_direction(source, target, name):
    if not (installed(source) and installed(target)):
        pytest.skip(f"needs {source} and {target}")
    cell(source, target, name)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_framework_writes_every_function(framework):
    if not installed(framework):
        pytest.skip(f"needs {framework}")
    missing = [name for name in CASES if not hasattr(source_file(framework), name)]
    assert not missing


def test_limits_name_functions():
    assert {name for _, _, name in LIMITS} <= set(CASES)


def _jax_jit(function):
    import jax

    return jax.jit(function)


def _tensorflow_function(function):
    import tensorflow as tf

    return tf.function(function)


JITS = {"jax": _jax_jit, "tensorflow": _tensorflow_function}
JITTED = (
    "attention",
    "batch_norm",
    "conv2d_strided",
    "counted_loop",
    "cumulative",
    "einsum",
    "fancy_index",
    "lstm",
    "max_pool2d",
    "resize_bilinear",
    "scan",
    "scatter_add",
    "softmax",
    "sort",
    "top_k",
    "write_slices",
)


@pytest.mark.parametrize("name", JITTED)
@pytest.mark.parametrize("source, target", [d for d in DIRECTIONS if d[1] in JITS], ids=lambda x: x)
def test_under_the_targets_jit(source, target, name):
    function, arrays = converted(source, target, name)
    given = [make(a, target) for a in arrays]
    found, wanted = JITS[target](function)(*given), function(*given)
    for a, b in zip(leaves(found), leaves(wanted), strict=True):
        np.testing.assert_allclose(to_numpy(a, target), to_numpy(b, target), rtol=1e-4, atol=1e-5)


OTHER_VALUES = {
    "branch_on_value": (np.array([-1, -2, -3, 1], "float32"),),
    "while_on_value": (np.array([0.1, 0.2, 0.1, 0.3], "float32"),),
    "newton_iteration": (np.array([200.0, 3.0, 81.0], "float32"),),
    "switch": (np.array(1, "int32"), np.array([1, 2, 3, 4], "float32")),
    "branch_in_loop": (np.array([-0.5, 1.0, -2.0], "float32"),),
}


@pytest.mark.parametrize("name", OTHER_VALUES)
@pytest.mark.parametrize(
    "source, target", [d for d in DIRECTIONS if d[0] in ("jax", "tensorflow", "paddle")], ids=lambda x: x
)
def test_control_flow_on_values_stays_dynamic(source, target, name):
    """One graph serves values that take other branches and numbers of steps than those it was captured with."""
    function, arrays = converted(source, target, name)
    function(*[make(a, target) for a in arrays])
    others = OTHER_VALUES[name]
    seed(source, 0)
    found = function(*[make(a, target) for a in others])
    wanted = getattr(source_file(source), name)(*[make(a, source) for a in others])
    np.testing.assert_allclose(to_numpy(found, target), to_numpy(wanted, source), rtol=1e-5)
    assert len(function.graphs) == 1


@pytest.mark.parametrize("target", [t for s, t in DIRECTIONS if s == "torch"])
def test_higher_order_operators_of_torch(target):
    """torch.cond and while_loop are captured with a guard, as `if` and `while` are."""
    for framework in ("torch", target):
        if not installed(framework):
            pytest.skip(f"needs {framework}")
    import torch
    from torch._higher_order_ops import while_loop

    def function(x):
        grown, steps = while_loop(lambda v, n: v.sum() < 20, lambda v, n: (v * 1.5, n + 1), (x, torch.tensor(0)))
        return torch.cond(steps > 3, lambda v: v - 1, lambda v: v + 1, (grown,)), steps

    f = ivy.transpile(function, source="torch", to=target)
    for start in (1.0, 4.0):
        found = f(make(np.full(3, start, "float32"), target))
        for a, b in zip(found, function(torch.full((3,), start)), strict=True):
            np.testing.assert_allclose(to_numpy(a, target), b.numpy(), rtol=1e-6)
