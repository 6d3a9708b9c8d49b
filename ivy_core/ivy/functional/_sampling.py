"""What the random ops share: shapes and dtypes of their results, tables of floats, the inverse error function."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy.errors import DtypeError
from ivy.functional.typing import Dtype, Shape

# bits drawn for one number and bits of its fraction, as jax.random.uniform takes them
FRACTION = {"float16": (16, 10), "bfloat16": (8, 7), "float32": (32, 23), "float64": (64, 52)}
EPS_NEG = {"float16": 2.0**-11, "bfloat16": 2.0**-8, "float32": 2.0**-24, "float64": 2.0**-53}
TINY = {"float16": 2.0**-14, "bfloat16": 2.0**-126, "float32": 2.0**-126, "float64": 2.0**-1022}


def sized(shape: Shape | None, *parameters: Any) -> tuple[int, ...]:
    """Return the shape asked for, else the one that the parameters broadcast to."""
    if shape is None:
        return tuple(F.broadcast_shapes(*(tuple(p.shape) for p in parameters if hasattr(p, "shape"))))
    return (shape,) if isinstance(shape, int) else tuple(int(d) for d in shape)


def float_dtype(dtype: Dtype, *parameters: Any) -> Any:
    """Return the float dtype asked for, else that of the first parameter that has one, else float32."""
    if dtype is None:
        dtype = next((dtype_of(p) for p in parameters if hasattr(p, "dtype") and dtype_of(p).is_float), "float32")
    found = as_dtype(dtype)
    if found not in FRACTION:
        raise DtypeError(f"random floats can't be of dtype {found}", hint="ask for one of " + ", ".join(FRACTION))
    return found


_ERFINV_CENTRE = (
    2.81022636e-08,
    3.43273939e-07,
    -3.5233877e-06,
    -4.39150654e-06,
    0.00021858087,
    -0.00125372503,
    -0.00417768164,
    0.246640727,
    1.50140941,
)
_ERFINV_TAIL = (
    -0.000200214257,
    0.000100950558,
    0.00134934322,
    -0.00367342844,
    0.00573950773,
    -0.0076224613,
    0.00943887047,
    1.00167406,
    2.83297682,
)


def erfinv(u: Any, dtype: Any) -> Any:
    """Inverse error function; in single precision by M. Giles's approximation (2010), which XLA uses."""
    if dtype == "float64":
        return F.erfinv(u)
    x = F.astype(u, "float32")
    w = -F.log1p(-x * x)
    centre = w < 5.0
    w = F.where(centre, w - 2.5, F.sqrt(w) - 3.0)
    p = F.where(centre, F.full_like(w, _ERFINV_CENTRE[0]), F.full_like(w, _ERFINV_TAIL[0]))
    for c, t in zip(_ERFINV_CENTRE[1:], _ERFINV_TAIL[1:], strict=True):
        p = F.where(centre, F.full_like(w, c), F.full_like(w, t)) + p * w
    return F.astype(p * x, dtype)


def folded(words: tuple[Any, Any], span: int) -> Any:
    """Reduce 64-bit numbers given as two words by a modulus below 2**31."""
    high, low = (F.astype(w, "int64") % span for w in words)
    return (high * (2**32 % span) + low) % span


def words(key: Any, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """Hash the numbers 0, 1, 2, ... of 64 bits, in row-major order, to two words per element."""
    low = F.reshape(F.arange(math.prod(shape), dtype="int64"), shape)
    if dtype_of(low) == "int64":
        low, high = F.bitwise_and(low, 0xFFFFFFFF), F.bitwise_right_shift(low, 32)
    else:  # a backend that has 32 bits counts no further
        high = F.zeros_like(low)
    k1, k2 = F.unstack(key)  # a function: Paddle's arrays of uint32 have no methods
    return F.threefry_2x32(k1, k2, F.astype(high, "uint32"), F.astype(low, "uint32"))


def integers(key: Any, shape: tuple[int, ...], bits: int) -> Any:
    """Draw `bits` < 64 random bits per element, as int64."""
    b1, b2 = words(key, shape)
    return F.bitwise_and(F.bitwise_xor(F.astype(b1, "int64"), F.astype(b2, "int64")), (1 << bits) - 1)


def unit(key: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Draw from [0, 1): random fraction bits, scaled; the same numbers as filling a float's mantissa."""
    bits, fraction = FRACTION[dtype]
    if bits == 64:
        high, low = words(key, shape)
        drawn = F.bitwise_left_shift(F.astype(high, "int64"), 20) | F.bitwise_right_shift(F.astype(low, "int64"), 12)
    else:
        drawn = F.bitwise_right_shift(integers(key, shape, bits), bits - fraction)
    # functions, not operators: NumPy would turn bfloat16 with a Python number into float32
    return F.multiply(F.astype(drawn, dtype), 2.0**-fraction)


def shuffled(key: Any, x: Any, axis: int) -> Any:
    """Shuffle along an axis."""
    # sorting by random keys of 32 bits, so often that equal keys leave no trace, as jax.random does it
    for _ in range(math.ceil(3 * math.log(max(1, math.prod(x.shape))) / math.log(2**32 - 1))):
        key, drawn = F.unstack(F.random_split(key))
        order = F.argsort(integers(drawn, tuple(x.shape), 32), axis=axis, stable=True)
        x = F.take_along_axis(x, order, axis=axis)
    return x
