"""A standard layer's native layer alone against the source's, for every kind, in many configurations."""

from __future__ import annotations

import pickle
from typing import Any

import kit
import layer_cases as cases
import numpy as np
import pytest

torch = pytest.importorskip("torch")
nnx = pytest.importorskip("flax.nnx")

SYSTEMS = {"torch": kit.torch_system(), "nnx": kit.nnx_system()}
CASES = {"torch": cases.torch_cases(), "nnx": cases.nnx_cases()}
PAIRS = [("torch", "nnx"), ("nnx", "torch")]


@pytest.mark.parametrize(
    ("source", "target", "case"),
    [pytest.param(a, b, case, id=f"{a}-{b}-{case[0]}-{case[2]}") for a, b in PAIRS for case in CASES[a]],
)
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_layers(source: str, target: str, case: cases.Case) -> None:
    kit.check_case(SYSTEMS[source], SYSTEMS[target], case)


@pytest.mark.parametrize("system", SYSTEMS)
def test_own_layers_are_themselves(system: str) -> None:
    """A system builds from its own layer one that counts as the same, and the other way round."""
    own = SYSTEMS[system]
    for name, make, _ in CASES[system]:
        part = make()
        layer = own.recognise(part)
        assert layer is not None, name
        native = own.build(layer)
        if isinstance(native, str):
            continue
        new = native.make()
        assert native.same(new, layer.train), name
        if layer.modal:
            assert not native.same(new, not layer.train), name
        if type(new) is type(part) and not any(word in name for word in ("Conv", "Norm", "Pool")):
            assert native.same(part, layer.train), name


def _torch_changes(part: Any) -> dict[str, Any]:
    from torch import nn

    def lora(m: Any) -> Any:
        m.register_parameter("lora_a", nn.Parameter(torch.zeros(2)))

    def subclass(m: Any) -> Any:
        m.__class__ = type("Mine", (type(m),), {})

    def forward(m: Any) -> Any:
        m.forward = lambda x: x

    changes = {
        "hook": lambda m: m.register_forward_hook(lambda *a: None) and None,
        "pre-hook": lambda m: m.register_forward_pre_hook(lambda *a: None) and None,
        "backward hook": lambda m: m.register_full_backward_hook(lambda *a: None) and None,
        "parameter": lora,
        "part": lambda m: m.add_module("inner", nn.Identity()),
        "class": subclass,
        "forward": forward,
    }
    for name, value in vars(part).items():
        if isinstance(value, (int, float, str)) and name not in ("training", "inplace", "_is_full_backward_hook"):
            changes[name] = lambda m, name=name, value=value: setattr(
                m, name, f"{value}x" if isinstance(value, str) else value + 1
            )
    return changes


def _nnx_changes(part: Any) -> dict[str, Any]:
    def subclass(m: Any) -> Any:
        m.__class__ = type("Mine", (type(m),), {})

    changes = {
        "variable": lambda m: setattr(m, "w_lora_a", nnx.Param(np.zeros(2))),
        "class": subclass,
    }
    for name, value in vars(part).items():
        if isinstance(value, (int, float, str)) and name not in ("deterministic", "use_running_average"):
            changes[name] = lambda m, name=name, value=value: setattr(
                m, name, f"{value}x" if isinstance(value, str) else value + 1
            )
    for name in ("dot_general", "promote_dtype", "conv_general_dilated"):
        if name in vars(part):
            changes[name] = lambda m, name=name: setattr(m, name, lambda *a, **k: None)
    return changes


CHANGES = {"torch": _torch_changes, "nnx": _nnx_changes}


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_changed_layer_is_not_the_same(source: str, target: str) -> None:
    seen = set()
    for name, make, _ in CASES[source]:
        layer, native, part = kit.convert(SYSTEMS[source], SYSTEMS[target], make())
        if isinstance(native, str) or native.cls in seen:
            continue
        seen.add(native.cls)
        for what, change in CHANGES[target](part).items():
            _, _, part = kit.convert(SYSTEMS[source], SYSTEMS[target], make())
            assert native.same(part, layer.train)
            change(part)
            assert not native.same(part, layer.train), f"{name}: {what}"


