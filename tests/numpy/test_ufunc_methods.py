"""The methods of ufuncs against NumPy: every ufunc of two arguments, every form of the arguments, on every target."""

from __future__ import annotations

import numpy as np
import pytest

from ivy.transpiler.api import transpile
from ivy_numpy.frontend.ufunc_methods import BINARY, UNARY

TARGETS = ("numpy", "torch", "jax", "tensorflow", "paddle")
_rng = np.random.default_rng(3)
OPERANDS = {
    "bool": _rng.integers(0, 2, (3, 4)).astype(bool),
    "int32": _rng.integers(-4, 5, (3, 4)).astype("int32"),
    "uint8": _rng.integers(0, 4, (3, 4)).astype("uint8"),
    "float32": (_rng.integers(1, 9, (3, 4)) / 2).astype("float32"),
}
LONG = {"int32": _rng.integers(0, 3, 23).astype("int32"), "float32": (_rng.integers(1, 5, 23) / 2).astype("float32")}
MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])
ROWS, COLUMNS = np.array([0, 2, 0, -1]), np.array([1, -1, 1, 3])

REDUCTIONS = {
    "plain": {},
    "last": {"axis": -1},
    "both": {"axis": (0, 1)},
    "all": {"axis": None},
    "kept": {"axis": 1, "keepdims": True},
    "initial": {"axis": 1, "initial": 2},
    "dtype": {"dtype": "float64"},
    "where": {"axis": 1, "where": MASK},
    "where_initial": {"axis": 0, "where": MASK, "initial": 3},
    "none": {"axis": ()},
}
KEYS = {
    "integer": 1,
    "list": [0, 0, 2],
    "negative": np.array([-1, 0, -1]),
    "pair": (ROWS, COLUMNS),
    "slice": (slice(None), 1),
    "mixed": (ROWS, slice(1, 3)),
    "ellipsis": (Ellipsis, COLUMNS),
    "mask": MASK,
    "new_axis": (slice(0, 1), None, COLUMNS),
}
INDICES = ([0, 2, 1], [2], [0, 1, 2])


def _calls(name):
    """Yield a label and a function of one array and `np`."""
    for label, kwargs in REDUCTIONS.items():
        yield f"reduce {label}", lambda np, x, kwargs=kwargs: getattr(np, name).reduce(x, **kwargs)
    for axis in (0, 1):
        yield f"accumulate {axis}", lambda np, x, axis=axis: getattr(np, name).accumulate(x, axis)
        for k, indices in enumerate(INDICES):
            yield (
                f"reduceat {axis} {k}",
                lambda np, x, axis=axis, indices=indices: getattr(np, name).reduceat(x, indices, axis),
            )
    yield "accumulate dtype", lambda np, x: getattr(np, name).accumulate(x, 0, "float64")
    yield "outer", lambda np, x: getattr(np, name).outer(x, x[0])
    yield "reduce out", lambda np, x: getattr(np, name).reduce(x, 0, out=getattr(np, name)(x[0], x[0]) * 0)
    for label, key in KEYS.items():

        def at(np, x, key=key):
            y = x.copy()
            operand = np.asarray([2, 1, 3, 1]) if label in ("pair", "ellipsis") else 2
            getattr(np, name).at(y, key, np.asarray(operand, x.dtype))
            return y

        yield f"at {label}", at
    yield "at weak", lambda np, x: _with(np, name, x, (ROWS, COLUMNS), 1)


def _with(np, name, x, key, operand):
    y = x.copy()
    getattr(np, name).at(y, key, operand)
    return y


def _unary_calls(name):
    for label, key in KEYS.items():

        def at(np, x, key=key):
            y = x.copy()
            getattr(np, name).at(y, key)
            return y

        yield f"at {label}", at


def _narrow(dtype, target):
    wide = {"float64": "float32", "int64": "int32", "uint64": "uint32"}
    return wide.get(dtype.name, dtype.name) if target == "jax" else dtype.name


def _is_numpys_own_fault(name, dtype, label):
    """NumPy's loops of these don't see their own result: power.reduce([1.5, 2, 0.5]) is 1.5 ** 0.5; 1 // 0 is no number."""
    folded = name in ("power", "float_power", "arctan2") and label.startswith("reduce") and dtype != "bool"
    return folded or (name == "reciprocal" and dtype == "int32")


