"""Living parts where modules hold no variables or can't be changed in place: equinox, linen, haiku; as targets, sources."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import equinox as eqx
import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import linen, nnx
from tests.modules.conftest import assert_same
from tests.modules.conftest import to_jax as to_jax_
from tests.modules.test_living_parts import Lora, Net
from torch import nn

import ivy
from ivy.errors import ArgumentError, ConversionError

Use = Callable[[Any, Any], Any]


def to_jax(x: torch.Tensor) -> Any:
    return to_jax_(x.detach())


def whole(model: Any, x: Any) -> Any:
    return model(x)


class EqxLora(eqx.Module):
    base: Any
    a: Any
    b: Any

    def __call__(self, x: Any) -> Any:
        return self.base(x) + x @ self.a @ self.b


class LinenLora(linen.Module):
    base: Any

    @linen.compact
    def __call__(self, x: Any) -> Any:
        a = self.param("a", lambda _: jnp.linspace(-1, 1, 32).reshape(16, 2))
        b = self.param("b", lambda _: jnp.linspace(-1, 1, 16).reshape(2, 8))
        return self.base(x) + x @ a @ b


class HaikuLora(hk.Module):
    def __init__(self, base: Any) -> None:
        super().__init__()
        self.base = base

    def __call__(self, x: Any) -> Any:
        a = hk.get_parameter("a", (16, 2), init=lambda *_: jnp.linspace(-1, 1, 32).reshape(16, 2))
        b = hk.get_parameter("b", (2, 8), init=lambda *_: jnp.linspace(-1, 1, 16).reshape(2, 8))
        return self.base(x) + x @ a @ b


class Equinox:
    """A converted equinox model."""

    name = "equinox"

    def __init__(self, source: Any) -> None:
        self.model = ivy.transpile(source, to="equinox")
        self.state: Any = None

    def start(self, x: Any) -> None:
        self.state = self.model

    def head(self, layer: nn.Linear) -> None:
        made = eqx.nn.Linear(layer.in_features, layer.out_features, key=jax.random.key(0))
        made = eqx.tree_at(lambda m: (m.weight, m.bias), made, (to_jax(layer.weight), to_jax(layer.bias)))
        self.state = self.model = eqx.tree_at(lambda m: m.fc, self.model, made)

    def lora(self) -> None:
        a, b = jnp.linspace(-1, 1, 32).reshape(16, 2), jnp.linspace(-1, 1, 16).reshape(2, 8)
        wrapped = EqxLora(self.model.neck[2], a, b)
        self.state = self.model = eqx.tree_at(lambda m: m.neck[2], self.model, wrapped)

    def run(self, state: Any, x: Any, use: Use = whole) -> Any:
        return use(state, x)

    def train(self, x: Any) -> Any:
        out, self.state = self.state(x)
        return out

    def mean(self, i: int) -> Any:
        return self.state.blocks[i].norm.running_mean

    def grads(self, f: Callable[[Any], Any]) -> tuple[Any, Any]:
        loss, grads = eqx.filter_value_and_grad(f)(self.state)
        new = eqx.apply_updates(self.state, jax.tree.map(lambda g: -0.1 * g, grads))
        return loss, new


class Linen:
    """A converted linen model with its variables."""

    name = "linen"

    def __init__(self, source: Any) -> None:
        self.model = ivy.transpile(source, to="linen")
        self.parts: dict[str, Any] = {}
        self.layer: Any = None

    def start(self, x: Any) -> None:
        self.state = self.model.init({"params": jax.random.key(0), "dropout": jax.random.key(1)}, x)
        if self.layer is not None:
            kernel = to_jax(self.layer.weight.T)
            self.state["params"]["fc"] = {"kernel": kernel, "bias": to_jax(self.layer.bias)}

    def head(self, layer: nn.Linear) -> None:
        self.layer = layer
        self.parts["fc"] = linen.Dense(layer.out_features)
        self.model = self.model.clone(parts=self.parts)

    def lora(self) -> None:
        self.parts["neck.2"] = LinenLora(self.model.neck[2])
        self.model = self.model.clone(parts=self.parts)

    def run(self, state: Any, x: Any, use: Use = whole) -> Any:
        return self.model.apply(state, x, method=lambda m, x: use(m, x))

    def train(self, x: Any) -> Any:
        out, new = self.model.apply(self.state, x, mutable=["batch_stats"], rngs={"dropout": jax.random.key(2)})
        self.state = {**self.state, **new}
        return out

    def mean(self, i: int) -> Any:
        return self.state["batch_stats"]["blocks"][str(i)]["norm"]["running_mean"]

    def grads(self, f: Callable[[Any], Any]) -> tuple[Any, Any]:
        rest = {k: v for k, v in self.state.items() if k != "params"}
        loss, grads = jax.value_and_grad(lambda p: f({"params": p, **rest}))(self.state["params"])
        return loss, {"params": jax.tree.map(lambda p, g: p - 0.1 * g, self.state["params"], grads), **rest}


class Haiku:
    """A converted haiku model in a transformed function, with its variables."""

    name = "haiku"

    def __init__(self, source: Any) -> None:
        self.factory = ivy.transpile(source, to="haiku")
        self.layer: Any = None
        self.wrapped = False

    def function(self, use: Use = whole) -> Any:
        def run(x: Any) -> Any:
            model = self.factory()
            if self.layer is not None:
                model.fc = hk.Linear(self.layer.out_features, name="head")
            if self.wrapped:
                model.neck[2] = HaikuLora(model.neck[2])
            return use(model, x)

        return hk.transform_with_state(run)

    def start(self, x: Any) -> None:
        self.state = self.function().init(jax.random.key(0), x)
        if self.layer is not None:
            self.state[0]["head"] = {"w": to_jax(self.layer.weight.T), "b": to_jax(self.layer.bias)}

    def head(self, layer: nn.Linear) -> None:
        self.layer = layer

    def lora(self) -> None:
        self.wrapped = True

    def run(self, state: Any, x: Any, use: Use = whole) -> Any:
        return self.function(use).apply(*state, jax.random.key(1), x)[0]

    def train(self, x: Any) -> Any:
        out, state = self.function().apply(*self.state, jax.random.key(1), x)
        self.state = (self.state[0], state)
        return out

    def mean(self, i: int) -> Any:
        return self.state[1][f"net/blocks/{i}/norm"]["running_mean"]

    def grads(self, f: Callable[[Any], Any]) -> tuple[Any, Any]:
        loss, grads = jax.value_and_grad(lambda p: f((p, self.state[1])))(self.state[0])
        return loss, (jax.tree.map(lambda p, g: p - 0.1 * g, self.state[0], grads), self.state[1])


SYSTEMS = pytest.mark.parametrize("system", [Equinox, Linen, Haiku], ids=lambda s: s.name)


def make(system: Any, mode: str = "eval") -> tuple[Any, Any, torch.Tensor, Any]:
    torch.manual_seed(0)
    source = Net().eval()
    for block in source.blocks:
        block.norm.running_mean.normal_()
        block.norm.running_var.uniform_(0.5, 2)
    if mode == "mixed":
        source.train()
        for block in source.blocks:
            block.drop.eval()
        source.blocks[0].norm.eval()
    x = torch.randn(2, 3, 12, 12)
    return source, system(source), x, to_jax(x)


@SYSTEMS
def test_called_alone(system: Any) -> None:
    source, model, x, given = make(system)
    model.start(given)
    h, v = torch.randn(2, 8, 6, 6), torch.randn(4, 8)

    def use(m: Any, x: Any) -> Any:
        block, jh, jv = m.blocks[1], to_jax(h), to_jax(v)
        own = block(jh), block(jh, twice=True), block.conv(jh)
        return m(x), *own, m.neck(jv), m.neck[0](jv), m.fc(jv), m.features(x, scale=2.0), m.both(x)

    block = source.blocks[1]
    own = block(h), block(h, twice=True), block.conv(h)
    rest = source.neck(v), source.neck[0](v), source.fc(v), source.features(x, scale=2.0), source.both(x)
    for mine, theirs in zip(model.run(model.state, given, use), (source(x), *own, *rest), strict=True):
        assert_same(mine, theirs)


@SYSTEMS
def test_attributes(system: Any) -> None:
    _, model, _, given = make(system)
    model.start(given)
    seen: list[Any] = []

    def use(m: Any, x: Any) -> Any:
        seen[:] = [m.width, m.names, hasattr(m, "nothing_of_the_kind")]
        with pytest.raises((ConversionError, TypeError)):
            m.blocks(x)
        return m(x)

    model.run(model.state, given, use)
    assert seen == [8, ("a", "b"), False]


@SYSTEMS
def test_replaced_and_trained(system: Any) -> None:
    source, model, x, given = make(system)
    source.fc = nn.Linear(8, 3)
    model.head(source.fc)
    model.start(given)
    assert_same(model.run(model.state, given), source(x))
    source.neck[2] = Lora(source.neck[2], 16, 8)
    model.lora()
    model.start(given)
    assert_same(model.run(model.state, given), source(x))
    run = (eqx.filter_jit if system is Equinox else jax.jit)(model.run)
    assert_same(run(model.state, given), source(x))
    loss = (source(x) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for p in source.parameters():
            p -= 0.1 * p.grad
    mine, new = model.grads(lambda state: (model.run(state, given) ** 2).mean())
    np.testing.assert_allclose(mine, loss.item(), rtol=1e-4)
    assert_same(model.run(new, given), source(x), rtol=1e-3, atol=1e-4)


@SYSTEMS
def test_modes_of_parts(system: Any) -> None:
    """A part in another mode than the model keeps to its own."""
    source, model, x, given = make(system, "mixed")
    model.start(given)
    for _ in range(2):
        assert_same(model.train(given), source(x))
    for i, block in enumerate(source.blocks):
        assert_same(np.asarray(model.mean(i)), block.norm.running_mean)


def test_equinox_modes_and_round_trip() -> None:
    source, system, x, given = make(Equinox)
    model = eqx.nn.inference_mode(system.model, False)
    model = eqx.tree_at(lambda m: [b.drop.inference for b in m.blocks], model, [True] * 3)
    source.train()
    for block in source.blocks:
        block.drop.eval()
    out, model = model(given)
    assert_same(out, source(x))
    model = eqx.nn.inference_mode(eqx.tree_at(lambda m: m.blocks, model, model.blocks[:2]))
    source.eval()
    source.blocks = source.blocks[:2]
    assert_same(model(given), source(x))
    back = ivy.transpile(system.model, to="torch")
    source, *_ = make(Equinox)
    v = torch.randn(4, 8)
    assert_same(back.neck(v), source.neck(v))
    back.fc = source.fc = nn.Linear(8, 3)
    assert_same(back(x), source(x))


def test_equinox_random_keys_of_parts() -> None:
    source = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.Dropout(0.5)).train()
    model = ivy.transpile(source, to="equinox")
    model = eqx.tree_at(lambda m: m[1], model, eqx.nn.Dropout(0.5))
    x = jnp.ones((64, 8))
    once, again = model(x, key=jax.random.key(0)), model(x, key=jax.random.key(0))
    assert_same(once, np.asarray(again))
    kept = np.asarray(once != 0).mean()  # two draws: were they the same one, it would be a half
    assert 0.15 < kept < 0.35
    with pytest.raises(ConversionError, match="key="):
        model(x)


def test_linen_watched_bound_and_rematerialised() -> None:
    source, system, x, given = make(Linen)
    model = system.model
    system.start(given)
    variables = system.state
    out, seen = model.apply(variables, given, capture_intermediates=True, mutable=["intermediates"])
    assert_same(out, source(x))
    assert_same(seen["intermediates"]["fc"]["__call__"][0], source(x))
    assert seen["intermediates"]["blocks"]["1"]["conv"]["__call__"][0].shape == (2, 8, 10, 10)
    paths: list[Any] = []

    def double(run: Any, args: Any, kwargs: Any, context: Any) -> Any:
        y = run(*args, **kwargs)
        if context.method_name == "__call__":
            paths.append("/".join(context.module.path))
        return y * 2 if context.method_name == "__call__" and context.module.path == ("fc",) else y

    with linen.intercept_methods(double):
        assert_same(model.apply(variables, given), 2 * source(x).detach())
    assert {"stem", "blocks/0", "blocks/2/drop", "neck/1", "fc", ""} <= set(paths)
    bound = model.bind(variables)
    assert_same(bound.fc.weight, to_jax(source.fc.weight.T))
    assert_same(model.apply(variables, given, method="features"), source.features(x))
    remat = linen.remat(type(model.blocks[0]))
    other = model.clone(parts={"blocks.0": remat(model.blocks[0].ivy)})
    assert_same(other.apply(variables, given), source(x))
    assert "remat" in str(jax.make_jaxpr(other.apply)(variables, given))
    with pytest.raises(ArgumentError, match="no part 'fd'"):
        model.clone(parts={"fd": linen.Dense(3)})
    assert "blocks/1/conv" in linen.tabulate(model, jax.random.key(0), console_kwargs={"width": 240})(given)


def test_haiku_watched() -> None:
    source, system, x, given = make(Haiku)
    names: list[str] = []

    def double(run: Any, args: Any, kwargs: Any, context: Any) -> Any:
        y = run(*args, **kwargs)
        if context.method_name == "__call__":
            names.append(context.module.module_name)
        return y * 2 if context.method_name == "__call__" and context.module.module_name == "net/fc" else y

    def use(m: Any, x: Any) -> Any:
        with hk.intercept_methods(double):
            return m(x)

    system.start(given)
    assert_same(system.run(system.state, given, use), 2 * source(x).detach())
    assert {"net/stem", "net/blocks/0", "net/blocks/2/drop", "net/neck/1", "net/fc", "net"} <= set(names)


# -- as sources -------------------------------------------------------------------------------------------------------


class EqxNet(eqx.Module):
    l1: eqx.nn.Linear
    mlp: eqx.nn.MLP
    drop: eqx.nn.Dropout
    fc: eqx.nn.Linear
    width: int = eqx.field(static=True)

    def __init__(self, key: Any) -> None:
        keys = jax.random.split(key, 3)
        self.l1 = eqx.nn.Linear(8, 8, key=keys[0])
        self.mlp = eqx.nn.MLP(8, 8, 16, 1, key=keys[1])
        self.drop = eqx.nn.Dropout(0.5, inference=True)
        self.fc = eqx.nn.Linear(8, 4, key=keys[2])
        self.width = 7

    def features(self, x: Any) -> Any:
        return jax.vmap(self.mlp)(jax.vmap(self.l1)(x))

    def __call__(self, x: Any, *, key: Any = None) -> Any:
        return jax.vmap(self.fc)(self.drop(self.features(x), key=key))


class LinenBlock(linen.Module):
    @linen.compact
    def __call__(self, x: Any, train: bool = False) -> Any:
        y = linen.BatchNorm(use_running_average=not train, name="norm")(linen.Dense(8)(x))
        return x + linen.relu(y)


class Compact(linen.Module):
    @linen.compact
    def __call__(self, x: Any, train: bool = False) -> Any:
        for i in range(2):
            x = LinenBlock(name=f"block{i}")(x, train)
        return linen.Dense(4, name="fc")(x)


class WithSetup(linen.Module):
    def setup(self) -> None:
        self.block0, self.block1 = LinenBlock(), LinenBlock()
        self.fc = linen.Dense(4)

    def features(self, x: Any, train: bool = False) -> Any:
        return self.block1(self.block0(x, train), train)

    def __call__(self, x: Any, train: bool = False) -> Any:
        return self.fc(self.features(x, train))


class HaikuBlock(hk.Module):
    def __call__(self, x: Any, is_training: bool = False) -> Any:
        y = hk.BatchNorm(True, True, 0.9, name="norm")(hk.Linear(8, name="dense")(x), is_training)
        return x + jax.nn.relu(y)


def haiku_net(x: Any, is_training: bool = False) -> Any:
    for i in range(2):
        x = HaikuBlock(name=f"block{i}")(x, is_training)
    return hk.Linear(4, name="fc")(x)


X = jax.random.normal(jax.random.key(0), (5, 8))


def of_linen(cls: Any) -> tuple[Any, Any, Any, Any]:
    model = cls()
    variables = jax.tree.map(lambda x: x + 0.1, model.init(jax.random.key(1), X))

    def part(*path: str) -> Any:
        own: dict[str, Any] = {}
        for collection, tree in variables.items():
            for name in path:
                tree = tree.get(name, {})
            own[collection] = tree
        inner: Any = {"norm": linen.BatchNorm(use_running_average=True), "fc": linen.Dense(4)}
        return inner.get(path[-1], LinenBlock()).apply(own, X)

    return model, variables, model.apply(variables, X), part


def of_haiku() -> tuple[Any, Any, Any, Any]:
    fn = hk.transform_with_state(haiku_net)
    params, state = jax.tree.map(lambda x: x + 1, fn.init(jax.random.key(1), X, True))

    def part(*path: str) -> Any:
        name = "/".join(path)

        def run(x: Any) -> Any:
            return hk.Linear(4, name="fc")(x) if name == "fc" else HaikuBlock(name=name)(x)

        if path[-1] == "norm":
            kept = {k[len("block0/") :]: v for k, v in (*params.items(), *state.items()) if k.startswith("block0/norm")}
            norm = hk.transform_with_state(lambda x: hk.BatchNorm(True, True, 0.9, name="norm")(x, False))
            return norm.apply(kept, {k: v for k, v in kept.items() if k != "norm"}, None, X)[0]
        return hk.transform_with_state(run).apply(params, state, None, X)[0]

    return fn, (params, state), fn.apply(params, state, None, X)[0], part


SOURCES = {"compact": lambda: of_linen(Compact), "setup": lambda: of_linen(WithSetup), "haiku": of_haiku}


def like(target: str, x: Any) -> Any:
    return torch.tensor(np.asarray(x)) if target == "torch" else x


@pytest.mark.parametrize("target", ["torch", "flax"])
@pytest.mark.parametrize("kind", SOURCES)
def test_parts_of_sources(kind: str, target: str) -> None:
    source, variables, expected, part = SOURCES[kind]()
    model, x = ivy.transpile(source, to=target, params_v=variables), like(target, X)
    if kind != "setup":
        with pytest.raises(ConversionError, match="call the whole model once"):
            model.block0(x)
    assert_same(model(x), expected)
    assert_same(model.block0(x), part("block0"))
    assert_same(model.block0.norm(x), part("block0", "norm"))
    assert_same(model.fc(x), part("fc"))
    if kind == "setup":
        assert_same(model.features(x), source.apply(variables, X, method="features"))
    assert kind != "haiku" or not hasattr(model, "init")
    model.fc = nn.Linear(8, 3) if target == "torch" else nnx.Linear(8, 3, rngs=nnx.Rngs(0))
    assert model(x).shape == (5, 3)
    expected = model.fc(model.block1(model.block0(x)))
    assert_same(model(x), np.asarray(expected.detach() if target == "torch" else expected))


@pytest.mark.parametrize("kind", SOURCES)
def test_hooks_and_modes_of_sources(kind: str) -> None:
    source, variables, expected, part = SOURCES[kind]()
    model, x = ivy.transpile(source, to="torch", params_v=variables), like("torch", X)
    seen: dict[str, Any] = {}
    for name, module in model.named_modules():
        module.register_forward_hook(lambda _, args, out, name=name: seen.__setitem__(name, out))
    assert_same(model(x), expected)
    assert {"block0", "block0.norm", "block1.norm", "fc"} <= seen.keys()
    assert_same(seen["block0"], part("block0"))
    model.train()
    model.block0.norm.eval()
    before = [[b.clone() for b in block.norm.buffers()] for block in (model.block0, model.block1)]
    model(x)
    after = [[*block.norm.buffers()] for block in (model.block0, model.block1)]
    assert all(map(torch.equal, before[0], after[0]))
    assert not all(map(torch.equal, before[1], after[1]))


@pytest.mark.parametrize("target", ["torch", "flax"])
def test_parts_of_equinox(target: str) -> None:
    source = EqxNet(jax.random.key(0))
    model, x = ivy.transpile(source, to=target), like(target, X)
    assert_same(model(x), source(X))
    assert_same(model.features(x), source.features(X))
    assert model.width == 7
    assert_same(model.mlp(x[0]), source.mlp(X[0]))
    assert_same(model.mlp.layers[0](x[0]), source.mlp.layers[0](X[0]))
    assert_same(model.drop(x), X)
    if target == "torch":
        seen: dict[str, Any] = {}
        for name in ("l1", "mlp", "mlp.layers.0", "drop", "fc"):
            model.get_submodule(name).register_forward_hook(lambda _, args, out, name=name: seen.__setitem__(name, out))
        assert_same(model(x), source(X))
        assert_same(seen["fc"], source(X)[-1])  # one example after another, as under vmap
        assert len(seen) == 5
    model.fc = nn.Linear(8, 3) if target == "torch" else nnx.Linear(8, 3, rngs=nnx.Rngs(0))
    assert model(x).shape == (5, 3)


# -- names of parts in what JAX compiles ------------------------------------------------------------------------------


@pytest.mark.parametrize("system", ["flax", "equinox", "linen", "haiku"])
def test_named_scopes(system: str) -> None:
    source, _, x, given = make(Equinox) if system == "equinox" else make(lambda source: None)
    if system == "flax":
        model = ivy.transpile(source, to="flax")
        run = lambda x: model(x)
    else:
        made = {"equinox": Equinox, "linen": Linen, "haiku": Haiku}[system](source)
        made.start(given)
        run = lambda x: made.run(made.state, x)
    assert_same(run(given), source(x))
    lowered = jax.jit(run).lower(given)
    text = lowered.as_text(debug_info=True)
    for name in ("blocks/1/conv/", "blocks/2/norm/", "neck/0/", "fc/"):
        assert name in text
    assert_same(jax.jit(run)(given), source(x))


@pytest.mark.parametrize("first", ["flax", "equinox", "linen"])
def test_parts_of_models_converted_twice(first: str) -> None:
    source, _, x, _ = make(lambda source: None)
    back = ivy.transpile(ivy.transpile(copy.deepcopy(source), to=first), to="torch")
    assert_same(back(x), source(x))
    h = torch.randn(2, 8, 6, 6)
    assert_same(back.blocks[1](h), source.blocks[1](h))
    back.blocks[1].register_forward_hook(lambda _, args, out: out * 2)
    source.blocks[1].register_forward_hook(lambda _, args, out: out * 2)
    assert_same(back(x), source(x))
    back.fc = source.fc = nn.Linear(8, 3)
    assert_same(back(x), source(x))
