"""Derivatives with torch: torch.func, and torch.autograd where functions keep what they compute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import optree
import torch

_nested: ContextVar[bool] = ContextVar("ivy_torch_nested_derivative", default=False)


def stop_gradient(x: Any, /) -> Any:
    return x.detach()


def value_and_grad_at(
    fun: Callable[..., Any], variables: Sequence[Any], /, *, has_aux: bool = False, stateful: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    if not stateful:
        gradients, value = torch.func.grad_and_value(fun, has_aux=has_aux)(tuple(variables))
        return value, gradients
    # torch.func would leave its wrapper tensors in what `fun` keeps
    outer = _nested.get() or any(v.requires_grad for v in variables)
    leaves = tuple(v.view_as(v) if v.requires_grad else v.detach().requires_grad_() for v in variables)
    token = _nested.set(True)
    try:
        with torch.enable_grad():
            value = fun(leaves)
            loss = value[0] if has_aux else value
            found = (
                torch.autograd.grad(loss, leaves, create_graph=outer, allow_unused=True, materialize_grads=True)
                if leaves
                else ()
            )
    finally:
        _nested.reset(token)
    return value if outer else optree.tree_map(_detached, value), tuple(found)


def _detached(x: Any) -> Any:
    return x.detach() if isinstance(x, torch.Tensor) else x


def jacobian_at(fun: Callable[..., Any], variables: Sequence[Any], /) -> Any:
    return torch.func.jacrev(fun)(tuple(variables))


def vjp(fun: Callable[..., Any], /, *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    out, pull = torch.func.vjp(fun, *primals)
    return out, pull


def vjp_at(
    fun: Callable[[tuple[Any, ...]], Any], primals: Sequence[Any], /, *, batched: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    def split(values: tuple[Any, ...]) -> tuple[Any, Any]:
        outputs, cotangents, kept = fun(values)
        return outputs, (outputs, cotangents, kept)

    _, pull, found = torch.func.vjp(split, tuple(primals), has_aux=True)

    def pulled(cotangents: Any) -> Any:
        return pull(tuple(cotangents))[0]

    return found, (torch.func.vmap(pulled) if batched else pulled)(found[1])


def checkpoint(fun: Callable[..., Any], /, *args: Any) -> Any:
    if torch._C._functorch.peek_interpreter_stack() is not None:
        return fun(*args)  # torch.func takes no hooks on what is saved
    from torch.utils.checkpoint import checkpoint as recomputed

    return recomputed(fun, *args, use_reentrant=False)


def jvp(fun: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], /) -> tuple[Any, Any]:
    return torch.func.jvp(fun, tuple(primals), tuple(tangents))


@dataclass
class _Rule:
    """A function with its own derivative, and the structures found while it ran."""

    fwd: Callable[..., Any]
    bwd: Callable[..., Any]
    args: Any
    outputs: Any = None
    residuals: Any = None
    count: int = 0
    other: list[Any] = field(default_factory=list)

    def forward(self, leaves: Sequence[Any]) -> tuple[Any, ...]:
        """Outputs, then those residuals that are tensors, in one flat tuple."""
        out, residuals = self.fwd(*optree.tree_unflatten(self.args, leaves))
        outs, self.outputs = optree.tree_flatten(out)
        kept, self.residuals = optree.tree_flatten(residuals)
        self.count = len(outs)
        self.other = [None if isinstance(x, torch.Tensor) else x for x in kept]
        # What shares its identity with an input or an earlier result gets its own: autograd forbids the former, and
        # an output that is also a residual would be marked as non-differentiable together with it.
        seen = {id(x) for x in leaves}
        found = []
        for x in (*outs, *(x for x in kept if isinstance(x, torch.Tensor))):
            found.append(x.view_as(x) if id(x) in seen else x)
            seen.add(id(x))
        return tuple(found)

    def backward(self, tensors: Sequence[Any], cotangents: Sequence[Any]) -> list[Any]:
        """One gradient per leaf of the arguments."""
        rest = iter(tensors)
        residuals = optree.tree_unflatten(self.residuals, [next(rest) if x is None else x for x in self.other])
        found = self.bwd(residuals, optree.tree_unflatten(self.outputs, cotangents))
        arguments: Any = optree.tree_unflatten(self.args, list(range(self.args.num_leaves)))
        leaves: list[Any] = [None] * self.args.num_leaves
        for gradient, places in zip(found, arguments, strict=True):
            if gradient is not None:
                for i, g in zip(optree.tree_leaves(places), optree.tree_leaves(gradient), strict=True):
                    leaves[i] = g
        return leaves


class _CustomVjp(torch.autograd.Function):
    """`_Rule` for autograd; residuals are outputs because torch.func asks for that."""

    generate_vmap_rule = True

    @staticmethod
    def forward(rule: _Rule, *leaves: Any) -> Any:
        return rule.forward(leaves)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        rule, *leaves = inputs
        ctx.rule = rule
        ctx.plain = [None if isinstance(x, torch.Tensor) else x for x in leaves]
        residuals = output[rule.count :]
        ctx.mark_non_differentiable(*residuals)
        ctx.save_for_backward(*(x for x in leaves if isinstance(x, torch.Tensor)), *residuals)
        ctx.inputs = sum(x is None for x in ctx.plain)

    @staticmethod
    def backward(ctx: Any, *cotangents: Any) -> Any:
        rule, saved = ctx.rule, ctx.saved_tensors
        residuals = saved[ctx.inputs :]
        if torch.is_grad_enabled():
            # a second derivative goes through the residuals too: compute them again from the inputs
            rest = iter(saved)
            residuals = rule.forward([next(rest) if x is None else x for x in ctx.plain])[rule.count :]
        found = rule.backward(residuals, cotangents[: rule.count])
        differentiable = [x is None and need for x, need in zip(ctx.plain, ctx.needs_input_grad[1:], strict=True)]
        return None, *(g if need else None for g, need in zip(found, differentiable, strict=True))


def custom_vjp(fun: Callable[..., Any], fwd: Callable[..., Any], bwd: Callable[..., Any], /, *args: Any) -> Any:
    tree: Any = args
    leaves, treedef = optree.tree_flatten(tree)
    if not any(isinstance(x, torch.Tensor) and x.requires_grad for x in leaves) or not torch.is_grad_enabled():
        return fun(*args)
    rule = _Rule(fwd, bwd, treedef)
    flat = _CustomVjp.apply(rule, *leaves)
    return optree.tree_unflatten(rule.outputs, flat[: rule.count])
