"""Subclasses of `numpy.ndarray` that compute in their own ways are refused by name, wherever they come from."""

from __future__ import annotations

import numpy as np
import pytest

import ivy
from ivy.errors import ArgumentError, CaptureError
from ivy.transpiler.api import transpile

TARGETS = ("numpy", "torch", "jax", "tensorflow", "paddle")


class Quantity(np.ndarray):
    """An array with a unit."""


MAKERS = {
    "MaskedArray": lambda: np.ma.masked_array([1.0, 2.0, 3.0], mask=[False, True, False]),
    "matrix": lambda: np.ones((2, 2)).view(np.matrix),
    "recarray": lambda: np.ones(2).view(np.recarray),
    "Quantity": lambda: np.ones(3).view(Quantity),
}
MASKED = MAKERS["MaskedArray"]()


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", MAKERS)
def test_an_argument_is_refused(name, target):
    fn = transpile(lambda x: x * 2, source="numpy", to=target)
    np.testing.assert_array_equal(np.asarray(fn(np.ones(3))), 2 * np.ones(3))
    with pytest.raises(ArgumentError, match=name):
        fn(MAKERS[name]())
    with pytest.raises(ArgumentError, match=name):
        fn(x=MAKERS[name]())


@pytest.mark.parametrize("name", MAKERS)
def test_the_functional_api_refuses_it(name):
    with pytest.raises(ArgumentError, match=name):
        ivy.multiply(MAKERS[name](), 2.0)


@pytest.mark.parametrize("name", MAKERS)
def test_a_constant_is_refused(name):
    held = MAKERS[name]()
    for fn in (lambda x: x + held, lambda x: np.add(held, x), lambda x: (x, held), lambda x, y=held: x * y):
        with pytest.raises((ArgumentError, CaptureError), match=name):
            transpile(fn, source="numpy", to="torch")(np.ones(held.shape))
    with pytest.raises((ArgumentError, CaptureError), match="MaskedArray"):
        transpile(lambda x: MASKED * x, source="numpy", to="torch")(np.ones(3))


MADE = {
    "masked_array": lambda x: np.ma.masked_array(x, mask=[False, True, False]),
    "ma.array": lambda x: np.ma.array(x).sum(),
    "masked_where": lambda x: np.ma.masked_where(x > 2, x),
    "masked_invalid": lambda x: np.ma.masked_invalid(x).mean(),
    "matrix": lambda x: np.matrix(x) * 2,
    "asmatrix": lambda x: np.asmatrix(x),
    "view": lambda x: x.view(np.matrix),
    "view own": lambda x: x.view(Quantity),
    "of constants": lambda x: np.ma.masked_array([1.0, 2.0, 3.0], [0, 1, 0]) + x,
}


@pytest.mark.parametrize("name", MADE)
def test_one_made_within_is_refused(name):
    with pytest.raises(CaptureError, match=r"MaskedArray|matrix|Quantity"):
        transpile(MADE[name], source="numpy", to="torch")(np.array([1.0, 2.0, 3.0]))


def test_questions_about_the_classes_are_answered():
    def fn(x):
        assert not isinstance(x, np.ma.MaskedArray)
        assert not isinstance(x, np.matrix)
        return x + 1 if isinstance(x, np.ndarray) else x

    got = transpile(fn, source="numpy", to="torch")(np.ones(3))
    np.testing.assert_array_equal(got.numpy(), 2 * np.ones(3))


def test_an_array_on_disk_is_a_plain_one(tmp_path):
    mapped = np.memmap(tmp_path / "values", dtype="float64", mode="w+", shape=(3,))
    mapped[:] = [1, 2, 3]
    got = transpile(lambda x: x * 2, source="numpy", to="torch")(mapped)
    np.testing.assert_array_equal(got.numpy(), [2, 4, 6])
