"""What a call through `ivy` costs over the framework's own, side by side with array_api_compat and keras.ops.

``python benchmarks/dispatch.py`` prints a table in Markdown: microseconds of the native call on small arrays, and what
each other way of making the call adds. ``pytest benchmarks/dispatch.py`` gives the same calls to pytest-benchmark.
Figures are compared within one run, in which the candidates take turns; never against a limit.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import statistics
import subprocess
import sys
import timeit
from collections.abc import Iterator
from typing import Any

import pytest

FRAMEWORKS = {
    "numpy": ("np", "numpy"),
    "torch": ("torch", "torch"),
    "jax": ("jnp", "jax.numpy"),
    "paddle": ("paddle", "paddle"),
    "tensorflow": ("tf", "tensorflow"),
}
"""Framework -> its module's name in the statements, and its path. PaddlePaddle has to be imported before TensorFlow."""
KERAS = ("numpy", "torch", "jax", "tensorflow")
COMPAT = ("numpy", "torch", "jax")

# Call -> how each library writes it; "array_api" is the standard's form, which ivy and array_api_compat have.
CALLS: dict[str, dict[str, str]] = {
    "add": {
        "array_api": "{}.add(x, y)", "method": "x + y", "keras": "ops.add(x, y)",
        **dict.fromkeys(FRAMEWORKS, "{}.add(x, y)"),
    },
    "maximum, scalar": {
        "ivy": "ivy.maximum(x, 0.5)", "keras": "ops.maximum(x, 0.5)", "numpy": "np.maximum(x, 0.5)",
        "torch": "torch.clamp_min(x, 0.5)", "jax": "jnp.maximum(x, 0.5)", "tensorflow": "tf.maximum(x, 0.5)",
        "paddle": "paddle.clip(x, 0.5)",
    },
    "add, scalar": {
        "array_api": "{}.add(x, 2.0)", "method": "x + 2.0", "keras": "ops.add(x, 2.0)", "numpy": "np.add(x, 2.0)",
        "torch": "torch.add(x, 2.0)", "jax": "jnp.add(x, 2.0)", "tensorflow": "tf.add(x, 2.0)", "paddle": "x + 2.0",
    },
    "exp": {
        "array_api": "{}.exp(x)", "keras": "ops.exp(x)", **dict.fromkeys(FRAMEWORKS, "{}.exp(x)"),
    },
    "less": {
        "array_api": "{}.less(x, y)", "method": "x < y", "keras": "ops.less(x, y)", "paddle": "paddle.less_than(x, y)",
        **dict.fromkeys(("numpy", "torch", "jax", "tensorflow"), "{}.less(x, y)"),
    },
    "where": {
        "array_api": "{}.where(m, x, y)", "keras": "ops.where(m, x, y)",
        **dict.fromkeys(FRAMEWORKS, "{}.where(m, x, y)"),
    },
    "matmul": {
        "array_api": "{}.matmul(x, y)", "method": "x @ y", "keras": "ops.matmul(x, y)",
        **dict.fromkeys(FRAMEWORKS, "{}.matmul(x, y)"),
    },
    "sum, axis": {
        "array_api": "{}.sum(x, axis=0)", "method": "x.sum(axis=0)", "keras": "ops.sum(x, axis=0)",
        "torch": "torch.sum(x, 0)", "tensorflow": "tf.reduce_sum(x, axis=0)",
        **dict.fromkeys(("numpy", "jax", "paddle"), "{}.sum(x, axis=0)"),
    },
    "mean": {
        "array_api": "{}.mean(x)", "method": "x.mean()", "keras": "ops.mean(x)", "tensorflow": "tf.reduce_mean(x)",
        **dict.fromkeys(("numpy", "torch", "jax", "paddle"), "{}.mean(x)"),
    },
    "reshape": {
        "array_api": "{}.reshape(x, (9,))", "method": "x.reshape((9,))", "keras": "ops.reshape(x, (9,))",
        **dict.fromkeys(FRAMEWORKS, "{}.reshape(x, (9,))"),
    },
    "permute_dims": {
        "array_api": "{}.permute_dims(x, (1, 0))", "keras": "ops.transpose(x, (1, 0))",
        "numpy": "np.transpose(x, (1, 0))", "torch": "torch.permute(x, (1, 0))", "jax": "jnp.transpose(x, (1, 0))",
        "tensorflow": "tf.transpose(x, (1, 0))", "paddle": "paddle.transpose(x, (1, 0))",
    },
    "concat": {
        "array_api": "{}.concat([x, y])", "keras": "ops.concatenate([x, y])", "numpy": "np.concatenate([x, y])",
        "torch": "torch.cat([x, y])", "jax": "jnp.concatenate([x, y])", "tensorflow": "tf.concat([x, y], 0)",
        "paddle": "paddle.concat([x, y])",
    },
    "stack, axis": {
        "array_api": "{}.stack([x, y], axis=1)", "keras": "ops.stack([x, y], axis=1)",
        "torch": "torch.stack([x, y], 1)",
        **dict.fromkeys(("numpy", "jax", "tensorflow", "paddle"), "{}.stack([x, y], axis=1)"),
    },
    "get item": {
        "ivy": "ivy.get_item(x, 0)", "method": "x[0]", **dict.fromkeys(FRAMEWORKS, "x[0]"),
    },
    "zeros": {
        "array_api": "{}.zeros((3, 3))", "keras": "ops.zeros((3, 3))", **dict.fromkeys(FRAMEWORKS, "{}.zeros((3, 3))"),
    },
}  # fmt: skip

CANDIDATES = ("native", "ivy", "ivy.Array", "operator", "compat, namespace held", "compat, array_namespace(x)", "keras")


