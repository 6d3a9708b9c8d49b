"""Random numbers with Paddle: its default generator, Threefry in masked int64 arithmetic for keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ivy.errors import DataDependentError
from ivy.functional.random import initial_seed
from ivy_paddle.backend.creation import asarray, full
from ivy_paddle.backend.manipulation import broadcast_to
from ivy_paddle.backend.support import HALVES, is_value, native_dtype, placed, restored, widened
from ivy_paddle.loading import paddle

if (_seed := initial_seed()) is not None:
    paddle.seed(_seed)


def default_seed(value: int, /) -> None:
    paddle.seed(value)


def random_default_key() -> Any:
    # halves: Paddle's randint takes its bounds as int32
    low, high = paddle.randint(0, 2**16, [2, 2], paddle.int64)
    return (high * 2**16 + low).astype(paddle.uint32)


@contextmanager
def repeated_draws() -> Iterator[Callable[[], None]]:
    """Give a function that lets the default generators draw the same numbers again as since the block was entered."""
    state = paddle.get_rng_state()
    yield lambda: paddle.set_rng_state(state)


def threefry_2x32(k1: Any, k2: Any, x1: Any, x2: Any, /) -> tuple[Any, Any]:
    # Paddle has no arithmetic on uint32
    mask = 0xFFFFFFFF
    k1, k2, y1, y2 = (asarray(v).astype(paddle.int64) for v in (k1, k2, x1, x2))
    keys = (k1, k2, k1 ^ k2 ^ full([], 0x1BD11BDA, dtype=paddle.int64))
    mask = full([], mask, dtype=paddle.int64)
    y1, y2 = (y1 + k1) & mask, (y2 + k2) & mask
    for group in range(5):
        for r in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
            y1 = (y1 + y2) & mask
            # Paddle gives an axis to a number that is divided by Python's
            y2 = ((y2 * (1 << r)) & mask | y2 // full([], 1 << (32 - r), dtype=paddle.int64)) ^ y1
        y1 = (y1 + keys[(group + 1) % 3]) & mask
        y2 = (y2 + keys[(group + 2) % 3] + (group + 1)) & mask
    return y1.astype(paddle.uint32), y2.astype(paddle.uint32)


def _size(shape: Any) -> list[int]:
    return [shape] if isinstance(shape, int) else list(shape)


def _float(dtype: Any) -> tuple[Any, Any]:
    """Return the dtype to draw in and the one to give."""
    wanted = native_dtype(dtype or "float32")
    return HALVES.get(wanted, wanted), wanted


_STEPS = {paddle.float16: 2.0**11, paddle.bfloat16: 2.0**8}
"""How many numbers of one distance the half precisions have below 1."""


def default_uniform(shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    drawn, wanted = _float(dtype)
    found = paddle.uniform(_size(shape), drawn, 0.0, 1.0)
    if wanted in HALVES:  # rounded, a number just below 1 could become 1
        found = paddle.floor(found * _STEPS[wanted]) / _STEPS[wanted]
    return placed(restored(found, wanted), device)


def default_normal(shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    drawn, wanted = _float(dtype)
    return placed(restored(paddle.randn(_size(shape), drawn), wanted), device)


def default_int(low: int, high: int, shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    drawn = paddle.randint(low, high, _size(shape), paddle.int64)
    return placed(drawn.astype(native_dtype(dtype or "int32")), device)


def default_dropout(x: Any, /, *, rate: float) -> Any:
    return restored(paddle.nn.functional.dropout(widened(x), rate), x.dtype)


def _with_key(key: Any, draw: Callable[[], Any]) -> Any:
    """Draw from the default generator, or from it as the key seeds it, after which it goes on as before."""
    if key is None:
        return draw()
    if is_value(key):
        raise DataDependentError(
            "Paddle's own samplers take no key within a program of paddle.jit.to_static",
            hint="give the key as a Python integer, or none",
        )
    words = [0, key] if isinstance(key, int) else key.astype(paddle.int64).tolist()
    state = paddle.get_rng_state()
    paddle.seed((words[0] << 32 | words[1]) % 2**63)
    try:
        return draw()
    finally:
        paddle.set_rng_state(state)


def _parameter(value: Any, shape: Any, dtype: Any = None) -> Any:
    x = asarray(value, dtype)
    x = x if paddle.is_floating_point(x) else x.astype(paddle.float32)
    return x if shape is None else broadcast_to(x, _size(shape))


def gamma(alpha: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    x = _parameter(alpha, shape, dtype)
    return _with_key(key, lambda: restored(paddle.standard_gamma(widened(x)), x.dtype))


def poisson(rate: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    x = _parameter(rate, shape)
    return _with_key(key, lambda: paddle.poisson(widened(x)).astype(native_dtype(dtype or "int32")))
