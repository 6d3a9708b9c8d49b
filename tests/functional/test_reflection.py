"""Every op against every backend: it exists, its signature is the declared one, it is documented."""

import importlib
import inspect
import re
import tomllib
from pathlib import Path

import pytest
from backends import BACKENDS

import ivy.functional
from ivy.backend import get_backend
from ivy.functional.registry import OPS

PRIMITIVES = [name for name, op in OPS.items() if not op.is_composite]


@pytest.fixture(params=BACKENDS)
def backend(request):
    return get_backend(request.param)


def declared_gaps(name):
    """Ops that the plugin says it lacks, each with a reason."""
    file = Path(importlib.import_module(f"ivy_{name}").__file__).with_name("support.toml")
    if not file.exists():
        return {}
    return {name: gap["reason"] for name, gap in tomllib.loads(file.read_text()).get("backend", {}).items()}


def shape_of(signature):
    """What callers can see: names, kinds and defaults; annotations are the declaration's business."""
    return [(p.name, p.kind, p.default) for p in signature.parameters.values()]


def frameworks_own(backend, fn):
    """Whether a function is the framework's, and not one that the plugin wrote."""
    path = backend.path_of(fn)
    return path is not None and not path.startswith("ivy")


def accepts(fn, declared):
    """Whether a framework's function can be called in the declared form; unknown for builtins without a signature."""
    try:
        given = inspect.signature(fn)
    except (TypeError, ValueError):
        return True
    args = [p.name for p in declared.values() if p.kind is p.POSITIONAL_ONLY]
    kwargs = {p.name: p.default for p in declared.values() if p.kind is p.KEYWORD_ONLY}
    loose = [p.name for p in declared.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    needed = [p.name for p in declared.values() if p.default is p.empty and p.name in loose]
    given.bind(*args, *needed)
    given.bind(*args, *loose, **kwargs)
    given.bind(*args, **dict.fromkeys(loose), **kwargs)
    return True


def test_ops_exist():
    assert len(OPS) > 200


@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_backend_has_every_primitive(backend, name):
    if backend.native(OPS[name]) is None:
        assert declared_gaps(backend.name).get(name), f"ivy_{backend.name} lacks {name} and gives no reason"


@pytest.mark.parametrize("name", OPS)
def test_signature_is_the_declared_one(backend, name):
    op = OPS[name]
    fn = backend.native(op)
    if fn is None:
        return  # served by the composite's body, or declared as a gap (tested above)
    if frameworks_own(backend, fn):
        assert accepts(fn, op.signature.parameters)
    else:
        assert shape_of(inspect.signature(fn)) == shape_of(op.signature)


@pytest.mark.parametrize("name", OPS)
def test_backend_functions_can_be_imported_by_their_path(backend, name):
    """Generated code refers to them by it."""
    fn = backend.native(OPS[name])
    path = None if fn is None else backend.path_of(fn)
    if fn is None:
        return  # served by the composite's body, or declared as a gap
    assert path is not None, f"{fn!r} has no importable name"
    module, _, attribute = path.rpartition(".")
    assert getattr(importlib.import_module(module), attribute) is fn


def test_backends_have_no_function_without_a_declaration(backend):
    """Helpers may be public where another module of the package uses them; anything else is a misspelt op."""
    package = backend.module.__name__
    folder = Path(backend.module.__file__).parent
    modules = [vars(importlib.import_module(f"{package}.{file.stem}")) for file in folder.glob("[!_]*.py")]
    declared = {}
    for op in OPS.values():
        declared.setdefault(op.chapter, set()).add(op.native_name)
    stray = []
    for file in folder.glob("*.py"):
        if file.stem not in ivy.functional.CHAPTERS:
            continue
        module = importlib.import_module(f"{package}.{file.stem}")
        names = {
            n
            for n, value in vars(module).items()
            if not n.startswith("_") and inspect.isfunction(value) and value.__module__ == module.__name__
            if sum(n in other and other[n] is value for other in modules) == 1
        }
        known = declared.get(file.stem, set()) | set(backend.module.__all__)  # what the core asks a backend for
        stray += [f"{file.stem}.{n}" for n in sorted(names - known)]
    assert stray == []


@pytest.mark.parametrize("name", OPS)
def test_docstring_has_all_parts(name):
    op = OPS[name]
    doc = inspect.cleandoc(op.doc)
    summary, _, rest = doc.partition("\n\n")
    assert summary.endswith("."), "the summary is one sentence"
    assert len(summary.splitlines()) == 1, "the summary fits one line"
    parts = ["Example:"]
    parts += ["Args:"] if op.signature.parameters else []
    parts += ["Returns:"] if op.signature.return_annotation != "None" else []
    for part in parts:
        assert part in rest, f"no {part}"
    for parameter in op.signature.parameters.values():
        star = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
        assert f"{star}{parameter.name}:" in rest, f"{parameter.name} is not explained"
    assert ">>> " in rest.partition("Example:")[2], "no runnable example"


@pytest.mark.parametrize("name", OPS)
def test_docstring_says_where_the_op_is_defined(name):
    """By the tag of the standard's functions, or by words and a link (which the op's page shows)."""
    doc = inspect.cleandoc(OPS[name].doc)
    stated = re.search(r"^Definition:\s+(.+,\s+)?https://\S+$", doc, re.MULTILINE)
    standard = re.search(r"\(Array API(?: ``[\w.]+``)?\)", doc)
    assert stated or standard, "write `Definition: words, https://...` between Raises and Example"


@pytest.mark.parametrize("name", OPS)
def test_public_name(name):
    """Each op is where its name says: ivy.exp, ivy.linalg.det."""
    space, _, base = name.rpartition(".")
    holder = importlib.import_module(f"ivy.{space}") if space else ivy
    assert getattr(holder, base) is OPS[name].public


def test_chapters_are_complete():
    """Every chapter file is gathered, and every op of it is listed in its ``__all__``."""
    for chapter in {op.chapter for op in OPS.values()}:
        assert chapter in ivy.functional.CHAPTERS
        module = importlib.import_module(f"ivy.functional.{chapter}")
        missing = {op.declaration.__name__ for op in OPS.values() if op.chapter == chapter} - set(module.__all__)
        assert missing == set()
