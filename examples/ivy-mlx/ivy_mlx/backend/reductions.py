import mlx.core as mx

from ivy_mlx.backend.support import native_dtype

WIDE = {
    mx.bool_: mx.int64,
    mx.int8: mx.int64,
    mx.int16: mx.int64,
    mx.int32: mx.int64,
    mx.uint8: mx.uint64,
    mx.uint16: mx.uint64,
    mx.uint32: mx.uint64,
}


def _adding(fn):
    def op(x, /, *, axis=None, dtype=None, keepdims=False):
        dtype = WIDE.get(x.dtype, x.dtype) if dtype is None else native_dtype(dtype)
        return fn(x.astype(dtype), axis, keepdims=keepdims).astype(dtype)

    return op


sum, prod = _adding(mx.sum), _adding(mx.prod)


def _reducing(fn):
    def op(x, /, *, axis=None, keepdims=False):
        return fn(x, axis, keepdims=keepdims)

    return op


max, min, any = map(_reducing, (mx.max, mx.min, mx.any))


def all(x, /, *, axis=None, keepdims=False):  # mx.all of nothing is whatever lies in memory
    return mx.logical_not(mx.any(mx.logical_not(x), axis, keepdims=keepdims))


def argmax(x, /, *, axis=None, keepdims=False):
    places = mx.any(x, axis, keepdims=keepdims)
    if x.ndim == 0 or not places.size:
        return mx.zeros(places.shape, mx.int64)
    return mx.argmax(mx.stop_gradient(x), axis, keepdims=keepdims).astype(mx.int64)


def cumulative_sum(x, /, *, axis=None, dtype=None, include_initial=False):
    dtype = WIDE.get(x.dtype, x.dtype) if dtype is None else native_dtype(dtype)
    axis = 0 if axis is None else axis
    total = mx.cumsum(x.astype(dtype), axis)
    if not include_initial:
        return total
    edge = list(x.shape)
    edge[axis] = 1
    return mx.concatenate([mx.zeros(edge, dtype), total], axis)
