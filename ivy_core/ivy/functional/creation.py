"""Making arrays (Array API standard 2025.12).

Functions without an array argument run on the backend that is set. Where no dtype is given, Python floats make float32
and Python integers make int64 (int32 on a JAX without 64-bit types), whatever the framework's own default is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ivy.dtypes import dtype_of
from ivy.errors import BackendError
from ivy.functional.registry import composite, primitive
from ivy.functional.typing import Array, Device, Dtype, Shape

__all__ = [
    "arange",
    "array",
    "asarray",
    "empty",
    "empty_like",
    "eye",
    "from_dlpack",
    "full",
    "full_like",
    "linspace",
    "one_hot",
    "ones",
    "ones_like",
    "tri",
    "zeros",
    "zeros_like",
]


@primitive
def asarray(
    obj: Array | Sequence[Any], /, dtype: Dtype = None, *, device: Device = None, copy: bool | None = None
) -> Array:
    """Make an array of numbers, nested sequences or an array (Array API).

    Args:
        obj: scalar, nested sequence of scalars and arrays, or array.
        dtype: the result's dtype; None keeps an array's own, and makes float32 of floats and int64 of integers.
        device: where to put it; None leaves an array where it is.
        copy: True always copies, False never does, None copies where it must.

    Returns:
        The array.

    Raises:
        ValueError: if `copy` is False and a copy is needed.

    Example:
        >>> import ivy
        >>> ivy.asarray([1.0, 2.0]).dtype
        'float32'
    """


def array(obj: Any, /, dtype: Dtype = None, *, device: Device = None, copy: bool | None = True) -> Array:
    """Make an array that shares no memory with `obj` (numpy.array); `asarray` with ``copy=True``.

    Args:
        obj: scalar, nested sequence of scalars and arrays, or array.
        dtype: as in `asarray`.
        device: as in `asarray`.
        copy: as in `asarray`.

    Returns:
        The array.

    Example:
        >>> import ivy
        >>> ivy.array([1, 2]).dtype
        'int64'
    """
    return asarray(obj, dtype, device=device, copy=copy)


def from_dlpack(x: Any, /, *, device: Device = None, copy: bool | None = None) -> Array:
    """Make an array of the current backend from another framework's, without a copy where possible (Array API).

    Args:
        x: any object with ``__dlpack__``.
        device: where to put it; None leaves it where it is.
        copy: True always copies, False never does, None copies where it must.

    Returns:
        The array.

    Raises:
        BackendError: if `copy` is False and a copy is needed.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> with ivy.using_backend("numpy"):
        ...     ivy.from_dlpack(np.asarray([1.0, 2.0])).shape
        (2,)
    """
    from ivy.backend import ArrayScope, current_backend, current_scope, get_backend

    scope = current_scope()
    support = get_backend(current_backend()).module
    taken = support.from_foreign(x, copy=bool(copy))
    if copy is False and not _shares_memory(taken, x):
        raise BackendError(
            f"an array of type {type(x).__module__}.{type(x).__qualname__} can't be taken over without a copy",
            hint="leave copy out",
        )
    if device is not None:
        taken = support.asarray(taken, device=device)
    if isinstance(scope, ArrayScope):
        from ivy.array import Array as Wrapped

        return Wrapped(taken)
    return taken


def _shares_memory(a: Any, b: Any) -> bool:
    def address(x: Any) -> Any:
        x = getattr(x, "data", x) if type(x).__module__ == "ivy.array" else x
        for read in ("data_ptr", "unsafe_buffer_pointer"):
            if hasattr(x, read):
                return getattr(x, read)()
        return x.__array_interface__["data"][0]

    return a is getattr(b, "data", b) or bool(address(a) == address(b))


@composite(body="_rearranging")
def full(shape: Shape, fill_value: Array | float, *, dtype: Dtype = None, device: Device = None) -> Array:
    """Make an array filled with one value (Array API).

    Args:
        shape: integer or tuple.
        fill_value: scalar or 0-d array.
        dtype: None takes the value's: float32, int64, bool or complex64 for Python scalars.
        device: where to put it.

    Returns:
        The array.

    Example:
        >>> import ivy
        >>> ivy.full((2,), 3.0).dtype
        'float32'
    """


@primitive
def arange(
    start: float, /, stop: float | None = None, step: float = 1, *, dtype: Dtype = None, device: Device = None
) -> Array:
    """Make the numbers from `start` up to, but without, `stop` (Array API).

    Args:
        start: the first number; the end, and 0 the first, if `stop` is None.
        stop: the end.
        step: the distance.
        dtype: None makes int64 of integers, float32 otherwise.
        device: where to put it.

    Returns:
        1-d array.

    Example:
        >>> import ivy
        >>> ivy.arange(3).shape
        (3,)
    """


@composite
def empty(shape: Shape, *, dtype: Dtype = None, device: Device = None) -> Array:
    """Make an array whose values are unspecified (Array API).

    Args:
        shape: integer or tuple.
        dtype: None is float32.
        device: where to put it.

    Returns:
        The array.

    Example:
        >>> import ivy
        >>> ivy.empty((2, 3)).shape
        (2, 3)
    """
    return full(shape, 0.0, dtype=dtype or "float32", device=device)


@composite
def zeros(shape: Shape, *, dtype: Dtype = None, device: Device = None) -> Array:
    """Make an array of zeros (Array API).

    Args:
        shape: integer or tuple.
        dtype: None is float32.
        device: where to put it.

    Returns:
        The array.

    Example:
        >>> import ivy
        >>> ivy.zeros((2, 3)).dtype
        'float32'
    """
    return full(shape, 0.0, dtype=dtype or "float32", device=device)


@composite
def ones(shape: Shape, *, dtype: Dtype = None, device: Device = None) -> Array:
    """Make an array of ones (Array API).

    Args:
        shape: integer or tuple.
        dtype: None is float32.
        device: where to put it.

    Returns:
        The array.

    Example:
        >>> import ivy
        >>> ivy.ones((2, 3)).dtype
        'float32'
    """
    return full(shape, 1.0, dtype=dtype or "float32", device=device)


@composite
def full_like(x: Array, /, fill_value: Array | float, *, dtype: Dtype = None, device: Device = None) -> Array:
    """Make an array of the shape of `x` filled with one value (Array API).

    Args:
        x: array that gives the shape.
        fill_value: scalar or 0-d array.
        dtype: None takes that of `x`.
        device: None takes that of `x`.

    Returns:
        The array.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.full_like(np.zeros(2, dtype="int32"), 7)
        array([7, 7], dtype=int32)
    """
    return full(x.shape, fill_value, dtype=dtype or dtype_of(x), device=device)


@composite
def empty_like(x: Array, /, *, dtype: Dtype = None, device: Device = None) -> Array:
    """Make an array of the shape of `x` whose values are unspecified (Array API).

    Args:
        x: array that gives the shape.
        dtype: None takes that of `x`.
        device: None takes that of `x`.

    Returns:
        The array.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.empty_like(np.zeros((2, 3))).shape
        (2, 3)
    """
    return full_like(x, 0, dtype=dtype, device=device)


@composite
def zeros_like(x: Array, /, *, dtype: Dtype = None, device: Device = None) -> Array:
    """Make an array of zeros of the shape of `x` (Array API).

    Args:
        x: array that gives the shape.
        dtype: None takes that of `x`.
        device: None takes that of `x`.

    Returns:
        The array.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.zeros_like(np.ones(2))
        array([0., 0.])
    """
    return full_like(x, 0, dtype=dtype, device=device)


@composite
def ones_like(x: Array, /, *, dtype: Dtype = None, device: Device = None) -> Array:
    """Make an array of ones of the shape of `x` (Array API).

    Args:
        x: array that gives the shape.
        dtype: None takes that of `x`.
        device: None takes that of `x`.

    Returns:
        The array.

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.ones_like(np.zeros(2))
        array([1., 1.])
    """
    return full_like(x, 1, dtype=dtype, device=device)


@composite(body="_rearranging")
def linspace(
    start: Array | complex,
    stop: Array | complex,
    /,
    num: int,
    *,
    dtype: Dtype = None,
    device: Device = None,
    endpoint: bool = True,
) -> Array:
    """Make evenly spaced numbers (Array API).

    Args:
        start: the first number.
        stop: the end.
        num: how many numbers to make.
        dtype: None is float32, or complex64 for complex ends.
        device: where to put it.
        endpoint: whether `stop` is the last number.

    Returns:
        1-d array of length `num`; ends that are arrays have their shape after it.

    Example:
        >>> import ivy
        >>> ivy.linspace(0.0, 1.0, 5).shape
        (5,)
    """


@composite
def eye(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Dtype = None, device: Device = None) -> Array:
    """Make a matrix with ones on one diagonal and zeros elsewhere (Array API).

    Args:
        n_rows: number of rows.
        n_cols: number of columns; None makes it square.
        k: which diagonal: positive above the main one, negative below.
        dtype: None is float32.
        device: where to put it.

    Returns:
        2-d array.

    Example:
        >>> import ivy
        >>> ivy.eye(2, 3).shape
        (2, 3)
    """
    from ivy.functional.comparison import equal
    from ivy.functional.manipulation import astype, expand_dims

    rows = expand_dims(arange(n_rows, device=device), axis=1)
    columns = arange(n_rows if n_cols is None else n_cols, device=device)
    return astype(equal(rows, columns - k), dtype or "float32")


@composite
def tri(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Dtype = None, device: Device = None) -> Array:
    """Make a matrix with ones at and below one diagonal and zeros above (numpy.tri).

    Args:
        n_rows: number of rows.
        n_cols: number of columns; None makes it square.
        k: which diagonal: positive above the main one, negative below.
        dtype: None is float32.
        device: where to put it.

    Returns:
        2-d array.

    Definition: numpy.tri, https://numpy.org/doc/stable/reference/generated/numpy.tri.html

    Example:
        >>> import ivy
        >>> ivy.tri(2).shape
        (2, 2)
    """
    from ivy.functional.comparison import greater_equal
    from ivy.functional.manipulation import astype, expand_dims

    rows = expand_dims(arange(n_rows, device=device), axis=1)
    columns = arange(n_rows if n_cols is None else n_cols, device=device)
    return astype(greater_equal(rows, columns - k), dtype or "float32")


@composite
def one_hot(indices: Array, depth: int, /, *, axis: int = -1, dtype: Dtype = None) -> Array:
    """Turn class numbers into vectors with a one at that place (jax.nn.one_hot).

    Args:
        indices: integer array; a number outside [0, depth) gives a vector of zeros.
        depth: length of the vectors.
        axis: where the result's new axis goes.
        dtype: None is float32.

    Returns:
        Array with one axis more than `indices`.

    Definition: jax.nn.one_hot, https://docs.jax.dev/en/latest/_autosummary/jax.nn.one_hot.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.one_hot(np.asarray([0, 2]), 3)
        array([[1., 0., 0.],
               [0., 0., 1.]], dtype=float32)
    """
    from ivy.functional.comparison import equal
    from ivy.functional.manipulation import astype, expand_dims, reshape

    place = axis % (indices.ndim + 1)
    classes = reshape(arange(depth, dtype=dtype_of(indices)), (-1,) + (1,) * (indices.ndim - place))
    return astype(equal(expand_dims(indices, axis=place), classes), dtype or "float32")