def test_a_users_own_layer_of_the_same_configuration_is_the_same() -> None:
    linear = SYSTEMS["nnx"].build(SYSTEMS["torch"].recognise(torch.nn.Linear(3, 4)))
    assert linear.same(nnx.Linear(3, 4, rngs=nnx.Rngs(0)), False)
    assert not linear.same(nnx.Linear(3, 5, rngs=nnx.Rngs(0)), False)
    assert not linear.same(nnx.Linear(3, 4, param_dtype="bfloat16", rngs=nnx.Rngs(0)), False)
    back = SYSTEMS["torch"].build(SYSTEMS["nnx"].recognise(nnx.Linear(3, 4, rngs=nnx.Rngs(0))))
    assert back.same(torch.nn.Linear(3, 4), True)
    assert not back.same(torch.nn.Linear(3, 4, bias=False), True)


def test_only_layers_as_they_are_made_are_recognised() -> None:
    from torch import nn

    recognise = SYSTEMS["torch"].recognise

    class Mine(nn.Linear):
        pass

    hooked, parametrised, extended, bound = (nn.Linear(3, 4) for _ in range(4))
    hooked.register_forward_hook(lambda *a: None)
    torch.nn.utils.parametrizations.weight_norm(parametrised)
    extended.register_buffer("mask", torch.ones(4))
    bound.forward = lambda x: x  # type: ignore[method-assign]
    for part in (Mine(3, 4), hooked, parametrised, extended, bound, nn.LazyLinear(3), nn.Embedding(3, 4, max_norm=1.0)):
        assert recognise(part) is None
    own = SYSTEMS["nnx"].recognise
    rngs = nnx.Rngs(0)
    assert own(nnx.Linear(3, 4, rngs=rngs, dot_general=lambda *a, **k: None)) is None
    assert own(nnx.LoRALinear(3, 4, lora_rank=2, rngs=rngs)) is None
    assert own(nnx.LayerNorm(3, reduction_axes=(0, 1), rngs=rngs)) is None


def test_reasons() -> None:
    from torch import nn

    build, recognise = SYSTEMS["nnx"].build, SYSTEMS["torch"].recognise
    for part, word in (
        (nn.LSTM(3, 4), "no layer for lstm"),
        (nn.LayerNorm((3, 4)), "several axes"),
        (nn.RMSNorm(4), "epsilon"),
        (nn.ConvTranspose2d(4, 4, 3, groups=2), "groups"),
        (nn.BatchNorm2d(4, momentum=None), "momentum"),
        (nn.MaxPool2d(2), "no layer for max_pool"),
        (nn.ReLU(), "no layer for relu"),
    ):
        layer = recognise(part)
        assert layer is not None
        assert word in str(build(layer))
    mixed = SYSTEMS["nnx"].recognise(nnx.Linear(3, 4, dtype="bfloat16", rngs=nnx.Rngs(0)))
    assert "computes in bfloat16" in str(SYSTEMS["torch"].build(mixed))


def test_adapted_layers_are_the_targets_and_pickle() -> None:
    from torch import nn

    from ivy_jax.converters import nnx_layers

    _, native, new = kit.convert(SYSTEMS["torch"], SYSTEMS["nnx"], nn.Conv2d(3, 4, 3, padding=1))
    assert isinstance(new, nnx.Conv) and type(new) is nnx_layers.Conv
    again = pickle.loads(pickle.dumps(new))
    assert native.same(again, False)
    _, native, new = kit.convert(SYSTEMS["nnx"], SYSTEMS["torch"], nnx.Conv(3, 4, (3, 3), rngs=nnx.Rngs(0)))
    assert isinstance(new, nn.Conv2d)
    assert native.same(pickle.loads(pickle.dumps(new)), False)
