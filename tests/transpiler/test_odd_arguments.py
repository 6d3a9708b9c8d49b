"""No argument ends the process: strings, handles, sparse tensors and dtypes of one framework are served or refused."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("odd_arguments.py")
FRAMEWORKS = ("tensorflow", "torch", "jax", "numpy", "paddle")
DEFAULT = {("tensorflow", "numpy")}  # what began it: TensorFlow aborts where it is asked for the memory of strings
PAIRS = [
    pytest.param(*pair, marks=() if pair in DEFAULT else pytest.mark.slow)
    for pair in itertools.product(FRAMEWORKS, repeat=2)
]

NO_ARRAYS = ("sparse", "slices", "tensor array", "data set", "strings")
"""Objects that are no arrays: the function gets them as they are, and its own use of them may fail as it always does."""


@pytest.mark.parametrize(("framework", "target"), PAIRS)
def test_odd_arguments(framework, target):
    pytest.importorskip(framework)
    pytest.importorskip(target)
    run = subprocess.run([sys.executable, PROGRAM, framework, target], capture_output=True, text=True, check=False)
    lines = [line.split("\t") for line in run.stdout.splitlines()]
    begun = [tuple(line[1:3]) for line in lines if line[0] == "begin"]
    ended = {tuple(line[1:3]): line[3:] for line in lines if line[0] == "end"}
    assert len(begun) > 30
    assert run.returncode == 0, f"ended the process: {begun[-1]}\n{run.stderr[-2000:]}"
    assert ended.keys() == set(begun)
    wrong = []
    for (name, way), (result, *error) in ended.items():
        if result == "raw" and not (way == "used" and name in NO_ARRAYS and error[0] == "TypeError"):
            wrong.append((name, way, error))
        if result == "refused" and error[0] == "DtypeError" and "odd" not in error[1]:
            wrong.append((name, way, error))
    assert not wrong
