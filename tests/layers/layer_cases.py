"""Layers of the module systems in many configurations, each with data for it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Case = tuple[str, Callable[[], Any], tuple[int, ...]]
"""Name, constructor, shape of the data; a leading 0 in the shape marks indices below 5."""


def data(shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng(len(shape))
    if shape[0] == 0:
        return rng.integers(0, 5, shape[1:]).astype("int32")
    return rng.standard_normal(shape).astype("float32")


def _grid(n: int, seed: int, **choices: Any) -> Iterator[dict[str, Any]]:
    """Yield `n` combinations, each value of each choice at least once if `n` is enough."""
    whole = [dict(zip(choices, values)) for values in itertools.product(*choices.values())]
    yield from random.Random(seed).sample(whole, min(n, len(whole)))


def torch_cases(*, odd: bool = True) -> list[Case]:
    """Return torch's layers; `odd` ones are called without a batch, too."""
    from torch import nn

    cases: list[Case] = []

    def add(cls: Any, shape: tuple[int, ...], *args: Any, **kwargs: Any) -> None:
        text = ",".join([*map(str, args), *(f"{k}={v}" for k, v in kwargs.items())])
        cases.append((f"{cls.__name__}({text})", lambda: cls(*args, **kwargs), shape))

    for bias, shape in itertools.product((True, False), ((2, 3), (3,), (2, 4, 3))):
        add(nn.Linear, shape, 3, 5, bias=bias)
    spatial = ((9,), (9, 8), (5, 6, 7))
    for rank, n in ((1, 10), (2, 24), (3, 5)):
        conv = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[rank - 1]
        transposed = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)[rank - 1]
        for kw in _grid(
            n,
            rank,
            kernel_size=(1, 2, 3),
            stride=(1, 2),
            padding=(0, 1, "same", "valid"),
            dilation=(1, 2),
            groups=(1, 2, 4),
            padding_mode=("zeros", "reflect", "replicate", "circular"),
            bias=(True, False),
        ):
            if kw["padding"] == "same" and (kw["stride"] != 1 or (kw["kernel_size"] == 2 and kw["dilation"] == 1)):
                kw["stride"], kw["kernel_size"] = 1, 3
            if rank == 3 and kw["padding_mode"] == "reflect":
                kw["padding_mode"] = "zeros"
            add(conv, (2, 4, *spatial[rank - 1]), 4, 8, **kw)
        for kw in _grid(
            n,
            rank,
            kernel_size=(1, 2, 3),
            stride=(1, 2, 3),
            padding=(0, 1, 2),
            output_padding=(0, 1),
            dilation=(1, 2),
            bias=(True, False),
        ):
            if kw["output_padding"] >= max(kw["stride"], kw["dilation"]):
                kw["output_padding"] = 0
            add(transposed, (2, 4, *spatial[rank - 1]), 4, 6, **kw)
        norm = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)[rank - 1]
        for kw in _grid(4, rank, eps=(1e-5, 1e-3), momentum=(0.1, 0.3), affine=(True, False)):
            add(norm, (3, 4, *spatial[rank - 1]), 4, **kw)
        instance = (nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d)[rank - 1]
        for affine in (True, False):
            add(instance, (3, 4, *spatial[rank - 1]), 4, affine=affine)
        if odd:
            add(instance, (4, *spatial[rank - 1]), 4)
            add(conv, (4, *spatial[rank - 1]), 4, 6, 3, padding=1)
    add(nn.Conv2d, (2, 4, 9, 8), 4, 6, (3, 2), stride=(1, 2), padding=(2, 0), dilation=(1, 2))
    add(nn.BatchNorm1d, (6, 4), 4)
    for padding_idx in (None, 0, 3, -1):
        add(nn.Embedding, (0, 2, 6), 5, 4, padding_idx=padding_idx)
    for eps, affine, bias in itertools.product((1e-5, 1e-2), (True, False), (True, False)):
        add(nn.LayerNorm, (2, 3, 6), 6, eps=eps, elementwise_affine=affine, bias=bias)
    for affine in (True, False):
        add(nn.RMSNorm, (2, 3, 6), 6, eps=1e-6, elementwise_affine=affine)
        for groups, shape in itertools.product((1, 2, 3), ((2, 6), (2, 6, 5), (2, 6, 5, 4))):
            add(nn.GroupNorm, shape, groups, 6, affine=affine)
    for cls in (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d):
        add(cls, (2, 3, 4, 5, 6)[: 3 if cls is nn.Dropout1d else 4 if cls is nn.Dropout2d else 5], 0.3)
    for rank, shape in ((1, (2, 3, 9)), (2, (2, 3, 9, 8)), (3, (1, 2, 5, 6, 7))):
        for kw in _grid(4, rank, kernel_size=(2, 3), stride=(None, 1, 2), padding=(0, 1), ceil_mode=(False, True)):
            add((nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)[rank - 1], shape, **kw)
            for count in (True, False):
                add((nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)[rank - 1], shape, **kw, count_include_pad=count)
        for size in (1, 3):
            add((nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d)[rank - 1], shape, size)
            add((nn.AdaptiveMaxPool1d, nn.AdaptiveMaxPool2d, nn.AdaptiveMaxPool3d)[rank - 1], shape, size)
    add(nn.MaxPool2d, (2, 3, 9, 8), 2, dilation=2)
    add(nn.AvgPool2d, (2, 3, 9, 8), (2, 3), divisor_override=5)
    add(nn.Flatten, (2, 3, 4, 5))
    add(nn.Flatten, (2, 3, 4, 5), 1, 2)
    for cls in (nn.ReLU, nn.ReLU6, nn.SiLU, nn.Sigmoid, nn.Tanh, nn.SELU, nn.Softsign, nn.Hardswish, nn.Hardsigmoid):
        add(cls, (3, 7))
    for cls in (nn.Mish, nn.LogSigmoid, nn.Tanhshrink, nn.Identity, nn.LeakyReLU, nn.ELU, nn.CELU, nn.Hardtanh):
        add(cls, (3, 7))
    add(nn.Softplus, (3, 7), 2.0, 1.0)
    add(nn.Softplus, (3, 7))
    add(nn.LeakyReLU, (3, 7), 0.3)
    add(nn.ELU, (3, 7), 0.5)
    add(nn.CELU, (3, 7), 0.5)
    add(nn.Hardtanh, (3, 7), -0.4, 0.6)
    for approximate in ("none", "tanh"):
        add(nn.GELU, (3, 7), approximate=approximate)
    for axis in (-1, 0):
        add(nn.Softmax, (3, 7), axis)
        add(nn.LogSoftmax, (3, 7), axis)
    add(nn.PReLU, (3, 4, 7))
    add(nn.PReLU, (3, 4, 7), 4)
    return cases


