"""flax nnx's standard layers: what they mean (`recognise`), and nnx's own layer for a meaning (`build`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from ivy.stateful.layers import Layer, Native, complement, like, roles, same_pairs, sizes

__all__ = ["build", "recognise"]

WEIGHTS: dict[str, dict[str, tuple[str, str | None]]] = {
    "linear": {"kernel": ("kernel", "IO"), "bias": ("bias", None)},
    "conv": {"kernel": ("kernel", "*IO"), "bias": ("bias", None)},
    "conv_transpose": {"kernel": ("kernel", "*OI"), "bias": ("bias", None)},
    "embedding": {"kernel": ("embedding", None)},
    "layer_norm": {"scale": ("scale", None), "bias": ("bias", None)},
    "rms_norm": {"scale": ("scale", None)},
    "batch_norm": {
        "scale": ("scale", None),
        "bias": ("bias", None),
        "mean": ("mean", None),
        "var": ("var", None),
    },
    "group_norm": {"scale": ("scale", None), "bias": ("bias", None)},
    "instance_norm": {"scale": ("scale", None), "bias": ("bias", None)},
    "prelu": {"slope": ("negative_slope", None)},
}

Config = dict[str, Any]

# -- what a layer means -----------------------------------------------------------------------------------------------


def recognise(part: Any) -> Layer | None:
    """Return what an nnx module means, if it is a standard layer and nothing else.

    Args:
        part: any module.

    Returns:
        Its normal form; None for subclasses of the layers, for what has further variables or functions of the user's,
        and for meanings that the normal form doesn't have.

    Example:
        >>> from flax import nnx
        >>> from ivy_jax.converters.nnx_layers import recognise
        >>> recognise(nnx.Linear(3, 4, rngs=nnx.Rngs(0))).config
        {'in': 3, 'out': 4, 'bias': True, 'dtype': 'float32'}
    """
    found = _READ.get(type(part))
    if found is None:
        return None
    kind, read = found
    if any(getattr(part, name, default) is not default for name, default in _DEFAULTS):
        return None
    config = read(part)
    if config is None:
        return None
    table = WEIGHTS.get(kind, {})
    if kind == "conv_transpose" and not part.transpose_kernel:
        table = {**table, "kernel": ("kernel", "*IO")}
    weights = roles(table, config)
    if "num_batches_tracked" in vars(part):
        weights["count"] = ("num_batches_tracked", None)
    own = {name for name, x in vars(part).items() if isinstance(x, (nnx.Variable, jax.Array, nnx.Module))}
    if own - {"rngs"} != {name for name, _ in weights.values()}:
        return None
    values = [getattr(part, name).get_value() for name, _ in weights.values()]
    if not all(isinstance(x, (jax.Array, jax.ShapeDtypeStruct)) for x in values):
        return None
    if values:
        config["dtype"] = str(values[0].dtype)
        compute = getattr(part, "dtype", None)
        if compute is not None and jnp.dtype(compute) != values[0].dtype:
            config["compute"] = str(jnp.dtype(compute))
    mode = {"dropout": "deterministic", "batch_norm": "use_running_average"}.get(kind)
    return Layer(kind, config, weights, mode is not None and not getattr(part, mode))


# what a user may have put in the place of the layer's own function, or of its numbers
_DEFAULTS: tuple[tuple[str, Any], ...] = (
    ("dot_general", jax.lax.dot_general),
    ("conv_general_dilated", jax.lax.conv_general_dilated),
    ("promote_dtype", nnx.nn.dtypes.promote_dtype),
    ("preferred_element_type", None),
    ("precision", None),
    ("mask", None),
    ("axis_name", None),
    ("axis_index_groups", None),
)


def _linear(m: Any) -> Config:
    return {"in": m.in_features, "out": m.out_features, "bias": m.use_bias}


def _conv(m: Any) -> Config | None:
    rank = len(m.kernel_size)
    strides, dilation = sizes(m.strides, rank), sizes(m.kernel_dilation, rank)
    padding, mode = _padding(m.padding, m.kernel_size, dilation, strides)
    if padding is None or any(i != 1 for i in sizes(m.input_dilation, rank)):
        return None
    return {
        "in": m.in_features,
        "out": m.out_features,
        "kernel": tuple(m.kernel_size),
        "strides": strides,
        "padding": padding,
        "dilation": dilation,
        "groups": m.feature_group_count,
        "padding_mode": mode,
        "bias": m.use_bias,
        "channels": "last",
    }


def _padding(given: Any, kernel: Any, dilation: tuple[int, ...], strides: tuple[int, ...]) -> tuple[Any, str]:
    rank = len(kernel)
    reach = [d * (k - 1) for k, d in zip(kernel, dilation)]
    if isinstance(given, str):
        found: Any = {
            "SAME": same_pairs(tuple(kernel), dilation, strides),
            "VALID": ((0, 0),) * rank,
            "CAUSAL": ((reach[0], 0),),
            "CIRCULAR": tuple((n // 2, (n + 1) // 2) for n in reach),
            "REFLECT": tuple((n // 2, (n + 1) // 2) for n in reach),
        }.get(given)
        return found, {"CIRCULAR": "circular", "REFLECT": "reflect"}.get(given, "zeros")
    pairs = (given,) * rank if isinstance(given, int) else tuple(given)
    return tuple((p, p) if isinstance(p, int) else tuple(p) for p in pairs), "zeros"


def _conv_transpose(m: Any) -> Config | None:
    rank = len(m.kernel_size)
    strides, dilation = sizes(m.strides, rank), sizes(m.kernel_dilation, rank)
    reach = [d * (k - 1) for k, d in zip(m.kernel_size, dilation)]
    padding: Any
    if m.padding == "VALID":  # all that any input reaches, and zeros up to whole strides
        padding = tuple((0, -max(s - 1 - n, 0)) for n, s in zip(reach, strides))
    elif m.padding == "SAME":
        padding = tuple(_same_cut(n + 1, s) for n, s in zip(reach, strides))
    elif isinstance(m.padding, str):
        return None
    else:
        pairs, _ = _padding(m.padding, m.kernel_size, dilation, strides)
        padding = tuple((n - a, n - b) for n, (a, b) in zip(reach, pairs))
    return {
        "in": m.in_features,
        "out": m.out_features,
        "kernel": tuple(m.kernel_size),
        "strides": strides,
        "padding": padding,
        "dilation": dilation,
        "groups": 1,
        "padding_mode": "zeros",
        "bias": m.use_bias,
        "channels": "last",
        "flipped": m.transpose_kernel,
    }


def _same_cut(kernel: int, stride: int) -> tuple[int, int]:
    """Return what ``"SAME"`` cuts from the output of a transposed convolution (as `jax.lax.conv_transpose`)."""
    total = kernel + stride - 2
    before = kernel - 1 if stride > kernel - 1 else -(-total // 2)
    return kernel - 1 - before, kernel - 1 - (total - before)


def _embedding(m: Any) -> Config | None:
    if jnp.dtype(m.dtype) != m.embedding.get_value().dtype:
        return None
    return {"num": m.num_embeddings, "features": m.features, "padding_idx": None}


def _layer_norm(m: Any) -> Config | None:
    if m.reduction_axes != -1 or m.feature_axes != -1:
        return None
    return {"shape": (m.num_features,), "eps": m.epsilon, "scale": m.use_scale, "bias": m.use_bias}


def _rms_norm(m: Any) -> Config | None:
    if m.reduction_axes != -1 or m.feature_axes != -1:
        return None
    return {"shape": (m.num_features,), "eps": m.epsilon, "scale": m.use_scale}


def _batch_norm(m: Any) -> Config | None:
    if m.axis != -1:
        return None
    return {
        "features": m.num_features,
        "eps": m.epsilon,
        "momentum": complement(m.momentum),
        "scale": m.use_scale,
        "bias": m.use_bias,
        "tracked": True,
        "unbiased": False,
        "rank": None,
        "channels": "last",
    }


def _group_norm(m: Any) -> Config | None:
    if m.reduction_axes is not None:
        return None
    return {
        "groups": m.num_groups,
        "features": m.num_groups * m.group_size,
        "eps": m.epsilon,
        "scale": m.use_scale,
        "bias": m.use_bias,
        "channels": "last",
    }


def _instance_norm(m: Any) -> Config | None:
    if m.feature_axes != -1:
        return None
    return {
        "features": m.num_features,
        "eps": m.epsilon,
        "scale": m.use_scale,
        "bias": m.use_bias,
        "channels": "last",
        "rank": None,
    }


def _dropout(m: Any) -> Config | None:
    return None if m.broadcast_dims else {"rate": m.rate, "shared": 0}


_READ: dict[type, tuple[str, Callable[[Any], Config | None]]] = {
    nnx.Linear: ("linear", _linear),
    nnx.Conv: ("conv", _conv),
    nnx.ConvTranspose: ("conv_transpose", _conv_transpose),
    nnx.Embed: ("embedding", _embedding),
    nnx.LayerNorm: ("layer_norm", _layer_norm),
    nnx.RMSNorm: ("rms_norm", _rms_norm),
    nnx.BatchNorm: ("batch_norm", _batch_norm),
    nnx.GroupNorm: ("group_norm", _group_norm),
    nnx.InstanceNorm: ("instance_norm", _instance_norm),
    nnx.Dropout: ("dropout", _dropout),
    nnx.PReLU: ("prelu", lambda m: {"num": 1}),
}

# -- layers with another layout or detail than flax's -----------------------------------------------------------------


class Conv(nnx.Conv):
    """`nnx.Conv` of data whose channels are first; it may pad in other ways than with zeros."""

    edges: Any = None

    def __call__(self, inputs: Any, out_sharding: Any = None) -> Any:
        """Convolve ``(batch, channels, *spatial)``, or the same without the batch."""
        at = -len(self.kernel_size) - 1
        x = jnp.moveaxis(inputs, at, -1)
        if self.edges is not None:
            pairs, mode = self.edges
            x = jnp.pad(x, [(0, 0)] * (x.ndim - len(pairs) - 1) + [*pairs, (0, 0)], mode=mode)
        return jnp.moveaxis(super().__call__(x, out_sharding), -1, at)


class ConvTranspose(nnx.ConvTranspose):
    """`nnx.ConvTranspose` of data whose channels are first."""

    def __call__(self, inputs: Any) -> Any:
        """Apply the transposed convolution to ``(batch, channels, *spatial)``, or the same without the batch."""
        at = -len(self.kernel_size) - 1
        return jnp.moveaxis(super().__call__(jnp.moveaxis(inputs, at, -1)), -1, at)


class Embed(nnx.Embed):
    """`nnx.Embed` with a row that gets no gradient."""

    padding_idx: int

    def __call__(self, inputs: Any, out_sharding: Any = None) -> Any:
        """Return the rows of the indices."""
        x = super().__call__(inputs, out_sharding)
        return jnp.where((inputs == self.padding_idx)[..., None], jax.lax.stop_gradient(x), x)


class BatchNorm(nnx.BatchNorm):
    """`nnx.BatchNorm` of data whose channels are first (axis 1).

    Its running variance may be the unbiased one (torch), and it may count its updates in `num_batches_tracked`.
    """

    unbiased = True
    rank: int | None = None

    def __call__(self, x: Any, use_running_average: bool | None = None, *, mask: Any = None) -> Any:
        """Normalise ``(batch, channels, ...)``."""
        mode = self.use_running_average if use_running_average is None else use_running_average
        before = self.var.get_value()
        n = x.size // x.shape[1]
        if not mode and self.unbiased:
            if n == 1:
                raise ValueError(f"a batch norm in training needs more than one value per channel, not {x.shape}")
        y = jnp.moveaxis(super().__call__(jnp.moveaxis(x, 1, -1), mode, mask=mask), -1, 1)
        if not mode and self.unbiased:
            kept = self.momentum * before
            self.var[...] = kept + (self.var[...] - kept) * (n / (n - 1))
        count = getattr(self, "num_batches_tracked", None)
        if not mode and count is not None:
            count[...] = count[...] + 1
        return y


class GroupNorm(nnx.GroupNorm):
    """`nnx.GroupNorm` of data whose channels are first (axis 1)."""

    def __call__(self, x: Any, *, mask: Any = None) -> Any:
        """Normalise ``(batch, channels, ...)``."""
        return jnp.moveaxis(super().__call__(jnp.moveaxis(x, 1, -1), mask=mask), -1, 1)


class InstanceNorm(nnx.InstanceNorm):
    """`nnx.InstanceNorm` of data whose channels come before `rank` spatial axes, with or without a batch."""

    rank: int

    def __call__(self, x: Any, *, mask: Any = None) -> Any:
        """Normalise ``(batch, channels, *spatial)``."""
        at = -self.rank - 1
        batched = x if x.ndim > self.rank + 1 else x[None]
        y = jnp.moveaxis(super().__call__(jnp.moveaxis(batched, at, -1), mask=mask), -1, at)
        return y if batched is x else y[0]


def _first(read: Callable[[Any], Config | None], **changes: Any) -> Callable[[Any], Config | None]:
    def adapted(m: Any) -> Config | None:
        config = read(m)
        if config is None:
            return None
        own = {key: value(m) if callable(value) else value for key, value in changes.items()}
        return {**config, "channels": "first", **own}

    return adapted


def _edges(m: Any) -> Any:
    return {} if m.edges is None else {"padding": m.edges[0], "padding_mode": _PAD_NAMES[m.edges[1]]}


_PAD_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
_PAD_NAMES = {name: mode for mode, name in _PAD_MODES.items()}


def _adapted_conv(m: Any) -> Config | None:
    config = _conv(m)
    return None if config is None else {**config, "channels": "first", **_edges(m)}


def _adapted_embedding(m: Any) -> Config | None:
    config = _embedding(m)
    return None if config is None else {**config, "padding_idx": m.padding_idx}


_READ |= {
    Conv: ("conv", _adapted_conv),
    ConvTranspose: ("conv_transpose", _first(_conv_transpose)),
    Embed: ("embedding", _adapted_embedding),
    BatchNorm: ("batch_norm", _first(_batch_norm, unbiased=lambda m: m.unbiased, rank=lambda m: m.rank)),
    GroupNorm: ("group_norm", _first(_group_norm)),
    InstanceNorm: ("instance_norm", _first(_instance_norm, rank=lambda m: m.rank)),
}

# -- flax's layer for a meaning ---------------------------------------------------------------------------------------


class _NoKeys:
    """Random streams for initialisers that draw nothing."""

    def params(self) -> None:
        """Return no key."""


def _blank(key: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    return jax.ShapeDtypeStruct(shape, dtype)


Built = tuple[type, Config, Config]
"""Class, arguments of the constructor, attributes to be set."""


def build(layer: Layer) -> Native | str:
    """Return nnx's own layer of a meaning.

    Args:
        layer: the meaning.

    Returns:
        The layer, or the reason why flax has none that is exactly the same. A dropout has no random stream yet.

    Example:
        >>> from flax import nnx
        >>> from ivy_jax.converters.nnx_layers import build, recognise
        >>> type(build(recognise(nnx.Linear(3, 4, rngs=nnx.Rngs(0)))).make()) is nnx.Linear
        True
    """
    made = _BUILD.get(layer.kind)
    if made is None:
        return f"flax has no layer for {layer.kind}"
    config = layer.config
    how = made(config)
    if isinstance(how, str):
        return how
    cls, arguments, attributes = how
    weights = dict(WEIGHTS.get(layer.kind, {}))
    if "count" in layer.weights:
        weights["count"] = ("num_batches_tracked", None)
    missing = layer.weights.keys() - weights.keys()
    if missing:
        return f"flax's {cls.__name__} has no {', '.join(sorted(missing))}"
    kept = {role: weights[role] for role in layer.weights}
    arguments = {**arguments, **_common(layer.kind, config)}

    def make() -> nnx.Module:
        new: nnx.Module = cls(**arguments)
        for name, value in attributes.items():
            setattr(new, name, value)
        if layer.modal:
            setattr(new, _MODES[layer.kind], not layer.train)
        if "count" in kept:
            new.num_batches_tracked = nnx.BatchStat(jax.ShapeDtypeStruct((), jnp.int32))
        return new

    modes = {_MODES[layer.kind]: (True, False)} if layer.modal else {}
    free = ["rngs", "_pytree__nodes", "_pytree__state"]
    same = like(make, [name for name, _ in kept.values()], modes=modes, ignored=free)
    return Native(cls, kept, make, same)


_MODES = {"dropout": "deterministic", "batch_norm": "use_running_average"}


def _common(kind: str, config: Any) -> Config:
    """Return the arguments that all layers with weights have: dtypes, and initialisers that draw nothing."""
    if "dtype" not in config:
        return {"rngs": None} if kind == "dropout" else {"rngs": _NoKeys()} if kind.endswith("_norm") else {}
    names = {"embedding": ("embedding",), "prelu": ()}.get(kind, ("kernel", "bias"))
    if kind.endswith("_norm"):
        names = ("scale",) if kind == "rms_norm" else ("scale", "bias")
    common: Config = {f"{name}_init": _blank for name in names}
    common["param_dtype"] = getattr(jnp, config["dtype"])
    if "compute" in config:
        common["dtype"] = getattr(jnp, config["compute"])
    return common if kind == "prelu" else {**common, "rngs": _NoKeys()}


def _build_linear(c: Any) -> Built:
    return nnx.Linear, {"in_features": c["in"], "out_features": c["out"], "use_bias": c["bias"]}, {}


def _build_conv(c: Any) -> Built:
    pairs, mode = c["padding"], c["padding_mode"]
    edges = None if mode == "zeros" else (pairs, _PAD_MODES[mode])
    arguments = {
        "in_features": c["in"],
        "out_features": c["out"],
        "kernel_size": c["kernel"],
        "strides": c["strides"],
        "padding": "VALID" if edges else "SAME" if pairs == "same" else pairs,
        "kernel_dilation": c["dilation"],
        "feature_group_count": c["groups"],
        "use_bias": c["bias"],
    }
    if c["channels"] == "first":
        return Conv, arguments, {"edges": edges} if edges else {}
    if edges is None:
        return nnx.Conv, arguments, {}
    if mode in ("circular", "reflect") and pairs == _padding(mode.upper(), c["kernel"], c["dilation"], c["strides"])[0]:
        return nnx.Conv, {**arguments, "padding": mode.upper()}, {}
    return f"flax's Conv has no padding {mode} by {pairs}"  # type: ignore[return-value]


def _build_conv_transpose(c: Any) -> Built | str:
    if c["groups"] != 1:
        return "flax's ConvTranspose has no groups"
    if not c["flipped"]:
        return "its kernel is stored as none of the two forms of flax's ConvTranspose"
    if c["padding"] == "same":
        return "its padding depends on the data's size"
    reach = [d * (k - 1) for k, d in zip(c["kernel"], c["dilation"])]
    arguments = {
        "in_features": c["in"],
        "out_features": c["out"],
        "kernel_size": c["kernel"],
        "strides": c["strides"],
        "padding": tuple((n - a, n - b) for n, (a, b) in zip(reach, c["padding"])),
        "kernel_dilation": c["dilation"],
        "use_bias": c["bias"],
        "transpose_kernel": True,
    }
    return ConvTranspose if c["channels"] == "first" else nnx.ConvTranspose, arguments, {}


def _build_embedding(c: Any) -> Built | str:
    arguments = {"num_embeddings": c["num"], "features": c["features"]}
    if c["padding_idx"] is None:
        return nnx.Embed, arguments, {}
    return Embed, arguments, {"padding_idx": c["padding_idx"]}


def _build_layer_norm(c: Any) -> Built | str:
    if len(c["shape"]) != 1:
        return f"flax's LayerNorm keeps no weights over several axes {c['shape']}"
    arguments = {"num_features": c["shape"][0], "epsilon": c["eps"], "use_scale": c["scale"], "use_bias": c["bias"]}
    return nnx.LayerNorm, {**arguments, "use_fast_variance": False}, {}


def _build_rms_norm(c: Any) -> Built | str:
    if len(c["shape"]) != 1:
        return f"flax's RMSNorm keeps no weights over several axes {c['shape']}"
    if c["eps"] is None:
        return "its epsilon is that of the data's dtype, flax's is a number"
    return nnx.RMSNorm, {"num_features": c["shape"][0], "epsilon": c["eps"], "use_scale": c["scale"]}, {}


def _build_batch_norm(c: Any) -> Built | str:
    if not c["tracked"] or c["momentum"] is None:
        return "flax's BatchNorm keeps a running average with a fixed momentum, and uses it in evaluation"
    arguments = {
        "num_features": c["features"],
        "epsilon": c["eps"],
        "momentum": complement(c["momentum"]),
        "use_scale": c["scale"],
        "use_bias": c["bias"],
        "use_fast_variance": False,
    }
    if c["channels"] == "first":
        return BatchNorm, arguments, {"rank": c["rank"], **({} if c["unbiased"] else {"unbiased": False})}
    if not c["unbiased"]:
        return nnx.BatchNorm, arguments, {}
    return "its running variance is unbiased, that of flax's BatchNorm is not"


def _build_group_norm(c: Any) -> Built | str:
    arguments = {
        "num_features": c["features"],
        "num_groups": c["groups"],
        "epsilon": c["eps"],
        "use_scale": c["scale"],
        "use_bias": c["bias"],
        "use_fast_variance": False,
    }
    return GroupNorm if c["channels"] == "first" else nnx.GroupNorm, arguments, {}


def _build_instance_norm(c: Any) -> Built | str:
    arguments = {
        "num_features": c["features"],
        "epsilon": c["eps"],
        "use_scale": c["scale"],
        "use_bias": c["bias"],
        "use_fast_variance": False,
    }
    if c["channels"] == "last":
        return nnx.InstanceNorm, arguments, {}
    return InstanceNorm, arguments, {"rank": c["rank"]}


def _build_dropout(c: Any) -> Built | str:
    if c["shared"]:
        return nnx.Dropout, {"rate": c["rate"], "broadcast_dims": tuple(range(-c["shared"], 0))}, {}
    return nnx.Dropout, {"rate": c["rate"]}, {}


def _build_prelu(c: Any) -> Built | str:
    return "flax's PReLU has one slope of no shape"


_BUILD: dict[str, Callable[[Any], Built | str]] = {
    "linear": _build_linear,
    "conv": _build_conv,
    "conv_transpose": _build_conv_transpose,
    "embedding": _build_embedding,
    "layer_norm": _build_layer_norm,
    "rms_norm": _build_rms_norm,
    "batch_norm": _build_batch_norm,
    "group_norm": _build_group_norm,
    "instance_norm": _build_instance_norm,
    "dropout": _build_dropout,
    "prelu": _build_prelu,
}
