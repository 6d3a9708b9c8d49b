import mlx.core as mx
import numpy as np
from ivy.dtypes import float32, int64
from ivy_mlx.backend.support import cast, from_foreign, native_dtype


def asarray(obj, /, dtype=None, *, device=None, copy=None):
    if not isinstance(obj, mx.array) and not hasattr(obj, "dtype"):
        obj = [_plain(x) for x in obj] if isinstance(obj, (list, tuple)) else obj
        obj = np.asarray(obj)
        if dtype is None:
            dtype = {"f": float32, "c": "complex64", "i": int64}.get(obj.dtype.kind)
    elif isinstance(obj, mx.array) and copy is False and dtype is not None and native_dtype(dtype) != obj.dtype:
        raise ValueError("another dtype needs a copy")
    x = from_foreign(obj, copy=bool(copy))
    return x if dtype is None else cast(x, native_dtype(dtype))


def _plain(x):
    return np.array(x) if isinstance(x, mx.array) else [_plain(v) for v in x] if isinstance(x, (list, tuple)) else x


def full(shape, fill_value, *, dtype=None, device=None):
    value = asarray(fill_value, dtype)
    return mx.broadcast_to(value, (shape,) if isinstance(shape, int) else tuple(shape))


def arange(start, /, stop=None, step=1, *, dtype=None, device=None):
    return asarray(np.arange(start, stop, step) if stop is not None else np.arange(0, start, step),
                   dtype or (float32 if float in map(type, (start, stop, step)) else int64))  # fmt: skip


def linspace(start, stop, /, num, *, dtype=None, device=None, endpoint=True):
    ends = [np.asarray(x) for x in (start, stop)]
    found = np.linspace(*ends, num, endpoint=endpoint)
    return asarray(found, dtype or ("complex64" if found.dtype.kind == "c" else float32))
