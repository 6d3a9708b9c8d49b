"""Bodies of what draws from a default generator, and samplers of the gamma and Poisson distributions.

A backend without a generator of its own is given one here: a seed and a counter, from which keys for Threefry are made.
"""

from __future__ import annotations

import math
import secrets
import threading
from typing import Any

import ivy.functional as F
from ivy.backend import ArrayScope, Backend, current_scope
from ivy.dtypes import as_dtype, dtype_of
from ivy.errors import BackendError
from ivy.functional._sampling import float_dtype, sized

_lock = threading.Lock()
_states: dict[str, tuple[int, int]] = {}
"""For each backend the seed and how many keys were made of it."""


def _backend() -> str:
    here = current_scope()
    here = here.backend if isinstance(here, ArrayScope) else here
    if not isinstance(here, Backend):
        raise BackendError(
            "a trace would draw the same random numbers on every call",
            hint="give a key, or set EXPLICIT_RNG in the backend package, so that graphs take one",
        )
    return here.name


def default_seed(value: int, /) -> None:
    with _lock:
        _states[_backend()] = (int(value), 0)


def random_default_key() -> Any:
    from ivy.functional.random import initial_seed

    name = _backend()
    with _lock:
        seed, count = _states.get(name) or (initial_seed(), 0)
        seed = secrets.randbits(63) if seed is None else seed
        _states[name] = (seed, count + 1)
    return F.random_fold_in(F.random_key(seed), count)


def _placed(x: Any, device: Any) -> Any:
    return x if device is None else F.asarray(x, device=device)


def default_uniform(shape: Any, /, *, dtype: Any = None, device: Any = None) -> Any:
    return _placed(F.random_uniform(shape=shape, dtype=dtype, key=F.random_default_key()), device)


def default_normal(shape: Any, /, *, dtype: Any = None, device: Any = None) -> Any:
    return _placed(F.random_normal(shape=shape, dtype=dtype, key=F.random_default_key()), device)


def default_int(low: int, high: int, shape: Any, /, *, dtype: Any = None, device: Any = None) -> Any:
    return _placed(F.random_int(low, high, shape=shape, dtype=dtype, key=F.random_default_key()), device)


def _spread(parameter: Any, shape: Any, dtype: Any) -> tuple[Any, Any]:
    """Return a parameter in float64, or what the backend has for it, in the shape of the result; and that shape."""
    size = sized(shape, parameter)
    wide = F.astype(parameter, dtype) if hasattr(parameter, "dtype") else F.asarray(parameter, dtype=dtype)
    return F.broadcast_to(wide, size), size


def _accepted(propose: Any, start: Any, done: Any, key: Any) -> Any:
    """Replace what is not done by proposals, each with a key of its own, until all have been accepted."""

    def step(state: Any) -> Any:
        i, found, done = state
        proposal, good = propose(F.random_fold_in(key, i))
        new = F.logical_and(good, F.logical_not(done))
        return F.add(i, 1), F.where(new, proposal, found), F.logical_or(done, good)

    state = (F.asarray(0, dtype="int32"), start, done)
    return F.while_loop(lambda state: F.logical_not(F.all(state[2])), step, state)[1]


def _key(key: Any) -> Any:
    return F.random_default_key() if key is None else F.random_key(key) if isinstance(key, int) else key


