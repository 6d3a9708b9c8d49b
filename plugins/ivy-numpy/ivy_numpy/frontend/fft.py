"""`numpy.fft` (https://numpy.org/doc/stable/reference/routines.fft.html)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_numpy.frontend.promotion import array, cast
from ivy_numpy.frontend.table import numpy

_COMPLEX_IN = {"fft", "ifft", "irfft", "hfft", "fftn", "ifftn", "irfftn"}


def _input(a: Any, name: str) -> Any:
    x = array(a)
    here = dtype_of(x)
    if not here.is_inexact or here == "float16":
        x = cast(x, "float32" if here == "float16" else "float64")
    if name in _COMPLEX_IN and not dtype_of(x).is_complex:
        x = cast(x, "complex64" if dtype_of(x) == "float32" else "complex128")
    return x


def _one(name: str) -> Callable[..., Any]:
    op = getattr(ops.fft, name)

    def transform(a: Any, n: int | None = None, axis: int = -1, norm: Any = None) -> Any:
        found = op(_input(a, name), n=n, axis=axis, norm=norm or "backward")
        half = hasattr(a, "dtype") and dtype_of(a) == "float16" and not dtype_of(found).is_complex
        return cast(found, "float16") if half else found

    return transform


def _many(name: str, default: Any = None) -> Callable[..., Any]:
    op = getattr(ops.fft, name)

    def transform(a: Any, s: Any = None, axes: Any = default, norm: Any = None) -> Any:
        x = _input(a, name)
        if not x.shape and name in ("fftn", "ifftn") and not s:
            return array(a)
        if axes is None and s is not None:
            axes = tuple(range(-len(s), 0))
        return op(
            x, s=None if s is None else tuple(s), axes=None if axes is None else tuple(axes), norm=norm or "backward"
        )

    return transform


for _name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    numpy.function(f"numpy.fft.{_name}")(_one(_name))
for _name in ("fftn", "ifftn", "rfftn", "irfftn"):
    numpy.function(f"numpy.fft.{_name}")(_many(_name))
    numpy.function(f"numpy.fft.{_name[:-1]}2")(_many(_name, (-2, -1)))


@numpy.function()
def fftshift(x: Any, axes: Any = None) -> Any:
    return ops.fft.fftshift(array(x), axes=axes)


@numpy.function()
def ifftshift(x: Any, axes: Any = None) -> Any:
    return ops.fft.ifftshift(array(x), axes=axes)


@numpy.function()
def fftfreq(n: int, d: float = 1.0, device: Any = None) -> Any:
    return ops.fft.fftfreq(n, d=d, dtype="float64")


@numpy.function()
def rfftfreq(n: int, d: float = 1.0, device: Any = None) -> Any:
    return ops.fft.rfftfreq(n, d=d, dtype="float64")
