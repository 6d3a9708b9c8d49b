"""JAX models of every module system with random weights, each as a pure function of named parameters and statistics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx
from flax.traverse_util import flatten_dict, unflatten_dict

Arrays = Mapping[str, Any]


@dataclass(frozen=True)
class Model:
    """A model in its own system.

    Args:
        obj: what to transpile.
        params_v: its variables, None if it holds them itself.
        apply: ``apply(parameters, statistics, x, train) -> (output, new statistics)``, by name.
        params: trainable arrays by the name that they are to have in torch.
        stats: the other state, likewise.
        x: NumPy input.
        trains: keyword arguments of a call in training mode, for systems without a mode of their own.
    """

    obj: Any
    params_v: Any
    apply: Callable[[Arrays, Arrays, Any, bool], tuple[Any, Arrays]]
    params: Arrays
    stats: Arrays
    x: np.ndarray


def images(size: int, batch: int = 2) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(batch, size, size, 3)).astype("float32")


def sequence(width: int, length: int = 7, batch: int = 3) -> np.ndarray:
    return np.random.default_rng(2).normal(size=(batch, length, width)).astype("float32")


def tokens(count: int = 31, length: int = 9, batch: int = 2) -> np.ndarray:
    return np.random.default_rng(3).integers(0, count, (batch, length)).astype("int32")


def randomise(tree: Any) -> Any:
    """Draw every float weight and statistic anew: variances and scales positive, matrices well conditioned."""
    r = np.random.default_rng(0)

    def draw(path: Any, x: Any) -> Any:
        name = jax.tree_util.keystr(path).lower()
        if not hasattr(x, "dtype") or not jnp.issubdtype(x.dtype, jnp.floating):
            return x
        noise = r.uniform(size=x.shape)
        if "var" in name or "scale" in name or ("ema" in name and "hidden" not in name):
            new = 0.5 + noise
        elif x.ndim >= 2 and "mean" not in name:
            inputs = np.prod(x.shape[:-1])
            new = (noise - 0.5) * np.sqrt(12.0 / inputs)
        else:
            new = (noise - 0.5) * 0.5
        return jnp.asarray(new, x.dtype)

    return jax.tree_util.tree_map_with_path(draw, tree)


# -- haiku -------------------------------------------------------------------------------------------------------------


def _haiku(f: Callable[..., Any], x: np.ndarray) -> Model:
    t = hk.transform_with_state(f)
    params, state = randomise(t.init(jax.random.PRNGKey(0), x, True))
    # a variance's moving average must be positive, hidden or not
    state = {
        m: {a: jnp.abs(v) + 0.5 if "var" in m and a != "counter" else v for a, v in s.items()} for m, s in state.items()
    }

    def named(tree: Any) -> dict[str, Any]:
        return {".".join([*(p for p in m.split("/") if p != "~"), a]): v for m, s in tree.items() for a, v in s.items()}

    def restored(tree: Any, arrays: Arrays) -> Any:
        names = iter(named(tree))
        return {m: {a: arrays[next(names)] for a in s} for m, s in tree.items()}

    def apply(p: Arrays, s: Arrays, x: Any, train: bool) -> Any:
        out, new = t.apply(restored(params, p), restored(state, s), None, x, train)
        return out, named(new)

    return Model(t, (params, state), apply, named(params), named(state), x)


class HaikuTransformer(hk.Module):
    """Token and position embeddings, two pre-norm blocks of causal attention, a head tied to the embeddings."""

    def __call__(self, ids: Any) -> Any:
        embed = hk.Embed(31, 16)
        x = embed(ids) + hk.get_parameter("positions", (9, 16), init=hk.initializers.RandomNormal())
        mask = jnp.tril(jnp.ones((1, 1, 9, 9)))
        for i in range(2):
            h = hk.LayerNorm(-1, True, True, name=f"norm_{i}")(x)
            x += hk.MultiHeadAttention(
                4, 4, model_size=16, w_init=hk.initializers.VarianceScaling(), name=f"attention_{i}"
            )(h, h, h, mask)
            x += hk.nets.MLP([32, 16], activation=jax.nn.gelu, name=f"mlp_{i}")(
                hk.LayerNorm(-1, True, True, name=f"norm_mlp_{i}")(x)
            )
        return hk.LayerNorm(-1, True, True, name="final")(x) @ embed.embeddings.T


def _haiku_lstm(x: Any, is_training: bool) -> Any:
    core = hk.DeepRNN([hk.LSTM(6), jax.nn.relu, hk.LSTM(5)])
    out, state = hk.dynamic_unroll(core, x.swapaxes(0, 1), core.initial_state(x.shape[0]))
    return hk.Linear(3)(out.swapaxes(0, 1)), state[0].cell


def _haiku_vq(x: Any, is_training: bool) -> Any:
    z = hk.Linear(8)(jax.nn.relu(hk.Linear(12)(x)))
    found = hk.nets.VectorQuantizerEMA(8, 16, 0.25, 0.9)(z, is_training)
    return {"reconstruction": hk.Linear(6)(found["quantize"]), "loss": found["loss"], "perplexity": found["perplexity"]}


# -- flax nnx ----------------------------------------------------------------------------------------------------------


class NnxCNN(nnx.Module):
    """Two convolutions with batch norm, one of them grouped, pooling and a head."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.conv = nnx.Conv(3, 8, (3, 3), rngs=rngs)
        self.norm = nnx.BatchNorm(8, momentum=0.8, rngs=rngs)
        self.depthwise = nnx.Conv(8, 16, (3, 3), strides=2, feature_group_count=8, use_bias=False, rngs=rngs)
        self.norm2 = nnx.BatchNorm(16, rngs=rngs)
        self.head = nnx.Linear(16, 5, rngs=rngs)

    def __call__(self, x: Any) -> Any:
        x = nnx.avg_pool(nnx.relu(self.norm(self.conv(x))), (2, 2), (2, 2))
        return self.head(nnx.silu(self.norm2(self.depthwise(x))).mean((1, 2)))


