"""Exponentials, trigonometry and complex numbers in Paddle."""

from __future__ import annotations

from typing import Any

from ivy_paddle.backend.support import COMPLEX, align, floating, promoting
from ivy_paddle.loading import paddle

exp = floating(paddle.exp)
expm1 = floating(paddle.expm1)
log = floating(paddle.log)
log1p = floating(paddle.log1p)
log2 = floating(paddle.log2)
log10 = floating(paddle.log10)

sin = floating(paddle.sin)
cos = floating(paddle.cos)
tan = floating(paddle.tan)
asin = floating(paddle.asin)
acos = floating(paddle.acos)
atan = floating(paddle.atan)
sinh = floating(paddle.sinh)
cosh = floating(paddle.cosh)
tanh = floating(paddle.tanh)
asinh = floating(paddle.asinh)
acosh = floating(paddle.acosh)
atanh = floating(paddle.atanh)
atan2 = promoting(paddle.atan2, inexact=True)


def real(x: Any, /) -> Any:
    return paddle.real(x) if x.dtype in COMPLEX else x


def imag(x: Any, /) -> Any:
    return paddle.imag(x) if x.dtype in COMPLEX else paddle.zeros_like(x)


def conj(x: Any, /) -> Any:
    return paddle.conj(x) if x.dtype in COMPLEX else x


def complex(re: Any, im: Any, /) -> Any:
    re, im = align(re, im, inexact=True)
    if re.dtype != paddle.float64:
        re, im = re.astype(paddle.float32), im.astype(paddle.float32)
    return paddle.complex(re, im)
