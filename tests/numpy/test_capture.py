"""How NumPy code is captured: writes and views, looks at values, arrays made inside, and what cannot be followed."""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ivy.dtypes import float32
from ivy.errors import CaptureError, DataDependentError
from ivy.graph.aval import Aval
from ivy.transpiler.api import transpile
from ivy_numpy.capture import capture

TARGETS = ("numpy", "torch", "jax")
X = np.arange(12, dtype="float32").reshape(3, 4) - 5
TABLE = np.array([10.0, 20.0, 30.0], "float32")
PAIR = [TABLE]


def agrees(f, *args, target="jax", rtol=1e-6, atol=1e-6):
    """Compare a function with its conversion, on values, shapes and dtypes, and on what it does to its arguments."""
    given, written = [a.copy() for a in args], [a.copy() for a in args]
    wanted = f(*written)
    converted = transpile(f, source="numpy", to=target)
    converted.trace(*given)
    for a, b in zip(args, given):
        np.testing.assert_array_equal(a, b, "the capture writes to the arguments")
    got = converted(*given)
    for a, b in zip(args if target == "jax" else written, given):
        np.testing.assert_allclose(a, b, rtol, atol)
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    got = got if isinstance(got, tuple) else (got,)
    assert len(got) == len(wanted)
    for a, b in zip(got, wanted):
        a, b = np.asarray(a), np.asarray(b)
        assert a.shape == b.shape
        if target != "jax":
            assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol, atol)
    return converted


# -- writes and views -------------------------------------------------------------------------------------------------


def write_item(x):
    x[..., 0] = x[:, 1]
    return x


def write_through_view(x):
    view = x[1:]
    view += 10
    view[0, 0] = 99
    return x, view


def view_of_view(x):
    row = x.T[1:][::2]
    row *= -1
    np.negative(row, out=row)
    row[0] = 7
    return x, row


def write_base_read_view(x):
    view = x.reshape(4, 3)[:, 1]
    x[0] = 100
    return view


def out_argument(x):
    total = np.zeros_like(x)
    same = np.add(x, 1, out=total)
    same[0] = 5
    return total


def out_by_position(x):
    total = np.zeros(4, "float32")
    np.sum(x, 0, None, total)
    x.max(0, total[:])
    return total


def masked_write(x):
    x[x > 0] = 0
    x[x < -3] *= 2
    return x


def masked_write_values(x):
    y = x.copy()
    y[x > 0] = np.arange((x > 0).sum())
    return y


def index_write(x):
    x[[0, 2], [1, 3]] = [50.0, 60.0]
    x[:, np.array([0, 1])] += 1
    return x


def made_inside(x):
    out = np.zeros((3, 4), x.dtype)
    for i in range(len(x)):
        out[i] = x[i] * i
    out[:, -1] = np.array([x[0, 0], 2, x[1, 1]])
    return out


def scalar_is_no_view(x):
    s = x[0, 0]
    s += 5
    total = x.sum()
    total *= 2
    return x, s, total


def copies_are_no_views(x):
    a, b, c = x.copy(), x.flatten(), x[[0, 1]]
    a += 1
    b += 1
    c += 1
    return x, a, b, c


def swap(x):
    x[0], x[1] = x[1].copy(), x[0].copy()
    x[:, 0], x[:, 1] = x[:, 1] * 1, x[:, 0] * 1
    return x


def ufunc_at(x):
    np.add.at(x, ([0, 0], [1, 1]), 5)
    np.subtract.at(x, (1,), x[2])
    return x


def methods_in_place(x):
    x.sort(axis=0)
    x[0].fill(3)
    x.put([5, 6], [1, 2])
    return x


def broadcast_and_split(x):
    first, second = np.split(x, 2, axis=1)
    first += second
    a, b = np.hsplit(x, 2)
    b[...] = a
    return x


def real_and_imaginary(x):
    z = x + 1j * x
    z.real += 1
    z.imag = 0
    return z


def transpose_write(x):
    y = np.moveaxis(x, 0, 1)
    y[0, :] = -1
    np.fill_diagonal(y[:3], 0)
    d = np.diag(x)
    return x, d


def ravel_write(x):
    flat = x.ravel()
    flat[::3] = 1
    x.T.ravel()[0] = 1000  # a copy
    x.flat[1] = 8
    return x


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "f",
    [
        write_item, write_through_view, view_of_view, write_base_read_view, out_argument, out_by_position,
        masked_write, masked_write_values, index_write, made_inside, scalar_is_no_view, copies_are_no_views, swap,
        ufunc_at, methods_in_place, broadcast_and_split, real_and_imaginary, transpose_write, ravel_write,
    ],
)  # fmt: skip
def test_writes_keep_their_meaning(f, target):
    agrees(f, X, target=target)


# -- looks at values --------------------------------------------------------------------------------------------------


