"""Composites that a source writes out become the one call that they are, and nothing else does."""

from __future__ import annotations

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ivy

_WRITTEN_OUT = {"rsqrt", "sqrt", "exp", "square", "erf", "erfc", "tanh", "sigmoid", "softmax", "einsum"}


def _calls(converted: Any) -> set[str]:
    return {n.fn.removeprefix("ivy.") for n in converted.graph.stages["ivy"].calls()}


# -- layers of the frameworks -----------------------------------------------------------------------------------------


def _nnx(make: Callable[[Any, Any, Any], Any]) -> Callable[..., Any]:
    def build(dtype: Any, x: Any) -> Any:
        from flax import nnx

        definition, state = nnx.split(make(nnx, nnx.Rngs(0), dtype))
        return lambda p, x: nnx.merge(definition, nnx.State(p))(x), nnx.to_pure_dict(state)

    return build


def _linen(make: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def build(dtype: Any, x: Any) -> Any:
        import jax
        from flax import linen

        layer = make(linen, dtype)
        return lambda p, x: layer.apply(p, x), layer.init(jax.random.key(0), x)

    return build


def _haiku(make: Callable[[Any], Any]) -> Callable[..., Any]:
    def build(dtype: Any, x: Any) -> Any:
        import haiku
        import jax

        pure = haiku.without_apply_rng(haiku.transform(lambda x: make(haiku)(x)))
        params = pure.init(jax.random.key(0), x)
        return pure.apply, jax.tree.map(lambda a: a.astype(dtype), params)

    return build


def _attention(haiku: Any) -> Any:
    layer = haiku.MultiHeadAttention(2, 4, w_init=haiku.initializers.RandomNormal(0.3))
    return lambda x: layer(x, x, x)


JAX_LAYERS: dict[str, tuple[Callable[..., Any], str]] = {
    "nnx.LayerNorm": (_nnx(lambda nnx, r, t: nnx.LayerNorm(8, dtype=t, rngs=r)), "layer_norm"),
    "nnx.LayerNorm exact": (
        _nnx(lambda nnx, r, t: nnx.LayerNorm(8, dtype=t, use_fast_variance=False, rngs=r)),
        "layer_norm",
    ),
    "nnx.LayerNorm plain": (
        _nnx(lambda nnx, r, t: nnx.LayerNorm(8, dtype=t, use_bias=False, use_scale=False, rngs=r)),
        "layer_norm",
    ),
    "nnx.RMSNorm": (_nnx(lambda nnx, r, t: nnx.RMSNorm(8, dtype=t, rngs=r)), "rms_norm"),
    "nnx.GroupNorm": (_nnx(lambda nnx, r, t: nnx.GroupNorm(8, num_groups=2, dtype=t, rngs=r)), "group_norm"),
    "nnx.BatchNorm": (_nnx(lambda nnx, r, t: nnx.BatchNorm(8, dtype=t, rngs=r)), "batch_norm_train"),
    "nnx.BatchNorm eval": (
        _nnx(lambda nnx, r, t: nnx.BatchNorm(8, use_running_average=True, dtype=t, rngs=r)),
        "batch_norm",
    ),
    "nnx.Linear": (_nnx(lambda nnx, r, t: nnx.Linear(8, 5, dtype=t, rngs=r)), "linear"),
    "nnx.LinearGeneral": (_nnx(lambda nnx, r, t: nnx.LinearGeneral(8, (2, 3), dtype=t, rngs=r)), "linear"),
    "nnx.Conv": (_nnx(lambda nnx, r, t: nnx.Conv(8, 4, (3,), dtype=t, rngs=r)), "conv"),
    "nnx.MultiHeadAttention": (
        _nnx(lambda nnx, r, t: nnx.MultiHeadAttention(2, 8, 8, decode=False, dtype=t, rngs=r)),
        "scaled_dot_product_attention",
    ),
    "linen.LayerNorm": (_linen(lambda nn, t: nn.LayerNorm(dtype=t)), "layer_norm"),
    "linen.RMSNorm": (_linen(lambda nn, t: nn.RMSNorm(dtype=t)), "rms_norm"),
    "linen.GroupNorm": (_linen(lambda nn, t: nn.GroupNorm(2, dtype=t)), "group_norm"),
    "linen.BatchNorm": (_linen(lambda nn, t: nn.BatchNorm(use_running_average=True, dtype=t)), "batch_norm"),
    "linen.Dense": (_linen(lambda nn, t: nn.Dense(5, dtype=t)), "linear"),
    "linen.DenseGeneral": (_linen(lambda nn, t: nn.DenseGeneral((2, 3), dtype=t)), "linear"),
    "linen.ConvTranspose": (_linen(lambda nn, t: nn.ConvTranspose(4, (3,), dtype=t)), "conv"),
    "linen.SelfAttention": (_linen(lambda nn, t: nn.SelfAttention(2, dtype=t)), "scaled_dot_product_attention"),
    "haiku.LayerNorm": (_haiku(lambda hk: hk.LayerNorm(-1, True, True)), "layer_norm"),
    "haiku.RMSNorm": (_haiku(lambda hk: hk.RMSNorm(-1)), "rms_norm"),
    "haiku.GroupNorm": (_haiku(lambda hk: hk.GroupNorm(2)), "group_norm"),
    "haiku.Linear": (_haiku(lambda hk: hk.Linear(5)), "linear"),
    "haiku.Conv1D": (_haiku(lambda hk: hk.Conv1D(4, 3)), "conv"),
    "haiku.MultiHeadAttention": (_haiku(_attention), "scaled_dot_product_attention"),
}
_FLOAT32_ONLY = ("Attention", "haiku.LayerNorm", "haiku.RMSNorm", "haiku.GroupNorm")
"""Layers whose half-precision form rounds in between."""


def _loss(y: Any, weight: Any) -> Any:
    return (y * weight).sum()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("name", JAX_LAYERS)
def test_layers_of_jax_are_the_composites(name: str, dtype: str) -> None:
    import jax
    import jax.numpy as jnp
    import torch

    build, composite = JAX_LAYERS[name]
    x = jnp.asarray(np.random.default_rng(1).normal(size=(2, 6, 8)) + 0.5, dtype)
    apply, params = build(jnp.dtype(dtype), x)
    params = jax.tree.map(lambda a: a + 0.3 * jnp.cos(jnp.arange(a.size, dtype=a.dtype)).reshape(a.shape), params)
    converted = ivy.transpile(apply, source="jax", to="torch", args=(params, x), debug_mode=True)
    calls = _calls(converted)
    if dtype == "float32" or not any(word in name for word in _FLOAT32_ONLY):
        assert composite in calls
        assert not calls & _WRITTEN_OUT
    expected = apply(params, x)
    weight = jnp.sin(jnp.arange(expected.size, dtype=jnp.float32)).reshape(expected.shape)
    gradients = jax.grad(lambda p, x: _loss(apply(p, x).astype(jnp.float32), weight), (0, 1))(params, x)

    leaf = lambda a: torch.tensor(np.asarray(a, "float32")).to(getattr(torch, str(a.dtype))).requires_grad_()
    given, tx = jax.tree.map(leaf, params), leaf(x)
    y = converted(given, tx)
    tolerance = {"float32": 1e-5, "bfloat16": 4e-2}[dtype]
    assert str(y.dtype).removeprefix("torch.") == str(expected.dtype)
    _close(y, expected, tolerance)
    _loss(y.float(), torch.tensor(np.asarray(weight))).backward()
    _close(tx.grad, gradients[1], 10 * tolerance)
    for a, g in zip(jax.tree.leaves(given), jax.tree.leaves(gradients[0]), strict=True):
        _close(torch.zeros_like(a) if a.grad is None else a.grad, g, 10 * tolerance)


def _close(x: Any, y: Any, tolerance: float) -> None:
    left, right = np.asarray(x.detach().float()), np.asarray(y, "float32")
    assert left.shape == right.shape
    np.testing.assert_allclose(left, right, rtol=tolerance, atol=tolerance * max(1.0, float(np.abs(right).max())))


KERAS_LAYERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "LayerNormalization": (lambda layers: layers.LayerNormalization(), "layer_norm"),
    "RMSNormalization": (lambda layers: layers.RMSNormalization(), "rms_norm"),
    "GroupNormalization": (lambda layers: layers.GroupNormalization(2), "group_norm"),
    "BatchNormalization": (lambda layers: layers.BatchNormalization(), "batch_norm"),
    "Dense gelu": (lambda layers: layers.Dense(4, activation="gelu"), "gelu"),
    "Conv1D silu": (lambda layers: layers.Conv1D(4, 3, activation="silu"), "silu"),
    "EinsumDense": (lambda layers: layers.EinsumDense("abc,cde->abde", (6, 2, 3), bias_axes="de"), "linear"),
}


