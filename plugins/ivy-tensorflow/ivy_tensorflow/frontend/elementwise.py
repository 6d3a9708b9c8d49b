"""Elementwise functions: operands of one dtype, integer division and remainder in both of TensorFlow's forms."""

from __future__ import annotations

import math
from typing import Any

import ivy.functional as F
from ivy.dtypes import as_dtype, dtype_of
from ivy_tensorflow.frontend.table import array, arrays, binary, cast, dtype_like, is_array, public, raw, unary

# -- of one array -----------------------------------------------------------------------------------------------------


def _keeps_integers(op: Any) -> Any:
    return lambda x: op(x) if dtype_of(x).is_float else x


def _round(x: Any) -> Any:
    return F.round(x) if dtype_of(x).is_inexact else x


def _reciprocal(x: Any) -> Any:
    return F.divide(1.0, x) if dtype_of(x).is_inexact else F.trunc_divide(F.ones_like(x), x)


def _softplus(x: Any) -> Any:
    return F.logaddexp(x, F.zeros_like(x))


def _ndtri(x: Any) -> Any:
    return F.multiply(F.erfinv(F.subtract(F.multiply(x, 2.0), 1.0)), math.sqrt(2.0))


def _sign(x: Any) -> Any:
    if not dtype_of(x).is_complex:
        return F.sign(x)
    size = F.abs(x)
    zero = F.equal(size, 0.0)
    return F.where(zero, F.zeros_like(x), F.divide(x, cast(F.where(zero, 1.0, size), dtype_of(x))))


def _conj(x: Any) -> Any:
    return F.conj(x) if dtype_of(x).is_complex else x


unary(
    {
        "Abs abs math.abs": F.abs, "Acos acos math.acos": F.acos, "Acosh acosh math.acosh": F.acosh,
        "Asin asin math.asin": F.asin, "Asinh asinh math.asinh": F.asinh, "Atan atan math.atan": F.atan,
        "Atanh atanh math.atanh": F.atanh, "Ceil math.ceil": _keeps_integers(F.ceil), "Cos cos math.cos": F.cos,
        "Cosh cosh math.cosh": F.cosh, "Digamma math.digamma": F.digamma, "Erf math.erf": F.erf,
        "Erfc math.erfc": F.erfc, "Erfinv math.erfinv": F.erfinv, "Exp exp math.exp": F.exp,
        "Expm1 math.expm1": F.expm1, "Floor floor math.floor": _keeps_integers(F.floor),
        "IsFinite math.is_finite": F.isfinite, "IsInf math.is_inf": F.isinf, "IsNan math.is_nan": F.isnan,
        "Lgamma math.lgamma": F.lgamma, "Log math.log": F.log, "Log1p math.log1p": F.log1p,
        "LogicalNot math.logical_not": F.logical_not, "Neg math.negative": F.negative,
        "Reciprocal math.reciprocal": _reciprocal, "Inv": _reciprocal, "Rint math.rint": _round,
        "Round round math.round": _round, "Rsqrt math.rsqrt": F.rsqrt, "Sigmoid sigmoid math.sigmoid": F.sigmoid,
        "Sign sign math.sign": _sign, "Sin sin math.sin": F.sin, "Sinh sinh math.sinh": F.sinh,
        "Sqrt sqrt math.sqrt": F.sqrt, "Square square math.square": F.square, "Tan tan math.tan": F.tan,
        "Tanh tanh math.tanh": F.tanh, "Softplus math.softplus": _softplus, "Softsign math.softsign": F.softsign,
        "Relu nn.relu": F.relu, "Relu6 nn.relu6": F.relu6, "Elu nn.elu": F.elu, "Selu nn.selu": F.selu,
        "Ndtri math.ndtri": _ndtri, "BesselI0 math.bessel_i0": F.i0, "BesselI0e math.bessel_i0e": F.i0e,
        "BesselI1 math.bessel_i1": F.i1, "BesselI1e math.bessel_i1e": F.i1e, "Conj math.conj": _conj,
        "Invert bitwise.invert": F.bitwise_invert, "StopGradient stop_gradient": F.stop_gradient,
        "ZerosLike": F.zeros_like, "OnesLike": F.ones_like, "DeepCopy": F.copy, "Snapshot": lambda x: x,
        "Identity": lambda x: x, "PreventGradient": lambda x: x,
        "PopulationCount": lambda x: cast(F.popcount(x), "uint8"),
        "math.log_sigmoid": F.log_sigmoid, "nn.silu nn.swish": F.silu,
        "L2Loss nn.l2_loss": lambda x: F.divide(F.sum(F.square(x)), 2.0),
    }
)  # fmt: skip


