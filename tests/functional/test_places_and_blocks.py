"""Index vectors, masks and diagonals; joining and turning; more of linear algebra: against NumPy, SciPy and torch."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
import torch
from agreement import BACKENDS, call, gradients, numerical, same

from ivy.errors import ArgumentError, AxisError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 4, 2)).astype("float32")
VECTORS = np.array([[[0, 1], [2, 3]], [[2, 3], [-1, 0]]])


def loose(backend):
    return 2e-5 if backend == "jax" else 1e-9


def each(op, args, expected, tolerance=None, dtype=None, **kwargs):
    for backend in BACKENDS:
        found = call(op, backend, *args, **kwargs)
        same(found, expected, backend, dtype=dtype, tolerance=tolerance and tolerance(backend), where=f"{op} {backend}")


# Index vectors and masks


def test_gather_nd():
    each("gather_nd", (X, VECTORS), X[VECTORS[..., 0], VECTORS[..., 1]])
    each("gather_nd", (X, VECTORS[..., :1]), X[VECTORS[..., 0]])
    batch = np.array([[[1], [3]], [[0], [0]], [[2], [1]]])
    expected = np.take_along_axis(X, batch, axis=1)
    each("gather_nd", (X, batch), expected, batch_axes=1)
    each("gather_nd", (X, VECTORS[:0]), np.zeros((0, 2, 2), "float32"))


@pytest.mark.parametrize(
    ("mode", "put"), [("add", np.add), ("mul", np.multiply), ("min", np.minimum), ("max", np.maximum)]
)
def test_scatter_nd(mode, put):
    updates = RNG.normal(size=(2, 2, 2)).astype("float32")
    expected = X.copy()
    put.at(expected, (VECTORS[..., 0], VECTORS[..., 1]), updates)
    each("scatter_nd", (X, VECTORS, updates), expected, mode=mode)
    distinct = VECTORS[0]
    expected = X.copy()
    expected[distinct[:, 0], distinct[:, 1]] = 5
    each("scatter_nd", (X, distinct, 5.0), expected)
    with pytest.raises(ArgumentError, match="mode"):
        call("scatter_nd", "numpy", X, VECTORS, 1.0, mode="xor")


def test_masks():
    mask, source = X[..., 0] > 0, RNG.normal(size=30).astype("float32")
    each("masked_fill", (X[..., 0], mask, -1.0), np.where(mask, np.float32(-1), X[..., 0]))
    each(
        "masked_fill", (X, mask[..., None], np.array(2.0)), np.where(mask[..., None], np.float32(2), X), dtype="float32"
    )
    each("masked_select", (X[..., 0], mask), X[..., 0][mask])
    each("masked_select", (X, mask[..., None]), X[np.broadcast_to(mask[..., None], X.shape)])
    expected = torch.from_numpy(X.copy()).masked_scatter_(torch.from_numpy(mask[..., None]), torch.from_numpy(source))
    each("masked_scatter", (X, mask[..., None], source), expected.numpy())
    each("masked_scatter", (X, np.zeros_like(mask)[..., None], source[:0]), X)
    each("masked_fill", (np.array([1, 2]), np.array([True, False]), 7), np.array([7, 2]))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_indexed_slices(axis):
    at = np.array([1, 0, 1])
    source = RNG.normal(size=[3 if a == axis % 3 else n for a, n in enumerate(X.shape)]).astype("float32")
    expected = torch.from_numpy(X.copy()).index_add(axis, torch.from_numpy(at), torch.from_numpy(source), alpha=2)
    each("index_add", (X, at, source), expected.numpy(), lambda b: 1e-5, axis=axis, alpha=2)
    expected = torch.from_numpy(X.copy()).index_fill(axis, torch.from_numpy(at), 9.0)
    each("index_fill", (X, at, 9.0), expected.numpy(), axis=axis)


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (2, 4, 2)])
@pytest.mark.parametrize("offset", [-1, 0, 1, 5])
def test_fill_diagonal(shape, offset):
    x = np.zeros(shape, "float32")
    each("fill_diagonal", (x, 2.0), x + 2 * np.eye(*shape[-2:], k=offset, dtype="float32"), offset=offset)


def test_flat_places():
    flat = np.array([[5, 0], [23, 11]])
    each("unravel_index", (flat, (2, 3, 4)), np.unravel_index(flat, (2, 3, 4)))
    parts = list(np.unravel_index(flat, (2, 3, 4)))
    each("ravel_multi_index", (parts, (2, 3, 4)), flat)


@pytest.mark.parametrize(
    ("op", "args", "which"),
    [
        ("gather_nd", [X, VECTORS], [0]),
        ("scatter_nd", [X, VECTORS[0], X[0, :2]], [0, 2]),
        ("masked_fill", [X, X > 0, 1.0], [0]),
        ("masked_scatter", [X, X > 0, X.ravel()], [0, 2]),
        ("index_add", [X, np.array([1, 1]), X[:2]], [0, 2]),
        ("fill_diagonal", [X, X[:, 0]], [0, 1]),
        ("rot90", [X], [0]),
    ],
)
def test_gradients(op, args, which):
    expected = numerical(op, args, {}, which)
    for backend, found in gradients(op, args, {}, which).items():
        for f, e in zip(found, expected, strict=True):
            np.testing.assert_allclose(f, e, atol=2e-3, err_msg=f"{op} {backend}")


# Joining and turning


@pytest.mark.parametrize("k", [-1, 0, 1, 2, 3, 6])
@pytest.mark.parametrize("axes", [(0, 1), (2, 0), (-1, 1)])
def test_rot90(k, axes):
    each("rot90", (X,), np.rot90(X, k, axes), k=k, axes=axes)
    with pytest.raises(AxisError):
        call("rot90", "numpy", X, axes=(1, -2))


@pytest.mark.parametrize("op", ["hstack", "vstack", "dstack", "column_stack"])
@pytest.mark.parametrize("shapes", [((3,), (3,)), ((2, 3), (2, 3)), ((2, 3, 1), (2, 3, 1)), ((), ())])
def test_stacks(op, shapes):
    if op == "column_stack" and shapes[0] == ():
        return
    arrays = [RNG.normal(size=s) for s in shapes]
    arrays[1] = arrays[1].astype("float32")
    each(op, (arrays,), getattr(np, op)(arrays), loose)


def test_blocks():
    blocks = [np.array([[1, 2], [3, 4]]), np.array([5, 6]), np.array(7), np.zeros((0, 2), "int64")]
    each("block_diag", blocks, scipy.linalg.block_diag(*blocks[:3], np.zeros((0, 2), "int64")))
    each("atleast_nd", (np.ones(3), 3), np.ones((1, 1, 3)), loose)
    each("atleast_nd", (X, 1), X)


# Linear algebra

SQUARE = RNG.normal(size=(2, 4, 4)) + 3 * np.eye(4)


@pytest.mark.parametrize("p", [None, 2, -2, 1, -1, np.inf, -np.inf, "fro", "nuc"])
def test_cond(p):
    expected = np.stack([np.linalg.cond(m, p) for m in SQUARE])
    each("linalg.cond", (SQUARE,), expected, lambda b: 1e-4 if b == "jax" else 1e-9, p=p)


def test_multi_dot():
    shapes = [(3,), (3, 7), (7, 2), (2, 5), (5,)]
    arrays = [RNG.normal(size=s) for s in shapes]
    for part in (arrays, arrays[1:], arrays[:-1], arrays[1:-1], arrays[1:3]):
        each("linalg.multi_dot", (part,), np.linalg.multi_dot(part), loose)
    with pytest.raises(ArgumentError):
        call("linalg.multi_dot", "numpy", arrays[:1])


def test_tensor_systems():
    a = RNG.normal(size=(6, 2, 3)) + np.eye(6).reshape(6, 2, 3)
    each("linalg.tensorinv", (a,), np.linalg.tensorinv(a, 1), lambda b: 1e-3 if b == "jax" else 1e-9, ind=1)
    b = RNG.normal(size=6)
    each("linalg.tensorsolve", (a, b), np.linalg.tensorsolve(a, b), lambda b: 1e-3 if b == "jax" else 1e-9)


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("complex_", [False, True])
def test_cholesky_factors(upper, complex_):
    root = SQUARE + (1j * RNG.normal(size=SQUARE.shape) if complex_ else 0)
    a = root @ root.conj().swapaxes(-1, -2)
    factor = np.linalg.cholesky(a)
    factor = factor.conj().swapaxes(-1, -2) if upper else factor
    b = RNG.normal(size=(2, 4, 3)).astype(a.dtype)
    each(
        "linalg.cholesky_solve", (factor, b), np.linalg.solve(a, b), lambda b: 2e-3 if b == "jax" else 1e-8, upper=upper
    )
    each("linalg.cholesky_inverse", (factor,), np.linalg.inv(a), lambda b: 2e-3 if b == "jax" else 1e-8, upper=upper)


@pytest.mark.parametrize("increasing", [False, True])
@pytest.mark.parametrize("n", [None, 0, 1, 5])
def test_vander(n, increasing):
    x = np.array([2, -1, 3])
    each("linalg.vander", (x,), np.vander(x, n, increasing), n=n, increasing=increasing)
    each(
        "linalg.vander",
        (X[..., 0],),
        np.stack([np.vander(r, n, increasing) for r in X[..., 0]]).astype("float32"),
        lambda b: 1e-4,
        n=n,
        increasing=increasing,
    )
