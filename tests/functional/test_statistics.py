"""Statistics on every backend against NumPy, SciPy and torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from agreement import BACKENDS, call, gradients, numerical, same
from scipy import stats

import ivy.functional as F
from ivy.backend import body_of
from ivy.errors import ArgumentError, ShapeError

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy warns of rows of NaN

RNG = np.random.default_rng(0)
HOLES = RNG.normal(size=(4, 5, 3))
HOLES[RNG.uniform(size=HOLES.shape) < 0.3] = np.nan
HOLES[1, :, 2] = np.nan
AXES = [(None, False), (0, True), (-1, False), ((0, 2), False), ((1, -1), True)]


def loose(backend):
    return 2e-5 if backend == "jax" else 1e-10


@pytest.mark.parametrize(("axis", "keepdims"), AXES)
@pytest.mark.parametrize("op", ["nanmax", "nanmin", "nanprod", "nanvar", "nanstd", "nanmedian"])
def test_reductions_without_nan(op, axis, keepdims):
    expected = getattr(np, op)(HOLES, axis=axis, keepdims=keepdims)
    for backend in BACKENDS:
        found = call(op, backend, HOLES, axis=axis, keepdims=keepdims)
        same(found, expected, backend, tolerance=loose(backend), where=f"{op} on {backend}")
    if op in ("nanvar", "nanstd"):
        expected = getattr(np, op)(HOLES, axis=axis, keepdims=keepdims, ddof=1)
        for backend in BACKENDS:
            found = call(op, backend, HOLES, axis=axis, keepdims=keepdims, correction=1)
            same(found, expected, backend, tolerance=loose(backend))


@pytest.mark.parametrize("op", ["nanmax", "nanmin", "nanprod"])
def test_integers_without_nan(op):
    x = np.array([[3, -1], [2, 5]], "int32")
    for backend in BACKENDS:
        np.testing.assert_array_equal(call(op, backend, x, axis=0), getattr(np, op)(x, axis=0))


@pytest.mark.parametrize(("axis", "keepdims"), AXES)
@pytest.mark.parametrize("q", [0.3, np.array([0.0, 0.25, 1.0])])
def test_nanquantile(axis, keepdims, q):
    expected = np.nanquantile(HOLES, q, axis=axis, keepdims=keepdims)
    for backend in BACKENDS:
        same(
            call("nanquantile", backend, HOLES, q, axis=axis, keepdims=keepdims),
            expected,
            backend,
            tolerance=loose(backend),
        )


@pytest.mark.parametrize("op", ["nanmax", "nanvar", "nanmedian"])
def test_gradients_without_nan(op):
    x = HOLES[0].astype("float32")
    x[:, 0] = [1, np.nan, 3, -2, 0.5]
    x[0] = [1.0, 0.2, 3.0]
    (expected,) = numerical(op, [x], {"axis": 0}, [0])
    for backend, (found,) in gradients(op, [x], {"axis": 0}, [0]).items():
        good = ~np.isnan(x)
        np.testing.assert_allclose(found[good], expected[good], atol=2e-3, err_msg=backend)
        assert not np.isnan(found).any(), backend


def test_percentile_range_and_average():
    x, w = RNG.normal(size=(3, 4)), RNG.uniform(size=4)
    for backend in BACKENDS:
        limit = loose(backend)
        same(
            call("percentile", backend, x, np.array([10.0, 50.0]), axis=0),
            np.percentile(x, [10, 50], axis=0),
            backend,
            tolerance=limit,
        )
        same(call("percentile", backend, x, 30), np.percentile(x, 30), backend, tolerance=limit)
        same(call("ptp", backend, x, axis=1), np.ptp(x, axis=1), backend, tolerance=limit)
        same(call("average", backend, x, w, axis=-1), np.average(x, axis=-1, weights=w), backend, tolerance=limit)
        same(
            call("average", backend, x, x**2, keepdims=True),
            np.average(x, weights=x**2, keepdims=True),
            backend,
            tolerance=limit,
        )
        same(call("average", backend, np.array([1, 2])), np.array(1.5), backend, dtype="float32")
        with pytest.raises(ShapeError):
            call("average", backend, x, w, axis=0)


@pytest.mark.parametrize("dtype", ["float64", "complex64", "int64"])
def test_covariances(dtype):
    x = (RNG.normal(size=(3, 6)) * 4 + (1j * RNG.normal(size=(3, 6)) if "c" in dtype else 0)).astype(dtype)
    result = "float32" if dtype == "int64" else dtype
    weights = np.array([1, 2, 0, 3, 1, 1])
    for backend in BACKENDS:
        limit = 1e-4 if dtype != "float64" or backend == "jax" else 1e-10
        same(call("cov", backend, x), np.cov(x), backend, dtype=result, tolerance=limit)
        same(call("cov", backend, x[0], correction=0), np.cov(x[0], ddof=0), backend, dtype=result, tolerance=limit)
        same(
            call("cov", backend, x, weights=weights),
            np.cov(x, fweights=weights),
            backend,
            dtype=result,
            tolerance=limit,
        )
        same(call("corrcoef", backend, x), np.corrcoef(x), backend, dtype=result, tolerance=limit)


@pytest.mark.parametrize("axis", [0, -1])
def test_integrals(axis):
    y, x = RNG.normal(size=(4, 5)), np.sort(RNG.normal(size=(4, 5)), axis=axis)
    row = x[:, 0] if axis == 0 else x[0]
    for backend in BACKENDS:
        for args, kw in (((y,), {"dx": 0.5}), ((y, row), {}), ((y, x), {})):
            reference = {"x": args[1]} if len(args) > 1 else kw
            same(
                call("trapezoid", backend, *args, axis=axis, **kw),
                np.trapezoid(y, axis=axis, **reference),
                backend,
                tolerance=loose(backend),
            )
            other = [torch.from_numpy(a.copy()) for a in args]
            expected = torch.cumulative_trapezoid(*other, dim=axis, **kw)
            same(
                call("cumulative_trapezoid", backend, *args, axis=axis, **kw),
                expected.numpy(),
                backend,
                tolerance=loose(backend),
            )


def test_interpolation():
    x, places = np.array([[-3.0, 0.2, 1.0], [1.7, 4.0, np.nan]]), np.array([0.0, 1.0, 1.5, 3.0])
    values = np.array([1.0, -1.0, 2.0, 0.5])
    for backend in BACKENDS:
        for kw in ({}, {"left": -9.0, "right": 9.0}):
            same(
                call("interp", backend, x, places, values, **kw),
                np.interp(x, places, values, **kw),
                backend,
                tolerance=loose(backend),
            )
        same(call("interp", backend, x[0, 1], places[:1], values[:1]), np.array(1.0), backend, tolerance=1e-6)
    (expected,) = numerical("interp", [x[:, 1], places, values], {}, [2])
    for backend, (found,) in gradients("interp", [x[:, 1], places, values], {}, [2]).items():
        np.testing.assert_allclose(found, expected, atol=1e-3, err_msg=backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_polynomials(backend):
    c, x = np.array([2.0, -1.0, 0.5]), np.array([[0.3, -2.0]])
    same(call("polyval", backend, c, x), np.polyval(c, x), backend, tolerance=loose(backend))
    same(call("polyval", backend, np.array([2, 1]), np.array([3])), np.array([7]), backend)


@pytest.mark.parametrize("keepdims", [False, True])
def test_order(keepdims):
    x = RNG.integers(0, 4, size=(4, 6)).astype("float32")
    distinct = RNG.permutation(24).reshape(4, 6).astype("float32")
    for backend in BACKENDS:
        for axis in (0, 1, -1):
            found = call("mode", backend, x, axis=axis, keepdims=keepdims)
            same(found, stats.mode(x, axis=axis, keepdims=keepdims).mode, backend)
            values, places = call("kthvalue", backend, distinct, 3, axis=axis, keepdims=keepdims)
            expected = torch.kthvalue(torch.from_numpy(distinct), 3, dim=axis, keepdim=keepdims)
            same([values, places], [e.numpy() for e in expected], backend)
        with pytest.raises(ArgumentError):
            call("kthvalue", backend, x, 9)


@pytest.mark.parametrize("weighted", [False, True])
def test_histograms_of_points(weighted):
    x = RNG.uniform(-1, 2, size=(50, 2))
    x[0], x[1] = [1.0, 1.5], [0.0, 0.0]
    edges = [np.array([-0.5, 0.0, 0.4, 1.0]), np.linspace(-1, 1.5, 5)]
    weights = RNG.uniform(size=50) if weighted else None
    expected, _ = np.histogramdd(x, edges, weights=weights)
    for backend in BACKENDS:
        found = call("histogram_nd", backend, x, edges, weights=weights)
        same(found, expected, backend, dtype="float64" if weighted else "float32", tolerance=1e-5)
    assert body_of(F.histogram_nd, "numpy")(x[:0], edges).sum() == 0
    with pytest.raises(ShapeError):
        call("histogram_nd", "numpy", x, edges[:1])
