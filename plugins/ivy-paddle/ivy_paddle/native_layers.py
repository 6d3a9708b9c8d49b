"""paddle's standard layers: what they mean (`recognise`), and paddle's own layer for a meaning (`build`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ivy.dtypes import as_dtype
from ivy.stateful.layers import Layer, Native, complement, like, roles, same_pairs, sizes
from ivy_paddle.loading import paddle

__all__ = ["build", "recognise"]

nn: Any = paddle.nn
F: Any = paddle.nn.functional

WEIGHTS: dict[str, dict[str, tuple[str, str | None]]] = {
    "linear": {"kernel": ("weight", "IO"), "bias": ("bias", None)},
    "conv": {"kernel": ("weight", "OI*"), "bias": ("bias", None)},
    "conv_transpose": {"kernel": ("weight", "IO*"), "bias": ("bias", None)},
    "embedding": {"kernel": ("weight", None)},
    "layer_norm": {"scale": ("weight", None), "bias": ("bias", None)},
    "batch_norm": {
        "scale": ("weight", None),
        "bias": ("bias", None),
        "mean": ("_mean", None),
        "var": ("_variance", None),
    },
    "group_norm": {"scale": ("weight", None), "bias": ("bias", None)},
    "instance_norm": {"scale": ("scale", None), "bias": ("bias", None)},
    "prelu": {"slope": ("_weight", None)},
}

Config = dict[str, Any]

# -- what a layer means -----------------------------------------------------------------------------------------------


def recognise(part: Any) -> Layer | None:
    """Return what a paddle layer means, if it is a standard layer and nothing else.

    Args:
        part: any layer.

    Returns:
        Its normal form; None for subclasses of the layers, for what has hooks or its own ``forward`` or parameters that
        the class doesn't know, and for meanings that the normal form doesn't have.

    Example:
        >>> import paddle
        >>> from ivy_paddle.native_layers import recognise
        >>> recognise(paddle.nn.Linear(3, 4)).config
        {'in': 3, 'out': 4, 'bias': True, 'dtype': 'float32'}
    """
    found = _READ.get(type(part))
    if found is None or "forward" in vars(part) or part._forward_pre_hooks or part._forward_post_hooks:
        return None
    kind, read = found
    config = read(part)
    if config is None:
        return None
    weights = roles(WEIGHTS.get(kind, {}), config)
    if isinstance(part, _Unbiased) and _has(part, "num_batches_tracked"):
        weights["count"] = ("num_batches_tracked", None)
    own = {name for store in (part._parameters, part._buffers) for name, x in store.items() if x is not None}
    if own != {name for name, _ in weights.values()} or part._sub_layers:
        return None
    if weights:
        config["dtype"] = str(as_dtype(getattr(part, next(iter(weights.values()))[0]).dtype))
    return Layer(kind, config, weights, part.training)


def _has(m: Any, name: str) -> bool:
    return getattr(m, name, None) is not None


def _linear(m: Any) -> Config:
    n, out = m.weight.shape
    return {"in": int(n), "out": int(out), "bias": _has(m, "bias")}


def _channels(data_format: str) -> str:
    return "last" if data_format[-1] == "C" else "first"


def _pairs(given: Any, rank: int) -> Any:
    """Return paddle's padding as pairs, None if it pads batches or channels too."""
    if isinstance(given, int):
        return ((given, given),) * rank
    given = list(given)
    if all(isinstance(p, int) for p in given):
        if len(given) == rank:
            return tuple((p, p) for p in given)
        return tuple(zip(given[::2], given[1::2])) if len(given) == 2 * rank else None
    return tuple((int(a), int(b)) for a, b in given) if len(given) == rank else None


def _conv(m: Any) -> Config | None:
    kernel, strides, dilation = tuple(m._kernel_size), tuple(m._stride), tuple(m._dilation)
    padding: Any
    if isinstance(m._padding, str):
        # paddle ignores the dilation in "same" padding
        wide = any(d != 1 for d in dilation)
        same = m._padding.lower() == "same"
        padding = None if same and wide else same_pairs(kernel, dilation, strides) if same else ((0, 0),) * len(kernel)
    else:
        padding = _pairs(m._padding, len(kernel))
    if padding is None:
        return None
    return {
        "in": m._in_channels,
        "out": m._out_channels,
        "kernel": kernel,
        "strides": strides,
        "padding": padding,
        "dilation": dilation,
        "groups": m._groups,
        "padding_mode": m._padding_mode,
        "bias": _has(m, "bias"),
        "channels": _channels(m._data_format),
    }


