"""Normalisations against torch."""

from __future__ import annotations

import numpy as np
import pytest
from backends import BACKENDS, to_np

import ivy.functional as F
from ivy.backend import get_backend
from ivy.dtypes import dtype_of
from ivy.errors import ShapeError

DTYPES = ["float32", "float64", "bfloat16"]


def T():
    import torch.nn.functional

    return torch.nn.functional


def moved(f, axis):
    return lambda x, *rest: f(x.movedim(axis, 1), *rest).movedim(1, axis)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("axis", [1, -1])
def test_batch_norm(check, dtype, affine, axis):
    shape = (2, 4, 5, 6)
    n = shape[axis]
    x, mean = check.normal(*shape, dtype=dtype), check.normal(n)
    var = np.abs(check.normal(n)) + np.float32(0.5)
    parts = [check.normal(n), check.normal(n)] if affine else []
    stats = [mean, var, *parts] if dtype != "float64" else [a.astype(dtype) for a in (mean, var, *parts)]
    check(
        F.batch_norm,
        [x, *stats],
        {"axis": axis, "eps": 1e-3},
        moved(lambda x, m, v, *p: T().batch_norm(x, m, v, *p, eps=1e-3), axis),
        grad=False,
    )


@pytest.mark.parametrize("affine", [True, False])
def test_batch_norm_gradients(check, affine):
    x, mean, var = check.normal(3, 4, 5), check.normal(4), np.abs(check.normal(4)) + np.float32(0.5)
    parts = [check.normal(4), check.normal(4)] if affine else []

    def reference(x, m, v, s=None, o=None):
        y = (x - m[:, None]) / (v[:, None] + 1e-5) ** 0.5
        return y if s is None else y * s[:, None] + o[:, None]

    check(F.batch_norm, [x, mean, var, *parts], {}, reference, skip=("torch",))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("axis", [1, -1])
def test_batch_norm_train(check, dtype, affine, axis):
    shape = (3, 4, 5, 6)
    n = shape[axis]
    parts = [check.normal(n, dtype=dtype), check.normal(n, dtype=dtype)] if affine else []

    def reference(x, s=None, o=None):
        h = x.movedim(axis, 1)
        y = T().batch_norm(h, None, None, s, o, training=True, eps=1e-4)
        return y.movedim(1, axis), h.mean((0, 2, 3)), h.var((0, 2, 3), correction=0)

    check(
        F.batch_norm_train,
        [check.normal(*shape, dtype=dtype, shift=3.0), *parts],
        {"axis": axis, "eps": 1e-4},
        reference,
    )


