"""Equinox's own layers alone against torch's and nnx's."""

from __future__ import annotations

import kit
import layer_cases as cases
import pytest

pytest.importorskip("equinox")
pytest.importorskip("torch")
pytest.importorskip("flax.nnx")

SYSTEMS = {"torch": kit.torch_system(), "nnx": kit.nnx_system(), "equinox": kit.equinox_system()}
CASES = {"torch": cases.torch_cases(), "nnx": cases.nnx_cases(), "equinox": cases.equinox_cases()}
PAIRS = [("torch", "equinox"), ("nnx", "equinox"), ("equinox", "torch"), ("equinox", "nnx")]


@pytest.mark.parametrize(
    ("source", "target", "case"),
    [pytest.param(a, b, case, id=f"{a}-{b}-{case[0]}-{case[2]}") for a, b in PAIRS for case in CASES[a]],
)
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_layers(source: str, target: str, case: cases.Case) -> None:
    kit.check_case(SYSTEMS[source], SYSTEMS[target], case)


def test_a_changed_layer_is_not_the_same() -> None:
    import equinox as eqx
    from torch import nn

    for part in (nn.Linear(3, 4), nn.Conv2d(3, 4, 3), nn.LayerNorm(4), nn.Embedding(5, 4), nn.GroupNorm(2, 4)):
        _, native, new = kit.convert(SYSTEMS["torch"], SYSTEMS["equinox"], part)
        assert native.same(new, False)
        assert isinstance(new, getattr(eqx.nn, type(part).__name__))
        object.__setattr__(new, "lora", 1)
        assert not native.same(new, False)
    _, native, new = kit.convert(SYSTEMS["torch"], SYSTEMS["equinox"], nn.Dropout(0.1).eval())
    assert type(new) is eqx.nn.Dropout
    assert native.same(new, False)
    assert not native.same(new, True)
    assert not native.same(eqx.nn.Dropout(0.2), False)
