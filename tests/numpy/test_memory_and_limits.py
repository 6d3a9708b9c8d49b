"""What is written to memory that is shared or not, and numbers beyond a dtype: NumPy's own rules on every target."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import ivy

TARGETS = ("numpy", "torch", "tensorflow", "paddle")


def check(program, *arguments, target="numpy"):
    want = program(*[x.copy() for x in arguments])
    got = ivy.transpile(program, source="numpy", to=target)(*[x.copy() for x in arguments])
    for found, expected in zip(got, want, strict=True):
        found = np.asarray(found)
        assert (found.shape, found.dtype) == (np.shape(expected), np.asarray(expected).dtype)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


TURNED = {
    "as it is": lambda x: x,
    "rot90": lambda x: np.rot90(x),
    "transposed": lambda x: x.T,
    "flipped": lambda x: x[:, ::-1],
    "part": lambda x: x[:, 1:],
    "row": lambda x: x[:1],
}
CONTIGUOUS = {
    "ascontiguousarray": lambda x: np.ascontiguousarray(x),
    "asfortranarray": lambda x: np.asfortranarray(x),
    "asarray C": lambda x: np.asarray(x, order="C"),
    "asarray F": lambda x: np.asarray(x, None, "F"),
    "require C": lambda x: np.require(x, requirements=["C"]),
    "require F": lambda x: np.require(x, None, ["F_CONTIGUOUS"]),
    "require O": lambda x: np.require(x, requirements="O"),
}


@pytest.mark.parametrize("target", TARGETS[:2])
@pytest.mark.parametrize("turned", TURNED)
@pytest.mark.parametrize("name", CONTIGUOUS)
def test_arrays_in_another_order_are_copied(name, turned, target):
    order, turn = CONTIGUOUS[name], TURNED[turned]

    def program(x):
        y = x * 1  # memory of the function's own
        v = order(turn(y))
        v += 10
        return y, v

    check(program, np.arange(6.0).reshape(2, 3), target=target)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("copy", [True, False])
def test_nan_to_num_in_place(copy, target):
    def program(x, n):
        first = np.nan_to_num(x[0], copy=copy, nan=5.0)
        second = np.nan_to_num(n, copy=copy)
        return x * 1, first, second

    check(program, np.array([[1, np.nan, np.inf], [np.nan, 2, 3]]), np.arange(3, dtype="int32"), target=target)


@pytest.mark.parametrize("target", TARGETS)
def test_scalars_are_not_written_to(target):
    def program(x):
        s, t = x.sum(axis=0), x.max()
        np.put(s, [0], 9)
        t.put([0], 9)
        np.put(x, [0], 9)
        return s, t, x * 1

    check(program, np.arange(3.0), target=target)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int32"])
def test_clip_at_numbers_beyond_the_dtype(dtype, target):
    x = np.array([0, 1, 100, 7]).astype(dtype)
    for low, high in itertools.product((None, -300, -3, 2), (None, 300, 50, 2**40)):
        try:
            np.clip(x, low, high)
        except OverflowError:
            continue
        if low is not None or high is not None:
            check(lambda x, low=low, high=high: (x.clip(low, high), np.clip(x, low, high)), x, target=target)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("shape", [(1, 0), (3, 0), (0, 3), (0,), (1, 1), (2, 1)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_covariance_of_too_few(shape, target):
    x = np.ones(shape)
    check(lambda x: (np.cov(x) * 1, np.cov(x, ddof=3) * 1, np.cov(x, bias=True) * 1), x, target=target)


ORDERED = {
    "sort": lambda x: np.sort(x),
    "argmax": lambda x: x.argmax(),
    "max": lambda x: x.max(axis=0),
    "maximum": lambda x: np.maximum(x, x[::-1]),
    "less": lambda x: x < x[::-1],
    "searchsorted": lambda x: np.searchsorted(x, x),
}


@pytest.mark.parametrize("name", ORDERED)
def test_no_order_of_complex_numbers_is_refused_before_torch_runs(name):
    f, x = ORDERED[name], np.array([1 + 2j, 1 + 1j, 3], "complex64")
    np.testing.assert_array_equal(np.asarray(ivy.transpile(f, source="numpy", to="numpy")(x)), f(x))
    with pytest.raises(ivy.errors.IvyError, match="complex64") as refusal:
        ivy.transpile(f, source="numpy", to="torch")(x)
    assert f"{__file__}:" in str(refusal.value)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("dtype", "value"), [("float16", 1e5), ("float16", -7e4), ("float32", 1e39), ("float64", 1e5)])
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_full_of_numbers_beyond_the_dtype(dtype, value, target):
    x = np.zeros((2, 3))
    check(lambda x: (np.full((2,), value, dtype) + x[:, 0].astype(dtype),), x, target=target)
