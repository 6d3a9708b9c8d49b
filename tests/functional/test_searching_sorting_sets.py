"""Searching, sorting and sets against NumPy: ties, NaN, negative axes, empty arrays, gradients."""

from __future__ import annotations

import numpy as np
import pytest
from backends import DIFFERENTIABLE, MAKE, to_np, wide

import ivy.functional as F


@pytest.fixture(params=MAKE)
def make(request):
    def native(x, dtype=None):
        return MAKE[request.param](np.asarray(x, dtype))

    with wide(request.param):
        yield native


def same(found, expected, dtype=None):
    found = to_np(found)
    assert found.shape == np.shape(expected)
    if dtype is not None:
        assert found.dtype == dtype
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


def ties(shape, dtype):
    return np.random.default_rng(0).integers(0, 4, shape).astype(dtype)


@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8", "float64", "int64"])
@pytest.mark.parametrize(
    ("shape", "axis"), [((7,), -1), ((4, 5), 0), ((4, 5), -1), ((3, 4, 5), 1), ((0,), 0), ((2, 0), 0)]
)
@pytest.mark.parametrize("descending", [False, True])
def test_sort(make, shape, axis, descending, dtype):
    x = ties(shape, dtype)
    key = -x.astype("int64") if descending else x
    order = np.argsort(key, axis=axis, kind="stable")
    same(F.argsort(make(x), axis=axis, descending=descending), order)
    same(F.sort(make(x), axis=axis, descending=descending), np.take_along_axis(x, order, axis), dtype)
    same(F.sort(make(x), axis=axis, descending=descending, stable=False), np.take_along_axis(x, order, axis), dtype)


def test_sort_puts_nan_last(make):
    x = np.asarray([np.nan, 1.0, -np.inf, np.inf, 0.0], "float32")
    same(F.sort(make(x)), np.sort(x))
    same(F.argsort(make(x)), np.argsort(x))


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("largest", [True, False])
@pytest.mark.parametrize("k", [0, 1, 3])
def test_topk(make, axis, largest, k):
    x = np.random.default_rng(0).permutation(60).reshape(3, 4, 5).astype("float32")
    order = np.take(np.argsort(-x if largest else x, axis=axis), np.arange(k), axis=axis)
    values, indices = F.topk(make(x), k, axis=axis, largest=largest)
    same(indices, order)
    same(values, np.take_along_axis(x, order, axis), "float32")
    values, _ = F.topk(make(x), k, axis=axis, largest=largest, sorted=False)
    same(F.sort(values, axis=axis), np.sort(np.take_along_axis(x, order, axis), axis=axis))


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 4), (0,)])
def test_searchsorted(make, side, shape):
    x, v = np.asarray([0.0, 1.0, 1.0, 3.0], "float32"), ties(shape, "float32")
    same(F.searchsorted(make(x), make(v), side=side), np.searchsorted(x, v, side))
    order = np.asarray([2, 0, 3, 1])
    scrambled = np.empty_like(x)
    scrambled[order] = x
    same(F.searchsorted(make(scrambled), make(v), side=side, sorter=make(order)), np.searchsorted(x, v, side))
    same(
        F.digitize(make(v), make([0.5, 1.0, 2.0], "float32"), right=side == "left"),
        np.digitize(v, [0.5, 1, 2], side == "left"),
    )


def test_searchsorted_promotes(make):
    same(F.searchsorted(make([1, 2, 3], "int32"), make([1.5], "float32")), [1])
    same(F.searchsorted(make([1, 2, 3], "int32"), 2), 1)


def test_bincount(make):
    x = np.asarray([0, 3, 3, 1, 7], "int32")
    same(F.bincount(make(x), length=5), [1, 1, 0, 2, 0], "int64")
    w = np.asarray([0.5, 1, 2, 3, 9], "float32")
    same(F.bincount(make(x), weights=make(w), length=5), [0.5, 3, 0, 3, 0], "float32")
    same(F.bincount(make(x[:0]), length=3), [0, 0, 0])


@pytest.mark.parametrize("bins", [1, 4, [0.0, 1.0, 2.5, 3.0]])
@pytest.mark.parametrize("limits", [None, (0.5, 2.5)])
def test_histogram(make, bins, limits):
    x = np.random.default_rng(0).normal(1.5, 1, (5, 8)).astype("float32")
    x[0, 0], x[0, 1] = 3.0, 0.0
    w = np.random.default_rng(1).random((5, 8)).astype("float32")
    native = bins if isinstance(bins, int) else make(bins, "float32")
    for weights in (None, w):
        counts, edges = F.histogram(
            make(x), bins=native, range=limits, weights=None if weights is None else make(weights)
        )
        expected, expected_edges = np.histogram(x, bins, limits, weights=weights)
        same(edges, expected_edges.astype("float32"), "float32")
        same(counts, expected)
    same(F.histogram(make(np.full(3, 2.0, "float32")), bins=2)[0], [0, 3])


