"""Cases of reductions and running reductions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import ALL as DTYPES
from ivy.dtypes import DType, as_dtype
from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, BOOL, COMPLEX, FLOAT, NUMERIC, REAL, Draw
from ivy.testing.families import reduction


def sum_dtype(x: Any, *, dtype: Any = None, **options: Any) -> DType:
    """Of sums and products: the asked one, else that of floats, and 64 bits for integers."""
    found = as_dtype(dtype or x.dtype)
    if dtype or found.is_inexact:
        return found
    return DTYPES["uint64" if found.kind == "uint" else "int64"]


def wider(d: Draw, x: Any) -> dict[str, Any]:
    """Perhaps a dtype for the result that keeps what the array has."""
    options = {"float16": ("float32", "float64"), "float32": ("float64",), "complex64": ("complex128",)}
    wider = options.get(x.dtype.name, ("int64", "float32") if x.dtype.kind in "biu" else ())
    known = [name for name in wider if name in d.dtypes]
    return {"dtype": d.of(*known)} if known and d.flag() else {}


def _without(function: Any, name: str) -> Any:
    return lambda x, **options: function(x, **{k: v for k, v in options.items() if k != name})


for _op, _reference in {"sum": np.sum, "nansum": np.nansum}.items():
    reduction(_op, _without(_reference, "dtype"), ANY, dtype=sum_dtype, more=wider, tolerance=2)
_PRODUCT: dict[str, Any] = {"dtype": sum_dtype, "more": wider, "tolerance": 8, "low": -2, "high": 2}
reduction("prod", _without(np.prod, "dtype"), REAL + BOOL, **_PRODUCT)
# what infinite complex numbers multiply to depends on the order
reduction("prod", _without(np.prod, "dtype"), COMPLEX, special=False, name="complex", **_PRODUCT)
for _op in ("max", "min"):
    reduction(_op, getattr(np, _op), REAL, empty=False, unique=False)
for _op in ("all", "any"):
    reduction(_op, getattr(np, _op), ANY, dtype="bool", low=-1, high=1)
reduction("count_nonzero", np.count_nonzero, ANY, dtype="int64", low=-1, high=1)
for _op in ("argmax", "argmin"):
    reduction(_op, getattr(np, _op), REAL + BOOL, dtype="int64", empty=False, several=False)

reduction("mean", np.mean, NUMERIC, dtype="float", tolerance=2)
reduction("nanmean", np.nanmean, NUMERIC, dtype="float", tolerance=2)


def _rows(x: Any, axis: Any) -> tuple[Any, tuple[int, ...]]:
    """The array with the reduced axes as one, the last; and these, counted from the front."""
    over = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    own = tuple(sorted(a % x.ndim for a in over))
    kept = [a for a in range(x.ndim) if a not in own]
    size = int(np.prod([x.shape[a] for a in own]))
    return np.transpose(x, (*kept, *own)).reshape(*(x.shape[a] for a in kept), size), own


def _quantile(x: Any, q: Any, *, axis: Any = None, keepdims: bool = False, method: str = "linear") -> Any:
    """By one axis: NumPy takes no tuple without any."""
    rows, own = _rows(x, axis)
    found = np.quantile(rows, q, axis=-1, method=method)  # type: ignore[call-overload]
    return np.expand_dims(found, tuple(a + np.ndim(q) for a in own)) if keepdims else found


def _median(x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """By one axis, as `_quantile`."""
    rows, own = _rows(x, axis)
    found = np.median(rows, axis=-1)
    return np.expand_dims(found, own) if keepdims else found


reduction("median", _median, REAL, dtype="float", empty=False)


def _variance(x: Any, *, axis: Any = None, correction: float = 0.0, keepdims: bool = False) -> Any:
    """NaN where the correction leaves no degree of freedom, as the standard says."""
    squares = np.abs(x - np.mean(x, axis=axis, keepdims=True)) ** 2
    count = x.size / max(np.mean(squares, axis=axis).size, 1) - correction
    total = np.sum(squares, axis=axis, keepdims=keepdims)
    return total / count if count > 0 else np.full_like(total, np.nan)


def _correction(d: Draw, x: Any) -> dict[str, Any]:
    return {"correction": d.of(1, 0.5, 2.0)} if d.flag() else {}


reduction("var", _variance, REAL, dtype="float", tolerance=3, more=_correction)
reduction("std", lambda *a, **k: np.sqrt(_variance(*a, **k)), REAL, dtype="float", tolerance=3, more=_correction)


def _logsumexp(x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    top = np.max(np.real(x), axis=axis, keepdims=True, initial=-np.inf)
    top = np.where(np.isfinite(top), top, 0)
    found = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return found if keepdims else np.sum(found, axis=axis)


reduction("logsumexp", _logsumexp, REAL, dtype="float", tolerance=2)
reduction("logsumexp", _logsumexp, COMPLEX, dtype="float", tolerance=10, special=False, empty=False, name="complex")


def _of_first(x: Any, *args: Any, **options: Any) -> DType:
    found = as_dtype(x.dtype)
    return found if found.is_inexact else DTYPES["float32"]


_METHODS = ("linear", "lower", "higher", "midpoint", "nearest")


@case("quantile", _quantile, dtype=_of_first, gradient=(0,))
def _(d: Draw) -> Call:
    """Quantiles that fall on and between elements; sums of both kinds of digits are exact."""
    shape = d.shape(0, 3, least=1)
    dtype = d.dtype(("float32", "float64", "float16", "bfloat16", "int32"))
    x = d.array(shape, dtype, special=True)
    q: Any = d.of(0.5, 0.25, 0.0, 1.0, 0.625)
    if d.flag():
        q = d.array(d.shape(0, 1), dtype if dtype.startswith("float") else "float32", low=0, high=1)
        q = np.asarray(np.round(q * 8) / 8)
    axis = d.of(None, *([d.axis(len(shape)), d.axes(len(shape), least=1)] if shape else []))
    return Call(x, q, axis=axis, keepdims=d.flag(), method=d.of(*_METHODS))


@case("quantile", _quantile, dtype=_of_first, gradient=(0,), tolerance=3, name="any_q")
def _(d: Draw) -> Call:
    """Any quantile, by the method that has no steps."""
    x = d.array(d.shape(1, 3, least=1), ("float32", "float64"))
    return Call(x, d.array(d.shape(0, 1, least=1), x.dtype.name, low=0, high=1), axis=d.axis(x.ndim))


def _running(function: Any, start: float) -> Any:
    def reference(x: Any, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
        found = function(x, axis=0 if axis is None else axis)
        if not include_initial:
            return found
        shape = list(found.shape)
        shape[0 if axis is None else axis] = 1
        return np.concatenate([np.full(shape, start, found.dtype), found], axis=0 if axis is None else axis)

    return reference


def _running_case(op: str, reference: Any, *, high: float) -> None:
    @case(op, reference, dtype=sum_dtype, tolerance=4)
    def _(d: Draw) -> Call:
        dtype = d.dtype(NUMERIC)
        finite = op == "cumulative_prod" and dtype in COMPLEX
        x = d.array(d.shape(1), dtype, low=-high, high=high, special=not finite)
        axis = None if x.ndim == 1 and d.flag() else d.axis(x.ndim)
        return Call(x, axis=axis, **wider(d, x), **({"include_initial": True} if d.flag() else {}))


_running_case("cumulative_sum", _running(np.cumsum, 0), high=4)
_running_case("cumulative_prod", _running(np.cumprod, 1), high=2)


def _along(function: Any) -> Any:
    return lambda x, *, axis=-1: function(x, axis=axis)


def _accumulation(op: str, ufunc: Any, dtypes: tuple[str, ...], **options: Any) -> None:
    @case(op, _along(ufunc.accumulate), **options)
    def _(d: Draw) -> Call:
        x = d.array(d.shape(1), dtypes, special=True)
        return Call(x, **({"axis": d.axis(x.ndim)} if d.flag() else {}))


_accumulation("cumulative_max", np.maximum, REAL)
_accumulation("cumulative_min", np.minimum, REAL)
_accumulation("cumulative_logsumexp", np.logaddexp, FLOAT, tolerance=2)


@case("diff", lambda x, *, axis=-1, n=1, prepend=None, append=None: _diff(x, axis, n, prepend, append))
def _(d: Draw) -> Call:
    shape = d.shape(1)
    dtype = d.dtype(NUMERIC)
    x = d.array(shape, dtype, special=True)
    axis = d.axis(len(shape))
    found: dict[str, Any] = {"axis": axis, "n": d.of(1, 0, 2, 3)}
    for name in ("prepend", "append"):
        if d.flag() and not d.smooth:
            ends = list(shape)
            ends[axis] = d.integer(0, 2)
            found[name] = d.array(ends, dtype)
    return Call(x, **found)


def _diff(x: Any, axis: int, n: int, prepend: Any, append: Any) -> Any:
    x = np.concatenate([v for v in (prepend, x, append) if v is not None], axis=axis)
    for _ in range(n):
        x = np.take(x, range(1, x.shape[axis]), axis) - np.take(x, range(max(x.shape[axis] - 1, 0)), axis)
    return x
