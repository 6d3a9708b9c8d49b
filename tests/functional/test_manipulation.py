"""Shapes, order, joining and casting on the three backends against NumPy."""

import numpy as np
import pytest
import torch
from agreement import BACKENDS, BF16, call, gradients, numerical, same

from ivy.errors import ArgumentError, ShapeError

X = np.arange(24, dtype="float32").reshape(2, 3, 4)
E = np.zeros((2, 0, 3), "float32")
S = np.array(5.0, "float32")

CASES = {
    "reshape": [((X, (4, -1)), X.reshape(4, -1)), ((X, (24,)), X.ravel()), ((S, (1, 1)), S.reshape(1, 1)), ((X, -1), X.ravel())],
    "permute_dims": [((X, (2, 0, 1)), X.transpose(2, 0, 1)), ((S, ()), S)],
    "expand_dims": [((X, 0), X[None]), ((X, -1), X[..., None]), ((X, (0, -1)), X[None, ..., None]), ((S, 0), S[None])],
    "squeeze": [((X[:1],), X[0]), ((X[:1, :, :1], 0), X[0][:, :1]), ((X[:1, :, :1], (0, -1)), X[0, :, 0])],
    "flatten": [((X,), X.ravel()), ((X, 1), X.reshape(2, 12)), ((X, 0, -2), X.reshape(6, 4)), ((S,), S[None]), ((E,), E.ravel())],
    "broadcast_to": [((X[:, :1], (2, 3, 4)), np.broadcast_to(X[:, :1], X.shape)), ((S, (2,)), np.array([5, 5], "float32"))],
    "broadcast_arrays": [((X[:, :1], X[:1], S), [np.broadcast_to(v, X.shape) for v in (X[:, :1], X[:1], S)])],
    "matrix_transpose": [((X,), X.swapaxes(-1, -2))],
    "swapaxes": [((X, 0, -1), X.swapaxes(0, -1))],
    "moveaxis": [((X, 0, -1), np.moveaxis(X, 0, -1)), ((X, (0, 1), (-1, 0)), np.moveaxis(X, (0, 1), (-1, 0)))],
    "unstack": [((X,), list(X))],
    "split": [((X, 2), np.split(X, 2)), ((X, [1, 1]), np.split(X, [1, 1]))],
    "flip": [((X,), np.flip(X)), ((S,), S), ((E,), E)],
    "roll": [((X, 5), np.roll(X, 5)), ((E, 2), E)],
    "repeat": [((X, 2), np.repeat(X, 2)), ((X[0, 0], np.array([0, 1, 2, 3])), np.repeat(X[0, 0], [0, 1, 2, 3]))],
    "tile": [((X, (2,)), np.tile(X, 2)), ((X, (2, 1, 1, 3)), np.tile(X, (2, 1, 1, 3))), ((S, (2,)), np.tile(S, 2))],
    "tril": [((X,), np.tril(X))],
    "triu": [((X,), np.triu(X))],
    "diagonal": [((X,), np.diagonal(X))],
    "diag_embed": [((X[0],), np.stack([np.diag(v) for v in X[0]]))],
    "as_strided": [((X, (3, 2), (2, 7), 1), np.array([[1, 8], [3, 10], [5, 12]], "float32"))],
    "unfold_axis": [((X[0, 0], 0, 2, 1), np.array([[0, 1], [1, 2], [2, 3]], "float32"))],
    "copy": [((X,), X), ((S,), S)],
    "meshgrid": [((X[0, 0], X[0, 1, :2]), np.meshgrid(X[0, 0], X[0, 1, :2]))],
    "stack": [(([X, X + 1],), np.stack([X, X + 1]))],
    "concat": [(([X, X],), np.concatenate([X, X])), (([X, E.reshape(0, 3, 4)],), X)],
}  # fmt: skip
OPTIONS = [
    ("unstack", (X,), {"axis": -1}, list(np.moveaxis(X, -1, 0))),
    ("split", (X, 3), {"axis": 1}, np.split(X, 3, 1)),
    ("split", (X, [1, 3]), {"axis": -1}, np.split(X, [1, 3], -1)),
    ("flip", (X,), {"axis": -1}, np.flip(X, -1)),
    ("flip", (X,), {"axis": (0, 2)}, np.flip(X, (0, 2))),
    ("roll", (X, -1), {"axis": 1}, np.roll(X, -1, 1)),
    ("roll", (X, (1, 2)), {"axis": (0, -1)}, np.roll(X, (1, 2), (0, -1))),
    ("roll", (X, 1), {"axis": (0, 1)}, np.roll(X, 1, (0, 1))),
    ("repeat", (X, 2), {"axis": -1}, np.repeat(X, 2, -1)),
    ("repeat", (X, np.array([1, 0, 2])), {"axis": 1}, np.repeat(X, [1, 0, 2], 1)),
    ("tril", (X,), {"k": 1}, np.tril(X, 1)),
    ("triu", (X,), {"k": -1}, np.triu(X, -1)),
    ("diagonal", (X,), {"offset": -1, "axis1": 2, "axis2": 0}, np.diagonal(X, -1, 2, 0)),
    ("meshgrid", (X[0, 0], X[0, 1, :2], X[0, 2, :3]), {"indexing": "ij"}, np.meshgrid(X[0, 0], X[0, 1, :2], X[0, 2, :3], indexing="ij")),
    ("meshgrid", (X[0, 0], X[0, 1, :2], X[0, 2, :3]), {}, np.meshgrid(X[0, 0], X[0, 1, :2], X[0, 2, :3])),
    ("stack", ([X, X],), {"axis": -1}, np.stack([X, X], -1)),
    ("concat", ([X, X],), {"axis": -2}, np.concatenate([X, X], -2)),
    ("concat", ([X, S],), {"axis": None}, np.append(X.ravel(), S)),
    ("reshape", (X, (6, 4)), {"copy": True}, X.reshape(6, 4)),
]  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("op", CASES)
def test_against_numpy(op, backend):
    for args, expected in CASES[op]:
        same(call(op, backend, *args), expected, backend, where=op)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("op", "args", "options", "expected"), OPTIONS)
