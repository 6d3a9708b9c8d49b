"""Cases of random numbers: those of a key are known exactly, others by their distribution."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special, stats

from ivy.dtypes import ALL as DTYPES
from ivy.dtypes import as_dtype
from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, FLOAT, Draw
from ivy.testing.references import threefry

MANY = 1500
"""Numbers from which a distribution is told."""
UNLIKELY = 1e-7
"""Probability under which numbers are taken to be of another distribution."""


def key_for(d: Draw) -> Any:
    """Return a seed, or a key."""
    seed = d.integer(0, 2**40)
    return seed if d.flag() else threefry.key_of(seed)


def _maybe_key(d: Draw) -> dict[str, Any]:
    return {"key": key_for(d)} if d.flag() else {}


def _dtype(d: Draw, among: tuple[str, ...]) -> dict[str, Any]:
    return {"dtype": d.dtype(among)} if d.flag() else {}


def follows(sample: Any, distribution: Any) -> None:
    """Check that numbers are of a continuous distribution; those rounded to few digits by their mean only."""
    x = np.asarray(sample, "float64").reshape(-1)
    assert np.isfinite(x).all()
    if len(x) < 100:
        return
    mean, deviation = distribution.mean(), distribution.std()
    coarse = as_dtype(sample.dtype) in ("float16", "bfloat16")
    # some distributions have no mean, or no deviation
    allowed = (6 / math.sqrt(len(x)) + 0.01 * coarse) * deviation
    assert not np.isfinite(deviation) or abs(x.mean() - mean) < allowed, (x.mean(), mean)
    if not coarse:
        assert stats.kstest(x, distribution.cdf).pvalue > UNLIKELY


def counted(sample: Any, probabilities: Any) -> None:
    """Check that integers come as often as they should."""
    counts = np.bincount(np.asarray(sample).reshape(-1).astype("int64"), minlength=len(probabilities))
    expected = np.asarray(probabilities) * counts.sum()
    assert len(counts) == len(expected)
    assert not counts[expected == 0].any()
    # the statistic's distribution needs about five of each: what is rarer counts as one, with the rarest of the others
    order = np.argsort(expected)
    counts, expected = counts[order], expected[order]
    rare = int(np.searchsorted(np.cumsum(expected), 5))
    counts, expected = (np.append(x[rare + 1 :], x[: rare + 1].sum()) for x in (counts, expected))
    if len(counts) > 1:
        assert stats.chisquare(counts, expected).pvalue > UNLIKELY


def shaped(result: Any, shape: Any, dtype: Any) -> None:
    """Check shape and dtype."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    assert result.shape == shape, (result.shape, shape)
    # of 64 bits only where the backend has them
    narrow = {"float64": "float32", "int64": "int32", "uint64": "uint32"}.get(str(as_dtype(dtype)))
    assert as_dtype(result.dtype) in (dtype, narrow), (result.dtype, dtype)


# --- keys and bits


@case("random_key", threefry.key_of, dtype="uint32")
def _(d: Draw) -> Call:
    return Call(d.integer(0, 2**64 - 1))


@case("threefry_2x32", threefry.hash_words, dtype=lambda *a: (DTYPES["uint32"],) * 2)
def _(d: Draw) -> Call:
    keys = [np.asarray(d.integer(0, 2**32 - 1), "uint32") for _ in range(2)]
    shape = d.shape(0, 2)
    return Call(*keys, *(d.random().integers(0, 2**32, shape, "uint32") for _ in range(2)))


@case(
    "random_bits",
    lambda key, *, shape=(), bit_width=32: threefry.bits(key, shape, bit_width),
    dtype=lambda key, *, shape=(), bit_width=32: DTYPES[f"uint{bit_width}"],
)
def _(d: Draw) -> Call:
    widths = tuple(w for w in (32, 8, 16, 64) if f"uint{w}" in d.dtypes)
    return Call(key_for(d), shape=d.shape(), **({"bit_width": d.of(*widths)} if d.flag() else {}))


def _split(key: Any, *, num: Any = 2) -> Any:
    return np.stack(threefry.words(key, (num,) if isinstance(num, int) else num), axis=-1)


@case("random_split", _split, dtype="uint32")
def _(d: Draw) -> Call:
    return Call(key_for(d), **({"num": d.of(3, 1, (2, 3))} if d.flag() else {}))


def _fold_in(key: Any, data: Any) -> Any:
    k1, k2 = threefry.key_of(key)
    return np.stack(threefry.hash_words(k1, k2, 0, data))


