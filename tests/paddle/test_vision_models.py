"""Every family of paddle.vision.models, with random weights and statistics, to torch and to flax."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from paddle_layers import (
    assert_same,
    assert_same_gradients,
    randomise,
    run,
    run_converted,
    statistics,
    tensors,
    to,
)

import ivy
from ivy_paddle.loading import paddle

torch.set_num_threads(1)
models = paddle.vision.models

# name -> (shape of an image, arguments); the size is the smallest that the model's own layers allow
FAMILIES: dict[str, tuple[tuple[int, int, int], dict[str, Any]]] = {
    "LeNet": ((1, 28, 28), {}),
    "alexnet": ((3, 224, 224), {"num_classes": 10}),
    "vgg11": ((3, 32, 32), {"num_classes": 10}),
    "resnet18": ((3, 64, 64), {"num_classes": 10}),
    "resnext50_32x4d": ((3, 64, 64), {"num_classes": 10}),
    "wide_resnet50_2": ((3, 64, 64), {"num_classes": 10}),
    "squeezenet1_0": ((3, 64, 64), {"num_classes": 10}),
    "squeezenet1_1": ((3, 64, 64), {"num_classes": 10}),
    "mobilenet_v1": ((3, 64, 64), {"num_classes": 10, "scale": 0.25}),
    "mobilenet_v2": ((3, 64, 64), {"num_classes": 10, "scale": 0.25}),
    "mobilenet_v3_small": ((3, 64, 64), {"num_classes": 10}),
    "mobilenet_v3_large": ((3, 64, 64), {"num_classes": 10}),
    "shufflenet_v2_x0_25": ((3, 64, 64), {"num_classes": 10}),
    "shufflenet_v2_swish": ((3, 64, 64), {"num_classes": 10}),
    "densenet121": ((3, 64, 64), {"num_classes": 10}),
    "googlenet": ((3, 224, 224), {"num_classes": 10}),
    "inception_v3": ((3, 299, 299), {"num_classes": 10}),
}
QUICK = {
    "torch": ("LeNet", "resnet18", "mobilenet_v3_small", "squeezenet1_1", "shufflenet_v2_x0_25"),
    "flax": ("LeNet",),
}


def make(name: str, train: bool = False) -> tuple[Any, tuple[np.ndarray]]:
    paddle.seed(0)
    shape, options = FAMILIES[name]
    layer = randomise(getattr(models, name)(**options), train=train)
    return layer, ((np.random.default_rng(1).random((2, *shape)) * 2 - 1).astype("float32"),)


def cases(names: Any) -> list[Any]:
    return [
        pytest.param(name, system, marks=[] if name in QUICK[system] else [pytest.mark.slow])
        for system in QUICK
        for name in names
    ]


@pytest.mark.parametrize("name, system", cases(FAMILIES))
def test_values(name: str, system: str) -> None:
    layer, args = make(name)
    with paddle.no_grad():
        expected = layer(*tensors(args))
    model = to(layer, system)
    if system == "torch":
        with torch.no_grad():
            found = model(*tensors(args, "torch"))
    else:
        from flax import nnx

        found = nnx.jit(lambda model, args: model(*args))(model, tensors(args, "jax"))
    largest = np.abs(np.asarray(expected[0] if isinstance(expected, (list, tuple)) else expected)).max()
    assert 0.01 < largest < 100  # something that a comparison can tell from nothing
    assert_same(found, expected)


@pytest.mark.parametrize(
    "name, system", cases(["LeNet", "resnet18", "mobilenet_v2", "shufflenet_v2_x0_25", "densenet121", "squeezenet1_1"])
)
def test_gradients(name: str, system: str) -> None:
    layer, args = make(name)
    _, wanted = run(layer, args)
    found, gradients = run_converted(to(layer, system), args, system)
    assert found is not None
    assert_same_gradients(gradients, wanted)


@pytest.mark.parametrize("name, system", cases(["resnet18", "mobilenet_v2", "shufflenet_v2_x0_25"]))
def test_statistics_in_training_mode(name: str, system: str) -> None:
    layer, args = make(name, train=True)
    for part in layer.sublayers():
        if isinstance(part, paddle.nn.Dropout):
            part.p = 0.0
    model = to(layer, system)
    before = statistics(layer)
    expected, _ = run(layer, args)
    found, _ = run_converted(model, args, system)
    assert_same(found, expected, rtol=1e-3, atol=1e-4)
    back, _ = make(name)
    ivy.sync_weights(model, back)
    state = statistics(layer)
    for key, value in statistics(back).items():
        np.testing.assert_allclose(value, state[key], rtol=1e-4, atol=1e-5, err_msg=key)
    changed = [key for key in state if np.abs(state[key] - before[key]).max() > 1e-4]
    assert changed
    assert all(key.endswith(("_mean", "_variance")) for key in changed)