def _conv_transpose(m: Any) -> Config | None:
    config = _conv(m)
    if config is None or isinstance(m._padding, str):
        return None
    extra = _pairs(m.output_padding, len(config["kernel"]))
    if extra is None:
        return None
    padding = tuple((a, b - e) for (a, b), (e, _) in zip(config["padding"], extra))
    return {**config, "padding": padding, "flipped": True}


def _embedding(m: Any) -> Config | None:
    padding_idx = m._padding_idx  # -1 is none; paddle gives zeros for the others
    if m._max_norm is not None or m._scale_grad_by_freq or m._sparse or padding_idx not in (-1, None):
        return None
    return {"num": m._num_embeddings, "features": m._embedding_dim, "padding_idx": None}


def _layer_norm(m: Any) -> Config | None:
    if len(m._normalized_shape) > 1 and (_has(m, "weight") or _has(m, "bias")):
        return None  # its weights are flat, in all other systems they have the shape of the axes
    return {
        "shape": tuple(m._normalized_shape),
        "eps": m._epsilon,
        "scale": _has(m, "weight"),
        "bias": _has(m, "bias"),
    }


def _batch_norm(rank: int) -> Callable[[Any], Config | None]:
    def read(m: Any) -> Config | None:
        if m._use_global_stats is not None or m._fuse_with_relu:
            return None
        return {
            "features": m._num_features,
            "eps": m._epsilon,
            "momentum": complement(m._momentum),
            "scale": _has(m, "weight"),
            "bias": _has(m, "bias"),
            "tracked": True,
            "unbiased": isinstance(m, _Unbiased),
            "rank": rank,
            "channels": _channels(m._data_format),
        }

    return read


def _group_norm(m: Any) -> Config:
    return {
        "groups": m._num_groups,
        "features": m._num_channels,
        "eps": m._epsilon,
        "scale": _has(m, "weight"),
        "bias": _has(m, "bias"),
        "channels": _channels(m._data_format),
    }


def _instance_norm(rank: int) -> Callable[[Any], Config | None]:
    def read(m: Any) -> Config | None:
        return {
            "features": m._num_features,
            "eps": m._epsilon,
            "scale": _has(m, "scale"),
            "bias": _has(m, "bias"),
            "channels": _channels(m._data_format),
            "rank": rank,
        }

    return read


def _dropout(m: Any) -> Config | None:
    if m.mode != "upscale_in_train" or m.axis is not None or not isinstance(m.p, (int, float)):
        return None
    return {"rate": m.p, "shared": 0}


def _dropout_of(shared: int) -> Callable[[Any], Config | None]:
    return lambda m: {"rate": m.p, "shared": shared} if _channels(m.data_format) == "first" else None


def _pool(rank: int) -> Callable[[Any], Config | None]:
    def read(m: Any) -> Config | None:
        if getattr(m, "return_mask", False) or isinstance(m.padding, str):
            return None
        kernel = getattr(m, "ksize", None) or m.kernel_size
        padding = _pairs(m.padding, rank)
        if padding is None:
            return None
        return {
            "kernel": sizes(kernel, rank),
            "strides": sizes(kernel if m.stride is None else m.stride, rank),
            "padding": padding,
            "dilation": (1,) * rank,
            "ceil": m.ceil_mode,
            "count_pad": not getattr(m, "exclusive", True),
            "divisor": getattr(m, "divisor", None),
            "channels": _channels(getattr(m, "data_format", "NCL")),
        }

    return read


def _adaptive(rank: int) -> Callable[[Any], Config | None]:
    def read(m: Any) -> Config | None:
        if getattr(m, "_return_mask", False):
            return None
        size = m._output_size
        return {
            "sizes": (size,) * rank if size is None or isinstance(size, int) else tuple(size),
            "channels": _channels(getattr(m, "_data_format", "NCL")),
        }

    return read


def _plain(names: dict[str, str]) -> Callable[[Any], Config]:
    return lambda m: {
        key: _value(getattr(m, f"_{name}" if hasattr(m, f"_{name}") else name)) for key, name in names.items()
    }


def _value(x: Any) -> Any:
    return {True: "tanh", False: "none"}[x] if isinstance(x, bool) else x


