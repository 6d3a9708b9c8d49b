"""Arrays in and out, data types, promotion."""

import ml_dtypes
import mlx.core as mx
import numpy as np

from ivy.backend import check_dtype_supported, is_native_array, numpy_form
from ivy.dtypes import ALL, as_dtype
from ivy.functional.promotion import common_dtype
from ivy.graph.aval import Aval
from ivy.graph.node import map_nested

NAME = "mlx"
NAMESPACES = {"mx": "mlx.core"}

NATIVE = {name: getattr(mx, "bool_" if name == "bool" else name) for name in ALL if name != "complex128"}
DTYPES = {dtype: as_dtype(name) for name, dtype in NATIVE.items()}


def native_types():
    return (mx.array,)


def canonical_dtype(dtype):
    return ALL["complex64"] if dtype == "complex128" else as_dtype(dtype)


def native_dtype(dtype):
    return (
        dtype if isinstance(dtype, mx.Dtype) else check_dtype_supported(NATIVE, canonical_dtype(as_dtype(dtype)), NAME)
    )


def from_foreign(x, *, copy=False):
    if isinstance(x, mx.array):
        return mx.array(x) if copy else x
    x = np.asarray(numpy_form(x) if is_native_array(x) else x)
    if x.dtype == ml_dtypes.bfloat16:
        return mx.array(x.view("uint16")).view(mx.bfloat16)
    return mx.array(x, dtype=native_dtype(x.dtype))


def to_numpy(x):
    return np.array(x.view(mx.uint16)).view(ml_dtypes.bfloat16) if x.dtype == mx.bfloat16 else np.array(x)


def abstract_eval(fn, args, kwargs):
    """Compute nothing: MLX is lazy, and knows shapes and dtypes of what it has not evaluated."""

    def make(x):
        return mx.zeros(x.shape, native_dtype(x.dtype)) if isinstance(x, Aval) else x

    def describe(x):
        return Aval(tuple(x.shape), DTYPES[x.dtype]) if isinstance(x, mx.array) else x

    return map_nested(fn(*map_nested(args, make), **map_nested(kwargs, make)), describe)


def cast(x, dtype):
    """Return an array or a Python scalar as an array of a native dtype."""
    if not isinstance(x, mx.array):
        return mx.array(x, dtype)
    return x if x.dtype == dtype else x.astype(dtype)


def common(*xs, inexact=False):
    """Return the operands as arrays of the dtype in which they meet."""
    first = xs[0]
    if isinstance(first, mx.array) and not inexact:
        for x in xs:
            if not isinstance(x, mx.array) or x.dtype != first.dtype:
                break
        else:
            return xs
    dtype = native_dtype(
        common_dtype(*(DTYPES[x.dtype] if isinstance(x, mx.array) else type(x) for x in xs), inexact=inexact)
    )
    return [cast(x, dtype) for x in xs]


def elementwise(fn, inexact=False):
    """Make an op of a function of MLX's: operands promoted as all backends do, integers in float32 where `inexact`."""

    def op(x1, x2, /):
        return fn(*common(x1, x2, inexact=inexact))

    return op


def floating(fn):
    """Make an op of a function of one array whose result is a floating-point number."""

    def op(x, /):
        return fn(x if mx.issubdtype(x.dtype, mx.inexact) else x.astype(mx.float32))

    return op
