"""Reductions of nothing, of integers, and of constants: TensorFlow's own rules, swept over dtypes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import ivy

DTYPES = ["uint8", "int8", "int32", "int64", "float16", "float32", "float64"]
REDUCTIONS = ["sum", "prod", "max", "min", "mean", "any", "all", "euclidean_norm"]


def check(fn: Callable[..., Any], x: np.ndarray, target: str = "numpy") -> None:
    """Compare values, dtypes and shapes, where TensorFlow itself takes the arguments."""
    try:
        expected = fn(tf.constant(x)).numpy()
    except (tf.errors.InvalidArgumentError, tf.errors.NotFoundError, TypeError):
        return
    found = np.asarray(ivy.transpile(fn, source="tensorflow", to=target)(x))
    assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
    np.testing.assert_allclose(found.astype("float64"), expected.astype("float64"), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("target", ["numpy", "torch"])
@pytest.mark.parametrize("name", REDUCTIONS)
def test_reductions_over_nothing_and_of_integers(name: str, target: str) -> None:
    reduce = getattr(tf.math, f"reduce_{name}")
    for shape, axis in itertools.product([(2, 0), (0, 3), (2, 3)], [None, 0, -1]):
        for dtype in ["bool"] if name in ("any", "all") else DTYPES:
            if name == "mean" and 0 in shape:
                continue  # 0 / 0
            x = (np.arange(np.prod(shape)).reshape(shape) + 1).astype(dtype)
            check(lambda t: reduce(t, axis, keepdims=axis == 0), x, target)


@pytest.mark.parametrize("name", ["segment_sum", "segment_max", "unsorted_segment_sum"])
def test_segments_of_empty_rows(name: str) -> None:
    more = (2,) if name.startswith("unsorted") else ()
    check(
        lambda t: getattr(tf.math, name)(t, tf.zeros(t.shape[0], tf.int32), *more) + 0, np.zeros((4, 3, 0), "float32")
    )


@pytest.mark.parametrize("dtype", [tf.bfloat16, tf.float16, tf.float32])
def test_constants_without_axes_of_every_float(dtype: Any) -> None:
    check(
        lambda t: tf.cast(tf.pow(tf.constant(0.5, dtype), tf.constant(2, dtype)), tf.float32) + t,
        np.zeros(2, "float32"),
    )


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "int32", "int64"])
def test_norms_of_integers_wrap_around(dtype: str) -> None:
    for x in ([0, 3, 4], [100, 100, 1], [120, 5, 9]):
        check(tf.math.reduce_euclidean_norm, np.array(x).astype(dtype))


@pytest.mark.parametrize("target", ["numpy", "torch"])
@pytest.mark.parametrize("name", ["igamma", "igammac"])
def test_incomplete_gamma_functions_on_their_edges(name: str, target: str) -> None:
    edges = np.array([0.0, -0.0, 1.0, 2.5, -1.0, np.inf, np.nan])
    a, x = (g.reshape(-1) for g in np.meshgrid(edges, edges))
    function = getattr(tf.math, name)
    with np.errstate(all="ignore"):
        found = np.asarray(ivy.transpile(lambda a, x: function(a, x), source="tensorflow", to=target)(a, x))
    np.testing.assert_allclose(found, function(a, x).numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("target", ["numpy", "torch"])
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_distinct_elements_of_nothing(dtype: str, target: str) -> None:
    for x in (np.zeros(0, dtype), np.array([3, 1, 3]).astype(dtype)):
        check(lambda t: tf.unique(t)[0], x, target)
        check(lambda t: tf.unique_with_counts(t)[2], x, target)
