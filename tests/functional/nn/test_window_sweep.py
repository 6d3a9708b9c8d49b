"""Every combination of arguments of convolutions, poolings and resampling against torch, on every backend.

A fixed sample runs by default, with gradients and under the frameworks' compilers; ``-m slow`` runs everything, shard
by shard.
"""

from __future__ import annotations

import pytest
from backends import BACKENDS, DIFFERENTIABLE
from window_cases import FAMILIES, cases, sample
from window_running import difference

SHARDS = 8
RANKS = [(family, n) for family in FAMILIES for n in ((2,) if family == "unfold and fold" else (1, 2, 3))]
SAMPLE = 2
"""About so many cases of each family and rank run by default."""


def report(faults):
    assert not faults, f"{len(faults)} differences\n" + "\n".join(faults[:10])


@pytest.mark.parametrize("name", BACKENDS)
def test_sample(name):
    report([f for family, n in RANKS for case in sample(family, n, SAMPLE) if (f := difference(case, name))])


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients_of_a_sample(name):
    found = (difference(case, name, gradients=True) for family, n in RANKS for case in sample(family, n, 1))
    report([f for f in found if f])


@pytest.mark.parametrize("name", [n for n in BACKENDS if n in ("jax", "tensorflow")])
def test_sample_under_the_compiler(name):
    found = (difference(case, name, compiled=True) for family, n in RANKS for case in sample(family, n, 1))
    report([f for f in found if f])


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize(("family", "n"), RANKS)
def test_whole(family, n, name, shard):
    chosen = (case for i, case in enumerate(cases(family, n)) if i % SHARDS == shard)
    found = (
        difference(c, name, gradients=i % 5 == 0, compiled=i % 5 == 1 and i % 40 < 5) for i, c in enumerate(chosen)
    )
    report([f for f in found if f])