def nnx_cases(*, odd: bool = True) -> list[Case]:
    """Return nnx's layers; `odd` ones are called with other batches than of one axis, too."""
    from flax import nnx

    cases: list[Case] = []

    def add(cls: Any, shape: tuple[int, ...], *args: Any, **kwargs: Any) -> None:
        text = ",".join([*map(str, args), *(f"{k}={v}" for k, v in kwargs.items())])
        cases.append((f"{cls.__name__}({text})", lambda: cls(*args, **kwargs, rngs=nnx.Rngs(0)), shape))

    for bias, shape in itertools.product((True, False), ((2, 3), (3,), (2, 4, 3))):
        add(nnx.Linear, shape, 3, 5, use_bias=bias)
    spatial = ((9,), (9, 8), (5, 6, 7))
    for rank, n in ((1, 10), (2, 16), (3, 4)):
        own = ("CAUSAL",) if rank == 1 else ()
        for kw in _grid(
            n,
            rank,
            kernel_size=((1,) * rank, (2,) * rank, (3,) * rank),
            strides=(1, 2),
            padding=("SAME", "VALID", "CIRCULAR", "REFLECT", 1, ((0, 1),) * rank, *own),
            kernel_dilation=(1, 2),
            feature_group_count=(1, 2),
            use_bias=(True, False),
        ):
            if rank == 3 and kw["padding"] == "REFLECT":
                kw["padding"] = "SAME"
            add(nnx.Conv, (2, *spatial[rank - 1], 4), 4, 6, **kw)
        for kw in _grid(
            n,
            rank,
            kernel_size=((1,) * rank, (2,) * rank, (3,) * rank, (4,) * rank),
            strides=(1, 2, 3),
            padding=("VALID", "SAME", 1),
            kernel_dilation=(1, 2),
            use_bias=(True, False),
            transpose_kernel=(True, False),
        ):
            add(nnx.ConvTranspose, (2, *spatial[rank - 1], 4), 4, 6, **kw)
    if odd:
        add(nnx.Conv, (3, 2, 9, 8, 4), 4, 6, (3, 3))
        add(nnx.Conv, (9, 8, 4), 4, 6, (3, 3), strides=2)
    for kw in _grid(6, 0, momentum=(0.99, 0.7), epsilon=(1e-5, 1e-3)):
        add(nnx.BatchNorm, (3, 5, 4), 4, **kw)
    add(nnx.BatchNorm, (6, 4), 4, use_bias=False, use_scale=False)
    add(nnx.BatchNorm, (2, 3, 5, 4), 4)
    add(nnx.Embed, (0, 2, 6), 5, 4)
    for eps, bias in itertools.product((1e-6, 1e-2), (True, False)):
        add(nnx.LayerNorm, (2, 3, 6), 6, epsilon=eps, use_bias=bias)
    add(nnx.LayerNorm, (2, 3, 6), 6, use_bias=False, use_scale=False)
    for scale in (True, False):
        add(nnx.RMSNorm, (2, 3, 6), 6, use_scale=scale)
    for groups, shape in itertools.product((1, 2, 3), ((2, 6), (2, 5, 6), (2, 5, 4, 6))):
        add(nnx.GroupNorm, shape, 6, groups)
    add(nnx.Dropout, (2, 3, 4), 0.3)
    return cases