class NnxAttention(nnx.Module):
    """A pre-norm block of self-attention."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.norm = nnx.LayerNorm(8, rngs=rngs)
        self.attention = nnx.MultiHeadAttention(2, 8, decode=False, rngs=rngs)
        self.mlp = nnx.List([nnx.Linear(8, 16, rngs=rngs), nnx.Linear(16, 8, rngs=rngs)])

    def __call__(self, x: Any) -> Any:
        x = x + self.attention(self.norm(x))
        return x + self.mlp[1](nnx.gelu(self.mlp[0](x)))


class NnxRNN(nnx.Module):
    """A recurrent layer and a head."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.rnn = nnx.RNN(nnx.LSTMCell(8, 6, rngs=rngs))
        self.head = nnx.Linear(6, 3, rngs=rngs)

    def __call__(self, x: Any) -> Any:
        return self.head(self.rnn(x))


def _nnx(cls: Any, x: np.ndarray) -> Model:
    model = cls(nnx.Rngs(0))
    nnx.update(model, randomise(nnx.state(model, nnx.Any(nnx.Param, nnx.BatchStat))))

    def named(state: Any) -> dict[str, Any]:
        return {".".join(map(str, path)): leaf[...] for path, leaf in nnx.to_flat_state(state)}

    def apply(p: Arrays, s: Arrays, x: Any, train: bool) -> Any:
        graph, state = nnx.split(model)
        flat = [(k, v.replace({**p, **s}.get(".".join(map(str, k)), v[...]))) for k, v in nnx.to_flat_state(state)]
        made = nnx.merge(graph, nnx.from_flat_state(flat))
        (made.train if train else made.eval)()
        out = made(x)
        return out, named(nnx.state(made, nnx.BatchStat))

    return Model(model, None, apply, named(nnx.state(model, nnx.Param)), named(nnx.state(model, nnx.BatchStat)), x)


# -- flax linen --------------------------------------------------------------------------------------------------------


class LinenCNN(linen.Module):
    """Convolutions with batch norm, max pooling, a transposed convolution."""

    @linen.compact
    def __call__(self, x: Any, train: bool) -> Any:
        x = linen.Conv(8, (3, 3), use_bias=False)(x)
        x = linen.relu(linen.BatchNorm(use_running_average=not train, momentum=0.8)(x))
        x = linen.max_pool(x, (3, 3), (2, 2), "SAME")
        x = linen.ConvTranspose(6, (3, 3), strides=(2, 2))(x)
        x = linen.BatchNorm(use_running_average=not train)(x)
        return linen.Dense(4, name="head")(linen.gelu(x).mean((1, 2)))


class LinenAttention(linen.Module):
    """Cross-attention between halves of the sequence, with a mask."""

    @linen.compact
    def __call__(self, x: Any, train: bool) -> Any:
        y = linen.LayerNorm()(x)
        mask = linen.make_causal_mask(x[..., 0])
        x = x + linen.MultiHeadDotProductAttention(2, qkv_features=12)(y, y[::-1], mask=mask)
        return x + linen.Dense(8)(linen.swish(linen.Dense(16)(linen.RMSNorm()(x))))


