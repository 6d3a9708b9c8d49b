"""A converted model is a torch module like any other."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch

import ivy

from .conftest import assert_same
from .jax_zoo import MODELS
from .test_from_jax import tensor
from .zoo import make

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


def converted(name: str = "nnx_cnn") -> tuple[Any, torch.Tensor]:
    _, obj, params_v, x = MODELS[name]()
    return ivy.transpile(obj, to="torch", params_v=params_v).eval(), tensor(x)


def test_state_dict_and_modes() -> None:
    model, x = converted()
    state = copy.deepcopy(model.state_dict())
    expected = model(x)
    with torch.no_grad():
        for p in model.parameters():
            p.zero_()
    assert not torch.equal(model(x), expected)
    model.load_state_dict(state)
    assert torch.equal(model(x), expected)
    assert model.train().training
    assert model.conv.training
    assert not model.eval().bn.training


def test_dtype_and_device_moves() -> None:
    model, x = converted("linen_block")
    expected = model(x)
    assert_same(model.double()(x.double()).float(), expected)
    assert all(p.dtype == torch.float64 for p in model.parameters())
    assert_same(model.to(torch.float32)(x), expected)


def test_functional_call_and_transforms() -> None:
    model, x = converted("linen_block")
    params = {k: v.detach() for k, v in model.named_parameters()}
    out = torch.func.functional_call(model, params, (x,))
    assert_same(out, model(x))

    def loss(params: Any) -> Any:
        return torch.func.functional_call(model, params, (x,)).square().sum()

    grads = torch.func.grad(loss)(params)
    model(x).square().sum().backward()
    for name, p in model.named_parameters():
        assert_same(grads[name], p.grad)


def test_parametrisation_of_a_converted_weight() -> None:
    model, x = converted()
    torch.nn.utils.parametrizations.weight_norm(model.fc, "weight")
    out = model(x)
    out.sum().backward()
    assert model.fc.parametrizations.weight.original0.grad is not None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nnx_cnn", "haiku_transformer"])
def test_compile(name: str) -> None:
    model, x = converted(name)
    expected = model(x)
    compiled = torch.compile(model, backend="aot_eager")
    assert_same(compiled(x), expected)
    compiled(x).square().sum().backward()
    mine = [p.grad.clone() for p in model.parameters()]
    model.zero_grad()
    model(x).square().sum().backward()
    assert_same(mine, [p.grad for p in model.parameters()], rtol=1e-3, atol=1e-4)


@pytest.mark.slow
def test_compile_in_training_mode() -> None:
    module, x = make("cnn")
    model = ivy.transpile(module, to="torch")
    twin = copy.deepcopy(model)
    compiled = torch.compile(model.train(), backend="aot_eager")
    twin.train()
    for _ in range(2):
        assert_same(compiled(x), twin(x))
    assert_same(model.bn.running_mean, twin.bn.running_mean)


def test_optimizer_sees_every_parameter_once() -> None:
    module, _ = make("tied")
    model = ivy.transpile(module, to="torch")
    assert model.head.weight is model.embed.weight
    assert len(list(model.parameters())) == len(list(module.parameters()))
    assert model.again is model.shared if hasattr(model, "again") else True
    nested = ivy.transpile(make("nested")[0], to="torch")
    assert nested.again is nested.shared


def test_weights_of_the_source_load() -> None:
    module, x = make("cnn")
    module.eval()
    other, _ = make("cnn", seed=1)
    model = ivy.transpile(other.eval(), to="torch")
    model.load_state_dict(module.state_dict())
    assert_same(model(x), module(x))
