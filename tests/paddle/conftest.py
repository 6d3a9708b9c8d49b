"""Captured paddle functions on every target, against paddle's own values, dtypes, shapes and gradients."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
pytest.importorskip("paddle", reason="needs PaddlePaddle")


def pytest_collection_modifyitems(items):
    """Let paddle warn about itself: it does so in its layers and when it is imported."""
    for item in items:
        if "paddle" in item.nodeid:
            item.add_marker(pytest.mark.filterwarnings("ignore::UserWarning:paddle.*"))
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning"))
