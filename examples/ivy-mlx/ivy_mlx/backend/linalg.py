from collections import namedtuple

import mlx.core as mx

from ivy_mlx.backend.support import common, floating


def matmul(x1, x2, /):
    x1, x2 = common(x1, x2)
    if mx.issubdtype(x1.dtype, mx.inexact):
        return mx.matmul(x1, x2)
    # MLX multiplies matrices of floats only: 16 bits of an integer at a time, whose products float64 adds exactly
    parts = range((x1.dtype.size + 1) // 2)
    (a, b), total = ([_bits(x, 16 * i) for i in parts] for x in (x1, x2)), 0
    for i in parts:
        for j in parts[: len(parts) - i]:
            total = total + mx.left_shift(mx.matmul(a[i], b[j]).astype(mx.int64), mx.array(16 * (i + j), mx.int64))
    return total.astype(x1.dtype)


def _bits(x, start):
    x = mx.right_shift(x.astype(mx.int64), mx.array(start, mx.int64))
    return mx.bitwise_and(x, mx.array(0xFFFF, mx.int64)).astype(mx.float64)


def _factors(fn, result=lambda *parts: parts):
    return floating(lambda x: result(*fn(x, stream=mx.cpu)))


# the names of the parts are the standard's; no types are needed here
# ruff: noqa: PYI024
EigResult = namedtuple("EigResult", "eigenvalues eigenvectors")
EighResult = namedtuple("EighResult", "eigenvalues eigenvectors")
QRResult = namedtuple("QRResult", "Q R")
SVDResult = namedtuple("SVDResult", "U S Vh")
_eig, linalg_eigh = _factors(mx.linalg.eig, EigResult), _factors(mx.linalg.eigh, EighResult)
_qr, _svd = _factors(mx.linalg.qr), _factors(mx.linalg.svd, SVDResult)


def linalg_eig(x, /):
    values, vectors = _eig(x)
    return EigResult(values, mx.conj(vectors) if x.dtype == mx.complex64 else vectors)  # MLX gives their conjugates


def linalg_cholesky(x, /, *, upper=False):
    found = mx.linalg.cholesky(x, stream=mx.cpu)
    pivots = mx.diagonal(found, 0, -2, -1)[..., None, None, :]  # where one is not positive, LAPACK has stopped
    found = mx.where(mx.all(pivots > 0, -1), found, float("nan"))
    return mx.swapaxes(found, -1, -2) if upper else found


def linalg_qr(x, /, *, mode="reduced"):
    m, n = x.shape[-2:]
    if mode == "complete" and m > n:  # columns of the identity complete the basis
        x = mx.concatenate([x, mx.broadcast_to(mx.eye(m, dtype=x.dtype), (*x.shape[:-1], m))], -1)
    q, r = _qr(x)
    return QRResult(q, r[..., :n])


def linalg_svd(x, /, *, full_matrices=True):
    k = min(x.shape[-2:])
    found = _svd(x)
    return found if full_matrices else SVDResult(found.U[..., :k], found.S, found.Vh[..., :k, :])
