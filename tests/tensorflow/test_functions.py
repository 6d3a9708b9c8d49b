"""Functions as users write them, through the whole pipeline: values, dtypes and gradients on every target."""

import numpy as np
import pytest
import tensorflow as tf
from function_cases import FUNCTIONS, RANDOM_SIGNS
from tensorflow_running import TARGETS, compare, flat, weights

import ivy

VALUES_DECIDE = {"unique", "boolean_mask", "where_indices"}  # the shape of their results


@pytest.fixture(params=TARGETS)
def target(request):
    pytest.importorskip(request.param)
    return request.param


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values(name, target):
    fn, arrays = FUNCTIONS[name]
    expected = fn(*(tf.constant(a) for a in arrays))
    found = ivy.transpile(fn, source="tensorflow", to=target)(*arrays)
    compare(expected, found, target, rtol=2e-4, atol=2e-4 if name in RANDOM_SIGNS else 2e-5)


def total_tf(fn, given):
    outs = [o for o in flat(fn(*given)) if getattr(o, "dtype", None) == tf.float32]
    return tf.add_n([tf.reduce_sum(o * w) for o, w in zip(outs, weights(outs))]) if outs else None


def gradients_tf(fn, arrays):
    given = [tf.constant(a) for a in arrays]
    with tf.GradientTape() as tape:
        tape.watch(given)
        total = total_tf(fn, given)
    return None if total is None else tape.gradient(total, given)


def gradients_torch(g, arrays):
    import torch

    given = [torch.tensor(a, requires_grad=a.dtype == np.float32) for a in arrays]
    outs = [o for o in flat(g(*given)) if getattr(o, "dtype", None) == torch.float32]
    sum((o * torch.tensor(w)).sum() for o, w in zip(outs, weights(outs))).backward()
    return [v.grad for v in given]


def gradients_jax(g, arrays):
    import jax
    import jax.numpy as jnp

    places = [i for i, a in enumerate(arrays) if a.dtype == np.float32]

    def total(chosen):
        full = [jnp.asarray(a) for a in arrays]
        for i, c in zip(places, chosen):
            full[i] = c
        outs = [o for o in flat(g(*full)) if getattr(o, "dtype", None) == jnp.float32]
        return sum((o * w).sum() for o, w in zip(outs, weights(outs)))

    found = jax.grad(total)([jnp.asarray(arrays[i]) for i in places])
    return [found[places.index(i)] if i in places else None for i in range(len(arrays))]


def gradients_tensorflow(g, arrays):
    return gradients_tf(g, arrays)


# what jax.grad cannot go through: loops whose number of steps depends on values
_JAX_CANNOT = {"while_values", "while_break", "nested_loops", "expm"}
_NO_GRADIENT = {"eigh", "containers"} | VALUES_DECIDE


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if n not in _NO_GRADIENT])
def test_gradients(name, target):
    if target == "numpy":
        pytest.skip("NumPy has no gradients")
    if target == "jax" and name in _JAX_CANNOT:
        pytest.skip("JAX differentiates loops with a known number of steps only")
    fn, arrays = FUNCTIONS[name]
    try:
        expected = gradients_tf(fn, arrays)
    except tf.errors.InvalidArgumentError as error:
        pytest.skip(f"TensorFlow has no gradient to compare with: {str(error)[:150]}")
    if expected is None or not any(e is not None for e in expected):
        pytest.skip("not differentiable")
    # captured ahead, so that what the values decide is known under jax.grad
    found = globals()[f"gradients_{target}"](ivy.transpile(fn, source="tensorflow", to=target), arrays)
    for e, f, a in zip(expected, found, arrays):
        if a.dtype != np.float32:
            continue
        e = np.zeros_like(a) if e is None else np.asarray(tf.convert_to_tensor(e))
        f = np.zeros_like(a) if f is None else np.asarray(tf.convert_to_tensor(f) if target == "tensorflow" else f)
        np.testing.assert_allclose(f, e, rtol=1e-3, atol=1e-4)


# -- variables --------------------------------------------------------------------------------------------------------


def test_variables_are_copied_and_updates_are_kept(target):
    weight, steps = tf.Variable([1.0, 2.0], name="weight"), tf.Variable(0, name="steps", trainable=False)

    def f(a):
        steps.assign_add(1)
        before = weight * a
        weight.scatter_nd_add([[1]], [10.0])
        return before, weight + 0.0, steps + 0

    g = ivy.transpile(f, source="tensorflow", to=target)
    a = np.ones(2, "float32")
    first, second = g(a), g(a)
    np.testing.assert_allclose(np.asarray(first[0]), [1, 2])
    np.testing.assert_allclose(np.asarray(first[1]), [1, 12])
    np.testing.assert_allclose(np.asarray(second[1]), [1, 22])
    assert int(np.asarray(second[2])) == 2
    assert {k: v.dtype for k, v in g.variables.items()}.keys() == {"weight", "steps"}
    np.testing.assert_allclose(weight.numpy(), [1, 2])
    assert steps.numpy() == 0


