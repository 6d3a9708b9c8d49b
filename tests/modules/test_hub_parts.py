"""The parts of an `ivy.Module`: called alone, brought to other systems; other methods and attributes."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from tests.modules.conftest import assert_same, to_jax
from tests.modules.test_living_parts import Net
from torch import nn

import ivy
from ivy.errors import ConversionError


def make() -> tuple[nn.Module, Any, torch.Tensor]:
    torch.manual_seed(0)
    source = Net().eval()
    return source, ivy.to_ivy_module(source), torch.randn(2, 3, 12, 12)


@pytest.mark.parametrize("backend", ["torch", "jax", "ivy"])
def test_parts_of_a_hub_module(backend: str) -> None:
    source, hub, x = make()
    hub = hub.to_backend(backend)
    put = to_jax if backend == "jax" else torch.Tensor.clone
    h, v = torch.randn(2, 8, 6, 6), torch.randn(4, 8)
    for i in range(3):
        assert_same(hub.blocks[i](put(h), twice=True), source.blocks[i](h, twice=True))
    assert_same(hub.part("blocks.1.conv")(put(h)), source.blocks[1].conv(h))
    assert_same(hub.neck[0](put(v)), source.neck[0](v))
    assert hub.blocks[0].conv is hub.part("blocks.0").conv
    assert len(hub.blocks) == len([*hub.blocks]) == 3
    assert_same(hub.features(put(x), scale=2.0), source.features(x, scale=2.0))
    assert_same(hub.both(put(x)), source.both(x))
    assert hub.width == 8
    assert_same(np.asarray(hub.neck[0].bias), source.neck[0].bias)
    assert not hasattr(hub, "nothing_of_the_kind")
    with pytest.raises(ConversionError, match="has no submodule nothing"):
        hub.part("nothing")
    with pytest.raises(ConversionError, match="can't be called"):
        hub.part("blocks")


def test_parts_share_the_arrays() -> None:
    source, hub, x = make()
    part = hub.neck[2]
    part.v = {name: value * 2 for name, value in part.v.items()}
    with torch.no_grad():
        for p in source.neck[2].parameters():
            p.mul_(2)
    assert_same(hub(x), source(x))
    h = torch.randn(2, 8, 6, 6)
    source.train(), hub.train()
    assert hub.blocks[0].norm.training
    for block in source.blocks:
        block.drop.eval()
    assert_same(hub.blocks[0].norm(h), source.blocks[0].norm(h))
    assert_same(hub.state["blocks.0.norm.running_mean"], source.blocks[0].norm.running_mean)
    source.eval(), hub.eval()
    assert_same(hub(x), source(x))
    assert_same(copy.copy(hub)(x), source(x))


@pytest.mark.parametrize("system", ["torch", "flax"])
def test_parts_to_other_systems(system: str) -> None:
    source, hub, _ = make()
    hub.neck[2].v = {name: value + 1 for name, value in hub.neck[2].v.items()}
    with torch.no_grad():
        for p in source.neck[2].parameters():
            p.add_(1)
    v = torch.randn(4, 8)
    model = hub.neck.to(system)
    assert_same(model(v if system == "torch" else to_jax(v)), source.neck(v))
    inner = hub.part("neck").part("2").to(system)
    w = torch.randn(4, 16)
    assert_same(inner(w if system == "torch" else to_jax(w)), source.neck[2](w))
