"""Changing the shape, order, dtype and extent of arrays (Array API standard 2025.12 and a few more)."""

from __future__ import annotations

import builtins
import itertools
import math
from collections.abc import Sequence

from ivy.dtypes import dtype_of
from ivy.errors import ArgumentError, ShapeError
from ivy.functional._axes import counted
from ivy.functional.creation import arange, asarray, eye
from ivy.functional.indexing import get_item, take, where
from ivy.functional.registry import composite, primitive
from ivy.functional.typing import Array, Device, Dtype, Shape

__all__ = [
    "as_strided",
    "astype",
    "bitcast",
    "broadcast_arrays",
    "broadcast_shapes",
    "broadcast_to",
    "concat",
    "copy",
    "diag_embed",
    "diagonal",
    "expand_dims",
    "flatten",
    "flip",
    "matrix_transpose",
    "meshgrid",
    "moveaxis",
    "pad",
    "permute_dims",
    "repeat",
    "reshape",
    "roll",
    "split",
    "squeeze",
    "stack",
    "swapaxes",
    "tile",
    "tril",
    "triu",
    "unfold_axis",
    "unstack",
]


# Shape


@primitive
def reshape(x: Array, /, shape: Shape, *, copy: bool | None = None) -> Array:
    """Give the elements, in C order, another shape (Array API).

    Args:
        x: array of any shape.
        shape: the new shape; one -1 is worked out from the others.
        copy: True always copies; None and False copy where the memory can't be shared.

    Returns:
        Array of the new shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.reshape(np.asarray([[1, 2, 3], [4, 5, 6]]), (3, 2))
        array([[1, 2],
               [3, 4],
               [5, 6]])
    """


@primitive
def permute_dims(x: Array, /, axes: Sequence[int]) -> Array:
    """Reorder the axes (Array API).

    Args:
        x: array of any shape.
        axes: for each axis of the result, which one of `x` it is.

    Returns:
        Array of the permuted shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.permute_dims(np.asarray([[1, 2, 3], [4, 5, 6]]), (1, 0))
        array([[1, 4],
               [2, 5],
               [3, 6]])
    """


@composite(body="_rearranging")
def expand_dims(x: Array, /, axis: int | Sequence[int]) -> Array:
    """Insert axes of length one (Array API).

    Args:
        x: array of any shape.
        axis: where the new axes lie in the result.

    Returns:
        Array with more axes.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.expand_dims(np.asarray([1, 2]), axis=1)
        array([[1],
               [2]])
    """


@composite(body="_rearranging")
def squeeze(x: Array, /, axis: int | Sequence[int] | None = None) -> Array:
    """Remove axes of length one (Array API).

    Args:
        x: array of any shape.
        axis: which axes; None: all that have length one.

    Returns:
        Array with fewer axes.

    Raises:
        ValueError: if an axis given has another length than one.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.squeeze(np.asarray([[1], [2]]), axis=1)
        array([1, 2])
    """


@composite
def flatten(x: Array, /, start_axis: int = 0, end_axis: int = -1) -> Array:
    """Merge a range of axes into one (torch.flatten).

    Args:
        x: array of any shape.
        start_axis: the first axis to merge.
        end_axis: the last axis to merge.

    Returns:
        Array with the merged axis; a 0-d array becomes 1-d.

    Definition: torch.flatten, https://docs.pytorch.org/docs/stable/generated/torch.flatten.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.flatten(np.asarray([[1, 2, 3], [4, 5, 6]]))
        array([1, 2, 3, 4, 5, 6])
    """
    shape, rank = tuple(x.shape), x.ndim
    if rank == 0:
        return reshape(x, (1,))
    start, end = counted(start_axis, rank), counted(end_axis, rank)
    return reshape(x, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))


@primitive
def broadcast_to(x: Array, /, shape: Shape) -> Array:
    """Repeat axes of length one, and new leading axes, to a shape (Array API).

    Args:
        x: array of any shape.
        shape: the new shape.

    Returns:
        Array of the new shape; it may share memory with `x`, so don't write to it.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.broadcast_to(np.asarray([1, 2]), (2, 2))
        array([[1, 2],
               [1, 2]])
    """


