"""Cases of special functions, of integers and of the parts of floats."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from ivy.dtypes import as_dtype
from ivy.testing.case import Call, case
from ivy.testing.draw import FLOAT, INTEGER, REAL, SIGNED, Draw
from ivy.testing.families import binary, scalar, unary

for _op in ("erf", "erfc", "i0", "i0e", "i1", "i1e"):
    unary(_op, getattr(special, _op), REAL, dtype="float")
unary("erfinv", special.erfinv, REAL, low=-0.95, high=0.95, dtype="float", tolerance=4)


def _lgamma(x: Any) -> Any:
    return np.where(np.isinf(x), np.inf, special.gammaln(x))  # as in C; SciPy's is -inf at -inf


unary("lgamma", _lgamma, REAL, low=0.2, high=9, dtype="float")
unary("lgamma", _lgamma, REAL, dtype="float", gradient=False, name="poles", tolerance=4)
unary("digamma", special.digamma, REAL, low=0.2, high=9, dtype="float", special=False, tolerance=4)
unary("digamma", special.digamma, FLOAT, low=-3.9, high=-3.1, special=False, name="negative", tolerance=30)


def _tail(y: Any, x: Any) -> None:
    np.testing.assert_allclose(y, special.erfc(x.astype("float64")), rtol=1e-4, atol=1e-38)


unary("erfc", None, ("float32", "float64"), low=4, high=9, special=False, name="tail", check=_tail)
for _n in range(4):

    @case("polygamma", special.polygamma, dtype="float", name=str(_n), tolerance=4, gradient=(1,))
    def _(d: Draw, n: int = _n) -> Call:
        return Call(n, d.array(None, REAL, low=1, high=9))


for _op, _name in {"igamma": "gammainc", "igammac": "gammaincc"}.items():
    binary(
        _op,
        getattr(special, _name),
        REAL,
        low=0.3,
        high=6,
        low2=0.2,
        high2=9,
        special=False,
        dtype="float",
        gradient=(1,),
        tolerance=4,
    )
binary(
    "zeta",
    special.zeta,
    REAL,
    low=1.3,
    high=6,
    low2=0.3,
    high2=6,
    special=False,
    dtype="float",
    gradient=(1,),
    tolerance=4,
)
binary("xlogy", special.xlogy, REAL, low2=0.2, dtype="float")


@case("betainc", special.betainc, dtype="float", gradient=(2,), tolerance=4)
def _(d: Draw) -> Call:
    shapes, dtypes = d.shapes(3), [d.dtype(FLOAT)] * 3
    a, b = (d.array(s, t, low=0.4, high=5) for s, t in zip(shapes[:2], dtypes, strict=False))
    x = d.array(shapes[2], dtypes[2], low=0.05, high=0.95)
    return Call(*d.of((a, b, x), (a, b, 0.5), (2.0, b, x), (a, 3, x)))


@case(
    "logit",
    lambda x, eps=None: special.logit(x if eps is None else np.clip(x, eps, 1 - eps)),
    dtype="float",
    tolerance=4,
)
def _(d: Draw) -> Call:
    x = d.array(None, REAL, low=0.02, high=0.98, special=True)
    return Call(x, **d.of({}, {"eps": 0.01}, {"eps": 0.3}))


# Integers and the parts of floats

binary("gcd", np.gcd, INTEGER, low=-30, high=30)
binary("lcm", np.lcm, INTEGER, low=-9, high=9)


def _bits(x: Any) -> Any:
    """Each element's bits, along a new first axis, the highest first."""
    width = x.dtype.itemsize * 8
    return np.stack([(x >> np.asarray(i, x.dtype)) & np.asarray(1, x.dtype) for i in reversed(range(width))])


unary("popcount", lambda x: _bits(x).sum(0, dtype="int64"), INTEGER, low=-99, high=99)
unary("clz", lambda x: (np.cumsum(_bits(x), axis=0) == 0).sum(0), INTEGER, low=-99, high=99)


@case("frexp", np.frexp, dtype=lambda x: (as_dtype(x.dtype), "int32"), tolerance=0, gradient=False)
def _(d: Draw) -> Call:
    x = d.array(None, FLOAT, low=-99, high=99)
    return Call(np.asarray(np.ldexp(1.0, -20) * x.astype("float64")).astype(x.dtype) if d.flag() else x)


@case(
    "ldexp",
    lambda m, e: m * np.exp2(np.asarray(e, "float64")),
    dtype="first",
    gradient=(0,),
    limits=dict.fromkeys(FLOAT, 0.0),
)
def _(d: Draw) -> Call:
    first, second = d.shapes(2)
    dtype, whole = d.dtype(FLOAT), d.dtype(SIGNED)
    e = d.array(second, whole, low=-9, high=9)
    return Call(d.array(first, dtype, special=True), d.of(e, e, scalar(d, whole, whole)))