@pytest.mark.parametrize("target", ["torch", "jax"])
@pytest.mark.parametrize("name", KERAS_LAYERS)
def test_layers_of_keras_are_the_composites(name: str, target: str) -> None:
    import keras
    import tensorflow as tf

    make, composite = KERAS_LAYERS[name]
    x = np.random.default_rng(1).normal(size=(2, 6, 8)).astype("float32")
    layer = make(keras.layers)
    layer(tf.constant(x))
    for v in layer.weights:
        v.assign(v + 0.3 * tf.reshape(tf.cos(tf.range(float(np.prod(v.shape)))), v.shape))
    converted = ivy.transpile(layer, to=target, args=(tf.constant(x),), debug_mode=True)
    calls = _calls(converted)
    assert composite in calls
    assert not calls & _WRITTEN_OUT
    given = ivy.backend.get_backend(target).module.from_foreign(x)
    np.testing.assert_allclose(_numpy(converted(given)), layer(tf.constant(x)).numpy(), rtol=1e-5, atol=1e-5)


def _numpy(x: Any) -> Any:
    return x.detach().numpy() if hasattr(x, "detach") else np.asarray(x)


# -- near misses ------------------------------------------------------------------------------------------------------

_N = 4  # of every axis, so that a wrong one fits as well


def _reduced(rng: random.Random, x: Any, reduce: Callable[..., Any], axis: int) -> Any:
    """Reduce an axis and put one of size one there, or somewhere else."""
    if rng.random() < 0.5:
        return reduce(x, axis=axis, keepdims=True)
    place = axis if rng.random() < 0.7 else rng.randrange(x.ndim)
    return ivy.expand_dims(reduce(x, axis=axis), axis=place)


