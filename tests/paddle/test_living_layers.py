"""Paddle layers as sources of living parts, and what is special to converted models of Paddle."""

from __future__ import annotations

import copy
import pickle
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
    tensors,
    to,
)

import ivy
from ivy.errors import ConversionError
from ivy.graph.containers import flatten, unflatten
from ivy_paddle.loading import paddle

torch.set_num_threads(1)
ZOO = helper("modules", "zoo")  # torch modules
NAMES = [n for n in LAYERS if n != "recurrent"]


def called_with(layer: Any, args: Any) -> dict[str, tuple[Any, Any, Any]]:
    """Run a layer, and return what each sublayer was first called with, and gave."""
    seen: dict[str, tuple[Any, Any, Any]] = {}

    def noting(name: str) -> Any:
        def hook(_: Any, args: Any, kwargs: Any, out: Any) -> None:
            seen.setdefault(name, (args, kwargs, out))

        return hook

    handles = [
        part.register_forward_post_hook(noting(name), with_kwargs=True) for name, part in layer.named_sublayers()
    ]
    layer(*tensors(args))
    for handle in handles:
        handle.remove()
    return seen


def brought(system: str, x: Any) -> Any:
    """Bring a nest of paddle's tensors to a system."""
    leaves, spec = flatten(x)
    return tensors(unflatten(spec, [v.numpy() if isinstance(v, paddle.Tensor) else v for v in leaves]), system)


def at(model: Any, name: str) -> Any:
    for part in name.split("."):
        model = model[int(part)] if part.isdigit() and hasattr(model, "__getitem__") else getattr(model, part)
    return model


class Block(nn.Layer):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2D(width, width, 3, padding=1)
        self.norm = nn.BatchNorm2D(width)
        self.drop = nn.Dropout(0.5)

    def forward(self, x: Any, scale: float = 1.0, *, twice: bool = False) -> Any:
        y = nn.functional.relu(self.norm(self.conv(x))) * scale
        return x + self.drop(y if not twice else y + y)


class Net(nn.Layer):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2D(3, 8, 3)
        self.blocks = nn.LayerList([Block(8) for _ in range(3)])
        self.neck = nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 8))
        self.fc = nn.Linear(8, 5)
        self.extra = nn.Linear(8, 8)
        self.width = 8

    def features(self, x: Any, scale: float = 1.0) -> Any:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x, scale)
        h = self.neck(x.mean([2, 3]))
        return h if self.extra is None else h + self.extra(h)

    def both(self, x: Any) -> dict[str, Any]:
        h = self.features(x)
        return {"h": h, "y": (self.fc(h), h.sum())}

    def forward(self, x: Any) -> Any:
        return self.fc(self.features(x))


def net(system: str) -> tuple[Any, Any, tuple[np.ndarray]]:
    paddle.seed(0)
    source = randomise(Net())
    x = np.random.default_rng(0).standard_normal((2, 3, 12, 12)).astype("float32")
    return source, to(source, system), (x,)


def linear(system: str, n: int, m: int) -> tuple[Any, Any]:
    """Return a native linear layer, and paddle's with the same weights."""
    layer = nn.Linear(n, m)
    if system == "paddle":
        return copy.deepcopy(layer), layer
    if system == "torch":
        made = torch.nn.Linear(n, m)
        with torch.no_grad():
            made.weight.copy_(torch.from_numpy(layer.weight.numpy().T))
            made.bias.copy_(torch.from_numpy(layer.bias.numpy()))
        return made, layer
    from flax import nnx

    new = nnx.Linear(n, m, rngs=nnx.Rngs(0))
    new.kernel.set_value(tensors((layer.weight.numpy(),), "jax")[0])
    new.bias.set_value(tensors((layer.bias.numpy(),), "jax")[0])
    return new, layer


FAST = ("cnn", "nested", "containers", "norms", "cross_attention")


@pytest.mark.parametrize("name", [pytest.param(n, marks=[] if n in FAST else [pytest.mark.slow]) for n in NAMES])
@pytest.mark.parametrize("system", ["torch", "paddle"])
def test_every_part_alone(name: str, system: str) -> None:
    layer, args = make(name)
    model = to(layer, system)
    for path, (given, kwargs, out) in called_with(layer, args).items():
        part = at(model, path.replace(".train", ".train_"))  # a method of both systems' own
        given, kwargs = brought(system, (given, kwargs))
        assert_same(part(*given, **kwargs), out, what=path)


