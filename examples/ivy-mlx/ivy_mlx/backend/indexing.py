import mlx.core as mx
import numpy as np

from ivy_mlx.backend.creation import asarray
from ivy_mlx.backend.support import cast, common, to_numpy


def _is_mask(k):
    return isinstance(k, mx.array) and k.dtype == mx.bool_


def _key(x, key):
    """Return a key as MLX takes it: without lists, NumPy's arrays and masks, its numbers within the bounds."""
    key = key if isinstance(key, tuple) else (key,)
    key = [asarray(k) if isinstance(k, (list, np.ndarray, np.generic)) else k for k in key]
    left = x.ndim - sum(k.ndim if _is_mask(k) else k is not None and k is not Ellipsis for k in key)
    if left < 0:
        raise IndexError(f"too many indices for an array with {x.ndim} axes")
    found, axis = [], 0
    for k in key:
        if _is_mask(k) and tuple(k.shape) != tuple(x.shape[axis : axis + k.ndim]):
            raise IndexError(f"a mask of shape {tuple(k.shape)} for axes {tuple(x.shape[axis : axis + k.ndim])}")
        if isinstance(k, bool) or (_is_mask(k) and k.ndim == 0):
            raise IndexError("MLX has no index for a truth value that belongs to no axis")
        if isinstance(k, int) and not -x.shape[axis] <= k < x.shape[axis]:
            raise IndexError(f"index {k} is out of bounds for axis {axis} with {x.shape[axis]} elements")
        found += nonzero(k) if _is_mask(k) else [mx.stop_gradient(k) if isinstance(k, mx.array) else k]
        axis += left if k is Ellipsis else k.ndim if _is_mask(k) else k is not None
    return tuple(found)


def get_item(x, key, /):
    if isinstance(key, bool) or (_is_mask(key) and key.ndim == 0):
        x, key = x[None], mx.array(key).reshape(1)
    found = x[_key(x, key)]
    return found if found.size else mx.zeros(found.shape, x.dtype)  # MLX can't differentiate the choice of nothing


def _updating(update):
    def op(x, key, value, /):
        key = _key(x, key)
        return update(x, key, cast(value, x.dtype)) if x[key].size else mx.array(x)

    return op


@_updating
def set_item(x, key, value, /):
    found = mx.array(x)
    found[key] = value
    return found


add_at = _updating(lambda x, key, value: x.at[key].add(value))
max_at = _updating(lambda x, key, value: x.at[key].maximum(value))
min_at = _updating(lambda x, key, value: x.at[key].minimum(value))


def nonzero(x, /):
    if x.ndim == 0:
        raise ValueError("nonzero of an array without axes")
    return tuple(mx.array(p) for p in np.nonzero(to_numpy(x)))


def where(condition, x1, x2, /):
    return mx.where(condition, *common(x1, x2))


def take_along_axis(x, indices, /, *, axis=-1):
    return mx.take_along_axis(x, mx.stop_gradient(indices), axis)
