"""Every function in every direction: values, dtypes, shapes, types and gradients; see `cases` and `running`."""

import pytest
from cases import CASES
from running import DIRECTIONS, FRAMEWORKS, cell, installed, source_file


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::UserWarning:paddle.*")
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("source, target", DIRECTIONS, ids=[f"{s}-{t}" for s, t in DIRECTIONS])
def test_direction(source, target, name):
    if not (installed(source) and installed(target)):
        pytest.skip(f"needs {source} and {target}")
    cell(source, target, name)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_framework_writes_every_function(framework):
    if not installed(framework):
        pytest.skip(f"needs {framework}")
    missing = [name for name in CASES if not hasattr(source_file(framework), name)]
    assert not missing
