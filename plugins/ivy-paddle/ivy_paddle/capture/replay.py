"""Running calls of a captured graph with Paddle itself: what `ivy.compare` holds conversions against."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ivy.dtypes import DType
from ivy.graph.interpret import locate
from ivy.graph.node import map_nested
from ivy_paddle.loading import paddle

__all__ = ["native_function"]


_CONVOLUTION = ("filter", "strides", "paddings", "padding_algorithm", "dilations", "groups", "data_format")
_ORDER = {
    "conv2d": _CONVOLUTION,
    "conv3d": ("filter", "strides", "paddings", "padding_algorithm", "groups", "dilations", "data_format"),
    "depthwise_conv2d": ("filter", "strides", "paddings", "padding_algorithm", "groups", "dilations", "data_format"),
    "embedding": ("weight", "padding_idx", "sparse"),
    "flatten": ("start_axis", "stop_axis"),
    "layer_norm": ("scale", "bias", "epsilon", "begin_norm_axis"),
    "matmul": ("y", "transpose_x", "transpose_y"),
    "mean": ("axis", "keepdim"),
    "pool2d": (
        "kernel_size", "strides", "paddings", "ceil_mode", "exclusive", "data_format", "pooling_type",
        "global_pooling", "adaptive", "padding_algorithm",
    ),
    "sum": ("axis", "dtype", "keepdim"),
}  # fmt: skip
"""Operators take no keywords: the order of their arguments after the first, as in paddle/phi/ops/yaml/ops.yaml."""


@functools.cache
def native_function(path: str) -> Callable[..., Any]:
    """Return Paddle's function for a node's path.

    Args:
        path: such as ``"paddle._C_ops.conv2d"``. A call of the function raises NotImplementedError if the order of its
            arguments is not known.

    Raises:
        AttributeError: if Paddle has none by that name.
    """
    found = locate(path)
    name = path.rpartition(".")[2]

    def call(*args: Any, **kwargs: Any) -> Any:
        order = _ORDER.get(name, ("y",) if "y" in kwargs else ()) if path.startswith("paddle._C_ops.") else ()
        rest = [k for k in kwargs if k not in order]
        if len(rest) > (name not in _ORDER) or any(k not in kwargs for k in order):
            raise NotImplementedError(f"the order of {path}'s arguments is not known")
        given = (*args, *(kwargs[k] for k in (*order, *rest)))
        return found(*[_listed(map_nested(x, _native)) for x in given])

    return call


def _native(x: Any) -> Any:
    return getattr(paddle, x.name) if type(x) is DType else x


def _listed(x: Any) -> Any:
    return [_listed(v) for v in x] if type(x) is tuple else x
