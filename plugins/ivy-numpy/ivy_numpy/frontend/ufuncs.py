"""NumPy's universal functions; their methods are in `ufunc_methods`.

Definitions: https://numpy.org/doc/stable/reference/ufuncs.html
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.dtypes import ALL, dtype_of
from ivy.errors import ArgumentError
from ivy_numpy.frontend.promotion import (
    array,
    as_bool,
    cast,
    floating,
    in_range,
    is_array,
    promote,
    promoted_arrays,
    result_dtype,
)
from ivy_numpy.frontend.table import numpy

__all__ = ["UFUNCS"]

UFUNCS: dict[str, Callable[..., Any]] = {}
"""The elementwise functions by name, on values, with ``dtype`` only."""


def _register(name: str, compute: Callable[..., Any]) -> None:
    """Register a ufunc: `compute(*operands, dtype=None)` with the protocol's keyword arguments around it."""

    def call(
        *args: Any,
        out: Any = None,
        where: Any = True,
        dtype: Any = None,
        casting: str = "same_kind",
        order: str = "K",
        subok: bool = True,
        signature: Any = None,
        **axes: Any,
    ) -> Any:
        del casting, order, subok, signature
        result = compute(*args, dtype=dtype, **axes)
        return result if where is True else _masked(where, result, out)

    call.__name__ = call.__qualname__ = name
    UFUNCS[name] = call
    numpy.function(f"numpy.{name}")(call)


def _masked(where: Any, result: Any, out: Any) -> Any:
    if isinstance(result, tuple):
        return tuple(_masked(where, r, o) for r, o in zip(result, out or [None] * len(result), strict=True))
    mask = as_bool(where)
    if out is None:  # NumPy leaves them as they are
        return ops.where(mask, result, ops.zeros_like(result))
    return ops.where(mask, cast(result, dtype_of(out)), out)  # in its dtype, which may hold more than the result's


