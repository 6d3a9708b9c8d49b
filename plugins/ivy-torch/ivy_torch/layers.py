"""torch's standard layers: what they mean (`recognise`), and torch's own layer for a meaning (`build`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from ivy.dtypes import as_dtype
from ivy.stateful.layers import Layer, Native, like, roles, same_pairs, sizes

__all__ = ["build", "recognise"]

WEIGHTS: dict[str, dict[str, tuple[str, str | None]]] = {
    "linear": {"kernel": ("weight", "OI"), "bias": ("bias", None)},
    "conv": {"kernel": ("weight", "OI*"), "bias": ("bias", None)},
    "conv_transpose": {"kernel": ("weight", "IO*"), "bias": ("bias", None)},
    "embedding": {"kernel": ("weight", None)},
    "layer_norm": {"scale": ("weight", None), "bias": ("bias", None)},
    "rms_norm": {"scale": ("weight", None)},
    "batch_norm": {
        "scale": ("weight", None),
        "bias": ("bias", None),
        "mean": ("running_mean", None),
        "var": ("running_var", None),
        "count": ("num_batches_tracked", None),
    },
    "group_norm": {"scale": ("weight", None), "bias": ("bias", None)},
    "instance_norm": {"scale": ("weight", None), "bias": ("bias", None)},
    "prelu": {"slope": ("weight", None)},
    "attention": {
        "kernel": ("in_proj_weight", None),
        "bias": ("in_proj_bias", None),
    },
}

# -- what a layer means -----------------------------------------------------------------------------------------------

Config = dict[str, Any]


def recognise(part: Any) -> Layer | None:
    """Return what a torch module means, if it is a standard layer and nothing else.

    Args:
        part: any module.

    Returns:
        Its normal form; None for subclasses of the layers, for what has hooks or its own ``forward`` or parameters that
        the class doesn't know, and for meanings that the normal form doesn't have.

    Example:
        >>> from torch import nn
        >>> from ivy_torch.layers import recognise
        >>> recognise(nn.Linear(3, 4)).config
        {'in': 3, 'out': 4, 'bias': True, 'dtype': 'float32'}
    """
    found = _READ.get(type(part))
    if found is None or _touched(part):
        return None
    kind, read = found
    config = read(part)
    if config is None:
        return None
    weights = _recurrent_weights(part) if kind in ("lstm", "gru") else roles(WEIGHTS.get(kind, {}), config)
    if isinstance(part, _Biased):  # counts no updates
        weights.pop("count", None)
    own = {name for store in (part._parameters, part._buffers) for name, x in store.items() if x is not None}
    if own != {name for name, _ in weights.values()} or (part._modules and kind != "attention"):
        return None
    tensors = [getattr(part, name) for name, _ in weights.values()]
    if any(isinstance(x, nn.parameter.UninitializedTensorMixin) for x in tensors):
        return None
    if tensors:
        config["dtype"] = str(as_dtype(tensors[0].dtype))
    return Layer(kind, config, weights, part.training)


_HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")


def _touched(part: nn.Module) -> bool:
    return "forward" in vars(part) or any(getattr(part, name) for name in _HOOKS)


def _linear(m: Any) -> Config:
    return {"in": m.in_features, "out": m.out_features, "bias": m.bias is not None}


def _conv(m: Any) -> Config:
    rank = len(m.kernel_size)
    if m.padding == "same":
        padding = same_pairs(m.kernel_size, m.dilation, m.stride)
    else:
        padding = tuple((p, p) for p in ((0,) * rank if m.padding == "valid" else m.padding))
    return {
        "in": m.in_channels,
        "out": m.out_channels,
        "kernel": m.kernel_size,
        "strides": m.stride,
        "padding": padding,
        "dilation": m.dilation,
        "groups": m.groups,
        "padding_mode": m.padding_mode,
        "bias": m.bias is not None,
        "channels": "first",
    }


def _conv_transpose(m: Any) -> Config:
    padding = tuple((p, p - extra) for p, extra in zip(m.padding, m.output_padding))
    return {**_conv(m), "padding": padding, "flipped": True}


def _embedding(m: Any) -> Config | None:
    if m.max_norm is not None or m.scale_grad_by_freq or m.sparse:
        return None
    return {"num": m.num_embeddings, "features": m.embedding_dim, "padding_idx": m.padding_idx}


def _layer_norm(m: Any) -> Config:
    affine = m.weight is not None
    return {
        "shape": tuple(m.normalized_shape),
        "eps": m.eps,
        "scale": affine,
        "bias": getattr(m, "bias", None) is not None,
    }


def _rms_norm(m: Any) -> Config:
    return {"shape": tuple(m.normalized_shape), "eps": m.eps, "scale": m.weight is not None}


def _batch_norm(rank: int) -> Callable[[Any], Config]:
    def read(m: Any) -> Config:
        return {
            "features": m.num_features,
            "eps": m.eps,
            "momentum": m.momentum,
            "scale": m.weight is not None,
            "bias": m.bias is not None,
            "tracked": m.running_mean is not None,
            "unbiased": True,
            "rank": rank,
            "channels": "first",
        }

    return read


def _group_norm(m: Any) -> Config:
    return {
        "groups": m.num_groups,
        "features": m.num_channels,
        "eps": m.eps,
        "scale": m.weight is not None,
        "bias": m.bias is not None,
        "channels": "first",
    }


def _instance_norm(rank: int) -> Callable[[Any], Config | None]:
    def read(m: Any) -> Config | None:
        if m.track_running_stats:
            return None
        names = ("features", "eps", "scale", "bias", "channels")
        return {**{k: v for k, v in _batch_norm(rank)(m).items() if k in names}, "rank": rank}

    return read


def _dropout(shared: int) -> Callable[[Any], Config]:
    return lambda m: {"rate": m.p, "shared": shared}


def _pool(rank: int) -> Callable[[Any], Config | None]:
    def read(m: Any) -> Config | None:
        if getattr(m, "return_indices", False):
            return None
        return {
            "kernel": sizes(m.kernel_size, rank),
            "strides": sizes(m.stride, rank),
            "padding": tuple((p, p) for p in sizes(m.padding, rank)),
            "dilation": sizes(getattr(m, "dilation", 1), rank),
            "ceil": m.ceil_mode,
            "count_pad": getattr(m, "count_include_pad", False),
            "divisor": getattr(m, "divisor_override", None),
            "channels": "first",
        }

    return read


def _adaptive(rank: int) -> Callable[[Any], Config | None]:
    def read(m: Any) -> Config | None:
        if getattr(m, "return_indices", False):
            return None
        size = m.output_size
        return {"sizes": (size,) * rank if size is None or isinstance(size, int) else tuple(size), "channels": "first"}

    return read


def _recurrent(m: Any) -> Config:
    return {
        "in": m.input_size,
        "hidden": m.hidden_size,
        "layers": m.num_layers,
        "bias": m.bias,
        "batch_first": m.batch_first,
        "dropout": float(m.dropout),
        "bidirectional": m.bidirectional,
        "projection": m.proj_size,
    }


def _recurrent_weights(m: Any) -> dict[str, tuple[str, str | None]]:
    return {name: (name, None) for name in m._flat_weights_names}


def _attention(m: Any) -> Config | None:
    if m.in_proj_weight is None or m.bias_k is not None or m.add_zero_attn:
        return None
    return {
        "features": m.embed_dim,
        "heads": m.num_heads,
        "dropout": m.dropout,
        "bias": m.in_proj_bias is not None,
        "batch_first": m.batch_first,
    }


def _plain(names: dict[str, str]) -> Callable[[Any], Config]:
    return lambda m: {key: getattr(m, name) for key, name in names.items()}


_PLAIN: dict[str, tuple[type, dict[str, str]]] = {
    "flatten": (nn.Flatten, {"start": "start_dim", "end": "end_dim"}),
    "identity": (nn.Identity, {}),
    "relu": (nn.ReLU, {}),
    "relu6": (nn.ReLU6, {}),
    "gelu": (nn.GELU, {"approximate": "approximate"}),
    "silu": (nn.SiLU, {}),
    "sigmoid": (nn.Sigmoid, {}),
    "tanh": (nn.Tanh, {}),
    "softmax": (nn.Softmax, {"axis": "dim"}),
    "log_softmax": (nn.LogSoftmax, {"axis": "dim"}),
    "leaky_relu": (nn.LeakyReLU, {"slope": "negative_slope"}),
    "elu": (nn.ELU, {"alpha": "alpha"}),
    "selu": (nn.SELU, {}),
    "celu": (nn.CELU, {"alpha": "alpha"}),
    "softplus": (nn.Softplus, {"beta": "beta", "threshold": "threshold"}),
    "softsign": (nn.Softsign, {}),
    "hardtanh": (nn.Hardtanh, {"low": "min_val", "high": "max_val"}),
    "hardswish": (nn.Hardswish, {}),
    "hardsigmoid": (nn.Hardsigmoid, {}),
    "mish": (nn.Mish, {}),
    "logsigmoid": (nn.LogSigmoid, {}),
    "tanhshrink": (nn.Tanhshrink, {}),
    "prelu": (nn.PReLU, {"num": "num_parameters"}),
}
"""Layers whose configuration is a few numbers: the normal form's names for them, and torch's."""


_READ: dict[type, tuple[str, Callable[[Any], Config | None]]] = {
    nn.Linear: ("linear", _linear),
    **dict.fromkeys((nn.Conv1d, nn.Conv2d, nn.Conv3d), ("conv", _conv)),
    **dict.fromkeys((nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d), ("conv_transpose", _conv_transpose)),
    nn.Embedding: ("embedding", _embedding),
    nn.LayerNorm: ("layer_norm", _layer_norm),
    nn.RMSNorm: ("rms_norm", _rms_norm),
    **{c: ("batch_norm", _batch_norm(i)) for i, c in enumerate((nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d), 1)},
    nn.GroupNorm: ("group_norm", _group_norm),
    **{
        c: ("instance_norm", _instance_norm(i))
        for i, c in enumerate((nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d), 1)
    },
    **{c: ("dropout", _dropout(i)) for i, c in enumerate((nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d))},
    **{c: ("max_pool", _pool(i)) for i, c in enumerate((nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d), 1)},
    **{c: ("avg_pool", _pool(i)) for i, c in enumerate((nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d), 1)},
    **{
        c: ("adaptive_max_pool", _adaptive(i))
        for i, c in enumerate((nn.AdaptiveMaxPool1d, nn.AdaptiveMaxPool2d, nn.AdaptiveMaxPool3d), 1)
    },
    **{
        c: ("adaptive_avg_pool", _adaptive(i))
        for i, c in enumerate((nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d), 1)
    },
    nn.LSTM: ("lstm", _recurrent),
    nn.GRU: ("gru", _recurrent),
    nn.MultiheadAttention: ("attention", _attention),
    **{cls: (kind, _plain(names)) for kind, (cls, names) in _PLAIN.items()},
}

# -- layers with another layout or detail than torch's ----------------------------------------------------------------


def _channels_first(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, rank: int) -> torch.Tensor:
    """Apply what takes ``(batch, channels, *spatial)`` to data of the form ``(*batch, *spatial, channels)``."""
    batch, rest = x.shape[: x.ndim - rank - 1], x.shape[x.ndim - rank - 1 :]
    y = function(x.reshape(-1, *rest).movedim(-1, 1)).movedim(1, -1)
    return y.reshape(*batch, *y.shape[1:])


class _ConvLast:
    """A convolution of data whose channels are last; the padding may differ between the sides."""

    edges: Any = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Convolve ``(*batch, *spatial, channels)``."""
        here: Any = self
        rank = len(here.kernel_size)
        return _channels_first(self._padded, x, rank)

    def _padded(self, x: torch.Tensor) -> torch.Tensor:
        here: Any = self
        edges = self.edges
        if edges == "same":
            edges = tuple(
                _same_edges(*window) for window in zip(x.shape[2:], here.kernel_size, here.dilation, here.stride)
            )
        if edges is not None:
            modes = {"zeros": "constant", "circular": "circular", "reflect": "reflect", "replicate": "replicate"}
            x = F.pad(x, [p for pair in reversed(edges) for p in pair], modes[here.padding_mode])
            return here._plain(x)
        return super().forward(x)  # type: ignore[misc]

    def extra_repr(self) -> str:
        """Return the configuration, and that the channels are last."""
        return f"{super().extra_repr()}, channels_last"  # type: ignore[misc]


