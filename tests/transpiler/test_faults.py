"""What leaves a conversion that fails: the user's own exceptions unchanged, anything else as an error of `ivy.errors`."""

from __future__ import annotations

import json
import random
import traceback

import numpy as np
import pytest

import ivy
from ivy.errors import CaptureError, IvyError
from ivy.transpiler import faults

SOURCES = ("torch", "jax", "tensorflow", "paddle", "numpy")


class Own(Exception):
    """An exception that can't be rebuilt of a text."""

    def __init__(self, code, *, detail):
        super().__init__(code, detail)
        self.code, self.detail = code, detail


def helper(x):
    return x[[1, 2].index(7)]


def raises(x):
    print(x + 1)
    raise ValueError("the Value is symbolic\n  hint:   none")


def asserts(x):
    assert x.shape[0] == 99, "shape please"
    return x


def looks_up(x):
    return {}["missing"]


def raises_own(x):
    raise Own(17, detail=x.shape)


def calls_a_helper(x):
    return helper(x) + x


def calls_the_library(x):
    json.loads("{")
    return x


def not_implemented(x):
    raise NotImplementedError


def divides(x):
    return x * (1 // 0)


def type_error(x):
    raise TypeError("not for symbolic tensors")


OWN = {
    raises: (ValueError, "the Value is symbolic\n  hint:   none", "raises"),
    asserts: (AssertionError, "shape please", "asserts"),
    looks_up: (KeyError, "'missing'", "looks_up"),
    raises_own: (Own, None, "raises_own"),
    calls_a_helper: (ValueError, "7 is not in list", "helper"),
    calls_the_library: (json.JSONDecodeError, None, "calls_the_library"),
    not_implemented: (NotImplementedError, "", "not_implemented"),
    divides: (ZeroDivisionError, None, "divides"),
    type_error: (TypeError, "not for symbolic tensors", "type_error"),
}


def lib(source):
    if source == "paddle":
        from ivy_paddle.loading import paddle

        return paddle
    if source == "jax":
        return pytest.importorskip("jax.numpy")
    return pytest.importorskip(source)


def converting(f, source, target="numpy", x=None):
    x = np.ones((2, 2), "float32") if x is None else x
    return ivy.transpile(f, source=source, to=target, args=(x,))


@pytest.mark.parametrize("f", OWN, ids=lambda f: f.__name__)
@pytest.mark.parametrize("source", SOURCES)
def test_own_exceptions_come_through(source, f):
    lib(source)
    cls, text, function = OWN[f]
    with pytest.raises(Exception) as caught:
        converting(f, source)
    assert type(caught.value) is cls
    if text is not None:
        assert str(caught.value).removesuffix("\nassert 2 == 99") == text  # pytest adds what it knows
    if cls is Own:
        assert caught.value.code == 17
        assert tuple(caught.value.detail) == (2, 2)
    frames = [f for f in traceback.extract_tb(caught.value.__traceback__) if f.filename == __file__]
    assert frames[-1].name == function
    assert frames[-1].line


def frames_of(source):
    X = lib(source)

    def shape(x):
        return X.reshape(x, [7, 7])

    def broadcast(x):
        return x + X.ones([3])

    def product(x):
        return X.matmul(x, X.ones([5, 5]))

    def concatenation(x):
        join = X.concat if source in ("paddle", "tensorflow") else X.concatenate
        return join([x, X.ones([3, 3, 3])])

    def keyword(x):
        return X.sum(x, nonsense=3) if source == "numpy" else X.matmul(x, x, nonsense=3)

    return [shape, broadcast, product, concatenation, keyword]


@pytest.mark.parametrize("case", range(5))
@pytest.mark.parametrize("source", SOURCES)
def test_the_frameworks_exceptions_name_the_line(source, case):
    f = frames_of(source)[case]
    with pytest.raises((IvyError, TypeError)) as caught:
        converting(f, source)
    error = caught.value
    if isinstance(error, IvyError):
        assert isinstance(error, CaptureError)
        assert error.where.file == __file__
        first = f.__code__.co_firstlineno
        assert first < error.where.line <= first + 2
        assert error.__cause__ is not None
        assert error.why
    else:  # a call that Python itself refuses never leaves the user's line
        frames = [g for g in traceback.extract_tb(error.__traceback__) if g.filename == __file__]
        assert frames[-1].name == f.__name__


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("stage", ["capture", "lowering", "codegen", "argument"])
def test_a_fault_inside_is_an_error_of_ours(monkeypatch, source, stage):
    """Whatever breaks inside of Ivy or a framework, at any stage, with whatever exception."""
    from ivy.graph import codegen
    from ivy.plugins import get_plugin
    from ivy.transpiler import pipeline, signature

    lib(source)
    rng = random.Random(f"{source}{stage}")
    fault = rng.choice(
        [TypeError, KeyError, RuntimeError, AttributeError, IndexError, AssertionError, ZeroDivisionError]
    )

    made = {"__name__": "ivy.inside", "fault": fault}
    exec("def inside(*args, **kwargs):\n    raise fault('inside')", made)
    inside = made["inside"]
    if stage == "capture":
        monkeypatch.setattr(get_plugin(source).part("capture"), "capture", inside)
    elif stage == "lowering":
        monkeypatch.setattr(pipeline, "to_ivy", inside)
    elif stage == "codegen":
        monkeypatch.setattr(codegen, "compile_graph", inside)
    else:
        monkeypatch.setattr(signature.Signatures, "_general", inside)
    with pytest.raises(IvyError) as caught:
        converting(lambda x: x + 1, source)
    assert type(caught.value.__cause__) is fault
    assert fault.__name__ in str(caught.value)
    assert "report" in caught.value.hint


def test_raised_at_leads_to_the_line():
    from ivy.errors import SourceLocation

    error = faults.raised_at(ValueError("x"), SourceLocation(__file__, 20, "f"))
    frames = traceback.extract_tb(error.__traceback__)
    assert [(f.filename, f.lineno, f.name) for f in frames] == [(__file__, 20, "f")]


@pytest.mark.parametrize(
    "options",
    [{"to": "nunpy"}, {"to": "numpy", "target": "torch"}, {"to": "numpy", "layout": "diagonal"}, {"to": None}],
)
def test_wrong_options(options):
    with pytest.raises(IvyError):
        ivy.transpile(np.tanh, source="numpy", **options, args=(np.ones(2),))


@pytest.mark.parametrize(("target", "error"), [("numpy", np.linalg.LinAlgError), ("torch", RuntimeError)])
def test_faults_of_the_generated_code_name_the_line(target, error):
    """The framework's own exception comes through, with the user's line as a note."""
    torch = pytest.importorskip("torch")

    def f(x):
        y = torch.sin(x)
        return torch.linalg.cholesky(y)

    g = ivy.transpile(f, source="torch", to=target, args=(np.eye(2, dtype="float32"),))
    for _ in range(2):
        with pytest.raises(error) as caught:
            g(-np.eye(2, dtype="float32"))
        (note,) = caught.value.__notes__
        assert f"{__file__}:{f.__code__.co_firstlineno + 2}" in note
        assert "cholesky" in note