def _table(names: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    for item in names.split():
        name, _, op = item.partition(":")
        _register(name, make(getattr(ops, op or name)))


# -- families by what they do to dtypes -------------------------------------------------------------------------------


def _float_unary(op: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, dtype=None: op(floating(x, dtype=dtype)[0])


def _float_binary(op: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x1, x2, dtype=None: op(*floating(x1, x2, dtype=dtype))


def _binary(op: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x1, x2, dtype=None: op(*promote(x1, x2, dtype=dtype))


def _unary(op: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, dtype=None: op(promote(x, dtype=dtype)[0])


def _compare(op: Callable[..., Any]) -> Callable[..., Any]:
    """Comparisons are exact, also where no dtype holds both operands."""

    def compute(x1: Any, x2: Any, dtype: Any = None) -> Any:
        given = [array(x) if isinstance(x, (list, tuple, range)) else x for x in (x1, x2)]
        for k, x in enumerate(given):
            other = given[1 - k]
            if not is_array(other) or isinstance(x, bool):
                continue
            here = ALL["int64"] if dtype_of(other) == "bool" else dtype_of(other)
            if isinstance(x, int) and here.is_integer and not in_range(x, here):  # beyond all elements
                beyond = ops.full(tuple(other.shape), 1 if x > 0 else -1, dtype="int8")
                zero = ops.zeros_like(beyond)
                return op(beyond, zero) if k == 0 else op(zero, beyond)
            if is_array(x) and here == "uint64" and dtype_of(x).kind == "int":
                # a negative number is less than all of uint64
                sign = ops.where(ops.less(x, 0), ops.full_like(x, -1), ops.zeros_like(x))
                zero = ops.zeros_like(sign)
                found = op(*_ordered(k, cast(x, "uint64"), other))
                return ops.where(ops.less(x, 0), op(*_ordered(k, sign, zero)), found)
        return op(*promote(*given))

    return compute


def _ordered(k: int, x: Any, other: Any) -> tuple[Any, Any]:
    return (x, other) if k == 0 else (other, x)


def _logical(op: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *xs, dtype=None: op(*[as_bool(x) for x in xs])


def _test(op: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, dtype=None: op(array(x))


def _or_bool(op: Callable[..., Any], on_bool: Callable[..., Any]) -> Callable[..., Any]:
    """Arithmetic that means something else for two booleans."""

    def compute(x1: Any, x2: Any, dtype: Any = None) -> Any:
        a, b = promote(x1, x2, dtype=dtype)
        both = result_dtype(*[x for x in (a, b) if hasattr(x, "dtype")]) == "bool"
        return on_bool(array(a), array(b)) if both else op(a, b)

    return compute


_table(
    "arccos:acos arccosh:acosh arcsin:asin arcsinh:asinh arctan:atan arctanh:atanh cbrt cos cosh deg2rad exp exp2 "
    "expm1 fabs:abs log log10 log1p log2 rad2deg rint:round sin sinh sqrt tan tanh",
    _float_unary,
)
_table("arctan2:atan2 copysign hypot logaddexp nextafter heaviside", _float_binary)
_table("bitwise_and bitwise_or bitwise_xor gcd lcm fmax fmin", _binary)
_table("equal not_equal less less_equal greater greater_equal", _compare)
_table("logical_and logical_or logical_xor logical_not", _logical)
_table("isfinite isinf isnan", _test)
_table("absolute:abs negative positive square sign invert:bitwise_invert", _unary)
_table("signbit", _float_unary)

_register("add", _or_bool(ops.add, ops.logical_or))
_register("multiply", _or_bool(ops.multiply, ops.logical_and))
_register("maximum", _or_bool(ops.maximum, ops.logical_or))
_register("minimum", _or_bool(ops.minimum, ops.logical_and))
_register("subtract", _binary(ops.subtract))
_register("divide", lambda x1, x2, dtype=None: ops.divide(*floating(x1, x2, dtype=dtype, ints="float64")))


def _whole(op: Callable[..., Any]) -> Callable[..., Any]:
    """Integer arithmetic, where booleans count as int8 and integer division by zero gives zero."""

    def compute(x1: Any, x2: Any, dtype: Any = None) -> Any:
        a, b = promote(x1, x2, dtype=dtype)
        if result_dtype(*[x for x in (a, b) if hasattr(x, "dtype")]) == "bool":
            a, b = cast(array(a), "int8"), cast(array(b), "int8")
        if op is ops.pow and isinstance(b, int) and b < 0 and dtype_of(a).is_integer:
            raise ValueError("Integers to negative integer powers are not allowed.")
        if op is ops.pow or not dtype_of(a if hasattr(a, "dtype") else b).is_integer:
            return op(a, b)
        if not hasattr(b, "dtype"):
            return op(a, b) if b else ops.zeros_like(a)
        zero = ops.equal(b, 0)
        return ops.where(zero, ops.zeros_like(b), op(a, ops.where(zero, ops.ones_like(b), b)))

    return compute


def _shift(op: Callable[..., Any]) -> Callable[..., Any]:
    def compute(x1: Any, x2: Any, dtype: Any = None) -> Any:
        a, b = promote(x1, x2, dtype=dtype)
        if dtype_of(a if is_array(a) else b) == "bool":
            a, b = cast(array(a), "int8"), cast(array(b), "int8")
        return op(a, b)

    return compute


_register("left_shift", _shift(ops.bitwise_left_shift))
_register("right_shift", _shift(ops.bitwise_right_shift))
_register("floor_divide", _whole(ops.quotient))
_register("remainder", _whole(ops.remainder))
_register("fmod", _whole(ops.fmod))
_register("power", _whole(ops.pow))


def _float_power(x1: Any, x2: Any, dtype: Any = None) -> Any:
    target = result_dtype(array(x1), array(x2))
    return ops.pow(*promote(x1, x2, dtype="complex128" if target.is_complex else "float64"))


def _reciprocal(x: Any, dtype: Any = None) -> Any:
    (x,) = promote(x, dtype=dtype)
    return ops.divide(1.0, x) if dtype_of(x).is_inexact else ops.trunc_divide(ops.ones_like(x), x)


def _rounding(op: Callable[..., Any]) -> Callable[..., Any]:
    def compute(x: Any, dtype: Any = None) -> Any:
        (x,) = promote(x, dtype=dtype)
        return op(x) if dtype_of(x).is_float else x

    return compute


for _name in ("floor", "ceil", "trunc"):
    _register(_name, _rounding(getattr(ops, _name)))
_register("float_power", _float_power)
_register("reciprocal", _reciprocal)
_register("conjugate", lambda x, dtype=None: _conjugate(array(x)))
_register("bitwise_count", lambda x, dtype=None: cast(ops.popcount(ops.abs(array(x))), "uint8"))
_register("divmod", lambda x1, x2, dtype=None: (UFUNCS["floor_divide"](x1, x2), UFUNCS["remainder"](x1, x2)))
_register("ldexp", lambda x1, x2, dtype=None: ops.ldexp(_mantissa(x1), array(x2)))


def _conjugate(x: Any) -> Any:
    if dtype_of(x).is_complex:
        return ops.conj(x)
    return cast(x, "int8") if dtype_of(x) == "bool" else x


def _mantissa(x: Any) -> Any:
    # a Python number is weak even though no array of its kind is there: the smallest float that holds its kind
    return floating(cast(array(x), "float16") if isinstance(x, (bool, int)) else x)[0]


def _logaddexp2(x1: Any, x2: Any, dtype: Any = None) -> Any:
    given = floating(x1, x2, dtype=dtype)
    a, b = promoted_arrays(*given)
    ln2 = math.log(2.0)
    return ops.divide(ops.logaddexp(ops.multiply(a, ln2), ops.multiply(b, ln2)), ln2)


def _modf(x: Any, dtype: Any = None) -> tuple[Any, Any]:
    (x,) = floating(x, dtype=dtype)
    whole = ops.trunc(x)
    part = ops.where(ops.isinf(x), ops.zeros_like(x), ops.subtract(x, whole))
    return ops.copysign(part, x), whole


def _frexp(x: Any, dtype: Any = None) -> tuple[Any, Any]:
    mantissa, exponent = ops.frexp(floating(x, dtype=dtype)[0])
    return mantissa, cast(exponent, "int32")


_register("logaddexp2", _logaddexp2)
_register("modf", _modf)
_register("frexp", _frexp)


def _matmul(x1: Any, x2: Any, dtype: Any = None, axes: Any = None, axis: Any = None) -> Any:
    if axes is not None or axis is not None:
        raise ArgumentError("np.matmul with axes is not supported", hint="use np.einsum or np.moveaxis")
    a, b = promoted_arrays(x1, x2, dtype=dtype)
    if dtype_of(a) == "bool":
        return ops.not_equal(ops.matmul(cast(a, "int32"), cast(b, "int32")), 0)
    return ops.matmul(a, b)


_register("matmul", _matmul)
_register("vecdot", lambda x1, x2, dtype=None, axis=-1: ops.vecdot(*promoted_arrays(x1, x2), axis=axis))
_register("matvec", lambda x1, x2, dtype=None: _at_axis(_matmul(x1, ops.expand_dims(array(x2), axis=-1)), -1))
_register(
    "vecmat",
    lambda x1, x2, dtype=None: _at_axis(
        _matmul(
            ops.conj(ops.expand_dims(array(x1), axis=-2))
            if dtype_of(array(x1)).is_complex
            else ops.expand_dims(array(x1), axis=-2),
            x2,
        ),
        -2,
    ),
)


def _at_axis(x: Any, axis: int) -> Any:
    return ops.squeeze(x, axis=axis)


# -- constants --------------------------------------------------------------------------------------------------------

numpy.constants.update({f"numpy.{name}": ALL[name] for name in ALL if name != "bfloat16"})
numpy.constants.update({"numpy.bool_": ALL["bool"], "numpy.intp": ALL["int64"], "numpy.newaxis": None})
numpy.constants.update(
    {
        "numpy.pi": math.pi,
        "numpy.e": math.e,
        "numpy.inf": math.inf,
        "numpy.nan": math.nan,
        "numpy.euler_gamma": 0.5772156649015329,
    }
)
