"""`ivy.compare` from Keras and to it."""

from __future__ import annotations

import numpy as np
import pytest

keras = pytest.importorskip("keras")

import ivy  # noqa: E402


@pytest.mark.parametrize(
    "target", ["numpy", *(pytest.param(t, marks=pytest.mark.slow) for t in ("torch", "jax", "keras"))]
)
def test_from_keras(target):
    net = keras.Sequential(
        [
            keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.BatchNormalization(),
            keras.layers.ReLU(), keras.layers.Reshape((36, 4)), keras.layers.LSTM(3), keras.layers.Dense(2, name="head"),
        ]
    )  # fmt: skip
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")
    converted = ivy.transpile(net, to=target, args=(x,))
    converted(x)  # an ivy.Module copies its parameters at the first call
    for train in (False, True):
        found = ivy.compare(net, converted, (x,), train=train, gradients=target != "numpy")
        assert found.ok, str(found)
        assert any(r.kind == "update" for r in found.rows) == train
    net.layers[-1].bias.assign([0.0, 1.0])
    found = ivy.compare(net, converted, (x,))
    assert [r.name for r in found.parameters if not r.ok] == ["head.bias"]
    assert found.first.parameters == ("head.bias",)
