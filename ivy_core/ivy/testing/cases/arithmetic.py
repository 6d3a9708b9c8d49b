"""Cases of arithmetic and rounding."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np

from ivy.dtypes import result_type
from ivy.testing.case import Call, case
from ivy.testing.draw import COMPLEX, FLOAT, INTEGER, NUMERIC, REAL, Draw, numpy_dtype
from ivy.testing.families import binary, scalar, unary


def _common(*operands: Any) -> list[Any]:
    """Cast the operands to the dtype that they promote to, for references that have to round as the op does."""
    dtype = numpy_dtype(result_type(*operands))
    return [np.asarray(x).astype(dtype) for x in operands]


# One operand

for _op in ("negative", "positive", "sign", "square"):
    unary(_op, getattr(np, _op), NUMERIC)
unary("abs", np.abs, NUMERIC, dtype="part")
unary("signbit", np.signbit, REAL, dtype="bool", gradient=False)
unary("cbrt", np.cbrt, REAL, dtype="float")
_ROOTS: dict[str, Any] = {
    "sqrt": np.sqrt,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "reciprocal": lambda x: 1 / np.asarray(x),
}
for _op, _reference in _ROOTS.items():
    unary(_op, _reference, REAL, low=0.2, high=9, dtype="float")
    unary(_op, _reference, COMPLEX, low=0.2, high=9, special=False, name="complex")


def _nan_to_num(x: Any, *, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Any:
    if x.dtype.kind in "iu":
        return x
    info = ml_dtypes.finfo(x.dtype)
    replaced = {np.inf: info.max if posinf is None else posinf, -np.inf: info.min if neginf is None else neginf}
    for value, other in replaced.items():
        x = np.where(x == value, np.asarray(other, x.dtype), x)
    return np.where(np.isnan(x), np.asarray(nan, x.dtype), x)


@case("nan_to_num", _nan_to_num, exact=True)
def _(d: Draw) -> Call:
    chosen = {"nan": 2.5, "posinf": 9.0, "neginf": -8.0}
    return Call(d.array(None, REAL, special=True), **{k: v for k, v in chosen.items() if d.flag()})


# Rounding

for _op in ("ceil", "floor", "trunc"):
    unary(_op, getattr(np, _op), REAL)


@case("round", np.round)
def _(d: Draw) -> Call:
    return Call(d.array(None, NUMERIC, low=-40, high=40, special=True))


@case("round", np.round, exact=True, name="decimals")
def _(d: Draw) -> Call:  # in narrow dtypes, what x * 10 rounds to decides
    dtypes = ("float32", "float64", *COMPLEX, *INTEGER)
    return Call(d.array(None, dtypes, low=-40, high=40), decimals=d.of(1, 2, 0, -1))


# Two operands

for _op in ("add", "subtract", "multiply"):
    binary(_op, getattr(np, _op), NUMERIC)
for _op in ("maximum", "minimum", "fmax", "fmin"):
    binary(_op, getattr(np, _op), REAL)
binary("divide", np.divide, REAL, low2=0.25, dtype="float")
binary("divide", np.divide, REAL, low2=-4, dtype="float", gradient=False, name="zero")
binary("divide", np.divide, COMPLEX, low2=0.25, special=False, dtype="float", name="complex")


def _trunc_divide(x1: Any, x2: Any) -> Any:
    a, b = _common(x1, x2)
    return (a - np.fmod(a, b)) // b if a.dtype.kind in "iu" else np.trunc(a / b)


def _floor_divide(x1: Any, x2: Any) -> Any:
    """Divide infinities as `divide` does."""
    return np.where(np.isinf(x1) | np.isinf(x2), np.floor(np.divide(x1, x2)), np.floor_divide(x1, x2))


def _whole_power(x1: Any, x2: Any) -> Any:
    """Round the reciprocal of a power towards zero."""
    a, b = _common(x1, x2)
    fraction = np.where(a == 1, 1, np.where(a == -1, np.where(b % 2, -1, 1), 0)).astype(a.dtype)
    return np.where(b < 0, fraction, np.power(a, np.maximum(b, 0)))


_QUOTIENTS: dict[str, Any] = {
    "floor_divide": _floor_divide,
    "quotient": np.floor_divide,
    "remainder": np.remainder,
    "fmod": np.fmod,
}
for _op, _reference in _QUOTIENTS.items():
    binary(_op, _reference, REAL, nonzero=True, gradient=False)  # they jump, often at round numbers
    binary(_op, _reference, FLOAT, low=1.1, high=1.9, low2=0.6, high2=1, special=False, name="smooth")
binary("trunc_divide", _trunc_divide, REAL, nonzero=True, exact=True)

binary("pow", np.power, FLOAT, low=0.2, low2=-3, high2=3, tolerance=4)
binary("pow", np.power, COMPLEX, low=0.5, high=2, low2=-2, high2=2, special=False, name="complex", tolerance=4)
binary("pow", np.power, INTEGER, low=-3, high=3, low2=0, high2=3, name="integers")
binary(
    "pow",
    _whole_power,
    ("int8", "int16", "int32", "int64"),
    low=-3,
    high=3,
    low2=-4,
    high2=4,
    name="reciprocals",
    gradient=False,
    exact=True,
)
binary("pow", np.power, REAL, low=1, low2=0, high2=3, gradient=False, name="mixed", tolerance=4)


@case("pow", np.power, name="whole")
def _(d: Draw) -> Call:
    return Call(d.array(None, FLOAT, special=True), d.of(2, 3, 1, 0, 2.0, 3.0))


binary("hypot", np.hypot, REAL, dtype="float")
binary("hypot", np.hypot, ("float32",), low=1e30, high=1e38, special=False, scalars=False, name="large", gradient=False)
binary("copysign", np.copysign, REAL, dtype="float")
binary("nextafter", lambda a, b: np.nextafter(*_common(a, b)), FLOAT, exact=True, tolerance=0, gradient=False)
binary("heaviside", np.heaviside, REAL, dtype="float")


@case("isclose", lambda a, b, **options: np.isclose(*_common(a, b), **options), dtype="bool", exact=True)
def _(d: Draw) -> Call:
    first, second = d.shapes(2)
    dtype = d.dtype(NUMERIC)
    x, y = (d.array(s, dtype, low=-2, high=2, special=True) for s in (first, second))
    if x.dtype.kind not in "iuc":  # nothing near the limit, where rounding decides
        x, y = (np.asarray(np.round(v * 2) / 2, v.dtype) for v in (x, y))
    chosen = {"rtol": 0.3, "atol": 0.7, "equal_nan": True}
    return Call(x, d.of(y, y, 1), **{k: v for k, v in chosen.items() if d.flag()})


# Three operands


@case("lerp", lambda start, end, weight: start + weight * (end - start))
def _(d: Draw) -> Call:
    shapes, dtype = d.shapes(3), d.dtype(FLOAT)
    start, end, weight = (d.array(s, dtype, low=0, high=2) for s in shapes)
    return Call(*d.of((start, end, weight), (start, end, 0.25), (0.5, end, weight), (start, 2.0, weight)))


def _clip(x: Any, low: Any = None, high: Any = None) -> Any:
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


@case("clip", _clip)
def _(d: Draw) -> Call:
    shapes, dtype = d.shapes(3), d.dtype(REAL)
    x = d.array(shapes[0], dtype, special=True)
    bounds = []
    for shape in shapes[1:]:
        way = d.of("array", "none", "scalar", "mixed")
        other = dtype if way == "array" else d.dtype(REAL)
        bound = scalar(d, other, dtype) if way == "scalar" else d.array(shape, other, special=True)
        bounds.append(None if way == "none" else bound)
    return Call(x, *bounds)
