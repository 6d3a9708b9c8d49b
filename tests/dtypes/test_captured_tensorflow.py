"""The result dtypes, and the values, of TensorFlow's public functions over mixed inputs (see `captured_sweep`)."""

import pytest
import tensorflow_source
from captured_sweep import check, declared

PATHS = tensorflow_source.SOURCE.paths()


@pytest.mark.parametrize("path", PATHS)
def test_result_dtypes(path):
    check(tensorflow_source.SOURCE, path)


def test_what_is_declared_exists():
    assert set(declared(tensorflow_source.SOURCE)) <= set(PATHS)
