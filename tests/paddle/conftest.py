"""Captured paddle functions on every target, against paddle's own values, dtypes, shapes and gradients."""

from __future__ import annotations

import pytest

pytest.importorskip("paddle", reason="needs PaddlePaddle")


def pytest_collection_modifyitems(items):
    """Let paddle warn about itself: it does so in its layers and when it is imported."""
    for item in items:
        if "paddle" in item.nodeid:
            item.add_marker(pytest.mark.filterwarnings("ignore::UserWarning:paddle.*"))
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning"))
