"""keras' standard layers: what they mean (`recognise`), and keras' own layer for a meaning (`build`)."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

import keras
import tensorflow as tf
from keras import layers

from ivy.stateful.layers import Layer, Native, complement, roles, same_pairs

__all__ = ["build", "recognise"]

WEIGHTS: dict[str, dict[str, tuple[str, str | None]]] = {
    "linear": {"kernel": ("kernel", "IO"), "bias": ("bias", None)},
    "conv": {"kernel": ("kernel", "*IO"), "bias": ("bias", None)},
    "conv_transpose": {"kernel": ("kernel", "*OI"), "bias": ("bias", None)},
    "embedding": {"kernel": ("embeddings", None)},
    "layer_norm": {"scale": ("gamma", None), "bias": ("beta", None)},
    "rms_norm": {"scale": ("scale", None)},
    "batch_norm": {
        "scale": ("gamma", None),
        "bias": ("beta", None),
        "mean": ("moving_mean", None),
        "var": ("moving_variance", None),
    },
    "group_norm": {"scale": ("gamma", None), "bias": ("beta", None)},
}

Config = dict[str, Any]

_register = keras.saving.register_keras_serializable(package="ivy_tensorflow")

# -- what a layer means -----------------------------------------------------------------------------------------------


def recognise(part: Any) -> Layer | None:
    """Return what a keras layer means, if it is a standard layer and nothing else.

    Args:
        part: any layer that has its variables.

    Returns:
        Its normal form; None for subclasses of the layers, for what is quantised, has LoRA, an activation or its own
        ``call``, and for meanings that the normal form doesn't have.

    Example:
        >>> import keras
        >>> from ivy_tensorflow.converters.keras_layers import recognise
        >>> dense = keras.layers.Dense(4)
        >>> dense.build((None, 3))
        >>> recognise(dense).config
        {'in': 3, 'out': 4, 'bias': True, 'dtype': 'float32'}
    """
    found = _READ.get(type(part))
    if found is None or not part.built or "call" in vars(part):
        return None
    if getattr(part, "lora_enabled", False) or getattr(part, "quantization_mode", None) or part._layers:
        return None
    if type(part) is not layers.Activation and getattr(part, "activation", None) not in (
        None,
        keras.activations.linear,
    ):
        return None
    kind, read = found
    config = read(part)
    if config is None:
        return None
    weights = roles(WEIGHTS.get(kind, {}), config)
    variables = [getattr(part, name) for name, _ in weights.values()]
    if {id(v) for v in part.weights} != {id(v) for v in variables}:
        return None
    if variables:
        config["dtype"] = variables[0].dtype
        if part.compute_dtype != config["dtype"]:
            config["compute"] = part.compute_dtype
    return Layer(kind, config, weights, False)


def _channels(m: Any) -> str:
    return "last" if m.data_format == "channels_last" else "first"


def _dense(m: Any) -> Config:
    n, out = m.kernel.shape
    return {"in": int(n), "out": int(out), "bias": m.use_bias}


def _conv(m: Any) -> Config:
    reach = [d * (k - 1) for k, d in zip(m.kernel_size, m.dilation_rate)]
    padding: Any = {
        "same": same_pairs(m.kernel_size, m.dilation_rate, m.strides),
        "valid": ((0, 0),) * len(reach),
        "causal": ((reach[0], 0),),
    }[m.padding]
    return {
        "in": int(m.kernel.shape[-2]) * m.groups,
        "out": m.filters,
        "kernel": tuple(m.kernel_size),
        "strides": tuple(m.strides),
        "padding": padding,
        "dilation": tuple(m.dilation_rate),
        "groups": m.groups,
        "padding_mode": "zeros",
        "bias": m.use_bias,
        "channels": _channels(m),
    }


def _conv_transpose(m: Any) -> Config | None:
    if m.output_padding is not None or any(d != 1 for d in m.dilation_rate):
        return None
    cuts = [k - s if m.padding == "same" else min(k - s, 0) for k, s in zip(m.kernel_size, m.strides)]
    return {
        "in": int(m.kernel.shape[-1]),
        "out": m.filters,
        "kernel": tuple(m.kernel_size),
        "strides": tuple(m.strides),
        "padding": tuple((max(cut, 0) // 2, cut - max(cut, 0) // 2) for cut in cuts),
        "dilation": tuple(m.dilation_rate),
        "groups": 1,
        "padding_mode": "zeros",
        "bias": m.use_bias,
        "channels": _channels(m),
        "flipped": True,
    }


def _embedding(m: Any) -> Config | None:
    return None if m.mask_zero else {"num": m.input_dim, "features": m.output_dim, "padding_idx": None}


def _axes(axis: Any, ndim: int) -> list[int]:
    return sorted(a if a < 0 else a - ndim for a in (axis if isinstance(axis, (list, tuple)) else [axis]))


def _layer_norm(m: Any) -> Config | None:
    shape = tuple(int(n) for n in (m.gamma if m.scale else m.beta).shape) if m.scale or m.center else None
    axes = m.axis if isinstance(m.axis, (list, tuple)) else [m.axis]
    if m.rms_scaling or shape is None or sorted(axes) != list(range(-len(axes), 0)):
        return None
    return {"shape": shape, "eps": m.epsilon, "scale": m.scale, "bias": m.center}


def _rms_norm(m: Any) -> Config | None:
    if m.axis not in (-1, [-1]):
        return None
    return {"shape": tuple(int(n) for n in m.scale.shape), "eps": m.epsilon, "scale": True}


def _batch_norm(m: Any) -> Config | None:
    ndim = m.input_spec.ndim
    if m.renorm or m.synchronized or not m.trainable or m.axis % ndim not in (1, ndim - 1):
        return None
    return {
        "features": int(m.moving_mean.shape[0]),
        "eps": m.epsilon,
        "momentum": complement(m.momentum),
        "scale": m.scale,
        "bias": m.center,
        "tracked": True,
        "unbiased": False,
        "rank": max(ndim - 2, 1),
        "channels": "first" if m.axis % ndim == 1 and ndim > 2 else "last",
    }


def _group_norm(m: Any) -> Config | None:
    if m.axis not in (-1, 1) or m.groups == -1 or not (m.scale or m.center):
        return None
    features = int((m.gamma if m.scale else m.beta).shape[0])
    return {
        "groups": m.groups,
        "features": features,
        "eps": m.epsilon,
        "scale": m.scale,
        "bias": m.center,
        "channels": "last" if m.axis == -1 else "first",
    }


def _dropout(m: Any) -> Config | None:
    return None if m.noise_shape is not None else {"rate": m.rate, "shared": 0}


def _pool(m: Any) -> Config | None:
    if m.padding != "valid":
        return None
    rank = len(m.pool_size)
    return {
        "kernel": tuple(m.pool_size),
        "strides": tuple(m.strides),
        "padding": ((0, 0),) * rank,
        "dilation": (1,) * rank,
        "ceil": False,
        "count_pad": False,
        "divisor": None,
        "channels": _channels(m),
    }


def _global(rank: int) -> Callable[[Any], Config | None]:
    return lambda m: {"sizes": (1,) * rank, "channels": _channels(m)} if m.keepdims else None


_FUNCTIONS: dict[str, Any] = {
    "silu": keras.activations.silu,
    "sigmoid": keras.activations.sigmoid,
    "tanh": keras.activations.tanh,
    "selu": keras.activations.selu,
    "softsign": keras.activations.softsign,
    "mish": keras.activations.mish,
    "hardsigmoid": keras.activations.hard_sigmoid,
    "hardswish": keras.activations.hard_silu,
    "logsigmoid": keras.activations.log_sigmoid,
    "tanhshrink": keras.activations.tanh_shrink,
    "relu6": keras.activations.relu6,
}


def _relu(m: Any) -> Config | None:
    return {} if m.max_value is None and not m.negative_slope and not m.threshold else None


_READ: dict[type, tuple[str, Callable[[Any], Config | None]]] = {
    layers.Dense: ("linear", _dense),
    **dict.fromkeys((layers.Conv1D, layers.Conv2D, layers.Conv3D), ("conv", _conv)),
    **dict.fromkeys(
        (layers.Conv1DTranspose, layers.Conv2DTranspose, layers.Conv3DTranspose), ("conv_transpose", _conv_transpose)
    ),
    layers.Embedding: ("embedding", _embedding),
    layers.LayerNormalization: ("layer_norm", _layer_norm),
    layers.RMSNormalization: ("rms_norm", _rms_norm),
    layers.BatchNormalization: ("batch_norm", _batch_norm),
    layers.GroupNormalization: ("group_norm", _group_norm),
    layers.Dropout: ("dropout", _dropout),
    **dict.fromkeys((layers.MaxPooling1D, layers.MaxPooling2D, layers.MaxPooling3D), ("max_pool", _pool)),
    **dict.fromkeys((layers.AveragePooling1D, layers.AveragePooling2D, layers.AveragePooling3D), ("avg_pool", _pool)),
    layers.GlobalAveragePooling2D: ("adaptive_avg_pool", _global(2)),
    layers.GlobalMaxPooling2D: ("adaptive_max_pool", _global(2)),
    layers.ReLU: ("relu", _relu),
    layers.LeakyReLU: ("leaky_relu", lambda m: {"slope": float(m.negative_slope)}),
    layers.ELU: ("elu", lambda m: {"alpha": float(m.alpha)}),
    layers.Identity: ("identity", lambda m: {}),
}

# -- layers with another detail than keras' ---------------------------------------------------------------------------


class _First:
    """A layer that computes with the channels last, on data that has them first or last.

    keras' own layers with ``data_format="channels_first"`` compile a convolution in every eager call on the CPU and add
    the bias to the wrong axis where the data is as wide as it has channels.
    """

    def __init__(self, *args: Any, first: bool = True, edges: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first
        self.edges = None if edges is None else tuple(tuple(pair) for pair in edges)

    def build(self, input_shape: Any) -> None:
        """Make the variables."""
        shape, first = self._last(input_shape), self.first
        self.first = False  # keras computes a shape meanwhile
        try:
            super().build(shape)  # type: ignore[misc]
        finally:
            self.first = first
        self.input_spec = None

    def _last(self, shape: Any) -> tuple[Any, ...]:
        shape = tuple(shape)
        return (shape[0], *shape[2:], shape[1]) if self.first else shape

    def call(self, inputs: Any) -> Any:
        """Apply the layer."""
        if not self.first:
            return self._compute(inputs)
        n = len(inputs.shape)
        y = self._compute(tf.transpose(inputs, [0, *range(2, n), 1]))
        return tf.transpose(y, [0, n - 1, *range(1, n - 1)])

    def _compute(self, x: Any) -> Any:
        raise NotImplementedError

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the result."""
        shape = tuple(self._shape(self._last(input_shape)))
        return (shape[0], shape[-1], *shape[1:-1]) if self.first else shape

    def _shape(self, shape: tuple[Any, ...]) -> Any:
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the configuration."""
        return {**super().get_config(), "first": self.first, "edges": self.edges}  # type: ignore[misc]


class _Padded(_First):
    """A convolution that may pad its data itself: by any numbers, with zeros or otherwise."""

    def __init__(self, *args: Any, padding_mode: str = "zeros", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.padding_mode = padding_mode

    def _compute(self, x: Any) -> Any:
        if self.edges is not None:
            pairs = [(0, 0), *self.edges, (0, 0)]
            if self.padding_mode in ("zeros", "reflect"):
                x = tf.pad(x, pairs, "CONSTANT" if self.padding_mode == "zeros" else "REFLECT")
            else:
                for axis, (before, after) in enumerate(pairs):
                    x = _wrapped(x, axis, before, after, self.padding_mode)
        return super(_First, self).call(x)  # type: ignore[misc]

    def _shape(self, shape: tuple[Any, ...]) -> Any:
        if self.edges is not None:
            pairs = [(0, 0), *self.edges, (0, 0)]
            shape = tuple(None if n is None else n + sum(pair) for n, pair in zip(shape, pairs))
        return super(_First, self).compute_output_shape(shape)  # type: ignore[misc]

    def get_config(self) -> dict[str, Any]:
        """Return the configuration."""
        return {**super().get_config(), "padding_mode": self.padding_mode}


def _wrapped(x: Any, axis: int, before: int, after: int, mode: str) -> Any:
    if not before and not after:
        return x
    n = tf.shape(x)[axis]
    if mode == "circular":
        places = tf.math.floormod(tf.range(-before, n + after), n)
    else:
        places = tf.clip_by_value(tf.range(-before, n + after), 0, n - 1)
    return tf.gather(x, places, axis=axis)


@_register
class Conv1D(_Padded, layers.Conv1D):
    """`keras.layers.Conv1D` with any padding."""


@_register
class Conv2D(_Padded, layers.Conv2D):
    """`keras.layers.Conv2D` with any padding."""


@_register
class Conv3D(_Padded, layers.Conv3D):
    """`keras.layers.Conv3D` with any padding."""


class _Cut(_First):
    """A transposed convolution of which any numbers are cut from the output."""

    def _compute(self, x: Any) -> Any:
        here: Any = self
        y = keras.ops.conv_transpose(x, here.kernel, strides=list(here.strides), padding="valid")
        size = keras.ops.shape(y)
        index, extra = [slice(None)], []
        for i, (before, after) in enumerate(self.edges or ()):
            # keras' output ends with zeros where the strides are wider than the kernel
            after += max(here.strides[i] - here.kernel_size[i], 0)
            index.append(slice(max(before, 0), size[1 + i] - max(after, 0)))
            extra.append((max(-before, 0), max(-after, 0)))
        y = y[tuple(index)]
        if any(p for pair in extra for p in pair):
            y = tf.pad(y, [(0, 0), *extra, (0, 0)])
        return y + here.bias if here.use_bias else y

    def _shape(self, shape: tuple[Any, ...]) -> Any:
        here: Any = self
        spatial = [
            None if n is None else (n - 1) * here.strides[i] + here.kernel_size[i] - sum((self.edges or ())[i])
            for i, n in enumerate(shape[1:-1])
        ]
        return shape[0], *spatial, here.filters


@_register
class Conv1DTranspose(_Cut, layers.Conv1DTranspose):
    """`keras.layers.Conv1DTranspose` of which any numbers are cut."""


@_register
class Conv2DTranspose(_Cut, layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose` of which any numbers are cut."""


