"""Resampling and rearranging of images against torch."""

from __future__ import annotations

import numpy as np
import pytest
from backends import BACKENDS, to_np

import ivy.functional as F
from ivy.backend import body_of, get_backend
from ivy.errors import ArgumentError, ShapeError


def T():
    import torch.nn.functional

    return torch.nn.functional


def name_of(mode, n):
    return {"linear": {1: "linear", 2: "bilinear", 3: "trilinear"}[n], "cubic": "bicubic"}.get(mode, mode)


def resample(check, n, sizes, mode, *, dtype="float32", last=False, inner=(7, 9, 5), grad=True, **kw):
    x = check.normal(2, 3, *inner[:n], dtype=dtype)
    extra = {"align_corners": kw.get("align_corners", False)} if mode in ("linear", "cubic") else {}
    if "antialias" in kw:
        extra["antialias"] = kw["antialias"]

    def reference(x):
        y = T().interpolate(x.movedim(-1, 1) if last else x, sizes, mode=name_of(mode, n), **extra)
        return y.movedim(1, -1) if last else y

    kw |= {"mode": mode, "data_format": "channels_last" if last else "channels_first"}
    check(F.interpolate, [np.moveaxis(x, 1, -1).copy() if last else x, sizes], kw, reference, grad=grad)


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "area", "linear"])
@pytest.mark.parametrize(
    ("n", "sizes"), [(1, (14,)), (1, (3,)), (2, (14, 4)), (2, (7, 20)), (2, (1, 1)), (3, (3, 18, 5))]
)
@pytest.mark.parametrize("last", [True, False])
def test_interpolate(check, mode, n, sizes, last):
    resample(check, n, sizes, mode, last=last)


@pytest.mark.parametrize("mode", ["linear", "cubic"])
@pytest.mark.parametrize("sizes", [(14, 18), (3, 4), (7, 13), (1, 30)])
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("antialias", [True, False])
def test_interpolate_smoothly(check, mode, sizes, align_corners, antialias):
    resample(check, 2, sizes, mode, align_corners=align_corners, antialias=antialias)


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
@pytest.mark.parametrize("mode", ["nearest", "linear", "cubic", "area"])
def test_interpolate_dtypes(check, dtype, mode):
    resample(check, 2, (11, 6), mode, dtype=dtype, grad=dtype == "float64")


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "linear", "cubic"])
@pytest.mark.parametrize("factor", [1.7, 0.6, 2.0, 2.3])
def test_interpolate_with_the_callers_factor(check, mode, factor):
    x = check.normal(1, 2, 9, 11)
    sizes = tuple(int(k * factor) for k in x.shape[2:])
    check(
        F.interpolate,
        [x, sizes],
        {"mode": mode, "scale": (factor, factor)},
        lambda x: T().interpolate(x, scale_factor=factor, mode=name_of(mode, 2), recompute_scale_factor=False),
    )


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "linear"])
def test_positions_are_those_of_torch_for_many_sizes(check, mode):
    import torch

    for size in (1, 2, 3, 5, 7, 10, 13, 24, 49, 100):
        # two axes: with one, torch rounds nearest-exact in another way (2 to 97 pixels: position 48)
        x = np.tile(np.arange(size, dtype="float32"), (1, 1, 3, 1))
        for out in (1, 2, 3, 6, 7, 9, 11, 15, 21, 29, 48, 70, 97, 147, 200):
            expected = T().interpolate(torch.from_numpy(x), (3, out), mode=name_of(mode, 2)).numpy()
            got = body_of(F.interpolate, "numpy")(x, (3, out), mode=mode)
            np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5 * size, err_msg=f"{size} to {out}")


@pytest.mark.parametrize("mode", ["linear", "nearest", "cubic"])
@pytest.mark.parametrize("padding_mode", ["zeros", "border", "reflection"])
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("last", [True, False])
def test_grid_sample(check, mode, padding_mode, align_corners, last):
    x = check.normal(2, 3, 5, 6)
    grid = check.rng.uniform(-2.2, 2.2, (2, 4, 7, 2)).astype("float32")

    def reference(x, g):
        y = T().grid_sample(x.movedim(-1, 1) if last else x, g, name_of(mode, 2), padding_mode, align_corners)
        return y.movedim(1, -1) if last else y

    kw = {"mode": mode, "padding_mode": padding_mode, "align_corners": align_corners}
    kw["data_format"] = "channels_last" if last else "channels_first"
    x = np.moveaxis(x, 1, -1).copy() if last else x
    check(F.grid_sample, [x, grid], kw, reference, grad=mode != "nearest", tolerance=(1e-4, 1e-4))


