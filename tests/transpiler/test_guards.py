"""Python that reads values: the graph holds for the values that it was captured with, and another one for others.

Programs are written by a seed (`guard_programs`), and run eagerly on every target against the source itself; under jit
they run or say which of their lines needs a value.
"""

from __future__ import annotations

import importlib.util
import warnings

import numpy as np
import pytest

import ivy
from guard_programs import SOURCES, write
from ivy.backend import backend_of
from ivy.errors import DataDependentError
from ivy.transpiler import specialise

torch = pytest.importorskip("torch")
jax = pytest.importorskip("jax")

PROGRAMS = {"torch": 200, "numpy": 100, "jax": 100}
INPUTS = 20
TARGETS = ("numpy", "torch", "jax", "tensorflow", "paddle")


def program(source, seed, folder):
    path = write(source, seed, folder)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.f


def inputs(seed, count=INPUTS):
    draw = np.random.default_rng(seed)
    return [draw.standard_normal(4).astype("float32") * np.float32(draw.choice([0.5, 1, 3])) for _ in range(count)]


def expected(source, f, x):
    if source == "torch":
        return f(torch.tensor(x)).numpy()
    return np.asarray(f(jax.numpy.asarray(x) if source == "jax" else x.copy()))


def host(x):
    return backend_of(x).module.to_numpy(x)


def agrees(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=1e-5)


CASES = [(s, k) for s in SOURCES for k in range(PROGRAMS[s])]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("source", "seed"), CASES)
def test_programs(source, seed, target, tmp_path):
    pytest.importorskip(target)
    f = program(source, seed, tmp_path)
    g = ivy.transpile(f, source=source, to=target)
    for x in inputs(seed):
        agrees(host(g(x)), expected(source, f, x))
    assert len(g.graphs) <= specialise.MOST_GUARDED


@pytest.mark.parametrize(("source", "seed"), CASES)
def test_programs_under_jit(source, seed, tmp_path):
    f = program(source, seed, tmp_path)
    g = ivy.transpile(f, source=source, to="jax")
    run = jax.jit(g)
    for k, x in enumerate(inputs(seed, 3)):
        try:
            found = run(
                x, **({"rng": jax.random.PRNGKey(k)} if "rand" in (tmp_path / f"{f.__module__}.py").read_text() else {})
            )
        except DataDependentError as error:
            assert error.where is not None
            assert str(error.where.file) == str(tmp_path / f"{f.__module__}.py"), error
            assert error.hint
        else:
            agrees(host(found), expected(source, f, x))
