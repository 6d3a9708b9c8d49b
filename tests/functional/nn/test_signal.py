"""Windows, short-time transforms, cosine transforms and convolution along an axis, against torch, SciPy and NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.fft
import scipy.signal
from agreement import BACKENDS, call, gradients, numerical, same
from backends import DIFFERENTIABLE, outputs_and_gradients, to_np

import ivy.functional as F
from ivy.backend import body_of, get_backend, scope
from ivy.errors import ArgumentError

# op -> (keywords, SciPy's name and arguments)
WINDOWS = {
    "bartlett_window": ({}, "bartlett"),
    "blackman_window": ({}, "blackman"),
    "cosine_window": ({}, "cosine"),
    "exponential_window": ({"tau": 3.0}, ("exponential", None, 3.0)),
    "gaussian_window": ({"std": 2.5}, ("gaussian", 2.5)),
    "general_cosine_window": ({"weights": (0.4, 0.4, 0.2)}, ("general_cosine", [0.4, 0.4, 0.2])),
    "general_hamming_window": ({"alpha": 0.6}, ("general_hamming", 0.6)),
    "hamming_window": ({}, "hamming"),
    "hann_window": ({}, "hann"),
    "kaiser_window": ({"beta": 7.5}, ("kaiser", 7.5)),
    "nuttall_window": ({}, "nuttall"),
    "tukey_window": ({"alpha": 0.3}, ("tukey", 0.3)),
}


@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("name", WINDOWS)
def test_windows(name, periodic):
    kwargs, form = WINDOWS[name]
    for size in (1, 2, 7, 16):
        expected = scipy.signal.get_window(form, size, fftbins=periodic)
        if name == "nuttall_window" and size > 1:  # SciPy's has four digits more
            import torch

            expected = torch.signal.windows.nuttall(size, sym=not periodic, dtype=torch.float64).numpy()
        for backend in BACKENDS:
            same(
                call(name, backend, size, periodic=periodic, **kwargs),
                expected.astype("float32"),
                backend,
                tolerance=1e-6,
                where=f"{name}({size}) on {backend}",
            )
        found = body_of(getattr(F, name), "numpy")(size, periodic=periodic, dtype="float64", **kwargs)
        np.testing.assert_allclose(found, expected, atol=1e-14, rtol=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_windows_of_no_weights(backend):
    assert call("hann_window", backend, 0).shape == (0,)
    assert str(call("hann_window", backend, 3, dtype="bfloat16").dtype) == "bfloat16"
    with pytest.raises(ArgumentError, match="no fewer than 0"):
        call("hann_window", backend, -1)


STFT = {
    "plain": {},
    "hop": {"hop_length": 3, "win_length": 6},
    "ends": {"center": False, "normalized": True},
    "two sides": {"onesided": False, "pad_mode": "constant"},
}


@pytest.mark.parametrize("case", STFT)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_stft(check, case, dtype):
    import torch

    x, kw = check.normal(2, 40, dtype=dtype), STFT[case]
    window = np.abs(check.normal(kw.get("win_length", 8), dtype=dtype)) + np.asarray(0.1, dtype)

    expected = torch.stft(torch.from_numpy(x), 8, window=torch.from_numpy(window), return_complex=True, **kw).numpy()
    for backend in BACKENDS:
        found = call("stft", backend, x, 8, window=window, **kw)
        same(found, expected, backend, tolerance=2e-5 if "32" in dtype or backend == "jax" else 1e-10)
    same(call("stft", "numpy", x[0], 8, window=window, **kw), expected[0], "numpy", tolerance=2e-5)


@pytest.mark.parametrize("case", ["plain", "hop", "two sides"])
def test_istft_inverts(check, case):
    import torch

    kw = {k: v for k, v in STFT[case].items() if k != "pad_mode"}
    x = check.normal(2, 40)
    window = np.abs(check.normal(kw.get("win_length", 8))) + np.float32(0.3)
    spectrum = torch.stft(torch.from_numpy(x), 8, window=torch.from_numpy(window), return_complex=True, **kw).numpy()
    for length in (None, 37):
        expected = torch.istft(torch.from_numpy(spectrum), 8, window=torch.from_numpy(window), length=length, **kw)
        for backend in BACKENDS:
            found = call("istft", backend, spectrum, 8, window=window, length=length, **kw)
            same(found, expected.numpy(), backend, tolerance=2e-5)


def test_complex_stft():
    rng = np.random.default_rng(0)
    x = (rng.normal(size=30) + 1j * rng.normal(size=30)).astype("complex64")
    for backend in BACKENDS:
        spectrum = call("stft", backend, x, 6)
        assert spectrum.shape[0] == 6
        same(call("istft", backend, spectrum, 6, real=False, length=30), x, backend, tolerance=1e-4)
        with pytest.raises(ArgumentError):
            call("stft", backend, x, 6, window=np.ones(7))


def test_gradient_of_the_transforms(check):
    """There and back again is the identity, and so is its derivative, in every framework."""
    x = check.normal(20)

    def there_and_back(x):
        z = F.stft(x, 8, hop_length=2)
        return F.istft(F.multiply(z, 2.0), 8, hop_length=2)

    for name in DIFFERENTIABLE:
        with scope(get_backend(name)):
            (y,), (g,) = outputs_and_gradients(name, there_and_back, [x])
        np.testing.assert_allclose(to_np(y), 2 * x, atol=1e-4, err_msg=name)
        np.testing.assert_allclose(to_np(g), np.full_like(x, 2), atol=1e-4, err_msg=name)


@pytest.mark.parametrize("axis", [0, -1])
def test_frames(axis):
    x = (
        np.arange(24.0, dtype="float32").reshape(12, 2)
        if axis == 0
        else np.arange(24.0, dtype="float32").reshape(2, 12)
    )
    for backend in BACKENDS:
        found = call("frame", backend, x, 5, 3, axis=axis)
        assert found.shape == ((3, 5, 2) if axis == 0 else (2, 3, 5))
        part = x[3:8] if axis == 0 else x[:, 3:8]
        np.testing.assert_array_equal(found[1] if axis == 0 else found[:, 1], part)
        padded = call("frame", backend, x, 5, 3, axis=axis, pad_end=True, pad_value=-1.0)
        assert padded.shape == ((4, 5, 2) if axis == 0 else (2, 4, 5))
        assert (padded[3, 3:] == -1).all() if axis == 0 else (padded[:, 3, 3:] == -1).all()
        assert call("frame", backend, x[:3] if axis == 0 else x[:, :3], 5, 3, axis=axis).size == 0


def test_overlap_add():
    frames = np.random.default_rng(1).normal(size=(2, 4, 5)).astype("float32")
    expected = np.zeros((2, 14), "float32")
    for i in range(4):
        expected[:, 3 * i : 3 * i + 5] += frames[:, i]
    for backend in BACKENDS:
        same(call("overlap_add", backend, frames, 3), expected, backend)
        assert call("overlap_add", backend, frames[:, :0], 3).shape == (2, 0)
    for name, (found,) in gradients("overlap_add", [frames, 3], {}, [0]).items():
        np.testing.assert_allclose(found, numerical("overlap_add", [frames, 3], {}, [0])[0], atol=1e-3, err_msg=name)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize(("n", "m"), [(7, 3), (7, 4), (3, 7), (4, 7), (5, 5), (1, 1)])
@pytest.mark.parametrize("dtype", ["int32", "float32", "float64", "complex64"])
def test_convolution(n, m, mode, dtype):
    rng = np.random.default_rng(2)
    a, b = ((rng.normal(size=k) * 5 + (1j * rng.normal(size=k) if "c" in dtype else 0)).astype(dtype) for k in (n, m))
    for backend in BACKENDS:
        limit = {"float64": 2e-5 if backend == "jax" else 1e-12}.get(dtype, 2e-5)
        same(call("convolve", backend, a, b, mode=mode), np.convolve(a, b, mode), backend, dtype=dtype, tolerance=limit)
        expected = np.correlate(a, b, mode)
        same(
            call("correlate", backend, a, b, mode=mode),
            expected,
            backend,
            dtype=dtype,
            tolerance=limit,
            where=f"{mode} {backend} {n} {m}",
        )


def test_convolution_of_nothing():
    for backend in BACKENDS:
        with pytest.raises(ArgumentError):
            call("convolve", backend, np.ones(3), np.ones(0))
        with pytest.raises(ArgumentError):
            call("convolve", backend, np.ones(3), np.ones(2), mode="whole")
    args = [np.arange(1.0, 6.0, dtype="float32"), np.array([0.5, -1.0], "float32")]
    for name, found in gradients("convolve", args, {}, [0, 1]).items():
        for f, e in zip(found, numerical("convolve", args, {}, [0, 1]), strict=True):
            np.testing.assert_allclose(f, e, atol=1e-3, err_msg=name)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("dtype", ["float32", "complex64", "int32"])
def test_fft_convolution(mode, dtype):
    rng = np.random.default_rng(3)
    a, b = (rng.normal(size=s) * 4 for s in ((6, 7), (3, 4)))
    a, b = (a.astype(dtype), b.astype(dtype))
    for first, second in ((a, b), (b, a)):
        expected = scipy.signal.fftconvolve(first, second, mode)
        for backend in BACKENDS:
            found = call("fft_convolve", backend, first, second, mode=mode)
            same(found, expected, backend, dtype="float32" if dtype == "int32" else dtype, tolerance=1e-4)
    expected = scipy.signal.fftconvolve(a, b[:1], mode, axes=1)
    for backend in BACKENDS:
        found = call("fft_convolve", backend, a, b[:1], mode=mode, axes=(-1,))
        same(found, expected, backend, dtype="float32" if dtype == "int32" else dtype, tolerance=1e-4)


@pytest.mark.parametrize("norm", ["backward", "ortho", "forward"])
@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("op", ["dct", "idct"])
def test_cosine_transforms(op, kind, norm):
    x = np.random.default_rng(4).normal(size=(3, 5))
    reference = getattr(scipy.fft, op)
    for n, axis in ((None, -1), (4, 0), (3, 1)):
        for backend in BACKENDS:
            limit = 2e-5 if backend == "jax" else 1e-12
            found = call(op, backend, x, type=kind, norm=norm, n=n, axis=axis)
            same(found, reference(x, kind, n, axis, norm), backend, tolerance=limit, where=f"{backend} {n} {axis}")
    same(
        call(op, "numpy", x.astype("int32"), type=kind, norm=norm),
        reference(x.astype("int32").astype("float32"), kind, norm=norm),
        "numpy",
        dtype="float32",
    )


def test_gradient_of_the_cosine_transform():
    x = np.random.default_rng(5).normal(size=(2, 4)).astype("float32")
    for kind in (1, 2, 3, 4):
        (expected,) = numerical("dct", [x], {"type": kind}, [0])
        for name, (found,) in gradients("dct", [x], {"type": kind}, [0]).items():
            np.testing.assert_allclose(found, expected, atol=1e-3, err_msg=name)
    with pytest.raises(ArgumentError):
        call("dct", "numpy", x, type=5)


def test_mel_weight_matrix():
    tf = pytest.importorskip("tensorflow")
    expected = tf.signal.linear_to_mel_weight_matrix(12, 65, 8000, 100.0, 3500.0).numpy()
    kw = {"num_mel_bins": 12, "num_spectrogram_bins": 65, "lower_edge_hertz": 100.0, "upper_edge_hertz": 3500.0}
    for backend in BACKENDS:
        same(call("mel_weight_matrix", backend, **kw), expected, backend, tolerance=2e-5)
    with pytest.raises(ArgumentError):
        F.mel_weight_matrix(lower_edge_hertz=5000.0)
