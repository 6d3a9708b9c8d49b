"""Random numbers with JAX: jax.random on keys; for eager use without one, a default key that is split on every draw."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp

from ivy.errors import BackendError, DtypeError
from ivy.functional.random import initial_seed
from ivy_jax.backend.support import abstract_draws, native_dtype

_default: dict[str, Any] = {}
_lock = threading.Lock()


def default_seed(value: int, /) -> None:
    with _lock:
        _default["key"] = random_key(value)


def random_default_key() -> Any:
    if abstract_draws.get():
        return jax.random.PRNGKey(0)
    with _lock:
        if "key" not in _default:
            start = initial_seed()
            _default["key"] = random_key(secrets.randbits(63) if start is None else start)
        following, drawn = jax.random.split(_default["key"])
        if isinstance(drawn, jax.core.Tracer):
            raise BackendError(
                "a random number was asked for inside of jax.jit without a key",
                why="the default key would be frozen into the compiled function: all calls would draw the same numbers",
                hint="pass a key: rng=jax.random.key(0) to a transpiled function or model, key= to an op of Ivy",
            )
        _default["key"] = following
    return drawn


def _key(key: Any) -> Any:
    if key is None:
        return random_default_key()
    return random_key(key) if isinstance(key, int) else key


def random_key(seed: int, /, *, device: Any = None) -> Any:
    # not jax.random.PRNGKey, which drops a seed's upper half unless 64-bit integers are on
    return jnp.asarray([(seed >> 32) & 0xFFFFFFFF, seed & 0xFFFFFFFF], jnp.uint32)


def threefry_2x32(k1: Any, k2: Any, x1: Any, x2: Any, /) -> tuple[Any, Any]:
    words = jnp.broadcast_arrays(*(jnp.asarray(v, jnp.uint32) for v in (k1, k2, x1, x2)))
    from jax.extend.random import threefry2x32_p  # 50 ms: it brings Pallas along

    return tuple(threefry2x32_p.bind(*words))


def _size(shape: Any) -> tuple[int, ...]:
    return (shape,) if isinstance(shape, int) else tuple(shape)


def _float(dtype: Any, *parameters: Any) -> Any:
    if dtype is None:
        arrays = [p.dtype for p in parameters if hasattr(p, "dtype") and jnp.issubdtype(p.dtype, jnp.floating)]
        return arrays[0] if arrays else jnp.float32
    found = native_dtype(dtype)
    if not jnp.issubdtype(found, jnp.floating):
        raise DtypeError(f"random floats can't be of dtype {found}", hint="ask for float32")
    return found


def _integer(dtype: Any) -> Any:
    found = native_dtype("int32" if dtype is None else dtype)
    if not jnp.issubdtype(found, jnp.integer):
        raise DtypeError(f"random integers can't be of dtype {found}", hint="ask for int32")
    return found


def _broadcast(shape: Any, *parameters: Any) -> tuple[int, ...]:
    return jnp.broadcast_shapes(*(jnp.shape(p) for p in parameters)) if shape is None else _size(shape)


def random_bits(key: Any, /, *, shape: Any = (), bit_width: int = 32) -> Any:
    return jax.random.bits(_key(key), _size(shape), f"uint{bit_width}")


def random_split(key: Any, /, *, num: Any = 2) -> Any:
    return jax.random.split(_key(key), num)


def random_fold_in(key: Any, data: Any, /) -> Any:
    return jax.random.fold_in(_key(key), data & 0xFFFFFFFF if isinstance(data, int) else data)


def default_uniform(shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    return jax.random.uniform(random_default_key(), _size(shape), _float(dtype))


def default_normal(shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    return jax.random.normal(random_default_key(), _size(shape), _float(dtype))


def default_int(low: int, high: int, shape: int | Sequence[int], /, *, dtype: Any = None, device: Any = None) -> Any:
    return jax.random.randint(random_default_key(), _size(shape), low, high, _integer(dtype))


def random_uniform(
    *, low: Any = 0.0, high: Any = 1.0, shape: Any = None, dtype: Any = None, device: Any = None, key: Any = None
) -> Any:
    return jax.random.uniform(_key(key), _broadcast(shape, low, high), _float(dtype, low, high), low, high)


def random_normal(
    *, mean: Any = 0.0, std: Any = 1.0, shape: Any = None, dtype: Any = None, device: Any = None, key: Any = None
) -> Any:
    kind = _float(dtype, mean, std)
    drawn = jax.random.normal(_key(key), _broadcast(shape, mean, std), kind)
    if isinstance(mean, (int, float)) and isinstance(std, (int, float)) and (mean, std) == (0, 1):
        return drawn
    return drawn * jnp.asarray(std, kind) + jnp.asarray(mean, kind)


def random_truncated_normal(
    *,
    lower: float = -2.0,
    upper: float = 2.0,
    shape: Any = (),
    dtype: Any = None,
    device: Any = None,
    key: Any = None,
) -> Any:
    return jax.random.truncated_normal(_key(key), lower, upper, _size(shape), _float(dtype))


def random_int(
    low: int, high: int, /, *, shape: Any = (), dtype: Any = None, device: Any = None, key: Any = None
) -> Any:
    return jax.random.randint(_key(key), _size(shape), low, high, _integer(dtype))


def bernoulli(p: Any, /, *, shape: Any = None, dtype: Any = None, device: Any = None, key: Any = None) -> Any:
    drawn = jax.random.bernoulli(_key(key), jnp.asarray(p, _float(None, p)), _broadcast(shape, p))
    return drawn if dtype is None else drawn.astype(native_dtype(dtype))


def random_gumbel(*, shape: Any = (), dtype: Any = None, device: Any = None, key: Any = None) -> Any:
    return jax.random.gumbel(_key(key), _size(shape), _float(dtype))


def exponential(*, shape: Any = (), dtype: Any = None, device: Any = None, key: Any = None) -> Any:
    return jax.random.exponential(_key(key), _size(shape), _float(dtype))


def categorical(logits: Any, /, *, axis: int = -1, shape: Any = None, key: Any = None) -> Any:
    size = None if shape is None else _size(shape)
    return jax.random.categorical(_key(key), logits, axis, size).astype(jnp.int32)


def permutation(x: Any, /, *, axis: int = 0, independent: bool = False, key: Any = None) -> Any:
    x = jnp.arange(x, dtype=jnp.int32) if isinstance(x, int) else x
    return jax.random.permutation(_key(key), x, axis, independent)


def gamma(alpha: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    return jax.random.gamma(_key(key), alpha, _broadcast(shape, alpha), _float(dtype, alpha))


def poisson(rate: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    return jax.random.poisson(_key(key), rate, _broadcast(shape, rate), _integer(dtype))


def beta(a: Any, b: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    return jax.random.beta(_key(key), a, b, _broadcast(shape, a, b), _float(dtype, a, b))
