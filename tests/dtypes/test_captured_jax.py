"""The result dtypes, and the values, of JAX's public functions over mixed inputs (see `captured_sweep`)."""

import jax_source
import pytest
from captured_sweep import check, declared

PATHS = jax_source.SOURCE.paths()


@pytest.mark.parametrize("path", PATHS)
def test_result_dtypes(path):
    check(jax_source.SOURCE, path)


def test_what_is_declared_exists():
    assert set(declared(jax_source.SOURCE)) <= set(PATHS)
