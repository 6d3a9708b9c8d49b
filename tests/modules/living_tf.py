"""What the tests of living parts need of keras and `tf.Module`."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from torch import nn

__all__ = ["linear", "lora", "set_mode", "train"]


def linear(target: str, layer: nn.Linear) -> Any:
    """Return a native linear layer with the weights of torch's."""
    n, m = layer.in_features, layer.out_features
    weights = [layer.weight.detach().numpy().T, layer.bias.detach().numpy()]
    if target == "keras":
        made = keras.layers.Dense(m)
        made.build((None, n))
        made.set_weights(weights)
        return made
    return _Linear(*weights)


class _Linear(tf.Module):
    def __init__(self, w: Any, b: Any) -> None:
        super().__init__()
        self.w, self.b = tf.Variable(w), tf.Variable(b)

    def __call__(self, x: Any) -> Any:
        return x @ self.w + self.b


def _factors(n: int, m: int) -> tuple[Any, Any]:
    shapes = ((n, 2), (2, m))
    a, b = (np.linspace(-1, 1, i * j, dtype="float32").reshape(i, j) for i, j in shapes)
    return a, b


@keras.saving.register_keras_serializable(package="ivy_tests")
class KerasLora(keras.Layer):
    def __init__(self, base: Any, n: int, m: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base, self.sizes = base, (n, m)
        a, b = _factors(n, m)
        self.a = self.add_weight(shape=a.shape, initializer=lambda *_, **__: tf.constant(a), name="a")
        self.b = self.add_weight(shape=b.shape, initializer=lambda *_, **__: tf.constant(b), name="b")

    def call(self, x: Any) -> Any:
        return self.base(x) + x @ self.a @ self.b

    def get_config(self) -> dict[str, Any]:
        n, m = self.sizes
        return {**super().get_config(), "base": keras.saving.serialize_keras_object(self.base), "n": n, "m": m}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**{**config, "base": keras.saving.deserialize_keras_object(config["base"])})


class _Lora(tf.Module):
    def __init__(self, base: Any, n: int, m: int) -> None:
        super().__init__()
        a, b = _factors(n, m)
        self.base, self.a, self.b = base, tf.Variable(a), tf.Variable(b)

    def __call__(self, x: Any) -> Any:
        return self.base(x) + x @ self.a @ self.b


def lora(target: str, base: Any, n: int, m: int) -> Any:
    """Return a layer that adds a product of two matrices to what a linear layer gives."""
    return (KerasLora if target == "keras" else _Lora)(base, n, m)


def set_mode(part: Any, train: bool) -> None:
    """Switch a model or a part; a layer of keras' own has other ways to say it."""
    if isinstance(part, keras.layers.Dropout):
        part.rate = part.rate if train else 0.0
    elif isinstance(part, keras.layers.BatchNormalization):
        part.trainable = train
    else:
        part.training = train


def train(model: Any, x: Any, steps: int) -> list[float]:
    """Train a model, and return the losses."""
    losses = []
    variables = model.trainable_variables

    @tf.function
    def step() -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x) ** 2)
        for v, g in zip(variables, tape.gradient(loss, variables), strict=True):
            v.assign_sub(0.1 * g)
        return loss

    for _ in range(steps):
        losses.append(float(step()))
    return losses
