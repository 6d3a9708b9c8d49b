"""Activation functions.

Definitions are torch's (``torch.nn.functional``), which name the papers. All take a real floating-point array of any
shape and keep its shape and dtype; half-precision inputs are computed in float32 and rounded once.
"""

from __future__ import annotations

import math

from ivy.dtypes import dtype_of
from ivy.errors import ShapeError
from ivy.functional._precision import narrow, widen
from ivy.functional.elementwise import abs as absolute
from ivy.functional.elementwise import clip, erf, exp, expm1, less_equal, log, log1p, square, tanh
from ivy.functional.indexing import where
from ivy.functional.manipulation import reshape, split
from ivy.functional.reductions import max as amax
from ivy.functional.reductions import sum as total
from ivy.functional.registry import composite
from ivy.functional.typing import Array

__all__ = [
    "celu",
    "elu",
    "gelu",
    "glu",
    "hard_sigmoid",
    "hard_swish",
    "hard_tanh",
    "hardshrink",
    "leaky_relu",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "prelu",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softshrink",
    "softsign",
    "squared_relu",
    "tanhshrink",
    "threshold",
]

SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


@composite
def relu(x: Array, /) -> Array:
    """Return ``max(x, 0)``; the derivative at 0 is 0.

    Args:
        x: any shape, real dtype (integers too).

    Returns:
        Array of the shape and dtype of `x`.

    Definition: torch.nn.functional.relu, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.relu(np.asarray([-1.0, 2.0])).tolist()
        [0.0, 2.0]
    """
    return narrow(where(less_equal(x, 0), 0, x), x)  # this way round, NaN stays


@composite
def relu6(x: Array, /) -> Array:
    """Return ``min(max(x, 0), 6)``.

    Args:
        x: any shape, real dtype.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: torch.nn.functional.relu6, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu6.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.relu6(np.asarray([-1.0, 9.0])).tolist()
        [0.0, 6.0]
    """
    return hard_tanh(x, 0, 6)


@composite
def squared_relu(x: Array, /) -> Array:
    """Return ``max(x, 0) ** 2`` (Primer, arXiv:2109.08668).

    Args:
        x: any shape, real dtype.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:2109.08668, https://arxiv.org/abs/2109.08668

    Example:
        >>> import ivy, numpy as np
        >>> ivy.squared_relu(np.asarray([-1.0, 3.0])).tolist()
        [0.0, 9.0]
    """
    return square(relu(x))


@composite
def leaky_relu(x: Array, /, alpha: float = 0.01) -> Array:
    """Return ``x`` where it is positive, else ``alpha * x``.

    Args:
        x: any shape, floating-point.
        alpha: slope on the negative side.

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.leaky_relu,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.leaky_relu.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.leaky_relu(np.asarray([-2.0, 3.0]), 0.5).tolist()
        [-1.0, 3.0]
    """
    return where(x > 0, x, narrow(widen(x) * alpha, x))


@composite
def elu(x: Array, /, alpha: float = 1.0) -> Array:
    """Return ``x`` where it is positive, else ``alpha * (exp(x) - 1)``.

    Args:
        x: any shape, floating-point.
        alpha: scale of the negative side.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1511.07289, https://arxiv.org/abs/1511.07289

    Example:
        >>> import ivy, numpy as np
        >>> ivy.elu(np.asarray([0.0, 3.0])).tolist()
        [0.0, 3.0]
    """
    # exp only sees the values it is for: a large positive one would give inf, and NaN in the gradient
    return where(x > 0, x, narrow(expm1(_non_positive(x)) * alpha, x))


@composite
def selu(x: Array, /) -> Array:
    """Return the scaled ELU with the constants of arXiv:1706.02515.

    Args:
        x: any shape, floating-point.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1706.02515, https://arxiv.org/abs/1706.02515

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.selu(np.asarray([1.0]))[0]), 4)
        1.0507
    """
    h = widen(x)
    return narrow(where(x > 0, h * SELU_SCALE, expm1(_non_positive(x)) * (SELU_ALPHA * SELU_SCALE)), x)


