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
from functools import partial
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
    "test_declared_limits_are_needed",
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
    name: str,
    *,
    check: Check | None = None,
    excused: bool = False,
    count: int = EXAMPLES,
) -> None:
    """Try a case's calls.

    Args:
        subject: the backend under test.
        case: what is called.
        name: the check, as in `CHECKS`.
        check: what is done with a call, in place of that.
        excused: whether to try those calls that the backend declares as limited, rather than all others.
        count: how many.
    """
    run = CHECKS[name][0] if check is None else check
    if getattr(subject.module, "COMPILES_EAGERLY", False):
        count = max(2, count // 3)  # each new shape costs a compilation

    def each(data: Any) -> None:
        call = case.build(Draw(data.draw, subject.dtypes, smooth=name == "gradient"))
        dtypes = {str(as_dtype(x.dtype)) for x in call.arrays()}
        dtypes |= {str(v) for v in call.kwargs.values() if isinstance(v, str)}
        if subject.limited(case.id, case.op, name, dtypes) is not excused:
            return
        hypothesis.note(f"ivy.{case.op}{call!r} on {subject.name}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run(subject, case, call)

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


def has_own(subject: Subject, case: Case) -> bool:
    """Whether the backend overrides a composite."""
    op = OPS[case.op]
    return op.is_composite and subject.own(op) is not None


def tells_shapes(subject: Subject, case: Case) -> bool:
    """Whether shapes of results can be asked for without arithmetic."""
    return case.abstract and subject.backend.abstract_eval is not None


def has_gradients(subject: Subject, case: Case) -> bool:
    """Whether there are gradients to compare."""
    return case.gradient is not False and case.reference is not None and subject.differentiable


def check_agreement(subject: Subject, case: Case, call: Call) -> None:
    """Compare what the op gives with the reference."""
    compare(subject, case, call, OPS[case.op].public)


def check_default_body(subject: Subject, case: Case, call: Call) -> None:
    """Compare what the op's default body gives with the reference."""
    compare(subject, case, call, subject.body(OPS[case.op]))


@about(lambda subject, case: there(subject, OPS[case.op]))
def test_agrees_with_the_reference(subject: Subject, case: Case) -> None:
    """Values, dtypes and shapes are those of the reference, and arguments keep their values."""
    examples(subject, case, "agrees")


@about(lambda subject, case: there(subject, OPS[case.op]) and has_own(subject, case))
def test_default_body_agrees_with_the_reference(subject: Subject, case: Case) -> None:
    """A composite that the backend overrides gives the same by its default body."""
    examples(subject, case, "default_body")


def check_wrapped(subject: Subject, case: Case, call: Call) -> None:
    """Compare what `ivy.Array` gives with what native arrays give."""
    op = OPS[case.op]
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


@about(lambda subject, case: there(subject, OPS[case.op]))
def test_ivy_arrays_go_in_and_come_out(subject: Subject, case: Case) -> None:
    """`ivy.Array` arguments give `ivy.Array` results, equal to the native ones."""
    examples(subject, case, "wrapped", count=min(EXAMPLES, 2))


def check_shapes(subject: Subject, case: Case, call: Call) -> None:
    """Compare shapes and dtypes of a result with what the backend says of them beforehand."""

    def describe(x: Any) -> Any:
        return Aval(tuple(x.shape), as_dtype(x.dtype)) if hasattr(x, "shape") and hasattr(x, "dtype") else x

    native = call.map(subject.natives)
    function = subject.backend.function(OPS[case.op])
    with subject.active():
        expected = map_nested(function(*native.args, **native.kwargs), describe)
        abstract = native.map(describe)
        assert subject.backend.abstract_eval is not None
        found = subject.backend.abstract_eval(function, abstract.args, abstract.kwargs)
    assert map_nested(found, describe) == expected


@about(lambda subject, case: there(subject, OPS[case.op]) and tells_shapes(subject, case))
def test_shapes_follow_without_arithmetic(subject: Subject, case: Case) -> None:
    """The backend tells shapes and dtypes of the result from those of the arguments."""
    examples(subject, case, "abstract", count=min(EXAMPLES, 4))


def check_gradients(subject: Subject, case: Case, call: Call) -> None:
    """Compare gradients with differences of the reference."""
    assert_gradients(subject, case, call, OPS[case.op].public)


@about(lambda subject, case: there(subject, OPS[case.op]) and has_gradients(subject, case))
def test_gradients_agree_with_differences(subject: Subject, case: Case) -> None:
    """Gradients are the reference's differences."""
    examples(subject, case, "gradient", count=min(EXAMPLES, 4))


Check = Callable[[Subject, Case, Call], None]
Applies = Callable[[Subject, Case], bool]

CHECKS: dict[str, tuple[Check, Applies]] = {
    "agrees": (check_agreement, lambda subject, case: True),
    "default_body": (check_default_body, has_own),
    "wrapped": (check_wrapped, lambda subject, case: True),
    "abstract": (check_shapes, tells_shapes),
    "gradient": (check_gradients, has_gradients),
}
"""What support.toml calls a check -> how one call is checked, and which cases it is for."""


@about(lambda subject, op: subject.narrows(op.name))
def test_declared_limits_are_needed(subject: Subject, op: Op) -> None:
    """What support.toml excuses does fail: an entry that a newer framework needs no more is taken out."""
    failed: list[str] = []
    excused = 0

    def attempt(subject: Subject, case: Case, call: Call, check: Check) -> None:
        nonlocal excused
        excused += 1
        try:
            check(subject, case, call)
        except Exception as error:  # whatever the framework raises, or the comparison
            failed.append(str(error))

    for case in all_cases():
        if case.op != op.name:
            continue
        for name, (check, applies) in CHECKS.items():
            if applies(subject, case) and not failed:
                attempted = partial(attempt, check=check)
                examples(subject, case, name, check=attempted, excused=True, count=max(EXAMPLES, 40))
    assert failed or not excused, f"support.toml limits ivy.{op.name} on {subject.name}, but {excused} calls work"