class LinenRNN(linen.Module):
    """A recurrent layer, forwards and backwards."""

    @linen.compact
    def __call__(self, x: Any, train: bool) -> Any:
        forward, backward = linen.RNN(linen.GRUCell(6)), linen.RNN(linen.GRUCell(6), reverse=True, keep_order=True)
        return linen.Dense(3)(forward(x) + backward(x))


def _linen(model: linen.Module, x: np.ndarray) -> Model:
    variables = randomise(model.init(jax.random.key(0), x, train=False))
    stats = variables.get("batch_stats", {})

    def named(tree: Any) -> dict[str, Any]:
        return {".".join(path): v for path, v in flatten_dict(tree).items()}

    def nested(arrays: Arrays) -> Any:
        return unflatten_dict({tuple(k.split(".")): v for k, v in arrays.items()})

    def apply(p: Arrays, s: Arrays, x: Any, train: bool) -> Any:
        now = {"params": nested(p), "batch_stats": nested(s)}
        if not (train and stats):
            return model.apply(now, x, train=train), s
        out, new = model.apply(now, x, train=True, mutable=["batch_stats"])
        return out, named(new["batch_stats"])

    return Model(model, variables, apply, named(variables["params"]), named(stats), x)


# -- equinox -----------------------------------------------------------------------------------------------------------


class EqxNet(eqx.Module):
    """A convolution and a multilayer perceptron on a batch."""

    conv: eqx.nn.Conv2d
    norm: eqx.nn.LayerNorm
    mlp: eqx.nn.MLP

    def __init__(self, key: Any) -> None:
        self.conv = eqx.nn.Conv2d(3, 6, 3, stride=2, key=key)
        self.norm = eqx.nn.LayerNorm(6)
        self.mlp = eqx.nn.MLP(6, 4, 16, 2, key=key)

    def __call__(self, x: Any) -> Any:
        def one(image: Any) -> Any:
            return self.mlp(self.norm(jax.nn.relu(self.conv(image)).mean((1, 2))))

        return jax.vmap(one)(x.transpose(0, 3, 1, 2))


def _equinox(model: Any, x: np.ndarray) -> Model:
    arrays, static = eqx.partition(model, eqx.is_inexact_array)
    arrays = randomise(arrays)
    leaves, spec = jax.tree_util.tree_flatten_with_path(arrays)
    names = [jax.tree_util.keystr(path, simple=True, separator=".") for path, _ in leaves]

    def apply(p: Arrays, s: Arrays, x: Any, train: bool) -> Any:
        return eqx.combine(jax.tree.unflatten(spec, [p[n] for n in names]), static)(x), {}

    params = dict(zip(names, (v for _, v in leaves), strict=True))
    return Model(eqx.combine(arrays, static), None, apply, params, {}, x)


MODELS: dict[str, Callable[[], Model]] = {
    "haiku_mlp": lambda: _haiku(lambda x, is_training: hk.nets.MLP([16, 12, 4])(x), sequence(8)),
    "haiku_resnet18": lambda: _haiku(lambda x, is_training: hk.nets.ResNet18(7)(x, is_training), images(64)),
    "haiku_transformer": lambda: _haiku(lambda ids, is_training: HaikuTransformer()(ids), tokens()),
    "haiku_lstm": lambda: _haiku(_haiku_lstm, sequence(8)),
    "haiku_mobilenet": lambda: _haiku(
        lambda x, is_training: hk.nets.MobileNetV1((1, 2, 2), (8, 16, 16), num_classes=5)(x, is_training), images(32)
    ),
    "haiku_vq": lambda: _haiku(_haiku_vq, sequence(6)),
    "nnx_cnn": lambda: _nnx(NnxCNN, images(16)),
    "nnx_attention": lambda: _nnx(NnxAttention, sequence(8)),
    "nnx_rnn": lambda: _nnx(NnxRNN, sequence(8)),
    "linen_cnn": lambda: _linen(LinenCNN(), images(16)),
    "linen_attention": lambda: _linen(LinenAttention(), sequence(8)),
    "linen_rnn": lambda: _linen(LinenRNN(), sequence(8)),
    "equinox_net": lambda: _equinox(EqxNet(jax.random.key(0)), images(16)),
}
