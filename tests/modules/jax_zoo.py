"""JAX models of every module system, as (callable of JAX arrays in eval mode, what to transpile, its params_v, input)."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx

IMAGES = jax.random.normal(jax.random.key(0), (2, 8, 8, 3))
SEQUENCE = jax.random.normal(jax.random.key(1), (2, 5, 8))


def scramble(tree: Any) -> Any:
    """Make every weight and statistic random, so that nothing is compared on zeros."""
    leaves, spec = jax.tree.flatten(tree)
    rng = np.random.default_rng(9)  # not jax.random: it would compile for every shape
    new = [
        jnp.asarray(np.abs(rng.normal(size=x.shape) * 0.5) + 0.1, x.dtype)
        if jnp.issubdtype(x.dtype, jnp.floating)
        else x
        for x in leaves
    ]
    return jax.tree.unflatten(spec, new)


# -- nnx ---------------------------------------------------------------------------------------------------------------


class NnxCNN(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.conv = nnx.Conv(3, 8, (3, 3), strides=2, rngs=rngs)
        self.bn = nnx.BatchNorm(8, momentum=0.8, rngs=rngs)
        self.up = nnx.ConvTranspose(8, 6, (2, 2), strides=2, rngs=rngs)
        self.blocks = nnx.List([nnx.Linear(6, 6, rngs=rngs), nnx.Linear(6, 6, rngs=rngs)])
        self.drop = nnx.Dropout(0.5, rngs=rngs)
        self.fc = nnx.Linear(6, 4, rngs=rngs)

    def __call__(self, x):
        x = self.up(nnx.relu(self.bn(self.conv(x)))).mean((1, 2))
        for block in self.blocks:
            x = x + nnx.silu(block(x))
        return self.fc(self.drop(x))


class NnxAttention(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.norm = nnx.LayerNorm(8, rngs=rngs)
        self.attention = nnx.MultiHeadAttention(2, 8, decode=False, rngs=rngs)
        self.mlp = nnx.Sequential(nnx.Linear(8, 16, rngs=rngs), nnx.gelu, nnx.Linear(16, 8, rngs=rngs))

    def __call__(self, x):
        x = x + self.attention(self.norm(x))
        return x + self.mlp(x)


class NnxRNN(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.rnn = nnx.RNN(nnx.LSTMCell(8, 6, rngs=rngs))
        self.fc = nnx.Linear(6, 3, rngs=rngs)

    def __call__(self, x):
        return self.fc(self.rnn(x)[:, -1])


def _nnx(cls: Any, x: Any) -> Any:
    model = cls(nnx.Rngs(0))
    nnx.update(model, scramble(nnx.state(model, nnx.Not(nnx.RngState))))
    model.eval()
    return model, model, None, x


# -- linen -------------------------------------------------------------------------------------------------------------


class LinenCNN(linen.Module):
    @linen.compact
    def __call__(self, x, train: bool):
        x = linen.Conv(8, (3, 3), strides=2)(x)
        x = linen.relu(linen.BatchNorm(use_running_average=not train, momentum=0.8)(x))
        x = linen.ConvTranspose(6, (2, 2), strides=(2, 2))(x).mean((1, 2))
        x = linen.Dropout(0.5, deterministic=not train)(x)
        return linen.Dense(4, name="head")(x)


class LinenBlock(linen.Module):
    deterministic: bool = True

    @linen.compact
    def __call__(self, x):
        y = linen.SelfAttention(2, deterministic=self.deterministic)(linen.LayerNorm()(x))
        return x + linen.Dropout(0.5, deterministic=self.deterministic)(linen.DenseGeneral((2, 4))(y).reshape(x.shape))


class LinenRNN(linen.Module):
    @linen.compact
    def __call__(self, x):
        return linen.Dense(3)(linen.RNN(linen.GRUCell(6))(x))


def _linen(model: Any, x: Any, **how: Any) -> Any:
    variables = scramble(model.init(jax.random.key(0), x, **how))
    return (lambda x: model.apply(variables, x, **how)), model, variables, x


# -- haiku -------------------------------------------------------------------------------------------------------------


def _haiku_cnn(x, is_training=False):
    x = hk.Conv2D(8, 3, stride=2, with_bias=False)(x)
    x = jax.nn.relu(hk.BatchNorm(True, True, 0.8)(x, is_training))
    x = hk.Conv2DTranspose(6, 2, stride=2)(x).mean((1, 2))
    x = hk.dropout(hk.next_rng_key(), 0.5, x) if is_training else x
    return hk.nets.MLP([8, 4])(x)


class Block(hk.Module):
    def __init__(self, name=None):
        super().__init__(name=name)
        self.attention = hk.MultiHeadAttention(2, 4, w_init=hk.initializers.VarianceScaling(1.0), model_size=8)

    def __call__(self, x):
        norm = hk.LayerNorm(-1, True, True)
        x = x + self.attention(norm(x), norm(x), norm(x))
        return x + hk.nets.MLP([16, 8], activation=jax.nn.gelu)(x)


def _haiku_lstm(x):
    core = hk.LSTM(6)
    out, _ = hk.dynamic_unroll(core, x.swapaxes(0, 1), core.initial_state(x.shape[0]))
    return hk.Linear(3)(out.swapaxes(0, 1))


def _haiku(f: Any, x: Any, *init: Any) -> Any:
    t = hk.transform(f)
    params = scramble(t.init(jax.random.PRNGKey(0), x, *init))
    return (lambda x: t.apply(params, None, x)), t, params, x


def _haiku_with_state(f: Any, x: Any, *init: Any) -> Any:
    t = hk.transform_with_state(f)
    params, state = scramble(t.init(jax.random.PRNGKey(0), x, *init))
    return (lambda x: t.apply(params, state, None, x)[0]), t, (params, state), x


# -- equinox -----------------------------------------------------------------------------------------------------------


class EqxNet(eqx.Module):
    conv: eqx.nn.Conv2d
    mlp: eqx.nn.MLP
    drop: eqx.nn.Dropout
    table: dict

    def __init__(self, key):
        self.conv = eqx.nn.Conv2d(8, 6, 3, key=key)
        self.mlp = eqx.nn.MLP(6, 4, 16, 2, key=key)
        self.drop = eqx.nn.Dropout(0.5)
        self.table = {"scale": jnp.ones(6), "shift": jnp.zeros(6)}

    def __call__(self, x, key=None):
        x = self.conv(x).mean((1, 2)) * self.table["scale"] + self.table["shift"]
        return self.mlp(self.drop(x, key=key))


def _eqx() -> Any:
    model = EqxNet(jax.random.key(0))
    arrays, static = eqx.partition(model, eqx.is_array)
    model = eqx.combine(scramble(arrays), static)
    return eqx.nn.inference_mode(model), model, None, IMAGES.swapaxes(1, 3)[0].repeat(3, 0)[:8]


MODELS: dict[str, Any] = {
    "nnx_cnn": lambda: _nnx(NnxCNN, IMAGES),
    "nnx_attention": lambda: _nnx(NnxAttention, SEQUENCE),
    "nnx_rnn": lambda: _nnx(NnxRNN, SEQUENCE),
    "linen_cnn": lambda: _linen(LinenCNN(), IMAGES, train=False),
    "linen_block": lambda: _linen(LinenBlock(), SEQUENCE),
    "linen_rnn": lambda: _linen(LinenRNN(), SEQUENCE),
    "haiku_cnn": lambda: _haiku_with_state(_haiku_cnn, IMAGES, True),
    "haiku_transformer": lambda: _haiku(lambda x: Block()(x), SEQUENCE),
    "haiku_lstm": lambda: _haiku(_haiku_lstm, SEQUENCE),
    "equinox": _eqx,
}
"""Name -> maker of (evaluation, what to transpile, params_v, input)."""
