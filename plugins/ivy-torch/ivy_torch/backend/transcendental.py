"""Exponentials, trigonometry and complex numbers in torch."""

from __future__ import annotations

import math
from typing import Any

import torch

from ivy_torch.backend.support import align, floating, promoting


def _acos(z: Any) -> Any:
    """Give the imaginary part the other sign of the argument's where it is 0; torch's is always positive there."""
    found = torch.acos(z)
    im = found.imag
    zero = torch.copysign(torch.zeros_like(im), -z.imag) - (im.detach() - im)  # keeps the gradient
    return torch.complex(found.real, torch.where(im == 0, zero, im))


exp = floating(torch.exp)
exp2 = floating(torch.exp2)
expm1 = floating(torch.expm1, limits="expm1")
log = floating(torch.log)
log1p = floating(torch.log1p, limits="log1p")
log2 = floating(torch.log2)
log10 = floating(torch.log10)
logaddexp = promoting(torch.logaddexp, inexact=True, scalars=())

sin = floating(torch.sin)
cos = floating(torch.cos)
tan = floating(torch.tan)
asin = floating(torch.asin)
acos = floating(torch.acos, limits="acos", on_complex=_acos)
atan = floating(torch.atan)
sinh = floating(torch.sinh)
cosh = floating(torch.cosh)
tanh = floating(torch.tanh, limits="tanh")
asinh = floating(torch.asinh)
acosh = floating(torch.acosh)
atanh = floating(torch.atanh)
atan2 = promoting(torch.atan2, inexact=True, scalars=())
sinc = floating(torch.sinc)
rad2deg = floating(torch.rad2deg)
deg2rad = floating(torch.deg2rad)

real = torch.real
angle = floating(lambda x: torch.angle(x) if x.is_complex() else torch.where(_below(x), math.pi, torch.angle(x)))
conj = torch.conj_physical


def _below(x: Any) -> Any:
    return torch.signbit(x) & ~torch.isnan(x)  # for torch.angle, -0.0 is no negative number


def imag(x: Any, /) -> Any:
    return torch.imag(x) if x.is_complex() else torch.zeros_like(x)


def complex(re: Any, im: Any, /) -> Any:
    re, im = align(re, im, inexact=True)
    if re.dtype is not torch.float64:
        re, im = re.to(torch.float32), im.to(torch.float32)
    return torch.complex(re, im)
