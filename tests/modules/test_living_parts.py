"""The parts of converted models: called alone, replaced, hooked, taken out, added; other methods and attributes."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx
from tests.modules import living_paddle, living_tf
from tests.modules.conftest import assert_same, to_jax
from torch import nn

import ivy
from ivy.errors import ConversionError

TARGETS = ("torch", "flax", "keras", "tf.Module", "paddle")
TENSORFLOW = ("keras", "tf.Module")


class Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)
        self.norm = nn.BatchNorm2d(width)
        self.drop = nn.Dropout(0.5)

    def forward(self, x: Any, scale: float = 1.0, *, twice: bool = False) -> Any:
        y = torch.relu(self.norm(self.conv(x))) * scale
        return x + self.drop(y if not twice else y + y)


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        self.blocks = nn.ModuleList([Block(8) for _ in range(3)])
        self.neck = nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 8))
        self.fc = nn.Linear(8, 5)
        self.width = 8
        self.names = ("a", "b")

    def features(self, x: Any, scale: float = 1.0) -> Any:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x, scale)
        return self.neck(x.mean((2, 3)))

    def both(self, x: Any) -> dict[str, Any]:
        h = self.features(x)
        return {"h": h, "y": (self.fc(h), h.sum())}

    def forward(self, x: Any) -> Any:
        return self.fc(self.features(x))


def make(target: str) -> tuple[nn.Module, Any, torch.Tensor, Any]:
    torch.manual_seed(0)
    source = Net().eval()
    for block in source.blocks:
        block.norm.running_mean.normal_()
        block.norm.running_var.uniform_(0.5, 2)
    x = torch.randn(2, 3, 12, 12)
    return source, ivy.transpile(source, to=target), x, native(target, x)


def native(target: str, x: Any) -> Any:
    if target in TENSORFLOW:
        return living_tf.tf.constant(x.numpy())
    if target == "paddle":
        return living_paddle.paddle.to_tensor(x.numpy())
    return x if target == "torch" else to_jax(x)


def linear(target: str, n: int, m: int) -> tuple[Any, nn.Linear]:
    """Return a native linear layer, and torch's with the same weights."""
    layer = nn.Linear(n, m)
    if target == "torch":
        return copy.deepcopy(layer), layer
    if target in TENSORFLOW:
        return living_tf.linear(target, layer), layer
    if target == "paddle":
        return living_paddle.linear(layer), layer
    made = nnx.Linear(n, m, rngs=nnx.Rngs(0))
    made.kernel.set_value(jnp.asarray(layer.weight.detach().numpy().T))
    made.bias.set_value(jnp.asarray(layer.bias.detach().numpy()))
    return made, layer


@pytest.mark.parametrize("target", TARGETS)
def test_called_alone(target: str) -> None:
    source, model, _, _ = make(target)
    h = torch.randn(2, 8, 6, 6)
    for i in range(3):
        assert_same(model.blocks[i](native(target, h)), source.blocks[i](h))
        assert_same(model.blocks[i](native(target, h), twice=True), source.blocks[i](h, twice=True))
        assert_same(model.blocks[i].conv(native(target, h)), source.blocks[i].conv(h))
    v = torch.randn(4, 8)
    assert_same(model.neck(native(target, v)), source.neck(v))
    assert_same(model.neck[0](native(target, v)), source.neck[0](v))
    assert_same(model.fc(native(target, v)), source.fc(v))
    assert_same(model.neck[:2](native(target, v)), source.neck[:2](v))
    whole = ivy.transpile(source.neck, to=target)
    assert len(whole) == 3
    assert_same(whole[0](native(target, v)), source.neck[0](v))
    with pytest.raises((ConversionError, TypeError, NotImplementedError)):
        model.blocks(native(target, h))


@pytest.mark.parametrize("target", TARGETS)
def test_other_methods_and_attributes(target: str) -> None:
    source, model, x, given = make(target)
    assert_same(model.features(given), source.features(x))
    assert_same(model.features(given, scale=2.0), source.features(x, scale=2.0))
    assert_same(model.both(given), source.both(x))
    assert (model.width, model.names) == (8, ("a", "b"))
    assert not hasattr(model, "nothing_of_the_kind")


@pytest.mark.parametrize("target", TARGETS)
def test_replaced(target: str) -> None:
    source, model, x, given = make(target)
    before = source(x)
    assert_same(model(given), before)
    model.fc, source.fc = linear(target, 8, 3)
    assert_same(model(given), source(x))
    assert_same(model.both(given), source.both(x))
    model.neck[0], source.neck[0] = linear(target, 8, 16)
    assert_same(model(given), source(x))
    model.blocks[1], source.blocks[1] = model.blocks[0], source.blocks[0]
    assert_same(model(given), source(x))
    h = torch.randn(2, 8, 6, 6)
    other = ivy.transpile(Block(8).eval(), to=target)
    model.blocks[2] = other
    assert_same(model(given), model.fc(model.features(given)))
    assert_same(model.blocks[2](native(target, h)), other(native(target, h)))


