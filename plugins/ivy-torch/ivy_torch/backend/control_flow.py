"""Control flow with torch: plain Python, which torch.compile unrolls where lengths are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import optree
import torch


def cond(pred: Any, true_fn: Callable[..., Any], false_fn: Callable[..., Any], /, *operands: Any) -> Any:
    tree: Any = operands
    flat = optree.tree_leaves(tree)
    if torch.compiler.is_compiling() and isinstance(pred, torch.Tensor) and all(torch.is_tensor(x) for x in flat):
        # torch.cond refuses branches that return an operand as it is
        branches = [lambda *xs, f=f: optree.tree_map(torch.clone, f(*xs)) for f in (true_fn, false_fn)]
        return torch.cond(pred.reshape(()).bool(), *branches, operands)
    return true_fn(*operands) if pred else false_fn(*operands)


def switch(index: Any, branches: Sequence[Callable[..., Any]], /, *operands: Any) -> Any:
    return branches[min(max(int(index), 0), len(branches) - 1)](*operands)


def while_loop(cond_fn: Callable[[Any], Any], body_fn: Callable[[Any], Any], init: Any, /) -> Any:
    state = init
    while cond_fn(state):
        state = body_fn(state)
    return state


def fori_loop(lower: Any, upper: Any, body_fn: Callable[[Any, Any], Any], init: Any, /) -> Any:
    state = init
    for i in range(int(lower), int(upper)):
        state = body_fn(i, state)
    return state


def scan(
    f: Callable[[Any, Any], tuple[Any, Any]], init: Any, xs: Any, /, *, length: int | None = None, reverse: bool = False
) -> tuple[Any, Any]:
    sizes: set[Any] = {x.shape[0] for x in optree.tree_leaves(xs)} | ({length} - {None})
    if len(sizes) != 1:
        raise ValueError(f"scan needs one length; the arrays' first dimensions and `length` give {sorted(sizes)}")
    (steps,) = sizes
    carry, ys = init, []
    for i in reversed(range(steps)) if reverse else range(steps):
        carry, y = f(carry, optree.tree_map(lambda x, i=i: x[i], xs))
        ys.append(y)
    if not steps:  # the results' shapes are only known from a step
        _, y = f(init, optree.tree_map(lambda x: x.new_zeros(x.shape[1:]), xs))
        return init, optree.tree_map(lambda x: x.new_empty((0, *x.shape)), y)
    return carry, optree.tree_map(lambda *rows: torch.stack(rows), *(ys[::-1] if reverse else ys))


def vmap_at(fn: Callable[..., Any], in_axes: Any, out_axes: Any, args: Sequence[Any], /) -> Any:
    # every example draws its own random numbers, as in a Python loop
    return torch.func.vmap(fn, in_axes, out_axes, randomness="different")(*args)