@pytest.mark.parametrize("mode", ["linear", "nearest"])
@pytest.mark.parametrize("padding_mode", ["zeros", "border", "reflection"])
def test_grid_sample_of_volumes(check, mode, padding_mode):
    x, grid = check.normal(2, 3, 4, 5, 6), check.rng.uniform(-1.5, 1.5, (2, 3, 4, 2, 3)).astype("float32")
    check(
        F.grid_sample,
        [x, grid],
        {"mode": mode, "padding_mode": padding_mode},
        lambda x, g: T().grid_sample(x, g, "nearest" if mode == "nearest" else "bilinear", padding_mode, False),
        grad=mode != "nearest",
        tolerance=(1e-4, 1e-4),
    )


@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("size", [(2, 3, 4, 5), (2, 3, 1, 5), (2, 3, 4, 5, 6)])
@pytest.mark.filterwarnings("ignore:Since version 1.3.0, affine_grid:UserWarning")
def test_affine_grid(check, align_corners, size):
    n = len(size) - 2
    check(
        F.affine_grid,
        [check.normal(2, n, n + 1), size],
        {"align_corners": align_corners},
        lambda t: T().affine_grid(t, size, align_corners),
    )


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("lead", [(), (2,), (2, 3)])
def test_pixel_shuffle(check, last, lead):
    x, y = check.normal(*lead, 18, 4, 5), check.normal(*lead, 2, 6, 9)
    kw = {"data_format": "channels_last" if last else "channels_first"}

    def formatted(f):
        return lambda x: f(x.movedim(-1, -3), 3).movedim(-3, -1) if last else f(x, 3)

    x, y = (np.moveaxis(a, -3, -1).copy() if last else a for a in (x, y))
    check(F.pixel_shuffle, [x, 3], kw, formatted(T().pixel_shuffle))
    check(F.pixel_unshuffle, [y, 3], kw, formatted(T().pixel_unshuffle))


def test_channel_shuffle(check):
    check(F.channel_shuffle, [check.normal(2, 6, 3, 4), 3], {}, lambda x: T().channel_shuffle(x, 3), grad=False)
    check(
        F.channel_shuffle,
        [check.normal(2, 3, 4, 6), 2],
        {"data_format": "channels_last"},
        lambda x: T().channel_shuffle(x.movedim(-1, 1), 2).movedim(1, -1),
        grad=False,
    )


WINDOWS = [
    {},
    {"strides": 2},
    {"strides": (1, 2), "padding": 1, "dilation": 2},
    {"strides": 2, "padding": (2, 1)},
]


@pytest.mark.parametrize("kw", WINDOWS, ids=str)
def test_unfold_and_fold(check, kw):
    x = check.normal(2, 3, 8, 9)
    torch_kw = {"stride": kw.get("strides", 1), "padding": kw.get("padding", 0), "dilation": kw.get("dilation", 1)}
    check(F.unfold, [x, (3, 2)], kw, lambda x: T().unfold(x, (3, 2), **torch_kw))
    columns = body_of(F.unfold, "numpy")(x, (3, 2), **kw)
    check(F.fold, [columns, (8, 9), (3, 2)], kw, lambda c: T().fold(c, (8, 9), (3, 2), **torch_kw))


def test_fold_is_the_transpose_of_unfold_in_any_number_of_axes(check):
    kw = {"strides": 2, "padding": [(1, 0), (0, 2), (1, 1)]}
    x = check.normal(1, 2, 5, 6, 4)
    for name in BACKENDS:
        backend = get_backend(name)
        unfold, fold = (backend.function(op.__ivy_op__) for op in (F.unfold, F.fold))
        columns = unfold(backend.module.asarray(x), 2, **kw)
        other = check.normal(*columns.shape)
        back = to_np(fold(backend.module.asarray(other), (5, 6, 4), (2, 2, 2), **kw))
        np.testing.assert_allclose((to_np(columns) * other).sum(), (x * back).sum(), rtol=1e-4, atol=1e-4)


def test_errors():
    x = np.zeros((1, 3, 4, 4), "float32")
    for name in BACKENDS:
        backend = get_backend(name)
        native = backend.module.asarray(x)
        with pytest.raises(ArgumentError, match="mode"):
            backend.function(F.interpolate.__ivy_op__)(native, 8, mode="lanczos")
        with pytest.raises(ArgumentError, match="mode"):
            backend.function(F.grid_sample.__ivy_op__)(
                native, backend.module.asarray(np.zeros((1, 2, 2, 2), "float32")), mode="x"
            )
    with pytest.raises(ShapeError, match="columns"):
        body_of(F.fold, "numpy")(np.zeros((1, 12, 5)), (4, 4), (2, 2))
