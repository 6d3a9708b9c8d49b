"""The result dtypes, and the values, of every function of the NumPy and the PyTorch frontend over mixed inputs.

The framework itself is the reference (see `dtype_sweep`). What differs is declared in the plugin's ``support.toml`` under
``[dtypes."<path>"]``, with a reason and the labels of the calls (regular expressions); what no longer differs is an error.
"""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import numpy_source
import pytest
import torch_source
from dtype_sweep import paths, sweep

SOURCES = {"numpy": numpy_source.SOURCE, "torch": torch_source.SOURCE}
CASES = [(name, path) for name, source in SOURCES.items() for path in paths(source)]


def _declared(name: str) -> dict[str, dict]:
    place = importlib.util.find_spec(f"ivy_{name}").origin
    return tomllib.loads(Path(place).with_name("support.toml").read_text()).get("dtypes", {})


DECLARED = {name: _declared(name) for name in SOURCES}


@pytest.mark.parametrize(("name", "path"), CASES, ids=[path for _, path in CASES])
def test_result_dtypes(name, path):
    outcome = sweep(SOURCES[name], path)
    if not outcome.accepted:  # it takes other arguments than one or two arrays
        assert path not in DECLARED[name]
        return
    known = DECLARED[name].get(path)
    differences = outcome.differences
    if known is not None:
        assert known["reason"]
        excused = {k for k in differences if any(re.fullmatch(p, k) for p in known["calls"])}
        assert excused, f"support.toml declares {path} ({known['reason']}), but it agrees"
        differences = {k: v for k, v in differences.items() if k not in excused}
    assert not differences, "\n".join(f"{k}: {v}" for k, v in differences.items())


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_declared_exists(name):
    assert set(DECLARED[name]) <= {path for source, path in CASES if source == name}
