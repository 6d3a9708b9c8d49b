"""Real torch models, with all weights drawn anew, against what they become in the other frameworks.

A fixed sample runs by default; all of `zoo` with ``-m slow`` or, as a table, with ``python tests/models/sweep.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import sweep
import zoo

SAMPLE = (
    "resnet18",
    "convnext_atto",
    "vit_tiny_patch16_224",
    "mobilenetv3_small_100",
    "bert",
    "llama",
    "t5",
    "mixtral",
    "whisper",
    "mamba",
    "clip",
)
GRADIENT_SAMPLE = ("resnet18", "bert", "gpt2")
NAMES = [*zoo.TIMM, *zoo.TRANSFORMERS]


FEWER = ("resnet18", "mobilenetv3_small_100", "bert", "llama")
"""What runs by default on targets that come after the first two."""


def _cases(names: list[str], sample: tuple[str, ...], targets: tuple[str, ...]) -> list[object]:
    return [
        pytest.param(n, t, marks=() if n in sample and (t in ("jax", "numpy") or n in FEWER) else pytest.mark.slow)
        for t in targets
        for n in names
    ]


def _needs(target: str) -> None:
    if target == "paddle":
        pytest.importorskip("paddle", reason="needs PaddlePaddle")


@pytest.mark.parametrize("name, target", _cases(NAMES, SAMPLE, ("jax", "numpy", "paddle")))
def test_outputs_at_two_batch_sizes(name: str, target: str) -> None:
    _needs(target)
    for row in sweep.outputs(name, target):
        assert row.arrays > 0, "nothing was compared"
        assert row.ok, row


@pytest.mark.parametrize("name, target", _cases([*sweep.GRADIENTS], GRADIENT_SAMPLE, tuple(sweep.GRADIENTS_IN)))
def test_gradients_of_parameters(name: str, target: str) -> None:
    _needs(target)
    row = sweep.gradients(name, target)
    assert row.arrays > 5
    assert row.ok, row
