"""Activation functions in torch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from ivy.backend import body_of
from ivy.functional import activations as core
from ivy.functional._axes import counted
from ivy_torch.backend.support import WIDE

_hard_tanh_body = body_of(core.hard_tanh, "torch")
_threshold_body = body_of(core.threshold, "torch")

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
    if not x.is_floating_point():
        return _hard_tanh_body(x, min_val, max_val)
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
    return _threshold_body(x, limit, value) if x.dtype in WIDE else F.threshold(x, limit, value)


def prelu(x: Any, weight: Any, /, axis: Any = 1) -> Any:
    if x.dtype != weight.dtype:
        weight = weight.to(x.dtype)
    if weight.ndim == 0 or weight.shape[0] == 1:
        return F.prelu(x, weight)
    axis = counted(axis, x.ndim)
    if x.ndim == 1:  # torch takes its one axis for that of a batch
        return torch.where(x > 0, x, x * weight)
    if axis == 1:
        return F.prelu(x, weight)
    return F.prelu(x.movedim(axis, 1), weight).movedim(1, axis)


def glu(x: Any, /, *, axis: Any = -1) -> Any:
    return F.glu(x, axis)
