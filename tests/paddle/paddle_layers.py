"""Paddle layers of every shape that the converter has to cope with, each with inputs; and how they are compared."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import ivy
from ivy.graph.containers import flatten
from ivy_paddle.loading import paddle

nn, F = paddle.nn, paddle.nn.functional


def helper(folder: str, name: str) -> Any:
    """Load a helper of another folder of tests, under a name of its own: several have one called `zoo`."""
    known = f"ivy_tests_{folder}_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).parents[1] / folder / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[known] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[known])
    return sys.modules[known]


def randomise(layer: Any, seed: int = 0, train: bool = False) -> Any:
    """Draw every weight and running statistic anew, well conditioned, so that nothing is compared by its default."""
    rng = np.random.default_rng(seed)
    for name, x in layer.state_dict().items():
        if x.dtype not in (paddle.float32, paddle.float64) or 0 in x.shape:
            continue
        noise = rng.random(x.shape)
        if name.endswith(("_variance", "_var")):
            value = 0.5 + noise
        elif x.ndim >= 2:
            value = (
                (noise - 0.5) * (6.0 / np.prod(x.shape[1:])) ** 0.5
                if x.ndim > 2
                else (noise - 0.5) * (12.0 / x.shape[0]) ** 0.5
            )
        elif name.endswith(("weight", "scale")):
            value = 0.5 + noise
        else:
            value = (noise - 0.5) * 0.5
        x.set_value(value.astype(str(x.dtype).rpartition(".")[2]))
    return layer.train() if train else layer.eval()


class CNN(nn.Layer):
    """Convolutions, batch norm with its own momentum, a grouped and a transposed convolution, pooling."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2D(3, 8, 3, stride=2, padding=1, bias_attr=False)
        self.bn = nn.BatchNorm2D(8, momentum=0.7)
        self.blocks = nn.Sequential(nn.Conv2D(8, 8, 3, padding=1, groups=4), nn.BatchNorm2D(8), nn.ReLU())
        self.up = nn.Conv2DTranspose(8, 6, 2, stride=2)
        self.pool = nn.MaxPool2D(2)
        self.fc = nn.Linear(6, 5)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        x = self.pool(self.up(x + self.blocks(x)))
        return self.fc(x.mean([2, 3]))


