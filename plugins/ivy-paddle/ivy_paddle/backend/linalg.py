"""Linear algebra in Paddle."""

from __future__ import annotations

import math
from typing import Any

from ivy.backend import body_of
from ivy.functional import linalg as core
from ivy.functional._factors import EighResult, EigResult, QRResult, SlogdetResult, SVDResult
from ivy.functional._scaling import scaled_qr
from ivy.functional.manipulation import broadcast_shapes
from ivy_paddle.backend.arithmetic import multiply
from ivy_paddle.backend.manipulation import (
    astype,
    broadcast_to,
    diagonal,
    expand_dims,
    moveaxis,
    permute_dims,
    reshape,
    stack,
)
from ivy_paddle.backend.reductions import sum as total
from ivy_paddle.backend.support import COMPLEX, WHOLE, align, is_value, promoting, restored, widened
from ivy_paddle.loading import paddle

L = paddle.linalg


def _product(x1: Any, x2: Any) -> Any:
    if not x1.ndim or not x2.ndim:
        raise ValueError("matmul needs arrays with at least one axis")
    if x1.dtype in WHOLE and x1.ndim > 2 and x2.ndim > 2:  # Paddle 3.3 spreads a batch of integers past its memory
        x1, x2 = _with_batch(x1, x2)
    elif 2 < x1.ndim != x2.ndim > 2:  # or else the derivative fails
        x1, x2 = (reshape(x, (1,) * (max(x1.ndim, x2.ndim) - x.ndim) + tuple(x.shape)) for x in (x1, x2))
    return _whole_product(x1, x2) if x1.dtype in WHOLE else paddle.matmul(x1, x2)


def _whole_product(x1: Any, x2: Any) -> Any:
    """Multiply matrices of integers, modulo their width: paddle.matmul rounds them to float32."""
    count = 4 if x1.dtype == paddle.int64 else 2
    # digits of 16 bits, of whose products float64 sums two million exactly
    left, right = (
        [((x.astype(paddle.int64) >> 16 * i) % 65536).astype(paddle.float64) for i in range(count)] for x in (x1, x2)
    )
    terms = [
        paddle.matmul(left[i], right[j]).astype(paddle.int64) << 16 * (i + j)
        for i in range(count)
        for j in range(count - i)
    ]
    found = terms[0]
    for term in terms[1:]:
        found = found + term
    return found.astype(x1.dtype)


def _with_batch(x1: Any, x2: Any) -> tuple[Any, Any]:
    """Give two stacks of matrices the same batch."""
    batch = broadcast_shapes(tuple(x1.shape[:-2]), tuple(x2.shape[:-2]))
    return broadcast_to(x1, [*batch, *x1.shape[-2:]]), broadcast_to(x2, [*batch, *x2.shape[-2:]])


matmul = promoting(_product)
_product_of: Any = matmul
_product_of.same_dtype = paddle.matmul
_product_of.applies = lambda dtype, positions: (
    dtype in ("float32", "float64", "complex64", "complex128") and not positions
)


def einsum(equation: str, /, *operands: Any) -> Any:
    arrays = align(*operands)
    equation = equation.replace(" ", "")
    if arrays[0].dtype in WHOLE:  # Paddle has no einsum of integers
        return _einsum_by_products(equation, arrays)
    wide = [widened(x) for x in arrays]
    return restored(paddle.einsum(equation, *wide), arrays[0].dtype)


def _einsum_by_products(equation: str, arrays: list[Any]) -> Any:
    """Multiply all operands, broadcast against each other, and sum."""
    inputs, arrow, output = equation.partition("->")
    terms = inputs.split(",")
    named = sorted(set(inputs) - set(".,"))
    free = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" if c not in named]
    spread = max(x.ndim - len(t.replace("...", "")) if "..." in t else 0 for t, x in zip(terms, arrays, strict=True))
    if not arrow:
        output = "..." * ("..." in inputs) + "".join(c for c in named if inputs.count(c) == 1)
    output = output.replace("...", "".join(free[:spread]))
    order = output + "".join(c for c in named + free[:spread] if c not in output)
    product: Any = None
    for term, x in zip(terms, arrays, strict=True):
        own = x.ndim - len(term.replace("...", ""))
        letters = term.replace("...", "".join(free[spread - own : spread]))
        for c in sorted(set(letters)):
            while letters.count(c) > 1:
                first, second = letters.index(c), letters.rindex(c)
                x = diagonal(x, axis1=first, axis2=second)
                letters = letters[:first] + letters[first + 1 : second] + letters[second + 1 :] + c
        places = [letters.index(c) for c in order if c in letters]
        x = permute_dims(x, places)
        x = expand_dims(x, [i for i, c in enumerate(order) if c not in letters]) if len(places) < len(order) else x
        product = x if product is None else multiply(product, x)
    rest = tuple(range(len(output), len(order)))
    return total(product, axis=rest, dtype=arrays[0].dtype) if rest else product


def linalg_det(x: Any, /) -> Any:
    return L.det(x)


_slogdet_body = body_of(core.slogdet, "paddle")


def linalg_slogdet(x: Any, /) -> SlogdetResult:
    if is_value(x):  # programs take its results for matrices
        return _slogdet_body(x)
    found = L.slogdet(x)
    size = paddle.real(found[1]) if found[1].dtype in COMPLEX else found[1]
    return SlogdetResult(found[0], size)