@pytest.mark.parametrize("name", [pytest.param(n, marks=[] if n in FAST else [pytest.mark.slow]) for n in NAMES])
@pytest.mark.parametrize("system", ["torch", "paddle"])
def test_hooks_on_every_part(name: str, system: str) -> None:
    layer, args = make(name)
    expected, wanted = run(layer, args)
    inside = called_with(layer, args)
    model = to(layer, system)
    seen: dict[str, Any] = {}

    def noting(name: str) -> Any:
        def hook(_: Any, args: Any, out: Any) -> None:
            seen.setdefault(name, out)

        return hook

    named = model.named_modules() if system == "torch" else model.named_sublayers()
    for path, part in named:
        if path:
            register = part.register_forward_hook if system == "torch" else part.register_forward_post_hook
            register(noting(path))
    found, gradients = run_converted(model, args, system)
    assert_same(found, expected)
    assert_same_gradients(gradients, wanted)
    assert len(seen) == len(inside)
    for path, out in seen.items():
        assert_same(out, inside[path.replace(".train_", ".train")][2], what=path)


@pytest.mark.parametrize("system", ["torch", "flax", "paddle"])
def test_surgery(system: str) -> None:
    source, model, args = net(system)

    def assert_alike(**how: Any) -> None:
        given = tensors(args, {"flax": "jax"}.get(system, system))
        assert_same(model.both(*given), source.both(*tensors(args)), **how)

    assert_alike()
    given = tensors(args, {"flax": "jax"}.get(system, system))
    assert_same(model(*given), source(*tensors(args)))
    assert_same(model.features(*given, scale=2.0), source.features(*tensors(args), scale=2.0))
    assert model.width == 8
    assert not hasattr(model, "nothing_of_the_kind")
    model.fc, source.fc = linear(system, 8, 3)
    assert_alike()
    model.neck[0], source.neck[0] = linear(system, 8, 16)
    if system != "flax":  # nnx parts that are put in a second place lose the first one's new statistics
        model.blocks[1], source.blocks[1] = model.blocks[0], source.blocks[0]
    assert_alike()
    model.extra = source.extra = None
    assert_alike()
    for m in (source, model):
        m.train()
        for block in m.blocks:
            block.drop.eval()
        m.blocks[2].norm.eval()
    assert_alike(rtol=1e-3, atol=1e-4)
    half = to(source, system)  # its modes come along
    assert_same(half(*given), copy.deepcopy(source)(*tensors(args)), rtol=1e-3, atol=1e-4)
    source.eval(), model.eval()
    more = randomise(Block(8))
    part = to(more, system)
    source.blocks.extend([more, more])
    model.blocks.extend([part, part])
    assert_alike(rtol=1e-3, atol=1e-4)


class Uneven(nn.Layer):
    """Parts in branches, without a gradient, with tuples, by keyword; each with more than one result."""

    def __init__(self) -> None:
        super().__init__()
        self.pair = Pair()
        self.frozen = nn.Linear(4, 4)
        self.positive, self.negative = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x: Any) -> Any:
        with paddle.no_grad():
            fixed = self.frozen(x)
        a, more = self.pair((x, {"k": fixed}), times=2)
        if a.sum() > 0:
            y = self.positive(a)
        else:
            y = self.negative(a) * 2
        return {"y": y + more["b"], "n": more["n"], "fixed": fixed}


class Pair(nn.Layer):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(4, 4)

    def forward(self, given: Any, *, times: int = 1) -> Any:
        x, more = given
        h = self.inner(x) * times
        return h, {"b": h + more["k"], "n": times, "none": None}


@pytest.mark.parametrize("system", ["torch", "paddle"])
@pytest.mark.parametrize("sign", [1, -1])
def test_parts_in_branches_and_with_structures(system: str, sign: int) -> None:
    source = randomise(Uneven())
    source.pair.inner.bias.set_value(paddle.full([4], float(sign * 5)))
    args = (np.random.default_rng(0).standard_normal((3, 4)).astype("float32"),)
    expected, wanted = run(source, args)
    model = to(source, system)
    for path in ("pair", "frozen", "positive", "negative"):
        part = getattr(model, path)
        (part.register_forward_hook if system == "torch" else part.register_forward_post_hook)(lambda *args: None)
    found, gradients = run_converted(model, args, system)
    assert_same(found, expected)
    assert_same_gradients(gradients, wanted)


# -- Paddle as the target ---------------------------------------------------------------------------------------------


def test_paddle_hooks_with_their_arguments() -> None:
    source, model, args = net("paddle")
    for m in (source, model):
        m.fc.register_forward_pre_hook(lambda _, args: args[0] * 2)
        m.blocks[0].register_forward_post_hook(lambda _, args, out: out + 1)
        m.blocks[1].register_forward_pre_hook(lambda _, a, k: (a, {**k, "twice": True}), with_kwargs=True)
    assert_same(model(*tensors(args)), source(*tensors(args)))


