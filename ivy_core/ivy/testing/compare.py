"""Compares results: structure, dtypes, shapes, values."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivy.dtypes import as_dtype
from ivy.testing.subject import Subject

__all__ = ["TOLERANCE", "assert_same"]

TOLERANCE: dict[Any, float] = {
    "float16": 4e-3,
    "bfloat16": 3e-2,
    "float32": 1e-5,
    "complex64": 1e-5,
    "float64": 1e-11,
    "complex128": 1e-11,
}
"""By dtype of the result: relative error, and absolute error as a part of the largest element (of 1, if less)."""


def assert_same(
    found: Any, expected: Any, subject: Subject, *, factor: float = 1.0, limits: dict[Any, float], where: str
) -> None:
    """Compare a result with what was expected, both in NumPy.

    Args:
        found: array, Python value, or a nest of these.
        expected: the same structure, in the dtypes that a backend with all dtypes would give.
        subject: the backend under test: some narrow dtypes.
        factor: on the tolerance.
        limits: tolerance by dtype, in place of `TOLERANCE`.
        where: what to call the value in a message.

    Raises:
        AssertionError: if they differ.
    """
    if isinstance(expected, (tuple, list)):
        kind = tuple if isinstance(expected, tuple) else list
        assert isinstance(found, kind), f"{where}: a {type(found).__name__}, not a {kind.__name__}"
        assert len(found) == len(expected), f"{where}: {len(found)} parts, not {len(expected)}"
        for i, (a, b) in enumerate(zip(found, expected, strict=True)):
            assert_same(a, b, subject, factor=factor, limits=limits, where=f"{where}[{i}]")
        return
    if isinstance(expected, dict):
        assert isinstance(found, dict), f"{where}: a {type(found).__name__}, not a dict"
        assert set(found) == set(expected), f"{where}: keys {sorted(found)}, not {sorted(expected)}"
        for key in expected:
            assert_same(found[key], expected[key], subject, factor=factor, limits=limits, where=f"{where}[{key!r}]")
        return
    if not isinstance(expected, (np.ndarray, np.generic)):
        assert found == expected, f"{where}: {found!r}, not {expected!r}"
        return
    assert hasattr(found, "dtype"), f"{where}: {found!r} is no array"
    wanted = subject.canonical(as_dtype(expected.dtype))
    assert as_dtype(found.dtype) == wanted, f"{where}: dtype {found.dtype}, not {wanted}"
    assert found.shape == expected.shape, f"{where}: shape {found.shape}, not {expected.shape}"
    if not wanted.is_inexact:
        np.testing.assert_array_equal(found, expected.astype(found.dtype), err_msg=where)
        return
    limit = limits.get(wanted, TOLERANCE[wanted]) * factor
    wide = "complex128" if wanted.is_complex else "float64"
    a, b = found.astype(wide), expected.astype(found.dtype).astype(wide)  # a backend may narrow the expected dtype
    finite = np.isfinite(b)
    scale = max(1.0, float(np.max(np.abs(b), initial=0.0, where=finite)))
    np.testing.assert_allclose(a, b, rtol=limit, atol=limit * scale, equal_nan=True, err_msg=where)