@public("identity")
def identity(input: Any) -> Any:
    return array(input)


@public("ensure_shape")
@raw("EnsureShape", "CheckNumerics", "CheckNumericsV2")
def ensure_shape(input: Any = None, shape: Any = None, *, tensor: Any = None, message: str = "") -> Any:
    return array(tensor if input is None else input)


@raw("ComplexAbs")
def complex_abs(x: Any, Tout: Any = "float32") -> Any:
    return F.abs(x)


@raw("Real")
@public("math.real")
def real(input: Any, Tout: Any = None) -> Any:
    return F.real(input) if dtype_of(input).is_complex else input


@raw("Imag")
@public("math.imag")
def imag(input: Any, Tout: Any = None) -> Any:
    return F.imag(input) if dtype_of(input).is_complex else F.zeros_like(input)


@raw("Angle")
@public("math.angle")
def angle(input: Any, Tout: Any = None) -> Any:
    return F.angle(input)


@raw("Complex")
def complex_of(real: Any, imag: Any, Tout: Any = None) -> Any:
    return F.complex(real, imag)


@public("complex")
def public_complex(real: Any, imag: Any) -> Any:
    return F.complex(*arrays(real, imag))


@raw("LeakyRelu")
@public("nn.leaky_relu")
def leaky_relu(features: Any, alpha: float = 0.2) -> Any:
    return F.leaky_relu(array(features), alpha)


@public("nn.gelu")
def gelu(features: Any, approximate: bool = False) -> Any:
    return F.gelu(array(features), approximate=approximate)


@public("nn.crelu")
def crelu(features: Any, axis: int = -1) -> Any:
    return F.relu(F.concat([features, F.negative(features)], axis=axis))


@raw("Cast")
def cast_to(x: Any, DstT: Any, Truncate: bool = False) -> Any:
    here, dtype = dtype_of(x), as_dtype(DstT)
    if dtype == "bool" and here != "bool":
        return F.not_equal(x, 0)
    if here.is_complex and not dtype.is_complex:
        x = F.real(x)
    return cast(x, dtype)


@public("cast")
def public_cast(x: Any, dtype: Any) -> Any:
    return cast_to(array(x), dtype)


@public("saturate_cast")
def saturate_cast(value: Any, dtype: Any) -> Any:
    wanted, here = as_dtype(dtype), dtype_of(value)
    if wanted.is_integer:
        low = 0 if wanted.kind == "uint" else -(1 << (wanted.bits - 1))
        high = (1 << (wanted.bits - (wanted.kind != "uint"))) - 1
        if not here.is_integer or here.bits > wanted.bits or here.kind != wanted.kind:
            value = F.clip(value, low, high)
    return cast_to(value, wanted)


