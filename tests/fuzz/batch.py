"""A row of programs: counts of outcomes, and minimal reproductions of the faults."""

from __future__ import annotations

import collections
import re
import sys
import time

from .compare import Outcome, outcome, run, shrink
from .generate import generate
from .gradients import gradient_outcome

INTERNAL = re.compile(r": \w+Error: |: AssertionError|on meta tensors|not known while tracing")
Batch = tuple[collections.Counter[str], collections.Counter[str]]


def batch(
    source: str,
    seeds: list[str],
    targets: list[str],
    show: int,
    results_only: bool,
    internal: bool,
    gradients: int,
    minutes: float,
) -> dict[str, Batch]:
    """Run the programs of some seeds, printing each new kind of fault; count by kind and by sort."""
    counts: dict[str, Batch] = {t: (collections.Counter(), collections.Counter()) for t in targets}
    begun, shown = time.time(), collections.Counter[str]()
    for i, seed in enumerate(seeds):
        if minutes and time.time() - begun > 60 * minutes:
            break
        program = generate(source, seed)
        try:
            wanted = run(program.function(), program, source)
        except Exception as error:
            print(f"# {source} {seed}: {type(error).__name__} {error}", file=sys.stderr)
            wanted = None
        for target in targets:
            found = Outcome("unstable") if wanted is None else outcome(program, target, wanted)
            slope = (
                gradient_outcome(program, target) if gradients and i % gradients == 0 and found.kind == "same" else None
            )
            found = slope if slope is not None and slope.kind != "same" else found
            kinds, sorts = counts[target]
            kinds["gradients compared"] += slope is not None
            kinds[found.kind] += 1
            if found.kind != "same":
                sorts[f"{found.kind}: {found.sort}"] += 1
            if found.fault or (internal and INTERNAL.search(found.note)):
                if results_only and found.of_arguments:
                    continue
                judge = outcome if slope is None else gradient_outcome
                small = shrink(program, target, found, judge)
                final = judge(small, target) or found
                words = sorted(set(re.findall(r"[a-z_]{2,}\b", " ".join(small.statements))))
                key = f"{final.kind} {final.sort.split(' (')[0]} {words}"
                shown[key] += 1
                if shown[key] <= show:
                    print(f"\n## {source} -> {target}, seed {seed}: {final.kind}: {final.note}")
                    print(small.text + "".join(f"# {n}: {x.dtype}{list(x.shape)}\n" for n, x in small.inputs.items()))
                    sys.stdout.flush()
                small.forget()
        program.forget()
        if (i + 1) % 500 == 0:
            rate = 60 * (i + 1) / (time.time() - begun)
            print(
                f"# {source}: {i + 1} programs, {rate:.0f} a minute: "
                + "; ".join(f"{t} {dict(c[0])}" for t, c in counts.items()),
                flush=True,
            )
    return counts
