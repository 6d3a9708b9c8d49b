"""What NumPy does with arrays without axes and with operands of several dtypes, swept over functions and dtypes."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import ivy

TARGETS = ["numpy", "torch"]
INTEGERS = ["uint8", "int8", "int16", "int32", "int64"]
DTYPES = ["bool", *INTEGERS, "float16", "float32", "float64", "complex64"]


def check(fn: Callable[..., Any], *given: np.ndarray, target: str) -> None:
    """Compare values, dtypes and shapes, where NumPy itself takes the arguments."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            expected = np.asarray(fn(*[x.copy() for x in given]))
        except (ValueError, TypeError, IndexError, OverflowError):
            return
        found = ivy.transpile(fn, source="numpy", to=target)(*[x.copy() for x in given])
    found = np.asarray(found.numpy() if isinstance(found, torch.Tensor) else found)
    assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
    limit = {"float16": 1e-2, "float32": 1e-5, "complex64": 1e-5}.get(expected.dtype.name, 1e-12)
    np.testing.assert_allclose(found, expected, rtol=limit, atol=limit)


def numbers(dtype: str) -> np.ndarray:
    return np.array([2, 0, 3, 1, 1, 5]).astype(dtype)


ALONG = [
    "sum", "prod", "max", "min", "any", "all", "mean", "std", "var", "median", "argmax", "argmin", "cumsum", "cumprod", "nancumsum",
    "nancumprod", "nansum", "nanprod", "sort", "argsort", "squeeze", "flip", "count_nonzero", "ptp", "amax", "cumulative_sum", "cumulative_prod",
]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ALONG)
def test_arrays_without_axes_along_axis_zero(name: str, target: str) -> None:
    fn = getattr(np, name)
    for value, axis in itertools.product([np.array(3), np.array(0.5, "float32"), np.array(True)], [0, -1, None]):
        check(lambda x: fn(x, axis=axis), value, target=target)
        if hasattr(np.ndarray, name):
            check(lambda x: getattr(x, name)(axis=axis) if name != "sort" else x, value, target=target)
        check(lambda x: fn(x), value, target=target)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["sum", "prod", "max", "min"])
def test_initial_values_take_the_dtype_of_the_result(name: str, target: str) -> None:
    for dtype, initial in itertools.product(DTYPES, [0.5, -1.5, 2, True]):
        if name in ("max", "min") and dtype == "complex64":
            continue
        check(lambda x: getattr(np, name)(x, initial=initial), numbers(dtype), target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_positions_are_int64_and_fit_any_width(target: str) -> None:
    for dtype in INTEGERS:
        x = numbers(dtype)
        check(lambda x: np.bincount(x), x, target=target)
        check(lambda x: np.bincount(x, minlength=2), x, target=target)
        check(lambda x: np.bincount(x[:0], minlength=2), x, target=target)
        for i in (0, 1):
            check(lambda x: np.unravel_index(x, (9, 9))[i], x, target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_quantiles_have_the_dtype_of_both_arguments(target: str) -> None:
    for dtype in ["int32", "float16", "float32", "float64"]:
        for q in (0.25, [0.2, 0.7], (0.5,)):
            check(lambda x: np.quantile(x, q), numbers(dtype), target=target)
            check(lambda x: np.percentile(x, np.multiply(q, 100).tolist()), numbers(dtype), target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_functions_of_several_arrays_promote_or_keep_dtypes(target: str) -> None:
    for one, other in itertools.product(DTYPES, repeat=2):
        a, b = numbers(one), numbers(other)[:3]
        check(lambda a, b: np.meshgrid(a, b)[1], a, b, target=target)
        if "complex64" not in (one, other) or target == "numpy":
            check(lambda a, b: np.linalg.multi_dot([a.reshape(3, 2), b[:2], b[:2] * 0 + b[0]]), a, b, target=target)
    if target == "numpy":
        check(lambda a: np.linalg.multi_dot([a.reshape(2, 3), a.reshape(3, 2)]), numbers("bool"), target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_results_are_broadcast_to_out(target: str) -> None:
    def add(x: Any) -> Any:
        out = np.zeros((2, 6), "float64")
        np.add(x, 1, out=out)
        return out

    def clip(x: Any) -> Any:
        out = np.zeros((2, 6), x.dtype)
        np.clip(x, 1, 2, out=out)
        return out

    for dtype in ["int32", "float32"]:
        check(add, numbers(dtype), target=target)
        check(clip, numbers(dtype), target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_medians_of_nothing_and_angles_of_integers(target: str) -> None:
    for shape in [(3, 0, 2), (0,), (2, 0)]:
        for fn in (np.nanmedian, np.nanmean, np.nansum):
            check(lambda x: fn(x), np.zeros(shape), target=target)
            check(lambda x: fn(x, axis=0, keepdims=True), np.zeros(shape), target=target)
    for dtype in DTYPES:
        check(lambda x: np.angle(x), numbers(dtype), target=target)


def test_complex_values_into_real_parts() -> None:
    def write(x: Any) -> Any:
        x.real = 1j
        return x

    def write_both(x: Any) -> Any:
        x.real = 2 + 1j
        x.imag = 3 - 1j
        return x

    check(write, numbers("float32"), target="numpy")
    check(write, numbers("int32"), target="numpy")
    check(write_both, numbers("complex64"), target="numpy")
