"""Torch modules of every shape that converters have to cope with, each with inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional as F


class CNN(nn.Module):
    """Convolutions, batch norm, a grouped and a transposed convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(8, momentum=0.3)
        self.blocks = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1, groups=4), nn.BatchNorm2d(8), nn.ReLU())
        self.up = nn.ConvTranspose2d(8, 6, 2, stride=2)
        self.fc = nn.Linear(6, 5)

    def forward(self, x):
        x = torch.relu(self.bn(self.stem(x)))
        x = self.up(x + self.blocks(x))
        return self.fc(x.mean((2, 3)))


class Tied(nn.Module):
    """An embedding that is also the output layer's weight."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(11, 6)
        self.proj = nn.Linear(6, 6)
        self.head = nn.Linear(6, 11, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, ids):
        return self.head(torch.tanh(self.proj(self.embed(ids))))


class Nested(nn.Module):
    """Lists, dicts, parameter lists, parameters of the root, a module that is used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.rand(4))
        self.layers = nn.ModuleList([nn.Linear(4, 4), nn.ModuleList([nn.Linear(4, 4)])])
        self.heads = nn.ModuleDict({"a": nn.Linear(4, 2), "perturb": nn.Linear(4, 3)})
        self.extra = nn.ParameterList([torch.rand(4), torch.rand(4)])
        self.more = nn.ParameterDict({"shift": torch.rand(4)})
        self.shared = nn.Linear(4, 4)
        self.again = self.shared

    def forward(self, x):
        x = self.layers[1][0](self.layers[0](x)) * self.scale + self.extra[0] - self.extra[1]
        x = self.again(torch.relu(self.shared(x + self.more["shift"])))
        return {"a": self.heads["a"](x), "perturb": self.heads["perturb"](x)}


class Buffers(nn.Module):
    """Buffers of all kinds: a constant one, one that is not in the checkpoint, one that calls update."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mask", torch.tril(torch.ones(4, 4)))
        self.register_buffer("ids", torch.arange(4), persistent=False)
        self.register_buffer("count", torch.zeros(()))
        self.weight = nn.Parameter(torch.rand(4, 4))
        self.frozen = nn.Parameter(torch.rand(4), requires_grad=False)

    def forward(self, x):
        if self.training:
            self.count += 1
        return x @ (self.weight * self.mask) + self.frozen + self.ids


class Parametrised(nn.Module):
    """A weight computed from another one, and a linear layer whose weight is used in other ways too."""

    def __init__(self) -> None:
        super().__init__()
        self.normed = nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))
        self.lin = nn.Linear(4, 4)
        self.conv = nn.Conv1d(1, 2, 3)

    def forward(self, x):
        y = self.normed(x) @ self.lin.weight + self.lin(x) + self.lin.weight.sum(0)
        return F.conv1d(y[:, None], self.conv.weight * 2).sum((1, 2)) + self.conv.weight.square().sum()


@dataclass
class Result:
    """A container of the user's own."""

    logits: torch.Tensor
    hidden: torch.Tensor


class Pair(NamedTuple):
    """A named tuple."""

    first: torch.Tensor
    second: list[torch.Tensor]


class Outputs(nn.Module):
    """Containers in and out."""

    def __init__(self) -> None:
        super().__init__()
        self.lin = nn.Linear(4, 3)

    def forward(self, batch):
        y = self.lin(batch["x"])
        return Result(logits=y, hidden=batch["x"] * 2), Pair(y, [y + 1])


class NoParameters(nn.Module):
    """Nothing to train."""

    def forward(self, x):
        return torch.sin(x).cumsum(-1)


class Recurrent(nn.Module):
    """An LSTM of two layers and a GRU."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 5, num_layers=2, batch_first=True)
        self.gru = nn.GRU(5, 3, batch_first=True, bidirectional=True)

    def forward(self, x):
        y, (h, c) = self.lstm(x)
        z, n = self.gru(y)
        return z, h, c, n


class Dropping(nn.Module):
    """Dropout between two layers."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two, self.drop = nn.Linear(4, 64), nn.Linear(64, 64), nn.Dropout(0.5)

    def forward(self, x):
        return self.drop(self.two(self.drop(torch.relu(self.one(x)))))


def mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))


def encoder() -> nn.Module:
    return nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)


def floats(*shape: int) -> Callable[[], torch.Tensor]:
    return lambda: torch.randn(*shape)


MODULES: dict[str, tuple[Callable[[], nn.Module], Callable[[], object]]] = {
    "mlp": (mlp, floats(2, 4)),
    "cnn": (CNN, floats(2, 3, 8, 8)),
    "tied": (Tied, lambda: torch.randint(0, 11, (2, 5))),
    "nested": (Nested, floats(3, 4)),
    "buffers": (Buffers, floats(3, 4)),
    "parametrised": (Parametrised, floats(3, 4)),
    "outputs": (Outputs, lambda: {"x": torch.randn(2, 4)}),
    "no_parameters": (NoParameters, floats(2, 3)),
    "recurrent": (Recurrent, floats(2, 6, 4)),
    "encoder": (encoder, floats(2, 5, 8)),
    "dropping": (Dropping, floats(2, 4)),
}
"""Name -> (constructor, maker of one input)."""


def make(name: str, seed: int = 0) -> tuple[nn.Module, object]:
    """Return a module with random weights and buffers, and an input for it."""
    torch.manual_seed(seed)
    build, data = MODULES[name]
    module = build()
    with torch.no_grad():
        for key, x in module.named_parameters():
            x.copy_(torch.randn_like(x) * 0.3 + ("scale" in key))
        for part in module.modules():
            if isinstance(part, nn.modules.batchnorm._BatchNorm):
                part.running_mean.normal_()
                part.running_var.uniform_(0.5, 2.0)
    return module, data()
