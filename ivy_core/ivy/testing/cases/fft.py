"""Cases of Fourier transforms."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import ALL as DTYPES
from ivy.dtypes import DType, as_dtype
from ivy.testing.case import REAL_PART, Call, case
from ivy.testing.draw import ANY, COMPLEX, Draw

_REAL = ("float32", "float64")
_EITHER = _REAL + COMPLEX
_COMPLEX_OF = {real: complex_ for complex_, real in REAL_PART.items()}


def _spectrum_dtype(x: Any, **_: Any) -> DType:
    found = as_dtype(x.dtype)
    return _COMPLEX_OF.get(found, found)


def _signal_dtype(x: Any, **_: Any) -> DType:
    found = as_dtype(x.dtype)
    return REAL_PART.get(found, found)


def _norm(d: Draw) -> dict[str, Any]:
    return {"norm": d.of("ortho", "forward", "backward")} if d.flag() else {}


def _one_axis(op: str, dtypes: tuple[str, ...], result: Any, least: int) -> None:
    @case(f"fft.{op}", getattr(np.fft, op), dtype=result, tolerance=4)
    def _(d: Draw) -> Call:
        shape = list(d.shape(1))
        axis = d.axis(len(shape))
        shape[axis] = max(shape[axis], least)
        found: dict[str, Any] = {"axis": axis} if axis != -1 or d.flag() else {}
        if d.flag():
            found["n"] = d.integer(1, 6)
        return Call(d.array(shape, dtypes), **found, **_norm(d))


def _many_axes(op: str, dtypes: tuple[str, ...], result: Any, least: int) -> None:
    def reference(x: Any, *, s: Any = None, axes: Any = None, norm: str = "backward") -> Any:
        axes = tuple(range(-len(s), 0)) if s is not None and axes is None else axes
        return getattr(np.fft, op)(x, s=s, axes=axes, norm=norm)

    @case(f"fft.{op}", reference, dtype=result, tolerance=4)
    def _(d: Draw) -> Call:
        shape = tuple(max(n, least) for n in d.shape(1, least=1))
        found: dict[str, Any] = {}
        if d.flag():
            found["axes"] = d.axes(len(shape), least=1)
        count = len(found.get("axes", shape))
        if d.flag():
            found["s"] = tuple(d.integer(1, 5) for _ in range(count if "axes" in found else d.integer(1, count)))
        return Call(d.array(shape, dtypes), **found, **_norm(d))


for _op, _dtypes, _result, _least in (
    ("fft", _EITHER, _spectrum_dtype, 1),
    ("ifft", COMPLEX, _spectrum_dtype, 1),
    ("rfft", _REAL, _spectrum_dtype, 1),
    ("irfft", COMPLEX, _signal_dtype, 2),
    ("hfft", COMPLEX, _signal_dtype, 2),
    ("ihfft", _REAL, _spectrum_dtype, 1),
):
    _one_axis(_op, _dtypes, _result, _least)
for _op, _dtypes, _result, _least in (
    ("fftn", _EITHER, _spectrum_dtype, 1),
    ("ifftn", COMPLEX, _spectrum_dtype, 1),
    ("rfftn", _REAL, _spectrum_dtype, 1),
    ("irfftn", COMPLEX, _signal_dtype, 2),
):
    _many_axes(_op, _dtypes, _result, _least)


def _frequencies(op: str) -> None:
    def reference(n: int, *, d: float = 1.0, dtype: Any = None) -> Any:
        return getattr(np.fft, op)(n, d)

    def result(n: int, *, dtype: Any = None, **_: Any) -> DType:
        return DTYPES[dtype or "float32"]

    @case(f"fft.{op}", reference, dtype=result)
    def _(d: Draw) -> Call:
        found: dict[str, Any] = {"d": d.of(0.5, 2.0, 0.1)} if d.flag() else {}
        if d.flag():
            found["dtype"] = d.dtype(_REAL)
        return Call(d.integer(1, 7), **found)


_frequencies("fftfreq")
_frequencies("rfftfreq")


def _shift(op: str) -> None:
    @case(f"fft.{op}", getattr(np.fft, op))
    def _(d: Draw) -> Call:
        x = d.array(d.shape(1), ANY, special=True)
        way = d.of("all", "one", "several")
        return Call(x, **({} if way == "all" else {"axes": d.axis(x.ndim) if way == "one" else d.axes(x.ndim)}))


_shift("fftshift")
_shift("ifftshift")
