"""Fourier transforms against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from backends import MAKE, to_np, wide

import ivy
from ivy.functional.registry import OPS


@pytest.fixture(params=MAKE)
def backend(request):
    with wide(request.param):
        yield request.param


def check(found, expected):
    found = to_np(found)
    assert found.dtype == expected.dtype
    assert found.shape == expected.shape
    tolerance = 1e-4 if found.dtype in (np.complex64, np.float32) else 1e-10
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def array(dtype, shape=(4, 6, 5)):
    rng = np.random.default_rng(0)
    x = rng.normal(size=shape)
    return (x + 1j * rng.normal(size=shape) if np.dtype(dtype).kind == "c" else x).astype(dtype)


REAL = ("rfft", "ihfft", "rfftn")


@pytest.mark.parametrize("double", [False, True])
@pytest.mark.parametrize("norm", ["backward", "ortho", "forward"])
@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"])
def test_one_axis(backend, name, norm, double):
    x = array(("float64" if double else "float32") if name in REAL else "complex128" if double else "complex64")
    for axis in (-1, 0, 1):
        for n in (None, 3, 7, 8):
            expected = getattr(np.fft, name)(x, n, axis, norm)
            check(getattr(ivy.fft, name)(MAKE[backend](x), n=n, axis=axis, norm=norm), expected)


@pytest.mark.parametrize("norm", ["backward", "ortho", "forward"])
@pytest.mark.parametrize("name", ["fftn", "ifftn", "rfftn", "irfftn"])
def test_several_axes(backend, name, norm):
    x = array("float64" if name in REAL else "complex128")
    for s, axes in [(None, None), (None, (0, 2)), (None, (-1, 0)), ((3, 8), (0, 1)), ((3, 8), None), ((4, 6, 8), None)]:
        full = axes if axes is not None or s is None else tuple(range(-len(s), 0))
        expected = getattr(np.fft, name)(x, s, full, norm)
        check(getattr(ivy.fft, name)(MAKE[backend](x), s=s, axes=axes, norm=norm), expected)


def test_real_input_of_complex_transforms(backend):
    x = array("float32")
    check(ivy.fft.fft(MAKE[backend](x)), np.fft.fft(x))
    check(ivy.fft.fftn(MAKE[backend](x)), np.fft.fftn(x))


@pytest.mark.parametrize("n", [1, 4, 5])
def test_frequencies(backend, n):
    with ivy.using_backend(backend):
        for name in ("fftfreq", "rfftfreq"):
            expected = getattr(np.fft, name)(n, 0.5)
            check(getattr(ivy.fft, name)(n, d=0.5), expected.astype("float32"))
            check(getattr(ivy.fft, name)(n, d=0.5, dtype="float64"), expected)


@pytest.mark.parametrize("axes", [None, 0, -1, (0, 2)])
def test_shifts(backend, axes):
    x = array("float32")
    for name in ("fftshift", "ifftshift"):
        expected = getattr(np.fft, name)(x, axes)
        check(getattr(ivy.fft, name)(MAKE[backend](x), axes=axes), expected)
        check(OPS[f"fft.{name}"].body(MAKE[backend](x), axes=axes), expected)
