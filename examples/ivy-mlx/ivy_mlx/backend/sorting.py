import mlx.core as mx


def argsort(x, /, *, axis=-1, descending=False, stable=True):
    if x.ndim == 0 or x.size == 0:
        return mx.zeros(x.shape, mx.int64)
    x = mx.stop_gradient(x)
    if not descending:
        return mx.argsort(x, axis).astype(mx.int64)
    # backwards, so that equal elements keep their order
    back = mx.argsort(_flipped(x, axis), axis).astype(mx.int64)
    return x.shape[axis] - 1 - _flipped(back, axis)


def _flipped(x, axis):
    key = [slice(None)] * x.ndim
    key[axis] = slice(None, None, -1)
    return x[tuple(key)]
