"""Shapes and dtypes of the source are held against the target's: at conversion, and at a graph's first run."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import ivy
from ivy.errors import ConversionError, UnsupportedOpError
from ivy.frontends import using_converters


def halved(x):
    y = x + 1
    return torch.sinc(y)


@pytest.mark.parametrize("target", ["numpy", "jax", "tensorflow", "paddle", "torch"])
def test_a_conversion_of_another_dtype_is_refused_with_its_line(target):
    wrong = {"torch.sinc": lambda x: ivy.astype(x, "float16")}
    with (
        using_converters(wrong),
        pytest.raises(UnsupportedOpError, match=r"float16\[3\] instead of float32\[3\], which torch gives") as caught,
    ):
        ivy.transpile(halved, source="torch", to=target, args=(torch.ones(3),))
    (call,) = caught.value.calls
    assert call.name == "torch.sinc"
    assert call.locations[0].line == halved.__code__.co_firstlineno + 2


def test_a_conversion_of_another_shape_is_refused():
    wrong = {"torch.sinc": lambda x: ivy.expand_dims(x, axis=0)}
    with using_converters(wrong), pytest.raises(UnsupportedOpError, match=r"float32\[1, 3\] instead of float32\[3\]"):
        ivy.transpile(halved, source="torch", to="numpy", args=(torch.ones(3),))


def test_a_target_that_gives_another_dtype_is_named_at_the_first_call(monkeypatch):
    f = ivy.transpile(lambda x: torch.flip(torch.exp(x), (0,)), source="torch", to="numpy", args=(torch.ones(3),))
    exp = np.exp
    monkeypatch.setattr(np, "exp", lambda x: exp(x).astype("float64"))
    with pytest.raises(ConversionError, match=r"numpy.exp gives float64\[3\] instead of float32\[3\]") as caught:
        f(np.ones(3, "float32"))
    assert caught.value.where.file == __file__
    monkeypatch.undo()
    np.testing.assert_allclose(f(np.ones(3, "float32")), exp(np.ones(3, "float32")))