_SCATTERS = {
    "update": lambda v: v.scatter_update(tf.IndexedSlices([[1.0, 2.0]], [1])),
    "add": lambda v: v.scatter_add(tf.IndexedSlices([[1.0, 2.0], [3.0, 4.0]], [1, 1])),
    "sub": lambda v: v.scatter_sub(tf.IndexedSlices([[1.0, 2.0]], [2])),
    "mul": lambda v: v.scatter_mul(tf.IndexedSlices([[3.0, 2.0]], [0])),
    "div": lambda v: v.scatter_div(tf.IndexedSlices([[4.0, 2.0]], [0])),
    "max": lambda v: v.scatter_max(tf.IndexedSlices([[0.0, 9.0]], [1])),
    "min": lambda v: v.scatter_min(tf.IndexedSlices([[0.0, 9.0]], [1])),
    "nd_update": lambda v: v.scatter_nd_update([[0, 1]], [5.0]),
    "nd_sub": lambda v: v.scatter_nd_sub([[0], [2]], [[5.0, 1.0], [2.0, 2.0]]),
    "slice": lambda v: v[1:, 0].assign([7.0, 8.0]),
    "gather": lambda v: v.assign(tf.gather(v, [2, 0, 1])),
    "sparse_read": lambda v: v.assign(v.sparse_read([1, 1, 0])),
    "gather_nd": lambda v: v.assign(tf.ones([3, 2]) * v.gather_nd([1])),
    "loop": lambda v: [v.assign(v * 2.0) for _ in range(2)],
}


@pytest.mark.parametrize("name", _SCATTERS)
def test_assignments(name, target):
    start = np.arange(6, dtype="float32").reshape(3, 2) + 1

    def make(v):
        def f(a):
            _SCATTERS[name](v)
            return a + v

        return f

    expected = make(tf.Variable(start))(tf.ones([3, 2])).numpy()
    found = ivy.transpile(make(tf.Variable(start)), source="tensorflow", to=target)(np.ones((3, 2), "float32"))
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-6)


def test_assignments_in_branches_and_loops(target):
    def make(v, n):
        def f(a):
            for i in tf.range(3):
                if tf.reduce_sum(a) > 0.0:
                    v.assign_add(a * tf.cast(i, tf.float32))
                    n.assign_add(1)
            while tf.reduce_sum(v) < 50.0:
                v.assign(v * 2.0)
            return v + 0.0, n + 0

        return f

    def variables():
        return tf.Variable([1.0, 2.0]), tf.Variable(0)

    for a in (np.array([1.0, 2.0], "float32"), np.array([-1.0, -2.0], "float32")):
        expected = tf.function(make(*variables()))(tf.constant(a))
        found = ivy.transpile(make(*variables()), source="tensorflow", to=target)(a)
        compare(expected, found, target)


def test_a_variable_as_an_argument_is_written_to(target):
    def f(v, a):
        v.assign_add(a)
        return v * 2.0

    v = tf.Variable([1.0, 2.0])
    graph = ivy.transpile(f, source="tensorflow", to=target).trace(v, tf.ones(2))
    assert list(graph.mutated) == [0]


# -- random numbers ---------------------------------------------------------------------------------------------------


def test_numbers_come_from_the_targets_generator(target):
    def f(a):
        return (
            tf.random.uniform([500, 4], -1.0, 3.0),
            tf.random.normal([2000], 2.0, 0.5),
            tf.nn.dropout(a, 0.25),
            tf.random.uniform([300], 2, 9, dtype=tf.int32),
            tf.random.shuffle(tf.range(10)),
            tf.random.truncated_normal([500]),
            tf.random.categorical(tf.math.log([[0.1, 0.9]]), 400),
        )

    a = np.ones((40, 50), "float32")
    found = [np.asarray(v) for v in ivy.transpile(f, source="tensorflow", to=target)(a)]
    uniform, normal, dropped, whole, order, truncated, chosen = found
    assert uniform.shape == (500, 4) and uniform.min() >= -1 and uniform.max() < 3 and abs(uniform.mean() - 1) < 0.2
    assert abs(normal.mean() - 2) < 0.1 and abs(normal.std() - 0.5) < 0.1
    assert abs((dropped == 0).mean() - 0.25) < 0.05
    np.testing.assert_allclose(dropped[dropped != 0], 1 / 0.75, rtol=1e-6)
    assert whole.min() >= 2 and whole.max() < 9
    assert sorted(order.tolist()) == list(range(10))
    assert np.abs(truncated).max() <= 2
    assert abs(chosen.mean() - 0.9) < 0.1


@pytest.mark.parametrize("seed", [(1, 2), (-5, 123456789)])
def test_stateless_numbers_are_tensorflows(seed, target):
    def f(seeds):
        return (
            tf.random.stateless_uniform([3, 5], seed),
            tf.random.stateless_uniform([7], seeds, -1.0, 2.0),
            tf.random.stateless_uniform([9], seed, 0, 1000, tf.int32),
            tf.random.stateless_normal([3, 3], seeds),
            tf.random.stateless_uniform([6], seed, None, None, tf.int32),
        )

    seeds = np.array(seed, "int32")
    expected = f(tf.constant(seeds))
    found = ivy.transpile(f, source="tensorflow", to=target)(seeds)
    compare(expected, found, target, rtol=1e-5, atol=1e-6)
