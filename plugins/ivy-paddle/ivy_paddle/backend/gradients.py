"""Derivatives with Paddle's tape; within a program, with the derivatives that it adds to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import optree

from ivy.errors import BackendError
from ivy_paddle.backend.derivatives import decomposed, differentiating, is_within
from ivy_paddle.backend.manipulation import reshape, stack
from ivy_paddle.backend.support import COMPLEX, FLOATS, native_types, restored
from ivy_paddle.loading import paddle


def stop_gradient(x: Any, /) -> Any:
    return x.detach()


def _is_array(x: Any) -> bool:
    return isinstance(x, native_types())


def _differentiable(x: Any) -> bool:
    return _is_array(x) and (x.dtype in FLOATS or x.dtype in COMPLEX)


def _leaves(tree: Any) -> tuple[list[Any], Any, bool]:
    """Return arrays to differentiate with respect to, the structure, and whether an outer derivative needs them.

    Each is a new tensor, so that what else was computed from the user's does not count.
    """
    arrays, structure = optree.tree_flatten(tree)
    outer = is_within() or any(_is_array(x) and not x.stop_gradient for x in arrays)
    made = []
    for x in arrays:
        if _differentiable(x):
            x = paddle.assign(x) if not x.stop_gradient else paddle.assign(x.detach())
            x.stop_gradient = False
        made.append(x)
    return made, structure, outer


def _pulled(outputs: Sequence[Any], inputs: Sequence[Any], cotangents: Any, keep: bool, create: bool) -> list[Any]:
    """Return the gradient for each input, zeros where there is none."""
    wanted = [x for x in inputs if _differentiable(x)]
    pairs = [(y, None if cotangents is None else cotangents[i]) for i, y in enumerate(outputs) if _reaches(y)]
    found: Any = None
    if pairs and wanted:
        weights = None if cotangents is None else [restored(c, y.dtype) for y, c in pairs]
        with decomposed() if create else nullcontext():
            try:
                found = paddle.grad(
                    [y for y, _ in pairs],
                    wanted,
                    weights,
                    retain_graph=keep or create,
                    create_graph=create,
                    allow_unused=True,
                )
            except RuntimeError as error:
                raise BackendError(
                    "Paddle can't compute this derivative of a derivative",
                    why=str(error).strip().splitlines()[0],
                    hint="convert to another framework for it",
                ) from error
    gradients = iter(found or [None] * len(wanted))
    result = []
    for x in inputs:
        g = next(gradients) if _differentiable(x) else None
        result.append((paddle.zeros_like(x) if _is_array(x) else 0) if g is None else g)
    return result


def _reaches(y: Any) -> bool:
    return _differentiable(y) and not y.stop_gradient


def _cut(tree: Any, outer: bool) -> Any:
    return tree if outer else optree.tree_map(lambda x: x.detach() if _is_array(x) else x, tree)


def value_and_grad_at(
    fun: Callable[..., Any], variables: Sequence[Any], /, *, has_aux: bool = False, stateful: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    leaves, structure, outer = _leaves(tuple(variables))
    with differentiating():
        value = fun(optree.tree_unflatten(structure, leaves))
        loss = value[0] if has_aux else value
        found = _pulled([loss], leaves, None, False, outer)
    return _cut(value, outer), tuple(optree.tree_unflatten(structure, found))


def jacobian_at(fun: Callable[..., Any], variables: Sequence[Any], /) -> Any:
    leaves, structure, outer = _leaves(tuple(variables))
    with differentiating():
        outputs, out_structure = optree.tree_flatten(fun(optree.tree_unflatten(structure, leaves)))
        made = [_rows(y, leaves, outer) for y in outputs]
    return optree.tree_unflatten(out_structure, [optree.tree_unflatten(structure, rows) for rows in made])


def _rows(y: Any, leaves: Sequence[Any], outer: bool) -> list[Any]:
    flat = reshape(y, [-1]) if 0 not in y.shape else y
    rows = []
    for i in range(y.size if 0 not in y.shape else 0):
        rows.append(_pulled([flat[i]], leaves, None, True, outer))
    return [
        reshape(stack([row[j] for row in rows]), [*y.shape, *x.shape]) if rows else paddle.zeros([*y.shape, *x.shape])
        for j, x in enumerate(leaves)
    ]


def vjp(fun: Callable[..., Any], /, *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    leaves, structure, outer = _leaves(primals)
    with differentiating():
        outputs, out_structure = optree.tree_flatten(fun(*optree.tree_unflatten(structure, leaves)))
        # paddle.grad finds no way from an array to itself
        outputs = [y.clone() if any(y is x for x in leaves) and _is_array(y) else y for y in outputs]

    def pull(cotangents: Any) -> tuple[Any, ...]:
        weights = optree.tree_leaves(cotangents)
        create = outer or any(_is_array(c) and not c.stop_gradient for c in weights)
        found: Any = optree.tree_unflatten(structure, _pulled(outputs, leaves, weights, True, create))
        return tuple(found)

    return optree.tree_unflatten(out_structure, _cut(outputs, outer)), pull


def vjp_at(
    fun: Callable[[tuple[Any, ...]], Any], primals: Sequence[Any], /, *, batched: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    leaves, structure, outer = _leaves(tuple(primals))
    with differentiating():
        given: Any = optree.tree_unflatten(structure, leaves)
        found = fun(given)
        outputs, cotangents = optree.tree_leaves(found[0]), optree.tree_leaves(found[1])
        outputs = [y.clone() if any(y is x for x in leaves) else y for y in outputs]
        if not batched:
            gradients = _pulled(outputs, leaves, cotangents, outer, outer)
        else:
            size = cotangents[0].shape[0]
            rows = [_pulled(outputs, leaves, [c[k] for c in cotangents], True, outer) for k in range(size)]
            gradients = [stack(parts) for parts in zip(*rows, strict=True)]
    pulled: Any = optree.tree_unflatten(structure, gradients)
    return _cut(found, outer), tuple(pulled)


def jvp(fun: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], /) -> tuple[Any, Any]:
    # the pullback is linear in the cotangents: its own pullback is the pushforward
    leaves, structure, outer = _leaves(tuple(primals))
    directions: list[Any] = optree.tree_leaves(list(tangents))  # type: ignore[arg-type]
    with differentiating(2):
        outputs, out_structure = optree.tree_flatten(fun(*optree.tree_unflatten(structure, leaves)))
        weights = [paddle.zeros_like(y) for y in outputs]
        for w in weights:
            w.stop_gradient = False
        try:
            pulled = _pulled(outputs, leaves, weights, True, True)
            pushed = _pulled(
                pulled, weights, [d.astype(p.dtype) for d, p in zip(directions, pulled, strict=True)], True, outer
            )
        except (RuntimeError, BackendError) as error:
            raise BackendError(
                "Paddle can't compute this derivative along a direction",
                why=str(error).strip().splitlines()[0],
                hint="use ivy.vjp or ivy.jacobian, which need first derivatives only",
            ) from error
    values = optree.tree_unflatten(out_structure, _cut(outputs, outer))
    return values, optree.tree_unflatten(out_structure, _cut(pushed, outer))


class _Rule:
    """A function with its own derivative, and the structures found while it ran."""

    def __init__(self, fwd: Callable[..., Any], bwd: Callable[..., Any], args: Any) -> None:
        self.fwd, self.bwd, self.args = fwd, bwd, args
        self.outputs: Any = None

    def forward(self, leaves: Sequence[Any]) -> tuple[list[Any], Any]:
        """Return the flat outputs and the residuals."""
        out, residuals = self.fwd(*optree.tree_unflatten(self.args, list(leaves)))
        outs, self.outputs = optree.tree_flatten(out)
        return outs, residuals

    def backward(self, residuals: Any, cotangents: Sequence[Any]) -> list[Any]:
        """Return one gradient per leaf of the arguments."""
        found = self.bwd(residuals, optree.tree_unflatten(self.outputs, list(cotangents)))
        count = self.args.num_leaves
        arguments: Any = optree.tree_unflatten(self.args, list(range(count)))
        leaves: list[Any] = [None] * count
        for gradient, places in zip(found, arguments, strict=True):
            if gradient is not None:
                for i, g in zip(optree.tree_leaves(places), optree.tree_leaves(gradient), strict=True):
                    leaves[i] = g
        return leaves


class _CustomVjp(paddle.autograd.PyLayer):
    """`_Rule` for Paddle's tape."""

    @staticmethod
    def forward(ctx: Any, rule: _Rule, *leaves: Any) -> Any:
        outs, ctx.residuals = rule.forward(leaves)
        ctx.rule, ctx.leaves = rule, leaves
        # Paddle takes an output that is an operand for a write in place
        return tuple(paddle.assign(x) for x in outs)

    @staticmethod
    def backward(ctx: Any, *cotangents: Any) -> Any:
        residuals = ctx.residuals
        if paddle.is_grad_enabled():
            # a second derivative goes through the residuals too: compute them again from the operands
            _, residuals = ctx.rule.forward(ctx.leaves)
        found = ctx.rule.backward(residuals, cotangents)
        return tuple(
            None if x.stop_gradient or g is None else restored(g, x.dtype)
            for x, g in zip(ctx.leaves, found, strict=True)
            if _is_array(x)
        )


def custom_vjp(fun: Callable[..., Any], fwd: Callable[..., Any], bwd: Callable[..., Any], /, *args: Any) -> Any:
    tree: Any = args
    leaves, treedef = optree.tree_flatten(tree)
    if not any(_reaches(x) for x in leaves) or not paddle.is_grad_enabled():
        return fun(*args)
    rule = _Rule(fwd, bwd, treedef)
    flat = _CustomVjp.apply(rule, *leaves)
    return optree.tree_unflatten(rule.outputs, list(flat) if isinstance(flat, (list, tuple)) else [flat])