@case("random_fold_in", _fold_in, dtype="uint32")
def _(d: Draw) -> Call:
    data = d.integer(0, 2**31 - 1)
    return Call(key_for(d), data if d.flag() else np.asarray(data, "int32"))


# --- numbers that a key decides


def _uniform(*, key: Any, low: Any = 0.0, high: Any = 1.0, shape: Any = None, dtype: str | None = None) -> Any:
    shape = np.broadcast_shapes(np.shape(low), np.shape(high)) if shape is None else shape
    return threefry.uniform(key, shape, _float_of(low, high, dtype=dtype)) * (high - low) + low


def _float_of(*parameters: Any, dtype: str | None = None, **_: Any) -> str:
    found = [str(as_dtype(p.dtype)) for p in parameters if isinstance(p, np.ndarray)]
    return str(dtype or (found[0] if found else "float32"))


def _ranges(d: Draw) -> dict[str, Any]:
    """Two parameters, numbers or arrays, and perhaps a shape that they broadcast to."""
    dtype = d.dtype(("float32", "float64"))
    first, second = d.shapes(2, 2)
    found: dict[str, Any] = {}
    if d.flag():
        found["first"] = d.array(first, dtype, low=-2, high=1) if d.flag() else d.of(-1.5, 0.5)
    if d.flag():
        found["second"] = d.array(second, dtype, low=1.25, high=3) if d.flag() else d.of(2.0, 1.5)
    whole = np.broadcast_shapes(*(np.shape(v) for v in found.values()))
    if d.flag() or not whole:
        found["shape"] = (d.integer(0, 3), *whole)
    return found


@case(
    "random_uniform",
    _uniform,
    dtype=lambda *, low=0.0, high=1.0, dtype=None, **_: DTYPES[_float_of(low, high, dtype=dtype)],
    tolerance=4,
    exact=True,
)
def _(d: Draw) -> Call:
    found = _ranges(d)
    named = {"low": found.pop("first", 0.0), "high": found.pop("second", 1.0)}
    if not any(isinstance(v, np.ndarray) for v in named.values()):
        found |= _dtype(d, FLOAT)
    return Call(**named, **found, key=key_for(d))


def _normal(*, key: Any, mean: Any = 0.0, std: Any = 1.0, shape: Any = None, dtype: str | None = None) -> Any:
    shape = np.broadcast_shapes(np.shape(mean), np.shape(std)) if shape is None else shape
    dtype = _float_of(mean, std, dtype=dtype)
    low = np.nextafter(np.asarray(-1, dtype), np.asarray(0, dtype)).astype("float64")
    u = np.maximum((threefry.uniform(key, shape, dtype) * (1 - low) + low), low)
    return special.erfinv(u) * math.sqrt(2) * std + mean


@case(
    "random_normal",
    _normal,
    dtype=lambda *, mean=0.0, std=1.0, dtype=None, **_: DTYPES[_float_of(mean, std, dtype=dtype)],
    tolerance=6,
    exact=True,
)
def _(d: Draw) -> Call:
    found = _ranges(d)
    named = {"mean": found.pop("first", 0.0), "std": found.pop("second", 1.0)}
    if not any(isinstance(v, np.ndarray) for v in named.values()):
        found |= _dtype(d, ("float32", "float64"))
    return Call(**named, **found, key=key_for(d))


def _bernoulli(p: Any, *, key: Any, shape: Any = None, dtype: Any = None) -> Any:
    shape = np.shape(p) if shape is None else shape
    return threefry.uniform(key, shape, _float_of(p)) < p


@case("bernoulli", _bernoulli, dtype=lambda p, *, dtype=None, **_: DTYPES[dtype or "bool"], exact=True, gradient=False)
def _(d: Draw) -> Call:
    p = d.array(d.shape(0, 2), ("float32", "float64"), low=0, high=1) if d.flag() else d.of(0.5, 0.25, 0.0, 1.0)
    found: dict[str, Any] = {"shape": (3, *np.shape(p))} if d.flag() else {}
    return Call(p, **found, **_dtype(d, ("float32", "int32")), key=key_for(d))


# --- numbers known by their distribution


