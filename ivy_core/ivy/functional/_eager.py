"""Bodies of control flow: Python's own, for arrays that have values; a trace records the ops instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import optree

import ivy.functional as F
from ivy.dtypes import dtype_of
from ivy.errors import ShapeError


def cond(pred: Any, true_fn: Callable[..., Any], false_fn: Callable[..., Any], /, *operands: Any) -> Any:
    return true_fn(*operands) if pred else false_fn(*operands)


def switch(index: Any, branches: Sequence[Callable[..., Any]], /, *operands: Any) -> Any:
    return branches[min(max(int(index), 0), len(branches) - 1)](*operands)


def while_loop(cond_fn: Callable[[Any], Any], body_fn: Callable[[Any], Any], init: Any, /) -> Any:
    state = init
    while cond_fn(state):
        state = body_fn(state)
    return state


def scan(
    f: Callable[[Any, Any], tuple[Any, Any]],
    init: Any,
    xs: Any,
    /,
    *,
    length: int | None = None,
    reverse: bool = False,
) -> tuple[Any, Any]:
    sizes: set[Any] = {x.shape[0] for x in optree.tree_leaves(xs)} | ({length} - {None})
    if len(sizes) != 1:
        raise ShapeError(f"scan needs one length; the arrays' first dimensions and `length` give {sorted(sizes)}")
    (steps,) = sizes
    if not steps:  # the results' shapes are only known from a step
        blank = optree.tree_map(lambda x: F.zeros(tuple(x.shape[1:]), dtype=dtype_of(x)), xs)
        _, y = f(init, blank)
        return init, optree.tree_map(lambda x: F.zeros((0, *x.shape), dtype=dtype_of(x)), y)
    carry, ys = init, []
    for i in reversed(range(steps)) if reverse else range(steps):
        carry, y = f(carry, optree.tree_map(lambda x, i=i: F.get_item(x, i), xs))
        ys.append(y)
    return carry, optree.tree_map(lambda *rows: F.stack(rows), *(ys[::-1] if reverse else ys))


def vmap_at(fn: Callable[..., Any], in_axes: Any, out_axes: Any, args: Sequence[Any], /) -> Any:
    axes = [in_axes] * len(args) if isinstance(in_axes, int) else list(in_axes)
    given: Any = tuple(args)
    leaves, treedef = optree.tree_flatten(given, none_is_leaf=True)
    # an axis given for a pytree holds for all of its leaves
    trees: Any = [
        a if isinstance(a, (list, tuple, dict)) else optree.tree_map(lambda _, a=a: a, x, none_is_leaf=True)
        for a, x in zip(axes, args, strict=True)
    ]
    trees = tuple(trees)
    places: list[Any] = optree.tree_leaves(trees, none_is_leaf=True)
    sizes = {x.shape[a] for x, a in zip(leaves, places, strict=True) if a is not None}
    if len(sizes) != 1:
        raise ShapeError(f"vmap needs one size of the mapped axes, got {sorted(sizes)}")
    rows = [x if a is None else F.unstack(x, axis=a) for x, a in zip(leaves, places, strict=True)]
    results = [
        fn(*optree.tree_unflatten(treedef, [x if a is None else x[i] for x, a in zip(rows, places, strict=True)]))
        for i in range(*sizes)
    ]
    if isinstance(out_axes, int):
        return optree.tree_map(lambda *parts: F.stack(parts, axis=out_axes), *results)
    outputs, structure = optree.tree_flatten(results[0])
    goals: list[Any] = optree.tree_leaves(out_axes, none_is_leaf=True)
    stacked = [
        x if a is None else F.stack(parts, axis=a)
        for x, a, *parts in zip(outputs, goals, *(optree.tree_leaves(r) for r in results), strict=True)
    ]
    return optree.tree_unflatten(structure, stacked)
