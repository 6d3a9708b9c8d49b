"""A source model that changes itself while it runs: caches in attributes, buffers that are replaced."""

from __future__ import annotations

import numpy as np
import pytest

import ivy

torch = pytest.importorskip("torch")
pytest.importorskip("flax")


class Cached(torch.nn.Module):
    """Keeps tensors in a dict, a list, an attribute and a buffer from call to call, as timm's levit and convit do."""

    def __init__(self) -> None:
        super().__init__()
        self.bias = torch.nn.Parameter(torch.arange(8.0))
        self.register_buffer("index", torch.zeros(1, dtype=torch.int64))
        self.cache: dict[str, torch.Tensor] = {}
        self.history: list[torch.Tensor] = []
        self.last: torch.Tensor | None = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        n = x.shape[-1]
        if self.index.shape[0] != n:
            self.index = torch.arange(n).flip(0)
        if str(n) not in self.cache:
            self.cache[str(n)] = self.bias[self.index]
        self.history.append(x)
        self.last = x + self.cache[str(n)]
        return self.last * 2


@pytest.mark.parametrize("elements", [8, 2**19], ids=["real values", "fake values"])
def test_capture_leaves_the_source_alone(elements: int) -> None:
    model = Cached().eval()
    model.extra = torch.nn.Parameter(torch.zeros(elements))
    x = torch.randn(3, 5)
    ivy.transpile(model, source="torch", to="jax", args=(x,))
    assert model.cache == {}
    assert model.history == []
    assert model.last is None
    assert model.index.shape == (1,)
    assert model(x).detach().numpy().shape == (3, 5)


def test_later_signatures_are_captured_in_the_state_of_the_conversion() -> None:
    model = Cached().eval()
    converted = ivy.transpile(model, source="torch", to="jax")
    with torch.no_grad():
        for rows in (2, 3, 4):
            x = torch.randn(rows, 5)
            expected = model(x)  # replaces the source's own buffer before the capture
            np.testing.assert_allclose(np.asarray(converted(x.numpy())), expected.numpy(), rtol=1e-6, atol=1e-6)
    assert len(model.history) == 3
