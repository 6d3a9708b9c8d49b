"""Cases of the special functions of probability."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from ivy.testing.case import Call, case
from ivy.testing.draw import REAL, Draw
from ivy.testing.families import binary, unary

unary("tgamma", special.gamma, REAL, low=0.3, high=6, dtype="float", tolerance=4)
unary(
    "tgamma",
    special.gamma,
    REAL,
    low=-3.4,
    high=1,
    special=False,
    dtype="float",
    gradient=False,
    name="poles",
    tolerance=30,
)
for _op in ("erfcx", "ndtr", "log_ndtr"):
    unary(_op, getattr(special, _op), REAL, dtype="float", tolerance=4)
unary("ndtri", special.ndtri, REAL, low=0.05, high=0.95, dtype="float", tolerance=4)
unary("log1mexp", lambda x: np.log(-np.expm1(-x)), REAL, low=0.1, high=9, dtype="float", tolerance=4)
unary("entr", special.entr, REAL, low=0.1, dtype="float")
unary("entr", special.entr, REAL, dtype="float", gradient=False, name="outside")
binary("betaln", special.betaln, REAL, low=0.3, high=6, special=False, dtype="float", tolerance=4)
binary("rel_entr", special.rel_entr, REAL, low=0.1, special=False, dtype="float", tolerance=4)
binary("rel_entr", special.rel_entr, REAL, dtype="float", gradient=False, name="outside", tolerance=4)
binary("xlog1py", special.xlog1py, REAL, low2=-0.8, dtype="float", tolerance=4)


def _multigammaln(x: Any, *, d: int) -> Any:
    found = d * (d - 1) / 4 * np.log(np.pi) + sum(special.gammaln(x - i / 2) for i in range(d))
    return np.where(x > (d - 1) / 2, found, np.nan)


@case("multigammaln", _multigammaln, dtype="float", tolerance=4)
def _(d: Draw) -> Call:
    return Call(d.array(None, REAL, low=1.8, high=9), d=d.of(1, 2, 3, 4))
