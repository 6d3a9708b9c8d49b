"""Run the public suite of the Array API standard through `ivy` on every backend and write docs/array_api.md.

The suite is a clone of https://github.com/data-apis/array-api-tests, which is no part of this repository; its folder
is the argument or in the environment variable ``ARRAY_API_TESTS``. It needs pytest, hypothesis and pytest-json-report.
Each backend runs in a process of its own, one after the other, and leaves its figures in a file of ``--results``::

    python scripts/array_api.py ../array-api-tests                                  # all of them, 50 examples per test
    python scripts/array_api.py --backends torch jax --examples 200                 # two of them, anew
    python scripts/array_api.py --backends torch -- -k meshgrid                     # some tests: nothing is written
    python scripts/array_api.py --write                                             # the page alone, from the figures

What a framework can't do stands in its plugin's ``support.toml``, by the test's name as pytest prints it after ``::``::

    [array_api."test_linspace"]
    reason = "..."
    link = "https://..."
    flaky = true    # only if hypothesis does not find the failure in every run

A failure that is not listed, and one that is listed and does not fail, are errors.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "array_api.md"
SUITE = "https://github.com/data-apis/array-api-tests"
BACKENDS = ("numpy", "torch", "jax", "tensorflow", "paddle")
TITLES = {"numpy": "NumPy", "torch": "PyTorch", "jax": "JAX", "tensorflow": "TensorFlow", "paddle": "PaddlePaddle"}
START = "exec('import ivy; ivy.set_backend(\"{name}\"); xp = ivy')"
MISSING = """
import ivy
ivy.set_backend({name!r})
info = ivy.__array_namespace_info__()
with ivy.using_backend("numpy"):
    everywhere = ivy.__array_namespace_info__().dtypes()
