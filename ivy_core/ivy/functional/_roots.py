"""Bodies of the square root and the logarithm of matrices: from inverses and products, without a Schur form.

The root is the product form of Denman and Beavers' iteration with scaling by the determinant (Higham 2008, *Functions
of Matrices*, chapter 6.3), stable and of the second order. The logarithm takes several roots, the Gauss-Legendre form
of the diagonal Pade approximant (chapter 11.4), and scales back.
"""

from __future__ import annotations

from typing import Any

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.functional import linalg, matrices

_STEPS = 24
"""Of which the first bring the eigenvalues near to one; from there four are enough."""
_ROOTS = 5
"""How many roots the logarithm takes."""
_QUADRATURE = (
    (0.019855071751231912, 0.05061426814518853),
    (0.10166676129318664, 0.11119051722668721),
    (0.2372337950418355, 0.15685332293894344),
    (0.4082826787521751, 0.18134189168918083),
    (0.5917173212478248, 0.18134189168918083),
    (0.7627662049581645, 0.15685332293894344),
    (0.8983332387068134, 0.11119051722668721),
    (0.9801449282487681, 0.05061426814518853),
)
"""Nodes and weights of Gauss and Legendre's rule of order 8 on the unit interval."""
_LOOSE = {"float32": 1e-4, "complex64": 1e-4, "float64": 1e-10, "complex128": 1e-10}
"""How far from the matrix the square of its root may be, relative to the squared size of the root."""


def _unit(x: Any) -> Any:
    return F.broadcast_to(F.eye(x.shape[-1], dtype=dtype_of(x)), tuple(x.shape))


def _size(x: Any) -> Any:
    """The Frobenius norm of each matrix, with two axes of one."""
    return F.sqrt(F.sum(F.square(F.abs(x)), axis=(-2, -1), keepdims=True))


def _mean(x: Any) -> Any:
    """The geometric mean of the eigenvalues' sizes; results do not depend on it, nor do derivatives flow through."""
    logarithm = linalg.slogdet(F.stop_gradient(x))[1]
    return F.expand_dims(F.exp(F.divide(logarithm, x.shape[-1])), axis=(-2, -1))


def linalg_sqrtm(x: Any, /) -> Any:
    if not x.shape[-1]:
        return x
    unit, dtype = _unit(x), dtype_of(x)

    def step(carry: Any, _: Any) -> Any:
        y, m = carry
        scale = F.astype(_mean(m), dtype)  # brings the next `m` nearer to one
        shifted = F.divide(m, scale)
        inverse = linalg.inv(shifted)
        y = F.multiply(F.matmul(y, F.add(unit, inverse)), F.divide(0.5, F.sqrt(scale)))
        return (y, F.add(F.multiply(unit, 0.5), F.multiply(F.add(shifted, inverse), 0.25))), ()

    found = F.scan(step, (x, x), F.arange(_STEPS, dtype="int32"))[0][0]
    # elsewhere than at a root the iteration wanders
    error = _size(F.subtract(F.matmul(found, found), x))
    limit = F.multiply(F.square(_size(found)), _LOOSE.get(dtype.name, 0.05))
    return F.where(F.stop_gradient(F.less_equal(error, limit)), found, float("nan"))


def linalg_logm(x: Any, /) -> Any:
    if not x.shape[-1]:
        return x
    unit, dtype = _unit(x), dtype_of(x)
    mean = _mean(x)
    root = F.divide(x, F.astype(mean, dtype))
    for _ in range(_ROOTS):
        root = matrices.sqrtm(root)
    away = F.subtract(root, unit)
    parts = [
        F.multiply(linalg.solve(F.add(unit, F.multiply(away, node)), away), weight) for node, weight in _QUADRATURE
    ]
    found = parts[0]
    for part in parts[1:]:
        found = F.add(found, part)
    return F.add(F.multiply(found, 2.0**_ROOTS), F.multiply(unit, F.astype(F.log(mean), dtype)))
