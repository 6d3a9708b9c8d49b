from typing import NamedTuple

import mlx.core as mx

from ivy_mlx.backend.support import common


def matmul(x1, x2, /):
    x1, x2 = common(x1, x2)
    if mx.issubdtype(x1.dtype, mx.inexact):
        return mx.matmul(x1, x2)
    wide = mx.matmul(x1.astype(mx.float64), x2.astype(mx.float64))  # MLX multiplies matrices of floats only
    return wide.astype(x1.dtype)