def _same_edges(size: int, kernel: int, dilation: int, stride: int) -> tuple[int, int]:
    total = max((-(-size // stride) - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return total // 2, total - total // 2


class Conv1d(_ConvLast, nn.Conv1d):
    """`nn.Conv1d` of data whose channels are last."""

    def _plain(self, x: torch.Tensor) -> torch.Tensor:
        return F.conv1d(x, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


class Conv2d(_ConvLast, nn.Conv2d):
    """`nn.Conv2d` of data whose channels are last."""

    def _plain(self, x: torch.Tensor) -> torch.Tensor:
        return F.conv2d(x, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


class Conv3d(_ConvLast, nn.Conv3d):
    """`nn.Conv3d` of data whose channels are last."""

    def _plain(self, x: torch.Tensor) -> torch.Tensor:
        return F.conv3d(x, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


class _TransposedLast:
    """A transposed convolution of data whose channels are last.

    What is cut from the output may differ between the sides, and the kernel may be that of the convolution of the
    dilated data (flax by default), not of the convolution whose gradient this is.
    """

    edges: Any = None
    flipped = True

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply the transposed convolution to ``(*batch, *spatial, channels)``."""
        here: Any = self
        return _channels_first(self._cut, x, len(here.kernel_size))

    def _cut(self, x: torch.Tensor) -> torch.Tensor:
        here: Any = self
        weight = here.weight if self.flipped else here.weight.flip([*range(2, here.weight.ndim)])
        f = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[len(here.kernel_size) - 1]
        y: torch.Tensor = f(x, weight, None, here.stride, here.padding, here.output_padding, here.groups, here.dilation)
        if self.edges is not None:
            y = F.pad(y, [-p for pair in reversed(self.edges) for p in pair])
        return y if here.bias is None else y + here.bias.reshape(-1, *[1] * len(here.kernel_size))

    def extra_repr(self) -> str:
        """Return the configuration, and that the channels are last."""
        return f"{super().extra_repr()}, channels_last"  # type: ignore[misc]


class ConvTranspose1d(_TransposedLast, nn.ConvTranspose1d):
    """`nn.ConvTranspose1d` of data whose channels are last."""


class ConvTranspose2d(_TransposedLast, nn.ConvTranspose2d):
    """`nn.ConvTranspose2d` of data whose channels are last."""


class ConvTranspose3d(_TransposedLast, nn.ConvTranspose3d):
    """`nn.ConvTranspose3d` of data whose channels are last."""


class _Biased:
    """A batch norm whose running variance is the biased one (flax, Keras, paddle)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Normalise ``(batch, channels, ...)``."""
        here: Any = self
        if not here.training:
            return super().forward(x)  # type: ignore[misc]
        here._check_input_dim(x)
        y = F.batch_norm(x, None, None, here.weight, here.bias, True, 0.0, here.eps)
        with torch.no_grad():
            var, mean = torch.var_mean(x, [i for i in range(x.ndim) if i != 1], correction=0)
            here.running_mean.lerp_(mean.to(here.running_mean.dtype), here.momentum)
            here.running_var.lerp_(var.to(here.running_var.dtype), here.momentum)
        return y


class BatchNorm1d(_Biased, nn.BatchNorm1d):
    """`nn.BatchNorm1d` with a biased running variance."""


class BatchNorm2d(_Biased, nn.BatchNorm2d):
    """`nn.BatchNorm2d` with a biased running variance."""


class BatchNorm3d(_Biased, nn.BatchNorm3d):
    """`nn.BatchNorm3d` with a biased running variance."""


class BatchNorm(BatchNorm1d):
    """A batch norm over the last axis, whose running variance is the biased one."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Normalise ``(..., channels)``."""
        return super().forward(x.reshape(-1, x.shape[-1])).reshape(x.shape)


class GroupNorm(nn.GroupNorm):
    """`nn.GroupNorm` of data whose channels are last."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Normalise ``(batch, ..., channels)``."""
        return super().forward(x.movedim(-1, 1)).movedim(1, -1)


def _last(read: Callable[[Any], Config | None], changes: Callable[[Any], Config]) -> Callable[[Any], Config | None]:
    def adapted(m: Any) -> Config | None:
        config = read(m)
        return None if config is None else {**config, "channels": "last", **changes(m)}

    return adapted


def _cut_and_flipped(m: Any) -> Config:
    return {"flipped": m.flipped} if m.edges is None else {"flipped": m.flipped, "padding": m.edges}


_READ.update(
    dict.fromkeys(
        (Conv1d, Conv2d, Conv3d), ("conv", _last(_conv, lambda m: {} if m.edges is None else {"padding": m.edges}))
    )
)
_READ.update(
    dict.fromkeys(
        (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d),
        ("conv_transpose", _last(_conv_transpose, _cut_and_flipped)),
    )
)
for _rank, _cls in enumerate((BatchNorm1d, BatchNorm2d, BatchNorm3d), 1):
    _READ[_cls] = ("batch_norm", _last(_batch_norm(_rank), lambda m: {"unbiased": False, "channels": "first"}))
_READ[BatchNorm] = ("batch_norm", _last(_batch_norm(1), lambda m: {"unbiased": False, "rank": None}))
_READ[GroupNorm] = ("group_norm", _last(_group_norm, lambda m: {}))

# -- torch's layer for a meaning --------------------------------------------------------------------------------------


def build(layer: Layer) -> Native | str:
    """Return torch's own layer of a meaning.

    Args:
        layer: the meaning.

    Returns:
        The layer, or the reason why torch has none that is exactly the same.

    Example:
        >>> from torch import nn
        >>> from ivy_torch.layers import build, recognise
        >>> build(recognise(nn.Linear(3, 4))).make()
        Linear(in_features=3, out_features=4, bias=True)
    """
    made = _BUILD.get(layer.kind)
    if made is None:
        return f"torch has no layer for {layer.kind} of this form"
    config = layer.config
    if config.get("compute") not in (None, config.get("dtype")):
        return f"it computes in {config['compute']} with weights of {config['dtype']}, torch's in the weights' dtype"
    how = made(config)
    if isinstance(how, str):
        return how
    cls, arguments, attributes = how
    dtype = {"dtype": getattr(torch, config["dtype"]), "device": "meta"} if "dtype" in config else {}
    weights = roles(WEIGHTS.get(layer.kind, {}), config)
    if layer.kind in ("lstm", "gru"):
        weights = dict(layer.weights)
    missing = layer.weights.keys() - weights.keys()
    if missing:
        return f"torch's {cls.__name__} has no {', '.join(sorted(missing))}"

    def make() -> nn.Module:
        new: nn.Module = cls(**arguments, **dtype)
        for name, value in attributes.items():
            setattr(new, name, value)
        new.train(layer.train)
        return new

    kept = {role: weights[role] for role in layer.weights}
    return Native(cls, kept, make, _same(make, layer))


_FREE = (
    "_parameters _buffers _non_persistent_buffers_set _is_full_backward_hook _forward_hooks_with_kwargs "
    "_forward_hooks_always_called _forward_pre_hooks_with_kwargs _state_dict_hooks _state_dict_pre_hooks "
    "_load_state_dict_pre_hooks _load_state_dict_post_hooks inplace init _flat_weights _flat_weight_refs"
).split()


def _same(make: Callable[[], Any], layer: Layer) -> Callable[[Any, bool], bool]:
    modes = {"training": (False, True)} if layer.modal else {}
    alike = like(make, (), modes=modes, ignored=_FREE if layer.modal else [*_FREE, "training"])
    fresh = make()
    absent = {name: x is None for store in (fresh._parameters, fresh._buffers) for name, x in store.items()}

    def same(part: Any, train: bool) -> bool:
        if not alike(part, train):
            return False
        now = {name: x is None for name, x in part._parameters.items()}
        if part._buffers:
            now.update({name: x is None for name, x in part._buffers.items()})
        return now == absent

    return same


Built = tuple[Any, Config, Config]
"""Class, arguments of the constructor, attributes to be set."""


def _build_linear(c: Any) -> Built:
    return nn.Linear, {"in_features": c["in"], "out_features": c["out"], "bias": c["bias"]}, {}


def _build_conv(c: Any) -> Built | str:
    rank, last = len(c["kernel"]), c["channels"] == "last"
    if not 1 <= rank <= 3:
        return f"torch has no convolution over {rank} axes"
    if any(i != 1 for i in c.get("input_dilation", (1,))):
        return "torch has no dilation of a convolution's input"
    padding, edges = _sides(c)
    cls = ((Conv1d, Conv2d, Conv3d) if last else (nn.Conv1d, nn.Conv2d, nn.Conv3d))[rank - 1]
    if edges is not None and not last:
        return f"torch pads both sides alike, not by {edges}"
    arguments = {
        "in_channels": c["in"],
        "out_channels": c["out"],
        "kernel_size": c["kernel"],
        "stride": c["strides"],
        "padding": padding,
        "dilation": c["dilation"],
        "groups": c["groups"],
        "bias": c["bias"],
        "padding_mode": c["padding_mode"],
    }
    return cls, arguments, {} if edges is None else {"edges": edges}


def _sides(c: Any) -> tuple[Any, Any]:
    """Return torch's padding of a convolution, and what must be padded ahead instead."""
    pairs = c["padding"]
    if pairs == "same":
        return 0, "same"
    if all(a == b and a >= 0 for a, b in pairs):
        return tuple(a for a, _ in pairs), None
    if pairs == same_pairs(c["kernel"], c["dilation"], c["strides"]):
        return "same", None
    return 0, pairs


def _build_conv_transpose(c: Any) -> Built | str:
    rank, pairs, last = len(c["kernel"]), c["padding"], c["channels"] == "last"
    if not 1 <= rank <= 3:
        return f"torch has no convolution over {rank} axes"
    if pairs == "same":
        return "its padding depends on the data's size"
    padding, extra = tuple(a for a, _ in pairs), tuple(a - b for a, b in pairs)
    attributes: Config = {}
    if any(a < 0 for a in padding) or any(
        not 0 <= e < max(s, d) for e, s, d in zip(extra, c["strides"], c["dilation"], strict=True)
    ):
        attributes["edges"], padding, extra = pairs, (0,) * rank, (0,) * rank
    if not c["flipped"]:
        attributes["flipped"] = False
    if attributes and not last:
        return f"torch cannot cut {pairs} from the output, and its kernel is that of a convolution's gradient"
    first_cls = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
    last_cls = (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)
    arguments = {
        "in_channels": c["in"],
        "out_channels": c["out"],
        "kernel_size": c["kernel"],
        "stride": c["strides"],
        "padding": padding,
        "output_padding": extra,
        "dilation": c["dilation"],
        "groups": c["groups"],
        "bias": c["bias"],
    }
    return (last_cls if last else first_cls)[rank - 1], arguments, attributes


def _build_embedding(c: Any) -> Built:
    arguments = {"num_embeddings": c["num"], "embedding_dim": c["features"], "padding_idx": c["padding_idx"]}
    return nn.Embedding, arguments, {}


def _build_layer_norm(c: Any) -> Built | str:
    if c["scale"] != (c["scale"] or c["bias"]):
        return "torch's LayerNorm has no bias without a weight"
    arguments = {"normalized_shape": c["shape"], "eps": c["eps"], "elementwise_affine": c["scale"]}
    return nn.LayerNorm, {**arguments, "bias": c["bias"]}, {}


def _build_rms_norm(c: Any) -> Built:
    return nn.RMSNorm, {"normalized_shape": c["shape"], "eps": c["eps"], "elementwise_affine": c["scale"]}, {}


def _build_batch_norm(c: Any) -> Built | str:
    if c["scale"] != c["bias"]:
        return "torch's batch norm has both weight and bias, or none of them"
    arguments = {
        "num_features": c["features"],
        "eps": c["eps"],
        "momentum": c["momentum"],
        "affine": c["scale"],
        "track_running_stats": c["tracked"],
    }
    last, rank = c["channels"] == "last", c["rank"]
    if c["unbiased"]:
        if last or rank is None:
            return "its channels are not where torch's batch norms have them"
        return (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)[rank - 1], arguments, {}
    if not c["tracked"] or c["momentum"] is None or (rank is None and not last):
        return "torch's batch norms keep the unbiased variance"
    cls = BatchNorm if last else (BatchNorm1d, BatchNorm2d, BatchNorm3d)[rank - 1]
    return cls, arguments, {"num_batches_tracked": None}


def _build_group_norm(c: Any) -> Built | str:
    if c["scale"] != c["bias"]:
        return "torch's GroupNorm has both weight and bias, or none of them"
    cls = GroupNorm if c["channels"] == "last" else nn.GroupNorm
    arguments = {"num_groups": c["groups"], "num_channels": c["features"], "eps": c["eps"], "affine": c["scale"]}
    return cls, arguments, {}


def _build_instance_norm(c: Any) -> Built | str:
    if c["scale"] != c["bias"] or c["channels"] == "last" or c["rank"] is None:
        return "torch's instance norms have the channels first, and both weight and bias or none of them"
    cls = (nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d)[c["rank"] - 1]
    return cls, {"num_features": c["features"], "eps": c["eps"], "affine": c["scale"]}, {}


def _build_dropout(c: Any) -> Built | str:
    if c["shared"] not in (0, 1, 2, 3):
        return f"torch has no dropout that shares its draw over {c['shared']} axes"
    return (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d)[c["shared"]], {"p": c["rate"]}, {}


def _build_pool(kind: str) -> Callable[[Any], Built | str]:
    def built(c: Any) -> Built | str:
        rank = len(c["kernel"])
        if c["channels"] == "last" or c["padding"] == "same" or any(a != b for a, b in c["padding"]):
            return "torch's pooling has the channels first and pads both sides alike"
        arguments = {
            "kernel_size": c["kernel"],
            "stride": c["strides"],
            "padding": tuple(a for a, _ in c["padding"]),
            "ceil_mode": c["ceil"],
        }
        if kind == "Max":
            arguments["dilation"] = c["dilation"]
        elif any(i != 1 for i in c["dilation"]) or (rank == 1 and c["divisor"] is not None):
            return "torch's average pooling has no dilation, and no divisor over one axis"
        else:
            arguments["count_include_pad"] = c["count_pad"]
            if rank > 1:
                arguments["divisor_override"] = c["divisor"]
        if any(2 * p > k for p, k in zip(arguments["padding"], c["kernel"])):
            return "torch pads by half a window at most"
        return getattr(nn, f"{kind}Pool{rank}d"), arguments, {}

    return built


def _build_adaptive(kind: str) -> Callable[[Any], Built | str]:
    def built(c: Any) -> Built | str:
        if c["channels"] == "last":
            return "torch's pooling has the channels first"
        return getattr(nn, f"Adaptive{kind}Pool{len(c['sizes'])}d"), {"output_size": c["sizes"]}, {}

    return built


def _build_recurrent(cls: type) -> Callable[[Any], Built | str]:
    def built(c: Any) -> Built | str:
        arguments = {
            "input_size": c["in"],
            "hidden_size": c["hidden"],
            "num_layers": c["layers"],
            "bias": c["bias"],
            "batch_first": c["batch_first"],
            "dropout": c["dropout"],
            "bidirectional": c["bidirectional"],
        }
        return cls, {**arguments, **({"proj_size": c["projection"]} if c["projection"] else {})}, {}

    return built


def _given(cls: type, names: dict[str, str]) -> Callable[[Any], Built]:
    return lambda c: (cls, {name: c[key] for key, name in names.items()}, {})


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
    "max_pool": _build_pool("Max"),
    "avg_pool": _build_pool("Avg"),
    "adaptive_max_pool": _build_adaptive("Max"),
    "adaptive_avg_pool": _build_adaptive("Avg"),
    **{kind: _given(cls, names) for kind, (cls, names) in _PLAIN.items()},
}