@composite
def celu(x: Array, /, alpha: float = 1.0) -> Array:
    """Return ``max(0, x) + min(0, alpha * (exp(x / alpha) - 1))``.

    Args:
        x: any shape, floating-point.
        alpha: the scale, not 0.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1704.07483, https://arxiv.org/abs/1704.07483

    Example:
        >>> import ivy, numpy as np
        >>> ivy.celu(np.asarray([0.0, 3.0]), 2.0).tolist()
        [0.0, 3.0]
    """
    return where(x > 0, x, narrow(expm1(_non_positive(x) / alpha) * alpha, x))


@composite
def gelu(x: Array, /, *, approximate: bool = False) -> Array:
    """Return ``x * Phi(x)``, with Phi the normal distribution function (arXiv:1606.08415).

    Args:
        x: any shape, floating-point.
        approximate: use the formula with tanh rather than erf.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1606.08415, https://arxiv.org/abs/1606.08415

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.gelu(np.asarray([1.0]))[0]), 4)
        0.8413
    """
    h = widen(x)
    if approximate:
        return narrow(0.5 * h * (1.0 + tanh(math.sqrt(2.0 / math.pi) * (h + 0.044715 * h * h * h))), x)
    return narrow(0.5 * h * (1.0 + erf(h * math.sqrt(0.5))), x)


@composite
def silu(x: Array, /) -> Array:
    """Return ``x * sigmoid(x)``, also called swish.

    Args:
        x: any shape, floating-point.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1702.03118, https://arxiv.org/abs/1702.03118

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.silu(np.asarray([1.0]))[0]), 4)
        0.7311
    """
    h = widen(x)
    return narrow(h * sigmoid(h), x)


@composite
def sigmoid(x: Array, /) -> Array:
    """Return ``1 / (1 + exp(-x))``.

    Args:
        x: any shape, floating-point.

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.sigmoid, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.sigmoid.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.sigmoid(np.asarray([0.0])).tolist()
        [0.5]
    """
    h = widen(x)
    small = exp(-_magnitude(h))  # never overflows
    return narrow(where(h >= 0, 1.0 / (1.0 + small), small / (1.0 + small)), x)


@composite
def log_sigmoid(x: Array, /) -> Array:
    """Return ``log(sigmoid(x))`` without overflow.

    Args:
        x: any shape, floating-point.

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.logsigmoid,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.logsigmoid.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.log_sigmoid(np.asarray([0.0]))[0]), 4)
        -0.6931
    """
    h = widen(x)
    return narrow(where(h < 0, h, 0.0) - log1p(exp(-_magnitude(h))), x)


@composite
def hard_sigmoid(x: Array, /) -> Array:
    """Return ``min(max(x + 3, 0), 6) / 6``.

    Args:
        x: any shape, floating-point.

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.hardsigmoid,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardsigmoid.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.hard_sigmoid(np.asarray([-3.0, 0.0, 9.0])).tolist()
        [0.0, 0.5, 1.0]
    """
    return narrow(hard_tanh(widen(x) + 3.0, 0.0, 6.0) / 6.0, x)


@composite
def hard_swish(x: Array, /) -> Array:
    """Return ``x * min(max(x + 3, 0), 6) / 6`` (arXiv:1905.02244).

    Args:
        x: any shape, floating-point.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1905.02244, https://arxiv.org/abs/1905.02244

    Example:
        >>> import ivy, numpy as np
        >>> ivy.hard_swish(np.asarray([-3.0, 3.0])).tolist()
        [-0.0, 3.0]
    """
    h = widen(x)
    return narrow(h * hard_tanh(h + 3.0, 0.0, 6.0) / 6.0, x)


