"""Static arguments, and what a function reads besides its arguments, count by content."""

from __future__ import annotations

import array
import copy
import dataclasses
import enum
import functools
import gc
import sys
import threading
import warnings
import weakref
from collections import OrderedDict, defaultdict, deque
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ivy
from ivy.errors import ArgumentError
from ivy.graph.content import content
from ivy.transpiler import specialise

X = np.asarray([1.0, -2.0])


class Plain:
    def __init__(self, value):
        self.value = value
        self.inner = SimpleNamespace(value=[value])

    def scaled(self, y):
        return self.value * y


class Slotted:
    __slots__ = ("__value", "more")

    def __init__(self, value):
        self.__value = value

    def set(self, value):
        self.__value = value

    def get(self):
        return self.__value


class WithHash(Plain):
    def __hash__(self):
        return 1

    def __eq__(self, other):
        return True


class Cyclic:
    def __init__(self, value):
        self.value = value
        self.me = [self]


class Colour(enum.Enum):
    RED = 2
    BLUE = 3


class Pair(NamedTuple):
    a: object
    b: float


@dataclasses.dataclass
class Options:
    rate: float
    names: list

    def __call__(self):
        return self.rate


@dataclasses.dataclass(frozen=True)
class Frozen:
    parts: list


class Stack(list):
    pass


def set_to(name, value):
    return lambda v: setattr(v, name, value)


def closing(k, twice=1):
    def inner(y, *, plus=k * twice):
        return k * y + plus

    return inner


