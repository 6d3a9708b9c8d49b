"""Draws arguments: what a case asks hypothesis for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import ml_dtypes
import numpy as np
from hypothesis import strategies as st

from ivy.dtypes import ALL, as_dtype

__all__ = ["ANY", "BOOL", "COMPLEX", "FLOAT", "INEXACT", "INTEGER", "NUMERIC", "REAL", "SIGNED", "UNSIGNED", "Draw"]

FLOAT = ("float32", "float64", "float16", "bfloat16")
COMPLEX = ("complex64", "complex128")
INEXACT = FLOAT + COMPLEX
SIGNED = ("int32", "int64", "int8", "int16")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
INTEGER = SIGNED + UNSIGNED
REAL = FLOAT + INTEGER
NUMERIC = REAL + COMPLEX
BOOL = ("bool",)
ANY = NUMERIC + BOOL

SPECIAL = (np.nan, np.inf, -np.inf, -0.0, 0.0)


def numpy_dtype(name: Any) -> np.dtype[Any]:
    """Return NumPy's dtype object, that of ml_dtypes for bfloat16."""
    return np.dtype(ml_dtypes.bfloat16 if name == "bfloat16" else str(name))


class Draw:
    """What a case's builder draws its arguments with.

    Args:
        draw: hypothesis' draw function.
        dtypes: names of the dtypes that the backend has.
        smooth: whether a gradient will be taken: arrays of floats are then float32, have no special values, no two
            equal elements and none that lies on a round number.

    Example:
        >>> import warnings
        >>> from hypothesis import strategies as st
        >>> from ivy.testing.draw import FLOAT, Draw
        >>> @st.composite
        ... def arrays(draw):
        ...     return Draw(draw, ("float32",)).array((2, 3), FLOAT)
        >>> with warnings.catch_warnings():  # hypothesis warns of examples outside of tests
        ...     warnings.simplefilter("ignore")
        ...     arrays().example().shape
        (2, 3)
    """

    def __init__(self, draw: Callable[[Any], Any], dtypes: Sequence[str], *, smooth: bool = False) -> None:
        self.draw = draw
        self.dtypes = tuple(dtypes)
        self.smooth = smooth
        self._arrays = 0

    def of(self, *options: Any) -> Any:
        """Return one of the options; the first is the simplest."""
        return self.draw(st.sampled_from(options))

    def flag(self) -> bool:
        """Return a truth value."""
        return self.draw(st.booleans())

    def integer(self, low: int, high: int) -> int:
        """Return an integer between two bounds, both included."""
        return self.draw(st.integers(low, high))

    def dtype(self, among: Sequence[str]) -> str:
        """Return one of the dtypes that the backend has too; the example is given up where there is none."""
        if self.smooth and "float32" in among:
            return "float32"
        both = [name for name in among if name in self.dtypes]
        if not both:
            from hypothesis import reject

            reject()
        return self.of(*both)

    def shape(self, low: int = 0, high: int = 3, *, least: int = 0, most: int = 4) -> tuple[int, ...]:
        """Return a shape of `low` to `high` axes, each `least` to `most` long."""
        most = min(most, 3) if self.smooth else most
        least = max(least, 1) if self.smooth else least
        return tuple(self.draw(st.lists(st.integers(least, most), min_size=low, max_size=high)))

    def shapes(self, count: int, high: int = 3) -> list[tuple[int, ...]]:
        """Return shapes that broadcast against each other."""
        whole = self.shape(0, high)
        found = []
        for _ in range(count):
            part = whole[self.integer(0, len(whole)) :]
            found.append(tuple(1 if self.integer(0, 3) == 3 else n for n in part))
        return found

    def axis(self, ndim: int) -> int:
        """Return an axis, from the front or from the back."""
        return self.integer(-ndim, ndim - 1)

    def axes(self, ndim: int, *, least: int = 0, most: int | None = None) -> tuple[int, ...]:
        """Return distinct axes in any order, from the front or from the back."""
        count = self.integer(least, ndim if most is None else min(most, ndim))
        order = self.draw(st.permutations(range(ndim)))[:count]
        return tuple(a - ndim if self.flag() else a for a in order)

    def random(self) -> np.random.Generator:
        """Return a generator of NumPy's, for data that need not shrink."""
        return np.random.default_rng(self.draw(st.integers(0, 2**32 - 1)))

    def array(
        self,
        shape: Iterable[int] | None = None,
        dtypes: Sequence[str] | str = FLOAT,
        *,
        low: float = -4,
        high: float = 4,
        special: bool = False,
        unique: bool = False,
        layout: bool = True,
    ) -> np.ndarray[Any, Any]:
        """Return an array.

        Args:
            shape: its shape; None draws one.
            dtypes: among which its dtype is drawn, or the one it has.
            low: least element; of both parts, where complex.
            high: largest element.
            special: whether NaN, infinities and zeros of both signs may be among the elements.
            unique: whether no two elements are equal.
            layout: whether it may be a view with other strides than a new array's.
        """
        shape = self.shape() if shape is None else tuple(shape)
        dtype = as_dtype(dtypes if isinstance(dtypes, str) else self.dtype(dtypes))
        x = self._elements(shape, dtype, low, high, special and not self.smooth, unique)
        kind = self.of("new", "transposed", "strided") if layout and len(shape) and not self.smooth else "new"
        if kind == "transposed":
            return np.asarray(np.asarray(x.T, order="C")).T
        return np.repeat(x, 2, axis=-1)[..., ::2] if kind == "strided" else x

    def _elements(
        self, shape: tuple[int, ...], dtype: Any, low: float, high: float, special: bool, unique: bool
    ) -> np.ndarray[Any, Any]:
        rng = self.random()
        native = numpy_dtype(dtype)
        size = int(np.prod(shape, dtype="int64"))
        if dtype == "bool":
            return rng.integers(0, 2, shape).astype(bool)
        if dtype.is_integer:
            info = np.iinfo(native)
            inside = np.ceil(low) <= np.floor(high)
            low, high = (np.ceil(low), np.floor(high)) if inside else (np.floor(low), np.ceil(high))
            bounds = max(int(low), info.min), min(int(high), info.max)
            if unique:
                return (rng.permutation(max(size, 1))[:size] + bounds[0]).reshape(shape).astype(native)
            return rng.integers(*bounds, shape, dtype="int64", endpoint=True).astype(native)
        if self.smooth or unique:
            self._arrays += 1  # no element of one array equals one of another
            step = (high - low) / (size + 1)
            values = (low + step * (rng.permutation(size) + 0.5 + 0.043 * self._arrays)).reshape(shape)
        elif self.flag():  # with ties and round numbers
            values = np.clip(np.round(rng.uniform(low, high, shape) * 2) / 2, low, high)
        else:
            values = rng.uniform(low, high, shape)
        if dtype.is_complex:
            values = values + 1j * rng.uniform(low, high, shape)
        values = np.asarray(values).astype(native)
        if special and size and self.integer(0, 3) < 3:
            places = np.asarray(rng.random(shape) < 0.3)
            places[tuple(rng.integers(n) for n in shape)] = True
            values[places] = rng.choice(np.asarray(SPECIAL), int(places.sum())).astype(native)
        return values

    def indices(
        self, shape: Iterable[int], length: int, dtypes: Sequence[str] = ("int64", "int32"), *, negative: bool = True
    ) -> np.ndarray[Any, Any]:
        """Return an array of valid indices into an axis of some length, from the back too where `negative`."""
        low = -length if negative else 0
        return self.array(shape, dtypes, low=low, high=length - 1)

    def scalar(self, dtype: str) -> Any:
        """Return a Python scalar that keeps the dtype of an array of `dtype`."""
        kind = ALL[dtype].kind
        if kind == "bool":
            return self.flag()
        if kind in ("int", "uint"):
            return self.integer(0 if kind == "uint" else -3, 4)
        return self.of(2, 0.5, -1.25, 0)
