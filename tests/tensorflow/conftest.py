"""The targets that captured TensorFlow functions are executed on."""

import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
pytest.importorskip("tensorflow")
sys.path.insert(0, str(Path(__file__).parent))

from tensorflow_running import BACKENDS, run


@pytest.fixture(params=BACKENDS)
def backend(request):
    pytest.importorskip(request.param)
    return request.param


@pytest.fixture
def check(backend):
    """Compare a function of arrays with its captured form on one backend."""

    def comparing(fn, *arrays, **options):
        return run(fn, *arrays, backend=backend, **options)

    return comparing