def test_options(op, args, options, expected, backend):
    same(call(op, backend, *args, **options), expected, backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("offset", [-2, 0, 1])
@pytest.mark.parametrize("axes", [(-2, -1), (0, 2), (1, 0)])
@pytest.mark.parametrize("size", [1, 3])
def test_diag_embed(backend, offset, axes, size):
    x = X[0, :2, :size]
    expected = torch.diag_embed(torch.from_numpy(x.copy()), offset, *axes).numpy()
    same(call("diag_embed", backend, x, offset=offset, axis1=axes[0], axis2=axes[1]), expected, backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("axis", "size", "step"), [(0, 2, 1), (1, 2, 2), (-1, 3, 1), (-1, 4, 3)])
def test_unfold_axis(backend, axis, size, step):
    same(
        call("unfold_axis", backend, X, axis, size, step), torch.from_numpy(X).unfold(axis, size, step).numpy(), backend
    )


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", ["constant", "edge", "reflect", "symmetric", "wrap"])
@pytest.mark.parametrize("width", [[(0, 0), (1, 2)], [(2, 0), (0, 0)], [(5, 4), (3, 7)]])
def test_pad(backend, mode, width):
    x = X[0]
    same(call("pad", backend, x, width, mode=mode), np.pad(x, width, mode), backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_pad_with_values_and_cropping(backend):
    for x in (X[0], X[0].astype("int32"), X[0].astype(BF16)):
        expected = np.pad(x[1:, :-2], [(0, 1), (2, 0)], constant_values=7)
        same(call("pad", backend, x, [(-1, 1), (2, -2)], value=7.0), expected, backend)
    same(call("pad", backend, X[0, 0] > 1, [(1, 0)], value=True), np.array([1, 0, 0, 1, 1], "bool"), backend)
    same(call("pad", backend, S, []), S, backend)
    one = X[0, :1]
    same(call("pad", backend, one, [(1, 1), (0, 0)], mode="reflect"), np.pad(one, [(1, 1), (0, 0)], "reflect"), backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_errors_name_the_way_out(backend):
    with pytest.raises(ShapeError, match=r"2 parts of 3|2 equal parts"):
        call("split", backend, X, 2, axis=1)
    with pytest.raises(ArgumentError, match="no mode 'mirror'"):
        call("pad", backend, X[0], [(1, 1), (0, 0)], mode="mirror")
    with pytest.raises(ShapeError, match="1 pairs"):
        call("pad", backend, X[0], [(1, 1)])
    with pytest.raises(ShapeError, match="nothing to repeat"):
        call("pad", backend, E, [(0, 0), (1, 1), (0, 0)], mode="edge")
    with pytest.raises(ValueError, match=r"(?i)squeeze|select|axis"):
        call("squeeze", backend, X, 0)


CASTS = ["bool", "int8", "int32", "int64", "uint8", "uint32", "float16", "bfloat16", "float32", "float64", "complex64"]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("source", CASTS)
@pytest.mark.parametrize("target", CASTS)
def test_astype(backend, source, target):
    x = np.array([0, 1, 3]).astype(BF16 if source == "bfloat16" else source)
    expected = np.array([0, 1, 1 if "bool" in (source, target) else 3])
    same(call("astype", backend, x, target), expected, backend, dtype=target)


@pytest.mark.parametrize("backend", BACKENDS)
def test_casts_of_fractions_and_overflow(backend):
    x = np.array([1.7, -1.7, 0.0], "float32")
    same(call("astype", backend, x, "int32"), np.array([1, -1, 0]), backend, dtype="int32")
    same(call("astype", backend, x, "bool"), np.array([True, True, False]), backend)
    same(call("astype", backend, np.array([300, -1]), "uint8"), np.array([44, 255]), backend, dtype="uint8")
    same(call("astype", backend, np.array([1 + 2j], "complex64"), "float32"), np.array([1.0]), backend, dtype="float32")
    for given in (np.dtype("int32"), np.int32, torch.int32, "int32"):
        same(call("astype", backend, x, given), np.array([1, -1, 0]), backend, dtype="int32")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("float32", "int32"),
        ("int32", "float32"),
        ("float32", "uint8"),
        ("uint8", "int16"),
        ("int32", "uint32"),
        ("float32", "uint16"),
    ],
)
def test_bitcast(backend, source, target):
    x = np.arange(8).reshape(2, 4).astype(source)
    same(call("bitcast", backend, x, target), x.view(target), backend)
    same(call("bitcast", backend, x.T[:2, :2].copy(), target), x.T[:2, :2].copy().view(target), backend)


@pytest.mark.parametrize(
    ("op", "args", "kwargs"),
    [
        ("pad", (X[0], [(2, 1), (1, 0)]), {"mode": "reflect"}),
        ("pad", (X[0], [(2, -1), (1, 0)]), {}),
        ("as_strided", (X, (3, 2), (2, 2), 1), {}),
        ("unfold_axis", (X, 1, 2, 1), {}),
        ("diag_embed", (X,), {"offset": 1}),
        ("repeat", (X, 3), {"axis": 1}),
        ("roll", (X, 2), {}),
        ("flip", (X,), {}),
    ],
)
def test_gradients_agree(op, args, kwargs):
    (expected,) = numerical(op, args, kwargs, [0])
    assert np.abs(expected).sum() > 0
    for backend, (found,) in gradients(op, args, kwargs, [0]).items():
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4, err_msg=backend)


def test_broadcast_shapes():
    import ivy

    assert ivy.broadcast_shapes((2, 1), (3,), ()) == (2, 3)
    assert ivy.broadcast_shapes((0, 1), (1, 3)) == (0, 3)
    with pytest.raises(ShapeError, match="don't broadcast"):
        ivy.broadcast_shapes((2,), (3,))