def branch(x):
    if x.sum() > 0:
        return x * 2
    return -x


def test_a_branch_is_guarded():
    f = agrees(branch, X)
    agrees(branch, -X)
    np.testing.assert_allclose(f(X), branch(X))
    np.testing.assert_allclose(f(-X), branch(-X))
    assert len(f.graphs) == 2


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x * int(x.max()),
        lambda x: x * x[0, 0].item(),
        lambda x: x[: int(np.argmax(x[:, 0]))],
        lambda x: np.zeros(abs(int(x[0, 0]))) + 1,
        lambda x: x * len(x[0].tolist()),
        lambda x: x[x > 0],
        lambda x: np.unique(np.abs(x)),
        lambda x: x if np.allclose(x, 0) else x + 1,
        lambda x: x.reshape(np.prod(x.shape)),
        lambda x: x.reshape(x.shape[0] * np.int64(4)),
        lambda x: sum(v for v in x[0] if v > -4),
        lambda x: x * (3 in x),
        lambda x: x * PAIR[0][np.argmax(x[:, 0])],
    ],
)
def test_values_that_python_sees(f):
    agrees(f, X)
    agrees(f, X + 2)


def test_a_value_under_jit_is_an_error_that_names_the_line():
    def scaled(x):
        return x * float(x.sum())

    f = transpile(scaled, source="numpy", to="jax")
    with pytest.raises(DataDependentError) as error:
        jax.jit(f)(jnp.asarray(X))
    assert "test_capture.py" in str(error.value)
    assert "return x * float(x.sum())" in str(error.value)
    with pytest.raises(DataDependentError):
        capture(branch, (Aval((3, 4), float32),), {})


def test_abstract_inputs_are_enough_without_looks():
    graph = capture(lambda x: np.linalg.inv(x @ x.T) + 1, (Aval((3, 4), float32),), {})
    assert [n.fn for n in graph.nodes if n.kind == "call"][-1] == "numpy.add"
    f = transpile(lambda x: np.where(x > 0, np.sqrt(np.abs(x)), 0).sum(axis=0), source="numpy", to="jax")
    np.testing.assert_allclose(jax.jit(f)(X), f(X), rtol=1e-6)
    assert np.isfinite(jax.grad(lambda x: f(x).sum())(jnp.asarray(X + 0.5))).all()
    np.testing.assert_allclose(jax.vmap(transpile(np.cumsum, source="numpy", to="jax"))(X), np.cumsum(X, 1))


def masked_write_of_scalars(x):
    x[x > 0] = 0
    x[np.isnan(x)] = x[0, 0]
    x[(x > -2) & (x < 0)] = -7
    return x


def test_masked_writes_of_scalars_need_no_values():
    f = transpile(masked_write_of_scalars, source="numpy", to="jax")
    np.testing.assert_allclose(jax.jit(f)(jnp.asarray(X)), masked_write_of_scalars(X.copy()))


# -- arrays from elsewhere --------------------------------------------------------------------------------------------


def helper(x):
    return np.asarray(x, dtype=np.float32) @ np.eye(4, dtype=np.float32)


def calls_helper(x):
    return helper(x) + TABLE[np.array([0, 1, 2])][:, None]


def local_import(x):
    import numpy
    import numpy.linalg as la
    from numpy import array, zeros

    out = zeros(3)
    out[0] = la.norm(x)
    return out, array([x[0, 0], x[0, 1]]), numpy.asarray(x)[0]


def looks_up(table):
    return lambda x: table[np.argsort(x[:, 0])]


class Model:
    scale = TABLE

    def __init__(self):
        self.calls = 0

    def __call__(self, x):
        return self.method(x) * 2

    def method(self, x):
        self.calls += 1
        return np.asarray(x) * self.scale[:, None] * self[0]

    def __getitem__(self, i):
        return np.array([self.scale[i], 1.0])[0]


MODEL = Model()


@pytest.mark.parametrize(
    "f",
    [
        calls_helper,
        local_import,
        lambda x: TABLE[(x[0] > 0).astype(int)],
        functools.partial(lambda x, k: np.array([x, x * k]), k=3),
        looks_up(TABLE.copy()),
        functools.wraps(helper)(lambda x: helper(x) + 1),
        Model(),
        Model().__call__,
        lambda x: MODEL(x) + MODEL.method(x) * isinstance(MODEL, Model),
        np.tanh,
        lambda x: np.sum([x, x], axis=0),
        lambda x: np.maximum([x[0], x[1]], 0),
        lambda x: np.vstack([TABLE, x[:, 0]]),
        lambda x: np.float32(2) * x + np.arange(4, dtype="float32"),
        lambda x: x * np.random.default_rng(3).random(4).astype("float32"),
        lambda x: isinstance(x, np.ndarray) and x.dtype == np.float32 and np.issubdtype(x.dtype, np.floating) and x + 1,
        lambda x: np.broadcast_shapes(x.shape, (1, 4)) == np.shape(x) and np.ndim(x) * x,
    ],
)
def test_arrays_from_elsewhere(f):
    agrees(f, X)


