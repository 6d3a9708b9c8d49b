import mlx.core as mx

from ivy_mlx.backend.support import common, native_dtype


def astype(x, dtype, /, *, copy=True, device=None):
    dtype = native_dtype(dtype)
    if x.dtype == mx.complex64 and dtype != mx.complex64:
        raise TypeError("a complex array has no real form; take ivy.real")
    return x.astype(dtype) if copy or x.dtype != dtype else x


def bitcast(x, dtype, /):
    dtype = native_dtype(dtype)
    if x.ndim == 0:
        return bitcast(x.reshape(1), dtype).reshape(() if dtype.size == x.dtype.size else (-1,))
    if dtype.size == x.dtype.size:
        return x.view(dtype)
    if dtype.size > x.dtype.size:  # the last axis holds the parts of one element
        return x.view(dtype).squeeze(-1)
    return x.reshape(*x.shape, 1).view(dtype)


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
    if -1 in shape and x.size == 0:
        known = 1
        for n in shape:
            known *= n if n != -1 else 1
        shape = tuple((0 if known else 0) if n == -1 else n for n in shape)
    return mx.reshape(x, shape)
