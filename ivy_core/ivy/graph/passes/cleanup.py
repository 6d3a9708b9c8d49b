"""Dead code and common subexpressions."""

from __future__ import annotations

from typing import Any

from ivy.dtypes import DType
from ivy.graph.aval import Aval
from ivy.graph.graph import Graph, subgraphs
from ivy.graph.node import Node, map_refs, refs

__all__ = ["eliminate_common", "eliminate_dead"]


def eliminate_dead(graph: Graph) -> Graph:
    """Drop what no output, update or guard needs; inputs and parameters stay, for they are the signature.

    Args:
        graph: any graph; changed in place.

    Returns:
        The same graph.
    """
    needed = {id(r) for r in refs(graph.results)}
    kept: list[Node] = []
    for node in reversed(graph.nodes):
        if id(node) in needed or node.kind == "guard":
            for sub in subgraphs(node):
                eliminate_dead(sub)
            needed.update(id(r) for r in refs((node.args, node.kwargs)))
            kept.append(node)
    graph.nodes = kept[::-1]
    graph._compiled = None
    return graph


def eliminate_common(graph: Graph) -> Graph:
    """Compute equal calls once; random and copying calls are never equal.

    Args:
        graph: a graph in the ivy dialect; changed in place.

    Returns:
        The same graph.
    """
    from ivy.functional.registry import OPS

    seen: dict[Any, Node] = {}
    replaced: dict[int, Node] = {}

    def new(n: Node) -> Node:
        return replaced.get(id(n), n)

    kept: list[Node] = []
    for node in graph.nodes:
        node.args, node.kwargs = map_refs(node.args, new), map_refs(node.kwargs, new)
        for sub in subgraphs(node):
            _rename(sub, new)
        op = OPS.get(node.fn.removeprefix("ivy."))
        key = None
        if node.kind == "item" or (
            node.kind == "call" and op is not None and not ({"random", "impure", "subgraphs"} & op.traits.keys())
        ):
            key = freeze((node.kind, node.fn, node.args, node.kwargs))
        if node.fn == "ivy.copy":
            key = None
        if key is not None and key in seen:
            replaced[id(node)] = seen[key]
            continue
        if key is not None:
            seen[key] = node
        kept.append(node)
    graph.nodes = kept
    graph.output = map_refs(graph.output, new)
    graph.updates = {k: new(n) for k, n in graph.updates.items()}
    graph.mutated = {k: new(n) for k, n in graph.mutated.items()}
    graph._compiled = None
    return graph


def _rename(sub: Graph, new: Any) -> None:
    for node in sub.nodes:
        node.args, node.kwargs = map_refs(node.args, new), map_refs(node.kwargs, new)
        for inner in subgraphs(node):
            _rename(inner, new)
    sub.output = map_refs(sub.output, new)


def freeze(x: Any) -> Any:
    """Return a hashable stand-in for a call's arguments, None if something in them has none."""
    cls = type(x)
    if cls is Node:
        return ("node", id(x))
    if cls in (int, float, bool, complex, str, DType, Aval, type(None), type(Ellipsis)):
        return (cls, repr(x) if cls in (float, complex) else x)
    if isinstance(x, (tuple, list)):
        parts = tuple([freeze(v) for v in x])
        return None if None in parts else (cls, parts)
    if cls is dict:
        return freeze(("dict", *x.items()))
    if cls is slice:
        return freeze(("slice", x.start, x.stop, x.step))
    return None
