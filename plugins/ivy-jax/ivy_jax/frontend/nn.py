"""`jax.nn`: activations and their relatives, as the target's own fused functions where it has them."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy.errors import UnsupportedCall, UnsupportedOpError
from ivy_jax.frontend.table import elementwise, frontend, is_scalar

NAMESPACE = "jax.nn"

elementwise(
    {
        "relu": F.relu,
        "relu6": F.relu6,
        "sigmoid": F.sigmoid,
        "silu": F.silu,
        "swish": F.silu,
        "selu": F.selu,
        "log_sigmoid": F.log_sigmoid,
        "soft_sign": F.softsign,
        "hard_sigmoid": F.hard_sigmoid,
        "mish": F.mish,
        "hard_silu": F.hard_swish,
        "hard_swish": F.hard_swish,
        "hard_tanh": F.hard_tanh,
    },
    "jax.nn",
)


@frontend.function()
def identity(x: Any) -> Any:
    return x


@frontend.function()
def softplus(x: Any) -> Any:
    # beyond the threshold log(1 + exp(x)) is x to the last bit
    return F.softplus(x, threshold=40.0 if dtype_of(x).bits == 64 else 20.0)


@frontend.function()
def squareplus(x: Any, b: Any = 4) -> Any:
    x = _as_array(x, b)
    return F.divide(F.add(x, F.sqrt(F.add(F.square(x), b))), 2)


@frontend.function()
def sparse_plus(x: Any) -> Any:
    middle = F.divide(F.square(F.add(x, 1.0)), 4)
    return F.where(F.less_equal(x, -1.0), 0.0, F.where(F.greater_equal(x, 1.0), x, middle))


@frontend.function()
def sparse_sigmoid(x: Any) -> Any:
    return F.multiply(F.clip(F.add(x, 1.0), 0.0, 2.0), 0.5)


def _as_array(x: Any, other: Any) -> Any:
    """Return a Python number, whose dtype is weak, as an array of the other operand's dtype."""
    if not is_scalar(x) or is_scalar(other):
        return x
    if isinstance(x, complex):
        return F.asarray(x, dtype="complex64")
    return F.asarray(x, dtype=dtype_of(other) if dtype_of(other).is_inexact else "float32")


@frontend.function()
def elu(x: Any, alpha: Any = 1.0) -> Any:
    if is_scalar(alpha) and not isinstance(alpha, complex):
        return F.elu(x, float(alpha))
    x = _as_array(x, alpha)
    positive = F.greater(x, 0)
    return F.where(positive, x, F.multiply(alpha, F.expm1(F.where(positive, 0.0, x))))


@frontend.function()
def celu(x: Any, alpha: Any = 1.0) -> Any:
    if is_scalar(alpha) and not isinstance(alpha, complex):
        return F.celu(x, float(alpha))
    x = _as_array(x, alpha)
    return F.add(F.maximum(x, 0.0), F.multiply(alpha, F.expm1(F.divide(F.minimum(x, 0.0), alpha))))


@frontend.function()
def leaky_relu(x: Any, negative_slope: Any = 1e-2) -> Any:
    if is_scalar(negative_slope) and not isinstance(negative_slope, complex):
        return F.leaky_relu(x, float(negative_slope))
    return F.where(F.greater_equal(x, 0), x, F.multiply(negative_slope, x))


@frontend.function()
def gelu(x: Any, approximate: bool = True) -> Any:
    return F.gelu(x, approximate=approximate)


@frontend.function()
def glu(x: Any, axis: int = -1) -> Any:
    return F.glu(x, axis=axis)


def _no_mask(path: str, **given: Any) -> None:
    named = [k for k, v in given.items() if v is not None and v is not False]
    if named:
        raise UnsupportedOpError([UnsupportedCall(path, reason=f"{', '.join(named)} has no translation")], source="jax")


def _one_axis(x: Any, axis: Any) -> Any:
    return axis[0] if isinstance(axis, (tuple, list)) and len(axis) == 1 else axis


@frontend.function()
def softmax(x: Any, axis: Any = -1, where: Any = None) -> Any:
    if where is not None:
        x = F.where(where, x, float("-inf"))
    axis = _one_axis(x, axis)
    if axis is None or isinstance(axis, (tuple, list)):
        axes = tuple(range(x.ndim)) if axis is None else tuple(axis)
        top = F.stop_gradient(F.max(x, axis=axes, keepdims=True))
        e = F.exp(F.subtract(x, top))
        return F.divide(e, F.sum(e, axis=axes, keepdims=True))
    found = F.softmax(x, axis=axis)
    return found if where is None else F.where(where, found, 0)


@frontend.function()
def log_softmax(x: Any, axis: Any = -1, where: Any = None) -> Any:
    _no_mask("jax.nn.log_softmax", where=where)
    axis = _one_axis(x, axis)
    if axis is None or isinstance(axis, (tuple, list)):
        return F.subtract(x, F.logsumexp(x, axis=axis, keepdims=True))
    return F.log_softmax(x, axis=axis)


@frontend.function("jax.nn.logsumexp", "jax.scipy.special.logsumexp")
def logsumexp(
    a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False, where: Any = None
) -> Any:
    _no_mask("jax.nn.logsumexp", b=b, return_sign=return_sign, where=where)
    return F.logsumexp(a, axis=_one_axis(a, axis), keepdims=keepdims)


@frontend.function()
def one_hot(x: Any, num_classes: int, *, dtype: Any = None, axis: int = -1) -> Any:
    """Compare with 0, 1, ...; an index outside gives zeros."""
    dtype = as_dtype("float32" if dtype is None else dtype)
    rank = x.ndim + 1
    axis = int(axis) % rank
    counts = F.arange(num_classes, dtype=dtype_of(x) if dtype_of(x).is_integer else as_dtype("int32"))
    counts = F.reshape(counts, tuple(num_classes if i == axis else 1 for i in range(rank)))
    return F.astype(F.equal(F.expand_dims(x, axis=axis), counts), dtype)


@frontend.function()
def standardize(
    x: Any, axis: Any = -1, mean: Any = None, variance: Any = None, epsilon: float = 1e-5, where: Any = None
) -> Any:
    _no_mask("jax.nn.standardize", where=where)
    mean = F.mean(x, axis=axis, keepdims=True) if mean is None else mean
    if variance is None:
        variance = F.subtract(F.mean(F.square(x), axis=axis, keepdims=True), F.square(mean))
    return F.multiply(F.subtract(x, mean), F.rsqrt(F.add(variance, epsilon)))


@frontend.function()
def dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    *,
    scale: Any = None,
    is_causal: bool = False,
    **options: Any,
) -> Any:
    """Attend, with (batch, length, heads, features) arrays and as many key heads as divide the query's."""
    _no_mask("jax.nn.dot_product_attention", **{k: v for k, v in options.items() if k != "implementation"})
    if bias is not None:
        _no_mask("jax.nn.dot_product_attention", mask=mask)  # only one of the two
    unbatched = query.ndim == 3
    arrays = [F.expand_dims(v, axis=0) if unbatched else v for v in (query, key, value)]
    q, k, v = (F.permute_dims(a, (0, 2, 1, 3)) for a in arrays)
    given = bias if mask is None else mask
    found = F.scaled_dot_product_attention(
        q, k, v, given, is_causal=is_causal, scale=scale, enable_gqa=q.shape[1] != k.shape[1]
    )
    found = F.permute_dims(found, (0, 2, 1, 3))
    return F.squeeze(found, axis=0) if unbatched else found