print("dtypes:", ",".join(sorted(set(everywhere) - set(info.dtypes()))))
"""


def environment(name: str) -> dict[str, str]:
    """Return the variables by which the suite finds the namespace; JAX gets its 64-bit types."""
    return {**os.environ, "ARRAY_API_TESTS_MODULE": START.format(name=name), "JAX_ENABLE_X64": "1"}


def missing_dtypes(name: str) -> list[str]:
    """Return the standard's dtypes that a backend says it has not; the suite leaves them out."""
    found = subprocess.run(
        [sys.executable, "-c", MISSING.format(name=name)],
        env=environment(name),
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(line for line in found.stdout.splitlines() if line.startswith("dtypes:"))
    return [dtype for dtype in line.removeprefix("dtypes:").strip().split(",") if dtype]


def commit(suite: Path) -> str:
    """Return the suite's commit and its date."""
    command = ["git", "-C", str(suite), "log", "-1", "--format=%h %cs"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def measure(suite: Path, name: str, examples: int, extra: list[str]) -> dict[str, Any]:
    """Run the suite on one backend and return its figures."""
    missing = missing_dtypes(name)
    variables = {**environment(name), "ARRAY_API_TESTS_SKIP_DTYPES": ",".join(missing)}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable, "-m", "pytest", "array_api_tests", "-q", "--tb=short", "-p", "no:cacheprovider",
            "--max-examples", str(examples), "--disable-deadline", f"--junitxml={report}", *extra,
        ]  # fmt: skip
        code = subprocess.run(command, cwd=suite, env=variables, check=False).returncode
        if code not in (0, 1):
            raise SystemExit(f"pytest ended with {code} on {name}")
        cases = list(ElementTree.parse(report).iter("testcase"))
    outcomes: dict[str, list[str]] = {"passed": [], "failed": [], "skipped": []}
    for case in cases:
        kinds = {child.tag for child in case}
        outcome = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        outcomes[outcome].append(test_id(case))
    return {
        "suite": commit(suite),
        "examples": examples,
        "missing": missing,
        "passed": len(outcomes["passed"]),
        "failed": sorted(set(outcomes["failed"])),
        "skipped": len(outcomes["skipped"]),
    }


def test_id(case: ElementTree.Element) -> str:
    """Return a test's name as pytest prints it after the file's, with the characters that pytest escapes."""
    classes = [part for part in case.get("classname", "").split(".") if part.startswith("Test")]
    return plain("::".join([*classes, case.get("name", "")]))


def plain(name: str) -> str:
    """Return a name with the characters that pytest writes as escapes."""
    return re.sub(r"\\(?:u([0-9a-f]{4})|x([0-9a-f]{2}))", lambda m: chr(int(m[1] or m[2], 16)), name)


def declared(name: str) -> dict[str, dict[str, Any]]:
    """Return the entries of a plugin's support.toml, by test."""
    path = ROOT / "plugins" / f"ivy-{name}" / f"ivy_{name}" / "support.toml"
    return {plain(test): entry for test, entry in tomllib.loads(path.read_text()).get("array_api", {}).items()}


def problems(name: str, result: dict[str, Any]) -> list[str]:
    """Return what does not agree between the figures and the plugin's support.toml."""
    listed, failed = declared(name), set(result["failed"])
    found = [f"{name}: {test} fails and is not listed" for test in sorted(failed - set(listed))]
    for test, entry in listed.items():
        if not entry.get("reason"):
            found.append(f"{name}: {test} is listed without a reason")
        if test not in failed and not entry.get("flaky"):
            found.append(f"{name}: {test} is listed and does not fail")
    return found


def page(results: dict[str, dict[str, Any]]) -> str:
    """Return the text of docs/array_api.md."""
    lines = [
        "# Array API standard 2025.12",
        "",
        "What `ivy` passes, with each backend set, of the standard's public suite,",
        f"[data-apis/array-api-tests]({SUITE}). JAX runs with its 64-bit types. A dtype that the framework has not is",
        "left out of its run. Written by `scripts/array_api.py`.",
        "",
        "| backend | suite | examples per test | passed | failed | skipped | without |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    for name, result in results.items():
        lines.append(
            f"| {TITLES[name]} | `{result['suite']}` | {result['examples']} | {result['passed']} "
            f"| {len(result['failed'])} | {result['skipped']} | {', '.join(result['missing'])} |"
        )
    lines += ["", "Skipped tests are those that the suite itself leaves out."]
    for name, result in results.items():
        listed = declared(name)
        named = sorted({*result["failed"], *(test for test, entry in listed.items() if entry.get("flaky"))})
        if not named:
            continue
        lines += ["", f"## {TITLES[name]}", ""]
        reasons = Counter(_reason(listed.get(test, {})) for test in named)
        for reason in reasons:
            lines += [f"{reason}:", ""]
            for test in named:
                entry = listed.get(test, {})
                if _reason(entry) == reason:
                    sometimes = "" if test in result["failed"] else " (in some runs)"
                    lines.append(f"- `{test}`{sometimes}")
            lines.append("")
        lines.pop()
    return "\n".join(lines) + "\n"


def _reason(entry: dict[str, Any]) -> str:
    reason = entry.get("reason", "Not explained yet")
    reason = reason[:1].upper() + reason[1:]
    return f"[{reason}]({entry['link']})" if entry.get("link") else reason


def main() -> int:
    """Run what is asked for, write the page and report what does not agree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", nargs="?", type=Path, default=os.environ.get("ARRAY_API_TESTS"))
    parser.add_argument("--backends", nargs="+", choices=BACKENDS, default=list(BACKENDS))
    parser.add_argument("--examples", type=int, default=50, help="of each test; the slow ones get a tenth")
    parser.add_argument("--results", type=Path, default=Path(tempfile.gettempdir()) / "ivy_array_api")
    parser.add_argument("--write", action="store_true", help="write the page from the figures that are there")
    arguments = sys.argv[1:]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    options, extra = parser.parse_args(arguments[:split]), arguments[split + 1 :]
    options.results.mkdir(parents=True, exist_ok=True)
    if not options.write:
        if options.suite is None:
            parser.error(f"name the folder of the suite, a clone of {SUITE}, or set ARRAY_API_TESTS")
        for name in options.backends:
            result = measure(Path(options.suite).resolve(), name, options.examples, extra)
            if not extra:
                (options.results / f"{name}.json").write_text(json.dumps(result, indent=1))
    if extra:
        return 0
    results = {}
    for name in BACKENDS:
        path = options.results / f"{name}.json"
        if path.exists():
            results[name] = json.loads(path.read_text())
    TARGET.write_text(page(results))
    found = [problem for name, result in results.items() for problem in problems(name, result)]
    print("\n".join(found) or "every failure is listed", file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
