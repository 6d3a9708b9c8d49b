"""Reading and writing parts of arrays on the three backends against NumPy."""

import numpy as np
import pytest
from agreement import BACKENDS, BF16, call, gradients, numerical, same

from ivy.backend import get_backend
from ivy.errors import ArgumentError

X = np.arange(60, dtype="float32").reshape(3, 4, 5)
MASK = X % 3 == 0
KEYS = {
    "integer": 1,
    "negative": -1,
    "integers": (1, 2, -1),
    "slice": slice(1, None),
    "step": (slice(None), slice(None, None, 2)),
    "backwards": slice(None, None, -1),
    "backwards by two": (slice(None), slice(3, 0, -2), slice(None, None, -1)),
    "backwards, empty": (slice(None), slice(0, 3, -1)),
    "empty": slice(2, 2),
    "out of range": slice(-10, 10),
    "ellipsis": (..., 0),
    "new axis": (None, slice(1, 2), None, ..., None),
    "nothing": (),
    "array": np.array([0, 2, 2]),
    "negative array": np.array([-1, 0]),
    "int32 array": np.array([0, 2], "int32"),
    "uint8 array": np.array([1, 0], "uint8"),
    "2-d array": np.array([[0, 1], [2, 0]]),
    "list": [0, 2],
    "empty list": [],
    "0-d array": np.array(1),
    "two arrays": (np.array([0, 1]), np.array([1, 3])),
    "broadcast arrays": (np.array([[0], [1]]), np.array([1, 3])),
    "slice between": (np.array([0, 1]), slice(None), np.array([1, 3])),
    "integer beside": (0, slice(None), np.array([1, 3])),
    "integer before": (1, np.array([1, 3])),
    "new axis between": (np.array([0, 1]), None, np.array([1, 3])),
    "array and ellipsis": (..., np.array([0, 4])),
    "array and backwards": (slice(None, None, -1), np.array([0, 2]), slice(None, None, -2)),
    "mask": MASK,
    "mask of rows": np.array([True, False, True]),
    "mask of no rows": np.zeros(3, "bool"),
    "mask of two axes": MASK[..., 0],
    "mask at the end": (slice(None), MASK[0]),
    "mask and backwards": (slice(None, None, -1), MASK[0, :, 0]),
    "mask without axes": np.array(True),
    "false mask without axes": (np.array(False), 1),
    "mask beside integer": (0, MASK[0, :, 0]),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("key", KEYS)
def test_get_item(backend, key):
    same(call("get_item", backend, X, KEYS[key]), X[KEYS[key]], backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("key", KEYS)
def test_set_item(backend, key):
    twice = key == "array"  # which of two values stays is undefined
    key = KEYS[key]
    for value in (7.0, -np.arange(X[key].size, dtype="float32").reshape(X[key].shape))[: 1 if twice else 2]:
        expected = X.copy()
        expected[key] = value
        before = X.copy()
        same(call("set_item", backend, X, key, value), expected, backend)
        np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("op", ["add_at", "mul_at", "min_at", "max_at"])
@pytest.mark.parametrize("key", KEYS)
def test_combine_at(backend, op, key):
    """An element named twice is combined with both values."""
    key = KEYS[key]
    ufunc = {"add_at": np.add, "mul_at": np.multiply, "min_at": np.minimum, "max_at": np.maximum}[op]
    key = np.asarray(key, "int64") if isinstance(key, list) else key
    value = np.linspace(-2, 60, X[key].size, dtype="float32").reshape(X[key].shape)
    for v in (value, np.float32(2.0)):
        expected = X.copy()
        ufunc.at(expected, key, v)
        same(call(op, backend, X, key, v), expected, backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["bool", "int32", "uint8", "uint32", "float16", "bfloat16", "complex64"])
def test_dtypes_of_writes(backend, dtype):
    """The value takes the array's dtype, never the other way round."""
    x = np.zeros(4, BF16 if dtype == "bfloat16" else dtype)
    same(call("set_item", backend, x, slice(1, 3), np.ones(2, "float32")), [0, 1, 1, 0], backend, dtype=dtype)
    same(call("set_item", backend, x, np.array([1, 2]), np.ones(2, "int64")), [0, 1, 1, 0], backend, dtype=dtype)
    same(call("get_item", backend, x, np.array([1, 1])), [0, 0], backend, dtype=dtype)
    if dtype != "bool":
        same(call("add_at", backend, x, np.array([1, 1]), np.ones(2, "float32")), [0, 2, 0, 0], backend, dtype=dtype)


@pytest.mark.parametrize("backend", BACKENDS)
def test_arrays_without_axes_and_without_elements(backend):
    scalar = np.array(3.0, "float32")
    same(call("get_item", backend, scalar, ()), scalar, backend)
    same(call("get_item", backend, scalar, None), scalar[None], backend)
    same(call("set_item", backend, scalar, (), 4.0), np.float32(4), backend)
    nothing = np.zeros((0, 3), "float32")
    same(call("get_item", backend, nothing, (slice(None), 1)), nothing[:, 1], backend)
    same(call("set_item", backend, nothing, slice(None), 1.0), nothing, backend)
    same(call("take", backend, X, np.zeros(0, "int64"), axis=1), X[:, :0], backend)


def test_torch_refuses_a_float_index():
    with pytest.raises(ArgumentError, match="integer or a boolean"):
        call("get_item", "torch", X, np.array([1.0]))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("axis", [0, 1, -1, None])
def test_take(backend, axis):
    for index in (np.array([0, 2, -1]), np.array([[1], [0]], "int32"), np.array(1)):
        same(call("take", backend, X, index, axis=axis), np.take(X, index, axis=axis), backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_along_an_axis(backend, axis):
    rng = np.random.default_rng(0)
    shape = list(X.shape)
    shape[axis] = 3
    index = np.argsort(rng.random(shape), axis=axis) - 1  # no place twice, -1 among them
    thin = index[:1] if axis != 0 else index[:, :1]
    same(call("take_along_axis", backend, X, index, axis=axis), np.take_along_axis(X, index, axis), backend)
    same(call("take_along_axis", backend, X, thin, axis=axis), np.take_along_axis(X, thin, axis), backend)
    values = rng.random(shape).astype("float32")
    for v in (values, 9.0):
        expected = X.copy()
        np.put_along_axis(expected, index, v, axis)
        same(call("put_along_axis", backend, X, index, v, axis=axis), expected, backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", ["add", "mul", "min", "max"])
def test_put_along_axis_combines(backend, mode):
    ufunc = {"add": np.add, "mul": np.multiply, "min": np.minimum, "max": np.maximum}[mode]
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "float32")
    index, values = np.array([[0, 0], [2, -3]]), np.array([[7.0, 0.5], [-1.0, 2.0]], "float32")
    expected = x.copy()
    ufunc.at(expected, (np.array([[0], [1]]), index), values)
    same(call("put_along_axis", backend, x, index, values, axis=1, mode=mode), expected, backend)
    with pytest.raises(ArgumentError, match="mode"):
        call("put_along_axis", backend, x, index, values, axis=1, mode="mean")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("start", [(0, 0, 0), (1, 2, 3), (9, 9, 9), (-1, -3, 1)])
def test_dynamic_slices(backend, start):
    """Starts count from the end if negative, then are moved so that the block fits (lax)."""
    sizes = (2, 3, 5)
    firsts = [min(max(s + n if s < 0 else s, 0), n - size) for s, n, size in zip(start, X.shape, sizes, strict=True)]
    block = tuple(slice(f, f + size) for f, size in zip(firsts, sizes, strict=True))
    update = -np.ones(sizes, "float32")
    expected = X.copy()
    expected[block] = update
    for given in (start, tuple(np.array(s, "int32") for s in start)):
        same(call("dynamic_slice", backend, X, given, sizes), X[block], backend)
        same(call("dynamic_update_slice", backend, X, update, given), expected, backend)
    same(call("dynamic_slice", backend, np.float32(2), (), ()), np.float32(2), backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_index_put_nonzero_where_select(backend):
    rows, columns = np.array([0, 0, 2]), np.array([1, 1, 0])
    expected = X.copy()
    np.add.at(expected, (slice(None), rows, columns), 2.0)
    same(call("index_put", backend, X, (None, rows, columns), 2.0, accumulate=True), expected, backend)
    expected = X.copy()
    expected[rows] = 5.0
    same(call("index_put", backend, X, (rows,), 5.0), expected, backend)
    x = np.array([[0, 3], [4, 0]])
    same(call("nonzero", backend, x), list(np.nonzero(x)), backend)
    same(call("argwhere", backend, x), np.argwhere(x), backend)
    same(call("where", backend, x > 0, x, 0.5), np.array([[0.5, 3], [4, 0.5]]), backend, dtype="float32")
    same(call("where", backend, x > 0, 1, 0), np.array([[0, 1], [1, 0]]), backend, dtype="int64")
    same(
        call("select", backend, [x < 1, x > 3], [x - 1, x * 2], -5),
        np.select([x < 1, x > 3], [x - 1, x * 2], -5),
        backend,
    )


@pytest.mark.parametrize(
    ("op", "args", "which"),
    [
        ("get_item", (X, (slice(None, None, -2), np.array([0, 1, 1]))), [0]),
        ("set_item", (X, (0, slice(None), np.array([1, 3])), np.ones((4, 2), "float32").T.copy()), [0, 2]),
        ("add_at", (X, np.array([0, 0]), np.ones((2, 4, 5), "float32")), [0, 2]),
        ("take", (X, np.array([0, -1, 0])), [0]),
        ("take_along_axis", (X, np.array([[[0, 1], [2, 0], [1, 1], [4, -1]]])), [0]),
        ("dynamic_slice", (X, (np.array(1), np.array(2), 0), (1, 2, 3)), [0]),
        ("dynamic_update_slice", (X, X[:1, :2, :3], (np.array(1), np.array(2), 0)), [0, 1]),
        ("where", (MASK, X, X * 2), [1, 2]),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_gradients(op, args, which):
    if op == "set_item":
        args = (args[0], args[1], np.ones(X[args[1]].shape, "float32"))
    kwargs = {"axis": 1} if op == "take" else {"axis": -1} if op == "take_along_axis" else {}
    expected = numerical(op, args, kwargs, which, step=1e-3)
    for backend, found in gradients(op, args, kwargs, which).items():
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4, err_msg=backend)


def test_writing_through_a_mask_under_jit():
    """JAX can't select by a traced mask, but a write of one value needs no selection."""
    import jax

    module = get_backend("jax").module
    write = jax.jit(lambda x, m: module.set_item(x, m, 0.0))
    np.testing.assert_array_equal(write(X, MASK), np.where(MASK, 0, X))
    rows = MASK[:, 0, 0]
    np.testing.assert_array_equal(jax.jit(lambda x, m: module.add_at(x, m, 1.0))(X, rows), X + rows[:, None, None])
