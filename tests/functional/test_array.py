"""`ivy.Array`: operators, methods and attributes on the three backends."""

import operator
import subprocess
import sys
from typing import Any, NamedTuple

import numpy as np
import pytest
from agreement import BACKENDS, to_native

import ivy
from ivy.array import BINARY, METHODS, OTHERS, wrapping
from ivy.errors import BackendError


@pytest.fixture(params=BACKENDS)
def make(request):
    return lambda x: ivy.Array(to_native(np.asarray(x), request.param))


BOTH = [op for op in BINARY if op not in ("matmul", "and", "or", "xor", "lshift", "rshift")]


@pytest.mark.parametrize("name", BOTH)
def test_arithmetic_operators(make, name):
    function = getattr(operator, name)
    a, b = np.array([1.0, 2.0, 5.0], "float32"), np.array([2.0, 4.0, 3.0], "float32")
    for left, right in [(make(a), make(b)), (make(a), 2.0), (2.0, make(b)), (make(a), make(b).data)]:
        expected = function(
            *(np.asarray(x) if isinstance(x, ivy.Array) else np.asarray(x, "float32") for x in (left, right))
        )
        result = function(left, right)
        assert isinstance(result, ivy.Array)
        assert result.dtype == "float32"
        np.testing.assert_allclose(np.asarray(result), expected, rtol=1e-6)
    x = make(a)
    before = x
    x = getattr(operator, "i" + name)(x, 2.0)
    assert x is before
    np.testing.assert_allclose(np.asarray(x), function(a, np.float32(2)), rtol=1e-6)


@pytest.mark.parametrize("name", ["and_", "or_", "xor", "lshift", "rshift"])
def test_bit_operators(make, name):
    function = getattr(operator, name)
    a, b = np.array([6, 5], "int32"), np.array([3, 1], "int32")
    np.testing.assert_array_equal(np.asarray(function(make(a), make(b))), function(a, b))
    np.testing.assert_array_equal(np.asarray(function(6, make(b))), function(np.int32(6), b))


def test_other_operators(make):
    a = np.array([[1.0, -2.0], [3.0, 4.0]], "float32")
    x = make(a)
    for name in OTHERS:
        if name in ("__getitem__", "__invert__"):
            continue
        arguments = [] if name in ("__neg__", "__pos__", "__abs__") else [1.0]
        np.testing.assert_array_equal(np.asarray(getattr(x, name)(*arguments)), getattr(a, name)(*arguments))
    np.testing.assert_array_equal(np.asarray(x @ x), a @ a)
    np.testing.assert_array_equal(np.asarray(x[::-1, 0]), a[::-1, 0])
    np.testing.assert_array_equal(np.asarray(~make(a > 0)), a <= 0)
    np.testing.assert_array_equal(np.asarray(x[make(a > 0)]), a[a > 0])


def test_attributes_and_conversions(make):
    x = make(np.arange(6, dtype="float32").reshape(2, 3))
    assert (x.shape, x.ndim, x.size, x.dtype, len(x)) == ((2, 3), 2, 6, "float32", 2)
    assert x.device == "cpu"
    assert x.T.shape == x.mT.shape == (3, 2)
    assert [row.shape for row in x] == [(3,), (3,)]
    assert x.sum().item() == 15
    assert x.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert 4.0 in x
    assert 9.0 not in x
    assert x.__array_namespace__() is ivy
    one = make(np.array(3))
    assert (bool(one), int(one), float(one), complex(one), operator.index(one)) == (True, 3, 3.0, 3 + 0j, 3)
    assert [10, 20, 30, 40][one] == 40
    np.testing.assert_array_equal(np.from_dlpack(x), x.to_numpy())
    with pytest.raises(TypeError):
        len(one)
    with pytest.raises(TypeError):
        hash(x)


def test_set_item_replaces_the_data_and_leaves_others_alone(make):
    x = make(np.zeros((2, 2), "float32"))
    kept = x.data
    x[0] = 5.0
    x[:, 1] = make(np.array([7.0, 8.0], "float32"))
    assert x.tolist() == [[5, 7], [0, 8]]
    assert np.asarray(ivy.Array(kept)).sum() == 0


@pytest.mark.parametrize("name", METHODS)
def test_methods_are_the_functions(make, name):
    x = make(np.array([[1.0, 2.0, 3.0]], "float32"))
    arguments = {
        "astype": ["int32"],
        "clip": [1.5, 2.5],
        "repeat": [2],
        "reshape": [(3,)],
        "squeeze": [0],
        "take": [make(np.array([0]))],
    }.get(name, [])
    options = {"axis": 1} if name.startswith("cumulative") or name == "take" else {}
    found = getattr(x, name)(*arguments, **options)
    expected = getattr(ivy, name)(x, *arguments, **options)
    assert isinstance(found, ivy.Array)
    np.testing.assert_array_equal(np.asarray(found), np.asarray(expected))


def test_mixing_native_and_wrapped_arrays_gives_wrapped_ones(make):
    x = make(np.ones(2, "float32"))
    for result in (ivy.add(x, x.data), ivy.add(x.data, x), ivy.concat([x, x.data]), ivy.where(x.data > 0, x, 0.0)):
        assert isinstance(result, ivy.Array)
    assert not isinstance(ivy.add(x.data, x.data), ivy.Array)
    parts = ivy.unstack(x)
    assert isinstance(parts, tuple)
    assert all(isinstance(p, ivy.Array) for p in parts)


def test_two_frameworks_in_one_call_are_refused():
    a, b = (ivy.Array(to_native(np.ones(2, "float32"), name)) for name in ("torch", "jax"))
    with pytest.raises(BackendError, match="two frameworks"):
        a + b


class Pair(NamedTuple):
    a: Any
    b: Any


def test_wrapping_maps_containers():
    out = wrapping(lambda: Pair(np.ones(1), [np.ones(2), {"c": np.ones(3)}, "text", 4]))()
    assert isinstance(out, Pair)
    assert isinstance(out.a, ivy.Array)
    assert isinstance(out.b[1]["c"], ivy.Array)
    assert out.b[2:] == ["text", 4]


def test_composites_on_wrapped_arrays(make):
    x = make(np.array([3.0, 1.0, 2.0], "float32"))
    assert ivy.median(x).item() == 2
    assert ivy.diff(x).tolist() == [-2, 1]


def test_import_is_light():
    code = "import sys, ivy; ivy.Array; print([m for m in ('numpy', 'torch', 'jax', 'tensorflow') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
    assert callable(ivy.array)
    assert ivy.linalg.__name__ == "ivy.linalg"