@pytest.mark.parametrize("dtype", ["float32", "int32"])
@pytest.mark.parametrize("trailing", [(), (3,), (2, 2)])
def test_segments(make, trailing, dtype):
    ids = np.asarray([0, 2, 2, 0, -1, 5, 2])
    x = np.random.default_rng(0).integers(-5, 6, (7, *trailing)).astype(dtype)
    n = 4
    rows = [x[ids == i] for i in range(n)]
    info = np.iinfo(dtype) if dtype == "int32" else None
    low, high = (info.min, info.max) if info else (-np.inf, np.inf)
    a, i = make(x), make(ids)
    same(F.segment_sum(a, i, n), np.stack([r.sum(0) for r in rows]), dtype)
    same(F.segment_prod(a, i, n), np.stack([r.prod(0) for r in rows]), dtype)
    same(F.segment_max(a, i, n), np.stack([r.max(0, initial=low) for r in rows]), dtype)
    same(F.segment_min(a, i, n), np.stack([r.min(0, initial=high) for r in rows]), dtype)
    if dtype == "float32":
        same(F.segment_mean(a, i, n), np.stack([r.sum(0) / max(len(r), 1) for r in rows]), dtype)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients(name):
    make = lambda x: MAKE[name](np.asarray(x, "float32"))
    ids = MAKE[name](np.asarray([0, 1, 0]))
    scale = make([1.0, 10.0, 100.0])
    same(F.grad(lambda x: F.sum(F.sort(x) * scale))(make([3.0, 1.0, 2.0])), [100, 1, 10])
    same(F.grad(lambda x: F.sum(F.topk(x, 2)[0] * scale[:2]))(make([3.0, 1.0, 2.0])), [1, 0, 10])
    same(F.grad(lambda x: F.sum(F.segment_sum(x, ids, 2) * scale[:2]))(make([3.0, 1.0, 2.0])), [1, 10, 1])
    same(F.grad(lambda w: F.sum(F.bincount(ids, weights=w, length=2) * scale[:2]))(make([3.0, 1.0, 2.0])), [1, 10, 1])


@pytest.mark.parametrize("dtype", ["int32", "float32", "bool"])
@pytest.mark.parametrize("shape", [(9,), (3, 4), (), (0,)])
def test_unique(make, shape, dtype):
    x = ties(shape, dtype)
    expected = np.unique_all(x)
    found = F.unique_all(make(x))
    for name in ("values", "indices", "inverse_indices", "counts"):
        same(getattr(found, name), getattr(expected, name))
    same(F.unique_values(make(x)), expected.values, dtype)
    same(F.unique_counts(make(x)).counts, expected.counts)
    same(F.unique_inverse(make(x)).inverse_indices, expected.inverse_indices)


def test_nans_are_distinct(make):
    x = make([np.nan, 1.0, np.nan], "float32")
    assert F.unique_values(x).shape == (3,)
    assert to_np(F.unique_all(x).counts).tolist() == [1, 1, 1]


@pytest.mark.parametrize("dtype", ["int32", "float32", "bool"])
@pytest.mark.parametrize(("shape", "axis"), [((6, 2), 0), ((2, 7), 1), ((2, 5, 2), -2), ((4,), 0), ((0, 2), 0)])
def test_unique_along_an_axis(make, shape, axis, dtype):
    x = ties(shape, dtype)
    expected = np.unique(x, True, True, True, axis=axis)
    for a, b in zip(F.unique_along_axis(make(x), axis=axis), expected, strict=True):
        same(a, b if a.ndim > 1 or b.ndim == 1 else np.ravel(b))


@pytest.mark.parametrize("invert", [False, True])
def test_isin(make, invert):
    x, others = ties((3, 4), "int32"), np.asarray([[1], [3]], "int32")
    same(F.isin(make(x), make(others), invert=invert), np.isin(x, others, invert=invert), "bool")
    same(F.isin(make(x), 2, invert=invert), np.isin(x, 2, invert=invert), "bool")
    same(F.isin(2, make(x), invert=invert), np.isin(2, x, invert=invert), "bool")
    same(F.isin(make(x), make([], "int32"), invert=invert), np.isin(x, [], invert=invert), "bool")


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "uint32", "uint64", "float16"])
def test_every_dtype(make, dtype):
    """Torch lacks some of these for unsigned types and booleans, and 64 bits must keep their order."""
    top = {"uint16": 2**16 - 1, "uint32": 2**32 - 1, "uint64": 2**64 - 1}.get(dtype, 1)
    x = np.asarray([1, 0, top, 1, top], dtype)
    a = make(x)
    same(F.sort(a), np.sort(x), dtype)
    same(F.argsort(a), np.argsort(x, kind="stable"))
    same(F.topk(a, 2)[0], np.sort(x)[::-1][:2], dtype)
    same(F.topk(a, 2, largest=False)[0], np.sort(x)[:2], dtype)
    same(F.searchsorted(make(np.sort(x)), a), np.searchsorted(np.sort(x), x))
    same(F.isin(a, make(x[1:2])), np.isin(x, x[1:2]), "bool")
    same(F.unique_values(a), np.unique(x), dtype)
