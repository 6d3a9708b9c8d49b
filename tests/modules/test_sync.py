"""Checkpoints across frameworks."""

from __future__ import annotations

from typing import Any

import haiku as hk
import jax
import pytest
import torch
from flax import nnx
from torch import nn

import ivy
from ivy.errors import ConversionError

from .conftest import assert_same, runner, to_jax
from .jax_zoo import MODELS
from .test_from_jax import tensor
from .zoo import make

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


def shake(module: nn.Module) -> None:
    with torch.no_grad():
        for p in module.parameters():
            p.add_(torch.randn_like(p) * 0.1)


@pytest.mark.parametrize("name", ["cnn", "tied", "nested", "parametrised"])
def test_both_ways_with_nnx(name: str) -> None:
    module, x = make(name)
    module.eval()
    model = ivy.transpile(module, to="flax")
    shake(module)
    report = ivy.sync_weights(module, model)
    assert not report.missing
    assert not report.unused
    assert_same(model(to_jax(x)), module(x))
    expected = model(to_jax(x))
    shake(module)
    ivy.sync_weights(model, module)
    assert_same(module(x), expected)


def test_nothing_is_aliased() -> None:
    module, x = make("cnn")
    model = ivy.transpile(module.eval(), to="flax")
    ivy.sync_weights(module, model)
    before = model(to_jax(x))
    shake(module)
    assert_same(model(to_jax(x)), before, rtol=0, atol=0)


def test_haiku_parameters_after_training() -> None:
    module, x = make("cnn")
    module.eval()
    factory, given = ivy.transpile(module, to="haiku"), to_jax(x)

    class Outer(hk.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = factory()

        def __call__(self, x: Any) -> Any:
            return self.net(x)

    t = hk.transform_with_state(lambda x: Outer()(x))
    params, state = t.init(jax.random.PRNGKey(0), given)
    assert "outer/~/cnn/stem" in params
    params = jax.tree.map(lambda p: p + 0.1, params)
    report = ivy.sync_weights(factory, module, params_v=(params, state))
    assert not report.missing
    assert_same(t.apply(params, state, None, given)[0], module(x))


def test_functional_target_gives_new_variables() -> None:
    evaluate, obj, variables, x = MODELS["linen_block"]()
    model = ivy.transpile(obj, to="torch", params_v=variables).eval()
    shake(model)
    report = ivy.sync_weights(model, obj, target_params_v=variables)
    assert jax.tree.structure(report.params_v) == jax.tree.structure(variables)
    assert_same(obj.apply(report.params_v, x), model(tensor(x)))
    assert_same(evaluate(x), obj.apply(variables, x))  # the old ones are as they were
    _, obj, params_v, x = MODELS["haiku_cnn"]()
    model = ivy.transpile(obj, to="torch", params_v=params_v).eval()
    shake(model)
    params, state = ivy.sync_weights(model, obj, target_params_v=params_v).params_v
    assert_same(obj.apply(params, state, None, x)[0], model(tensor(x)))


def test_leftovers_and_renames() -> None:
    class Old(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lin, self.extra = nn.Linear(2, 3), nn.Linear(2, 2)

    class New(nnx.Module):
        def __init__(self, rngs: nnx.Rngs) -> None:
            self.dense, self.other = nnx.Linear(2, 3, rngs=rngs), nnx.Linear(2, 2, rngs=rngs)

    old, new = Old(), New(nnx.Rngs(0))
    report = ivy.sync_weights(old, new, rename={"lin.weight": "dense.kernel", "lin.bias": "dense.bias"})
    assert report.copied == ("dense.kernel", "dense.bias")
    assert set(report.missing) == {"other.kernel", "other.bias"}
    assert set(report.unused) == {"extra.weight", "extra.bias"}
    assert_same(new.dense.kernel[...], old.lin.weight.T)
    assert "missing in the source: other.bias" in str(report)


def test_shapes_must_fit_and_nothing_is_written() -> None:
    a, b = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 2)), nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 4))
    before = b[0].weight.detach().clone()
    with pytest.raises(ConversionError, match="do not fit"):
        ivy.sync_weights(a, b)
    assert torch.equal(b[0].weight, before)


def test_ivy_module() -> None:
    module, x = make("cnn")
    module.eval()
    net = ivy.to_ivy_module(module)
    assert_same(net(x), module(x))
    assert "from torch" in repr(net)
    jaxed = net.trace_graph(x).to_backend("jax")
    assert_same(jaxed(to_jax(x)), module(x))
    assert sorted(jaxed.buffers) == sorted(dict(module.named_buffers()))
    zeros = {k: v * 0 for k, v in jaxed.v.items() if k.startswith("fc")}
    assert_same(jaxed(to_jax(x), v=zeros), torch.zeros(2, 5))
    jaxed.v = {k: v * 2 if k == "fc.bias" else v for k, v in jaxed.v.items()}
    changed = module(x) + module.fc.bias
    assert_same(jaxed(to_jax(x)), changed)
    for system in ("flax", "haiku", "linen", "equinox", "torch"):
        native = getattr(jaxed, f"to_{system}_module")()
        given = x if system == "torch" else to_jax(x)
        assert_same(runner(system, native, False)(given), changed)
    with pytest.raises(ConversionError, match="differ in"):
        jaxed.v = {}


def test_ivy_module_trains_and_follows_its_inputs() -> None:
    module, x = make("cnn")
    net = ivy.to_ivy_module(module, backend="ivy").train()
    twin, _ = make("cnn")
    assert_same(net(to_jax(x)), twin.train()(x))
    assert_same(net.eval()(x.numpy()), twin.eval()(x))
    assert_same(net(x), twin(x))
    assert sorted(net.v) == sorted(dict(module.named_parameters()))
    assert "ops.conv" in net.code or "ivy.conv" in net.code


def test_haiku_module_called_as_a_function() -> None:
    """``net(x)`` inside of `hk.transform`, as in the article on graphs."""
    net = ivy.to_ivy_module(make("mlp")[0]).trace_graph().to_backend("jax").to_haiku_module()
    x = jax.numpy.ones((1, 4))
    loss = hk.without_apply_rng(hk.transform(lambda: jax.numpy.mean(net(x) ** 2)))
    params = loss.init(jax.random.PRNGKey(42))
    values = []
    for _ in range(5):
        value, grads = jax.value_and_grad(loss.apply)(params)
        params = jax.tree.map(lambda p, g: p - 0.05 * g, params, grads)
        values.append(float(value))
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("stage", ["ivy", "torch_frontend"])
def test_stages(stage: str) -> None:
    """A module can be stopped at any stage; it then follows its inputs."""
    module, x = make("cnn")
    net = ivy.transpile(module.eval(), to=stage)
    assert_same(net(x.numpy()), module(x))
    assert_same(net(x), module(x))
    assert "torch" in net.code or stage == "ivy"


def test_graphs_of_a_module() -> None:
    module, x = make("mlp")
    graph = ivy.trace_graph(module, args=(x,))
    assert_same(graph(x), module(x))
    assert_same(ivy.compile_graph(module, x).to_backend("jax")(to_jax(x)), module(x))
    assert_same(ivy.unify(module)(to_jax(x)), module(x))
