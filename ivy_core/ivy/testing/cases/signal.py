"""Cases of signals: frames, spectra, cosine transforms and convolution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.fft
import scipy.signal
from scipy.signal import windows

from ivy.dtypes import ALL as DTYPES
from ivy.dtypes import as_dtype
from ivy.testing.case import Call, case
from ivy.testing.draw import ANY, COMPLEX, FLOAT, INTEGER, NUMERIC, Draw

# --- frames


def _frame(x: Any, length: int, step: int, *, axis: int = -1, pad_end: bool = False, pad_value: float = 0.0) -> Any:
    x = np.moveaxis(x, axis, 0)
    n = len(x)
    starts = range(0, n, step) if pad_end else range(0, n - length + 1, step)
    more = np.full((length, *x.shape[1:]), pad_value).astype(x.dtype)
    whole = np.concatenate([x, more])
    cut = [whole[s : s + length] for s in starts]
    found = np.stack(cut) if cut else np.zeros((0, length, *x.shape[1:]), x.dtype)
    axis %= x.ndim
    return np.moveaxis(found, (0, 1), (axis, axis + 1))


@case("frame", _frame, dtype="first")
def _(d: Draw) -> Call:
    shape = list(d.shape(1, 3))
    axis = d.axis(len(shape)) if d.flag() else -1
    shape[axis] = d.integer(1, 7)
    found: dict[str, Any] = {"axis": axis} if axis != -1 else {}
    if d.flag():
        found |= {"pad_end": True} | ({"pad_value": 1.0} if d.flag() else {})
    return Call(d.array(shape, ANY), d.integer(1, 4), d.integer(1, 5), **found)


def _overlap(frames: Any, step: int) -> Any:
    count, length = frames.shape[-2:]
    found = np.zeros((*frames.shape[:-2], (count - 1) * step + length if count else 0), frames.dtype)
    for i in range(count):
        found[..., i * step : i * step + length] += frames[..., i, :]
    return found


@case("overlap_add", _overlap, dtype="first", tolerance=4)
def _(d: Draw) -> Call:
    return Call(d.array((*d.shape(0, 1), *d.shape(2, 2)), NUMERIC), d.integer(1, 4))


# --- spectra


def _window(n_fft: int, win_length: int | None, window: Any) -> Any:
    width = n_fft if win_length is None else win_length
    w = np.ones(width) if window is None else window
    before = (n_fft - width) // 2
    return np.pad(w, (before, n_fft - width - before))


def _stft(
    x: Any,
    n_fft: int,
    *,
    hop_length: Any = None,
    win_length: Any = None,
    window: Any = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: Any = None,
) -> Any:
    hop = hop_length or n_fft // 4
    if center:
        mode: Any = pad_mode
        x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(n_fft // 2,) * 2], mode=mode)
    w = _window(n_fft, win_length, window)
    frames = np.stack([x[..., s : s + n_fft] * w for s in range(0, x.shape[-1] - n_fft + 1, hop)], -1)
    turns = np.exp(-2j * np.pi * np.outer(np.arange(n_fft), np.arange(n_fft)) / n_fft)
    found = turns @ frames / (math.sqrt(n_fft) if normalized else 1)
    real = x.dtype.kind != "c" and (window is None or window.dtype.kind != "c")
    return found[..., : n_fft // 2 + 1, :] if (real if onesided is None else onesided) else found


def _spectrum(x: Any, *args: Any, window: Any = None, **options: Any) -> Any:
    wide = "float64" in str(x.dtype) or x.dtype == "complex128"
    return DTYPES["complex128" if wide else "complex64"]


def _windows(d: Draw, n_fft: int, dtype: str, hop: int) -> dict[str, Any]:
    found: dict[str, Any] = {"hop_length": hop} if hop != n_fft // 4 else {}
    if d.flag():
        width = d.of(n_fft, n_fft - 1, n_fft - 2)
        found["window"] = windows.hamming(width, sym=False).astype(dtype)
        if width != n_fft:
            found["win_length"] = width
    return found | ({"normalized": True} if d.flag() else {})


@case("stft", _stft, dtype=_spectrum, tolerance=4)
def _(d: Draw) -> Call:
    n_fft = d.of(4, 8, 5)
    dtype = d.dtype(("float32", "float64", *COMPLEX))
    real = {"complex64": "float32", "complex128": "float64"}.get(dtype, dtype)
    found = _windows(d, n_fft, real, d.of(n_fft // 4, 2, 3))
    if d.flag():
        found |= {"center": False} if d.flag() else {"pad_mode": "constant"}
    if dtype == real and d.flag():
        found["onesided"] = d.flag()
    lead = d.of((), (2,), (2, 1))
    return Call(d.array((*lead, d.integer(9, 12)), dtype), n_fft, **found)


def _istft(
    x: Any,
    n_fft: int,
    *,
    hop_length: Any = None,
    win_length: Any = None,
    window: Any = None,
    center: bool = True,
    normalized: bool = False,
    onesided: Any = None,
    length: Any = None,
    real: bool = True,
) -> Any:
    hop = hop_length or n_fft // 4
    rows = np.swapaxes(x, -1, -2) * (math.sqrt(n_fft) if normalized else 1)
    frames = np.fft.irfft(rows[..., : n_fft // 2 + 1], n_fft) if real else np.fft.ifft(rows)
    w = _window(n_fft, win_length, window)
    found = _overlap(frames * w, hop) / _overlap(np.broadcast_to(w**2, (x.shape[-1], n_fft)), hop)
    start = n_fft // 2 if center else 0
    end = found.shape[-1] - start if length is None else start + length
    found = found[..., start:end]
    return np.pad(found, [(0, 0)] * (found.ndim - 1) + [(0, end - start - found.shape[-1])])


@case("istft", _istft, tolerance=8, dtype=lambda x, *a, real=True, **k: as_dtype(x.real.dtype if real else x.dtype))
def _(d: Draw) -> Call:
    n_fft, real = d.of(4, 8, 5), d.flag()
    dtype = d.dtype(COMPLEX)
    if d.smooth:  # drawn floats are the parts
        dtype = "complex64"
    found = _windows(d, n_fft, "float64" if dtype == "complex128" else "float32", d.of(n_fft // 4, 2))
    whole = not real or d.flag()
    if not real:
        found["real"] = False
    if d.flag():
        found["onesided"] = not whole
    if d.flag():
        found["length"] = d.of(6, 3, 30)
    if "win_length" not in found and d.flag():
        found["center"] = False
    lead = d.of((), (2,))
    return Call(d.array((*lead, n_fft if whole else n_fft // 2 + 1, 6), dtype), n_fft, **found)


def _mel(
    *,
    num_mel_bins: int = 20,
    num_spectrogram_bins: int = 129,
    sample_rate: float = 8000,
    lower_edge_hertz: float = 125.0,
    upper_edge_hertz: float = 3800.0,
    dtype: Any = None,
) -> Any:
    def scale(hertz: Any) -> Any:
        return 1127 * np.log(1 + np.asarray(hertz) / 700)

    edges = np.linspace(scale(lower_edge_hertz), scale(upper_edge_hertz), num_mel_bins + 2)
    bins = scale(np.linspace(0, sample_rate / 2, num_spectrogram_bins))[1:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.concatenate([np.zeros((1, num_mel_bins)), np.maximum(np.minimum(rising, falling), 0)])


@case("mel_weight_matrix", _mel, dtype=lambda *, dtype=None, **k: DTYPES[dtype or "float32"])
def _(d: Draw) -> Call:
    choices: dict[str, tuple[Any, ...]] = {
        "num_mel_bins": (4, 1),
        "num_spectrogram_bins": (9, 2),
        "sample_rate": (16000, 9000.0),
        "lower_edge_hertz": (0.0, 60.0),
        "upper_edge_hertz": (4000.0, 900.0),
    }
    found = {name: d.of(*values) for name, values in choices.items() if d.flag()}
    return Call(**found, **({"dtype": d.dtype(("float32", "float64"))} if d.flag() else {}))


# --- convolution


def _sums(op: str, reference: Any, modes: tuple[str, ...]) -> None:
    @case(op, reference, tolerance=6)
    def _(d: Draw) -> Call:
        dtype = d.dtype(NUMERIC)
        other = d.dtype(NUMERIC) if d.flag() else dtype
        args = [d.array((d.integer(1, 5),), t) for t in (dtype, other)]
        return Call(*args, **({"mode": d.of(*modes)} if d.flag() else {}))


_sums("convolve", np.convolve, ("same", "valid"))
_sums("correlate", np.correlate, ("same", "full"))


def _fft_convolve(a: Any, b: Any, *, mode: str = "full", axes: Any = None) -> Any:
    """By sums of shifted products, not by transforms."""
    axes = tuple(range(a.ndim)) if axes is None else tuple(x % a.ndim for x in axes)
    if mode == "valid" and any(a.shape[x] < b.shape[x] for x in axes):
        a, b = b, a
    shape = [a.shape[x] + b.shape[x] - 1 if x in axes else max(a.shape[x], b.shape[x]) for x in range(a.ndim)]
    found = np.zeros(shape, np.result_type(a, b))
    for place in np.ndindex(*(b.shape[x] if x in axes else 1 for x in range(a.ndim))):
        shift = tuple(slice(p, p + a.shape[x]) if x in axes else slice(None) for x, p in enumerate(place))
        found[shift] += a * b[tuple(slice(p, p + 1) if x in axes else slice(None) for x, p in enumerate(place))]
    key = []
    for x, size in enumerate(shape):
        wanted = {"full": size, "same": a.shape[x], "valid": a.shape[x] - b.shape[x] + 1}[mode] if x in axes else size
        key.append(slice((size - wanted) // 2, (size - wanted) // 2 + wanted))
    return found[tuple(key)]


@case("fft_convolve", _fft_convolve, dtype="float", tolerance=6)
def _(d: Draw) -> Call:
    shape, mode = d.shape(1, 3, least=1), d.of("full", "same", "valid")
    dtype = d.dtype((*FLOAT, *COMPLEX, *INTEGER[:2]))
    axes = d.axes(len(shape), least=1) if d.flag() else None
    kernel = [d.integer(1, n) if mode == "valid" else d.integer(1, 4) for n in shape]
    if axes is not None:
        own = {a % len(shape) for a in axes}
        kernel = [k if i in own else d.of(1, shape[i]) for i, k in enumerate(kernel)]
    args = [d.array(shape, dtype), d.array(kernel, dtype)]
    if mode == "valid" and axes is None and d.flag():
        args.reverse()
    return Call(*args, **({"mode": mode} if mode != "full" else {}), **({"axes": axes} if axes is not None else {}))


# --- cosine transforms

for _op in ("dct", "idct"):

    @case(_op, getattr(scipy.fft, _op), dtype="float", tolerance=4)
    def _(d: Draw) -> Call:
        shape = list(d.shape(1, 3))
        axis = d.axis(len(shape)) if d.flag() else -1
        shape[axis] = d.integer(2, 6)
        found: dict[str, Any] = {"axis": axis} if axis != -1 else {}
        if d.flag():
            found["n"] = d.integer(2, 7)
        if d.flag():
            found["type"] = d.of(1, 3, 4)
        if d.flag():
            found["norm"] = d.of("ortho", "forward")
        return Call(d.array(shape, (*FLOAT, *INTEGER)), **found)
