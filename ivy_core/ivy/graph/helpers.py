"""Helpers: composites that a target lacks stay whole, as functions of their names beside the generated one.

A call of a helper is a call of `apply` whose first argument is the composite's body, a sub-graph that uses nothing from
around it. Generated code has each body once, whatever the number of its calls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ivy.graph.graph import Graph, subgraphs
from ivy.graph.node import Node, map_nested

__all__ = ["APPLY", "SMALLEST", "apply", "helper_of", "inlined"]

APPLY = "ivy.graph.helpers.apply"
"""Path of `apply`, by which a graph calls a helper."""

SMALLEST = 4
"""Number of calls from which on a body is worth a function."""


def apply(body: Callable[..., Any], /, *args: Any) -> Any:
    """Call a helper.

    Args:
        body: the helper.
        *args: its arrays.

    Example:
        >>> from ivy.graph.helpers import apply
        >>> apply(max, 1, 2)
        2
    """
    return body(*args)


def helper_of(node: Node) -> Graph | None:
    """Return the body of the helper that a node calls, None for any other node."""
    return node.args[0] if node.fn == APPLY and isinstance(node.args[0], Graph) else None


def inlined(graph: Graph) -> Graph:
    """Put the bodies of helpers in place of their calls.

    Args:
        graph: changed in place.

    Returns:
        The same graph.
    """
    if any(n.fn == APPLY for n in graph.calls()):
        _inline(graph)
    return graph


def _inline(graph: Graph, results: dict[int, tuple[Node, Any]] | None = None) -> None:
    """Inline in a graph and those in it.

    Args:
        graph: changed in place.
        results: what stands for nodes that are gone, by `id`, with the nodes so that they keep theirs.
    """
    results = {} if results is None else results

    def read(x: Any) -> Any:
        return results[id(x)][1] if type(x) is Node and id(x) in results else x

    nodes: list[Node] = []
    for node in graph.nodes:
        if node.kind == "item" and id(node.args[0]) in results:
            results[id(node)] = node, read(node.args[0])[node.args[1]]
            continue
        node.args, node.kwargs = map_nested(node.args, read), map_nested(node.kwargs, read)
        body = helper_of(node)
        if body is None:
            for sub in subgraphs(node):
                _inline(sub, results)
            nodes.append(node)
            continue
        own = inlined(body.copied({}))
        for old, given in zip(own.inputs, node.args[1:], strict=True):
            results[id(old)] = old, given
        for inner in own.nodes:
            inner.args, inner.kwargs = map_nested(inner.args, read), map_nested(inner.kwargs, read)
            for sub in subgraphs(inner):
                _inline(sub, results)
            inner.loc, inner.scope = node.loc, node.scope
            if "origin" in node.meta:
                inner.meta["origin"] = node.meta["origin"]
            nodes.append(inner)
        results[id(node)] = node, map_nested(own.output, read)
    graph.nodes = nodes
    graph.output = map_nested(graph.output, read)
    graph.updates = {k: read(n) for k, n in graph.updates.items()}
    graph.mutated = {k: read(n) for k, n in graph.mutated.items()}
    graph._compiled = None
