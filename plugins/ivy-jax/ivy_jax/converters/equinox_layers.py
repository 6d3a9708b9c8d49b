"""Equinox's standard layers: what they mean (`recognise`), and Equinox's own layer for a meaning (`build`).

Equinox's layers take single examples. Those that are built are subclasses that take data with any axes of a batch, as
the source's layer does; their parameters are Equinox's, but for the bias of a convolution, which has one axis.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp

from ivy.stateful.layers import Layer, Native, like, roles, same_pairs

__all__ = ["build", "recognise"]

WEIGHTS: dict[str, dict[str, tuple[str, str | None]]] = {
    "linear": {"kernel": ("weight", "OI"), "bias": ("bias", None)},
    "conv": {"kernel": ("weight", "OI*"), "bias": ("bias", None)},
    "embedding": {"kernel": ("weight", None)},
    "layer_norm": {"scale": ("weight", None), "bias": ("bias", None)},
    "rms_norm": {"scale": ("weight", None)},
    "group_norm": {"scale": ("weight", None), "bias": ("bias", None)},
}

Config = dict[str, Any]

# -- what a layer means -----------------------------------------------------------------------------------------------


def recognise(part: Any) -> Layer | None:
    """Return what an Equinox module means, if it is a standard layer and nothing else.

    Args:
        part: any module.

    Returns:
        Its normal form; None for subclasses of the layers, and for layers that would mean something else for data
        without a batch in other systems (group norm), or store a weight in another shape (a convolution's bias).

    Example:
        >>> import equinox as eqx, jax
        >>> from ivy_jax.converters.equinox_layers import recognise
        >>> recognise(eqx.nn.Linear(3, 4, key=jax.random.key(0))).config
        {'in': 3, 'out': 4, 'bias': True, 'dtype': 'float32'}
    """
    found = _READ.get(type(part))
    if found is None:
        return None
    kind, read = found
    config = read(part)
    if config is None:
        return None
    weights = roles(WEIGHTS.get(kind, {}), config)
    values = [getattr(part, name) for name, _ in weights.values()]
    if not all(isinstance(x, (jax.Array, jax.ShapeDtypeStruct)) for x in values):
        return None
    if values:
        config["dtype"] = str(values[0].dtype)
    return Layer(kind, config, weights, kind == "dropout" and not part.inference)


def _linear(m: Any) -> Config | None:
    if "scalar" in (m.in_features, m.out_features):
        return None
    return {"in": m.in_features, "out": m.out_features, "bias": m.use_bias}


def _conv(m: Any) -> Config | None:
    if m.use_bias or m.padding == "SAME_LOWER":
        return None
    padding = m.padding
    if isinstance(padding, str):
        same = padding == "SAME"
        padding = same_pairs(m.kernel_size, m.dilation, m.stride) if same else ((0, 0),) * m.num_spatial_dims
    return {
        "in": m.in_channels,
        "out": m.out_channels,
        "kernel": tuple(m.kernel_size),
        "strides": tuple(m.stride),
        "padding": padding,
        "dilation": tuple(m.dilation),
        "groups": m.groups,
        "padding_mode": m.padding_mode.lower(),
        "bias": False,
        "channels": "first",
    }


def _layer_norm(m: Any) -> Config:
    return {"shape": tuple(m.shape), "eps": m.eps, "scale": m.use_weight, "bias": m.use_bias}


def _rms_norm(m: Any) -> Config | None:
    return None if m.use_bias else {"shape": tuple(m.shape), "eps": m.eps, "scale": m.use_weight}


_READ: dict[type, tuple[str, Callable[[Any], Config | None]]] = {
    eqx.nn.Linear: ("linear", _linear),
    **dict.fromkeys((eqx.nn.Conv1d, eqx.nn.Conv2d, eqx.nn.Conv3d), ("conv", _conv)),
    eqx.nn.Embedding: (
        "embedding",
        lambda m: {"num": m.num_embeddings, "features": m.embedding_size, "padding_idx": None},
    ),
    eqx.nn.LayerNorm: ("layer_norm", _layer_norm),
    eqx.nn.RMSNorm: ("rms_norm", _rms_norm),
    eqx.nn.Dropout: ("dropout", lambda m: {"rate": m.p, "shared": 0}),
    eqx.nn.Identity: ("identity", lambda m: {}),
}

# -- layers of data with a batch --------------------------------------------------------------------------------------


def _mapped(call: Callable[[Any], Any], x: Any, rank: int) -> Any:
    """Apply what takes single examples of `rank` axes to data with any axes before those."""
    for _ in range(x.ndim - rank):
        call = jax.vmap(call)
    return call(x)


class Linear(eqx.nn.Linear):
    """`eqx.nn.Linear` over the last axis."""

    def __call__(self, x: Any, *, key: Any = None) -> Any:
        """Return ``x @ weight.T + bias``."""
        y = jnp.matmul(x, self.weight.T)
        return y if self.bias is None else y + self.bias


class _Conv:
    def __call__(self, x: Any, *, key: Any = None) -> Any:
        """Convolve ``(..., channels, *spatial)``."""
        here: Any = self
        bias, rank = here.bias, here.num_spatial_dims
        single: Any = object.__new__(type(self))
        for name, value in {**vars(self), "use_bias": False}.items():
            object.__setattr__(single, name, value)
        y = _mapped(lambda one: super(_Conv, single).__call__(one), x, rank + 1)  # type: ignore[misc]
        return y if bias is None else y + bias.reshape(-1, *[1] * rank)


class Conv1d(_Conv, eqx.nn.Conv1d):
    """`eqx.nn.Conv1d` of data with a batch."""


class Conv2d(_Conv, eqx.nn.Conv2d):
    """`eqx.nn.Conv2d` of data with a batch."""


class Conv3d(_Conv, eqx.nn.Conv3d):
    """`eqx.nn.Conv3d` of data with a batch."""


class Embedding(eqx.nn.Embedding):
    """`eqx.nn.Embedding` of any number of indices; one row may get no gradient."""

    padding_idx: int | None = eqx.field(static=True, default=None)

    def __call__(self, x: Any, *, key: Any = None) -> Any:
        """Return the rows of the indices."""
        y = jnp.take(self.weight, x, axis=0)
        if self.padding_idx is None:
            return y
        return jnp.where((x == self.padding_idx)[..., None], jax.lax.stop_gradient(y), y)


class LayerNorm(eqx.nn.LayerNorm):
    """`eqx.nn.LayerNorm` over the last axes."""

    def __call__(self, x: Any, *, key: Any = None) -> Any:
        """Normalise ``(..., *shape)``."""
        return _mapped(super().__call__, x, len(self.shape))


class RMSNorm(eqx.nn.RMSNorm):
    """`eqx.nn.RMSNorm` over the last axes."""

    def __call__(self, x: Any, *, key: Any = None) -> Any:
        """Normalise ``(..., *shape)``."""
        return _mapped(super().__call__, x, len(self.shape))


class GroupNorm(eqx.nn.GroupNorm):
    """`eqx.nn.GroupNorm` of data with a batch."""

    def __call__(self, x: Any, *, key: Any = None) -> Any:
        """Normalise ``(batch, channels, ...)``."""
        return _mapped(super().__call__, x, x.ndim - 1)


# -- Equinox's layer for a meaning ------------------------------------------------------------------------------------

Built = tuple[type, Config, tuple[str, ...]]
"""Class, its fields, and which of those hold weights."""


def build(layer: Layer) -> Native | str:
    """Return Equinox's own layer of a meaning.

    Args:
        layer: the meaning.

    Returns:
        The layer, whose weights are None, or the reason why Equinox has none that is exactly the same.

    Example:
        >>> from ivy.stateful.layers import Layer
        >>> from ivy_jax.converters.equinox_layers import build
        >>> config = {"in": 3, "out": 4, "bias": False, "dtype": "float32"}
        >>> build(Layer("linear", config, {"kernel": ("weight", "OI")})).make().out_features
        4
    """
    made = _BUILD.get(layer.kind)
    if made is None:
        return f"equinox has no layer for {layer.kind} of this form"
    config = layer.config
    if config.get("compute") not in (None, config.get("dtype")):
        return f"it computes in {config['compute']} with weights of {config['dtype']}, equinox's in the weights' dtype"
    how = made(config)
    if isinstance(how, str):
        return how
    cls, fields = how
    weights = WEIGHTS.get(layer.kind, {})
    missing = layer.weights.keys() - weights.keys()
    if missing:
        return f"equinox's {cls.__name__} has no {', '.join(sorted(missing))}"
    kept = {role: weights[role] for role in layer.weights}

    def make() -> Any:
        new: Any = object.__new__(cls)
        empty = {name: None for name, _ in weights.values()}
        mode = {"inference": not layer.train} if layer.kind == "dropout" else {}
        for name, value in {**empty, **fields, **mode}.items():
            object.__setattr__(new, name, value)
        return new

    modes = {"inference": (True, False)} if layer.kind == "dropout" else {}
    return Native(cls, kept, make, like(make, [name for name, _ in kept.values()], modes=modes))


def _build_linear(c: Any) -> Any:
    return Linear, {"in_features": c["in"], "out_features": c["out"], "use_bias": c["bias"]}


def _build_conv(c: Any) -> Any:
    rank = len(c["kernel"])
    if c["channels"] == "last":
        return "equinox's convolutions have the channels first"
    if not 1 <= rank <= 3:
        return f"equinox has no convolution over {rank} axes"
    return (Conv1d, Conv2d, Conv3d)[rank - 1], {
        "num_spatial_dims": rank,
        "in_channels": c["in"],
        "out_channels": c["out"],
        "kernel_size": c["kernel"],
        "stride": c["strides"],
        "padding": "SAME" if c["padding"] == "same" else c["padding"],
        "dilation": c["dilation"],
        "groups": c["groups"],
        "use_bias": c["bias"],
        "padding_mode": c["padding_mode"].upper(),
    }


def _build_embedding(c: Any) -> Any:
    fields = {"num_embeddings": c["num"], "embedding_size": c["features"], "padding_idx": c["padding_idx"]}
    return Embedding, fields


def _build_layer_norm(c: Any) -> Any:
    return LayerNorm, {"shape": c["shape"], "eps": c["eps"], "use_weight": c["scale"], "use_bias": c["bias"]}


def _build_rms_norm(c: Any) -> Any:
    if c["eps"] is None:
        return "its epsilon is that of the data's dtype, equinox's is a number"
    return RMSNorm, {"shape": c["shape"], "eps": c["eps"], "use_weight": c["scale"], "use_bias": False, "bias": None}


def _build_group_norm(c: Any) -> Any:
    if c["channels"] == "last" or c["scale"] != c["bias"]:
        return "equinox's GroupNorm has the channels first, and both weight and bias or none of them"
    fields = {"groups": c["groups"], "channels": c["features"], "eps": c["eps"], "channelwise_affine": c["scale"]}
    return GroupNorm, fields


def _build_dropout(c: Any) -> Any:
    if c["shared"]:
        return "equinox's Dropout draws for each number"
    return eqx.nn.Dropout, {"p": c["rate"]}


_BUILD: dict[str, Callable[[Any], Any]] = {
    "linear": _build_linear,
    "conv": _build_conv,
    "embedding": _build_embedding,
    "layer_norm": _build_layer_norm,
    "rms_norm": _build_rms_norm,
    "group_norm": _build_group_norm,
    "dropout": _build_dropout,
    "identity": lambda c: (eqx.nn.Identity, {}),
}
