"""Measure the error of every special function on every backend and write docs/accuracy.md.

Each function is compared with mpmath at thousands of points of its range (see `ivy.testing.references.real`)::

    python scripts/accuracy.py                          # all backends, 40 points for each combination of ranges
    python scripts/accuracy.py --backends jax --points 100 --only igamma   # some figures, anew
    python scripts/accuracy.py --write                  # the page alone, from the figures

The figures lie in a file of ``--results``. `BOUND` is what tests hold every function to, unless the plugin's
``support.toml`` says otherwise::

    [accuracy."igammac"]
    reason = "..."
    float32 = 2000      # units in the last place
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "accuracy.md"
BACKENDS = ("numpy", "torch", "jax", "paddle", "tensorflow")  # Paddle has to be imported before TensorFlow
TITLES = {"numpy": "NumPy", "torch": "PyTorch", "jax": "JAX", "tensorflow": "TensorFlow", "paddle": "PaddlePaddle"}


def measure(backend: str, name: str, dtype: str, points: int) -> dict[str, Any]:
    """Return the largest error of a function, where it is, and how many results were compared."""
    from ivy.testing.references.real import errors, evaluate, samples

    arguments = samples(name, dtype, points)
    missed, _ = errors(name, arguments, evaluate(backend, name, arguments))
    place = int(np.nanargmax(missed))
    return {
        "error": float(missed[place]),
        "at": [float(x[place]) for x in arguments],
        "points": int(np.isfinite(missed).sum() + np.isinf(missed).sum()),
    }


def page(figures: dict[str, Any]) -> str:
    """Return the document."""
    from ivy.testing.references.real import BOUND, FUNCTIONS
    from ivy.testing.subject import Subject

    lines = [
        "# Accuracy of special functions",
        "",
        "The largest error of each real function on each backend, in units of the last place of the exact result, and",
        "where it is. Near a root of the function the unit is that of the function's size around it. The exact results",
        "are mpmath's; ranges and sizes are in `ivy.testing.references.real`. On a CPU, by `scripts/accuracy.py`.",
        "",
        f"Tests hold every function to {BOUND['float32']} units in float32 and {BOUND['float64']} in float64, but for",
        "those that [the last section](#what-is-less-accurate) lists.",
    ]
    for dtype in ("float32", "float64"):
        lines += ["", f"## {dtype}", "", f"| function | {' | '.join(TITLES[b] for b in BACKENDS)} |"]
        lines.append("|---|" + "---:|" * len(BACKENDS))
        for name in FUNCTIONS:
            cells = [_cell(figures.get(f"{b} {name} {dtype}")) for b in BACKENDS]
            lines.append(f"| `{name}` | {' | '.join(cells)} |")
    lines += ["", "## What is less accurate", ""]
    for backend in BACKENDS:
        for name, entry in Subject(backend).support.get("accuracy", {}).items():
            bounds = ", ".join(f"{dtype} {entry[dtype]}" for dtype in BOUND if dtype in entry)
            lines.append(f"- {TITLES[backend]}, `{name}` (up to {bounds}): {entry['reason']}")
    return "\n".join(lines) + "\n"


def _cell(found: dict[str, Any] | None) -> str:
    if found is None:
        return ""
    place = ", ".join(f"{x:.3g}" for x in found["at"])
    return f"{found['error']:.2g} ({place})"


def main() -> int:
    """Measure what is asked for, keep the figures, and write the page."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--backends", nargs="*", choices=BACKENDS, default=BACKENDS)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--points", type=int, default=40)
    parser.add_argument("--results", type=Path, default=ROOT / ".accuracy.json")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    figures = json.loads(options.results.read_text()) if options.results.is_file() else {}
    if not options.write:
        from ivy.testing.references.real import BOUND, FUNCTIONS

        warnings.simplefilter("ignore")
        for backend in options.backends:
            for name in options.only or FUNCTIONS:
                for dtype in BOUND:
                    found = figures[f"{backend} {name} {dtype}"] = measure(backend, name, dtype, options.points)
                    print(f"{backend} {name} {dtype}: {found['error']:.3g} at {found['at']}", flush=True)
            options.results.write_text(json.dumps(figures))
    TARGET.write_text(page(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
