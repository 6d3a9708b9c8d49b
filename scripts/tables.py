"""Write the tables in docs/ that are made from the code; with ``--check``, say whether they are up to date.

docs/support.md: every op of the functional API, and how each installed backend serves it.  docs/api/: an index and a
page for every public function (see `pages.py`).  What a backend can't do
stands with its reason in the plugin's ``support.toml``::

    [backend."linalg.eig"]
    reason = "no such function for a GPU"
    link = "https://..."
"""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import sys
import tomllib
from pathlib import Path
from typing import Any

import pages

import ivy.functional  # noqa: F401 - declares the ops
from ivy.backend import get_backend
from ivy.functional.registry import OPS, Op

DOCS = Path(__file__).parents[1] / "docs"
FRAMEWORKS = ("numpy", "torch", "jax", "paddle", "tensorflow")
BACKENDS = tuple(name for name in FRAMEWORKS if importlib.util.find_spec(f"ivy_{name}.backend.arithmetic") is not None)


def limits(name: str) -> dict[str, dict[str, Any]]:
    """What a plugin says it can't do, by op name."""
    spec = importlib.util.find_spec(f"ivy_{name}")
    assert spec is not None
    assert spec.origin is not None
    file = Path(spec.origin).with_name("support.toml")
    return tomllib.loads(file.read_text()).get("backend", {}) if file.is_file() else {}


def cell(op: Op, backend: str, known: dict[str, dict[str, Any]]) -> str:
    """How a backend serves an op."""
    if op.name in known:
        limit = known[op.name]
        return f"no: [{limit['reason']}]({limit['link']})" if "link" in limit else f"no: {limit['reason']}"
    if get_backend(backend).native(op) is not None:
        return "own"
    return "composite" if op.is_composite else "**missing**"


def support() -> str:
    """The text of docs/support.md."""
    known = {name: limits(name) for name in BACKENDS}
    chapters: dict[str, list[Op]] = {}
    for op in OPS.values():
        chapters.setdefault(op.chapter, []).append(op)
    primitives = sum(not op.is_composite for op in OPS.values())
    lines = [
        "# The functional API and its backends",
        "",
        "Made by `scripts/tables.py`; do not edit.",
        "",
        f"{len(OPS)} ops, of which {primitives} are primitives. A backend serves an op by its *own* function, or",
        "by the *composite* body that the core has for it.",
    ]
    for chapter in sorted(chapters):
        lines += [
            "",
            f"## {chapter}",
            "",
            f"| op | kind | {' | '.join(BACKENDS)} |",
            "|---" * (2 + len(BACKENDS)) + "|",
        ]
        for op in sorted(chapters[chapter], key=lambda op: op.name):
            kind = "composite" if op.is_composite else "primitive"
            cells = " | ".join(cell(op, name, known[name]) for name in BACKENDS)
            lines.append(f"| [ivy.{op.name}](api/{pages.path_of(op)}) | {kind} | {cells} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write or check every table; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a table is out of date")
    check = parser.parse_args().check
    stale = 0
    for file, text in {DOCS / "support.md": support()}.items():
        old = file.read_text() if file.is_file() else ""
        if old == text:
            continue
        stale += 1
        if check:
            diff = difflib.unified_diff(old.splitlines(), text.splitlines(), f"{file.name} (stored)", "made now", n=0)
            print("\n".join(list(diff)[:40]))
            print(f"{file.relative_to(DOCS.parent)} is out of date: run python scripts/tables.py")
        else:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
            print(f"wrote {file.relative_to(DOCS.parent)}")
    for line in pages.write(DOCS / "api", pages.pages(BACKENDS, {n: limits(n) for n in BACKENDS}), check=check):
        stale += 1
        print(f"{line}: run python scripts/tables.py" if check else line.replace("is out of date", "written"))
    return int(check and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
