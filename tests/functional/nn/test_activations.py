"""Activation functions against torch."""

from __future__ import annotations

import numpy as np
import pytest
from backends import BACKENDS, to_np

import ivy.functional as F
from ivy.backend import body_of, get_backend
from ivy.errors import ShapeError


def reference(name):
    import torch
    import torch.nn.functional as T

    return {
        "relu": T.relu, "relu6": T.relu6, "selu": T.selu, "silu": T.silu, "sigmoid": torch.sigmoid,
        "log_sigmoid": T.logsigmoid, "hard_sigmoid": T.hardsigmoid, "hard_swish": T.hardswish, "softsign": T.softsign,
        "mish": T.mish, "tanhshrink": T.tanhshrink, "leaky_relu": T.leaky_relu, "elu": T.elu, "celu": T.celu,
        "gelu": T.gelu, "hard_tanh": T.hardtanh, "softplus": T.softplus, "softshrink": T.softshrink,
        "hardshrink": T.hardshrink, "squared_relu": lambda x: torch.relu(x) ** 2,
    }[name]  # fmt: skip


PLAIN = [
    "relu", "relu6", "selu", "silu", "sigmoid", "log_sigmoid", "hard_sigmoid", "hard_swish", "softsign", "mish",
    "tanhshrink", "leaky_relu", "elu", "celu", "gelu", "hard_tanh", "softplus", "softshrink", "hardshrink",
    "squared_relu",
]  # fmt: skip


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
@pytest.mark.parametrize("name", PLAIN)
def test_plain(check, name, dtype):
    # bfloat16 has too few digits for gradients that take differences of nearly equal numbers
    tolerance = (1e-7, 1e-7) if dtype == "float64" and name.startswith("hard_") else None  # torch has 1 / 6 in float32
    x = check.normal(3, 50, dtype=dtype, scale=4.0)
    check(getattr(F, name), [x], {}, reference(name), grad=dtype != "bfloat16", tolerance=tolerance)


@pytest.mark.parametrize("name", PLAIN)
def test_extreme_values(check, name):
    x = np.asarray([-1e4, -200.0, -90.0, -30.0, -1e-6, 1e-6, 30.0, 90.0, 200.0, 1e4], "float32")
    check(getattr(F, name), [x], {}, reference(name), tolerance=(2e-5, 1e-7))


@pytest.mark.parametrize("name", ["sigmoid", "log_sigmoid", "softplus", "silu", "gelu", "mish", "relu", "elu"])
def test_zero(check, name):
    check(getattr(F, name), [np.zeros(3, "float32")], {}, reference(name))


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "hard_tanh", "sigmoid", "hardshrink", "softplus"])
def test_nan_and_infinity_go_through(name):
    import torch

    x = np.asarray([np.nan, -np.inf, np.inf], "float32")
    expected = reference(name)(torch.from_numpy(x)).numpy()
    for backend in map(get_backend, BACKENDS):
        got = to_np(backend.function(getattr(F, name).__ivy_op__)(backend.module.asarray(x)))
        np.testing.assert_array_equal(got, expected, err_msg=backend.name)
    np.testing.assert_array_equal(body_of(getattr(F, name), "numpy")(x), expected)


def _torch():
    import torch.nn.functional as T

    return T


PARAMETERS = [
    ("leaky_relu", {"alpha": 0.3}, lambda x: _torch().leaky_relu(x, 0.3)),
    ("elu", {"alpha": 0.7}, lambda x: _torch().elu(x, 0.7)),
    ("celu", {"alpha": 0.7}, lambda x: _torch().celu(x, 0.7)),
    ("gelu", {"approximate": True}, lambda x: _torch().gelu(x, approximate="tanh")),
    ("hard_tanh", {"min_val": -0.5, "max_val": 2.0}, lambda x: _torch().hardtanh(x, -0.5, 2.0)),
    ("softplus", {"beta": 2.0, "threshold": 3.0}, lambda x: _torch().softplus(x, 2.0, 3.0)),
    ("softplus", {"beta": 0.5}, lambda x: _torch().softplus(x, 0.5)),
    ("softshrink", {"alpha": 0.9}, lambda x: _torch().softshrink(x, 0.9)),
    ("hardshrink", {"alpha": 0.9}, lambda x: _torch().hardshrink(x, 0.9)),
    ("threshold", {"limit": 0.5, "value": -7.0}, lambda x: _torch().threshold(x, 0.5, -7.0)),
]


@pytest.mark.parametrize(("name", "kwargs", "expected"), PARAMETERS, ids=lambda v: v if isinstance(v, str) else "")
def test_parameters(check, name, kwargs, expected):
    check(getattr(F, name), [check.normal(4, 40, scale=3.0)], kwargs, expected)


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16", "float16"])
@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_softmax(check, axis, dtype):
    import torch

    x = check.normal(4, 5, 6, dtype=dtype, scale=5.0)
    check(F.softmax, [x], {"axis": axis}, lambda x: torch.softmax(x, axis))
    check(F.log_softmax, [x], {"axis": axis}, lambda x: torch.log_softmax(x, axis), tolerance=None)


@pytest.mark.parametrize(("size", "axis"), [(1, 1), (4, 1), (6, -1)])
def test_prelu(check, size, axis):
    x, w = check.normal(3, 4, 5, 6), check.normal(size)
    check(F.prelu, [x, w], {"axis": axis}, lambda x, w: _torch().prelu(x.movedim(axis, 1), w).movedim(1, axis))


@pytest.mark.parametrize("axis", [-1, 1])
def test_glu(check, axis):
    check(F.glu, [check.normal(3, 4, 6)], {"axis": axis}, lambda x: _torch().glu(x, axis))


def test_glu_of_odd_size():
    with pytest.raises(ShapeError, match="odd"):
        body_of(F.glu, "numpy")(np.zeros(3))


def test_relu_of_integers(check):
    check(F.relu, [check.integers(-5, 5, 20, dtype="int32")], {}, _torch().relu, grad=False)
