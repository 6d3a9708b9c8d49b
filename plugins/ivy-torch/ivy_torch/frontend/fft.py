"""``torch.fft``, ``torch.stft`` and ``torch.istft``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as ops
from ivy.dtypes import dtype_of
from ivy.dtypes import float32 as default
from ivy_torch.frontend.creation import _ignored
from ivy_torch.frontend.declare import api, op, table
from ivy_torch.frontend.pointwise import complex_dtype
from ivy_torch.frontend.promotion import cast, dtype_arg, floating


def _complex(x: Any) -> Any:
    x = floating(x)
    return x if dtype_of(x).is_complex else cast(x, complex_dtype(dtype_of(x)))


def _prepared(name: str) -> Callable[[Any], Any]:
    """What the transform takes: real numbers for rfft and ihfft, complex ones for the others."""
    return floating if name.startswith(("rfft", "ihfft")) else _complex


def _one(name: str) -> Callable[..., Any]:
    f, prepare = op(f"fft.{name}"), _prepared(name)

    def call(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
        return f(prepare(input), n=n, axis=dim, norm=norm or "backward")

    return call


def _axes(x: Any, s: Any, dim: Any) -> tuple[Any, tuple[int, ...]]:
    """Return sizes and axes; -1 among the sizes keeps an axis as it is."""
    if isinstance(dim, int):
        dim = (dim,)
    s = (s,) if isinstance(s, int) else s
    if dim is None:
        dim = tuple(range(len(x.shape))) if s is None else tuple(range(-len(s), 0))
    axes = tuple(d % len(x.shape) for d in dim)
    if s is None:
        return None, axes
    return tuple(int(x.shape[a]) if n == -1 else int(n) for n, a in zip(s, axes)), axes


def _several(name: str) -> Callable[..., Any]:
    f, prepare = op(f"fft.{name}"), _prepared(name)

    def call(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
        sizes, axes = _axes(input, s, dim)
        return f(prepare(input), s=sizes, axes=axes, norm=norm or "backward")

    return call


def _two(name: str) -> Callable[..., Any]:
    several = _several(name) if name in ("fftn", "ifftn", "rfftn", "irfftn") else _hermitian(name)

    def call(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Any:
        return several(input, s, dim, norm)

    return call


def _hermitian(name: str) -> Callable[..., Any]:
    """hfftn and ihfftn: along the last axis the Hermitian transform, along the others the plain one."""
    inverse = name.startswith("i")

    def call(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
        sizes, axes = _axes(input, s, dim)
        norm = norm or "backward"
        last = None if sizes is None else sizes[-1]
        others = None if sizes is None else sizes[:-1]
        if inverse:
            x = ops.fft.ihfft(floating(input), n=last, axis=axes[-1], norm=norm)
            return ops.fft.ifftn(x, s=others, axes=axes[:-1], norm=norm) if len(axes) > 1 else x
        x = _complex(input)
        x = ops.fft.fftn(x, s=others, axes=axes[:-1], norm=norm) if len(axes) > 1 else x
        return ops.fft.hfft(x, n=last, axis=axes[-1], norm=norm)

    return call


_PREFIX = "fft."
table("fft\nifft\nrfft\nirfft\nhfft\nihfft", _one, _PREFIX)
table("fftn\nifftn\nrfftn\nirfftn", _several, _PREFIX)
table("hfftn\nihfftn", _hermitian, _PREFIX)
table("fft2: fftn\nifft2: ifftn\nrfft2: rfftn\nirfft2: irfftn\nhfft2: hfftn\nihfft2: ihfftn", _two, _PREFIX)


def _shift(name: str) -> Callable[..., Any]:
    f = op(f"fft.{name}")

    def call(input: Any, dim: Any = None) -> Any:
        return f(input, axes=dim)

    return call


table("fftshift\nifftshift", _shift, _PREFIX)


def _frequencies(name: str) -> Callable[..., Any]:
    f = op(f"fft.{name}")

    def call(n: int, d: float = 1.0, *, dtype: Any = None, **kwargs: Any) -> Any:
        _ignored(kwargs)
        return f(int(n), d=d, dtype=dtype_arg(dtype) or default)

    return call


table("fftfreq\nrfftfreq", _frequencies, _PREFIX)


@api("aten._fft_r2c")
def fft_r2c(input: Any, dim: Sequence[int], normalization: int, onesided: bool) -> Any:
    norm = ("backward", "ortho", "forward")[normalization]
    x = input if onesided else _complex(input)
    return (ops.fft.rfftn if onesided else ops.fft.fftn)(x, axes=tuple(dim), norm=norm)


@api("aten._fft_c2r")
def fft_c2r(input: Any, dim: Sequence[int], normalization: int, last_dim_size: int) -> Any:
    # c2r is the inverse transform: 0 none, 1 by sqrt(n), 2 by n
    norm = ("forward", "ortho", "backward")[normalization]
    axes = tuple(dim)
    sizes = (*(input.shape[d] for d in axes[:-1]), last_dim_size)
    return ops.fft.irfftn(input, s=sizes, axes=axes, norm=norm)


@api("aten._fft_c2c")
def fft_c2c(input: Any, dim: Sequence[int], normalization: int, forward: bool) -> Any:
    norms = ("backward", "ortho", "forward") if forward else ("forward", "ortho", "backward")
    return (ops.fft.fftn if forward else ops.fft.ifftn)(input, axes=tuple(dim), norm=norms[normalization])


_PAD_MODES = {"replicate": "edge", "circular": "wrap"}


@api("stft", "functional.stft")
def stft(
    input: Any,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Any:
    found = ops.stft(
        input,
        n_fft,
        hop_length=hop_length,
        win_length=win_length,
        window=window,
        center=center,
        pad_mode=_PAD_MODES.get(pad_mode, pad_mode),
        normalized=normalized,
        onesided=onesided,
    )
    return found if return_complex else ops.stack([ops.real(found), ops.imag(found)], axis=-1)


@api("istft")
def istft(
    input: Any,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Any:
    return ops.istft(
        input,
        n_fft,
        hop_length=hop_length,
        win_length=win_length,
        window=window,
        center=center,
        normalized=normalized,
        onesided=onesided,
        length=length,
        real=not return_complex,
    )