def _check(call, x, target, label):
    if _is_numpys_own_fault(*label.split(" ", 2)):
        return 0
    with np.errstate(all="ignore"):
        try:
            want = np.asarray(call(np, x.copy()))
        except (TypeError, ValueError):  # NumPy has no such method for these arguments
            return 0
        got = np.asarray(transpile(lambda y: call(np, y), source="numpy", to=target)(x.copy()))
    assert got.shape == want.shape, label
    assert got.dtype.name == _narrow(want.dtype, target), label
    if want.dtype.kind in "biu":
        np.testing.assert_array_equal(got, want, err_msg=label)
    else:
        near = 4e-3 if want.dtype == "float16" else 2e-5
        np.testing.assert_allclose(got, want, rtol=near, atol=near, err_msg=label)
    return 1


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", [*BINARY, *UNARY])
def test_methods_agree_with_numpy(name, target):
    done = 0
    for dtype, x in OPERANDS.items():
        for label, call in _calls(name) if name in BINARY else _unary_calls(name):
            done += _check(call, x, target, f"{name} {dtype} {label}")
    for dtype, x in LONG.items() if name in BINARY else ():
        done += _check(lambda np, y: getattr(np, name).reduce(y), x, target, f"{name} {dtype} reduce long")
        done += _check(lambda np, y: getattr(np, name).accumulate(y), x, target, f"{name} {dtype} accumulate long")
    assert done


@pytest.mark.parametrize("target", TARGETS)
def test_a_confusion_matrix_counts_every_pair(target):
    def confusion(rows, columns):
        counts = np.zeros((3, 3), np.int32)
        np.add.at(counts, (rows, columns), 1)
        return counts

    rows, columns = np.array([0, 1, 1, 2, 1]), np.array([0, 2, 2, 1, 0])
    got = transpile(confusion, source="numpy", to=target)(rows, columns)
    np.testing.assert_array_equal(np.asarray(got), [[1, 0, 0], [1, 0, 2], [0, 1, 0]])


OF_ANOTHER_KIND = (True, 2, 2**40, 0.6, 1.5 + 1j, np.float32(0.6), np.array([-2, 30]), np.array([1.25]), np.array([2j]))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["subtract", "multiply", "maximum"])
@pytest.mark.parametrize("dtype", ["bool", "int16", "uint8", "float32", "complex64"])
@pytest.mark.filterwarnings("ignore:Casting complex values:numpy.exceptions.ComplexWarning")
def test_at_casts_what_it_computed_not_its_operand(dtype, name, target):
    ordered = name == "maximum"  # not every target orders complex numbers
    for value in OF_ANOTHER_KIND:
        if ordered and (dtype == "complex64" or np.iscomplexobj(value)):
            continue
        x = np.array([3 if dtype == "uint8" else -3, 2, 0, 5]).astype(dtype)
        if isinstance(value, int) and value > 2**31 and (target == "jax" or dtype != "int16"):
            continue  # JAX has no such integers
        key = np.array([0, 1, 1]) if np.ndim(value) == 0 or np.size(value) == 1 else np.array([0, 1])
        _check(lambda np, x, key=key, value=value: _with(np, name, x, key, value), x, target, f"{name} {dtype} at")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.filterwarnings("ignore:Casting complex values:numpy.exceptions.ComplexWarning")
def test_masked_results_leave_out_as_it_was(target):
    def program(np, b, c):
        np.add(c, np.int16(1), out=b, where=c > 0)
        return b

    for dtype in ("complex64", "float64", "int32"):
        b = (np.arange(3) + 1.5).astype(dtype) * (1 + 2j if dtype == "complex64" else 1)
        c = np.array([0, 5, -1], "int32")
        with np.errstate(all="ignore"):
            want = program(np, b.copy(), c)
            got = np.asarray(transpile(lambda b, c: program(np, b, c), source="numpy", to=target)(b.copy(), c))
        assert got.dtype.name == _narrow(want.dtype, target)
        np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-6)
