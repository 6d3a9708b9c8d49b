"""What `test_living_parts` needs of PaddlePaddle: layers, a LoRA wrapper, training."""

from __future__ import annotations

from typing import Any

from torch import nn

from ivy_paddle.loading import paddle


def linear(layer: nn.Linear) -> Any:
    """Return paddle's layer with the weights of torch's."""
    new = paddle.nn.Linear(layer.in_features, layer.out_features)
    new.weight.set_value(layer.weight.detach().numpy().T)
    new.bias.set_value(layer.bias.detach().numpy())
    return new


class Lora(paddle.nn.Layer):
    def __init__(self, base: Any, n: int, m: int) -> None:
        super().__init__()
        self.base = base
        self.a, self.b = self.create_parameter([n, 2]), self.create_parameter([2, m])
        self.a.set_value(paddle.linspace(-1, 1, n * 2).reshape([n, 2]))
        self.b.set_value(paddle.linspace(-1, 1, m * 2).reshape([2, m]))

    def forward(self, x: Any) -> Any:
        return self.base(x) + x @ self.a @ self.b


def train(model: Any, x: Any, steps: int) -> list[float]:
    optimizer = paddle.optimizer.SGD(0.1, parameters=model.parameters())
    losses = []
    for _ in range(steps):
        loss = (model(x) ** 2).mean()
        loss.backward()
        optimizer.step()
        optimizer.clear_grad()
        losses.append(float(loss))
    return losses
