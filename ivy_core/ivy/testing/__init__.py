"""The conformance suite: what a backend has to do, as tests that a plugin author installs and runs.

``pip install ivy-core[testing]`` brings pytest, hypothesis, NumPy and SciPy; the plugin's whole test file is then::

    from ivy.testing.suite import *  # noqa: F403

Every op of the functional API has *cases* (`ivy.testing.cases`): how to draw its arguments, and a reference in NumPy
or SciPy, or a check of the result. The suite runs them on the backend: values, dtypes, shapes, promotion, arrays
without elements and without axes, memory layouts, NaN and infinities, gradients, composites by their default body as
well as by the backend's own function, and shapes without arithmetic.
"""

from __future__ import annotations

from ivy.testing.case import Call, Case, all_cases, case
from ivy.testing.draw import Draw
from ivy.testing.subject import Subject

__all__ = ["Call", "Case", "Draw", "Subject", "all_cases", "case"]
