"""Python that branches on an array's value: captured with real values, and guarded."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import ivy
from ivy_jax.capture import capture

x = np.float32([1.0, 2.0, -0.5])


def branch(a):
    if a.sum() > 0:
        return a * 2
    return -a


def loop(a):
    steps = 0
    while jnp.abs(a).max() > 0.1:
        a = a / 2
        steps += 1
    return a, steps


def scale_by_item(a):
    k = a.max().item()
    return a * k


def size_of_range(a):
    return jnp.arange(int(a[1])) + a[0]


def with_everything(a, key):
    if jax.nn.relu(a)[0] > 0.5:
        a = jax.lax.scan(lambda c, v: (c + v, c * a.sum()), 0.0, a)[1]
    return jax.jit(jax.nn.silu)(a) + jax.random.uniform(key, a.shape) + jnp.where(a > 0, a, 0)


CASES = {
    "branch": (branch, 1, (x,)),
    "loop": (loop, 6, (x,)),
    "item": (scale_by_item, 1, (x,)),
    "range": (size_of_range, 1, (x,)),
    "everything": (with_everything, 1, (x, jax.random.key(0))),
}


@pytest.mark.parametrize("name", CASES)
def test_values(check, name):
    fn, count, arrays = CASES[name]
    graph = check(fn, *arrays)
    guards = [n for n in graph.nodes if n.kind == "guard"]
    assert len(guards) == count
    assert all(n.loc.file == __file__ for n in guards)


def test_guards_hold_the_value_that_was_seen():
    assert [n.args[1] for n in capture(branch, (x,), {}).nodes if n.kind == "guard"] == [True]
    assert [n.args[1] for n in capture(branch, (-x,), {}).nodes if n.kind == "guard"] == [False]


def test_custom_derivatives_survive_a_concrete_capture():
    def fn(a):
        if a[0] > 0:
            return jax.nn.relu(a)
        return a

    assert "jax.nn.relu" in [n.fn for n in capture(fn, (x,), {}).calls()]


def test_transpiled_function_takes_both_branches():
    torch = pytest.importorskip("torch")
    fn = ivy.transpile(branch, source="jax", to="torch")
    for a in (x, -x, x + 1, -x - 1):
        np.testing.assert_allclose(fn(torch.tensor(a)).numpy(), branch(jnp.asarray(a)))