def gamma(alpha: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    """Marsaglia's and Tsang's method (2000): a transformed normal draw, accepted or not."""
    dtype = float_dtype(dtype, alpha)
    wide = "float64" if dtype == "float64" else "float32"
    a, size = _spread(alpha, shape, wide)
    valid = F.logical_and(F.less(0, a), F.less(a, math.inf))
    a = F.where(valid, a, 1)
    small = F.less(a, 1)  # these are drawn for a + 1 and scaled by a power of a uniform draw
    d = F.subtract(F.where(small, F.add(a, 1), a), 1 / 3)
    c = F.divide(1 / 3, F.sqrt(d))
    first, second = F.unstack(F.random_split(_key(key)))

    def propose(key: Any) -> Any:
        of_normal, of_uniform = F.unstack(F.random_split(key))
        x = F.random_normal(shape=size, dtype=wide, key=of_normal)
        u = F.random_uniform(shape=size, dtype=wide, key=of_uniform)
        v = F.add(F.multiply(c, x), 1)
        positive = F.less(0, v)
        v = F.where(positive, F.multiply(F.multiply(v, v), v), 1)
        bound = F.add(F.multiply(F.multiply(x, x), 0.5), F.multiply(d, F.add(F.subtract(1, v), F.log(v))))
        logs = F.log(F.subtract(1, u))  # of a number in (0, 1]
        return F.multiply(d, v), F.logical_and(positive, F.less(logs, bound))

    found = _accepted(propose, F.zeros_like(a), F.zeros(size, dtype="bool"), first)
    u = F.subtract(1, F.random_uniform(shape=size, dtype=wide, key=second))
    found = F.where(small, F.multiply(found, F.pow(u, F.divide(1, F.where(small, a, 1)))), found)
    return F.astype(F.where(valid, found, math.nan), dtype)


def poisson(rate: Any, /, *, shape: Any = None, dtype: Any = None, key: Any = None) -> Any:
    """Products of uniform draws (Knuth) for means below 10, Hörmann's transformed rejection (PTRS, 1993) above."""
    dtype = as_dtype("int32" if dtype is None else dtype)
    rate, size = _spread(
        rate, shape, "float32" if getattr(rate, "dtype", None) is not None and dtype_of(rate).bits < 64 else "float64"
    )
    wide = dtype_of(rate)
    few = F.less(rate, 10)
    first, second = F.unstack(F.random_split(_key(key)))
    # how many exponential waits fit into one unit of time
    mean = F.where(few, rate, 0)

    def wait(state: Any) -> Any:
        i, time, count = state
        u = F.random_uniform(shape=size, dtype=wide, key=F.random_fold_in(first, i))
        time = F.subtract(time, F.log(F.subtract(1, u)))
        return F.add(i, 1), time, F.where(F.less(time, mean), F.add(count, 1), count)

    state = (F.asarray(0, dtype="int32"), F.zeros(size, dtype=wide), F.zeros(size, dtype=wide))
    low = F.while_loop(lambda state: F.any(F.less(state[1], mean)), wait, state)[2]

    mu = F.where(F.logical_or(few, F.logical_not(F.isfinite(rate))), 10, rate)
    b = F.add(F.multiply(F.sqrt(mu), 2.53), 0.931)
    a = F.subtract(F.multiply(b, 0.02483), 0.059)
    scale = F.add(F.divide(1.1328, F.subtract(b, 3.4)), 1.1239)
    squeeze = F.subtract(0.9277, F.divide(3.6224, F.subtract(b, 2)))

    def propose(key: Any) -> Any:
        keys = F.unstack(F.random_split(key))
        u, v = (F.random_uniform(shape=size, dtype=wide, key=k) for k in keys)
        u, v = F.subtract(u, 0.5), F.subtract(1, v)
        us = F.maximum(F.subtract(0.5, F.abs(u)), 1e-7)
        k = F.floor(F.add(F.add(F.multiply(F.add(F.divide(F.multiply(a, 2), us), b), u), mu), 0.43))
        inside = F.less_equal(0, k)
        weight = F.log(F.divide(F.multiply(v, scale), F.add(F.divide(a, F.multiply(us, us)), b)))
        count = F.where(inside, k, 0)
        mass = F.subtract(F.subtract(F.multiply(count, F.log(mu)), mu), F.lgamma(F.add(count, 1)))
        at_once = F.logical_and(F.less_equal(0.07, us), F.less_equal(v, squeeze))
        near = F.logical_not(F.logical_and(F.less(us, 0.013), F.less(us, v)))
        return count, F.logical_and(inside, F.logical_or(at_once, F.logical_and(near, F.less_equal(weight, mass))))

    high = _accepted(propose, F.zeros_like(mu), few, second)
    return F.astype(F.where(few, low, high), dtype)
