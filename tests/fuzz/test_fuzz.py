"""A short run of the fuzzer for every pair; other programs with every commit."""

from __future__ import annotations

import pytest
from sampling import sample_seed

from fuzz.compare import outcome, run, shrink
from fuzz.generate import generate

TARGETS = ("numpy", "torch", "tensorflow", "paddle", "jax")
PROGRAMS = {"numpy": 6, "torch": 6, "tensorflow": 3, "jax": 2}  # PaddlePaddle's own kernels may end the process
COMPILED = 1  # JAX compiles every shape of every operation


@pytest.mark.parametrize("source", PROGRAMS)
def test_programs_mean_the_same(source: str) -> None:
    seed = sample_seed()
    print(f"IVY_TEST_SAMPLE={seed}")
    faults = []
    for i in range(PROGRAMS[source]):
        program = generate(source, f"{seed}-{i}", special=False, settled=True)
        wanted = run(program.function(), program, source)
        for target in TARGETS[: None if i < COMPILED else -1]:
            found = outcome(program, target, wanted)
            if found.fault:
                small = shrink(program, target, found)
                faults.append(f"# {source} to {target}: {found.kind}: {found.note}\n{small.script(target)}")
    assert not faults, "\n\n".join(faults)


def test_a_seed_gives_one_program() -> None:
    assert generate("numpy", "1").text == generate("numpy", "1").text != generate("numpy", "2").text
