"""Noise for training: relatives of `dropout`, relaxed draws, random slopes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "alpha_dropout",
    "drop_path",
    "gaussian_dropout",
    "gumbel_softmax",
    "rrelu",
    "spatial_dropout",
]

_FLOOR = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717
"""What `selu` tends to for negative numbers."""


def _check(rate: float, *, below_one: bool = False) -> None:
    if not 0 <= rate <= 1 or (below_one and rate == 1):
        raise ArgumentError(f"rate must be a probability{' below 1' if below_one else ''}, not {rate}")


@composite(random=lambda bound: bound["rate"] > 0)
def alpha_dropout(
    x: Array, /, *, rate: float, key: Array | int | None = None, noise_shape: Sequence[int] | None = None
) -> Array:
    """Drop elements to the limit of `selu`, and scale so that mean and variance stay.

    Args:
        x: floating-point array.
        rate: probability of dropping, from 0 up to 1.
        key: uint32 array of shape (2,), or a seed; None for the default generator.
        noise_shape: shape of the random mask, broadcastable to that of `x`; where it is one, elements are
            dropped together (torch's feature_alpha_dropout).

    Returns:
        Array like `x`.

    Raises:
        ArgumentError: if `rate` is not a probability.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.alpha_dropout.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.alpha_dropout(np.ones(4), rate=0.0).tolist()
        [1.0, 1.0, 1.0, 1.0]
    """
    _check(rate)
    if rate == 0:
        return x
    if rate == 1:
        return F.zeros_like(x)
    shape = tuple(x.shape if noise_shape is None else noise_shape)
    keep = F.bernoulli(1.0 - rate, shape=shape, key=key)
    scale = ((1.0 - rate) * (1.0 + rate * _FLOOR**2)) ** -0.5
    return F.add(F.multiply(F.where(keep, x, F.full_like(x, _FLOOR)), scale), -scale * _FLOOR * rate)


@composite(random=lambda bound: bound["rate"] > 0)
def drop_path(x: Array, /, *, rate: float, key: Array | int | None = None) -> Array:
    """Drop whole examples, of a residual branch, and scale up the others (stochastic depth).

    Args:
        x: floating-point array, examples along the first axis.
        rate: probability of dropping, from 0 up to 1.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        Array like `x`.

    Raises:
        ArgumentError: if `rate` is not a probability.

    Definition:
        https://arxiv.org/abs/1603.09382

    Example:
        >>> import ivy, numpy as np
        >>> sorted({float(v) for v in ivy.drop_path(np.ones((40, 2)), rate=0.5, key=0)[:, 0]})
        [0.0, 2.0]
    """
    _check(rate)
    return F.dropout(x, rate=rate, noise_shape=[x.shape[0]] + [1] * (x.ndim - 1), key=key)


@composite(random=lambda bound: bound["rate"] > 0)
def gaussian_dropout(x: Array, /, *, rate: float, key: Array | int | None = None) -> Array:
    """Multiply by normal noise of mean 1 and standard deviation sqrt(rate / (1 - rate)).

    Args:
        x: floating-point array.
        rate: from 0 up to, but without, 1.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        Array like `x`.

    Raises:
        ArgumentError: if `rate` is out of range.

    Definition:
        https://keras.io/api/layers/regularization_layers/gaussian_dropout/

    Example:
        >>> import ivy, numpy as np
        >>> ivy.gaussian_dropout(np.ones(3), rate=0.5, key=0).shape
        (3,)
    """
    _check(rate, below_one=True)
    if rate == 0:
        return x
    std = math.sqrt(rate / (1.0 - rate))
    return F.multiply(x, F.random_normal(mean=1.0, std=std, shape=tuple(x.shape), dtype=dtype_of(x), key=key))


@composite(random=True)
def gumbel_softmax(
    logits: Array, /, *, temperature: float = 1.0, hard: bool = False, axis: int = -1, key: Array | int | None = None
) -> Array:
    """Draw from a relaxed categorical distribution, differentiably.

    Args:
        logits: unnormalised log-probabilities along `axis`.
        temperature: the lower, the closer to one-hot.
        hard: whether the result is one-hot, with the gradient of the relaxed one (straight through).
        axis: the axis of the classes.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        Array like `logits` that sums to one along `axis`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gumbel_softmax.html

    Example:
        >>> import ivy, numpy as np
        >>> float(ivy.gumbel_softmax(np.zeros(4), hard=True, key=0).sum())
        1.0
    """
    dtype = dtype_of(logits)
    noise = F.random_gumbel(shape=tuple(logits.shape), dtype=dtype, key=key)
    soft = F.softmax(F.divide(F.add(logits, noise), temperature), axis=axis)
    if not hard:
        return soft
    best = F.one_hot(F.argmax(soft, axis=axis), logits.shape[axis], axis=axis, dtype=dtype)
    # the difference is exact where `soft` is near 1 or 0, and the sum is rounded otherwise: the value is the hard one
    return F.add(F.subtract(soft, F.stop_gradient(soft)), best)


@composite(random=lambda bound: bound["training"])
def rrelu(
    x: Array, /, *, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False, key: Array | int | None = None
) -> Array:
    """Return x, multiplied where negative by a slope that is drawn in training.

    Args:
        x: floating-point array.
        lower: least slope.
        upper: greatest slope.
        training: whether slopes are drawn; else they are the mean of `lower` and `upper`.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        Array like `x`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.rrelu.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.rrelu(np.asarray([-2.0, 2.0]), lower=0.5, upper=0.5).tolist()
        [-1.0, 2.0]
    """
    if training:
        slope: Any = F.random_uniform(low=lower, high=upper, shape=tuple(x.shape), dtype=dtype_of(x), key=key)
    else:
        slope = (lower + upper) / 2.0
    return F.where(F.less(x, 0), F.multiply(x, slope), x)


@composite(random=lambda bound: bound["rate"] > 0)
def spatial_dropout(
    x: Array, /, *, rate: float, data_format: str = "channels_first", key: Array | int | None = None
) -> Array:
    """Drop whole channels of each example, as `dropout` does elements.

    Args:
        x: shape ``(batch, channels, ...)``, or ``(batch, ..., channels)`` for ``"channels_last"``.
        rate: probability of dropping, from 0 up to 1.
        data_format: where the channels are.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        Array like `x`.

    Raises:
        ArgumentError: if `rate` is not a probability.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout2d.html

    Example:
        >>> import ivy, numpy as np
        >>> y = ivy.spatial_dropout(np.ones((2, 3, 4)), rate=0.5, key=0)
        >>> bool((y == y[:, :, :1]).all())
        True
    """
    _check(rate)
    place = 1 if data_format == "channels_first" else x.ndim - 1
    shape = [d if i in (0, place) else 1 for i, d in enumerate(x.shape)]
    return F.dropout(x, rate=rate, noise_shape=shape, key=key)
