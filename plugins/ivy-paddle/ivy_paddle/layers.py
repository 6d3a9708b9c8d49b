"""What a paddle layer holds: sublayers and tensors, at every place where they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ivy_paddle.loading import paddle

__all__ = ["own_tensors", "parts"]

_Recurrent: Any = paddle.nn.layer.rnn.RNNBase


def parts(layer: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield a layer and its sublayers with their paths, shared ones at every place."""
    yield path, layer
    for name, child in layer._sub_layers.items():
        if child is not None:
            yield from parts(child, (*path, name))


def own_tensors(part: Any) -> Iterator[tuple[str, Any, bool]]:
    """Yield a layer's own parameters and buffers: attribute, tensor, whether it is a buffer."""
    for attribute, parameter in part._parameters.items():
        if parameter is not None:
            yield attribute, parameter, False
    for attribute, buffer in part._buffers.items():
        # the workspace of paddle's kernels has no value
        if buffer is not None and not (attribute == "_dropout_state" and isinstance(part, _Recurrent)):
            yield attribute, buffer, True
