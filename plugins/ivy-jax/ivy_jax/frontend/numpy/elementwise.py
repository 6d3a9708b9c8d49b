"""Elementwise functions of `jax.numpy` and `jax.scipy.special`."""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of, result_type, wrapped
from ivy_jax.frontend.lax.elementwise import bitwise_and, bitwise_not, bitwise_or, bitwise_xor
from ivy_jax.frontend.table import elementwise, frontend, is_scalar

NAMESPACE = "jax.numpy"

elementwise(
    {
        "abs": F.abs, "absolute": F.abs, "fabs": F.abs, "acos": F.acos, "arccos": F.acos, "acosh": F.acosh,
        "arccosh": F.acosh, "asin": F.asin, "arcsin": F.asin, "asinh": F.asinh, "arcsinh": F.asinh, "atan": F.atan,
        "arctan": F.atan, "atanh": F.atanh, "arctanh": F.atanh, "cbrt": F.cbrt, "ceil": F.ceil, "conj": F.conj,
        "conjugate": F.conj, "cos": F.cos, "cosh": F.cosh, "deg2rad": F.deg2rad, "radians": F.deg2rad,
        "degrees": F.rad2deg, "rad2deg": F.rad2deg, "exp": F.exp, "exp2": F.exp2, "expm1": F.expm1, "floor": F.floor,
        "imag": F.imag, "real": F.real, "angle": F.angle, "isfinite": F.isfinite, "isinf": F.isinf, "isnan": F.isnan,
        "log": F.log, "log10": F.log10, "log1p": F.log1p, "log2": F.log2, "negative": F.negative, "sinc": F.sinc,
        "positive": F.positive, "sign": F.sign, "signbit": F.signbit, "sin": F.sin, "sinh": F.sinh, "sqrt": F.sqrt,
        "square": F.square, "tan": F.tan, "tanh": F.tanh, "trunc": F.trunc, "i0": F.i0,
        "logical_not": F.logical_not,
        "add": F.add, "subtract": F.subtract, "multiply": F.multiply, "divide": F.divide, "true_divide": F.divide,
        "floor_divide": F.quotient, "remainder": F.remainder, "mod": F.remainder, "fmod": F.fmod, "pow": F.pow,
        "power": F.pow, "float_power": F.pow, "maximum": F.maximum, "minimum": F.minimum, "fmax": F.fmax,
        "fmin": F.fmin, "atan2": F.atan2, "arctan2": F.atan2, "hypot": F.hypot, "logaddexp": F.logaddexp,
        "copysign": F.copysign, "nextafter": F.nextafter, "heaviside": F.heaviside, "gcd": F.gcd, "lcm": F.lcm,
        "equal": F.equal, "not_equal": F.not_equal, "less": F.less, "less_equal": F.less_equal, "greater": F.greater,
        "greater_equal": F.greater_equal, "logical_and": F.logical_and, "logical_or": F.logical_or,
        "logical_xor": F.logical_xor, "left_shift": F.bitwise_left_shift, "right_shift": F.bitwise_right_shift,
        "bitwise_left_shift": F.bitwise_left_shift, "bitwise_right_shift": F.bitwise_right_shift,
        "bitwise_and": bitwise_and, "bitwise_or": bitwise_or, "bitwise_xor": bitwise_xor, "bitwise_not": bitwise_not,
        "invert": bitwise_not, "bitwise_invert": bitwise_not, "bitwise_count": F.popcount, "ldexp": F.ldexp,
        "frexp": F.frexp,
    },
    "jax.numpy",
)  # fmt: skip

elementwise(
    {
        "erf": F.erf,
        "erfc": F.erfc,
        "erfinv": F.erfinv,
        "gammaln": F.lgamma,
        "digamma": F.digamma,
        "i0": F.i0,
        "i0e": F.i0e,
        "i1": F.i1,
        "i1e": F.i1e,
        "expit": F.sigmoid,
        "gammainc": F.igamma,
        "gammaincc": F.igammac,
        "betainc": F.betainc,
        "zeta": F.zeta,
        "xlogy": F.xlogy,
        "logit": F.logit,
    },
    "jax.scipy.special",
)


@frontend.function()
def where(condition: Any, x: Any = None, y: Any = None, /, **options: Any) -> Any:
    if not is_scalar(condition) and dtype_of(condition) != "bool":
        condition = F.not_equal(condition, 0)
    if is_scalar(x) and is_scalar(y):
        floating = isinstance(x, float) or isinstance(y, float)
        dtype = "bool" if isinstance(x, bool) and isinstance(y, bool) else "float32" if floating else "int32"
        x = F.asarray(x, dtype="complex64" if isinstance(x, complex) or isinstance(y, complex) else dtype)
    elif is_scalar(x):
        x, y = _weak(x, y)
    elif is_scalar(y):
        y, x = _weak(y, x)
    return F.where(condition, x, y)


def _weak(number: Any, x: Any) -> tuple[Any, Any]:
    """Bring a Python integer and an array together: booleans become int32, what is out of range wraps around."""
    if type(number) is not int:
        return number, x
    dtype = dtype_of(x)
    if dtype == "bool":
        return number, F.astype(x, "int32")
    return wrapped(number, dtype) if dtype.is_integer else number, x


@frontend.function()
def clip(arr: Any, /, min: Any = None, max: Any = None) -> Any:
    if is_scalar(arr):
        lower = arr if min is None else F.maximum(arr, min)
        return lower if max is None else F.minimum(lower, max)
    bounds = [b for b in (min, max) if b is not None]
    dtype = result_type(arr, *bounds)
    if dtype_of(arr) != dtype:
        arr = F.astype(arr, dtype)
    return F.clip(arr, min, max) if bounds else arr


@frontend.function()
def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    return F.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf) if dtype_of(x).is_inexact else x


@frontend.function()
def isposinf(x: Any, /) -> Any:
    return F.equal(x, float("inf"))


@frontend.function()
def isneginf(x: Any, /) -> Any:
    return F.equal(x, float("-inf"))


@frontend.function()
def isclose(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: bool = False) -> Any:
    return F.isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)


@frontend.function("jax.numpy.round", "jax.numpy.around", "jax.numpy.rint")
def round(a: Any, decimals: int = 0) -> Any:
    return F.round(a, decimals=decimals)


@frontend.function()
def reciprocal(x: Any, /) -> Any:
    return F.reciprocal(x)


@frontend.function("jax.scipy.special.xlog1py")
def xlog1py(x: Any, y: Any) -> Any:
    return F.where(F.equal(x, 0), 0.0, F.multiply(x, F.log1p(y)))


@frontend.function("jax.scipy.special.ndtr")
def ndtr(x: Any) -> Any:
    return F.multiply(F.erfc(F.multiply(x, -(0.5**0.5))), 0.5)


@frontend.function("jax.scipy.special.polygamma")
def polygamma(n: Any, x: Any) -> Any:
    from ivy_jax.frontend.lax.elementwise import polygamma as of_lax

    return of_lax(n if is_scalar(n) else F.astype(n, dtype_of(x)), x)


@frontend.function("jax.scipy.special.entr")
def entr(x: Any) -> Any:
    return F.where(F.less(x, 0), float("-inf"), F.negative(F.xlogy(x, x)))