@composite
def broadcast_arrays(*arrays: Array) -> tuple[Array, ...]:
    """Broadcast arrays against each other (Array API).

    Args:
        *arrays: arrays of any shapes that fit.

    Returns:
        The arrays, all of one shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.broadcast_arrays(np.asarray([1, 2]), np.asarray([[3], [4]]))
        (array([[1, 2],
               [1, 2]]), array([[3, 3],
               [4, 4]]))
    """
    shape = broadcast_shapes(*(x.shape for x in arrays))
    return tuple(x if tuple(x.shape) == shape else broadcast_to(x, shape) for x in arrays)


def broadcast_shapes(*shapes: Sequence[int]) -> tuple[int, ...]:
    """Return the shape that shapes broadcast to (Array API).

    Args:
        *shapes: tuples of integers.

    Returns:
        The common shape.

    Raises:
        ShapeError: if they don't fit.

    Example:
        >>> import ivy
        >>> ivy.broadcast_shapes((2, 1), (3,))
        (2, 3)
    """
    rank = max((len(s) for s in shapes), default=0)
    result = []
    for sizes in zip(*((1,) * (rank - len(s)) + tuple(s) for s in shapes), strict=True):
        others = {size for size in sizes if size != 1}
        if len(others) > 1:
            raise ShapeError(f"the shapes {', '.join(map(str, shapes))} don't broadcast")
        result.append(others.pop() if others else 1)
    return tuple(result)


@composite
def matrix_transpose(x: Array, /) -> Array:
    """Swap the last two axes (Array API).

    Args:
        x: array with at least two axes.

    Returns:
        Array of the swapped shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.matrix_transpose(np.asarray([[1, 2, 3], [4, 5, 6]]))
        array([[1, 4],
               [2, 5],
               [3, 6]])
    """
    return swapaxes(x, -1, -2)


@composite
def swapaxes(x: Array, axis1: int, axis2: int, /) -> Array:
    """Swap two axes (numpy.swapaxes).

    Args:
        x: array of any shape.
        axis1: an axis.
        axis2: an axis.

    Returns:
        Array of the swapped shape.

    Definition: numpy.swapaxes, https://numpy.org/doc/stable/reference/generated/numpy.swapaxes.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.swapaxes(np.asarray([[1, 2, 3], [4, 5, 6]]), 0, 1)
        array([[1, 4],
               [2, 5],
               [3, 6]])
    """
    axes = list(range(x.ndim))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return permute_dims(x, tuple(axes))


@composite
def moveaxis(x: Array, source: int | Sequence[int], destination: int | Sequence[int], /) -> Array:
    """Move axes to other places (Array API).

    Args:
        x: array of any shape.
        source: which axes.
        destination: where each of them goes.

    Returns:
        Array of the permuted shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.moveaxis(np.asarray([[1, 2, 3], [4, 5, 6]]), 0, -1).shape
        (3, 2)
    """
    rank = x.ndim
    origins = [counted(a, rank) for a in ((source,) if isinstance(source, int) else source)]
    goals = [counted(a, rank) for a in ((destination,) if isinstance(destination, int) else destination)]
    order = [a for a in range(rank) if a not in origins]
    for goal, origin in sorted(zip(goals, origins, strict=True)):
        order.insert(goal, origin)
    return permute_dims(x, tuple(order))


# Joining and splitting


@primitive
def concat(arrays: Sequence[Array], /, *, axis: int | None = 0) -> Array:
    """Join arrays along an axis that they have (Array API).

    Args:
        arrays: arrays whose shapes agree but for `axis`.
        axis: the axis; None joins the flattened arrays.

    Returns:
        Array of the promoted dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.concat([np.asarray([1, 2]), np.asarray([3])])
        array([1, 2, 3])
    """


