"""Cases of activations."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, REAL, Draw
from ivy.testing.families import unary

LAMBDA, ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


def _softplus(x: Any, *, beta: float = 1.0, threshold: float = 20.0) -> Any:
    return np.where(beta * x > threshold, x, np.logaddexp(0, beta * x) / beta)


def _gelu(x: Any, *, approximate: bool = False) -> Any:
    if approximate:
        return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    return x * special.ndtr(x)


def _elu(x: Any, alpha: float = 1.0) -> Any:
    return np.where(x > 0, x, alpha * np.expm1(x))


def _celu(x: Any, alpha: float = 1.0) -> Any:
    return np.maximum(0, x) + np.minimum(0, alpha * np.expm1(x / alpha))


def _some(name: str, *values: Any) -> Callable[[Draw, Any], dict[str, Any]]:
    """Perhaps another value than the default for a parameter."""
    return lambda d, x: {name: d.of(*values)} if d.flag() else {}


def _hard_tanh(x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    if x.dtype.kind in "iu":  # the integers between the limits
        min_val, max_val = math.ceil(min_val), math.floor(max_val)
        min_val = max(min_val, 0) if x.dtype.kind == "u" else min_val
    return np.clip(x, min_val, max_val)


def _beta(d: Draw, x: Any) -> dict[str, Any]:
    return _some("beta", 2.0, 0.5)(d, x) | _some("threshold", 3.0)(d, x)


def _limits(d: Draw, x: Any) -> dict[str, Any]:
    return {"min_val": -0.25, "max_val": 2.5} if d.flag() else {}


unary("relu", lambda x: np.maximum(x, 0), REAL)
unary("relu6", lambda x: np.clip(x, 0, 6), REAL, low=-9, high=9)
unary("squared_relu", lambda x: np.maximum(x, 0) ** 2, REAL)
unary("leaky_relu", lambda x, alpha=0.01: np.where(x > 0, x, alpha * x), more=_some("alpha", 0.3, -0.5))
unary("elu", _elu, more=_some("alpha", 0.5, 2.0))
unary("selu", lambda x: LAMBDA * _elu(x, ALPHA))
unary("celu", _celu, more=_some("alpha", 0.5, 2.0))
unary("gelu", _gelu, special=False, tolerance=2, more=_some("approximate", True))
unary("silu", lambda x: x * special.expit(x), special=False, low=-30, high=30)
unary("sigmoid", special.expit, low=-30, high=30)
unary("log_sigmoid", lambda x: -np.logaddexp(0, -x), low=-90, high=90)
unary("hard_sigmoid", lambda x: np.clip(x + 3, 0, 6) / 6)
unary("hard_swish", lambda x: x * np.clip(x + 3, 0, 6) / 6, special=False)
unary("hard_tanh", _hard_tanh, REAL, more=_limits)
unary("softplus", _softplus, low=-30, high=30, more=_beta)
unary("softsign", lambda x: x / (1 + abs(x)), special=False)
unary("mish", lambda x: x * np.tanh(np.logaddexp(0, x)), special=False, low=-30, high=30)
unary("tanhshrink", lambda x: x - np.tanh(x), special=False, limits={"float16": 8e-3, "bfloat16": 6e-2})
unary(
    "softshrink",
    lambda x, alpha=0.5: np.where(np.isnan(x), x, np.sign(x) * np.maximum(abs(x) - alpha, 0)),
    more=_some("alpha", 0.0, 1.25),
)
unary("hardshrink", lambda x, alpha=0.5: np.where(abs(x) <= alpha, 0, x), more=_some("alpha", 0.0, 1.25))


@case("threshold", lambda x, limit, value: np.where(x > limit, x, np.asarray(value, x.dtype)))
def _(d: Draw) -> Call:
    x = d.array(None, REAL)
    if x.dtype.kind in "iu":
        return Call(x, d.of(0, 1, 3), d.of(0, 7))
    return Call(x, d.of(0.0, -1.0, 0.5), d.of(0.0, -7.0, 20.5))


def _softmax(x: Any, *, axis: int = -1) -> Any:
    x = np.asarray(x, "float64")
    e = np.exp(x - np.max(x, axis=axis, keepdims=True, initial=-np.inf))
    return e / np.sum(e, axis=axis, keepdims=True)


def _log_softmax(x: Any, *, axis: int = -1) -> Any:
    y = x - np.max(x, axis=axis, keepdims=True, initial=-np.inf)
    return y - np.log(np.sum(np.exp(y), axis=axis, keepdims=True))


def _axis(d: Draw, x: Any) -> dict[str, Any]:
    return {"axis": d.axis(x.ndim)} if d.flag() else {}


for _op, _reference in {"softmax": _softmax, "log_softmax": _log_softmax}.items():
    unary(_op, _reference, least=1, low=-60, high=60, special=False, more=_axis)
    unary(_op, _reference, ("float32", "float64"), least=1, more=_axis, name="special")


@case("glu", lambda x, *, axis=-1: _glu(x, axis))
def _(d: Draw) -> Call:
    shape = list(d.shape(1))
    axis = d.axis(len(shape))
    shape[axis] = 2 * d.integer(0 if not d.smooth else 1, 2)
    return Call(d.array(shape, FLOAT), **({"axis": axis} if axis != -1 else {}))


def _glu(x: Any, axis: int) -> Any:
    a, b = np.split(x, 2, axis=axis)
    return a * special.expit(b)


def _prelu(x: Any, weight: Any, axis: int = 1) -> Any:
    if weight.size == 1:
        return np.where(x > 0, x, weight.reshape(()) * x)
    weight = weight.reshape([-1 if i == axis % x.ndim else 1 for i in range(x.ndim)])
    return np.where(x > 0, x, weight * x)


@case("prelu", _prelu)
def _(d: Draw) -> Call:
    shape = d.shape(0, 4)
    dtype = d.dtype(FLOAT)
    x = d.array(shape, dtype)
    way = d.of("()", "(1,)", *(["channels"] if len(shape) > 1 else []), *(["axis"] if shape else []))
    if way == "axis":
        axis = d.axis(len(shape))
        return Call(x, d.array((shape[axis],), dtype), axis=axis)
    return Call(x, d.array({"()": (), "(1,)": (1,)}.get(way) if way != "channels" else (shape[1],), dtype))
