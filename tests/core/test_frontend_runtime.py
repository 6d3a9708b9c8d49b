"""The runtime of frontends, with a small framework made up here and NumPy's arrays."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import ivy
from ivy.errors import UnsupportedOpError
from ivy.frontends import using_converters
from ivy.frontends.cells import Cell, Source, View, put_by_positions
from ivy.frontends.runtime import Frontend

NAMESPACE = "toy"


@pytest.fixture
def toy() -> Iterator[Frontend]:
    """A frontend with a few functions."""
    package = ModuleType("toy_frontend")
    package.__path__ = []
    sys.modules["toy_frontend"] = package
    table = Frontend("toy", package="toy_frontend")

    @table.function("toy.add")
    def add(input, other, *, alpha=1):
        return ivy.add(input, ivy.multiply(other, alpha) if alpha != 1 else other)

    @table.function("toy.sub")
    def sub(input, other):
        return ivy.subtract(input, other)

    @table.function("toy.nn.relu")
    def relu(input, inplace=False):
        return ivy.maximum(input, 0)

    @table.function("toy.minmax")
    def minmax(input):
        return ivy.min(input), ivy.max(input)

    @table.view("toy.Tensor.__getitem__", put=lambda base, new, key: ivy.set_item(base, key, new))
    def getitem(self, key):
        return ivy.get_item(self, key)

    @table.view("toy.t", put=lambda base, new: ivy.matrix_transpose(new))
    def t(input):
        return ivy.matrix_transpose(input)

    @table.view("toy.reshape", put="reshape", maybe=True)
    def reshape(input, shape):
        return ivy.reshape(input, shape)

    @table.view("toy.same", put="same", maybe=True)
    def same(input):
        return input

    @table.view("toy.halves")
    def halves(input):
        return tuple(ivy.split(input, 2, axis=0))

    @table.view("toy.diagonal")
    def diagonal(input):
        return ivy.diagonal(input)

    @table.view("toy.broadcast")
    def broadcast(input, shape):
        return ivy.broadcast_to(input, shape)

    @table.function("toy.norm", writes=("mean", "var"))
    def norm(input, mean, var, training=False):
        if not training:
            return ivy.subtract(input, mean), None, None
        new = ivy.mean(input, axis=0)
        return ivy.subtract(input, new), new, None

    @table.cells("toy.Tensor.fill_")
    def fill_(self, value):
        self.assign(value)
        return self

    yield table
    del sys.modules["toy_frontend"]


def base(*shape: int) -> np.ndarray:
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def show(x: Any) -> Any:
    return np.asarray(x.value).tolist()


# -- cells ------------------------------------------------------------------------------------------------------------


def test_a_view_reads_what_its_base_holds() -> None:
    root = Cell(base(2, 3))
    view = root.new_view(View(lambda b: b[0], lambda b, n: ivy.set_item(b, 0, n)), base(2, 3)[0])
    root.assign(root.value + 1)
    assert show(view) == [1, 2, 3]
    view.assign(9)
    assert show(root) == [[9, 9, 9], [4, 5, 6]]
    assert root.written
    assert view.written


def test_native_arrays_are_never_written_to() -> None:
    array = base(2, 2)
    cell = Cell(array)
    cell.assign(7.0)
    assert array.tolist() == [[0, 1], [2, 3]]
    assert show(cell) == [[7, 7], [7, 7]]


def test_assignment_casts_and_broadcasts() -> None:
    cell = Cell(np.zeros((2, 2), dtype=np.int32))
    cell.assign(np.array([1.7, 2.2]))
    assert cell.value.dtype == np.int32
    assert show(cell) == [[1, 2], [1, 2]]


def test_put_by_positions_serves_any_view() -> None:
    views = [
        lambda b: ivy.diagonal(b),
        lambda b: ivy.flip(b, axis=1),
        lambda b: ivy.get_item(ivy.matrix_transpose(b), (slice(1, None), slice(None, None, 2))),
        lambda b: ivy.expand_dims(b, axis=0),
        lambda b: ivy.roll(b, 1),
        lambda b: ivy.reshape(b, (-1,)),
    ]
    for get in views:
        x = base(4, 3)
        new = get(x) * 0 - np.arange(get(x).size, dtype=np.float32).reshape(get(x).shape)
        put = put_by_positions(get, x, new)
        np.testing.assert_array_equal(get(put), new)
        assert (put == x).sum() >= x.size - new.size
    empty = np.zeros((0, 3), dtype=np.float32)
    assert put_by_positions(lambda b: b, empty, empty).shape == (0, 3)


def test_values_are_derived_only_when_read() -> None:
    calls = []
    root = Source(base(3))
    view = Source(base(3)[1:], root, View(lambda b: calls.append(1) or b[1:]))
    assert view.value.tolist() == [1, 2]
    root.write(base(3) + 1)
    root.write(base(3) + 2)
    assert calls == []
    assert view.value.tolist() == [3, 4]
    assert view.value.tolist() == [3, 4]
    assert calls == [1]


def test_ivy_arrays_are_unwrapped() -> None:
    assert isinstance(Cell(ivy.asarray([1.0])).value, np.ndarray)


# -- names ------------------------------------------------------------------------------------------------------------


def test_derived_names(toy: Frontend) -> None:
    names = ["toy.add", "toy.Tensor.add", "toy.Tensor.add_", "toy.add_", "toy.Tensor.__add__", "toy.Tensor.__radd__"]
    for name in [*names, "toy.Tensor.__iadd__", "toy.nn.relu_", "toy.Tensor.t_"]:
        assert toy.supports(name), name
    for name in ("toy.mul", "toy.Tensor.mul_", "toy.Tensor.__mul__", "toy.Tensor.fill", "toy.__foo__", "other.add"):
        assert not toy.supports(name), name


def test_names_from_the_place(toy: Frontend) -> None:
    @toy.function()
    def double(input):
        return ivy.multiply(input, 2)

    assert toy.entries["toy.double"].fn is double


def test_registering_twice_is_an_error(toy: Frontend) -> None:
    with pytest.raises(ValueError, match="twice"):
        toy.function("toy.add")(lambda x: x)
    with pytest.raises(ValueError, match="twice"):
        toy.alias("toy.sub", "toy.add")


def test_unknown_functions_raise(toy: Frontend) -> None:
    with pytest.raises(UnsupportedOpError, match=r"toy\.nothing"):
        toy.call("toy.nothing", (), {})


# -- calls ------------------------------------------------------------------------------------------------------------


def test_in_place_forms(toy: Frontend) -> None:
    x = toy.wrap(base(2))
    assert toy.call("toy.Tensor.add_", (x, 1), {"alpha": 3}) is x
    assert show(x) == [3, 4]
    assert toy.call("toy.Tensor.__iadd__", (x, x), {}) is x
    assert show(x) == [6, 8]
    n = toy.wrap(np.array([1, 2]))
    toy.call("toy.add_", (n, 1.5), {})
    assert n.value.dtype.kind == "i"
    assert show(n) == [2, 3]


def test_reflected_operators(toy: Frontend) -> None:
    assert show(toy.call("toy.Tensor.__rsub__", (toy.wrap(base(2)), 5), {})) == [5, 4]


@pytest.mark.parametrize("give", [lambda f, x: f((x, True), {}), lambda f, x: f((x,), {"inplace": True})])
def test_inplace_flag(toy: Frontend, give: Any) -> None:
    x = toy.wrap(base(3) - 1)
    assert give(lambda a, k: toy.call("toy.nn.relu", a, k), x) is x
    assert show(x) == [0, 0, 1]
    assert toy.call("toy.nn.relu", (x,), {"inplace": False}) is not x


def test_out(toy: Frontend) -> None:
    out = toy.wrap(np.zeros(2, dtype=np.float64))
    assert toy.call("toy.add", (toy.wrap(base(2)), 1), {"out": out}) is out
    assert out.value.dtype == np.float64
    assert show(out) == [1, 2]
    low, high = toy.wrap(np.zeros(())), toy.wrap(np.zeros(()))
    toy.call("toy.minmax", (toy.wrap(base(3)),), {"out": (low, high)})
    assert (show(low), show(high)) == (0, 2)
    wrong = toy.wrap(np.zeros(7))
    toy.call("toy.add", (toy.wrap(base(2)), 1), {"out": wrong})
    assert show(wrong) == [1, 2]


def test_written_arguments(toy: Frontend) -> None:
    mean, var = toy.wrap(np.zeros(2, dtype=np.float32)), toy.wrap(np.ones(2, dtype=np.float32))
    toy.call("toy.norm", (toy.wrap(base(2, 2)), mean, var), {})
    assert not mean.written
    toy.call("toy.norm", (toy.wrap(base(2, 2)), mean), {"var": var, "training": True})
    assert show(mean) == [1, 2]
    assert not var.written


def test_views_of_views(toy: Frontend) -> None:
    x = toy.wrap(base(3, 4))
    row = toy.call("toy.Tensor.__getitem__", (toy.call("toy.t", (x,), {}), 1), {})
    assert show(row) == [1, 5, 9]
    toy.call("toy.Tensor.fill_", (row, -1), {})
    assert show(x)[1] == [4, -1, 6, 7]
    low, high = toy.call("toy.halves", (toy.call("toy.reshape", (x, (-1,)), {}),), {})
    toy.call("toy.Tensor.add_", (high, 100), {})
    assert show(x)[2] == [108, 99, 110, 111]
    assert show(low) == [0, -1, 2, 3, 4, -1]
    assert show(row) == [-1, -1, 99]
    toy.call("toy.Tensor.fill_", (toy.call("toy.diagonal", (x,), {}), 0), {})
    assert [show(x)[i][i] for i in range(3)] == [0, 0, 0]


def test_overlapping_views_are_read_anew(toy: Frontend) -> None:
    x = toy.wrap(base(1, 2))
    wide = toy.call("toy.broadcast", (x, (2, 2)), {})
    toy.call("toy.Tensor.fill_", (wide, 5), {})
    assert show(x) == [[5, 5]]
    toy.call("toy.Tensor.add_", (x, 1), {})
    assert show(wide) == [[6, 6], [6, 6]]


def test_in_place_views_change_the_cell(toy: Frontend) -> None:
    x = toy.wrap(base(2, 3))
    row = toy.call("toy.Tensor.__getitem__", (x, 0), {})
    toy.call("toy.Tensor.t_", (x,), {})
    assert show(x) == [[0, 3], [1, 4], [2, 5]]
    toy.call("toy.Tensor.fill_", (x, 1), {})
    assert show(row) == [1, 1, 1]


def test_what_the_capture_saw_decides(toy: Frontend) -> None:
    for meta, shared in (({"alias": 0}, True), ({}, False), (None, True)):
        x = toy.wrap(base(2, 2))
        toy.call("toy.Tensor.fill_", (toy.call("toy.reshape", (x, (4,)), {}, meta), 8), {})
        assert (show(x) == [[8, 8], [8, 8]]) is shared
    x = toy.wrap(base(2))
    assert toy.call("toy.same", (x,), {}).value is x.value


def test_user_functions_come_first(toy: Frontend) -> None:
    x = toy.wrap(base(2))
    with using_converters({"toy.add": ivy.multiply, "toy.ops.lib.f": ivy.negative}):
        assert show(toy.call("toy.add", (x, 5), {})) == [0, 5]
        assert show(toy.call("toy.ops.lib.f", (x,), {})) == [0, -1]
    assert show(toy.call("toy.add", (x, 5), {})) == [5, 6]
    assert not toy.supports("toy.ops.lib.f")


def test_third_party_operators_are_found_by_public_name(toy: Frontend) -> None:
    with using_converters({"lib.ops.f": ivy.negative}):
        assert toy.supports("toy.ops.lib.f.default")


# -- access -----------------------------------------------------------------------------------------------------------


def test_native_in_native_out(toy: Frontend) -> None:
    add = toy.public("toy.add")
    assert isinstance(add(base(2), 1), np.ndarray)
    assert isinstance(add(toy.wrap(base(2)), 1), Cell)


def test_modules_of_frontends() -> None:
    pytest.importorskip("ivy_torch")
    import ivy.frontends.torch as torch
    import ivy.frontends.torch.nn.functional as F

    assert torch.nn.functional is F
    np.testing.assert_array_equal(F.one_hot(np.array([0, 2]), 3), [[1, 0, 0], [0, 0, 1]])
    assert "relu" in dir(F)
    assert torch.float32 == "float32"
    x = torch.Tensor(base(2, 2))
    x[0] += 1
    assert (x + 1).value.tolist() == [[2, 3], [3, 4]]
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = F.nothing_like_it
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("ivy.frontends.nothing")
    with pytest.raises(AttributeError):
        _ = importlib.import_module("ivy.frontends").nothing


def test_frontends_import_no_framework() -> None:
    import subprocess

    code = (
        "import sys, numpy as np, ivy.frontends.torch as t; t.nn.functional.relu(np.ones(2)); "
        "assert 'torch' not in sys.modules and 'jax' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
