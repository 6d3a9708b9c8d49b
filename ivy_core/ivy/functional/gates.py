"""Activations over an axis and gated linear units; the elementwise ones are in `activations`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ShapeError
from ivy.functional._axes import counted
from ivy.functional._precision import narrow, widen
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "geglu",
    "quick_gelu",
    "reglu",
    "softmin",
    "sparsemax",
    "swiglu",
]


def _gated(activation: Callable[[Any], Any], x: Any, axis: int) -> Any:
    size = x.shape[counted(axis, x.ndim)]
    if size % 2:
        raise ShapeError(f"axis {axis} has {size} elements, which can't be halved")
    first, second = F.split(x, 2, axis=axis)
    return F.multiply(activation(first), second)


@composite
def geglu(x: Array, /, *, axis: int = -1) -> Array:
    """Return `gelu` of the first half of an axis times the second half.

    Args:
        x: floating-point array.
        axis: the axis to halve, of even size.

    Returns:
        Array with half as many elements along `axis`.

    Raises:
        ShapeError: if the size of `axis` is odd.

    Definition:
        https://arxiv.org/abs/2002.05202

    Example:
        >>> import ivy, numpy as np
        >>> ivy.geglu(np.asarray([0.0, 3.0])).tolist()
        [0.0]
    """
    return _gated(F.gelu, x, axis)


@composite
def quick_gelu(x: Array, /) -> Array:
    """Return ``x * sigmoid(1.702 * x)``, an approximation of `gelu`.

    Args:
        x: floating-point array.

    Returns:
        Array like `x`.

    Definition:
        https://arxiv.org/abs/1606.08415

    Example:
        >>> import ivy, numpy as np
        >>> ivy.quick_gelu(np.asarray([0.0])).tolist()
        [0.0]
    """
    return F.multiply(x, F.sigmoid(F.multiply(x, 1.702)))


@composite
def reglu(x: Array, /, *, axis: int = -1) -> Array:
    """Return `relu` of the first half of an axis times the second half.

    Args:
        x: floating-point array.
        axis: the axis to halve, of even size.

    Returns:
        Array with half as many elements along `axis`.

    Raises:
        ShapeError: if the size of `axis` is odd.

    Definition:
        https://arxiv.org/abs/2002.05202

    Example:
        >>> import ivy, numpy as np
        >>> ivy.reglu(np.asarray([0.0, 3.0])).tolist()
        [0.0]
    """
    return _gated(F.relu, x, axis)


@composite
def softmin(x: Array, /, *, axis: int = -1) -> Array:
    """Return `softmax` of the negative of each element.

    Args:
        x: floating-point array.
        axis: the axis that sums to one.

    Returns:
        Array like `x`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmin.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.softmin(np.zeros(2)).tolist()
        [0.5, 0.5]
    """
    return F.softmax(F.negative(x), axis=axis)


@composite
def sparsemax(x: Array, /, *, axis: int = -1) -> Array:
    """Return the probabilities nearest to `x`, many of which are 0.

    Args:
        x: floating-point array.
        axis: the axis that sums to one.

    Returns:
        Array like `x`.

    Definition:
        https://arxiv.org/abs/1602.02068

    Example:
        >>> import ivy, numpy as np
        >>> ivy.sparsemax(np.asarray([0.0, 0.5, 3.0])).tolist()
        [0.0, 0.0, 1.0]
    """
    z = F.moveaxis(widen(x), axis, -1)
    ordered = F.sort(z, axis=-1, descending=True)
    sums = F.cumulative_sum(ordered, axis=-1)
    rank = F.astype(F.arange(1, z.shape[-1] + 1, dtype="int32"), dtype_of(z))
    inside = F.greater(F.add(F.multiply(ordered, rank), 1.0), sums)
    count = F.sum(F.astype(inside, dtype_of(z)), axis=-1, keepdims=True)
    total = F.sum(F.where(inside, ordered, 0), axis=-1, keepdims=True)
    found = F.maximum(F.subtract(z, F.divide(F.subtract(total, 1.0), count)), 0)
    return F.moveaxis(narrow(found, x), -1, axis)


@composite
def swiglu(x: Array, /, *, axis: int = -1) -> Array:
    """Return `silu` of the first half of an axis times the second half.

    Args:
        x: floating-point array.
        axis: the axis to halve, of even size.

    Returns:
        Array with half as many elements along `axis`.

    Raises:
        ShapeError: if the size of `axis` is odd.

    Definition:
        https://arxiv.org/abs/2002.05202

    Example:
        >>> import ivy, numpy as np
        >>> ivy.swiglu(np.asarray([0.0, 3.0])).tolist()
        [0.0]
    """
    return _gated(F.silu, x, axis)
