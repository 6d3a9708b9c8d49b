import mlx.core as mx

from ivy_mlx.backend.support import elementwise

equal = elementwise(mx.equal)
less = elementwise(mx.less)
bitwise_and = elementwise(mx.bitwise_and)
bitwise_or = elementwise(mx.bitwise_or)
bitwise_xor = elementwise(mx.bitwise_xor)
bitwise_left_shift = elementwise(mx.left_shift)
bitwise_right_shift = elementwise(mx.right_shift)


def bitwise_invert(x, /):
    return mx.logical_not(x) if x.dtype == mx.bool_ else mx.bitwise_invert(x)
