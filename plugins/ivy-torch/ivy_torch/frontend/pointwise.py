"""``torch``'s pointwise functions (https://pytorch.org/docs/stable/torch.html#pointwise-ops)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ivy.functional as ops
from ivy.dtypes import complex64, complex128, dtype_of, float64, promote_types
from ivy_torch.frontend.declare import api, op, table, view
from ivy_torch.frontend.promotion import (
    cast,
    dtype_arg,
    fitted,
    floating,
    in_single,
    inexact,
    is_array,
    match,
    promote,
    result_dtype,
)


def _unary(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any) -> Any:
        return f(input)

    return call


def _unary_inexact(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any) -> Any:
        return f(floating(input))

    return call


def _binary(name: str) -> Callable[..., Any]:
    f = op(name)
    computed = in_single(lambda a, b: f(*promote(a, b)))

    def call(input: Any, other: Any) -> Any:
        return computed(input, other)

    return call


def _binary_inexact(name: str) -> Callable[..., Any]:
    f = op(name)
    computed = in_single(lambda a, b: f(*inexact(a, b)))

    def call(input: Any, other: Any) -> Any:
        return computed(input, other)

    return call


UNARY = table(
    """
    abs absolute
    neg negative: negative
    positive
    ceil
    floor
    trunc fix: trunc
    isfinite
    isinf
    isnan
    logical_not
    bitwise_not: bitwise_invert
    signbit
    relu
    """,
    _unary,
)

# integers and booleans give float32
INEXACT = table(
    """
    acos arccos
    acosh arccosh
    asin arcsin
    asinh arcsinh
    atan arctan
    atanh arctanh
    cos
    cosh
    deg2rad
    digamma
    erf
    erfc
    erfinv
    exp
    exp2
    expm1
    i0
    lgamma
    log
    log10
    log1p
    log2
    rad2deg
    reciprocal
    rsqrt
    sigmoid
    sin
    sinc
    sinh
    sqrt
    tan
    tanh
    """,
    _unary_inexact,
)

BINARY = table(
    """
    mul multiply: multiply
    floor_divide: quotient
    remainder
    fmod
    maximum
    minimum
    fmax
    fmin
    gcd
    lcm
    nextafter
    bitwise_and
    bitwise_or
    bitwise_xor
    bitwise_left_shift: bitwise_left_shift
    bitwise_right_shift: bitwise_right_shift
    eq: equal
    ne not_equal: not_equal
    lt less: less
    le less_equal: less_equal
    gt greater: greater
    ge greater_equal: greater_equal
    """,
    _binary,
)

table(
    """
    true_divide: divide
    hypot
    """,
    _binary_inexact,
)


@api("atan2", "arctan2")
def atan2(input: Any, other: Any) -> Any:
    y, x = inexact(input, other)
    none = ops.logical_and(ops.equal(y, 0), ops.equal(x, 0))  # where the derivative is 0
    return ops.where(none, ops.stop_gradient(ops.atan2(y, x)), ops.atan2(y, ops.where(none, 1, x)))


@api()
def copysign(input: Any, other: Any) -> Any:
    a, b = inexact(input, other)
    if not is_array(a):
        return ops.copysign(a, b)
    return ops.multiply(ops.abs(a), ops.copysign(ops.ones_like(a), b))  # with derivative 0 at 0


@api()
def xlogy(input: Any, other: Any) -> Any:
    a, b = inexact(input, other)
    if is_array(a) and is_array(b):
        none = ops.logical_and(ops.equal(a, 0), ops.logical_or(ops.less_equal(b, 0), ops.equal(b, math.inf)))
        return ops.where(none, 0, ops.multiply(a, ops.log(ops.where(none, 1, b))))
    return ops.xlogy(a, b)


@api("logaddexp")
def logaddexp(input: Any, other: Any) -> Any:
    a, b = inexact(input, other)
    if not dtype_of(a).is_complex:
        return ops.logaddexp(a, b)
    larger = ops.greater_equal(ops.real(a), ops.real(b))
    high, low = ops.where(larger, a, b), ops.where(larger, b, a)
    return ops.add(high, ops.log(ops.add(ops.exp(ops.subtract(low, high)), 1.0)))


def _scaled(input: Any, other: Any, alpha: Any) -> Any:
    """Return alpha times `other`, in the dtype that it is going to have together with `input`."""
    if isinstance(alpha, (int, float, complex)) and alpha == 1:
        return other
    target = result_dtype(input, other)
    alpha = alpha if is_array(alpha) else fitted(alpha, target)
    if not is_array(other):
        return ops.multiply(alpha, other) if is_array(alpha) else fitted(other * alpha, target)
    if target.kind == "bool":
        return ops.logical_and(other, ops.asarray(alpha, dtype=target)) if is_array(alpha) or not alpha else other
    return ops.multiply(cast(other, target), alpha)


@api("add")
def add(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    def computed(x: Any, y: Any) -> Any:
        a, b = promote(x, y)
        return ops.add(a, _scaled(a, b, alpha))

    return in_single(computed)(input, other)


@api("sub", "subtract")
def sub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    def computed(x: Any, y: Any) -> Any:
        a, b = promote(x, y)
        return ops.subtract(a, _scaled(a, b, alpha))

    return in_single(computed)(input, other)


@api("rsub")
def rsub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    a, b = promote(input, other)
    if alpha == 1:
        return ops.subtract(b, a)
    return ops.subtract(b, _scaled(b, a, alpha))


@api("div", "divide")
def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    if rounding_mode is None:
        return in_single(lambda a, b: ops.divide(*inexact(a, b)))(input, other)
    a, b = promote(input, other)
    if rounding_mode not in ("floor", "trunc"):
        raise ValueError(
            f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found {rounding_mode!r}"
        )
    return ops.quotient(a, b) if rounding_mode == "floor" else ops.trunc_divide(a, b)


@api("pow")
def pow(input: Any, exponent: Any) -> Any:
    a, b = promote(input, exponent)
    if is_array(a) and not is_array(b):
        if (
            isinstance(b, (int, float))
            and b == 2
            and dtype_of(a).kind != "bool"
            and (type(b) is int or dtype_of(a).is_inexact)
        ):
            return ops.square(a)
        if b == 0 and dtype_of(a).is_float:
            return ops.ones_like(a)
        if b == 0.5 and dtype_of(a).is_inexact:
            return ops.sqrt(a)
        if dtype_of(a).is_integer and isinstance(b, int) and b < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
    if result_dtype(a, b) == "bool":
        return ops.logical_or(a, ops.logical_not(b))
    if is_array(a) and is_array(b) and dtype_of(a).is_float:  # to the power of 0 the derivative is 0, that of 0 too
        a = ops.where(ops.equal(b, 0), ops.stop_gradient(a), a)
    return ops.pow(a, b)


@api()
def float_power(input: Any, exponent: Any) -> Any:
    target = complex128 if result_dtype(input, exponent).is_complex else float64
    a, b = (cast(v, target) if is_array(v) else ops.asarray(v, dtype=target) for v in (input, exponent))
    return ops.pow(a, b)


def _logical(name: str) -> Callable[..., Any]:
    f = op(name)

    def call(input: Any, other: Any) -> Any:
        return f(cast(input, "bool"), cast(other, "bool"))

    return call


table("logical_and\nlogical_or\nlogical_xor", _logical)


@api()
def logaddexp2(input: Any, other: Any) -> Any:
    a, b = inexact(input, other)
    ln2 = math.log(2.0)
    return ops.divide(ops.logaddexp(ops.multiply(a, ln2), ops.multiply(b, ln2)), ln2)


@api()
def ldexp(input: Any, other: Any) -> Any:
    a, b = inexact(input, other)
    return ops.multiply(a, ops.pow(2.0, b))


@api("square")
def square(input: Any) -> Any:
    return ops.square(cast(input, "int64") if dtype_of(input).kind == "bool" else input)


@api("heaviside")
def heaviside(input: Any, values: Any) -> Any:
    a, b = promote(input, values)
    positive = cast(ops.greater(a, ops.zeros_like(a)), dtype_of(a))
    return ops.where(ops.equal(a, ops.zeros_like(a)), b, positive)


@api("angle")
def angle(input: Any) -> Any:
    x = floating(input)
    if dtype_of(x).is_complex:
        return ops.angle(x)
    zero = ops.zeros_like(x)
    return ops.where(ops.isnan(x), x, ops.where(ops.less(x, zero), ops.full_like(x, math.pi), zero))


@view("real", put=lambda base, new: ops.complex(new, ops.imag(base)) if dtype_of(base).is_complex else new)
def real(input: Any) -> Any:
    return ops.real(input) if dtype_of(input).is_complex else input


@view("imag", put=lambda base, new: ops.complex(ops.real(base), new))
def imag(input: Any) -> Any:
    return ops.imag(input)


@api("conj_physical", "resolve_conj")
def conj_physical(input: Any) -> Any:
    return ops.conj(input) if dtype_of(input).is_complex else input


@view("conj", put=lambda base, new: conj_physical(new))
def conj(input: Any) -> Any:
    return conj_physical(input)


@api()
def sign(input: Any) -> Any:
    if dtype_of(input).kind in ("bool", "uint"):
        return cast(ops.not_equal(input, ops.zeros_like(input)), dtype_of(input))
    found = ops.sign(input)  # torch's is 0 at NaN
    return ops.where(ops.isnan(input), ops.zeros_like(input), found) if dtype_of(input).is_float else found


@api()
def sgn(input: Any) -> Any:
    if not dtype_of(input).is_complex:
        return sign(input)
    size = ops.abs(input)
    zero = ops.equal(size, 0.0)
    safe = ops.where(zero, ops.ones_like(size), size)
    return ops.where(zero, ops.zeros_like(input), ops.divide(input, safe))


@api()
def frac(input: Any) -> Any:
    return ops.subtract(input, ops.trunc(input))


@api("round")
def round(input: Any, *, decimals: int = 0) -> Any:
    if decimals == 0 or not dtype_of(input).is_inexact:
        return ops.round(input)
    # torch scales, rounds and scales back in the input's own precision
    ten = 10.0 ** abs(decimals)
    if decimals > 0:
        return ops.divide(ops.round(ops.multiply(input, ten)), ten)
    return ops.multiply(ops.round(ops.divide(input, ten)), ten)


@api()
def isneginf(input: Any) -> Any:
    if not dtype_of(input).is_inexact:
        return ops.zeros_like(input, dtype="bool")
    return ops.logical_and(ops.isinf(input), ops.less(input, 0.0))


@api()
def isposinf(input: Any) -> Any:
    if not dtype_of(input).is_inexact:
        return ops.zeros_like(input, dtype="bool")
    return ops.logical_and(ops.isinf(input), ops.greater(input, 0.0))


@api()
def isreal(input: Any) -> Any:
    if not dtype_of(input).is_complex:
        return ops.ones_like(input, dtype="bool")
    return ops.equal(ops.imag(input), 0.0)


@api()
def isclose(input: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    if not dtype_of(input).is_inexact:
        gap = ops.abs(ops.subtract(cast(input, "float64"), cast(other, "float64")))
        return ops.less_equal(gap, ops.add(ops.multiply(ops.abs(cast(other, "float64")), rtol), atol))
    return ops.isclose(input, other, rtol=rtol, atol=atol, equal_nan=equal_nan)


@api()
def allclose(input: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    return bool(ops.all(isclose(input, other, rtol, atol, equal_nan)))


@api()
def equal(input: Any, other: Any) -> bool:
    if tuple(input.shape) != tuple(other.shape):
        return False
    return bool(ops.all(ops.equal(*promote(input, other))))


@api("clamp", "clip")
def clamp(input: Any, min: Any = None, max: Any = None) -> Any:
    if min is None and max is None:
        raise ValueError("torch.clamp: At least one of 'min' or 'max' must not be None")
    bounds = [v for v in (min, max) if v is not None]
    x, *bounds = promote(input, *bounds)
    if not is_array(x) or any(is_array(v) for v in bounds):
        low = bounds.pop(0) if min is not None else None
        high = bounds.pop(0) if max is not None else None
        if result_dtype(x, *(v for v in (low, high) if v is not None)).is_float and is_array(x):
            # at a limit the derivative is the input's
            x = x if low is None else ops.where(ops.logical_or(ops.greater_equal(x, low), ops.isnan(x)), x, low)
            inside = None if high is None else ops.logical_or(ops.less_equal(x, high), ops.isnan(x))
            return x if inside is None else ops.where(inside, x, high)
        x = x if low is None else ops.maximum(x, low)
        return x if high is None else ops.minimum(x, high)
    # a Python scalar of a higher kind decides the dtype: clamp(int tensor, 0.5) is float32
    x = cast(x, result_dtype(x, *bounds))
    return ops.clip(x, *([*bounds] if min is not None else [None, *bounds]))


@api()
def clamp_min(input: Any, min: Any) -> Any:
    return clamp(input, min)


@api()
def clamp_max(input: Any, max: Any) -> Any:
    return clamp(input, None, max)


@api()
def lerp(input: Any, end: Any, weight: Any) -> Any:
    a, b, w = promote(input, end, weight)
    return ops.lerp(a, b, w)


@api()
def addcmul(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Any:
    x, a, b = match(input, tensor1, tensor2)
    return ops.add(x, _scaled(x, ops.multiply(a, b), value))


@api()
def addcdiv(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Any:
    x, a, b = match(*inexact(input, tensor1, tensor2))
    return ops.add(x, _scaled(x, ops.divide(a, b), value))


@api()
def nan_to_num(input: Any, nan: float | None = None, posinf: float | None = None, neginf: float | None = None) -> Any:
    if not dtype_of(input).is_inexact:
        return input
    return ops.nan_to_num(input, nan=0.0 if nan is None else nan, posinf=posinf, neginf=neginf)


@api("logit")
def logit(input: Any, eps: float | None = None) -> Any:
    return ops.logit(floating(input), eps=eps)


@api("igamma")
def igamma(input: Any, other: Any) -> Any:
    return ops.igamma(*promote(input, other))


@api("igammac")
def igammac(input: Any, other: Any) -> Any:
    return ops.igammac(*promote(input, other))


@api("polygamma", "special.polygamma")
def polygamma(n: Any, input: Any) -> Any:
    n, x = (input, n) if is_array(n) else (n, input)  # the method has the tensor first
    return ops.polygamma(int(n), floating(x))


@api("mvlgamma")
def mvlgamma(input: Any, p: int) -> Any:
    x = floating(input)
    total: Any = p * (p - 1) / 4.0 * math.log(math.pi)
    for j in range(p):
        total = ops.add(ops.lgamma(ops.subtract(x, j / 2.0)), total)
    return total


@api()
def frexp(input: Any) -> Any:
    from ivy_torch.frontend.return_types import frexp as result

    mantissa, exponent = ops.frexp(input)
    return result(mantissa, cast(exponent, "int32"))


@api("complex")
def complex_(real: Any, imag: Any) -> Any:
    return ops.complex(real, imag)


@api("polar")
def polar(abs: Any, angle: Any) -> Any:
    return ops.complex(ops.multiply(abs, ops.cos(angle)), ops.multiply(abs, ops.sin(angle)))


@api("dist")
def dist(input: Any, other: Any, p: float = 2) -> Any:
    from ivy_torch.frontend.norms import norm

    return norm(ops.subtract(*promote(input, other)), p)


@api("resolve_neg", "alias_copy")
def identity(input: Any) -> Any:
    return input


def complex_dtype(dtype: Any) -> Any:
    """Return the complex dtype that holds a real one."""
    return promote_types(dtype, complex64)


def real_dtype(dtype: Any) -> Any:
    """Return the real dtype of a complex one."""
    from ivy.dtypes import float32

    return {complex64: float32, complex128: float64}.get(dtype_arg(dtype), dtype)  # type: ignore[arg-type]