_PLAIN: dict[str, tuple[Any, dict[str, str]]] = {
    "flatten": (nn.Flatten, {"start": "start_axis", "end": "stop_axis"}),
    "identity": (nn.Identity, {}),
    "relu": (nn.ReLU, {}),
    "relu6": (nn.ReLU6, {}),
    "gelu": (nn.GELU, {"approximate": "approximate"}),
    "silu": (nn.Silu, {}),
    "sigmoid": (nn.Sigmoid, {}),
    "tanh": (nn.Tanh, {}),
    "softmax": (nn.Softmax, {"axis": "axis"}),
    "log_softmax": (nn.LogSoftmax, {"axis": "axis"}),
    "leaky_relu": (nn.LeakyReLU, {"slope": "negative_slope"}),
    "elu": (nn.ELU, {"alpha": "alpha"}),
    "selu": (nn.SELU, {}),
    "celu": (nn.CELU, {"alpha": "alpha"}),
    "softplus": (nn.Softplus, {"beta": "beta", "threshold": "threshold"}),
    "softsign": (nn.Softsign, {}),
    "hardtanh": (nn.Hardtanh, {"low": "min", "high": "max"}),
    "hardswish": (nn.Hardswish, {}),
    "hardsigmoid": (nn.Hardsigmoid, {}),
    "mish": (nn.Mish, {}),
    "logsigmoid": (nn.LogSigmoid, {}),
    "tanhshrink": (nn.Tanhshrink, {}),
    "prelu": (nn.PReLU, {"num": "num_parameters"}),
}
"""Layers whose configuration is a few numbers: the normal form's names for them, and paddle's."""

_READ: dict[Any, tuple[str, Callable[[Any], Config | None]]] = {
    nn.Linear: ("linear", _linear),
    **dict.fromkeys((nn.Conv1D, nn.Conv2D, nn.Conv3D), ("conv", _conv)),
    **dict.fromkeys((nn.Conv1DTranspose, nn.Conv2DTranspose, nn.Conv3DTranspose), ("conv_transpose", _conv_transpose)),
    nn.Embedding: ("embedding", _embedding),
    nn.LayerNorm: ("layer_norm", _layer_norm),
    **{c: ("batch_norm", _batch_norm(i)) for i, c in enumerate((nn.BatchNorm1D, nn.BatchNorm2D, nn.BatchNorm3D), 1)},
    nn.GroupNorm: ("group_norm", _group_norm),
    **{
        c: ("instance_norm", _instance_norm(i))
        for i, c in enumerate((nn.InstanceNorm1D, nn.InstanceNorm2D, nn.InstanceNorm3D), 1)
    },
    nn.Dropout: ("dropout", _dropout),
    nn.Dropout2D: ("dropout", _dropout_of(2)),
    nn.Dropout3D: ("dropout", _dropout_of(3)),
    **{c: ("max_pool", _pool(i)) for i, c in enumerate((nn.MaxPool1D, nn.MaxPool2D, nn.MaxPool3D), 1)},
    **{c: ("avg_pool", _pool(i)) for i, c in enumerate((nn.AvgPool1D, nn.AvgPool2D, nn.AvgPool3D), 1)},
    **{
        c: ("adaptive_max_pool", _adaptive(i))
        for i, c in enumerate((nn.AdaptiveMaxPool1D, nn.AdaptiveMaxPool2D, nn.AdaptiveMaxPool3D), 1)
    },
    **{
        c: ("adaptive_avg_pool", _adaptive(i))
        for i, c in enumerate((nn.AdaptiveAvgPool1D, nn.AdaptiveAvgPool2D, nn.AdaptiveAvgPool3D), 1)
    },
    **{cls: (kind, _plain(names)) for kind, (cls, names) in _PLAIN.items()},
}

# -- layers with another detail than paddle's -------------------------------------------------------------------------


class Embedding(nn.Embedding):
    """`paddle.nn.Embedding` with a row that gets no gradient, but has its value."""

    padding_row: int

    def forward(self, x: Any) -> Any:
        """Return the rows of the indices."""
        y = super().forward(x)
        return paddle.where((x == self.padding_row).unsqueeze(-1), y.detach(), y)


