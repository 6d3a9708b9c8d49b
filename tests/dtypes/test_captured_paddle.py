"""The result dtypes, and the values, of PaddlePaddle's public functions over mixed inputs (see `captured_sweep`)."""

import paddle_source
import pytest
from captured_sweep import check, declared

PATHS = paddle_source.SOURCE.paths()


@pytest.mark.parametrize("path", PATHS)
def test_result_dtypes(path):
    check(paddle_source.SOURCE, path)


def test_what_is_declared_exists():
    assert set(declared(paddle_source.SOURCE)) <= set(PATHS)