@composite
def stack(arrays: Sequence[Array], /, *, axis: int = 0) -> Array:
    """Join arrays along a new axis (Array API).

    Args:
        arrays: arrays of one shape.
        axis: where the new axis lies in the result.

    Returns:
        Array of the promoted dtype with one axis more.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.stack([np.asarray([1, 2]), np.asarray([3, 4])])
        array([[1, 2],
               [3, 4]])
    """
    return concat([expand_dims(x, axis=axis) for x in arrays], axis=axis)


@composite
def unstack(x: Array, /, *, axis: int = 0) -> tuple[Array, ...]:
    """Split an array into its parts along an axis, which they lose (Array API).

    Args:
        x: array of any shape.
        axis: the axis.

    Returns:
        One array per position on the axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.unstack(np.asarray([[1, 2, 3], [4, 5, 6]]))
        (array([1, 2, 3]), array([4, 5, 6]))
    """
    before = (slice(None),) * (counted(axis, x.ndim))
    return tuple(get_item(x, (*before, i)) for i in range(x.shape[axis]))


@composite
def split(x: Array, /, indices_or_sections: int | Sequence[int], *, axis: int = 0) -> list[Array]:
    """Split an array along an axis, which the parts keep (numpy.split).

    Args:
        x: array of any shape.
        indices_or_sections: the number of equal parts, or the positions at which new parts begin.
        axis: the axis.

    Returns:
        The parts.

    Raises:
        ShapeError: if the axis can't be split into that many equal parts.

    Definition: numpy.split, https://numpy.org/doc/stable/reference/generated/numpy.split.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.split(np.arange(6), 3)
        [array([0, 1]), array([2, 3]), array([4, 5])]
    """
    size, before = x.shape[axis], (slice(None),) * (counted(axis, x.ndim))
    if isinstance(indices_or_sections, int):
        if size % indices_or_sections:
            raise ShapeError(f"an axis of length {size} can't be split into {indices_or_sections} equal parts")
        width = size // indices_or_sections
        indices_or_sections = [width * i for i in range(1, indices_or_sections)]
    edges = [0, *indices_or_sections, size]
    return [get_item(x, (*before, slice(a, b))) for a, b in itertools.pairwise(edges)]


# Rearranging and repeating


@composite(body="_rearranging")
def flip(x: Array, /, *, axis: int | Sequence[int] | None = None) -> Array:
    """Reverse the order along axes (Array API).

    Args:
        x: array of any shape.
        axis: which axes; None: all.

    Returns:
        Array of the same shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.flip(np.asarray([[1, 2, 3], [4, 5, 6]]), axis=1)
        array([[3, 2, 1],
               [6, 5, 4]])
    """


@composite(body="_rearranging")
def roll(x: Array, /, shift: int | Sequence[int], *, axis: int | Sequence[int] | None = None) -> Array:
    """Shift elements along axes; what leaves at the end enters at the start (Array API).

    Args:
        x: array of any shape.
        shift: how far along each axis.
        axis: which axes; None shifts the flattened array and restores the shape.

    Returns:
        Array of the same shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.roll(np.asarray([[1, 2, 3], [4, 5, 6]]), 1, axis=1)
        array([[3, 1, 2],
               [6, 4, 5]])
    """


@composite(body="_rearranging")
def repeat(x: Array, repeats: int | Array, /, *, axis: int | None = None) -> Array:
    """Repeat each element (Array API).

    Args:
        x: array of any shape.
        repeats: how often; an integer array says it for each position on the axis.
        axis: the axis; None repeats the flattened array.

    Returns:
        Array that is longer along the axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.repeat(np.asarray([1, 2]), 2)
        array([1, 1, 2, 2])
    """


@composite(body="_rearranging")
def tile(x: Array, repetitions: Sequence[int], /) -> Array:
    """Repeat the whole array along each axis (Array API).

    Args:
        x: array of any shape.
        repetitions: how often along each of the last axes; more than axes add leading ones.

    Returns:
        Array that is larger along each axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.tile(np.asarray([1, 2]), (2, 2))
        array([[1, 2, 1, 2],
               [1, 2, 1, 2]])
    """


