"""Cases of pooling and windowed reductions."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume

from ivy.dtypes import ALL as DTYPES
from ivy.dtypes import as_dtype
from ivy.testing.case import Call, case
from ivy.testing.cases.convolution import numbers
from ivy.testing.draw import FLOAT, REAL, Draw
from ivy.testing.references.windows import pool, windows


def _data(d: Draw, dtypes: tuple[str, ...], *, unique: bool = False) -> tuple[Any, dict[str, Any], int]:
    n = d.of(2, 1, 3)
    sizes = [d.integer(2, 7 - n) for _ in range(n)]
    last = d.flag()
    lead = (d.integer(1, 2), d.integer(1, 2))
    x = d.array((lead[0], *sizes, lead[1]) if last else (*lead, *sizes), dtypes, unique=unique)
    return x, {"data_format": "channels_last"} if last else {}, n


def _options(d: Draw, x: Any, found: dict[str, Any], n: int, *names: str) -> dict[str, Any]:
    """Kernel, and perhaps strides, padding and the options of that name, so that windows fit."""
    kernel = numbers(d, n, 1, 3)
    each = (kernel,) * n if isinstance(kernel, int) else kernel
    found["kernel"] = kernel
    if d.flag():
        found["strides"] = numbers(d, n, 1, 3)
    way = d.of("none", "number", "pairs", "same", "valid")
    if way == "number":
        found["padding"] = d.integer(0, min(each) // 2)
    elif way == "pairs":
        found["padding"] = tuple((d.integer(0, k // 2), d.integer(0, k // 2)) for k in each)
    elif way != "none":
        found["padding"] = way
    if "dilation" in names and d.flag():
        found["dilation"] = numbers(d, n, 1, 2)
    if "ceil_mode" in names and way not in ("same", "valid") and d.flag():
        found["ceil_mode"] = True
    spatial = x.shape[1:-1] if "data_format" in found else x.shape[2:]
    dilation = found.get("dilation", 1)
    spans = [k_d * (k - 1) + 1 for k, k_d in zip(each, (dilation,) * n if isinstance(dilation, int) else dilation)]
    assume(way == "same" or all(span <= size for span, size in zip(spans, spatial, strict=True)))
    return found


def _max_pool(x: Any, kernel: Any, **options: Any) -> Any:
    return pool(x, kernel, lambda v, _: v.max(-1), **options)


@case("max_pool", _max_pool)
def _(d: Draw) -> Call:
    x, found, n = _data(d, REAL, unique=d.smooth)
    found = _options(d, x, found, n, "dilation", "ceil_mode")
    return Call(x, found.pop("kernel"), **found)


def _max_pool_with_indices(x: Any, kernel: Any, *, data_format: str = "channels_first", **options: Any) -> Any:
    last = data_format == "channels_last"
    values = np.moveaxis(x, -1, 1) if last else x
    places = np.arange(int(np.prod(values.shape[2:]))).reshape((1, 1, *values.shape[2:]))
    places = np.broadcast_to(places, values.shape)
    best: list[Any] = []

    def first(v: Any, _: int) -> Any:
        best.append(v.argmax(-1))
        return v.max(-1)

    def place(v: Any, _: int) -> Any:
        return np.take_along_axis(v, best.pop(0)[..., None], -1)[..., 0]

    found = pool(values, kernel, first, **options), pool(places, kernel, place, **options)
    return tuple(np.moveaxis(v, 1, -1) for v in found) if last else found


@case("max_pool_with_indices", _max_pool_with_indices, dtype=lambda x, *a, **k: (as_dtype(x.dtype), DTYPES["int64"]))
def _(d: Draw) -> Call:
    x, found, n = _data(d, REAL, unique=d.smooth)
    found = _options(d, x, found, n, "dilation", "ceil_mode")
    return Call(x, found.pop("kernel"), **found)


def _max_unpool(x: Any, indices: Any, kernel: Any, *, output_size: Any, data_format: str = "channels_first") -> Any:
    last = data_format == "channels_last"
    x, indices = (np.moveaxis(v, -1, 1) if last else v for v in (x, indices))
    found = np.zeros((*x.shape[:2], int(np.prod(output_size))), x.dtype)
    np.put_along_axis(found, indices.reshape(*x.shape[:2], -1), x.reshape(*x.shape[:2], -1), -1)
    found = found.reshape(*x.shape[:2], *output_size)
    return np.moveaxis(found, 1, -1) if last else found


@case("max_unpool", _max_unpool, dtype="first")
def _(d: Draw) -> Call:
    x, found, _ = _data(d, REAL, unique=d.smooth)
    last = found.get("data_format") == "channels_last"
    shape = x.shape[1:-1] if last else x.shape[2:]
    size = tuple(v + d.integer(0, 2) for v in shape)
    places = np.random.default_rng(d.integer(0, 9)).permutation(int(np.prod(size)))[: int(np.prod(shape))]
    places = places.reshape((1, *shape, 1) if last else (1, 1, *shape))
    indices = np.array(np.broadcast_to(places, x.shape), "int64")
    options = {"data_format": "channels_last"} if last else {}
    return Call(x, indices, 2, output_size=size, **options)


def _avg_pool(
    x: Any,
    kernel: Any,
    *,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    **options: Any,
) -> Any:
    def average(v: Any, places: int) -> Any:
        return v.sum(-1) / (divisor_override or (places if count_include_pad else v.shape[-1]))

    return pool(x, kernel, average, **options)


@case("avg_pool", _avg_pool, tolerance=3)
def _(d: Draw) -> Call:
    x, found, n = _data(d, FLOAT)
    found = _options(d, x, found, n, "ceil_mode")
    if d.flag():
        found["count_include_pad"] = False
    if d.flag():
        found["divisor_override"] = d.of(3, 7)
    return Call(x, found.pop("kernel"), **found)


def _lp_pool(x: Any, kernel: Any, *, p: float = 2.0, **options: Any) -> Any:
    size = int(np.prod((kernel,) * (x.ndim - 2) if isinstance(kernel, int) else kernel))

    def norm(v: Any, places: int) -> Any:
        # a window that is only partly inside counts as if the rest were like it
        return np.maximum((v**p).sum(-1) * size / places, 0) ** (1 / p)

    return pool(x, kernel, norm, **options)


@case("lp_pool", _lp_pool, tolerance=8)
def _(d: Draw) -> Call:
    x, found, n = _data(d, FLOAT)
    x = np.abs(x) + np.asarray(0.5, x.dtype)  # the root has no derivative at 0
    found = _options(d, x, found, n, "ceil_mode")
    if d.flag():
        found["p"] = d.of(1.0, 3.0, 1.5)
    return Call(x, found.pop("kernel"), **found)


@case("lp_pool", _lp_pool, tolerance=8, name="negative", gradient=False, limits={"float16": 8e-3, "bfloat16": 6e-2})
def _(d: Draw) -> Call:
    """Sums of odd powers may be negative."""
    return Call(d.array((1, 2, 6), FLOAT), d.integer(1, 3), p=d.of(3.0, 1.0, 2.0))


def _adaptive(reduce: Any) -> Any:
    def reference(x: Any, output_size: Any, *, data_format: str = "channels_first") -> Any:
        x = np.moveaxis(x, -1, 1) if data_format == "channels_last" else x
        n = x.ndim - 2
        asked = output_size if isinstance(output_size, (tuple, list)) else (output_size,) * n
        for axis, out in enumerate(asked, start=2):
            size = x.shape[axis]
            if out is None:
                continue
            parts = [
                reduce(np.take(x, range(i * size // out, -(-(i + 1) * size // out)), axis), axis=axis)
                for i in range(out)
            ]
            x = np.stack(parts, axis=axis)
        return np.moveaxis(x, 1, -1) if data_format == "channels_last" else x

    return reference


def _adaptive_case(op: str, reduce: Any, dtypes: tuple[str, ...]) -> None:
    @case(op, _adaptive(reduce), dtype="first", tolerance=3)
    def _(d: Draw) -> Call:
        x, found, n = _data(d, dtypes, unique=d.smooth)
        way = d.of("one", "each", "none")
        if way == "one":
            return Call(x, d.integer(1, 5), **found)
        return Call(x, tuple(d.of(None, 1, 2, 3, 5) for _ in range(n)) if way == "each" else None, **found)


_adaptive_case("adaptive_avg_pool", np.mean, FLOAT)
_adaptive_case("adaptive_max_pool", np.max, REAL)

_REDUCERS: dict[str, Any] = {"add": np.sum, "mul": np.prod, "max": np.max, "min": np.min}


def _reduce_window(
    x: Any,
    init: Any,
    reducer: str,
    window: Any,
    *,
    strides: Any = 1,
    padding: Any = 0,
    base_dilation: Any = 1,
    window_dilation: Any = 1,
) -> Any:
    n = x.ndim
    spread = base_dilation if isinstance(base_dilation, tuple) else (base_dilation,) * n
    sizes = [max((size - 1) * s + 1, 0) for size, s in zip(x.shape, spread, strict=True)]
    whole = np.zeros(sizes, x.dtype)
    there = np.zeros(sizes, bool)
    key = tuple(slice(None, None, s) for s in spread)
    whole[key], there[key] = x, True
    y = None
    for outs, place, inside, _ in windows(whole[None, None], window, strides, padding, window_dilation):
        part = whole[np.ix_(*inside)][there[np.ix_(*inside)]]
        values = np.concatenate([np.asarray([init], x.dtype), part.reshape(-1)])
        y = np.zeros(outs, x.dtype) if y is None else y
        y[place] = (
            _REDUCERS[reducer](values, dtype=x.dtype) if reducer in ("add", "mul") else _REDUCERS[reducer](values)
        )
    assert y is not None
    return y


def _start(reducer: str, dtype: Any) -> Any:
    if reducer in ("add", "mul"):
        return 0 if reducer == "add" else 1
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        return int(info.min if reducer == "max" else info.max)
    return -np.inf if reducer == "max" else np.inf


@case("reduce_window", _reduce_window, dtype="first", tolerance=3, gradient=(0,))
def _(d: Draw) -> Call:
    n = d.integer(1, 3)
    x = d.array([d.integer(2, 5) for _ in range(n)], REAL, low=-2, high=2)
    reducer = d.of(*_REDUCERS)
    found: dict[str, Any] = {}
    if d.flag():
        found["strides"] = numbers(d, n, 1, 2)
    if d.flag():
        found["padding"] = d.of("same", "valid", 1, tuple((d.integer(0, 1), d.integer(0, 2)) for _ in range(n)))
    way = d.of("plain", "base_dilation", "window_dilation")
    window = tuple(d.integer(1, 2) for _ in range(n))
    if way != "plain":
        found[way] = numbers(d, n, 1, 2)
        assume(all(size > 2 for size in x.shape))
    start = _start(reducer, x.dtype) if d.flag() or d.smooth else d.of(0, 1)
    return Call(x, start, reducer, window, **found)
