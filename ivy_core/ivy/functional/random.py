"""Random numbers.

Every op takes ``key``. Without one, numbers come from the backend's default generator (`ivy.seed` seeds it). With one,
they depend on the key alone: a key is a uint32 array of two words (JAX's raw form) or an integer seed, and random bits
are those of JAX's counter-based generator, Threefry-2x32 with 20 rounds (Salmon et al. 2011; jax.random with
``jax_threefry_partitionable``), on every backend. Bits, keys, uniforms, integers, Bernoulli and categorical draws and
permutations are JAX's to the last bit, normals up to the rounding of ``log``. `gamma` and `poisson` are reproducible
for a key on one backend, but come from that backend's own sampler.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype
from ivy.errors import DtypeError
from ivy.functional._draws import as_key
from ivy.functional._sampling import EPS_NEG, TINY, erfinv, float_dtype, folded, integers, sized, unit, words
from ivy.functional.registry import composite
from ivy.functional.typing import Array, Device, Dtype, Shape

__all__ = [
    "bernoulli",
    "beta",
    "categorical",
    "default_dropout",
    "default_int",
    "default_normal",
    "default_seed",
    "default_uniform",
    "dropout",
    "exponential",
    "gamma",
    "multinomial",
    "permutation",
    "poisson",
    "random_bits",
    "random_default_key",
    "random_fold_in",
    "random_gumbel",
    "random_int",
    "random_key",
    "random_normal",
    "random_split",
    "random_truncated_normal",
    "random_uniform",
    "seed",
    "threefry_2x32",
]

_last_seed: list[int] = []


# ---------------------------------------------------------------------------------------------- generators and keys


@composite(body="_generator", impure=True)
def default_seed(value: int, /) -> None:
    """Seed the default generator of the current backend; `seed` seeds those of all backends.

    Args:
        value: non-negative integer.

    Definition: torch.manual_seed, https://docs.pytorch.org/docs/stable/generated/torch.manual_seed.html

    Example:
        >>> import ivy
        >>> ivy.default_seed(0)
    """


def seed(value: int) -> None:
    """Seed the default generators of all backends, those loaded later too.

    Args:
        value: non-negative integer.

    Example:
        >>> import ivy
        >>> ivy.seed(0)
    """
    from ivy.backend import loaded_backends
    from ivy.functional.registry import OPS

    _last_seed[:] = [value]
    for backend in loaded_backends():
        backend.function(OPS["default_seed"])(value)


def initial_seed() -> int | None:
    """Return the last value given to `seed`, for a backend that is loaded after it; None if there was none."""
    return _last_seed[-1] if _last_seed else None


@composite(body="_generator", random=True)
def random_default_key() -> Array:
    """Draw a key from the backend's default generator.

    Returns:
        A uint32 array of shape (2,).

    Raises:
        BackendError: inside `jax.jit`, where a default generator would give the same numbers on every call.

    Definition: jax.random.PRNGKey, https://docs.jax.dev/en/latest/_autosummary/jax.random.PRNGKey.html

    Example:
        >>> import ivy
        >>> ivy.random_default_key().shape
        (2,)
    """


@composite
def random_key(seed: int, /, *, device: Device = None) -> Array:
    """Make a key from a seed (jax.random.PRNGKey).

    Args:
        seed: integer of up to 64 bits; its halves are the key's words.
        device: where to put it.

    Returns:
        A uint32 array of shape (2,).

    Definition: jax.random.PRNGKey, https://docs.jax.dev/en/latest/_autosummary/jax.random.PRNGKey.html

    Example:
        >>> import ivy
        >>> [int(word) for word in ivy.random_key(7)]
        [0, 7]
    """
    return F.asarray([(seed >> 32) & 0xFFFFFFFF, seed & 0xFFFFFFFF], dtype="uint32", device=device)


@composite(body="_draws")
def threefry_2x32(k1: Array, k2: Array, x1: Array, x2: Array, /) -> tuple[Array, Array]:  # type: ignore[empty-body]
    """Hash two counter words with two key words: Threefry-2x32-20 (Salmon et al., SC 2011).

    Args:
        k1: first key word, uint32, a scalar or of a shape that broadcasts with the counters'.
        k2: second key word.
        x1: first counter words, uint32, of any shape.
        x2: second counter words.

    Returns:
        The two hashed words, uint32, of the counters' shape.

    Definition: doi:10.1145/2063384.2063405, https://doi.org/10.1145/2063384.2063405

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> zero = np.zeros((), "uint32")
        >>> [hex(int(word)) for word in ivy.threefry_2x32(zero, zero, zero, zero)]
        ['0x6b200159', '0x99ba4efe']
    """


@composite(body="_draws")
def random_bits(key: Array | int, /, *, shape: Shape = (), bit_width: int = 32) -> Array:
    """Draw random bits (jax.random.bits).

    Args:
        key: uint32 array of shape (2,), or a seed.
        shape: of the result.
        bit_width: 8, 16, 32 or 64.

    Returns:
        An unsigned integer array of that width.

    Definition: jax.random.bits, https://docs.jax.dev/en/latest/_autosummary/jax.random.bits.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.random_bits(np.asarray([0, 7], "uint32"), shape=2).dtype
        dtype('uint32')
    """


@composite
def random_split(key: Array | int, /, *, num: Shape = 2) -> Array:
    """Make new keys from one (jax.random.split).

    Args:
        key: uint32 array of shape (2,), or a seed.
        num: how many keys, or the shape of an array of keys.

    Returns:
        A uint32 array of shape (num, 2).

    Definition: jax.random.split, https://docs.jax.dev/en/latest/_autosummary/jax.random.split.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.random_split(np.asarray([0, 7], "uint32"), num=3).shape
        (3, 2)
    """
    return F.stack(words(as_key(key), sized(num)), axis=-1)


@composite(body="_draws")
def random_fold_in(key: Array | int, data: Array | int, /) -> Array:
    """Make a new key from one and a number (jax.random.fold_in).

    Args:
        key: uint32 array of shape (2,), or a seed.
        data: scalar integer of up to 32 bits.

    Returns:
        A uint32 array of shape (2,).

    Definition: jax.random.fold_in, https://docs.jax.dev/en/latest/_autosummary/jax.random.fold_in.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.random_fold_in(np.asarray([0, 7], "uint32"), 3).shape
        (2,)
    """


# ------------------------------------------------------------------------------------------- uniform, normal, integer


@composite(body="_generator", random=True)
def default_uniform(shape: Shape, /, *, dtype: Dtype = None, device: Device = None) -> Array:
    """Draw from [0, 1) with the backend's default generator.

    Args:
        shape: of the result.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        The array.

    Definition: torch.rand, https://docs.pytorch.org/docs/stable/generated/torch.rand.html

    Example:
        >>> import ivy
        >>> ivy.default_uniform((2, 3)).shape
        (2, 3)
    """


@composite(body="_generator", random=True)
def default_normal(shape: Shape, /, *, dtype: Dtype = None, device: Device = None) -> Array:
    """Draw from the standard normal distribution with the backend's default generator.

    Args:
        shape: of the result.
        dtype: floating-point; float32 by default.
        device: where to put it.

    Returns:
        The array.

    Definition: torch.randn, https://docs.pytorch.org/docs/stable/generated/torch.randn.html

    Example:
        >>> import ivy
        >>> ivy.default_normal((2, 3)).shape
        (2, 3)
    """


@composite(body="_generator", random=True)
def default_int(low: int, high: int, shape: Shape, /, *, dtype: Dtype = None, device: Device = None) -> Array:
    """Draw integers from [low, high) with the backend's default generator.

    Args:
        low: smallest value.
        high: one above the largest value.
        shape: of the result.
        dtype: integer; int32 by default.
        device: where to put it.

    Returns:
        The array.

    Definition: torch.randint, https://docs.pytorch.org/docs/stable/generated/torch.randint.html

    Example:
        >>> import ivy
        >>> ivy.default_int(0, 5, (2, 3)).shape
        (2, 3)
    """


@composite(random=True)
def random_uniform(
    *,
    low: Array | float = 0.0,
    high: Array | float = 1.0,
    shape: Shape | None = None,
    dtype: Dtype = None,
    device: Device = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the uniform distribution over [low, high) (jax.random.uniform).

    Args:
        low: lower end, broadcastable to `shape`.
        high: upper end, broadcastable to `shape`.
        shape: of the result; by default that of `low` and `high`.
        dtype: floating-point; by default that of `low` or `high` if they are arrays, else float32.
        device: where to put it, without a key.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition: jax.random.uniform, https://docs.jax.dev/en/latest/_autosummary/jax.random.uniform.html

    Example:
        >>> import ivy
        >>> ivy.random_uniform(shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype = sized(shape, low, high), float_dtype(dtype, low, high)
    if key is None:
        drawn = default_uniform(size, dtype=dtype, device=device)
    else:
        drawn = unit(as_key(key), size, dtype)
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        if low == 0 and high == 1:
            return drawn
        # the width is rounded to the result's dtype, as it would be for arrays
        width = F.subtract(F.full_like(drawn, high), low)
        return F.maximum(F.add(F.multiply(drawn, width), low), low)
    low, high = (F.astype(x, dtype) if hasattr(x, "dtype") else F.full_like(drawn, x) for x in (low, high))
    return F.maximum(F.add(F.multiply(drawn, F.subtract(high, low)), low), low)


@composite(random=True)
def random_normal(
    *,
    mean: Array | float = 0.0,
    std: Array | float = 1.0,
    shape: Shape | None = None,
    dtype: Dtype = None,
    device: Device = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the normal distribution (jax.random.normal).

    Args:
        mean: of the distribution, broadcastable to `shape`.
        std: standard deviation, broadcastable to `shape`.
        shape: of the result; by default that of `mean` and `std`.
        dtype: floating-point; by default that of `mean` or `std` if they are arrays, else float32.
        device: where to put it, without a key.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition: jax.random.normal, https://docs.jax.dev/en/latest/_autosummary/jax.random.normal.html

    Example:
        >>> import ivy
        >>> ivy.random_normal(shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype = sized(shape, mean, std), float_dtype(dtype, mean, std)
    if key is None:
        drawn = default_normal(size, dtype=dtype, device=device)
    else:
        edge = 1.0 - EPS_NEG[str(dtype)]
        u = random_uniform(low=-edge, high=1.0, shape=size, dtype=dtype, key=as_key(key))
        drawn = F.multiply(erfinv(u, dtype), math.sqrt(2))
    if not isinstance(std, (int, float)) or std != 1:
        drawn = F.multiply(drawn, F.astype(std, dtype) if hasattr(std, "dtype") else std)
    if not isinstance(mean, (int, float)) or mean != 0:
        drawn = F.add(drawn, F.astype(mean, dtype) if hasattr(mean, "dtype") else mean)
    return drawn


@composite(random=True)
def random_truncated_normal(
    *,
    lower: float = -2.0,
    upper: float = 2.0,
    shape: Shape = (),
    dtype: Dtype = None,
    device: Device = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the standard normal distribution between two bounds (jax.random.truncated_normal).

    Args:
        lower: lower bound.
        upper: upper bound.
        shape: of the result.
        dtype: floating-point; float32 by default.
        device: where to put it, without a key.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition:
        jax.random.truncated_normal, https://docs.jax.dev/en/latest/_autosummary/jax.random.truncated_normal.html

    Example:
        >>> import ivy
        >>> bool((abs(ivy.random_truncated_normal(shape=100, key=0)) < 2).all())
        True
    """
    dtype = float_dtype(dtype)
    ends = (math.erf(lower / math.sqrt(2)), math.erf(upper / math.sqrt(2)))
    u = random_uniform(low=ends[0], high=ends[1], shape=shape, dtype=dtype, device=device, key=key)
    drawn = F.multiply(erfinv(u, dtype), math.sqrt(2))
    step = 2 * EPS_NEG[str(dtype)] * max(abs(lower), abs(upper))
    return F.clip(drawn, lower + step, upper - step)


