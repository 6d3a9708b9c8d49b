"""Every error says what, where, why and what to do."""

from __future__ import annotations

import inspect
import pickle

import pytest

from ivy import errors
from ivy.errors import (
    BackendError,
    IvyError,
    NotImplementedByBackend,
    PluginError,
    SourceLocation,
    UnknownFrameworkError,
    UnsupportedCall,
    UnsupportedOpError,
)

CLASSES = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, IvyError)]

SAMPLES = [
    IvyError("what", where="here", why="why", hint="hint"),
    PluginError("what", plugin="torch", distribution="ivy-torch", hint="hint"),
    UnknownFrameworkError("torch", ["jax"]),
    NotImplementedByBackend("the numpy backend has no ivy.stft"),
    UnsupportedOpError([UnsupportedCall("torch.a", 2, (SourceLocation("f.py", 1),))], source="torch", target="jax"),
]


def test_parts_in_order():
    text = str(IvyError("can't", where=SourceLocation("no/file.py", 3, "f"), why="one\ntwo", hint="do"))
    assert text.splitlines() == [
        "can't",
        "  where:  no/file.py:3, in f",
        "  why:    one",
        "          two",
        "  hint:   do",
    ]


def test_only_what_is_known():
    assert str(IvyError("can't")) == "can't"


def test_shows_the_users_line(tmp_path):
    file = tmp_path / "model.py"
    file.write_text("a = 1\ny = x.item()\n")
    assert "y = x.item()" in str(IvyError("can't", where=SourceLocation(str(file), 2)))


def test_at_fills_in_the_place_once():
    error = BackendError("no")
    assert error.at("first") is error
    error.at("second")
    assert error.where == "first"


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_pickles(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_documented_with_a_bad_and_a_good_example(cls):
    doc = inspect.getdoc(cls)
    assert cls.__doc__
    assert cls.__name__ in errors.__all__
    if cls is not IvyError:
        assert "Bad" in doc
        assert "Good" in doc


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_caught_as_ivy_error(cls):
    assert issubclass(cls, IvyError)


@pytest.mark.parametrize(
    ("cls", "builtin"),
    [
        (errors.DtypeError, TypeError),
        (errors.NotImplementedByBackend, NotImplementedError),
        (errors.UnsupportedOpError, NotImplementedError),
        (errors.UnknownFrameworkError, ValueError),
        (errors.NotImplementedByBackend, errors.BackendError),
        (errors.DataDependentError, errors.CaptureError),
        (errors.PluginVersionError, errors.PluginError),
    ],
)
def test_bases(cls, builtin):
    assert issubclass(cls, builtin)


def test_plugin_error_names_plugin_and_distribution():
    assert "plugin: torch (distribution ivy-torch)" in str(PluginError("no", plugin="torch", distribution="ivy-torch"))


def test_unknown_framework():
    text = str(UnknownFrameworkError("paddle", ["jax", "torch"]))
    assert "'paddle'" in text
    assert "jax, torch" in text
    assert "pip install ivy-paddle" in text


def test_unsupported_lists_every_call():
    places = tuple(SourceLocation("net.py", line) for line in range(1, 6))
    error = UnsupportedOpError(
        [UnsupportedCall("torch.a", 7, places), UnsupportedCall("torch.b", reason="no counterpart")],
        source="torch",
        target="jax",
    )
    assert str(error).splitlines() == [
        "2 functions can't be translated from torch to jax",
        "  - torch.a: 7 calls at net.py:1, net.py:2, net.py:3 and 2 more",
        "  - torch.b: 1 call (no counterpart)",
        '  hint:   write the function on ivy.functional and register it with @ivy.converter("torch.a")',
    ]
    assert [call.name for call in error.calls] == ["torch.a", "torch.b"]