def _drawn(op: str, distribution: Any, dtypes: tuple[str, ...] = FLOAT) -> None:
    """Register an op that takes a shape only."""

    def check(result: Any, *, shape: Any = (), dtype: str | None = None, key: Any = None, **options: Any) -> None:
        shaped(result, shape, dtype or "float32")
        follows(result, distribution(**options))

    @case(op, None, check=check)
    def _(d: Draw) -> Call:
        found = _maybe_key(d) | _dtype(d, dtypes) | {"shape": d.of((MANY,), (MANY // 3, 3), (2, 0), ())}
        if op == "random_truncated_normal" and d.flag():
            found |= {"lower": d.of(-1.0, 0.5), "upper": d.of(1.0, 2.5)}
        return Call(**found)


_drawn("random_gumbel", stats.gumbel_r)
_drawn("exponential", stats.expon)
_drawn("random_truncated_normal", lambda lower=-2.0, upper=2.0: stats.truncnorm(lower, upper))


def _default(op: str, distribution: Any) -> None:
    def check(result: Any, shape: Any, *, dtype: str | None = None) -> None:
        shaped(result, shape, dtype or "float32")
        follows(result, distribution)

    @case(op, None, check=check)
    def _(d: Draw) -> Call:
        return Call(d.of((MANY,), (MANY // 3, 3), (2, 0), ()), **_dtype(d, FLOAT))


_default("default_uniform", stats.uniform())
_default("default_normal", stats.norm())


def _between(result: Any, low: int, high: int, shape: Any = (), dtype: str | None = None, key: Any = None) -> None:
    shaped(result, shape, dtype or "int32")
    assert result.size == 0 or (low <= result.min() and result.max() < high), (result.min(), result.max())
    if high - low < 20 and result.size > 100:
        counted(result.astype("int64") - low, np.ones(high - low) / (high - low))


for _op in ("default_int", "random_int"):

    @case(_op, None, check=_between)
    def _(d: Draw, op: str = _op) -> Call:
        found = _dtype(d, ("int32", "int64", "int8", "uint8", "int16"))
        low, high = d.of((0, 5), (3, 10), (0, 1), (-7, 6), (0, 120))
        if found.get("dtype") == "uint8":
            low = max(low, 0)
        shape = d.of((MANY,), (MANY // 3, 3), (2, 0), ())
        return (
            Call(low, high, shape, **found)
            if op == "default_int"
            else Call(low, high, shape=shape, **found, **_maybe_key(d))
        )


@case("random_default_key", None, check=lambda result: shaped(result, (2,), "uint32"))
def _(d: Draw) -> Call:
    return Call()


@case("default_seed", None, check=lambda result, value: None, abstract=False)
def _(d: Draw) -> Call:
    return Call(d.integer(0, 2**31))


def _parametrised(op: str, distribution: Callable[..., Any], count: int) -> None:
    def check(result: Any, *parameters: Any, shape: Any = None, dtype: str | None = None, key: Any = None) -> None:
        whole = np.broadcast_shapes(*(np.shape(p) for p in parameters)) if shape is None else shape
        default = "int32" if op == "poisson" else _float_of(*parameters)
        shaped(result, whole, dtype or default)
        for place in np.ndindex(*whole[1:]) if shape else ():
            each = [float(np.broadcast_to(p, whole)[(0, *place)]) for p in parameters]
            column = result[(slice(None), *place)]
            if op == "poisson":
                counts = np.minimum(column.astype("int64"), 8)
                odds = distribution(*each).pmf(np.arange(8))
                counted(counts, [*odds, 1 - odds.sum()])
            else:
                follows(column, distribution(*each))

    @case(op, None, check=check, gradient=False)
    def _(d: Draw) -> Call:
        dtype = d.dtype(("float32", "float64", "float16"))
        shape = d.shape(0, 1)
        params = [d.array(shape, dtype, low=0.5, high=4) if d.flag() else d.of(1.0, 2.5) for _ in range(count)]
        whole = np.broadcast_shapes(*(np.shape(p) for p in params))
        found = {"shape": (MANY, *whole)} if d.flag() else {}
        kinds = ("int32", "int64", "float32") if op == "poisson" else ("float32", "float64")
        return Call(*params, **found, **_dtype(d, kinds), **_maybe_key(d))


_parametrised("gamma", stats.gamma, 1)
_parametrised("beta", stats.beta, 2)
_parametrised("poisson", stats.poisson, 1)


# --- choices


def _categorical(result: Any, logits: Any, *, axis: int = -1, shape: Any = None, key: Any = None) -> None:
    rest = np.moveaxis(logits, axis, -1).shape[:-1]
    shaped(result, rest if shape is None else shape, "int32")
    odds = special.softmax(np.moveaxis(logits, axis, -1).astype("float64"), axis=-1)
    assert result.size == 0 or (result.min() >= 0 and result.max() < odds.shape[-1])
    for place in np.ndindex(*rest) if shape else ():
        counted(result[(slice(None), *place)], odds[place])


@case("categorical", None, check=_categorical, gradient=False)
def _(d: Draw) -> Call:
    shape = d.shape(1, 2, least=1)
    axis = d.axis(len(shape))
    logits = d.array(shape, ("float32", "float64"), low=-1.5, high=1.5)
    rest = tuple(n for i, n in enumerate(shape) if i != axis % len(shape))
    found: dict[str, Any] = {"shape": (MANY, *rest)} if d.flag() else {}
    return Call(logits, **({"axis": axis} if axis != -1 else {}), **found, **_maybe_key(d))


def _multinomial(result: Any, p: Any, *, num_samples: int, replacement: bool = False, key: Any = None) -> None:
    shaped(result, (*p.shape[:-1], num_samples), "int64")
    assert result.size == 0 or (result.min() >= 0 and result.max() < p.shape[-1])
    for place in np.ndindex(*p.shape[:-1]):
        row = result[place]
        assert (p[place][row] > 0).all()
        if replacement:
            counted(row, p[place].astype("float64") / p[place].astype("float64").sum())
        else:
            assert len(set(row.tolist())) == num_samples


@case("multinomial", None, check=_multinomial, gradient=False)
def _(d: Draw) -> Call:
    p = d.array((*d.shape(0, 2, least=1, most=2), d.integer(2, 4)), ("float32", "float64"), low=0.25, high=2)
    if d.flag():
        p[..., 0] = 0  # never drawn
    if d.flag():
        return Call(p, num_samples=MANY, replacement=True, **_maybe_key(d))
    return Call(p, num_samples=d.integer(1, p.shape[-1] - 1), **_maybe_key(d))


def _permuted(result: Any, x: Any, *, axis: int = 0, independent: bool = False, key: Any = None) -> None:
    if isinstance(x, int):
        shaped(result, (x,), "int32")
        np.testing.assert_array_equal(np.sort(result), np.arange(x))
        return
    shaped(result, x.shape, x.dtype)
    if independent:
        np.testing.assert_array_equal(np.sort(result, axis), np.sort(x, axis))
        return
    rows = [sorted(row.ravel().tolist() for row in np.moveaxis(v, axis, 0)) for v in (result, x)]
    assert rows[0] == rows[1]


@case("permutation", None, check=_permuted, gradient=False)
def _(d: Draw) -> Call:
    if d.flag():
        return Call(d.integer(0, 9), **_maybe_key(d))
    x = d.array(d.shape(1, 3), tuple(t for t in ANY if not t.startswith("complex")))
    axis = d.axis(x.ndim)
    return Call(
        x,
        **({"axis": axis} if d.flag() or axis else {}),
        **({"independent": True} if d.flag() else {}),
        **_maybe_key(d),
    )


def _dropped(result: Any, x: Any, *, rate: float, key: Any = None, noise_shape: Any = None) -> None:
    shaped(result, x.shape, x.dtype)
    kept = result != 0
    limit = {"float16": 4e-3, "bfloat16": 3e-2}.get(x.dtype.name, 1e-6)
    if rate < 1:
        np.testing.assert_allclose(result[kept].astype("float64"), x[kept].astype("float64") / (1 - rate), rtol=limit)
    if noise_shape is not None:
        for axis, n in enumerate(noise_shape):
            if n == 1 and x.shape[axis]:
                np.testing.assert_array_equal(kept, np.take(kept, [0] * x.shape[axis], axis))
    if x.size > 500 and noise_shape is None:
        assert (
            stats.binomtest(int(kept.sum()), x.size, 1 - rate).pvalue > UNLIKELY
            if 0 < rate < 1
            else kept.all() == (rate == 0)
        )


@case("dropout", None, check=_dropped, gradient=False)
def _(d: Draw) -> Call:
    shape = d.of((30, 40), (2, 3), (), (0, 2), (5, 1, 200))
    found: dict[str, Any] = {}
    if len(shape) > 1 and d.flag():
        found["noise_shape"] = tuple(1 if d.flag() else n for n in shape)
    return Call(d.array(shape, FLOAT, low=0.5, high=2), rate=d.of(0.5, 0.1, 0.0, 1.0), **found, **_maybe_key(d))
