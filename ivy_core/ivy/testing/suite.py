"""The tests. A plugin's test file is ``from ivy.testing.suite import *``.

Which backends are tested follows from where that file lies (see `ivy.testing.subject.names_for`).
``IVY_TEST_EXAMPLES`` sets how many calls are tried for each case, 8 by default, always the same ones;
``IVY_TEST_SEED`` draws others.
"""

from __future__ import annotations

import inspect
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
from hypothesis import strategies as st

import ivy.functional  # noqa: F401 - declares the ops
from ivy.array import Array
from ivy.backend import using_backend
from ivy.dtypes import as_dtype
from ivy.functional.registry import OPS, Op
from ivy.graph.aval import Aval
from ivy.graph.node import map_nested
from ivy.testing.case import Call, Case, all_cases
from ivy.testing.compare import assert_same
from ivy.testing.draw import Draw
from ivy.testing.gradients import assert_gradients
from ivy.testing.subject import Subject, names_for

__all__ = [
    "pytest_generate_tests",
    "test_agrees_with_the_reference",
    "test_default_body_agrees_with_the_reference",
    "test_gradients_agree_with_differences",
    "test_ivy_arrays_go_in_and_come_out",
    "test_primitive_is_there",
    "test_shapes_follow_without_arithmetic",
    "test_signature_is_the_declared_one",
]

EXAMPLES = int(os.environ.get("IVY_TEST_EXAMPLES", "8"))
SEED = os.environ.get("IVY_TEST_SEED")

_subjects: dict[str, Subject] = {}


def pytest_generate_tests(metafunc: Any) -> None:
    """Run every test for each backend, and for each op or case that it is about."""
    if "subject" not in metafunc.fixturenames:
        return
    subjects = []
    for name in names_for(Path(metafunc.module.__file__)):
        if name not in _subjects:
            _subjects[name] = Subject(name)
        subjects.append(_subjects[name])
    if "case" in metafunc.fixturenames:
        wanted = metafunc.function.wanted
        pairs = [(s, c) for s in subjects for c in all_cases() if wanted(s, c)]
        metafunc.parametrize(("subject", "case"), pairs, ids=[f"{s.name}-{c.id}" for s, c in pairs])
    elif "op" in metafunc.fixturenames:
        wanted = metafunc.function.wanted
        ops = [(s, op) for s in subjects for op in OPS.values() if wanted(s, op)]
        metafunc.parametrize(("subject", "op"), ops, ids=[f"{s.name}-{op.name}" for s, op in ops])
    else:
        metafunc.parametrize("subject", subjects, ids=[s.name for s in subjects])


def about(wanted: Callable[[Subject, Any], bool]) -> Callable[[Any], Any]:
    """Say which ops or cases of a backend a test is for."""

    def mark(test: Any) -> Any:
        test.wanted = wanted
        return test

    return mark


def examples(
    subject: Subject,
    case: Case,
    check: str,
    run: Callable[[Call], None],
    *,
    smooth: bool = False,
    count: int = EXAMPLES,
) -> None:
    """Try a case's calls; those that the backend declares as limited are left out."""

    def each(data: Any) -> None:
        call = case.build(Draw(data.draw, subject.dtypes, smooth=smooth))
        dtypes = {str(as_dtype(x.dtype)) for x in call.arrays()}
        dtypes |= {str(v) for v in call.kwargs.values() if isinstance(v, str)}
        if subject.limited(case.id, case.op, check, dtypes):
            return
        hypothesis.note(f"ivy.{case.op}{call!r} on {subject.name}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run(call)

    test = hypothesis.given(st.data())(each)
    test = hypothesis.settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=SEED is None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
    )(test)
    if SEED is not None:
        test = hypothesis.seed(int(SEED))(test)
    test()


def compare(subject: Subject, case: Case, call: Call, function: Callable[..., Any]) -> None:
    """Call a function on the backend's arrays and compare the result with the reference's."""
    native = call.map(subject.natives)
    with subject.active():
        result = subject.numpy(function(*native.args, **native.kwargs))
    if case.reference is not None:
        assert_same(
            result, case.expected(call), subject, factor=case.tolerance, limits=case.limits, where=f"ivy.{case.op}"
        )
    if case.check is not None:
        case.check(result, *call.args, **call.kwargs)
    for before, after in zip(call.arrays(), native_arrays(subject, native), strict=True):
        # a backend may hold 64-bit numbers in 32 bits
        assert after.tobytes() == before.astype(after.dtype).tobytes(), f"ivy.{case.op} wrote into an argument"


def native_arrays(subject: Subject, call: Call) -> list[Any]:
    """Return the backend's arrays among a call's arguments, in NumPy."""
    found: list[Any] = []
    call.map(lambda x: found.append(subject.numpy(x)) if isinstance(x, subject.backend.types) else None)
    return found


def there(subject: Subject, op: Op) -> bool:
    """Whether the backend serves an op."""
    return subject.gap(op.name) is None


