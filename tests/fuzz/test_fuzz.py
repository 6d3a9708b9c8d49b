"""A short run of the fuzzer for every pair; other programs with every commit."""

from __future__ import annotations

import pytest
from sampling import sample_seed

from fuzz.compare import outcome, run, shrink
from fuzz.generate import generate

FRAMEWORKS = ("numpy", "torch", "jax", "tensorflow", "paddle")
PROGRAMS = {"jax": 4}  # compiles every shape of every operation


@pytest.mark.parametrize("source", FRAMEWORKS)
def test_programs_mean_the_same(source: str) -> None:
    seed = sample_seed()
    print(f"IVY_TEST_SAMPLE={seed}")
    faults = []
    for i in range(PROGRAMS.get(source, 12)):
        program = generate(source, f"{seed}-{i}")
        wanted = run(program.function(), program, source)
        for target in FRAMEWORKS:
            if target == "jax" and i >= PROGRAMS["jax"]:
                continue
            found = outcome(program, target, wanted)
            if found.fault:
                small = shrink(program, target, found.kind)
                faults.append(f"# {source} to {target}: {found.kind}: {found.note}\n{small.script(target)}")
    assert not faults, "\n\n".join(faults)
