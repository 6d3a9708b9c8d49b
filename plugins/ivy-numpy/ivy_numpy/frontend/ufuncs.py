"""NumPy's universal functions with their methods: ``reduce``, ``accumulate``, ``outer`` and ``at``.

Definitions: https://numpy.org/doc/stable/reference/ufuncs.html
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.dtypes import ALL, dtype_of
from ivy.errors import ArgumentError
from ivy_numpy.frontend.promotion import array, as_bool, cast, floating, promote, promoted_arrays, result_dtype
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
    rest = ops.zeros_like(result) if out is None else cast(out, dtype_of(result))  # NumPy leaves them as they are
    return ops.where(mask, result, rest)


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
    return lambda x1, x2, dtype=None: op(*promote(x1, x2))


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
_table("arctan2:atan2 copysign fmod hypot logaddexp nextafter heaviside", _float_binary)
_table("bitwise_and bitwise_or bitwise_xor gcd lcm fmax fmin", _binary)
_table("left_shift:bitwise_left_shift right_shift:bitwise_right_shift", _binary)
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
        if op is ops.pow or not dtype_of(a if hasattr(a, "dtype") else b).is_integer:
            return op(a, b)
        if not hasattr(b, "dtype"):
            return op(a, b) if b else ops.zeros_like(a)
        zero = ops.equal(b, 0)
        return ops.where(zero, ops.zeros_like(b), op(a, ops.where(zero, ops.ones_like(b), b)))

    return compute


_register("floor_divide", _whole(ops.quotient))
_register("remainder", _whole(ops.remainder))
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
_register("conjugate", lambda x, dtype=None: ops.conj(x) if dtype_of(array(x)).is_complex else array(x))
_register("bitwise_count", lambda x, dtype=None: cast(ops.popcount(ops.abs(array(x))), "uint8"))
_register("divmod", lambda x1, x2, dtype=None: (UFUNCS["floor_divide"](x1, x2), UFUNCS["remainder"](x1, x2)))
_register("ldexp", lambda x1, x2, dtype=None: ops.ldexp(floating(x1)[0], array(x2)))


def _logaddexp2(x1: Any, x2: Any, dtype: Any = None) -> Any:
    a, b = (array(x) for x in floating(x1, x2, dtype=dtype))
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


# -- methods of ufuncs ------------------------------------------------------------------------------------------------

_TWO = (
    "add", "subtract", "multiply", "divide", "floor_divide", "remainder", "power", "float_power", "arctan2", "copysign",
    "fmod", "hypot", "logaddexp", "logaddexp2", "nextafter", "heaviside", "bitwise_and", "bitwise_or", "bitwise_xor",
    "gcd", "lcm", "fmax", "fmin", "maximum", "minimum", "left_shift", "right_shift", "equal", "not_equal", "less",
    "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_xor",
)  # fmt: skip


def _outer(ufunc: Callable[..., Any]) -> Callable[..., Any]:
    def outer(A: Any, B: Any, **kwargs: Any) -> Any:
        a, b = array(A), array(B)
        return ufunc(ops.reshape(a, (*a.shape, *([1] * len(b.shape)))), b, **kwargs)

    return outer


def _fold(ufunc: Callable[..., Any]) -> Callable[..., Any]:
    def reduce(array_: Any, axis: Any = 0, dtype: Any = None, keepdims: bool = False, initial: Any = None) -> Any:
        x = array(array_)
        axes = range(len(x.shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
        for k in sorted((a % len(x.shape) for a in axes), reverse=True):
            parts = ops.unstack(x, axis=k)
            found = parts[0] if initial is None else ufunc(initial, parts[0], dtype=dtype)
            for part in parts[1:]:
                found = ufunc(found, part, dtype=dtype)
            x = ops.expand_dims(found, axis=k) if keepdims else found
            initial = None
        return x

    return reduce


_AT: dict[str, Callable[..., Any]] = {
    "add": ops.add_at,
    "subtract": lambda x, k, v: ops.add_at(x, k, ops.negative(array(v))),
    "multiply": ops.mul_at,
    "maximum": ops.max_at,
    "minimum": ops.min_at,
}


def _at(update: Callable[..., Any]) -> Callable[..., Any]:
    def at(a: Any, indices: Any, b: Any) -> Any:
        key = tuple(map(_index, indices)) if isinstance(indices, tuple) else _index(indices)
        return None, update(a, key, cast(array(b, None if hasattr(b, "dtype") else dtype_of(a)), dtype_of(a)))

    return at


def _index(k: Any) -> Any:
    return array(k) if isinstance(k, list) else k


_REDUCED = {"add", "multiply", "maximum", "minimum", "logical_and", "logical_or"}  # in reductions.py
for _name in _TWO:
    numpy.function(f"numpy.{_name}.outer")(_outer(UFUNCS[_name]))
    if _name not in _REDUCED:
        numpy.function(f"numpy.{_name}.reduce")(_fold(UFUNCS[_name]))
for _name, _update in _AT.items():
    numpy.function(f"numpy.{_name}.at", writes=("a",))(_at(_update))

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
