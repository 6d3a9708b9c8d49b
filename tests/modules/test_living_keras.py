"""Living parts of keras models and `tf.Module`s, what is keras' own about them; and both as sources."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import torch
from flax import nnx
from tests.modules import living_tf
from tests.modules.conftest import assert_same, to_jax
from torch import nn

import ivy
from ivy.errors import ConversionError


class Attention(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.query, self.key, self.value = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, h: Any, mask: Any = None, *, scale: float = 1.0) -> tuple[Any, Any]:
        scores = self.query(h) @ self.key(h).transpose(-1, -2) * scale
        weights = (scores if mask is None else scores + mask).softmax(-1)
        return weights @ self.value(h), weights


class Layer(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.attention, self.norm = Attention(width), nn.LayerNorm(width)

    def forward(self, h: Any, mask: Any = None) -> dict[str, Any]:
        y, weights = self.attention(h, mask, scale=0.5)
        return {"h": self.norm(h + y), "weights": weights}


class Encoder(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.layer = nn.ModuleList([Layer(width) for _ in range(2)])

    def forward(self, h: Any) -> Any:
        for layer in self.layer:
            h = layer(h)["h"]
        return h


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed, self.encoder, self.head = nn.Embedding(20, 8), Encoder(8), nn.Linear(8, 3)

    def forward(self, ids: Any) -> dict[str, Any]:
        h = self.encoder(self.embed(ids))
        return {"logits": self.head(h), "h": h}


def make() -> tuple[nn.Module, Any, torch.Tensor]:
    torch.manual_seed(0)
    source = Model().eval()
    return source, ivy.transpile(source, to="keras"), torch.arange(10).reshape(2, 5)


def native(x: torch.Tensor) -> Any:
    return tf.constant(x.numpy())


def test_paths_have_every_level() -> None:
    source, model, _ = make()
    paths = [v.path for v in model.variables]
    assert paths[:3] == [
        "embed/embeddings",
        "encoder/layer_0/attention/query/kernel",
        "encoder/layer_0/attention/query/bias",
    ]
    assert len({*paths}) == len(paths) == len(source.state_dict())
    assert [layer.name for layer in model.layers] == ["embed", "encoder", "head"]
    names = [layer.name for layer in model._flatten_layers()]
    assert names.count("attention") == 2
    assert type(model.encoder.layer[0].attention.query) is keras.layers.Dense


def test_summary(capsys: Any) -> None:
    _, model, ids = make()
    model(native(ids))
    model.summary(expand_nested=True)
    shown = capsys.readouterr().out
    for name in ("embed (Embedding)", "encoder (Encoder)", "attention", "query (Dense)"):
        assert name in shown
    assert "(None, 5, 3)" in shown
    assert shown.count("(None, 5, 5)") >= 2  # of attention and of the layer around it
    assert "?" not in shown
    assert f"Total params: {model.count_params()}" in shown


def test_called_with_masks_and_structures() -> None:
    source, model, _ = make()
    h, mask = torch.randn(2, 5, 8), torch.zeros(5, 5)
    mine, theirs = model.encoder.layer[1], source.encoder.layer[1]
    for run in (mine, tf.function(mine)):
        assert_same(run(native(h), native(mask)), theirs(h, mask))
    assert_same(mine.attention(native(h), None, scale=2.0), theirs.attention(h, None, scale=2.0))
    assert_same(mine.attention(h=native(h)), theirs.attention(h=h))


def test_symbolic_calls_give_the_structure_of_eager_ones() -> None:
    source, model, ids = make()
    entry = keras.Input((5,), dtype="int64")
    assert {k: v.shape for k, v in model(entry).items()} == {"logits": (None, 5, 3), "h": (None, 5, 8)}
    h = model.embed(entry)
    for layer in model.encoder.layer:
        h = layer(h)["h"]
    around = keras.Model(entry, [model.head(h), h])
    for a, b in zip(around(native(ids)), source(ids).values(), strict=True):
        assert_same(a, b)
    assert around.predict(ids.numpy(), verbose=0)[0].shape == (2, 5, 3)
    assert {id(v) for v in around.trainable_variables} == {id(v) for v in model.trainable_variables}


def test_replaced_parts_in_fit_predict_and_weights(tmp_path: Any) -> None:
    _, model, ids = make()
    x, y = np.tile(ids.numpy(), (4, 1)), {"logits": np.zeros((8, 5, 4), "float32"), "h": np.zeros((8, 5, 8), "float32")}
    assert model.predict(x, verbose=0)["logits"].shape == (8, 5, 3)
    model.head = keras.layers.Dense(4)
    model.encoder.layer[0].attention.query = living_tf.lora("keras", model.encoder.layer[0].attention.query, 8, 8)
    assert model.predict(x, batch_size=3, verbose=0)["logits"].shape == (8, 5, 4)
    names = [v.path for v in model.trainable_variables]
    assert len({*names}) == len(names)
    assert [n for n in names if n.startswith("head/")] == []
    before = {v.path: v.numpy() for v in model.trainable_variables}
    model.compile("sgd", {"logits": "mse", "h": "mse"}, jit_compile=False)
    losses = model.fit(x, y, batch_size=3, epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    assert all((v.numpy() != before[v.path]).any() for v in model.trainable_variables if "key/bias" not in v.path)
    model.save_weights(tmp_path / "net.weights.h5")
    twin = copy.deepcopy(model)
    assert_same(twin(native(ids)), model(native(ids)))
    for v in twin.variables:
        v.assign(tf.zeros_like(v))
    twin.load_weights(tmp_path / "net.weights.h5")
    assert_same(twin(native(ids)), model(native(ids)))
    with pytest.raises(ConversionError, match="was changed"):
        model.save(tmp_path / "net.keras")


def test_saved_models_have_native_layers(tmp_path: Any) -> None:
    _, model, ids = make()
    want = model(native(ids))
    model.save(tmp_path / "net.keras")
    loaded = keras.saving.load_model(tmp_path / "net.keras")
    assert_same(loaded(native(ids)), want)
    assert type(loaded.encoder.layer[0].attention.query) is keras.layers.Dense


def test_frozen_batch_norm() -> None:
    torch.manual_seed(0)
    source = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)))
    model = ivy.transpile(source, to="keras")
    x = torch.randn(6, 4)
    model[2].trainable = False
    source[2][1].eval()
    for _ in range(2):
        assert_same(model(native(x), training=True), source(x))
    source.eval()
    assert_same(model(native(x), training=False), source(x))


def test_enable_lora_and_quantize() -> None:
    _, model, ids = make()
    want = model(native(ids))
    model.head.enable_lora(2)
    model.encoder.layer[0].attention.value.enable_lora(2)
    assert_same(model(native(ids)), want)  # its second factor is zero
    model.head.lora_kernel_b.assign(tf.ones((2, 3)))
    changed = model(native(ids))["logits"]
    assert_same(changed, model.head(want["h"]))
    assert not np.allclose(changed, want["logits"])
    assert any("lora" in v.path for v in model.trainable_variables)
    _, model, _ = make()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # keras names the layers that it can't quantise
        model.quantize("int8")
    assert model.head.quantization_mode == "int8"
    found = model(native(ids))
    np.testing.assert_allclose(found["logits"], want["logits"], atol=0.1)
    assert (np.asarray(found["logits"]) != np.asarray(want["logits"])).any()


# -- as sources -------------------------------------------------------------------------------------------------------


class KerasBlock(keras.layers.Layer):
    def __init__(self, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dense, self.norm = keras.layers.Dense(width, activation="relu"), keras.layers.LayerNormalization()
        self.drop = keras.layers.Dropout(0.5)

    def call(self, x: Any, training: Any = None, scale: float = 1.0) -> Any:
        return x + self.drop(self.norm(self.dense(x)), training=training) * scale


class KerasNet(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.stem, self.head = keras.layers.Dense(8), keras.layers.Dense(5)
        self.blocks, self.width = [KerasBlock(8) for _ in range(3)], 8

    def features(self, x: Any) -> Any:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x, scale=0.5)
        return x

    def call(self, x: Any) -> Any:
        return self.head(self.features(x))


class Linear(tf.Module):
    def __init__(self, n: int, m: int) -> None:
        super().__init__()
        self.w, self.b = tf.Variable(tf.random.normal((n, m))), tf.Variable(tf.zeros(m))

    @tf.function
    def __call__(self, x: Any) -> Any:
        return x @ self.w + self.b


class Net(tf.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem, self.head, self.width = Linear(6, 8), Linear(8, 5), 8
        self.blocks = [Linear(8, 8) for _ in range(3)]

    @tf.function
    def __call__(self, x: Any) -> Any:
        return self.head(self.features(x))

    def features(self, x: Any) -> Any:
        x = self.stem(x)
        for block in self.blocks:
            x = x + tf.nn.relu(block(x))
        return x


def functional() -> Any:
    entry = keras.Input((6,))
    h = keras.layers.Dense(8, name="stem")(entry)
    return keras.Model(entry, keras.layers.Dense(5, name="head")(keras.ops.relu(h) + 1))


def sequential() -> Any:
    return keras.Sequential([keras.Input((6,)), keras.layers.Dense(8, name="stem"), keras.layers.Dense(5, name="head")])


SOURCES = {"subclassed": KerasNet, "functional": functional, "sequential": sequential, "tf.Module": Net}


def converted(name: str, target: str) -> tuple[Any, Any, Any, Any]:
    keras.utils.set_random_seed(0)
    source, x = SOURCES[name](), torch.randn(2, 6)
    source(native(x))
    return source, ivy.transpile(source, to=target), x, x if target == "torch" else to_jax(x)


def dense(target: str) -> tuple[Any, Any]:
    layer = nn.Linear(8, 3)
    if target == "torch":
        return layer, living_tf.linear("keras", layer)
    made = nnx.Linear(8, 3, rngs=nnx.Rngs(0))
    return made, lambda h: tf.constant(np.asarray(made(np.asarray(h))))


@pytest.mark.parametrize("target", ["torch", "flax"])
@pytest.mark.parametrize("name", SOURCES)
def test_parts_of_sources(name: str, target: str) -> None:
    source, model, x, given = converted(name, target)
    part = source.get_layer if name in ("functional", "sequential") else source.__getattribute__
    h = torch.randn(2, 8)
    mine = h if target == "torch" else to_jax(h)
    assert_same(model(given), source(native(x)))
    assert_same(model.stem(given), part("stem")(native(x)))
    assert_same(model.head(mine), part("head")(native(h)))
    if hasattr(source, "features"):
        assert_same(model.blocks[1](mine), source.blocks[1](native(h)))
        assert_same(model.features(given), source.features(native(x)))
        assert model.width == 8
    model.head, theirs = dense(target)
    if name in ("functional", "sequential"):
        h = part("stem")(native(x))
        assert_same(model(given), theirs(tf.nn.relu(h) + 1 if name == "functional" else h))
        return
    assert_same(model(given), theirs(source.features(native(x))))
    model.blocks = (nn.ModuleList if target == "torch" else nnx.List)([*model.blocks][:2])
    h = source.stem(native(x))
    for block in source.blocks[:2]:
        h = block(h, scale=0.5) if name == "subclassed" else h + tf.nn.relu(block(h))
    assert_same(model(given), theirs(h))
    assert_same(model.features(given), h)


def test_intermediate_outputs() -> None:
    source, model, ids = make()
    with pytest.raises(AttributeError, match="inputs"):
        model.inputs
    want = model(native(ids))
    layer = model.encoder.layer[0]
    inner = keras.Model(model.inputs, [model.layers[0].output, layer.attention.output[0], layer.norm.output])
    assert inner.output_shape[0] == (None, 5, 8)
    h = source.embed(ids)
    y = source.encoder.layer[0].attention(h, scale=0.5)[0]
    for run in (inner, tf.function(inner)):
        for a, b in zip(run(native(ids)), (h, y, source.encoder.layer[0].norm(h + y)), strict=True):
            assert_same(a, b)
    assert {id(v) for v in inner.trainable_variables} == {id(v) for v in model.trainable_variables}
    whole = keras.Model(model.inputs, model.output)
    assert_same(whole(native(ids)), want)
    assert_same(model(native(ids)), want)


def test_keyword_arguments_of_every_kind() -> None:
    """What goes to ``**kwargs`` may be tensors and other things at once, for models and for their parts."""

    class Inner(torch.nn.Module):
        def forward(self, x: Any, **kwargs: Any) -> Any:
            y = x + kwargs["shift"]
            return y * 2 if kwargs.get("twice") else y

    class Outer(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Inner()

        def forward(self, x: Any, **kwargs: Any) -> Any:
            return self.inner(x, **kwargs) + 1

    source = Outer()
    model = ivy.transpile(source, to="keras")
    x = np.ones((2, 3), "float32")
    for m, s in ((model, source), (model.inner, source.inner)):
        for twice in (True, False):
            given = {"shift": torch.full((3,), 2.0), "twice": twice, "name_of_nothing": None}
            expected = s(torch.from_numpy(x), **given)
            out = m(tf.constant(x), **{**given, "shift": tf.constant(given["shift"].numpy())})
            np.testing.assert_allclose(out, expected)
