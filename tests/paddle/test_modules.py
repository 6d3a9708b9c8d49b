"""paddle.nn.Layer to torch and flax, torch modules to Paddle, and there and back: values, gradients, statistics."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from paddle_layers import (
    LAYERS,
    assert_same,
    assert_same_gradients,
    helper,
    make,
    nn,
    randomise,
    run,
    run_converted,
    statistics,
    tensors,
    to,
    to_numpy,
)

import ivy
from ivy_paddle.loading import paddle

torch.set_num_threads(1)
SYSTEMS = ("torch", "flax")
# Paddle has the derivative of its recurrent operator in training mode only; there is no dropout in these.
TRAINED = ("recurrent", "cnn", "norms", "dimensions", "counting")
FIRST = ("cnn", "recurrent", "encoder", "nested", "containers")
"""What goes to flax, whose compiler takes its time, in every run."""


ZOO = helper("modules", "zoo")  # torch modules


def _cases(names: Any) -> list[Any]:
    return [
        pytest.param(name, system, marks=[pytest.mark.slow] if system == "flax" and name not in FIRST else [])
        for name in names
        for system in SYSTEMS
    ]


@pytest.mark.parametrize("name, system", _cases([n for n in LAYERS if n != "recurrent"]))
def test_values_and_gradients_from_paddle(name: str, system: str) -> None:
    layer, args = make(name)
    model = to(layer, system)
    if system == "flax" and name.startswith("branching"):  # JAX: lax.while_loop has no derivative in reverse mode
        assert_same(model(*tensors(args, "jax")), layer(*tensors(args)))
        return
    expected, wanted = run(layer, args)
    found, gradients = run_converted(model, args, system)
    assert_same(found, expected)
    assert_same_gradients(gradients, wanted)
    assert all(np.abs(g).max() > 0 for g in wanted.values()) or name in ("branching", "branching_else", "nested")


@pytest.mark.parametrize("name, system", _cases(TRAINED))
def test_training_mode_and_what_it_leaves(name: str, system: str) -> None:
    layer, args = make(name, train=True)
    model = to(layer, system)
    before = statistics(layer)
    for _ in range(2):
        expected, wanted = run(layer, args)
        found, gradients = run_converted(model, args, system)
        assert_same(found, expected)
        assert_same_gradients(gradients, wanted)
    back, _ = make(name, seed=3)
    report = ivy.sync_weights(model, back)
    assert not report.missing
    state = statistics(layer)
    for key, value in statistics(back).items():
        np.testing.assert_allclose(value, state[key], rtol=1e-4, atol=1e-5, err_msg=key)
    changed = [k for k in state if np.abs(state[k] - before[k]).max() > 1e-4]
    assert bool(changed) == (name != "recurrent"), changed


@pytest.mark.parametrize("name", ["cnn", "recurrent", "encoder", "norms", "tied", "buffers", "nested"])
def test_to_torch_and_back(name: str) -> None:
    layer, args = make(name)
    there = to(layer, "torch")
    back = ivy.transpile(there, to="paddle")
    assert_same(back(*tensors(args)), layer(*tensors(args)))
    state = statistics(layer)
    # `train` is a method of torch's modules, so that the layer of that name got another
    mine = {key.replace("train_.", "train."): value for key, value in statistics(back).items()}
    # paddle lists what recurrent layers share with their cells under both names
    assert {key for key in state if ".cell." not in key} <= mine.keys()
    for key in mine.keys() & state.keys():
        np.testing.assert_array_equal(mine[key], state[key], err_msg=key)


@pytest.mark.parametrize("name", ["cnn", "encoder", "recurrent", "tied"])
def test_from_torch_and_back(name: str) -> None:
    module, x = ZOO.make(name)
    module.eval()
    back = ivy.transpile(ivy.transpile(module, to="paddle"), to="torch").eval()
    assert_same(back(x), module(x))
    mine = back.state_dict()
    for key, value in module.state_dict().items():
        assert torch.equal(mine[key], value), key


@pytest.mark.parametrize("train", [False, True])
@pytest.mark.parametrize("name", ZOO.MODULES)
def test_from_torch(name: str, train: bool) -> None:
    if train and name == "dropping":
        pytest.skip("random: see test_dropout")
    module, x = ZOO.make(name)
    module.train(train)
    layer = ivy.transpile(module, to="paddle")
    assert layer.training == train
    given = x if isinstance(x, dict) else (x,)
    arrays = {"x": x["x"].numpy()} if isinstance(x, dict) else x.numpy()
    out = layer(*tensors((arrays,)))
    assert_same(out, module(*([x] if isinstance(x, dict) else given)))
    for key, value in module.state_dict().items():  # the statistics and counters after one call
        mine = layer._gather()[next(p.name for p in layer._ivy.params.values() if _named(p, key))]
        np.testing.assert_allclose(_as_source(layer, key, mine), value.numpy(), rtol=1e-4, atol=1e-5, err_msg=key)


def _named(p: Any, key: str) -> bool:
    return key in {p.name, *(".".join(path) for path in p.aliases)}


def _as_source(layer: Any, key: str, value: Any) -> np.ndarray:
    name = next(p.name for p in layer._ivy.params.values() if _named(p, key))
    return np.asarray(to_numpy(layer._ivy.source_array(name, value)))


@pytest.mark.parametrize("name", ["mlp", "cnn", "tied", "nested", "parametrised", "recurrent", "encoder"])
def test_gradients_from_torch(name: str) -> None:
    module, x = ZOO.make(name)
    module.train()
    layer = ivy.transpile(module, to="paddle")
    _, wanted = run(module, (x.numpy(),), "torch")
    found, gradients = run_converted(layer, (x.numpy(),), "paddle")
    assert found is not None
    assert_same_gradients(gradients, wanted)


def test_names_classes_and_layouts_from_torch() -> None:
    module, _ = ZOO.make("cnn")
    layer = ivy.transpile(module, to="paddle")
    own = {"running_mean": "_mean", "running_var": "_variance"}  # what paddle's own layers call them
    names = {".".join(own.get(part, part) for part in name.split(".")) for name in module.state_dict()}
    assert {*layer.state_dict()} == names
    assert [type(x).__name__ for x in (layer, layer.blocks)] == ["CNN", "Sequential"]
    assert type(layer.stem) is nn.Conv2D
    assert isinstance(layer.bn, nn.BatchNorm2D)
    assert len(layer.blocks) == 3
    assert isinstance(layer.fc.weight, paddle.base.framework.EagerParamBase)
    assert layer.fc.weight.shape == [6, 5]  # paddle's order: in, out
    assert layer.stem.weight.shape == [8, 3, 3, 3]
    np.testing.assert_array_equal(layer.fc.weight.numpy(), module.fc.weight.detach().numpy().T)
    assert "converted from torch" in repr(layer)


def test_synchronised_batch_norm_normalises_by_its_statistics() -> None:
    # Paddle has its operator on a GPU only; in evaluation it is a batch norm.
    twin = randomise(nn.Sequential(nn.Conv2D(3, 4, 1), nn.BatchNorm2D(4)))
    layer = nn.Sequential(nn.Conv2D(3, 4, 1), nn.SyncBatchNorm(4)).eval()
    layer.set_state_dict(twin.state_dict())
    x = np.random.default_rng(0).random((2, 3, 4, 4), "float32")
    for system, framework in (("torch", "torch"), ("flax", "jax")):
        assert_same(to(layer, system)(*tensors((x,), framework)), twin(paddle.to_tensor(x)))


def test_one_layer_in_two_places_stays_one() -> None:
    layer, _ = make("tied")
    model = to(layer, "torch")
    assert model.again is model.proj
    assert len(list(model.parameters())) == len(layer.parameters())
    module, _ = ZOO.make("nested")
    back = ivy.transpile(module, to="paddle")
    assert back.again is back.shared
    tied = ivy.transpile(ZOO.make("tied")[0], to="paddle")
    assert tied.head.weight is tied.embed.weight


def test_branches_stay_dynamic() -> None:
    layer, (x,) = make("branching")
    model = to(layer, "torch")
    for given in (x, x - 2):
        assert_same(model(torch.from_numpy(given)), layer(paddle.to_tensor(given)))


def test_dropout_of_each_framework() -> None:
    layer = nn.Sequential(nn.Identity(), nn.Dropout(0.25))
    found = to(layer.train(), "torch")(torch.ones(4000))
    assert found.unique().tolist() == pytest.approx([0.0, 4 / 3])
    module, _ = ZOO.make("dropping")
    back = ivy.transpile(module.train(), to="paddle")
    paddle.seed(1)
    one, two = (back(paddle.ones([2, 4])).numpy() for _ in range(2))
    assert np.abs(one - two).max() > 0
    assert 0.3 < (one == 0).mean() < 0.7
    paddle.seed(1)
    np.testing.assert_array_equal(back(paddle.ones([2, 4])).numpy(), one)
    back.eval()
    assert_same(back(paddle.ones([2, 4])), module.eval()(torch.ones(2, 4)))


def test_a_class_becomes_a_class() -> None:
    class Net(nn.Layer):
        def __init__(self, width: int, bias: bool = True) -> None:
            super().__init__()
            self.fc = nn.Linear(4, width, bias_attr=None if bias else False)

        def forward(self, x: Any) -> Any:
            return paddle.nn.functional.gelu(self.fc(x))

    cls = ivy.transpile(Net, source="paddle", to="torch")
    assert issubclass(cls, torch.nn.Module)
    model = cls(5, bias=False)
    assert model(torch.ones(2, 4)).shape == (2, 5)
    assert [n for n, _ in model.named_parameters()] == ["fc.weight"]

    class Module(torch.nn.Module):
        def __init__(self, width: int) -> None:
            super().__init__()
            self.fc = torch.nn.Linear(4, width)

        def forward(self, x: Any) -> Any:
            return torch.relu(self.fc(x))

    native = ivy.transpile(Module, source="torch", to="paddle")
    assert issubclass(native, paddle.nn.Layer)
    assert native(7)(paddle.ones([2, 4])).shape == [2, 7]
    assert native.__name__ == "Module"


@pytest.mark.parametrize("source", ["paddle", "torch"])
def test_weights_move_both_ways(source: str) -> None:
    if source == "paddle":
        one, (x,) = make("cnn")
        two = to(make("cnn", seed=5)[0], "torch")
    else:
        one, x = ZOO.make("cnn")
        one.eval()
        two, x = ivy.transpile(ZOO.make("cnn", seed=5)[0].eval(), to="paddle"), x.numpy()
    a, b = ("paddle", "torch") if source == "paddle" else ("torch", "paddle")
    (mine,), (theirs,) = tensors((x,), a), tensors((x,), b)
    assert np.abs(to_numpy(one(mine)) - to_numpy(two(theirs))).max() > 1e-3
    report = ivy.sync_weights(one, two)
    assert not report.missing
    assert not report.unused
    assert_same(two(theirs), one(mine))
    fresh = make("cnn", seed=7)[0] if source == "paddle" else ZOO.make("cnn", seed=7)[0].eval()
    ivy.sync_weights(two, fresh)
    assert_same(fresh(mine), one(mine))


def test_memory_is_not_shared_with_the_source() -> None:
    module, x = ZOO.make("cnn")
    layer = ivy.transpile(module.eval(), to="paddle")
    before = layer(paddle.to_tensor(x.numpy())).numpy()
    with torch.no_grad():
        for tensor in module.state_dict().values():
            tensor.add_(1)
    np.testing.assert_array_equal(layer(paddle.to_tensor(x.numpy())).numpy(), before)
    source, args = make("cnn")
    model = to(source, "torch")
    kept = model(*tensors(args, "torch"))
    for p in source.parameters():
        p.set_value(p + 1)
    assert torch.equal(model(*tensors(args, "torch")), kept)
