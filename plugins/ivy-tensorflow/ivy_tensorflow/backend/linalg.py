"""Linear algebra in TensorFlow."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ivy.functional._factors import EighResult, EigResult, QRResult, SlogdetResult, SVDResult
from ivy.functional._scaling import scaled_qr
from ivy_tensorflow.backend.support import BOOL, SMALL_INTEGERS, UNSIGNED, align, dims, rows_of

_PRODUCTS = {**BOOL, **UNSIGNED, **SMALL_INTEGERS}


def _product(fn: Callable[..., Any], *operands: Any) -> Any:
    """Call `fn` on operands of one dtype that it has; integers wrap around as their own width would."""
    operands = tuple(align(*operands))
    dtype = operands[0].dtype
    stand_in = _PRODUCTS.get(dtype)
    if stand_in is None:
        return fn(*operands)
    return tf.cast(fn(*(tf.cast(x, stand_in) for x in operands)), dtype)


def _matmul(a: Any, b: Any) -> Any:
    if a.shape.rank == 1 and b.shape.rank == 1:
        return tf.reduce_sum(a * b)
    if a.shape.rank == 1:
        return tf.squeeze(tf.matmul(tf.expand_dims(a, 0), b), -2)
    if b.shape.rank == 1:
        return tf.squeeze(_matmul(a, tf.expand_dims(b, 1)), -1)
    return _of_rows(a, b) if a.shape.rank > 2 and all(n == 1 for n in b.shape[:-2]) else tf.matmul(a, b)


def _of_rows(a: Any, b: Any) -> Any:
    """Multiply a stack of matrices by one matrix as a single product.

    For a stack of shape (n, 1) TensorFlow 2.21's product of stacks writes outside of its result on a CPU
    (oneDNN's BatchMatMulV2): numbers of 1e33, or the process aborts.
    """
    found = tf.matmul(rows_of(a), tf.reshape(b, dims(b)[-2:]))
    return tf.reshape(found, (*[1] * (b.shape.rank - a.shape.rank), *dims(a)[:-1], dims(b)[-1]))


def matmul(x1: Any, x2: Any, /) -> Any:
    return _product(_matmul, x1, x2)


def einsum(equation: str, /, *operands: Any) -> Any:
    if "->" not in equation:  # TensorFlow gives an ellipsis no place in the output that is left out
        labels = equation.replace("...", "").replace(",", "").replace(" ", "")
        once = sorted(c for c in set(labels) if labels.count(c) == 1)
        equation += "->" + "..." * ("..." in equation) + "".join(once)
    if "..." in equation:
        equation, operands = _without_ellipsis(equation, operands)
    return _product(lambda *xs: tf.einsum(equation, *xs), *operands)


def _without_ellipsis(equation: str, operands: Any) -> tuple[str, Any]:
    """Give the axes of an ellipsis labels, and leave out those that would be repeated: see `_of_rows`."""
    inputs, _, output = equation.replace(" ", "").partition("->")
    terms = inputs.split(",")
    counts = [x.shape.rank - len(t) + 3 if "..." in t else 0 for t, x in zip(terms, operands, strict=True)]
    labels = [c for c in string.ascii_letters if c not in equation][: max(counts)]
    sizes = [
        dict(zip(labels[len(labels) - n :], x.shape[t.find("...") :], strict=False)) if n else {}
        for t, x, n in zip(terms, operands, counts, strict=True)
    ]
    repeated = {c for c in labels if any(s.get(c, 1) != 1 for s in sizes)}
    found, kept = [], []
    for term, x, own in zip(terms, operands, sizes, strict=True):
        single = [c for c, n in own.items() if n == 1 and c in repeated]
        first = term.find("...")
        places = [first + i for i, c in enumerate(own) if c in single]
        kept.append(tf.squeeze(x, places) if places else x)
        found.append(term.replace("...", "".join(c for c in own if c not in single)))
    return f"{','.join(found)}->{output.replace('...', ''.join(labels))}", kept


def tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    return _product(lambda a, b: tf.tensordot(a, b, axes), x1, x2)


def linalg_det(x: Any, /) -> Any:
    if tf.executing_eagerly():
        return tf.linalg.det(x)
    sign, size = _eliminated(x)  # XLA has no determinants
    return sign * tf.cast(tf.exp(size), x.dtype)


def linalg_slogdet(x: Any, /) -> SlogdetResult:
    if tf.executing_eagerly():
        sign, size = tf.linalg.slogdet(x)
        return SlogdetResult(sign, tf.math.real(size) if x.dtype.is_complex else size)
    return SlogdetResult(*_eliminated(x))


@tf.custom_gradient
def _eliminated(x: Any) -> Any:
    """Sign and logarithm of determinants from a factorisation."""
    factors, _, pivots = _factor(x)
    steps = pivots.shape[-1]
    diagonal = tf.linalg.diag_part(factors)
    swaps = tf.reduce_sum(tf.cast(pivots != tf.range(steps), tf.int32), -1)
    size = tf.abs(diagonal)
    phase = tf.where(size == 0, diagonal, diagonal / tf.cast(size, x.dtype))
    sign = tf.reduce_prod(phase, -1) * tf.cast(1 - 2 * (swaps % 2), x.dtype)

    def pull(to_sign: Any, to_size: Any) -> Any:
        inverse = tf.linalg.adjoint(tf.linalg.inv(x))
        if x.dtype.is_complex:  # turning the phase moves the sign along the unit circle
            turned = tf.cast(tf.math.imag(tf.math.conj(sign) * to_sign), x.dtype) * 1j
            return (tf.cast(to_size, x.dtype) + turned)[..., None, None] * inverse
        return to_size[..., None, None] * inverse

    return (sign, tf.reduce_sum(tf.math.log(size), -1)), pull


linalg_inv = tf.linalg.inv
linalg_expm = tf.linalg.expm


def _over_batches(fn: Callable[..., Any], a: Any, b: Any) -> Any:
    """Call `fn` on matrices of one batch."""
    batch = tf.broadcast_static_shape(a.shape[:-2], b.shape[:-2])
    return fn(*(m if m.shape[:-2] == batch else tf.broadcast_to(m, (*batch, *dims(m)[-2:])) for m in (a, b)))


def linalg_solve(x1: Any, x2: Any, /) -> Any:
    x1, x2 = align(x1, x2)
    if x2.shape.rank == 1:
        return tf.squeeze(_over_batches(tf.linalg.solve, x1, tf.expand_dims(x2, 1)), -1)
    return _over_batches(tf.linalg.solve, x1, x2)


def linalg_solve_triangular(
    a: Any, b: Any, /, *, upper: bool = False, transpose: bool = False, unit_diagonal: bool = False
) -> Any:
    a, b = align(a, b)
    if unit_diagonal:
        a = tf.linalg.set_diag(a, tf.ones(a.shape[:-1], a.dtype))
    if transpose:
        a = tf.linalg.matrix_transpose(a)
    return _over_batches(lambda a, b: tf.linalg.triangular_solve(a, b, lower=upper == transpose), a, b)


def linalg_cholesky(x: Any, /, *, upper: bool = False) -> Any:
    # only the lower triangle is read, but the gradient is that of a symmetric matrix
    found = tf.linalg.cholesky(x)
    return tf.linalg.adjoint(found) if upper else found


# TensorFlow's own takes plain sums of squares (https://github.com/tensorflow/tensorflow/issues/127912)
_qr = scaled_qr(lambda x, mode: tf.linalg.qr(x, full_matrices=mode == "complete"))


def linalg_qr(x: Any, /, *, mode: Any = "reduced") -> QRResult:
    return QRResult(*_qr(x, mode))


def linalg_svd(x: Any, /, *, full_matrices: bool = True) -> SVDResult:
    s, u, v = tf.linalg.svd(x, full_matrices=full_matrices)
    real = tf.float32 if x.dtype is tf.complex64 else tf.float64 if x.dtype is tf.complex128 else x.dtype
    return SVDResult(u, tf.cast(tf.math.real(s), real) if s.dtype.is_complex else s, tf.linalg.adjoint(v))


def linalg_svdvals(x: Any, /) -> Any:
    s = tf.linalg.svd(x, compute_uv=False)
    return tf.math.real(s) if s.dtype.is_complex else s


def linalg_eigh(x: Any, /) -> EighResult:
    values, vectors = tf.linalg.eigh(x)
    return EighResult(tf.math.real(values) if values.dtype.is_complex else values, vectors)


def linalg_eigvalsh(x: Any, /) -> Any:
    return linalg_eigh(x)[0]


def linalg_eig(x: Any, /) -> EigResult:
    return EigResult(*tf.linalg.eig(x))


def linalg_eigvals(x: Any, /) -> Any:
    return tf.linalg.eigvals(x)


def _factor(x: Any) -> tuple[Any, Any, Any]:
    """Gaussian elimination with the largest pivots: the factors, the order of the rows and the exchanges.

    TensorFlow's own takes square matrices only and refuses singular ones.
    """
    *batch, m, n = x.shape
    steps = min(m, n)
    if not steps or 0 in batch:
        order = tf.broadcast_to(tf.range(m), (*batch, m))
        return x, order, tf.zeros((*batch, steps), tf.int32)
    rows, columns = tf.range(m), tf.range(n)

    def step(k: Any, a: Any, order: Any, pivots: Any) -> Any:
        column = tf.gather(a, k, axis=-1)
        size = tf.abs(tf.math.real(column)) + tf.abs(tf.math.imag(column)) if x.dtype.is_complex else tf.abs(column)
        size = tf.where(rows < k, tf.constant(-1.0, size.dtype), size)
        pivot = tf.argmax(size, -1, output_type=tf.int32)
        # the order in which the rows stand after the exchange
        place = tf.expand_dims(pivot, -1)
        swapped = tf.where(rows == place, k, tf.where(rows == k, place, rows))
        a = tf.gather(a, swapped, axis=len(batch), batch_dims=len(batch))
        order = tf.gather(order, swapped, axis=len(batch), batch_dims=len(batch))
        top = tf.gather(a, k, axis=-2)
        head = tf.gather(top, [k], axis=-1)
        below = tf.where(rows > k, tf.gather(a, k, axis=-1), tf.zeros((), a.dtype))
        zero = head == 0
        factor = tf.where(zero, tf.zeros((), a.dtype), below / tf.where(zero, tf.ones((), a.dtype), head))
        right = tf.where(columns > k, top, tf.zeros((), a.dtype))
        a = a - tf.expand_dims(factor, -1) * tf.expand_dims(right, -2)
        here = (columns == k) & (tf.expand_dims(rows, -1) > k)
        a = tf.where(here, tf.expand_dims(factor, -1), a)
        return k + 1, a, order, tf.where(tf.range(steps) == k, place, pivots)

    start = (
        tf.constant(0),
        x,
        tf.broadcast_to(rows, (*batch, m)),
        tf.zeros((*batch, steps), tf.int32),
    )
    _, factors, order, pivots = tf.while_loop(lambda k, *_: k < steps, step, start, maximum_iterations=steps)
    return factors, order, pivots


def linalg_lu(x: Any, /) -> tuple[Any, Any, Any]:
    factors, order, _ = _factor(x)
    m, n = x.shape[-2:]
    k = min(m, n)
    rows = tf.one_hot(order, m, axis=x.shape.rank - 2, dtype=x.dtype)
    lower = tf.linalg.band_part(factors[..., :k], -1, 0)
    lower = tf.linalg.set_diag(lower, tf.ones((*dims(x)[:-2], k), x.dtype))
    return rows, lower, tf.linalg.band_part(factors[..., :k, :], 0, -1)


def linalg_lu_factor(x: Any, /) -> tuple[Any, Any]:
    factors, _, pivots = _factor(x)
    return factors, pivots
