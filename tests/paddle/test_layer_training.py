"""Ten steps of gradient descent in the source and in the converted model give the same weights and statistics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from paddle_layers import CNN, helper, nn, randomise, statistics, to, to_numpy
from torch import nn as tnn

import ivy
from ivy_paddle.loading import paddle

torch.set_num_threads(1)
STEPS = 10
# Small batches make the normalisation of a deep model sensitive: rounding of single precision grows tenfold in two steps.
RATES = {"resnet18": 0.002}


class TorchCNN(tnn.Module):
    """Batch norms with different momenta, one of them without weights."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.bn = tnn.Conv2d(3, 8, 3, padding=1, bias=False), tnn.BatchNorm2d(8, momentum=0.3)
        self.up, self.plain = tnn.ConvTranspose2d(8, 6, 2, stride=2), tnn.BatchNorm2d(6, affine=False)
        self.fc = tnn.Linear(6, 4)

    def forward(self, x):
        x = torch.relu(self.bn(self.stem(x)))
        return self.fc(torch.tanh(self.plain(self.up(x))).mean((2, 3)))


def _encoder() -> tnn.Module:
    layer = tnn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    return tnn.Sequential(layer, tnn.Flatten(), tnn.Linear(40, 4))


def _resnet18() -> tnn.Module:
    return helper("models", "zoo").timm_model("resnet18")


def _paddle_encoder() -> Any:
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0)
    return nn.Sequential(layer, nn.Flatten(), nn.Linear(40, 4))


def _floats(*shape: int) -> np.ndarray:
    return (np.random.default_rng(4).random(shape) * 2 - 1).astype("float32")


LABELS = np.arange(6) % 4


def _train_torch(model: Any, x: np.ndarray, rate: float, momentum: float = 0.0) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), rate, momentum=momentum)
    model.train()
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = tnn.functional.cross_entropy(model(torch.from_numpy(x)), torch.from_numpy(LABELS))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _train_paddle(model: Any, x: np.ndarray, rate: float, momentum: float = 0.0) -> list[float]:
    make: Callable[..., Any] = paddle.optimizer.Momentum if momentum else paddle.optimizer.SGD
    optimizer = make(rate, parameters=model.parameters(), **({"momentum": momentum} if momentum else {}))
    model.train()
    losses = []
    for _ in range(STEPS):
        loss = paddle.nn.functional.cross_entropy(model(paddle.to_tensor(x)), paddle.to_tensor(LABELS))
        loss.backward()
        optimizer.step()
        optimizer.clear_grad()
        losses.append(float(loss))
    return losses


def _train_flax(model: Any, x: np.ndarray, rate: float, momentum: float = 0.0) -> list[float]:
    import jax.numpy as jnp
    import optax
    from flax import nnx

    model.train()
    optimizer = nnx.Optimizer(model, optax.sgd(rate, momentum=momentum or None), wrt=nnx.Param)

    def loss_of(model: Any, x: Any) -> Any:
        return optax.softmax_cross_entropy_with_integer_labels(model(x), jnp.asarray(LABELS)).mean()

    @nnx.jit
    def step(model: Any, optimizer: Any, x: Any) -> Any:
        loss, grads = nnx.value_and_grad(loss_of)(model, x)
        optimizer.update(model, grads)
        return loss

    return [float(step(model, optimizer, jnp.asarray(x))) for _ in range(STEPS)]


FROM_TORCH: dict[str, tuple[Callable[[], Any], tuple[int, ...]]] = {
    "cnn": (TorchCNN, (6, 3, 8, 8)),
    "encoder": (_encoder, (6, 5, 8)),
    "resnet18": (_resnet18, (6, 3, 64, 64)),
}
FROM_PADDLE: dict[str, tuple[Callable[[], Any], tuple[int, ...]]] = {
    "cnn": (CNN, (6, 3, 8, 8)),
    "encoder": (_paddle_encoder, (6, 5, 8)),
    "resnet18": (lambda: paddle.vision.models.resnet18(num_classes=4), (6, 3, 64, 64)),
}
TRAIN = {"torch": _train_torch, "paddle": _train_paddle, "flax": _train_flax}


def _close(found: np.ndarray, expected: np.ndarray, what: str) -> None:
    scale = max(float(np.abs(expected).max()), 1e-2)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3 * scale, err_msg=what)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "name, momentum",
    [
        ("cnn", 0.0),
        ("cnn", 0.9),
        ("encoder", 0.0),
        ("encoder", 0.9),
        pytest.param("resnet18", 0.0, marks=pytest.mark.slow),
    ],
)
def test_from_torch(name: str, momentum: float) -> None:
    torch.manual_seed(0)
    build, shape = FROM_TORCH[name]
    module, x, rate = build(), _floats(*shape), RATES.get(name, 0.05)
    if name == "resnet18":
        module, x = module.double(), x.astype("float64")
    layer = ivy.transpile(module.train(), source="torch", to="paddle")
    expected = _train_torch(module, x, rate, momentum)
    found = _train_paddle(layer, x, rate, momentum)
    assert expected[-1] < expected[0]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
    state = module.state_dict()
    values = {key: to_numpy(layer._ivy.source_array(key, v)) for key, v in layer._gather().items()}
    assert values.keys() == state.keys()
    for key, value in values.items():
        _close(value, state[key].numpy(), key)
    layer.eval()
    module.eval()
    _close(layer(paddle.to_tensor(x)).numpy(), module(torch.from_numpy(x)).detach().numpy(), "evaluation")


@pytest.mark.parametrize("system", ["torch", "flax"])
@pytest.mark.parametrize("name", ["cnn", "encoder", pytest.param("resnet18", marks=pytest.mark.slow)])
def test_from_paddle(name: str, system: str) -> None:
    paddle.seed(0)
    build, shape = FROM_PADDLE[name]
    layer, x, rate = build(), _floats(*shape), RATES.get(name, 0.05)
    if name == "cnn":
        randomise(layer, train=True)
    if name == "resnet18" and system == "torch":
        layer, x = layer.to(dtype="float64"), x.astype("float64")
    model = to(layer.train(), system)
    expected = _train_paddle(layer, x, rate)
    found = TRAIN[system](model, x, rate)
    assert expected[-1] < expected[0]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
    back = build().to(dtype=str(x.dtype))
    assert not ivy.sync_weights(model, back).missing
    state = statistics(layer)
    for key, value in statistics(back).items():
        _close(value, state[key], key)
