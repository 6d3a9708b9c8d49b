"""Special functions against mpmath, within the bounds of docs/accuracy.md (see scripts/accuracy.py)."""

import numpy as np
import pytest
from backends import BACKENDS

from ivy.functional.registry import OPS
from ivy.testing.references.real import BOUND, FUNCTIONS, errors, evaluate, samples
from ivy.testing.subject import Subject

CHAPTERS = ("transcendental", "special", "probability", "bessel")
OTHERWISE = {
    # of integers, of complex numbers, or exact
    "gcd", "lcm", "popcount", "clz", "frexp", "ldexp", "real", "imag", "conj", "angle", "complex",
}  # fmt: skip


def bound(backend, name, dtype):
    return Subject(backend).support.get("accuracy", {}).get(name, {}).get(dtype, BOUND[dtype])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_error_is_within_its_bound(name, backend):
    for dtype in BOUND:
        arguments = samples(name, dtype, 6, seed=1)
        missed, exact = errors(name, arguments, evaluate(backend, name, arguments))
        assert np.isfinite(exact).sum() > len(exact) / 4, "the samples say little"
        worst = np.nanargmax(missed)
        place = [float(x[worst]) for x in arguments]
        assert missed[worst] <= bound(backend, name, dtype), f"{dtype}: {missed[worst]:.3g} units at {place}"


def test_every_special_function_is_measured():
    measured = {name.partition(" ")[0] for name in FUNCTIONS}
    assert {op.name for op in OPS.values() if op.chapter in CHAPTERS} == (measured | OTHERWISE) & {
        op.name for op in OPS.values() if op.chapter in CHAPTERS
    }
