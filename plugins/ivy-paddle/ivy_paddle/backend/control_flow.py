"""Control flow with Paddle: plain Python on tensors, Paddle's own where a program is being built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import optree

from ivy.functional._axes import counted
from ivy_paddle.backend.comparison import truth
from ivy_paddle.backend.indexing import get_item
from ivy_paddle.backend.manipulation import moveaxis, stack
from ivy_paddle.backend.support import default_dtype, is_value, native_types, number
from ivy_paddle.loading import paddle


def _is_array(x: Any) -> bool:
    return isinstance(x, native_types())


def _array(x: Any) -> Any:
    return x if _is_array(x) else number(x, default_dtype(x))


def _results(fn: Callable[..., Any], kept: list[Any]) -> Callable[[], Any]:
    """Make a branch of `fn` for Paddle, which takes flat results only; remember their structure."""

    def branch() -> Any:
        leaves, structure = optree.tree_flatten(fn())
        kept[:] = [structure]
        return [_array(x) for x in leaves]

    return branch


def _pick(pred: Any, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    kept: list[Any] = []
    found = paddle.static.nn.cond(truth(pred).reshape([]), _results(first, kept), _results(second, kept))
    leaves = list(found) if isinstance(found, (list, tuple)) else [found]
    return optree.tree_unflatten(kept[0], leaves)


def cond(pred: Any, true_fn: Callable[..., Any], false_fn: Callable[..., Any], /, *operands: Any) -> Any:
    if is_value(pred):
        return _pick(pred, lambda: true_fn(*operands), lambda: false_fn(*operands))
    return true_fn(*operands) if pred else false_fn(*operands)


def switch(index: Any, branches: Sequence[Callable[..., Any]], /, *operands: Any) -> Any:
    if not is_value(index):
        return branches[min(max(int(index), 0), len(branches) - 1)](*operands)

    def from_(place: int) -> Any:
        if place == len(branches) - 1:
            return branches[place](*operands)
        return _pick(index.reshape([]) <= place, lambda: branches[place](*operands), lambda: from_(place + 1))

    return from_(0)


def while_loop(cond_fn: Callable[[Any], Any], body_fn: Callable[[Any], Any], init: Any, /) -> Any:
    go = cond_fn(init)
    if is_value(go):
        return _static_loop(cond_fn, body_fn, init)
    state = init
    while go:
        state = body_fn(state)
        go = cond_fn(state)
    return state


def _static_loop(cond_fn: Callable[[Any], Any], body_fn: Callable[[Any], Any], init: Any) -> Any:
    leaves, structure = optree.tree_flatten(init)
    arrays = [_array(x) for x in leaves]

    def state(values: Any) -> Any:
        return optree.tree_unflatten(structure, list(values))

    def body(*values: Any) -> Any:
        found = optree.tree_leaves(body_fn(state(values)))
        return [x.astype(a.dtype) if _is_array(x) else number(x, a.dtype) for x, a in zip(found, arrays, strict=True)]

    def more(*values: Any) -> Any:
        return truth(cond_fn(state(values))).reshape([])

    # an operand must not be a result too
    return state(paddle.static.nn.while_loop(more, body, [paddle.assign(a) for a in arrays]))


def fori_loop(lower: Any, upper: Any, body_fn: Callable[[Any, Any], Any], init: Any, /) -> Any:
    if is_value(lower) or is_value(upper):
        first = lower if is_value(lower) else number(int(lower), "int64")
        _, state = while_loop(lambda s: s[0] < upper, lambda s: (s[0] + 1, body_fn(*s)), (first, init))
        return state
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
        carry, y = f(carry, optree.tree_map(lambda x, i=i: get_item(x, i), xs))
        ys.append(y)
    if not steps:  # the results' shapes are only known from a step
        _, y = f(init, optree.tree_map(lambda x: paddle.zeros(x.shape[1:], "int32").astype(x.dtype), xs))
        return init, optree.tree_map(lambda x: paddle.zeros([0, *x.shape], "int32").astype(x.dtype), y)
    return carry, optree.tree_map(lambda *rows: stack(rows), *(ys[::-1] if reverse else ys))


def vmap_at(fn: Callable[..., Any], in_axes: Any, out_axes: Any, args: Sequence[Any], /) -> Any:
    # Paddle has no vectorising transformation: one call for each example
    axes = (in_axes,) * len(args) if in_axes is None or isinstance(in_axes, int) else tuple(in_axes)
    spread = [_spread(a, x) for a, x in zip(axes, args, strict=True)]
    sizes = {x.shape[a] for leaves, places, _ in spread for x, a in zip(leaves, places, strict=True) if a is not None}
    if len(sizes) != 1:
        raise ValueError(f"vmap needs one length along the mapped axes, not {sorted(sizes)}")
    (count,) = sizes

    def example(i: int) -> list[Any]:
        return [
            optree.tree_unflatten(structure, [_at(x, a, i) for x, a in zip(leaves, places, strict=True)])
            for leaves, places, structure in spread
        ]

    results = [fn(*example(i)) for i in range(count)]
    leaves, structure = optree.tree_flatten(results[0])
    rows = [optree.tree_leaves(r) for r in results]
    places = _broadcast_axes(out_axes, results[0])
    joined = [
        leaves[j] if a is None else moveaxis(stack([_array(row[j]) for row in rows]), 0, a)
        for j, a in enumerate(places)
    ]
    return optree.tree_unflatten(structure, joined)


def _at(x: Any, axis: int | None, i: int) -> Any:
    return x if axis is None else get_item(x, (*[slice(None)] * (counted(axis, x.ndim)), i))


def _spread(axes: Any, x: Any) -> tuple[list[Any], list[Any], Any]:
    leaves, structure = optree.tree_flatten(x)
    return leaves, _broadcast_axes(axes, x), structure


def _broadcast_axes(axes: Any, tree: Any) -> list[Any]:
    """Give an axis to each leaf; one axis (or None) stands for all below it."""
    if axes is None or isinstance(axes, int):
        return [axes] * len(optree.tree_leaves(tree))
    parts = zip(axes.values(), tree.values()) if isinstance(axes, dict) else zip(axes, tree)
    return [a for below, part in parts for a in _broadcast_axes(below, part)]
