"""Elementwise functions of `jax.lax`: operands have one dtype, integers wrap around, division truncates."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy.errors import DtypeError
from ivy_jax.frontend.table import dtype_like, elementwise, frontend, is_scalar

NAMESPACE = "jax.lax"

elementwise(
    {
        "abs": F.abs, "acos": F.acos, "acosh": F.acosh, "asin": F.asin, "asinh": F.asinh, "atan": F.atan,
        "atanh": F.atanh, "bessel_i0e": F.i0e, "bessel_i1e": F.i1e, "cbrt": F.cbrt, "ceil": F.ceil,
        "cos": F.cos, "cosh": F.cosh, "digamma": F.digamma, "erf": F.erf, "erf_inv": F.erfinv, "erfc": F.erfc,
        "exp": F.exp, "exp2": F.exp2, "expm1": F.expm1, "floor": F.floor, "imag": F.imag, "is_finite": F.isfinite,
        "lgamma": F.lgamma, "log": F.log, "log1p": F.log1p, "logistic": F.sigmoid, "neg": F.negative, "real": F.real,
        "reciprocal": F.reciprocal, "rsqrt": F.rsqrt, "sign": F.sign, "sin": F.sin, "sinh": F.sinh, "sqrt": F.sqrt,
        "square": F.square, "tan": F.tan, "tanh": F.tanh, "stop_gradient": F.stop_gradient,
        "population_count": F.popcount, "clz": F.clz,
        # two operands
        "add": F.add, "sub": F.subtract, "max": F.maximum, "min": F.minimum,
        "eq": F.equal, "ne": F.not_equal, "lt": F.less, "le": F.less_equal, "gt": F.greater, "ge": F.greater_equal,
        "nextafter": F.nextafter, "complex": F.complex, "igamma": F.igamma, "igammac": F.igammac, "zeta": F.zeta,
        "betainc": F.betainc,
    },
    "jax.lax",
)  # fmt: skip


def _is_bool(*xs: Any) -> bool:
    return all(isinstance(x, bool) or (not is_scalar(x) and dtype_of(x) == "bool") for x in xs)


@frontend.function()
def mul(x: Any, y: Any, *, out_dtype: Any = None) -> Any:
    found = F.multiply(x, y)
    return found if out_dtype is None else convert_element_type(found, out_dtype)


@frontend.function("jax.lax.conj")
def conj(x: Any, *, input_dtype: Any = None) -> Any:
    dtype = dtype_of(x)
    return F.conj(x) if dtype.is_complex else F.astype(x, "complex128" if dtype == "float64" else "complex64")


@frontend.function("jax.lax.atan2")
def atan2(x: Any, y: Any) -> Any:
    if not any(not is_scalar(v) and dtype_of(v).is_complex for v in (x, y)):
        return F.atan2(x, y)
    x, y = (F.asarray(v, dtype=dtype_like(x, y)) if is_scalar(v) else v for v in (x, y))
    norm = F.sqrt(F.add(F.square(x), F.square(y)))
    return F.multiply(-1j, F.log(F.divide(F.add(y, F.multiply(1j, x)), norm)))


@frontend.function("jax.lax.bitwise_and")
def bitwise_and(x: Any, y: Any) -> Any:
    return F.logical_and(x, y) if _is_bool(x, y) else F.bitwise_and(x, y)


@frontend.function("jax.lax.bitwise_or")
def bitwise_or(x: Any, y: Any) -> Any:
    return F.logical_or(x, y) if _is_bool(x, y) else F.bitwise_or(x, y)


@frontend.function("jax.lax.bitwise_xor")
def bitwise_xor(x: Any, y: Any) -> Any:
    return F.logical_xor(x, y) if _is_bool(x, y) else F.bitwise_xor(x, y)


@frontend.function("jax.lax.bitwise_not")
def bitwise_not(x: Any) -> Any:
    return F.logical_not(x) if _is_bool(x) else F.bitwise_invert(x)


def _nonzero(y: Any) -> tuple[Any, Any]:
    """Return a divisor without zeros, and where they were (None: nowhere); frameworks disagree on x / 0."""
    if is_scalar(y) and y != 0:
        return y, None
    if is_scalar(y):
        return 1, True
    zero = F.equal(y, 0)
    return F.where(zero, 1, y), zero


@frontend.function()
def div(x: Any, y: Any) -> Any:
    """Divide; integers truncate towards zero and x / 0 is -1, as in XLA."""
    dtype = dtype_like(x, y)
    if dtype.is_inexact:
        return F.divide(x, y)
    divisor, zero = _nonzero(y)
    quotient = F.trunc_divide(x, divisor)
    minus_one = (1 << dtype.bits) - 1 if dtype.kind == "uint" else -1
    return quotient if zero is None else F.where(zero, minus_one, quotient)


@frontend.function()
def rem(x: Any, y: Any) -> Any:
    """Remainder with the sign of the dividend; of integers, x rem 0 is x, as in XLA."""
    if dtype_like(x, y).is_inexact:
        return F.fmod(x, y)
    divisor, zero = _nonzero(y)
    rest = F.fmod(x, divisor)
    return rest if zero is None else F.where(zero, x, rest)


@frontend.function()
def pow(x: Any, y: Any) -> Any:
    """Raise to a power; the exponent may be an integer array while the base is not."""
    if not is_scalar(x) and not is_scalar(y) and dtype_of(x).is_inexact and dtype_of(y).is_integer:
        y = F.astype(y, dtype_of(x))
    return F.pow(x, y)


@frontend.function()
def integer_pow(x: Any, y: int) -> Any:
    """Raise to a static integer power."""
    if y == 0:
        return F.ones_like(x)
    if y == 1:
        return x
    if y == 2:
        return F.square(x)
    if y == 3:
        return F.multiply(F.multiply(x, x), x)
    return F.reciprocal(x) if y == -1 else F.pow(x, y)


@frontend.function()
def polygamma(m: Any, x: Any) -> Any:
    """Derivative of the digamma function; the order is an array in JAX and static here."""
    if is_scalar(m):
        return F.polygamma(int(m), x)
    # (-1)^(m+1) m! zeta(m+1, x), which is how XLA computes it; order 0 is digamma
    sign = F.subtract(F.multiply(F.fmod(m, 2.0), 2.0), 1.0)
    order = F.add(m, 1.0)
    found = F.multiply(F.multiply(sign, F.exp(F.lgamma(order))), F.zeta(F.maximum(order, 2.0), x))
    return F.where(F.equal(m, 0.0), F.digamma(x), found)


def _shift(x: Any, y: Any, op: Any, beyond: Any) -> Any:
    """Shift; by the width of the type or more, XLA gives `beyond` where C leaves it open."""
    bits = dtype_like(x, y).bits
    if is_scalar(y):
        return op(x, int(y)) if 0 <= y < bits else beyond(x)
    inside = F.logical_and(F.less(y, bits), F.greater_equal(y, 0))
    if is_scalar(x):
        x = F.full_like(y, x)
    return F.where(inside, op(x, F.where(inside, y, 0)), beyond(x))


@frontend.function()
def shift_left(x: Any, y: Any) -> Any:
    return _shift(x, y, F.bitwise_left_shift, F.zeros_like)


def _as_kind(x: Any, kind: str) -> Any:
    """Reinterpret integers as signed (``"int"``) or unsigned (``"uint"``) ones."""
    dtype = dtype_of(x)
    return x if dtype.kind == kind else F.bitcast(x, f"{kind}{dtype.bits}")


def _shift_right(x: Any, y: Any, kind: str, beyond: Any) -> Any:
    dtype = dtype_like(x, y)
    x = F.full_like(y, x) if is_scalar(x) else x
    y = y if is_scalar(y) else _as_kind(y, kind)
    shifted = _shift(_as_kind(x, kind), y, F.bitwise_right_shift, beyond)
    return shifted if dtype.kind == kind else F.bitcast(shifted, dtype)


@frontend.function()
def shift_right_logical(x: Any, y: Any) -> Any:
    return _shift_right(x, y, "uint", F.zeros_like)


@frontend.function()
def shift_right_arithmetic(x: Any, y: Any) -> Any:
    return _shift_right(x, y, "int", lambda v: F.bitwise_right_shift(v, dtype_of(v).bits - 1))


@frontend.function()
def mulhi(x: Any, y: Any) -> Any:
    """High half of an integer product (of 32-bit integers or smaller ones)."""
    dtype = dtype_like(x, y)
    if dtype.bits > 32:
        raise DtypeError(f"jax.lax.mulhi of {dtype} has no translation", hint="use 32-bit integers")
    if dtype.bits < 32:
        wide = F.multiply(F.astype(x, "int32"), F.astype(y, "int32"))
        return F.astype(F.bitwise_right_shift(wide, dtype.bits), dtype)
    # schoolbook multiplication on 16-bit halves: no target is asked for 64-bit arithmetic
    low_mask = 0xFFFF
    xl, yl = F.bitwise_and(x, low_mask), F.bitwise_and(y, low_mask)
    xh, yh = F.bitwise_right_shift(x, 16), F.bitwise_right_shift(y, 16)
    ll = shift_right_logical(F.multiply(xl, yl), 16)
    hl = F.add(F.multiply(xh, yl), ll)
    lh = F.add(F.multiply(xl, yh), F.bitwise_and(hl, low_mask))
    return F.add(F.add(F.multiply(xh, yh), F.bitwise_right_shift(hl, 16)), F.bitwise_right_shift(lh, 16))


@frontend.function()
def clamp(min: Any, x: Any, max: Any) -> Any:
    return F.clip(x, min, max)


@frontend.function()
def select_n(which: Any, *cases: Any) -> Any:
    """Choose among the cases by a boolean or an integer array of their shape (or a scalar)."""
    if len(cases) == 1:
        return cases[0]
    if _is_bool(which):
        return F.where(which, cases[1], cases[0])
    found = cases[-1]
    for i in range(len(cases) - 2, -1, -1):
        found = F.where(F.less_equal(which, i), cases[i], found)
    return found


@frontend.function()
def select(pred: Any, on_true: Any, on_false: Any) -> Any:
    return F.where(pred, on_true, on_false)


@frontend.function()
def convert_element_type(operand: Any, new_dtype: Any) -> Any:
    """Cast; a complex number loses its imaginary part. Out-of-range floats to integers are as the target has them."""
    dtype = as_dtype(new_dtype)
    if is_scalar(operand):
        return F.asarray(operand, dtype=dtype)
    here = dtype_of(operand)
    if here == dtype:
        return operand
    if here.is_complex and not dtype.is_complex:
        operand = F.not_equal(operand, 0) if dtype == "bool" else F.real(operand)
    return operand if dtype_of(operand) == dtype else F.astype(operand, dtype)


@frontend.function()
def bitcast_convert_type(operand: Any, new_dtype: Any) -> Any:
    """Reinterpret the bits; between sizes, the ratio becomes or was a last axis (little endian)."""
    dtype, here = as_dtype(new_dtype), dtype_of(operand)
    if here == dtype:
        return operand
    if here.bits == dtype.bits:
        return F.bitcast(operand, dtype)
    if here.bits > dtype.bits:
        flat = F.bitcast(F.expand_dims(operand, axis=-1), dtype)
        return F.reshape(flat, (*operand.shape, here.bits // dtype.bits))
    return F.reshape(F.bitcast(operand, dtype), tuple(operand.shape[:-1]))


@frontend.function()
def reduce_precision(operand: Any, exponent_bits: int, mantissa_bits: int) -> Any:
    """Round to a smaller format: to bfloat16's, float16's or float32's, or not at all."""
    here = dtype_of(operand)
    formats = {(8, 7): "bfloat16", (5, 10): "float16", (8, 23): "float32", (11, 52): "float64"}
    target = formats.get((exponent_bits, mantissa_bits))
    if target is None:
        raise DtypeError(
            f"reduce_precision to {exponent_bits} exponent and {mantissa_bits} mantissa bits has no translation",
            hint="use the bits of a dtype: " + ", ".join(f"{k}" for k in formats),
        )
    if as_dtype(target).bits >= here.bits:
        return operand
    return F.astype(F.astype(operand, target), here)


@frontend.function()
def round(x: Any, rounding_method: int = 0) -> Any:
    """Round halves away from zero (0) or to even (1)."""
    if int(rounding_method) == 1:
        return F.round(x)
    whole = F.trunc(x)
    return F.where(F.greater_equal(F.abs(F.subtract(x, whole)), 0.5), F.add(whole, F.sign(x)), whole)


def _total_order(x: Any) -> Any:
    """Map floats to integers that compare in IEEE total order (-NaN < -inf < ... < -0 < +0 < ... < NaN)."""
    dtype = dtype_of(x)
    if not dtype.is_float:
        return x
    bits = F.bitcast(x, f"int{dtype.bits}")
    largest = (1 << (dtype.bits - 1)) - 1
    return F.where(F.less(bits, 0), F.bitwise_xor(bits, largest), bits)


for _name, _op in {"eq_to": F.equal, "lt_to": F.less, "le_to": F.less_equal}.items():
    frontend.function(f"jax.lax.{_name}_p")(lambda x, y, _op=_op: _op(_total_order(x), _total_order(y)))
