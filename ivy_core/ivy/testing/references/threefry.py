"""Counter-based random numbers, as Salmon et al. (SC 2011) define them and jax.random uses them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["bits", "hash_words", "key_of", "uniform", "words"]

_TURNS = ((13, 15, 26, 6), (17, 29, 16, 24))
_MASK = 0xFFFFFFFF


def hash_words(k1: Any, k2: Any, x1: Any, x2: Any) -> tuple[Any, Any]:
    """Threefry-2x32 with 20 rounds, computed in 64 bits."""
    keys = [np.asarray(k, "uint64") for k in (k1, k2)]
    keys.append(keys[0] ^ keys[1] ^ np.uint64(0x1BD11BDA))
    a, b = ((np.asarray(x, "uint64") + k) & _MASK for x, k in zip((x1, x2), keys, strict=False))
    for block in range(5):
        for turn in _TURNS[block % 2]:
            a = (a + b) & _MASK
            b = (((b << turn) | (b >> (32 - turn))) & _MASK) ^ a
        a = (a + keys[(block + 1) % 3]) & _MASK
        b = (b + keys[(block + 2) % 3] + np.uint64(block + 1)) & _MASK
    return a.astype("uint32"), b.astype("uint32")


def key_of(key: Any) -> Any:
    """A key's two words; a seed's are its halves."""
    return np.asarray([key >> 32 & _MASK, key & _MASK], "uint32") if isinstance(key, int) else key


def words(key: Any, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """Hash 0, 1, 2, ..."""
    counts = np.arange(math.prod(shape), dtype="uint64").reshape(shape)
    k1, k2 = key_of(key)
    return hash_words(k1, k2, counts >> np.uint64(32), counts & np.uint64(_MASK))


def bits(key: Any, shape: tuple[int, ...], width: int) -> Any:
    """Random bits: both words joined for 64, their difference in bits else."""
    high, low = words(key, shape)
    if width == 64:
        return high.astype("uint64") << np.uint64(32) | low
    return (high ^ low).astype(f"uint{width}")


def uniform(key: Any, shape: tuple[int, ...], dtype: str) -> Any:
    """Numbers in [0, 1) whose fractions are the first of the bits drawn."""
    width, fraction = {"float16": (16, 10), "bfloat16": (8, 7), "float32": (32, 23), "float64": (64, 52)}[dtype]
    return (bits(key, shape, width) >> np.asarray(width - fraction, f"uint{width}")).astype("float64") * 2.0**-fraction