@composite(random=True)
def random_int(
    low: int,
    high: int,
    /,
    *,
    shape: Shape = (),
    dtype: Dtype = None,
    device: Device = None,
    key: Array | int | None = None,
) -> Array:
    """Draw integers from [low, high) (jax.random.randint).

    Args:
        low: smallest value.
        high: one above the largest value.
        shape: of the result.
        dtype: integer; int32 by default.
        device: where to put it, without a key.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Raises:
        DtypeError: for a 64-bit dtype and a key, if the range is 2**31 or wider.

    Definition: jax.random.randint, https://docs.jax.dev/en/latest/_autosummary/jax.random.randint.html

    Example:
        >>> import ivy
        >>> ivy.random_int(0, 10, shape=(2, 3), key=0).shape
        (2, 3)
    """
    size, dtype = sized(shape), as_dtype("int32" if dtype is None else dtype)
    if not dtype.is_integer:
        raise DtypeError(f"random integers can't be of dtype {dtype}")
    if key is None:
        return default_int(low, high, size, dtype=dtype, device=device)
    span = max(high - low, 1)
    keys = F.unstack(random_split(as_key(key)))
    if dtype.bits == 64:
        if span >= 2**31:
            raise DtypeError(
                "64-bit random integers with a key need a range below 2**31", hint="draw random_bits and combine them"
            )
        offset = folded(words(keys[0], size), span) * (2**64 % span) + folded(words(keys[1], size), span)
        return F.astype(low + offset % span, dtype)
    # unsigned 32-bit arithmetic, for narrower dtypes too, as jax.random has it: the product may wrap
    scale = (2**16 % span) ** 2 % 2**32 % span
    upper, lower = integers(keys[0], size, 32), integers(keys[1], size, 32)
    offset = F.bitwise_and((upper % span) * scale + lower % span, 0xFFFFFFFF)
    return F.astype(low + offset % span, dtype)


