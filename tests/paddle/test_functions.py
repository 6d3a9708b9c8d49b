"""User-level functions to every target, and what they leave behind."""

from __future__ import annotations

import numpy as np
import pytest
from paddle_compare import TARGETS, check, native, to_numpy
from paddle_functions import FUNCTIONS, VALUES_ONLY

import ivy
from ivy_paddle.loading import paddle


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_function(name, target):
    fn, arrays = FUNCTIONS[name]
    check(fn, arrays, target, gradients=name not in VALUES_ONLY)


@pytest.mark.parametrize("target", TARGETS)
def test_random_numbers_are_drawn_by_the_target(target):
    def draw():
        return paddle.rand([2000]), paddle.randn([2000]), paddle.randint(0, 5, [500]), paddle.randperm(10)

    uniform, gaussian, integers, order = (
        to_numpy(x, target) for x in ivy.transpile(draw, source="paddle", to=target)()
    )
    assert 0 <= uniform.min() < 0.1 < 0.9 < uniform.max() <= 1
    assert abs(gaussian.mean()) < 0.15
    assert abs(gaussian.std() - 1) < 0.15
    assert set(integers.tolist()) == set(range(5))
    assert sorted(order.tolist()) == list(range(10))


@pytest.mark.parametrize("target", TARGETS)
def test_dropout_keeps_the_mean(target):
    def drop(x):
        return paddle.nn.functional.dropout(x, 0.25)

    found = to_numpy(ivy.transpile(drop, source="paddle", to=target)(native(np.ones(4000, "float32"), target)), target)
    np.testing.assert_allclose(np.unique(found), [0, 4 / 3], rtol=1e-6)
    assert abs(found.mean() - 1) < 0.1


def test_an_argument_that_is_written_to_is_written_to():
    import torch

    def write(x):
        x[0] = 5.0
        x.add_(paddle.ones([3]))
        return x * 2

    x = torch.zeros(3)
    out = ivy.transpile(write, source="paddle", to="torch")(x)
    assert x.tolist() == [6.0, 1.0, 1.0]
    assert out.tolist() == [12.0, 2.0, 2.0]


def test_branches_follow_the_value_at_run_time():
    f = ivy.transpile(FUNCTIONS["branch_on_value"][0], source="paddle", to="numpy")
    assert f(np.ones(2, "float32")).tolist() == [2.0, 2.0]
    assert f(-np.ones(2, "float32")).tolist() == [-2.0, -2.0]


def test_loops_stay_loops_under_jit():
    import jax

    f = ivy.transpile(FUNCTIONS["loop_until"][0], source="paddle", to="jax")
    assert float(jax.jit(f)(np.full((2, 2), 1.0, "float32")).max()) == 0.0625
    assert "while_loop" in f.graph.code if hasattr(f, "graph") else True
