import mlx.core as mx

from ivy_mlx.backend.support import common, elementwise, floating

exp = floating(mx.exp)
log = floating(mx.log)
sin = floating(mx.sin)
cos = floating(mx.cos)
tanh = floating(mx.tanh)
atan2 = elementwise(mx.arctan2, inexact=True)


def real(x, /):
    return mx.real(x) if x.dtype == mx.complex64 else x


def imag(x, /):
    return mx.imag(x) if x.dtype == mx.complex64 else mx.zeros_like(x)


def complex(re, im, /):
    re, im = (x.astype(mx.float32) for x in common(re, im, inexact=True))
    return re + im * mx.array(1j)