def _axis(rng: random.Random, usual: int) -> int:
    return usual if rng.random() < 0.8 else rng.randrange(3)


def _row(rng: random.Random, w: Any) -> Any:
    return w if rng.random() < 0.7 else ivy.reshape(w, rng.choice([(_N, 1), (_N, 1, 1), (1, _N)]))


def _norm(rng: random.Random, x: Any, y: Any, w: Any) -> Any:
    axis, other = rng.randrange(3), lambda: x if rng.random() < 0.9 else y
    mean = _reduced(rng, other(), ivy.mean, _axis(rng, axis))
    if rng.random() < 0.5:
        variance = _reduced(rng, ivy.square(other() - mean), ivy.mean, _axis(rng, axis))
    else:
        square = _reduced(rng, ivy.square(other()), ivy.mean, _axis(rng, axis))
        variance = ivy.maximum(0.0, square - ivy.square(mean))
    root = ivy.rsqrt(variance + 1e-3)
    centred = other() - mean if rng.random() < 0.8 else other()
    result = centred * (root * _row(rng, w)) if rng.random() < 0.5 else centred * root * _row(rng, w)
    result = result + _row(rng, w) if rng.random() < 0.7 else result
    return (result, mean) if rng.random() < 0.1 else result


def _soft(rng: random.Random, x: Any, y: Any, w: Any) -> Any:
    axis = rng.randrange(3)
    raised = ivy.exp(x - ivy.stop_gradient(_reduced(rng, x if rng.random() < 0.9 else y, ivy.max, _axis(rng, axis))))
    return raised / _reduced(rng, raised, ivy.sum, _axis(rng, axis))


def _attend(rng: random.Random, x: Any, y: Any, w: Any) -> Any:
    def letters(usual: str) -> str:
        return usual if rng.random() < 0.6 else "".join(rng.sample(usual, len(usual)))

    q, k = letters("btd"), letters("bsd")
    logits = ivy.einsum(f"{q},{k}->{letters('bts')}", x, y) * rng.choice([0.5, 1.0])
    if rng.random() < 0.3:
        logits = logits + (y if rng.random() < 0.5 else w)
    if rng.random() < 0.3:
        logits = ivy.where(y > -0.5, logits, -1e9)
    weights = ivy.softmax(logits, axis=rng.choice([-1, -1, -1, 1]))
    return ivy.einsum(f"{letters('bts')},{letters('bse')}->{letters('bte')}", weights, x)


