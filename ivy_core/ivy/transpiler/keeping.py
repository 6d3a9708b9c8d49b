"""Captures of pure functions, for code that keeps state: the state goes in and comes out beside the rest."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ivy.errors import CaptureError
from ivy.graph.aval import aval_of
from ivy.graph.graph import Graph
from ivy.graph.kept import EMPTY, Kept
from ivy.graph.node import Node
from ivy.transpiler.heap import Changes, Heap, Rules

__all__ = ["DROPPED", "keeping", "noted", "split_state"]

DROPPED = "no code reads what a call adds to it; the converted code does not keep it"


def keeping(
    take: Callable[..., Graph],
    fn: Any,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    options: Any,
    rules: Rules | None = None,
    convert: Callable[[Callable[..., Any]], Callable[..., Any]] = lambda fn: fn,
    wrap: Callable[[Callable[..., Any]], Callable[..., Any]] = lambda run: run,
    owner: Any = None,
) -> Graph:
    """Capture a callable with the state that it keeps on the objects that it refers to.

    Args:
        take: captures: ``take(fn, args, kwargs, options) -> Graph``.
        fn: the callable.
        args: positional arguments.
        kwargs: keyword arguments.
        options: `ivy.transpiler.options.CaptureOptions`, with the state that earlier calls have left.
        rules: what the framework tells of its objects.
        convert: what the framework does to a callable ahead of tracing it.
        owner: the object whose state it is, if that is not the callable.
        wrap: marks the function that takes the callable's place as one to which that is not done.

    Returns:
        The graph; the objects are as before.
    """
    heap = Heap({"": fn if owner is None else owner}, rules)
    kept: Kept = getattr(options, "kept", EMPTY)
    if not heap.at:
        return take(fn, args, kwargs, options)
    if not kept:
        graph, error = None, None
        try:
            graph = take(fn, args, kwargs, options)
        except Exception as found:
            error = found
        changes = None
        with suppress(CaptureError):
            changes = heap.changes()
        heap.restore()
        if graph is not None and changes is not None and not changes.structure():
            return noted(graph, changes)
        if error is not None and (changes is None or not changes.structure()):
            raise error
    latest: list[Changes] = []
    converted = convert(fn)

    def call(arrays: list[Any], *args: Any, **kwargs: Any) -> Any:
        heap.mark()
        heap.put(kept.structure, dict(zip(kept.arrays, arrays, strict=True)))
        try:
            out = converted(*args, **kwargs)
            latest[:] = [heap.changes()]
            return out, list(latest[0].arrays.values())
        finally:
            heap.restore()

    @functools.wraps(fn if hasattr(fn, "__name__") else type(fn).__call__)
    def run(*args: Any, **kwargs: Any) -> Any:
        return call([], *args, **kwargs)

    if kept.arrays:
        graph = take(wrap(call), (list(kept.arrays.values()), *args), kwargs, options)
    else:
        graph = take(wrap(run), args, kwargs, options)
    return split_state(graph, kept, latest[0])


def split_state(graph: Graph, kept: Kept, changes: Changes) -> Graph:
    """Turn the first inputs of a graph into state, and the last outputs into what the call leaves of it.

    Args:
        graph: of a function ``(arrays, *args) -> (output, new arrays)``; changed in place.
        kept: the state before.
        changes: what the call has changed.

    Returns:
        The same graph.
    """
    count = len(kept.arrays)
    for name, node in zip(kept.arrays, graph.inputs[:count], strict=True):
        node.kind, node.name = "param", name
        node.meta |= {"trainable": False, "buffer": True, "persistent": False, "kept": True}
        graph.params[name] = node
    graph.inputs = graph.inputs[count:]
    graph.mutated = {i - count: new for i, new in graph.mutated.items() if i >= count}
    names = list(changes.arrays)
    if graph.rebuild is None:
        graph.output, new = graph.output
    else:
        rebuild, ends = graph.rebuild, len(graph.output) - len(names)
        new, graph.output = graph.output[ends:], graph.output[:ends]
        graph.rebuild = lambda values: rebuild([*values, *names])[0]
    for name, node in zip(names, new, strict=True):
        if type(node) is not Node:
            node = Node("const", "", out=aval_of(node), value=node)
            graph.nodes.append(node)
        graph.updates[name] = node
    graph.kept = changes.stored(graph, had=bool(kept))
    return noted(graph, changes)


def noted(graph: Graph, changes: Changes) -> Graph:
    """Note in a graph what a call changes and no code reads, and return the graph."""
    for name, place in changes.dropped.items():
        graph.note("ignored", name, DROPPED, place)
    return graph
