"""Random numbers with NumPy: one generator as the default, Threefry in wrapping uint32 arithmetic for keys."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ivy.functional.random import initial_seed
from ivy_numpy.backend.support import native_dtype

_default: dict[str, np.random.Generator] = {}
_lock = threading.Lock()


def _default_generator() -> np.random.Generator:
    """The generator that draws without a key; made on first use."""
    with _lock:
        if "generator" not in _default:
            _default["generator"] = np.random.default_rng(initial_seed())
        return _default["generator"]


def default_seed(value: int, /) -> None:
    with _lock:
        _default["generator"] = np.random.default_rng(value)


def random_default_key() -> Any:
    return _default_generator().integers(0, 2**32, 2, dtype=np.uint32)


@contextmanager
def repeated_draws() -> Iterator[Callable[[], None]]:
    """Give a function that lets the default generator draw the same numbers again as since the block was entered."""
    bits = _default_generator().bit_generator
    state = bits.state

    def again() -> None:
        bits.state = state

    yield again


def _generator(key: Any) -> np.random.Generator:
    if key is None:
        return _default_generator()
    return np.random.default_rng([int(word) for word in np.ravel(key)])


def threefry_2x32(k1: Any, k2: Any, x1: Any, x2: Any, /) -> tuple[Any, Any]:
    k1, k2 = np.asarray(k1, np.uint32), np.asarray(k2, np.uint32)
    keys = (k1, k2, k1 ^ k2 ^ np.uint32(0x1BD11BDA))
    with np.errstate(over="ignore"):  # scalars warn where arrays wrap silently
        y1, y2 = np.asarray(x1, np.uint32) + k1, np.asarray(x2, np.uint32) + k2
        for group in range(5):
            for r in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
                y1 = y1 + y2
                y2 = (y2 << np.uint32(r) | y2 >> np.uint32(32 - r)) ^ y1
            y1 = y1 + keys[(group + 1) % 3]
            y2 = y2 + (keys[(group + 2) % 3] + np.uint32(group + 1))
    return y1, y2


def _drawn(draw: Any, shape: Any, dtype: Any) -> Any:
    """Draw in the dtype itself where the generator can, else in float32 and round."""
    target = native_dtype("float32" if dtype is None else dtype)
    own = target if target in (np.float32, np.float64) else np.float32
    return np.asarray(draw(shape, dtype=own)).astype(target, copy=False)


def default_uniform(shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    drawn = _drawn(_default_generator().random, shape, dtype)
    # rounded to half precision, a number just below 1 could become 1
    return np.where(drawn < 1, drawn, np.zeros((), drawn.dtype)) if drawn.dtype.itemsize == 2 else drawn


def default_normal(shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    return _drawn(_default_generator().standard_normal, shape, dtype)


def default_int(low: int, high: int, shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    target = native_dtype("int32" if dtype is None else dtype)
    return np.asarray(_default_generator().integers(low, high, shape, dtype=target))


def gamma(alpha: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    drawn = np.asarray(_generator(key).standard_gamma(np.asarray(alpha, np.float64), shape))
    found = getattr(alpha, "dtype", np.dtype(np.float32)) if dtype is None else native_dtype(dtype)
    return drawn.astype(found if np.issubdtype(found, np.floating) else np.float32)


def poisson(rate: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    drawn = np.asarray(_generator(key).poisson(np.asarray(rate, np.float64), shape))
    return drawn.astype(native_dtype("int32" if dtype is None else dtype))
