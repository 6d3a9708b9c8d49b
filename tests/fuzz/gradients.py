"""Gradients of programs: the source's own differentiation against the target's, of the converted program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

import ivy
from ivy.errors import IvyError

from .arrays import jittered, to_numpy
from .compare import Outcome, difference, refusal
from .generate import quiet
from .program import Program

DIFFERENTIABLE = ("torch", "jax", "tensorflow", "paddle")


def _runs() -> Any:
    folder = str(Path(__file__).parents[1] / "directions")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    from running import RUN

    return RUN


def slopes(function: Any, inputs: list[np.ndarray], places: list[int], framework: str) -> list[np.ndarray]:
    """Return the gradients of a weighted sum of all floating-point results, by the inputs at `places`."""
    with quiet():
        _, found = _runs()[framework](function, [np.array(x) for x in inputs], places)
    return [to_numpy(g, framework) for g in found]


def gradient_outcome(program: Program, target: str) -> Outcome | None:
    """Compare the gradients of a program with those of its conversion.

    Args:
        program: what to convert.
        target: framework to convert it to.

    Returns:
        How it fared; None if there is nothing to compare: no floats, or the source can't differentiate it.
    """
    inputs = list(program.inputs.values())
    places = [i for i, x in enumerate(inputs) if x.dtype.name in ("float32", "float64")]
    if not places or program.source not in DIFFERENTIABLE or target not in DIFFERENTIABLE:
        return None
    function = program.function()
    try:
        wanted = slopes(function, inputs, places, program.source)
    except Exception:  # writes to leaves, functions without a derivative
        return None
    try:
        found = slopes(ivy.transpile(function, source=program.source, to=target), inputs, places, target)
    except IvyError as error:
        return Outcome("refused", refusal(error))
    except Exception as error:
        return Outcome("raised", f"gradients: {type(error).__name__}: {str(error)[:300]}")
    found = [np.where(np.isfinite(b), a, b.astype(a.dtype)) if a.shape == b.shape else a for a, b in zip(found, wanted)]
    text = difference(found, wanted, target, "gradients", loose=True)
    if text is None:
        return Outcome("same")
    draws = np.random.default_rng(1)
    for _ in range(4):
        moved = slopes(function, [jittered(x, draws, 64.0) for x in inputs], places, program.source)
        if difference(moved, wanted, program.source, "gradients", loose=True) is not None:
            return Outcome("ill", text)
    return Outcome("different", text)