# ------------------------------------------------------------------------------------------- other distributions


@composite(random=True)
def bernoulli(
    p: Array | float,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    device: Device = None,
    key: Array | int | None = None,
) -> Array:
    """Draw true with a probability (jax.random.bernoulli).

    Args:
        p: probability, broadcastable to `shape`.
        shape: of the result; by default that of `p`.
        dtype: of the result; bool by default.
        device: where to put it, without a key.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition: jax.random.bernoulli, https://docs.jax.dev/en/latest/_autosummary/jax.random.bernoulli.html

    Example:
        >>> import ivy
        >>> ivy.bernoulli(0.5, shape=(2, 3), key=0).shape
        (2, 3)
    """
    drawn = F.less(random_uniform(shape=sized(shape, p), dtype=float_dtype(None, p), device=device, key=key), p)
    return drawn if dtype is None or as_dtype(dtype) == "bool" else F.astype(drawn, dtype)


@composite(random=True)
def default_dropout(x: Array, /, *, rate: float) -> Array:
    """Zero elements at random with the backend's default generator and scale up the others; see `dropout`.

    Args:
        x: floating-point array of any shape.
        rate: probability of a zero.

    Returns:
        An array like `x`.

    Definition: torch.nn.Dropout, https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> ivy.default_dropout(np.ones(3), rate=0.5).shape
        (3,)
    """
    return _dropped(x, bernoulli(1.0 - rate, shape=tuple(x.shape)), rate)


