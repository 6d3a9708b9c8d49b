"""The Python blocks of the documents run, in order, in one namespace per document.

A block whose first line is the path of a file (``# ivy_toy/plugin.py``) becomes that file, to be imported by the others.
"""

from __future__ import annotations

import doctest
import linecache
import math
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

import ivy
from ivy.plugins import unregister_plugin

ROOT = Path(__file__).parents[2]
API = sorted((ROOT / "docs" / "api").rglob("*.md"))
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
FILE = re.compile(r"# ([\w/]+\.py)\n")
EXAMPLE = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


NUMBER = re.compile(r"(?<!\w)[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


class Checker(doctest.OutputChecker):
    """Compares what is printed as numbers: the last digits are the processor's business, and so is the padding."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Tell whether an example printed what its page says."""
        return super().check_output(want, got, optionflags) or (
            re.sub(r"\s", "", NUMBER.sub("#", want)) == re.sub(r"\s", "", NUMBER.sub("#", got))
            and all(map(alike, NUMBER.findall(want), NUMBER.findall(got)))
        )


def alike(want: str, got: str) -> bool:
    """Compare two printed numbers: integers exactly, others to the precision of float32."""
    if not set(want + got) & set(".eE"):
        return int(want) == int(got)
    return math.isclose(float(want), float(got), rel_tol=1e-5, abs_tol=1e-6)


@pytest.mark.parametrize(
    "want, got, same",
    [
        ("[2. 3.]", "[2.0000002 3.       ]", True),
        ("array([1.0e+00, 2.5e-08], dtype=float32)", "array([1., 0.], dtype=float32)", True),
        ("1.5+2.j", "1.5000001+1.9999999j", True),
        ("[-0.  1.]", "[0. 1.]", True),
        ("(3, 4) float32", "(3, 4) float32", True),
        ("[2. 3.]", "[2.001 3.   ]", False),
        ("[2. 3.]", "[2. 3. 4.]", False),
        ("[2, 3]", "[2, 4]", False),
        ("100000000", "100000001", False),
        ("float32", "float64", False),
        ("nan", "inf", False),
    ],
)
def test_printed_numbers_are_compared_as_numbers(want: str, got: str, same: bool) -> None:
    assert Checker().check_output(f"{want}\n", f"{got}\n", 0) is same


def blocks(page: Path) -> list[tuple[int, str]]:
    """Give every block with the line that it begins at."""
    text = page.read_text()
    return [(text.count("\n", 0, found.start(1)), found[1]) for found in BLOCK.finditer(text)]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that modules are imported from, for this test only; plugins registered meanwhile are taken back."""
    folder = tmp_path / "library"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    plugins, modules = {p.name for p in ivy.plugins()}, set(sys.modules)
    yield folder
    for name in {p.name for p in ivy.plugins()} - plugins:
        unregister_plugin(name)
    for name in set(sys.modules) - modules:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
            del sys.modules[name]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p)], ids=lambda p: p.name)
def test_blocks(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: Path) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    torch.manual_seed(0)
    module = types.ModuleType(f"page_{page.stem}")
    with ivy.using_backend("numpy"):
        for line, source in blocks(page):
            if found := FILE.match(source):
                (library / found[1]).parent.mkdir(parents=True, exist_ok=True)
                (library / found[1]).write_text(source)
                continue
            padded = "\n" * line + source  # so that a traceback names the document's lines
            name = str(page.relative_to(ROOT))
            linecache.cache[name] = (len(padded), None, padded.splitlines(keepends=True), name)
            exec(compile(padded, name, "exec"), vars(module))
    assert not list((tmp_path / "here").iterdir())


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("chapter", sorted({page.parent.name for page in API}))
def test_examples_print_what_the_pages_say(chapter: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    wrong: list[str] = []
    for page in API:
        if page.parent.name != chapter:
            continue
        text = page.read_text()
        for found in EXAMPLE.finditer(text):
            line = text.count("\n", 0, found.start(1))
            name = str(page.relative_to(ROOT))
            test = doctest.DocTestParser().get_doctest(found[1], {}, name, name, line)
            with ivy.using_backend("numpy"):
                doctest.DocTestRunner(Checker(), verbose=False).run(test, out=wrong.append)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("page", [*PAGES, *API], ids=lambda p: p.name)
def test_links(page: Path) -> None:
    text = re.sub(r"`+[^`]*`+", "", page.read_text())  # code may look like a link
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        place = page.parent / file if file else page
        assert place.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.*)$", place.read_text(), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}, target
