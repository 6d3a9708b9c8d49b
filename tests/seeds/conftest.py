"""What the tests of the published examples share: nothing of them is changed but downloads and TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

import ivy

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _own_backend() -> Iterator[None]:
    """Undo what an example does to the current backend."""
    with ivy.using_backend("numpy"):
        yield


@pytest.fixture
def raw_image() -> Any:
    """A picture as PIL would give it: height, width, RGB, bytes."""
    rows, columns = np.mgrid[0:48, 0:64]
    channels = [rows * 5, columns * 4, (rows - 24) ** 2 + (columns - 32) ** 2]
    return (np.stack(channels, axis=-1) % 256).astype(np.uint8)
