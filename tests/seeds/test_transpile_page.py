"""The examples of the page "ivy.transpile()"."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import ivy


def test_transpiling_functions() -> None:
    ivy.set_backend("jax")

    # Simple JAX function to transpile
    def test_fn(x: Any) -> Any:
        return jax.numpy.sum(x)

    x1 = ivy.array([1.0, 2.0])

    # Arguments are available -> transpilation happens eagerly
    eager_graph = ivy.transpile(test_fn, source="jax", to="torch", args=(x1,))
    assert len(eager_graph.graphs) == 1

    # eager_graph is now torch code and runs efficiently
    ret = eager_graph(x1)
    assert isinstance(ret, torch.Tensor)
    assert (ret.dtype, ret.shape, ret.item()) == (torch.float32, (), 3.0)
    assert len(eager_graph.graphs) == 1

    # Arguments are not available -> transpilation happens lazily
    lazy_graph = ivy.transpile(test_fn, source="jax", to="torch")
    assert not lazy_graph.graphs

    # The transpiled graph is initialized, transpilation will happen here
    ret = lazy_graph(x1)

    # lazy_graph is now torch code and runs efficiently
    ret = lazy_graph(x1)
    assert isinstance(ret, torch.Tensor)
    assert ret.item() == 3.0
    assert len(lazy_graph.graphs) == 1

    # In both cases, arguments can be arrays from either the source framework or the target (to) framework
    for given in (jnp.array([1.0, 2.0]), torch.tensor([1.0, 2.0]), np.array([1.0, 2.0], np.float32)):
        assert eager_graph(given).item() == lazy_graph(given).item() == 3.0
    assert len(lazy_graph.graphs) == 1


def test_several_objects_at_once() -> None:
    a, b = ivy.transpile(jnp.sin, jnp.cos, source="jax", to="torch", args=(jnp.zeros(2),))
    np.testing.assert_allclose(a(torch.ones(2)).numpy(), np.sin(np.ones(2)), rtol=1e-6)
    np.testing.assert_allclose(b(torch.ones(2)).numpy(), np.cos(np.ones(2)), rtol=1e-6)


@pytest.mark.downstream
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_transpiling_libraries(raw_image: Any) -> None:
    kornia = pytest.importorskip("kornia")

    # transpile kornia from torch to jax
    jax_kornia = ivy.transpile(kornia, source="torch", to="jax")

    # convert it to the format expected by kornia
    raw_img = raw_image
    img = jnp.transpose(jnp.array(raw_img), (2, 0, 1))
    img = jnp.expand_dims(img, 0) / 255

    # and use the transpiled version of any function from the library!
    out = jax_kornia.enhance.sharpness(img, 5)
    assert isinstance(out, jax.Array)
    expected = kornia.enhance.sharpness(torch.from_numpy(np.array(img)), 5).numpy()
    assert out.dtype == expected.dtype
    np.testing.assert_allclose(np.asarray(out), expected, rtol=1e-5, atol=1e-6)
    jitted = jax.jit(lambda x: jax_kornia.enhance.sharpness(x, 5))(img)
    np.testing.assert_allclose(np.asarray(jitted), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.downstream
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_image_classifier_by_keyword() -> None:
    """The last example (ResNet-50 of Hugging Face), smaller, to JAX, with inputs made up instead of downloaded."""
    transformers = pytest.importorskip("transformers")
    ivy.set_backend("torch")

    config = transformers.ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="basic", num_labels=5
    )
    model = transformers.ResNetForImageClassification(config).eval()
    inputs = {"pixel_values": torch.rand(1, 3, 32, 32)}
    expected = model(**inputs)

    # Transpiling the model
    jax_model = ivy.transpile(model, source="torch", to="jax", kwargs=inputs)

    # Using the transpiled model
    jax_inputs = {name: jnp.asarray(x.numpy()) for name, x in inputs.items()}
    ret = jax_model(**jax_inputs)
    assert type(ret) is type(expected)
    np.testing.assert_allclose(np.asarray(ret.logits), expected.logits.detach().numpy(), rtol=1e-4, atol=1e-5)
