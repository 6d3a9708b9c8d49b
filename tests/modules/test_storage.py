"""The pass that lets weights be stored in another order of axes."""

from __future__ import annotations

import numpy as np
import pytest

import ivy
from ivy.backend import scope
from ivy.graph.aval import Aval
from ivy.graph.interpret import interpret
from ivy.graph.passes.storage import store_params
from ivy.stateful.spec import class_name, inverse, permutation
from ivy.tracer.evaluate import evaluator_for
from ivy.tracer.trace import Trace

LINEAR = ("linear", "OI", "IO", (1, 0))
CONV = ("conv", "OI*", "*IO", (2, 3, 1, 0))


def graph_of(build, params, x):
    trace = Trace(evaluator_for("numpy"))
    with scope(trace):
        p = {k: trace.param(k, Aval(v.shape, ivy.float32), v) for k, v in params.items()}
        out = build(trace.input("x", Aval(x.shape, ivy.float32)), p)
        trace.graph.output = out.node
    return trace.graph


def check(build, params, x, stored):
    """Rewrite, then run with permuted parameters: the result must be the same. Returns the calls made."""
    params = {k: np.asarray(v, np.float32) for k, v in params.items()}
    graph = graph_of(build, params, x)
    expected = interpret(graph, [x], params)
    graph = store_params(graph, stored)
    given = {k: v.transpose(stored[k][3]) if k in stored else v for k, v in params.items()}
    for k, v in given.items():
        assert graph.params[k].aval.shape == v.shape
    np.testing.assert_allclose(interpret(graph, [x], given), expected, rtol=1e-5, atol=1e-5)
    return [n.fn for n in graph.calls()]


R = np.random.default_rng(0)


def rand(*shape):
    return R.normal(size=shape).astype(np.float32)


def test_weights_name_their_format():
    calls = check(
        lambda x, p: ivy.linear(x, p["w"], p["b"]), {"w": rand(3, 4), "b": rand(3)}, rand(2, 4), {"w": LINEAR}
    )
    assert calls == ["ivy.linear"]
    calls = check(lambda x, p: ivy.conv(x, p["w"], padding=1), {"w": rand(5, 3, 3, 3)}, rand(2, 3, 6, 6), {"w": CONV})
    assert calls == ["ivy.conv"]


def test_back_to_the_default_format():
    stored = {"w": ("conv", "*IO", "OI*", (3, 2, 0, 1))}
    build = lambda x, p: ivy.conv(x, p["w"], weight_format="*IO")
    assert check(build, {"w": rand(3, 3, 3, 5)}, rand(2, 3, 6, 6), stored) == ["ivy.conv"]


def test_matmul_becomes_linear():
    stored = {"w": ("linear", "IO", "OI", (1, 0))}
    assert check(lambda x, p: ivy.matmul(x, p["w"]), {"w": rand(4, 3)}, rand(2, 4), stored) == ["ivy.linear"]


@pytest.mark.parametrize(
    "build",
    [
        lambda x, p: ivy.linear(x, ivy.multiply(p["w"], 2.0)),
        lambda x, p: ivy.add(ivy.linear(x, p["w"]), ivy.sum(p["w"], axis=0)[:3]),
        lambda x, p: ivy.matmul(p["w"], ivy.matrix_transpose(x)),
        lambda x, p: ivy.concat([p["w"], x]),
        lambda x, p: ivy.linear(p["w"], p["w"]),
        lambda x, p: ivy.linear(x, p["w"], p["w"][0, :3]),
    ],
)
def test_other_uses_get_the_old_order(build):
    calls = check(build, {"w": rand(3, 4)}, rand(2, 4), {"w": LINEAR})
    assert calls.count("ivy.permute_dims") >= 1


def test_output_and_updates():
    params = {"w": rand(3, 4)}
    graph = graph_of(lambda x, p: ivy.linear(x, p["w"]), params, rand(2, 4))
    graph.updates["w"] = graph.params["w"]
    graph.output = [graph.output, graph.params["w"]]
    store_params(graph, {"w": LINEAR})
    env: dict = {}
    out = interpret(graph, [rand(2, 4)], {"w": params["w"].T}, env=env)
    np.testing.assert_array_equal(out[1], params["w"])
    np.testing.assert_array_equal(env[id(graph.updates["w"])], params["w"].T)


@pytest.mark.parametrize("ndim", [3, 4, 5])
@pytest.mark.parametrize("pair", [("OI*", "*IO"), ("IO*", "*IO"), ("*IO", "OI*")])
def test_permutations_are_undone(ndim, pair):
    perm = permutation(*pair, ndim)
    x = rand(*range(2, 2 + ndim))
    np.testing.assert_array_equal(x.transpose(perm).transpose(inverse(perm)), x)
    assert permutation(pair[0], pair[0], ndim) is None


def test_class_names():
    assert class_name("linear_1") == "Linear"
    assert class_name("multi_head_attention") == "MultiHeadAttention"
    assert class_name("0") == "Module"