@raw("Bitcast")
@public("bitcast")
def bitcast(input: Any, type: Any) -> Any:
    dtype, here = as_dtype(type), dtype_of(input)
    if here.bits == dtype.bits:
        return F.bitcast(input, dtype)
    if here.bits > dtype.bits:
        flat = F.bitcast(F.expand_dims(input, axis=-1), dtype)
        return F.reshape(flat, (*input.shape, here.bits // dtype.bits))
    return F.reshape(F.bitcast(input, dtype), tuple(input.shape[:-1]))


# -- of two arrays ----------------------------------------------------------------------------------------------------


def _safe(op: Any) -> Any:
    """Divide integers; where the divisor is 0 TensorFlow raises, and no target must crash on what a branch discards."""

    def call(x: Any, y: Any) -> Any:
        if dtype_like(x, y).is_inexact or not is_array(y):
            return op(x, y)
        return op(x, F.where(F.equal(y, 0), F.ones_like(y), y))

    return call


def _divide(x: Any, y: Any) -> Any:
    return F.divide(x, y) if dtype_like(x, y).is_inexact else _safe(F.trunc_divide)(x, y)


def _true_divide(x: Any, y: Any) -> Any:
    dtype = dtype_like(x, y)
    if not dtype.is_inexact:
        wide = "float32" if dtype.bits <= 16 else "float64"
        x, y = (cast(v, wide) if is_array(v) else float(v) for v in (x, y))
    return F.divide(x, y)


def _pow(x: Any, y: Any) -> Any:
    if not is_array(y) and dtype_of(x).is_inexact:
        if y == 2:
            return F.square(x)
        if y == 0.5:
            return F.sqrt(x)
    return F.pow(x, y)


def _divide_no_nan(x: Any, y: Any) -> Any:
    x, y = array(x, dtype_like(x, y)), array(y, dtype_like(x, y))
    zero = F.equal(y, 0)
    return F.where(zero, F.zeros_like(y), F.divide(x, F.where(zero, F.ones_like(y), y)))


def _multiply_no_nan(x: Any, y: Any) -> Any:
    x, y = array(x, dtype_like(x, y)), array(y, dtype_like(x, y))
    hidden = F.logical_and(F.equal(y, 0), F.logical_not(F.isfinite(x)))
    return F.multiply(F.where(hidden, F.zeros_like(x), x), y)


def _zero_times(op: Any) -> Any:
    """Return x * op(y), 0 where x is 0."""

    def call(x: Any, y: Any) -> Any:
        x, y = array(x, dtype_like(x, y)), array(y, dtype_like(x, y))
        zero = F.equal(x, 0)
        return F.where(zero, F.zeros_like(x), F.multiply(x, op(F.where(zero, F.ones_like(y), y))))

    return call


def _shift(op: Any) -> Any:
    """Shift; TensorFlow clamps the distance to the width of the type."""

    def call(x: Any, y: Any) -> Any:
        bits = dtype_like(x, y).bits
        y = F.clip(y, 0, bits - 1) if is_array(y) else min(max(int(y), 0), bits - 1)
        return op(x, y)

    return call


binary(
    {
        "AddV2": F.add, "Add": F.add, "Sub math.subtract": F.subtract,
        "Mul math.multiply": F.multiply, "RealDiv": _divide, "Div": _divide, "math.truediv math.divide": _true_divide,
        "FloorDiv math.floordiv math.floor_div": _safe(F.floor_divide),
        "FloorMod math.floormod math.floor_mod math.mod": _safe(F.remainder),
        "Mod TruncateMod truncatemod": _safe(F.fmod), "TruncateDiv truncatediv": _safe(F.trunc_divide),
        "Pow math.pow": _pow, "Maximum math.maximum": F.maximum, "Minimum math.minimum": F.minimum,
        "Less math.less": F.less, "LessEqual math.less_equal": F.less_equal, "Greater math.greater": F.greater,
        "GreaterEqual math.greater_equal": F.greater_equal, "LogicalAnd math.logical_and": F.logical_and,
        "LogicalOr math.logical_or": F.logical_or, "math.logical_xor": F.logical_xor,
        "SquaredDifference math.squared_difference": lambda x, y: _squared(F.subtract(x, y)),
        "Xlogy math.xlogy": _zero_times(F.log), "Xlog1py math.xlog1py": _zero_times(F.log1p),
        "Xdivy math.xdivy": _zero_times(lambda y: F.divide(1.0, y)),
        "DivNoNan math.divide_no_nan": _divide_no_nan, "MulNoNan math.multiply_no_nan": _multiply_no_nan,
        "BitwiseAnd bitwise.bitwise_and": F.bitwise_and, "BitwiseOr bitwise.bitwise_or": F.bitwise_or,
        "BitwiseXor bitwise.bitwise_xor": F.bitwise_xor, "LeftShift bitwise.left_shift": _shift(F.bitwise_left_shift),
        "RightShift bitwise.right_shift": _shift(F.bitwise_right_shift),
        "Equal math.equal": F.equal, "NotEqual math.not_equal": F.not_equal, "math.add": F.add,
    }
)  # fmt: skip


def _squared(x: Any) -> Any:
    return F.multiply(x, F.conj(x)) if dtype_of(x).is_complex else F.square(x)


def _by_kind(on_bool: Any, otherwise: Any) -> Any:
    return lambda x, y: (on_bool if dtype_like(x, y) == "bool" else otherwise)(x, y)


binary(
    {
        "operators.and_": _by_kind(F.logical_and, F.bitwise_and),
        "operators.or_": _by_kind(F.logical_or, F.bitwise_or),
        "operators.xor_": _by_kind(F.logical_xor, F.bitwise_xor),
    }
)
unary({"operators.invert_": lambda x: F.logical_not(x) if dtype_of(x) == "bool" else F.bitwise_invert(x)})


@raw("Atan2")
@public("math.atan2")
def atan2(y: Any, x: Any) -> Any:
    return F.atan2(*arrays(y, x))


@raw("NextAfter")
@public("math.nextafter")
def nextafter(x1: Any, x2: Any) -> Any:
    return F.nextafter(*arrays(x1, x2))


@raw("Igamma")
@public("math.igamma")
def igamma(a: Any, x: Any) -> Any:
    a, x = arrays(a, x)
    found = _on_gamma_edges(a, x, F.igamma(a, x))
    return F.where(F.equal(x, 0), F.zeros_like(found), found)  # whatever `a` is


@raw("Igammac")
@public("math.igammac")
def igammac(a: Any, x: Any) -> Any:
    a, x = arrays(a, x)
    return _on_gamma_edges(a, x, F.igammac(a, x))


def _on_gamma_edges(a: Any, x: Any, found: Any) -> Any:
    """Take Eigen's values of an incomplete gamma function where it has none: 0 for two infinities, else NaN."""
    nan = F.logical_or(F.isnan(a), F.isnan(x))
    outside = F.logical_or(nan, F.logical_or(F.less_equal(a, 0), F.less(x, 0)))
    infinite = F.logical_and(F.equal(a, math.inf), F.equal(x, math.inf))
    found = F.where(infinite, F.zeros_like(found), found)
    return F.where(outside, F.full_like(found, math.nan), found)


@raw("Zeta")
@public("math.zeta")
def zeta(x: Any, q: Any) -> Any:
    return F.zeta(*arrays(x, q))


@raw("Betainc")
@public("math.betainc")
def betainc(a: Any, b: Any, x: Any) -> Any:
    return F.betainc(*arrays(a, b, x))


@raw("Polygamma")
@public("math.polygamma")
def polygamma(a: Any, x: Any) -> Any:
    if not is_array(a) and is_array(x) and float(a).is_integer():
        return F.polygamma(int(a), x)
    dtype = dtype_like(a, x)
    a, x = (v if is_array(v) else F.asarray(v, dtype=dtype) for v in (a, x))
    # (-1)^(a+1) a! zeta(a + 1, x); order 0 is digamma
    sign = F.subtract(F.multiply(F.remainder(a, 2.0), 2.0), 1.0)
    order = F.add(a, 1.0)
    found = F.multiply(F.multiply(sign, F.exp(F.lgamma(order))), F.zeta(F.maximum(order, 2.0), x))
    found = F.where(F.equal(a, 0.0), F.digamma(x), found)
    return F.where(F.equal(a, F.floor(a)), found, math.nan)  # of whole orders only


@raw("ApproximateEqual")
def approximate_equal(x: Any, y: Any, tolerance: float = 1e-5) -> Any:
    return F.less(F.abs(F.subtract(x, y)), tolerance)


@raw("ClipByValue")
@public("clip_by_value")
def clip_by_value(t: Any = None, clip_value_min: Any = None, clip_value_max: Any = None, *, x: Any = None) -> Any:
    low, high = (cast(v, dtype_of(t)) if is_array(v) else v for v in (clip_value_min, clip_value_max))
    return F.minimum(F.maximum(array(t), low), high)


@public("clip_by_norm")
def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None) -> Any:
    from ivy_tensorflow.frontend.table import axes_of

    total = F.sum(F.square(t), axis=axes_of(axes, t.ndim), keepdims=True)
    norm = F.where(F.greater(total, 0.0), F.sqrt(F.where(F.greater(total, 0.0), total, F.ones_like(total))), total)
    return F.divide(F.multiply(t, clip_norm), F.maximum(norm, clip_norm))


@raw("AddN")
def add_n(inputs: Any) -> Any:
    found = inputs[0]
    for x in inputs[1:]:
        found = F.add(found, x)
    return found


@public("add_n", "math.add_n")
def public_add_n(inputs: Any) -> Any:
    return add_n([array(x) for x in inputs])


@raw("SelectV2")
def select_v2(condition: Any, t: Any, e: Any) -> Any:
    t, e = arrays(t, e)
    if not is_array(condition):
        condition = F.asarray(condition, dtype="bool")
    return F.where(condition, t, e)


@raw("Select")
def select(condition: Any, x: Any, y: Any) -> Any:
    """Choose elements; a vector chooses whole rows."""
    if is_array(condition) and condition.ndim == 1 and x.ndim > 1:
        condition = F.reshape(condition, (-1, *[1] * (x.ndim - 1)))
    return select_v2(condition, x, y)


# -- derivatives that TensorFlow has as operations --------------------------------------------------------------------


@raw("SigmoidGrad")
def sigmoid_grad(y: Any, dy: Any) -> Any:
    return F.multiply(dy, F.multiply(y, F.subtract(1.0, y)))


@raw("TanhGrad")
def tanh_grad(y: Any, dy: Any) -> Any:
    return F.multiply(dy, F.subtract(1.0, F.square(y)))


@raw("SqrtGrad")
def sqrt_grad(y: Any, dy: Any) -> Any:
    return F.divide(F.multiply(dy, 0.5), y)


@raw("RsqrtGrad")
def rsqrt_grad(y: Any, dy: Any) -> Any:
    return F.multiply(F.multiply(dy, -0.5), F.multiply(y, F.square(y)))


@raw("ReciprocalGrad", "InvGrad")
def reciprocal_grad(y: Any, dy: Any) -> Any:
    return F.negative(F.multiply(dy, F.square(y)))


@raw("ReluGrad")
def relu_grad(gradients: Any, features: Any) -> Any:
    return F.where(F.greater(features, 0), gradients, F.zeros_like(gradients))


@raw("Relu6Grad")
def relu6_grad(gradients: Any, features: Any) -> Any:
    inside = F.logical_and(F.greater(features, 0), F.less(features, 6))
    return F.where(inside, gradients, F.zeros_like(gradients))


@raw("LeakyReluGrad")
def leaky_relu_grad(gradients: Any, features: Any, alpha: float = 0.2) -> Any:
    return F.where(F.greater(features, 0), gradients, F.multiply(gradients, alpha))


@raw("EluGrad")
def elu_grad(gradients: Any, outputs: Any) -> Any:
    return F.where(F.less(outputs, 0), F.multiply(gradients, F.add(outputs, 1.0)), gradients)


_SELU_SCALE, _SELU_SCALED_ALPHA = 1.0507009873554805, 1.7580993408473766


@raw("SeluGrad")
def selu_grad(gradients: Any, outputs: Any) -> Any:
    below = F.multiply(gradients, F.add(outputs, _SELU_SCALED_ALPHA))
    return F.where(F.less(outputs, 0), below, F.multiply(gradients, _SELU_SCALE))


@raw("SoftplusGrad")
def softplus_grad(gradients: Any, features: Any) -> Any:
    return F.multiply(gradients, F.sigmoid(features))


@raw("SoftsignGrad")
def softsign_grad(gradients: Any, features: Any) -> Any:
    return F.divide(gradients, F.square(F.add(F.abs(features), 1.0)))
