"""Imports go one way: plugins import ivy; ivy imports no plugin and no framework; plugins never import each other."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "ivy_core" / "ivy"
SUITE = CORE / "testing"  # the conformance suite, an extra of the core with requirements of its own
PLUGINS = {path.name: path for path in sorted(ROOT.glob("plugins/ivy-*/ivy_*")) if path.is_dir()}

# What counts as a framework, and which plugin may import it.
OWNED = {
    "ivy_numpy": {"numpy", "ml_dtypes"},
    "ivy_torch": {"torch", "torchvision", "functorch"},
    "ivy_jax": {"jax", "jaxlib", "flax", "haiku", "equinox", "optax"},
    "ivy_tensorflow": {"tensorflow", "keras"},
    "ivy_paddle": {"paddle"},
}
FRAMEWORKS = set().union(*OWNED.values())
# NumPy is a helper that every framework needs anyway; each plugin's backend and capture may use it.
SHARED = {"numpy", "ml_dtypes"}


def imported(file: Path) -> Iterator[tuple[int, str]]:
    """Top-level names that a file imports anywhere, with their lines; imports for type checkers left out."""
    tree = ast.parse(file.read_text(), str(file))
    skipped = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for statement in block.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.lineno, (node.module or "").partition(".")[0]


def offences(files: Iterable[Path], banned: set[str]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in sorted(files)
        for line, name in imported(file)
        if name in banned
    ]


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_core_imports_no_framework_and_no_plugin():
    core = [file for file in CORE.rglob("*.py") if SUITE not in file.parents]
    assert offences(core, FRAMEWORKS | set(OWNED) | {"hypothesis", "pytest", "scipy"}) == []


def test_conformance_suite_imports_no_framework_but_numpy():
    assert offences(SUITE.rglob("*.py"), (FRAMEWORKS - SHARED) | set(OWNED)) == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_plugin_imports_no_other_plugin(plugin):
    others = set(OWNED) - {plugin}
    foreign = FRAMEWORKS - OWNED[plugin] - SHARED
    assert offences(PLUGINS[plugin].rglob("*.py"), others | foreign) == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_frontend_imports_no_framework(plugin):
    folder = PLUGINS[plugin]
    files = [*folder.glob("frontend.py"), *folder.glob("frontend/**/*.py")]
    assert offences(iter(files), FRAMEWORKS) == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_plugin_facts_import_no_framework(plugin):
    folder = PLUGINS[plugin]
    assert offences(iter([folder / "__init__.py", folder / "plugin.py"]), FRAMEWORKS) == []


def test_scan_sees_imports(tmp_path):
    file = tmp_path / "f.py"
    file.write_text(
        "if TYPE_CHECKING:\n    import torch\ndef f():\n    from jax.numpy import sum\n    import numpy.linalg\n"
    )
    assert list(imported(file)) == [(4, "jax"), (5, "numpy")]


@pytest.mark.parametrize(
    "use", ["", "ivy.plugins()", "from ivy.plugins import array_owner; array_owner(int)", "import ivy.cli"]
)
def test_no_framework_is_loaded(use):
    names = sorted(FRAMEWORKS)
    assert run(f"import sys, ivy; {use}\nprint([name for name in {names} if name in sys.modules])") == "[]"


def test_import_loads_little():
    # what takes time is loading modules; the time itself depends on the machine, see benchmarks/
    code = "import sys; before = set(sys.modules); import ivy; print(sum(m.startswith('ivy') for m in set(sys.modules) - before))"
    assert int(run(code)) < 20


def test_import_writes_nothing_and_filters_no_warnings(tmp_path):
    code = (
        f"import os, warnings; os.chdir({str(tmp_path)!r}); before = list(warnings.filters)\n"
        "import ivy; ivy.plugins(); print(os.listdir(), warnings.filters == before)"
    )
    assert run(code) == "[] True"


def test_module_and_function_of_the_same_name():
    """``ivy.plugins`` is the function; the module of that name is still importable from."""
    code = "import ivy.plugins; from ivy.plugins import get_plugin; print(callable(ivy.plugins), callable(get_plugin))"
    assert run(code) == "True True"


def test_every_public_name_resolves():
    assert run("import ivy\nfor name in ivy.__all__: getattr(ivy, name)\nprint('ok')") == "ok"


def test_no_file_is_too_long():
    files = [path for folder in (CORE, ROOT / "plugins", ROOT / "tests") for path in folder.rglob("*.py")]
    long = {str(path.relative_to(ROOT)): count for path in files if (count := len(path.read_text().splitlines())) > 800}
    assert long == {}