def paddle_cases() -> list[Case]:
    from paddle import nn

    cases: list[Case] = []

    def add(cls: Any, shape: tuple[int, ...], *args: Any, **kwargs: Any) -> None:
        text = ",".join([*map(str, args), *(f"{k}={v}" for k, v in kwargs.items())])
        cases.append((f"{cls.__name__}({text})", lambda: cls(*args, **kwargs), shape))

    for bias in (None, False):
        add(nn.Linear, (2, 4, 3), 3, 5, bias_attr=bias)
    spatial = ((9,), (9, 8), (5, 6, 7))
    for rank, n in ((1, 6), (2, 14), (3, 3)):
        conv = (nn.Conv1D, nn.Conv2D, nn.Conv3D)[rank - 1]
        transposed = (nn.Conv1DTranspose, nn.Conv2DTranspose, nn.Conv3DTranspose)[rank - 1]
        for kw in _grid(
            n,
            rank,
            kernel_size=(1, 2, 3),
            stride=(1, 2),
            padding=(0, 1, "same", "valid"),
            dilation=(1, 2),
            groups=(1, 2),
            padding_mode=("zeros", "reflect", "replicate", "circular"),
        ):
            if isinstance(kw["padding"], str) or rank != 2:
                kw["padding_mode"] = "zeros"
            add(conv, (2, 4, *spatial[rank - 1]), 4, 6, **kw)
        for kw in _grid(n, rank, kernel_size=(1, 2, 3), stride=(1, 2), padding=(0, 1), output_padding=(0, 1)):
            if kw["output_padding"] >= kw["stride"]:
                kw["output_padding"] = 0
            add(transposed, (2, 4, *spatial[rank - 1]), 4, 6, **kw)
        if rank > 1:
            add((nn.MaxPool2D, nn.MaxPool3D)[rank - 2], (2, 3, *spatial[rank - 1]), 2, 1, 1)
            for exclusive in (True, False):
                add((nn.AvgPool2D, nn.AvgPool3D)[rank - 2], (2, 3, *spatial[rank - 1]), 3, 2, 1, exclusive=exclusive)
    add(nn.Conv2D, (2, 9, 8, 4), 4, 6, 3, padding=[1, 0], data_format="NHWC")
    add(nn.Conv2D, (2, 4, 9, 8), 4, 6, 3, padding=[1, 0, 2, 1])
    add(nn.BatchNorm1D, (6, 4), 4)
    add(nn.BatchNorm2D, (3, 9, 8, 4), 4, data_format="NHWC")
    add(nn.Embedding, (0, 2, 6), 5, 4)
    add(nn.LayerNorm, (2, 3, 6), 6)
    add(nn.LayerNorm, (2, 3, 6), 6, weight_attr=False, bias_attr=False)
    add(nn.GroupNorm, (2, 6, 5), 2, 6)
    add(nn.InstanceNorm2D, (2, 4, 5, 6), 4)
    add(nn.Dropout, (2, 3, 4), 0.3)
    add(nn.AdaptiveAvgPool2D, (2, 3, 9, 8), 3)
    add(nn.Flatten, (2, 3, 4))
    for cls in (nn.ReLU, nn.GELU, nn.Silu, nn.Hardswish, nn.Hardsigmoid, nn.Mish, nn.ELU, nn.LeakyReLU, nn.Softplus):
        add(cls, (3, 7))
    add(nn.GELU, (3, 7), True)
    add(nn.Softmax, (3, 7))
    add(nn.PReLU, (3, 4, 7), 4)
    return cases


def equinox_cases() -> list[Case]:
    import equinox as eqx
    import jax

    nn, key = eqx.nn, jax.random.key(0)
    cases: list[Case] = []

    def add(cls: Any, shape: tuple[int, ...], *args: Any, keyed: bool = True, **kwargs: Any) -> None:
        text = ",".join([*map(str, args), *(f"{k}={v}" for k, v in kwargs.items())])
        given = {**kwargs, "key": key} if keyed else kwargs
        cases.append((f"{cls.__name__}({text})", lambda: cls(*args, **given), shape))

    for bias in (True, False):
        add(nn.Linear, (3,), 3, 5, use_bias=bias)
    for kw in _grid(8, 0, kernel_size=(1, 2, 3), stride=(1, 2), padding=("SAME", "VALID", 1), groups=(1, 2)):
        add(nn.Conv2d, (4, 9, 8), 4, 6, **kw, use_bias=False)
    add(nn.Conv1d, (4, 9), 4, 6, 3, padding=1, use_bias=False, padding_mode="REFLECT")
    for bias in (True, False):
        add(nn.LayerNorm, (3, 6), (3, 6), use_bias=bias, keyed=False)
    add(nn.LayerNorm, (6,), 6, keyed=False)
    add(nn.RMSNorm, (6,), 6, use_bias=False, keyed=False)
    add(nn.Dropout, (3, 4), 0.3, keyed=False)
    add(nn.Identity, (3, 4), keyed=False)
    return cases