def statements(framework: str, call: str) -> dict[str, str]:
    """Give the statement of each candidate that has one for this call."""
    forms, alias = CALLS[call], FRAMEWORKS[framework][0]
    through_ivy = forms.get("ivy") or forms["array_api"].format("ivy")
    found = {"native": forms[framework].format(alias), "ivy": through_ivy}
    names = {"x": "ax", "y": "ay", "m": "am"}
    found["ivy.Array"] = _renamed(through_ivy, names)
    if "method" in forms:
        found["operator"] = _renamed(forms["method"], names)
    if framework in COMPAT and "array_api" in forms:
        found["compat, namespace held"] = forms["array_api"].format("xp")
        found["compat, array_namespace(x)"] = forms["array_api"].format("array_namespace(x)")
    if call == "zeros":  # there is no array to choose by
        del found["ivy.Array"]
        found.pop("compat, array_namespace(x)", None)
    if framework in KERAS and "keras" in forms:
        found["keras"] = forms["keras"]
    return found


def _renamed(statement: str, names: dict[str, str]) -> str:
    import re

    return re.sub(r"\b[xym]\b(?!=)", lambda found: names[found[0]], statement)


def scene(framework: str, *, keras: bool) -> dict[str, Any]:
    """Make the names that the statements use."""
    import numpy as np

    alias, path = FRAMEWORKS[framework]
    native = importlib.import_module(path)
    made = {"tensorflow": "constant", "paddle": "to_tensor"}.get(framework, "asarray")
    make = getattr(native, made)
    x, y = (make(np.full((3, 3), value, "float32")) for value in (1.0, 2.0))
    m = make(np.eye(3, dtype="bool"))
    names = {alias: native, "x": x, "y": y, "m": m}
    if keras:
        names["ops"] = importlib.import_module("keras").ops
        return names
    import ivy

    ivy.set_backend(framework)
    names |= {"ivy": ivy, "ax": ivy.Array(x), "ay": ivy.Array(y), "am": ivy.Array(m)}
    if framework in COMPAT:
        from array_api_compat import array_namespace

        names |= {"array_namespace": array_namespace, "xp": array_namespace(x)}
    return names


def measure(candidates: dict[str, str], names: dict[str, Any], rounds: int = 25, samples: int = 5) -> dict[str, float]:
    """Time statements in turns; the least of the rounds' medians, in microseconds."""
    timers = {k: timeit.Timer(s, globals=names) for k, s in candidates.items()}
    number = {}
    for k, timer in timers.items():
        timer.timeit(20)
        number[k] = max(5, int(0.0004 / (timer.timeit(50) / 50)))
    best = dict.fromkeys(timers, float("inf"))
    for _ in range(rounds):
        taken: dict[str, list[float]] = {k: [] for k in timers}
        for _ in range(samples):
            for k, timer in timers.items():
                taken[k].append(timer.timeit(number[k]) / number[k] * 1e6)
        best = {k: min(best[k], statistics.median(taken[k])) for k in timers}
    return best


def run(framework: str, calls: list[str], *, keras: bool) -> dict[str, dict[str, float]]:
    """Measure the calls on one framework, in this process."""
    names = scene(framework, keras=keras)
    found = {}
    for call in calls:
        wanted = statements(framework, call)
        chosen = {k: s for k, s in wanted.items() if k == "native" or (k == "keras") is keras}
        found[call] = measure(chosen, names) if len(chosen) > 1 else {}
    return found


def in_process(framework: str, calls: list[str], *, keras: bool) -> dict[str, dict[str, float]]:
    """Measure in a process of its own: keras takes its backend at import, and no framework disturbs another."""
    command = [sys.executable, __file__, "--json", "--frameworks", framework, "--calls", *calls]
    env = {**os.environ, "KERAS_BACKEND": framework, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command + ["--keras"] * keras, env=env, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def table(framework: str, calls: list[str], *, keras: bool) -> Iterator[str]:
    """Give the lines of one framework's table."""
    own = in_process(framework, calls, keras=False)
    theirs = in_process(framework, calls, keras=True) if keras and framework in KERAS else {}
    columns = [c for c in CANDIDATES if any(c in row for row in [*own.values(), *theirs.values()])]
    yield f"| {framework}: µs | " + " | ".join(f"+ {c}" if c != "native" else c for c in columns) + " |"
    yield "|---" * (1 + len(columns)) + "|"
    for call in calls:
        cells = []
        for column in columns:
            row = theirs.get(call, {}) if column == "keras" else own[call]
            if column not in row:
                cells.append("")
            else:
                cells.append(f"{row[column] - (row['native'] if column != 'native' else 0):.2f}")
        yield f"| {call} | " + " | ".join(cells) + " |"


@pytest.mark.parametrize("candidate", [c for c in CANDIDATES if c != "keras"])
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("framework", ["numpy", "torch", "jax"])
def test_call(benchmark: Any, framework: str, call: str, candidate: str) -> None:
    statement = statements(framework, call).get(candidate)
    if statement is None:
        pytest.skip("not written this way")
    benchmark.group = f"{call} on {framework}"
    benchmark(eval(f"lambda: {statement}", scene(framework, keras=False)))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frameworks", nargs="+", default=list(FRAMEWORKS), choices=list(FRAMEWORKS))
    parser.add_argument("--calls", nargs="+", default=list(CALLS), choices=list(CALLS))
    parser.add_argument("--no-keras", action="store_true", help="leave keras.ops out")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--keras", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    for framework in asked.frameworks:
        if asked.json:
            print(json.dumps(run(framework, asked.calls, keras=asked.keras)))
        else:
            print("\n".join(table(framework, asked.calls, keras=not asked.no_keras)), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
