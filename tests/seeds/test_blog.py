"""The examples of the post "Unifying framework fragmentation with Ivy"."""

from __future__ import annotations

from typing import Any

import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import ivy

pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")]

LATENTS, WIDTH = 16, 32


class Perceiver(hk.Module):
    """Latent vectors that attend to an image's patches, then to each other."""

    def __call__(self, images: Any) -> Any:
        patches = hk.Conv2D(WIDTH, 8, stride=8, data_format="NCHW")(images)
        patches = patches.reshape(patches.shape[0], WIDTH, -1).transpose(0, 2, 1)
        patches = patches + hk.get_parameter("positions", patches.shape[1:], init=hk.initializers.RandomNormal(0.1))
        latents = hk.get_parameter("latents", [LATENTS, WIDTH], init=hk.initializers.RandomNormal())
        latents = jnp.broadcast_to(latents, (images.shape[0], LATENTS, WIDTH))

        def norm(x: Any) -> Any:
            return hk.LayerNorm(axis=-1, create_scale=True, create_offset=True)(x)

        def attend(queries: Any, keys: Any) -> Any:
            attention = hk.MultiHeadAttention(4, WIDTH // 4, w_init=hk.initializers.VarianceScaling(1.0))
            return attention(queries, keys, keys)

        latents = latents + attend(norm(latents), norm(patches))
        for _ in range(2):
            mixed = norm(latents)
            latents = latents + attend(mixed, mixed)
            latents = latents + hk.Linear(WIDTH)(jax.nn.gelu(hk.Linear(2 * WIDTH)(norm(latents))))
        return norm(latents)


def test_haiku_backbone_in_a_torch_classifier() -> None:
    key = jax.random.PRNGKey(0)
    perceiver_backbone = hk.without_apply_rng(hk.transform(lambda images: Perceiver()(images)))

    # Transpile it into a torch.nn.Module with the corresponding parameters
    dummy_input = jax.random.uniform(key, shape=(1, 3, 32, 32))
    params = perceiver_backbone.init(rng=key, images=dummy_input)
    backbone = ivy.transpile(perceiver_backbone, to="torch", params_v=params, kwargs={"images": dummy_input})

    # Build a classifier using the transpiled backbone
    class PerceiverIOClassifier(torch.nn.Module):
        def __init__(self, num_classes: int = 20) -> None:
            super().__init__()
            self.backbone = backbone
            self.max_pool = torch.nn.MaxPool2d((LATENTS, 1))
            self.flatten = torch.nn.Flatten()
            self.fc = torch.nn.Linear(WIDTH, num_classes)

        def forward(self, x: Any) -> Any:
            x = self.backbone(images=x)
            x = self.flatten(self.max_pool(x))
            return self.fc(x)

    # Initialize a trainable, customizable, torch.nn.Module
    classifier = PerceiverIOClassifier()
    x = torch.rand((1, 3, 32, 32))
    ret = classifier(x)
    assert ret.shape == (1, 20)

    features = perceiver_backbone.apply(params, images=jnp.asarray(x.numpy()))
    np.testing.assert_allclose(backbone(images=x).detach().numpy(), np.asarray(features), rtol=1e-4, atol=1e-5)
    count = sum(p.size for p in jax.tree_util.tree_leaves(params))
    assert sum(p.numel() for p in backbone.parameters()) == count
    ret.square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().max() > 0 for p in classifier.parameters() if p.requires_grad)


@pytest.mark.downstream
def test_kornia_in_a_composite(raw_image: Any) -> None:
    kornia = original = pytest.importorskip("kornia")

    # transpile module lazily
    kornia = ivy.transpile(kornia, to="jax")

    # load image into jax
    img = jnp.array(raw_image) / 255
    img = jnp.expand_dims(jnp.transpose(img, (2, 0, 1)), 0)

    # custom composite
    def dilate_edges(img: Any) -> Any:
        edges = kornia.filters.canny(img)[1]
        return kornia.morphology.dilation(edges, jnp.ones((7, 7)))

    # dilate edges
    dilate_edges(img)  # slow, transpiling
    new_img = dilate_edges(img)  # fast, transpiled
    assert isinstance(new_img, jax.Array)
    edges = original.filters.canny(torch.from_numpy(np.array(img)))[1]
    expected = original.morphology.dilation(edges, torch.ones((7, 7)))
    assert 0 < expected.mean() < 1
    np.testing.assert_allclose(np.asarray(new_img), expected.numpy(), atol=1e-6)
