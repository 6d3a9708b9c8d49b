"""Ufuncs of `scipy.special`, which reach a capture by NumPy's own protocol.

Definition: https://docs.scipy.org/doc/scipy/reference/special.html
"""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy_numpy.frontend.promotion import array, floating
from ivy_numpy.frontend.table import numpy

_ONE = {
    "erf": "erf", "erfc": "erfc", "erfinv": "erfinv", "gammaln": "lgamma", "psi": "digamma", "digamma": "digamma",
    "i0": "i0", "i0e": "i0e", "i1": "i1", "i1e": "i1e", "expit": "sigmoid", "logit": "logit", "log1p": "log1p",
    "expm1": "expm1", "exp2": "exp2", "cbrt": "cbrt",
}  # fmt: skip
_TWO = {"gammainc": "igamma", "gammaincc": "igammac", "xlogy": "xlogy", "_zeta": "zeta"}


def _unary(name: str) -> Any:
    op = getattr(ops, name)
    return lambda x, **_: op(array(floating(x)[0]))


def _binary(name: str) -> Any:
    op = getattr(ops, name)
    return lambda x1, x2, **_: op(*[array(x) for x in floating(x1, x2, ints="float64")])


for _path, _op in _ONE.items():
    numpy.function(f"scipy.special.{_path}")(_unary(_op))
for _path, _op in _TWO.items():
    numpy.function(f"scipy.special.{_path}")(_binary(_op))
numpy.function("scipy.special.betainc")(
    lambda a, b, x, **_: ops.betainc(*map(array, floating(a, b, x, ints="float64")))
)
