"""Control flow with NumPy: plain Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import optree


def cond(pred: Any, true_fn: Callable[..., Any], false_fn: Callable[..., Any], /, *operands: Any) -> Any:
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
    sizes: set[Any] = {len(x) for x in optree.tree_leaves(xs)} | ({length} - {None})
    if len(sizes) != 1:
        raise ValueError(f"scan needs one length; the arrays' first dimensions and `length` give {sorted(sizes)}")
    (steps,) = sizes
    carry, ys = init, []
    for i in reversed(range(steps)) if reverse else range(steps):
        carry, y = f(carry, optree.tree_map(lambda x, i=i: x[i, ...], xs))
        ys.append(y)
    if not steps:  # the results' shapes are only known from a step
        _, y = f(init, optree.tree_map(lambda x: np.zeros(x.shape[1:], x.dtype), xs))
        return init, optree.tree_map(lambda x: np.empty((0, *np.shape(x)), np.asarray(x).dtype), y)
    return carry, optree.tree_map(lambda *rows: np.stack(rows), *(ys[::-1] if reverse else ys))


def vmap_at(fn: Callable[..., Any], in_axes: Any, out_axes: Any, args: Sequence[Any], /) -> Any:
    axes = [in_axes] * len(args) if isinstance(in_axes, int) else list(in_axes)
    # an axis given for a pytree holds for all of its leaves
    trees: Any = [
        a if isinstance(a, (list, tuple, dict)) else optree.tree_map(lambda _, a=a: a, x, none_is_leaf=True)
        for a, x in zip(axes, args, strict=True)
    ]
    given: Any = tuple(args)
    leaves, treedef = optree.tree_flatten(given, none_is_leaf=True)
    flat: list[Any] = optree.tree_leaves(trees, none_is_leaf=True)
    sizes = {x.shape[a] for x, a in zip(leaves, flat, strict=True) if a is not None}
    if len(sizes) != 1:
        raise ValueError(f"vmap needs one size of the mapped axes, got {sorted(sizes)}")
    results = [
        fn(
            *optree.tree_unflatten(
                treedef, [x if a is None else np.moveaxis(x, a, 0)[i, ...] for x, a in zip(leaves, flat, strict=True)]
            )
        )
        for i in range(*sizes)
    ]
    if isinstance(out_axes, int):
        return optree.tree_map(lambda *rows: np.stack(rows, axis=out_axes), *results)
    # an axis given for a pytree holds for all of its leaves
    return type(results[0])(
        optree.tree_map(lambda *rows, a=a: rows[0] if a is None else np.stack(rows, axis=a), *parts)
        for a, parts in zip(out_axes, zip(*results, strict=True), strict=True)
    )
