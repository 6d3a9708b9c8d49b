"""Pooling against torch and XLA."""

from __future__ import annotations

import numpy as np
import pytest
from backends import BACKENDS, to_np

import ivy.functional as F
from ivy.backend import get_backend
from ivy.errors import ArgumentError


def pool_of(name, n):
    import torch.nn.functional as T

    return getattr(T, f"{name}_pool{n}d")


def data(check, n, last, dtype="float32", channels=3):
    x = check.normal(2, channels, *[7 + i for i in range(n)], dtype=dtype)
    return np.moveaxis(x, 1, -1).copy() if last else x


def formatted(f, last):
    def run(x):
        y = f(x.movedim(-1, 1) if last else x)
        return y.movedim(1, -1) if last else y

    return run


CASES = [
    {"kernel": 2},
    {"kernel": 3, "strides": 2, "padding": 1},
    {"kernel": 3, "strides": 2, "ceil_mode": True},
    {"kernel": 2, "strides": 2, "padding": 1, "ceil_mode": True},
    {"kernel": 3, "strides": 1, "padding": 1},
    {"kernel": 3, "strides": 4, "padding": 1, "ceil_mode": True},
]


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_max_pool(check, n, last, case):
    kw = dict(case)
    k, s, p, c = kw.pop("kernel"), kw.get("strides"), kw.get("padding", 0), kw.get("ceil_mode", False)
    kw["data_format"] = "channels_last" if last else "channels_first"
    check(F.max_pool, [data(check, n, last), k], kw, formatted(lambda x: pool_of("max", n)(x, k, s, p, 1, c), last))


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("include", [True, False])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_avg_pool(check, n, last, include, case):
    kw = dict(case)
    k, s, p, c = kw.pop("kernel"), kw.get("strides"), kw.get("padding", 0), kw.get("ceil_mode", False)
    kw |= {"data_format": "channels_last" if last else "channels_first", "count_include_pad": include}
    check(
        F.avg_pool, [data(check, n, last), k], kw, formatted(lambda x: pool_of("avg", n)(x, k, s, p, c, include), last)
    )


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_dtypes(check, dtype):
    x = data(check, 2, True, dtype)
    kw = {"strides": 2, "padding": 1, "data_format": "channels_last"}
    check(F.max_pool, [x, 3], kw, formatted(lambda x: pool_of("max", 2)(x, 3, 2, 1), True))
    check(F.avg_pool, [x, 3], kw, formatted(lambda x: pool_of("avg", 2)(x, 3, 2, 1), True), grad=dtype == "float64")


def test_divisor_override(check):
    check(
        F.avg_pool,
        [data(check, 2, False), 3],
        {"divisor_override": 5},
        lambda x: pool_of("avg", 2)(x, 3, divisor_override=5),
    )


@pytest.mark.parametrize("dilation", [2, (1, 2)])
@pytest.mark.parametrize("last", [True, False])
def test_max_pool_dilation(check, dilation, last):
    kw = {
        "strides": 1,
        "padding": 1,
        "dilation": dilation,
        "data_format": "channels_last" if last else "channels_first",
    }
    check(F.max_pool, [data(check, 2, last), 3], kw, formatted(lambda x: pool_of("max", 2)(x, 3, 1, 1, dilation), last))


@pytest.mark.parametrize("last", [True, False])
def test_asymmetric_padding(check, last):
    import torch.nn.functional as T

    kw = {"strides": 2, "padding": [(0, 1), (2, 1)], "data_format": "channels_last" if last else "channels_first"}
    x = data(check, 2, last)
    check(
        F.max_pool,
        [x, 3],
        kw,
        formatted(lambda x: T.max_pool2d(T.pad(x, (2, 1, 0, 1), value=float("-inf")), 3, 2), last),
    )
    check(F.avg_pool, [x, 3], kw, formatted(lambda x: T.avg_pool2d(T.pad(x, (2, 1, 0, 1)), 3, 2), last))


@pytest.mark.parametrize("reducer", ["max", "avg"])
@pytest.mark.parametrize("kernel", [2, 3])
def test_same_padding_is_that_of_flax(reducer, kernel, check):
    import jax.numpy as jnp
    from flax import nnx

    x = data(check, 2, True)
    f = nnx.max_pool if reducer == "max" else nnx.avg_pool
    expected = f(jnp.asarray(x), (kernel, kernel), (2, 2), "SAME")
    for name in BACKENDS:
        backend = get_backend(name)
        op = F.max_pool if reducer == "max" else F.avg_pool
        got = backend.function(op.__ivy_op__)(
            backend.module.asarray(x), kernel, strides=2, padding="same", data_format="channels_last"
        )
        np.testing.assert_allclose(to_np(got), np.asarray(expected), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("case", [(3, 2), (3, 1), (2, 2), ((2, 3), (1, 2))], ids=str)
@pytest.mark.parametrize("last", [True, False])
def test_max_pool_gradient_goes_to_the_first_of_equal_values(check, case, last):
    x = np.maximum(data(check, 2, last), 0)  # many zeros
    kernel, strides = case
    kw = {"strides": strides, "data_format": "channels_last" if last else "channels_first"}
    check(F.max_pool, [x, kernel], kw, formatted(lambda x: pool_of("max", 2)(x, kernel, strides), last))


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1])
def test_max_pool_with_indices(check, n, padding):
    x = np.maximum(data(check, n, False), 0)
    check(
        F.max_pool_with_indices,
        [x, 3],
        {"strides": 2, "padding": padding},
        lambda x: pool_of("max", n)(x, 3, 2, padding, return_indices=True),
        dtypes=False,
    )


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("out", [1, 3, 5, 7])
def test_adaptive(check, n, last, out):
    kw = {"data_format": "channels_last" if last else "channels_first"}
    x = data(check, n, last)
    check(F.adaptive_avg_pool, [x, out], kw, formatted(lambda x: pool_of("adaptive_avg", n)(x, out), last))
    check(F.adaptive_max_pool, [x, out], kw, formatted(lambda x: pool_of("adaptive_max", n)(x, out), last))


