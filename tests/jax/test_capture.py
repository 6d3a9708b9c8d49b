"""What a captured graph says besides the calls: inputs, names, places, module paths, parameters, errors."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ivy.dtypes import as_dtype
from ivy.errors import CaptureError, DataDependentError
from ivy.graph.aval import Aval
from ivy_jax.capture import capture, capture_with_params

x = np.ones((2, 3), "float32")


def test_inputs_are_named_after_parameters_and_unused_ones_stay():
    def fn(image, batch, *rest, flag=True, extra=None):
        return image * 2 if flag else batch["ids"]

    graph = capture(fn, (x, {"ids": x, "mask": x}, x), {"flag": True, "extra": x})
    assert [n.name for n in graph.inputs] == ["image", "batch_ids", "batch_mask", "rest0", "extra"]
    assert [n.fn for n in graph.calls()] == ["jax.lax.mul"]


def test_abstract_inputs():
    graph = capture(lambda a: a @ a.T, (Aval((2, 3), as_dtype("float32")),), {})
    assert graph.output.aval == Aval((2, 2), as_dtype("float32"))


def test_inputs_that_jax_does_not_keep_are_cast():
    graph = capture(lambda a: a + 1, (np.ones(3),), {})
    assert graph.inputs[0].aval.dtype == "float64"
    assert [n.fn for n in graph.calls()] == ["jax.lax.convert_element_type", "jax.lax.add"]


def test_places_and_names_come_from_the_users_code():
    def fn(a):
        hidden = jnp.tanh(a * 3.0)
        scores = jax.nn.softmax(hidden)
        return scores.sum()

    graph = capture(fn, (x,), {})
    first = fn.__code__.co_firstlineno
    calls = list(graph.calls())
    assert [(n.fn, n.loc.line - first, n.name) for n in calls] == [
        ("jax.lax.mul", 1, "mul"),
        ("jax.lax.tanh", 1, "hidden"),
        ("jax.nn.softmax", 2, "scores"),
        ("jax.lax.reduce_sum", 3, "reduce_sum"),
    ]
    assert all(n.loc.file == __file__ for n in calls)


def test_module_paths_of_haiku():
    haiku = pytest.importorskip("haiku")

    def forward(a):
        return haiku.nets.MLP([4, 2])(a)

    net = haiku.without_apply_rng(haiku.transform(forward))
    params = net.init(jax.random.key(0), x)
    flat = {f"{m}/{k}": v for m, entries in params.items() for k, v in entries.items()}

    def apply(p, a):
        nested: dict = {}
        for name, value in p.items():
            module, _, key = name.rpartition("/")
            nested.setdefault(module, {})[key] = value
        return net.apply(nested, a)

    graph = capture_with_params(apply, flat, (x,), {})
    assert set(graph.params) == set(flat)
    assert all(n.meta["trainable"] for n in graph.params.values())
    dots = [n for n in graph.calls() if n.fn == "jax.lax.dot_general"]
    assert [n.scope.split("/")[-1] for n in dots] == ["linear_0", "linear_1"]


def test_state_becomes_updates():
    def fn(params, state, a):
        mean = 0.9 * state["mean"] + 0.1 * a.mean()
        return a * params["w"], {"mean": mean, "count": state["count"]}

    one = jnp.float32(1)
    graph = capture_with_params(fn, {"w": one}, (x,), {}, state={"mean": one, "count": one})
    assert set(graph.updates) == {"mean"}
    assert [n.name for n in graph.inputs] == ["a"]
    assert not graph.params["mean"].meta["trainable"]


def test_big_constants_are_shared_by_reference():
    table = jnp.arange(5000.0)
    graph = capture(lambda a: (a[0, 0] + table).sum() + table[0], (x,), {})
    consts = [n for n in graph.nodes if n.kind == "const"]
    assert [n.value is table for n in consts] == [True]


def test_containers_that_only_jax_knows_are_rebuilt():
    @jax.tree_util.register_pytree_node_class
    class Box:
        def __init__(self, a, b):
            self.a, self.b = a, b

        def tree_flatten(self):
            return (self.a, self.b), None

        @classmethod
        def tree_unflatten(cls, aux, children):
            return cls(*children)

    graph = capture(lambda a: {"box": Box(a, a + 1), "n": 3}, (x,), {})
    rebuilt = graph.rebuild([1, 2, 3])
    assert (rebuilt["box"].a, rebuilt["box"].b, rebuilt["n"]) == (1, 2, 3)


def test_value_of_an_abstract_array_is_an_error_with_the_users_line():
    def fn(a):
        if a.sum() > 0:
            return a
        return -a

    with pytest.raises(DataDependentError) as caught:
        capture(fn, (Aval((2, 3), as_dtype("float32")),), {})
    assert caught.value.where.line == fn.__code__.co_firstlineno + 1


def test_rule_that_closes_over_a_traced_array():
    def fn(a):
        scale = a.sum()

        @jax.custom_jvp
        def inner(b):
            return b * scale

        inner.defjvps(lambda g, ans, b: g * scale)
        return inner(a)

    with pytest.raises(CaptureError, match="traced array from outside"):
        capture(fn, (x,), {})


def test_debug_print_is_left_out_with_a_warning():
    def fn(a):
        jax.debug.print("{}", a)
        return a * 2

    with pytest.warns(UserWarning, match="left out"):
        graph = capture(fn, (x,), {})
    assert [n.fn for n in graph.calls()] == ["jax.lax.mul"]


def test_callbacks_are_recorded_with_a_reason():
    def fn(a):
        return jax.pure_callback(np.sin, jax.ShapeDtypeStruct((2, 3), "float32"), a)

    (call,) = capture(fn, (x,), {}).calls()
    assert call.fn == "jax.pure_callback"
    assert "host" in call.meta["reason"]


def test_other_key_generators_are_refused():
    with pytest.raises(NotImplementedError, match=r"rbg|generator"):
        capture(lambda a: jax.random.normal(jax.random.key(0, impl="rbg"), (3,)) + a[0], (x,), {})
