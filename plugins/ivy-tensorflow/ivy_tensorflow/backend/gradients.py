"""Derivatives with TensorFlow's tapes, whose gradients of complex arrays follow the functional API's convention."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import optree
import tensorflow as tf

from ivy_tensorflow.backend.random import recomputed_draws

stop_gradient = tf.stop_gradient
_ZERO = tf.UnconnectedGradients.ZERO


def _dense(gradients: Any) -> list[Any]:
    return [None if g is None else tf.convert_to_tensor(g) for g in gradients]


def _flat(tree: Any) -> tuple[list[Any], Any]:
    """The arrays as ones that no tape has seen, and their structure."""
    leaves, treedef = optree.tree_flatten(tree)
    return [tf.identity(x) for x in leaves], treedef


def value_and_grad_at(
    fun: Callable[..., Any], variables: Sequence[Any], /, *, has_aux: bool = False, stateful: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    leaves = tuple(tf.identity(v) for v in variables)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(leaves)
        value = fun(leaves)
    loss = value[0] if has_aux else value
    return value, tuple(_dense(tape.gradient(loss, leaves, unconnected_gradients=_ZERO)))


def jacobian_at(fun: Callable[..., Any], variables: Sequence[Any], /) -> Any:
    leaves = tuple(tf.identity(v) for v in variables)
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(leaves)
        out = fun(leaves)
    return optree.tree_map(lambda y: tuple(tape.jacobian(y, leaves, unconnected_gradients=_ZERO)), out)


def vjp(fun: Callable[..., Any], /, *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    leaves, treedef = _flat(primals)
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(leaves)
        out = fun(*optree.tree_unflatten(treedef, leaves))
    outputs = optree.tree_leaves(out)

    def pull(cotangents: Any) -> tuple[Any, ...]:
        pairs = [
            (y, tf.cast(c, y.dtype))
            for y, c in zip(outputs, optree.tree_leaves(cotangents), strict=True)
            if y.dtype.is_floating or y.dtype.is_complex
        ]
        found = tape.gradient([y for y, _ in pairs], leaves, [c for _, c in pairs], unconnected_gradients=_ZERO)
        return tuple(optree.tree_unflatten(treedef, _dense(found)))

    return out, pull


def vjp_at(
    fun: Callable[[tuple[Any, ...]], Any], primals: Sequence[Any], /, *, batched: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    leaves = tuple(tf.identity(x) for x in primals)
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(leaves)
        found = fun(leaves)

    def pulled(cotangents: Any) -> Any:
        return tuple(_dense(tape.gradient(found[0], leaves, list(cotangents), unconnected_gradients=_ZERO)))

    if not batched:
        return found, pulled(found[1])
    rows = [pulled([c[k] for c in found[1]]) for k in range(found[1][0].shape[0])]
    return found, tuple(tf.stack(parts) for parts in zip(*rows, strict=True))


def checkpoint(fun: Callable[..., Any], /, *args: Any) -> Any:
    seeds: list[Any] = []

    def run(*xs: Any) -> Any:
        with recomputed_draws(seeds):
            return fun(*xs)

    return tf.recompute_grad(run)(*args)


def jvp(fun: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], /) -> tuple[Any, Any]:
    leaves, treedef = _flat(tuple(primals))
    given: Any = tuple(tangents)
    directions = [tf.cast(t, x.dtype) for x, t in zip(leaves, optree.tree_leaves(given), strict=True)]
    with tf.autodiff.ForwardAccumulator(leaves, directions) as accumulator:
        out = fun(*optree.tree_unflatten(treedef, leaves))
    return out, optree.tree_map(lambda y: accumulator.jvp(y, unconnected_gradients=_ZERO), out)


def custom_vjp(fun: Callable[..., Any], fwd: Callable[..., Any], bwd: Callable[..., Any], /, *args: Any) -> Any:
    tree: Any = args
    leaves, treedef = optree.tree_flatten(tree)
    places = [i for i, x in enumerate(leaves) if tf.is_tensor(x)]
    structure: list[Any] = []

    @tf.custom_gradient
    def run(*tensors: Any) -> Any:
        full = list(leaves)
        for i, x in zip(places, tensors, strict=True):
            full[i] = x
        out, residuals = fwd(*optree.tree_unflatten(treedef, full))
        outs, outputs = optree.tree_flatten(out)
        structure[:] = [outputs]

        def pull(*cotangents: Any) -> list[Any]:
            found = bwd(residuals, optree.tree_unflatten(outputs, cotangents))
            arguments: Any = optree.tree_unflatten(treedef, list(range(len(leaves))))
            flat: list[Any] = [None] * len(leaves)
            for gradient, where in zip(found, arguments, strict=True):
                if gradient is not None:
                    for i, g in zip(optree.tree_leaves(where), optree.tree_leaves(gradient), strict=True):
                        flat[i] = g
            # integers have none
            return [flat[i] if leaves[i].dtype.is_floating or leaves[i].dtype.is_complex else None for i in places]

        return [tf.identity(x) for x in outs], pull

    found = run(*(leaves[i] for i in places))
    return optree.tree_unflatten(structure[0], tf.nest.flatten(found))
