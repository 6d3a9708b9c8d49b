"""Reading and writing at index vectors, masks, diagonals and flat places; the ways that get_item and set_item lack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError
from ivy.functional._axes import counted
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "fill_diagonal",
    "gather_nd",
    "index_add",
    "index_fill",
    "masked_fill",
    "masked_scatter",
    "masked_select",
    "ravel_multi_index",
    "scatter_nd",
    "unravel_index",
]


def _key(x: Any, indices: Any, batch_axes: int) -> tuple[Any, ...]:
    """The key for `get_item` that a matrix of index vectors stands for."""
    outer = indices.ndim - 1
    batch = [
        F.reshape(F.arange(x.shape[d], dtype="int64"), tuple(-1 if a == d else 1 for a in range(outer)))
        for d in range(batch_axes)
    ]
    return (*batch, *(F.get_item(indices, (..., i)) for i in range(indices.shape[-1])))


@composite
def fill_diagonal(x: Array, value: Array | float, /, *, offset: int = 0) -> Array:
    """Replace the diagonals of the last two axes.

    Args:
        x: array with at least two axes.
        value: number, or array that broadcasts to the diagonal.
        offset: 0 is the main diagonal, positive numbers are above it.

    Returns:
        A new array like `x`.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.fill_diagonal.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.fill_diagonal(np.zeros((2, 2)), 3.0).tolist()
        [[3.0, 0.0], [0.0, 3.0]]
    """
    rows, cols = x.shape[-2:]
    size = max(0, min(rows + min(offset, 0), cols - max(offset, 0)))
    start = F.arange(size, dtype="int64")
    return F.set_item(x, (..., F.add(start, max(-offset, 0)), F.add(start, max(offset, 0))), value)


@composite
def gather_nd(x: Array, indices: Array, /, *, batch_axes: int = 0) -> Array:
    """Take the parts of an array that index vectors name.

    Args:
        x: array of any shape and dtype.
        indices: integers, shape ``(..., depth)``: each vector names a place on the first axes after
            the batch's.
        batch_axes: number of leading axes that both arrays share.

    Returns:
        Shape of `indices` without its last axis, then the axes of `x` that are not indexed.

    Definition:
        https://www.tensorflow.org/api_docs/python/tf/gather_nd

    Example:
        >>> import ivy, numpy as np
        >>> ivy.gather_nd(np.asarray([[1, 2], [3, 4]]), np.asarray([[0, 1], [1, 0]])).tolist()
        [2, 3]
    """
    return F.get_item(x, _key(x, indices, batch_axes))


@composite
def index_add(x: Array, indices: Array, source: Array, /, *, axis: int = 0, alpha: float = 1) -> Array:
    """Add slices to those of an axis that indices name.

    Args:
        x: array of any shape and dtype.
        indices: integers, shape ``(n,)``; they may repeat.
        source: of the shape of `x`, with n elements along `axis`.
        axis: the axis.
        alpha: factor of `source`.

    Returns:
        A new array like `x`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.Tensor.index_add_.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.index_add(np.zeros(2), np.asarray([1, 1]), np.asarray([1.0, 2.0])).tolist()
        [0.0, 3.0]
    """
    source = source if alpha == 1 else F.multiply(source, alpha)
    return F.add_at(x, (*[slice(None)] * counted(axis, x.ndim), indices), source)


@composite
def index_fill(x: Array, indices: Array, value: Array | float, /, *, axis: int = 0) -> Array:
    """Replace the slices of an axis that indices name by one value.

    Args:
        x: array of any shape and dtype.
        indices: integers, shape ``(n,)``; they may repeat.
        value: number, or array of no axes.
        axis: the axis.

    Returns:
        A new array like `x`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.Tensor.index_fill_.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.index_fill(np.zeros(3), np.asarray([0, 2]), 7.0).tolist()
        [7.0, 0.0, 7.0]
    """
    axis = counted(axis, x.ndim)
    # by a mask, as an index that comes twice shall count once in the gradient of the value
    named = F.set_item(F.zeros((x.shape[axis],), dtype="bool"), (indices,), True)
    return masked_fill(x, F.reshape(named, tuple(-1 if a == axis else 1 for a in range(x.ndim))), value)


@composite
def masked_fill(x: Array, mask: Array, value: Array | float, /) -> Array:
    """Replace the elements where a mask is true.

    Args:
        x: array of any shape and dtype.
        mask: boolean array that broadcasts with `x`.
        value: number, or array of no axes.

    Returns:
        Array of the broadcast shape and the dtype of `x`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.Tensor.masked_fill_.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.masked_fill(np.asarray([1, 2]), np.asarray([True, False]), 0).tolist()
        [0, 2]
    """
    value = F.astype(value, dtype_of(x)) if hasattr(value, "dtype") else F.full((), value, dtype=dtype_of(x))
    return F.where(mask, value, x)


@composite
def masked_scatter(x: Array, mask: Array, source: Array, /) -> Array:
    """Replace the elements where a mask is true by those of another array, in order.

    Args:
        x: array of any shape and dtype.
        mask: boolean array that broadcasts to `x`.
        source: at least as many elements as the mask has that are true; others are not used.

    Returns:
        A new array like `x`.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.Tensor.masked_scatter_.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.masked_scatter(np.zeros(3), np.asarray([True, False, True]), np.asarray([5.0, 6.0])).tolist()
        [5.0, 0.0, 6.0]
    """
    shape = tuple(x.shape)
    flat = F.reshape(F.broadcast_to(mask, shape), (-1,))
    source = F.reshape(F.astype(source, dtype_of(x)), (-1,))
    if not source.shape[0]:
        return x
    place = F.subtract(F.cumulative_sum(F.astype(flat, "int64"), axis=0), 1)
    taken = F.take(source, F.clip(place, 0, source.shape[0] - 1), axis=0)
    return F.reshape(F.where(flat, taken, F.reshape(x, (-1,))), shape)


@composite
def masked_select(x: Array, mask: Array, /) -> Array:
    """Return the elements where a mask is true, in one axis; how many depends on the values.

    Args:
        x: array of any shape and dtype.
        mask: boolean array that broadcasts with `x`.

    Returns:
        Array of one axis.

    Definition:
        https://docs.pytorch.org/docs/stable/generated/torch.masked_select.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.masked_select(np.asarray([1, 2]), np.asarray([False, True])).tolist()
        [2]
    """
    x, mask = F.broadcast_arrays(x, mask)
    return F.get_item(x, mask)


@composite
def ravel_multi_index(indices: Sequence[Array], shape: Sequence[int], /) -> Array:
    """Turn places on the axes of a shape into places in its flat order.

    Args:
        indices: integers, one array for each axis, of shapes that broadcast.
        shape: the sizes of the axes.

    Returns:
        Array of the broadcast shape.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.ravel_multi_index.html

    Example:
        >>> import ivy, numpy as np
        >>> int(ivy.ravel_multi_index((np.asarray(1), np.asarray(2)), (2, 3)))
        5
    """
    found = indices[0]
    for place, size in zip(indices[1:], tuple(shape)[1:], strict=True):
        found = F.add(F.multiply(found, size), place)
    return found


@composite
def scatter_nd(x: Array, indices: Array, updates: Array | float, /, *, mode: str = "set") -> Array:
    """Write to the parts of an array that index vectors name.

    Args:
        x: array of any shape and dtype.
        indices: integers, shape ``(..., depth)``, as in `gather_nd`.
        updates: values that broadcast to those that `gather_nd` takes.
        mode: ``"set"`` (of equal places any), ``"add"``, ``"mul"``, ``"min"`` or ``"max"``.

    Returns:
        A new array like `x`.

    Raises:
        ArgumentError: if there is no such mode.

    Definition:
        https://www.tensorflow.org/api_docs/python/tf/tensor_scatter_nd_update

    Example:
        >>> import ivy, numpy as np
        >>> ivy.scatter_nd(np.zeros(3), np.asarray([[0], [0]]), np.asarray([1.0, 2.0]), mode="add").tolist()
        [3.0, 0.0, 0.0]
    """
    put = {"set": F.set_item, "add": F.add_at, "mul": F.mul_at, "min": F.min_at, "max": F.max_at}.get(mode)
    if put is None:
        raise ArgumentError(f"mode must be set, add, mul, min or max, not {mode!r}")
    return put(x, _key(x, indices, 0), updates)


@composite
def unravel_index(indices: Array, shape: Sequence[int], /) -> tuple[Array, ...]:
    """Turn places in the flat order of a shape into places on its axes.

    Args:
        indices: integers, any shape.
        shape: the sizes of the axes.

    Returns:
        One array like `indices` for each axis.

    Definition:
        https://numpy.org/doc/stable/reference/generated/numpy.unravel_index.html

    Example:
        >>> import ivy, numpy as np
        >>> [int(i) for i in ivy.unravel_index(np.asarray(5), (2, 3))]
        [1, 2]
    """
    found = []
    for size in reversed(tuple(shape)):
        found.append(F.remainder(indices, size))
        indices = F.floor_divide(indices, size)
    return tuple(reversed(found))
