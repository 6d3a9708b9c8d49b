"""Control flow: the same results as plain Python on every backend, any pytrees, under jit and with gradients."""

from __future__ import annotations

import jax
import numpy as np
import pytest
import torch
from backends import MAKE, to_np

import ivy.functional as F
from ivy.errors import ShapeError
from ivy.functional.registry import OPS
from ivy.graph.aval import Aval


@pytest.fixture(params=MAKE)
def make(request):
    return lambda x, dtype="float32": MAKE[request.param](np.asarray(x, dtype))


def same(found, expected, **tolerance):
    found = to_np(found)
    assert found.shape == np.shape(expected)
    np.testing.assert_allclose(found, expected, **{"rtol": 1e-6, "atol": 1e-6, **tolerance})


@pytest.mark.parametrize("pred", [True, False, 1, 0])
def test_cond(make, pred):
    x, y = make([1.0, 2.0]), make([3.0, 4.0])
    for p in (bool(pred), make(pred, "bool"), make(pred, "int32")):
        a, b = F.cond(p, lambda x, y: (x + y, x), lambda x, y: (x - y, y), x, y)
        same(a, [4, 6] if pred else [-2, -2])
        same(b, [1, 2] if pred else [3, 4])
        same(F.cond(p, lambda x: x, lambda x: -x, x), [1, 2] if pred else [-1, -2])
        assert set(F.cond(p, lambda d: d, lambda d: {"k": -d["k"]}, {"k": x})) == {"k"}


@pytest.mark.parametrize("index", [-3, 0, 1, 2, 9])
def test_switch_clamps(make, index):
    branches = [lambda x: x, lambda x: 2 * x, lambda x: -x]
    expected = [1, 2, -1][min(max(index, 0), 2)]
    for i in (index, make(index, "int32")):
        same(F.switch(i, branches, make([1.0])), [expected])


def test_while_loop(make):
    i, x = F.while_loop(lambda s: s[0] < 5, lambda s: (s[0] + 1, s[1] * 2), (make(0, "int32"), make([1.0, 2.0])))
    same(i, 5)
    same(x, [32, 64])
    same(F.while_loop(lambda x: F.sum(x) < 100, lambda x: x * 2, make([1.0, 2.0])), [64, 128])
    same(F.while_loop(lambda x: F.sum(x) < 0, lambda x: x * 2, make([1.0])), [1])
    d = F.while_loop(
        lambda d: d["n"] > 0, lambda d: {"n": d["n"] - 1, "x": d["x"] + 1}, {"n": make(3), "x": make([0.0])}
    )
    same(d["x"], [3])


def test_fori_loop(make):
    same(F.fori_loop(0, 5, lambda i, x: F.add(x, i), make([0.0, 1.0])), [10, 11])
    same(F.fori_loop(2, 2, lambda i, x: F.add(x, i), make([1.0])), [1])
    a, b = F.fori_loop(make(1, "int32"), make(4, "int32"), lambda i, s: (s[1], s[0] * 2), (make(1.0), make(3.0)))
    same(a, 6)
    same(b, 4)


def test_fori_loop_as_a_composite(make):
    same(OPS["fori_loop"].body(make(1, "int32"), make(4, "int32"), lambda i, x: x + i, make(0, "int32")), 6)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("steps", [0, 1, 4])
def test_scan(make, reverse, steps):
    xs = np.random.default_rng(0).normal(size=(steps, 3)).astype("float32")
    flags = np.arange(steps).astype("int32")
    (total, count), (before, flag) = F.scan(
        lambda c, x: ((c[0] + x[0], c[1] + 1), (c[0] * 1, x[1])),
        (make(np.zeros(3)), make(0, "int32")),
        (make(xs), make(flags, "int32")),
        reverse=reverse,
    )
    order = xs[::-1] if reverse else xs
    partial = np.cumsum(order, 0) - order
    same(total, xs.sum(0))
    same(count, steps)
    same(before, partial[::-1] if reverse else partial)
    same(flag, flags)
    assert to_np(flag).dtype == np.int32


def test_scan_of_single_arrays_and_other_trees(make):
    carry, ys = F.scan(lambda c, x: (c + x, {"sum": c + x}), make(0.0), make([1.0, 2.0, 3.0]))
    same(carry, 6)
    same(ys["sum"], [1, 3, 6])
    carry, ys = F.scan(lambda c, _: (c * 2, c), make(1.0), None, length=4)
    same(carry, 16)
    same(ys, [1, 2, 4, 8])
    carry, ys = F.scan(lambda c, x: (c + x, None), make(0.0), make([1.0, 2.0]))
    assert ys is None
    carry, ys = F.scan(lambda c, x: (c, x), (), make([1.0, 2.0]))
    assert carry == ()
    same(ys, [1, 2])
    with pytest.raises(ValueError, match=r"length|leading"):
        F.scan(lambda c, x: (c, x), make(0.0), make([1.0]), length=3)
    with pytest.raises(ValueError, match=r"length|leading|size"):
        F.scan(lambda c, x: (c, x[0]), make(0.0), (make([1.0]), make([1.0, 2.0])))