def linalg_inv(x: Any, /) -> Any:
    return L.inv(x)


def _as_real(x: Any) -> Any:
    """Write each complex number of a matrix as [[a, -b], [b, a]], for what Paddle has no complex form of.

    Products, inverses and triangular factors with a real diagonal stay what they are.
    """
    re, im = paddle.real(x), paddle.imag(x)
    blocks = stack([stack([re, im], axis=-1), stack([-im, re], axis=-1)], axis=-1)  # ..., row, column, their halves
    return reshape(moveaxis(blocks, -2, -3), [*x.shape[:-2], 2 * x.shape[-2], 2 * x.shape[-1]])


def _as_complex(x: Any) -> Any:
    """Undo `_as_real`."""
    return paddle.complex(x[..., ::2, ::2], x[..., 1::2, ::2])


def _transposed(x: Any) -> Any:
    return moveaxis(x, -1, -2)


def linalg_cholesky(x: Any, /, *, upper: bool = False) -> Any:
    if x.dtype in COMPLEX:
        lower = _as_complex(L.cholesky(_as_real(_transposed(paddle.conj(x)) if upper else x)))
        return _transposed(paddle.conj(lower)) if upper else lower
    return L.cholesky(x, upper)


_qr = scaled_qr(L.qr)


def linalg_qr(x: Any, /, *, mode: Any = "reduced") -> QRResult:
    return QRResult(*_qr(x, mode))


def linalg_svd(x: Any, /, *, full_matrices: bool = True) -> SVDResult:
    u, s, vh = L.svd(x, full_matrices)
    return SVDResult(u, paddle.real(s) if s.dtype in COMPLEX else s, vh)  # complex in a program


def linalg_eigh(x: Any, /) -> EighResult:
    if x.ndim > 2 and not x.stop_gradient and math.prod(x.shape) > 0:
        # Paddle gives each matrix of a batch the derivative of the first one's eigenvalues
        parts = [linalg_eigh(matrix) for matrix in reshape(x, (-1, *x.shape[-2:]))]
        values, vectors = (paddle.stack(list(part)) for part in zip(*parts, strict=True))
        return EighResult(reshape(values, tuple(x.shape[:-1])), reshape(vectors, tuple(x.shape)))
    values, vectors = L.eigh(x)
    values = paddle.real(values) if values.dtype in COMPLEX else values  # complex if there are none
    return EighResult(values, vectors)


def linalg_eig(x: Any, /) -> EigResult:
    return EigResult(*L.eig(x))


def _as_columns(x1: Any, x2: Any) -> tuple[Any, Any, bool]:
    """Give the right side the batch of the left and columns; tell whether it is one vector."""
    vector = x2.ndim == 1
    if vector:
        x2 = expand_dims(x2, 1)
    return *_with_batch(x1, x2), vector


def linalg_solve(x1: Any, x2: Any, /) -> Any:
    a, b, vector = _as_columns(*align(x1, x2))
    found = _as_complex(L.solve(_as_real(a), _as_real(b))) if a.dtype in COMPLEX else L.solve(a, b)
    return paddle.squeeze(found, -1) if vector else found  # slices have at most 6 axes


def linalg_solve_triangular(
    a: Any, b: Any, /, *, upper: bool = False, transpose: bool = False, unit_diagonal: bool = False
) -> Any:
    a, b, vector = _as_columns(*align(a, b))
    # in the derivative Paddle forgets what is not read
    size = a.shape[-1]
    ones = paddle.ones([size, size], paddle.float32)
    read = paddle.triu(ones, int(unit_diagonal)) if upper else paddle.tril(ones, -int(unit_diagonal))
    rest = paddle.eye(size, dtype=paddle.float32) if unit_diagonal else ones * 0
    a = paddle.where(read > 0, a, rest.astype(a.dtype))
    if not a.stop_gradient:  # Paddle takes the derivative to `a` from that to `b`, which it computes only if asked to
        b = b + paddle.where(read > 1, a, (ones * 0).astype(a.dtype)).sum()
    found = L.triangular_solve(a, b, upper=upper, transpose=transpose, unitriangular=unit_diagonal)
    return paddle.squeeze(found, -1) if vector else found  # slices have at most 6 axes


def linalg_lu(x: Any, /) -> tuple[Any, Any, Any]:
    packed, pivots = L.lu(x)
    p, lower, upper = L.lu_unpack(packed, pivots)
    return p, lower, upper


def linalg_lu_factor(x: Any, /) -> tuple[Any, Any]:
    packed, pivots = L.lu(x)
    return packed, pivots - 1


# The [13/13] Padé approximant is exact to double precision up to this norm (Higham 2005, table 2.3).
_PADE = (
    64764752532480000.0,
    32382376266240000.0,
    7771770303897600.0,
    1187353796428800.0,
    129060195264000.0,
    10559470521600.0,
    670442572800.0,
    33522128640.0,
    1323241920.0,
    40840800.0,
    960960.0,
    16380.0,
    182.0,
    1.0,
)
_RADIUS = 5.371920351148152
_SQUARINGS = 12


def linalg_expm(x: Any, /) -> Any:
    dtype = x.dtype
    wide = x.astype(paddle.complex128 if dtype in COMPLEX else paddle.float64)
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
