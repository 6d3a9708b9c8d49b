"""Arithmetic and rounding in torch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch

from ivy.functional._limits import limited
from ivy.functional._rounding import round_whole
from ivy.functional._whole_power import whole_power
from ivy_torch.backend.support import (
    WIDE,
    align,
    floating,
    integral,
    promoting,
    unsigned_quotient,
    unsigned_remainder,
)


def _quotient(x1: Any, x2: Any) -> Any:
    return torch.div(x1, x2, rounding_mode="floor")  # torch.floor_divide has no derivative


def _trunc_divide(x1: Any, x2: Any) -> Any:
    return torch.div(x1, x2, rounding_mode="trunc")


def _floor_divide(x1: Any, x2: Any) -> Any:
    found = _quotient(x1, x2)
    if not found.is_floating_point():
        return found
    infinite = torch.isinf(x1)
    if isinstance(x2, torch.Tensor):
        infinite = infinite | torch.isinf(x2)
    elif math.isinf(x2):
        infinite = torch.ones_like(infinite)
    return torch.where(infinite, (x1 / x2).detach(), found)


def _remainder(x1: Any, x2: Any) -> Any:
    found = torch.remainder(x1, x2)
    if not found.is_floating_point():
        return found
    # a zero has the divisor's sign; written so that the derivative stays
    if isinstance(x2, torch.Tensor):
        return torch.where(torch.signbit(x2), -(0.0 - found), 0.0 + found)
    return -(0.0 - found) if math.copysign(1.0, x2) < 0 else 0.0 + found


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


_sign_of_complex = limited("sign", torch.sgn)


def sign(x: Any, /) -> Any:
    if x.dtype in WIDE:
        return (x != 0).to(x.dtype)
    if x.is_complex():
        return _sign_of_complex(x)
    # torch.sign gives 0 for NaN, the standard NaN
    return torch.where(x != x, x, torch.sign(x)) if x.is_floating_point() else torch.sgn(x)


add = promoting(torch.add)
subtract = promoting(torch.sub)
multiply = promoting(torch.mul)
divide = promoting(torch.div, inexact=True)
quotient: Any = promoting(_quotient, scalars=(1,), big=unsigned_quotient)
floor_divide: Any = promoting(_floor_divide, scalars=(1,), big=unsigned_quotient)
for _division in (quotient, floor_divide):
    # of integers no derivative is asked for, and code is better read with the operator
    _division.same_dtype, _division.applies = torch.floor_divide, _integer_operands(_division.applies)
remainder: Any = promoting(_remainder, big=unsigned_remainder)
remainder.same_dtype = torch.remainder  # the same but for the signs of zeros
fmod = promoting(torch.fmod, scalars=(1,), big=unsigned_remainder)
trunc_divide = promoting(_trunc_divide, scalars=(1,), big=unsigned_quotient)
_power: Any = promoting(torch.pow)
pow: Any = promoting(whole_power(torch.pow))
pow.same_dtype = torch.pow
pow.applies = lambda dtype, positions: dtype.kind != "int" and _power.applies(dtype, positions)
maximum = promoting(torch.maximum, scalars=(), order=True)
minimum = promoting(torch.minimum, scalars=(), order=True)
fmax = promoting(torch.fmax, scalars=(), order=True)
fmin = promoting(torch.fmin, scalars=(), order=True)
hypot = promoting(torch.hypot, inexact=True, scalars=())
copysign = promoting(torch.copysign, scalars=(1,), inexact=True)
nextafter = promoting(torch.nextafter, inexact=True, scalars=())


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
    return torch.round(x, decimals=decimals) if x.is_floating_point() else round_whole(x, decimals)


def nan_to_num(x: Any, /, *, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    return torch.nan_to_num(x, nan, posinf, neginf)