def test_map(make):
    same(F.map(lambda row: F.sum(row), make(np.ones((3, 2)))), [2, 2, 2])
    a, b = F.map(lambda s: (s[0] + s[1], s[1]), (make([1.0, 2.0]), make([3.0, 4.0])))
    same(a, [4, 6])
    same(b, [3, 4])


def test_vmap(make):
    x, w = np.arange(12.0, dtype="float32").reshape(3, 4), np.ones((4, 2), "float32")
    same(F.vmap(lambda a, b: F.matmul(a, b), in_axes=(0, None))(make(x), make(w)), x @ w)
    same(F.vmap(lambda a: a * 2, in_axes=1, out_axes=1)(make(x)), x * 2)
    same(F.vmap(lambda a: a * 2, in_axes=1)(make(x)), x.T * 2)
    same(F.vmap(F.vmap(lambda a: a + 1))(make(x)), x + 1)
    found = F.vmap(lambda d, y: {"s": F.sum(d["a"]) + y}, in_axes=({"a": 0}, None))({"a": make(x)}, make(1.0))
    same(found["s"], x.sum(1) + 1)


def test_subgraph_arguments():
    """The trait gives, for every callable, what it will be called with."""
    x, i = np.ones((4, 3), "float32"), np.asarray(0, "int32")
    trait = {
        name: OPS[name].traits["subgraphs"] for name in ("cond", "switch", "while_loop", "fori_loop", "scan", "map")
    }
    assert trait["cond"]["true_fn"]({"operands": (x, i)}, {}) == [x, i]
    assert trait["switch"]["branches"]({"operands": (i,)}, {}) == [i]
    assert trait["while_loop"]["body_fn"]({"init": (i, i)}, {}) == [(i, i)]
    assert trait["fori_loop"]["body_fn"]({"lower": 0, "upper": 3, "init": i}, {}) == [Aval((), "int32"), i]
    assert trait["scan"]["f"]({"init": (i,), "xs": (x,)}, {}) == [(i,), (Aval((3,), "float32"),)]
    assert trait["map"]["f"]({"xs": x}, {}) == [Aval((3,), "float32")]


def rnn(x, w):
    step = lambda h, row: (F.tanh(F.matmul(h, w) + row), F.sum(h))
    h, ys = F.scan(step, x[0] * 0, x)
    h = F.cond(F.sum(ys) > -100, lambda h: h * 2, lambda h: h, h)
    return F.sum(F.fori_loop(0, 3, lambda i, h: h + F.multiply(F.sum(w), i), h))


def test_gradients_and_jit_agree():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(5, 3)).astype("float32"), rng.normal(size=(3, 3)).astype("float32")
    value, (dx, dw) = jax.value_and_grad(rnn, (0, 1))(x, w)
    same(jax.jit(rnn)(x, w), value, rtol=1e-5)
    same(rnn(x, w), value, rtol=1e-5)
    tx, tw = torch.tensor(x, requires_grad=True), torch.tensor(w, requires_grad=True)
    found = rnn(tx, tw)
    found.backward()
    same(found.detach(), value, rtol=1e-5)
    same(tx.grad, dx, rtol=1e-4, atol=1e-5)
    same(tw.grad, dw, rtol=1e-4, atol=1e-5)


def test_torch_compile():
    """The loops unroll; a branch on a value becomes torch.cond, also where a branch returns its operand."""
    compiled = torch.compile(rnn, backend="eager", fullgraph=True)
    x, w = torch.ones(3, 2), torch.full((2, 2), 0.1)
    same(compiled(x, w), rnn(x, w))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 6, 7, 16])
@pytest.mark.parametrize(("reverse", "axis"), [(False, 0), (True, 0), (False, -1), (True, 1)])
def test_associative_scan(make, size, reverse, axis):
    x = np.random.default_rng(0).uniform(0.5, 1.5, (size, 2) if axis == 0 else (2, size)).astype("float32")
    elems = {"a": x, "b": (x + 1,)}

    def combine(p, q):  # affine maps after each other
        return {"a": p["a"] * q["a"], "b": (p["b"][0] * q["a"] + q["b"][0],)}

    found = F.associative_scan(combine, {"a": make(x), "b": (make(x + 1),)}, reverse=reverse, axis=axis)
    expected = elems
    if size:
        expected = jax.lax.associative_scan(combine, jax.tree.map(jax.numpy.asarray, elems), reverse=reverse, axis=axis)
    same(found["a"], np.asarray(expected["a"]), rtol=1e-5)
    same(found["b"][0], np.asarray(expected["b"][0]), rtol=1e-5)


def test_associative_scan_differentiates_and_checks_lengths():
    x = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda v: F.associative_scan(torch.mul, v), x)
    with pytest.raises(ShapeError, match="lengths"):
        F.associative_scan(lambda a, b: a, (np.ones(2), np.ones(3)))