class Tied(nn.Layer):
    """An embedding that is also the output layer's weight, and a layer that is used in two places."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(11, 6)
        self.proj = nn.Linear(6, 6)
        self.again = self.proj

    def forward(self, ids):
        x = self.again(paddle.tanh(self.proj(self.embed(ids))))
        return paddle.matmul(x, self.embed.weight, transpose_y=True)


class Nested(nn.Layer):
    """Lists, dicts, parameter lists, parameters of the root, a frozen one."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = self.create_parameter([4])
        self.frozen = self.create_parameter([4])
        self.frozen.stop_gradient = True
        self.layers = nn.LayerList([nn.Linear(4, 4), nn.Sequential(nn.Linear(4, 4), nn.GELU())])
        self.heads = nn.LayerDict({"a": nn.Linear(4, 2), "train": nn.Linear(4, 3)})
        self.extra = nn.ParameterList([self.create_parameter([4]) for _ in range(2)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x) * self.scale + self.frozen
        x = x + self.extra[0] - self.extra[1]
        return {"a": self.heads["a"](x), "train": [self.heads["train"](x), None]}


class Buffers(nn.Layer):
    """Buffers of all kinds: of integers, one that is not in the checkpoint, a table."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mask", paddle.tril(paddle.ones([4, 4])))
        self.register_buffer("ids", paddle.arange(4), persistable=False)
        self.weight = self.create_parameter([4, 4])

    def forward(self, x):
        return paddle.matmul(x, self.weight * self.mask) + self.ids.astype("float32")


class Counting(nn.Layer):
    """A buffer that a call in training mode writes to."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("count", paddle.zeros([1]))
        self.lin = nn.Linear(4, 3)

    def forward(self, x):
        if self.training:
            self.count.set_value(self.count + x.mean())
        return self.lin(x) + self.count


class Branching(nn.Layer):
    """Python's `if` and `while` over the values of tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x):
        if x.sum() > 0:
            y = self.one(x)
        else:
            y = self.two(x)
        while y.abs().max() > 1:
            y = y * 0.5
        return y


class Recurrent(nn.Layer):
    """The three recurrent layers: several layers, both directions, initial states."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 5, num_layers=2, direction="bidirect")
        self.gru = nn.GRU(10, 3, num_layers=2)
        self.rnn = nn.SimpleRNN(3, 6, direction="bidirect", time_major=False)

    def forward(self, x):
        y, (h, c) = self.lstm(x)
        z, n = self.gru(y)
        out, last = self.rnn(z)
        return out, h, c, n, last


class Cells(nn.Layer):
    """Cells that a wrapper runs over time."""

    def __init__(self) -> None:
        super().__init__()
        self.run = nn.RNN(nn.LSTMCell(4, 5))
        self.back = nn.RNN(nn.GRUCell(5, 3), is_reverse=True)

    def forward(self, x):
        y, _ = self.run(x)
        return self.back(y)[0]


class Norms(nn.Layer):
    """Every normalisation over the channels of an image."""

    def __init__(self) -> None:
        super().__init__()
        self.batch, self.group, self.instance = nn.BatchNorm2D(6), nn.GroupNorm(3, 6), nn.InstanceNorm2D(6)
        self.layer, self.local = nn.LayerNorm([6, 4, 4]), nn.LocalResponseNorm(3)
        self.old = nn.BatchNorm(6, momentum=0.8)

    def forward(self, x):
        return self.old(self.local(self.layer(self.instance(self.group(self.batch(x))))))


class Dimensions(nn.Layer):
    """Convolutions, transposed convolutions and batch norms in one and three dimensions."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.na = nn.Conv1D(3, 4, 3, padding=1), nn.BatchNorm1D(4)
        self.b = nn.Conv1DTranspose(4, 6, 4, stride=2, padding=1, groups=2)
        self.c, self.nc = nn.Conv3D(1, 4, 2), nn.BatchNorm3D(4)
        self.d = nn.Conv3DTranspose(4, 2, 2, stride=2, output_padding=1)

    def forward(self, x):
        y = self.b(F.silu(self.na(self.a(x))))
        z = self.c(y.reshape([x.shape[0], 1, 6, 4, -1]))
        return self.d(self.nc(z))


class Attending(nn.Layer):
    """The decoder attends to what the encoder gives."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Transformer(8, 2, 1, 1, 16, dropout=0.0)

    def forward(self, x):
        return self.net(x, x[:, :3], tgt_mask=self.net.generate_square_subsequent_mask(3))


class CrossAttention(nn.Layer):
    """Attention between sequences of different sizes, with a mask."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiHeadAttention(8, 2, kdim=6, vdim=4)

    def forward(self, q, k, v, mask):
        return self.attention(q, k, v, attn_mask=mask)


class Activations(nn.Layer):
    """Layers without parameters, and one with."""

    def __init__(self) -> None:
        super().__init__()
        self.all = nn.Sequential(
            nn.Conv2D(3, 3, 1), nn.PReLU(3), nn.GELU(), nn.Hardswish(), nn.ELU(), nn.Softplus(), nn.LeakyReLU(0.2), nn.Mish(), nn.Swish(),
            nn.Softmax(axis=1), nn.Upsample(scale_factor=2), nn.AvgPool2D(3, padding=1), nn.AdaptiveAvgPool2D([2, 3]),
            nn.PixelUnshuffle(1), nn.Pad2D(1), nn.Flatten(1), nn.Dropout(0.0), nn.Identity(),
        )  # fmt: skip

    def forward(self, x):
        return self.all(x)


class Containers(nn.Layer):
    """Containers in and out, keywords with defaults."""

    def __init__(self) -> None:
        super().__init__()
        self.lin = nn.Linear(4, 3)

    def forward(self, batch, scale=2.0, *, shift=None):
        y = self.lin(batch["x"]) * scale
        return {"logits": y if shift is None else y + shift, "pair": (y, [batch["x"] * 2])}


def _floats(*shape: int, seed: int = 1) -> np.ndarray:
    return (np.random.default_rng(seed).random(shape) * 2 - 1).astype("float32")


def _ids(*shape: int, high: int = 11) -> np.ndarray:
    return np.random.default_rng(2).integers(0, high, shape)


def _encoder() -> Any:
    return nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, activation="gelu"), 2)


LAYERS: dict[str, tuple[Callable[[], Any], Callable[[], tuple[Any, ...]]]] = {
    "cnn": (CNN, lambda: (_floats(2, 3, 8, 8),)),
    "tied": (Tied, lambda: (_ids(2, 5),)),
    "nested": (Nested, lambda: (_floats(3, 4),)),
    "buffers": (Buffers, lambda: (_floats(3, 4),)),
    "counting": (Counting, lambda: (_floats(3, 4),)),
    "branching": (Branching, lambda: (_floats(3, 4) + 1,)),
    "branching_else": (Branching, lambda: (_floats(3, 4) - 1,)),
    "recurrent": (Recurrent, lambda: (_floats(2, 3, 4),)),
    "cells": (Cells, lambda: (_floats(2, 3, 4),)),
    "norms": (Norms, lambda: (_floats(3, 6, 4, 4),)),
    "dimensions": (Dimensions, lambda: (_floats(2, 3, 8),)),
    "multi_head_attention": (lambda: nn.MultiHeadAttention(8, 2), lambda: (_floats(2, 5, 8),)),
    "cross_attention": (
        CrossAttention,
        lambda: (_floats(2, 3, 8), _floats(2, 5, 6), _floats(2, 5, 4), np.tril(np.ones((3, 5), "bool"))),
    ),
    "encoder": (_encoder, lambda: (_floats(2, 5, 8),)),
    "transformer": (Attending, lambda: (_floats(2, 5, 8),)),
    "activations": (Activations, lambda: (_floats(2, 3, 4, 4),)),
    "containers": (Containers, lambda: ({"x": _floats(2, 4)},)),
    "sequential": (
        lambda: nn.Sequential(("first", nn.Linear(4, 6)), ("act", nn.Tanh()), ("last", nn.Linear(6, 2))),
        lambda: (_floats(3, 4),),
    ),
    "bilinear": (lambda: nn.Bilinear(3, 4, 2), lambda: (_floats(5, 3), _floats(5, 4))),
}


def make(name: str, seed: int = 0, train: bool = False) -> tuple[Any, tuple[Any, ...]]:
    """Return a layer with random weights and statistics, and NumPy inputs."""
    paddle.seed(seed)
    build, inputs = LAYERS[name]
    return randomise(build(), seed, train), inputs()


def tensors(x: Any, framework: str = "paddle") -> Any:
    """Bring a nest of NumPy arrays to a framework."""
    from ivy.backend import get_backend
    from ivy.graph.containers import unflatten

    leaves, spec = flatten(x)
    module = get_backend(framework).module
    made = [module.from_foreign(v, copy=True) if isinstance(v, np.ndarray) else v for v in leaves]
    return unflatten(spec, made)


def to_numpy(x: Any) -> np.ndarray:
    """Return an array of any framework as NumPy's."""
    from ivy.backend import backend_of

    return np.asarray(backend_of(x).module.to_numpy(x))


def assert_same(actual: Any, expected: Any, rtol: float = 1e-4, atol: float = 1e-5, what: str = "") -> None:
    """Compare two nests: containers, shapes, kinds of dtype and values; `atol` is relative to the largest value."""
    mine, spec = flatten(actual)
    theirs, expected_spec = flatten(expected)
    assert str(spec) == str(expected_spec)
    for a, b in zip(mine, theirs, strict=True):
        if b is None or not hasattr(b, "dtype"):
            assert a == b
            continue
        a, b = to_numpy(a), to_numpy(b)
        assert a.shape == b.shape
        assert a.dtype == b.dtype or (a.dtype.kind == b.dtype.kind and a.dtype.kind in "iu")  # JAX counts in 32 bits
        scale = max(float(np.abs(b).max(initial=0.0)), 1.0) if b.dtype.kind == "f" else 1.0
        np.testing.assert_allclose(a, b, rtol=rtol, atol=atol * scale, err_msg=what)


def weighted(out: Any, sums: Callable[[Any, np.ndarray], Any]) -> Any:
    """Return one number that every floating-point array of a result takes part in, each element with its own weight."""
    total: Any = 0.0
    for i, x in enumerate(flatten(out)[0]):
        if hasattr(x, "dtype") and "float" in str(x.dtype):
            total = total + sums(x, _floats(*x.shape, seed=i + 10) + 1.5)
    return total


def _paddle(layer: Any, args: Any) -> tuple[Any, dict[str, np.ndarray]]:
    for p in layer.parameters():
        p.clear_grad()
    out = layer(*args)
    weighted(out, lambda x, w: (x * paddle.to_tensor(w)).sum()).backward()
    return out, {
        name: np.zeros(p.shape, "float32") if p.grad is None else p.grad.numpy()
        for name, p in layer.named_parameters()
        if not p.stop_gradient
    }


def _torch(module: Any, args: Any) -> tuple[Any, dict[str, np.ndarray]]:
    import torch

    module.zero_grad()
    out = module(*args)
    weighted(out, lambda x, w: (x * torch.from_numpy(w)).sum()).backward()
    return out, {
        name: (torch.zeros_like(p) if p.grad is None else p.grad).numpy()
        for name, p in module.named_parameters()
        if p.requires_grad
    }


def _flax(module: Any, args: Any) -> tuple[Any, dict[str, np.ndarray]]:
    from flax import nnx

    def loss(module: Any, args: Any) -> Any:
        out = module(*args)
        return weighted(out, lambda x, w: (x * w).sum()), out

    (_, out), grads = nnx.jit(nnx.value_and_grad(loss, has_aux=True))(module, args)
    return out, {".".join(map(str, path)): np.array(leaf[...]) for path, leaf in nnx.to_flat_state(grads)}


_RUNS = {"paddle": _paddle, "torch": _torch, "flax": _flax}
FRAMEWORK = {"paddle": "paddle", "torch": "torch", "flax": "jax"}


def run(model: Any, args: Any, system: str = "paddle") -> tuple[Any, dict[str, np.ndarray]]:
    """Call a native model of a system.

    Args:
        model: the model.
        args: NumPy inputs.
        system: ``"paddle"``, ``"torch"`` or ``"flax"``.

    Returns:
        Its output, and the gradient of one weighted sum of it for every trainable parameter by name.
    """
    return _RUNS[system](model, tensors(args, FRAMEWORK[system]))


def run_converted(model: Any, args: Any, system: str) -> tuple[Any, dict[str, np.ndarray]]:
    """Call a converted model; the gradients have the names and the layout of its source."""
    out, found = run(model, args, system)
    conversion = model._ivy
    names = {".".join(path): name for path, name in conversion.tree().walk()}
    return out, {names[k]: to_numpy(conversion.source_array(names[k], v)) for k, v in found.items()}


def assert_same_gradients(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    """Compare the gradients of all parameters; differences are judged against the largest, as many cancel out."""
    assert found.keys() == expected.keys()
    largest = max((float(np.abs(v).max()) for v in expected.values()), default=0.0)
    for name, value in expected.items():
        assert found[name].shape == value.shape
        np.testing.assert_allclose(found[name], value, rtol=1e-3, atol=1e-5 * largest, err_msg=name)


def statistics(layer: Any) -> dict[str, np.ndarray]:
    """Return everything that a layer saves, as NumPy."""
    return {name: x.numpy() for name, x in layer.state_dict().items()}


def to(layer: Any, system: str, **options: Any) -> Any:
    """Convert a layer."""
    return ivy.transpile(layer, to=system, **options)
