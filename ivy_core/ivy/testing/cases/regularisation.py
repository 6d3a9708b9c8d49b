"""Cases of noise for training."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special, stats

from ivy.testing.case import Call, case
from ivy.testing.cases.random import MANY, UNLIKELY, _dropped, _maybe_key, counted, follows, shaped
from ivy.testing.draw import FLOAT, Draw

_LIMIT = {"float16": 4e-3, "bfloat16": 3e-2}
_RATES = (0.5, 0.1, 0.0)


def _rows(result: Any, x: Any, axes: tuple[int, ...], rate: float) -> None:
    """Check that parts are dropped whole, and with the right odds."""
    if not x.size:
        return
    kept = np.moveaxis(result != 0, axes, range(len(axes)))
    flat = kept.reshape(int(np.prod(kept.shape[: len(axes)])), -1)
    assert (flat.all(1) | ~flat.any(1)).all()
    if len(flat) > 100:
        count = int(flat[:, 0].sum())
        assert stats.binomtest(count, len(flat), 1 - rate).pvalue > UNLIKELY if 0 < rate < 1 else count == len(flat)


def _path(result: Any, x: Any, *, rate: float, key: Any = None) -> None:
    _dropped(result, x, rate=rate, noise_shape=())
    _rows(result, x, (0,), rate)


@case("drop_path", None, check=_path)
def _(d: Draw) -> Call:
    x = d.array(d.of((300, 3), (4,), (3, 0, 2), (0, 2)), FLOAT, low=0.5, high=2)
    return Call(x, rate=d.of(*_RATES), **_maybe_key(d))


def _channels(result: Any, x: Any, *, rate: float, data_format: str = "channels_first", key: Any = None) -> None:
    _dropped(result, x, rate=rate, noise_shape=())
    _rows(result, x, (0, 1 if data_format == "channels_first" else x.ndim - 1), rate)


@case("spatial_dropout", None, check=_channels)
def _(d: Draw) -> Call:
    x = d.array(d.of((20, 15, 15), (2, 3), (2, 3, 2, 4)), FLOAT, low=0.5, high=2)
    found = {"data_format": d.of("channels_last", "channels_first")} if d.flag() else {}
    return Call(x, rate=d.of(*_RATES), **found, **_maybe_key(d))


@case("default_dropout", None, check=_dropped)
def _(d: Draw) -> Call:
    return Call(d.array(d.of((30, 40), (2, 3), (), (0, 2)), FLOAT, low=0.5, high=2), rate=d.of(0.5, 0.1))


def _alpha(result: Any, x: Any, *, rate: float, key: Any = None, noise_shape: Any = None) -> None:
    shaped(result, x.shape, x.dtype)
    if rate in (0, 1) or not x.size:
        np.testing.assert_array_equal(result, x if rate == 0 else np.zeros_like(x))
        return
    floor = -1.0507009873554805 * 1.6732632423543772
    scale = 1 / math.sqrt((1 - rate) * (1 + rate * floor**2))
    y, limit = result.astype("float64"), _LIMIT.get(x.dtype.name, 1e-5)
    kept, dropped = (scale * (v - floor * rate) for v in (x.astype("float64"), floor))
    is_kept, is_dropped = (abs(y - v) < 4 * limit * (1 + abs(v)) for v in (kept, dropped))
    assert (is_kept | is_dropped).all()
    if noise_shape is None and x.size > 500:
        assert stats.binomtest(int((is_kept & ~is_dropped).sum()), x.size, 1 - rate).pvalue > UNLIKELY
    for axis, n in enumerate(noise_shape or ()):
        if n == 1 and x.shape[axis]:
            np.testing.assert_array_equal(is_kept, np.take(is_kept, [0] * x.shape[axis], axis))


@case("alpha_dropout", None, check=_alpha)
def _(d: Draw) -> Call:
    x = d.array(d.of((30, 40), (2, 3), (), (0, 2)), FLOAT, low=0.5, high=2)
    found = {"noise_shape": tuple(1 if d.flag() else n for n in x.shape)} if x.ndim > 1 and d.flag() else {}
    return Call(x, rate=d.of(*_RATES, 1.0), **found, **_maybe_key(d))


def _gaussian(result: Any, x: Any, *, rate: float, key: Any = None) -> None:
    shaped(result, x.shape, x.dtype)
    if rate == 0:
        np.testing.assert_array_equal(result, x)
    elif x.dtype.name not in _LIMIT:
        follows((result / x).astype(result.dtype), stats.norm(1, math.sqrt(rate / (1 - rate))))


@case("gaussian_dropout", None, check=_gaussian)
def _(d: Draw) -> Call:
    x = d.array(d.of((30, 40), (2, 3), (), (0, 2)), FLOAT, low=0.5, high=2)
    return Call(x, rate=d.of(*_RATES), **_maybe_key(d))


def _relaxed(
    result: Any, logits: Any, *, temperature: float = 1.0, hard: bool = False, axis: int = -1, key: Any = None
) -> None:
    shaped(result, logits.shape, logits.dtype)
    limit = _LIMIT.get(logits.dtype.name, 1e-5)
    y = np.moveaxis(result.astype("float64"), axis, -1)
    assert (y >= -limit).all()
    assert (abs(y.sum(-1) - 1) < 4 * limit).all()
    if hard:
        assert (np.minimum(abs(y), abs(y - 1)) < limit).all()
    if len(logits) == MANY and logits.dtype.name not in _LIMIT:  # rows of the same logits
        counted(np.argmax(y, -1), special.softmax(np.moveaxis(logits, axis, -1)[0].astype("float64")))


@case("gumbel_softmax", None, check=_relaxed)
def _(d: Draw) -> Call:
    found: dict[str, Any] = {"temperature": d.of(0.5, 2.0)} if d.flag() else {}
    found |= {"hard": True} if d.flag() else {}
    if d.flag():
        logits = d.array((3,), FLOAT, low=-1, high=1)
        return Call(np.asarray(np.broadcast_to(logits, (MANY, 3)), order="C"), **found, **_maybe_key(d))
    shape = d.shape(1, 3, least=1)
    return Call(d.array(shape, FLOAT), axis=d.axis(len(shape)), **found, **_maybe_key(d))


@case("rrelu", lambda x, *, lower=1 / 8, upper=1 / 3: np.where(x < 0, x * (lower + upper) / 2, x))
def _(d: Draw) -> Call:
    return Call(d.array(None, FLOAT, special=True), **({"lower": 0.25, "upper": d.of(0.5, 0.25)} if d.flag() else {}))


def _sloped(
    result: Any, x: Any, *, training: bool, lower: float = 1 / 8, upper: float = 1 / 3, key: Any = None
) -> None:
    shaped(result, x.shape, x.dtype)
    below = x < 0
    np.testing.assert_array_equal(result[~below], x[~below])
    slopes, limit = result[below].astype("float64") / x[below].astype("float64"), _LIMIT.get(x.dtype.name, 1e-5)
    assert ((slopes >= lower - limit) & (slopes <= upper + limit)).all()
    if x.dtype.name not in _LIMIT and len(slopes) > 100:
        assert stats.kstest(slopes, stats.uniform(lower, upper - lower).cdf).pvalue > UNLIKELY


@case("rrelu", None, check=_sloped, name="training")
def _(d: Draw) -> Call:
    x = d.array(d.of((30, 40), (2, 3), (), (0, 2)), FLOAT, low=-3, high=2)
    return Call(x, training=True, **({"lower": 0.25, "upper": 0.5} if d.flag() else {}), **_maybe_key(d))
