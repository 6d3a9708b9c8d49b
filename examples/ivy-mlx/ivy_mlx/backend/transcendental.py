import math

import mlx.core as mx

from ivy_mlx.backend.support import common, elementwise, floating


def _doubled(fn, exact):
    """MLX computes some functions of float64 in float32; `exact` gives them by others that it doesn't."""
    return floating(lambda x: exact(x) if x.dtype == mx.float64 else fn(x))


def _of_turns(f, slope):
    """Make a function of t = tan(x / 2), whose own derivative MLX has in float32 only."""

    @mx.custom_function
    def op(x):
        t = mx.tan(x / 2)
        return f(t, 1 + t * t)

    op.vjp(lambda x, cotangent, _: (cotangent * slope(x),))
    return op


_sin = _of_turns(lambda t, norm: 2 * t / norm, lambda x: _cos(x))  # noqa: PLW0108 - defined below
_cos = _of_turns(lambda t, norm: (1 - t) * (1 + t) / norm, lambda x: -_sin(x))
exp = _doubled(mx.exp, lambda x: mx.power(mx.array(math.e, mx.float64), x))
sin, cos = _doubled(mx.sin, _sin), _doubled(mx.cos, _cos)
log, log1p, tanh = map(floating, (mx.log, mx.log1p, mx.tanh))
atan2 = elementwise(mx.arctan2, inexact=True)


def real(x, /):
    return mx.real(x) if x.dtype == mx.complex64 else x


def imag(x, /):
    return mx.imag(x) if x.dtype == mx.complex64 else mx.zeros_like(x)


@mx.custom_function
def _joined(re, im):  # re + im * 1j would make NaN of infinities
    return mx.stack([re, im], -1).view(mx.complex64).squeeze(-1)


@_joined.vjp
def _parted(_, cotangent, __):
    return mx.real(cotangent), mx.imag(cotangent)


def complex(re, im, /):
    return _joined(*mx.broadcast_arrays(*(x.astype(mx.float32) for x in common(re, im, inexact=True))))
