"""Reading and writing parts of arrays: NumPy's indexing, take and put, slices at traced positions, where.

All writes are functional: they return a new array and leave their argument alone. Keys mean what they mean in NumPy,
on every backend: integers, slices (negative steps too), ``None``, ``Ellipsis``, integer arrays, boolean masks, and
tuples of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ivy.functional.registry import composite, primitive
from ivy.functional.typing import Array

__all__ = [
    "add_at",
    "argwhere",
    "dynamic_slice",
    "dynamic_update_slice",
    "get_item",
    "index_put",
    "max_at",
    "min_at",
    "mul_at",
    "nonzero",
    "put_along_axis",
    "select",
    "set_item",
    "take",
    "take_along_axis",
    "where",
]


@primitive
def get_item(x: Array, key: Array | Any, /) -> Array:
    """Return ``x[key]`` with NumPy's meaning (Array API ``__getitem__`` and NumPy's advanced indexing).

    Args:
        x: array of any shape.
        key: integer, slice, ``None``, ``Ellipsis``, integer array, boolean array, or a tuple of these.

    Returns:
        The selected elements, in the dtype of `x`.

    Definition:
        Array API, https://data-apis.org/array-api/2025.12/API_specification/generated/array_api.array.__getitem__.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.get_item(np.arange(5), slice(None, None, -2))
        array([4, 2, 0])
    """


@primitive
def set_item(x: Array, key: Array | Any, value: Array | Any, /) -> Array:
    """Return a copy of `x` in which ``x[key]`` is `value`.

    Args:
        x: array of any shape.
        key: as in `get_item`. Where an element is named twice, which value stays is undefined.
        value: array or scalar that broadcasts against ``x[key]``; cast to the dtype of `x`.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: jax.numpy.ndarray.at, https://docs.jax.dev/en/latest/_autosummary/jax.numpy.ndarray.at.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.set_item(np.zeros(3), slice(1, None), 5.0)
        array([0., 5., 5.])
    """


@primitive
def add_at(x: Array, key: Array | Any, value: Array | Any, /) -> Array:
    """Return a copy of `x` with `value` added at `key`; an element named twice receives both (numpy.add.at).

    Args:
        x: array of any shape, numeric.
        key: as in `get_item`.
        value: array or scalar that broadcasts against ``x[key]``; cast to the dtype of `x`.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: numpy.ufunc.at, https://numpy.org/doc/stable/reference/generated/numpy.ufunc.at.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.add_at(np.zeros(3), np.asarray([0, 0, 2]), 1.0)
        array([2., 0., 1.])
    """


@composite(body="_places")
def mul_at(x: Array, key: Array | Any, value: Array | Any, /) -> Array:
    """Return a copy of `x` multiplied by `value` at `key`; an element named twice is multiplied twice.

    Args:
        x: array of any shape, numeric.
        key: as in `get_item`.
        value: array or scalar that broadcasts against ``x[key]``; cast to the dtype of `x`.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: numpy.ufunc.at, https://numpy.org/doc/stable/reference/generated/numpy.ufunc.at.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.mul_at(np.ones(3), np.asarray([0, 0, 2]), 3.0)
        array([9., 1., 3.])
    """


@composite(body="_places")
def min_at(x: Array, key: Array | Any, value: Array | Any, /) -> Array:
    """Return a copy of `x` with the minimum of itself and `value` at `key` (numpy.minimum.at).

    Args:
        x: array of any shape, real.
        key: as in `get_item`.
        value: array or scalar that broadcasts against ``x[key]``; cast to the dtype of `x`.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: numpy.ufunc.at, https://numpy.org/doc/stable/reference/generated/numpy.ufunc.at.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.min_at(np.ones(3), np.asarray([0, 0]), np.asarray([2.0, -1.0]))
        array([-1.,  1.,  1.])
    """


@composite(body="_places")
def max_at(x: Array, key: Array | Any, value: Array | Any, /) -> Array:
    """Return a copy of `x` with the maximum of itself and `value` at `key` (numpy.maximum.at).

    Args:
        x: array of any shape, real.
        key: as in `get_item`.
        value: array or scalar that broadcasts against ``x[key]``; cast to the dtype of `x`.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: numpy.ufunc.at, https://numpy.org/doc/stable/reference/generated/numpy.ufunc.at.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.max_at(np.ones(3), np.asarray([0, 0]), np.asarray([2.0, -1.0]))
        array([2., 1., 1.])
    """


@composite
def index_put(
    x: Array, indices: Sequence[Array | None], values: Array | float, /, *, accumulate: bool = False
) -> Array:
    """Return a copy of `x` with `values` at `indices` (torch.index_put).

    Args:
        x: array of any shape.
        indices: one integer or boolean array for each of the first axes; None takes the whole axis.
        values: array or scalar that broadcasts against the selected elements.
        accumulate: whether to add instead of to replace.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: torch.Tensor.index_put_, https://docs.pytorch.org/docs/stable/generated/torch.Tensor.index_put_.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.index_put(np.zeros((2, 2)), (np.asarray([0, 1]), np.asarray([1, 0])), 7.0)
        array([[0., 7.],
               [7., 0.]])
    """
    key = tuple(slice(None) if index is None else index for index in indices)
    return add_at(x, key, values) if accumulate else set_item(x, key, values)


@composite(body="_places")
def take(x: Array, indices: Array, /, *, axis: int | None = None) -> Array:
    """Return the elements at `indices` along an axis (Array API).

    Args:
        x: array of any shape.
        indices: integer array of any shape; negative ones count from the end.
        axis: the axis to take from; None takes from the flattened array.

    Returns:
        Array in which the shape of `indices` replaces the axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.take(np.asarray([[1, 2], [3, 4]]), np.asarray([1, 0]), axis=1)
        array([[2, 1],
               [4, 3]])
    """


@composite(body="_places")
def take_along_axis(x: Array, indices: Array, /, *, axis: int = -1) -> Array:
    """Return the elements at `indices`, matched along all other axes (Array API).

    Args:
        x: array of any shape.
        indices: integer array with the rank of `x`; its other axes broadcast against those of `x`.
        axis: the axis to take from.

    Returns:
        Array of the broadcast shape, with the length of `indices` along `axis`.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.take_along_axis(np.asarray([[3, 1], [2, 4]]), np.asarray([[1], [0]]), axis=1)
        array([[1],
               [2]])
    """


@composite(body="_places")
def put_along_axis(x: Array, indices: Array, values: Array | float, /, *, axis: int, mode: str = "set") -> Array:
    """Return a copy of `x` with `values` at `indices`, matched along all other axes (numpy.put_along_axis).

    Args:
        x: array of any shape.
        indices: integer array with the rank of `x`; its other axes broadcast against those of `x`.
        values: array or scalar that broadcasts against `indices`.
        axis: the axis to write along.
        mode: ``"set"``, ``"add"``, ``"mul"``, ``"min"`` or ``"max"``: what to do with the old element. All but
            ``"set"`` count an element named twice twice.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: numpy.put_along_axis, https://numpy.org/doc/stable/reference/generated/numpy.put_along_axis.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.put_along_axis(np.zeros((2, 2)), np.asarray([[1], [0]]), 5.0, axis=1)
        array([[0., 5.],
               [5., 0.]])
    """


@composite(body="_places")
def dynamic_slice(x: Array, start_indices: Sequence[Array | int], sizes: Sequence[int], /) -> Array:
    """Return a block of fixed size that starts at a computed position (jax.lax.dynamic_slice).

    Args:
        x: array of any shape.
        start_indices: one integer or 0-d integer array per axis. Negative ones count from the end; then they are
            moved so that the block lies within the array.
        sizes: size of the block along each axis.

    Returns:
        Array of shape `sizes`.

    Definition: jax.lax.dynamic_slice, https://docs.jax.dev/en/latest/_autosummary/jax.lax.dynamic_slice.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.dynamic_slice(np.arange(5), (np.asarray(4),), (2,))
        array([3, 4])
    """


@composite(body="_places")
def dynamic_update_slice(x: Array, update: Array, start_indices: Sequence[Array | int], /) -> Array:
    """Return a copy of `x` with a block written at a computed position (jax.lax.dynamic_update_slice).

    Args:
        x: array of any shape.
        update: the block, with the rank of `x`.
        start_indices: as in `dynamic_slice`.

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        jax.lax.dynamic_update_slice, https://docs.jax.dev/en/latest/_autosummary/jax.lax.dynamic_update_slice.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.dynamic_update_slice(np.zeros(4), np.ones(2), (3,))
        array([0., 0., 1., 1.])
    """


@primitive
def nonzero(x: Array, /) -> tuple[Array, ...]:  # type: ignore[empty-body]
    """Return the positions of the elements that are not 0, one index array per axis (Array API).

    Args:
        x: array with at least one axis. The result's shape depends on its values, so this can't be compiled.

    Returns:
        One 1-d integer array per axis.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.nonzero(np.asarray([0, 3, 4]))
        (array([1, 2]),)
    """


@composite
def argwhere(x: Array, /) -> Array:
    """Return the positions of the elements that are not 0, one row each (numpy.argwhere).

    Args:
        x: array with at least one axis.

    Returns:
        Integer array of shape (number of elements found, rank of `x`).

    Definition: numpy.argwhere, https://numpy.org/doc/stable/reference/generated/numpy.argwhere.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.argwhere(np.asarray([[0, 1], [1, 0]]))
        array([[0, 1],
               [1, 0]])
    """
    from ivy.functional.manipulation import stack

    return stack(nonzero(x), axis=-1)


@primitive
def where(condition: Array, x1: Array | float, x2: Array | float, /) -> Array:
    """Choose elements of `x1` where the condition is true, else of `x2` (Array API).

    Args:
        condition: boolean array.
        x1: array or scalar that broadcasts against the condition.
        x2: array or scalar that broadcasts against the condition.

    Returns:
        Array of the broadcast shape and the promoted dtype of `x1` and `x2`.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.where(np.asarray([True, False]), np.asarray([1, 2]), 0)
        array([1, 0])
    """


@composite
def select(conditions: Sequence[Array], choices: Sequence[Array | float], /, default: Array | float = 0) -> Array:
    """Choose each element from the first choice whose condition is true there (numpy.select).

    Args:
        conditions: boolean arrays that broadcast against each other.
        choices: one array or scalar per condition.
        default: taken where no condition is true.

    Returns:
        Array of the broadcast shape and the promoted dtype.

    Definition: numpy.select, https://numpy.org/doc/stable/reference/generated/numpy.select.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> x = np.arange(4)
        >>> ivy.select([x < 1, x > 2], [x - 10, x + 10], 0)
        array([-10,   0,   0,  13])
    """
    result = default
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        result = where(condition, choice, result)
    return result
