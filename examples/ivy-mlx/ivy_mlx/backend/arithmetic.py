import mlx.core as mx

from ivy_mlx.backend.support import elementwise, floating

abs = mx.abs
negative = mx.negative
add = elementwise(mx.add)
subtract = elementwise(mx.subtract)
multiply = elementwise(mx.multiply)
divide = elementwise(mx.divide, inexact=True)
maximum = elementwise(mx.maximum)
minimum = elementwise(mx.minimum)
remainder = elementwise(mx.remainder)
floor_divide = elementwise(mx.floor_divide)
sqrt = floating(mx.sqrt)
rsqrt = floating(mx.rsqrt)


@elementwise
def pow(x1, x2):
    if x1.dtype != mx.complex64:
        return mx.power(x1, x2)
    return mx.exp(x2 * mx.log(x1))  # the derivative of MLX's own is not that of complex numbers


def _rounded(fn):
    def op(x, /):
        return fn(x) if mx.issubdtype(x.dtype, mx.inexact) else x

    return op


floor = _rounded(mx.floor)
ceil = _rounded(mx.ceil)
