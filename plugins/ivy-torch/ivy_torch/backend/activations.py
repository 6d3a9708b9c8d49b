"""Activation functions in torch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from ivy.functional._axes import counted

relu = torch.relu
relu6 = F.relu6
selu = torch.selu
silu = F.silu
sigmoid = torch.sigmoid
log_sigmoid = F.logsigmoid
hard_sigmoid = F.hardsigmoid
hard_swish = F.hardswish
softsign = F.softsign
mish = F.mish
tanhshrink = F.tanhshrink


def squared_relu(x: Any, /) -> Any:
    return torch.square(torch.relu(x))


def leaky_relu(x: Any, /, alpha: Any = 0.01) -> Any:
    return F.leaky_relu(x, alpha)


def elu(x: Any, /, alpha: Any = 1.0) -> Any:
    return F.elu(x, alpha)


def celu(x: Any, /, alpha: Any = 1.0) -> Any:
    return F.celu(x, alpha)


def gelu(x: Any, /, *, approximate: Any = False) -> Any:
    return F.gelu(x, approximate="tanh" if approximate else "none")


def hard_tanh(x: Any, /, min_val: Any = -1.0, max_val: Any = 1.0) -> Any:
    return F.hardtanh(x, min_val, max_val)


def softplus(x: Any, /, *, beta: Any = 1.0, threshold: Any = 20.0) -> Any:
    return F.softplus(x, beta, threshold)


def softmax(x: Any, /, *, axis: Any = -1) -> Any:
    return torch.softmax(x, axis)


def log_softmax(x: Any, /, *, axis: Any = -1) -> Any:
    return torch.log_softmax(x, axis)


def softshrink(x: Any, /, alpha: Any = 0.5) -> Any:
    return F.softshrink(x, alpha)


def hardshrink(x: Any, /, alpha: Any = 0.5) -> Any:
    return F.hardshrink(x, alpha)


def threshold(x: Any, /, limit: Any, value: Any) -> Any:
    return F.threshold(x, limit, value)


def prelu(x: Any, weight: Any, /, axis: Any = 1) -> Any:
    axis = counted(axis, x.ndim)
    if x.dtype != weight.dtype:
        weight = weight.to(x.dtype)
    if axis == 1 or weight.numel() == 1:
        return F.prelu(x, weight)
    return F.prelu(x.movedim(axis, 1), weight).movedim(1, axis)


def glu(x: Any, /, *, axis: Any = -1) -> Any:
    return F.glu(x, axis)
