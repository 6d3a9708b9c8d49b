"""Long runs: ``python -m tests.fuzz --source torch --target numpy jax --programs 5000 --seed 7``."""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from .batch import Batch, batch
from .compare import outcome, shrink
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
    parser.add_argument("--minutes", type=float, default=0, help="stop after so long")
    parser.add_argument("--show", type=int, default=1, help="reproductions of each kind of fault")
    parser.add_argument("--results-only", action="store_true", help="don't show what arguments hold afterwards")
    parser.add_argument("--gradients", type=int, default=0, help="compare those of one in so many programs")
    parser.add_argument("--internal", action="store_true", help="show refusals that stem from errors of other kinds")
    parser.add_argument("--refusals", action="store_true", help="list the reasons of refusals")
    options = parser.parse_args()
    if options.one is not None:
        return one(options)
    quicken()
    worst = 0
    for source in options.source:
        seeds = [f"{options.seed}-{i}" for i in range(options.programs)]
        found = list(batches(source, seeds, options))
        for target in options.target:
            worst |= report(source, target, [part[target] for part in found], options.refusals)
    return worst


CHUNK = 50


def batches(source: str, seeds: list[str], options: argparse.Namespace) -> Iterator[dict[str, Batch]]:
    """Run the programs in processes of their own: PaddlePaddle and its kernels may end theirs."""
    chunks = [seeds[i : i + CHUNK] for i in range(0, len(seeds), CHUNK)]
    given = (options.target, options.show, options.results_only, options.internal, options.gradients, options.minutes)
    if source != "paddle" and options.jobs == 1:
        yield batch(source, seeds, *given)
        return
    while chunks:
        with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
            running = [pool.submit(batch, source, chunk, *given) for chunk in chunks]
            left = []
            for chunk, future in zip(chunks, running):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    left.append(chunk)
        if left:  # what was running first did it
            print(f"# {source}: a process ended among the programs {left[0][0]} to {left[0][-1]}", flush=True)
        chunks = left[1:]


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


def quicken() -> None:
    """Let JAX compile without optimisation, and keep what it compiled."""
    os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_backend_optimization_level=0"
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(Path(tempfile.gettempdir()) / "ivy-fuzz-jax"))
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")


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
