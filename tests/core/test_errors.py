"""Every error says what, where, why and what to do."""

from __future__ import annotations

import ast
import copy
import functools
import inspect
import pickle
import re
from pathlib import Path

import pytest

import ivy
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

ROOT = Path(__file__).parents[2]

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


def made(cls):
    """An error of a class with every part that it can have."""
    parts = {"why": "one\ntwo", "hint": "do this\n  - or that"}
    if issubclass(cls, UnsupportedOpError):
        calls = [UnsupportedCall("torch.a", 2, (SourceLocation("f.py", 1),)), UnsupportedCall("torch.b")]
        return cls(calls, source="torch", target="jax", why="why\nnot")
    if issubclass(cls, UnknownFrameworkError):
        return cls("torch", ["jax"])
    if issubclass(cls, PluginError):
        return cls("what", plugin="torch", distribution="ivy-torch", where="here", **parts)
    return cls("what\nand more", where=SourceLocation(__file__, 1, "f"), **parts)


EVERY = [*SAMPLES, *(made(cls) for cls in CLASSES), *(cls("what") for cls in CLASSES)]


def rebuilt(error):
    """As keras and autograph do: a new exception of the class with the first argument for its only one."""
    return type(error)(error.args[0])


def in_context(error):
    """As keras does it, within more text."""
    return type(error)(
        f"Exception encountered when calling f().\n\n\x1b[1m{error.args[0]}\x1b[0m\n\nArguments:\n  • x=1"
    )


FORMS = {
    "pickled": lambda e: pickle.loads(pickle.dumps(e)),
    "copied": copy.copy,
    "deep-copied": copy.deepcopy,
    "rebuilt": rebuilt,
    "rebuilt twice": lambda e: rebuilt(rebuilt(e)),
    "rebuilt of str": lambda e: type(e)(str(e)),
    "rebuilt and pickled": lambda e: pickle.loads(pickle.dumps(rebuilt(e))),
    "its args assigned": lambda e: setattr(again := copy.copy(e), "args", e.args) or again,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("error", EVERY, ids=lambda error: f"{type(error).__name__}-{len(str(error))}")
def test_survives(error, form):
    text = str(error)
    again = FORMS[form](error)
    assert type(again) is type(error)
    assert str(again) == text == str(error)
    assert again.args == (text,)
    assert (again.what, again.why, again.hint) == (error.what, error.why, error.hint)
    assert str(again.where).splitlines()[0] == str(error.where)


@pytest.mark.parametrize("error", EVERY, ids=lambda error: f"{type(error).__name__}-{len(str(error))}")
def test_survives_within_more_text(error):
    again = in_context(error)
    assert type(again) is type(error)
    assert str(error) in str(again)
    assert str(again.where).splitlines()[0] == str(error.where)
    assert len(re.findall("(?m)^  hint:", str(again))) == len(re.findall("(?m)^  hint:", str(error)))


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_pickles_every_attribute(error):
    error.add_note("a note")
    again = pickle.loads(pickle.dumps(error))
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


@pytest.mark.parametrize(
    ("name", "installed", "hint"),
    [
        ("torch", ["jax"], "pip install ivy-torch"),
        ("torch_frontend", ["jax"], "pip install ivy-torch"),
        ("keras", ["jax"], "pip install ivy-tensorflow"),
        ("flax", [], "pip install ivy-jax"),
        ("pytorch", ["torch"], "the plugin is called 'torch'"),
        ("nunpy", ["numpy"], "did you mean 'numpy'?"),
        ("Torch", [], "did you mean 'torch'? (pip install ivy-torch)"),
        ("mlxx", ["mlx"], "did you mean 'mlx'?"),
    ],
)
def test_way_to_a_framework(name, installed, hint):
    assert UnknownFrameworkError(name, installed).hint == hint


@pytest.mark.parametrize("name", ["nunpy", "tourch", "x y", "evil; rm -rf", "cupy", "mxnet", "", "numpy-ml"])
def test_an_unknown_name_is_never_an_install_command(name):
    for error in (UnknownFrameworkError(name), UnknownFrameworkError(name, ["numpy", "torch"])):
        assert not name or name not in error.hint
        offered = set(re.findall(r"ivy-[\w-]*|(?<=pip install )\S*", error.hint))
        assert offered <= {f"ivy-{plugin}" for plugin in errors.OFFICIAL}


def hints():
    """Every hint in the source: (file, line, text), with what is filled in left out."""
    for file in [*(ROOT / "ivy_core").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")]:
        if "/tests/" in file.as_posix():
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            value = None
            if isinstance(node, ast.keyword) and node.arg == "hint":
                value = node.value
            elif isinstance(node, ast.FunctionDef) and node.name in ("installation_hint", "_way_around"):
                value = node
            if value is not None:
                text = " ".join(str(c.value) for c in ast.walk(value) if isinstance(c, ast.Constant))
                yield file.relative_to(ROOT).as_posix(), getattr(value, "lineno", 0), text


def test_hints_name_only_what_exists():
    found = list(hints())
    assert len(found) > 50
    missing = []
    for file, line, text in found:
        for path in re.findall(r"(?<![\w./])ivy\.((?:[A-Za-z_]\w*\.?)+)", text):
            try:
                functools.reduce(getattr, path.rstrip(".").split("."), ivy)
            except AttributeError:
                missing.append(f"{file}:{line}: ivy.{path}")
    assert not missing


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