KINDS = {  # what makes the value, what changes it in place (None: nothing can), what a function reads from it
    "list": (lambda: [1, 2], lambda v: v.append(3), sum),
    "nested list": (lambda: [1, [2]], lambda v: v[1].append(3), lambda v: v[0] + sum(v[1])),
    "own list": (lambda: Stack([1, 2]), lambda v: v.append(3), sum),
    "dict": (lambda: {"a": 1, "b": 2}, lambda v: v.update(b=5), lambda v: v["a"] + 2 * v["b"]),
    "dict's order": (lambda: {"b": 1, "a": 2}, lambda v: v.update(b=v.pop("b")), lambda v: ord(next(iter(v)))),
    "inner dict's order": (
        lambda: Options(2.0, [{"b": 1, "a": 2}]),
        lambda v: v.names[0].update(b=v.names[0].pop("b")),
        lambda v: ord(next(iter(v.names[0]))),
    ),
    "keys": (lambda: {1: 1}, lambda v: (v.clear(), v.update({1.5: 1})), lambda v: next(iter(v))),
    "set": (lambda: {1, 2}, lambda v: v.add(3), sum),
    "set of strings": (lambda: {"ab"}, lambda v: v.add("cde"), lambda v: len("".join(v))),
    "frozenset": (lambda: frozenset({1, 2}), None, sum),
    "deque": (lambda: deque([1, 2], maxlen=3), lambda v: v.append(3), sum),
    "OrderedDict": (lambda: OrderedDict(a=1, b=2), lambda v: v.update(a=v.pop("a")), lambda v: ord(next(iter(v)))),
    "defaultdict": (lambda: defaultdict(int, a=1), lambda v: v["b"], len),
    "range": (lambda: range(3), None, sum),
    "slice": (lambda: slice(1, 4), None, lambda v: v.stop),
    "bytearray": (lambda: bytearray(b"ab"), lambda v: v.extend(b"c"), len),
    "array": (lambda: array.array("i", [1, 2]), lambda v: v.append(3), sum),
    "dataclass": (lambda: Options(2.0, [1]), lambda v: v.names.append(4), lambda v: v.rate + sum(v.names)),
    "frozen dataclass": (lambda: Frozen([1]), lambda v: v.parts.append(4), lambda v: sum(v.parts)),
    "named tuple": (lambda: Pair([1], 2.0), lambda v: v.a.append(3), lambda v: sum(v.a) + v.b),
    "enum": (lambda: Colour.BLUE, None, lambda v: v.value),
    "namespace": (lambda: SimpleNamespace(a=1), set_to("a", 4), lambda v: v.a),
    "NumPy dtype": (lambda: np.dtype("int16"), None, lambda v: v.itemsize),
    "object": (lambda: Plain(2), set_to("value", 3), lambda v: v.value),
    "inside of an object": (lambda: Plain(2), lambda v: v.inner.value.append(3), lambda v: sum(v.inner.value)),
    "object with slots": (lambda: Slotted(2), lambda v: v.set(5), lambda v: v.get()),
    "object with a hash": (lambda: WithHash(2), set_to("value", 3), lambda v: v.value),
    "cyclic object": (lambda: Cyclic(2), set_to("value", 3), lambda v: v.me[0].value),
    "function": (lambda: closing(2), lambda v: v.__kwdefaults__.update(plus=9), lambda v: v(3)),
    "partial": (lambda: functools.partial(closing(2), 3), lambda v: v.keywords.update(plus=1), lambda v: v()),
    "method": (lambda: Plain(2).scaled, lambda v: setattr(v.__self__, "value", 4), lambda v: v(3)),
    "object in a set": (lambda: {Pair(1, 2.0)}, lambda v: v.add(Pair(2, 3.0)), len),
    "zero": (lambda: [0.0], lambda v: v.__setitem__(0, -0.0), lambda v: np.copysign(3.0, v[0])),
    "not a number": (lambda: float("nan"), None, lambda v: 1.0 if v != v else 0.0),
    "type": (lambda: [1], lambda v: v.__setitem__(0, True), lambda v: 2.0 if v[0] is True else 3.0),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_content_counts(kind):
    make, change, read = KINDS[kind]
    f = ivy.transpile(lambda x, v: x * read(v), source="numpy", to="numpy")
    value = make()
    np.testing.assert_allclose(f(X, value), X * read(value))
    np.testing.assert_allclose(f(X, v=make()), X * read(value))
    made = len(f.graphs)
    np.testing.assert_allclose(f(X, make()), X * read(value))
    np.testing.assert_allclose(f(X, v=value), X * read(value))
    assert len(f.graphs) == made  # equal content made anew is no new graph
    if change is None:
        return
    before = read(value)
    change(value)
    assert read(value) != before
    np.testing.assert_allclose(f(X, value), X * read(value))
    np.testing.assert_allclose(f(X, [value][0]), X * read(value))
    assert len(f.graphs) == made + 1
    np.testing.assert_allclose(f(X, make()), X * before)
    assert len(f.graphs) == made + 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_closed_over_counts_by_content(kind):
    make, change, read = KINDS[kind]
    value = make()
    f = ivy.transpile(lambda x: x * read(value), source="numpy", to="numpy")
    np.testing.assert_allclose(f(X), X * read(value))
    f(X)
    assert len(f.graphs) == 1
    if change is not None:
        change(value)
        np.testing.assert_allclose(f(X), X * read(value))
        assert len(f.graphs) == 2
    value = make()
    np.testing.assert_allclose(f(X), X * read(value))
    assert len(f.graphs) == (1 if change is None else 2)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text(max_size=2), inner)
        | st.builds(SimpleNamespace, a=inner)
        | st.builds(Plain, inner)
    ),
    max_leaves=8,
)


def exactly(x):
    """Spell a value out, another way than the code does."""
    if isinstance(x, (SimpleNamespace, Plain)):
        return f"{type(x).__name__}{exactly(vars(x))}"
    if isinstance(x, dict):
        return f"dict{[(exactly(k), exactly(v)) for k, v in x.items()]}"
    if isinstance(x, (list, tuple)):
        return f"{type(x).__name__}{[exactly(v) for v in x]}"
    return f"{type(x).__name__} {x!r}"


@settings(deadline=None, max_examples=60)
@given(PLAIN, PLAIN)
def test_keys_are_equal_where_the_content_is(a, b):
    assert content(a) == content(copy.deepcopy(a))
    assert hash(content(a)) == hash(content(copy.deepcopy(a)))
    assert (content(a) == content(b)) == (exactly(a) == exactly(b))


