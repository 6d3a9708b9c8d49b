"""Random numbers: from the target's own generator, or bit for bit TensorFlow's where a seed is given.

`tf.random.stateless_*` are Philox-4x32-10 on the CPU: numbers are computed here on uint32 words, with products in
16-bit halves, so that no target needs 64-bit integers.
"""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy_tensorflow.frontend.table import array, cast, is_array, numbers, public, raw, refuse, size_of

# -- from the target's generator --------------------------------------------------------------------------------------


@raw("RandomUniform")
def raw_uniform(shape: Any, dtype: Any, seed: int = 0, seed2: int = 0) -> Any:
    return F.random_uniform(shape=numbers(shape), dtype=as_dtype(dtype))


@raw("RandomStandardNormal")
def raw_normal(shape: Any, dtype: Any, seed: int = 0, seed2: int = 0) -> Any:
    return F.random_normal(shape=numbers(shape), dtype=as_dtype(dtype))


@raw("TruncatedNormal")
def raw_truncated_normal(shape: Any, dtype: Any, seed: int = 0, seed2: int = 0) -> Any:
    return F.random_truncated_normal(shape=numbers(shape), dtype=as_dtype(dtype))


@raw("RandomUniformInt")
def raw_uniform_int(shape: Any, minval: Any, maxval: Any, seed: int = 0, seed2: int = 0, dtype: Any = None) -> Any:
    kind = next((dtype_of(v) for v in (minval, maxval) if is_array(v)), as_dtype(dtype or "int32"))
    return F.random_int(size_of(minval), size_of(maxval), shape=numbers(shape), dtype=kind)


@raw("RandomShuffle")
def raw_shuffle(value: Any, seed: int = 0, seed2: int = 0) -> Any:
    return F.permutation(value, axis=0)


@raw("Multinomial")
def raw_multinomial(logits: Any, num_samples: Any, seed: int = 0, seed2: int = 0, output_dtype: Any = "int64") -> Any:
    batch, n = logits.shape[0], size_of(num_samples)
    wide = F.broadcast_to(F.expand_dims(logits, axis=1), (batch, n, logits.shape[1]))
    return cast(F.categorical(wide, axis=-1), output_dtype)


@raw("RandomGamma")
def raw_gamma(shape: Any, alpha: Any, seed: int = 0, seed2: int = 0) -> Any:
    return F.gamma(alpha, shape=(*numbers(shape), *alpha.shape))


@raw("RandomPoissonV2", "RandomPoisson")
def raw_poisson(shape: Any, rate: Any, seed: int = 0, seed2: int = 0, dtype: Any = "int64") -> Any:
    return F.poisson(rate, shape=(*numbers(shape), *rate.shape), dtype=as_dtype(dtype))


@public("random.uniform")
def uniform(shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = "float32", seed: Any = None) -> Any:
    kind = as_dtype(dtype)
    if kind.is_integer:
        return F.random_int(size_of(minval), size_of(maxval), shape=numbers(shape), dtype=kind)
    return F.random_uniform(low=minval, high=1 if maxval is None else maxval, shape=numbers(shape), dtype=kind)