class Lora(nn.Module):
    def __init__(self, base: Any, n: int, m: int) -> None:
        super().__init__()
        self.base = base
        self.a = nn.Parameter(torch.linspace(-1, 1, n * 2).reshape(n, 2))
        self.b = nn.Parameter(torch.linspace(-1, 1, m * 2).reshape(2, m))

    def forward(self, x: Any) -> Any:
        return self.base(x) + x @ self.a @ self.b


class NnxLora(nnx.Module):
    def __init__(self, base: Any, n: int, m: int) -> None:
        self.base = base
        self.a = nnx.Param(jnp.linspace(-1, 1, n * 2).reshape(n, 2))
        self.b = nnx.Param(jnp.linspace(-1, 1, m * 2).reshape(2, m))

    def __call__(self, x: Any) -> Any:
        return self.base(x) + x @ self.a[...] @ self.b[...]


def lora(target: str, base: Any, n: int, m: int) -> Any:
    if target in TENSORFLOW:
        return living_tf.lora(target, base, n, m)
    return {"torch": Lora, "flax": NnxLora, "paddle": living_paddle.Lora}[target](base, n, m)


def set_mode(target: str, part: Any, train: bool) -> None:
    if target in TENSORFLOW:
        living_tf.set_mode(part, train)
    else:
        part.train() if train else part.eval()


def train(target: str, model: Any, x: Any, steps: int = 3) -> list[float]:
    if target in TENSORFLOW:
        return living_tf.train(model, x, steps)
    if target == "paddle":
        return living_paddle.train(model, x, steps)
    if target == "torch":
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        losses = []
        for _ in range(steps):
            optimizer.zero_grad()
            loss = (model(x) ** 2).mean()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses
    import optax

    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)

    @nnx.jit
    def step(model: Any, optimizer: Any, x: Any) -> Any:
        loss, grads = nnx.value_and_grad(lambda m: (m(x) ** 2).mean())(model)
        optimizer.update(model, grads)
        return loss

    return [float(step(model, optimizer, x)) for _ in range(steps)]