@composite(body="_padding")
def pad(x: Array, /, pad_width: Sequence[tuple[int, int]], *, mode: str = "constant", value: float = 0.0) -> Array:
    """Add elements before and after along each axis (numpy.pad).

    Args:
        x: array of any shape.
        pad_width: for each axis how many to add before and after; negative numbers crop, in mode ``"constant"``.
        mode: ``"constant"``, ``"edge"``, ``"reflect"`` (without the edge), ``"symmetric"`` (with it) or ``"wrap"``.
        value: the constant.

    Returns:
        Array of the padded shape.

    Raises:
        ShapeError: if there is not one pair for each axis, or an empty axis has nothing to repeat.

    Definition: numpy.pad, https://numpy.org/doc/stable/reference/generated/numpy.pad.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.pad(np.asarray([1, 2, 3]), [(2, 1)], mode="reflect")
        array([3, 2, 1, 2, 3, 2])
    """


@composite
def meshgrid(*arrays: Array, indexing: str = "xy") -> tuple[Array, ...]:
    """Make the coordinate arrays of a grid (Array API).

    Args:
        *arrays: 1-d arrays, the coordinates along each axis.
        indexing: ``"ij"`` keeps the order of axes, ``"xy"`` swaps the first two.

    Returns:
        One array per coordinate, each of the grid's shape.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.meshgrid(np.asarray([1, 2]), np.asarray([3, 4, 5]))
        (array([[1, 2],
               [1, 2],
               [1, 2]]), array([[3, 3],
               [4, 4],
               [5, 5]]))
    """
    rank = len(arrays)
    order = list(range(rank))
    if indexing not in ("xy", "ij"):
        raise ArgumentError(f"ivy.meshgrid: indexing can't be {indexing!r}", hint="use 'xy' or 'ij'")
    if indexing == "xy" and rank > 1:
        order[0], order[1] = 1, 0
    shape = [0] * rank
    for x, axis in zip(arrays, order, strict=True):
        shape[axis] = math.prod(x.shape)
    return tuple(
        broadcast_to(reshape(x, tuple(-1 if a == axis else 1 for a in range(rank))), tuple(shape))
        for x, axis in zip(arrays, order, strict=True)
    )


@composite
def as_strided(x: Array, shape: Sequence[int], strides: Sequence[int], offset: int = 0, /) -> Array:
    """Read the elements of `x`, in C order, at computed steps (torch.as_strided on a contiguous array).

    Args:
        x: array of any shape.
        shape: the result's shape.
        strides: for each axis of the result, how many elements of `x` a step skips.
        offset: the element to start at.

    Returns:
        Array of that shape; a copy, never a view.

    Definition: torch.as_strided, https://docs.pytorch.org/docs/stable/generated/torch.as_strided.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.as_strided(np.arange(5), (3, 2), (1, 1))
        array([[0, 1],
               [1, 2],
               [2, 3]])
    """
    positions = asarray(offset, dtype="int64")
    for size, stride in zip(shape, strides, strict=True):
        positions = expand_dims(positions, axis=-1) + arange(size, dtype="int64") * stride
    return take(reshape(x, (-1,)), positions, axis=0)


@composite
def unfold_axis(x: Array, /, axis: int, size: int, step: int) -> Array:
    """Give each window of an axis a row of its own (torch.Tensor.unfold).

    Args:
        x: array with at least one axis.
        axis: the axis to cut windows from.
        size: length of a window.
        step: distance between the starts of two windows.

    Returns:
        Array whose `axis` counts windows and whose new last axis runs within them.

    Definition: torch.Tensor.unfold, https://docs.pytorch.org/docs/stable/generated/torch.Tensor.unfold.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.unfold_axis(np.arange(5), 0, 3, 2)
        array([[0, 1, 2],
               [2, 3, 4]])
    """
    axis = counted(axis, x.ndim)
    count = (x.shape[axis] - size) // step + 1
    positions = [start * step + i for start in range(count) for i in range(size)]
    windows = take(x, asarray(positions, dtype="int64"), axis=axis)
    windows = reshape(windows, (*x.shape[:axis], count, size, *x.shape[axis + 1 :]))
    return moveaxis(windows, axis + 1, -1)


# Matrices


