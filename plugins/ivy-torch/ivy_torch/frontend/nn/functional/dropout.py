"""Dropout; the numbers come from the target's own generator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_torch.frontend.declare import api
from ivy_torch.frontend.promotion import cast


def _dropped(x: Any, p: float, training: bool, noise_shape: tuple[int, ...] | None = None) -> Any:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not training or p == 0:
        return x
    if p == 1:
        return ops.multiply(x, 0.0)
    if noise_shape is None:
        return ops.dropout(x, rate=float(p))
    return ops.dropout(x, rate=float(p), noise_shape=noise_shape)


@api("F.dropout")
def dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    return _dropped(input, p, training)


@api("dropout")
def torch_dropout(input: Any, p: float, train: bool) -> Any:
    return _dropped(input, p, train)


@api("native_dropout")
def native_dropout(input: Any, p: float, train: bool | None) -> tuple[Any, Any]:
    if train is False or p == 0:
        return input, ops.ones_like(input, dtype="bool")
    keep = ops.bernoulli(1.0 - p, shape=tuple(input.shape), dtype=dtype_of(input))
    return ops.multiply(ops.multiply(input, keep), 0.0 if p == 1 else 1.0 / (1.0 - p)), cast(keep, "bool")


@api("native_dropout_backward")
def native_dropout_backward(grad_output: Any, mask: Any, scale: float) -> Any:
    return ops.multiply(ops.multiply(grad_output, cast(mask, dtype_of(grad_output))), scale)


def _channels(x: Any, n: int) -> tuple[int, ...]:
    """Return the shape of one number per sample and channel."""
    if len(x.shape) == n + 1:  # no batch
        return (x.shape[0], *([1] * n))
    return (*x.shape[:2], *([1] * (len(x.shape) - 2)))


def _dropout_channels(n: int) -> Callable[..., Any]:
    def call(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
        return _dropped(input, p, training, _channels(input, n))

    return call


api("F.dropout1d")(_dropout_channels(1))
# torch takes a 3-d input of dropout2d for a batch of 1-d samples, with a warning
api("F.dropout2d")(_dropout_channels(1))
api("F.dropout3d")(_dropout_channels(3))


@api("feature_dropout")
def feature_dropout(input: Any, p: float, train: bool) -> Any:
    return _dropped(input, p, train, _channels(input, 0))


def _alpha_dropped(x: Any, p: float, training: bool, shape: tuple[int, ...]) -> Any:
    """Drop to SELU's negative limit and keep mean and variance (Klambauer et al. 2017)."""
    if not training or p == 0:
        return x
    if p == 1:
        return ops.multiply(x, 0.0)
    limit = -1.7580993408473766
    a = ((1.0 - p) * (1.0 + p * limit**2)) ** -0.5
    keep = cast(ops.bernoulli(1.0 - p, shape=shape, dtype=dtype_of(x)), "bool")
    return ops.add(ops.multiply(ops.where(keep, x, limit), a), -a * p * limit)


@api("F.alpha_dropout")
def alpha_dropout(input: Any, p: float = 0.5, training: bool = False, inplace: bool = False) -> Any:
    return _alpha_dropped(input, p, training, tuple(input.shape))


@api("alpha_dropout")
def torch_alpha_dropout(input: Any, p: float, train: bool) -> Any:
    return _alpha_dropped(input, p, train, tuple(input.shape))


@api("F.feature_alpha_dropout")
def feature_alpha_dropout(input: Any, p: float = 0.5, training: bool = False, inplace: bool = False) -> Any:
    return _alpha_dropped(input, p, training, _channels(input, 0))


@api("feature_alpha_dropout")
def torch_feature_alpha_dropout(input: Any, p: float, train: bool) -> Any:
    return feature_alpha_dropout(input, p, train)
