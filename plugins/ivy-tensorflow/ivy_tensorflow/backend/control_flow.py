"""Control flow with TensorFlow: plain Python where tensors have values, tf.cond and tf.while_loop in graphs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import optree
import tensorflow as tf

from ivy.functional._axes import counted
from ivy_tensorflow.backend.support import dims


def _known(x: Any) -> Any:
    """The value of a scalar as a Python number; None in a graph where only running it will tell."""
    return tf.get_static_value(x) if tf.is_tensor(x) else x


def _leaves(tree: Any) -> list[Any]:
    return [tf.convert_to_tensor(x) for x in optree.tree_leaves(tree)]


def _truth(x: Any) -> Any:
    x = tf.reshape(x, ())
    return x if x.dtype is tf.bool else x != tf.zeros((), x.dtype)


class _Branch:
    """A callable on no arguments with flat results, that remembers their structure."""

    def __init__(self, fn: Callable[..., Any], operands: Sequence[Any]) -> None:
        self.fn, self.operands = fn, operands
        self.tree: Any = None

    def __call__(self) -> list[Any]:
        result = self.fn(*self.operands)
        self.tree = optree.tree_structure(result)
        return [tf.identity(x) for x in _leaves(result)]


def cond(pred: Any, true_fn: Callable[..., Any], false_fn: Callable[..., Any], /, *operands: Any) -> Any:
    known = _known(pred)
    if known is not None:
        return true_fn(*operands) if known else false_fn(*operands)
    yes, no = _Branch(true_fn, operands), _Branch(false_fn, operands)
    found = tf.nest.flatten(tf.cond(_truth(pred), yes, no))
    return optree.tree_unflatten(yes.tree, found)


def switch(index: Any, branches: Sequence[Callable[..., Any]], /, *operands: Any) -> Any:
    known = _known(index)
    if known is not None:
        return branches[min(max(int(known), 0), len(branches) - 1)](*operands)
    calls = [_Branch(fn, operands) for fn in branches]
    chosen = tf.clip_by_value(tf.cast(tf.reshape(index, ()), tf.int32), 0, len(calls) - 1)
    found = tf.nest.flatten(tf.switch_case(chosen, calls))
    return optree.tree_unflatten(calls[0].tree, found)


def while_loop(cond_fn: Callable[[Any], Any], body_fn: Callable[[Any], Any], init: Any, /) -> Any:
    return _loop(cond_fn, body_fn, init, None)


def _loop(cond_fn: Callable[[Any], Any], body_fn: Callable[[Any], Any], init: Any, steps: int | None) -> Any:
    """Repeat; a bound on the number of steps lets compilers differentiate it."""
    if tf.executing_eagerly():
        state = init
        while cond_fn(state):
            state = body_fn(state)
        return state
    leaves, tree = optree.tree_flatten(init)
    if not leaves:
        return init

    def step(*flat: Any) -> list[Any]:
        following = _leaves(body_fn(optree.tree_unflatten(tree, flat)))
        return [tf.ensure_shape(x, y.shape) for x, y in zip(following, flat, strict=True)]

    found = tf.while_loop(
        lambda *flat: _truth(cond_fn(optree.tree_unflatten(tree, flat))),
        step,
        _leaves(leaves),
        maximum_iterations=steps,
    )
    return optree.tree_unflatten(tree, tf.nest.flatten(found))


def fori_loop(lower: Any, upper: Any, body_fn: Callable[[Any, Any], Any], init: Any, /) -> Any:
    bounds = _known(lower), _known(upper)
    dtype = next((x.dtype for x in (lower, upper) if tf.is_tensor(x)), tf.int32)
    if tf.executing_eagerly():
        state = init
        for i in range(int(bounds[0]), int(bounds[1])):
            state = body_fn(tf.constant(i, dtype), state)
        return state
    lower, upper = (tf.cast(x, dtype) for x in (lower, upper))
    steps = None if None in bounds else max(int(bounds[1]) - int(bounds[0]), 0)
    one = tf.ones((), dtype)
    return _loop(lambda s: s[0] < upper, lambda s: (s[0] + one, body_fn(*s)), (lower, init), steps)[1]


def scan(
    f: Callable[[Any, Any], tuple[Any, Any]], init: Any, xs: Any, /, *, length: int | None = None, reverse: bool = False
) -> tuple[Any, Any]:
    sizes: set[Any] = {x.shape[0] for x in optree.tree_leaves(xs)} | ({length} - {None})
    if len(sizes) != 1:
        raise ValueError(f"scan needs one length; the arrays' first dimensions and `length` give {sorted(sizes)}")
    (steps,) = sizes
    if not steps:  # the results' shapes are only known from a step
        _, y = f(init, optree.tree_map(lambda x: tf.zeros(dims(x)[1:], x.dtype), xs))
        return init, optree.tree_map(lambda x: tf.zeros((0, *x.shape), x.dtype), y)
    if not tf.executing_eagerly():
        return _scan_in_graph(f, init, xs, steps, reverse)
    carry, ys = init, []
    for i in reversed(range(steps)) if reverse else range(steps):
        carry, y = f(carry, optree.tree_map(lambda x, i=i: x[i], xs))
        ys.append(y)
    return carry, optree.tree_map(lambda *rows: tf.stack(rows), *(ys[::-1] if reverse else ys))


def _scan_in_graph(f: Callable[..., Any], init: Any, xs: Any, steps: int, reverse: bool) -> tuple[Any, Any]:
    carry, carries = optree.tree_flatten(init)
    carry = _leaves(carry)
    described: list[Any] = []

    def one_step() -> None:
        rows = optree.tree_map(lambda x: tf.zeros(dims(x)[1:], x.dtype), xs)
        y = f(optree.tree_unflatten(carries, [tf.zeros_like(x) for x in carry]), rows)[1]
        described.append(optree.tree_map(lambda x: tf.TensorSpec(x.shape, x.dtype), y))

    with tf.__internal__.FuncGraph("step").as_default():
        one_step()
    specs, results = optree.tree_flatten(described[0])
    stores = [tf.TensorArray(s.dtype, steps, element_shape=s.shape) for s in specs]

    def step(i: Any, carry: Any, stores: Any) -> Any:
        place = steps - 1 - i if reverse else i
        row = optree.tree_map(lambda x: tf.gather(x, place), xs)
        following, y = f(optree.tree_unflatten(carries, carry), row)
        following = [tf.ensure_shape(a, b.shape) for a, b in zip(_leaves(following), carry, strict=True)]
        return i + 1, following, [s.write(place, v) for s, v in zip(stores, _leaves(y), strict=True)]

    start = (tf.constant(0), carry, stores)
    _, last, stores = tf.while_loop(lambda i, *_: i < steps, step, start, maximum_iterations=steps)
    stacked = [tf.ensure_shape(s.stack(), (steps, *spec.shape)) for s, spec in zip(stores, specs, strict=True)]
    return optree.tree_unflatten(carries, last), optree.tree_unflatten(results, stacked)


def vmap_at(fn: Callable[..., Any], in_axes: Any, out_axes: Any, args: Sequence[Any], /) -> Any:
    axes = in_axes if isinstance(in_axes, (tuple, list)) else (in_axes,) * len(args)
    mapped: list[Any] = []

    def gather(axis: Any, tree: Any) -> Any:
        """Put the arrays to be mapped into a list, with their axis in front, and mark their places."""
        if isinstance(axis, dict):
            return {k: gather(axis[k], v) for k, v in tree.items()}
        if isinstance(axis, (tuple, list)):
            return type(tree)(gather(a, v) for a, v in zip(axis, tree, strict=True))
        if axis is None:
            return optree.tree_map(_Fixed, tree)
        return optree.tree_map(lambda x: _hold(mapped, _moved(x, axis, 0)), tree)

    places: Any = [gather(axis, arg) for axis, arg in zip(axes, args, strict=True)]
    trees: list[Any] = []

    def one(rows: Any) -> Any:
        full = optree.tree_map(lambda p: p.value if isinstance(p, _Fixed) else rows[p], places)
        flat, tree = optree.tree_flatten(fn(*full))
        trees.append(tree)
        return [tf.convert_to_tensor(x) for x in flat]

    flat = tf.nest.flatten(tf.vectorized_map(one, mapped))
    found: Any = optree.tree_unflatten(trees[-1], flat)
    if isinstance(out_axes, int):
        return optree.tree_map(lambda x: _moved(x, 0, out_axes), found)
    # an axis given for a pytree holds for all of its leaves
    goals = [optree.tree_map(lambda _, a=a: a, x) for a, x in zip(out_axes, found, strict=True)]
    return type(found)(
        optree.tree_map(lambda x, a: _moved(x, 0, a), part, goal) for part, goal in zip(found, goals, strict=True)
    )


class _Fixed:
    """An array that every example gets whole."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _hold(store: list[Any], x: Any) -> int:
    store.append(x)
    return len(store) - 1


def _moved(x: Any, source: int, destination: int) -> Any:
    rank = x.shape.rank
    order = [a for a in range(rank) if a != counted(source, rank)]
    order.insert(counted(destination, rank), counted(source, rank))
    return x if order == list(range(rank)) else tf.transpose(x, order)
