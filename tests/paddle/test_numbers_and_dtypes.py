"""What PaddlePaddle does with Python numbers, averages of integers and in-place functions that change the dtype."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import paddle
import pytest

import ivy
from ivy.errors import UnsupportedOpError

NUMBERS: dict[str, Callable[[Any], Any]] = {
    "product": lambda x: x * 0.1,
    "scale": lambda x: paddle.scale(x, 0.3, 0.7),
    "fill_": lambda x: (x + 0)[None].fill_(0.1),
    "full_like": lambda x: paddle.full_like(x, 1e-3) + x,
    "division": lambda x: x / 0.7 / 3 / 1e-3,
    "angles": lambda x: paddle.deg2rad(x) + paddle.rad2deg(x),
    "reflected": lambda x: 0.3 - x,
    "clip": lambda x: x.clip(0.1, 0.7),
    "setitem": lambda x: _set(x + 0),
}
IN_PLACE = ["logical_not_", "equal_", "less_than_", "not_equal_", "greater_equal_", "logical_and_"]


def _set(x: Any) -> Any:
    x[0] = 0.1
    return x


def check(fn: Callable[..., Any], x: np.ndarray, target: str, **limits: float) -> None:
    expected = fn(paddle.to_tensor(x)).numpy()
    found = ivy.transpile(fn, source="paddle", to=target)(paddle.to_tensor(x))
    found = np.asarray(found.numpy() if target == "torch" else found)
    assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
    np.testing.assert_allclose(found, expected, **limits)


@pytest.mark.parametrize("target", ["numpy", "torch"])
@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_as_exact_as_the_tensor(name: str, target: str) -> None:
    for dtype, limit in (("float64", 1e-14), ("float32", 1e-6)):
        check(NUMBERS[name], np.array([0.2, 1.5, 3.0], dtype), target, rtol=limit)


@pytest.mark.parametrize("target", ["numpy", "torch"])
def test_averages_of_integers_are_integers(target: str) -> None:
    for dtype in ("int32", "int64"):
        x = np.array([[1, 2], [-9, 4], [-3, 0]], dtype)
        check(lambda x: x.mean(), x, target)
        for axis in (0, 1, -1, [0, 1]):
            check(lambda x: paddle.mean(x, axis, keepdim=axis == 0), x, target)


@pytest.mark.parametrize("target", ["numpy", "torch"])
@pytest.mark.parametrize("name", IN_PLACE)
def test_in_place_functions_may_change_the_dtype(name: str, target: str) -> None:
    def both(x: Any) -> Any:
        y = x + 0
        same = y
        getattr(y, name)(*[x] * (name != "logical_not_"))
        return same

    for dtype in ("float32", "int64"):
        check(both, np.array([0, 1, 2]).astype(dtype), target)


OF_INTEGERS: dict[str, Callable[[Any], Any]] = {
    "sum": lambda x: x.sum(),
    "sum along": lambda x: x.sum(0, keepdim=True),
    "cumsum": lambda x: x.cumsum(),
    "prod": lambda x: x.prod(),
    "trace": lambda x: paddle.trace(x),
    "dot": lambda x: paddle.dot(x[0], x[1]),
    "copysign": lambda x: paddle.copysign(x, x),
    "max": lambda x: x.max(),
    "nansum": lambda x: paddle.nansum(x),
}


@pytest.mark.parametrize("target", ["numpy", "torch"])
@pytest.mark.parametrize("name", OF_INTEGERS)
def test_functions_of_integers_keep_or_widen_them(name: str, target: str) -> None:
    for dtype in ("uint8", "int8", "int16", "int32", "int64", "bool"):
        x = np.array([[1, 0], [3, 1]]).astype(dtype)
        try:
            OF_INTEGERS[name](paddle.to_tensor(x))
        except (RuntimeError, ValueError, TypeError, NotImplementedError):
            continue
        check(OF_INTEGERS[name], x, target)


@pytest.mark.parametrize("target", ["numpy", "torch"])
def test_infinities_and_signed_zeros(target: str) -> None:
    x = np.array([[np.inf, 1], [-np.inf, -0.0]], "float32")
    for fn in (paddle.amax, paddle.amin):
        check(lambda x: fn(x), x, target)
        check(lambda x: fn(x, 1), x, target)
    check(lambda x: paddle.angle(x), x, target)


@pytest.mark.parametrize("target", ["numpy", "torch"])
def test_in_place_functions_may_change_the_shape(target: str) -> None:
    def changed(x: Any) -> Any:
        y = x + 0
        z = y.unsqueeze_(0).flatten_() * 2  # further calls go through the results
        w = x * 3
        w.reshape_([2, 3])
        return z, w

    x = np.arange(6, dtype="float32").reshape(1, 6, 1)
    expected, found = (
        changed(paddle.to_tensor(x)),
        ivy.transpile(changed, source="paddle", to=target)(paddle.to_tensor(x)),
    )
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(np.asarray(a), b.numpy())


def test_stale_forms_are_refused() -> None:
    def used(x: Any) -> Any:
        y = x + 0
        y.unsqueeze_(0)
        return y.flatten(0, 1)  # Paddle's static graph takes y for what it was

    with pytest.raises(UnsupportedOpError, match="changed in place"):
        ivy.transpile(used, source="paddle", to="numpy")(np.zeros((2, 3, 4), "float32"))


@pytest.mark.parametrize("target", ["numpy", "torch"])
def test_numbers_out_of_range_wrap_around(target: str) -> None:
    check(lambda x: -3 // x, np.array([1, 2], "uint8"), target)