@pytest.mark.parametrize("target", TARGETS)
def test_surgery_trains(target: str) -> None:
    source, model, x, given = make(target)
    model.fc, source.fc = linear(target, 8, 3)
    model.neck[2], source.neck[2] = lora(target, model.neck[2], 16, 8), Lora(source.neck[2], 16, 8)
    assert_same(model(given), source(x))
    np.testing.assert_allclose(train(target, model, given), train("torch", source, x), rtol=2e-3)
    assert_same(model(given), source(x), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("target", TARGETS)
def test_frozen_norm(target: str) -> None:
    """A part in another mode than the model keeps to its own."""
    source, model, x, given = make(target)
    for system, m in (("torch", source), (target, model)):
        set_mode(system, m, True)
        for block in m.blocks:
            set_mode(system, block.drop, False)
        set_mode(system, m.blocks[0].norm, False)
    for _ in range(2):
        assert_same(model(given), source(x))
    for block, mine in zip(source.blocks, model.blocks, strict=True):
        names = {"flax": "mean", "keras": "moving_mean", "paddle": "_mean"}
        mean = getattr(mine.norm, names.get(target, "running_mean"))
        assert_same(np.asarray(mean), block.norm.running_mean)
    half = ivy.transpile(source, to=target)  # the source's modes come along
    assert_same(half(given), source(x))


@pytest.mark.parametrize("target", TARGETS)
def test_lists_that_change(target: str) -> None:
    source, model, x, given = make(target)
    listed = {"torch": nn.ModuleList, "flax": nnx.List, "paddle": living_paddle.paddle.nn.LayerList}.get(target, list)
    model.blocks, source.blocks = listed([*model.blocks][:2]), source.blocks[:2]
    assert_same(model(given), source(x))
    more = Block(8).eval()
    source.blocks.extend([more, more])
    part = ivy.transpile(more, to=target)
    model.blocks.extend([part, part])
    assert_same(model(given), source(x))


@pytest.mark.parametrize("target", TARGETS)
def test_copied_and_pickled(target: str) -> None:
    source, model, x, given = make(target)
    model.fc, source.fc = linear(target, 8, 3)
    twin = copy.deepcopy(model)
    assert_same(twin(given), source(x))
    v = torch.randn(4, 8)
    part = pickle.loads(pickle.dumps(model.neck)) if target in ("torch", "paddle") else copy.deepcopy(model.neck)
    assert_same(part(native(target, v)), source.neck(v))
    back = ivy.transpile(model, to="torch")
    assert_same(back(x), source(x))
    assert_same(ivy.transpile(model.neck, to="flax")(to_jax(v)), source.neck(v))


@pytest.mark.parametrize("target", TARGETS)
def test_shared_parts(target: str) -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a = nn.Linear(4, 4)
            self.b = self.a

        def forward(self, x: Any) -> Any:
            return self.b(torch.tanh(self.a(x)))

    source = Twice()
    model = ivy.transpile(source, to=target)
    x = torch.randn(2, 4)
    assert_same(model(native(target, x)), source(x))
    assert model.a is model.b
    model.a, source.a = linear(target, 4, 4)
    with pytest.raises(ConversionError, match="one submodule of the source"):
        model(native(target, x))
    model.b, source.b = model.a, source.a
    assert_same(model(native(target, x)), source(x))


@pytest.mark.parametrize("target", TARGETS)
def test_names_that_look_private(target: str) -> None:
    class Hidden(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self._a, self._b = nn.Linear(4, 4), nn.Sequential(nn.Linear(4, 4))

        def forward(self, x: Any) -> Any:
            return self._b(self._a(x))

    source, x = Hidden(), torch.randn(2, 4)
    model, given = ivy.transpile(source, to=target), native(target, x)
    assert_same(model(given), source(x))
    assert_same(model._a(given), source._a(x))
    model._a, source._a = linear(target, 4, 4)
    assert_same(model(given), source(x))


def test_source_that_reads_a_weight_itself() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a = nn.Linear(4, 4)

        def forward(self, x: Any) -> Any:
            return self.a(x) @ self.a.weight

    source, x = Tied(), torch.randn(2, 4)
    model = ivy.transpile(source, to="torch")
    model.a.register_forward_hook(lambda *args: None)
    assert_same(model(x), source(x))
    model.a, source.a = linear("torch", 4, 4)  # it has a weight of that shape too
    assert_same(model(x), source(x))
    model.a = nn.Identity()
    with pytest.raises(ConversionError, match=r"uses a\.weight itself"):
        model(torch.ones(2, 4))


def test_torch_hooks() -> None:
    source, model, x, _ = make("torch")
    seen: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    for into, m in ((seen, model), (expected, source)):
        for name, part in m.named_modules():
            if name and not isinstance(part, nn.ModuleList):
                part.register_forward_hook(lambda _, args, out, into=into, name=name: into.__setitem__(name, out))
        m.fc.register_forward_pre_hook(lambda _, args: (args[0] * 2,))
        m.blocks[0].register_forward_hook(lambda _, args, out: out + 1)
        m(x)
    assert list(seen) == list(expected)
    for name, value in expected.items():
        assert_same(seen[name], value)
    assert_same(model(x), source(x))


def test_hooks_that_change_a_shape() -> None:
    class Any_(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a = nn.Linear(4, 6)
            self.norm = nn.Tanh()

        def forward(self, x: Any) -> Any:
            return self.norm(self.a(x)) * 2

    source, x = Any_(), torch.randn(3, 4)
    model = ivy.transpile(source, to="torch")
    assert_same(model(x), source(x))
    handles = []
    for m in (model, source):
        handles.append(m.a.register_forward_hook(lambda _, args, out: out[:, :2]))
        handles.append(m.norm.register_forward_hook(lambda _, args, out: (out, out.sum())[0][None]))
    for n in (3, 5, 3):
        given = x[:1].repeat(n, 1)
        assert_same(model(given), source(given))
    for handle in handles:
        handle.remove()
    assert_same(model(x), source(x))


def test_nnx_intermediates() -> None:
    source, model, x, given = make("flax")
    forward = nnx.capture(model, nnx.Intermediate, method_outputs=nnx.Intermediate)
    out, seen = forward(given)
    assert_same(out, source(x))
    assert_same(seen["blocks"][1]["conv"]["__call__"].get_value()[0].shape, (2, 8, 10, 10))
    assert_same(seen["fc"]["__call__"].get_value()[0], source(x))
    assert_same(model(given), source(x))


def test_nothing_is_captured_twice_for_a_part_that_stays() -> None:
    _, model, _, given = make("flax")
    model.fc, _ = linear("flax", 8, 3)
    run = nnx.jit(lambda m, x: m(x))
    for _ in range(3):
        run(model, given)
        model(given)
    assert len(model._ivy.specialiser.graphs) == 1
    assert jax.tree.all(jax.tree.map(jnp.allclose, run(model, given), model(given)))


def test_report() -> None:
    _, model, _, _ = make("flax")
    found = ivy.parts(model)
    assert len(found) == 4 + 4 * 3 + 3
    assert found["stem"].native == "flax.nnx.Conv"
    assert (found["blocks.0.norm"].layer, found["blocks.0.norm"].native) == ("batch_norm", "flax.nnx.BatchNorm")
    assert found["blocks.0"].source == "Block"
    assert found["blocks.0.norm"].part is model.blocks[0].norm
    assert found["blocks.0"].native is None
    assert [(row.path, row.layer) for row in found.other] == [("neck.1", "tanh")]
    assert "flax has no layer for tanh (neck.1)" in str(found)
    assert len(ivy.parts(model.neck)) == 3
    with pytest.raises(ConversionError, match="no converted model"):
        ivy.parts(nn.Linear(2, 2))


class Counting(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, x: Any) -> Any:
        self.calls += 1
        return x * self.calls


@pytest.mark.parametrize("target", TARGETS)
def test_state_of_parts(target: str) -> None:
    """What a part stores is its own once it is called for itself, and never there twice."""
    source, x = nn.Sequential(Counting(), nn.Linear(4, 4)), torch.randn(2, 4)
    model, given = ivy.transpile(source, to=target), native(target, x)
    assert_same(model[0](given), source[0](x))  # alone: the state is the part's
    for _ in range(2):
        assert_same(model(given), source(x))
    whole = ivy.transpile(Counting(), to=target)
    both = ivy.transpile(nn.Sequential(Counting(), nn.Linear(4, 4)), to=target)
    both(given)
    set_mode(target, both[0], False)
    with pytest.raises(ConversionError, match="keeps state between calls"):
        both(given)
    both[0] = whole
    both(given)


@pytest.mark.parametrize("target", TARGETS)
def test_layout_of_the_caller(target: str) -> None:
    source, x = Net().eval(), torch.randn(2, 3, 12, 12)
    model = ivy.transpile(source, to=target, layout="channels_last")
    given = native(target, x.permute(0, 2, 3, 1).contiguous())
    assert_same(model(given), source(x))
    model.fc, source.fc = linear(target, 8, 3)
    assert_same(model(given), source(x))
    for part in (model.stem, model.blocks[0]):
        set_mode(target, part, True)
    source.stem.train()
    source.blocks[0].train()
    source.blocks[0].drop.p = 0.0
    if target == "flax":
        model.blocks[0].drop.rate = 0.0
        assert_same(model(given), source(x))


@pytest.mark.parametrize("target", TARGETS)
def test_values_that_code_reads(target: str) -> None:
    class Branches(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)

        def forward(self, x: Any) -> Any:
            y = self.a(x)
            return self.b(y) if y.sum() > 0 else y - 1

    source = Branches()
    model = ivy.transpile(source, to=target)
    model.a, source.a = lora(target, model.a, 4, 4), Lora(source.a, 4, 4)
    for _ in range(6):
        x = torch.randn(2, 4)
        assert_same(model(native(target, x)), source(x))


@pytest.mark.parametrize("target", ["torch", "flax"])
def test_random_numbers_of_wrapped_parts(target: str) -> None:
    _, model, _, given = make(target)
    model.train()
    wrapper = Around if target == "torch" else NnxAround
    model.blocks[0] = wrapper(model.blocks[0])
    assert not np.allclose(to_plain(model(given)), to_plain(model(given)))
    seeds = (3, 3) if target == "torch" else (jax.random.key(3), jax.random.key(3))
    one, two = (to_plain(model(given, rng=seed)) for seed in seeds)
    np.testing.assert_allclose(one, two, rtol=1e-5, atol=1e-5)


def to_plain(x: Any) -> np.ndarray:
    return x.detach().numpy() if isinstance(x, torch.Tensor) else np.asarray(x)


class Around(nn.Module):
    def __init__(self, part: Any) -> None:
        super().__init__()
        self.part = part

    def forward(self, *args: Any) -> Any:
        return self.part(*args)


class NnxAround(nnx.Module):
    def __init__(self, part: Any) -> None:
        self.part = part

    def __call__(self, *args: Any) -> Any:
        return self.part(*args)


def test_torch_compile_and_export() -> None:
    source, model, x, _ = make("torch")
    model.fc, source.fc = linear("torch", 8, 3)
    with torch.no_grad():
        assert_same(torch.compile(model, backend="eager")(x), source(x))
    assert_same(torch.export.export(model, (x,)).module()(x), source(x))
    assert_same(model(x), source(x))
