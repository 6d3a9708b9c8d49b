"""Random inputs, and arrays of every framework as NumPy's."""

from __future__ import annotations

import random
import zlib
from collections.abc import Container
from typing import Any

import ml_dtypes
import numpy as np

from ivy.backend import get_backend
from ivy.dtypes import as_dtype

SIZES = (0, 1, 1, 2, 2, 3, 3, 5, 7, 8, 9)
LIMIT = 800  # elements of an intermediate result
DTYPES = (
    "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64",
)  # fmt: skip
WEIGHTS = (2, 1, 1, 1, 3, 3, 1, 1, 7, 4, 1)
SHORT = {"bfloat16": (4, 16), "float16": (16, 64)}  # parts of one and size of what counts as a short binary fraction
SPECIAL = (np.nan, np.inf, -np.inf, -0.0, 0.0, 1.0)


def numpy_dtype(name: str) -> np.dtype[Any]:
    """Return the dtype of a name, ml_dtypes' for bfloat16."""
    return np.dtype(ml_dtypes.bfloat16) if name == "bfloat16" else np.dtype(name)


def draw_array(rng: random.Random, shape: tuple[int, ...], dtype: str, special: bool = True) -> np.ndarray:
    """Return an array of small values, sometimes with special ones or the extremes of its dtype among them."""
    kind = numpy_dtype(dtype)
    draws = np.random.default_rng(rng.getrandbits(32))
    if dtype == "bool":
        return draws.random(shape) < 0.5
    if kind.kind in "iu":
        low = 0 if kind.kind == "u" else -6
        x = draws.integers(low, 10, shape).astype(kind)
        if x.size and special and rng.random() < 0.1:
            info = np.iinfo(kind)
            x.flat[rng.randrange(x.size)] = rng.choice((info.min, info.max, info.max - 1))
        return x
    x = draws.normal(size=shape) * rng.choice((1, 1, 1, 3))
    if rng.random() < 0.2:
        x = np.round(x)
    if kind.kind == "c":
        x = x + 1j * draws.normal(size=shape)
    x = np.asarray(x).astype(kind)
    if x.size and special and kind.kind != "c" and rng.random() < 0.08:
        x.flat[rng.randrange(x.size)] = rng.choice(SPECIAL)
    return x


def draw_shape(rng: random.Random) -> tuple[int, ...]:
    """Return a shape of up to four axes with at most `LIMIT` // 4 elements."""
    while True:
        rank = rng.choice((0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4))
        sizes = SIZES if rng.random() < 0.4 else SIZES[1:]
        shape = tuple(rng.choice(sizes) for _ in range(rank))
        if np.prod(shape) <= LIMIT // 4:
            return shape


def draw_inputs(rng: random.Random, known: Container[str], special: bool = True) -> list[np.ndarray]:
    """Return one to three arrays; their shapes are often the same, or broadcast."""
    count = rng.choice((1, 2, 2, 3))
    weights = [w if name in known else 0 for name, w in zip(DTYPES, WEIGHTS)]
    shape = draw_shape(rng)
    arrays = []
    for i in range(count):
        here = shape
        if i and rng.random() < 0.25:
            here = draw_shape(rng)
        elif i and rng.random() < 0.35:
            here = tuple(1 if rng.random() < 0.4 else n for n in shape)[rng.randrange(len(shape) + 1) :]
        arrays.append(draw_array(rng, here, rng.choices(DTYPES, weights)[0], special))
    return arrays


def native(x: np.ndarray, framework: str) -> Any:
    """Return a fresh array of a framework."""
    return get_backend(framework).module.from_foreign(np.array(x), copy=True)


def to_numpy(x: Any, framework: str) -> np.ndarray:
    """Return a copy of a framework's array."""
    return np.array(get_backend(framework).module.to_numpy(x))


def canonical(dtype: Any, framework: str) -> str:
    """Return the dtype that a framework has for `dtype`: JAX has no 64-bit types unless asked."""
    narrowed = getattr(get_backend(framework).module, "canonical_dtype", None)
    return str(narrowed(as_dtype(dtype)) if narrowed else dtype)


def seeded(*parts: Any) -> random.Random:
    """Return a generator for these parts of a name."""
    return random.Random(zlib.crc32("|".join(map(str, parts)).encode()))


def jittered(x: np.ndarray, draws: np.random.Generator, steps: float = 2.0) -> np.ndarray:
    """Move inexact values by a few units in the last place; short binary fractions, as 0.5 or 3, stay.

    Zeros change their sign at random: frameworks don't agree on it, nor do one's own kernels (of a maximum, a remainder).
    """
    if (x.dtype.kind not in "fcV" and x.dtype.name != "bfloat16") or not x.size:
        return x
    wide = "complex128" if x.dtype.kind == "c" else "float64"
    eps = {"float16": 1e-3, "bfloat16": 8e-3, "float32": 1.2e-7, "complex64": 1.2e-7}.get(x.dtype.name, 2.3e-16)
    full = x.astype(wide)
    with np.errstate(all="ignore"):
        parts, limit = SHORT.get(x.dtype.name, (256, 4096))
        short = (full * parts == np.round(full * parts)) & (np.abs(full) <= limit)
        noise = 1 + eps * steps * draws.choice((-1.0, 1.0, 0.5), size=x.shape)
        signs = draws.choice((-1.0, 1.0), size=x.shape)
        return np.where(full == 0, full * signs, np.where(short, full, full * noise)).astype(x.dtype)
