"""Long runs: ``python -m tests.fuzz --source torch --target numpy jax --programs 5000 --seed 7``."""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import re
import sys
import time

from .compare import Outcome, outcome, run, shrink
from .generate import generate

FRAMEWORKS = ("numpy", "torch", "jax", "tensorflow", "paddle")


def main() -> int:
    """Run programs, print counts and minimal reproductions; 1 if there is a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--source", nargs="+", default=["torch"], choices=FRAMEWORKS)
    parser.add_argument("--target", nargs="+", default=["numpy"], choices=FRAMEWORKS)
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--seed", default="0")
    parser.add_argument("--one", help="run the program of this seed alone and print it whole")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, default=1, help="reproductions of each kind of fault")
    parser.add_argument("--results-only", action="store_true", help="don't show what arguments hold afterwards")
    parser.add_argument("--internal", action="store_true", help="show refusals that stem from errors of other kinds")
    parser.add_argument("--refusals", action="store_true", help="list the reasons of refusals")
    options = parser.parse_args()
    if options.one is not None:
        return one(options)
    worst = 0
    for source in options.source:
        seeds = [f"{options.seed}-{i}" for i in range(options.programs)]
        if options.jobs > 1:
            parts = [seeds[i :: options.jobs] for i in range(options.jobs)]
            with multiprocessing.get_context("spawn").Pool(options.jobs) as pool:
                found = pool.starmap(
                    batch,
                    [(source, options.target, p, options.show, options.results_only, options.internal) for p in parts],
                )
        else:
            found = [batch(source, options.target, seeds, options.show, options.results_only, options.internal)]
        for target in options.target:
            worst |= report(source, target, [part[target] for part in found], options.refusals)
    return worst


INTERNAL = re.compile(r": \w+Error: |: AssertionError|on meta tensors|not known while tracing")
Batch = tuple[collections.Counter[str], collections.Counter[str]]


def batch(
    source: str, targets: list[str], seeds: list[str], show: int, results_only: bool, internal: bool
) -> dict[str, Batch]:
    """Run the programs of some seeds, printing each new kind of fault; count by kind and by sort."""
    counts: dict[str, Batch] = {t: (collections.Counter(), collections.Counter()) for t in targets}
    begun, shown = time.time(), collections.Counter[str]()
    for i, seed in enumerate(seeds):
        program = generate(source, seed)
        try:
            wanted = run(program.function(), program, source)
        except Exception as error:
            print(f"# {source} {seed}: {type(error).__name__} {error}", file=sys.stderr)
            wanted = None
        for target in targets:
            found = Outcome("unstable") if wanted is None else outcome(program, target, wanted)
            kinds, sorts = counts[target]
            kinds[found.kind] += 1
            if found.kind != "same":
                sorts[f"{found.kind}: {found.sort}"] += 1
            if found.fault or (internal and INTERNAL.search(found.note)):
                if results_only and found.of_arguments:
                    continue
                small = shrink(program, target, found)
                final = outcome(small, target)
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


def report(source: str, target: str, parts: list[Batch], refusals: bool) -> int:
    """Print the counts of a pair."""
    kinds, sorts = collections.Counter[str](), collections.Counter[str]()
    for a, b in parts:
        kinds += a
        sorts += b
    print(f"\n= {source} -> {target}: {sum(kinds.values())} programs: {dict(kinds)}")
    for text, count in sorts.most_common():
        if refusals or not text.startswith("refused"):
            print(f"  {count:5d} {text}")
    return int(bool(kinds["raised"] + kinds["different"]))


def one(options: argparse.Namespace) -> int:
    """Print one program and its outcomes."""
    for source in options.source:
        program = generate(source, options.one)
        for target in options.target:
            found = outcome(program, target)
            small = shrink(program, target, found) if found.fault else program
            print(small.script(target))
            print(f"# {target}: {outcome(small, target)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
