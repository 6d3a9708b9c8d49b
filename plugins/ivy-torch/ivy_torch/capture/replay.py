"""Running a captured graph with torch itself: what tests and `ivy.compare` hold the other stages against."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from ivy.dtypes import DType
from ivy.graph.graph import Graph
from ivy.graph.interpret import interpret, locate
from ivy.graph.node import Node, map_nested

__all__ = ["native_function", "replay"]


@functools.cache
def native_function(path: str) -> Callable[..., Any]:
    """Return torch's function for a node's path.

    Args:
        path: such as ``"torch.Tensor.T"`` or ``"torch.nn.functional.gelu"``.
    """
    if path in _OWN:
        return _OWN[path]
    setter = path.endswith(".__set__")
    found = locate(path.removesuffix(".__set__"))
    if setter:
        found = found.__set__
    elif hasattr(found, "__get__") and not callable(found):
        found = found.__get__

    def call(*args: Any, **kwargs: Any) -> Any:
        return found(*map_nested(args, _native), **map_nested(kwargs, _native))

    return call


def _grad(outputs: Any, inputs: Any, grad_outputs: Any = None, **kwargs: Any) -> Any:
    return torch.autograd.grad(outputs, inputs, grad_outputs, **{"retain_graph": True, **kwargs})


def _jvp(outputs: Any, inputs: Any, tangents: Any) -> Any:
    weights = [torch.zeros_like(y).requires_grad_() for y in outputs]  # what pulls them back is linear in them
    pulled = torch.autograd.grad(outputs, inputs, weights, create_graph=True, materialize_grads=True)
    return torch.autograd.grad(pulled, weights, tangents, retain_graph=True, materialize_grads=True)


def _ruled(outputs: Any, inputs: Any, backward: Callable[..., Any], name: str = "") -> Any:
    class Ruled(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *args: Any) -> Any:
            return tuple(y.detach().clone() for y in outputs)

        @staticmethod
        def backward(ctx: Any, *cotangents: Any) -> Any:
            return tuple(backward(*cotangents))

    return Ruled.apply(*inputs)


def _hooked(x: Any, hook: Callable[..., Any]) -> Any:
    return _ruled([x], [x], lambda g: (hook(g),))[0]


def _vmap(fn: Callable[..., Any], in_axes: Any, out_axes: Any, args: Any) -> Any:
    rows = zip(*(x.unbind(a) for x, a in zip(args, in_axes, strict=True)), strict=True)
    return [torch.stack(parts, a) for a, parts in zip(out_axes, zip(*(fn(*row) for row in rows)), strict=True)]


_OWN: dict[str, Callable[..., Any]] = {
    "torch.autograd.grad": _grad,
    "torch.func.jvp": _jvp,
    "torch.func.vmap": _vmap,
    "torch.autograd.Function.apply": _ruled,
    "torch.Tensor.register_hook": _hooked,
    "torch.utils.checkpoint.begin": lambda: None,
    "torch.utils.checkpoint.checkpoint": lambda begin, outputs: tuple(outputs),
}
"""Nodes that stand for more than the call of a function of torch."""


def _native(x: Any) -> Any:
    if type(x) is DType:
        return getattr(torch, x.name)
    if isinstance(x, str) and hasattr(torch, x) and isinstance(getattr(torch, x), torch.memory_format):
        return getattr(torch, x)
    return x


def replay(
    graph: Graph,
    inputs: Sequence[Any],
    params: Mapping[str, Any] | None = None,
    *,
    guard: Callable[[Node, Any], None] | None = None,
    after: Callable[[Node, Any], Any] | None = None,
) -> Any:
    """Run a `Graph[torch]`, in place on what it is given, as the captured code does.

    Args:
        graph: from `ivy_torch.capture.capture`.
        inputs: a tensor per input.
        params: tensors by name; the captured ones by default.
        guard: called for each guard with the guarded tensor.
        after: may replace a call's result.

    Returns:
        The captured code's result in its own containers.
    """
    given = {name: node.value for name, node in graph.params.items()} if params is None else params

    def const(node: Node) -> Any:
        return node.value if isinstance(node.value, torch.Tensor) else torch.as_tensor(node.value)

    result = interpret(graph, inputs, given, resolve=native_function, const=const, guard=guard, after=after)
    return result if graph.rebuild is None else graph.rebuild(result)
