"""Linear algebra in Paddle."""

from __future__ import annotations

from typing import Any

from ivy_paddle.backend.manipulation import astype, broadcast_to, expand_dims
from ivy_paddle.backend.support import align, promoting, restored, widened
from ivy_paddle.loading import paddle

L = paddle.linalg


def _product(x1: Any, x2: Any) -> Any:
    if not x1.ndim or not x2.ndim:
        raise ValueError("matmul needs arrays with at least one axis")
    return paddle.matmul(x1, x2)


matmul = promoting(_product)
_product_of: Any = matmul
_product_of.same_dtype = paddle.matmul


def einsum(equation: str, /, *operands: Any) -> Any:
    arrays = align(*operands)
    wide = [widened(x) for x in arrays]
    return restored(paddle.einsum(equation.replace(" ", ""), *wide), arrays[0].dtype)


def linalg_det(x: Any, /) -> Any:
    return L.det(x)


def linalg_slogdet(x: Any, /) -> tuple[Any, Any]:
    found = L.slogdet(x)
    return (found[0], found[1])


def linalg_inv(x: Any, /) -> Any:
    return L.inv(x)


def linalg_cholesky(x: Any, /, *, upper: bool = False) -> Any:
    return L.cholesky(x, upper)


def linalg_qr(x: Any, /, *, mode: Any = "reduced") -> tuple[Any, Any]:
    q, r = L.qr(x, mode)
    return q, r


def linalg_svd(x: Any, /, *, full_matrices: bool = True) -> tuple[Any, Any, Any]:
    u, s, vh = L.svd(x, full_matrices)
    return u, s, vh


def linalg_eigh(x: Any, /) -> tuple[Any, Any]:
    values, vectors = L.eigh(x)
    return values, vectors


def linalg_eig(x: Any, /) -> tuple[Any, Any]:
    values, vectors = L.eig(x)
    return values, vectors


def _as_columns(x1: Any, x2: Any) -> tuple[Any, Any, bool]:
    """Give the right side the batch of the left and columns; tell whether it is one vector."""
    vector = x2.ndim == 1
    if vector:
        x2 = expand_dims(x2, 1)
    from ivy.functional.manipulation import broadcast_shapes

    batch = broadcast_shapes(tuple(x1.shape[:-2]), tuple(x2.shape[:-2]))
    return (
        broadcast_to(x1, [*batch, *x1.shape[-2:]]),
        broadcast_to(x2, [*batch, *x2.shape[-2:]]),
        vector,
    )


def linalg_solve(x1: Any, x2: Any, /) -> Any:
    a, b, vector = _as_columns(*align(x1, x2))
    found = L.solve(a, b)
    return found[..., 0] if vector else found


def linalg_solve_triangular(
    a: Any, b: Any, /, *, upper: bool = False, transpose: bool = False, unit_diagonal: bool = False
) -> Any:
    a, b, vector = _as_columns(*align(a, b))
    found = L.triangular_solve(a, b, upper=upper, transpose=transpose, unitriangular=unit_diagonal)
    return found[..., 0] if vector else found


def linalg_lu(x: Any, /) -> tuple[Any, Any, Any]:
    packed, pivots = L.lu(x)
    p, lower, upper = L.lu_unpack(packed, pivots)
    return p, lower, upper


def linalg_lu_factor(x: Any, /) -> tuple[Any, Any]:
    packed, pivots = L.lu(x)
    return packed, pivots - 1


# The [13/13] Padé approximant is exact to double precision up to this norm (Higham 2005, table 2.3).
_PADE = (
    64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0,
    10559470521600.0, 670442572800.0, 33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0, 1.0,
)  # fmt: skip
_RADIUS = 5.371920351148152
_SQUARINGS = 12


def linalg_expm(x: Any, /) -> Any:
    dtype = x.dtype
    wide = x.astype(paddle.float64) if dtype != paddle.complex64 else x.astype(paddle.complex128)
    norm = paddle.abs(wide.detach()).sum(-2).max(-1)
    halvings = paddle.clip(paddle.ceil(paddle.log2(norm / _RADIUS + 1e-30)), 0, _SQUARINGS)
    halvings = expand_dims(halvings, (-1, -2))
    a = wide / (2.0**halvings).astype(wide.dtype)
    eye = paddle.eye(a.shape[-1], dtype=paddle.float64).astype(a.dtype)
    a2 = a @ a
    powers = [eye, a2, a2 @ a2, a2 @ a2 @ a2]
    c = [paddle.full([], v, paddle.float64).astype(a.dtype) for v in _PADE]

    def combined(first: int) -> Any:
        low = sum((c[first + 2 * i] * power for i, power in enumerate(powers[1:], 1)), c[first] * eye)
        high = sum((c[first + 6 + 2 * i] * power for i, power in enumerate(powers[1:], 1)), 0 * eye)
        return low + powers[3] @ high

    odd, even = a @ combined(1), combined(0)
    result = linalg_solve(even - odd, even + odd)
    for i in range(_SQUARINGS):
        result = paddle.where(halvings > i, result @ result, result)
    return astype(result, dtype, copy=False)
