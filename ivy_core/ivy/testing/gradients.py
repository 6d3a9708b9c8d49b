"""Compares gradients with central differences of the reference, which is computed in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ivy.dtypes import as_dtype
from ivy.functional.registry import OPS
from ivy.graph.node import map_nested
from ivy.testing.case import Call, Case
from ivy.testing.subject import Subject

__all__ = ["assert_gradients"]

STEP = 1e-5
LIMIT = 2e-4
"""Of the largest gradient: float32 loses some digits on the way, a wrong gradient differs in the first."""


def assert_gradients(subject: Subject, case: Case, call: Call, function: Callable[..., Any]) -> None:
    """Compare the gradients of an op with respect to the floating-point arrays of a call.

    Args:
        subject: the backend under test.
        case: names the reference.
        call: NumPy arguments.
        function: the op.

    Raises:
        AssertionError: if a gradient differs.
    """
    where = case.gradient if isinstance(case.gradient, tuple) else range(len(call.args))
    inputs: list[np.ndarray[Any, Any]] = []
    for i in where:
        if i < len(call.args):
            map_nested(call.args[i], lambda x: inputs.append(x) if _is_float(x) else None)
    if not inputs:
        return

    def with_inputs(values: Any) -> Call:
        """The call with other values in place of the inputs, in their order."""
        left = iter(values)
        args = [
            map_nested(a, lambda x: next(left) if _is_float(x) else x) if i in where else a
            for i, a in enumerate(call.args)
        ]
        return Call(*args, **call.kwargs)

    expected = case.expected(call)
    rng = np.random.default_rng(0)
    weights: list[Any] = []
    map_nested(expected, lambda y: weights.append(rng.uniform(0.5, 1.5, y.shape)) if _is_float(y) else None)
    if not weights:
        return
    assert case.reference is not None

    def reference(values: list[Any]) -> float:
        wide = with_inputs(values)
        with np.errstate(all="ignore"):
            found = case.reference(*wide.args, **wide.kwargs)  # type: ignore[misc]
        parts: list[Any] = []
        _pick(found, expected, parts)
        # infinities that nothing changes have no part in the differences
        parts = [np.where(np.isinf(np.asarray(y, "float64")), 0, y) for y in parts]
        return float(sum((y * w).sum() for y, w in zip(parts, weights, strict=True)))

    wanted = _differences(reference, [x.astype("float64") for x in inputs])

    def run(*values: Any) -> Any:
        native = with_inputs(values).map(subject.natives)
        results = function(*native.args, **native.kwargs)
        parts: list[Any] = []
        map_nested(
            results, lambda y: parts.append(y) if isinstance(y, subject.backend.types) and _is_float(y) else None
        )
        return tuple(parts)

    with subject.active():
        outputs, pull = OPS["vjp"].public(run, *[subject.native(np.asarray(x, order="C")) for x in inputs])
        cotangents = tuple(subject.native(np.asarray(w, "float32")) for w in weights)
        found = pull(cotangents)
    assert len(outputs) == len(weights)
    for i, (a, b, x) in enumerate(zip(subject.numpy(tuple(found)), wanted, inputs, strict=True)):
        assert a.shape == x.shape, f"gradient {i} of ivy.{case.op}: shape {a.shape}, not {x.shape}"
        scale = max(1.0, float(np.max(np.abs(b), initial=0.0)))
        np.testing.assert_allclose(
            a,
            b,
            rtol=LIMIT * case.tolerance,
            atol=LIMIT * case.tolerance * scale,
            err_msg=f"gradient {i} of ivy.{case.op}",
        )


def _is_float(x: Any) -> bool:
    return hasattr(x, "dtype") and as_dtype(x.dtype).is_float


def _pick(found: Any, expected: Any, parts: list[Any]) -> None:
    """Collect those parts of the reference's result that are floats in the op's."""
    if isinstance(expected, (tuple, list)):
        for a, b in zip(found, expected, strict=True):
            _pick(a, b, parts)
    elif isinstance(expected, dict):
        for key in expected:
            _pick(found[key], expected[key], parts)
    elif _is_float(expected):
        parts.append(found)


def _differences(f: Callable[[list[Any]], float], values: list[np.ndarray[Any, Any]]) -> list[Any]:
    found = []
    for x in values:
        slope = np.zeros_like(x)
        for place in np.ndindex(x.shape):
            middle = x[place]
            x[place] = middle + STEP
            above = f(values)
            x[place] = middle - STEP
            slope[place] = (above - f(values)) / (2 * STEP)
            x[place] = middle
        found.append(slope)
    return found
