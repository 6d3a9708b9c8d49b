"""Random numbers with TensorFlow: its global generator by default, Threefry in wrapping uint32 arithmetic for keys."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import tensorflow as tf

from ivy.functional.random import initial_seed
from ivy_tensorflow.backend.creation import _place
from ivy_tensorflow.backend.support import HALVES, dims, native_dtype

_default: dict[str, tf.random.Generator] = {}
_lock = threading.Lock()


class _Recomputed:
    """Draws the same numbers every time that a function runs, from a seed that its first run draws.

    Args:
        seeds: the seed, once there is one.
    """

    def __init__(self, seeds: list[Any]) -> None:
        self.seeds = seeds
        self.count = 0

    def _next(self) -> Any:
        if not self.seeds:
            token = _recomputed.set(None)
            try:
                self.seeds.append(_default_generator().uniform((), 0, 2**31 - 1, tf.int32))
            finally:
                _recomputed.reset(token)
        self.count += 1
        return tf.stack([self.seeds[0], tf.constant(self.count, tf.int32)])

    def uniform(self, shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = tf.float32) -> Any:
        """Draw evenly from a range."""
        return tf.random.stateless_uniform(shape, self._next(), minval, maxval, dtype)

    def normal(self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = tf.float32) -> Any:
        """Draw from a normal distribution."""
        return tf.random.stateless_normal(shape, self._next(), mean, stddev, dtype)


_recomputed: ContextVar[_Recomputed | None] = ContextVar("ivy_tensorflow_recomputed", default=None)


@contextmanager
def recomputed_draws(seeds: list[Any]) -> Iterator[None]:
    """Let what is drawn inside be the same for every run with the same list, which the first one fills."""
    token = _recomputed.set(_Recomputed(seeds))
    try:
        yield
    finally:
        _recomputed.reset(token)


def _default_generator() -> Any:
    """What draws without a key: eagerly TensorFlow's global generator, so that `tf.random.set_seed` counts.

    In a graph it is a generator whose state is a variable, so that the function's calls go on where the last ended; it
    is seeded from the global one.
    """
    recomputed = _recomputed.get()
    if recomputed is not None:
        return recomputed
    generator = _generator_of_graphs()
    if not tf.executing_eagerly():
        return generator
    return _repeating.get() or tf.random


class _Repeating:
    """Draws from TensorFlow's global generator, whose state can't be had, and keeps the numbers for another time."""

    def __init__(self) -> None:
        self._drawn: list[tuple[Any, Any]] = []
        self._next = 0

    def rewind(self) -> None:
        self._next = 0

    def _draw(self, method: str, args: Any, kwargs: Any) -> Any:
        call = (method, args, tuple(kwargs.items()))
        if self._next < len(self._drawn) and self._drawn[self._next][0] != call:
            del self._drawn[self._next :]
        if self._next == len(self._drawn):
            self._drawn.append((call, getattr(tf.random, method)(*args, **kwargs)))
        self._next += 1
        return self._drawn[self._next - 1][1]

    def uniform(self, *args: Any, **kwargs: Any) -> Any:
        return self._draw("uniform", args, kwargs)

    def normal(self, *args: Any, **kwargs: Any) -> Any:
        return self._draw("normal", args, kwargs)


_repeating: ContextVar[_Repeating | None] = ContextVar("ivy_tensorflow_repeating", default=None)


@contextmanager
def repeated_draws() -> Iterator[Callable[[], None]]:
    """Give a function that lets the global generator draw the same numbers again as since the block was entered."""
    outer = _repeating.get()
    if outer is not None:  # a part of the same call: it draws what the whole does
        outer.rewind()
        yield outer.rewind
        return
    repeating = _Repeating()
    token = _repeating.set(repeating)
    try:
        yield repeating.rewind
    finally:
        _repeating.reset(token)


def _generator_of_graphs() -> tf.random.Generator:
    with _lock:
        if "generator" not in _default:
            with tf.init_scope():
                seed = initial_seed()
                if seed is not None:  # `ivy.seed` came before TensorFlow did
                    tf.random.set_seed(seed)
                else:
                    seed = tf.random.uniform((), maxval=2**63 - 1, dtype=tf.int64)
                _default["generator"] = tf.random.Generator.from_seed(seed, alg="philox")
        return _default["generator"]


def default_seed(value: int, /) -> None:
    with tf.init_scope():
        tf.random.set_seed(value)
        _generator_of_graphs().reset_from_seed(value)  # in place: functions made before draw from it


def random_default_key() -> Any:
    return tf.bitcast(_default_generator().uniform((2,), -(2**31), 2**31 - 1, tf.int32), tf.uint32)


def threefry_2x32(k1: Any, k2: Any, x1: Any, x2: Any, /) -> tuple[Any, Any]:
    k1, k2, y1, y2 = (tf.cast(v, tf.uint32) for v in (k1, k2, x1, x2))
    xor, left, right = tf.bitwise.bitwise_xor, tf.bitwise.left_shift, tf.bitwise.right_shift
    number = lambda n: tf.constant(n, tf.uint32)
    keys = (k1, k2, xor(xor(k1, k2), number(0x1BD11BDA)))
    y1, y2 = y1 + k1, y2 + k2
    for group in range(5):
        for r in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
            y1 = y1 + y2
            y2 = xor(tf.bitwise.bitwise_or(left(y2, number(r)), right(y2, number(32 - r))), y1)
        y1 = y1 + keys[(group + 1) % 3]
        y2 = y2 + (keys[(group + 2) % 3] + number(group + 1))
    return y1, y2


def _size(shape: Any) -> tuple[int, ...]:
    return (shape,) if isinstance(shape, int) else tuple(shape)


def _drawn(method: str, shape: Any, dtype: Any, device: Any) -> Any:
    wanted = native_dtype("float32" if dtype is None else dtype)
    with _place(device):
        drawn = getattr(_default_generator(), method)(_size(shape), dtype=HALVES.get(wanted, wanted))
        return tf.cast(drawn, wanted)


def default_uniform(shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    wanted = native_dtype("float32" if dtype is None else dtype)
    drawn = _drawn("uniform", shape, dtype, device)
    # rounded to half precision, a number just below 1 could become 1
    return tf.where(drawn < 1, drawn, tf.zeros((), wanted)) if wanted in HALVES else drawn


def default_normal(shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    return _drawn("normal", shape, dtype, device)


def default_int(low: int, high: int, shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    with _place(device):
        drawn = _default_generator().uniform(_size(shape), low, high, tf.int64)
        return tf.cast(drawn, native_dtype("int32" if dtype is None else dtype))


def _seed(key: Any) -> Any:
    """Two words for TensorFlow's stateless samplers."""
    if isinstance(key, int):
        return tf.constant([key >> 32 & 0x7FFFFFFF, key & 0xFFFFFFFF], tf.int64)
    return tf.cast(random_default_key() if key is None else key, tf.int64)


def _parameter(x: Any, shape: Any) -> Any:
    x = tf.convert_to_tensor(x) if tf.is_tensor(x) else tf.constant(float(x), tf.float32)
    x = x if x.dtype.is_floating else tf.cast(x, tf.float32)
    return x if shape is None else tf.broadcast_to(x, _size(shape))


def gamma(alpha: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    x = _parameter(alpha, shape)
    wanted = x.dtype if dtype is None else native_dtype(dtype)
    wide = HALVES.get(wanted, wanted)
    return tf.cast(tf.random.stateless_gamma(dims(x), _seed(key), tf.cast(x, wide), dtype=wide), wanted)


def poisson(rate: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    x = _parameter(rate, shape)
    x = tf.cast(x, HALVES.get(x.dtype, x.dtype))
    return tf.random.stateless_poisson(dims(x), _seed(key), x, native_dtype("int32" if dtype is None else dtype))
