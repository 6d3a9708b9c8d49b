"""Bodies of the random ops that are more than a line: Threefry's rounds, and draws made of other draws."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import ALL, dtype_of
from ivy.functional._axes import counted
from ivy.functional._sampling import float_dtype, integers, shuffled, sized, words

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY = 0x1BD11BDA


def as_key(key: Any) -> Any:
    """Return a key, made of the seed where it is one."""
    return F.random_key(key) if isinstance(key, int) else key


def threefry_2x32(k1: Any, k2: Any, x1: Any, x2: Any, /) -> Any:
    # functions, not operators: torch's and Paddle's arrays of uint32 have none
    keys = (k1, k2, F.bitwise_xor(F.bitwise_xor(k1, k2), F.full_like(k1, _PARITY)))
    y1, y2 = F.add(x1, k1), F.add(x2, k2)
    for group in range(5):
        for r in _ROTATIONS[group % 2]:
            y1 = F.add(y1, y2)
            y2 = F.bitwise_xor(F.bitwise_or(F.bitwise_left_shift(y2, r), F.bitwise_right_shift(y2, 32 - r)), y1)
        y1 = F.add(y1, keys[(group + 1) % 3])
        y2 = F.add(y2, F.add(keys[(group + 2) % 3], group + 1))
    return y1, y2


def random_bits(key: Any, /, *, shape: Any = (), bit_width: Any = 32) -> Any:
    key, shape = as_key(key), sized(shape)
    if bit_width == 64:
        high, low = words(key, shape)
        joined = F.bitwise_left_shift(F.astype(high, "int64"), 32) | F.astype(low, "int64")
        return F.astype(joined, "uint64")
    return F.astype(integers(key, shape, bit_width), ALL[f"uint{bit_width}"])


def random_fold_in(key: Any, data: Any, /) -> Any:
    key = as_key(key)
    k1, k2 = F.unstack(key)
    zero = F.zeros_like(k1)
    word = F.full_like(k1, data & 0xFFFFFFFF) if isinstance(data, int) else F.astype(data, "uint32")
    return F.stack(F.threefry_2x32(k1, k2, zero, word), axis=-1)


def categorical(logits: Any, /, *, axis: Any = -1, shape: Any = None, key: Any = None) -> Any:
    axis = counted(axis, logits.ndim)
    batch = tuple(d for i, d in enumerate(logits.shape) if i != axis)
    size = batch if shape is None else sized(shape)
    prefix = size[: len(size) - len(batch)]
    dtype = dtype_of(logits)
    if key is None:
        key = F.random_default_key()
    noise = F.random_gumbel(shape=(*prefix, *logits.shape), dtype=dtype, key=key)
    return F.astype(F.argmax(F.add(noise, logits), axis=len(prefix) + axis), "int32")


def multinomial(probabilities: Any, /, *, num_samples: Any, replacement: Any = False, key: Any = None) -> Any:
    possible = F.greater(probabilities, 0)
    logits = F.log(F.where(possible, probabilities, F.ones_like(probabilities)))
    logits = F.where(possible, logits, F.full_like(logits, -math.inf))
    if key is None:
        key = F.random_default_key()
    if replacement:
        drawn = F.categorical(logits, shape=(num_samples, *logits.shape[:-1]), key=key)
        return F.astype(F.moveaxis(drawn, 0, -1), "int64")
    noise = F.random_gumbel(shape=tuple(logits.shape), dtype=dtype_of(logits), key=key)
    return F.astype(F.topk(F.add(noise, logits), num_samples)[1], "int64")


def permutation(x: Any, /, *, axis: Any = 0, independent: Any = False, key: Any = None) -> Any:
    key = F.random_default_key() if key is None else as_key(key)
    if isinstance(x, int):
        return shuffled(key, F.arange(x, dtype="int32"), 0)
    if independent or x.ndim == 1:
        return shuffled(key, x, axis)
    return F.take(x, F.permutation(x.shape[axis], key=key), axis=axis)


def beta(a: Any, b: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    size, dtype = sized(shape, a, b), float_dtype(dtype, a, b)
    keys = (None, None) if key is None else F.unstack(F.random_split(as_key(key)))
    x = F.gamma(a, shape=size, dtype=dtype, key=keys[0])
    return F.divide(x, F.add(x, F.gamma(b, shape=size, dtype=dtype, key=keys[1])))
