"""Statistics, extremes and running totals on the three backends against NumPy and SciPy."""

import numpy as np
import pytest
import scipy.special as sp
from agreement import BACKENDS, BF16, call, gradients, numerical, same

from ivy.errors import ArgumentError

# NumPy warns of the infinities asked for
pytestmark = pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning", "ignore:invalid value:RuntimeWarning")

RNG = np.random.default_rng(3)
X = RNG.normal(size=(3, 4, 5)).astype("float32")
AXES = [None, 0, -1, (0, 2), (-1, 0, 1), ()]
REDUCTIONS = {
    "sum": np.sum,
    "prod": np.prod,
    "max": np.max,
    "min": np.min,
    "all": np.all,
    "any": np.any,
    "mean": np.mean,
    "var": np.var,
    "std": np.std,
    "nansum": np.nansum,
    "nanmean": np.nanmean,
    "count_nonzero": np.count_nonzero,
    "logsumexp": lambda x, axis, keepdims: sp.logsumexp(x, axis=axis, keepdims=keepdims),
    "median": np.median,
}
INEXACT = {"mean", "var", "std", "nanmean", "logsumexp", "median"}


def result_dtype(op, dtype):
    if op in ("all", "any"):
        return "bool"
    if op == "count_nonzero":
        return "int64"
    if op in INEXACT:
        return "float32" if dtype in ("int32", "uint8", "uint32", "bool", "int64") else dtype
    if op in ("sum", "prod", "nansum"):
        return {"int32": "int64", "bool": "int64", "uint8": "uint64", "uint32": "uint64"}.get(dtype, dtype)
    return dtype


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("op", REDUCTIONS)
def test_axes(op, backend, axis):
    if axis == () and op in ("median", "logsumexp", "var", "std", "nanmean"):
        pytest.skip("statistics over no axes: backends' own functions disagree on what they mean")
    for keepdims in (False, True):
        expected = REDUCTIONS[op](X.astype("float64"), axis=axis, keepdims=keepdims)
        found = call(op, backend, X, axis=axis, keepdims=keepdims)
        same(found, expected, backend, dtype=result_dtype(op, "float32"), tolerance=1e-4)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "dtype", ["bool", "int32", "int64", "uint8", "uint32", "float16", "bfloat16", "float64", "complex64"]
)
@pytest.mark.parametrize("op", REDUCTIONS)
def test_dtypes(op, backend, dtype):
    if dtype == "complex64" and op in ("max", "min", "logsumexp", "median", "nansum", "nanmean"):
        pytest.skip("no order among complex numbers")
    x = np.array([[0, 1, 3], [2, 1, 1]]).astype(BF16 if dtype == "bfloat16" else dtype)
    wide = x.astype("complex128" if dtype == "complex64" else "float64")
    expected = REDUCTIONS[op](wide, axis=1, keepdims=False)
    wanted = result_dtype(op, dtype)
    if dtype == "complex64" and op in ("var", "std"):
        wanted = "float32"
    limit = {"float16": 2e-3, "bfloat16": 2e-2}.get(wanted)
    same(call(op, backend, x, axis=1), expected, backend, dtype=wanted, tolerance=limit)


