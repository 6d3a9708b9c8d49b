"""flax, haiku and equinox models to torch and to each other."""

from __future__ import annotations

from typing import Any

import haiku as hk
import jax
import numpy as np
import pytest
import torch
from flax import nnx

import ivy
from ivy.errors import ConversionError

from .conftest import assert_same, runner
from .jax_zoo import IMAGES, MODELS, SEQUENCE, LinenCNN, NnxCNN

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


def tensor(x: Any) -> torch.Tensor:
    return torch.from_numpy(np.array(x))


@pytest.mark.parametrize("name", MODELS)
def test_to_torch(name: str) -> None:
    evaluate, obj, params_v, x = MODELS[name]()
    model = ivy.transpile(obj, to="torch", params_v=params_v).eval()
    assert isinstance(model, torch.nn.Module)
    expected = evaluate(x)
    assert_same(model(tensor(x)), expected)
    assert_same(model(x), expected)  # the source's own arrays
    assert all(p.requires_grad for p in model.parameters())
    model(tensor(x)).square().sum().backward()
    assert all(p.grad is not None for p in model.parameters())


@pytest.mark.parametrize("name", ["nnx_cnn", "linen_cnn", "haiku_cnn", "haiku_transformer", "equinox"])
@pytest.mark.parametrize("target", ["flax", "haiku", "linen"])
def test_between_jax_systems(name: str, target: str) -> None:
    evaluate, obj, params_v, x = MODELS[name]()
    model = ivy.transpile(obj, to=target, params_v=params_v)
    assert_same(runner(target, model, False)(x), evaluate(x))


