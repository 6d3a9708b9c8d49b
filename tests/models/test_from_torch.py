"""Real torch models, with all weights drawn anew, against what they become in JAX and NumPy.

A fixed sample runs by default; all of `zoo` with ``-m slow`` or, as a table, with ``python tests/models/sweep.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import sweep
import zoo

SAMPLE = ("resnet18", "convnext_atto", "vit_tiny_patch16_224", "mobilenetv3_small_100",
          "bert", "llama", "t5", "mixtral", "whisper", "mamba", "clip")  # fmt: skip
GRADIENT_SAMPLE = ("resnet18", "bert", "gpt2")
NAMES = [*zoo.TIMM, *zoo.TRANSFORMERS]


def _marked(names: list[str], sample: tuple[str, ...]) -> list[object]:
    return [pytest.param(n, marks=() if n in sample else pytest.mark.slow) for n in names]


@pytest.mark.parametrize("target", ["jax", "numpy"])
@pytest.mark.parametrize("name", _marked(NAMES, SAMPLE))
def test_outputs_at_two_batch_sizes(name: str, target: str) -> None:
    for row in sweep.outputs(name, target):
        assert row.arrays > 0, "nothing was compared"
        assert row.ok, row


@pytest.mark.parametrize("name", _marked(list(sweep.GRADIENTS), GRADIENT_SAMPLE))
def test_gradients_of_parameters(name: str) -> None:
    row = sweep.gradients(name)
    assert row.arrays > 5
    assert row.ok, row
