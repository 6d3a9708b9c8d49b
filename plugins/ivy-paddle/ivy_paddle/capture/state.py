"""What is what among PaddlePaddle's objects, for the state that calls leave on layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from ivy.transpiler.heap import Heap, Rules
from ivy_paddle.layers import own_tensors, parts
from ivy_paddle.loading import paddle

__all__ = ["LayerRules", "LayerState"]

_TABLES = ("_parameters", "_buffers", "_sub_layers")


@cache
def _hidden() -> frozenset[str]:
    books = {"_jst", "_dy2st", "__wrapped__", "forward"}  # `forward` is converted in place while it is captured
    return frozenset({*vars(paddle.nn.Layer()), *books}) - {"_buffers", "_sub_layers"}


class LayerRules(Rules):
    """The rules.

    Args:
        layers: the layers whose parameters and buffers are the graph's own, by prefix.
    """

    def __init__(self, layers: Mapping[str, Any]) -> None:
        self._tensors: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        for prefix, layer in layers.items():
            for path, part in parts(layer):
                for attribute, tensor, _ in own_tensors(part):
                    name = ".".join([*filter(None, [prefix]), *path, attribute])
                    self._tensors[name] = tensor
                    self._names.setdefault(id(tensor), name)
        self.taken = self._tensors

    def is_array(self, x: Any) -> bool:
        """Tell whether an object is a tensor or a program's value."""
        return isinstance(x, (paddle.Tensor, paddle.pir.Value))

    def hidden(self, owner: Any) -> frozenset[str]:
        """Return the attributes in which a layer keeps its own books."""
        return _hidden() if isinstance(owner, paddle.nn.Layer) else frozenset()

    def unnamed(self, key: Any) -> bool:
        """Tell whether a table's attribute is left out of names."""
        return key in _TABLES

    def enters(self, x: Any) -> bool:
        """Tell whether an object is a layer or an optimizer."""
        return isinstance(x, (paddle.nn.Layer, paddle.optimizer.Optimizer, paddle.optimizer.lr.LRScheduler))

    def reference(self, array: Any) -> str | None:
        """Return the name of a parameter or buffer."""
        return self._names.get(id(array))

    def parameter(self, name: str) -> Any:
        """Return a parameter or buffer."""
        return self._tensors[name]

    def refuses(self, value: Any) -> bool:
        """Tell whether a new object has parameters of its own."""
        if isinstance(value, paddle.nn.Layer):
            return bool(value.parameters())
        return isinstance(value, paddle.base.framework.EagerParamBase)


_SAVED = (*_TABLES, "_forward_pre_hooks", "_forward_post_hooks", "_original_funcs")


class LayerState:
    """The attributes of layers at one moment: tensors, sublayers, hooks, flags, caches. Only references are kept.

    Args:
        layers: the layers, every one that counts.
    """

    def __init__(self, layers: Iterable[Any]) -> None:
        self._kept = [
            (x, dict(x.__dict__), {t: x.__dict__[t].copy() for t in _SAVED if t in x.__dict__}) for x in layers
        ]
        self._heap = Heap({str(i): x for i, (x, _, _) in enumerate(self._kept)}, LayerRules({}))

    def restore(self) -> None:
        """Put every attribute back."""
        self._heap.restore()
        for layer, attributes, tables in self._kept:
            layer.__dict__.clear()
            layer.__dict__.update(attributes)
            for name, table in tables.items():
                live = layer.__dict__[name]
                live.clear()
                live.update(table)