@composite(body="_rearranging")
def tril(x: Array, /, *, k: int = 0) -> Array:
    """Keep the elements at and below a diagonal, and make the others 0 (Array API).

    Args:
        x: array with at least two axes; the last two are the matrices.
        k: which diagonal: positive above the main one, negative below.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.tril(np.ones((2, 2)))
        array([[1., 0.],
               [1., 1.]])
    """


@composite(body="_rearranging")
def triu(x: Array, /, *, k: int = 0) -> Array:
    """Keep the elements at and above a diagonal, and make the others 0 (Array API).

    Args:
        x: array with at least two axes; the last two are the matrices.
        k: which diagonal: positive above the main one, negative below.

    Returns:
        Array of the same shape and dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.triu(np.ones((2, 2)))
        array([[1., 1.],
               [0., 1.]])
    """


@composite(body="_rearranging")
def diagonal(x: Array, /, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """Return a diagonal of matrices (numpy.diagonal).

    Args:
        x: array with at least two axes.
        offset: which diagonal: positive above the main one, negative below.
        axis1: the axis of the rows.
        axis2: the axis of the columns.

    Returns:
        Array without the two axes, and with the diagonal as its last.

    Definition: numpy.diagonal, https://numpy.org/doc/stable/reference/generated/numpy.diagonal.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.diagonal(np.asarray([[1, 2, 3], [4, 5, 6]]), offset=1)
        array([2, 6])
    """


@composite
def diag_embed(x: Array, /, *, offset: int = 0, axis1: int = -2, axis2: int = -1) -> Array:
    """Make matrices with the last axis as a diagonal and 0 elsewhere (torch.diag_embed).

    Args:
        x: array with at least one axis.
        offset: which diagonal: positive above the main one, negative below.
        axis1: where the result's rows lie.
        axis2: where the result's columns lie.

    Returns:
        Array with one axis more.

    Definition: torch.diag_embed, https://docs.pytorch.org/docs/stable/generated/torch.diag_embed.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.diag_embed(np.asarray([1, 2]))
        array([[1, 0],
               [0, 2]])
    """
    size = x.shape[-1] + builtins.abs(offset)
    low, high = (builtins.max(-offset, 0), builtins.max(offset, 0))
    on_diagonal = eye(size, k=offset, dtype="bool")
    spread = expand_dims(pad(x, [(0, 0)] * (x.ndim - 1) + [(high, low)]), axis=-2)
    return moveaxis(where(on_diagonal, spread, asarray(0, dtype=dtype_of(x))), (-2, -1), (axis1, axis2))


# Data types and memory


@primitive
def astype(x: Array, dtype: Dtype, /, *, copy: bool = True, device: Device = None) -> Array:
    """Cast to a dtype (Array API).

    Args:
        x: array of any shape.
        dtype: the dtype; complex numbers cast to real lose their imaginary part; NaN as an integer is undefined.
        copy: whether to copy when the dtype is right already.
        device: where to put the result; None leaves it where it is.

    Returns:
        Array of that dtype.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.astype(np.asarray([1.7, -1.7]), "int32")
        array([ 1, -1], dtype=int32)
    """


@composite(body="_rearranging")
def copy(x: Array, /) -> Array:
    """Return a copy that shares no memory with `x`.

    Args:
        x: array of any shape.

    Returns:
        Array equal to `x`.

    Definition: numpy.copy, https://numpy.org/doc/stable/reference/generated/numpy.copy.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.copy(np.asarray([1, 2]))
        array([1, 2])
    """


@primitive
def bitcast(x: Array, dtype: Dtype, /) -> Array:
    """Read the bits as another dtype (numpy.ndarray.view).

    Args:
        x: array of any shape; with axes if the sizes of the two dtypes differ.
        dtype: the dtype. The last axis grows or shrinks where it has another size.

    Returns:
        Array of that dtype.

    Definition: numpy.ndarray.view, https://numpy.org/doc/stable/reference/generated/numpy.ndarray.view.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.bitcast(np.asarray([1.0], dtype="float32"), "int32")
        array([1065353216], dtype=int32)
    """
