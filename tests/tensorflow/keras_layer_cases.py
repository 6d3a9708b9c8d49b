"""Layers of keras, with inputs: what every target has to agree on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras import layers as L
from keras import ops

_RNG = np.random.default_rng(3)


def floats(*shape: int) -> Any:
    """Draw an input."""
    return _RNG.normal(size=shape).astype("float32")


def whole(high: int, *shape: int) -> Any:
    """Draw whole numbers below a bound."""
    return _RNG.integers(0, high, size=shape).astype("int32")


@dataclass
class Case:
    """A layer and a call of it.

    Args:
        build: makes the layer or model.
        args: positional arguments; a list or dict of arrays where the layer takes one.
        kwargs: keyword arguments.
        grads: whether gradients are compared.
        train: whether it also runs in training mode.
        rtol: relative tolerance.
        atol: tolerance relative to the scale.
    """

    build: Callable[[], Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    grads: bool = True
    train: bool = False
    rtol: float = 1e-4
    atol: float = 1e-5


def case(build: Callable[[], Any], *args: Any, **options: Any) -> Case:
    """Describe a case in one line; a shape stands for an array of that shape."""
    kwargs = options.pop("kwargs", {})
    return Case(build, tuple(floats(*a) if type(a) is tuple else a for a in args), kwargs, **options)


_SEQ, _IMG, _VOL = (2, 5, 4), (2, 9, 8, 3), (2, 5, 6, 4, 3)
_MASK = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]], bool)

RECURRENT = {
    "lstm": case(lambda: L.LSTM(6), _SEQ),
    "lstm_sequences_state": case(lambda: L.LSTM(6, return_sequences=True, return_state=True), _SEQ),
    "lstm_backwards": case(lambda: L.LSTM(6, go_backwards=True, return_sequences=True), _SEQ),
    "lstm_unrolled": case(lambda: L.LSTM(6, unroll=True, return_sequences=True), _SEQ),
    "lstm_relu_no_bias": case(lambda: L.LSTM(6, activation="relu", use_bias=False), _SEQ),
    "lstm_initial_state": case(lambda: L.LSTM(6), _SEQ, kwargs={"initial_state": [floats(2, 6), floats(2, 6)]}),
    "lstm_mask": case(lambda: L.LSTM(6, return_sequences=True), _SEQ, kwargs={"mask": _MASK}),
    "lstm_mask_zero_output": case(
        lambda: L.LSTM(6, return_sequences=True, zero_output_for_mask=True), _SEQ, kwargs={"mask": _MASK}
    ),
    "gru": case(lambda: L.GRU(6, return_sequences=True), _SEQ),
    "gru_reset_before": case(lambda: L.GRU(6, reset_after=False), _SEQ),
    "gru_state": case(lambda: L.GRU(6, return_state=True, go_backwards=True), _SEQ),
    "gru_mask": case(lambda: L.GRU(6), _SEQ, kwargs={"mask": _MASK}),
    "simple_rnn": case(lambda: L.SimpleRNN(6, return_sequences=True), _SEQ),
    "simple_rnn_relu": case(lambda: L.SimpleRNN(6, activation="relu"), _SEQ),
    "bidirectional_lstm": case(lambda: L.Bidirectional(L.LSTM(6, return_sequences=True)), _SEQ),
    "bidirectional_gru_sum": case(lambda: L.Bidirectional(L.GRU(6), merge_mode="sum"), _SEQ),
    "stacked_cells": case(lambda: L.RNN([L.LSTMCell(5), L.GRUCell(4)], return_sequences=True), _SEQ),
    "rnn_cell_states": case(lambda: L.RNN(L.SimpleRNNCell(5), return_state=True), _SEQ),
    "conv_lstm_1d": case(lambda: L.ConvLSTM1D(3, 3, padding="same"), (2, 4, 6, 2)),
    "conv_lstm_2d": case(lambda: L.ConvLSTM2D(3, 3, return_sequences=True), (2, 4, 6, 5, 2)),
    "time_distributed": case(lambda: L.TimeDistributed(L.Conv2D(3, 2)), (2, 4, 5, 6, 2)),
    "masking_lstm": case(
        lambda: keras.Sequential([L.Masking(), L.LSTM(6), L.Dense(2)]),
        np.where(_MASK[..., None], floats(*_SEQ), 0).astype("float32"),
    ),
    "embedding_mask_gru": case(
        lambda: keras.Sequential([L.Embedding(7, 4, mask_zero=True), L.GRU(6, return_sequences=True), L.Dense(2)]),
        np.where(_MASK, whole(7, 2, 5), 0).astype("int32"),
    ),
    "embedding_mask_bidirectional": case(
        lambda: keras.Sequential([L.Embedding(7, 4, mask_zero=True), L.Bidirectional(L.LSTM(3))]),
        np.where(_MASK, whole(7, 2, 5), 0).astype("int32"),
    ),
}

ATTENTION = {
    "multi_head": case(lambda: L.MultiHeadAttention(2, 3), (2, 5, 4), (2, 6, 4)),
    "multi_head_causal": case(lambda: L.MultiHeadAttention(2, 3), (2, 5, 4), (2, 5, 4), kwargs={"use_causal_mask": True}),
    "multi_head_mask": case(
        lambda: L.MultiHeadAttention(2, 3, value_dim=5, output_shape=7), (2, 5, 4), (2, 5, 4),
        kwargs={"attention_mask": np.tril(np.ones((2, 5, 5), bool))},
    ),
    "multi_head_scores": case(
        lambda: L.MultiHeadAttention(2, 3), (2, 5, 4), (2, 6, 4), kwargs={"return_attention_scores": True}
    ),
    "grouped_query": case(lambda: L.GroupQueryAttention(4, 4, 2), (2, 5, 8), (2, 6, 8)),
    "attention": case(lambda: L.Attention(), [floats(2, 5, 4), floats(2, 6, 4)]),
    "attention_scaled_concat": case(
        lambda: L.Attention(use_scale=True, score_mode="concat"), [floats(2, 5, 4), floats(2, 6, 4), floats(2, 6, 4)]
    ),
    "attention_mask": case(
        lambda: L.Attention(), [floats(2, 5, 4), floats(2, 5, 4)], kwargs={"mask": [_MASK, _MASK], "use_causal_mask": True}
    ),
    "additive": case(lambda: L.AdditiveAttention(), [floats(2, 5, 4), floats(2, 6, 4)]),
}  # fmt: skip

CONVOLUTION = {
    "conv1d": case(lambda: L.Conv1D(4, 3, strides=2, padding="same"), (2, 9, 3)),
    "conv1d_causal": case(lambda: L.Conv1D(4, 3, padding="causal", dilation_rate=2), (2, 9, 3)),
    "conv2d": case(lambda: L.Conv2D(4, (3, 2), strides=(2, 1), padding="same"), _IMG),
    "conv2d_dilated": case(lambda: L.Conv2D(4, 3, dilation_rate=2, activation="relu"), _IMG),
    "conv2d_groups": case(lambda: L.Conv2D(6, 3, groups=3, use_bias=False), _IMG),
    "conv3d": case(lambda: L.Conv3D(4, 2, strides=2, padding="same"), _VOL),
    "conv1d_transpose": case(lambda: L.Conv1DTranspose(4, 3, strides=2, padding="same"), (2, 5, 3)),
    "conv2d_transpose": case(lambda: L.Conv2DTranspose(4, (3, 2), strides=(2, 3), padding="same"), (2, 5, 4, 3)),
    "conv2d_transpose_valid": case(lambda: L.Conv2DTranspose(4, 3, strides=2), (2, 5, 4, 3)),
    "conv2d_transpose_output_padding": case(
        lambda: L.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=1), (2, 5, 4, 3)
    ),
    "conv3d_transpose": case(lambda: L.Conv3DTranspose(4, 2, strides=2), (2, 3, 4, 2, 3)),
    "depthwise": case(lambda: L.DepthwiseConv2D(3, depth_multiplier=2, padding="same"), _IMG),
    "depthwise_strided": case(lambda: L.DepthwiseConv2D(3, strides=2), _IMG),
    "depthwise_dilated": case(lambda: L.DepthwiseConv2D(3, dilation_rate=2), _IMG),
    "depthwise_1d": case(lambda: L.DepthwiseConv1D(3, depth_multiplier=2, strides=2), (2, 9, 3)),
    "separable_1d": case(lambda: L.SeparableConv1D(4, 3, strides=2, padding="same"), (2, 9, 3)),
    "separable_2d": case(lambda: L.SeparableConv2D(4, 3, depth_multiplier=2, strides=2, padding="same"), _IMG),
}

NORMS = {
    "batch_norm": case(lambda: L.BatchNormalization(), _IMG, train=True),
    "batch_norm_axis": case(lambda: L.BatchNormalization(axis=1, momentum=0.9), _IMG, train=True),
    "batch_norm_plain": case(lambda: L.BatchNormalization(center=False, scale=False), (6, 4), train=True),
    "batch_norm_frozen": case(lambda: L.BatchNormalization(trainable=False), _IMG, train=True),
    "layer_norm": case(lambda: L.LayerNormalization(), _SEQ),
    "layer_norm_axes": case(lambda: L.LayerNormalization(axis=[1, 2], epsilon=1e-5), _SEQ),
    "group_norm": case(lambda: L.GroupNormalization(2), (2, 5, 6, 4)),
    "instance_norm": case(lambda: L.GroupNormalization(-1), (2, 5, 6, 4)),
    "rms_norm": case(lambda: L.RMSNormalization(), _SEQ),
    "unit_norm": case(lambda: L.UnitNormalization(axis=-1), _SEQ),
    "spectral_norm": case(lambda: L.SpectralNormalization(L.Conv2D(4, 3)), _IMG),
    "spectral_norm_train": case(
        lambda: L.SpectralNormalization(L.Dense(4), power_iterations=2), _SEQ, train=True, grads=False
    ),
    "normalization": case(lambda: L.Normalization(mean=[1.0, 2.0, 3.0], variance=[0.5, 1.0, 2.0]), _IMG),
    "normalization_inverse": case(lambda: L.Normalization(mean=0.5, variance=4.0, invert=True), _IMG),
}

SHAPES = {
    "max_pool_1d": case(lambda: L.MaxPooling1D(2), (2, 9, 3)),
    "max_pool_2d": case(lambda: L.MaxPooling2D((3, 2), strides=2, padding="same"), _IMG),
    "max_pool_3d": case(lambda: L.MaxPooling3D(2), _VOL),
    "avg_pool_1d": case(lambda: L.AveragePooling1D(3, strides=2, padding="same"), (2, 9, 3)),
    "avg_pool_2d": case(lambda: L.AveragePooling2D(3, strides=2, padding="same"), _IMG),
    "avg_pool_3d": case(lambda: L.AveragePooling3D(2), _VOL),
    "global_avg": case(lambda: L.GlobalAveragePooling2D(keepdims=True), _IMG),
    "global_avg_mask": case(lambda: L.GlobalAveragePooling1D(), _SEQ, kwargs={"mask": _MASK}),
    "global_max": case(lambda: L.GlobalMaxPooling1D(), _SEQ),
    "adaptive_avg": case(lambda: L.AdaptiveAveragePooling2D((4, 3)), _IMG),
    "adaptive_max": case(lambda: L.AdaptiveMaxPooling1D(3), (2, 9, 3)),
    "upsample_1d": case(lambda: L.UpSampling1D(3), _SEQ),
    "upsample_nearest": case(lambda: L.UpSampling2D((2, 3)), _IMG),
    "upsample_bilinear": case(lambda: L.UpSampling2D(2, interpolation="bilinear"), _IMG),
    "upsample_3d": case(lambda: L.UpSampling3D(2), _VOL),
    "zero_padding": case(lambda: L.ZeroPadding2D(((1, 2), (0, 3))), _IMG),
    "zero_padding_1d": case(lambda: L.ZeroPadding1D(2), _SEQ),
    "cropping": case(lambda: L.Cropping2D(((1, 2), (0, 3))), _IMG),
    "resize_bilinear": case(lambda: L.Resizing(12, 5), _IMG),
    "resize_nearest": case(lambda: L.Resizing(4, 12, interpolation="nearest"), _IMG),
    "resize_bicubic": case(lambda: L.Resizing(12, 5, interpolation="bicubic"), _IMG),
    "resize_antialias": case(lambda: L.Resizing(4, 5, antialias=True), _IMG, grads=False),
    "resize_crop": case(lambda: L.Resizing(5, 5, crop_to_aspect_ratio=True), _IMG),
    "center_crop": case(lambda: L.CenterCrop(4, 5), _IMG),
    "rescaling": case(lambda: L.Rescaling(1 / 127.5, offset=-1), _IMG),
    "reshape": case(lambda: L.Reshape((-1, 6)), _IMG),
    "permute": case(lambda: L.Permute((3, 1, 2)), _IMG),
    "repeat_vector": case(lambda: L.RepeatVector(3), (2, 4)),
    "flatten": case(lambda: L.Flatten(), _IMG),
}

DENSE = {
    "dense": case(lambda: L.Dense(5, activation="gelu"), _SEQ),
    "dense_2d": case(lambda: L.Dense(5, activation="softmax"), (3, 4)),
    "einsum": case(lambda: L.EinsumDense("abc,cd->abd", output_shape=(None, 6), bias_axes="d"), _SEQ),
    "embedding": case(lambda: L.Embedding(7, 4), whole(7, 2, 5)),
    "prelu": case(lambda: L.PReLU(shared_axes=[1, 2]), _IMG),
    "leaky_relu": case(lambda: L.LeakyReLU(0.1), _SEQ),
    "relu_max": case(lambda: L.ReLU(max_value=1.0, negative_slope=0.1, threshold=0.2), _SEQ),
    "elu": case(lambda: L.ELU(0.7), _SEQ),
    "softmax": case(lambda: L.Softmax(axis=1), _SEQ),
    "softmax_mask": case(lambda: L.Softmax(), (2, 5), kwargs={"mask": _MASK}),
    "dropouts_off": case(
        lambda: keras.Sequential([
            L.Dropout(0.5), L.SpatialDropout1D(0.5), L.GaussianDropout(0.5), L.GaussianNoise(0.5), L.AlphaDropout(0.5),
        ]), _SEQ,
    ),
    "add": case(lambda: L.Add(), [floats(2, 3), floats(2, 3), floats(2, 3)]),
    "subtract": case(lambda: L.Subtract(), [floats(2, 3), floats(2, 3)]),
    "multiply": case(lambda: L.Multiply(), [floats(2, 3), floats(2, 1)]),
    "average": case(lambda: L.Average(), [floats(2, 3), floats(2, 3)]),
    "maximum": case(lambda: L.Maximum(), [floats(2, 3), floats(2, 3)]),
    "minimum": case(lambda: L.Minimum(), [floats(2, 3), floats(2, 3)]),
    "concatenate": case(lambda: L.Concatenate(axis=1), [floats(2, 3, 4), floats(2, 5, 4)]),
    "dot": case(lambda: L.Dot(axes=(2, 1)), [floats(2, 3, 4), floats(2, 4, 5)]),
    "dot_normalize": case(lambda: L.Dot(axes=1, normalize=True), [floats(2, 4), floats(2, 4)]),
    **{
        f"activation_{name}": case(lambda name=name: L.Activation(name), _SEQ)
        for name in (
            "relu", "relu6", "sigmoid", "tanh", "softplus", "softsign", "silu", "gelu", "selu", "elu", "celu", "mish",
            "hard_sigmoid", "hard_silu", "hard_tanh", "hard_shrink", "soft_shrink", "tanh_shrink", "squareplus",
            "sparse_plus", "exponential", "log_softmax", "log_sigmoid", "leaky_relu", "glu", "sparsemax",
        )
    },
}  # fmt: skip


# -- models -----------------------------------------------------------------------------------------------------------


class Block(L.Layer):
    """A transformer's layer, with an attribute of its own for each part."""

    def __init__(self, width: int, heads: int, rate: float = 0.1, **options: Any) -> None:
        super().__init__(**options)
        self.attention = L.MultiHeadAttention(heads, width // heads)
        self.norms = [L.LayerNormalization(epsilon=1e-6), L.LayerNormalization(epsilon=1e-6)]
        self.mlp = {"up": L.Dense(2 * width, activation="gelu"), "down": L.Dense(width)}
        self.dropout = L.Dropout(rate)

    def call(self, x: Any, training: bool | None = None) -> Any:
        h = self.norms[0](x)
        x = x + self.dropout(self.attention(h, h), training=training)
        return x + self.mlp["down"](self.mlp["up"](self.norms[1](x)))


class Encoder(keras.Model):
    """A subclassed model: lists of layers, a weight of its own, several outputs."""

    def __init__(self, width: int = 8, rate: float = 0.1) -> None:
        super().__init__()
        self.embed = L.Embedding(11, width)
        self.blocks = [Block(width, 2, rate) for _ in range(2)]
        self._head = L.Dense(3, name="head")
        self.scale = self.add_weight(shape=(width,), initializer="ones", name="scale")

    def call(self, ids: Any, training: bool | None = None) -> Any:
        x = self.embed(ids) * self.scale
        states = []
        for block in self.blocks:
            x = block(x, training=training)
            states.append(x)
        return {"logits": self._head(x), "states": states}


class Gate(L.Layer):
    """Control flow on values, and state that every call changes."""

    def build(self, shape: Any) -> None:
        self.w = self.add_weight(shape=(shape[-1],), name="w")
        self.calls = self.add_weight(shape=(), dtype="int32", initializer="zeros", trainable=False, name="calls")

    def call(self, x: Any) -> Any:
        self.calls.assign_add(1)
        x = ops.cond(ops.sum(x) > 0, lambda: x * self.w, lambda: x - self.w)
        _, x = ops.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, ops.tanh(y) + y), (0, x))
        return x