def _dropped(x: Any, keep: Any, rate: float) -> Any:
    return F.where(keep, F.divide(x, 1.0 - rate), F.zeros_like(x))


@composite(random=lambda bound: bound["rate"] > 0)
def dropout(
    x: Array, /, *, rate: float, key: Array | int | None = None, noise_shape: Sequence[int] | None = None
) -> Array:
    """Zero elements at random and scale up the others, so that the mean stays (Srivastava et al. 2014).

    Args:
        x: floating-point array of any shape.
        rate: probability of a zero, from 0 to 1.
        key: uint32 array of shape (2,), or a seed; None for the default generator.
        noise_shape: shape of the random mask, broadcastable to that of `x`; by default the same.

    Returns:
        An array like `x`.

    Definition: torch.nn.Dropout, https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> sorted({float(v) for v in ivy.dropout(np.ones(100), rate=0.5, key=0)})
        [0.0, 2.0]
    """
    if rate == 0:
        return x
    if rate == 1:
        return F.zeros_like(x)
    if key is None and noise_shape is None:
        return default_dropout(x, rate=rate)
    shape = tuple(x.shape if noise_shape is None else noise_shape)
    return _dropped(x, bernoulli(1.0 - rate, shape=shape, key=key), rate)


@composite(random=True)
def random_gumbel(
    *, shape: Shape = (), dtype: Dtype = None, device: Device = None, key: Array | int | None = None
) -> Array:
    """Draw from the standard Gumbel distribution (jax.random.gumbel).

    Args:
        shape: of the result.
        dtype: floating-point; float32 by default.
        device: where to put it, without a key.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition: jax.random.gumbel, https://docs.jax.dev/en/latest/_autosummary/jax.random.gumbel.html

    Example:
        >>> import ivy
        >>> ivy.random_gumbel(shape=3, key=0).shape
        (3,)
    """
    dtype = float_dtype(dtype)
    return -F.log(-F.log(random_uniform(low=TINY[str(dtype)], shape=shape, dtype=dtype, device=device, key=key)))


@composite(random=True)
def exponential(
    *, shape: Shape = (), dtype: Dtype = None, device: Device = None, key: Array | int | None = None
) -> Array:
    """Draw from the exponential distribution of rate one (jax.random.exponential).

    Args:
        shape: of the result.
        dtype: floating-point; float32 by default.
        device: where to put it, without a key.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The array.

    Definition: jax.random.exponential, https://docs.jax.dev/en/latest/_autosummary/jax.random.exponential.html

    Example:
        >>> import ivy
        >>> bool((ivy.exponential(shape=3, key=0) >= 0).all())
        True
    """
    return -F.log1p(-random_uniform(shape=shape, dtype=dtype, device=device, key=key))


