"""Fourier transforms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy_paddle.frontend.promotion import cast, floating, integers
from ivy_paddle.frontend.table import api, op

_SWAPPED = {"backward": "forward", "forward": "backward", "ortho": "ortho"}


@op()
def fft_c2c(x: Any, axes: Any, normalization: str, forward: bool) -> Any:
    fn = ops.fft.fftn if forward else ops.fft.ifftn
    return fn(x, axes=integers(axes, "axes"), norm=normalization)


@op()
def fft_r2c(x: Any, axes: Any, normalization: str, forward: bool, onesided: bool) -> Any:
    axes = integers(axes, "axes")
    x = floating(x)
    if not onesided:
        fn = ops.fft.fftn if forward else ops.fft.ifftn
        return fn(ops.complex(x, ops.zeros_like(x)), axes=axes, norm=normalization)
    if not forward:  # ihfft: the conjugate of the transform, scaled as an inverse
        found = ops.fft.rfftn(x, axes=axes, norm=_SWAPPED[normalization])
        return ops.conj(found)
    return ops.fft.rfftn(x, axes=axes, norm=normalization)


@op()
def fft_c2r(x: Any, axes: Any, normalization: str, forward: bool, last_dim_size: int = 0) -> Any:
    axes = integers(axes, "axes")
    last = last_dim_size or 2 * (x.shape[axes[-1]] - 1)
    sizes = (*(x.shape[a] for a in axes[:-1]), last)
    if forward:  # hfft: that of the conjugate, scaled as a forward one
        return ops.fft.irfftn(ops.conj(x), s=sizes, axes=axes, norm=_SWAPPED[normalization])
    return ops.fft.irfftn(x, s=sizes, axes=axes, norm=normalization)


def _one(fn: Callable[..., Any]) -> Callable[..., Any]:
    def transform(x: Any, n: int | None = None, axis: int = -1, norm: str = "backward") -> Any:
        x = floating(x)
        if fn in (ops.fft.fft, ops.fft.ifft, ops.fft.irfft, ops.fft.hfft) and not dtype_of(x).is_complex:
            x = ops.complex(x, ops.zeros_like(x))
        return fn(x, n=n, axis=axis, norm=norm)

    return transform


def _several(fn: Callable[..., Any], two: bool) -> Callable[..., Any]:
    def transform(x: Any, s: Any = None, axes: Any = (-2, -1) if two else None, norm: str = "backward") -> Any:
        x = floating(x)
        if fn is not ops.fft.rfftn and not dtype_of(x).is_complex:
            x = ops.complex(x, ops.zeros_like(x))
        return fn(x, s=None if s is None else integers(s), axes=axes, norm=norm)

    return transform


for _name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    api(f"fft.{_name}")(_one(getattr(ops.fft, _name)))
for _name in ("fft", "ifft", "rfft", "irfft"):
    api(f"fft.{_name}n")(_several(getattr(ops.fft, f"{_name}n"), False))
    api(f"fft.{_name}2")(_several(getattr(ops.fft, f"{_name}n"), True))


@api("fft.fftfreq")
def fftfreq(n: int, d: float = 1.0, dtype: Any = None) -> Any:
    return cast(ops.fft.fftfreq(n, d=d), dtype or "float32")


@api("fft.rfftfreq")
def rfftfreq(n: int, d: float = 1.0, dtype: Any = None) -> Any:
    return cast(ops.fft.rfftfreq(n, d=d), dtype or "float32")


@api("fft.fftshift")
def fftshift(x: Any, axes: Any = None) -> Any:
    return ops.fft.fftshift(x, axes=axes)


@api("fft.ifftshift")
def ifftshift(x: Any, axes: Any = None) -> Any:
    return ops.fft.ifftshift(x, axes=axes)