@pytest.mark.parametrize("backend", BACKENDS)
def test_half_precision_adds_up_in_float32(backend):
    """4096 ones: bfloat16 alone gets stuck at 256."""
    for dtype in (BF16, "float16"):
        ones = np.ones(4096, dtype)
        assert call("sum", backend, ones).astype("float32") == 4096
        assert call("mean", backend, ones).astype("float32") == 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_empty_and_scalar_arrays(backend):
    empty, scalar = np.zeros((0, 3), "float32"), np.array(2.0, "float32")
    for op, expected in [("sum", 0), ("prod", 1), ("any", False), ("all", True), ("count_nonzero", 0)]:
        same(call(op, backend, empty, axis=0), np.full(3, expected), backend, dtype=result_dtype(op, "float32"))
        same(call(op, backend, empty), np.array(expected), backend, dtype=result_dtype(op, "float32"))
    for op, reference in REDUCTIONS.items():
        found = call(op, backend, scalar)
        same(found, reference(scalar, axis=None, keepdims=False), backend, dtype=result_dtype(op, "float32"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_dtype_and_correction(backend):
    same(call("sum", backend, X, dtype="float64"), X.sum(dtype="float64"), backend, tolerance=1e-5)
    same(call("sum", backend, X > 0, dtype="float32"), (X > 0).sum(), backend, dtype="float32")
    same(call("prod", backend, np.array([1.5, 2.0], "float32"), dtype="int32"), np.array(2), backend, dtype="int32")
    for op in ("var", "std"):
        for correction in (1, 1.5):
            expected = getattr(np, op)(X, axis=1, ddof=correction)
            same(call(op, backend, X, axis=1, correction=correction), expected, backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_nan(backend):
    x = np.array([[1.0, np.nan, 3.0], [4.0, 5.0, 6.0]], "float32")
    for op in ("max", "min", "sum", "median", "cumulative_max", "cumulative_min", "cumulative_sum"):
        reference = {
            "cumulative_max": np.maximum.accumulate,
            "cumulative_min": np.minimum.accumulate,
            "cumulative_sum": np.cumsum,
            "median": np.median,
        }.get(op) or getattr(np, op)
        same(call(op, backend, x, axis=1), reference(x, axis=1), backend)
    for op in ("nansum", "nanmean"):
        same(call(op, backend, x, axis=0), getattr(np, op)(x, axis=0), backend)
    for op in ("argmax", "argmin"):
        same(call(op, backend, x, axis=1), getattr(np, op)(x, axis=1), backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8", "uint32", "bool", "bfloat16"])
@pytest.mark.parametrize("op", ["argmax", "argmin"])
def test_position_of_the_first_extreme(op, backend, dtype):
    x = np.array([[1, 3, 3], [0, 0, 1]]).astype(BF16 if dtype == "bfloat16" else dtype)
    for axis in (None, 0, -1):
        for keepdims in (False, True):
            expected = getattr(np, op)(x.astype("float64"), axis=axis, keepdims=keepdims)
            same(call(op, backend, x, axis=axis, keepdims=keepdims), expected, backend, dtype="int64")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "int32", "uint8", "bool"])
def test_running_totals(backend, dtype):
    x = np.array([[1, 2, 0], [1, 1, 3]]).astype(BF16 if dtype == "bfloat16" else dtype)
    wanted = result_dtype("sum", dtype)
    for axis in (0, -1):
        for op, reference in {"cumulative_sum": np.cumsum, "cumulative_prod": np.cumprod}.items():
            expected = reference(x.astype("float64"), axis=axis)
            same(call(op, backend, x, axis=axis), expected, backend, dtype=wanted)
            first = np.full_like(np.take(expected, [0], axis), op == "cumulative_prod")
            expected = np.concatenate([first, expected], axis)
            same(call(op, backend, x, axis=axis, include_initial=True), expected, backend, dtype=wanted)
        if dtype != "bool":
            same(call("cumulative_max", backend, x, axis=axis), np.maximum.accumulate(x, axis), backend)
            same(call("cumulative_min", backend, x, axis=axis), np.minimum.accumulate(x, axis), backend)
    same(call("cumulative_sum", backend, x[0]), np.cumsum(x[0].astype("float64")), backend, dtype=wanted)
    with pytest.raises((ArgumentError, ValueError)):
        call("cumulative_sum", backend, x)


@pytest.mark.parametrize("backend", BACKENDS)
def test_running_logsumexp(backend):
    x = np.array([[0.0, 1000.0, 1000.0], [-np.inf, 2.0, -3.0]], "float32")
    expected = np.logaddexp.accumulate(x.astype("float64"), axis=1)
    same(call("cumulative_logsumexp", backend, x), expected, backend, dtype="float32")
    same(call("logsumexp", backend, np.full((2,), -np.inf, "float32")), np.array(-np.inf, "float32"), backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("method", ["linear", "lower", "higher", "midpoint", "nearest"])
@pytest.mark.parametrize("axis", [None, 1, (0, -1)])
def test_quantile(backend, method, axis):
    for q in (0.3, np.array([0.0, 0.25, 1.0], "float32")):
        for keepdims in (False, True):
            expected = np.quantile(X.astype("float64"), q, axis=axis, keepdims=keepdims, method=method)
            found = call("quantile", backend, X, q, axis=axis, keepdims=keepdims, method=method)
            same(found, expected, backend, dtype="float32")


@pytest.mark.parametrize("backend", BACKENDS)
def test_diff(backend):
    same(call("diff", backend, X), np.diff(X), backend)
    same(call("diff", backend, X, axis=0, n=2), np.diff(X, 2, 0), backend)
    same(call("diff", backend, X, axis=1, prepend=X[:, :1]), np.diff(X, axis=1, prepend=X[:, :1]), backend)


@pytest.mark.parametrize("op", ["sum", "prod", "max", "mean", "var", "std", "logsumexp", "nansum", "nanmean", "median"])
def test_gradients(op):
    x = X[0] + 0.1
    (expected,) = numerical(op, (x,), {"axis": 1}, [0])
    for backend, (found,) in gradients(op, (x,), {"axis": 1}, [0]).items():
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4, err_msg=backend)


@pytest.mark.parametrize("op", ["cumulative_sum", "cumulative_prod", "cumulative_max", "cumulative_logsumexp"])
def test_gradients_of_running_totals(op):
    x = X[0] + 0.1
    (expected,) = numerical(op, (x,), {"axis": 1}, [0])
    for backend, (found,) in gradients(op, (x,), {"axis": 1}, [0]).items():
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3, err_msg=backend)
