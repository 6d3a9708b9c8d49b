"""Embeddings against torch."""

from __future__ import annotations

import numpy as np
import pytest

import ivy.functional as F
from ivy.backend import body_of
from ivy.errors import ArgumentError, ShapeError


def T():
    import torch.nn.functional

    return torch.nn.functional


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (0,)])
@pytest.mark.parametrize("kind", ["int32", "int64"])
def test_embedding(check, dtype, shape, kind):
    w, i = check.normal(10, 6, dtype=dtype), check.integers(0, 10, *shape, dtype=kind)
    check(F.embedding, [w, np.asarray(i)], {}, lambda w, i: T().embedding(i, w))


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("padding_idx", [None, 2])
def test_embedding_bag_of_rows(check, mode, padding_idx):
    w, i = check.normal(10, 6), check.integers(0, 10, 4, 5)
    check(
        F.embedding_bag,
        [w, i],
        {"mode": mode, "padding_idx": padding_idx},
        lambda w, i: T().embedding_bag(i, w, mode=mode, padding_idx=padding_idx),
    )


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("last", [True, False])
def test_embedding_bag_with_offsets(check, mode, last):
    w, i = check.normal(10, 6), check.integers(0, 10, 9)
    offsets = np.asarray([0, 3, 3, 7, 9] if last else [0, 3, 3, 7])
    check(
        F.embedding_bag,
        [w, i, offsets],
        {"mode": mode, "include_last_offset": last},
        lambda w, i, o: T().embedding_bag(i, w, o, mode=mode, include_last_offset=last),
    )


def test_embedding_bag_with_weights(check):
    w, i, f = check.normal(10, 6), check.integers(0, 10, 9), check.normal(9)
    check(
        F.embedding_bag,
        [w, i, np.asarray([0, 3, 7]), f],
        {"mode": "sum"},
        lambda w, i, o, f: T().embedding_bag(i, w, o, mode="sum", per_sample_weights=f),
    )


def test_errors():
    bag = body_of(F.embedding_bag, "numpy")
    with pytest.raises(ArgumentError, match="mode"):
        bag(np.eye(3), np.zeros((1, 1), int), mode="min")
    with pytest.raises(ShapeError, match="offsets"):
        bag(np.eye(3), np.zeros(1, int))
