"""Functions of one or two arrays, element by element."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.dtypes import as_dtype, dtype_of
from ivy_paddle.frontend.promotion import cast, floating, is_array, like
from ivy_paddle.frontend.table import api, frontend, ivy_op, op, table


def _same(name: str) -> Callable[..., Any]:
    fn = ivy_op(name)

    def unary(x: Any) -> Any:
        return fn(x)

    return unary


def _float(name: str) -> Callable[..., Any]:
    fn = ivy_op(name)

    def unary(x: Any) -> Any:
        return fn(floating(x))

    return unary


def _binary(name: str) -> Callable[..., Any]:
    fn = ivy_op(name)

    def binary(x: Any, y: Any) -> Any:
        return fn(x, y)

    return binary


def _float_binary(name: str) -> Callable[..., Any]:
    fn = ivy_op(name)

    def binary(x: Any, y: Any) -> Any:
        return fn(floating(x), floating(y))

    return binary


def _truth(name: str) -> Callable[..., Any]:
    fn = ivy_op(name)

    def binary(x: Any, y: Any) -> Any:
        return fn(cast(x, "bool"), cast(y, "bool"))

    return binary


table(
    """
    abs
    ceil
    floor
    sign
    square
    trunc
    isfinite
    isinf
    isnan
    real
    imag
    conj
    bitwise_not: bitwise_invert
    """,
    _same,
    "",
)
table(
    """
    acos
    acosh
    asin
    asinh
    atan
    atanh
    cos
    cosh
    digamma
    erf
    exp
    expm1
    i0
    i0e
    i1
    i1e
    lgamma gammaln: lgamma
    log
    log10
    log1p
    log2
    reciprocal
    rsqrt
    sigmoid
    sin
    sinh
    sqrt
    tan
    tanh
    """,
    _float,
    "",
)
table(
    """
    add
    subtract
    multiply
    maximum
    minimum
    fmax
    fmin
    floor_divide: quotient
    equal
    not_equal
    less_than: less
    less_equal
    greater_than: greater
    greater_equal
    bitwise_and
    bitwise_or
    bitwise_xor
    trunc_divide
    """,
    _binary,
    "",
)


@op("atan2", also="=")
def atan2(x: Any, y: Any) -> Any:
    if dtype_of(x).is_integer:  # integers are computed in double precision
        x, y = cast(x, "float64"), cast(y, "float64")
    return ops.atan2(floating(x), floating(y))


table(
    """
    nextafter
    """,
    _float_binary,
    "",
)
table(
    """
    logical_and
    logical_or
    logical_xor
    """,
    _truth,
    "",
)


@op("angle", also="=")
def angle(x: Any) -> Any:
    x = floating(x)
    if dtype_of(x).is_complex:
        return ops.angle(x)
    zero = ops.zeros_like(x)  # that of -0.0 too
    return ops.where(ops.isnan(x), x, ops.where(ops.less(x, zero), ops.full_like(x, math.pi), zero))


@op("heaviside", also="=")
def heaviside(x: Any, y: Any) -> Any:
    found = ops.heaviside(floating(x), floating(y))
    return found if dtype_of(x).is_inexact else cast(found, dtype_of(x))


@op("copysign", also="=")
def copysign(x: Any, y: Any) -> Any:
    return cast(ops.copysign(floating(x), floating(y)), dtype_of(x))


@op("remainder", also="=")
def remainder(x: Any, y: Any) -> Any:
    if not any(is_array(v) and dtype_of(v).is_complex for v in (x, y)):
        return _remainder(x, y)
    quotient = ops.divide(x, y)  # rounded to the nearest Gaussian integer, halves away from zero
    whole = ops.complex(_nearest(ops.real(quotient)), _nearest(ops.imag(quotient)))
    return ops.subtract(x, ops.multiply(y, whole))


_remainder = _binary("remainder")


def _nearest(x: Any) -> Any:
    return ops.copysign(ops.floor(ops.add(ops.abs(x), 0.5)), x)


frontend.alias("paddle.remainder", "paddle.mod", "paddle.floor_mod")
frontend.alias("paddle.conj", "paddle.Tensor.conj")


@op(also="=")
def logical_not(x: Any) -> Any:
    return ops.logical_not(cast(x, "bool"))


@op(also="=")
def divide(x: Any, y: Any) -> Any:
    if is_array(x) and is_array(y) and dtype_of(x) == dtype_of(y) == "bool":  # by True, or an error
        return ops.logical_and(x, ops.ones_like(y))
    return ops.divide(floating(x), floating(y))


@op(also="=")
def bitwise_left_shift(x: Any, y: Any, is_arithmetic: bool = True) -> Any:
    return ops.bitwise_left_shift(x, y)


@op(also="=")
def bitwise_right_shift(x: Any, y: Any, is_arithmetic: bool = True) -> Any:
    if is_arithmetic or dtype_of(x).kind == "uint":
        return ops.bitwise_right_shift(x, y)
    unsigned = as_dtype(f"uint{dtype_of(x).bits}")
    return ops.bitcast(ops.bitwise_right_shift(ops.bitcast(x, unsigned), cast(y, unsigned)), dtype_of(x))


@api("gcd")
def gcd(x: Any, y: Any) -> Any:
    return ops.gcd(x, y)


@api("lcm")
def lcm(x: Any, y: Any) -> Any:
    return ops.lcm(x, y)


@api("hypot")
def hypot(x: Any, y: Any) -> Any:
    return ops.hypot(floating(x), floating(y))


@api("logaddexp")
def logaddexp(x: Any, y: Any) -> Any:
    return ops.logaddexp(floating(x), floating(y))


@api("neg", "negative")
def neg(x: Any) -> Any:
    return ops.negative(x)


@api("positive")
def positive(x: Any) -> Any:
    return x


@api("frac")
def frac(x: Any) -> Any:
    return ops.subtract(x, ops.trunc(x))


@api("rad2deg")
def rad2deg(x: Any) -> Any:
    return ops.rad2deg(floating(x))


@api("deg2rad")
def deg2rad(x: Any) -> Any:
    return ops.deg2rad(floating(x))


@api("sinc")
def sinc(x: Any) -> Any:
    return ops.sinc(floating(x))


@api("signbit")
def signbit(x: Any) -> Any:
    return ops.signbit(x)


@api("sgn")
def sgn(x: Any) -> Any:
    return ops.sign(x)


@op(also="=")
def round(x: Any, decimals: int = 0) -> Any:
    if not dtype_of(x).is_float:
        return x
    if not decimals:
        return ops.round(x)
    factor = 10.0**decimals
    return ops.divide(ops.round(ops.multiply(x, factor)), factor)


@op(also="=")
def rint(x: Any) -> Any:
    return ops.round(x)


@op()
def scale(x: Any, scale: Any = 1.0, bias: float = 0.0, bias_after_scale: bool = True) -> Any:
    scale, bias = like(scale, x), like(bias, x)
    if not bias_after_scale and bias:
        x, bias = ops.add(x, bias), 0
    if is_array(scale):
        scale = ops.reshape(scale, ())
    if is_array(scale) or (scale not in (1, -1)):
        x = ops.multiply(x, scale)
    elif scale == -1:
        return ops.subtract(bias, x) if bias else ops.negative(x)
    if bias < 0:
        return ops.subtract(x, -bias)
    return ops.add(x, bias) if bias else x


@api("scale")
def public_scale(x: Any, scale: Any = 1.0, bias: float = 0.0, bias_after_scale: bool = True, act: Any = None) -> Any:
    found = _scale(x, scale, bias, bias_after_scale)
    return found if act is None else frontend.call(f"paddle.nn.functional.{act}", (found,), {})


_scale = scale


@op(also="=")
def add_n(inputs: Any) -> Any:
    return functools.reduce(ops.add, inputs) if isinstance(inputs, (list, tuple)) else ops.positive(inputs)


@op("increment", also="increment")
def increment(x: Any, value: Any = 1.0) -> Any:
    return ops.add(x, like(value, x))


@op("pow")
def pow_(x: Any, y: Any) -> Any:
    if not is_array(y):
        y = like(y, x) if float(y).is_integer() or dtype_of(x).is_integer else y  # of integers its whole part
        if y == 2:
            return ops.square(x)
    return ops.pow(x, y)


@api("pow")
def public_pow(x: Any, y: Any) -> Any:
    return pow_(x, y)


@op()
def elementwise_pow(x: Any, y: Any) -> Any:
    return ops.pow(x, y)


@op(also="=")
def lerp(x: Any, y: Any, weight: Any) -> Any:
    return ops.lerp(x, y, weight)


@op()
def clip(x: Any, min: Any = None, max: Any = None) -> Any:
    # bounds are numbers kept in tensors; of more than one element paddle reads the first
    low, high = (v if not is_array(v) else ops.reshape(v, (-1,))[0] for v in (min, max))
    info = {"float16": 65504.0, "bfloat16": 3.3895313892515355e38, "float32": 3.4028234663852886e38}
    limit = info.get(str(dtype_of(x)), 1.7976931348623157e308) * 0.99
    # paddle says "no bound" by the largest number
    low = None if not is_array(low) and (low is None or low <= -limit) else like(low, x)
    high = None if not is_array(high) and (high is None or high >= limit) else like(high, x)
    return x if low is None and high is None else ops.clip(x, low, high)


@api("clip", "clamp")
def public_clip(x: Any, min: Any = None, max: Any = None) -> Any:
    return clip(x, min, max)


@op(also="=")
def clip_by_norm(x: Any, max_norm: float) -> Any:
    norm = ops.sqrt(ops.sum(ops.square(x)))
    return ops.where(ops.greater(norm, max_norm), ops.divide(ops.multiply(x, max_norm), norm), x)


@op(also="=")
def logit(x: Any, eps: float | None = None) -> Any:
    return ops.logit(x, eps=eps or None)


@op(also="=")
def stanh(x: Any, scale_a: float = 0.67, scale_b: float = 1.7159) -> Any:
    return ops.multiply(ops.tanh(ops.multiply(x, scale_a)), scale_b)


@op(also="=")
def polygamma(x: Any, n: int) -> Any:
    return ops.digamma(x) if n == 0 else ops.polygamma(n, x)


@op(also="=")
def gammaincc(x: Any, y: Any) -> Any:
    return ops.igammac(x, y)


@api("gammainc")
def gammainc(x: Any, y: Any) -> Any:
    return ops.igamma(x, y)


@op(also="=")
def complex(real: Any, imag: Any) -> Any:
    return ops.complex(real, imag)


@op("cast", also="cast Tensor.astype")
def cast_(x: Any, dtype: Any) -> Any:
    return cast(x, dtype)


@op("view_dtype")
def view_dtype(x: Any, dtype: Any) -> Any:
    return ops.bitcast(x, as_dtype(dtype))


@api("nan_to_num")
def nan_to_num(x: Any, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    return ops.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


@op(also="=")
def isclose(x: Any, y: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: bool = False) -> Any:
    return ops.isclose(x, y, rtol=float(rtol), atol=float(atol), equal_nan=equal_nan)


@op(also="=")
def allclose(x: Any, y: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: bool = False) -> Any:
    return ops.all(isclose(x, y, rtol, atol, equal_nan))


@op(also="=")
def equal_all(x: Any, y: Any) -> Any:
    if tuple(x.shape) != tuple(y.shape):
        return ops.asarray(False)
    return ops.all(ops.equal(x, y))


@op(also="=")
def multiplex(inputs: Any, index: Any) -> Any:
    stacked = ops.stack(list(inputs), axis=0)
    index = ops.reshape(index, (-1,))
    return ops.get_item(stacked, (index, ops.arange(index.shape[0], dtype="int32")))


@api("ldexp")
def ldexp(x: Any, y: Any) -> Any:
    return ops.multiply(floating(x), ops.pow(2.0, floating(y)))


@op("share_data_", "share_data", "memcpy_h2d", "memcpy_d2h", "memcpy", "npu_identity", "sync_calc_stream", "depend")
def identity(x: Any, *args: Any, **kwargs: Any) -> Any:
    return x


@api("is_complex")
def is_complex(x: Any) -> bool:
    return dtype_of(x).is_complex


@api("is_floating_point")
def is_floating_point(x: Any) -> bool:
    return dtype_of(x).is_float


@api("is_integer")
def is_integer(x: Any) -> bool:
    return dtype_of(x).is_integer


@api("is_tensor")
def is_tensor(x: Any) -> bool:
    return is_array(x)


@api("rank")
def rank(input: Any) -> Any:
    return ops.asarray(len(input.shape), dtype="int32")


@op("erfinv", also="=")
def erfinv(x: Any) -> Any:
    x = floating(x)
    outside = ops.copysign(ops.full_like(x, float("inf")), x)  # paddle's kernel has infinities there, no NaN
    return ops.where(ops.greater(ops.abs(x), 1), outside, ops.erfinv(x))
