"""keras' own layers alone against torch's and nnx's."""

from __future__ import annotations

import kit
import layer_cases as cases
import pytest

keras = pytest.importorskip("keras")
pytest.importorskip("torch")
pytest.importorskip("flax.nnx")

SYSTEMS = {"torch": kit.torch_system(), "nnx": kit.nnx_system(), "keras": kit.keras_system()}


def _batched(case: cases.Case) -> bool:
    return len(case[2]) > 1  # a keras layer takes no data without a batch


CASES = {
    "torch": [*filter(_batched, cases.torch_cases(odd=False))],
    "nnx": [*filter(_batched, cases.nnx_cases(odd=False))],
}
PAIRS = [("torch", "keras"), ("nnx", "keras")]


@pytest.mark.parametrize(
    ("source", "target", "case"),
    [pytest.param(a, b, case, id=f"{a}-{b}-{case[0]}-{case[2]}") for a, b in PAIRS for case in CASES[a]],
)
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_layers(source: str, target: str, case: cases.Case) -> None:
    kit.check_case(SYSTEMS[source], SYSTEMS[target], case)


def test_a_changed_layer_is_not_the_same() -> None:
    from torch import nn

    def made(part: nn.Module) -> tuple[object, object]:
        _, native, new = kit.convert(SYSTEMS["torch"], SYSTEMS["keras"], part)
        assert native.same(new, False)
        return native, new

    for part in (nn.Linear(3, 4), nn.Embedding(5, 4), nn.Conv2d(3, 4, 3)):
        native, new = made(part)
        new.enable_lora(2)
        assert not native.same(new, False)
    for part in (nn.Linear(3, 4), nn.Embedding(5, 4)):
        native, new = made(part)
        new.quantize("int8")
        assert not native.same(new, False)
    for part in (nn.Linear(3, 4), nn.Conv2d(3, 4, 3)):
        native, new = made(part)
        new.activation = keras.activations.relu
        assert not native.same(new, False)
    native, new = made(nn.Linear(3, 4))
    assert not native.same(keras.layers.Dense(4), False)
    new.call = lambda x: x
    assert not native.same(new, False)
    own = keras.layers.Dense(4)
    own.build((None, 3))
    assert native.same(own, False)


def test_adapted_layers_are_saved() -> None:
    import numpy as np
    from torch import nn

    for part, shape in ((nn.Conv2d(4, 6, 3, 2, 1), (2, 4, 9, 8)), (nn.ConvTranspose2d(4, 6, 3, 2, 1), (2, 4, 5, 6))):
        _, _, new = kit.convert(SYSTEMS["torch"], SYSTEMS["keras"], part)
        again = type(new).from_config(new.get_config())
        again.build((None, *shape[1:]))
        again.set_weights(new.get_weights())
        x = cases.data(shape)
        y = again(x)
        np.testing.assert_allclose(y, new(x), rtol=1e-5, atol=1e-6)
        assert tuple(again.compute_output_shape(shape)) == tuple(y.shape)