@composite(body="_draws", random=True)
def categorical(
    logits: Array, /, *, axis: int = -1, shape: Shape | None = None, key: Array | int | None = None
) -> Array:
    """Draw indices with probabilities softmax(logits) (jax.random.categorical).

    Args:
        logits: unnormalised log-probabilities along `axis`.
        axis: the axis of the classes.
        shape: of the result; it ends with the shape of `logits` without `axis`, which is the default.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        int32 array of indices.

    Definition: jax.random.categorical, https://docs.jax.dev/en/latest/_autosummary/jax.random.categorical.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> int(ivy.categorical(np.asarray([-np.inf, 0.0, -np.inf]), key=0))
        1
    """


@composite(body="_draws", random=True)
def multinomial(
    probabilities: Array, /, *, num_samples: int, replacement: bool = False, key: Array | int | None = None
) -> Array:
    """Draw indices with the given probabilities along the last axis (torch.multinomial).

    Args:
        probabilities: non-negative weights, of shape (..., classes).
        num_samples: how many indices to draw of each row.
        replacement: whether an index may come more than once.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        int64 array of shape (..., num_samples).

    Definition: torch.multinomial, https://docs.pytorch.org/docs/stable/generated/torch.multinomial.html

    Example:
        >>> import ivy
        >>> import numpy as np
        >>> sorted(int(i) for i in ivy.multinomial(np.asarray([1.0, 0.0, 1.0]), num_samples=2, key=0))
        [0, 2]
    """


@composite(body="_draws", random=True)
def permutation(
    x: Array | int, /, *, axis: int = 0, independent: bool = False, key: Array | int | None = None
) -> Array:
    """Shuffle an array along an axis, or the integers below a number (jax.random.permutation).

    Args:
        x: array, or a number n for the integers 0 ... n - 1 (int32).
        axis: the axis to shuffle along.
        independent: whether every vector along the axis is shuffled on its own.
        key: uint32 array of shape (2,), or a seed; None for the default generator.

    Returns:
        The shuffled array.

    Definition: jax.random.permutation, https://docs.jax.dev/en/latest/_autosummary/jax.random.permutation.html

    Example:
        >>> import ivy
        >>> sorted(int(i) for i in ivy.permutation(4, key=0))
        [0, 1, 2, 3]
    """


@composite(body="_generator", random=True)
def gamma(
    alpha: Array | float,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the gamma distribution of scale one, with the backend's own sampler.

    Args:
        alpha: shape parameter, positive, broadcastable to `shape`.
        shape: of the result; by default that of `alpha`.
        dtype: floating-point; by default that of `alpha` if it is an array, else float32.
        key: uint32 array of shape (2,), or a seed; None for the default generator. The numbers for a key differ between
            backends.

    Returns:
        The array.

    Definition: jax.random.gamma, https://docs.jax.dev/en/latest/_autosummary/jax.random.gamma.html

    Example:
        >>> import ivy
        >>> ivy.gamma(2.0, shape=3, key=0).shape
        (3,)
    """


@composite(body="_generator", random=True)
def poisson(
    rate: Array | float,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the Poisson distribution, with the backend's own sampler.

    Args:
        rate: mean, broadcastable to `shape`.
        shape: of the result; by default that of `rate`.
        dtype: of the result; int32 by default.
        key: uint32 array of shape (2,), or a seed; None for the default generator. The numbers for a key differ between
            backends.

    Returns:
        The array.

    Definition: jax.random.poisson, https://docs.jax.dev/en/latest/_autosummary/jax.random.poisson.html

    Example:
        >>> import ivy
        >>> ivy.poisson(2.0, shape=3, key=0).shape
        (3,)
    """


@composite(body="_draws", random=True)
def beta(
    a: Array | float,
    b: Array | float,
    /,
    *,
    shape: Shape | None = None,
    dtype: Dtype = None,
    key: Array | int | None = None,
) -> Array:
    """Draw from the beta distribution, as a ratio of gamma draws.

    Args:
        a: first parameter, positive, broadcastable to `shape`.
        b: second parameter, positive, broadcastable to `shape`.
        shape: of the result; by default that of `a` and `b`.
        dtype: floating-point; by default that of `a` or `b` if they are arrays, else float32.
        key: uint32 array of shape (2,), or a seed; None for the default generator. The numbers for a key differ between
            backends.

    Returns:
        The array.

    Definition: jax.random.beta, https://docs.jax.dev/en/latest/_autosummary/jax.random.beta.html

    Example:
        >>> import ivy
        >>> ivy.beta(2.0, 3.0, shape=3, key=0).shape
        (3,)
    """
