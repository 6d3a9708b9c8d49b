"""Arithmetic and rounding in torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ivy_torch.backend.support import WIDE, align, floating, integral, promoting


def _floor_divide(x1: Any, x2: Any) -> Any:
    return torch.div(x1, x2, rounding_mode="floor")  # torch.floor_divide has no derivative


def _integer_operands(applies: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda dtype, positions: dtype.is_integer and applies(dtype, positions)


negative = integral(torch.neg)
positive = torch.positive
square = integral(torch.square)
sqrt = floating(torch.sqrt)
rsqrt = floating(torch.rsqrt)
reciprocal = floating(torch.reciprocal)
signbit = torch.signbit


def abs(x: Any, /) -> Any:
    return x if x.dtype in WIDE or x.dtype is torch.bool else torch.abs(x)


def sign(x: Any, /) -> Any:
    if x.dtype in WIDE:
        return (x != 0).to(x.dtype)
    # torch.sign gives 0 for NaN, the standard NaN
    return torch.sgn(x) if x.is_complex() or not x.is_floating_point() else torch.where(x != x, x, torch.sign(x))


add = promoting(torch.add)
subtract = promoting(torch.sub)
multiply = promoting(torch.mul)
divide = promoting(torch.div, inexact=True)
floor_divide: Any = promoting(_floor_divide, scalars=(1,), big=False)
# of integers no derivative is asked for, and code is better read with the operator
floor_divide.same_dtype, floor_divide.applies = torch.floor_divide, _integer_operands(floor_divide.applies)
remainder = promoting(torch.remainder, big=False)
fmod = promoting(torch.fmod, scalars=(1,), big=False)
trunc_divide = promoting(lambda a, b: torch.div(a, b, rounding_mode="trunc"), scalars=(1,), big=False)
pow = promoting(torch.pow)
maximum = promoting(torch.maximum, scalars=(), order=True)
minimum = promoting(torch.minimum, scalars=(), order=True)
fmax = promoting(torch.fmax, scalars=(), order=True)
fmin = promoting(torch.fmin, scalars=(), order=True)
hypot = promoting(torch.hypot, inexact=True, scalars=())
copysign = promoting(torch.copysign, scalars=(1,), inexact=True)
nextafter = promoting(torch.nextafter, inexact=True, scalars=())
heaviside = promoting(torch.heaviside, inexact=True, scalars=())


def clip(x: Any, /, min: Any = None, max: Any = None) -> Any:
    bounds = [b for b in (min, max) if b is not None]
    if not bounds:
        return x
    if x.dtype in WIDE or not all(_fits(b, x) for b in bounds) or len({type(b) for b in bounds}) > 1:
        x = x if min is None else maximum(x, min)
        return x if max is None else minimum(x, max)
    return torch.clamp(x, min, max)


def _fits(bound: Any, x: Any) -> bool:
    """Tell whether torch.clamp promotes `x` with this bound as Ivy does."""
    return bound.dtype is x.dtype and bound.ndim > 0 if isinstance(bound, torch.Tensor) else x.is_floating_point()


def lerp(start: Any, end: Any, weight: Any, /) -> Any:
    start, end, weight = align(start, end, weight)
    if not start.is_floating_point():
        return start + weight * (end - start)
    return torch.lerp(start, end, weight)


ceil = integral(torch.ceil)
floor = integral(torch.floor)
trunc = integral(torch.trunc)


def round(x: Any, /, *, decimals: int = 0) -> Any:
    if x.is_complex():
        return torch.complex(round(x.real, decimals=decimals), round(x.imag, decimals=decimals))
    if not x.is_floating_point() and decimals >= 0:
        return x
    return torch.round(x, decimals=decimals)