class _Unbiased:
    """A batch norm whose running variance is the unbiased one, and which counts its updates."""

    def forward(self, x: Any) -> Any:
        """Normalise ``(batch, channels, ...)``."""
        here: Any = self
        if not here.training:
            return super().forward(x)  # type: ignore[misc]
        axes = [i for i in range(x.ndim) if i != 1]
        n = x.size // x.shape[1]
        if n == 1:
            raise ValueError(f"a batch norm in training needs more than one value per channel, not {x.shape}")
        y = F.batch_norm(
            x,
            here._mean.clone(),
            here._variance.clone(),
            weight=here.weight,
            bias=here.bias,
            training=True,
            momentum=here._momentum,
            epsilon=here._epsilon,
            data_format=here._data_format,
        )
        with paddle.no_grad():
            share = 1 - here._momentum
            mean, var = x.mean(axes), x.var(axes, unbiased=True)
            here._mean.set_value(here._mean * here._momentum + mean.astype(here._mean.dtype) * share)
            here._variance.set_value(here._variance * here._momentum + var.astype(here._variance.dtype) * share)
            if here._buffers.get("num_batches_tracked") is not None:
                here.num_batches_tracked.set_value(here.num_batches_tracked + 1)
        return y


class BatchNorm1D(_Unbiased, nn.BatchNorm1D):
    """`paddle.nn.BatchNorm1D` with an unbiased running variance."""


class BatchNorm2D(_Unbiased, nn.BatchNorm2D):
    """`paddle.nn.BatchNorm2D` with an unbiased running variance."""


class BatchNorm3D(_Unbiased, nn.BatchNorm3D):
    """`paddle.nn.BatchNorm3D` with an unbiased running variance."""


_READ |= {c: ("batch_norm", _batch_norm(i)) for i, c in enumerate((BatchNorm1D, BatchNorm2D, BatchNorm3D), 1)}

# -- paddle's layer for a meaning -------------------------------------------------------------------------------------

Built = tuple[Any, Config, Config]
"""Class, arguments of the constructor, attributes to be set."""


def build(layer: Layer) -> Native | str:
    """Return paddle's own layer of a meaning.

    Args:
        layer: the meaning.

    Returns:
        The layer, whose parameters have no values yet, or the reason why paddle has none that is exactly the same.

    Example:
        >>> import paddle
        >>> from ivy_paddle.native_layers import build, recognise
        >>> type(build(recognise(paddle.nn.Linear(3, 4))).make()) is paddle.nn.Linear
        True
    """
    made = _BUILD.get(layer.kind)
    if made is None:
        return f"paddle has no layer for {layer.kind} of this form"
    config = layer.config
    if config.get("compute") not in (None, config.get("dtype")):
        return f"it computes in {config['compute']} with weights of {config['dtype']}, paddle's in the weights' dtype"
    how = made(config)
    if isinstance(how, str):
        return how
    cls, arguments, attributes = how
    weights = dict(WEIGHTS.get(layer.kind, {}))
    if "count" in layer.weights and issubclass(cls, _Unbiased):
        weights["count"] = ("num_batches_tracked", None)
    missing = layer.weights.keys() - weights.keys()
    if missing:
        return f"paddle's {cls.__name__} has no {', '.join(sorted(missing))}"
    kept = {role: weights[role] for role in layer.weights}

    def make() -> Any:
        with paddle.LazyGuard():
            new = cls(**arguments)
        for name, value in attributes.items():
            setattr(new, name, value)
        if "count" in kept:
            new.register_buffer("num_batches_tracked", paddle.zeros([], "int64"))
        new.training = layer.train
        return new

    return Native(cls, kept, make, _same(make, layer))


_FREE = (
    "_full_name _helper _built _dtype _init_in_dynamic_mode _parameters _buffers _non_persistable_buffer_names_set "
    "_loaddict_holder _op_recorder _customized_attrs _forward_pre_hooks_with_kwargs_flag "
    "_forward_post_hooks_with_kwargs_flag _forward_post_hooks_always_called _cast_to_low_precision _state_dict_hooks "
    "_original_funcs _weight_attr _bias_attr _param_attr name _name _device _init inplace _in_place"
).split()


def _same(make: Callable[[], Any], layer: Layer) -> Callable[[Any, bool], bool]:
    modes = {"training": (False, True)} if layer.modal else {}
    alike = like(make, (), modes=modes, ignored=_FREE if layer.modal else [*_FREE, "training"])
    fresh = make()
    # a weight may be there as a parameter or as a buffer
    absent = {name: x is None for store in (fresh._parameters, fresh._buffers) for name, x in store.items()}
    names, empty = [*fresh._parameters], [x is None for x in fresh._parameters.values()]

    def same(part: Any, train: bool) -> bool:
        if not alike(part, train):
            return False
        held = part._parameters
        if not part._buffers and [*held] == names:  # as nearly always
            return [x is None for x in held.values()] == empty
        now = {name: x is None for store in (held, part._buffers) for name, x in store.items()}
        return now == absent

    return same


