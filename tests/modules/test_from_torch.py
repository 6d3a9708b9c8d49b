"""torch.nn.Module to every module system."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import ivy
from ivy.errors import ConversionError

from .conftest import assert_same, runner, to_jax, to_numpy
from .zoo import MODULES, make


def convert(module: nn.Module, system: str, **how: Any) -> Any:
    return ivy.transpile(module, to=system, **how)


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("train", [False, True])
def test_outputs(system: str, name: str, train: bool) -> None:
    if train and name == "dropping":
        pytest.skip("random: see test_dropout")
    module, x = make(name)
    module.train(train)
    model = convert(module, system)
    expected = copy.deepcopy(module)(x)
    given = x if system == "torch" else to_jax(x)
    assert_same(runner(system, model, train)(given), expected)


@pytest.mark.parametrize("name", MODULES)
def test_parameters_have_the_sources_names(name: str) -> None:
    """Those of native layers are called as the target's layers call them, under the source's paths."""
    module, _ = make(name)
    assert {*convert(module, "torch").state_dict()} == {*module.state_dict()}
    from flax import nnx

    model = convert(module, "flax")
    names = {
        ".".join(map(str, path)).replace("perturb_", "perturb")
        for path, _ in nnx.to_flat_state(nnx.state(model, nnx.Not(nnx.RngState)))
    }
    shared = {n for n in module.state_dict() if n.startswith("again") or n == "head.weight"}
    wanted = {*dict(module.named_parameters()), *dict(module.named_buffers())} | shared
    calls = {}
    for path, layer in model._ivy.plan.layers.items():
        for at in (path, *(alias for alias, first in model._ivy.spec.shared.items() if first == path)):
            prefix = ".".join(at)
            calls |= {f"{prefix}.{own}": f"{prefix}.{name}" for own, name in model._ivy.plan.names(path).items()}
        assert layer.kind in ("linear", "conv", "conv_transpose", "embedding", "dropout") or "norm" in layer.kind
    wanted, shared = {calls.get(n, n) for n in wanted}, {calls.get(n, n) for n in shared}
    # nnx keeps an array that is used in two places under one of them
    assert names <= wanted
    assert len(names) == len(wanted - shared)


def test_classes_and_layouts() -> None:
    module, _ = make("cnn")
    model = convert(module, "jax")
    assert [type(m).__name__ for m in (model, model.stem, model.bn, model.blocks)] == [
        "CNN",
        "Conv",
        "BatchNorm",
        "Sequential",
    ]
    assert len(model.blocks) == 3
    assert model.stem.kernel.shape == (3, 3, 3, 8)
    assert model.blocks[0].kernel.shape == (3, 3, 2, 8)
    assert model.up.kernel.shape == (2, 2, 6, 8)
    assert model.fc.kernel.shape == (6, 5)
    np.testing.assert_array_equal(model.stem.kernel[...], module.stem.weight.detach().permute(2, 3, 1, 0))


def test_gradients(system: str) -> None:
    if system == "torch":
        pytest.skip("see test_torch.py")
    import jax

    module, x = make("cnn")
    module.eval()
    (module(x) ** 2).sum().backward()
    stem = module.stem.weight.grad
    fc = module.fc.weight.grad
    model, given = convert(module, system), to_jax(x)
    if system == "flax":
        from flax import nnx

        grads = nnx.grad(lambda m: (m(given) ** 2).sum())(model)
        found = grads["stem"]["kernel"][...], grads["fc"]["kernel"][...]
    elif system == "haiku":
        import haiku as hk

        t = hk.transform_with_state(lambda x: (model()(x) ** 2).sum())
        params, state = t.init(jax.random.PRNGKey(0), given)
        grads = jax.jit(jax.grad(lambda p: t.apply(p, state, None, given)[0]))(params)
        found = grads["cnn/stem"]["weight"], grads["cnn/fc"]["weight"]
    elif system == "linen":
        variables = model.init(jax.random.key(0), given)
        grads = jax.jit(jax.grad(lambda p: (model.apply({**variables, "params": p}, given) ** 2).sum()))(
            variables["params"]
        )
        found = grads["stem"]["weight"], grads["fc"]["weight"]
    else:
        import equinox as eqx

        grads = eqx.filter_jit(eqx.filter_grad(lambda m: (m(given) ** 2).sum()))(model)
        assert_same(grads.stem.weight, stem, rtol=1e-3, atol=1e-4)
        assert_same(grads.fc.weight, fc, rtol=1e-3, atol=1e-4)
        assert not np.any(grads.bn.running_mean)
        return
    assert_same(found[0], stem.permute(2, 3, 1, 0), rtol=1e-3, atol=1e-4)
    assert_same(found[1], fc.T, rtol=1e-3, atol=1e-4)


def test_frozen_parameters_get_no_gradient() -> None:
    from flax import nnx

    module, x = make("buffers")
    model = convert(module.eval(), "flax")
    grads = nnx.grad(lambda m: m(to_jax(x)).sum())(model)
    assert "frozen" not in grads
    assert "weight" in grads


def test_dropout(system: str) -> None:
    module, x = make("dropping")
    model = convert(module, system)
    given = x if system == "torch" else to_jax(x)
    first = to_numpy(runner(system, model, True, seed=1)(given))
    second = to_numpy(runner(system, model, True, seed=2)(given))
    assert not np.array_equal(first, second)
    assert 0.3 < (first == 0).mean() < 0.7
    still = runner(system, model, False)
    np.testing.assert_array_equal(to_numpy(still(given)), to_numpy(still(given)))


def test_statistics_follow_the_source() -> None:
    """One training step in both, then evaluation must agree: the momentum and the unbiased variance are the source's."""
    module, x = make("cnn")
    model = convert(module, "flax")
    module.train()
    model.train()
    assert_same(model(to_jax(x)), module(x))
    module.eval()
    model.eval()
    assert_same(model(to_jax(x)), module(x), rtol=1e-5, atol=1e-5)
    assert int(model.bn.num_batches_tracked[...]) == 1
    assert_same(model.bn.var[...], module.bn.running_var, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("target", ["flax", "torch", "numpy"])
def test_parameters_are_copied_once(target: str) -> None:
    module, x = make("mlp")
    module.eval()
    model = convert(module, target)
    given = x if target == "torch" else x.numpy() if target == "numpy" else to_jax(x)
    before = to_numpy(model(given)).copy()
    with torch.no_grad():
        for p in module.parameters():
            p.add_(1)
    np.testing.assert_array_equal(to_numpy(model(given)), before)


def test_share_memory() -> None:
    module, x = make("cnn")
    model = convert(module.eval(), "flax", share_memory=True)
    assert model.stem.weight.shape == tuple(module.stem.weight.shape)
    assert model.fc.weight[...].unsafe_buffer_pointer() == module.fc.weight.data_ptr()
    assert_same(model(to_jax(x)), module(x))


def test_jax_transformations_of_nnx() -> None:
    import jax
    from flax import nnx

    module, x = make("cnn")
    model = convert(module.eval(), "flax")
    graphdef, state = nnx.split(model)
    out = jax.jit(lambda state, x: nnx.merge(graphdef, state)(x))(state, to_jax(x))
    assert_same(out, module(x))
    assert nnx.split(model)[0] == graphdef

    @nnx.jit
    def call(model: Any, x: Any) -> Any:
        return model(x)

    model.train()
    module.train()
    assert_same(call(model, to_jax(x)), module(x))
    assert_same(model.bn.mean[...], module.bn.running_mean)

    assert nnx.clone(model)(to_jax(x)).shape == (2, 5)


def test_dropout_key_is_state_that_can_be_set() -> None:
    from flax import nnx

    module, x = make("dropping")
    model, given = convert(module, "flax"), to_jax(x)
    model.rngs = nnx.Rngs(dropout=7)
    saved = nnx.state(model)
    first, second = model(given), model(given)
    assert not np.array_equal(first, second)
    nnx.update(model, saved)
    model.rngs = nnx.Rngs(dropout=7)
    np.testing.assert_array_equal(model(given), first)


@pytest.mark.parametrize("options", [{"args": ()}, {"args": None}])
def test_eager_and_lazy(options: dict[str, Any]) -> None:
    module, x = make("mlp")
    if options["args"] == ():
        model = convert(module, "flax", args=(x,))
        assert "Linear" not in model.code
        assert "ops.linear" in model.code
    else:
        model = convert(module, "flax")
        with pytest.raises(ivy.errors.BackendError, match="not been captured"):
            _ = model.code
    assert_same(model(x.numpy()), module(x))
    assert_same(model(x), module(x))  # the source's own arrays
    assert_same(model(torch.cat([x, x]).numpy()), module(torch.cat([x, x])))  # a new signature


class Net(nn.Module):
    def __init__(self, width: int, *, bias: bool = True) -> None:
        super().__init__()
        self.lin = nn.Linear(4, width, bias=bias)

    def forward(self, x):
        return self.lin(x)


def test_class_gives_class(system: str) -> None:
    cls = ivy.transpile(Net, to=system)
    assert cls.__name__ == "Net"
    model = cls(5, bias=False)
    x = torch.randn(2, 4)
    given = x if system == "torch" else to_jax(x)
    assert runner(system, model, False)(given).shape == (2, 5)
    if isinstance(cls, type):
        assert isinstance(model, cls)


def test_lazy_torch_module_is_refused() -> None:
    with pytest.raises(ConversionError, match="no shape yet"):
        convert(nn.LazyLinear(3), "flax")


def test_unknown_target() -> None:
    with pytest.raises(ivy.errors.UnknownFrameworkError):
        convert(nn.Linear(2, 2), "sonnet")


def test_source_of_a_pickled_model() -> None:
    module, x = make("cnn")
    module.eval()
    model = convert(module, "torch")
    with torch.no_grad():
        model.fc.bias.add_(1)
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert type(twin).__name__ == "CNN"
        assert_same(twin(x), module(x) + 1)
        with torch.no_grad():
            twin.fc.bias.add_(1)
        assert_same(twin(x), module(x) + 2)
    assert_same(model(x), module(x) + 1)


def test_repr_tells_what_it_is() -> None:
    module, _ = make("cnn")
    assert "converted from torch" in repr(convert(module, "haiku"))
    assert "converted from torch" in repr(convert(module, "torch"))
    assert "converted from torch" in repr(convert(module, "equinox"))
    assert "stem" in repr(convert(module, "flax"))