def test_nothing_of_the_users_is_changed():
    before = dict(vars(np)), TABLE.copy(), helper.__globals__
    agrees(calls_helper, X)
    assert dict(vars(np)) == before[0]
    np.testing.assert_array_equal(TABLE, before[1])
    assert helper.__globals__ is before[2]


def write_global(x):
    TABLE[0] = 5
    return x


def write_into_plain_array(x, out=np.zeros(3)):
    out[0] = x[0, 0]
    return out


class Store:
    def keep(self, x):
        self.last = x
        return x


STORE = Store()


@pytest.mark.parametrize(
    "f",
    [
        write_global,
        write_into_plain_array,
        lambda x: STORE.keep(x),
        lambda x: PAIR[0][np.argmax(x, axis=0)],
        lambda x: np.float32(x[0, 0]),
        lambda x: np.vectorize(abs)(x),
        lambda x: x.tobytes(),
        lambda x: np.random.seed(0) or x,  # noqa: NPY002
    ],
)
def test_what_cannot_be_followed_is_an_error_with_a_line(f):
    with pytest.raises(CaptureError) as error:
        transpile(f, source="numpy", to="numpy")(X)
    assert "test_capture.py" in str(error.value)
    assert error.value.hint
    assert TABLE[0] == 10


@pytest.mark.parametrize("target", TARGETS)
def test_random_numbers_are_drawn_anew(target):
    f = transpile(lambda x: x + np.random.normal(5.0, 2.0, x.shape), source="numpy", to=target)  # noqa: NPY002
    big = np.zeros((200, 200))
    a, b = np.asarray(f(big)), np.asarray(f(big))
    assert not np.array_equal(a, b)
    assert a.mean() == pytest.approx(5.0, abs=0.1)
    assert a.std() == pytest.approx(2.0, abs=0.1)
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    f.trace(np.zeros((3, 3)))
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002
    g = transpile(lambda x, r: x + r.integers(0, 10, size=4), source="numpy", to=target)
    drawn = np.asarray(g(np.zeros(4), np.random.default_rng(0)))
    assert ((drawn >= 0) & (drawn < 10)).all()


HIDDEN = {"noise": lambda n: np.random.rand(n)}  # noqa: NPY002


def test_hidden_draws_are_not_frozen():
    with pytest.raises(CaptureError, match="does not reach"):
        transpile(lambda x: x + HIDDEN["noise"](4), source="numpy", to="numpy")(X)


# -- the graph --------------------------------------------------------------------------------------------------------


def test_the_graph_says_names_and_places():
    def f(batch, *, scale):
        centred = batch["x"] - np.mean(batch["x"], axis=0)
        return {"y": centred * scale}

    graph = capture(f, ({"x": X},), {"scale": np.float32(2)})
    assert [n.name for n in graph.inputs] == ["batch_x", "scale"]
    assert [n.fn for n in graph.nodes] == ["numpy.mean", "numpy.subtract", "numpy.multiply"]
    assert graph.nodes[1].name == "centred"
    assert graph.nodes[0].loc.file == __file__
    assert graph.output == {"y": graph.nodes[2]}
    assert repr(graph.nodes[0].out) == "float32[4]"


def test_views_are_observed():
    graph = capture(lambda x: (x.reshape(-1), x.T.reshape(-1), x[0], x[[0]], np.asarray(x)), (X,), {})
    aliases = [n.meta["alias"] for n in graph.nodes if n.kind == "call"]
    assert aliases == [0, 0, None, 0, None]


def test_the_frontend_runs_by_hand():
    import ivy.frontends.numpy as inp

    x = inp.zeros((2, 3))
    x[0] += inp.arange(3)
    x.T[1] = 5
    assert x.tolist() == [[0.0, 5.0, 2.0], [0.0, 5.0, 0.0]]
    assert str((x + inp.array([1, 2, 3])).dtype) == "float64"
    np.testing.assert_allclose(inp.linalg.norm(np.array([3.0, 4.0])), 5.0)


# -- floating-point errors --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["torch", "jax"])
def test_code_of_a_framework_without_warnings_gives_none(source):
    def log_ratio(x):
        return (x - x).__truediv__(x) + 1 / x

    f = transpile(log_ratio, source=source, to="numpy", args=(np.zeros(3, "float32"),))
    with np.errstate(all="raise"):
        assert np.isnan(f(np.zeros(3, "float32"))).all()


def test_code_of_numpy_keeps_the_callers_error_state():
    f = transpile(lambda x: np.log(x), source="numpy", to="numpy", args=(np.ones(3),))
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        f(np.zeros(3))