def test_another_object_in_the_same_place_in_memory_is_another_one():
    read = threading.Lock  # nothing of it can be seen from Python
    f = ivy.transpile(lambda x, lock: x * names[id(lock)], source="numpy", to="numpy")
    names = defaultdict(float)
    for k in range(5):
        lock = read()
        names[id(lock)] = float(k)
        np.testing.assert_allclose(f(X, lock), X * k)
        del lock
        gc.collect()


def test_a_static_argument_is_not_kept_alive():
    f = ivy.transpile(lambda x, v: x * v.value, source="numpy", to="numpy")
    value = Plain(3)
    f(X, value)
    gone = weakref.ref(value)
    del value
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("make", [lambda: iter([1]), lambda: (k for k in [1]), lambda: map(abs, [1]), lambda: zip([1])])
def test_what_is_used_up_by_looking_is_refused(make):
    f = ivy.transpile(lambda x, values: x * sum(v for v in values), source="numpy", to="numpy")
    with pytest.raises(ArgumentError, match="'values' of function") as error:
        f(X, make())
    assert "list" in error.value.hint


def test_what_is_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("ivy.graph.content.MOST", 100)
    f = ivy.transpile(lambda x, v: x * len(v.value), source="numpy", to="numpy")
    with pytest.raises(ArgumentError, match="'v'"):
        f(X, Plain([[k] for k in range(200)]))


# -- what is read besides the arguments -------------------------------------------------------------------------------

scale = 2.0
factors = [1.0, 2.0]
table = np.asarray([1.0, 2.0])
calls = 0


def helper(x):
    return x * scale


def reads_globals(x):
    return helper(x) + sum(factors)


def reads_defaults(x, by=[1.0]):
    return x * by[0]


@pytest.fixture
def globals_kept():
    names = ("scale", "factors", "helper", "table", "calls")
    kept = {n: globals()[n] for n in names}
    yield
    globals().update(kept)


def test_globals_count(globals_kept):
    global scale, factors, helper
    f = ivy.transpile(reads_globals, source="numpy", to="numpy")
    np.testing.assert_allclose(f(X), reads_globals(X))
    scale = 3.0
    np.testing.assert_allclose(f(X), reads_globals(X))
    factors = [*factors]
    f(X)
    assert len(f.graphs) == 2  # equal content
    factors.append(5.0)
    np.testing.assert_allclose(f(X), reads_globals(X))
    helper = lambda x: x - scale
    np.testing.assert_allclose(f(X), reads_globals(X))
    scale = 1.0
    np.testing.assert_allclose(f(X), reads_globals(X))
    assert len(f.graphs) == 5


def test_variables_of_enclosing_functions_count():
    k = 2.0

    def inner(x):
        return sum(y * k for y in [x])

    f = ivy.transpile(inner, source="numpy", to="numpy")
    np.testing.assert_allclose(f(X), 2 * X)
    k = 3.0
    np.testing.assert_allclose(f(X), 3 * X)
    k = 2.0
    np.testing.assert_allclose(f(X), 2 * X)
    assert len(f.graphs) == 2


def test_defaults_count():
    f = ivy.transpile(reads_defaults, source="numpy", to="numpy")
    np.testing.assert_allclose(f(X), X)
    reads_defaults.__defaults__[0][0] = 4.0
    np.testing.assert_allclose(f(X), 4 * X)
    reads_defaults.__defaults__[0][0] = 1.0


def test_the_object_of_a_method_counts():
    obj = Plain(2.0)
    for f in (obj.scaled, functools.partial(Plain.scaled, obj), lambda x: obj.scaled(x)):
        obj.value = 2.0
        f = ivy.transpile(f, source="numpy", to="numpy")
        np.testing.assert_allclose(f(X), 2 * X)
        obj.value = 5.0
        np.testing.assert_allclose(f(X), 5 * X)