def functional() -> Any:
    """Two inputs by name, a shared layer, a nested model, two outputs."""
    a, b = keras.Input((6,), name="a"), keras.Input((6,), name="b")
    shared = L.Dense(4, activation="relu", name="shared")
    inner = keras.Sequential([keras.Input((4,)), L.Dense(4), L.BatchNormalization()], name="inner")
    x, y = inner(shared(a)), shared(b)
    joined = L.Concatenate()([x, y])
    return keras.Model({"a": a, "b": b}, {"sum": L.Dense(2, name="out")(joined), "parts": [x, ops.exp(y)]})


class Tied(keras.Model):
    """One matrix for the way in and the way out."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = L.Embedding(7, 4)
        self.mix = self.again = L.Dense(4)

    def call(self, ids: Any) -> Any:
        x = self.again(self.mix(self.embed(ids)))
        return ops.matmul(x, ops.transpose(self.embed.embeddings))


def cnn(rate: float = 0.0) -> Any:
    """A convolutional network with batch norm."""
    return keras.Sequential([
        keras.Input((8, 8, 3)), L.Conv2D(4, 3, padding="same", use_bias=False), L.BatchNormalization(momentum=0.9),
        L.ReLU(), L.MaxPooling2D(), L.DepthwiseConv2D(3, padding="same"), L.BatchNormalization(), L.Activation("silu"),
        L.GlobalAveragePooling2D(), L.Dropout(rate), L.Dense(5),
    ])  # fmt: skip


def pair() -> Any:
    """A functional model of two inputs, given as a list."""
    a, b = keras.Input((4,)), keras.Input((4,))
    return keras.Model([a, b], L.Dense(2)(L.Add()([a, b])))


MODELS = {
    "cnn": case(cnn, (4, 8, 8, 3), train=True),
    "functional": case(functional, {"a": floats(3, 6), "b": floats(3, 6)}, train=True),
    "functional_list": case(pair, [floats(3, 4), floats(3, 4)]),
    "encoder": case(Encoder, whole(11, 2, 5)),
    "encoder_train": case(lambda: Encoder(rate=0.0), whole(11, 2, 5), train=True),
    "gate": case(Gate, (2, 3), train=True),
    "gate_negative": case(Gate, -np.abs(floats(2, 3)), train=True),
    "tied": case(Tied, whole(7, 2, 5)),
}

LAYERS = {**RECURRENT, **ATTENTION, **CONVOLUTION, **NORMS, **SHAPES, **DENSE, **MODELS}
