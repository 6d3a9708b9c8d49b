import mlx.core as mx

from ivy_mlx.backend.support import common, native_dtype


def astype(x, dtype, /, *, copy=True, device=None):
    dtype = native_dtype(dtype)
    if x.dtype == dtype and not copy:
        return x
    if not mx.issubdtype(dtype, mx.inexact):
        x = mx.stop_gradient(x)  # or MLX asks what indices made of it have to do with the result
    return (x if dtype in (mx.complex64, mx.bool_) or x.dtype != mx.complex64 else mx.real(x)).astype(dtype)


def bitcast(x, dtype, /):
    return mx.stop_gradient(x).view(native_dtype(dtype))


def broadcast_to(x, /, shape):
    return mx.broadcast_to(x, tuple(shape))


def concat(arrays, /, *, axis=0):
    arrays = common(*arrays)
    if axis is None:
        return mx.concatenate([x.reshape(-1) for x in arrays])
    return mx.concatenate(list(arrays), axis)


def permute_dims(x, /, axes):
    return mx.transpose(x, tuple(axes)) if x.ndim else x


def reshape(x, /, shape, *, copy=None):
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    return mx.reshape(x, shape if x.size else tuple(0 if n == -1 else n for n in shape))