@composite
def hard_tanh(x: Array, /, min_val: float = -1.0, max_val: float = 1.0) -> Array:
    """Return `x` limited to ``[min_val, max_val]``.

    Args:
        x: any shape, real dtype.
        min_val: lower limit.
        max_val: upper limit.

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.hardtanh, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardtanh.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.hard_tanh(np.asarray([-2.0, 0.5])).tolist()
        [-1.0, 0.5]
    """
    dtype = dtype_of(x)
    if dtype.is_integer:  # the integers between the limits, which the dtype can hold
        signed = dtype.kind == "int"
        least, most = -(2 ** (dtype.bits - 1)) if signed else 0, 2 ** (dtype.bits - signed) - 1
        min_val, max_val = math.ceil(max(min_val, least)), math.floor(min(max_val, most))
        return clip(x, min_val, max_val)
    return where(less_equal(x, min_val), min_val, where(x >= max_val, max_val, x))  # flat at the limits too


@composite
def softplus(x: Array, /, *, beta: float = 1.0, threshold: float = 20.0) -> Array:
    """Return ``log(1 + exp(beta * x)) / beta``, and `x` itself where ``beta * x > threshold``.

    Args:
        x: any shape, floating-point.
        beta: sharpness.
        threshold: where the function becomes the identity.

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.softplus, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softplus.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.softplus(np.asarray([0.0]))[0]), 4)
        0.6931
    """
    h = widen(x)
    scaled = h * beta
    smooth = (where(scaled >= 0, scaled, 0.0) + log1p(exp(-_magnitude(scaled)))) / beta
    return narrow(where(scaled > threshold, h, smooth), x)


@composite
def softsign(x: Array, /) -> Array:
    """Return ``x / (1 + |x|)``.

    Args:
        x: any shape, floating-point.

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.softsign, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softsign.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.softsign(np.asarray([1.0])).tolist()
        [0.5]
    """
    h = widen(x)
    return narrow(h / (1.0 + absolute(h)), x)


@composite
def softmax(x: Array, /, *, axis: int = -1) -> Array:
    """Return ``exp(x) / sum(exp(x))`` along an axis.

    Args:
        x: any shape, floating-point.
        axis: where the results sum to 1.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: jax.nn.softmax, https://docs.jax.dev/en/latest/_autosummary/jax.nn.softmax.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.softmax(np.asarray([1.0, 1.0])).tolist()
        [0.5, 0.5]
    """
    if x.shape[axis] == 0:
        return x
    h = widen(x)
    e = exp(h - amax(h, axis=axis, keepdims=True))
    return narrow(e / total(e, axis=axis, keepdims=True), x)


@composite
def log_softmax(x: Array, /, *, axis: int = -1) -> Array:
    """Return ``log(softmax(x))`` along an axis, accurately.

    Args:
        x: any shape, floating-point.
        axis: where the exponentials of the results sum to 1.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: jax.nn.log_softmax, https://docs.jax.dev/en/latest/_autosummary/jax.nn.log_softmax.html

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.log_softmax(np.asarray([1.0, 1.0]))[0]), 4)
        -0.6931
    """
    if x.shape[axis] == 0:
        return x
    h = widen(x)
    h = h - amax(h, axis=axis, keepdims=True)
    return narrow(h - log(total(exp(h), axis=axis, keepdims=True)), x)


@composite
def mish(x: Array, /) -> Array:
    """Return ``x * tanh(softplus(x))`` (arXiv:1908.08681).

    Args:
        x: any shape, floating-point.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1908.08681, https://arxiv.org/abs/1908.08681

    Example:
        >>> import ivy, numpy as np
        >>> round(float(ivy.mish(np.asarray([1.0]))[0]), 4)
        0.8651
    """
    h = widen(x)
    return narrow(h * tanh(softplus(h)), x)


@composite
def tanhshrink(x: Array, /) -> Array:
    """Return ``x - tanh(x)``.

    Args:
        x: any shape, floating-point.

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.tanhshrink,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.tanhshrink.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.tanhshrink(np.asarray([0.0])).tolist()
        [0.0]
    """
    h = widen(x)
    return narrow(h - tanh(h), x)


