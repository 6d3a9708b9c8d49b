"""Compares gradients with central differences of the reference, which is computed in float64.

Frameworks differ in what they call the gradient of a complex number, so none is asked for: a complex argument is made
of two real ones, and of a complex result both parts are differentiated.
"""

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
            map_nested(call.args[i], lambda x: inputs.extend(_parts(x)))
    if not inputs:
        return

    def with_inputs(values: Any, join: Callable[[Any, Any], Any]) -> Call:
        """The call with other values in place of the inputs, in their order."""
        left = iter(values)

        def other(x: Any) -> Any:
            count = len(_parts(x))
            return x if count == 0 else next(left) if count == 1 else join(next(left), next(left))

        args = [map_nested(a, other) if i in where else a for i, a in enumerate(call.args)]
        return Call(*args, **call.kwargs)

    expected = case.expected(call)
    rng = np.random.default_rng(0)
    weights: list[Any] = []
    map_nested(expected, lambda y: weights.extend(rng.uniform(0.5, 1.5, y.shape) for _ in _parts(y)))
    if not weights:
        return
    assert case.reference is not None

    def reference(values: list[Any]) -> float:
        wide = with_inputs(values, lambda a, b: a + 1j * b)
        with np.errstate(all="ignore"):
            found = case.reference(*wide.args, **wide.kwargs)  # type: ignore[misc]
        parts: list[Any] = []
        _pick(found, expected, parts)
        # infinities that nothing changes have no part in the differences
        parts = [np.where(np.isinf(np.asarray(y, "float64")), 0, y) for y in parts]
        return float(sum((y * w).sum() for y, w in zip(parts, weights, strict=True)))

    wanted = _differences(reference, [x.astype("float64") for x in inputs])

    def run(*values: Any) -> Any:
        native = with_inputs(values, OPS["complex"].public).map(subject.natives)
        results = function(*native.args, **native.kwargs)
        parts: list[Any] = []
        take = (OPS["real"].public, OPS["imag"].public)
        map_nested(results, lambda y: parts.extend(_parts(y, *take)) if isinstance(y, subject.backend.types) else None)
        return tuple(parts)

    with subject.active():
        outputs, pull = OPS["vjp"].public(run, *[subject.native(np.asarray(x, order="C")) for x in inputs])
        cotangents = tuple(subject.native(np.asarray(w, "float32")) for w in weights)
        found = pull(cotangents)
    assert len(outputs) == len(weights)
    for i, (a, b, x) in enumerate(zip(subject.numpy(tuple(found)), wanted, inputs, strict=True)):
        assert a.shape == x.shape, f"gradient {i} of ivy.{case.op}: shape {a.shape}, not {x.shape}"
        if case.symmetric:
            a, b = a + np.swapaxes(a, -1, -2), b + np.swapaxes(b, -1, -2)
        defined = ~np.isnan(b)  # a result that is NaN has no slope
        scale = max(1.0, float(np.max(np.abs(b), initial=0.0, where=defined)))
        np.testing.assert_allclose(
            a[defined],
            b[defined],
            rtol=LIMIT * case.tolerance,
            atol=LIMIT * case.tolerance * scale,
            err_msg=f"gradient {i} of ivy.{case.op}",
        )


def _parts(x: Any, re: Callable[[Any], Any] = np.real, im: Callable[[Any], Any] = np.imag) -> tuple[Any, ...]:
    """A float array itself, both parts of a complex one, nothing of anything else."""
    if not hasattr(x, "dtype"):
        return ()
    dtype = as_dtype(x.dtype)
    return (re(x), im(x)) if dtype.is_complex else (x,) if dtype.is_float else ()


def _pick(found: Any, expected: Any, parts: list[Any]) -> None:
    """Collect those parts of the reference's result that are floats in the op's."""
    if isinstance(expected, (tuple, list)):
        for a, b in zip(found, expected, strict=True):
            _pick(a, b, parts)
    elif isinstance(expected, dict):
        for key in expected:
            _pick(found[key], expected[key], parts)
    else:  # the reference's own result may be real where the op's is complex, and the reverse
        found = np.asarray(found)
        parts.extend((np.real(found), np.imag(found))[: len(_parts(expected))])


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
