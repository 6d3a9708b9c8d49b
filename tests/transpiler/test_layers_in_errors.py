"""For a model of a framework's own layers an error names the layer, not a line of the framework's or of the caller's."""

from __future__ import annotations

import numpy as np
import pytest

import ivy
from ivy.errors import CaptureError, UnsupportedOpError

X = np.ones((2, 3), "float32")


def torch_model():
    torch = pytest.importorskip("torch")
    return torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Linear(3, 2)))


def keras_model():
    keras = pytest.importorskip("keras")
    return keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(3, name="first"), keras.layers.Dense(2, name="last")]
    )


def paddle_model():
    from ivy_paddle.loading import paddle

    return paddle.nn.Sequential(paddle.nn.Linear(3, 3), paddle.nn.Sequential(paddle.nn.ReLU(), paddle.nn.Linear(3, 2)))


def flax_model():
    nn = pytest.importorskip("flax.linen")
    import jax

    net = nn.Sequential([nn.Dense(3), nn.Dense(2)])
    return net, net.init(jax.random.PRNGKey(0), X)


MODELS = {
    "torch": (torch_model, {"`0` (torch.nn.Linear)", "`1.0` (torch.nn.ReLU)", "`1.1` (torch.nn.Linear)"}),
    "keras": (keras_model, {"first", "last"}),
    "paddle": (paddle_model, {"`0`", "`1.0`", "`1.1`"}),
    "linen": (flax_model, {"layers_0", "layers_1"}),
}


@pytest.mark.parametrize("system", MODELS)
def test_calls_without_a_conversion(monkeypatch, system):
    from ivy.plugins import get_plugin

    make, layers = MODELS[system]
    model = make()
    more = {}
    if isinstance(model, tuple):
        model, more["params_v"] = model
    frontend = get_plugin({"keras": "tensorflow", "linen": "jax"}.get(system, system)).part("frontend")
    # PyTorch's capture would take calls without a function apart
    supports = (lambda path: path.endswith("nothing")) if system != "torch" else (lambda path: "aten" in path)
    monkeypatch.setattr(frontend, "supports", supports)
    if system == "torch":
        monkeypatch.setattr(frontend, "call", refuse)
    with pytest.raises(UnsupportedOpError) as caught:
        ivy.transpile(model, to="numpy", args=(X,), **more)
    error = caught.value
    assert not any(place for call in error.calls for place in call.locations)
    found = {layer for call in error.calls for layer in call.layers}
    for layer in layers:
        assert any(layer in name for name in found)
    assert __file__ not in str(error)


def refuse(*args):
    raise NotImplementedError("refused")


def test_a_fault_in_a_layer_names_it():
    torch = pytest.importorskip("torch")
    model = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Linear(4, 4))
    with pytest.raises(CaptureError) as caught:
        ivy.transpile(model, to="numpy", args=(X,))
    assert caught.value.where == "layer `1` (torch.nn.Linear)"
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_own_lines_come_first():
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.pool = torch.nn.FractionalMaxPool2d(2, output_size=1)

        def forward(self, x):
            return self.pool(x)

    with pytest.raises(UnsupportedOpError) as caught:
        ivy.transpile(Net(), to="numpy", args=(np.ones((1, 3, 3), "float32"),))
    (call,) = caught.value.calls
    assert [place.function for place in call.locations] == ["forward"]
    assert not call.layers


def test_operators_below_the_public_api_are_not_to_be_supplied():
    torch = pytest.importorskip("torch")

    def f(x):
        return torch.vmap(lambda v: torch.ops.aten.sigmoid_backward(v, v))(x)

    with pytest.raises(UnsupportedOpError) as caught:
        ivy.transpile(f, source="torch", to="numpy", args=(X,))
    assert all(call.internal for call in caught.value.calls)
    assert "@ivy.converter" not in caught.value.hint
