"""NaN, infinities and integers that wrap around in NumPy's order statistics, means and places, on every target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ivy
from ivy.errors import UnsupportedOpError

INF, NAN = np.inf, np.nan
VALUES = {
    "numbers": np.array([[0.5, -1.0, 2.0, 7.0], [3.0, 3.0, -4.0, 0.0]], "float32"),
    "infinities": np.array([[1.0, INF, 2.0, -INF], [INF, INF, 0.0, 1.0]], "float32"),
    "one": np.array([[-INF]], "float32"),
    "nan": np.array([[NAN, 1.0, INF], [2.0, 1.0, 0.0]], "float32"),
}
SHARES: dict[str, Callable[[Any], Any]] = {
    "median": lambda x: np.median(x, axis=-1),
    "median of all": lambda x: np.median(x),
    "percentile": lambda x: np.percentile(x, 30, axis=-1),
    "percentiles": lambda x: np.percentile(x, [0, 50, 100], axis=-1),
    "quantile": lambda x: np.quantile(x, 0.7, axis=0, keepdims=True),
    "lower": lambda x: np.quantile(x, 0.7, axis=-1, method="lower"),
    "midpoint": lambda x: np.quantile(x, 0.5, axis=-1, method="midpoint"),
    "rising": lambda x: np.digitize(x, [-1.0, 0.0, 2.0]),
    "falling": lambda x: np.digitize(x, [2.0, 0.0, -1.0], right=True),
    "left": lambda x: np.searchsorted(np.array([0.0, 1.0, 2.0, INF, NAN], "float32"), x),
    "right": lambda x: np.searchsorted(np.array([0.0, 1.0, 2.0, INF, NAN], "float32"), x, side="right"),
}


@pytest.mark.parametrize("target", ["numpy", "torch", "jax", "tensorflow", "paddle"])
@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("name", SHARES)
def test_order(name: str, kind: str, target: str) -> None:
    """Places in sorted order, and what lies between them."""
    f, x = SHARES[name], VALUES[kind]
    with np.errstate(all="ignore"):
        want = np.asarray(f(x))
        got = np.asarray(ivy.transpile(f, source="numpy", to=target)(x))
    np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("target", ["numpy", "torch", "jax", "tensorflow", "paddle"])
@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32"])
@pytest.mark.parametrize("axis", [None, -1])
def test_means_in_integers(axis: int | None, dtype: str, target: str) -> None:
    """The sum wraps around and the quotient is truncated."""
    x = np.array([[-300, -2774, 5], [7, 250, 1]], "int16")

    def f(x: Any) -> Any:
        return np.mean(x, axis=axis, dtype=dtype)

    got = np.asarray(ivy.transpile(f, source="numpy", to=target)(x))
    np.testing.assert_array_equal(got, f(x))
    assert str(got.dtype) == dtype


@pytest.mark.parametrize("target", ["numpy", "jax"])
@pytest.mark.parametrize("name", ["argmax", "argmin", "max", "min"])
@pytest.mark.parametrize("axis", [None, 0, -1])
def test_order_of_complex_numbers(axis: int | None, name: str, target: str) -> None:
    """Real parts come first, then imaginary ones; NaN wins."""
    x = np.array([[1 + 2j, 1 - 1j, NAN + 0j], [1j, -2, 3]], "complex64")

    def f(x: Any) -> Any:
        return getattr(np, name)(x, axis=axis)

    np.testing.assert_array_equal(np.asarray(ivy.transpile(f, source="numpy", to=target)(x)), f(x))


def test_a_view_of_another_dtype_is_other_memory() -> None:
    """What a view of the bits is given is converted, not left out as a copy onto itself; here that is refused."""

    def f(x: Any) -> Any:
        bits = x.view(np.int32)
        bits[...] = x
        return bits

    with pytest.raises(UnsupportedOpError, match=r"numpy\.ndarray\.__setitem__"):
        ivy.transpile(f, source="numpy", to="numpy")(np.array([1.0, 2.5], "float32"))


def test_complex_constants_keep_nan_and_the_signs_of_zeros() -> None:
    """Python's own text of such numbers is no expression, or one of another value."""
    for value in (complex(NAN, 0.0), complex(-0.0, 1.0), complex(1.0, -0.0), complex(INF, -INF)):
        f = ivy.transpile(lambda x, v=value: np.where(x > 0, v, x), source="numpy", to="numpy")
        got = np.asarray(f(np.ones(1, "complex64")))
        assert got.tobytes() == np.full(1, value, "complex128").astype(got.dtype).tobytes(), value