def _attrs(c: Any) -> Config:
    return {"weight_attr": None if c.get("scale", True) else False, "bias_attr": None if c.get("bias") else False}


def _build_linear(c: Any) -> Built:
    return nn.Linear, {"in_features": c["in"], "out_features": c["out"], "bias_attr": _attrs(c)["bias_attr"]}, {}


_FORMATS = {"first": ("NCL", "NCHW", "NCDHW"), "last": ("NLC", "NHWC", "NDHWC")}


def _build_conv(c: Any) -> Built | str:
    rank, pairs = len(c["kernel"]), c["padding"]
    if not 1 <= rank <= 3:
        return f"paddle has no convolution over {rank} axes"
    if c["padding_mode"] != "zeros" and len({p for pair in pairs for p in pair}) != 1:
        return f"paddle pads all sides alike where the padding is {c['padding_mode']}"
    padding: Any = [p for pair in pairs for p in pair] if pairs != "same" else "SAME"
    if pairs == "same" and any(d != 1 for d in c["dilation"]):
        return "paddle ignores the dilation where the padding is 'same'"
    if pairs != "same" and all(a == b for a, b in pairs):
        padding = [a for a, _ in pairs]
    if c["padding_mode"] != "zeros":
        padding = padding[0]
    elif rank == 1 and len(padding) == 2:
        return "paddle pads both sides of one axis alike"
    arguments = {
        "in_channels": c["in"],
        "out_channels": c["out"],
        "kernel_size": list(c["kernel"]),
        "stride": list(c["strides"]),
        "padding": padding,
        "dilation": list(c["dilation"]),
        "groups": c["groups"],
        "padding_mode": c["padding_mode"],
        "bias_attr": _attrs(c)["bias_attr"],
        "data_format": _FORMATS[c["channels"]][rank - 1],
    }
    return (nn.Conv1D, nn.Conv2D, nn.Conv3D)[rank - 1], arguments, {}


def _build_conv_transpose(c: Any) -> Built | str:
    rank, pairs = len(c["kernel"]), c["padding"]
    if not 1 <= rank <= 3:
        return f"paddle has no convolution over {rank} axes"
    if not c["flipped"]:
        return "its kernel is flipped against paddle's"
    if pairs == "same" or any(a < 0 for a, _ in pairs):
        return f"paddle's padding of a transposed convolution cannot be {pairs}"
    extra = [a - b for a, b in pairs]
    if any(not 0 <= e < stride for e, stride in zip(extra, c["strides"])):
        return f"paddle cannot cut {pairs} from the output"
    arguments = {
        "in_channels": c["in"],
        "out_channels": c["out"],
        "kernel_size": list(c["kernel"]),
        "stride": list(c["strides"]),
        "padding": [a for a, _ in pairs],
        "output_padding": extra,
        "dilation": list(c["dilation"]),
        "groups": c["groups"],
        "bias_attr": _attrs(c)["bias_attr"],
        "data_format": _FORMATS[c["channels"]][rank - 1],
    }
    return (nn.Conv1DTranspose, nn.Conv2DTranspose, nn.Conv3DTranspose)[rank - 1], arguments, {}


def _build_embedding(c: Any) -> Built:
    arguments = {"num_embeddings": c["num"], "embedding_dim": c["features"]}
    if c["padding_idx"] is None:
        return nn.Embedding, arguments, {}
    return Embedding, arguments, {"padding_row": c["padding_idx"]}


def _build_layer_norm(c: Any) -> Built | str:
    if c["eps"] is None:
        return "its epsilon is that of the data's dtype, paddle's is a number"
    if c["eps"] > 1e-3:
        return "paddle's LayerNorm takes no epsilon above 0.001"
    if len(c["shape"]) > 1 and (c["scale"] or c["bias"]):
        return "paddle's LayerNorm over several axes has flat weights"
    return nn.LayerNorm, {"normalized_shape": list(c["shape"]), "epsilon": c["eps"], **_attrs(c)}, {}


