"""The advertised examples on modules, with random weights instead of downloads."""

from __future__ import annotations

import importlib.util
from typing import Any

import haiku as hk
import jax
import jax.numpy as jnp
import pytest
import torch
from flax import nnx

import ivy

from .conftest import assert_same, to_jax

pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")]


@pytest.mark.downstream
def test_timm_encoder_in_a_haiku_classifier() -> None:
    if importlib.util.find_spec("timm") is None:
        pytest.skip("timm is not installed")
    from ..models.zoo import _timm

    timm = _timm()
    mlp_encoder = timm.models.MlpMixer(num_classes=0, img_size=64, patch_size=32, embed_dim=32, num_blocks=2)
    source = mlp_encoder

    noise = torch.randn(1, 3, 64, 64)
    mlp_encoder = ivy.transpile(mlp_encoder, to="haiku", args=(noise,))

    class Classifier(hk.Module):
        def __init__(self, num_classes: int = 1000) -> None:
            super().__init__()
            self.encoder = mlp_encoder()
            self.fc = hk.Linear(output_size=num_classes, with_bias=True)

        def __call__(self, x: Any) -> Any:
            x = self.encoder(x)
            return self.fc(x)

    def _forward_classifier(x: Any) -> Any:
        module = Classifier()
        return module(x)

    rng_key = jax.random.PRNGKey(42)
    x = jax.random.uniform(key=rng_key, shape=(1, 3, 64, 64), dtype=jax.numpy.float32)
    forward_classifier = hk.transform(_forward_classifier)
    params = forward_classifier.init(rng=rng_key, x=x)
    ret = forward_classifier.apply(params, None, x)
    assert ret.shape == (1, 1000)
    stem = next(k for k in params if k.endswith("stem/proj"))
    assert stem.startswith("classifier/~/")
    assert params[stem]["weight"].shape[2:] == (3, 32)
    features = source(torch.from_numpy(jax.device_get(x).copy()))
    head = params["classifier/linear" if "classifier/linear" in params else "classifier/~/linear"]
    assert_same(ret, features.detach().numpy() @ jax.device_get(head["w"]) + jax.device_get(head["b"]))


@pytest.mark.downstream
def test_transformers_model_output_under_jit() -> None:
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        vocab_size=50,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model = transformers.BertModel(config).eval()
    inputs = {"input_ids": torch.randint(0, 50, (2, 7)), "attention_mask": torch.ones(2, 7, dtype=torch.int64)}
    expected = model(**inputs, output_hidden_states=True)
    converted = ivy.transpile(model, to="jax", kwargs={**inputs, "output_hidden_states": True})
    given = {k: jnp.asarray(v.numpy().astype("int32")) for k, v in inputs.items()}

    @nnx.jit
    def run(m: Any, given: Any) -> Any:
        return m(**given, output_hidden_states=True)

    for out in (converted(**given, output_hidden_states=True), run(converted, given)):
        assert type(out) is type(expected)
        assert_same(out.last_hidden_state, expected.last_hidden_state)
        assert_same(out["pooler_output"], expected.pooler_output)
        assert len(out.hidden_states) == 3


def test_article_on_ivy_modules() -> None:
    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self._linear = torch.nn.Linear(3, 3)

        def forward(self, x: Any) -> Any:
            return self._linear(x)

    x = torch.tensor([1.0, 2.0, 3.0])
    net = Network()
    graph = ivy.compile_graph(net, x).to_backend("jax")
    assert_same(graph(jnp.array([1.0, 2.0, 3.0])), net(x))

    model = ivy.to_ivy_module(net)
    model = model.compile_graph()
    model = model.to_backend("jax")
    target = jnp.array([0.0])

    def loss_fn(v: Any) -> Any:
        out = model(to_jax(x), v=v)
        return ((out - target) ** 2).mean()

    losses = []
    for _ in range(10):
        loss, grads = jax.value_and_grad(loss_fn)(model.v)
        model.v = {k: p - 0.01 * grads[k] for k, p in model.v.items()}
        losses.append(float(loss))
    assert losses[-1] < losses[0]
    native = model.to_haiku_module()
    t = hk.without_apply_rng(hk.transform(lambda: native(to_jax(x))))
    assert_same(t.apply(t.init(jax.random.PRNGKey(0))), model(to_jax(x)))