@composite
def softshrink(x: Array, /, alpha: float = 0.5) -> Array:
    """Return `x` moved towards 0 by `alpha`, and 0 where it is within `alpha` of it.

    Args:
        x: any shape, floating-point.
        alpha: the distance, not negative (torch's ``lambd``).

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.softshrink,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softshrink.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.softshrink(np.asarray([-2.0, 0.25])).tolist()
        [-1.5, 0.0]
    """
    h = widen(x)
    return narrow(where(h > alpha, h - alpha, where(h < -alpha, h + alpha, h * 0.0)), x)


@composite
def hardshrink(x: Array, /, alpha: float = 0.5) -> Array:
    """Return `x`, but 0 where it is within `alpha` of 0.

    Args:
        x: any shape, floating-point.
        alpha: the distance, not negative (torch's ``lambd``).

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.hardshrink,
        https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardshrink.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.hardshrink(np.asarray([-2.0, 0.25])).tolist()
        [-2.0, 0.0]
    """
    return narrow(where(absolute(x) <= alpha, 0.0, x), x)


@composite
def threshold(x: Array, /, limit: float, value: float) -> Array:
    """Return `x` where it exceeds a limit, else a fixed value.

    Args:
        x: any shape, real dtype.
        limit: values up to this are replaced (torch's ``threshold``).
        value: by this.

    Returns:
        Array of the shape and dtype of `x`.

    Definition:
        torch.nn.functional.threshold, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.threshold.html

    Example:
        >>> import ivy, numpy as np
        >>> ivy.threshold(np.asarray([1.0, 3.0]), 2.0, 9.0).tolist()
        [9.0, 3.0]
    """
    return narrow(where(less_equal(x, limit), value, x), x)


@composite
def prelu(x: Array, weight: Array, /, axis: int = 1) -> Array:
    """Return `x` where it is positive, else `x` times a learned slope.

    Args:
        x: any shape, floating-point.
        weight: one slope, shape ``(1,)`` or ``()``, or one for each position on `axis`, shape ``(x.shape[axis],)``.
        axis: the channel axis.

    Returns:
        Array of the shape and dtype of `x`.

    Definition: arXiv:1502.01852, https://arxiv.org/abs/1502.01852

    Example:
        >>> import ivy, numpy as np
        >>> ivy.prelu(np.asarray([[-2.0, 3.0]]), np.asarray([0.5])).tolist()
        [[-1.0, 3.0]]
    """
    if weight.ndim == 1 and weight.shape[0] == 1:
        weight = reshape(weight, ())
    elif weight.ndim == 1:
        shape = [1] * x.ndim
        shape[axis] = weight.shape[0]
        weight = reshape(weight, tuple(shape))
    return where(x > 0, x, narrow(widen(x) * widen(weight), x))


@composite
def glu(x: Array, /, *, axis: int = -1) -> Array:
    """Return the first half along an axis, times the sigmoid of the second half (arXiv:1612.08083).

    Args:
        x: floating-point, of even size on `axis`.
        axis: where to cut.

    Returns:
        Array of the dtype of `x`, with half the size on `axis`.

    Definition: arXiv:1612.08083, https://arxiv.org/abs/1612.08083

    Example:
        >>> import ivy, numpy as np
        >>> ivy.glu(np.asarray([4.0, 0.0])).tolist()
        [2.0]
    """
    if x.shape[axis] % 2:
        raise ShapeError(f"glu halves axis {axis}, whose size {x.shape[axis]} is odd")
    a, b = split(x, 2, axis=axis)
    return narrow(widen(a) * sigmoid(widen(b)), x)


def _non_positive(x: Array) -> Array:
    h = widen(x)
    return where(h > 0, 0.0, h)


def _magnitude(h: Array) -> Array:
    # not `abs`, whose derivative is 0 at 0: the two halves of a smooth function must meet with the same slope
    return where(h >= 0, h, -h)
