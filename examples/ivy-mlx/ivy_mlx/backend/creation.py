import mlx.core as mx
import numpy as np

from ivy.dtypes import float32, int64
from ivy_mlx.backend.support import cast, common, from_foreign, native_dtype


def asarray(obj, /, dtype=None, *, device=None, copy=None):
    if isinstance(obj, (list, tuple)) and _holds_arrays(obj):
        x = mx.stack(common(*map(asarray, obj)))
    elif isinstance(obj, mx.array) or hasattr(obj, "dtype"):
        x = from_foreign(obj, copy=bool(copy))
        if copy is False and dtype is not None and native_dtype(dtype) != x.dtype:
            raise ValueError("another dtype needs a copy")
    else:
        x = np.asarray(obj)
        x = from_foreign(x.astype({"f": (dtype and x.dtype) or "float32", "i": "int64"}.get(x.dtype.kind, x.dtype)))
    return x if dtype is None else cast(x, native_dtype(dtype))


def _holds_arrays(obj):
    return any(isinstance(v, mx.array) or (isinstance(v, (list, tuple)) and _holds_arrays(v)) for v in obj)


def full(shape, fill_value, *, dtype=None, device=None):
    value = asarray(fill_value, dtype)
    return mx.broadcast_to(value, (shape,) if isinstance(shape, int) else tuple(shape))


def arange(start, /, stop=None, step=1, *, dtype=None, device=None):
    return asarray(
        np.arange(start, stop, step) if stop is not None else np.arange(0, start, step),
        dtype or (float32 if float in map(type, (start, stop, step)) else int64),
    )
