"""Special functions, integers and the parts of floats in torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ivy.backend import body_of
from ivy.functional import special as core
from ivy_torch.backend.support import align, floating, no_uint64, promoting

_igamma_body, _igammac_body = body_of(core.igamma, "torch"), body_of(core.igammac, "torch")

erf = floating(torch.erf)
erfc = floating(torch.erfc)
erfinv = floating(torch.erfinv)
lgamma = floating(torch.lgamma)
digamma = floating(torch.digamma)
i0 = floating(torch.special.i0)
i0e = floating(torch.special.i0e)
i1 = floating(torch.special.i1)
i1e = floating(torch.special.i1e)


def polygamma(n: int, x: Any, /) -> Any:
    x = align(x, inexact=True)[0]
    if x.dtype is not torch.float64:  # it multiplies a zeta function that may have no number there by a factorial
        return torch.polygamma(n, x.to(torch.float64)).to(x.dtype)
    found = torch.polygamma(n, x)
    if n == 1 and x.dtype is torch.float64:  # it has nine digits there, and the zeta function no derivative
        found = found + (torch.special.zeta(2.0, x) - found).detach()
    return found


def _incomplete(fn: Callable[..., Any], body: Callable[..., Any], a: Any, x: Any) -> Any:
    a, x = align(a, x, inexact=True)
    if a.dtype is torch.float64:  # of which torch's has nine digits
        return body(a, x)
    return fn(a.to(torch.float64), x.to(torch.float64)).to(a.dtype)


def igamma(a: Any, x: Any, /) -> Any:
    return _incomplete(torch.special.gammainc, _igamma_body, a, x)


def igammac(a: Any, x: Any, /) -> Any:
    return _incomplete(torch.special.gammaincc, _igammac_body, a, x)


def zeta(x: Any, q: Any, /) -> Any:
    operands = align(x, q, inexact=True)
    dtype = operands[0].dtype
    if dtype.itemsize > 2:
        return torch.special.zeta(*operands)
    return torch.special.zeta(*(v.to(torch.float32) for v in operands)).to(dtype)


def xlogy(x1: Any, x2: Any, /) -> Any:
    return torch.xlogy(*align(x1, x2, inexact=True))


def logit(x: Any, /, *, eps: float | None = None) -> Any:
    return torch.logit(align(x, inexact=True)[0], eps)


gcd = promoting(torch.gcd, scalars=(), big=no_uint64("gcd"))
lcm = promoting(torch.lcm, scalars=(), big=no_uint64("lcm"))


def _bits(x: Any) -> tuple[Any, int]:
    """Return the bits as int64, without copies of the sign bit, and their number."""
    width = 8 * x.element_size()
    wide = x.to(torch.int64)
    return (wide if width == 64 else wide & ((1 << width) - 1)), width


def popcount(x: Any, /) -> Any:
    bits, _ = _bits(x)
    # adds neighbouring fields of 1, 2 and 4 bits, then all bytes by one multiplication (Warren, Hacker's Delight 5-1)
    bits = bits - ((bits >> 1) & 0x5555555555555555)
    bits = (bits & 0x3333333333333333) + ((bits >> 2) & 0x3333333333333333)
    bits = (bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0F
    return (((bits * 0x0101010101010101) >> 56) & 0xFF).to(x.dtype)


def clz(x: Any, /) -> Any:
    bits, width = _bits(x)
    for step in (1, 2, 4, 8, 16, 32):  # smear the highest set bit downwards; the zeros above it stay
        bits = bits | (bits >> step)
    return (width - popcount(bits)).to(x.dtype)


def frexp(x: Any, /) -> tuple[Any, Any]:
    if x.dtype is torch.bfloat16:
        mantissa, exponent = torch.frexp(x.float())
        return mantissa.to(x.dtype), exponent
    mantissa, exponent = torch.frexp(x)
    return mantissa, exponent