@pytest.mark.parametrize("name", ["nnx_cnn", "linen_cnn", "haiku_cnn"])
def test_gradients(name: str) -> None:
    _, obj, params_v, x = MODELS[name]()
    model = ivy.transpile(obj, to="torch", params_v=params_v).eval()
    model(tensor(x)).square().sum().backward()
    if name == "nnx_cnn":
        grads = nnx.grad(lambda m: (m(x) ** 2).sum())(obj)
        found = {"conv.weight": grads["conv"]["kernel"][...], "fc.weight": grads["fc"]["kernel"][...]}
    elif name == "linen_cnn":
        grads = jax.grad(lambda p: (obj.apply({**params_v, "params": p}, x, train=False) ** 2).sum())(
            params_v["params"]
        )
        found = {"Conv_0.kernel": grads["Conv_0"]["kernel"], "head.kernel": grads["head"]["kernel"]}
    else:
        grads = jax.grad(lambda p: (obj.apply(p, params_v[1], None, x)[0] ** 2).sum())(params_v[0])
        found = {"conv2_d.w": grads["conv2_d"]["w"], "mlp.linear_1.w": grads["mlp/~/linear_1"]["w"]}
    for key, grad in found.items():
        mine = model.get_parameter(key).grad
        axes = (3, 2, 0, 1) if grad.ndim == 4 else (1, 0)
        assert_same(mine, np.transpose(grad, axes), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", ["nnx_cnn", "linen_cnn", "haiku_cnn"])
def test_training_updates_statistics(name: str) -> None:
    """The statistics after a step in training mode are the source's."""
    _, obj, params_v, x = MODELS[name]()
    model = ivy.transpile(obj, to="torch", params_v=params_v).train()
    model(tensor(x))
    if name == "nnx_cnn":
        obj.train()
        obj(x)
        expected, key = obj.bn.mean[...], "bn.running_mean"
    elif name == "linen_cnn":
        _, new = obj.apply(params_v, x, train=True, mutable=["batch_stats"], rngs={"dropout": jax.random.key(0)})
        expected, key = new["batch_stats"]["BatchNorm_0"]["mean"], "BatchNorm_0.mean"
    else:
        _, new = obj.apply(*params_v, jax.random.PRNGKey(0), x, True)
        expected, key = new["batch_norm/~/mean_ema"]["hidden"], "batch_norm.mean_ema.hidden"
    assert_same(model.state_dict()[key], expected)
    assert not np.array_equal(model(tensor(x)).detach(), model(tensor(x)).detach())  # dropout
    model.eval()
    assert torch.equal(model(tensor(x)), model(tensor(x)))


def test_dropout_follows_torchs_generator() -> None:
    _, obj, _, x = MODELS["nnx_cnn"]()
    model = ivy.transpile(obj, to="torch").train()
    outputs = []
    for _ in range(2):
        torch.manual_seed(3)
        outputs.append(model(tensor(x)))
    assert torch.equal(*outputs)


def test_layouts_and_names() -> None:
    _, obj, params_v, _ = MODELS["haiku_cnn"]()
    model = ivy.transpile(obj, to="torch", params_v=params_v)
    assert model.conv2_d.w.shape == (8, 3, 3, 3)
    assert model.mlp.linear_0.w.shape == (8, 6)
    assert type(model.conv2_d).__name__ == "Conv2D"
    assert "batch_norm.mean_ema.average" in dict(model.named_buffers())
    _, obj, _, _ = MODELS["nnx_cnn"]()
    model = ivy.transpile(obj, to="torch")
    assert model.up.weight.shape == (8, 6, 2, 2)
    assert [type(m).__name__ for m in (model, model.conv, model.blocks[1])] == ["NnxCNN", "Conv2d", "Linear"]


def test_functional_models_need_their_variables() -> None:
    for obj in (LinenCNN(), hk.transform(lambda x: hk.Linear(2)(x))):
        with pytest.raises(ConversionError, match="outside of it"):
            ivy.transpile(obj, to="torch")


def test_bound_linen_module() -> None:
    evaluate, obj, params_v, x = MODELS["linen_block"]()
    model = ivy.transpile(obj.bind(params_v), to="torch").eval()
    assert_same(model(tensor(x)), evaluate(x))


def test_without_apply_rng_and_keywords() -> None:
    t = hk.without_apply_rng(hk.transform(lambda images, scale=1.0: hk.Linear(2)(images) * scale))
    params = t.init(jax.random.PRNGKey(0), SEQUENCE)
    model = ivy.transpile(t, to="torch", params_v=params, kwargs={"images": SEQUENCE})
    assert_same(model(images=tensor(SEQUENCE)), t.apply(params, SEQUENCE))
    assert_same(model(tensor(SEQUENCE), scale=3.0), t.apply(params, SEQUENCE, scale=3.0))


def test_parameters_are_not_aliased() -> None:
    _, obj, _, _ = MODELS["nnx_cnn"]()
    before = np.array(obj.fc.kernel[...])
    bias = np.array(obj.fc.bias[...])
    model = ivy.transpile(obj, to="torch")
    with torch.no_grad():
        for p in model.parameters():
            p.add_(1)
    np.testing.assert_array_equal(obj.fc.kernel[...], before)
    np.testing.assert_array_equal(obj.fc.bias[...], bias)


def test_class_gives_class() -> None:
    cls = ivy.transpile(NnxCNN, to="torch")
    model = cls(nnx.Rngs(0))
    assert isinstance(model, cls)
    assert model(tensor(IMAGES)).shape == (2, 4)


def test_with_state_in_a_bigger_torch_model() -> None:
    """The shape of the advertised example: a haiku backbone in a classifier that torch trains."""
    _, obj, params_v, x = MODELS["haiku_transformer"]()
    backbone = ivy.transpile(obj, to="torch", params_v=params_v, kwargs={"x": x})

    class Classifier(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.backbone = backbone
            self.fc = torch.nn.Linear(8, 3)

        def forward(self, x):
            return self.fc(self.backbone(x=x).mean(1))

    model = Classifier()
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    before = [p.detach().clone() for p in backbone.parameters()]
    model(tensor(x)).square().sum().backward()
    optimizer.step()
    assert all(not torch.equal(a, b) for a, b in zip(before, backbone.parameters(), strict=True) if b.grad.any())


class Shared(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.embed = nnx.Embed(7, 4, rngs=rngs)
        self.second = nnx.Linear(4, 4, rngs=rngs)
        self.again = self.second
        self.table = jax.numpy.arange(4.0)
        self.more = nnx.data([jax.numpy.ones(4)])

    def __call__(self, i):
        return self.embed.attend(self.again(self.second(self.embed(i)))) + (self.table + self.more[0]).sum()


def test_shared_parts_and_bare_arrays_of_nnx() -> None:
    obj = Shared(nnx.Rngs(0))
    i = jax.numpy.asarray([[1, 2, 6]])
    model = ivy.transpile(obj, to="torch")
    assert_same(model(tensor(i)), obj(i))
    assert model.again is model.second
    assert {n for n, _ in model.named_buffers()} == {"table", "more.0"}
    with torch.no_grad():
        for x in (*model.parameters(), *model.buffers()):
            x.add_(0.1)
    ivy.sync_weights(model, obj)
    assert_same(model(tensor(i)), obj(i))