@about(lambda subject, op: not op.is_composite)
def test_primitive_is_there(subject: Subject, op: Op) -> None:
    """The backend has every primitive, or says in support.toml why not."""
    if subject.own(op) is None:
        assert subject.gap(op.name), f"{subject.name} has no {op.native_name}, and support.toml gives no reason"


@about(lambda subject, op: subject.own(op) is not None)
def test_signature_is_the_declared_one(subject: Subject, op: Op) -> None:
    """The backend's function can be called as the op is declared."""
    function = subject.own(op)
    try:
        given = inspect.signature(function)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return  # a builtin that does not tell
    declared = op.signature.parameters.values()
    positional = [p.name for p in declared if p.kind is p.POSITIONAL_ONLY]
    either = [p.name for p in declared if p.kind is p.POSITIONAL_OR_KEYWORD]
    needed = [p.name for p in declared if p.name in either and p.default is p.empty]
    keywords = {p.name: p.default for p in declared if p.kind is p.KEYWORD_ONLY}
    asked = {name: None for name, default in keywords.items() if default is inspect.Parameter.empty}
    given.bind(*positional, *needed, **asked)
    given.bind(*positional, *either, **keywords)
    given.bind(*positional, **dict.fromkeys(either), **keywords)


@about(lambda subject, case: there(subject, OPS[case.op]))
def test_agrees_with_the_reference(subject: Subject, case: Case) -> None:
    """Values, dtypes and shapes are those of the reference, and arguments keep their values."""
    function = OPS[case.op].public
    examples(subject, case, "agrees", lambda call: compare(subject, case, call, function))


@about(
    lambda subject, case: (
        OPS[case.op].is_composite and subject.own(OPS[case.op]) is not None and there(subject, OPS[case.op])
    )
)
def test_default_body_agrees_with_the_reference(subject: Subject, case: Case) -> None:
    """A composite that the backend overrides gives the same by its default body."""
    function = subject.body(OPS[case.op])
    examples(subject, case, "default_body", lambda call: compare(subject, case, call, function))


@about(lambda subject, case: there(subject, OPS[case.op]))
def test_ivy_arrays_go_in_and_come_out(subject: Subject, case: Case) -> None:
    """`ivy.Array` arguments give `ivy.Array` results, equal to the native ones."""
    op = OPS[case.op]

    def run(call: Call) -> None:
        drawn = bool(op.traits.get("random"))
        keyed = drawn and "key" in op.signature.parameters
        if keyed:
            call.kwargs.setdefault("key", subject.key(0))
        native = call.map(subject.natives)
        wrapped = native.map(lambda x: Array(x) if isinstance(x, subject.backend.types) else x)
        with subject.active():
            if drawn and not keyed:
                OPS["default_seed"].public(0)
            expected = op.public(*native.args, **native.kwargs)
        with using_backend(subject.name):
            if drawn and not keyed:
                OPS["default_seed"].public(0)
            found = op.public(*wrapped.args, **wrapped.kwargs)
        if any(callable(x) for x in (*call.args, *call.kwargs.values())):
            return  # what a callable gives is the caller's business

        def same(a: Any, b: Any) -> None:
            if isinstance(b, subject.backend.types):
                assert isinstance(a, Array), f"ivy.{case.op} gave a {type(a).__name__} for ivy.Array"
                if case.values:
                    x, y = (v.astype("float64") if v.dtype.kind == "V" else v for v in map(subject.numpy, (a, b)))
                    np.testing.assert_array_equal(x, y)  # which knows no NaN of bfloat16
            elif isinstance(b, (list, tuple)):
                for x, y in zip(a, b, strict=True):
                    same(x, y)

        same(found, expected)

    examples(subject, case, "wrapped", run, count=min(EXAMPLES, 2))


@about(
    lambda subject, case: case.abstract and there(subject, OPS[case.op]) and subject.backend.abstract_eval is not None
)
def test_shapes_follow_without_arithmetic(subject: Subject, case: Case) -> None:
    """The backend tells shapes and dtypes of the result from those of the arguments."""
    op = OPS[case.op]

    def describe(x: Any) -> Any:
        return Aval(tuple(x.shape), as_dtype(x.dtype)) if hasattr(x, "shape") and hasattr(x, "dtype") else x

    def run(call: Call) -> None:
        native = call.map(subject.natives)
        function = subject.backend.function(op)
        with subject.active():
            expected = map_nested(function(*native.args, **native.kwargs), describe)
            abstract = native.map(describe)
            assert subject.backend.abstract_eval is not None
            found = subject.backend.abstract_eval(function, abstract.args, abstract.kwargs)
        assert map_nested(found, describe) == expected

    examples(subject, case, "abstract", run, count=min(EXAMPLES, 4))


@about(
    lambda subject, case: (
        case.gradient is not False
        and case.reference is not None
        and subject.differentiable
        and there(subject, OPS[case.op])
    )
)
def test_gradients_agree_with_differences(subject: Subject, case: Case) -> None:
    """Gradients are the reference's differences."""
    examples(
        subject,
        case,
        "gradient",
        lambda call: assert_gradients(subject, case, call, OPS[case.op].public),
        smooth=True,
        count=min(EXAMPLES, 4),
    )
