"""Parts of real models: called alone, hooked, wrapped. A share runs by default, all with ``-m ""``.

As tables: ``python tests/models/parts.py`` and ``python tests/models/surgery.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.sampling import in_sample, sample_seed

sys.path.insert(0, str(Path(__file__).parent))
import parts
import surgery

TARGETS = ("flax", "torch", "keras", "paddle")


def cases(kind: str, share: int) -> list[object]:
    seed = sample_seed()
    targets = {"parts": TARGETS, "surgery": ("flax", "torch"), "hooks": ("torch",)}[kind]
    pairs = [(name, target) for name in parts.NAMES for target in targets]
    return [
        pytest.param(n, t, marks=() if in_sample(f"{kind} {n} {t}", share, seed) else pytest.mark.slow)
        for n, t in pairs
    ]


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name, target", cases("parts", 8))
def test_each_part_alone(name: str, target: str) -> None:
    if target == "paddle":
        pytest.importorskip("ivy_paddle.loading", reason="needs PaddlePaddle")
    tried = [*parts.compare(name, target, each=1)]
    assert len(tried) > 5
    assert not [row for row in tried if row[2]]


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name, target", cases("surgery", 8))
def test_lora_on_all_linear_layers(name: str, target: str) -> None:
    count, difference, losses = surgery.lora(name, target)
    assert count > 0
    assert difference < 1
    assert losses < 2e-3


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name, target", cases("hooks", 8))
def test_hooks_on_all_parts(name: str, target: str) -> None:
    expected, silent, bad = surgery.hooks(name)
    assert expected > 5
    assert (silent, bad) == ([], [])
