"""Linear algebra in torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import torch

from ivy.errors import ShapeError
from ivy_torch.backend.support import align, narrowed, promoting, widened

matmul = promoting(torch.matmul)
outer = promoting(lambda x1, x2: torch.outer(x1.reshape(-1), x2.reshape(-1)))
kron = promoting(torch.kron)
linalg_det = torch.linalg.det
linalg_slogdet = torch.linalg.slogdet
linalg_inv = torch.linalg.inv
linalg_cholesky = torch.linalg.cholesky
linalg_qr = torch.linalg.qr
linalg_svd = torch.linalg.svd
linalg_svdvals = torch.linalg.svdvals
linalg_eigh = torch.linalg.eigh
linalg_eigvalsh = torch.linalg.eigvalsh
linalg_eig = torch.linalg.eig
linalg_eigvals = torch.linalg.eigvals
linalg_matrix_power = torch.linalg.matrix_power
linalg_matrix_rank = torch.linalg.matrix_rank
linalg_pinv = torch.linalg.pinv
linalg_lu = torch.linalg.lu
linalg_expm = torch.linalg.matrix_exp


def einsum(equation: str, /, *operands: Any) -> Any:
    operands = tuple(align(*operands))
    # opt_einsum, where it is installed, divides by the cost of a product without elements
    by_cost = not any(0 in x.shape for x in operands)
    with nullcontext() if by_cost else torch.backends.opt_einsum.flags(enabled=False):
        # torch sums integers in int64 where no product is taken
        return torch.einsum(equation, *map(widened, operands)).to(operands[0].dtype)


def _product(fn: Callable[..., Any], x1: Any, x2: Any) -> Any:
    """Call `fn` on operands of one dtype, with int64 in place of the unsigned types that torch can't compute in."""
    x1, x2 = align(x1, x2)
    return narrowed(fn(widened(x1), widened(x2)), x1.dtype)


def tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    return _product(lambda a, b: torch.tensordot(a, b, dims=axes), x1, x2)


def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    if x1.shape[axis] != x2.shape[axis]:  # torch would repeat a single element
        raise ShapeError(f"vecdot needs vectors of one length, not of {x1.shape[axis]} and {x2.shape[axis]}")

    def dot(a: Any, b: Any) -> Any:
        if a.is_floating_point() or a.is_complex():
            return torch.linalg.vecdot(a, b, dim=axis)
        return (a * b).sum(axis, dtype=a.dtype)

    return _product(dot, x1, x2)


def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    return _product(lambda a, b: torch.linalg.cross(*torch.broadcast_tensors(a, b), dim=axis), x1, x2)


def linalg_solve(x1: Any, x2: Any, /) -> Any:
    x1, x2 = align(x1, x2)
    # torch would take some matrices for batches of vectors; here only one axis makes a vector
    if x2.ndim > 1 and x2.ndim < x1.ndim:
        x2 = x2.reshape((1,) * (x1.ndim - x2.ndim) + x2.shape)
    elif x2.ndim == 1 and x1.ndim > 2:
        return torch.linalg.solve(x1, x2[:, None])[..., 0]
    return torch.linalg.solve(x1, x2)


def linalg_solve_triangular(
    a: Any, b: Any, /, *, upper: bool = False, transpose: bool = False, unit_diagonal: bool = False
) -> Any:
    return torch.linalg.solve_triangular(
        a.mT if transpose else a, b, upper=upper != transpose, unitriangular=unit_diagonal
    )


def linalg_lu_factor(x: Any, /) -> tuple[Any, Any]:
    factors, pivots = torch.linalg.lu_factor(x)
    return factors, pivots - 1


def linalg_vector_norm(
    x: Any, /, *, axis: int | Sequence[int] | None = None, keepdims: bool = False, ord: float = 2
) -> Any:
    if axis is not None and not isinstance(axis, int) and not axis:  # torch takes no axes for all
        return torch.linalg.vector_norm(x.unsqueeze(0), ord, 0)
    return torch.linalg.vector_norm(x, ord, axis, keepdims)


def linalg_matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    return torch.linalg.matrix_norm(x, "fro" if ord is None else ord, keepdim=keepdims)


def linalg_diagonal(x: Any, /, *, offset: Any = 0) -> Any:
    return torch.diagonal(x, offset, -2, -1)
