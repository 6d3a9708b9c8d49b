"""Ufuncs of `scipy.special`, which reach a capture by NumPy's own protocol.

Definition: https://docs.scipy.org/doc/scipy/reference/special.html
"""

from __future__ import annotations

from typing import Any

import ivy.functional as ops
from ivy.dtypes import complex64, dtype_of, float32
from ivy_numpy.frontend.promotion import array, cast, is_array, promoted_arrays, result_dtype
from ivy_numpy.frontend.table import numpy

_ONE = {
    "erf": "erf", "erfc": "erfc", "gammaln": "lgamma", "psi": "digamma", "digamma": "digamma",
    "i0": "i0", "i0e": "i0e", "i1": "i1", "i1e": "i1e", "expit": "sigmoid", "logit": "logit", "log1p": "log1p",
    "expm1": "expm1", "exp2": "exp2", "cbrt": "cbrt",
}  # fmt: skip
_TWO = {"gammainc": "igamma", "gammaincc": "igammac", "xlogy": "xlogy", "_zeta": "zeta"}


def _floats(*operands: Any) -> list[Any]:
    """Promote as SciPy's loops do: double precision comes first, single is for operands that are just that."""
    given = [array(x) if isinstance(x, (list, tuple, range)) else x for x in operands]
    single = all(is_array(x) for x in given) and {dtype_of(x) for x in given} in ({float32}, {complex64})
    return promoted_arrays(*given, dtype=None if single else result_dtype(*given, "float64"))


def _unary(name: str) -> Any:
    op = getattr(ops, name)
    return lambda x, **_: op(_floats(x)[0])


def _inverse_error(x: Any, **_: Any) -> Any:  # the one with loops for real numbers only, of which float holds int16
    x = array(x)
    small = dtype_of(x).bits <= 16
    return ops.erfinv(cast(x, "float32") if small else _floats(x)[0])


def _binary(name: str) -> Any:
    op = getattr(ops, name)
    return lambda x1, x2, **_: op(*_floats(x1, x2))


for _path, _op in _ONE.items():
    numpy.function(f"scipy.special.{_path}")(_unary(_op))
numpy.function("scipy.special.erfinv")(_inverse_error)
for _path, _op in _TWO.items():
    numpy.function(f"scipy.special.{_path}")(_binary(_op))
numpy.function("scipy.special.betainc")(lambda a, b, x, **_: ops.betainc(*_floats(a, b, x)))