def test_what_a_function_keeps_for_itself_is_no_new_graph(globals_kept):
    seen, memo = [], {}

    def f(x):
        global calls
        calls += 1
        seen.append(1)
        if "factor" not in memo:
            memo["factor"] = 3.0
        return x * memo["factor"]

    g = ivy.transpile(f, source="numpy", to="numpy")
    for _ in range(4):
        np.testing.assert_allclose(g(X), 3 * X)
    assert (calls, len(seen), len(g.graphs)) == (1, 1, 1)


def array_of(framework):
    if framework == "numpy":
        return np.asarray([1.0, 2.0])
    if framework == "torch":
        import torch

        return torch.asarray([1.0, 2.0])
    return sys.modules["paddle"].to_tensor([1.0, 2.0])


@pytest.mark.parametrize("framework", ["numpy", "torch", "paddle"])
def test_an_array_that_is_written_to_counts(framework):
    pytest.importorskip(
        "ivy_paddle.loading" if framework == "paddle" else framework
    )  # in the way that suits TensorFlow
    multiply = getattr(sys.modules[framework], "multiply")
    weight = array_of(framework)
    f = ivy.transpile(lambda x: multiply(x, weight), source=framework, to="numpy")
    np.testing.assert_allclose(f(X), X * [1.0, 2.0])
    f(X)
    assert len(f.graphs) == 1
    weight[0] = 7.0
    np.testing.assert_allclose(f(X), X * [7.0, 2.0])
    weight = array_of(framework)
    np.testing.assert_allclose(f(X), X * [1.0, 2.0])


# -- how many graphs --------------------------------------------------------------------------------------------------


def test_very_many_graphs_are_warned_of_once(monkeypatch):
    monkeypatch.setattr(specialise, "MANY", 8)
    f = ivy.transpile(lambda x, step, mode="a": x * step, source="numpy", to="numpy")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for step in range(20):
            np.testing.assert_allclose(f(X, step, mode="b"), X * step)
    assert len(caught) == 1
    assert "the argument `step` had 8 different values" in str(caught[0].message)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda f, k: f(np.ones(k + 1)), "`x` had 8 different shapes"),
        (lambda f, k: f(np.ones(2), [0] * k), "nested in different ways"),
        (lambda f, k: (state.update(k=k), f(np.ones(2))), r"besides its arguments changed \(state\)"),
    ],
)
def test_the_warning_says_what_changes(monkeypatch, call, words):
    monkeypatch.setattr(specialise, "MANY", 8)
    f = ivy.transpile(lambda x, more=(): x * state.get("k", 1), source="numpy", to="numpy")
    for k in range(7):
        call(f, k)
    with pytest.warns(UserWarning, match=words):
        call(f, 7)
    state.clear()


state: dict = {}


def test_the_number_of_graphs_is_bounded(monkeypatch):
    monkeypatch.setattr(specialise, "KEPT", 5)
    monkeypatch.setattr("ivy.transpiler.misses.KEPT", 5)
    f = ivy.transpile(lambda x, k: x * k, source="numpy", to="numpy")
    for k in range(12):
        np.testing.assert_allclose(f(X, k), X * k)
        np.testing.assert_allclose(f(X, 0), X * 0)  # used all the time
        assert len(f.specialiser.cache) <= 5
    made = f.specialiser.made
    f(X, 0)
    assert f.specialiser.made == made  # and therefore kept
    np.testing.assert_allclose(f(X, 1), X)
    assert f.specialiser.made == made + 1


@pytest.mark.parametrize("target", ["jax", "tensorflow"])
def test_only_shapes_tell_of_unknown_sizes(target, monkeypatch):
    """None in a static argument, or among what is read besides the arguments, is no size."""
    pytest.importorskip(target)

    def refuse(*args, **kwargs):
        raise AssertionError("no size is unknown")

    monkeypatch.setattr("ivy.transpiler.dynamic.make_for_any_size", refuse)
    nothing = None
    f = ivy.transpile(lambda x, v=None, w=(): x * (2 if nothing is None else 3), source="numpy", to=target)
    for args, kwargs in [((X,), {}), ((X, {None}), {}), ((X,), {"v": None}), ((X, [None]), {"w": {"a": None}})]:
        np.testing.assert_allclose(np.asarray(f(*args, **kwargs)), 2 * X)
