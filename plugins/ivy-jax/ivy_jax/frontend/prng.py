"""JAX's random primitives on raw keys: uint32 arrays whose last axis holds a key's two words.

The numbers are bit for bit JAX's own (Threefry-2x32 with ``jax_threefry_partitionable``, the default since JAX 0.5). A
typed key array of shape s is a uint32 array of shape (*s, 2) here. Distributions arrive as the arithmetic that JAX
does on the bits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ivy.functional as F
from ivy.dtypes import ALL, dtype_of
from ivy_jax.frontend.lax.elementwise import bitcast_convert_type
from ivy_jax.frontend.table import frontend, is_scalar

NAMESPACE = "jax.random"

_WORD = 0xFFFFFFFF


@frontend.function("jax.random.PRNGKey", "jax.random.key")
def PRNGKey(seed: Any, *, impl: Any = None) -> Any:
    """Make keys of seeds: the high and the low half of 64 bits."""
    if is_scalar(seed):
        seed = int(seed)
        # a negative 32-bit seed has the high word 0: JAX shifts it out logically
        return F.asarray([(seed >> 32) & _WORD if abs(seed) > _WORD else 0, seed & _WORD], dtype="uint32")
    wide = dtype_of(seed).bits > 32
    low = F.astype(F.bitwise_and(seed, _WORD) if wide else _unsigned(seed), "uint32")
    high = F.astype(F.bitwise_and(F.bitwise_right_shift(seed, 32), _WORD), "uint32") if wide else F.zeros_like(low)
    return F.stack([high, low], axis=-1)


def _unsigned(x: Any) -> Any:
    """Reinterpret integers of up to 32 bits as uint32."""
    dtype = dtype_of(x)
    if dtype.bits < 32:
        x = F.astype(x, "int32")
    return bitcast_convert_type(x, "uint32")


@frontend.function("jax.random.wrap_key_data", "jax.random.key_data", "jax.random.clone")
def key_data(keys: Any, **options: Any) -> Any:
    """Return the keys: typed and raw ones are the same here."""
    return keys


def _words(keys: Any, ndim: int) -> tuple[Any, Any]:
    """Return the two words of every key, with `ndim` further axes to broadcast along."""
    shape = (*keys.shape[:-1], *[1] * ndim)
    return tuple(F.reshape(F.get_item(keys, (Ellipsis, i)), shape) for i in (0, 1))


def _hashed(keys: Any, shape: Sequence[int]) -> tuple[Any, Any]:
    """Hash the numbers 0, 1, 2, ... in row-major order with every key of a batch."""
    size, rank = math.prod(shape), len(shape)
    k1, k2 = _words(keys, rank)
    low = F.reshape(F.astype(F.arange(size, dtype="int32"), "uint32"), tuple(shape))
    full = (*keys.shape[:-1], *shape)
    low = F.broadcast_to(low, full)
    high = F.zeros(full, dtype="uint32")
    return F.threefry_2x32(F.broadcast_to(k1, full), F.broadcast_to(k2, full), high, low)


@frontend.function("jax.random.bits", "jax.random.random_bits_p")
def bits(key: Any, shape: Sequence[int] = (), dtype: Any = "uint32", *, bit_width: int | None = None) -> Any:
    """Draw random bits for every key."""
    width = ALL[str(dtype)].bits if bit_width is None else int(bit_width)
    if key.ndim == 1:
        return F.random_bits(key, shape=tuple(shape), bit_width=width)
    b1, b2 = _hashed(key, shape)
    if width == 64:
        return F.bitwise_or(F.bitwise_left_shift(F.astype(b1, "uint64"), 32), F.astype(b2, "uint64"))
    return F.astype(F.bitwise_xor(b1, b2), ALL[f"uint{width}"])


@frontend.function()
def split(key: Any, num: Any = 2) -> Any:
    """Make new keys of every key."""
    shape = (num,) if isinstance(num, int) else tuple(num)
    return F.random_split(key, num=shape) if key.ndim == 1 else F.stack(list(_hashed(key, shape)), axis=-1)


@frontend.function()
def fold_in(key: Any, data: Any) -> Any:
    """Make a new key of each key and number."""
    if is_scalar(data):
        word = F.full(tuple(key.shape[:-1]), int(data) & _WORD, dtype="uint32")
    else:
        word = data if dtype_of(data) == "uint32" else _unsigned(data)
    k1, k2 = _words(key, 0)
    shape = F.broadcast_shapes(tuple(k1.shape), tuple(word.shape))
    k1, k2, word = (v if tuple(v.shape) == shape else F.broadcast_to(v, shape) for v in (k1, k2, word))
    return F.stack(list(F.threefry_2x32(k1, k2, F.zeros(shape, dtype="uint32"), word)), axis=-1)


@frontend.function("jax.random.threefry2x32_p")
def threefry2x32_p(k1: Any, k2: Any, x1: Any, x2: Any) -> tuple[Any, Any]:
    """Hash two counter words with two key words, broadcasting."""
    arrays = [F.asarray(v, dtype="uint32") if is_scalar(v) else v for v in (k1, k2, x1, x2)]
    shape = F.broadcast_shapes(*(tuple(v.shape) for v in arrays))
    y1, y2 = F.threefry_2x32(*(v if tuple(v.shape) == shape else F.broadcast_to(v, shape) for v in arrays))
    return y1, y2