def _biased(rng: random.Random, x: Any, y: Any, w: Any) -> Any:
    weight = y[0]
    kind = rng.randrange(3)
    if kind == 0:
        product = ivy.matmul(x, weight)
    elif kind == 1:
        product = ivy.linear(x, weight)
    else:
        product = ivy.conv(x, y[:, :, :1], data_format=rng.choice(["channels_first", "channels_last"]))
    product = product + _row(rng, w) if rng.random() < 0.8 else _row(rng, w) + product
    return ivy.reshape(product, (2, 2, _N, _N)) + w if rng.random() < 0.3 else product


def _gates(rng: random.Random, x: Any, y: Any, w: Any) -> Any:
    one, two = x, x if rng.random() < 0.8 else y
    half, factor = rng.choice([0.5, 0.5, 0.6]), rng.choice([0.5**0.5, 0.5**0.5, 0.7])
    return rng.choice([
        lambda: one * ivy.sigmoid(two),
        lambda: half * one * (1.0 + ivy.erf(two * factor)),
        lambda: one * (half * ivy.erfc(-two * factor)),
        lambda: half * one * (1.0 + ivy.tanh(0.7978845608 * (two + 0.044715 * two * one * two))),
        lambda: one * half * (1.0 + ivy.tanh(0.7978845608 * (two + 0.044715 * ivy.pow(two, 3)))),
    ])()  # fmt: skip


@pytest.mark.parametrize("program", [_norm, _soft, _attend, _biased, _gates])
def test_programs_like_composites_keep_their_values(program: Callable[..., Any]) -> None:
    fused = 0
    for seed in range(60):
        arrays = [np.random.default_rng(seed).normal(size=s).astype("float32") for s in ((_N,) * 3, (_N,) * 3, (_N,))]
        run = lambda x, y, w, seed=seed: program(random.Random(seed), x, y, w)
        expected = run(*arrays)
        converted = ivy.transpile(run, source="ivy", to="numpy", args=tuple(arrays), debug_mode=True)
        got = converted(*arrays)
        for a, b in zip(*((r if isinstance(r, tuple) else (r,)) for r in (got, expected)), strict=True):
            np.testing.assert_allclose(np.asarray(a), np.asarray(b), rtol=1e-4, atol=1e-4, err_msg=f"seed {seed}")
        names = {
            "layer_norm",
            "batch_norm",
            "batch_norm_train",
            "softmax",
            "scaled_dot_product_attention",
            "silu",
            "gelu",
        }
        calls = list(converted.graph.stages["ivy"].calls())
        fused += any(n.fn.removeprefix("ivy.") in names or len(n.args) == 3 for n in calls)
    assert fused >= 5


def test_a_value_that_is_used_elsewhere_stays() -> None:
    def f(x: Any) -> Any:
        s = ivy.sigmoid(x)
        return x * s, s

    converted = ivy.transpile(f, source="ivy", to="torch", args=(np.ones(3, "float32"),), debug_mode=True)
    assert _calls(converted) == {"sigmoid", "multiply"}


def test_norms_over_channels_leave_images_where_they_are() -> None:
    def f(x: Any, w: Any, s: Any, b: Any) -> Any:
        y = ivy.layer_norm(ivy.conv(x, w, padding=1), s, b, axes=1)
        return ivy.conv(ivy.relu(ivy.rms_norm(y, s, axes=-3)), w, padding=1)

    generator = np.random.default_rng(0)
    arrays = [generator.normal(size=s).astype("float32") for s in ((2, 4, 6, 6), (4, 4, 3, 3), (4,), (4,))]
    converted = ivy.transpile(f, source="ivy", to="jax", args=tuple(arrays))
    assert sum("transpose" in n.fn for n in converted.graph.nodes) == 2
    np.testing.assert_allclose(converted(*arrays), f(*arrays), rtol=1e-4, atol=1e-4)