def _build_batch_norm(c: Any) -> Built | str:
    if not c["tracked"] or c["momentum"] is None:
        return "paddle's batch norms keep a running average with a fixed momentum, and use it in evaluation"
    if c["rank"] is None:
        return "paddle's batch norms are made for a number of axes, which is not known"
    last = c["channels"] == "last"
    if last and c["unbiased"]:
        return "paddle's running variance is the biased one"
    own = (nn.BatchNorm1D, nn.BatchNorm2D, nn.BatchNorm3D)
    cls = ((BatchNorm1D, BatchNorm2D, BatchNorm3D) if c["unbiased"] else own)[c["rank"] - 1]
    arguments = {
        "num_features": c["features"],
        "epsilon": c["eps"],
        "momentum": complement(c["momentum"]),
        "data_format": _FORMATS[c["channels"]][c["rank"] - 1],
        **_attrs(c),
    }
    return cls, arguments, {}


def _build_group_norm(c: Any) -> Built | str:
    if not c["scale"]:
        return "paddle's group norm without a scale has wrong gradients"
    arguments = {
        "num_groups": c["groups"],
        "num_channels": c["features"],
        "epsilon": c["eps"],
        "data_format": "NCHW" if c["channels"] == "first" else "NHWC",
        **_attrs(c),
    }
    return nn.GroupNorm, arguments, {}


def _build_instance_norm(c: Any) -> Built | str:
    if c["channels"] == "last" or c["rank"] is None:
        return "paddle's instance norms have the channels first"
    if c["rank"] == 1:
        return "paddle's InstanceNorm1D takes data without a batch for data without positions"
    cls = (nn.InstanceNorm1D, nn.InstanceNorm2D, nn.InstanceNorm3D)[c["rank"] - 1]
    if c["scale"] != c["bias"]:
        return "paddle's instance norms have both scale and bias, or none of them"
    return cls, {"num_features": c["features"], "epsilon": c["eps"], **_attrs(c)}, {}


def _build_dropout(c: Any) -> Built | str:
    cls = {0: nn.Dropout, 2: nn.Dropout2D, 3: nn.Dropout3D}.get(c["shared"])
    return (
        f"paddle has no dropout that shares its draw over {c['shared']} axes"
        if cls is None
        else (cls, {"p": c["rate"]}, {})
    )


def _build_pool(kind: str) -> Callable[[Any], Built | str]:
    def built(c: Any) -> Built | str:
        rank, pairs = len(c["kernel"]), c["padding"]
        if any(i != 1 for i in c["dilation"]):
            return "paddle's pooling has no dilation"
        if pairs == "same" or any(a != b for a, b in pairs):
            return "paddle's pooling pads both sides alike"
        if c["ceil"]:
            return "paddle's pooling counts the windows that begin in the padding, where it rounds up"
        if rank == 1 and c["channels"] == "last":
            return "paddle's pooling over one axis has the channels first"
        arguments: Config = {
            "kernel_size": list(c["kernel"]),
            "stride": list(c["strides"]),
            "padding": [a for a, _ in pairs],
        }
        if rank > 1:
            arguments["data_format"] = _FORMATS[c["channels"]][rank - 1]
        if kind == "Avg":
            arguments["exclusive"] = not c["count_pad"]
            if c["divisor"] is not None:
                if rank == 1:
                    return "paddle's average pooling over one axis has no divisor"
                arguments["divisor_override"] = c["divisor"]
        return getattr(nn, f"{kind}Pool{rank}D"), arguments, {}

    return built


def _build_adaptive(kind: str) -> Callable[[Any], Built | str]:
    def built(c: Any) -> Built | str:
        rank = len(c["sizes"])
        if c["channels"] == "last":
            return "paddle's adaptive pooling has the channels first"
        size = c["sizes"][0] if rank == 1 else list(c["sizes"])
        return getattr(nn, f"Adaptive{kind}Pool{rank}D"), {"output_size": size}, {}

    return built


def _given(cls: Any, names: dict[str, str]) -> Callable[[Any], Built | str]:
    def built(c: Any) -> Built | str:
        values = {name: {"tanh": True, "none": False}.get(c[key], c[key]) for key, name in names.items()}
        if None in values.values():
            return "its axis is chosen by the data's number of axes"
        return cls, values, {}

    return built


_BUILD: dict[str, Callable[[Any], Built | str]] = {
    "linear": _build_linear,
    "conv": _build_conv,
    "conv_transpose": _build_conv_transpose,
    "embedding": _build_embedding,
    "layer_norm": _build_layer_norm,
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