class Lora(nn.Layer):
    def __init__(self, base: Any, n: int, m: int) -> None:
        super().__init__()
        self.base = base
        self.a, self.b = self.create_parameter([n, 2]), self.create_parameter([2, m])
        self.a.set_value(paddle.linspace(-1, 1, n * 2).reshape([n, 2]))
        self.b.set_value(paddle.linspace(-1, 1, m * 2).reshape([2, m]))

    def forward(self, x: Any) -> Any:
        return self.base(x) + x @ self.a @ self.b


def changed(system: str | None = None) -> tuple[Any, Any, tuple[np.ndarray]]:
    """Return a model from another system, and the same from Paddle itself, after the same surgery."""
    source, model, args = net("paddle")
    if system is not None:
        model = ivy.transpile(to(source, system), to="paddle")
    for m in (source, model):
        paddle.seed(3)
        m.fc = nn.Linear(8, 3)
        m.neck[0] = Lora(m.neck[0], 8, 16)
        m.blocks[0].conv.register_forward_post_hook(lambda _, args, out: out * 2)
    model.fc.set_state_dict(source.fc.state_dict())
    return source, model, args


def test_whole_models_over_changed_parts() -> None:
    source, model, args = changed()
    x = tensors(args)
    assert_same(model(*x), source(*x))
    assert {*model.state_dict()} == {*source.state_dict()}
    twin, back = copy.deepcopy(model), pickle.loads(pickle.dumps(copy.copy(model.neck[2])))
    assert_same(twin(*x), source(*x))
    h = paddle.ones([2, 16])
    assert_same(back(h), source.neck[2](h))
    compiled = paddle.jit.to_static(twin, full_graph=True)
    for _ in range(2):
        assert_same(compiled(*x), source(*x))
    twin.set_state_dict({k: v * 0.9 for k, v in source.state_dict().items()})
    other = copy.deepcopy(source)
    other.set_state_dict(twin.state_dict())
    assert_same(twin(*x), other(*x))


def test_training_of_a_changed_model() -> None:
    source, model, args = changed("torch")
    losses = []
    for m in (source, model):
        whole = paddle.Model(m)
        whole.prepare(paddle.optimizer.SGD(0.05, parameters=m.parameters()), nn.MSELoss())
        losses.append([float(whole.train_batch([args[0]], [np.ones((2, 3), "float32")])[0]) for _ in range(4)])
        m.eval()
    assert len({*losses[0]}) == 4
    # the dropout of each draws the same numbers: both run the same operators in the same order
    assert_same(np.asarray(losses[1]) > 0, np.asarray(losses[0]) > 0)
    for m in (source, model):
        m.train()
        for block in m.blocks:
            block.drop.eval()
    optimizers = [paddle.optimizer.SGD(0.05, parameters=m.parameters()) for m in (source, model)]
    model.set_state_dict(source.state_dict())
    for _ in range(3):
        found = []
        for m, optimizer in zip((source, model), optimizers, strict=True):
            loss = (m(*tensors(args)) ** 2).mean()
            loss.backward()
            optimizer.step()
            optimizer.clear_grad()
            found.append(float(loss))
        np.testing.assert_allclose(found[1], found[0], rtol=1e-3)
    for name, x in model.state_dict().items():
        np.testing.assert_allclose(x.numpy(), source.state_dict()[name].numpy(), rtol=1e-3, atol=1e-4, err_msg=name)


class Reads(nn.Layer):
    """Code that a program can't be made of, with state and random numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("seen", paddle.zeros([1]))
        self.calls = 0

    def forward(self, x: Any) -> Any:
        self.seen.add_(paddle.ones([1]))
        rows = max(int(float(x.abs().sum().numpy())) * 0 + 3, len(str(x.numpy().tolist())) * 0)
        return paddle.rand([2, rows]) * 0 + x[:, :rows].numpy().sum()


def test_a_part_whose_types_only_a_run_tells() -> None:
    _, model, args = net("paddle")
    model.fc = Reads()
    paddle.seed(0)
    first = paddle.rand([2])
    paddle.seed(0)
    model._abstract(tuple(ivy.graph.aval.aval_of(x) for x in args), {})
    assert_same(paddle.rand([2]), first)
    assert model.fc.seen.item() == 0
    assert model(*tensors(args)).shape == [2, 3]
    assert model.fc.seen.item() == 1


def test_a_part_of_another_form_is_refused() -> None:
    _, model, args = net("paddle")
    model.blocks[0] = nn.Linear(3, 3)
    with pytest.raises(ConversionError, match=r"blocks\.0 as it is now can't be called"):
        model(*tensors(args))
