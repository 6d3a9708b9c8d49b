"""`ivy.testing` itself: every op has a case, and the suite fails for a backend that is wrong."""

import itertools

import numpy as np
import pytest

from ivy.backend import get_backend
from ivy.functional.registry import OPS
from ivy.testing import Subject, all_cases, suite

FAILURE = (AssertionError, ExceptionGroup)
"""Hypothesis raises a group where calls fail in several ways."""
CASES = {case.id: case for case in all_cases()}


def test_every_op_has_a_case():
    """No op is left out."""
    assert sorted(set(OPS) - {case.op for case in CASES.values()}) == []


@pytest.fixture
def plant(monkeypatch):
    """Replace a backend's function for an op, and let dispatch forget the old one; None takes it away."""
    planted = []

    def forget(op, backend):
        op.table.clear()
        backend._functions.pop(op.name, None)

    def replace(op, make, name="numpy"):
        op, backend = OPS[op], get_backend(name)
        if make is None:
            monkeypatch.delattr(backend.module, op.native_name)
        else:
            monkeypatch.setattr(backend.module, op.native_name, make(getattr(backend.module, op.native_name)))
        planted.append((op, backend))
        forget(op, backend)
        return Subject(name)

    yield replace
    monkeypatch.undo()
    for op, backend in planted:
        forget(op, backend)


def in_place(f):
    """Write the result into the argument."""

    def function(x):
        result = f(x)
        np.copyto(x, result, casting="unsafe")
        return result

    return function


def float64_of(f):
    return lambda *args: f(*args).astype("float64")


def varying(f):
    """Give another result each time."""
    calls = itertools.count()
    return lambda x: f(x) + next(calls)


WRONG = {
    "value": ("test_agrees_with_the_reference", "negative", lambda f: lambda x: f(x) * (1 + 1e-3)),
    "value-of-nan": ("test_agrees_with_the_reference", "floor", lambda f: lambda x: np.nan_to_num(f(x))),
    "dtype": ("test_agrees_with_the_reference", "sqrt", float64_of),
    "promotion": ("test_agrees_with_the_reference", "add", float64_of),
    "shape": ("test_agrees_with_the_reference", "exp", lambda f: lambda x: f(x).reshape(-1)),
    "argument": ("test_agrees_with_the_reference", "floor", in_place),
    "structure": ("test_agrees_with_the_reference", "nonzero", lambda f: lambda x: list(f(x))),
    "error": ("test_agrees_with_the_reference", "abs", lambda f: lambda x: f(x[0])),
    "signature": ("test_signature_is_the_declared_one", "take", lambda f: lambda x, indices: f(x, indices)),
    "primitive": ("test_primitive_is_there", "add", None),
    "state": ("test_ivy_arrays_go_in_and_come_out", "exp", varying),
    "abstract": (
        "test_shapes_follow_without_arithmetic",
        "exp",
        lambda f: lambda x: f(x) if x.any() else f(x.astype("float64")),
    ),
}


@pytest.mark.parametrize(("test", "op", "make"), WRONG.values(), ids=WRONG)
def test_suite_fails_for_a_wrong_backend(plant, test, op, make):
    """An error of each kind is found by the test that is about it."""
    find = getattr(suite, test)
    about = OPS[op] if "signature" in test or "primitive" in test else CASES[op]
    find(Subject("numpy"), about)
    with pytest.raises(Exception):
        find(plant(op, make), about)


def test_suite_fails_for_a_wrong_default_body(monkeypatch):
    """A composite's body is tried where the backend overrides it."""
    subject, op = Subject("numpy"), OPS["square"]
    assert subject.own(op) is not None
    suite.test_default_body_agrees_with_the_reference(subject, CASES["square"])
    monkeypatch.setattr(op, "_body", lambda x: x)
    with pytest.raises(FAILURE):
        suite.test_default_body_agrees_with_the_reference(subject, CASES["square"])


def test_suite_fails_for_a_wrong_gradient(plant):
    """Derivatives are compared with differences, not only asked for."""
    pytest.importorskip("torch")
    suite.test_gradients_agree_with_differences(Subject("torch"), CASES["exp"])
    for make in (lambda f: lambda x: f(x.detach()) + 0 * x, lambda f: lambda x: f(2 * x - x.detach())):
        subject = plant("exp", make, "torch")
        with pytest.raises(FAILURE):
            suite.test_gradients_agree_with_differences(subject, CASES["exp"])


def test_what_a_backend_declares_is_left_out():
    """`[backend."<op>"]` of support.toml excuses the calls that it describes, and no others."""
    subject = Subject("numpy")
    subject.support = {
        "backend": {
            "whole": {"reason": "it has none"},
            "part": {"reason": "not so", "dtypes": ["int8"], "checks": ["gradient"]},
            "several": {"limits": [{"reason": "a", "cases": ["several-a"]}, {"reason": "b", "dtypes": ["bool"]}]},
        }
    }
    assert subject.gap("whole") == "it has none"
    assert subject.gap("part") is None
    assert subject.limited("part", "part", "gradient", {"int8", "int16"})
    assert not subject.limited("part", "part", "agrees", {"int8"})
    assert not subject.limited("part", "part", "gradient", {"int16"})
    assert subject.limited("several-a", "several", "agrees", {"int16"})
    assert not subject.limited("several", "several", "agrees", {"int16"})
