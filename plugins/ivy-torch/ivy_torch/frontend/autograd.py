"""torch's derivatives: what a captured program differentiates becomes a function that the target differentiates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ivy.functional as ops
from ivy.backend import current_scope
from ivy.frontends.cells import Cell, View
from ivy.frontends.derivatives import checkpointed, marked, nodes_now, pulled_back, pushed_forward, ruled
from ivy_torch.frontend.table import torch


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Cell) else x


@torch.view("torch.Tensor.requires_grad_", put="same")
def requires_grad_(input: Any, requires_grad: bool = True) -> Any:
    """Start a history: what was computed from the tensor before is constant to later derivatives."""
    return marked(input) if hasattr(current_scope(), "graph") else input


@torch.cells("torch.autograd.grad")
def grad(
    outputs: Sequence[Any],
    inputs: Sequence[Any],
    grad_outputs: Sequence[Any] | None = None,
    *,
    create_graph: bool = False,
    is_grads_batched: bool = False,
) -> tuple[Any, ...]:
    """Differentiate; every input has been seen to be used, and every cotangent is given where one is."""
    cotangents = None if grad_outputs is None else [_value(c) for c in grad_outputs]
    found = pulled_back([_value(y) for y in outputs], [_value(x) for x in inputs], cotangents, batched=is_grads_batched)
    return tuple(found if create_graph else [ops.stop_gradient(g) for g in found])


@torch.cells("torch.func.jvp")
def jvp(outputs: Sequence[Any], inputs: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, ...]:
    """Push tangents forward from inputs to outputs that are known already."""
    return tuple(pushed_forward(*([_value(x) for x in xs] for xs in (outputs, inputs, tangents))))


@torch.cells("torch.func.vmap")
def vmap(
    fn: Callable[..., Any], in_axes: Sequence[int], out_axes: Sequence[int], args: Sequence[Any]
) -> tuple[Any, ...]:
    """Call a function on every example of a batch."""

    def on_example(*xs: Any) -> tuple[Any, ...]:
        return tuple(_value(y) for y in fn(*map(torch.wrap, xs)))

    found = ops.vmap_at(on_example, tuple(in_axes), tuple(out_axes), tuple(_value(x) for x in args))
    return tuple(found)


@torch.cells("torch.autograd.Function.apply")
def apply(
    outputs: Sequence[Any], inputs: Sequence[Any], backward: Callable[..., Any], name: str = "function"
) -> tuple[Any, ...]:
    """Give what has been computed from some inputs a derivative of its own."""

    def bwd(*cotangents: Any) -> list[Any]:
        return [_value(g) for g in backward(*map(torch.wrap, cotangents))]

    return tuple(ruled([_value(y) for y in outputs], [_value(x) for x in inputs], bwd, name))


@torch.cells("torch.Tensor.register_hook")
def register_hook(input: Any, hook: Callable[..., Any]) -> Any:
    """Let a hook change the gradient of a tensor, which is the same tensor otherwise."""

    def hooked(value: Any) -> Any:
        return ruled([value], [value], lambda g: [_value(hook(torch.wrap(g)))], "hooked")[0]

    return input.new_view(View(hooked, lambda base, new: new), hooked(input.value))


@torch.cells("torch.utils.checkpoint.begin")
def begin() -> Any:
    """Note where a checkpointed region begins."""
    return nodes_now()


@torch.cells("torch.utils.checkpoint.checkpoint")
def checkpoint(before: Any, outputs: Sequence[Any]) -> tuple[Any, ...]:
    """Let what was recorded since `begin` be computed again for derivatives."""
    return tuple(checkpointed([_value(y) for y in outputs], before))