def test_adaptive_sizes_by_axis(check):
    x = check.normal(2, 3, 8, 6)
    check(F.adaptive_avg_pool, [x, (None, 3)], {}, lambda x: pool_of("adaptive_avg", 2)(x, (None, 3)))
    check(F.adaptive_avg_pool, [x, (4, 2)], {}, lambda x: pool_of("adaptive_avg", 2)(x, (4, 2)))
    check(F.adaptive_max_pool, [x, (12, 3)], {}, lambda x: pool_of("adaptive_max", 2)(x, (12, 3)))


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0])
def test_lp_pool(check, p):
    x = np.abs(check.normal(2, 3, 7, 8)) + np.float32(0.1)
    check(F.lp_pool, [x, 3], {"p": p, "strides": 2}, lambda x: pool_of("lp", 2)(x, p, 3, 2), tolerance=(1e-4, 1e-4))


WINDOWS = [
    {"window": (1, 3, 3, 1), "strides": (1, 2, 2, 1), "padding": [(0, 0), (1, 1), (0, 1), (0, 0)]},
    {"window": (1, 1, 2, 2)},
    {"window": (2, 2, 2, 2)},
    {"window": (1, 3, 2, 1), "window_dilation": (1, 2, 3, 1)},
    {"window": (1, 3, 2, 1), "base_dilation": (1, 2, 3, 1), "padding": [(0, 0), (1, 2), (2, 1), (0, 0)]},
    {"window": (1, 6, 1, 1), "padding": "same"},
    {"window": (1, 20, 1, 1), "padding": [(0, 0), (19, 0), (0, 0), (0, 0)]},
]


@pytest.mark.parametrize("case", WINDOWS, ids=str)
@pytest.mark.parametrize(
    ("reducer", "init"), [("add", 0.0), ("max", -np.inf), ("min", np.inf), ("mul", 1.0), ("add", 2.0)]
)
def test_reduce_window(check, case, reducer, init):
    import jax.numpy as jnp
    from jax import lax

    kw = dict(case)
    window = kw.pop("window")
    x = check.normal(2, 6, 7, 3)
    f = {"add": lax.add, "max": lax.max, "min": lax.min, "mul": lax.mul}[reducer]
    identity = 0.0 if reducer == "add" else init
    expected = lax.reduce_window(
        jnp.asarray(x),
        np.float32(identity),
        f,
        window,
        kw.get("strides", (1,) * 4),
        kw.get("padding", "valid"),
        kw.get("base_dilation"),
        kw.get("window_dilation"),
    )
    expected = expected + (init - identity if reducer == "add" else 0.0)
    for name in BACKENDS:
        backend = get_backend(name)
        got = backend.function(F.reduce_window.__ivy_op__)(backend.module.asarray(x), init, reducer, window, **kw)
        np.testing.assert_allclose(to_np(got), np.asarray(expected), rtol=1e-5, atol=1e-5, err_msg=name)


def test_reduce_window_of_integers(check):
    x = check.integers(-9, 9, 8, dtype="int32")
    for name in BACKENDS:
        backend = get_backend(name)
        f = backend.function(F.reduce_window.__ivy_op__)
        assert to_np(f(backend.module.asarray(x), 0, "add", (8,))).tolist() == [x.sum()]
        got = f(backend.module.asarray(x), -(2**31), "max", (2,))
        assert to_np(got).tolist() == np.maximum(x[1:], x[:-1]).tolist()
        with pytest.raises(ArgumentError, match="reducer"):
            f(backend.module.asarray(x), 0, "and", (8,))


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("case", [{"kernel": 2}, {"kernel": 3, "strides": 2, "padding": 1}], ids=str)
def test_max_unpool(check, n, case):
    import torch
    import torch.nn.functional as T

    kernel, strides, padding = case["kernel"], case.get("strides"), case.get("padding", 0)
    edge = slice(7 if padding else 6)  # so that the windows fit
    x = data(check, n, False)[(..., *[edge] * n)]
    y, places = getattr(T, f"max_pool{n}d")(torch.tensor(x), kernel, strides, padding, return_indices=True)
    undo = getattr(T, f"max_unpool{n}d")
    kw = {k: v for k, v in case.items() if k != "kernel"}
    for size in (None, list(x.shape[2:])):
        expected = undo(y, places, kernel, strides, padding, size).numpy()
        for name in BACKENDS:
            a, b = (get_backend(name).module.from_foreign(v.numpy(), copy=True) for v in (y, places))
            found = F.max_unpool(a, b, kernel, **kw, output_size=size)
            np.testing.assert_array_equal(to_np(found), expected)
