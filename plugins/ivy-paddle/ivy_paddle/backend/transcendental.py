"""Exponentials, trigonometry and complex numbers in Paddle."""

from __future__ import annotations

import math
from typing import Any

from ivy_paddle.backend.support import COMPLEX, align, floating, moving, on_cpu, promoting
from ivy_paddle.loading import paddle

_LOWEST = {paddle.float32: -87.33, paddle.float64: -708.39}
"""Where exponentials become too small for normal numbers."""


def _exp_of_real(x: Any) -> Any:
    found = paddle.exp(x)
    if x.dtype not in _LOWEST or not on_cpu(x):
        return found
    # from 8 elements on the CPU's kernel stops at these instead of falling to 0
    return found * (x >= _LOWEST[x.dtype]).astype(x.dtype)


def _exp(x: Any) -> Any:
    if x.dtype not in COMPLEX:
        return _exp_of_real(x)
    size, angle = _exp_of_real(paddle.real(x)), paddle.imag(x)  # paddle.exp computes complex128 to seven digits
    return paddle.complex(size * paddle.cos(angle), size * paddle.sin(angle))


exp = floating(_exp, limits="exp")
exp.applies = lambda dtype, positions: False  # type: ignore[attr-defined]  # paddle.exp(-inf) is not 0
expm1 = floating(paddle.expm1, _exp, limits="expm1")
log = floating(paddle.log)
log1p = floating(paddle.log1p, lambda x: 1 / (1 + x), limits="log1p")
log2 = floating(paddle.log2, lambda x: 1 / (x * math.log(2)), limits="log2")
log10 = floating(paddle.log10, lambda x: 1 / (x * math.log(10)))

sin = floating(paddle.sin)
cos = floating(paddle.cos)
tan = floating(paddle.tan, lambda x: 1 / paddle.cos(x) ** 2, limits="tan")
asin = floating(paddle.asin, lambda x: 1 / paddle.sqrt(1 - x * x))
acos = floating(paddle.acos)
atan = floating(paddle.atan, lambda x: 1 / (1 + x * x))
sinh = floating(paddle.sinh, lambda x: (_exp(x) + _exp(-x)) / 2)
cosh = floating(paddle.cosh, lambda x: (_exp(x) - _exp(-x)) / 2)
tanh = floating(paddle.tanh, limits="tanh")
asinh = floating(paddle.asinh, lambda x: 1 / paddle.sqrt(1 + x * x))
acosh = floating(paddle.acosh, lambda x: 1 / (paddle.sqrt(x - 1) * paddle.sqrt(x + 1)))
atanh = floating(paddle.atanh, lambda x: 1 / (1 - x * x))
atan2 = promoting(paddle.atan2, inexact=True, slopes=lambda y, x: (x / (x * x + y * y), -y / (x * x + y * y)))


def real(x: Any, /) -> Any:
    return paddle.real(x) if x.dtype in COMPLEX else x


def imag(x: Any, /) -> Any:
    return paddle.imag(x) if x.dtype in COMPLEX else _zeros_like(x)


_zeros_like = moving(paddle.zeros_like)


def conj(x: Any, /) -> Any:
    return paddle.conj(x) if x.dtype in COMPLEX else x


def complex(re: Any, im: Any, /) -> Any:
    re, im = align(re, im, inexact=True)
    if re.dtype != paddle.float64:
        re, im = re.astype(paddle.float32), im.astype(paddle.float32)
    return paddle.complex(re, im)
