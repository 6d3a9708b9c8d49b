"""Normalisations.

All keep the shape and dtype of `x`; statistics of half-precision inputs are computed in float32.
"""

from __future__ import annotations

from collections.abc import Sequence

from ivy.errors import ShapeError
from ivy.functional._axes import counted
from ivy.functional._precision import narrow, widen
from ivy.functional._windows import channel_axis
from ivy.functional.elementwise import equal, maximum, pow, rsqrt, sqrt, square  # noqa: A004
from ivy.functional.gradients import stop_gradient
from ivy.functional.indexing import where
from ivy.functional.linalg import matmul
from ivy.functional.manipulation import matrix_transpose, moveaxis, pad, reshape
from ivy.functional.reductions import mean
from ivy.functional.reductions import sum as total
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "batch_norm",
    "batch_norm_train",
    "group_norm",
    "instance_norm",
    "l2_normalize",
    "layer_norm",
    "local_response_norm",
    "rms_norm",
    "spectral_norm",
    "weight_norm",
]


@composite
def batch_norm(
    x: Array,
    mean: Array,
    variance: Array,
    scale: Array | None = None,
    offset: Array | None = None,
    /,
    *,
    eps: float = 1e-5,
    axis: int = 1,
) -> Array:
    """Return ``(x - mean) / sqrt(variance + eps) * scale + offset`` with statistics that are given.

    Args:
        x: any shape, floating-point.
        mean: shape ``(x.shape[axis],)``.
        variance: as `mean`.
        scale: as `mean`; None is 1.
        offset: as `mean`; None is 0.
        eps: added to the variance.
        axis: the channel axis.

    Returns:
        Array of the shape and dtype of `x` (arXiv:1502.03167, torch's ``batch_norm`` in evaluation).

    Definition: arXiv:1502.03167, https://arxiv.org/abs/1502.03167

    Example:
        >>> import ivy, numpy as np
        >>> ivy.batch_norm(np.ones((2, 3)), np.ones(3), np.ones(3)).tolist()
        [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    factor = rsqrt(widen(variance) + eps)
    if scale is not None:
        factor = factor * widen(scale)
    shift = -widen(mean) * factor
    if offset is not None:
        shift = shift + widen(offset)
    shape = _along(x.ndim, axis)
    # folded into one multiply-add for each element
    return narrow(widen(x) * _placed(factor, shape) + _placed(shift, shape), x)


@composite
def batch_norm_train(
    x: Array, scale: Array | None = None, offset: Array | None = None, /, *, eps: float = 1e-5, axis: int = 1
) -> tuple[Array, Array, Array]:
    """Normalise with the statistics of the batch itself, and return these too.

    Args:
        x: any shape, floating-point.
        scale: shape ``(x.shape[axis],)``; None is 1.
        offset: as `scale`; None is 0.
        eps: added to the variance.
        axis: the channel axis; the statistics are over all others.

    Returns:
        The normalised array, the mean and the biased variance, both of shape ``(x.shape[axis],)`` (float32 for
        half-precision `x`). Updating running averages is the caller's, as frameworks differ in it.

    Definition: arXiv:1502.03167, https://arxiv.org/abs/1502.03167

    Example:
        >>> import ivy, numpy as np
        >>> y, mean, var = ivy.batch_norm_train(np.asarray([[1.0], [3.0]]))
        >>> mean.tolist(), var.tolist()
        ([2.0], [1.0])
    """
    h = widen(x)
    axes = tuple(a for a in range(x.ndim) if a != counted(axis, x.ndim))
    center, centred, variance = _moments(h, axes)
    y = centred * rsqrt(variance + eps)
    shape, size = _along(x.ndim, axis), (-1,) if 0 not in x.shape else (x.shape[axis],)
    return narrow(_affine(y, scale, offset, shape), x), reshape(center, size), reshape(variance, size)


@composite
def layer_norm(
    x: Array,
    scale: Array | None = None,
    offset: Array | None = None,
    /,
    *,
    axes: int | Sequence[int] = -1,
    eps: float = 1e-5,
) -> Array:
    """Normalise each example over some axes (arXiv:1607.06450, torch's ``layer_norm``).

    Args:
        x: any shape, floating-point.
        scale: of the shape that `x` has on `axes` (in ascending order); None is 1.
        offset: as `scale`; None is 0.
        axes: the axes that are normalised together.
        eps: added to the biased variance.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1607.06450, https://arxiv.org/abs/1607.06450

    Example:
        >>> import ivy, numpy as np
        >>> ivy.layer_norm(np.asarray([[1.0, 3.0]]), eps=0.0).tolist()
        [[-1.0, 1.0]]
    """
    h = widen(x)
    over = _axes(axes, x.ndim)
    _, centred, variance = _moments(h, over)
    y = centred * rsqrt(variance + eps)
    return narrow(_affine(y, scale, offset, _on(x.shape, over)), x)


@composite
def rms_norm(x: Array, scale: Array | None = None, /, *, axes: int | Sequence[int] = -1, eps: float = 1e-6) -> Array:
    """Divide by the root of the mean square over some axes (arXiv:1910.07467, torch's ``rms_norm``).

    Args:
        x: any shape, floating-point.
        scale: of the shape that `x` has on `axes` (in ascending order); None is 1.
        axes: the axes that are normalised together.
        eps: added to the mean square.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1910.07467, https://arxiv.org/abs/1910.07467

    Example:
        >>> import ivy, numpy as np
        >>> ivy.rms_norm(np.asarray([[3.0, -3.0]]), eps=0.0).tolist()
        [[1.0, -1.0]]
    """
    h = widen(x)
    over = _axes(axes, x.ndim)
    y = h * rsqrt(mean(square(h), axis=over, keepdims=True) + eps)
    return narrow(_affine(y, scale, None, _on(x.shape, over)), x)


@composite
def group_norm(
    x: Array,
    scale: Array | None = None,
    offset: Array | None = None,
    /,
    *,
    groups: int,
    eps: float = 1e-5,
    data_format: str = "channels_first",
) -> Array:
    """Normalise groups of channels of each example (arXiv:1803.08494, torch's ``group_norm``).

    Args:
        x: shape ``(batch, channels, ...)`` or ``(batch, ..., channels)``, floating-point.
        scale: shape ``(channels,)``; None is 1.
        offset: as `scale`; None is 0.
        groups: number of groups of adjacent channels; divides the channels.
        eps: added to the biased variance.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Array of the shape and dtype of `x`.

    Raises:
        ShapeError: if `groups` does not divide the channels.

    Definition: arXiv:1803.08494, https://arxiv.org/abs/1803.08494

    Example:
        >>> import ivy, numpy as np
        >>> ivy.group_norm(np.ones((2, 4, 3)), groups=2).shape
        (2, 4, 3)
    """
    axis = channel_axis(x.ndim, data_format)
    channels = x.shape[axis]
    if channels % groups:
        raise ShapeError(f"group_norm cannot cut {channels} channels into {groups} groups")
    h = widen(x)
    split = (*x.shape[:axis], groups, channels // groups, *x.shape[axis + 1 :])
    h = reshape(h, split)
    _, centred, variance = _moments(h, tuple(a for a in range(1, h.ndim) if a != axis))
    y = reshape(centred * rsqrt(variance + eps), tuple(x.shape))
    return narrow(_affine(y, scale, offset, _along(x.ndim, axis)), x)


@composite
def instance_norm(
    x: Array,
    scale: Array | None = None,
    offset: Array | None = None,
    /,
    *,
    eps: float = 1e-5,
    data_format: str = "channels_first",
) -> Array:
    """Normalise each channel of each example over its spatial axes (arXiv:1607.08022, torch's ``instance_norm``).

    Args:
        x: shape ``(batch, channels, ...)`` or ``(batch, ..., channels)``, floating-point.
        scale: shape ``(channels,)``; None is 1.
        offset: as `scale`; None is 0.
        eps: added to the biased variance.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1607.08022, https://arxiv.org/abs/1607.08022

    Example:
        >>> import ivy, numpy as np
        >>> ivy.instance_norm(np.ones((2, 4, 3))).shape
        (2, 4, 3)
    """
    axis = channel_axis(x.ndim, data_format)
    h = widen(x)
    _, centred, variance = _moments(h, tuple(a for a in range(1, x.ndim) if a != axis))
    y = centred * rsqrt(variance + eps)
    return narrow(_affine(y, scale, offset, _along(x.ndim, axis)), x)


@composite
def local_response_norm(
    x: Array,
    /,
    *,
    size: int,
    alpha: float = 1e-4,
    beta: float = 0.75,
    k: float = 1.0,
    data_format: str = "channels_first",
) -> Array:
    """Divide by a power of the mean square of neighbouring channels (AlexNet; torch's ``local_response_norm``).

    Args:
        x: shape ``(batch, channels, ...)`` or ``(batch, ..., channels)``, floating-point.
        size: number of neighbouring channels, missing ones count as zeros.
        alpha: factor of the mean square.
        beta: exponent.
        k: added to the scaled mean square.
        data_format: ``"channels_first"`` or ``"channels_last"``.

    Returns:
        ``x / (k + alpha * mean_square) ** beta``, of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.local_response_norm,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.local_response_norm.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.local_response_norm(np.ones((2, 4, 3)), size=2).shape
        (2, 4, 3)
    """
    axis = channel_axis(x.ndim, data_format)
    h = widen(x)
    widths = [(0, 0)] * x.ndim
    widths[axis] = (size // 2, (size - 1) // 2)
    squares = pad(square(h), widths)
    near: Array = None
    for shift in range(size):
        key = [slice(None)] * x.ndim
        key[axis] = slice(shift, shift + x.shape[axis])
        part = squares[tuple(key)]
        near = part if near is None else near + part
    return narrow(h / pow(near * (alpha / size) + k, beta), x)


@composite
def l2_normalize(x: Array, /, *, axis: int | Sequence[int] = -1, eps: float = 1e-12) -> Array:
    """Return ``x / max(||x||, eps)`` along axes (torch's ``normalize``).

    Args:
        x: any shape, floating-point.
        axis: the axis or axes of one vector.
        eps: smallest divisor.

    Returns:
        Array of the shape and dtype of `x`; zero vectors stay zero, also in the gradient.

    Definition:
        torch.nn.functional.normalize, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.l2_normalize(np.asarray([3.0, 4.0])).tolist()
        [0.6, 0.8]
    """
    h = widen(x)
    squares = total(square(h), axis=_axes(axis, x.ndim), keepdims=True)
    zero = equal(squares, 0)  # the root has no derivative there
    length = where(zero, 0.0, sqrt(where(zero, 1.0, squares)))
    return narrow(h / maximum(length, eps), x)


@composite
def weight_norm(v: Array, g: Array, /, *, axis: int | None = 0) -> Array:
    """Return ``g * v / ||v||``, a weight by its direction and its length (Salimans and Kingma 2016).

    Args:
        v: the direction, of any shape, floating-point.
        g: the lengths, of a shape that broadcasts to that of `v`: ``(n, 1, ..., 1)`` for `axis` 0.
        axis: the axis whose slices have a length each; None for one length of the whole.

    Returns:
        Array of the shape and dtype of `v`.

    Definition:
        torch.nn.utils.parametrizations.weight_norm,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.weight_norm.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.weight_norm(np.asarray([[3.0, 4.0]]), np.asarray([[10.0]])).tolist()
        [[6.0, 8.0]]
    """
    h = widen(v)
    kept = () if axis is None else (counted(axis, v.ndim),)
    others = tuple(a for a in range(v.ndim) if a not in kept)
    length = sqrt(total(square(h), axis=others, keepdims=True))
    return narrow(h * (widen(g) / length), v)


@composite
def spectral_norm(
    weight: Array, u: Array, v: Array, /, *, axis: int = 0, iterations: int = 1, eps: float = 1e-12
) -> tuple[Array, Array, Array]:
    """Divide a weight by its largest singular value, estimated by power iteration (Miyato et al. 2018).

    Args:
        weight: two or more axes, floating-point; read as a matrix with the rows along `axis`.
        u: estimate of the left singular vector, ``(rows,)``.
        v: estimate of the right singular vector, ``(columns,)``.
        axis: which axis has the rows; the others are flattened to the columns.
        iterations: how many times to improve the estimates; 0 in evaluation.
        eps: least length to divide a vector by.

    Returns:
        ``(weight, u, v)``: the divided weight and the new estimates, through which no derivatives flow.

    Definition:
        torch.nn.utils.parametrizations.spectral_norm,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.spectral_norm.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.spectral_norm(np.eye(2) * 4, np.asarray([1.0, 0.0]), np.asarray([1.0, 0.0]))[0].tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    h = widen(weight)
    matrix = reshape(moveaxis(h, counted(axis, weight.ndim), 0), (weight.shape[axis], -1))
    fixed, left, right = stop_gradient(matrix), stop_gradient(widen(u)), stop_gradient(widen(v))
    for _ in range(iterations):
        left = l2_normalize(matmul(fixed, right), eps=eps)
        right = l2_normalize(matmul(matrix_transpose(fixed), left), eps=eps)
    sigma = total(left * matmul(matrix, right))
    return narrow(h / sigma, weight), narrow(left, u), narrow(right, v)


def _moments(h: Array, axes: tuple[int, ...]) -> tuple[Array, Array, Array]:
    """Mean, values less the mean, and biased variance from these: the mean of squares loses digits at a large mean."""
    center = mean(h, axis=axes, keepdims=True)
    centred = h - center
    return center, centred, mean(square(centred), axis=axes, keepdims=True)


def _affine(y: Array, scale: Array | None, offset: Array | None, shape: tuple[int, ...]) -> Array:
    if scale is not None:
        y = y * _placed(widen(scale), shape)
    if offset is not None:
        y = y + _placed(widen(offset), shape)
    return y


def _placed(p: Array, shape: tuple[int, ...]) -> Array:
    """Give an array a shape with axes of size one, unless it broadcasts to that by itself."""
    own = shape[next((k for k, n in enumerate(shape) if n != 1), len(shape)) :]
    return p if tuple(p.shape) == own or (own == (-1,) and p.ndim == 1) else reshape(p, shape)


def _axes(axes: int | Sequence[int], ndim: int) -> tuple[int, ...]:
    return tuple(sorted(counted(a, ndim) for a in ((axes,) if isinstance(axes, int) else axes)))


def _along(ndim: int, axis: int) -> tuple[int, ...]:
    shape = [1] * ndim
    shape[axis] = -1
    return tuple(shape)


def _on(shape: Sequence[int], axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n if a in axes else 1 for a, n in enumerate(shape))