@_register
class Conv3DTranspose(_Cut, layers.Conv3DTranspose):
    """`keras.layers.Conv3DTranspose` of which any numbers are cut."""


@_register
class Embedding(layers.Embedding):
    """`keras.layers.Embedding` with a row that gets no gradient."""

    def __init__(self, *args: Any, padding_idx: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.padding_idx = padding_idx

    def call(self, inputs: Any) -> Any:
        """Return the rows of the indices."""
        x = super().call(inputs)
        return tf.where(tf.equal(inputs, self.padding_idx)[..., None], tf.stop_gradient(x), x)

    def get_config(self) -> dict[str, Any]:
        """Return the configuration."""
        return {**super().get_config(), "padding_idx": self.padding_idx}


@_register
class BatchNormalization(layers.BatchNormalization):
    """`keras.layers.BatchNormalization` of data with any number of axes, whose running variance is the unbiased one.

    It may count its updates in `num_batches_tracked`.
    """

    def __init__(self, *args: Any, counts: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counts = counts

    def build(self, input_shape: Any) -> None:
        """Make the variables."""
        super().build(input_shape)
        self.input_spec = None
        if self.counts:
            self.num_batches_tracked = self.add_weight(
                shape=(), dtype="int64", initializer="zeros", trainable=False, name="num_batches_tracked"
            )

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Normalise the data; update the statistics in training."""
        axis = self.axis % len(inputs.shape)
        self._reduction_axes = [i for i in range(len(inputs.shape)) if i != axis]
        before = tf.convert_to_tensor(self.moving_variance)
        y = super().call(inputs, training=training, mask=mask)
        if training and self.trainable:
            sizes = tf.shape(inputs)
            n = tf.cast(tf.size(inputs) / sizes[axis], before.dtype)
            kept = before * self.momentum
            self.moving_variance.assign(kept + (self.moving_variance - kept) * (n / (n - 1)))
            if self.counts:
                self.num_batches_tracked.assign_add(1)
        return y

    def get_config(self) -> dict[str, Any]:
        """Return the configuration."""
        return {**super().get_config(), "counts": self.counts}


# -- keras' layer for a meaning ---------------------------------------------------------------------------------------

Built = tuple[Any, Config, tuple[Any, ...] | None]
"""Class, arguments of the constructor, shape to build it for (None where it has no variables)."""


def build(layer: Layer) -> Native | str:
    """Return keras' own layer of a meaning.

    Args:
        layer: the meaning.

    Returns:
        The layer, whose variables are zero, or the reason why keras has none that is exactly the same.

    Example:
        >>> from ivy.stateful.layers import Layer
        >>> from ivy_tensorflow.converters.keras_layers import build
        >>> config = {"in": 3, "out": 4, "bias": False, "dtype": "float32"}
        >>> build(Layer("linear", config, {"kernel": ("weight", "OI")})).make().kernel.shape
        (3, 4)
    """
    made = _BUILD.get(layer.kind)
    if made is None:
        return f"keras has no layer for {layer.kind} of this form"
    config = layer.config
    how = made({**config, "count": "count" in layer.weights})
    if isinstance(how, str):
        return how
    cls, arguments, shape = how
    weights = dict(WEIGHTS.get(layer.kind, {}))
    if cls is BatchNormalization:
        weights["count"] = ("num_batches_tracked", None)
    missing = layer.weights.keys() - weights.keys()
    if missing:
        return f"keras' {cls.__name__} has no {', '.join(sorted(missing))}"
    dtype = config.get("dtype")
    policy = None if dtype is None else _policy(dtype, config.get("compute", dtype))
    if dtype is not None and policy is None:
        return f"keras has no policy that computes in {config['compute']} with variables of {dtype}"

    def make(**named: Any) -> Any:
        given = dict(arguments) if policy is None else {**arguments, "dtype": policy}
        new = cls(**given, **named)
        if shape is not None:
            with _zeros(new):
                new.build(shape)
            if cls is layers.GroupNormalization:
                new.input_spec = None  # any number of axes
        new.built = True
        return new

    kept = {role: weights[role] for role in layer.weights}
    return Native(cls, kept, make, _same(make))


def _policy(dtype: str, compute: str) -> str | None:
    if dtype == compute:
        return dtype
    return f"mixed_{compute}" if dtype == "float32" and compute in ("float16", "bfloat16") else None


class _zeros:
    """Let a layer be built with zeros: no random numbers are drawn for what gets other values at once."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer
        self.before = {k: v for k, v in vars(layer).items() if k.endswith("_initializer") and v is not None}

    def __enter__(self) -> None:
        for name in self.before:
            setattr(self.layer, name, keras.initializers.Zeros())

    def __exit__(self, *error: object) -> None:
        for name, value in self.before.items():
            setattr(self.layer, name, value)


_SIMPLE = (int, float, str, bool, tuple, type(None))
_FREE = {"name", "built", "lora_rank", "lora_alpha", "seed", "autocast"}


def _same(make: Callable[[], Any]) -> Callable[[Any, bool], bool]:
    fresh = make()
    cls, own = type(fresh), vars(fresh)
    names = [k for k, v in own.items() if k[0] != "_" and k not in _FREE and isinstance(v, _SIMPLE)]
    names += [k for k in ("activation", "axis", "_dtype_policy") if k in own and k not in names]
    get = itemgetter(*names)
    expected = get(own)
    count = len(fresh.weights)

    def same(part: Any, train: bool) -> bool:
        if type(part) is not cls:
            return False
        now = part.__dict__
        try:
            return bool(
                get(now) == expected
                and len(now["_trainable_variables"]) + len(now["_non_trainable_variables"]) == count
                and "call" not in now
            )
        except KeyError:
            return False

    return same


def _build_dense(c: Any) -> Built:
    return layers.Dense, {"units": c["out"], "use_bias": c["bias"]}, (None, c["in"])


_FORMATS = {"first": "channels_first", "last": "channels_last"}


def _shape(c: Any, features: int, rank: int) -> tuple[Any, ...]:
    free = (None,) * rank
    return (None, features, *free) if c["channels"] == "first" else (None, *free, features)


def _build_conv(c: Any) -> Built | str:
    rank = len(c["kernel"])
    if not 1 <= rank <= 3:
        return f"keras has no convolution over {rank} axes"
    if max(c["strides"]) > 1 and max(c["dilation"]) > 1:
        return "keras refuses strides together with a dilation"
    arguments = {
        "filters": c["out"],
        "kernel_size": c["kernel"],
        "strides": c["strides"],
        "dilation_rate": c["dilation"],
        "groups": c["groups"],
        "use_bias": c["bias"],
    }
    first = c["channels"] == "first"
    adapted = (Conv1D, Conv2D, Conv3D)[rank - 1]
    pairs, own = c["padding"], (layers.Conv1D, layers.Conv2D, layers.Conv3D)[rank - 1]
    shape = _shape(c, c["in"], rank)
    if c["padding_mode"] == "zeros":
        if pairs == "same" or (pairs == same_pairs(c["kernel"], c["dilation"], c["strides"]) and any(map(any, pairs))):
            return adapted if first else own, {**arguments, "padding": "same"}, shape
        if not any(p for pair in pairs for p in pair):
            return adapted if first else own, arguments, shape
    if any(p < 0 for pair in pairs for p in pair):
        return f"keras cannot pad by {pairs}"
    return adapted, {**arguments, "first": first, "edges": pairs, "padding_mode": c["padding_mode"]}, shape


def _build_conv_transpose(c: Any) -> Built | str:
    rank, pairs = len(c["kernel"]), c["padding"]
    if not 1 <= rank <= 3:
        return f"keras has no convolution over {rank} axes"
    if c["groups"] != 1:
        return "keras' transposed convolutions have no groups"
    if not c["flipped"]:
        return "its kernel is flipped against keras'"
    if pairs == "same":
        return "its padding depends on the data's size"
    if any(d != 1 for d in c["dilation"]):
        return "keras' transposed convolutions have no dilation on the CPU"
    arguments = {
        "filters": c["out"],
        "kernel_size": c["kernel"],
        "strides": c["strides"],
        "use_bias": c["bias"],
    }
    first, shape = c["channels"] == "first", _shape(c, c["in"], rank)
    own = (layers.Conv1DTranspose, layers.Conv2DTranspose, layers.Conv3DTranspose)[rank - 1]
    spare = [max(s - k, 0) for s, k in zip(c["strides"], c["kernel"])]
    if not first and pairs == tuple((0, -n) for n in spare):
        return own, {**arguments, "padding": "valid"}, shape
    cls = (Conv1DTranspose, Conv2DTranspose, Conv3DTranspose)[rank - 1]
    return cls, {**arguments, "first": first, "edges": pairs}, shape


def _build_embedding(c: Any) -> Built:
    arguments = {"input_dim": c["num"], "output_dim": c["features"]}
    if c["padding_idx"] is None:
        return layers.Embedding, arguments, (None, None)
    return Embedding, {**arguments, "padding_idx": c["padding_idx"]}, (None, None)


def _build_layer_norm(c: Any) -> Built:
    n = len(c["shape"])
    arguments = {
        "axis": -1 if n == 1 else list(range(-n, 0)),
        "epsilon": c["eps"],
        "scale": c["scale"],
        "center": c["bias"],
    }
    return layers.LayerNormalization, arguments, (None, *c["shape"])


def _build_rms_norm(c: Any) -> Built | str:
    if c["eps"] is None:
        return "its epsilon is that of the data's dtype, keras' is a number"
    if len(c["shape"]) != 1 or not c["scale"]:
        return "keras' RMSNormalization is over one axis, and has a scale"
    return layers.RMSNormalization, {"epsilon": c["eps"]}, (None, *c["shape"])


def _build_batch_norm(c: Any) -> Built | str:
    if not c["tracked"] or c["momentum"] is None:
        return "keras' BatchNormalization keeps a running average with a fixed momentum, and uses it in evaluation"
    if c["rank"] is None:
        return "keras' BatchNormalization is made for a number of axes, which is not known"
    arguments = {
        "axis": 1 if c["channels"] == "first" else -1,
        "epsilon": c["eps"],
        "momentum": complement(c["momentum"]),
        "scale": c["scale"],
        "center": c["bias"],
    }
    shape = _shape(c, c["features"], c["rank"])
    if c["unbiased"] or c["count"]:
        return BatchNormalization, {**arguments, "counts": c["count"]}, shape
    return layers.BatchNormalization, arguments, shape


def _build_group_norm(c: Any) -> Built:
    arguments = {
        "groups": c["groups"],
        "axis": 1 if c["channels"] == "first" else -1,
        "epsilon": c["eps"],
        "scale": c["scale"],
        "center": c["bias"],
    }
    return layers.GroupNormalization, arguments, _shape(c, c["features"], 0)


def _build_dropout(c: Any) -> Built | str:
    if c["shared"] == 0:
        return layers.Dropout, {"rate": c["rate"]}, None
    cls = {2: layers.SpatialDropout2D, 3: layers.SpatialDropout3D}.get(c["shared"])
    if cls is None:
        return f"keras has no dropout that shares its draw over {c['shared']} last axes"
    return cls, {"rate": c["rate"], "data_format": "channels_first"}, None


def _build_pool(kind: str) -> Callable[[Any], Built | str]:
    def built(c: Any) -> Built | str:
        rank = len(c["kernel"])
        if c["ceil"] or c["divisor"] is not None or any(d != 1 for d in c["dilation"]):
            return "keras' pooling does not round up, has no dilation and divides by the window's size"
        if c["padding"] == "same" or any(p for pair in c["padding"] for p in pair):
            return "keras' pooling pads as far as the windows reach, or not at all"
        arguments = {"pool_size": c["kernel"], "strides": c["strides"], "data_format": _FORMATS[c["channels"]]}
        return getattr(layers, f"{kind}Pooling{rank}D"), arguments, None

    return built


def _build_adaptive(kind: str) -> Callable[[Any], Built | str]:
    def built(c: Any) -> Built | str:
        if any(n != 1 for n in c["sizes"]):
            return "keras has adaptive pooling to one position only"
        arguments = {"keepdims": True, "data_format": _FORMATS[c["channels"]]}
        return getattr(layers, f"Global{kind}Pooling{len(c['sizes'])}D"), arguments, None

    return built


def _build_flatten(c: Any) -> Built | str:
    return (layers.Flatten, {}, None) if (c["start"], c["end"]) == (1, -1) else "keras' Flatten leaves one axis"


def _build_gelu(c: Any) -> Built | str:
    if c["approximate"] == "none":
        return layers.Activation, {"activation": "gelu"}, None
    return "keras' activation layers take gelu without the approximation"


def _build_softplus(c: Any) -> Built | str:
    return "keras' softplus has no beta and no threshold"


def _function(function: Any) -> Callable[[Any], Built]:
    return lambda c: (layers.Activation, {"activation": function}, None)


_BUILD: dict[str, Callable[[Any], Built | str]] = {
    "linear": _build_dense,
    "conv": _build_conv,
    "conv_transpose": _build_conv_transpose,
    "embedding": _build_embedding,
    "layer_norm": _build_layer_norm,
    "rms_norm": _build_rms_norm,
    "batch_norm": _build_batch_norm,
    "group_norm": _build_group_norm,
    "dropout": _build_dropout,
    "max_pool": _build_pool("Max"),
    "avg_pool": _build_pool("Average"),
    "adaptive_max_pool": _build_adaptive("Max"),
    "adaptive_avg_pool": _build_adaptive("Average"),
    "flatten": _build_flatten,
    "identity": lambda c: (layers.Identity, {}, None),
    "relu": lambda c: (layers.ReLU, {}, None),
    "leaky_relu": lambda c: (layers.LeakyReLU, {"negative_slope": c["slope"]}, None),
    "elu": lambda c: (layers.ELU, {"alpha": c["alpha"]}, None),
    "gelu": _build_gelu,
    "softplus": _build_softplus,
    **{kind: _function(function) for kind, function in _FUNCTIONS.items()},
}