@public("random.normal")
def normal(shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32", seed: Any = None) -> Any:
    return F.random_normal(mean=mean, std=stddev, shape=numbers(shape), dtype=as_dtype(dtype))


@public("random.truncated_normal")
def truncated_normal(shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32", seed: Any = None) -> Any:
    found = F.random_truncated_normal(shape=numbers(shape), dtype=as_dtype(dtype))
    return F.add(F.multiply(found, stddev), mean)


@public("random.shuffle")
def shuffle(value: Any, seed: Any = None) -> Any:
    return F.permutation(array(value), axis=0)


@public("random.categorical")
def categorical(logits: Any, num_samples: Any, dtype: Any = "int64", seed: Any = None) -> Any:
    return raw_multinomial(array(logits), num_samples, output_dtype=dtype)


# -- Philox -----------------------------------------------------------------------------------------------------------

_WORD = 0xFFFFFFFF
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)

# Words are held as int64 where the target has it, since torch has no arithmetic on uint32, and as uint32 elsewhere.


class _Words:
    """Arithmetic modulo 2^32 on words, as the target can do it."""

    def __init__(self, wide: bool) -> None:
        self.dtype = as_dtype("int64" if wide else "uint32")
        self.wide = wide

    def take(self, x: Any) -> Any:
        """Hold a uint32 array or a number."""
        return cast(x, self.dtype) if is_array(x) else int(x) & _WORD

    def low(self, x: Any) -> Any:
        """Reduce modulo 2^32."""
        return F.bitwise_and(x, _WORD) if self.wide else x

    def add(self, x: Any, y: Any) -> Any:
        if not (is_array(x) or is_array(y)):
            return (x + y) & _WORD  # numbers of the schedule, which need not fit the target's integers
        return self.low(F.add(x, y))

    def multiply(self, x: Any, m: int) -> tuple[Any, Any]:
        """Return the high and the low word of a product with a constant."""
        m_low, m_high = m & 0xFFFF, m >> 16
        x_low, x_high = F.bitwise_and(x, 0xFFFF), F.bitwise_right_shift(x, 16)
        ll, lh = F.multiply(x_low, m_low), F.multiply(x_low, m_high)
        hl, hh = F.multiply(x_high, m_low), F.multiply(x_high, m_high)
        middle = F.add(
            F.add(F.bitwise_right_shift(ll, 16), F.bitwise_and(lh, 0xFFFF)), F.bitwise_and(hl, 0xFFFF)
        )  # below 3 * 2^16
        low = F.bitwise_or(F.bitwise_and(ll, 0xFFFF), self.low(F.bitwise_left_shift(middle, 16)))
        rest = F.add(F.bitwise_right_shift(lh, 16), F.bitwise_right_shift(hl, 16))
        return self.low(F.add(F.add(hh, rest), F.bitwise_right_shift(middle, 16))), low

    def rounds(self, counter: list[Any], key: list[Any]) -> list[Any]:
        """Run the ten rounds."""
        for _ in range(10):
            h0, l0 = self.multiply(counter[0], _MULTIPLIERS[0])
            h1, l1 = self.multiply(counter[2], _MULTIPLIERS[1])
            counter = [
                F.bitwise_xor(F.bitwise_xor(h1, counter[1]), key[0]),
                l1,
                F.bitwise_xor(F.bitwise_xor(h0, counter[3]), key[1]),
                l0,
            ]
            key = [self.add(key[0], _WEYL[0]), self.add(key[1], _WEYL[1])]
        return counter


def _has_int64() -> bool:
    """Whether the target keeps int64 (JAX makes it int32 without x64)."""
    return dtype_of(F.zeros((1,), dtype="int64")) == "int64"


def _split64(x: Any, words: _Words) -> tuple[Any, Any]:
    """Return the low and high words of a scalar of 64 bits, or of 32 sign-extended."""
    if not is_array(x):
        return int(x) & _WORD, (int(x) >> 32) & _WORD
    dtype = dtype_of(x)
    if dtype.bits > 32:
        as_signed = x if dtype.kind == "int" else F.bitcast(x, "int64")
        return F.bitwise_and(as_signed, _WORD), F.bitwise_and(F.bitwise_right_shift(as_signed, 32), _WORD)
    low = cast(x, "int64") if words.wide else F.bitcast(cast(x, "int32"), "uint32")
    if words.wide:
        return F.bitwise_and(low, _WORD), F.bitwise_and(F.bitwise_right_shift(low, 32), _WORD)
    high = F.where(F.less(cast(x, "int32"), 0), F.full_like(low, _WORD), F.zeros_like(low))
    return low, F.zeros_like(low) if dtype.kind == "uint" else high


def _scrambled(seed: Any, words: _Words) -> tuple[list[Any], list[Any]]:
    """Return key and counter words of a seed of two numbers, as TensorFlow scrambles them."""
    parts = [F.get_item(seed, i) for i in (0, 1)] if is_array(seed) else list(seed)
    s0, s1 = (_split64(p, words) for p in parts)
    key = [words.take(0x3EC8F720), words.take(0x02461E29)]
    zero = F.zeros((), dtype=words.dtype)
    counter = [F.add(zero, words.take(s0[0])), F.add(zero, words.take(s0[1]))]
    counter += [F.add(zero, words.take(s1[0])), F.add(zero, words.take(s1[1]))]
    mix = words.rounds(counter, key)
    return mix[:2], [zero, zero, mix[2], mix[3]]


def _pack64(low: Any, high: Any, dtype: str = "uint64") -> Any:
    """Put two words into one of 64 bits."""
    wide = F.bitwise_or(F.bitwise_left_shift(cast(high, "int64"), 32), cast(low, "int64"))
    return F.bitcast(wide, dtype)


class _Stream:
    """The numbers that a seed stands for, as words; passed between the raw ops in place of key and counter."""

    def __init__(self, key: list[Any], counter: list[Any], words: _Words) -> None:
        self.key, self.counter, self.words = key, counter, words

    def bits(self, count: int) -> Any:
        """Return so many words."""
        blocks = -(-count // 4)
        w = self.words
        at = F.arange(blocks, dtype=w.dtype)
        low = w.add(self.counter[0], at)
        carried = cast(F.less(low, F.broadcast_to(self.counter[0], low.shape)), w.dtype)
        second = w.add(self.counter[1], carried)
        again = cast(F.logical_and(F.equal(carried, 1), F.equal(second, 0)), w.dtype)
        third = w.add(self.counter[2], again)
        last = cast(F.logical_and(F.equal(again, 1), F.equal(third, 0)), w.dtype)
        fourth = w.add(self.counter[3], last)
        found = F.stack(w.rounds([low, second, third, fourth], self.key), axis=-1)
        return F.get_item(F.reshape(found, (-1,)), slice(0, count))


def _stream(seed: Any = None, key: Any = None, counter: Any = None, alg: Any = 1) -> _Stream:
    """Return the stream of a seed, or of a key and counter that `StatelessRandomGetKeyCounter` gave."""
    if isinstance(key, _Stream):
        return key
    if alg not in (1, 3, "philox", "auto_select"):
        return refuse("random numbers of another algorithm than Philox", "use alg='philox'")
    words = _Words(_has_int64())
    if seed is not None:
        return _Stream(*_scrambled(seed, words), words)
    k = _split64(F.get_item(key, 0), words)
    halves = [v for i in (0, 1) for v in _split64(F.get_item(counter, i), words)]
    return _Stream([words.take(v) for v in k], [words.take(v) for v in halves], words)


@raw("StatelessRandomGetKeyCounter")
def get_key_counter(seed: Any) -> Any:
    found = _stream(seed)
    return found, found


@raw("StatelessRandomGetAlg")
def get_alg() -> Any:
    return 1


@raw("StatelessRandomGetKeyCounterAlg")
def get_key_counter_alg(seed: Any) -> Any:
    found = _stream(seed)
    return found, found, 1


def _unit(bits: Any, words: _Words, dtype: Any) -> Any:
    """Turn words into floats in [0, 1) as TensorFlow does: the mantissa's bits of a number in [1, 2), less 1."""
    kind = as_dtype(dtype)
    if kind == "float32":
        whole = F.bitwise_or(F.bitwise_and(bits, 0x7FFFFF), 127 << 23)
        return F.subtract(F.bitcast(cast(whole, "int32"), "float32"), 1.0)
    if kind in ("float16", "bfloat16"):
        mantissa, exponent = (0x3FF, 15 << 10) if kind == "float16" else (0x7F, 127 << 7)
        whole = cast(F.bitwise_or(F.bitwise_and(bits, mantissa), exponent), "int16")
        return F.subtract(F.bitcast(whole, kind), 1.0)
    return refuse(f"stateless random numbers of dtype {kind}", "draw float32 and cast")


def _double(stream: _Stream, count: int) -> Any:
    """Return doubles in [0, 1): 52 bits of two words each."""
    if not stream.words.wide:
        return refuse("stateless random numbers of dtype float64 on a target without 64-bit integers")
    pairs = F.reshape(stream.bits(2 * count), (count, 2))
    low, high = F.get_item(pairs, (slice(None), 0)), F.get_item(pairs, (slice(None), 1))
    top = F.bitwise_and(low, 0xFFFFF)
    whole = F.bitwise_or(F.bitwise_left_shift(top, 32), high)
    return F.subtract(F.bitcast(F.bitwise_or(whole, 1023 << 52), "float64"), 1.0)


def _uniform(stream: _Stream, shape: tuple[int, ...], dtype: Any) -> Any:
    count = math.prod(shape)
    if as_dtype(dtype) == "float64":
        return F.reshape(_double(stream, count), shape)
    return F.reshape(_unit(stream.bits(count), stream.words, dtype), shape)


@raw("StatelessRandomUniformV2", "StatelessRandomUniform")
def stateless_uniform(
    shape: Any, key: Any = None, counter: Any = None, alg: Any = 1, dtype: Any = "float32", seed: Any = None
) -> Any:
    return _uniform(_stream(seed, key, counter, alg), numbers(shape), dtype)


def _box_muller(stream: _Stream, shape: tuple[int, ...], dtype: Any) -> Any:
    """Make normal numbers of pairs of words, as TensorFlow's kernel does (for float32)."""
    kind = as_dtype(dtype)
    if kind != "float32":
        return refuse(f"stateless normal numbers of dtype {kind}", "draw float32 and cast")
    count = math.prod(shape)
    pairs = F.reshape(stream.bits(count + count % 4 + 4), (-1, 2))
    pairs = F.get_item(pairs, slice(0, -(-count // 2)))
    u1 = F.maximum(_unit(F.get_item(pairs, (slice(None), 0)), stream.words, kind), 1.0e-7)
    angle = F.multiply(_unit(F.get_item(pairs, (slice(None), 1)), stream.words, kind), 2.0 * math.pi)
    radius = F.sqrt(F.multiply(F.log(u1), -2.0))
    both = F.stack([F.multiply(F.sin(angle), radius), F.multiply(F.cos(angle), radius)], axis=-1)
    return F.reshape(F.get_item(F.reshape(both, (-1,)), slice(0, count)), shape)


@raw("StatelessRandomNormalV2", "StatelessRandomNormal")
def stateless_normal(
    shape: Any, key: Any = None, counter: Any = None, alg: Any = 1, dtype: Any = "float32", seed: Any = None
) -> Any:
    return _box_muller(_stream(seed, key, counter, alg), numbers(shape), dtype)


@raw("StatelessRandomUniformIntV2", "StatelessRandomUniformInt")
def stateless_uniform_int(
    shape: Any,
    minval: Any,
    maxval: Any,
    key: Any = None,
    counter: Any = None,
    alg: Any = 1,
    seed: Any = None,
    dtype: Any = None,
) -> Any:
    kind = as_dtype(dtype) if dtype is not None else next((dtype_of(v) for v in (minval, maxval) if is_array(v)), None)
    if kind is None:
        kind = as_dtype("int32")
    if kind.bits > 32:
        return refuse(f"stateless random integers of dtype {kind}", "draw int32 and cast")
    stream = _stream(seed, key, counter, alg)
    low, high = size_of(minval), size_of(maxval)
    bits = stream.bits(math.prod(numbers(shape)))
    rest = F.remainder(bits, high - low)
    return F.reshape(F.add(cast(rest, kind), low), numbers(shape))


@raw("StatelessRandomUniformFullIntV2", "StatelessRandomUniformFullInt")
def stateless_full_int(
    shape: Any, key: Any = None, counter: Any = None, alg: Any = 1, dtype: Any = "int32", seed: Any = None
) -> Any:
    kind = as_dtype(dtype)
    stream = _stream(seed, key, counter, alg)
    count = math.prod(numbers(shape))
    if kind.bits == 64:
        if not stream.words.wide:
            return refuse(f"stateless random bits of dtype {kind} on a target without 64-bit integers")
        pairs = F.reshape(stream.bits(2 * count), (count, 2))
        found = _pack64(F.get_item(pairs, (slice(None), 0)), F.get_item(pairs, (slice(None), 1)), str(kind))
        return F.reshape(found, numbers(shape))
    bits = cast(stream.bits(count), "uint32")
    return F.reshape(bits if kind == "uint32" else F.bitcast(bits, kind), numbers(shape))


@public("random.stateless_uniform")
def public_stateless_uniform(
    shape: Any, seed: Any, minval: Any = 0, maxval: Any = None, dtype: Any = "float32", alg: Any = "auto_select"
) -> Any:
    kind = as_dtype(dtype)
    if kind.is_integer:
        return stateless_uniform_int(shape, minval, maxval, seed=seed, dtype=kind)
    found = stateless_uniform(shape, dtype=kind, seed=seed)
    high = 1 if maxval is None else maxval
    return F.add(F.multiply(found, F.subtract(array(high, kind), minval)), minval)


@public("random.stateless_normal")
def public_stateless_normal(
    shape: Any, seed: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32", alg: Any = "auto_select"
) -> Any:
    return F.add(F.multiply(stateless_normal(shape, dtype=dtype, seed=seed), stddev), mean)
