import mlx.core as mx
import numpy as np
from ivy_mlx.backend.creation import asarray
from ivy_mlx.backend.support import cast, common


def _key(x, key):
    """MLX has no Boolean keys, lists or NumPy's arrays in keys, and does not check bounds."""
    found, axis = [], 0
    key = key if isinstance(key, tuple) else (key,)
    key = tuple(asarray(k) if isinstance(k, (list, np.ndarray, np.generic)) else k for k in key)
    taken = sum(k.ndim if _is_mask(k) else int(k is not None and k is not Ellipsis and not isinstance(k, bool)) for k in key)
    for k in key:
        if k is Ellipsis:
            axis += x.ndim - taken
            found.append(k)
        elif k is None:
            found.append(k)
        elif isinstance(k, bool) or _is_mask(k):
            places = np.nonzero(np.array(k))
            if isinstance(k, bool) or k.ndim == 0:
                raise IndexError("a key without axes that is a truth value has no meaning in MLX; index with x[None]")
            if tuple(k.shape) != tuple(x.shape[axis : axis + k.ndim]):
                raise IndexError(f"a mask of shape {tuple(k.shape)} does not fit axes {tuple(x.shape)}")
            found += [mx.array(p.astype("int32")) for p in places]
            axis += k.ndim
        else:
            length = x.shape[axis] if axis < x.ndim else 0
            if isinstance(k, int) and not -length <= k < length:
                raise IndexError(f"index {k} is out of bounds for axis {axis} with {length} elements")
            found.append(k)
            axis += 1
    if axis > x.ndim:
        raise IndexError(f"too many indices for an array with {x.ndim} axes")
    return tuple(found)


def _is_mask(k):
    return isinstance(k, mx.array) and k.dtype == mx.bool_


def get_item(x, key, /):
    return x[_key(x, key)]


def set_item(x, key, value, /):
    found = mx.array(x)
    found[_key(x, key)] = cast(value, x.dtype)
    return found


def _updating(name):
    def op(x, key, value, /):
        return getattr(x.at[_key(x, key)], name)(cast(value, x.dtype))

    return op


add_at, mul_at, max_at, min_at = map(_updating, ("add", "multiply", "maximum", "minimum"))


def nonzero(x, /):
    if x.ndim == 0:
        raise ValueError("nonzero of an array without axes")
    return tuple(mx.array(p) for p in np.nonzero(np.array(x)))


def where(condition, x1, x2, /):
    x1, x2 = common(x1, x2)
    return mx.where(condition, x1, x2)


def take_along_axis(x, indices, /, *, axis=-1):
    return mx.take_along_axis(x, indices, axis)
