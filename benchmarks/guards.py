"""What a guarded call costs over one without guards, and over the graph itself, with one and with many graphs.

Run with ``python benchmarks/guards.py``; figures are microseconds, compared within one run.
"""

from __future__ import annotations

import timeit
from typing import Any

import numpy as np

import ivy


def _plain(x: Any) -> Any:
    return x * 2


def _branch(x: Any) -> Any:
    return x * 2 if x.sum() > 0 else -x


def _steps(x: Any) -> Any:
    return x * int(x.sum())


def _measured(call: Any, *args: Any) -> float:
    number = 300
    return min(timeit.repeat(lambda: call(*args), number=number, repeat=5)) / number * 1e6


def main() -> None:
    """Print the table."""
    print("| target | plain | one guard | of which the graph | eight graphs, the last again | eight graphs in turn |")
    print("|---|---|---|---|---|---|")
    for target in ("numpy", "torch", "jax"):
        same = ivy.transpile(lambda x: x + 0, source="torch", to=target)
        arrays = [same(np.asarray([k, 1], dtype="float32")) for k in range(8)]
        plain, branch, steps = (ivy.transpile(f, source="torch", to=target) for f in (_plain, _branch, _steps))
        for x in arrays:
            plain(x), branch(x), steps(x)
        row = [
            _measured(plain, arrays[0]),
            _measured(branch, arrays[1]),
            _measured(branch.graph.compiled.function, arrays[1]),
            _measured(steps, arrays[3]),
            _measured(lambda calls, given: [calls(x) for x in given], steps, arrays) / 8,
        ]
        print(f"| {target} | " + " | ".join(f"{t:.1f}" for t in row) + " |")


if __name__ == "__main__":
    main()
