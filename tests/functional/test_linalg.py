"""Linear algebra against NumPy and SciPy: shapes, dtypes, promotion, batches, gradients; composites' own bodies too."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.linalg
import torch
from backends import DIFFERENTIABLE, MAKE, to_np, wide

import ivy
import ivy.functional as F
from ivy.backend import get_backend, scope
from ivy.dtypes import dtype_of
from ivy.functional.registry import OPS

DTYPES = ("float32", "float64", "complex64")


@pytest.fixture(params=MAKE)
def backend(request):
    with wide(request.param):
        yield request.param


def array(shape, dtype="float64", seed=0):
    rng = np.random.default_rng([seed, *shape])
    x = rng.normal(size=shape)
    if np.dtype(dtype).kind == "c":
        x = x + 1j * rng.normal(size=shape)
    return (x * 4 if np.dtype(dtype).kind in "iu" else x).astype(dtype)


def close(found, expected, dtype=None):
    found = to_np(found)
    assert found.shape == np.shape(expected)
    if dtype is not None:
        assert found.dtype == dtype
    tolerance = 2e-4 if found.dtype in (np.float32, np.complex64) else 1e-9
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def call(backend, name, *arrays, **options):
    """Call an op, and where it is a composite its body as well; their results must agree in shape and dtype."""
    op = OPS[name]
    native = [MAKE[backend](a) if isinstance(a, (np.ndarray, np.generic)) else a for a in arrays]
    found = op.public(*native, **options)
    if op.is_composite:
        with scope(get_backend(backend)):
            again = op.body(*native, **options)
        pairs = zip(again, found, strict=True) if isinstance(found, tuple) else [(again, found)]
        for one, other in pairs:
            assert dtype_of(one) == dtype_of(other)
            close(one, to_np(other))
    return found


PAIRS = [
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3, 4)),
    ((5, 1, 2, 3), (4, 3, 2)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 3)),
]


@pytest.mark.parametrize("dtype", ["float32", "complex64", "int32"])
@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_matmul(backend, a, b, dtype):
    x, y = array(a, dtype), array(b, dtype, 1)
    close(call(backend, "matmul", x, y), np.matmul(x, y), dtype)


@pytest.mark.parametrize(
    ("one", "other", "result"),
    [
        ("int64", "float32", "float32"),
        ("int8", "float64", "float64"),
        ("uint8", "int8", "int16"),
        ("float32", "complex64", "complex64"),
        ("float16", "float32", "float32"),
        ("float16", "float16", "float16"),
    ],
)
@pytest.mark.parametrize("name", ["matmul", "tensordot", "outer", "vecdot", "kron", "dot"])
def test_products_promote(backend, name, one, other, result):
    x, y = np.ones(3, one), np.full(3, 2, other)
    options = {"axes": 1} if name == "tensordot" else {}
    for a, b in ((x, y), (y, x)):
        found = call(backend, name, a, b, **options)
        assert dtype_of(found) == result
        assert to_np(found).max() == (2 if name in ("outer", "kron") else 6)


def test_bfloat16(backend):
    x = F.astype(MAKE[backend](np.ones((4, 300), "float32")), "bfloat16")
    found = F.matmul(x, F.matrix_transpose(x))
    assert dtype_of(found) == "bfloat16"
    close(F.astype(found, "float32"), np.full((4, 4), 300.0))
    assert dtype_of(F.einsum("ij,kj->ik", x, x)) == "bfloat16"


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("ij,jk->ik", [(2, 3), (3, 4)]),
        ("bij,bjk->bik", [(5, 2, 3), (5, 3, 2)]),
        ("ii->i", [(3, 3)]),
        ("ij->ji", [(2, 3)]),
        ("ij->", [(2, 3)]),
        ("...ij,...jk", [(5, 2, 3), (3, 4)]),
        ("i,j,k->ijk", [(2,), (3,), (4,)]),
        ("bhqd,bhkd->bhqk", [(2, 2, 3, 4), (2, 2, 5, 4)]),
        ("ij,ij", [(2, 3), (2, 3)]),
    ],
)
@pytest.mark.parametrize("dtype", ["float64", "complex64", "int32"])
def test_einsum(backend, equation, shapes, dtype):
    operands = [array(s, dtype, i) for i, s in enumerate(shapes)]
    close(call(backend, "einsum", equation, *operands), np.einsum(equation, *operands), dtype)


def test_einsum_promotes(backend):
    found = F.einsum("i,i->i", *(MAKE[backend](np.ones(2, d)) for d in ("int32", "float32")))
    assert dtype_of(found) == "float32"


@pytest.mark.parametrize("axes", [0, 1, 2, ([0, 1], [1, 0]), ([-1], [-2]), ([], [])])
def test_tensordot(backend, axes):
    x, y = array((3, 3, 3)), array((3, 3, 3), seed=1)
    close(call(backend, "tensordot", x, y, axes=axes), np.tensordot(x, y, axes))


@pytest.mark.parametrize("dtype", DTYPES)
def test_vecdot(backend, dtype):
    x, y = array((4, 2, 3), dtype), array((2, 3), dtype, 1)
    close(call(backend, "vecdot", x, y), np.vecdot(x, y), dtype)
    close(call(backend, "vecdot", x, y, axis=-2), np.vecdot(x, y, axis=-2), dtype)


def test_outer_kron_dot(backend):
    x, y = array((3,)), array((4,), seed=1)
    close(call(backend, "outer", x, y), np.outer(x, y))
    for a, b in [((3,), (4,)), ((2, 3), (4, 1)), ((2,), (3, 2)), ((), (2,)), ((2, 1, 2), (3, 2, 2))]:
        close(call(backend, "kron", array(a), array(b)), np.kron(array(a), array(b)))
    for a, b in [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (3, 4)), ((4, 3), (2, 3, 5)), ((), (2,)), ((2, 2), ())]:
        close(call(backend, "dot", array(a), array(b)), np.dot(array(a), array(b)))


@pytest.mark.parametrize("axis", [-1, -2])
def test_cross(backend, axis):
    shape = (4, 3) if axis == -1 else (3, 5)
    x, y = array(shape), array(shape, seed=1)
    close(call(backend, "cross", x, y, axis=axis), np.linalg.cross(x, y, axis=axis))


@pytest.mark.parametrize("offset", [-2, 0, 1, 5])
def test_trace(backend, offset):
    x = array((2, 3, 4))
    close(call(backend, "trace", x, offset=offset), np.trace(x, offset, -2, -1))
    assert dtype_of(call(backend, "trace", x.astype("int32"))) == "int64"


def square(batch, dtype, n=3):
    return array((*batch, n, n), dtype) + 3 * np.eye(n, dtype=dtype)


def hermitian(batch, dtype, n=3):
    x = square(batch, dtype, n)
    return x @ x.conj().mT + np.eye(n, dtype=dtype)


BATCHES = [(), (2,), (2, 1), (0,)]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("batch", BATCHES)
def test_square_matrices(backend, batch, dtype):
    x = square(batch, dtype)
    close(call(backend, "linalg.det", x), np.linalg.det(x), dtype)
    close(call(backend, "linalg.inv", x), np.linalg.inv(x), dtype)
    for found, expected in zip(call(backend, "linalg.slogdet", x), np.linalg.slogdet(x), strict=True):
        close(found, expected)
    for n in (0, 1, 2, 5, -2):
        close(call(backend, "linalg.matrix_power", x / 4, n), np.linalg.matrix_power(x / 4, n), dtype)
    if 0 not in batch:
        close(call(backend, "linalg.expm", x / 4), scipy.linalg.expm(x / 4), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((3, 3), (3,)),
        ((3, 3), (3, 2)),
        ((2, 3, 3), (3,)),
        ((2, 3, 3), (2, 3, 1)),
        ((3, 3, 3), (3, 3)),
        ((2, 3, 3), (3, 2)),
        ((3, 3), (2, 3, 2)),
    ],
)
def test_solve(backend, a, b, dtype):
    x, y = square(a[:-2], dtype), array(b, dtype, 1)
    close(call(backend, "linalg.solve", x, y), np.linalg.solve(x, y), dtype)


@pytest.mark.parametrize(("upper", "transpose", "unit"), list(itertools.product([False, True], repeat=3)))
@pytest.mark.parametrize(
    ("a", "b", "dtype"),
    [
        ((3, 3), (3, 2), "float32"),
        ((2, 3, 3), (2, 3, 1), "complex64"),
        ((3, 3), (2, 3, 2), "float64"),
        ((2, 3, 3), (3, 2), "float64"),
    ],
)
def test_solve_triangular(backend, a, b, upper, transpose, unit, dtype):
    x, y = square(a[:-2], dtype), array(b, dtype, 1)
    triangle = np.triu(x) if upper else np.tril(x)
    if unit:
        triangle = triangle - triangle * np.eye(3, dtype=dtype) + np.eye(3, dtype=dtype)
    expected = np.linalg.solve(triangle.mT if transpose else triangle, y)
    found = call(backend, "linalg.solve_triangular", x, y, upper=upper, transpose=transpose, unit_diagonal=unit)
    close(found, expected, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("batch", BATCHES)
def test_hermitian_matrices(backend, batch, dtype):
    x = hermitian(batch, dtype)
    for upper in (False, True):
        close(call(backend, "linalg.cholesky", x, upper=upper), np.linalg.cholesky(x, upper=upper), dtype)
    values, vectors = map(to_np, call(backend, "linalg.eigh", x))
    assert values.dtype == np.zeros(1, dtype).real.dtype
    close((vectors * values[..., None, :]) @ vectors.conj().mT, x)
    close(values, np.linalg.eigvalsh(x))
    close(call(backend, "linalg.eigvalsh", x), np.linalg.eigvalsh(x))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("batch", [(), (2,)])
def test_eig_is_always_complex(backend, batch, dtype):
    for x in (square(batch, dtype), hermitian(batch, dtype)):
        values, vectors = map(to_np, call(backend, "linalg.eig", x))
        assert values.dtype == vectors.dtype == np.result_type(dtype, "complex64")
        close(x @ vectors, vectors * values[..., None, :])
        close(np.sort_complex(to_np(call(backend, "linalg.eigvals", x)).round(3)), np.sort_complex(values.round(3)))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 4, 3)])
def test_factors_of_any_matrix(backend, shape, dtype):
    x, k = array(shape, dtype), min(shape[-2:])
    for mode in ("reduced", "complete"):
        q, r = map(to_np, call(backend, "linalg.qr", x, mode=mode))
        close(q @ r, x, dtype)
        assert q.shape[-1] == (k if mode == "reduced" else shape[-2])
        close(q.conj().mT @ q, np.broadcast_to(np.eye(q.shape[-1]), (*shape[:-2], q.shape[-1], q.shape[-1])))
    for full in (True, False):
        u, s, vh = map(to_np, call(backend, "linalg.svd", x, full_matrices=full))
        close((u[..., :k] * s[..., None, :]) @ vh[..., :k, :], x, dtype)
        assert u.shape[-1] == (shape[-2] if full else k)
        assert vh.shape[-2] == (shape[-1] if full else k)
    close(call(backend, "linalg.svdvals", x), np.linalg.svdvals(x))
    p, lower, upper = map(to_np, call(backend, "linalg.lu", x))
    close(p @ lower @ upper, x)
    factors, pivots = map(to_np, call(backend, "linalg.lu_factor", x))
    assert factors.shape == shape
    assert pivots.shape == (*shape[:-2], k)
    assert pivots.dtype == np.int32
    close(np.triu(factors)[..., :k, :], upper)
    np.testing.assert_array_equal(pivots.reshape(-1, k)[0], scipy.linalg.lu_factor(x.reshape(-1, *shape[-2:])[0])[1])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 4, 3)])
def test_pseudo_inverses(backend, shape, dtype):
    x = array(shape, dtype)
    close(call(backend, "linalg.pinv", x), np.linalg.pinv(x), dtype)
    close(call(backend, "linalg.pinv", x, rtol=0.5), np.linalg.pinv(x, rtol=0.5), dtype)
    b = array((*shape[:-1], 2), dtype, 1)
    close(call(backend, "linalg.lstsq", x, b), np.linalg.pinv(x) @ b, dtype)
    low = x[..., :1] @ x[..., :1, :]
    np.testing.assert_array_equal(to_np(call(backend, "linalg.matrix_rank", low)), np.linalg.matrix_rank(low))
    np.testing.assert_array_equal(
        to_np(call(backend, "linalg.matrix_rank", x, rtol=0.9)), np.linalg.matrix_rank(x, rtol=0.9)
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("ord", [1, 2, 3, 0.5, 0, np.inf, -np.inf, -1])
def test_vector_norm(backend, ord, dtype):
    x = array((2, 3, 4), dtype)
    for axis, keepdims in [(None, False), (None, True), (0, False), (-1, True), ((0, 2), False), ((-1, -2), True)]:
        found = call(backend, "linalg.vector_norm", x, axis=axis, ord=ord, keepdims=keepdims)
        close(found, np.linalg.vector_norm(x, axis=axis, ord=ord, keepdims=keepdims), np.abs(x).dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("ord", ["fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf])
def test_matrix_norm(backend, ord, dtype):
    x = array((2, 3, 4), dtype)
    for keepdims in (False, True):
        found = call(backend, "linalg.matrix_norm", x, ord=ord, keepdims=keepdims)
        close(found, np.linalg.matrix_norm(x, ord=ord, keepdims=keepdims), np.abs(x).dtype)


@pytest.mark.parametrize("name", ["det", "inv", "cholesky", "svdvals", "eigvalsh", "pinv", "matrix_norm", "slogdet"])
@pytest.mark.parametrize("backend", DIFFERENTIABLE)
def test_gradients(backend, name):
    x = hermitian((), "float64")

    def loss(a):
        found = getattr(ivy.linalg, name)(a)
        return F.sum(found[1] if name == "slogdet" else found)

    # the symmetric part alone: what reads one triangle has its own ideas of the rest
    step, direction = 1e-6, hermitian((), "float64") / 7
    slope = (
        float(loss(torch.as_tensor(x + step * direction))) - float(loss(torch.as_tensor(x - step * direction)))
    ) / (2 * step)
    with wide(backend):
        found = to_np(F.grad(loss)(MAKE[backend](x)))
    np.testing.assert_allclose((found * direction).sum(), slope, rtol=1e-5, atol=1e-7)


def test_the_namespace_holds_the_standard():
    standard = (
        "cholesky cross det diagonal eig eigh eigvals eigvalsh inv matmul matrix_norm matrix_power matrix_rank matrix_transpose "
        "outer pinv qr slogdet solve svd svdvals tensordot trace vecdot vector_norm"
    )
    assert [n for n in standard.split() if not hasattr(ivy.linalg, n)] == []


def spread(size, condition, dtype="float64"):
    q = np.linalg.qr(array((size, size), dtype, 3))[0]
    return ((q * np.geomspace(1, condition, size)) @ q.conj().T).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["sqrtm", "logm"])
def test_functions_of_matrices(backend, name, dtype):
    reference = getattr(scipy.linalg, name)
    turn = np.asarray([[np.cos(3), -np.sin(3)], [np.sin(3), np.cos(3)]], dtype)  # eigenvalues near the cut
    matrices = [array((4, 4), dtype) + 6 * np.eye(4, dtype=dtype), spread(3, 1e2, dtype), turn, np.ones((1, 1), dtype)]
    matrices += [spread(5, 1e6, dtype)] * (dtype == "float64")
    for x in matrices:
        expected = reference(x.astype("complex128"))
        found = to_np(call(backend, f"linalg.{name}", x))
        assert found.dtype == dtype
        size = np.abs(expected).max()
        limit = 1e-10 if dtype == "float64" else 1e-4
        np.testing.assert_allclose(found, expected, rtol=limit, atol=limit * max(size, 1))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ["sqrtm", "logm"])
def test_no_function_of_matrices_without_a_principal_root(backend, name):
    for x in (np.diag([-2.0, 3.0]), np.diag([-1.0, -4.0, 3.0]), np.zeros((2, 2))):
        found, message = np.full(1, np.nan), "singular"
        try:
            found = to_np(getattr(ivy.linalg, name)(MAKE[backend](x)))
        except Exception as error:  # a framework's own
            message = str(error).lower()
        assert np.isnan(found).all()
        assert "singular" in message or "invertible" in message


@pytest.mark.parametrize("dtype", DTYPES)
def test_lu_solve(backend, dtype):
    for shape, right in (((4, 4), (4, 2)), ((3, 4, 4), (3, 4, 1)), ((3, 4, 4), (4, 2))):
        x, b = array(shape, dtype), array(right, dtype, 1)
        lu, pivots = ivy.linalg.lu_factor(MAKE[backend](x))
        for run in (ivy.linalg.lu_solve, OPS["linalg.lu_solve"].body):
            with scope(get_backend(backend)):
                found = run(lu, pivots, MAKE[backend](b))
            close(found, np.linalg.solve(x, b), dtype)
