"""The TensorFlow and Keras parts of the published examples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import ivy

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")]


@pytest.fixture
def resnet() -> Any:
    from transformers import ResNetConfig, ResNetForImageClassification

    torch.manual_seed(0)
    config = ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 2], layer_type="basic", num_labels=7)
    model = ResNetForImageClassification(config).eval()
    with torch.no_grad():
        for x in model.buffers():
            if x.is_floating_point():
                x.uniform_(0.5, 1.5)
    return model


def test_transpiling_a_transformers_resnet(resnet: Any) -> None:
    """The last example of "ivy.transpile()", with the processor's output made by hand."""
    ivy.set_backend("torch")
    inputs = {"pixel_values": torch.rand(1, 3, 32, 32)}

    # Transpiling the model to tensorflow
    tf_model = ivy.transpile(resnet, source="torch", to="tensorflow", kwargs=inputs)

    # Using the transpiled model
    tf_inputs = {k: tf.constant(v.numpy()) for k, v in inputs.items()}
    ret = tf_model(None, **tf_inputs)
    assert isinstance(tf_model, keras.Model)
    expected = resnet(**inputs).logits.detach().numpy()
    for out in (ret, tf_model(**tf_inputs), tf_model(tf_inputs["pixel_values"])):
        assert tf.is_tensor(out.logits)
        np.testing.assert_allclose(out.logits, expected, rtol=1e-4, atol=1e-5)


def test_what_were_sharp_bits(resnet: Any) -> None:
    """Within a sequential model and trained by `fit`, keywords alone, images with their channels last."""
    backbone = ivy.transpile(resnet.resnet, source="torch", to="tensorflow", layout="channels_last")
    images = np.random.default_rng(0).random((6, 32, 32, 3), "float32")
    pooled = keras.layers.Lambda(lambda out: tf.reshape(out["pooler_output"], (-1, 16)))
    model = keras.Sequential([keras.Input((32, 32, 3)), backbone, pooled, keras.layers.Dense(3)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    history = model.fit(images, np.arange(6) % 3, epochs=8, batch_size=3, verbose=0).history["loss"]
    assert history[-1] < history[0]
    given = torch.from_numpy(images.transpose(0, 3, 1, 2).copy())
    fresh = ivy.transpile(resnet.resnet, source="torch", to="tensorflow", layout="channels_last")
    out = fresh(pixel_values=images)
    expected = resnet.resnet(given)
    np.testing.assert_allclose(
        out.last_hidden_state, expected.last_hidden_state.detach().numpy().transpose(0, 2, 3, 1), rtol=1e-4, atol=1e-5
    )


@pytest.mark.downstream
def test_kornia_in_tensorflow(raw_image: Any) -> None:
    kornia = pytest.importorskip("kornia")
    original = kornia

    # transpile module lazily
    kornia = ivy.transpile(kornia, source="torch", to="tensorflow")

    # load image into tensorflow
    img = tf.constant(raw_image, tf.float32) / 255
    img = tf.expand_dims(tf.transpose(img, (2, 0, 1)), 0)

    # custom composite
    def dilate_edges(img: Any) -> Any:
        edges = kornia.filters.canny(img)[1]
        return kornia.morphology.dilation(edges, tf.ones((7, 7)))

    # dilate edges
    new_img = dilate_edges(img)  # slow, transpiling
    new_img = dilate_edges(img)  # fast, transpiled
    assert tf.is_tensor(new_img)
    edges = original.filters.canny(torch.from_numpy(img.numpy()))[1]
    expected = original.morphology.dilation(edges, torch.ones(7, 7))
    np.testing.assert_allclose(new_img, expected, rtol=1e-5, atol=1e-6)
    assert 0 < float(tf.reduce_mean(new_img)) < 1


def test_tensorflow_frontend_on_torch_and_numpy() -> None:
    import ivy.frontends.tensorflow as tf_frontend

    x = torch.tensor([[1.0, 2.0, 3.0]])
    ret = tf_frontend.math.cumprod(x, -1)
    assert isinstance(ret, torch.Tensor)
    np.testing.assert_allclose(ret, [[1.0, 2.0, 6.0]], rtol=1e-6)
    np.testing.assert_allclose(tf_frontend.math.cumprod(x.numpy(), -1, exclusive=True, reverse=True), [[6, 3, 1]])


@pytest.mark.parametrize("how", ["lazy", "eager"])
def test_lazy_and_eager(how: str) -> None:
    def normalize(x: Any) -> Any:
        return tf.subtract(x, tf.reduce_mean(x)) / tf.math.reduce_std(x)

    x = np.random.default_rng(0).uniform(size=10)
    args = {} if how == "lazy" else {"args": (x,)}
    norm = ivy.transpile(normalize, source="tensorflow", to="torch", **args)
    assert len(norm.graphs) == (how == "eager")
    y = norm(torch.from_numpy(x))
    np.testing.assert_allclose(y, normalize(tf.constant(x)), rtol=1e-6)
    assert len(norm.graphs) == 1
