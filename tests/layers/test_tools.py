"""Tools that look for the framework's own layers, on converted models."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import ivy

torch = pytest.importorskip("torch")
nnx = pytest.importorskip("flax.nnx")

from torch import nn  # noqa: E402


class TorchNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.bn = nn.BatchNorm2d(8)
        self.blocks = nn.ModuleList([nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8)) for _ in range(2)])
        self.norm = nn.LayerNorm(8)
        self.fc = nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        x = torch.relu(self.bn(self.conv(x))).mean((2, 3))
        for block in self.blocks:
            x = x + block(x)
        return self.fc(self.norm(x))


class NnxNet(nnx.Module):
    def __init__(self, rngs: Any) -> None:
        self.conv = nnx.Conv(3, 8, (3, 3), rngs=rngs)
        self.bn = nnx.BatchNorm(8, rngs=rngs)
        self.blocks = nnx.List([nnx.Linear(8, 8, rngs=rngs) for _ in range(2)])
        self.norm = nnx.LayerNorm(8, rngs=rngs)
        self.fc = nnx.Linear(8, 5, rngs=rngs)

    def __call__(self, x: Any) -> Any:
        x = nnx.relu(self.bn(self.conv(x))).mean((1, 2))
        for block in self.blocks:
            x = x + nnx.relu(block(x))
        return self.fc(self.norm(x))


LINEAR = ["blocks.0.0", "blocks.0.2", "blocks.1.0", "blocks.1.2", "fc"]


def to_nnx() -> tuple[Any, Any, Any]:
    import jax.numpy as jnp

    torch.manual_seed(0)
    source = TorchNet().eval()
    x = torch.randn(4, 3, 8, 8)
    return source, ivy.transpile(source, to="jax"), jnp.asarray(x.numpy())


def to_torch() -> tuple[Any, Any, Any]:
    source = NnxNet(nnx.Rngs(0))
    source.eval()
    x = np.random.default_rng(0).standard_normal((4, 8, 8, 3)).astype("float32")
    return source, ivy.transpile(source, to="torch"), torch.tensor(x)


def close(a: Any, b: Any) -> bool:
    """Tell whether one result is about the other, as after a quantisation."""
    a, b = (np.asarray(x.detach() if isinstance(x, torch.Tensor) else x) for x in (a, b))
    return bool(abs(a - b).max() < 0.1 * abs(b).max()) and not np.array_equal(a, b)


def test_the_layers_are_the_frameworks() -> None:
    _, model, _ = to_nnx()
    kinds = {".".join(map(str, path)): type(part) for path, part in nnx.iter_modules(model)}
    assert all(kinds[name] is nnx.Linear for name in LINEAR)
    assert issubclass(kinds["conv"], nnx.Conv)
    assert issubclass(kinds["bn"], nnx.BatchNorm)
    assert kinds["norm"] is nnx.LayerNorm
    assert "gelu" in str(ivy.parts(model))
    _, model, _ = to_torch()
    assert [type(part) for part in (*model.blocks, model.norm, model.fc)] == [
        nn.Linear,
        nn.Linear,
        nn.LayerNorm,
        nn.Linear,
    ]
    assert isinstance(model.conv, nn.Conv2d)
    assert isinstance(model.bn, nn.BatchNorm1d)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_torchs_dynamic_quantisation() -> None:
    _, model, x = to_torch()
    expected = model(x)
    quantised = torch.ao.quantization.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    found = {name: type(part).__module__ for name, part in quantised.named_modules()}
    assert all("quantized.dynamic" in found[name] for name in ("blocks.0", "blocks.1", "fc"))
    assert close(quantised(x), expected)
    np.testing.assert_array_equal(model(x).detach(), expected.detach())  # that was a copy


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")
def test_peft() -> None:
    peft = pytest.importorskip("peft", reason="not in the development environment; pip install peft")
    _, model, x = to_torch()
    expected = model(x)
    config = peft.LoraConfig(r=4, target_modules=["blocks.0", "blocks.1", "fc", "conv"], init_lora_weights=False)
    adapted = peft.inject_adapter_in_model(config, model)
    changed = adapted(x)
    assert not np.allclose(changed.detach(), expected.detach(), atol=1e-3)
    changed.square().sum().backward()
    grads = {name for name, p in adapted.named_parameters() if p.grad is not None}
    assert all(f"{name}.lora_A.default.weight" in grads for name in ("blocks.0", "blocks.1", "fc", "conv"))
    assert not any("base_layer" in name for name in grads)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_qwix() -> None:
    qwix = pytest.importorskip("qwix", reason="not in the development environment; pip install qwix")
    import jax.numpy as jnp

    _, model, x = to_nnx()
    expected = model(x)
    rules = [qwix.QuantizationRule(module_path=".*", weight_qtype=jnp.int8, act_qtype=jnp.int8)]
    quantised = qwix.quantize_model(model, qwix.PtqProvider(rules), x)
    int8 = {
        ".".join(map(str, path[: path.index("kernel")]))
        for path, v in nnx.to_flat_state(nnx.state(quantised))
        if "kernel" in path and v.get_value().dtype == jnp.int8
    }
    assert int8 == {"conv", *LINEAR}
    assert close(quantised(x), expected)
    adapted = qwix.apply_lora_to_model(
        model, qwix.LoraProvider(module_path=".*", rank=4, alpha=2.0), x, rngs=nnx.Rngs(0)
    )
    np.testing.assert_allclose(adapted(x), expected, rtol=1e-5, atol=1e-5)
    grads = nnx.grad(lambda m: (m(x) ** 2).sum(), argnums=nnx.DiffState(0, nnx.LoRAParam))(adapted)
    found = {".".join(map(str, path)) for path, _ in nnx.to_flat_state(grads)}
    assert found == {f"{name}.kernel_lora_{end}" for name in ("conv", *LINEAR) for end in "ab"}


@pytest.mark.parametrize("make", [to_nnx, to_torch])
def test_layers_of_changed_configuration_are_called(make: Any) -> None:
    """What a user sets on a native layer holds in the whole model."""
    _, model, x = make()
    before = np.asarray(model(x).detach() if make is to_torch else model(x))
    if make is to_torch:
        model.norm.eps = 10.0
    else:
        model.norm.epsilon = 10.0
    after = np.asarray(model(x).detach() if make is to_torch else model(x))
    assert not np.allclose(before, after, atol=1e-2)


@pytest.mark.parametrize("make", [to_nnx, to_torch])
def test_native_layers_alone(make: Any) -> None:
    """A part that is called alone gives what the source's does."""
    source, model, x = make()
    given = torch.tensor(np.asarray(x)) if make is to_nnx else x.numpy()
    h, expected = model.conv(x), source.conv(given)
    np.testing.assert_allclose(
        *(np.asarray(y.detach() if isinstance(y, torch.Tensor) else y) for y in (h, expected)), 1e-4, 1e-5
    )
    h, expected = model.bn(h), source.bn(expected)
    np.testing.assert_allclose(
        *(np.asarray(y.detach() if isinstance(y, torch.Tensor) else y) for y in (h, expected)), 1e-4, 1e-5
    )


def test_sync_by_meaning() -> None:
    """Weights of the same layers move between models, whatever their frameworks call them."""
    source, model, x = to_nnx()
    other = TorchNet().eval()
    report = ivy.sync_weights(other, model)
    assert not report.missing
    assert not report.unused
    np.testing.assert_allclose(model(x), other(torch.tensor(np.asarray(x))).detach(), rtol=1e-4, atol=1e-5)
    report = ivy.sync_weights(model, source)
    assert not report.missing
    np.testing.assert_array_equal(source.conv.weight.detach(), other.conv.weight.detach())


def test_shared_memory_keeps_layers_of_the_sources_layout() -> None:
    model = ivy.transpile(TorchNet().eval(), to="jax", share_memory=True)
    assert "memory" in str(ivy.parts(model)["fc"].reason)
    assert ivy.parts(model)["norm"].native == "flax.nnx.LayerNorm"
