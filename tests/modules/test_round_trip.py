"""There and back: a model that went through another system computes the same, under the same names."""

from __future__ import annotations

import pytest
import torch

import ivy

from .conftest import assert_same, runner, to_jax
from .zoo import make

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")

NAMES = ("mlp", "cnn", "tied", "encoder", "recurrent", "buffers")


@pytest.mark.parametrize("name", NAMES)
def test_torch_to_nnx_and_back(name: str) -> None:
    module, x = make(name)
    module.eval()
    there = ivy.transpile(module, to="flax")
    there.eval()
    back = ivy.transpile(there, to="torch").eval()
    assert_same(back(x), module(x))
    state = module.state_dict()
    mine = back.state_dict()
    assert {*mine} <= {*state} | {"ids"}
    for key, value in mine.items():
        if key in state:
            assert_same(value, state[key])


@pytest.mark.parametrize("way", [("flax", "haiku"), ("haiku", "flax"), ("linen", "torch"), ("equinox", "haiku")])
@pytest.mark.parametrize("name", ["cnn", "encoder"])
def test_three_systems(name: str, way: tuple[str, str]) -> None:
    module, x = make(name)
    module.eval()
    model = module
    for system in way:
        model = ivy.transpile(model, to=system)
    given = x if way[-1] == "torch" else to_jax(x)
    assert_same(runner(way[-1], model, False)(given), module(x))


def test_statistics_survive_the_round_trip() -> None:
    module, x = make("cnn")
    there = ivy.transpile(module.train(), to="flax")
    back = ivy.transpile(there, to="torch").train()
    assert_same(back(x), module(x))
    assert_same(back.bn.running_var, module.bn.running_var)
    assert int(back.bn.num_batches_tracked) == 1


def test_layout_of_the_way_back() -> None:
    module, _ = make("cnn")
    back = ivy.transpile(ivy.transpile(module, to="haiku"), to="torch")
    assert back.stem.weight.shape == module.stem.weight.shape
    assert torch.equal(back.up.weight, module.up.weight)