def test_batch_norm_train_half(check):
    x = check.normal(3, 4, 5, dtype="bfloat16")
    for name in BACKENDS:
        backend = get_backend(name)
        y, mean, var = backend.function(F.batch_norm_train.__ivy_op__)(backend.module.asarray(x))
        assert dtype_of(y) == "bfloat16"
        assert dtype_of(mean) == "float32"
        np.testing.assert_allclose(to_np(mean), x.astype("float32").mean((0, 2)), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(to_np(var), x.astype("float32").var((0, 2)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("affine", [0, 1, 2])
@pytest.mark.parametrize("axes", [-1, (-2, -1)])
def test_layer_norm(check, dtype, affine, axes):
    shape = (6,) if axes == -1 else (5, 6)
    parts = [check.normal(*shape, dtype=dtype) for _ in range(affine)]
    x = check.normal(2, 3, 5, 6, dtype=dtype, shift=2.0)
    check(
        F.layer_norm,
        [x, *parts],
        {"axes": axes, "eps": 1e-4},
        lambda x, *p: T().layer_norm(x, shape, *p, eps=1e-4),
    )


def test_layer_norm_over_channels_first(check):
    x, s, o = check.normal(2, 4, 5, 6), check.normal(4), check.normal(4)
    check(
        F.layer_norm,
        [x, s, o],
        {"axes": 1},
        lambda x, s, o: T().layer_norm(x.movedim(1, -1), (4,), s, o).movedim(-1, 1),
    )


def test_layer_norm_over_axes_apart(check):
    x, s = check.normal(2, 4, 5, 6), check.normal(4, 6)
    check(
        F.layer_norm,
        [x, s],
        {"axes": (-1, 1)},
        lambda x, s: T().layer_norm(x.permute(0, 2, 1, 3), (4, 6), s).permute(0, 2, 1, 3),
    )


def test_statistics_of_values_far_from_zero(check):
    x = check.normal(4, 1000, shift=1000.0)
    check(
        F.layer_norm, [x], {}, lambda x: T().layer_norm(x.double(), (1000,)).float(), grad=False, tolerance=(1e-3, 1e-3)
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("affine", [True, False])
def test_rms_norm(check, dtype, affine):
    parts = [check.normal(6, dtype=dtype)] if affine else []
    check(
        F.rms_norm,
        [check.normal(2, 5, 6, dtype=dtype), *parts],
        {"eps": 1e-5},
        lambda x, *p: T().rms_norm(x, (6,), *p, eps=1e-5),
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("last", [True, False])
def test_group_norm(check, dtype, affine, groups, last):
    axis = -1 if last else 1
    x = check.normal(*((3, 5, 6, 4) if last else (3, 4, 5, 6)), dtype=dtype)
    parts = [check.normal(4, dtype=dtype), check.normal(4, dtype=dtype)] if affine else []
    check(
        F.group_norm,
        [x, *parts],
        {"groups": groups, "data_format": "channels_last" if last else "channels_first"},
        moved(lambda x, *p: T().group_norm(x, groups, *p), axis),
    )


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("last", [True, False])
def test_instance_norm(check, affine, last):
    axis = -1 if last else 1
    x = check.normal(*((3, 5, 6, 4) if last else (3, 4, 5, 6)))
    parts = [check.normal(4), check.normal(4)] if affine else []
    check(
        F.instance_norm,
        [x, *parts],
        {"data_format": "channels_last" if last else "channels_first"},
        moved(lambda x, s=None, o=None: T().instance_norm(x, weight=s, bias=o), axis),
    )


@pytest.mark.parametrize("size", [2, 3, 5])
@pytest.mark.parametrize("last", [True, False])
def test_local_response_norm(check, size, last):
    x = check.normal(*((2, 5, 6, 7) if last else (2, 7, 5, 6)))
    check(
        F.local_response_norm,
        [x],
        {
            "size": size,
            "alpha": 0.1,
            "beta": 0.6,
            "k": 2.0,
            "data_format": "channels_last" if last else "channels_first",
        },
        moved(lambda x: T().local_response_norm(x, size, 0.1, 0.6, 2.0), -1 if last else 1),
    )


@pytest.mark.parametrize("axis", [-1, 1, (1, 2)])
def test_l2_normalize(check, axis):
    x = check.normal(3, 4, 5)
    x[0] = 0.0
    check(F.l2_normalize, [x], {"axis": axis}, lambda x: T().normalize(x, dim=axis))


def test_errors():
    for name in BACKENDS:
        backend = get_backend(name)
        with pytest.raises(ShapeError, match="3 groups"):
            backend.function(F.group_norm.__ivy_op__)(backend.module.asarray(np.zeros((1, 4, 2), "float32")), groups=3)


@pytest.mark.parametrize("axis", [0, 1, -1, None])
def test_weight_norm(check, axis):
    v = check.normal(3, 4, 2)
    g = check.normal(*[n if axis is not None and a == axis % 3 else 1 for a, n in enumerate(v.shape)])

    others = tuple(a for a in range(3) if axis is None or a != axis % 3)
    check(F.weight_norm, [v, g], {"axis": axis}, lambda v, g: g * v / (v * v).sum(others, keepdim=True).sqrt())


def test_spectral_norm(check):
    weight = check.normal(3, 4, 2)
    u, v = check.normal(3), check.normal(8)
    expected = weight / np.linalg.svd(weight.reshape(3, 8))[1][0]
    for name in BACKENDS:
        args = [get_backend(name).module.from_foreign(a, copy=True) for a in (weight, u, v)]
        once = F.spectral_norm(*args, iterations=60)
        np.testing.assert_allclose(to_np(once[0]), expected, rtol=1e-4, atol=1e-5)
        again = F.spectral_norm(args[0], *once[1:], iterations=0)  # evaluation keeps the vectors
        np.testing.assert_allclose(to_np(again[0]), expected, rtol=1e-4, atol=1e-5)
        np.testing.assert_array_equal(to_np(again[1]), to_np(once[1]))


def test_spectral_norm_gradients(check):
    weight, u, v = check.normal(3, 4), check.normal(3), check.normal(4)
    u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)

    def reference(w):
        import torch

        return w / (torch.tensor(u) @ w @ torch.tensor(v))

    for name in BACKENDS:
        if name == "numpy":
            continue
        a, b, c = (get_backend(name).module.from_foreign(x, copy=True) for x in (weight, u, v))
        found = F.grad(lambda w, b=b, c=c: F.sum(F.spectral_norm(w, b, c, iterations=0)[0] ** 2))(a)
        import torch

        leaf = torch.tensor(weight, requires_grad=True)
        (reference(leaf) ** 2).sum().backward()
        np.testing.assert_allclose(to_np(found), leaf.grad.numpy(), rtol=1e-3, atol=1e-4)
