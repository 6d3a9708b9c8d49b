"""`ivy.compare` from PaddlePaddle and to it."""

from __future__ import annotations

import numpy as np
import pytest

import ivy
from ivy_paddle.loading import paddle


@pytest.mark.parametrize(
    "target", ["numpy", *(pytest.param(t, marks=pytest.mark.slow) for t in ("torch", "jax", "paddle"))]
)
def test_from_paddle(target):
    net = paddle.nn.Sequential(
        paddle.nn.Conv2D(3, 4, 3), paddle.nn.BatchNorm2D(4), paddle.nn.ReLU(), paddle.nn.Flatten(),
        paddle.nn.Linear(144, 2),
    )  # fmt: skip
    net.eval()
    x = np.random.default_rng(0).normal(size=(2, 3, 8, 8)).astype("float32")
    converted = ivy.transpile(net, to=target, args=(x,))
    converted(paddle.to_tensor(x))
    for train in (False, True):
        found = ivy.compare(net, converted, (x,), train=train, gradients=target != "numpy")
        assert found.ok, str(found)
    net[4].bias.set_value(np.asarray([0.0, 1.0], "float32"))
    found = ivy.compare(net, converted, (x,))
    assert [r.name for r in found.parameters if not r.ok] == ["4.bias"]
    assert found.first.module == "4"
