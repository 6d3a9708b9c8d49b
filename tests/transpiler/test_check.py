"""`ivy.check` and `@ivy.converter`."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

import ivy
from ivy.errors import ArgumentError, ConversionError, UnknownFrameworkError, UnsupportedOpError
from ivy.frontends import using_converters
from ivy.graph.aval import Aval

_names = (f"ivytest{i}" for i in itertools.count())


@pytest.fixture
def custom():
    """A custom torch operator, ``x * x``, that no frontend knows, and its library's name."""
    library = next(_names)

    @torch.library.custom_op(f"{library}::square", mutates_args=())
    def square(x: torch.Tensor) -> torch.Tensor:
        return x * x

    square.register_fake(torch.empty_like)
    return square, library


def test_lists_every_unsupported_call_with_line_and_count(custom):
    square, library = custom

    def f(x):
        y = square(torch.relu(x))
        for _ in range(2):
            y = square(y) + 1
        return torch.special.spherical_bessel_j0(y)

    args = (torch.randn(2, 3),)
    report = ivy.check(f, source="torch", to="jax", args=args)
    assert not report
    assert not report.ok
    found = {c.name: c for c in report.calls}
    assert found[f"torch.ops.{library}.square.default"].count == 3
    lines = [place.line for place in found[f"torch.ops.{library}.square.default"].locations]
    first = f.__code__.co_firstlineno
    assert lines == [first + 1, first + 3]
    assert all(place.file == __file__ for place in found[f"torch.ops.{library}.square.default"].locations)
    assert sum(report.supported.values()) >= 2
    text = str(report)
    for part in ("cannot be converted", "3 calls", f"test_check.py:{first + 3}", "@ivy.converter"):
        assert part in text
    with pytest.raises(UnsupportedOpError) as error:
        ivy.transpile(f, source="torch", to="jax", args=args)
    assert {(c.name, c.count) for c in error.value.calls} == {(c.name, c.count) for c in report.calls}


@pytest.mark.parametrize("name", ["torch.ops.{}.square.default", "torch.ops.{}.square", "{}.ops.square", "{}.square"])
@pytest.mark.parametrize("target", ["jax", "numpy"])
def test_a_converter_makes_it_convert(custom, name, target):
    square, library = custom
    x = torch.randn(2, 3)

    def f(x):
        return square(torch.relu(x)) + 1

    assert not ivy.check(f, source="torch", to=target, args=(x,))
    with using_converters({name.format(library): lambda x: ivy.multiply(x, x)}):
        assert ivy.check(f, source="torch", to=target, args=(x,))
        result = ivy.transpile(f, source="torch", to=target, args=(x,))(x)
    np.testing.assert_allclose(np.asarray(result), f(x), rtol=1e-6, atol=1e-6)


def test_the_decorator_registers(custom):
    square, library = custom

    @ivy.converter(f"{library}.square")
    def converted(x):
        return ivy.square(x)

    x = torch.randn(3)
    result = ivy.transpile(lambda x: square(x) * 2, source="torch", to="jax")(x)
    np.testing.assert_allclose(np.asarray(result), (x * x * 2), rtol=1e-6, atol=1e-6)


def test_says_what_depends_on_values_what_is_written_and_what_is_drawn():
    def f(x, y):
        if x.sum() > 0:
            x += 1
        return torch.nn.functional.dropout(x, 0.5) + y

    report = ivy.check(f, source="torch", to="jax", args=(torch.ones(3), torch.ones(3)))
    assert report.ok
    assert report.mutated == ("x",)
    assert [p.line for g in report.guards for p in g.locations] == [f.__code__.co_firstlineno + 1]
    assert [c.count for c in report.random] == [1]
    for part in ("depends on values", "writes to its arguments", "draws random numbers"):
        assert part in str(report)


def test_modules():
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU()).eval()
    report = ivy.check(net, to="jax", args=(torch.randn(1, 3, 8, 8),))
    assert report
    assert report.name == "Sequential"
    assert sum(report.supported.values()) == 3
    assert "all 3 calls" in str(report)


def test_shapes_are_enough():
    report = ivy.check(lambda x: torch.softmax(x, -1), source="torch", to="numpy", args=(Aval((2, 3), ivy.float32),))
    assert report.ok


def test_numpy_and_ivy_code():
    assert ivy.check(lambda x: np.sin(x) @ x, source="numpy", to="torch", args=(np.ones((2, 2)),))
    report = ivy.check(lambda x: np.spacing(x), source="numpy", to="torch", args=(np.ones(2),))
    assert [c.name for c in report.calls] == ["numpy.spacing"]
    assert ivy.check(lambda x: ivy.relu(x), source="ivy", to="jax", args=(np.ones(2),))


def test_code_that_cannot_be_captured_is_reported():
    report = ivy.check(lambda x: x if x.sum() > 0 else -x, source="numpy", to="jax", args=(Aval((2,), ivy.float32),))
    assert not report
    assert report.error is not None
    assert "cannot be captured" in str(report)
    assert "test_check.py" in str(report)


@pytest.mark.parametrize("obj", [torch.nn.Linear(2, 2), lambda x: torch.relu(x), torch.relu])
def test_asks_for_arguments(obj):
    with pytest.raises(ArgumentError, match="takes arguments") as error:
        ivy.check(obj, source="torch", to="jax")
    assert "args=" in error.value.hint


def test_wrong_uses():
    with pytest.raises(UnknownFrameworkError):
        ivy.check(torch.relu, source="torch", args=(torch.ones(1),))
    with pytest.raises(ConversionError, match="different things"):
        ivy.check(torch.relu, source="torch", to="jax", target="numpy", args=(torch.ones(1),))
    with pytest.raises(ConversionError):
        ivy.check(3, source="torch", to="jax")
