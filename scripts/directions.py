"""Compare every function of tests/directions in all 20 directions and write docs/directions.md.

Each direction runs in a process of its own, one after the other, and leaves its figures in a file of the folder
``--results``; a direction whose file is there is not run again, so that a long run can be continued::

    python scripts/directions.py                            # all of them, about half an hour
    python scripts/directions.py --direction torch jax      # one, anew
    python scripts/directions.py --again                    # what failed or is new
    python scripts/directions.py --write                    # the table alone, from the figures that are there
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests" / "directions"
TARGET = ROOT / "docs" / "directions.md"
FRAMEWORKS = ("numpy", "torch", "jax", "tensorflow", "paddle")
DIRECTIONS = [(s, t) for s in FRAMEWORKS for t in FRAMEWORKS if s != t]
SHORT = {"numpy": "NumPy", "torch": "torch", "jax": "JAX", "tensorflow": "TF", "paddle": "Paddle"}


def measure(source: str, target: str, before: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Compare the functions of one direction that no figures are there for, in this process."""
    sys.path.insert(0, str(TESTS))
    warnings.simplefilter("ignore")
    from direction_cases import CASES
    from running import cell

    found = {}
    for name in CASES:
        if name in before:
            found[name] = before[name]
            continue
        try:
            result = cell(source, target, name)
            found[name] = {
                "values": result.values,
                "gradients": result.gradients,
                "note": result.note,
                "link": result.link,
                "compared": result.compared,
            }
        except Exception as error:
            found[name] = {"error": f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"}
            print(f"{source} -> {target}: {name}: {found[name]['error']}", file=sys.stderr)
    return found


def short(x: float | None) -> str:
    """Write an error in one digit."""
    if x is None:
        return "drawn"
    return "0" if x == 0 else f"{x:.0e}".replace("e-0", "e-")


class Notes:
    """Numbers the reasons why something is left out."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def mark(self, result: dict[str, Any]) -> str:
        """Return the footnote mark of a result, "" if it has no note."""
        if not result.get("note"):
            return ""
        text = result["note"] + (f" ([source]({result['link']}))" if result["link"] else "")
        return f"[^{self.texts.setdefault(text, len(self.texts) + 1)}]"

    def lines(self) -> list[str]:
        """Return the footnotes."""
        return [f"[^{number}]: {text}." for text, number in self.texts.items()]


def text(result: dict[str, Any] | None, notes: Notes) -> str:
    """Write a cell."""
    if result is None:
        return ""
    if "error" in result:
        return "**fails**"
    if not result["compared"]:
        return f"no{notes.mark(result)}"
    if result["gradients"] is None:
        return short(result["values"]) + notes.mark(result)
    return f"{short(result['values'])} / {short(result['gradients'])}{notes.mark(result)}"


def table(figures: dict[tuple[str, str], dict[str, dict[str, Any]]]) -> str:
    """Return the text of docs/directions.md."""
    sys.path.insert(0, str(TESTS))
    from direction_cases import CASES

    notes = Notes()
    lines = [
        "# The 20 directions",
        "",
        "Made by `scripts/directions.py`; do not edit.",
        "",
        f"{len(CASES)} functions, each written in every framework as its users write it (`tests/directions`),",
        "converted to every other one and compared with the original: structure, shapes, dtypes, array type, values,",
        "and the gradients of a weighted sum of all results by the source's own differentiation and by the target's",
        "(central differences in float64 where the source is NumPy). A cell holds the largest error of the values,",
        "relative to the largest value of the result, and after the slash that of the gradients; 0 is bit for bit.",
        "There is one figure where nothing is differentiable or the target is NumPy. Random functions draw from the",
        "target's generator: *drawn* says that their distribution is the source's and that a seed reproduces them.",
        "JAX's numbers and those of TensorFlow's stateless functions are the source's own and are compared one by one.",
        "",
        "| direction | functions | values agree | gradients agree | limited by a framework | fail |",
        "|---|---|---|---|---|---|",
    ]
    for source, target in DIRECTIONS:
        results = figures.get((source, target))
        if results is None:
            lines.append(f"| {source} to {target} | not run | | | | |")
            continue
        kept = [r for name, r in results.items() if name in CASES]
        failed = sum("error" in r for r in kept)
        same = sum(bool(r.get("compared")) for r in kept)
        slopes = sum(r.get("gradients") is not None for r in kept)
        limited = sum(bool(r.get("note")) for r in kept)
        lines.append(f"| {source} to {target} | {len(kept)} | {same} | {slopes} | {limited} | {failed} |")
    chapters: dict[str, list[str]] = {}
    for name, case in CASES.items():
        chapters.setdefault(case.chapter, []).append(name)
    for chapter, names in chapters.items():
        heads = " | ".join(f"{SHORT[s]} → {SHORT[t]}" for s, t in DIRECTIONS)
        lines += ["", f"## {chapter}", "", f"| function | {heads} |", "|---" * (1 + len(DIRECTIONS)) + "|"]
        for name in names:
            cells = " | ".join(text(figures.get(d, {}).get(name), notes) for d in DIRECTIONS)
            lines.append(f"| `{name}` | {cells} |")
    if notes.texts:
        lines += ["", "## Why something is left out", "", *notes.lines()]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=Path(tempfile.gettempdir()) / "ivy-directions")
    parser.add_argument("--direction", nargs=2, metavar=("SOURCE", "TARGET"), help="run this one, anew")
    parser.add_argument("--again", action="store_true", help="run what failed or is new")
    parser.add_argument("--write", action="store_true", help="only write the table")
    options = parser.parse_args()
    options.results.mkdir(parents=True, exist_ok=True)
    if options.direction:
        source, target = options.direction
        file = options.results / f"{source}-{target}.json"
        before = json.loads(file.read_text()) if options.again and file.is_file() else {}
        found = measure(source, target, {name: r for name, r in before.items() if "error" not in r})
        file.write_text(json.dumps(found, indent=1))
        return 0
    for source, target in DIRECTIONS:
        if not options.write and (options.again or not (options.results / f"{source}-{target}.json").is_file()):
            command = [sys.executable, __file__, "--results", str(options.results), "--direction", source, target]
            subprocess.run([*command, *(["--again"] if options.again else [])], check=False)
    figures = {}
    for source, target in DIRECTIONS:
        file = options.results / f"{source}-{target}.json"
        if file.is_file():
            figures[source, target] = json.loads(file.read_text())
    TARGET.write_text(table(figures))
    failed = sum("error" in r for results in figures.values() for r in results.values())
    print(f"{len(figures)} directions, {failed} failures; wrote {TARGET.relative_to(ROOT)}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
